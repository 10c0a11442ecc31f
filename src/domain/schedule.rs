//! When in the week a course meets: `Mon + Wed 18:00`, `Tue, Thu 09:30-12:00`, as a person wrote it.

use crate::domain::cohort::Cohort;
use crate::domain::time::Instant;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Weekday};
use chrono_tz::Tz;

/// A schedule that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weekly {
    /// On which days.
    pub days: Vec<Weekday>,
    /// From when, by the clock of the place.
    pub from: NaiveTime,
    /// Until when, where it says so.
    pub until: Option<NaiveTime>,
}

/// One meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The day at the place.
    pub day: NaiveDate,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

/// How long a meeting is where the schedule does not say.
pub const ASSUMED: TimeDelta = TimeDelta::hours(1);
/// Nobody meets more often in one course.
const MOST: usize = 366;

impl Weekly {
    /// Reads a schedule; `None` for any other text.
    pub fn parse(words: &str) -> Option<Self> {
        let words = words.replace(['+', ',', '/', '&'], " ").replace(" and ", " ");
        let words: Vec<&str> = words.split_whitespace().collect();
        let times = words.iter().position(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
        let (days, times) = words.split_at(times);
        let days: Option<Vec<Weekday>> = days.iter().map(|word| word.parse().ok()).collect();
        let times = times.concat().replace('–', "-");
        let (from, until) = match times.split_once('-') {
            Some((from, until)) => (time(from)?, Some(time(until)?)),
            None => (time(&times)?, None),
        };
        // What ends before it begins is no time of day that can be trusted.
        let sound = until.is_none_or(|until| until > from);
        days.filter(|days| !days.is_empty() && sound).map(|days| Self { days, from, until })
    }

    fn session(&self, day: NaiveDate, zone: Tz) -> Session {
        let from = at(day.and_time(self.from), zone);
        let until = self.until.map_or(from + ASSUMED, |until| at(day.and_time(until), zone));
        Session { day, from, until: until.max(from) }
    }
}

fn time(words: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(words, "%H:%M").ok()
}

/// A time of the clock at the place; where it is skipped in spring, as much later.
fn at(local: NaiveDateTime, zone: Tz) -> Instant {
    let found = (0..=4).find_map(|half_hours| {
        zone.from_local_datetime(&(local + TimeDelta::minutes(half_hours * 30))).earliest()
    });
    found.map_or_else(|| local.and_utc(), |found| found.to_utc())
}

/// All meetings from the first day to the last; of a course without a last day only the first.
/// Empty where the schedule can't be read.
pub fn sessions(cohort: &Cohort) -> Vec<Session> {
    let Some(weekly) = cohort.schedule.as_ref().and_then(|words| Weekly::parse(words.as_str())) else {
        return Vec::new();
    };
    let (last, most) = match cohort.ends_on {
        Some(last) => (last, MOST),
        None => (NaiveDate::MAX, 1),
    };
    let days = cohort.starts_on.iter_days().take_while(|day| *day <= last);
    let meets = days.filter(|day| weekly.days.contains(&day.weekday()));
    meets.take(most).map(|day| weekly.session(day, cohort.time_zone)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::cohort;
    use chrono::Weekday::{Mon, Sat, Thu, Tue, Wed};

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn reads_what_people_write() {
        let read = |words| Weekly::parse(words).map(|weekly| (weekly.days, weekly.from, weekly.until));
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        assert_eq!(read("Mon + Wed 18:00"), Some((vec![Mon, Wed], time(18, 0), None)));
        assert_eq!(read("Tue, Thu 9:30-12:00"), Some((vec![Tue, Thu], time(9, 30), Some(time(12, 0)))));
        assert_eq!(read("saturday 10:00 – 16:30"), Some((vec![Sat], time(10, 0), Some(time(16, 30)))));
        for other in [
            "",
            "evenings",
            "18:00",
            "Mon",
            "Mon 25:00",
            "Mon 18",
            "Mon 18:00-17:00",
            "Foo 18:00",
            "Mon 18:00 Tue 19:00",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn the_clock_of_the_place_counts_also_when_it_changes() {
        // Chicago sets its clocks back on Sunday 1 November 2026.
        let mut class = cohort(day(2026, 10, 26), 12, 0);
        class.ends_on = Some(day(2026, 11, 4));
        let from: Vec<String> = sessions(&class).iter().map(|one| one.from.to_rfc3339()).collect();
        let expected = ["2026-10-26T23:00", "2026-10-28T23:00", "2026-11-03T00:00", "2026-11-05T00:00"];
        assert_eq!(from, expected.map(|at| format!("{at}:00+00:00")));
    }

    #[test]
    fn the_first_meeting_may_come_after_the_first_day() {
        let mut class = cohort(day(2026, 12, 1), 12, 0);
        assert_eq!(sessions(&class).iter().map(|one| one.day).collect::<Vec<_>>(), [day(2026, 12, 2)]);
        class.schedule = Some("whenever you like".into());
        assert_eq!(sessions(&class), []);
    }

    #[test]
    fn a_time_that_is_skipped_comes_later() {
        let mut class = cohort(day(2026, 3, 8), 12, 0);
        class.schedule = Some("Sun 02:30".into());
        assert_eq!(sessions(&class)[0].from.to_rfc3339(), "2026-03-08T08:00:00+00:00");
    }
}
