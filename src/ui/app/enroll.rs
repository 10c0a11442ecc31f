//! From "Enroll" to My courses.

use super::{App, Asked, DashId, Overlay, Picker, Screen, Wish};
use crate::domain::decide::{Choice, decide_enroll};
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::ids::ProgramId;
use crate::domain::person::{Email, Student};
use crate::domain::refusal::Refusal;
use crate::domain::views::{CourseView, Offer};
use crate::domain::waitlist::WaitlistView;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::field::Field;
use crate::ui::layout::offers;
use crate::ui::msg::{Level, Who};
use crate::ui::text;

impl App {
    /// Enter on a partner's card.
    pub(super) fn choose_offer(&mut self) -> Vec<Effect> {
        let Screen::Program { id, focus, .. } = *self.screen() else {
            return Vec::new();
        };
        let Some(view) = self.program(id) else {
            return Vec::new();
        };
        let choice = offers(view, self.now).get(focus).map_or(Choice::Unmade, |offer| self.choice_of(offer));
        self.choose(id, choice)
    }

    /// An offer, with the start its card shows.
    pub(super) fn choice_of(&self, offer: &Offer) -> Choice {
        match self.shown_start(offer) {
            Some(start) => Choice::Cohort(offer.course.id, start.id),
            None => Choice::Course(offer.course.id),
        }
    }

    /// Enrolls, or shows the course of whoever is enrolled already.
    pub(super) fn choose(&mut self, program: ProgramId, choice: Choice) -> Vec<Effect> {
        if let Some(live) = self.live_course(program) {
            let enrollment = live.enrollment.id;
            return self.show_live(enrollment);
        }
        self.enroll((program, choice))
    }

    /// Asks for what is missing, then enrolls.
    pub(super) fn enroll(&mut self, wish: Wish) -> Vec<Effect> {
        if self.is_acting() {
            return Vec::new();
        }
        self.hush();
        // Nobody is asked who they are only to hear no.
        let decided = self.program(wish.0).map(|view| {
            let decided = decide_enroll(view, wish.1, None, self.till, self.now);
            decided.map(|decision| decision.price)
        });
        match decided {
            Some(Err(Refusal::StartFull { cohort, .. })) => {
                let mine = |e: &&WaitlistView| e.entry.cohort_id == cohort && e.status.is_live();
                if let Some(place) = self.waiting.iter().find(mine).map(|entry| entry.entry.id) {
                    return self.show_place(place);
                }
                self.overlays.push(Overlay::Join { wish });
            }
            // What costs something is shown whole before anything is written down.
            Some(Ok(Some(_))) => {
                self.stack.push(Screen::Checkout { program: wish.0, choice: wish.1, seat: None });
            }
            Some(Err(refusal)) if self.student().is_none() || self.costs(wish) => {
                if self.student().is_some() {
                    self.details.read_again(wish.0);
                }
                self.say(Level::Warn, refusal.to_string());
            }
            _ if self.student().is_some() => return self.send_enroll(wish),
            _ => self.ask_who(wish, false),
        }
        Vec::new()
    }

    pub(super) fn ask_who(&mut self, wish: Wish, joins: bool) {
        self.work.wish = Some(Asked { wish, joins });
        self.overlays.push(match self.who {
            Who::Advisor { .. } => Overlay::Picker(Picker::default()),
            _ => Overlay::Email { field: Field::default(), error: None },
        });
    }

    pub(super) fn send_enroll(&mut self, (program, choice): Wish) -> Vec<Effect> {
        let request = self.next_request();
        self.work.wish = None;
        self.work.enrolling = Some((request, (program, choice), self.partner_of(program, choice)));
        vec![Effect::Enroll { request, program, choice }]
    }

    /// Goes on with what was wanted before we asked who it is for.
    pub(super) fn resume_wish(&mut self) -> Vec<Effect> {
        match self.work.wish.take() {
            Some(Asked { wish, joins: true }) => self.send_join(wish),
            Some(Asked { wish, joins: false }) => self.send_enroll(wish),
            None => Vec::new(),
        }
    }

    pub(in crate::ui) fn partner_of(&self, program: ProgramId, choice: Choice) -> Option<String> {
        let view = self.program(program)?;
        let offer = match choice.course() {
            Some(id) => view.offers.iter().find(|offer| offer.course.id == id),
            None => view.available(self.now).next(),
        };
        offer.map(|offer| offer.provider.name.to_string())
    }

    pub(super) fn on_enrolled(
        &mut self,
        request: RequestId,
        result: Result<Box<CourseView>, Failure>,
    ) -> Vec<Effect> {
        let Some((_, (program, _), _)) = self.work.enrolling.take_if(|(of, ..)| *of == request) else {
            return Vec::new();
        };
        match result {
            Ok(course) => self.enrolled(program, *course),
            Err(failure) => {
                let stale = matches!(failure.code, "already_enrolled" | "payment_open");
                if failure.code == "payment_open" {
                    self.work.look_for = Some(program);
                }
                // Somebody else was faster, or a start is over: the next look must not be old.
                if failure.refused {
                    self.details.read_again(program);
                }
                self.say_failure(&failure);
                if stale { vec![self.load_courses()] } else { Vec::new() }
            }
        }
    }

    fn enrolled(&mut self, program: ProgramId, course: CourseView) -> Vec<Effect> {
        let id = course.enrollment.id;
        let watching = self.overlays.is_empty() && self.program_on_screen() == Some(program);
        if course.enrollment.status == Status::Pending {
            return self.placed(course, watching);
        }
        let sentence = if watching {
            text::enrolled(&course, &self.keymap, self.now)
        } else {
            text::enrolled_elsewhere(&course)
        };
        let items = self.courses.items.get_or_insert_default();
        items.retain(|other| other.enrollment.id != id);
        items.insert(0, course);
        // Whoever has gone elsewhere or is typing is not carried away.
        if watching {
            self.stack = vec![Screen::Courses];
            self.dash.selected = Some(DashId::Course(id));
        }
        self.say(Level::Good, sentence);
        self.work.undo = watching.then_some(id);
        let mut effects = vec![self.load_courses()];
        // By now the student is written down: what they need can be kept for them.
        effects.extend(self.keep_needs());
        effects
    }

    /// Enter in the e-mail field.
    pub(super) fn save_email(&mut self) -> Vec<Effect> {
        let Some(Overlay::Email { field, error }) = self.overlays.last_mut() else {
            return Vec::new();
        };
        let Ok(email) = Email::parse(field.text()) else {
            *error = Some(text::NO_EMAIL.to_owned());
            return Vec::new();
        };
        *error = None;
        let request = self.next_request();
        self.work.saving = Some(request);
        vec![Effect::SaveProfile { request, email, name: None }]
    }

    pub(super) fn on_profile(&mut self, request: RequestId, result: Result<Student, Failure>) -> Vec<Effect> {
        if self.work.saving != Some(request) {
            return Vec::new();
        }
        self.work.saving = None;
        match result {
            Ok(student) => {
                self.who = Who::Student(student);
                self.overlays.retain(|overlay| !matches!(overlay, Overlay::Email { .. }));
                let mut effects = self.resume_wish();
                effects.push(self.load_courses());
                effects
            }
            Err(failure) => {
                match self.overlays.last_mut() {
                    Some(Overlay::Email { error, .. }) => *error = Some(failure.message),
                    _ => self.say_failure(&failure),
                }
                Vec::new()
            }
        }
    }
}
