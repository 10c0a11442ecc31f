//! The checkout, the wait for a payment, and what a course says of its money.

use super::paint::Paint;
use super::{in_focus, overlays, program};
use crate::domain::ids::{EnrollmentId, ProgramId};
use crate::domain::payment::Till;
use crate::domain::views::CourseView;
use crate::ui::app::App;
use crate::ui::fit;
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

/// How wide the names of the facts are.
const LABEL: usize = 14;

/// With less than this of a course's title nobody knows what it is.
const LEAST_OF_A_TITLE: usize = 6;

/// Lines that know their role before it is known whether there is room for them.
type Lines = Vec<(String, String, Role)>;

/// What, via whom, when, how much, what is paid back; and what Enter does.
pub(super) fn checkout(app: &App, paint: &mut Paint, body: Rect, id: ProgramId) {
    let Some(at) = app.checkout() else {
        program::unread(app, paint, body, id);
        return;
    };
    let (view, offer) = (at.view, at.offer);
    let price = offer.course.price;
    let mut lines: Lines = Vec::new();
    let mut fact = |name: &str, words: String, role: Role| lines.push((name.to_owned(), words, role));
    let refunds = offer.provider.refunds.sentence();
    // Where there is little room, what is agreed to comes before what stands on the line above or in
    // the program.
    let small = body.height < 12;
    if !small {
        fact("Price", price.to_string(), Role::Strong);
    }
    fact("Starts", text::starts(at.cohort, app.today()), Role::Plain);
    if small {
        fact("", refunds.clone(), Role::Plain);
    }
    if let Some(times) = at.cohort.and_then(|cohort| text::meeting_times(cohort, app.now, app.utc_offset)) {
        fact("When", times, Role::Plain);
    }
    if let Some(place) = at.cohort.and_then(|cohort| cohort.location.as_ref()) {
        fact("Where", place.to_string(), Role::Plain);
    }
    fact("Format", text::format_and_pacing(&offer.course), Role::Plain);
    if !small {
        fact("Refunds", refunds, Role::Plain);
    }
    fact("Payment", text::WHERE_PAID.to_owned(), Role::Plain);
    if app.till == Till::Sandbox {
        fact("", text::PLAY_MONEY.to_owned(), Role::Warn);
    }
    let doing = if app.is_acting() {
        format!("{} One moment…", app.skin.spinner(app.ticks))
    } else {
        format!("{} {}", text::pay_in_browser(price), sign_here(app, Action::Go))
    };
    let title = (view.program.title.as_str(), format!(" via {}", offer.provider.name));
    sheet(app, paint, body, &title, (&doing, ""), lines);
}

/// An enrollment waits for its payment.
pub(super) fn wait(app: &App, paint: &mut Paint, body: Rect, id: EnrollmentId) {
    let Some(course) = app.course(id) else {
        paint.text(layout::line(layout::inset(body, 2, 2), 1), &text::gone(&app.keymap), Role::Plain);
        return;
    };
    let title = (course.program_title.as_str(), format!(" {}", text::via_words(course)));
    let Some(payment) = course.awaited().filter(|_| !course.unpayable(app.now)) else {
        let words = text::unpayable(course, app.now).or_else(|| text::standing_of(course, &app.keymap));
        let words = words.unwrap_or_else(|| "There is nothing to pay.".to_owned());
        let doing = match crate::ui::card::next(course, app.now) {
            crate::ui::card::Next::Details => String::new(),
            next => format!("{} {}", next.label(), sign_here(app, Action::Go)),
        };
        let mut lines = vec![(String::new(), words, Role::Warn)];
        if course.money.parked().is_some() {
            lines.push((String::new(), text::KEPT_MEANWHILE.to_owned(), Role::Plain));
        }
        sheet(app, paint, body, &title, (&doing, ""), lines);
        return;
    };
    // A code is for whoever has no browser here.
    let shown = payment.url.as_ref().filter(|_| app.work.browser == Some(false));
    let code = shown.and_then(|url| layout::page_code(app, url, body));
    let beside = code.as_ref().map_or(0, |qr| qr.width + 3);
    let words = Rect { width: body.width.saturating_sub(beside), ..body };
    let spinner = app.skin.spinner(app.ticks);
    let room = usize::from(layout::inset(words, 2, 2).width);
    let full = format!("{spinner} {}", text::awaiting(payment.amount));
    let doing = if fit::width(&full) <= room {
        full
    } else {
        format!("{spinner} {}", text::awaiting_short(payment.amount))
    };
    let held = text::held(course.enrollment.hold_until, app.now);
    let mut lines: Lines = Vec::new();
    let mut fact = |name: &str, words: String, role: Role| lines.push((name.to_owned(), words, role));
    if let Some(declined) = text::declined(payment) {
        fact("Declined", declined, Role::Bad);
    }
    match &payment.url {
        Some(url) => {
            let how = match app.work.browser {
                Some(false) => text::use_page(url.is_loopback(), code.is_some()),
                _ => text::PAGE_OPENED,
            };
            fact("", how.to_owned(), Role::Plain);
            fact("", url.to_string(), Role::Accent);
            if app.work.page_copied {
                fact("", text::COPIED.to_owned(), Role::Muted);
            }
        }
        None => fact("", text::OPENING_PAGE.to_owned(), Role::Plain),
    }
    if payment.processor.is_sandbox() {
        fact("", text::PLAY_MONEY.to_owned(), Role::Warn);
    }
    let since = text::time(payment.created_at, app.utc_offset);
    fact(
        "Since",
        format!("{since} ({})", crate::domain::time::ago(app.now, payment.created_at)),
        Role::Plain,
    );
    let until = text::held_until(course.enrollment.hold_until, app.now, app.utc_offset);
    fact("Held until", until, Role::Plain);
    if let Some(cohort) = &course.cohort {
        let today = text::today_there(cohort, app.now);
        fact("Starts", text::start_in_full(cohort.starts_on, today), Role::Plain);
    }
    if let Some(old) = course.enrollment.replaces_id {
        fact("Until then", text::upper_first(&text::keeps(app.course(old))), Role::Plain);
    }
    fact("Then", text::THEN.to_owned(), Role::Plain);
    fact("", text::MAY_LEAVE.to_owned(), Role::Muted);
    sheet(app, paint, words, &title, (&doing, &held), lines);
    if let Some(qr) = code {
        let place = Rect {
            x: body.right().saturating_sub(qr.width + 2),
            y: body.y + body.height.saturating_sub(qr.height) / 2,
            width: qr.width,
            height: qr.height,
        };
        overlays::code(app, paint, qr, place);
    }
}

/// A title, what Enter does or what is waited for, and facts; what has no room is left out from the end.
fn sheet(
    app: &App,
    paint: &mut Paint,
    body: Rect,
    title: &(&str, String),
    (doing, age): (&str, &str),
    lines: Lines,
) {
    let area = layout::inset(body, 2, 2);
    let air = u16::from(body.height >= 12);
    heading(app, paint, layout::line(area, air), title.0, &title.1);
    let line = layout::line(area, 1 + 2 * air);
    if !doing.is_empty() {
        let before = paint.cursor;
        paint.marker(Rect { x: line.x.saturating_sub(1), width: 1, ..line });
        if !in_focus(app) {
            paint.cursor = before;
        }
    }
    // How much is to be paid matters more; how long the place is held stands below too.
    let fits = fit::width(doing) + fit::width(age) + 2 <= usize::from(line.width);
    let right = vec![paint.span(if fits { age } else { "" }, Role::Warn)];
    let left = vec![paint.span(doing, Role::Accent)];
    paint.row(line, left, right);
    let above = if doing.is_empty() { 1 + 2 * air } else { 2 + 3 * air };
    let mut rest = layout::below(area, above);
    for (name, words, role) in lines {
        let used = fact(app, paint, rest, &name, &words, role);
        rest = layout::below(rest, used);
        if rest.is_empty() {
            break;
        }
    }
}

/// A course and whom it is with. Who gets the money is never cut: the program stands above, too.
pub(super) fn heading(app: &App, paint: &mut Paint, line: Rect, course: &str, with: &str) {
    let room = usize::from(line.width).checked_sub(fit::width(&app.skin.ink(with)));
    let ink = app.skin.ink(course);
    let course = match room.filter(|room| *room >= LEAST_OF_A_TITLE) {
        Some(room) => fit::cut(&ink, room, app.skin.ellipsis()),
        None => ink.into_owned(),
    };
    paint.spans(line, vec![paint.span(&course, Role::Strong), paint.span(with, Role::Muted)]);
}

/// A name and its value over as many rows as it takes; a value without a name has the whole width.
pub(super) fn fact(app: &App, paint: &mut Paint, area: Rect, name: &str, words: &str, role: Role) -> u16 {
    let label = if name.is_empty() { 0 } else { LABEL };
    let ink = app.skin.ink(words).into_owned();
    let room = usize::from(area.width).saturating_sub(label).max(10);
    let lines = fit::wrap(&ink, room, usize::from(area.height), app.skin.ellipsis());
    for (row, line) in (0..).zip(&lines) {
        let name = if row == 0 { name } else { "" };
        let spans = vec![paint.span(&format!("{name:<label$}"), Role::Muted), paint.span(line, role)];
        paint.spans(layout::line(area, row), spans);
    }
    fit::cells(lines.len())
}

/// What a course's own screen says of its money.
pub(super) fn facts(app: &App, course: &CourseView) -> Vec<(&'static str, String, Role)> {
    let mut out = Vec::new();
    for payment in course.money.payments.iter().rev() {
        if let Some(words) = text::paid_on(payment, app.now, app.utc_offset) {
            let what = text::part_of_switch(course, payment).map(|what| format!(", {what}"));
            out.push(("Paid", words + &what.unwrap_or_default(), Role::Plain));
        }
    }
    if let Some(payment) = course.money.parked() {
        out.push(("Payment", text::parked(payment), Role::Bad));
    }
    if course.awaited().is_some() {
        let until = text::held_until(course.enrollment.hold_until, app.now, app.utc_offset);
        out.push(("Held until", until, Role::Warn));
    }
    for (words, failed) in text::refunds(course) {
        let words = text::upper_first(&words);
        let again = app.keymap.word(Action::TryAgain);
        if failed && course.unreturned().is_some() {
            out.push(("Needs you", format!("{words}. {again} tries again."), Role::Bad));
        } else {
            out.push(("Refund", words, if failed { Role::Bad } else { Role::Plain }));
        }
    }
    out
}
