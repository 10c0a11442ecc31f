//! Tab 1 and the program screen.

use super::{App, Screen};
use crate::domain::failure::Failure;
use crate::domain::ids::ProgramId;
use crate::domain::views::ProgramView;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::layout::offers;
use crate::ui::search;

impl App {
    pub(super) fn on_programs(
        &mut self,
        request: RequestId,
        result: Result<Vec<ProgramView>, Failure>,
    ) -> Vec<Effect> {
        if self.programs.request != Some(request) {
            return Vec::new();
        }
        self.programs.request = None;
        match result {
            Ok(programs) => {
                let chosen = self.chosen_program().map(|view| view.program.id);
                self.programs.failure = None;
                self.programs.items = Some(programs);
                self.list.found = search::find(self.programs.all(), self.list.search.text());
                if let Some(id) = chosen {
                    self.choose_program(id);
                }
            }
            Err(failure) => {
                self.programs.retry_at = self.retry_time(&failure);
                self.programs.failure = Some(failure);
            }
        }
        Vec::new()
    }

    /// When a failed read is tried again by itself.
    pub(super) fn retry_time(&self, failure: &Failure) -> Option<crate::domain::time::Instant> {
        (failure.code == "database_unavailable").then(|| self.now + super::RETRY_AFTER)
    }

    /// The program in focus on tab 1.
    pub(in crate::ui) fn chosen_program(&self) -> Option<&ProgramView> {
        self.list.found.get(self.list.selected).and_then(|index| self.programs.all().get(*index))
    }

    fn choose_program(&mut self, id: ProgramId) {
        let all = self.programs.all();
        let place = self.list.found.iter().position(|index| all[*index].program.id == id);
        self.list.selected = place.unwrap_or(self.list.selected);
    }

    /// What was typed has changed.
    pub(super) fn search_again(&mut self) {
        self.list.found = search::find(self.programs.all(), self.list.search.text());
        self.list.selected = 0;
    }

    /// Empties the search; the program in focus stays in focus.
    pub(super) fn clear_search(&mut self) {
        let chosen = self.chosen_program().map(|view| view.program.id);
        self.list.search.clear();
        self.search_again();
        if let Some(id) = chosen {
            self.choose_program(id);
        }
    }

    pub(super) fn open_program(&mut self) {
        let Some(view) = self.chosen_program() else {
            return;
        };
        let id = view.program.id;
        let live = self.live_course(id).and_then(|course| course.enrollment.delivery);
        let focus = live
            .and_then(|delivery| offers(view).iter().position(|offer| offer.course.id == delivery.course_id));
        self.list.typing = false;
        self.hush();
        self.stack.push(Screen::Program { id, focus: focus.unwrap_or(0), first: 0 });
    }
}
