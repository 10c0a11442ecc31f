//! How a partner's platform answers: "having problems" follows from calls that fail, and passes
//! when they work again. It never pauses anybody.

use crate::domain::time::Instant;
use chrono::TimeDelta;

/// So many failures…
pub const FAILURES: u32 = 3;
/// … within this time are trouble.
pub const WITHIN: TimeDelta = TimeDelta::minutes(10);
/// So many calls in a row that work end it.
pub const SUCCESSES: u32 = 3;
/// Trouble without any new failure for so long counts as over: nobody may have called.
pub const FADES: TimeDelta = TimeDelta::minutes(30);

/// Calls of late that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Health {
    /// Failed calls since `failing_from`.
    pub failures: u32,
    /// Calls that worked since the last failure.
    pub successes: u32,
    /// When the present window of failures began.
    pub failing_from: Option<Instant>,
    /// The last failure.
    pub last_failure_at: Option<Instant>,
    /// Since when it has problems.
    pub troubled_since: Option<Instant>,
}

/// What a call to a partner's platform says about the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallOutcome {
    /// It answered, and be it with a no.
    Worked,
    /// It did not answer, or not as agreed.
    Failed,
}

impl Health {
    /// Since when it has problems; `None` when it has none that are still felt at `now`.
    pub fn troubled(self, now: Instant) -> Option<Instant> {
        let felt = self.last_failure_at.is_some_and(|last| now - last < FADES);
        self.troubled_since.filter(|_| felt)
    }

    /// Whether a call that worked has nothing to clear.
    pub fn is_clear(self) -> bool {
        self == Self::default()
    }

    /// After one more call. Two processes may tell of theirs out of order: time never runs back here.
    #[must_use]
    pub fn after(self, outcome: CallOutcome, at: Instant) -> Self {
        let at = self.last_failure_at.map_or(at, |last| last.max(at));
        // What has passed by itself does not count any more.
        let faded = self.last_failure_at.is_some_and(|last| at - last >= FADES);
        let now = if faded { Self::default() } else { self };
        match outcome {
            CallOutcome::Worked if now.is_clear() => now,
            CallOutcome::Worked if now.successes + 1 >= SUCCESSES => Self::default(),
            CallOutcome::Worked => Self { successes: now.successes + 1, ..now },
            CallOutcome::Failed => now.failed(at),
        }
    }

    fn failed(self, at: Instant) -> Self {
        let next = Self { successes: 0, last_failure_at: Some(at), ..self };
        if self.troubled_since.is_some() {
            return Self { failures: self.failures.saturating_add(1), ..next };
        }
        let recent = |then: &Instant| at - *then <= WITHIN;
        // The window moves on: what is too old falls out of it, at most two failures are waiting in it.
        let (from, failures) = match (self.failing_from.filter(recent), self.last_failure_at.filter(recent)) {
            (Some(from), _) => (from, self.failures.saturating_add(1)),
            (None, Some(last)) => (last, 2),
            (None, None) => (at, 1),
        };
        let troubled_since = (failures >= FAILURES).then_some(from);
        Self { failures, failing_from: Some(from), troubled_since, ..next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CallOutcome::{Failed, Worked};
    use chrono::DateTime;
    use proptest::prelude::*;

    fn at(minute: i64) -> Instant {
        DateTime::from_timestamp(1_760_000_000, 0).expect("an instant") + TimeDelta::minutes(minute)
    }

    fn after(calls: &[(CallOutcome, i64)]) -> Health {
        calls.iter().fold(Health::default(), |health, (outcome, minute)| health.after(*outcome, at(*minute)))
    }

    #[test]
    fn three_failures_within_ten_minutes_are_trouble_since_the_first() {
        assert_eq!(after(&[(Failed, 0), (Failed, 5)]).troubled(at(5)), None);
        assert_eq!(after(&[(Failed, 0), (Failed, 5), (Failed, 10)]).troubled(at(10)), Some(at(0)));
        assert_eq!(after(&[(Failed, 0), (Failed, 9), (Failed, 11)]).troubled(at(11)), None);
        let sliding = after(&[(Failed, 0), (Failed, 9), (Failed, 11), (Failed, 12)]);
        assert_eq!(sliding.troubled(at(12)), Some(at(9)));
    }

    #[test]
    fn three_calls_in_a_row_that_work_end_it() {
        let bad = [(Failed, 0), (Failed, 1), (Failed, 2)];
        let two = [&bad[..], &[(Worked, 3), (Worked, 4)]].concat();
        assert_eq!(after(&two).troubled(at(4)), Some(at(0)));
        assert!(after(&[&two[..], &[(Worked, 5)]].concat()).is_clear());
        let again = [&two[..], &[(Failed, 5), (Worked, 6), (Worked, 7)]].concat();
        assert_eq!(after(&again).troubled(at(7)), Some(at(0)));
    }

    #[test]
    fn old_trouble_passes_by_itself() {
        let bad = after(&[(Failed, 0), (Failed, 1), (Failed, 2)]);
        assert_eq!(bad.troubled(at(31)), Some(at(0)));
        assert_eq!(bad.troubled(at(32)), None);
        assert!(bad.after(Worked, at(40)).is_clear());
        let anew = bad.after(Failed, at(40));
        assert_eq!((anew.failures, anew.troubled_since), (1, None));
    }

    proptest! {
        /// Trouble is there exactly where three failures in a row, with less than three good calls in a
        /// row between them, lie within ten minutes.
        #[test]
        fn it_never_panics_and_keeps_its_word(calls in proptest::collection::vec((any::<bool>(), 0_i64..40), 0..60)) {
            let (mut health, mut minute) = (Health::default(), 0);
            for (failed, pause) in calls {
                minute += pause;
                let before = health;
                let outcome = if failed { Failed } else { Worked };
                health = health.after(outcome, at(minute));
                prop_assert_eq!(health.failing_from.is_some(), health.failures > 0);
                prop_assert_eq!(health.last_failure_at.is_some(), health.failures > 0);
                prop_assert!(health.successes < SUCCESSES);
                prop_assert!(health.troubled_since.is_none() || health.failures >= FAILURES);
                prop_assert!(health.troubled_since.is_some() || health.failures < FAILURES);
                prop_assert!(failed || health.failures <= before.failures, "a call that worked adds no failure");
                if failed {
                    prop_assert_eq!(health.last_failure_at, Some(at(minute)));
                    prop_assert_eq!(health.successes, 0);
                }
            }
        }

        #[test]
        fn any_three_failures_within_ten_minutes_are_noticed(first in 0_i64..10, second in 0_i64..10, before in proptest::collection::vec(0_i64..200, 0..8)) {
            prop_assume!(first + second <= 10);
            let mut before = before;
            before.sort_unstable();
            let mut calls: Vec<_> = before.into_iter().map(|minute| (Failed, minute)).collect();
            calls.extend([(Failed, 200), (Failed, 200 + first), (Failed, 200 + first + second)]);
            prop_assert!(after(&calls).troubled(at(200 + first + second)).is_some());
        }

        #[test]
        fn calls_told_out_of_order_never_move_time_back(minutes in proptest::collection::vec(0_i64..100, 1..30)) {
            let mut health = Health::default();
            for minute in minutes {
                let before = health.last_failure_at;
                health = health.after(Failed, at(minute));
                prop_assert!(health.last_failure_at >= before);
            }
        }
    }
}
