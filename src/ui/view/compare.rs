//! The partners side by side.

use super::paint::Paint;
use super::program::{action, unread};
use super::{Line, in_focus};
use crate::domain::cohort::next_start;
use crate::domain::compare::{Cell, Column, Comparison, Fact, Row};
use crate::domain::fits::{Fit, Verdict};
use crate::domain::views::ProgramView;
use crate::ui::app::{App, CompareScreen};
use crate::ui::fit;
use crate::ui::layout::{self, CompareAreas};
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect, screen: &CompareScreen) {
    let (Some(view), Some(comparison)) = (app.program(screen.id), app.comparison(screen)) else {
        unread(app, paint, body, screen.id);
        return;
    };
    let parts = layout::compare(app, screen, &comparison, body);
    let fits = app.fits(view);
    intro(paint, &parts, &comparison, &fits);
    for (place, area) in &parts.columns {
        let Some(column) = comparison.columns.get(*place) else {
            continue;
        };
        let focused = *place == screen.focus && in_focus(app);
        let fit = fits.iter().find(|fit| fit.course == column.course);
        head(app, paint, &parts, *area, &Head { view, column, fit, focused });
    }
    for (place, area) in parts.rows.places(screen.scroll) {
        if let Some(row) = comparison.rows.get(place) {
            facts(paint, &parts, area, row, &comparison);
        }
    }
    let shown = screen.scroll + parts.rows.fits(screen.scroll);
    let below = comparison.rows.len().saturating_sub(shown);
    if let Some(words) = text::more(screen.scroll, below).filter(|_| parts.more.height > 0) {
        // Under the names of the facts: the frame in focus runs through the rest of the row.
        let labels = Rect { width: parts.labels().width, ..parts.more };
        paint.text(labels, &words.replace(" more", ""), Role::Muted);
    }
    detail(app, paint, parts.detail, &comparison, screen.focus, &fits);
}

fn intro(paint: &mut Paint, parts: &CompareAreas, comparison: &Comparison, fits: &[Fit]) {
    let count = comparison.columns.len();
    let (words, role) = if fits.is_empty() {
        (text::side_by_side(count), Role::Muted)
    } else {
        (text::best_fits(fits), Role::Strong)
    };
    let first = parts.columns.first().map_or(0, |(place, _)| *place);
    let hidden = text::aside(first, count.saturating_sub(first + parts.columns.len()));
    let left = vec![paint.span(&words, role)];
    let right = vec![paint.span(&hidden.unwrap_or_default(), Role::Accent)];
    paint.row(parts.intro, left, right);
}

/// What stands at the head of a column.
struct Head<'a> {
    view: &'a ProgramView,
    column: &'a Column,
    fit: Option<&'a Fit>,
    focused: bool,
}

/// The role of a mark.
pub(super) fn mark_role(fit: &Fit) -> Role {
    match fit.verdict {
        Verdict::Fits => Role::Good,
        Verdict::MayFit => Role::Warn,
        Verdict::DoesNotFit | Verdict::NotNow => Role::Muted,
    }
}

fn head(app: &App, paint: &mut Paint, parts: &CompareAreas, area: Rect, head: &Head<'_>) {
    if head.focused && parts.framed {
        paint.frame(area, true);
    }
    let inner = parts.inner(area);
    if head.focused && !parts.framed {
        paint.marker(Rect { x: area.x, width: 1, height: 1, ..inner });
    }
    let open = head.column.unavailable.is_none();
    let role = if open { Role::Strong } else { Role::Muted };
    paint.paragraph(layout::top(inner, parts.names), head.column.name.as_str(), role);
    let offer = head.view.offers.iter().find(|offer| offer.course.id == head.column.course);
    let act = if head.focused {
        vec![paint.span(&action(app, head.view, offer), Role::Accent)]
    } else {
        Vec::new()
    };
    let mark: Line = match head.fit {
        // Who fits is said above, too.
        _ if open && head.column.troubled.is_some() => vec![paint.span(text::TROUBLED, Role::Warn)],
        _ if !open && head.focused => Vec::new(),
        _ if !open => vec![paint.span("not available", Role::Muted)],
        Some(fit) => vec![paint.span(text::mark(fit), mark_role(fit))],
        None => Vec::new(),
    };
    let line = layout::line(inner, parts.names);
    // A mark that is cut says nothing; the detail below says it again.
    let room = usize::from(line.width);
    let both = fit::width_of(&mark) + 2 + fit::width_of(&act) <= room;
    paint.row(line, if both || act.is_empty() { mark } else { Vec::new() }, act);
}

fn facts(paint: &mut Paint, parts: &CompareAreas, area: Rect, row: &Row, comparison: &Comparison) {
    let label = Rect { y: area.y, height: 1, ..parts.labels() };
    paint.text(label, row.fact.label(), if row.differs { Role::Strong } else { Role::Muted });
    for (place, column) in &parts.columns {
        let (Some(cell), Some(of)) = (row.cells.get(*place), comparison.columns.get(*place)) else {
            continue;
        };
        let inner = layout::inset(*column, 2, 2);
        let at = Rect { y: area.y, height: area.height, ..inner };
        let quiet = !row.differs || of.unavailable.is_some();
        words(paint, at, row, cell, quiet);
    }
}

fn words(paint: &mut Paint, area: Rect, row: &Row, cell: &Cell, quiet: bool) {
    let role = match (cell.best, quiet) {
        (true, _) => Role::Good,
        (false, true) => Role::Muted,
        (false, false) => Role::Plain,
    };
    if let Some(best) = row.fact.best().filter(|_| cell.best) {
        let room = usize::from(area.width);
        let said = format!("{} ✓ {best}", cell.words);
        let short = format!("{} ✓", cell.words);
        // Rather the sign alone than half a word.
        if let Some(line) = [said, short].iter().find(|line| fit::width(&paint.skin.ink(line)) <= room) {
            paint.text(area, line, role);
            return;
        }
    }
    let room = usize::from(area.width);
    let whole = |words: &str| fit::wrap(words, room, usize::MAX, "").len() <= usize::from(area.height);
    // Rather one address than the beginning of a second.
    let said = match cell.words.split_once(" or ") {
        Some((first, _)) if row.fact == Fact::Support && !whole(&paint.skin.ink(&cell.words)) => first,
        _ => &cell.words,
    };
    paint.paragraph(area, said, role);
}

/// What there is no room for in a column: why it can't be taken, why it fits.
fn detail(app: &App, paint: &mut Paint, area: Rect, comparison: &Comparison, focus: usize, fits: &[Fit]) {
    let (Some(offer), Some(column)) = (app.compared_offer(), comparison.columns.get(focus)) else {
        return;
    };
    let fit = fits.iter().find(|fit| fit.course == column.course);
    if let Some(words) = text::troubled(&offer.provider, app.now, app.utc_offset) {
        let fits = fit.map(|fit| format!(" It {}.", text::mark_with_reasons(fit))).unwrap_or_default();
        paint.paragraph(area, &format!("{} is {words}.{fits}", column.name), Role::Warn);
        return;
    }
    let (start, next) = (app.shown_start(offer), next_start(&offer.cohorts, app.now));
    let chosen = start.filter(|start| next.is_some_and(|next| next.id != start.id));
    if let Some(start) = chosen.filter(|_| column.unavailable.is_none()) {
        let words = text::chosen_start(column.name.as_str(), start, app.today());
        paint.paragraph(area, &words, Role::Plain);
    } else if let Some(why) = column.unavailable {
        let (head, tail) = text::why_unavailable(offer, why, app.now);
        paint.paragraph(area, &format!("{}: {head} {tail}", column.name), Role::Warn);
    } else if let Some(fit) = fit {
        let words = format!("{} {}", column.name, text::mark_with_reasons(fit));
        paint.paragraph(area, &words, mark_role(fit));
    } else if !offer.provider.description.is_empty() {
        paint.paragraph(area, &format!("{}: {}", column.name, offer.provider.description), Role::Muted);
    }
}
