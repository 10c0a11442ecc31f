//! To another partner: who, what changes, and the one decision.

use super::money::{fact, heading};
use super::paint::Paint;
use super::{in_focus, program};
use crate::domain::cohort::open_starts;
use crate::domain::views::Offer;
use crate::ui::app::{App, SwitchScreen};
use crate::ui::fit;
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
    let with = format!(" {}", text::via_words(course));
    heading(app, paint, parts.head, course.program_title.as_str(), &with);
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
        }
        Some(Err(_)) => {}
        None => {
            let words = format!("{} {}", app.skin.spinner(app.ticks), text::QUOTING);
            paint.text(layout::line(parts.changes, 0), &words, Role::Muted);
        }
    }
    let mut rest = parts.decision;
    let lines = decision(app, screen);
    for (place, (words, role)) in lines.iter().enumerate() {
        // Each of those that follow keeps a row.
        let below = fit::cells(lines.len() - 1 - place);
        let used = paint.paragraph(layout::top(rest, rest.height.saturating_sub(below)), words, *role);
        rest = layout::below(rest, used);
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

/// What Enter does, or why it can't be decided here and who can.
pub(in crate::ui) fn decision(app: &App, screen: &SwitchScreen) -> Vec<(String, Role)> {
    let go = |words: &str| (format!("{words} {}", sign_here(app, Action::Go)), Role::Accent);
    if app.work.switching.is_some() {
        return vec![(format!("{} {}", app.skin.spinner(app.ticks), text::SWITCHING), Role::Accent)];
    }
    let refusal = match &screen.offer {
        None => return Vec::new(),
        Some(Ok(offer)) => match &offer.refusal {
            None => return vec![go(&text::decide_switch(&offer.quote))],
            Some(refusal) => refusal,
        },
        Some(Err(failure)) => failure,
    };
    let mut lines = vec![(refusal.message.clone(), Role::Warn)];
    if app.may_overrule() {
        lines.push(go("Decide with a reason"));
    }
    lines
}
