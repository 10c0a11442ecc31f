//! The parts of the screen of dates.

use super::{Hit, Size, below, inset, line, top};
use crate::domain::calendar;
use crate::ui::app::{App, Dates};
use crate::ui::fit;
use chrono::NaiveDate;
use ratatui::layout::{Position, Rect};

/// How wide a day is where there is room: a sign, the day, the seats left.
const WIDE_DAY: u16 = 8;
/// How wide it is on a narrow terminal.
const NARROW_DAY: u16 = 5;

/// The parts of the screen of dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatesAreas {
    /// Whose dates they are.
    pub whose: Rect,
    /// The month's name.
    pub month: Rect,
    /// The names of the days of a week.
    pub weekdays: Rect,
    /// The days in sight, and where.
    pub days: Vec<(NaiveDate, Rect)>,
    /// What is said of the day in focus.
    pub heading: Rect,
    /// Its starts.
    pub list: Rect,
}

/// Divides the screen: the month, and below or beside it the starts of its day.
pub(in crate::ui) fn dates(app: &App, dates: &Dates<'_>, body: Rect) -> DatesAreas {
    /// What the day in focus needs at least: heading and one start.
    const LEAST: u16 = 3;
    let beside = app.size_class() == Size::Wide;
    let room = inset(body, 2, 2);
    let day = if room.width >= WIDE_DAY * 7 { WIDE_DAY } else { NARROW_DAY };
    let whose = line(room, 0);
    let air = u16::from(body.height >= 16);
    let month = Rect { width: (day * 7).min(room.width), ..line(room, 1 + air) };
    let weekdays = Rect { y: month.y + 1, ..month };
    let grid = below(room, 3 + air);
    let weeks = calendar::weeks(dates.day, app.week_starts);
    let wanted = fit::cells(weeks.len());
    let rows = if beside { wanted } else { wanted.min(grid.height.saturating_sub(LEAST).max(1)) };
    let rows = rows.min(grid.height);
    // Where the month is higher than the room, the weeks around the day in focus are shown.
    let week = weeks.iter().position(|week| week.contains(&Some(dates.day))).unwrap_or(0);
    let shown = usize::from(rows);
    let first = (week + 1).saturating_sub(shown.div_ceil(2)).min(weeks.len().saturating_sub(shown));
    let mut days = Vec::with_capacity(31);
    for (y, week) in (grid.y..).zip(weeks.iter().skip(first).take(shown)) {
        for (x, known) in (0..).zip(week) {
            let place = Rect::new(grid.x + x * day, y, day, 1);
            days.extend(known.map(|known| (known, place)));
        }
    }
    let rest = if beside {
        let left = month.width + 4;
        inset(below(room, 1 + air), left, 0)
    } else {
        below(grid, rows + u16::from(grid.height >= rows + LEAST + 2))
    };
    let heading = line(rest, 0);
    DatesAreas { whose, month, weekdays, days, heading, list: below(rest, 1 + u16::from(rest.height >= 8)) }
}

/// How many rows a start of the day takes: three where all of them have that room.
fn start_rows(list: Rect, count: usize) -> u16 {
    match list.height {
        0 | 1 => 1,
        height if usize::from(height) >= count * 3 => 3,
        _ => 2,
    }
}

/// The starts of the day that are in sight, and where.
pub(in crate::ui) fn starts(list: Rect, count: usize, place: usize) -> Vec<(usize, Rect)> {
    let rows = start_rows(list, count);
    let fits = usize::from(list.height / rows.max(1));
    let first = (place + 1).saturating_sub(fits.max(1));
    (first..count)
        .take(fits)
        .zip(0..)
        .map(|(index, row)| (index, top(below(list, row * rows), rows)))
        .collect()
}

/// What is at a cell.
pub(super) fn hit(app: &App, body: Rect, at: Position) -> Option<Hit> {
    let known = app.dates()?;
    let parts = dates(app, &known, body);
    if let Some((day, _)) = parts.days.iter().find(|(_, place)| place.contains(at)) {
        return Some(Hit::Day(*day));
    }
    let places = starts(parts.list, known.on(known.day).len(), known.place());
    places.into_iter().find(|(_, place)| place.contains(at)).map(|(index, _)| Hit::Start(index))
}
