//! One program: the partners as cards.

use super::compare::mark_role;
use super::paint::Paint;
use super::{Line, in_focus, instead_of_list};
use crate::domain::cohort::open_starts;
use crate::domain::ids::ProgramId;
use crate::domain::views::{Offer, ProgramView};
use crate::ui::app::App;
use crate::ui::fit;
use crate::ui::keymap::Action;
use crate::ui::layout::{self, Stacked, offers};
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

/// Facts and summary, as wide as `width`.
pub(in crate::ui) fn program_intro(app: &App, view: &ProgramView, width: u16) -> Vec<(String, Role)> {
    let room = usize::from(width.saturating_sub(4));
    let mut lines = vec![(text::program_facts(&view.program), Role::Muted)];
    let summary = app.skin.ink(view.program.summary.as_str()).into_owned();
    lines.extend(
        fit::wrap(&summary, room, 3, app.skin.ellipsis()).into_iter().map(|line| (line, Role::Plain)),
    );
    lines
}

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect, id: ProgramId, focus: usize, first: usize) {
    let Some(view) = app.program(id) else {
        unread(app, paint, body, id);
        return;
    };
    let parts = layout::program(app, id, body);
    for (row, (line, role)) in (0..parts.intro.height).zip(program_intro(app, view, body.width)) {
        paint.text(layout::line(parts.intro, row), &line, role);
    }
    heading(app, paint, parts.heading, view);
    let offers = offers(view, app.now);
    for (place, area) in parts.cards.places(first) {
        let focused = place == focus && in_focus(app);
        match offers.get(place) {
            Some(offer) => card(app, paint, area, view, offer, focused),
            None => taught_here(app, paint, area, view, focused),
        }
    }
    more_below(paint, &parts.cards, first);
}

/// What stands where a program would be: reading, gone, or why it can't be read.
pub(super) fn unread(app: &App, paint: &mut Paint, body: Rect, id: ProgramId) {
    let area = layout::inset(body, 2, 2);
    if app.details.is_gone(id) {
        paint.text(layout::line(area, 1), &text::gone(&app.keymap), Role::Plain);
        return;
    }
    let (failure, retry_at) = (app.details.failure.as_ref(), app.details.retry_at);
    for (line, role) in instead_of_list(app, failure, retry_at, text::LOADING_PROGRAM) {
        paint.paragraph(layout::below(area, 1), &line, role);
    }
}

fn heading(app: &App, paint: &mut Paint, area: Rect, view: &ProgramView) {
    let live = app.live_course(view.program.id);
    let (words, right) = match (live, view.offers.len()) {
        (Some(live), _) if live.unpayable(app.now) => {
            (live.provider().map(|provider| text::away(provider, app.now)).unwrap_or_default(), String::new())
        }
        (Some(live), _) if live.awaited().is_some() => (text::awaiting_with(live), String::new()),
        (Some(live), _) => (text::enrolled_with(live), String::new()),
        (None, 0) => ("Taught here".to_owned(), String::new()),
        (None, 1) => (text::NO_CHOICE.to_owned(), String::new()),
        (None, count) if area.width < 60 => (text::CHOOSE.to_owned(), format!("{count} partners")),
        (None, count) => {
            let key = app.keymap.sign(Action::Fits);
            (text::CHOOSE.to_owned(), format!("{count} partners · {key} shows who fits you"))
        }
    };
    let left = vec![paint.span(&words, Role::Strong)];
    let right = vec![paint.span(&right, Role::Muted)];
    paint.row(area, left, right);
}

/// What Enter does, where the card is in focus.
pub(super) fn action(app: &App, view: &ProgramView, offer: Option<&Offer>) -> String {
    if app.work.enrolling.is_some() {
        return format!("{} Enrolling…", app.skin.spinner(app.ticks));
    }
    let live = app.live_course(view.program.id);
    let words = if live.is_some_and(|live| live.awaited().is_some() && !live.unpayable(app.now)) {
        "Pay"
    } else if live.is_some() {
        "Go to course"
    } else if offer.is_some_and(|offer| {
        offer.unavailable(app.now).is_some() || (offer.dated && app.shown_start(offer).is_none())
    }) {
        "Why not"
    } else if let Some(start) = offer.and_then(|offer| app.shown_start(offer)) {
        if start.is_full() { "Join the waitlist" } else { "Enroll" }
    } else if view.offers.len() > 1 {
        "Enroll"
    } else {
        "Enroll now"
    };
    format!("{words} {}", app.keymap.sign(Action::Go))
}

fn act(app: &App, paint: &Paint, view: &ProgramView, offer: Option<&Offer>, focused: bool) -> Line {
    if focused { vec![paint.span(&action(app, view, offer), Role::Accent)] } else { Vec::new() }
}

fn card(app: &App, paint: &mut Paint, area: Rect, view: &ProgramView, offer: &Offer, focused: bool) {
    let inner = paint.frame(area, focused);
    let tall = inner.height >= 3;
    if let Some(why) = offer.unavailable(app.now) {
        let left = vec![paint.span(offer.provider.name.as_str(), Role::Muted)];
        let right = vec![paint.span("not available", Role::Muted)];
        paint.row(layout::line(inner, 0), left, right);
        let (head, tail) = text::why_unavailable(offer, why, app.now);
        // The reason may take the rest of the card, beside what Enter does.
        let room = layout::below(inner, 1);
        let ink = paint.skin.ink(&format!("{head} {tail}")).into_owned();
        let act = act(app, paint, view, Some(offer), focused);
        let beside = if tall { 0 } else { fit::cells(fit::width_of(&act)) + 2 };
        let rows = usize::from(if tall && focused { 2 } else { room.height });
        let lines =
            fit::wrap(&ink, usize::from(room.width.saturating_sub(beside)), rows, paint.skin.ellipsis());
        for (row, line) in (0..).zip(&lines) {
            let spans = match line.strip_prefix(&head).filter(|_| row == 0) {
                Some(rest) => vec![paint.span(&head, Role::Warn), paint.span(rest, Role::Muted)],
                None => vec![paint.span(line, Role::Muted)],
            };
            let last = row + 1 == room.height;
            paint.row(layout::line(room, row), spans, if last { act.clone() } else { Vec::new() });
        }
        if fit::cells(lines.len()) < room.height {
            paint.row(layout::line(room, room.height - 1), Vec::new(), act);
        }
        return;
    }
    let single = view.offers.len() == 1;
    let price = offer.course.price;
    let mut left = Vec::new();
    match &offer.provider.icon {
        // Terminals disagree about how wide an emoji is: only what takes one cell for certain.
        Some(icon) if !single && !app.skin.ascii && fit::width(icon.as_str()) == 1 => {
            left.push(paint.span(&format!("{icon} "), Role::Accent));
        }
        _ => {}
    }
    let name = offer.provider.name.as_str();
    if single {
        left.push(paint.span("Delivered by: ", Role::Muted));
    }
    left.push(paint.span(name, Role::Strong));
    if let Some(fit) = app.fits(view).iter().find(|fit| fit.course == offer.course.id) {
        left.push(paint.span(&format!("  {}", text::mark_with_reasons(fit)), mark_role(fit)));
    }
    let trouble = text::troubled(&offer.provider, app.now, app.utc_offset);
    if let Some(words) = trouble.or_else(|| text::ends(&offer.provider, app.now)) {
        left.push(paint.span(&format!("  {words}"), Role::Warn));
    }
    let right = vec![paint.span(&price.to_string(), if price.is_zero() { Role::Good } else { Role::Strong })];
    if let Some(rating) = text::rated(&offer.rating).filter(|_| !tall) {
        let rating = paint.span(&format!("  {rating}"), Role::Muted);
        let used = fit::width_of(&left) + rating.width() + 2 + fit::width_of(&right);
        if used <= usize::from(inner.width) {
            left.push(rating);
        }
    }
    paint.row(layout::line(inner, 0), left, right);
    let second = if single {
        vec![paint.span("Format: ", Role::Muted), paint.span(offer.course.format.label(), Role::Plain)]
    } else if offer.provider.description.is_empty() {
        vec![paint.span(&text::format_and_pacing(&offer.course), Role::Plain)]
    } else {
        vec![paint.span(offer.provider.description.as_str(), Role::Plain)]
    };
    let act = act(app, paint, view, Some(offer), focused);
    if offer.dated {
        let room = usize::from(inner.width).saturating_sub(fit::width_of(&act) + 2);
        let starts = starts(app, paint, offer, room, focused);
        if tall {
            let rating = text::rated(&offer.rating).unwrap_or_default();
            let rating = vec![paint.span(&rating, Role::Muted)];
            paint.row(layout::line(inner, 1), second, rating);
        }
        paint.row(layout::line(inner, if tall { 2 } else { 1 }), starts, act);
    } else if tall {
        let facts = if single {
            text::single_facts(&view.program, offer)
        } else {
            text::offer_facts(&view.program, offer)
        };
        paint.spans(layout::line(inner, 1), second);
        let third = vec![paint.span(&facts, Role::Muted)];
        paint.row(layout::line(inner, 2), third, act);
    } else {
        paint.row(layout::line(inner, 1), second, act);
    }
}

/// The start that Enter takes, in `room` cells.
fn starts(app: &App, paint: &Paint, offer: &Offer, room: usize, focused: bool) -> Line {
    let Some(start) = app.shown_start(offer) else {
        return vec![paint.span(&text::upper_first(text::NO_NEW_DATES), Role::Warn)];
    };
    let open: Vec<_> = open_starts(&offer.cohorts, app.now).collect();
    let place = open.iter().position(|other| other.id == start.id).map_or(1, |place| place + 1);
    let among = if open.len() < 2 {
        String::new()
    } else if focused && app.card_with_starts().is_some() {
        format!(" · {} {place} of {}", app.keymap.sign(Action::Left), open.len())
    } else {
        format!(" · {place} of {}", open.len())
    };
    let lines = text::start_lines(start, app.today());
    let ways = lines.iter().map(|line| format!("{line}{among}")).chain(lines.iter().cloned());
    let ink = |words: &str| fit::width(&paint.skin.ink(words));
    let words = ways.clone().find(|words| ink(words) <= room).or_else(|| ways.last()).unwrap_or_default();
    vec![paint.span(&words, if start.is_full() { Role::Warn } else { Role::Plain })]
}

fn taught_here(app: &App, paint: &mut Paint, area: Rect, view: &ProgramView, focused: bool) {
    let inner = paint.frame(area, focused);
    let left = vec![paint.span(text::TAUGHT_HERE, Role::Strong)];
    let right = vec![paint.span("Free", Role::Good)];
    paint.row(layout::line(inner, 0), left, right);
    let act = act(app, paint, view, None, focused);
    let second = vec![paint.span(text::HOW_IT_IS_TAUGHT, Role::Muted)];
    if inner.height >= 3 {
        paint.spans(layout::line(inner, 1), second);
        paint.row(layout::line(inner, 2), Vec::new(), act);
    } else {
        paint.row(layout::line(inner, 1), second, act);
    }
}

/// Says how many cards are hidden, in the row that was kept for it.
pub(super) fn more_below(paint: &mut Paint, cards: &Stacked, first: usize) {
    let (shown, all) = (cards.fits(first), cards.heights.len());
    let hidden = all.saturating_sub(first + shown);
    let area = layout::line(cards.area, cards.area.height.saturating_sub(1));
    let Some(words) = text::more(first, hidden) else {
        return;
    };
    let right = vec![paint.span(&words, Role::Muted)];
    paint.row(layout::inset(area, 1, 1), Vec::new(), right);
}
