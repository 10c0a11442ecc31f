//! "Fits you": a few questions, and the partners that fit the answers.

use super::{App, Overlay, Screen};
use crate::domain::candidate::candidates;
use crate::domain::failure::Failure;
use crate::domain::fits::{Fit, Preferences, Question, fits};
use crate::domain::ids::{CourseId, ProgramId, StudentId};
use crate::domain::money::Currency;
use crate::domain::views::ProgramView;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::layout::offers;
use crossterm::event::{KeyCode, KeyEvent};

/// What the student needs, as far as they told us.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// The answers.
    pub preferences: Preferences,
    /// Whose answers were read.
    of: Option<StudentId>,
    /// Whose answers could not be read: nothing is kept over them.
    unread: Option<StudentId>,
    /// They are being read.
    reading: Option<RequestId>,
    /// They are being kept.
    saving: Option<(RequestId, Preferences)>,
    /// Something was answered that is not kept yet.
    unsaved: bool,
}

impl Needs {
    /// What was answered before anybody was known: it is kept for whoever goes on with it.
    pub fn for_the_next(self) -> Self {
        Self { preferences: self.preferences, unsaved: self.unsaved, ..Self::default() }
    }
}

/// The questions, as they are open.
#[derive(Clone, Copy, Debug, Default)]
pub struct FitsBox {
    /// The question in focus.
    pub question: usize,
}

impl FitsBox {
    /// The question in focus.
    pub fn asked(self) -> Question {
        Question::ALL[self.question.min(Question::ALL.len() - 1)]
    }
}

impl App {
    /// The program whose partners are on screen.
    pub(in crate::ui) fn program_on_screen(&self) -> Option<ProgramId> {
        match self.screen() {
            Screen::Program { id, .. }
            | Screen::Dates { program: id, .. }
            | Screen::Checkout { program: id, .. } => Some(*id),
            Screen::Switch(screen) => Some(screen.program),
            Screen::Compare(screen) => Some(screen.id),
            Screen::Reviews(reviews) => Some(reviews.query.program),
            Screen::Programs
            | Screen::Courses
            | Screen::Course { .. }
            | Screen::Pay { .. }
            | Screen::Player(_)
            | Screen::Reports
            | Screen::Statement(_) => None,
        }
    }

    /// The course of the partner in focus, on a card or in a column.
    pub(super) fn focused_partner(&self) -> Option<CourseId> {
        match *self.screen() {
            Screen::Program { id, focus, .. } => {
                Some(offers(self.program(id)?, self.now).get(focus)?.course.id)
            }
            _ => Some(self.compared_offer()?.course.id),
        }
    }

    /// How the partners of a program fit, best first; empty where nothing was answered.
    pub(in crate::ui) fn fits(&self, view: &ProgramView) -> Vec<Fit> {
        fits(&candidates(view, None, self.now), &self.needs.preferences)
    }

    /// The currency of all offers on screen, where there is only one.
    pub(in crate::ui) fn currency_on_screen(&self) -> Option<Currency> {
        let view = self.program(self.program_on_screen()?)?;
        let mut currencies = view.offers.iter().map(|offer| offer.course.price.currency);
        let first = currencies.next()?;
        currencies.all(|other| other == first).then_some(first)
    }

    pub(super) fn open_fits(&mut self) {
        self.hush();
        self.needs.unread = None;
        let asked = &self.needs.preferences;
        let open = Question::ALL.iter().position(|question| asked.answered(*question).is_none());
        self.overlays.push(Overlay::Fits(FitsBox { question: open.unwrap_or(0) }));
    }

    /// A key in the questions: a digit answers, backspace and blank take the answer back.
    pub(super) fn answer(&mut self, key: &KeyEvent) {
        let Some(Overlay::Fits(asked)) = self.overlays.last_mut() else {
            return;
        };
        let question = asked.asked();
        let place = match key.code {
            KeyCode::Char(' ') | KeyCode::Backspace | KeyCode::Delete => None,
            KeyCode::Char(digit @ '1'..='9') => {
                let place = digit.to_digit(10).map_or(0, |digit| digit as usize - 1);
                if place >= question.answers() {
                    return;
                }
                Some(place)
            }
            _ => return,
        };
        asked.question = (asked.question + 1).min(Question::ALL.len() - 1);
        let told = self.needs.preferences.with(question, place);
        if told != self.needs.preferences {
            self.needs.preferences = told;
            self.needs.unsaved = true;
        }
    }

    /// Reads what the student on screen needs, where it matters and is not read yet.
    pub(super) fn read_needs(&mut self) -> Option<Effect> {
        let student = self.student()?.id;
        let matters = self.needs.unsaved || self.program_on_screen().is_some();
        let asked = self.needs.of == Some(student) || self.needs.unread == Some(student);
        if !matters || self.needs.reading.is_some() || asked {
            return None;
        }
        let request = self.next_request();
        self.needs.reading = Some(request);
        Some(Effect::LoadPreferences { request })
    }

    pub(super) fn on_preferences(
        &mut self,
        request: RequestId,
        result: Result<Preferences, Failure>,
    ) -> Vec<Effect> {
        if self.needs.reading.take_if(|reading| *reading == request).is_none() {
            return Vec::new();
        }
        let student = self.student().map(|student| student.id);
        // Without them nothing is marked: no reason to interrupt anybody.
        (self.needs.of, self.needs.unread) = if result.is_ok() { (student, None) } else { (None, student) };
        self.needs.preferences = self.needs.preferences.or(result.unwrap_or_default());
        self.keep_needs().into_iter().collect()
    }

    /// Keeps what was answered, once it is known for whom; not while somebody is still answering.
    pub(super) fn keep_needs(&mut self) -> Option<Effect> {
        let known = self.student().map(|student| student.id).is_some_and(|id| self.needs.of == Some(id));
        let answering = self.overlays.iter().any(|overlay| matches!(overlay, Overlay::Fits(_)));
        if !self.needs.unsaved || !known || answering || self.needs.saving.is_some() {
            return None;
        }
        let (request, preferences) = (self.next_request(), self.needs.preferences);
        self.needs.saving = Some((request, preferences));
        Some(Effect::SavePreferences { request, preferences })
    }

    pub(super) fn on_preferences_saved(
        &mut self,
        request: RequestId,
        result: Result<bool, Failure>,
    ) -> Vec<Effect> {
        let Some((_, saved)) = self.needs.saving.take_if(|(saving, _)| *saving == request) else {
            return Vec::new();
        };
        match result {
            Ok(kept) => {
                let changed = saved != self.needs.preferences;
                self.needs.unsaved = changed || !kept;
                if changed {
                    return self.keep_needs().into_iter().collect();
                }
            }
            Err(failure) => self.say_failure(&failure),
        }
        Vec::new()
    }
}
