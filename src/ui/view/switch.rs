//! To another partner: who, what changes, and the one decision.

use super::money::fact;
use super::paint::Paint;
use super::{in_focus, program};
use crate::domain::cohort::open_starts;
use crate::domain::failure::Failure;
use crate::domain::views::Offer;
use crate::ui::app::{App, SwitchScreen};
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect, screen: &SwitchScreen) {
    let Some(course) = app.course(screen.enrollment) else {
        paint.text(layout::line(layout::inset(body, 2, 2), 1), &text::gone(&app.keymap), Role::Plain);
        return;
    };
    if app.program(screen.program).is_none() {
        program::unread(app, paint, body, screen.program);
        return;
    }
    let parts = layout::switch(app, screen, body);
    let title = vec![
        paint.span(course.program_title.as_str(), Role::Strong),
        paint.span(&format!(" {}", text::via_words(course)), Role::Muted),
    ];
    paint.spans(parts.head, title);
    let offers = app.switch_offers(screen);
    let rows = usize::from(parts.list.height);
    for (row, (place, offer)) in (0..).zip(offers.iter().enumerate().skip(parts.first).take(rows)) {
        partner(app, paint, layout::line(parts.list, row), offer, place == screen.focus);
    }
    match &screen.offer {
        Some(Ok(offer)) => {
            let head = layout::line(parts.changes, 0);
            paint.text(head, "What changes", Role::Strong);
            let mut rest = layout::below(parts.changes, 1);
            for (name, words, moves) in text::changes(&offer.quote, app.today()) {
                if rest.is_empty() {
                    break;
                }
                let role = if moves { Role::Strong } else { Role::Plain };
                let used = fact(app, paint, rest, name, &words, role);
                rest = layout::below(rest, used);
            }
            match &offer.refusal {
                Some(refusal) => refused(app, paint, parts.decision, refusal),
                None => decision(app, paint, parts.decision, &text::decide_switch(&offer.quote)),
            }
        }
        Some(Err(failure)) => refused(app, paint, parts.decision, failure),
        None => {
            let words = format!("{} {}", app.skin.spinner(app.ticks), text::QUOTING);
            paint.text(layout::line(parts.changes, 0), &words, Role::Muted);
        }
    }
}

/// One partner in a row: who, which start, how much.
fn partner(app: &App, paint: &mut Paint, area: Rect, offer: &Offer, focused: bool) {
    if focused {
        let before = paint.cursor;
        paint.marker(Rect { x: area.x.saturating_sub(1), width: 1, ..area });
        if !in_focus(app) {
            paint.cursor = before;
        }
    }
    let free = offer.unavailable(app.now).is_none();
    let (price, role) = match (free, offer.course.price.is_zero()) {
        (false, _) => ("not available".to_owned(), Role::Muted),
        (true, true) => (offer.course.price.to_string(), Role::Good),
        (true, false) => (offer.course.price.to_string(), Role::Strong),
    };
    let name_role = match (focused, free) {
        (true, _) => Role::Selected,
        (false, true) => Role::Plain,
        (false, false) => Role::Muted,
    };
    let mut left = vec![paint.span(offer.provider.name.as_str(), name_role)];
    if let Some(start) = app.shown_start(offer).filter(|_| free && offer.dated) {
        let open: Vec<_> = open_starts(&offer.cohorts, app.now).collect();
        let place = open.iter().position(|other| other.id == start.id).map_or(1, |place| place + 1);
        let words = &text::start_lines(start, app.today())[1];
        left.push(paint.span(&format!(" · {words}"), Role::Muted));
        if focused && open.len() > 1 {
            let keys = app.keymap.sign(Action::Left);
            left.push(paint.span(&format!(" · {keys} {place} of {}", open.len()), Role::Muted));
        }
    } else {
        left.push(paint.span(&format!(" · {}", text::format_and_pacing(&offer.course)), Role::Muted));
    }
    let right = vec![paint.span(&price, role)];
    paint.row(area, left, right);
}

/// What Enter does.
fn decision(app: &App, paint: &mut Paint, area: Rect, words: &str) {
    let words = if app.work.switching.is_some() {
        format!("{} {}", app.skin.spinner(app.ticks), text::SWITCHING)
    } else {
        format!("{words} {}", sign_here(app, Action::Go))
    };
    paint.text(layout::line(area, 0), &words, Role::Accent);
}

/// Why it can't be decided here, and who can.
fn refused(app: &App, paint: &mut Paint, area: Rect, failure: &Failure) {
    let words = if app.may_overrule() {
        let go = sign_here(app, Action::Go);
        format!("{} {go} decides with a reason.", failure.message)
    } else {
        failure.message.clone()
    };
    paint.paragraph(area, &words, Role::Warn);
}
