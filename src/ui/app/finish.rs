//! "I have finished": the box in which a student says so, where the partner reports nothing.

use super::{App, Overlay};
use crate::domain::actor::Actor;
use crate::domain::decide::{decide_finished, decide_finished_on};
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::refusal::{FinishRefusal, Refusal};
use crate::domain::views::CourseView;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::field::{Field, Taken};
use crate::ui::msg::Level;
use crate::ui::text;
use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent};

/// What the box asks for, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum FinishField {
    /// The day.
    Date,
    /// What the student adds.
    Note,
    /// A link or a file.
    Proof,
}

impl FinishField {
    /// From top to bottom.
    pub const ALL: [Self; 3] = [Self::Date, Self::Note, Self::Proof];
}

/// The box in which somebody says that they have finished.
#[derive(Clone, Debug)]
pub(in crate::ui) struct FinishBox {
    /// Which course.
    pub enrollment: EnrollmentId,
    /// The fields, in the order of [`FinishField::ALL`].
    pub fields: [Field; 3],
    /// Which of them has the keys.
    pub place: usize,
    /// It is being sent.
    pub sending: Option<RequestId>,
    /// Why it was not taken.
    pub error: Option<String>,
}

impl FinishBox {
    fn new(enrollment: EnrollmentId, today: NaiveDate) -> Self {
        let mut fields: [Field; 3] = Default::default();
        fields[0].paste(&today.to_string());
        Self { enrollment, fields, place: 0, sending: None, error: None }
    }

    /// What has the keys.
    pub fn field(&self) -> FinishField {
        FinishField::ALL[self.place]
    }

    /// The day, where one is written.
    pub fn day(&self) -> Option<NaiveDate> {
        self.fields[0].text().trim().parse().ok()
    }

    fn step(&mut self, by: usize) {
        self.place = (self.place + by) % self.fields.len();
    }

    fn took(&mut self, taken: Taken) {
        match taken {
            Taken::Changed => self.error = None,
            Taken::TooLong => self.error = Some(text::too_long()),
            Taken::Nothing => {}
        }
    }

    /// Whether something would be lost.
    fn is_written(&self) -> bool {
        !self.fields[1].is_empty() || !self.fields[2].is_empty()
    }
}

impl App {
    /// Why a course can't be reported as finished; `None` when it can.
    pub(in crate::ui) fn why_not_finished(&self, course: &CourseView) -> Option<&'static str> {
        let owner = Actor::Student(course.enrollment.student_id);
        match decide_finished(course, owner, self.now, self.utc_offset) {
            Ok(_) => None,
            Err(Refusal::Finish(refusal)) => Some(match refusal {
                FinishRefusal::ProgressReported { .. } => "its partner reports your progress",
                FinishRefusal::Open { .. } => "an advisor looks at your report",
                FinishRefusal::NotBegun { .. } => "it has not begun yet",
                _ => "your lessons count by themselves",
            }),
            Err(Refusal::AlreadyCompleted { .. }) => Some("this course is completed"),
            Err(Refusal::Cancelled { .. }) => Some("this course is cancelled"),
            Err(Refusal::AwaitingPayment { .. }) => Some("pay for it first"),
            Err(Refusal::StillPreparing { .. }) => Some("your place is being prepared"),
            Err(_) => Some("your place could not be prepared; try again first"),
        }
    }

    /// The box; what was written before it was closed stands there again.
    pub(super) fn open_finish(&mut self) {
        let Some(enrollment) = self.focused_course().map(|course| course.enrollment.id) else {
            return;
        };
        self.hush();
        let today = self.now.with_timezone(&self.utc_offset).date_naive();
        let kept = self.work.finish_draft.take_if(|draft| draft.enrollment == enrollment);
        let asked = kept.unwrap_or_else(|| Box::new(FinishBox::new(enrollment, today)));
        self.overlays.push(Overlay::Finish(asked));
    }

    fn finish_box(&mut self) -> Option<&mut FinishBox> {
        match self.overlays.last_mut() {
            Some(Overlay::Finish(asked)) => Some(asked),
            _ => None,
        }
    }

    pub(super) fn next_finish_field(&mut self) -> bool {
        self.finish_box().map(|asked| asked.step(1)).is_some()
    }

    pub(super) fn type_in_finish(&mut self, key: KeyEvent) {
        let Some(asked) = self.finish_box().filter(|asked| asked.sending.is_none()) else {
            return;
        };
        match key.code {
            KeyCode::Up | KeyCode::BackTab => asked.step(FinishField::ALL.len() - 1),
            KeyCode::Down => asked.step(1),
            _ => {
                let taken = asked.fields[asked.place].key(key);
                asked.took(taken);
            }
        }
    }

    pub(super) fn paste_in_finish(&mut self, raw: &str) -> bool {
        let Some(asked) = self.finish_box() else {
            return false;
        };
        if asked.sending.is_none() {
            let taken = asked.fields[asked.place].paste(raw);
            asked.took(taken);
        }
        true
    }

    /// Enter: to an advisor.
    pub(super) fn send_finish(&mut self) -> Vec<Effect> {
        let (request, now, zone) = (self.next_request(), self.now, self.utc_offset);
        let course = self.finish_box().map(|asked| asked.enrollment).and_then(|id| self.course(id).cloned());
        let under_way = self.work.finishing.is_some();
        let Some(asked) = self.finish_box().filter(|asked| asked.sending.is_none() && !under_way) else {
            return Vec::new();
        };
        let Some(finished_on) = asked.day() else {
            (asked.error, asked.place) = (Some(text::NO_DAY.to_owned()), 0);
            return Vec::new();
        };
        let refused = course.and_then(|course| {
            let owner = Actor::Student(course.enrollment.student_id);
            decide_finished_on(&course, owner, finished_on, now, zone).err()
        });
        if let Some(refusal) = refused {
            (asked.error, asked.place) = (Some(refusal.to_string()), 0);
            return Vec::new();
        }
        (asked.error, asked.sending) = (None, Some(request));
        let [_, note, proof] = [0, 1, 2].map(|place: usize| asked.fields[place].text().trim().to_owned());
        let enrollment = asked.enrollment;
        self.work.finishing = Some(request);
        vec![Effect::SendProof { request, enrollment, finished_on, note, proof, zone }]
    }

    /// What was written stays until it is sent.
    pub(super) fn keep_finish(&mut self, asked: Box<FinishBox>) {
        if asked.sending.is_none() && asked.is_written() {
            self.work.finish_draft = Some(asked);
            self.say(Level::Info, text::FINISH_KEPT);
        }
    }

    pub(super) fn on_proof_sent(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        if self.work.finishing.take_if(|sent| *sent == request).is_none() {
            return Vec::new();
        }
        let mine =
            |overlay: &Overlay| matches!(overlay, Overlay::Finish(asked) if asked.sending == Some(request));
        match result {
            Ok(()) => {
                self.overlays.retain(|overlay| !mine(overlay));
                let sentence = self.course(enrollment).map(text::finish_sent);
                if let Some(sentence) = sentence {
                    self.say(Level::Good, sentence);
                }
                vec![self.load_courses()]
            }
            Err(failure) => {
                let asked = self.overlays.iter_mut().find_map(|overlay| match overlay {
                    Overlay::Finish(asked) if asked.sending == Some(request) => Some(asked),
                    _ => None,
                });
                match asked {
                    Some(asked) => (asked.sending, asked.error) = (None, Some(failure.message)),
                    None => self.say_failure(&failure),
                }
                Vec::new()
            }
        }
    }
}
