//! The help: every key with what it does, and a field to search them.

use super::Line;
use crate::ui::app::App;
use crate::ui::field::Field;
use crate::ui::fit;
use crate::ui::keymap::{Action, BINDINGS, Binding, Group};
use crate::ui::layout;
use crate::ui::mark::{self, Kind};
use crate::ui::msg::Who;
use crate::ui::text;
use crate::ui::theme::Role;
use crate::ui::view::paint::Paint;
use ratatui::layout::{Position, Rect};

/// The narrowest column of keys.
const KEYS: usize = 11;

/// The lines of the help that hold every word of `query`, under their headings.
pub(in crate::ui) fn help_lines(app: &App, query: &str) -> Vec<Line> {
    let desk = matches!(app.who, Who::Advisor { .. });
    let groups = || Group::ALL.into_iter().filter(|group| desk || *group != Group::Desk);
    let rows = |group| BINDINGS.iter().filter(move |binding| binding.group == Some(group));
    let sign = |binding: &Binding| app.skin.ink(&app.keymap.sign(binding.action)).into_owned();
    let widest = groups().flat_map(rows).map(|binding| fit::width(&sign(binding)) + 2).max();
    let column = widest.unwrap_or_default().max(KEYS);
    let mut out: Vec<Line> = Vec::new();
    for group in groups() {
        let lines: Vec<Line> =
            rows(group).flat_map(|binding| row(app, binding, &sign(binding), column, query)).collect();
        if lines.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(Vec::new());
        }
        out.push(vec![app.skin.span(group.heading(), Role::Strong)]);
        out.extend(lines);
    }
    if out.is_empty() {
        out.push(vec![app.skin.span(&text::no_match(query), Role::Plain)]);
    }
    out
}

/// What one row of the table says, in as many lines as it needs; none where it does not match.
fn row(app: &App, binding: &Binding, sign: &str, column: usize, query: &str) -> Vec<Line> {
    let others = app.keymap.others(binding.action);
    let words =
        if others.is_empty() { binding.help.to_owned() } else { format!("{}; {others}", binding.help) };
    let words = app.skin.ink(&words).into_owned();
    let blank = " ".repeat(column.saturating_sub(fit::width(sign)));
    let left = format!("  {sign}{blank}");
    let Some((_, places)) = mark::find(&format!("{left}{words}"), query, Kind::Together) else {
        return Vec::new();
    };
    let indent = fit::width(&left);
    let room = usize::from(layout::scrolled_width(app)).saturating_sub(indent);
    let mut offset = fit::graphemes(&left);
    let mut out: Vec<Line> = Vec::new();
    for part in fit::wrap(&words, room, usize::MAX, app.skin.ellipsis()) {
        let mut spans = if out.is_empty() {
            mark::spans(&left, 0, &places, app.skin.style(Role::Accent))
        } else {
            vec![app.skin.span(&" ".repeat(indent), Role::Plain)]
        };
        spans.extend(mark::spans(&part, offset, &places, app.skin.style(Role::Plain)));
        // The blank at which it was broken.
        offset += fit::graphemes(&part) + 1;
        out.push(spans);
    }
    out
}

/// The field in the first row of the box.
pub(super) fn field(app: &App, paint: &mut Paint, inner: Rect, field: &Field, typing: bool) {
    let line = layout::line(inner, 0);
    let sign = sign(app);
    let (typed, _) = field.visible(room(line, &sign));
    let rest = match field.text() {
        "" => paint.span(text::SEARCH_KEYS, Role::Muted),
        _ => paint.span(&typed, Role::Plain),
    };
    let spans = vec![paint.span(&sign, if typing { Role::Accent } else { Role::Muted }), rest];
    paint.spans(line, spans);
}

/// Where the cursor stands in it.
pub(super) fn cursor(app: &App, inner: Rect, field: &Field) -> Position {
    let line = layout::line(inner, 0);
    let sign = sign(app);
    let (_, cursor) = field.visible(room(line, &sign));
    let x = line.x + fit::cells(fit::width(&sign)) + cursor;
    Position::new(x.min(line.right().saturating_sub(1)), line.y)
}

fn sign(app: &App) -> String {
    app.skin.ink(&format!("{} ", app.keymap.sign(Action::Search))).into_owned()
}

fn room(line: Rect, sign: &str) -> usize {
    usize::from(line.width).saturating_sub(fit::width(sign))
}
