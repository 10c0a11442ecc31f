//! Enroll a student.

use crate::domain::actor::Actor;
use crate::domain::decide::{Choice, EnrollDecision, decide_accept, decide_enroll};
use crate::domain::enrollment::{Delivery, Enrollment, Link};
use crate::domain::event::EventKind;
use crate::domain::ids::{CohortId, EnrollmentId, ProgramId};
use crate::domain::job::{JobKind, Needs, NewJob};
use crate::domain::person::Student;
use crate::domain::plan::EnrollmentPlan;
use crate::domain::provider::Protocol;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, Offer, ProgramView};
use crate::domain::waitlist::WaitlistView;
use crate::service::checkout::{ToPay, what_is_bought};
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Enroll<'a> {
    /// Who asks.
    pub actor: Actor,
    /// For whom; created by this if the database does not know them.
    pub student: &'a Student,
    /// In what.
    pub program: ProgramId,
    /// With whom.
    pub choice: Choice,
}

/// What a decision rests on.
pub(super) struct Case {
    /// The program.
    pub view: ProgramView,
    /// The student, if the database knows them.
    pub known: Option<Student>,
    /// Their live enrollment in the program.
    pub live: Option<CourseView>,
}

/// How often a lost race is looked at again before it is reported.
pub(super) const ATTEMPTS: usize = 4;

impl Services {
    /// Enrolls: enrollment, outside work and event in one transaction.
    pub async fn enroll(&self, request: &Enroll<'_>) -> Result<CourseView, ServiceError> {
        let mut lost = None;
        for _ in 0..ATTEMPTS {
            let plan = self.plan_enrollment(request).await?;
            match self.store.enroll(&plan).await {
                Ok(()) => return self.course(Actor::System, plan.enrollment.id).await,
                // Somebody else was faster: decide again on what is there now.
                Err(StoreError::Conflict(race)) => lost = Some(StoreError::Conflict(race)),
                // The connection may have ended after the commit: the id is ours, so look.
                Err(error) => {
                    return match self.store.find_course(plan.enrollment.id).await {
                        Ok(Some(written)) => Ok(written),
                        Ok(None) | Err(_) => Err(error.into()),
                    };
                }
            }
        }
        Err(lost.unwrap_or(StoreError::Conflict(Conflict::Changed)).into())
    }

    async fn plan_enrollment(&self, request: &Enroll<'_>) -> Result<EnrollmentPlan, ServiceError> {
        let mut case = self.case_of(request).await?;
        let mut at = self.now();
        let mut decision =
            decide_enroll(&case.view, request.choice, case.live.as_ref(), self.processor.till(), at);
        // A seat may be kept for somebody whose time is over.
        if let Err(Refusal::StartFull { .. }) = decision
            && self.store.settle_seats(at, self.offers_last).await? > 0
        {
            case = self.case_of(request).await?;
            at = self.now();
            decision =
                decide_enroll(&case.view, request.choice, case.live.as_ref(), self.processor.till(), at);
        }
        // The seat that is missing may be the one that is kept for this very student.
        let kept = match &decision {
            Err(Refusal::StartFull { cohort, .. }) => self.kept_seat(&case, *cohort, at).await?,
            _ => None,
        };
        if let Some(entry) = &kept {
            decision = decide_accept(&case.view, entry, case.live.as_ref(), self.processor.till(), at);
        }
        let student = case.known.as_ref().unwrap_or(request.student);
        let plan = self.enrollment_plan(&case.view, student, &decision?, request.actor, at);
        Ok(EnrollmentPlan {
            new_student: case.known.is_none().then(|| request.student.clone()),
            offer: kept.map(|entry| entry.entry.id),
            ..plan
        })
    }

    /// The offer of a seat of this start that stands for the student.
    async fn kept_seat(
        &self,
        case: &Case,
        cohort: CohortId,
        at: Instant,
    ) -> Result<Option<WaitlistView>, ServiceError> {
        let Some(student) = &case.known else {
            return Ok(None);
        };
        let entries = self.store.list_waitlist(student.id, at).await?;
        Ok(entries.into_iter().find(|entry| entry.cohort.id == cohort && entry.is_offer(at)))
    }

    /// What a decision about a program and a student rests on.
    pub(super) async fn case_of(&self, request: &Enroll<'_>) -> Result<Case, ServiceError> {
        if !request.actor.may_touch(request.student.id) {
            return Err(Refusal::NotYours.into());
        }
        let view = self.store.find_program_by_id(request.program, self.now()).await?.ok_or_else(|| {
            ServiceError::UnknownProgram { slug: Text::clean(&request.program.to_string()), near: Vec::new() }
        })?;
        let known = self.known(request.student).await?;
        let student = known.as_ref().unwrap_or(request.student);
        if known.is_none() && student.email.is_none() {
            // Named by an id nobody has: that is a slip, not somebody new.
            return Err(ServiceError::UnknownStudent { who: Text::clean(&student.id.to_string()) });
        }
        let live = match &known {
            Some(student) => self.store.find_live_enrollment(student.id, view.program.id).await?,
            None => None,
        };
        Ok(Case { view, known, live })
    }

    /// The plan of a decision about a student who is known.
    pub(super) fn enrollment_plan(
        &self,
        view: &ProgramView,
        student: &Student,
        decision: &EnrollDecision<'_>,
        actor: Actor,
        at: Instant,
    ) -> EnrollmentPlan {
        let mut enrollment = self.new_enrollment(view, student, decision, at);
        let actor = actor.acting_for(student.id);
        let kind = if decision.price.is_some() { EventKind::CheckoutBegun } else { EventKind::Enrolled };
        let mut event = self.event(actor, Some(student.id), kind, at);
        event.enrollment = Some(enrollment.id);
        event.provider = enrollment.delivery.map(|delivery| delivery.provider_id);
        let (payment, jobs) = match (decision.price, decision.offer) {
            (Some(amount), Some(offer)) => {
                let to_pay = ToPay {
                    enrollment: enrollment.id,
                    amount,
                    what: &what_is_bought(&view.program.title, &offer.provider.name),
                    student,
                    policy: &offer.provider.refunds,
                };
                let (payment, job) = self.hold_for_payment(&mut enrollment, &to_pay, at);
                (Some(payment), vec![job])
            }
            _ => (None, self.jobs_of(&enrollment, decision.offer, at)),
        };
        EnrollmentPlan {
            new_student: None,
            jobs,
            enrollment,
            payment,
            offer: None,
            offers_last: self.offers_last,
            event,
        }
    }

    fn new_enrollment(
        &self,
        view: &ProgramView,
        student: &Student,
        decision: &EnrollDecision<'_>,
        at: Instant,
    ) -> Enrollment {
        let delivery = decision
            .offer
            .map(|offer| Delivery { provider_id: offer.provider.id, course_id: offer.course.id });
        Enrollment {
            status: decision.status,
            payment: decision.payment,
            link: decision.link,
            cohort_id: decision.cohort.map(|cohort| cohort.id),
            ..Enrollment::beginning(self.ids.new_id(), student.id, view.program.id, delivery, at)
        }
    }

    pub(super) fn jobs_of(&self, enrollment: &Enrollment, offer: Option<&Offer>, at: Instant) -> Vec<NewJob> {
        let provision = (enrollment.link == Link::Requested).then(|| {
            let needs = self.needs_of(offer);
            self.new_job(JobKind::Provision, enrollment.id, needs, at)
        });
        provision.into_iter().chain([self.new_job(JobKind::Mail, enrollment.id, Needs::Mail, at)]).collect()
    }

    /// What a process must hold to talk to the partner of an offer.
    pub(super) fn needs_of(&self, offer: Option<&Offer>) -> Needs {
        match offer.map(|offer| &offer.provider.protocol) {
            Some(Protocol::Rest(access)) => self.partners.needs(access),
            _ => Needs::Nothing,
        }
    }

    /// A job about an enrollment. The idempotency key is the enrollment's, so that even a second
    /// job for the same thing does it once.
    pub(super) fn new_job(
        &self,
        kind: JobKind,
        enrollment: EnrollmentId,
        needs: Needs,
        at: Instant,
    ) -> NewJob {
        NewJob {
            id: self.ids.new_id(),
            kind,
            enrollment_id: Some(enrollment),
            payload: serde_json::Value::Object(serde_json::Map::new()),
            idempotency_key: format!("{}:{enrollment}", kind.code()),
            needs,
            run_at: at,
        }
    }
}
