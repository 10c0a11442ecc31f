//! This machine's clock against others'. Leases of jobs and dates of payments rest on it.

use crate::domain::checkup::{Area, Check};
use crate::domain::job::LEASE;
use crate::domain::time::Instant;
use chrono::TimeDelta;

const AREA: Area = Area::Clock;

/// A difference that answers on their way may cause.
const SMALL: TimeDelta = TimeDelta::seconds(20);

/// Somebody else's clock.
#[derive(Clone, Debug)]
pub(super) struct Other {
    name: &'static str,
    whose: String,
    /// Theirs minus ours.
    ahead: TimeDelta,
    /// Whether all terminals go by it.
    shared: bool,
}

impl Other {
    /// The database's, which all terminals share.
    pub(super) fn database(theirs: Instant, ours: Instant) -> Self {
        Self { name: "database", whose: "the database".to_owned(), ahead: theirs - ours, shared: true }
    }

    /// A partner's.
    pub(super) fn partner(whose: &str, theirs: Instant, ours: Instant) -> Self {
        Self { name: "partner", whose: whose.to_owned(), ahead: theirs - ours, shared: false }
    }
}

/// What the others' clocks say about ours.
pub(super) fn checks(now: Instant, newest: Option<Instant>, others: &[Other]) -> Vec<Check> {
    let mut checks = vec![newest_event(now, newest)];
    let (shared, partners): (Vec<_>, Vec<_>) = others.iter().partition(|other| other.shared);
    checks.extend(shared.into_iter().map(compare));
    // One line is enough as long as they agree with us.
    let (near, far): (Vec<_>, Vec<_>) = partners.into_iter().partition(|other| is_small(other.ahead));
    checks.extend(far.into_iter().map(compare));
    if let Some(other) = near.first() {
        checks.push(Check::ok(AREA, other.name, format!("agrees with the partners' ({} asked)", near.len())));
    }
    checks
}

fn is_small(difference: TimeDelta) -> bool {
    difference.abs() <= SMALL
}

fn newest_event(now: Instant, newest: Option<Instant>) -> Check {
    match newest {
        Some(newest) if newest - now > SMALL => Check::wrong(
            AREA,
            "events",
            format!("the database holds something that happens {} from now", span(newest - now)),
            "Set this machine's clock; if it is right, another machine's was wrong.",
        ),
        Some(_) => Check::ok(AREA, "events", "nothing in the database lies in the future"),
        None => Check::skipped(AREA, "events", "nothing has happened yet"),
    }
}

fn compare(other: &Other) -> Check {
    let whose = &other.whose;
    if is_small(other.ahead) {
        return Check::ok(AREA, other.name, format!("agrees with that of {whose}"));
    }
    let direction = if other.ahead > TimeDelta::zero() { "behind" } else { "ahead of" };
    let found = format!("this machine's clock is {} {direction} that of {whose}", span(other.ahead.abs()));
    let todo = "Set the clock, best by network time (NTP).";
    // Beyond a lease, two workers take the same job for theirs.
    if other.shared && other.ahead.abs() >= LEASE {
        Check::wrong(AREA, other.name, found, todo)
    } else {
        Check::warning(AREA, other.name, found, todo)
    }
}

fn span(length: TimeDelta) -> String {
    let (count, unit) = match length.num_seconds() {
        seconds @ ..120 => (seconds, "second"),
        seconds @ 120..7_200 => (seconds / 60, "minute"),
        seconds @ 7_200..172_800 => (seconds / 3_600, "hour"),
        seconds => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkup::State;

    #[test]
    fn a_clock_that_is_off_is_told_by_how_much() {
        let now = Instant::UNIX_EPOCH + TimeDelta::days(20_000);
        let state = |other: Other| compare(&other).state;
        let theirs = |seconds| now + TimeDelta::seconds(seconds);
        assert_eq!(state(Other::database(theirs(3), now)), State::Ok);
        assert_eq!(state(Other::database(theirs(-40), now)), State::Warning);
        assert_eq!(state(Other::database(theirs(100), now)), State::Wrong);
        let check = compare(&Other::partner("Certiport", theirs(3_600 * 5), now));
        assert_eq!(check.state, State::Warning);
        assert_eq!(check.found.as_str(), "this machine's clock is 5 hours behind that of Certiport");
    }

    #[test]
    fn events_of_the_future_are_wrong() {
        let now = Instant::UNIX_EPOCH + TimeDelta::days(20_000);
        assert_eq!(newest_event(now, None).state, State::Skipped);
        assert_eq!(newest_event(now, Some(now - TimeDelta::days(1))).state, State::Ok);
        let check = newest_event(now, Some(now + TimeDelta::days(3)));
        assert_eq!((check.state, check.found.as_str().contains("3 days")), (State::Wrong, true));
    }

    #[test]
    fn partners_that_agree_share_a_line() {
        let now = Instant::UNIX_EPOCH;
        let others = ["A", "B", "C"].map(|name| Other::partner(name, now, now));
        assert_eq!(checks(now, None, &others).len(), 2);
    }
}
