//! The partners side by side.

use super::{App, Screen};
use crate::domain::candidate::{Outcomes, candidates};
use crate::domain::compare::{Comparison, compare};
use crate::domain::failure::Failure;
use crate::domain::ids::{CourseId, ProgramId};
use crate::domain::views::{Compared, Offer};
use crate::ui::effect::{Effect, RequestId};
use crate::ui::layout;

/// The comparison of a program's partners, as it is open.
#[derive(Clone, Debug)]
pub struct CompareScreen {
    /// Of which program.
    pub id: ProgramId,
    /// The partner in focus, in the order of the columns.
    pub focus: usize,
    /// The first partner on screen.
    pub first: usize,
    /// The first row on screen.
    pub scroll: usize,
    /// What became of those who enrolled, once it is read.
    pub outcomes: Option<Outcomes>,
    request: Option<RequestId>,
}

impl App {
    /// The comparison that is open.
    pub(in crate::ui) fn compare_screen(&self) -> Option<&CompareScreen> {
        match self.screen() {
            Screen::Compare(screen) => Some(screen),
            _ => None,
        }
    }

    pub(super) fn compare_screen_mut(&mut self) -> Option<&mut CompareScreen> {
        match self.stack.last_mut() {
            Some(Screen::Compare(screen)) => Some(screen),
            _ => None,
        }
    }

    /// What stands in it, once the program is read.
    pub(in crate::ui) fn comparison(&self, screen: &CompareScreen) -> Option<Comparison> {
        let view = self.program(screen.id)?;
        Some(compare(&candidates(view, screen.outcomes.as_ref(), self.now)))
    }

    /// The offer in focus.
    pub(in crate::ui) fn compared_offer(&self) -> Option<&Offer> {
        let screen = self.compare_screen()?;
        let course = self.comparison(screen)?.columns.get(screen.focus)?.course;
        self.program(screen.id)?.offers.iter().find(|offer| offer.course.id == course)
    }

    /// Puts the partners of the program in focus side by side.
    pub(super) fn open_comparison(&mut self) -> Vec<Effect> {
        let (program, card) = match self.screen() {
            Screen::Program { id, focus, .. } => (Some(*id), *focus),
            _ => (self.program_on_screen().or_else(|| self.chosen_entry().map(|entry| entry.id)), 0),
        };
        let Some(program) = program else {
            return Vec::new();
        };
        self.hush();
        let request = self.next_request();
        let mut screen = CompareScreen {
            id: program,
            focus: 0,
            first: 0,
            scroll: 0,
            outcomes: None,
            request: Some(request),
        };
        // The partner in focus stays in focus.
        let course =
            self.program(program).and_then(|view| Some(layout::offers(view, self.now).get(card)?.course.id));
        if let Some((course, comparison)) = course.zip(self.comparison(&screen)) {
            let place = comparison.columns.iter().position(|column| column.course == course);
            screen.focus = place.unwrap_or_default();
        }
        self.stack.push(Screen::Compare(screen));
        vec![Effect::LoadComparison { request, program }]
    }

    pub(super) fn on_compared(
        &mut self,
        request: RequestId,
        result: Result<Option<Box<Compared>>, Failure>,
    ) -> Vec<Effect> {
        let open = self.stack.iter_mut().find_map(|screen| match screen {
            Screen::Compare(screen) if screen.request == Some(request) => Some(screen),
            _ => None,
        });
        let Some(screen) = open else {
            return Vec::new();
        };
        screen.request = None;
        let program = screen.id;
        match result {
            Ok(Some(compared)) => {
                screen.outcomes = Some(compared.outcomes);
                self.details.put(program, Some(compared.view), self.reading.list);
            }
            Ok(None) => self.details.put(program, None, self.reading.list),
            Err(failure) => self.say_failure(&failure),
        }
        Vec::new()
    }

    /// Enter on a column.
    pub(super) fn choose_column(&mut self) -> Vec<Effect> {
        let choice = self.compared_offer().map(|offer| self.choice_of(offer));
        match (self.compare_screen().map(|screen| screen.id), choice) {
            (Some(program), Some(choice)) => self.choose(program, choice),
            _ => Vec::new(),
        }
    }

    /// Back among the cards, the partner in focus stays in focus.
    pub(super) fn focus_card(&mut self, course: Option<CourseId>) {
        let Screen::Program { id, .. } = *self.screen() else {
            return;
        };
        let place = self.program(id).zip(course).and_then(|(view, course)| {
            layout::offers(view, self.now).iter().position(|offer| offer.course.id == course)
        });
        if let (Some(place), Some(Screen::Program { focus, .. })) = (place, self.stack.last_mut()) {
            *focus = place;
        }
    }

    /// Moves the focus to a partner beside.
    pub(super) fn step_aside(&mut self, by: isize) {
        let Some(screen) = self.compare_screen() else {
            return;
        };
        let count = self.program(screen.id).map_or(1, |view| view.offers.len());
        if let Some(screen) = self.compare_screen_mut() {
            screen.focus = super::input::moved(screen.focus, by, count);
        }
    }
}
