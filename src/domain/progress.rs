//! How far somebody is, as reported.

use crate::domain::ids::SampleId;
use crate::domain::program::codes;
use crate::domain::time::Instant;
use std::fmt;

/// Whole percent, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percent(u8);

impl Percent {
    /// Nothing done.
    pub const ZERO: Self = Self(0);
    /// Everything done; only the partner's own "completed" completes.
    pub const FULL: Self = Self(100);

    /// Takes what a partner reports: rounds down, so that 99.6 is not "all done";
    /// `None` for what is no share of a hundred.
    pub fn reported(value: f64) -> Option<Self> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be within 0..=100"
        )]
        (0.0..=100.0).contains(&value).then(|| Self(value.floor() as u8))
    }

    /// From a number that is already whole.
    pub fn new(value: i64) -> Option<Self> {
        u8::try_from(value).ok().filter(|value| *value <= 100).map(Self)
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProgressSource {
    /// The partner's platform answered.
    Partner,
    /// We counted lessons taught here.
    Here,
    /// A person wrote it down.
    Advisor,
}

codes!(ProgressSource { Partner = "partner", Here = "here", Advisor = "advisor" });

/// One report (`progress_samples`). All are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressSample {
    /// Which.
    pub id: SampleId,
    /// `None` when the partner's answer had no figure: that is not zero.
    pub percent: Option<Percent>,
    /// The partner's own word for completed.
    pub completed: bool,
    /// When we learned it.
    pub at: Instant,
    /// From whom.
    pub source: ProgressSource,
}

/// The figure an enrollment shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    /// How far.
    pub percent: Percent,
    /// When that was reported; `None` while nobody has reported anything.
    pub as_of: Option<Instant>,
    /// What the partner reports now, where that is less: what was done once stays shown.
    pub reported: Option<Percent>,
}

impl Progress {
    /// The figure after a report. Without a figure in the report, it stays. A lower one stands beside it
    /// until the partner reports as much again.
    #[must_use]
    pub fn after(self, sample: &ProgressSample) -> Self {
        let Some(percent) = sample.percent else {
            return self;
        };
        if self.as_of.is_some_and(|as_of| sample.at < as_of) {
            return self;
        }
        let reported = (percent < self.percent).then_some(percent);
        Self { percent: percent.max(self.percent), as_of: Some(sample.at), reported }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;

    fn sample(minute: i64, percent: Option<u8>) -> ProgressSample {
        ProgressSample {
            id: SampleId::from(uuid::Uuid::nil()),
            percent: percent.and_then(|p| Percent::new(i64::from(p))),
            completed: false,
            at: DateTime::from_timestamp(0, 0).expect("the epoch") + TimeDelta::minutes(minute),
            source: ProgressSource::Partner,
        }
    }

    #[test]
    fn rounds_down_and_rejects_nonsense() {
        assert_eq!(Percent::reported(99.6), Percent::new(99));
        assert_eq!(Percent::reported(0.0), Some(Percent::ZERO));
        for bad in [-0.1, 100.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Percent::reported(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_missing_figure_is_not_zero() {
        let at45 = Progress::default().after(&sample(1, Some(45)));
        assert_eq!(at45.after(&sample(2, None)), at45);
    }

    #[test]
    fn an_older_report_changes_nothing() {
        let at45 = Progress::default().after(&sample(5, Some(45)));
        assert_eq!(at45.after(&sample(4, Some(10))), at45);
    }

    proptest! {
        #[test]
        fn never_falls_and_hides_no_report(reports in prop::collection::vec(prop::option::of(0_u8..=100), 0..40)) {
            let mut shown = Progress::default();
            for (minute, report) in (0..).zip(reports) {
                let next = shown.after(&sample(minute, report));
                prop_assert!(next.percent >= shown.percent);
                if let Some(percent) = report.and_then(|percent| Percent::new(percent.into())) {
                    prop_assert_eq!(next.reported.unwrap_or(next.percent), percent);
                }
                shown = next;
            }
        }
    }
}
