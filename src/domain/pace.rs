//! How fast somebody goes, from what was reported.

use crate::domain::progress::{Percent, ProgressSample};
use crate::domain::time::Instant;
use chrono::{NaiveDate, TimeDelta, TimeZone};

/// How far back is looked: what was long ago says nothing of the pace now.
const WINDOW: TimeDelta = TimeDelta::days(14);
/// Fewer figures than that are chance.
const FEWEST: usize = 3;
/// An afternoon is no pace.
const SHORTEST: TimeDelta = TimeDelta::days(1);
/// A day further off than that is no day to name.
const FURTHEST: TimeDelta = TimeDelta::days(730);

/// What was gained lately, and what that leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many percent.
    pub gained: u8,
    /// Since which day.
    pub since: NaiveDate,
    /// At this pace it is all done on this day.
    pub done_by: NaiveDate,
}

/// The pace of the last two weeks; `None` where there are too few figures, nothing was gained, it took too
/// short a time, or the day would be years away. The order of the samples does not matter.
pub fn pace<Z: TimeZone>(samples: &[ProgressSample], now: Instant, zone: &Z) -> Option<Pace> {
    let recent = |at: Instant| at <= now && now.signed_duration_since(at) <= WINDOW;
    let mut figures: Vec<(Instant, Percent)> =
        samples.iter().filter_map(|one| Some((one.at, one.percent?))).filter(|(at, _)| recent(*at)).collect();
    figures.sort_unstable();
    let (&(from, first), &(until, _)) = (figures.first()?, figures.last()?);
    // What was done once stays done: a lower report is no step back.
    let reached = figures.iter().map(|(_, percent)| *percent).max()?;
    let (span, gained) = (until.signed_duration_since(from), reached.get() - first.get());
    let completed = samples.iter().any(|one| one.completed);
    if figures.len() < FEWEST || span < SHORTEST || gained == 0 || reached == Percent::FULL || completed {
        return None;
    }
    let left = i32::from(Percent::FULL.get() - reached.get());
    let done_at = until.checked_add_signed(span.checked_mul(left)? / i32::from(gained))?;
    if done_at < now || done_at.signed_duration_since(now) > FURTHEST {
        return None;
    }
    let day = |at: Instant| at.with_timezone(zone).date_naive();
    Some(Pace { gained, since: day(from), done_by: day(done_at) })
}

/// Those of the samples, newest first, that say something else than the one before; newest first, too.
pub fn changes(samples: &[ProgressSample]) -> Vec<&ProgressSample> {
    // Two of one moment stand in the order they came.
    let mut by_age: Vec<&ProgressSample> = samples.iter().rev().collect();
    by_age.sort_by_key(|one| one.at);
    // A report without a figure is no change of it.
    by_age.retain(|one| one.percent.is_some() || one.failed == Some(true) || one.completed);
    let says = |one: &ProgressSample| (one.percent, one.failed.unwrap_or_default(), one.completed);
    by_age.dedup_by(|later, before| says(later) == says(before));
    by_age.reverse();
    by_age
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SampleId;
    use crate::domain::progress::ProgressSource;
    use chrono::{DateTime, FixedOffset, Utc};
    use proptest::prelude::*;

    fn now() -> Instant {
        DateTime::parse_from_rfc3339("2026-03-06T12:00:00Z").expect("an instant").to_utc()
    }

    /// So many hours ago.
    fn sample(hours: i64, percent: Option<u8>) -> ProgressSample {
        ProgressSample {
            id: SampleId::from(uuid::Uuid::nil()),
            percent: percent.and_then(|percent| Percent::new(percent.into())),
            completed: false,
            failed: None,
            at: now() - TimeDelta::hours(hours),
            source: ProgressSource::Partner,
        }
    }

    fn samples(said: &[(i64, u8)]) -> Vec<ProgressSample> {
        said.iter().map(|(hours, percent)| sample(*hours, Some(*percent))).collect()
    }

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
    }

    #[test]
    fn tells_what_was_gained_and_when_it_ends() {
        // Ten percent in five days: the sixty that are left take thirty.
        let said = samples(&[(120, 30), (48, 36), (0, 40)]);
        let pace = pace(&said, now(), &Utc).expect("a pace");
        assert_eq!(pace, Pace { gained: 10, since: day(3, 1), done_by: day(4, 5) });
    }

    #[test]
    fn the_days_are_those_of_the_student() {
        let said = samples(&[(120, 30), (48, 36), (0, 40)]);
        let east = FixedOffset::east_opt(13 * 3600).expect("an offset");
        assert_eq!(pace(&said, now(), &east).map(|pace| pace.since), Some(day(3, 2)));
    }

    #[test]
    fn says_nothing_where_it_would_guess() {
        let none =
            |said: &[(i64, u8)], why: &str| assert_eq!(pace(&samples(said), now(), &Utc), None, "{why}");
        none(&[], "nothing");
        none(&[(120, 30), (0, 40)], "too few");
        none(&[(120, 40), (48, 40), (0, 40)], "no gain");
        none(&[(120, 40), (48, 30), (0, 35)], "a fall");
        none(&[(20, 30), (10, 36), (0, 40)], "too short");
        none(&[(330, 1), (100, 1), (0, 2)], "years away");
        none(&[(120, 80), (48, 90), (0, 100)], "done");
        none(&[(900, 10), (800, 20), (700, 30)], "long ago");
        none(&[(240, 10), (216, 60), (192, 90)], "it should be over");
        let mut completed = samples(&[(120, 30), (48, 36), (0, 40)]);
        completed[2].completed = true;
        assert_eq!(pace(&completed, now(), &Utc), None);
    }

    #[test]
    fn changes_leave_out_what_was_said_before() {
        let mut said = samples(&[(100, 10), (76, 10), (52, 20), (28, 15), (4, 15)]);
        said.push(sample(2, None));
        let figures: Vec<_> = changes(&said).iter().filter_map(|one| one.percent.map(Percent::get)).collect();
        assert_eq!(figures, [15, 20, 10]);
    }

    proptest! {
        #[test]
        fn whatever_was_reported_it_says_something_sensible_or_nothing(
            said in prop::collection::vec((-100_i64..1_000, prop::option::of(0_u8..=100)), 0..30),
        ) {
            let reports: Vec<_> = said.iter().map(|(hours, percent)| sample(*hours, *percent)).collect();
            let found = pace(&reports, now(), &Utc);
            let mut backwards = reports.clone();
            backwards.reverse();
            prop_assert_eq!(pace(&backwards, now(), &Utc), found, "the order matters");
            prop_assert!(changes(&reports).len() <= reports.len());
            if let Some(pace) = found {
                let today = now().date_naive();
                prop_assert!((1..=100).contains(&pace.gained));
                prop_assert!(pace.since <= today && pace.since >= (now() - WINDOW).date_naive());
                prop_assert!(pace.done_by >= today && pace.done_by <= (now() + FURTHEST).date_naive());
                prop_assert!(reports.iter().filter(|one| one.percent.is_some()).count() >= FEWEST);
            }
        }

        #[test]
        fn a_steady_pace_is_met(per_day in 1_u8..=10, days in 2_i64..=9) {
            let said: Vec<_> = (0..=days).map(|ago| (ago * 24, per_day * u8::try_from(days - ago).unwrap())).collect();
            let left = TimeDelta::hours(24 * (100 - i64::from(per_day) * days) / i64::from(per_day));
            let pace = pace(&samples(&said), now(), &Utc).expect("a pace");
            prop_assert!((pace.done_by - (now() + left).date_naive()).num_days().abs() <= 1);
        }
    }
}
