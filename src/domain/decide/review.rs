//! May this be reviewed, and by whom? May its text be hidden?

use crate::domain::actor::Actor;
use crate::domain::enrollment::{StartFacts, Started, Status};
use crate::domain::refusal::Refusal;
use crate::domain::review::Review;
use crate::domain::views::CourseView;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewDecision {
    /// They have learned there: their word counts.
    Write,
    /// The last report is too old to say that nothing was begun: sync, then decide again.
    AskPartner,
}

/// Decides who may say something about a partner: whoever has started with them, for themselves.
pub fn decide_review(view: &CourseView, actor: Actor, facts: &StartFacts) -> Result<ReviewDecision, Refusal> {
    let enrollment = &view.enrollment;
    if !actor.may_touch(enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    if !matches!(actor, Actor::Student(_)) {
        return Err(Refusal::ReviewNotOnBehalf);
    }
    let Some(provider) = view.provider().filter(|_| enrollment.delivery.is_some()) else {
        return Err(Refusal::NobodyToReview { title: view.program_title.clone() });
    };
    let progressed = enrollment.progress.percent.get() > 0;
    let started = match enrollment.status {
        Status::Completed => Started::Yes,
        // Where a cohort began without them there is nothing to tell.
        Status::Cancelled if progressed => Started::Yes,
        Status::Cancelled | Status::Pending => Started::No,
        Status::Active => enrollment.started(facts),
    };
    match started {
        Started::Yes => Ok(ReviewDecision::Write),
        Started::AskPartner => Ok(ReviewDecision::AskPartner),
        Started::No => {
            Err(Refusal::NotStarted { title: view.program_title.clone(), partner: provider.name.clone() })
        }
    }
}

/// Decides whether a text can be hidden, or shown again. The score is not in question.
pub fn decide_moderation(review: &Review, hide: bool) -> Result<(), Refusal> {
    match (&review.hidden, hide) {
        (Some(reason), true) => Err(Refusal::AlreadyHidden { reason: reason.clone() }),
        (None, true) if review.text.is_empty() => Err(Refusal::NothingToHide),
        (None, false) => Err(Refusal::NotHidden),
        (None, true) | (Some(_), false) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{
        confirmed, course_of, link_offer, now, owner, program, rest_offer, stranger,
    };
    use crate::domain::progress::Percent;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn certiport() -> CourseView {
        confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0))
    }

    fn decide(view: &CourseView) -> Result<ReviewDecision, &'static str> {
        decide_review(view, owner(view), &view.start_facts(now())).map_err(|refusal| refusal.code())
    }

    #[test]
    fn whoever_has_started_may_say_how_it_is() {
        let mut view = certiport();
        assert_eq!(decide(&view), Err("not_started"));
        view.enrollment.progress.percent = Percent::new(5).expect("a percent");
        assert_eq!(decide(&view), Ok(ReviewDecision::Write));
        let mut opened = course_of(&program(vec![link_offer("NDS")]), 0);
        assert_eq!(decide(&opened), Err("not_started"));
        opened.launched = true;
        assert_eq!(decide(&opened), Ok(ReviewDecision::Write));
    }

    #[test]
    fn an_old_zero_asks_the_partner() {
        let mut view = certiport();
        view.launched = true;
        view.enrollment.progress.as_of = Some(now() - TimeDelta::hours(1));
        assert_eq!(decide(&view), Ok(ReviewDecision::AskPartner));
    }

    #[test]
    fn what_is_over_counts_where_something_was_learned() {
        let mut view = certiport();
        view.enrollment.status = Status::Completed;
        assert_eq!(decide(&view), Ok(ReviewDecision::Write));
        view.enrollment.status = Status::Cancelled;
        assert_eq!(decide(&view), Err("not_started"));
        view.enrollment.progress.percent = Percent::new(40).expect("a percent");
        assert_eq!(decide(&view), Ok(ReviewDecision::Write));
        view.enrollment.status = Status::Pending;
        assert_eq!(decide(&view), Err("not_started"));
    }

    #[test]
    fn nobody_writes_for_others() {
        let mut view = certiport();
        view.enrollment.status = Status::Completed;
        let as_of = |actor| decide_review(&view, actor, &view.start_facts(now()));
        assert_eq!(as_of(stranger()), Err(Refusal::NotYours));
        let student = view.enrollment.student_id;
        let advisor = Actor::Advisor { advisor: Uuid::nil().into(), student };
        assert_eq!(as_of(advisor), Err(Refusal::ReviewNotOnBehalf));
        assert_eq!(as_of(Actor::System), Err(Refusal::ReviewNotOnBehalf));
    }

    #[test]
    fn what_is_taught_here_has_no_partner_to_review() {
        let mut view = certiport();
        view.enrollment.status = Status::Completed;
        (view.partner, view.enrollment.delivery) = (None, None);
        assert_eq!(decide(&view), Err("nobody_to_review"));
    }

    #[test]
    fn only_a_text_is_hidden_and_only_once() {
        let view = certiport();
        let mut review = Review {
            id: Uuid::nil().into(),
            enrollment_id: view.enrollment.id,
            student_id: view.enrollment.student_id,
            delivery: view.enrollment.delivery.expect("a partner"),
            program_id: view.enrollment.program_id,
            rating: crate::domain::review::Rating::ALL[0],
            text: "Bad".into(),
            hidden: None,
        };
        assert_eq!(decide_moderation(&review, true), Ok(()));
        assert_eq!(decide_moderation(&review, false), Err(Refusal::NotHidden));
        review.text = "".into();
        assert_eq!(decide_moderation(&review, true), Err(Refusal::NothingToHide));
        review.hidden = Some("names a teacher".into());
        assert_eq!(decide_moderation(&review, true).expect_err("hidden").code(), "already_hidden");
        assert_eq!(decide_moderation(&review, false), Ok(()));
    }
}
