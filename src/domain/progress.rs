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

/// One report. It becomes a row of `progress_samples` when it says something new, or a day after the last
/// row; that it came is in `progress_as_of` all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressSample {
    /// Which.
    pub id: SampleId,
    /// `None` when the partner's answer had no figure: that is not zero.
    pub percent: Option<Percent>,
    /// The partner's own word for completed.
    pub completed: bool,
    /// Whether it says that an exam was not passed; `None` when it says nothing about where the student
    /// stands.
    pub failed: Option<bool>,
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
    /// Who told the newest figure, where that is known.
    pub source: Option<ProgressSource>,
    /// An exam was not passed, as was first said then; `None` again once the partner says something else.
    /// It is no figure: what was done stays done.
    pub exam_failed_at: Option<Instant>,
}

impl Progress {
    /// The figure after a report. What the report does not say stays. The largest figure is shown; where the
    /// newest is lower, it stands beside it until the partner reports as much again. So the order in
    /// which reports arrive does not matter, and the same one twice changes nothing.
    #[must_use]
    pub fn after(self, sample: &ProgressSample) -> Self {
        Self { exam_failed_at: self.exam_after(sample), ..self.figure_after(sample) }
    }

    fn figure_after(self, sample: &ProgressSample) -> Self {
        let Some(percent) = sample.percent else {
            return self;
        };
        let standing = self.reported.unwrap_or(self.percent);
        let (newest, as_of, source) = match self.as_of {
            Some(as_of) if sample.at < as_of => (standing, as_of, self.source),
            _ => (percent, sample.at, Some(sample.source)),
        };
        let largest = percent.max(self.percent);
        Self {
            percent: largest,
            as_of: Some(as_of),
            source,
            reported: (newest < largest).then_some(newest),
            exam_failed_at: self.exam_failed_at,
        }
    }

    fn exam_after(self, sample: &ProgressSample) -> Option<Instant> {
        if self.as_of.max(self.exam_failed_at).is_some_and(|known| sample.at < known) {
            return self.exam_failed_at;
        }
        match sample.failed {
            Some(true) => self.exam_failed_at.or(Some(sample.at)),
            Some(false) => None,
            None => self.exam_failed_at,
        }
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
            failed: None,
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

    fn exam(minute: i64, percent: Option<u8>, failed: bool) -> ProgressSample {
        ProgressSample { failed: Some(failed), ..sample(minute, percent) }
    }

    #[test]
    fn a_failed_exam_is_a_state_of_its_own() {
        let at45 = Progress::default().after(&exam(1, Some(45), false));
        let failed = at45.after(&exam(2, Some(0), true));
        assert_eq!((failed.percent, failed.exam_failed_at), (at45.percent, Some(exam(2, None, true).at)));
        assert_eq!(at45.after(&exam(2, None, true)).percent, at45.percent);
        // It stays the same failure until the partner says something else.
        assert_eq!(failed.after(&exam(3, Some(0), true)).exam_failed_at, failed.exam_failed_at);
        assert_eq!(failed.after(&sample(3, Some(50))).exam_failed_at, failed.exam_failed_at);
        assert_eq!(failed.after(&exam(1, Some(40), false)).exam_failed_at, failed.exam_failed_at);
        assert_eq!(failed.after(&exam(4, Some(60), false)).exam_failed_at, None);
    }

    /// What the newest report and the largest figure say, however they came in.
    fn by_the_rule(reports: &[ProgressSample]) -> (Percent, Option<Instant>, Option<Percent>, bool) {
        let figures =
            || reports.iter().filter_map(|report| Some((report.at, report.percent?, report.failed)));
        let largest = figures().map(|(_, percent, _)| percent).max().unwrap_or_default();
        let newest = figures().max_by_key(|(at, percent, _)| (*at, *percent));
        (
            largest,
            newest.map(|(at, ..)| at),
            newest.map(|(_, percent, _)| percent).filter(|newest| *newest < largest),
            newest.is_some_and(|(.., failed)| failed == Some(true)),
        )
    }

    proptest! {
        #[test]
        fn no_order_and_no_repetition_of_reports_matters(
            said in prop::collection::vec((prop::option::of(0_u8..=100), any::<bool>()), 0..12),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        ) {
            let report = |(minute, (percent, failed)): (i64, (Option<u8>, bool))| match percent {
                Some(_) => exam(minute, percent, failed),
                None => sample(minute, None),
            };
            let reports: Vec<_> = (0..).zip(said).map(report).collect();
            // Any of them, as often as it likes, and then each of them once more.
            let some = order.iter().filter(|_| !reports.is_empty()).map(|index| index.get(&reports));
            let mut backwards: Vec<_> = some.chain(&reports).collect();
            backwards.reverse();
            for arriving in [backwards.clone(), { backwards.reverse(); backwards }] {
                let shown = arriving.into_iter().fold(Progress::default(), Progress::after);
                let (percent, as_of, reported, failed) = by_the_rule(&reports);
                prop_assert_eq!((shown.percent, shown.as_of, shown.reported), (percent, as_of, reported));
                prop_assert_eq!(shown.exam_failed_at.is_some(), failed);
            }
        }

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
