//! The list of all actions: opened, and one of them done.

use super::{App, Overlay};
use crate::ui::effect::Effect;
use crate::ui::keymap::State;
use crate::ui::palette::{self, Palette};

impl App {
    pub(super) fn open_palette(&mut self) {
        self.overlays.push(Overlay::Palette(Palette::default()));
    }

    pub(super) fn palette_mut(&mut self) -> Option<&mut Palette> {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) => Some(palette),
            _ => None,
        }
    }

    /// Enter in the list: does it under the list, or says why not.
    pub(super) fn do_chosen(&mut self) -> Vec<Effect> {
        let Some(entry) = palette::chosen(self) else {
            return Vec::new();
        };
        match entry.state {
            State::Ready(_) => {
                self.overlays.pop();
                self.act(entry.binding.action)
            }
            State::Off(reason) | State::Elsewhere(reason) => {
                if let Some(palette) = self.palette_mut() {
                    palette.said = Some(reason);
                }
                Vec::new()
            }
        }
    }
}
