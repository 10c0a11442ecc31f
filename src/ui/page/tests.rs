//! What each element looks like, and what holds for every source.

mod elements;
mod rules;

use super::{Marks, Page};
use crate::ui::theme::{Skin, Theme};
use ratatui::text::Line;

const ASCII: Skin = Skin { theme: Theme::None, ascii: true };

fn all(page: &Page, skin: Skin) -> Vec<Line<'static>> {
    page.lines(0..page.height(), skin, Marks::default())
}

/// The lines as they are read.
fn set(source: &str, width: u16) -> Vec<String> {
    all(&Page::of(source, width), Skin::default()).iter().map(ToString::to_string).collect()
}
