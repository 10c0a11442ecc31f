//! A place in a queue, or a seat that is kept, as a card of My courses; and the question whether to wait.

use super::overlays::{bottom, title};
use super::paint::Paint;
use crate::domain::decide::Choice;
use crate::domain::waitlist::{WaitlistStatus, WaitlistView};
use crate::ui::app::{App, Wish};
use crate::ui::fit;
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

pub(super) fn card(app: &App, paint: &mut Paint, area: Rect, entry: &WaitlistView, focused: bool) {
    let inner = paint.frame(area, focused);
    let offered = entry.is_offer(app.now);
    let (state, role) = match entry.status {
        _ if offered => ("needs your answer", Role::Warn),
        WaitlistStatus::Waiting => ("waiting for a seat", Role::Muted),
        _ => ("no seat this time", Role::Muted),
    };
    let name = paint.span(entry.program_title.as_str(), Role::Strong);
    let via = format!("via {}", entry.partner);
    if inner.height >= 3 {
        let state = paint.span(state, role);
        paint.row(layout::line(inner, 0), vec![name], vec![state]);
        let start = paint.span(&format!(" · {}", text::start(&entry.cohort)), Role::Muted);
        paint.spans(layout::line(inner, 1), vec![paint.span(&via, Role::Plain), start]);
    } else {
        let via = paint.span(&via, Role::Plain);
        paint.row(layout::line(inner, 0), vec![name], vec![via]);
    }
    let (words, role) = action(app, entry, focused, offered);
    let action = paint.span(&words, role);
    let room = usize::from(inner.width).saturating_sub(fit::width(&action.content) + 2);
    let forms = text::standing(entry, app.now, app.utc_offset);
    let words = forms.iter().find(|form| fit::width(form) <= room).or(forms.last());
    let role = if offered { Role::Good } else { Role::Plain };
    let standing = paint.span(words.map(String::as_str).unwrap_or_default(), role);
    paint.row(layout::line(inner, inner.height.saturating_sub(1)), vec![standing], vec![action]);
}

fn action(app: &App, entry: &WaitlistView, focused: bool, offered: bool) -> (String, Role) {
    if app.work.answering.is_some_and(|(_, id)| id == entry.entry.id) {
        return (format!("{} One moment…", app.skin.spinner(app.ticks)), Role::Accent);
    }
    let label = if offered { "Take the seat" } else { "See the program" };
    if focused {
        (format!("{label} {}", app.keymap.sign(Action::Go)), Role::Accent)
    } else {
        (label.to_owned(), Role::Muted)
    }
}

/// Leave the queue, or decline the seat?
pub(super) fn confirm(app: &App, paint: &mut Paint, area: Rect, inner: Rect, entry: &WaitlistView) {
    let offered = entry.is_offer(app.now);
    title(paint, area, if offered { "Decline the seat" } else { "Leave the waitlist" });
    let name = vec![
        paint.span(entry.program_title.as_str(), Role::Strong),
        paint.span(&format!(" via {}", entry.partner), Role::Muted),
    ];
    paint.spans(layout::line(inner, 0), name);
    let under = layout::below(inner, 2);
    let words = text::leaving_means(entry);
    paint.paragraph(layout::top(under, under.height.saturating_sub(1)), &words, Role::Plain);
    let keep = format!("{} keeps it", sign_here(app, Action::Close));
    let go = if offered { "Decline" } else { "Leave" };
    bottom(paint, inner, &keep, &format!("{go} {}", sign_here(app, Action::Go)));
}

/// The start is full: wait?
pub(super) fn question(app: &App, paint: &mut Paint, area: Rect, inner: Rect, (program, choice): Wish) {
    title(paint, area, "This start is full");
    let view = app.program(program);
    let offer = view.and_then(|view| {
        view.offers.iter().find(|offer| Some(offer.course.id) == choice.course()).or(view.offers.first())
    });
    let cohort = offer.and_then(|offer| match choice {
        Choice::Cohort(_, id) => offer.cohorts.iter().find(|cohort| cohort.id == id),
        Choice::Unmade | Choice::Course(_) => offer.cohorts.iter().find(|cohort| cohort.is_open(app.now)),
    });
    if let (Some(offer), Some(cohort)) = (offer, cohort) {
        let room = layout::top(inner, inner.height.saturating_sub(1));
        let words = text::joining_means(offer, cohort);
        paint.paragraph(room, &words, Role::Plain);
    }
    let close = format!("{} closes", sign_here(app, Action::Close));
    bottom(paint, inner, &close, &format!("Join the waitlist {}", sign_here(app, Action::Go)));
}
