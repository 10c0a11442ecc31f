//! Months as a calendar shows them, and on which day a week begins.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// The first day of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    /// ISO 8601, most of the world.
    #[default]
    Monday,
    /// The Americas, Japan, India, …
    Sunday,
    /// Much of the Arab world.
    Saturday,
}

impl WeekStart {
    /// The day.
    pub fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Mon,
            Self::Sunday => Weekday::Sun,
            Self::Saturday => Weekday::Sat,
        }
    }

    /// The days of a week in their order.
    pub fn days(self) -> [Weekday; 7] {
        let mut next = self.weekday().pred();
        [(); 7].map(|()| {
            next = next.succ();
            next
        })
    }

    /// In which column of a week a day stands, from 0.
    pub fn column(self, day: NaiveDate) -> usize {
        day.weekday().days_since(self.weekday()) as usize
    }
}

/// The earliest and the latest year a calendar shows.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9000;

/// `day`, or the same day `by` days later; it stays where it is at the end of all calendars.
pub fn days_later(day: NaiveDate, by: i64) -> NaiveDate {
    let moved = match u64::try_from(by) {
        Ok(forward) => day.checked_add_days(Days::new(forward)),
        Err(_) => day.checked_sub_days(Days::new(by.unsigned_abs())),
    };
    moved.filter(|day| YEARS.contains(&day.year())).unwrap_or(day)
}

/// The same day some months later, or the last day of a month that is shorter.
pub fn months_later(day: NaiveDate, by: i32) -> NaiveDate {
    let months = Months::new(by.unsigned_abs());
    let moved = if by < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) };
    moved.filter(|day| YEARS.contains(&day.year())).unwrap_or(day)
}

/// The month around `day` in weeks; `None` where a week reaches into another month.
pub fn weeks(day: NaiveDate, start: WeekStart) -> Vec<[Option<NaiveDate>; 7]> {
    let first = day.with_day(1).unwrap_or(day);
    let mut weeks: Vec<[Option<NaiveDate>; 7]> = Vec::with_capacity(6);
    for day in first.iter_days().take_while(|next| next.month() == first.month()) {
        let column = start.column(day);
        if weeks.is_empty() || column == 0 {
            weeks.push([None; 7]);
        }
        if let Some(week) = weeks.last_mut() {
            week[column] = Some(day);
        }
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn months_go_over_the_year_and_stay_within_the_month() {
        assert_eq!(months_later(day(2026, 12, 31), 1), day(2027, 1, 31));
        assert_eq!(months_later(day(2027, 1, 1), -1), day(2026, 12, 1));
        assert_eq!(months_later(day(2027, 1, 31), 1), day(2027, 2, 28));
        assert_eq!(months_later(day(2028, 1, 31), 1), day(2028, 2, 29));
        assert_eq!(months_later(day(2028, 2, 29), 12), day(2029, 2, 28));
        assert_eq!(days_later(day(2028, 2, 28), 1), day(2028, 2, 29));
        assert_eq!(days_later(day(2027, 1, 1), -1), day(2026, 12, 31));
    }

    #[test]
    fn there_is_an_end_to_calendars() {
        assert_eq!(months_later(day(9000, 12, 1), 1), day(9000, 12, 1));
        assert_eq!(days_later(day(1900, 1, 1), -1), day(1900, 1, 1));
        assert_eq!(days_later(day(2026, 1, 1), i64::MIN), day(2026, 1, 1));
    }

    #[test]
    fn a_month_has_every_day_once_whatever_a_week_begins_with() {
        for start in [WeekStart::Monday, WeekStart::Sunday, WeekStart::Saturday] {
            for month in 0..48 {
                let first = months_later(day(2026, 1, 1), month);
                let weeks = weeks(first, start);
                let days: Vec<_> = weeks.iter().flatten().flatten().copied().collect();
                assert_eq!(days.first(), Some(&first));
                assert_eq!(days.last(), Some(&days_later(months_later(first, 1), -1)));
                assert!(days.windows(2).all(|two| days_later(two[0], 1) == two[1]));
                assert!((4..=6).contains(&weeks.len()), "{first} {start:?}");
                for week in weeks {
                    let columns = week.iter().zip(start.days());
                    assert!(
                        columns.filter_map(|(day, of)| day.map(|d| (d, of))).all(|(d, of)| d.weekday() == of)
                    );
                }
            }
        }
    }

    #[test]
    fn a_february_may_fill_four_weeks() {
        assert_eq!(weeks(day(2027, 2, 14), WeekStart::Monday).len(), 4);
        assert_eq!(weeks(day(2027, 2, 14), WeekStart::Sunday).len(), 5);
        assert_eq!(weeks(day(2026, 8, 1), WeekStart::Monday).len(), 6);
    }
}
