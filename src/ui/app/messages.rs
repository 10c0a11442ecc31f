//! What is said, and for how long it stands above the footer.

use super::App;
use crate::domain::failure::Failure;
use crate::ui::msg::{Level, Notice};

/// How many messages are kept.
const KEPT: usize = 200;

impl App {
    pub(super) fn tell(&mut self, notice: Notice) {
        if self.said.all.len() == KEPT {
            self.said.all.remove(0);
        }
        self.said.all.push((self.now, notice));
        self.said.shown = true;
        self.said.hint = None;
    }

    pub(super) fn say(&mut self, level: Level, text: impl Into<String>) {
        self.tell(Notice { level, text: text.into() });
    }

    /// Why a key did nothing. Not kept: nothing has happened.
    pub(super) fn hint(&mut self, text: impl Into<String>) {
        self.said.hint = Some(Notice { level: Level::Info, text: text.into() });
    }

    /// A refusal warns, anything else is broken.
    pub(super) fn say_failure(&mut self, failure: &Failure) {
        let level = if failure.refused { Level::Warn } else { Level::Bad };
        self.say(level, failure.message.clone());
    }

    /// The message above the footer has had its time; what it offered goes with it.
    pub(super) fn hush(&mut self) {
        self.said.shown = false;
        self.said.hint = None;
        self.work.undo = None;
    }

    /// The message that stands above the footer.
    pub(in crate::ui) fn message(&self) -> Option<&Notice> {
        let last = self.said.all.last().filter(|_| self.said.shown).map(|(_, notice)| notice);
        self.said.hint.as_ref().or(last)
    }
}
