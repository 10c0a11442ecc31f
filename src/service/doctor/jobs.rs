//! Outside work that does not get done.

use crate::domain::checkup::{Area, Check};
use crate::domain::job::{JobKind, Needs};
use crate::domain::time::{Instant, ago};
use crate::store::{GivenUp, OpenJobs};
use chrono::TimeDelta;

const AREA: Area = Area::Jobs;

/// A worker looks every few seconds. Whatever is this late, nobody looks.
const LATE: TimeDelta = TimeDelta::minutes(10);

/// Jobs nobody tries any more.
pub(super) fn given_up(now: Instant, all: &[GivenUp]) -> Vec<Check> {
    if all.is_empty() {
        return vec![Check::ok(AREA, "given_up", "none was given up")];
    }
    let check = |group: &GivenUp| {
        let since = group.since.map_or_else(String::new, |at| format!(", the oldest {}", ago(now, at)));
        let why = group.last_error.as_ref().map_or_else(String::new, |why| format!(". The last time: {why}"));
        let found = format!("{} given up{since}{why}", counted(group));
        let todo = "Mend the cause, then press t on the course in My courses.";
        Check::wrong(AREA, "given_up", found, todo).about(group.kind.map_or("unknown", JobKind::code))
    };
    all.iter().map(check).collect()
}

fn counted(group: &GivenUp) -> String {
    let (one, many) = match group.kind {
        Some(JobKind::Provision) => ("enrollment at a partner was", "enrollments at partners were"),
        Some(JobKind::Withdraw) => ("withdrawal from a partner was", "withdrawals from partners were"),
        Some(JobKind::Mail) => ("confirmation mail was", "confirmation mails were"),
        Some(JobKind::Certificate) => ("certificate was", "certificates were"),
        Some(JobKind::Checkout) => ("payment was", "payments were"),
        Some(JobKind::Refund) => ("refund was", "refunds were"),
        None => ("job of an unknown kind was", "jobs of an unknown kind were"),
    };
    format!("{} {}", group.jobs, if group.jobs == 1 { one } else { many })
}

/// Jobs still to be done: late ones, and those that wait for another process.
pub(super) fn open(
    now: Instant,
    all: &[OpenJobs],
    can: &(dyn Fn(&Needs) -> bool + Send + Sync),
) -> Vec<Check> {
    let mut checks = Vec::new();
    for group in all {
        let late = group.since.is_some_and(|since| now - since > LATE);
        let able = group.needs.as_ref().is_some_and(can);
        let jobs = if group.jobs == 1 { "1 job".to_owned() } else { format!("{} jobs", group.jobs) };
        let since = group.since.map_or_else(|| "now".to_owned(), |since| ago(now, since));
        let (what, todo) = match (&group.needs, able) {
            (_, true) => {
                if late {
                    let found = format!("{jobs} should have been done {since}; nobody does them");
                    checks.push(Check::warning(AREA, "overdue", found, "Start it: coursevia work"));
                }
                continue;
            }
            (Some(Needs::Secret(name)), _) => (
                format!("need {name}, which this process does not hold"),
                format!("Run coursevia work where {name} is set."),
            ),
            (Some(Needs::Processor(name)), _) => (
                format!("need the payment processor {name}, which this process is not set up for"),
                "Run coursevia work where [payment] is set up for it.".to_owned(),
            ),
            (Some(Needs::Mail | Needs::Nothing), _) => (
                "need a way to send mail, which this process does not have".to_owned(),
                "Run coursevia work where mail is set up.".to_owned(),
            ),
            (None, _) => (
                "come from another version of coursevia".to_owned(),
                "Run coursevia work of that version.".to_owned(),
            ),
        };
        checks.push(if late {
            let found = format!("{jobs} {what}, and should have been done {since}");
            Check::warning(AREA, "elsewhere", found, todo)
        } else {
            Check::skipped(AREA, "elsewhere", format!("{jobs} {what}; another one does them"))
        });
    }
    if checks.is_empty() {
        let open: i64 = all.iter().map(|group| group.jobs).sum();
        checks.push(Check::ok(
            AREA,
            "open",
            if open == 0 { "nothing to do".to_owned() } else { format!("{open} to do, none late") },
        ));
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkup::State;
    use crate::domain::provider::SecretName;

    fn at(minute: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn secret() -> Needs {
        Needs::Secret(SecretName::parse("CERTIPORT_API_KEY").expect("a name"))
    }

    #[test]
    fn what_was_given_up_needs_a_person() {
        assert_eq!(given_up(at(0), &[])[0].state, State::Ok);
        let group = GivenUp {
            kind: Some(JobKind::Mail),
            jobs: 2,
            since: Some(at(0)),
            last_error: Some("The mail was refused.".into()),
        };
        let check = given_up(at(120), &[group]).remove(0);
        assert_eq!(check.state, State::Wrong);
        assert_eq!(
            check.found.as_str(),
            "2 confirmation mails were given up, the oldest 2 hours ago. The last time: The mail was refused."
        );
    }

    #[test]
    fn late_jobs_are_told_from_those_of_others() {
        let group = |needs, since| OpenJobs { needs, jobs: 3, since: Some(at(since)) };
        let can = |needs: &Needs| *needs == Needs::Nothing;
        let named = |groups: &[OpenJobs]| {
            open(at(60), groups, &can).into_iter().map(|check| (check.name, check.state)).collect::<Vec<_>>()
        };
        assert_eq!(named(&[]), [("open", State::Ok)]);
        assert_eq!(named(&[group(Some(Needs::Nothing), 59)]), [("open", State::Ok)]);
        assert_eq!(named(&[group(Some(Needs::Nothing), 0)]), [("overdue", State::Warning)]);
        assert_eq!(named(&[group(Some(secret()), 59)]), [("elsewhere", State::Skipped)]);
        assert_eq!(named(&[group(Some(secret()), 0)]), [("elsewhere", State::Warning)]);
        assert_eq!(named(&[group(None, 0)]), [("elsewhere", State::Warning)]);
    }
}
