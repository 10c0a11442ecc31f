//! May what was given up be tried again?

use crate::domain::actor::Actor;
use crate::domain::enrollment::Status;
use crate::domain::refusal::Refusal;
use crate::domain::views::CourseView;

/// Decides whether the given-up work of an enrollment is tried again. A cancelled enrollment is
/// not asked for again, whatever an old screen shows; but the partner may still be told, and money
/// still go back.
pub fn decide_retry(view: &CourseView, actor: Actor) -> Result<(), Refusal> {
    if !actor.may_touch(view.enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    let open_end = view.untold().is_some() || view.unreturned().is_some();
    if view.enrollment.status == Status::Cancelled && !open_end {
        return Err(Refusal::Cancelled { title: view.program_title.clone() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{course_of, now, owner, program, rest_offer, stranger};
    use crate::domain::job::{JobKind, JobState};

    fn given_up(kind: JobKind) -> JobState {
        JobState { kind, attempts: 9, last_error: None, run_at: now(), gave_up: true }
    }

    #[test]
    fn a_cancelled_enrollment_is_only_withdrawn_again() {
        let mut view = course_of(&program(vec![rest_offer("Certiport")]), 0);
        view.jobs = vec![given_up(JobKind::Provision)];
        assert_eq!(decide_retry(&view, owner(&view)), Ok(()));
        view.enrollment.status = Status::Cancelled;
        assert_eq!(decide_retry(&view, owner(&view)).expect_err("cancelled").code(), "cancelled");
        view.jobs.push(given_up(JobKind::Withdraw));
        assert_eq!(decide_retry(&view, owner(&view)), Ok(()));
        assert_eq!(decide_retry(&view, stranger()), Err(Refusal::NotYours));
        view.jobs = vec![given_up(JobKind::Refund)];
        assert_eq!(decide_retry(&view, owner(&view)), Ok(()), "money still has to go back");
    }
}
