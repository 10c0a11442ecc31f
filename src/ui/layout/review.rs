//! Where everything is among reviews.

use super::{below, inset, inside, line};
use ratatui::layout::Rect;

/// The part of the reviews that scrolls: all but the last row, which is kept for "more below".
pub fn reviews_scroll(body: Rect) -> Rect {
    let rest = inset(below(body, u16::from(body.height >= 12)), 2, 2);
    Rect { height: rest.height.saturating_sub(1), ..rest }
}

/// The parts of the box in which a review is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewAreas {
    /// The score.
    pub stars: Rect,
    /// The text.
    pub text: Rect,
    /// What is wrong, or how much room is left.
    pub note: Rect,
}

/// Divides the box in which a review is written. A column is kept for the bar of what has the keys.
pub fn review(area: Rect) -> ReviewAreas {
    let inner = inside(area);
    let gap = u16::from(inner.height >= 10);
    let note = if inner.height >= 10 { 2 } else { 1 };
    let text = below(inset(inner, 2, 0), 1 + gap);
    let text = Rect { height: text.height.saturating_sub(note + gap + 1), ..text };
    let under = Rect { y: text.bottom() + gap, height: note, ..inner };
    ReviewAreas { stars: inset(line(inner, 0), 2, 0), text, note: under.intersection(inner) }
}
