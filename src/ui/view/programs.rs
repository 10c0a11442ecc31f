//! Tab 1: the list of programs and the detail of the one in focus.

use super::paint::Paint;
use super::{Line, in_focus, instead_of_list};
use crate::domain::listing::{ProgramEntry, Sort};
use crate::domain::time::Instant;
use crate::domain::views::{Offer, PriceLabel, ProgramView};
use crate::ui::app::App;
use crate::ui::finder::{Marker, Marks};
use crate::ui::fit;
use crate::ui::keymap::Action;
use crate::ui::layout::{self, ProgramsAreas, Size, offers};
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::{Position, Rect};

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect) {
    let parts = layout::programs(app, body);
    search(app, paint, layout::inset(parts.search, 2, 2));
    words(app, paint, layout::inset(parts.words, 2, 2));
    if app.hits() == 0 {
        let above = (parts.list.y - body.y).max(2);
        nothing(app, paint, layout::inset(layout::below(body, above), 2, 2));
        return;
    }
    list(app, paint, parts.list);
    let style = app.skin.style(Role::Muted);
    if parts.divider.width == 1 {
        paint.fill(parts.divider, app.skin.divider(), style);
    } else {
        paint.rule(layout::inset(parts.divider, 2, 2));
    }
    more(app, paint, &parts);
    match (app.chosen_program(), app.chosen_entry()) {
        (Some(view), _) if app.size_class() == Size::Wide => detail(app, paint, parts.detail, view),
        (Some(view), _) => short_detail(app, paint, parts.detail, view),
        (None, Some(entry)) => paint.text(layout::line(parts.detail, 0), entry.title.as_str(), Role::Strong),
        (None, None) => {}
    }
}

fn search(app: &App, paint: &mut Paint, area: Rect) {
    let all = app.programs.all();
    let searching = app.list.typing || !app.list.search.text().is_empty();
    if all.is_empty() && !searching {
        return;
    }
    let right = beside_search(app, paint, searching);
    let sign = format!("{} ", app.keymap.sign(Action::Search));
    let room = usize::from(area.width).saturating_sub(fit::width_of(&right) + fit::width(&sign) + 3);
    let (typed, cursor) = app.list.search.visible(room);
    let mut left = vec![paint.span(&sign, if app.list.typing { Role::Accent } else { Role::Muted })];
    if searching {
        left.push(paint.span(&typed, Role::Plain));
        if app.list.typing && typed.is_empty() {
            left.push(paint.span(" title, subject or partner", Role::Muted));
        }
    } else {
        let words = format!("search {}", text::count(app.reading.total.max(all.len()), "program"));
        left.push(paint.span(&words, Role::Muted));
    }
    paint.row(area, left, right);
    if app.list.typing && in_focus(app) {
        paint.cursor = Some(Position::new(area.x + fit::cells(fit::width(&sign)) + cursor, area.y));
    }
}

/// How much of the list is read, how much of it is shown, or that it is a demo.
fn beside_search(app: &App, paint: &Paint, searching: bool) -> Line {
    let (read, total) = (app.programs.all().len(), app.reading.total);
    if app.programs.request.is_some() && read < total {
        let percent = u8::try_from(read * 100 / total).unwrap_or(100);
        let mut spans = paint.bar(percent, 10);
        spans.push(paint.span(&format!(" {}", text::so_far(read, total)), Role::Muted));
        return spans;
    }
    if searching || app.is_narrowed() {
        return vec![paint.span(&text::so_far(app.hits(), read), Role::Muted)];
    }
    let demo = if app.reading.demo { text::DEMO } else { "" };
    vec![paint.span(demo, Role::Muted)]
}

/// What narrows and orders the list, in words.
fn words(app: &App, paint: &mut Paint, area: Rect) {
    let words = text::narrowed(&app.list.filters, app.list.sort);
    if words.is_empty() {
        return;
    }
    let left = vec![paint.span("  ", Role::Plain), paint.span(&words, Role::Accent)];
    let right = if app.list.typing { String::new() } else { text::shows_all(&app.keymap) };
    let right = vec![paint.span(&right, Role::Muted)];
    paint.row(area, left, right);
}

fn nothing(app: &App, paint: &mut Paint, area: Rect) {
    let lines = if app.programs.items.is_none() {
        instead_of_list(app, app.programs.failure.as_ref(), app.programs.retry_at, text::LOADING_PROGRAMS)
    } else if app.programs.all().is_empty() {
        vec![(text::NO_PROGRAMS.to_owned(), Role::Plain), (text::no_programs_next(&app.keymap), Role::Muted)]
    } else {
        let filtered = !text::narrowed(&app.list.filters, Sort::Catalogue).is_empty();
        let clears = filtered && app.list.typing && !app.list.search.text().is_empty();
        let subject = app.programs.all().first().map(|entry| entry.category.as_str());
        let subject = subject.filter(|subject| !filtered && !subject.is_empty());
        vec![
            (text::nothing_found(app.list.search.text(), &app.list.filters), Role::Plain),
            (text::no_match_next(subject, clears, &app.keymap), Role::Muted),
        ]
    };
    let mut used = 0;
    for (line, role) in lines {
        used += paint.paragraph(layout::below(area, used), &line, role);
    }
}

/// How many rows of the list are hidden.
fn more(app: &App, paint: &mut Paint, parts: &ProgramsAreas) {
    let above = app.list.first;
    let below = app.hits().saturating_sub(above + usize::from(parts.list.height));
    if let Some(words) = text::more(above, below) {
        let right = vec![paint.span(&format!(" {words} "), Role::Muted)];
        paint.row(Rect { width: parts.more.width + 1, ..parts.more }, Vec::new(), right);
    }
}

/// How wide the columns beside the titles are: as their widest entry asks, so that the titles
/// get the rest, and nothing moves while somebody searches.
#[derive(Clone, Copy)]
struct Columns {
    who: u16,
    price: u16,
}

impl Columns {
    fn of(app: &App, width: u16) -> Self {
        let most = match width {
            0..50 => 0,
            50..64 => 14,
            _ => 22,
        };
        let reading = &app.reading;
        Self { who: fit::cells(reading.widest_partner).min(most), price: fit::cells(reading.widest_price) }
    }
}

fn list(app: &App, paint: &mut Paint, area: Rect) {
    let columns = Columns::of(app, area.width);
    let mut marker = Marker::of(app.list.search.text());
    for row in 0..area.height {
        let place = app.list.first + usize::from(row);
        let Some(entry) = app.entry_at(place) else {
            return;
        };
        let marks = marker.as_mut().map(|marker| marker.marks(entry)).unwrap_or_default();
        let line = layout::line(area, row);
        program_row(app, paint, line, entry, &marks, columns, place == app.list.selected);
    }
}

fn program_row(
    app: &App,
    paint: &mut Paint,
    line: Rect,
    entry: &ProgramEntry,
    marks: &Marks,
    columns: Columns,
    selected: bool,
) {
    let focused = selected && in_focus(app);
    let inner = layout::inset(line, 2, 2);
    let price = text::price(entry);
    let role = match entry.price() {
        PriceLabel::Exactly(money) if money.is_zero() => Role::Good,
        PriceLabel::NotAvailable => Role::Muted,
        _ => Role::Plain,
    };
    let right = columns.price.min(inner.width);
    let edge = Rect { x: inner.right() - right, width: right, ..inner };
    let blank = " ".repeat(usize::from(right).saturating_sub(fit::width(&price)));
    let who = columns.who;
    let gap = if who > 0 { 2 } else { 0 };
    let title = Rect { width: inner.width.saturating_sub(right + 2 + who + gap), ..inner };
    let partner = Rect { x: title.right() + gap, width: who, ..inner };
    let role_of_title = if selected { Role::Selected } else { Role::Plain };
    let mut spans = paint.marked(entry.title.as_str(), &marks.title, role_of_title);
    if let Some((other, places)) = &marks.other {
        spans.push(paint.span(" · ", Role::Muted));
        spans.extend(paint.marked(other.as_str(), places, Role::Muted));
    }
    paint.spans(title, spans);
    if who > 0 {
        let words = text::who_delivers(entry);
        paint.text(partner, &words, if selected { Role::Plain } else { Role::Muted });
    }
    paint.text(edge, &format!("{blank}{price}"), role);
    if selected {
        let before = paint.cursor;
        paint.marker(Rect { x: line.x + 1, width: 1, ..line });
        if !focused || app.list.typing {
            paint.cursor = before;
        }
    }
}

/// The pane of wide terminals.
fn detail(app: &App, paint: &mut Paint, area: Rect, view: &ProgramView) {
    let mut row = 0;
    paint.text(layout::line(area, row), view.program.title.as_str(), Role::Strong);
    row += 1;
    row += paint.paragraph(
        layout::top(layout::below(area, row), 2),
        &text::program_facts(&view.program),
        Role::Muted,
    );
    row += 1;
    row +=
        paint.paragraph(layout::top(layout::below(area, row), 5), view.program.summary.as_str(), Role::Plain);
    row += 1;
    if let Some(live) = app.live_course(view.program.id) {
        let words = format!("✓ {}", text::enrolled_with(live));
        paint.text(layout::line(area, row), &words, Role::Good);
        row += 2;
    }
    let heading = match view.offers.len() {
        0 => "Taught here",
        1 => text::NO_CHOICE,
        _ => text::CHOOSE,
    };
    paint.text(layout::line(area, row), heading, Role::Strong);
    row += 2;
    if view.self_hosted() {
        paint.paragraph(layout::below(area, row), text::TAUGHT_HERE, Role::Muted);
    }
    for offer in offers(view, app.now) {
        // Whole partners only.
        if row + 2 > area.height {
            break;
        }
        offer_lines(paint, layout::below(area, row), offer, app.now);
        row += 3;
    }
}

fn offer_lines(paint: &mut Paint, area: Rect, offer: &Offer, now: Instant) {
    let name = offer.provider.name.as_str();
    let (price, name_role, second) = match offer.unavailable(now) {
        None => (
            offer.course.price.to_string(),
            Role::Plain,
            paint.span(&text::short_format(&offer.course), Role::Muted),
        ),
        Some(why) => {
            let words = text::why_unavailable(offer, why, now).0;
            let words = words.trim_end_matches([':', '.']).to_owned();
            ("—".to_owned(), Role::Muted, paint.span(&words, Role::Warn))
        }
    };
    let role = if offer.course.price.is_zero() && offer.unavailable(now).is_none() {
        Role::Good
    } else {
        Role::Plain
    };
    let left = vec![paint.span(name, name_role)];
    let right = vec![paint.span(&price, role)];
    paint.row(layout::line(area, 0), left, right);
    paint.spans(layout::line(area, 1), vec![second]);
}

/// The lines under the list of regular terminals.
fn short_detail(app: &App, paint: &mut Paint, area: Rect, view: &ProgramView) {
    let facts = paint.span(&text::program_facts(&view.program), Role::Muted);
    let enrolled = match app.live_course(view.program.id) {
        Some(live) => vec![paint.span(&format!("✓ {}", text::enrolled_short(live)), Role::Good)],
        None => Vec::new(),
    };
    paint.row(layout::line(area, 0), vec![facts], enrolled);
    let summary = layout::top(layout::below(area, 1), 2);
    let used = 1 + paint.paragraph(summary, view.program.summary.as_str(), Role::Plain);
    let offers = offers(view, app.now);
    let words = if offers.is_empty() {
        text::TAUGHT_HERE.to_owned()
    } else {
        text::offers_line(&offers, usize::from(area.width), app.skin.ellipsis(), app.now)
    };
    paint.text(layout::line(area, used), &words, Role::Muted);
}
