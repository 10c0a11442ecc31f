//! A course does not open: why, and the ways out.

use super::{bottom, title};
use crate::ui::app::{App, AwayBox};
use crate::ui::fit;
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use crate::ui::view::paint::Paint;
use ratatui::layout::Rect;

/// Why it does not open, `width` cells wide.
pub(in crate::ui) fn away_lines(app: &App, away: &AwayBox, width: u16) -> Vec<String> {
    // Since when it has problems is part of the reason.
    let paragraphs = [Some(away.failure.message.clone()), away.told().map(str::to_owned)];
    let wrap =
        |words: String| fit::wrap(&app.skin.ink(&words), usize::from(width), usize::MAX, app.skin.ellipsis());
    paragraphs.into_iter().flatten().flat_map(wrap).collect()
}

pub(super) fn draw(app: &App, paint: &mut Paint, area: Rect, inner: Rect, away: &AwayBox) {
    let heading = app.course(away.enrollment).and_then(|course| course.provider());
    let heading = heading.map(|provider| away.heading(provider, app.now)).unwrap_or_default();
    title(paint, area, &heading);
    let rows = layout::away_rows(app, area);
    let room = usize::from(rows.y.saturating_sub(inner.y));
    let lines = away_lines(app, away, inner.width);
    for (row, line) in (0..).zip(lines.iter().take(room)) {
        paint.text(layout::line(inner, row), line, Role::Plain);
    }
    let first = layout::picker_first(away.selected, rows);
    let ways = away.ways();
    let visible = ways.iter().enumerate().skip(first).take(usize::from(rows.height));
    for (row, (place, way)) in (0..).zip(visible) {
        let line = layout::line(rows, row);
        let chosen = place == away.selected;
        if chosen {
            paint.marker(Rect { width: 1, ..line });
        }
        let role = if chosen { Role::Selected } else { Role::Plain };
        paint.text(layout::inset(line, 2, 0), &away.words(way), role);
    }
    let close = format!("{} closes", sign_here(app, Action::Close));
    let leave = match app.away_contact() {
        Some(_) => format!("{close} · {} copies the contact", sign_here(app, Action::CopyContact)),
        None => close,
    };
    let go = if app.work.watching.is_some() {
        format!("{} {}", app.skin.spinner(app.ticks), text::WATCHING)
    } else if ways.is_empty() {
        String::new()
    } else {
        format!("Go on {}", sign_here(app, Action::Go))
    };
    bottom(paint, inner, &leave, &go);
}
