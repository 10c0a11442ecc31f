//! Where a place stands at its partner, and what happens next.

use crate::domain::enrollment::{Link, Status};
use crate::domain::job::{JobKind, JobState};
use crate::domain::provider::{Protocol, Provider};
use crate::domain::time::Instant;
use crate::domain::views::CourseView;

/// Where the place of a course stands at the partner; `None` where there is nothing to tell that is
/// not told elsewhere on the screen.
pub fn place(course: &CourseView, now: Instant) -> Option<String> {
    let provider = course.provider()?;
    let partner = &provider.name;
    let job = |kind: JobKind| course.jobs.iter().find(move |job| job.kind == kind && !job.gave_up);
    match (course.enrollment.status, course.enrollment.link) {
        (Status::Cancelled, _) => {
            let job = job(JobKind::Withdraw)?;
            let told = format!("{partner} is being told that you left");
            Some(trying(&told, job, now))
        }
        (Status::Pending, _) | (_, Link::None | Link::Failed) => None,
        (_, Link::Requested) => {
            let asked = format!("{partner} is preparing it; it opens as soon as it is ready");
            Some(job(JobKind::Provision).map_or(asked.clone(), |job| trying(&asked, job, now)))
        }
        (_, Link::Confirmed) => Some(format!("Confirmed by {partner}")),
        (_, Link::Manual) => by_hand(course, provider),
    }
}

/// What is tried, how often it was, and when it is tried next.
fn trying(what: &str, job: &JobState, now: Instant) -> String {
    if job.last_error.is_none() {
        return format!("{what}. You need not do anything.");
    }
    let wait = job.run_at - now;
    let next = match wait.num_seconds() {
        ..=0 => "is being tried again".to_owned(),
        seconds @ 1..=90 => format!("is tried again in {seconds} s"),
        _ => format!("is tried again in {} min", wait.num_minutes() + 1),
    };
    let times = if job.attempts == 1 { "once".to_owned() } else { format!("{} times", job.attempts) };
    format!("{what}. It was tried {times} and {next}. You need not do anything.")
}

fn by_hand(course: &CourseView, provider: &Provider) -> Option<String> {
    let partner = &provider.name;
    match &provider.protocol {
        Protocol::Lti13(_) if course.launched => Some(format!("Opened at {partner} from here")),
        Protocol::Lti13(_) => Some(format!("{partner} makes it when you open the course for the first time")),
        // That one signs up there is among what can't be done from here.
        Protocol::Link(_) => None,
        Protocol::Rest(_) | Protocol::Unknown => {
            Some(format!("{partner} knows you under an account of your own"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{confirmed, course_of, link_offer, now, program, rest_offer};
    use chrono::TimeDelta;

    fn preparing(last_error: Option<&str>, seconds: i64) -> CourseView {
        let mut course = course_of(&program(vec![rest_offer("Certiport")]), 0);
        course.jobs.push(JobState {
            kind: JobKind::Provision,
            attempts: 3,
            last_error: last_error.map(Into::into),
            run_at: now() + TimeDelta::seconds(seconds),
            gave_up: false,
        });
        course
    }

    #[test]
    fn waiting_says_for_what_and_until_when() {
        let told = |course: &CourseView| place(course, now()).expect("words");
        assert_eq!(
            told(&preparing(None, 0)),
            "Certiport is preparing it; it opens as soon as it is ready. You need not do anything."
        );
        assert_eq!(
            told(&preparing(Some("nobody answers"), 12)),
            "Certiport is preparing it; it opens as soon as it is ready. It was tried 3 times and is tried again \
             in 12 s. You need not do anything."
        );
        assert!(told(&preparing(Some("nobody answers"), 300)).contains("in 6 min"));
        let course = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        assert_eq!(told(&course), "Confirmed by Certiport");
        assert_eq!(place(&course_of(&program(vec![link_offer("NDS")]), 0), now()), None);
    }
}
