//! The dated starts of a program: a month, and the starts of the day in focus.
//!
//! The days come from ratatui's calendar, which has weeks from Sunday on and two cells a day. It
//! draws into a buffer of its own; from there each day is put where our week has it, with room for
//! the seats that are left.

use super::paint::Paint;
use super::{Line, in_focus, instead_of_list};
use crate::domain::ids::ProgramId;
use crate::ui::app::{App, Dates, Start};
use crate::ui::fit;
use crate::ui::keymap::{self, Action};
use crate::ui::layout::{self, dates as places};
use crate::ui::text;
use crate::ui::theme::Role;
use chrono::{Datelike as _, NaiveDate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget as _;
use ratatui::widgets::calendar::{CalendarEventStore, Monthly};
use time::{Date, Month};

/// What the numbers beside the days are.
fn seats_sign(app: &App) -> String {
    format!("  {}n seats left", before_seats(app))
}

/// What stands before a number of seats; a minus it must not be.
fn before_seats(app: &App) -> &'static str {
    if app.skin.ascii { ":" } else { "·" }
}

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect, program: ProgramId) {
    let Some(dates) = app.dates() else {
        let area = layout::inset(body, 2, 2);
        if app.details.is_gone(program) {
            paint.text(layout::line(area, 1), &text::gone(&app.keymap), Role::Plain);
            return;
        }
        let (failure, retry_at) = (app.details.failure.as_ref(), app.details.retry_at);
        for (line, role) in instead_of_list(app, failure, retry_at, text::LOADING_PROGRAM) {
            paint.paragraph(layout::below(area, 1), &line, role);
        }
        return;
    };
    let parts = places::dates(app, &dates, body);
    whose(app, paint, parts.whose, &dates);
    if dates.starts.is_empty() {
        let shown = dates.only.into_iter().chain(dates.view.offers.iter().filter(|_| dates.only.is_none()));
        let words = if shown.clone().any(|offer| offer.dated) {
            text::none_announced(&app.keymap)
        } else {
            text::any_time(dates.only.map(|offer| offer.provider.name.as_str()), &app.keymap)
        };
        paint.paragraph(layout::below(layout::inset(body, 2, 2), 2), &words, Role::Plain);
        return;
    }
    let mut name = vec![paint.span(&dates.day.format("%B %Y").to_string(), Role::Strong)];
    if parts.days.iter().any(|(day, _)| *day == dates.today) && parts.month.width > 40 {
        name.push(paint.span("  * today", Role::Muted));
    }
    let keys = format!("{} month", app.keymap.sign(Action::PageUp));
    let room = usize::from(parts.month.width).saturating_sub(fit::width(&keys) + 2);
    let sign = seats_sign(app);
    if fit::width_of(&name) + fit::width(&sign) <= room {
        name.push(paint.span(&sign, Role::Muted));
    }
    let keys = vec![paint.span(&keys, Role::Muted)];
    paint.row(parts.month, name, keys);
    month(app, paint, &parts, &dates);
    heading(app, paint, parts.heading, &dates);
    let today = dates.on(dates.day);
    if today.is_empty() {
        let next = dates.next_day(true);
        let words = text::no_start(next, dates.today, &app.keymap);
        paint.paragraph(parts.list, &words, Role::Muted);
    }
    for (index, area) in places::starts(parts.list, today.len(), dates.place()) {
        start(app, paint, area, &today[index], index == dates.place());
    }
}

/// Whose dates they are, and how to see the others.
fn whose(app: &App, paint: &mut Paint, area: Rect, dates: &Dates<'_>) {
    let words = match (dates.only, dates.view.offers.as_slice()) {
        (Some(offer), _) | (None, [offer]) => offer.provider.name.to_string(),
        (None, offers) => {
            let dated: Vec<_> = offers.iter().filter(|offer| offer.dated).collect();
            match dated.as_slice() {
                [offer] => offer.provider.name.to_string(),
                dated => text::count(dated.len(), "partner"),
            }
        }
    };
    let others = keymap::label(app, Action::OtherPartner).is_some() && area.width >= 56;
    let (words_right, role) = match &app.details.failure {
        Some(_) => ("the seats may be old".to_owned(), Role::Warn),
        None if others => (format!("{} other partners", app.keymap.sign(Action::OtherPartner)), Role::Muted),
        None => (String::new(), Role::Muted),
    };
    let left = vec![paint.span("Starts with ", Role::Muted), paint.span(&words, Role::Strong)];
    let right = vec![paint.span(&words_right, role)];
    paint.row(area, left, right);
}

/// The seats left on a day, over all its starts; `None` when all of them are over.
fn seats_left(app: &App, starts: &[Start<'_>]) -> Option<u32> {
    let free = |start: &Start<'_>| if start.cohort.is_full() { 0 } else { start.cohort.seats_left() };
    let open = starts.iter().filter(|start| start.cohort.is_open(app.now));
    open.map(free).reduce(u32::saturating_add)
}

fn role(app: &App, dates: &Dates<'_>, day: NaiveDate) -> Role {
    match seats_left(app, dates.on(day)) {
        _ if day == dates.day => Role::Selected,
        Some(0) => Role::Warn,
        Some(_) => Role::Accent,
        None if dates.on(day).is_empty() && day >= dates.today => Role::Plain,
        None => Role::Muted,
    }
}

fn month(app: &App, paint: &mut Paint, parts: &layout::dates::DatesAreas, dates: &Dates<'_>) {
    let wide = parts.days.first().map_or(0, |(_, place)| place.width);
    for (column, name) in (0..).zip(app.week_starts.days()) {
        let area = Rect { x: parts.weekdays.x + column * wide, width: wide, ..parts.weekdays };
        let name = name.to_string();
        paint.text(layout::inset(area, 1, 0), name.get(..2).unwrap_or(&name), Role::Muted);
    }
    let Some(sheet) = Sheet::of(dates.day, |day| paint.skin.style(role(app, dates, day))) else {
        return;
    };
    for (day, place) in &parts.days {
        if *day == dates.day {
            let before = paint.cursor;
            paint.marker(Rect { width: 1, ..*place });
            if !in_focus(app) {
                paint.cursor = before;
            }
        }
        sheet.put(*day, paint.buf, layout::inset(*place, 1, 0));
        let note = layout::inset(*place, 3, 0);
        let role = role(app, dates, *day);
        let words = note_of(app, dates, *day, wide > 5);
        paint.text(note, &words, role);
    }
}

/// What stands beside the number of a day.
fn note_of(app: &App, dates: &Dates<'_>, day: NaiveDate, wide: bool) -> String {
    let today = day == dates.today;
    let starts = dates.on(day);
    let dot = before_seats(app);
    match (seats_left(app, starts), wide) {
        (None, true) if !starts.is_empty() => " over".to_owned(),
        (None, _) => if today { "*" } else { "" }.to_owned(),
        (Some(0), true) => format!("{}full", if today { "*" } else { " " }),
        (Some(left @ ..1000), true) => format!("{}{dot}{left}", if today { "*" } else { " " }),
        // Five cells: a number that does not fit is not cut into a smaller one.
        (Some(_), true) => format!("{}many", if today { "*" } else { " " }),
        // Two cells: what matters is whether there is a seat at all.
        (Some(left @ 0..10), false) => format!("{dot}{left}"),
        (Some(_), false) => format!("{dot}+"),
    }
}

/// A month as ratatui's calendar draws it, to take the days from.
struct Sheet {
    cells: Buffer,
    /// In which column of its first week the month begins.
    begins: u16,
}

impl Sheet {
    /// The month of `day`; `None` beyond the years that calendar knows.
    fn of(day: NaiveDate, style: impl Fn(NaiveDate) -> Style) -> Option<Self> {
        let first = day.with_day(1)?;
        let mut styles = CalendarEventStore::default();
        for day in first.iter_days().take_while(|next| next.month() == first.month()) {
            styles.add(date(day)?, style(day));
        }
        let month = Monthly::new(date(first)?, styles);
        let area = Rect::new(0, 0, month.width(), 6);
        let mut cells = Buffer::empty(area);
        month.render(area, &mut cells);
        let begins = u16::try_from(first.weekday().num_days_from_sunday()).unwrap_or(0);
        Some(Self { cells, begins })
    }

    /// Puts the number of a day where it belongs.
    fn put(&self, day: NaiveDate, buf: &mut Buffer, place: Rect) {
        const DAY: u16 = 3;
        let number = self.begins + u16::try_from(day.day0()).unwrap_or(0);
        let from = (number % 7 * DAY + 1, number / 7);
        for x in 0..2 {
            let (Some(cell), Some(seat)) =
                (self.cells.cell((from.0 + x, from.1)), buf.cell_mut((place.x + x, place.y)))
            else {
                continue;
            };
            *seat = cell.clone();
        }
    }
}

fn date(day: NaiveDate) -> Option<Date> {
    let month = Month::try_from(u8::try_from(day.month()).ok()?).ok()?;
    Date::from_calendar_date(day.year(), month, u8::try_from(day.day()).ok()?).ok()
}

/// The day in words, and what Enter does with its start in focus.
fn heading(app: &App, paint: &mut Paint, area: Rect, dates: &Dates<'_>) {
    let day = text::start_in_full(dates.day, dates.today);
    let action = match dates.focused() {
        _ if app.work.enrolling.is_some() => format!("{} Enrolling…", app.skin.spinner(app.ticks)),
        _ if app.live_course(dates.view.program.id).is_some() => go(app, "Go to course"),
        None => String::new(),
        Some(start) if !start.cohort.is_open(app.now) => "over".to_owned(),
        Some(start) if start.offer.unavailable(app.now).is_some() => go(app, "Why not"),
        Some(start) if start.cohort.is_full() => go(app, "Join the waitlist"),
        Some(_) => go(app, "Enroll"),
    };
    let right = vec![paint.span(&action, Role::Accent)];
    let mut left = vec![paint.span(&day, Role::Strong)];
    let count = dates.on(dates.day).len();
    if count > 1 {
        left.push(paint.span(&format!(" · {} of {count}", dates.place() + 1), Role::Muted));
    }
    paint.row(area, left, right);
}

fn go(app: &App, words: &str) -> String {
    format!("{words} {}", app.keymap.sign(Action::Go))
}

/// One start of the day: with whom and the price; when, where, and the seats left.
fn start(app: &App, paint: &mut Paint, area: Rect, start: &Start<'_>, focused: bool) {
    let (offer, cohort) = (start.offer, start.cohort);
    let over = !cohort.is_open(app.now) || offer.unavailable(app.now).is_some();
    if focused {
        let sign = paint.span(app.skin.marker(), Role::Accent);
        for row in 0..area.height {
            paint.spans(Rect { width: 1, ..layout::line(area, row) }, vec![sign.clone()]);
        }
    }
    let area = layout::inset(area, 2, 0);
    let name = if over { Role::Muted } else { Role::Strong };
    let left = vec![paint.span(offer.provider.name.as_str(), name)];
    let price = offer.course.price;
    let price_role = if price.is_zero() && !over { Role::Good } else { Role::Plain };
    let seats: Line = match () {
        () if offer.unavailable(app.now).is_some() => vec![paint.span("not available", Role::Muted)],
        () if over => vec![paint.span("over", Role::Muted)],
        () => {
            let role = if cohort.is_full() { Role::Warn } else { Role::Plain };
            let short = area.width < 48 && !cohort.is_full();
            let words = if short { text::short_seats(cohort) } else { text::seats(cohort) };
            vec![paint.span(&words, role)]
        }
    };
    if area.height < 2 {
        let mut right = seats;
        right.push(paint.span(&format!("  {price}"), price_role));
        paint.row(area, left, right);
        return;
    }
    paint.row(layout::line(area, 0), left, vec![paint.span(&price.to_string(), price_role)]);
    let all = usize::from(area.width);
    let beside = all.saturating_sub(fit::width_of(&seats) + 2);
    let place = cohort.location.as_ref().filter(|_| area.height >= 3);
    let meets = match place {
        Some(_) => text::meeting_times(cohort, app.now, app.utc_offset).unwrap_or_default(),
        None => text::meets(cohort, app.now, app.utc_offset),
    };
    let meets = paint.skin.ink(&meets).into_owned();
    // The seats stand where they take the least away.
    let low = area.height >= 3 && fit::width(&meets) > beside;
    let (second, third) = if low { (Line::new(), seats) } else { (seats, Line::new()) };
    let room = |right: &Line| if right.is_empty() { all } else { beside };
    let meets = fit::cut(&meets, room(&second), app.skin.ellipsis());
    let place = place.map(|place| paint.skin.ink(place.as_str()).into_owned()).unwrap_or_default();
    let place = fit::cut(&place, room(&third), app.skin.ellipsis());
    paint.row(layout::line(area, 1), vec![paint.span(&meets, Role::Muted)], second);
    if area.height >= 3 {
        paint.row(layout::line(area, 2), vec![paint.span(&place, Role::Muted)], third);
    }
}
