//! What comes of money that has come.

use crate::domain::actor::Actor;
use crate::domain::decide::{Choice, decide_enroll, first_link};
use crate::domain::enrollment::{Enrollment, Payment, Started, Status};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::EnrollmentId;
use crate::domain::money::{Money, Terms};
use crate::domain::payment::{PaymentStatus, PaymentView};
use crate::domain::plan::{EnrollmentPlan, GiveBack, PaidOutcome, PaidPlan, SwitchPlan};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, Offer};
use crate::service::refund::Back;
use crate::service::switch::Switching;
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};

/// How often a lost race is looked at again.
const ATTEMPTS: usize = 5;

impl Services {
    /// Writes down that a payment is paid, with what comes of it. `amount` is what came.
    pub(super) async fn money_came(
        &self,
        payment: &PaymentView,
        amount: Money,
        payment_intent: Option<Text>,
    ) -> Result<(), ServiceError> {
        self.money_counts(payment, amount, payment_intent, None).await
    }

    /// A parked payment is right after all: so somebody decided, and it is written down with the money.
    pub(super) async fn accept_parked(
        &self,
        payment: &PaymentView,
        decision: &Event,
    ) -> Result<(), ServiceError> {
        self.money_counts(payment, payment.amount, payment.payment_intent.clone(), Some(decision)).await
    }

    async fn money_counts(
        &self,
        payment: &PaymentView,
        amount: Money,
        payment_intent: Option<Text>,
        decision: Option<&Event>,
    ) -> Result<(), ServiceError> {
        for _ in 0..ATTEMPTS {
            let view = self.course(Actor::System, payment.enrollment_id).await?;
            let paid = PaymentView { amount, payment_intent: payment_intent.clone(), ..payment.clone() };
            let mut plan = self.plan_paid(&view, &paid).await?;
            if let Some(decision) = decision {
                plan.event = decision.clone();
            }
            match self.store.record_paid(&plan).await {
                // Written down by somebody else, or the enrollment has moved on: look again.
                Err(StoreError::Conflict(_)) => {}
                done => return Ok(done?),
            }
            let standing = self.store.find_payment(payment.id).await?;
            if decision.is_some() {
                // Another advisor has decided at the same moment: that stands.
                if standing.is_none_or(|standing| standing.status != PaymentStatus::Parked) {
                    break;
                }
            } else if standing.is_some_and(|standing| standing.paid_at.is_some()) {
                return Ok(());
            }
        }
        Err(StoreError::Conflict(Conflict::Changed).into())
    }

    async fn plan_paid(&self, view: &CourseView, payment: &PaymentView) -> Result<PaidPlan, ServiceError> {
        let at = self.now();
        let outcome = self.outcome_of(view, payment, at).await?;
        let in_time = matches!(outcome, PaidOutcome::Begin { .. } | PaidOutcome::Switch(_));
        let kind = if in_time { EventKind::Paid } else { EventKind::PaidLate };
        let payload = serde_json::json!({
            "payment": payment.id, "amount_cents": payment.amount.cents, "currency": payment.amount.currency,
        });
        Ok(PaidPlan {
            payment_id: payment.id,
            amount: payment.amount,
            payment_intent: payment.payment_intent.clone(),
            terms: terms_of(view),
            outcome,
            event: Event { payload, ..self.event_about(view, Actor::System, kind, at) },
        })
    }

    async fn outcome_of(
        &self,
        view: &CourseView,
        payment: &PaymentView,
        at: Instant,
    ) -> Result<PaidOutcome, ServiceError> {
        match (view.enrollment.status, view.enrollment.replaces_id, &view.partner) {
            (Status::Pending, None, Some(offer)) => Ok(self.begin(view, offer, at)),
            (Status::Pending, Some(old), Some(_)) => match self.plan_paid_switch(view, old, payment).await? {
                Some(switch) => Ok(PaidOutcome::Switch(Box::new(switch))),
                None => Ok(self.give_back(view, payment, at)),
            },
            _ => match self.enroll_anew(view, payment, at).await? {
                Some(anew) => Ok(PaidOutcome::EnrollAnew(Box::new(anew))),
                None => Ok(self.give_back(view, payment, at)),
            },
        }
    }

    /// The enrollment that waited for it begins.
    fn begin(&self, view: &CourseView, offer: &Offer, at: Instant) -> PaidOutcome {
        let enrollment = Enrollment {
            status: Status::Active,
            payment: Payment::Paid,
            link: first_link(offer),
            hold_until: None,
            ..view.enrollment.clone()
        };
        PaidOutcome::Begin {
            jobs: self.jobs_of(&enrollment, Some(offer), at),
            enrollment: Box::new(enrollment),
            offers_last: self.offers_last,
            event: self.event_about(view, Actor::System, EventKind::Enrolled, at),
        }
    }

    /// Too late for a switch if the old course has been begun, or is over.
    async fn plan_paid_switch(
        &self,
        view: &CourseView,
        old: EnrollmentId,
        payment: &PaymentView,
    ) -> Result<Option<SwitchPlan>, ServiceError> {
        let mut old = self.course(Actor::System, old).await?;
        if old.enrollment.started(&old.start_facts(self.now())) == Started::AskPartner
            && self.sync_one(&old).await.unwrap_or(false)
        {
            old = self.course(Actor::System, old.enrollment.id).await?;
        }
        let begun = old.enrollment.started(&old.start_facts(self.now())) == Started::Yes;
        let (Status::Active, false, Some(offer)) = (old.enrollment.status, begun, &view.partner) else {
            return Ok(None);
        };
        let paid = old.money.paid().map_or(0, |paid| paid.cents);
        let price = Money { cents: paid + payment.amount.cents, ..payment.amount };
        let waived_cents = 0;
        let switching =
            Switching { old: &old, offer, price, waived_cents, back: Vec::new(), actor: Actor::System };
        let new = Enrollment {
            status: Status::Active,
            payment: Payment::Paid,
            link: first_link(offer),
            hold_until: None,
            replaces_id: None,
            switched_from: Some(old.enrollment.id),
            ..view.enrollment.clone()
        };
        Ok(Some(self.plan_switch(&switching, new, true)))
    }

    /// The hold ran out before the money came: the same place once more, if it is free, still costs
    /// this, and the student has not chosen something else.
    async fn enroll_anew(
        &self,
        view: &CourseView,
        payment: &PaymentView,
        at: Instant,
    ) -> Result<Option<EnrollmentPlan>, ServiceError> {
        let Some(delivery) = view.enrollment.delivery else {
            return Ok(None);
        };
        let history = self.store.list_history(view.enrollment.id).await?;
        let ended = |kind| {
            matches!(
                kind,
                EventKind::HoldExpired
                    | EventKind::CheckoutAbandoned
                    | EventKind::Cancelled
                    | EventKind::SwitchEnded
            )
        };
        let last = history.iter().map(|entry| entry.kind).find(|kind| ended(*kind));
        if view.enrollment.status != Status::Cancelled || last != Some(EventKind::HoldExpired) {
            return Ok(None);
        }
        let Some(program) = self.store.find_program_by_id(view.enrollment.program_id, at).await? else {
            return Ok(None);
        };
        let live = self.store.find_live_enrollment(view.student.id, program.program.id).await?;
        let choice = match view.enrollment.cohort_id {
            Some(cohort) => Choice::Cohort(delivery.course_id, cohort),
            None => Choice::Course(delivery.course_id),
        };
        let decision = decide_enroll(&program, choice, live.as_ref(), self.processor.till(), at);
        let Some(offer) = decision.ok().filter(|d| d.price == Some(payment.amount)).and_then(|d| d.offer)
        else {
            return Ok(None);
        };
        let enrollment = Enrollment {
            payment: Payment::Paid,
            link: first_link(offer),
            cohort_id: view.enrollment.cohort_id,
            ..Enrollment::beginning(
                self.ids.new_id(),
                view.student.id,
                view.enrollment.program_id,
                view.enrollment.delivery,
                at,
            )
        };
        let event = Event {
            enrollment: Some(enrollment.id),
            ..self.event_about(view, Actor::System, EventKind::Enrolled, at)
        };
        Ok(Some(EnrollmentPlan {
            new_student: None,
            jobs: self.jobs_of(&enrollment, Some(offer), at),
            enrollment,
            payment: None,
            offer: None,
            offers_last: self.offers_last,
            event,
        }))
    }

    /// Nothing waits for it: it goes back.
    pub(super) fn give_back(&self, view: &CourseView, payment: &PaymentView, at: Instant) -> PaidOutcome {
        let paid = PaymentView { status: PaymentStatus::Paid, refunded_cents: 0, ..payment.clone() };
        let back = Back { payment: &paid, amount: payment.amount };
        let (refund, job) = self.new_refund(view, &back, &Text::from("paid after the time was over"), at);
        let mail = self.refund_mail(view.enrollment.id, &[refund.id], at);
        let waits = view.enrollment.status == Status::Pending;
        let switches = view.enrollment.replaces_id.is_some();
        let ended = if switches { EventKind::SwitchEnded } else { EventKind::CheckoutAbandoned };
        PaidOutcome::GiveBack(Box::new(GiveBack {
            jobs: vec![job, mail],
            refund,
            ended: waits.then(|| self.event_about(view, Actor::System, ended, at)),
            offers_last: self.offers_last,
            event: self.event_about(view, Actor::System, EventKind::RefundRequested, at),
        }))
    }
}

fn terms_of(view: &CourseView) -> Terms {
    view.partner.as_ref().map(|offer| offer.course.terms).unwrap_or_default()
}
