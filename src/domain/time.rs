//! Instants: UTC, whole microseconds, because that is what both databases keep.

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};

/// A moment in UTC.
pub type Instant = DateTime<Utc>;

/// Cuts `at` to whole microseconds, so that what is read back equals what was written.
pub fn to_micros(at: Instant) -> Instant {
    at.trunc_subsecs(6)
}

/// How long ago `then` was, in words: "just now", "2 minutes ago", "3 weeks ago".
pub fn ago(now: Instant, then: Instant) -> String {
    let age = now.signed_duration_since(then).max(TimeDelta::zero());
    let (count, unit) = match age.num_minutes() {
        0 => return "just now".to_owned(),
        minutes @ 1..60 => (minutes, "minute"),
        minutes @ 60..1_440 => (minutes / 60, "hour"),
        minutes @ 1_440..20_160 => (minutes / 1_440, "day"),
        minutes @ 20_160..86_400 => (minutes / 10_080, "week"),
        minutes @ 86_400..1_051_200 => (minutes / 43_200, "month"),
        minutes => (minutes / 525_600, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

/// A day as a person reads it: `Tue 1 Dec 2026`.
pub fn day(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

/// How far in the future something written down may lie before a clock must be wrong: machines
/// that share a database are never quite of one mind.
const TOLERANCE: TimeDelta = TimeDelta::minutes(10);

/// The newest instant that was written down, when it lies so far in the future of `now` that a
/// clock must be wrong: this machine's, or that of whoever wrote it.
pub fn from_the_future(now: Instant, newest: Option<Instant>) -> Option<Instant> {
    newest.filter(|at| at.signed_duration_since(now) > TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_age_in_the_largest_fitting_unit() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).expect("a valid instant");
        for (minutes, words) in [
            (0, "just now"),
            (1, "1 minute ago"),
            (59, "59 minutes ago"),
            (60, "1 hour ago"),
            (1_440, "1 day ago"),
            (20_160, "2 weeks ago"),
            (86_400, "2 months ago"),
            (1_051_200, "2 years ago"),
        ] {
            assert_eq!(ago(now, now - TimeDelta::minutes(minutes)), words);
        }
        assert_eq!(ago(now, now + TimeDelta::hours(2)), "just now");
    }

    #[test]
    fn a_clock_is_wrong_only_when_the_past_lies_clearly_in_the_future() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).expect("a valid instant");
        let after = |minutes| Some(now + TimeDelta::minutes(minutes));
        for fine in [None, after(-60), after(0), after(10)] {
            assert_eq!(from_the_future(now, fine), None);
        }
        assert_eq!(from_the_future(now, after(11)), after(11));
    }
}
