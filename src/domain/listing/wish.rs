//! What people wish of an offer beside its format and price: when it begins, a free seat, a rating.

use crate::domain::cohort::{Cohort, closes_at};
use crate::domain::time::Instant;
use chrono::{Days, Months, NaiveDate};
use chrono_tz::Tz;

/// A dated start as a list needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartEntry {
    /// The first day.
    pub starts_on: NaiveDate,
    /// When nobody can enroll any more.
    pub closes_at: Instant,
    /// Whether a newcomer gets a seat.
    pub is_free: bool,
}

impl StartEntry {
    /// A start on this day, in the time zone of the place.
    pub fn new(starts_on: NaiveDate, zone: Tz, is_free: bool) -> Self {
        Self { starts_on, closes_at: closes_at(starts_on, zone), is_free }
    }
}

impl From<&Cohort> for StartEntry {
    fn from(cohort: &Cohort) -> Self {
        Self::new(cohort.starts_on, cohort.time_zone, !cohort.is_full())
    }
}

/// How soon one wants to begin. What starts any time starts today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StartsBy {
    /// Today or in the next 14 days.
    TwoWeeks,
    /// Today or in the next month of the calendar.
    Month,
    /// Today or in the next three.
    ThreeMonths,
    /// Before this day.
    Before(NaiveDate),
}

impl StartsBy {
    /// In the order of the menu.
    pub const ALL: [Self; 3] = [Self::TwoWeeks, Self::Month, Self::ThreeMonths];

    /// Whether a start on `day` is soon enough, seen from `now`.
    pub fn holds(self, day: NaiveDate, now: Instant) -> bool {
        let today = now.date_naive();
        match self {
            Self::TwoWeeks => today.checked_add_days(Days::new(14)).is_some_and(|last| day <= last),
            Self::Month => today.checked_add_months(Months::new(1)).is_some_and(|last| day <= last),
            Self::ThreeMonths => today.checked_add_months(Months::new(3)).is_some_and(|last| day <= last),
            Self::Before(end) => day < end,
        }
    }
}

/// The least average rating, in tenths of a star.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MinRating(u32);

impl MinRating {
    /// In the order of the menu.
    pub const ALL: [Self; 3] = [Self(30), Self(40), Self(45)];

    /// Reads `1` to `5` with at most one decimal.
    pub fn parse(raw: &str) -> Option<Self> {
        let (whole, tenth) = raw.split_once('.').unwrap_or((raw, "0"));
        let digit = |part: &str| (part.len() == 1).then(|| part.parse::<u32>().ok()).flatten();
        let tenths = digit(whole)? * 10 + digit(tenth)?;
        (10..=50).contains(&tenths).then_some(Self(tenths))
    }

    /// Whether an average in tenths is as high. Without a review nothing is known, so it is not.
    pub fn holds(self, average: Option<u32>) -> bool {
        average.is_some_and(|average| average >= self.0)
    }

    /// In tenths of a star.
    pub fn tenths(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::now;

    #[test]
    fn soon_counts_its_last_day_and_before_does_not() {
        let today = now().date_naive();
        let day = |days| today + Days::new(days);
        assert!(StartsBy::TwoWeeks.holds(day(14), now()) && !StartsBy::TwoWeeks.holds(day(15), now()));
        assert!(StartsBy::Month.holds(today + Months::new(1), now()));
        assert!(!StartsBy::Month.holds(today + Months::new(1) + Days::new(1), now()));
        assert!(StartsBy::ThreeMonths.holds(today + Months::new(3), now()));
        assert!(
            StartsBy::Before(day(3)).holds(day(2), now()) && !StartsBy::Before(day(3)).holds(day(3), now())
        );
    }

    #[test]
    fn ratings_are_read_to_one_decimal() {
        for (raw, tenths) in [("1", 10), ("4", 40), ("4.5", 45), ("5", 50), ("5.0", 50)] {
            assert_eq!(MinRating::parse(raw).map(MinRating::tenths), Some(tenths), "{raw}");
        }
        for bad in ["", "0", "0.9", "5.1", "6", "10", "-1", "4.55", "4.", ".5", "+4", "4,5", "x", "٤"] {
            assert_eq!(MinRating::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn nothing_is_rated_without_a_review() {
        let [three, four, _] = MinRating::ALL;
        assert!(three.holds(Some(39)) && !four.holds(Some(39)) && four.holds(Some(40)));
        assert!(!three.holds(None));
    }
}
