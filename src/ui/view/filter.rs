//! The box that narrows and orders the list of programs.

use super::overlays::{bottom, input, more, title};
use super::paint::Paint;
use crate::ui::app::{App, FilterBox};
use crate::ui::fit;
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

/// The column of the groups.
const GROUP: u16 = 11;

pub(super) fn draw(app: &App, paint: &mut Paint, area: Rect, inner: Rect, filter: &FilterBox) {
    title(paint, area, "Filter and sort");
    // The list lies under the box: how many are left is said in it.
    let count = text::so_far(app.hits(), app.programs.all().len());
    let beside = fit::cells(fit::width(&count));
    let line = layout::line(inner, 0);
    paint.row(line, Vec::new(), vec![paint.span(&count, Role::Muted)]);
    let line = layout::inset(line, 0, beside + 2);
    let (typed, cursor) = filter.field.visible(usize::from(line.width.saturating_sub(2)));
    input(paint, line, &typed, cursor);
    if filter.field.text().is_empty() {
        paint.text(layout::inset(line, 3, 0), text::SEARCH_FILTERS, Role::Muted);
    }
    let cursor = paint.cursor;
    let wishes = filter.wishes();
    if wishes.is_empty() {
        let words = text::no_match(filter.field.text());
        paint.paragraph(layout::line(inner, 2), &words, Role::Plain);
    }
    let rows = layout::filter_rows(area);
    let first = layout::picker_first(filter.selected, rows);
    let visible = wishes.iter().enumerate().skip(first).take(usize::from(rows.height));
    let mut above = None;
    for (row, (place, wish)) in (0..).zip(visible) {
        let line = layout::line(rows, row);
        let (chosen, made) = (place == filter.selected, app.is_wished(wish));
        if chosen {
            paint.marker(Rect { width: 1, ..line });
        }
        let (group, value) = text::wish(wish);
        if above != Some(group) {
            paint.text(Rect { x: line.x + 2, width: GROUP.min(line.width), ..line }, group, Role::Muted);
        }
        above = Some(group);
        let role = if chosen { Role::Selected } else { Role::Plain };
        let sign = if made { "✓ " } else { "  " };
        let left = vec![paint.span(sign, Role::Accent), paint.span(&value, role)];
        paint.spans(layout::inset(line, 2 + GROUP, 0), left);
    }
    let hidden = wishes.len().saturating_sub(first + usize::from(rows.height));
    more(paint, area, first, hidden);
    let go = filter.chosen().and_then(|wish| app.granting(wish));
    let go = go.map(|words| format!("{} {}", text::upper_first(words), sign_here(app, Action::Go)));
    let go = go.unwrap_or_default();
    bottom(paint, inner, &format!("{} closes", sign_here(app, Action::Close)), &go);
    paint.cursor = cursor;
}
