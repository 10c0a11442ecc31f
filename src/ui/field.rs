//! A one-line text field.

use crate::domain::text::Text;
use crate::ui::fit;
use crossterm::event::{Event, KeyEvent};
use tui_input::backend::crossterm::to_input_request;
use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation;

/// The most characters a field takes: longer than any address or title.
pub const MAX_CHARS: usize = 254;

/// The most bytes of a paste that are looked at: what is longer does not fit anyway.
const MAX_PASTE: usize = 16 * 1024;

/// What came of a key or a paste.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was no text.
    Nothing,
    /// The text is another one now.
    Changed,
    /// It does not fit; the text is what it was.
    TooLong,
}

/// A text field with a cursor.
#[derive(Clone, Debug, Default)]
pub struct Field {
    input: Input,
}

impl Field {
    /// What was typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text().trim().is_empty()
    }

    /// Forgets what was typed.
    pub fn clear(&mut self) {
        self.input = Input::default();
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Taken {
        let Some(request) = to_input_request(&Event::Key(key)) else {
            return Taken::Nothing;
        };
        let grows = matches!(request, InputRequest::InsertChar(_) | InputRequest::Yank);
        if grows && self.text().chars().count() >= MAX_CHARS {
            return Taken::TooLong;
        }
        if let InputRequest::InsertChar(c) = request
            && c != ' '
            && Text::clean(c.encode_utf8(&mut [0; 4])).is_empty()
            // A combining mark alone is text; a control character is not.
            && !c.is_alphanumeric()
        {
            return Taken::Nothing;
        }
        let changed = self.input.handle(request).is_some_and(|changed| changed.value);
        if changed { Taken::Changed } else { Taken::Nothing }
    }

    /// Takes pasted text, cleaned and in one line: all of it, or nothing.
    pub fn paste(&mut self, raw: &str) -> Taken {
        if raw.len() > MAX_PASTE {
            return Taken::TooLong;
        }
        let room = MAX_CHARS.saturating_sub(self.text().chars().count());
        let clean = Text::clean_to(raw, MAX_PASTE);
        if clean.as_str().chars().count() > room {
            return Taken::TooLong;
        }
        for c in clean.as_str().chars() {
            self.input.handle(InputRequest::InsertChar(c));
        }
        if clean.is_empty() { Taken::Nothing } else { Taken::Changed }
    }

    /// What is visible within `width` cells, and the cell of the cursor within it.
    pub fn visible(&self, width: usize) -> (String, u16) {
        let room = width.saturating_sub(1).max(1);
        let skip = self.input.visual_scroll(room);
        let (mut at, mut text) = (0, String::new());
        for grapheme in self.text().graphemes(true) {
            let cells = fit::width(grapheme);
            if at >= skip && at + cells <= skip + room {
                text.push_str(grapheme);
            }
            at += cells;
        }
        (text, fit::cells(self.input.visual_cursor().saturating_sub(skip)))
    }
}
