//! Students who said that they have finished, and wait for somebody to look at it.

use crate::domain::checkup::{Area, Check};
use crate::domain::proof::ProofQueue;
use crate::domain::time::{Instant, ago};
use chrono::TimeDelta;

/// How long a student waits before it is too long.
const PATIENCE: TimeDelta = TimeDelta::days(14);

/// Nothing is said where nobody waits.
pub(super) fn check(now: Instant, queue: ProofQueue) -> Option<Check> {
    const NAME: &str = "reports";
    let since = queue.since?;
    let (reports, wait) = match queue.open {
        0 => return None,
        1 => ("1 report of a finished course".to_owned(), "waits"),
        many => (format!("{many} reports of finished courses"), "wait"),
    };
    let found = format!("{reports} {wait} for an advisor, the oldest sent {}", ago(now, since));
    Some(if now - since > PATIENCE {
        Check::warning(Area::Jobs, NAME, found, "Look at them: coursevia proof list --advisor EMAIL")
    } else {
        Check::ok(Area::Jobs, NAME, found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkup::State;

    #[test]
    fn nobody_waits_longer_than_two_weeks_without_a_word() {
        let now = Instant::UNIX_EPOCH + TimeDelta::days(100);
        let waiting = |open, days| {
            check(now, ProofQueue { open, since: Some(now - TimeDelta::days(days)) }).map(|check| check.state)
        };
        assert!(check(now, ProofQueue::default()).is_none());
        assert_eq!(waiting(1, 14), Some(State::Ok));
        assert_eq!(waiting(2, 15), Some(State::Warning));
        let check = check(now, ProofQueue { open: 2, since: Some(now - TimeDelta::days(20)) });
        assert!(
            check.is_some_and(|check| check.found.as_str().contains("2 reports of finished courses wait"))
        );
    }
}
