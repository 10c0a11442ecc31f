//! Searching within a lesson.

use super::super::App;
use crate::ui::field::Field;
use crate::ui::page::{Hit, Page};

/// What is searched for in the lesson on screen.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Finding {
    /// What was typed.
    pub field: Field,
    /// The field has the keys.
    pub typing: bool,
    /// Where it stands.
    pub hits: Vec<Hit>,
    /// At which of them one is.
    pub current: usize,
    /// The place one searched from.
    from: usize,
}

impl Finding {
    /// Something is searched for.
    pub fn is_active(&self) -> bool {
        self.typing || !self.field.is_empty()
    }

    /// Looks once more, in a text that was laid out anew.
    pub(super) fn find_again(&mut self, page: &Page) {
        self.hits = if self.field.is_empty() { Vec::new() } else { page.find(self.field.text()) };
        self.current = self.current.min(self.hits.len().saturating_sub(1));
    }
}

impl App {
    /// `/` in a lesson.
    pub(in crate::ui::app) fn find_in_lesson(&mut self) {
        if let Some(player) = self.player_mut() {
            if !player.finding.is_active() {
                player.finding.from = player.place;
            }
            player.finding.typing = true;
        }
    }

    /// What is searched for is another text now: to the first find from where one searched.
    pub(in crate::ui::app) fn find_typed(&mut self) {
        let Some(player) = self.player_mut() else {
            return;
        };
        player.finding.find_again(&player.page);
        let from = player.page.line_of(player.finding.from);
        let first = player.finding.hits.iter().position(|hit| hit.line() >= from);
        player.finding.current = first.unwrap_or(0);
        if player.finding.hits.is_empty() {
            self.show_search_begin();
        }
        self.show_find();
    }

    fn show_find(&mut self) {
        let line = self.player().and_then(|player| {
            let finding = &player.finding;
            finding.hits.get(finding.current).map(Hit::line)
        });
        if let Some(line) = line {
            self.show_line(line);
        }
    }

    /// Enter in the field: the keys are the lesson's again, the finds stay marked.
    pub(in crate::ui::app) fn stop_typing_find(&mut self) {
        if let Some(player) = self.player_mut() {
            player.finding.typing = false;
            if player.finding.hits.is_empty() {
                player.finding = Finding::default();
            }
        }
    }

    /// To where one searched from.
    fn show_search_begin(&mut self) {
        if let Some(player) = self.player_mut() {
            player.place = player.finding.from;
        }
        self.show_kept_place();
    }

    /// Esc: nothing is marked any more. Whoever was still typing is back where they searched from; who went
    /// through the finds stays where they are.
    pub(super) fn stop_finding(&mut self) {
        if self.player().is_some_and(|player| player.finding.typing) {
            self.show_search_begin();
        }
        if let Some(player) = self.player_mut() {
            player.finding = Finding::default();
        }
    }

    /// `n` and `N`: the next find and the one before, round and round.
    pub(in crate::ui::app) fn next_find(&mut self, forward: bool) {
        if let Some(player) = self.player_mut() {
            let count = player.finding.hits.len().max(1);
            let by = if forward { 1 } else { count - 1 };
            player.finding.current = (player.finding.current + by) % count;
        }
        self.show_find();
    }
}
