//! The list of all actions.

use super::{bottom, input, more, title};
use crate::ui::app::App;
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::mark;
use crate::ui::palette::{Entry, Palette, entries};
use crate::ui::text;
use crate::ui::theme::Role;
use crate::ui::view::paint::Paint;
use ratatui::layout::Rect;

pub(super) fn draw(app: &App, paint: &mut Paint, area: Rect, inner: Rect, palette: &Palette) {
    title(paint, area, "Actions");
    let line = layout::line(inner, 0);
    let (typed, cursor) = palette.field.visible(usize::from(line.width.saturating_sub(2)));
    input(paint, line, &typed, cursor);
    if palette.field.text().is_empty() {
        paint.text(layout::inset(line, 3, 0), text::SEARCH_ACTIONS, Role::Muted);
    }
    let cursor = paint.cursor;
    let found = entries(app);
    let rows = layout::palette_rows(area);
    let first = layout::picker_first(palette.selected, rows);
    let shown = found.iter().enumerate().skip(first).take(usize::from(rows.height));
    for (row, (place, entry)) in (0..).zip(shown) {
        self::row(app, paint, layout::line(rows, row), entry, place == palette.selected);
    }
    more(paint, area, first, found.len().saturating_sub(first + usize::from(rows.height)));
    if found.is_empty() {
        paint.text(layout::inset(layout::line(rows, 0), 2, 0), text::NO_ACTION, Role::Plain);
    }
    let leave = match palette.said {
        Some(reason) => format!("Not now: {reason}"),
        None => format!("{} closes", sign_here(app, Action::Close)),
    };
    let go = found.get(palette.selected).map(|entry| match entry.state.reason() {
        None => format!("Do it {}", sign_here(app, Action::Go)),
        Some(_) if palette.said.is_some() => String::new(),
        Some(_) => format!("Why not {}", sign_here(app, Action::Go)),
    });
    bottom(paint, inner, &leave, &go.unwrap_or_default());
    if palette.said.is_some() {
        paint.text(layout::line(inner, inner.height.saturating_sub(1)), &leave, Role::Warn);
    }
    paint.cursor = cursor;
}

/// What it is on the left, with the reason when it can't be done; its key on the right.
fn row(app: &App, paint: &mut Paint, line: Rect, entry: &Entry, chosen: bool) {
    if chosen {
        paint.marker(Rect { width: 1, ..line });
    }
    let reason = entry.state.reason();
    let role = match reason {
        Some(_) => Role::Muted,
        None if chosen => Role::Selected,
        None => Role::Plain,
    };
    let mut left = mark::spans(entry.binding.title, 0, &entry.marks, app.skin.style(role));
    if let Some(reason) = reason {
        left.push(paint.span(&format!(" · {reason}"), Role::Muted));
    }
    let action = entry.binding.action;
    if let Some(label) = entry.state.label().filter(|label| action == Action::Go && *label != "go on") {
        left.push(paint.span(&format!(" · {label}"), Role::Muted));
    }
    let role = if reason.is_some() { Role::Muted } else { Role::Strong };
    let right = vec![paint.span(&entry.sign, role)];
    paint.row(layout::inset(line, 2, 0), left, right);
}
