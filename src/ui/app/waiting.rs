//! Waiting for a seat: joining a queue, answering an offer, leaving.

use super::{App, DashId, Screen, Wish};
use crate::domain::decide::Choice;
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::ids::WaitlistId;
use crate::domain::views::CourseView;
use crate::domain::waitlist::{WaitlistStatus, WaitlistView};
use crate::ui::effect::{Effect, RequestId};
use crate::ui::msg::Level;
use crate::ui::text;

impl App {
    pub(in crate::ui) fn place(&self, id: WaitlistId) -> Option<&WaitlistView> {
        self.waiting.iter().find(|entry| entry.entry.id == id)
    }

    /// The place in a queue that the keys are about.
    pub(in crate::ui) fn focused_place(&self) -> Option<&WaitlistView> {
        match (self.screen(), self.dash.selected) {
            (Screen::Courses, Some(DashId::Place(id))) => self.place(id),
            _ => None,
        }
    }

    /// A seat is kept that was not when the courses were read last.
    pub(super) fn is_news(&self, entry: &WaitlistView) -> bool {
        let before = self.place(entry.entry.id).map(|before| before.status);
        entry.is_offer(self.now) && before == Some(WaitlistStatus::Waiting)
    }

    /// Enter in the question whether to wait.
    pub(super) fn join(&mut self, wish: Wish) -> Vec<Effect> {
        if self.is_acting() {
            return Vec::new();
        }
        self.hush();
        if self.student().is_none() {
            self.ask_who(wish, true);
            return Vec::new();
        }
        self.send_join(wish)
    }

    pub(super) fn send_join(&mut self, (program, choice): Wish) -> Vec<Effect> {
        let request = self.next_request();
        self.work.joining = Some(request);
        vec![Effect::JoinWaitlist { request, program, choice }]
    }

    pub(super) fn on_joined(
        &mut self,
        request: RequestId,
        result: Result<Box<WaitlistView>, Failure>,
    ) -> Vec<Effect> {
        if self.work.joining != Some(request) {
            return Vec::new();
        }
        self.work.joining = None;
        match result {
            Ok(entry) => {
                let id = DashId::Place(entry.entry.id);
                self.say(Level::Good, text::joined(&entry));
                self.details.read_again(entry.program_id);
                self.waiting.insert(0, *entry);
                if self.overlays.is_empty() {
                    self.stack = vec![Screen::Courses];
                    self.dash.selected = Some(id);
                }
            }
            Err(failure) => {
                self.say_failure(&failure);
                if let Some(Screen::Program { id, .. }) = self.stack.last() {
                    self.details.read_again(*id);
                }
            }
        }
        vec![self.load_courses()]
    }

    /// Enter on a place in a queue: takes the seat that is kept, else shows the program.
    pub(super) fn go_on_with_place(&mut self) -> Vec<Effect> {
        let Some(entry) = self.focused_place() else {
            return Vec::new();
        };
        let (id, program, offered) = (entry.entry.id, entry.program_id, entry.is_offer(self.now));
        let choice = Choice::Cohort(entry.cohort.course_id, entry.cohort.id);
        let free = entry.price.is_zero();
        if self.is_acting() {
            return Vec::new();
        }
        self.hush();
        if !offered {
            self.stack.push(Screen::Program { id: program, focus: 0, first: 0 });
            return Vec::new();
        }
        if !free {
            self.stack.push(Screen::Checkout { program, choice, seat: Some(id) });
            return Vec::new();
        }
        self.accept(id)
    }

    pub(super) fn accept(&mut self, entry: WaitlistId) -> Vec<Effect> {
        let request = self.next_request();
        self.work.answering = Some((request, entry));
        vec![Effect::AcceptOffer { request, entry }]
    }

    pub(super) fn on_accepted(
        &mut self,
        request: RequestId,
        result: Result<Box<CourseView>, Failure>,
    ) -> Vec<Effect> {
        let Some((_, entry)) = self.work.answering.take_if(|(of, _)| *of == request) else {
            return Vec::new();
        };
        match result {
            Ok(course) => {
                self.waiting.retain(|other| other.entry.id != entry);
                if self.dash.selected == Some(DashId::Place(entry)) {
                    self.dash.selected = Some(DashId::Course(course.enrollment.id));
                }
                if course.enrollment.status == Status::Pending {
                    let watching =
                        self.overlays.is_empty() && matches!(self.screen(), Screen::Checkout { .. });
                    return self.placed(*course, watching);
                }
                self.say(Level::Good, text::seat_taken(&course));
                self.courses.items.get_or_insert_default().insert(0, *course);
            }
            Err(failure) => self.say_failure(&failure),
        }
        vec![self.load_courses()]
    }

    /// Enter in the question whether to leave.
    pub(super) fn leave_waitlist(&mut self, entry: WaitlistId) -> Vec<Effect> {
        if self.is_acting() {
            return Vec::new();
        }
        self.hush();
        let request = self.next_request();
        self.work.answering = Some((request, entry));
        vec![Effect::LeaveWaitlist { request, entry }]
    }

    pub(super) fn on_left(&mut self, request: RequestId, result: Result<(), Failure>) -> Vec<Effect> {
        let Some((_, id)) = self.work.answering.take_if(|(of, _)| *of == request) else {
            return Vec::new();
        };
        match result {
            Ok(()) => {
                if let Some(sentence) = self.place(id).map(text::left_waitlist) {
                    self.say(Level::Good, sentence);
                }
                self.waiting.retain(|entry| entry.entry.id != id);
            }
            Err(failure) => self.say_failure(&failure),
        }
        vec![self.load_courses()]
    }
}
