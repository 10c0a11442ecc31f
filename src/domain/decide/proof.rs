//! May this be reported as finished? May an advisor decide about it?

use crate::domain::actor::Actor;
use crate::domain::enrollment::{Link, Status};
use crate::domain::proof::{Proof, ProofStatus};
use crate::domain::refusal::{FinishRefusal, Refusal};
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use chrono::{FixedOffset, NaiveDate};

/// The days on which a course can have been finished, as far as is known: from enrolling or from its first
/// day to today, by the clock on the student's wall. Refused where nobody reports it as finished: the
/// partner tells, it is over, or it has not begun.
pub fn decide_finished(
    view: &CourseView,
    actor: Actor,
    now: Instant,
    zone: FixedOffset,
) -> Result<(NaiveDate, NaiveDate), Refusal> {
    let enrollment = &view.enrollment;
    let title = || view.program_title.clone();
    if !actor.may_touch(enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    let Some(provider) = view.provider() else {
        return Err(FinishRefusal::TaughtHere { title: title() }.into());
    };
    match enrollment.status {
        Status::Completed => return Err(Refusal::AlreadyCompleted { title: title() }),
        Status::Cancelled => return Err(Refusal::Cancelled { title: title() }),
        Status::Pending => return Err(Refusal::AwaitingPayment { title: title() }),
        Status::Active => {}
    }
    let partner = || provider.name.clone();
    if provider.capabilities().progress {
        return Err(FinishRefusal::ProgressReported { partner: partner() }.into());
    }
    match enrollment.link {
        Link::Requested => return Err(Refusal::StillPreparing { partner: partner() }),
        Link::Failed => {
            let contact = provider.support.contact();
            return Err(Refusal::ProvisionFailed { partner: partner(), contact });
        }
        Link::None | Link::Confirmed | Link::Manual => {}
    }
    if let Some(open) = view.open_proof() {
        let sent_on = open.sent_at.with_timezone(&zone).date_naive();
        return Err(FinishRefusal::Open { title: title(), sent_on }.into());
    }
    let today = now.with_timezone(&zone).date_naive();
    let enrolled = enrollment.enrolled_at.with_timezone(&zone).date_naive();
    let begins = view.cohort.as_ref().map_or(enrolled, |cohort| cohort.starts_on.max(enrolled));
    if begins > today {
        return Err(FinishRefusal::NotBegun { title: title(), begins }.into());
    }
    Ok((begins, today))
}

/// Decides whether this day can be the one on which it was finished.
pub fn decide_finished_on(
    view: &CourseView,
    actor: Actor,
    finished_on: NaiveDate,
    now: Instant,
    zone: FixedOffset,
) -> Result<(), Refusal> {
    let (first, last) = decide_finished(view, actor, now, zone)?;
    if (first..=last).contains(&finished_on) {
        return Ok(());
    }
    Err(FinishRefusal::Outside { title: view.program_title.clone(), finished_on, first, last }.into())
}

/// Decides whether an advisor may accept a report, or decline it: they themselves, in nobody's name.
pub fn decide_proof(view: &CourseView, proof: &Proof, actor: Actor, accept: bool) -> Result<(), Refusal> {
    if !matches!(actor, Actor::Staff(_)) {
        return Err(Refusal::AdvisorOnly);
    }
    if proof.status != ProofStatus::Open {
        return Err(FinishRefusal::Decided {
            title: view.program_title.clone(),
            accepted: proof.status == ProofStatus::Accepted,
        }
        .into());
    }
    let title = || view.program_title.clone();
    match view.enrollment.status {
        Status::Active => Ok(()),
        _ if !accept => Ok(()),
        Status::Cancelled => Err(FinishRefusal::OfCancelled { title: title() }.into()),
        Status::Completed => Err(Refusal::AlreadyCompleted { title: title() }),
        Status::Pending => Err(Refusal::AwaitingPayment { title: title() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{
        cohort, course_of, link_offer, now, owner, program, rest_offer, stranger,
    };
    use crate::domain::provider::Capabilities;
    use chrono::{Days, Offset as _, Utc};
    use uuid::Uuid;

    fn nds() -> CourseView {
        let mut view = course_of(&program(vec![link_offer("NDS")]), 0);
        view.enrollment.enrolled_at = now() - chrono::TimeDelta::days(10);
        view
    }

    fn today() -> NaiveDate {
        now().date_naive()
    }

    fn zone() -> FixedOffset {
        Utc.fix()
    }

    fn finished(view: &CourseView) -> Result<(NaiveDate, NaiveDate), &'static str> {
        decide_finished(view, owner(view), now(), zone()).map_err(|refusal| refusal.code())
    }

    fn open(view: &CourseView) -> Proof {
        Proof {
            id: Uuid::nil().into(),
            enrollment_id: view.enrollment.id,
            status: ProofStatus::Open,
            sent_at: now(),
            finished_on: today(),
            note: None,
            url: None,
            file: None,
            decided_at: None,
            decision_note: None,
        }
    }

    #[test]
    fn whoever_learns_where_nothing_is_reported_says_so_themselves() {
        let mut view = nds();
        assert_eq!(finished(&view), Ok((today() - Days::new(10), today())));
        assert_eq!(decide_finished(&view, stranger(), now(), zone()), Err(Refusal::NotYours));
        view.proof = Some(Box::new(open(&view)));
        assert_eq!(finished(&view), Err("proof_open"));
        view.proof = Some(Box::new(Proof { status: ProofStatus::Declined, ..open(&view) }));
        assert!(finished(&view).is_ok());
        let student = view.enrollment.student_id;
        let advisor = Actor::Advisor { advisor: Uuid::nil().into(), student };
        assert!(decide_finished(&view, advisor, now(), zone()).is_ok());
        assert!(decide_finished(&view, Actor::Staff(Uuid::nil().into()), now(), zone()).is_err());
    }

    #[test]
    fn a_partner_that_reports_is_believed_and_nobody_else() {
        let mut view =
            crate::domain::decide::fixtures::confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        assert_eq!(finished(&view), Err("progress_reported"));
        let declared = Capabilities { progress: false, ..view.provider().expect("a partner").capabilities() };
        view.partner.as_mut().expect("a partner").provider.declares = Some(declared);
        assert!(finished(&view).is_ok(), "one that declares that it reports nothing");
        view.enrollment.link = Link::Requested;
        assert_eq!(finished(&view), Err("still_preparing"));
        view.enrollment.link = Link::Failed;
        assert_eq!(finished(&view), Err("provision_failed"));
        (view.partner, view.enrollment.delivery) = (None, None);
        assert_eq!(finished(&view), Err("finished_here"));
    }

    #[test]
    fn what_is_over_or_has_not_begun_is_not_finished() {
        let mut view = nds();
        for (status, code) in [
            (Status::Completed, "already_completed"),
            (Status::Cancelled, "cancelled"),
            (Status::Pending, "awaiting_payment"),
        ] {
            view.enrollment.status = status;
            assert_eq!(finished(&view), Err(code));
        }
        view.enrollment.status = Status::Active;
        view.cohort = Some(cohort(today() + Days::new(2), 12, 1));
        assert_eq!(finished(&view), Err("not_begun_yet"));
        view.cohort = Some(cohort(today() - Days::new(2), 12, 1));
        assert_eq!(finished(&view), Ok((today() - Days::new(2), today())));
    }

    #[test]
    fn the_day_lies_between_enrolling_and_today_where_the_student_is() {
        let view = nds();
        let on = |day, zone| {
            decide_finished_on(&view, owner(&view), day, now(), zone).map_err(|refusal| refusal.code())
        };
        assert_eq!(on(today(), zone()), Ok(()));
        assert_eq!(on(today() - Days::new(10), zone()), Ok(()));
        assert_eq!(on(today() - Days::new(11), zone()), Err("finished_outside"));
        assert_eq!(on(today() + Days::new(1), zone()), Err("finished_outside"));
        let evening = today().and_hms_opt(23, 0, 0).expect("a time").and_utc();
        let tokyo = FixedOffset::east_opt(9 * 3_600).expect("an offset");
        let tomorrow = today() + Days::new(1);
        assert_eq!(decide_finished_on(&view, owner(&view), tomorrow, evening, tokyo), Ok(()));
    }

    #[test]
    fn only_an_advisor_decides_and_only_once() {
        let mut view = nds();
        let ruth = Actor::Staff(Uuid::nil().into());
        let proof = open(&view);
        assert_eq!(decide_proof(&view, &proof, ruth, true), Ok(()));
        assert_eq!(decide_proof(&view, &proof, owner(&view), true), Err(Refusal::AdvisorOnly));
        let student = view.enrollment.student_id;
        let on_behalf = Actor::Advisor { advisor: Uuid::nil().into(), student };
        assert_eq!(decide_proof(&view, &proof, on_behalf, false), Err(Refusal::AdvisorOnly));
        let decided = Proof { status: ProofStatus::Accepted, ..proof.clone() };
        assert_eq!(decide_proof(&view, &decided, ruth, false).expect_err("decided").code(), "proof_decided");
        view.enrollment.status = Status::Cancelled;
        assert_eq!(
            decide_proof(&view, &proof, ruth, true).expect_err("cancelled").code(),
            "proof_of_cancelled"
        );
        assert_eq!(decide_proof(&view, &proof, ruth, false), Ok(()));
        view.enrollment.status = Status::Completed;
        assert_eq!(
            decide_proof(&view, &proof, ruth, true).expect_err("completed").code(),
            "already_completed"
        );
    }
}
