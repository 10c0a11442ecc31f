//! Switch to another partner before the course is started.

use crate::domain::actor::Actor;
use crate::domain::cohort::Cohort;
use crate::domain::decide::{
    Choice, Overrule, SwitchCase, SwitchDecision, SwitchQuote, decide_switch, first_link, newest_first,
    quote_switch, switch_unknown,
};
use crate::domain::enrollment::{Delivery, Enrollment, Link, Payment, Status};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{EnrollmentId, PaymentId};
use crate::domain::job::{JobKind, NewJob};
use crate::domain::money::Money;
use crate::domain::plan::{EnrollmentPlan, SwitchPlan};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::views::{CourseView, Offer, ProgramView};
use crate::service::checkout::{ToPay, what_is_bought};
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};

/// How often a lost race is looked at again.
const ATTEMPTS: usize = 4;

/// A switch to be written down.
pub(super) struct Switching<'a> {
    /// The enrollment now.
    pub old: &'a CourseView,
    /// With whom then.
    pub offer: &'a Offer,
    /// What that costs.
    pub price: Money,
    /// What of it is not asked for.
    pub waived_cents: i64,
    /// What goes back, the newest payment first.
    pub back: Vec<(PaymentId, Money)>,
    /// Whose doing it is.
    pub actor: Actor,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Switch {
    /// Who asks.
    pub actor: Actor,
    /// Which enrollment.
    pub course: EnrollmentId,
    /// To what.
    pub choice: Choice,
    /// An advisor's word where the partner does not say whether the course was begun.
    pub overrule: Option<Overrule>,
}

impl Services {
    /// What a switch would change, and why it is not allowed, if it is not.
    pub async fn switch_quote(
        &self,
        request: &Switch,
    ) -> Result<(SwitchQuote, Option<Refusal>), ServiceError> {
        let view = self.course(request.actor, request.course).await?;
        let program = self.program_of(&view).await?;
        match self.decide_switch_now(request, view, &program).await {
            Ok((view, ..)) => Ok((quote_switch(&self.case(request, &view, &program))?, None)),
            Err(ServiceError::Refused(refusal)) => {
                let view = self.course(request.actor, request.course).await?;
                // Where it is not even clear what is wanted there is nothing to quote.
                let quote =
                    quote_switch(&self.case(request, &view, &program)).map_err(|_| refusal.clone())?;
                Ok((quote, Some(refusal)))
            }
            Err(error) => Err(error),
        }
    }

    /// Switches, or begins to where the difference has to be paid first: then the enrollment that is
    /// given back waits for payment, and the old one stands.
    pub async fn switch(&self, request: &Switch) -> Result<CourseView, ServiceError> {
        let mut lost = Conflict::Changed;
        for _ in 0..ATTEMPTS {
            let view = self.course(request.actor, request.course).await?;
            let program = self.program_of(&view).await?;
            let (view, offer, cohort) = self.decide_switch_now(request, view, &program).await?;
            let quote = quote_switch(&self.case(request, &view, &program))?;
            let new = self.replacement(&view, offer, cohort);
            let id = new.id;
            let written = if quote.due.is_zero() {
                let back = newest_first(&view.money.payments, quote.refund);
                let waived_cents = quote.waived.cents;
                let (price, actor) = (quote.price, request.actor);
                let switching = Switching { old: &view, offer, price, waived_cents, back, actor };
                // A place that nobody paid for is no paid one, whatever it costs others.
                let free = price.cents == waived_cents;
                let payment = if free { Payment::None } else { Payment::Paid };
                let switched_from = Some(view.enrollment.id);
                let new = Enrollment { payment, link: first_link(offer), switched_from, ..new };
                self.store.switch(&self.plan_switch(&switching, new, false)).await
            } else {
                self.store.enroll(&self.plan_candidate(request.actor, &view, offer, new, quote.due)).await
            };
            match written {
                Ok(()) => return self.course(Actor::System, id).await,
                Err(StoreError::Conflict(race)) => lost = race,
                // The connection may have ended after the commit: the id is ours, so look.
                Err(error) => {
                    return match self.store.find_course(id).await {
                        Ok(Some(written)) => Ok(written),
                        Ok(None) | Err(_) => Err(error.into()),
                    };
                }
            }
        }
        Err(StoreError::Conflict(lost).into())
    }

    async fn program_of(&self, view: &CourseView) -> Result<ProgramView, ServiceError> {
        let found = self.store.find_program_by_id(view.enrollment.program_id, self.now()).await?;
        found.ok_or_else(|| ServiceError::UnknownProgram {
            slug: Text::clean(view.program_slug.as_str()),
            near: Vec::new(),
        })
    }

    fn case<'v, 'p>(
        &self,
        request: &'v Switch,
        view: &'v CourseView,
        program: &'p ProgramView,
    ) -> SwitchCase<'v, 'p> {
        SwitchCase {
            view,
            program,
            choice: request.choice,
            facts: view.start_facts(self.now()),
            till: self.processor.till(),
            overrule: request.overrule.as_ref(),
        }
    }

    /// Decides, on a fresh report of the partner where that matters.
    async fn decide_switch_now<'a>(
        &self,
        request: &Switch,
        view: CourseView,
        program: &'a ProgramView,
    ) -> Result<(CourseView, &'a Offer, Option<&'a Cohort>), ServiceError> {
        let decided = decide_switch(&self.case(request, &view, program), request.actor)?;
        match decided {
            SwitchDecision::Switch { offer, cohort }
                if request.overrule.is_none() || self.nothing_opens(&view) =>
            {
                return Ok((view, offer, cohort));
            }
            SwitchDecision::Switch { .. } | SwitchDecision::AskPartner => {}
        }
        // Asked in any case before an advisor's word counts. A partner that is silent is no error here.
        if let Err(error) = self.sync_one(&view).await {
            tracing::warn!(%error, "the partner was asked in vain before a switch");
        }
        let view = self.course(request.actor, request.course).await?;
        match decide_switch(&self.case(request, &view, program), request.actor)? {
            SwitchDecision::Switch { offer, cohort } => Ok((view, offer, cohort)),
            SwitchDecision::AskPartner => Err(switch_unknown(&self.case(request, &view, program)).into()),
        }
    }

    fn nothing_opens(&self, view: &CourseView) -> bool {
        view.provider().is_some_and(|provider| !provider.stage(self.now()).opens())
    }

    fn replacement(&self, view: &CourseView, offer: &Offer, cohort: Option<&Cohort>) -> Enrollment {
        let delivery = Delivery { provider_id: offer.provider.id, course_id: offer.course.id };
        let (id, at) = (self.ids.new_id(), self.now());
        let begins =
            Enrollment::beginning(id, view.student.id, view.enrollment.program_id, Some(delivery), at);
        Enrollment { cohort_id: cohort.map(|cohort| cohort.id), ..begins }
    }

    /// The new enrollment waits for its payment, with its seat held; the old one stands.
    fn plan_candidate(
        &self,
        actor: Actor,
        view: &CourseView,
        offer: &Offer,
        new: Enrollment,
        due: Money,
    ) -> EnrollmentPlan {
        let at = self.now();
        let mut enrollment = Enrollment { replaces_id: Some(view.enrollment.id), ..new };
        let to_pay = ToPay {
            enrollment: enrollment.id,
            amount: due,
            what: &what_is_bought(&view.program_title, &offer.provider.name),
            student: &view.student,
            policy: &offer.provider.refunds,
        };
        let (payment, job) = self.hold_for_payment(&mut enrollment, &to_pay, at);
        let begun = self.event_about(view, actor, EventKind::SwitchBegun, at);
        EnrollmentPlan {
            new_student: None,
            event: Event { enrollment: Some(enrollment.id), provider: Some(offer.provider.id), ..begun },
            enrollment,
            payment: Some(payment),
            offer: None,
            offers_last: self.offers_last,
            jobs: vec![job],
        }
    }

    /// The commit of a switch.
    pub(super) fn plan_switch(
        &self,
        switching: &Switching<'_>,
        new: Enrollment,
        candidate: bool,
    ) -> SwitchPlan {
        let Switching { old, offer, price, waived_cents, back, actor } = switching;
        let at = self.now();
        let reason = Text::clean(&format!("switched to {}", offer.provider.name));
        let (refunds, refund_jobs) = self.new_refunds(old, back, &reason, at);
        let provider = Some(offer.provider.id);
        let mut here = self.event_about(old, *actor, EventKind::SwitchedHere, at);
        if *waived_cents > 0 {
            here.payload = serde_json::json!({ "waived_cents": waived_cents });
        }
        let refund_jobs = refund_jobs.into_iter().map(|job| NewJob { enrollment_id: Some(new.id), ..job });
        let jobs: Vec<NewJob> = self
            .withdrawal_of(old, at)
            .into_iter()
            .chain(self.jobs_of(&new, Some(offer), at).into_iter().map(|job| about_switch(job, old)))
            .chain(refund_jobs)
            .collect();
        SwitchPlan {
            old: old.enrollment.id,
            seen: (&old.enrollment).into(),
            here: Event { enrollment: Some(new.id), provider, ..here },
            away: self.event_about(old, *actor, EventKind::SwitchedAway, at),
            new,
            candidate,
            price: *price,
            waived_cents: *waived_cents,
            terms: offer.course.terms,
            refunds,
            jobs,
            offers_last: self.offers_last,
        }
    }

    /// The job that tells the partner, where it may know of the enrollment.
    pub(super) fn withdrawal_of(
        &self,
        view: &CourseView,
        at: crate::domain::time::Instant,
    ) -> Option<NewJob> {
        let known = matches!(view.enrollment.link, Link::Requested | Link::Confirmed | Link::Failed);
        let tells = view.provider().is_some_and(|provider| provider.capabilities().withdraw);
        let id = view.enrollment.id;
        (known && tells && view.enrollment.status == Status::Active)
            .then(|| self.new_job(JobKind::Withdraw, id, self.needs_of(view.partner.as_ref()), at))
    }
}

/// Whoever switches is told what changed, instead of that they are enrolled.
fn about_switch(job: NewJob, old: &CourseView) -> NewJob {
    match job.kind {
        JobKind::Mail => NewJob { payload: serde_json::json!({ "switch": old.enrollment.id }), ..job },
        _ => job,
    }
}
