//! Tab 1 and the program screen.

use super::{App, Screen};
use crate::domain::failure::Failure;
use crate::domain::ids::ProgramId;
use crate::domain::listing::{Filters, ProgramEntry, Query, Sort};
use crate::domain::views::ProgramView;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::keymap::{Action, Pressed};
use crate::ui::layout::offers;
use crate::ui::msg::Msg;
use crossterm::event::KeyEvent;

/// How many keys are kept for the end of a search.
const HELD: usize = 256;

impl App {
    /// When a failed read is tried again by itself.
    pub(super) fn retry_time(&self, failure: &Failure) -> Option<crate::domain::time::Instant> {
        (failure.code == "database_unavailable").then(|| self.now + super::RETRY_AFTER)
    }

    /// How many programs the list shows.
    pub(in crate::ui) fn hits(&self) -> usize {
        self.list.found.as_ref().map_or(self.programs.all().len(), Vec::len)
    }

    /// A row of the list.
    pub(in crate::ui) fn entry_at(&self, row: usize) -> Option<&ProgramEntry> {
        let place = match &self.list.found {
            Some(found) => *found.get(row)? as usize,
            None => row,
        };
        self.programs.all().get(place).map(AsRef::as_ref)
    }

    /// The row in focus on tab 1.
    pub(in crate::ui) fn chosen_entry(&self) -> Option<&ProgramEntry> {
        self.entry_at(self.list.selected)
    }

    /// The program in focus on tab 1, once it is read.
    pub(in crate::ui) fn chosen_program(&self) -> Option<&ProgramView> {
        self.program(self.chosen_entry()?.id)
    }

    /// This program stays in focus, now or when the search under way has answered.
    pub(super) fn keep(&mut self, chosen: Option<ProgramId>) {
        match chosen {
            Some(id) if self.list.finding.is_none() => self.choose_program(id),
            chosen => self.list.keep = chosen,
        }
    }

    fn choose_program(&mut self, id: ProgramId) {
        let row = (0..self.hits()).find(|row| self.entry_at(*row).is_some_and(|entry| entry.id == id));
        self.list.selected = row.unwrap_or(self.list.selected);
    }

    fn query(&self) -> Query {
        let list = &self.list;
        let text = list.search.text().to_owned();
        Query { text, filters: list.filters.clone(), sort: list.sort, at: self.now }
    }

    /// Something narrows or orders the list.
    pub(in crate::ui) fn is_narrowed(&self) -> bool {
        !self.query().is_everything()
    }

    /// The list or what it is asked for has changed.
    pub(super) fn find_again(&mut self) -> Option<Effect> {
        let query = self.query();
        if query.is_everything() {
            self.list.found = None;
            self.list.finding = None;
            return None;
        }
        // What no longer exists in a shorter list must not be shown until the answer comes.
        let count = self.programs.all().len();
        if let Some(found) = &mut self.list.found {
            found.retain(|place| (*place as usize) < count);
        }
        let request = self.next_request();
        self.list.finding = Some(request);
        Some(Effect::Find { request, list: self.reading.list, query })
    }

    pub(super) fn on_found(&mut self, request: RequestId, places: Vec<u32>) -> Vec<Effect> {
        if self.list.finding.take_if(|finding| *finding == request).is_none() {
            return Vec::new();
        }
        let count = self.programs.all().len();
        self.list.found = Some(places.into_iter().filter(|place| (*place as usize) < count).collect());
        if let Some(id) = self.list.keep.take() {
            self.choose_program(id);
        }
        Vec::new()
    }

    /// Keys wait for the search that is under way, if they are meant for what it finds.
    fn waits(&self) -> bool {
        self.list.finding.is_some() && matches!(self.screen(), Screen::Programs) && self.overlays.is_empty()
    }

    /// Keeps a key for what is being searched for; whether it did. Letters go into the search, but
    /// not past a key that waits.
    pub(super) fn holds(&mut self, key: KeyEvent, pressed: Pressed) -> bool {
        let keeps = match pressed {
            Pressed::Do(Action::Quit) => false,
            Pressed::Do(_) => self.waits(),
            Pressed::Off(_) | Pressed::Nothing => self.waits() && !self.list.held.is_empty(),
        };
        if keeps && self.list.held.len() < HELD {
            self.list.held.push_back(Msg::Key(key));
        }
        keeps
    }

    /// Keeps pasted text behind the keys that wait; whether it did.
    pub(super) fn holds_paste(&mut self, raw: &str) -> bool {
        let keeps = self.waits() && !self.list.held.is_empty();
        if keeps && self.list.held.len() < HELD {
            self.list.held.push_back(Msg::Paste(raw.to_owned()));
        }
        keeps
    }

    /// Presses the keys that have waited, as far as nothing keeps them waiting again.
    pub(super) fn give_back_keys(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while !self.waits()
            && let Some(held) = self.list.held.pop_front()
        {
            self.settle();
            effects.extend(match held {
                Msg::Key(key) => self.on_key(key),
                Msg::Paste(raw) => self.on_paste(&raw),
                _ => Vec::new(),
            });
        }
        effects
    }

    /// What was typed has changed.
    pub(super) fn search_again(&mut self) -> Vec<Effect> {
        self.list.selected = 0;
        self.list.keep = None;
        self.find_again().into_iter().collect()
    }

    /// Empties the search; the program in focus stays in focus.
    pub(super) fn clear_search(&mut self) -> Vec<Effect> {
        self.list.search.clear();
        self.widen()
    }

    /// Shows all programs again: no search, no filter, the catalogue's order.
    pub(super) fn show_all(&mut self) -> Vec<Effect> {
        self.list.filters = Filters::default();
        self.list.sort = Sort::default();
        self.clear_search()
    }

    /// The list shows more than before; the program in focus stays in focus.
    fn widen(&mut self) -> Vec<Effect> {
        let chosen = self.chosen_entry().map(|entry| entry.id);
        let effects = self.search_again();
        self.keep(chosen);
        effects
    }

    /// A program's title, also while the rest of it is being read.
    pub(in crate::ui) fn title_of(&self, id: ProgramId) -> Option<String> {
        let listed = || self.chosen_entry().filter(|entry| entry.id == id).map(|entry| &entry.title);
        self.program(id).map(|view| &view.program.title).or_else(listed).map(ToString::to_string)
    }

    pub(super) fn open_program(&mut self) {
        let Some(id) = self.chosen_entry().map(|entry| entry.id) else {
            return;
        };
        let live = self.live_course(id).and_then(|course| course.enrollment.delivery);
        let focus = live.zip(self.program(id)).and_then(|(delivery, view)| {
            offers(view, self.now).iter().position(|offer| offer.course.id == delivery.course_id)
        });
        self.list.typing = false;
        self.hush();
        self.stack.push(Screen::Program { id, focus: focus.unwrap_or(0), first: 0 });
    }
}
