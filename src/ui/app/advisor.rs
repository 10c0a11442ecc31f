//! Advisors: whom they act for, and forgetting them.

use super::{App, Dash, Loaded, Messages, Needs, Overlay, Picker, ProgramList, Screen, Work};
use crate::domain::failure::Failure;
use crate::domain::person::{Email, Student};
use crate::ui::effect::{Effect, RequestId, StudentPick};
use crate::ui::msg::{Level, Who};
use crate::ui::text;

/// From how many characters on students are looked for.
pub(in crate::ui) const SEARCH_FROM: usize = 2;

impl Picker {
    /// The address that was typed, when nobody has it: a new student.
    pub fn newcomer(&self) -> Option<Email> {
        let email = Email::parse(self.field.text()).ok()?;
        let found = self.found.as_ref()?;
        found.iter().all(|student| student.email.as_ref() != Some(&email)).then_some(email)
    }

    /// How many rows can be chosen.
    pub fn rows(&self) -> usize {
        self.found.as_ref().map_or(0, Vec::len) + usize::from(self.newcomer().is_some())
    }

    /// Whom Enter picks.
    pub fn pick(&self) -> Option<StudentPick> {
        let found = self.found.as_deref().unwrap_or_default();
        match found.get(self.selected) {
            Some(student) => Some(StudentPick::Known(student.clone())),
            None => self.newcomer().map(StudentPick::New),
        }
    }
}

impl App {
    pub(super) fn open_picker(&mut self) {
        self.overlays.push(Overlay::Picker(Picker::default()));
    }

    fn picker(&mut self) -> Option<&mut Picker> {
        self.overlays.iter_mut().rev().find_map(|overlay| match overlay {
            Overlay::Picker(picker) => Some(picker),
            _ => None,
        })
    }

    /// What was typed into the switcher has changed.
    pub(super) fn find_students(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        let Some(picker) = self.picker() else {
            return Vec::new();
        };
        picker.selected = 0;
        picker.error = None;
        let text = picker.field.text().trim().to_owned();
        if text.chars().count() < SEARCH_FROM {
            picker.found = None;
            picker.request = None;
            return Vec::new();
        }
        picker.request = Some(request);
        vec![Effect::FindStudents { request, text }]
    }

    pub(super) fn on_students(
        &mut self,
        request: RequestId,
        result: Result<Vec<Student>, Failure>,
    ) -> Vec<Effect> {
        if let Some(picker) = self.picker()
            && picker.request == Some(request)
        {
            picker.request = None;
            match result {
                Ok(found) => {
                    picker.found = Some(found);
                    picker.selected = picker.selected.min(picker.rows().saturating_sub(1));
                }
                Err(failure) => picker.error = Some(failure.message),
            }
        }
        Vec::new()
    }

    /// Enter in the switcher.
    pub(super) fn pick_student(&mut self) -> Vec<Effect> {
        if self.is_acting() {
            return Vec::new();
        }
        let Some(student) = self.picker().and_then(|picker| picker.pick()) else {
            return Vec::new();
        };
        let request = self.next_request();
        self.work.acting = Some(request);
        vec![Effect::ActFor { request, student }]
    }

    pub(super) fn on_acting_for(
        &mut self,
        request: RequestId,
        result: Result<Student, Failure>,
    ) -> Vec<Effect> {
        if self.work.acting != Some(request) {
            return Vec::new();
        }
        self.work.acting = None;
        match result {
            Ok(student) => {
                let wish = self.work.wish;
                let stack = wish.map(|_| self.stack.clone());
                // What was answered before somebody was picked is theirs, if it goes on for them.
                let fresh = wish.is_some() && self.student().is_none();
                let needs = std::mem::take(&mut self.needs);
                self.forget_student();
                self.needs = if fresh { needs.for_the_next() } else { Needs::default() };
                self.say(Level::Info, text::acting_for(&student, &self.keymap));
                if let Who::Advisor { student: of, .. } = &mut self.who {
                    *of = Some(student);
                }
                // Whoever was enrolling goes on from the same card.
                self.stack = stack.unwrap_or_else(|| vec![Screen::Programs]);
                self.work.wish = wish;
                // A first screen is decided for every student anew.
                self.decided = wish.is_some();
                self.touched = false;
                let mut effects = vec![self.load_courses()];
                effects.extend(self.sync(false));
                effects.extend(self.resume_wish());
                effects
            }
            Err(failure) => {
                match self.picker() {
                    Some(picker) => picker.error = Some(failure.message),
                    None => self.say_failure(&failure),
                }
                Vec::new()
            }
        }
    }

    /// `L`: the next person at this desk sees nothing of this one.
    pub(in crate::ui) fn leave_student(&mut self) -> Vec<Effect> {
        self.forget_student();
        vec![Effect::LeaveStudent]
    }

    /// Everything that belongs to the student goes; answers still under way find no request.
    fn forget_student(&mut self) {
        if let Who::Advisor { student, .. } = &mut self.who {
            *student = None;
        }
        self.courses = Loaded::default();
        self.waiting.clear();
        self.stack = vec![Screen::Programs];
        self.overlays.clear();
        self.list = ProgramList::default();
        self.dash = Dash::default();
        self.chosen_starts.clear();
        self.needs = Needs::default();
        self.said = Messages::default();
        self.work = Work::default();
        self.decided = true;
    }
}
