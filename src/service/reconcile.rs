//! Reconcile: every open payment and refund is looked at now and ended one way; money that came too
//! late is found; what a person has to decide is listed, and decided.

use crate::domain::actor::Actor;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::PaymentId;
use crate::domain::payment::{
    PaymentStatus, PaymentView, RefundStatus, RefundView, SessionReport, Verdict, judge, taken_up_within,
};
use crate::domain::plan::{ClosePlan, PaidPlan};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::payment::ProcessorError;
use crate::service::{ServiceError, Services};
use chrono::TimeDelta;

/// For how long after its end a payment is still looked at.
const LATE: TimeDelta = TimeDelta::days(2);
/// How many of them are read from the database at once.
const PAGE: u16 = 100;
/// After so many failures in a row the processor is not asked about the rest: it would take for ever.
const SILENT: u32 = 5;
/// How long one run goes on looking at what is due.
const STAY: TimeDelta = TimeDelta::minutes(2);

/// What is left open, and what was found.
#[derive(Debug, Default)]
pub struct Reconciled {
    /// Payments that ended in this run, one way or the other.
    pub ended: usize,
    /// Refunds whose money came back in this run.
    pub refunded: usize,
    /// Payments that came too late, and were taken care of.
    pub late: usize,
    /// Payments whose page is still open.
    pub open: Vec<PaymentView>,
    /// Payments that a person has to decide about.
    pub parked: Vec<PaymentView>,
    /// Refunds whose money is not back yet.
    pub refunding: Vec<RefundView>,
    /// Refunds that the processor could not make.
    pub failed: Vec<RefundView>,
    /// Payments and refunds of a processor that this process is not set up for.
    pub elsewhere: usize,
    /// Of how much the database failed, and how first. It is looked at another time.
    pub broken: Option<(usize, ServiceError)>,
}

/// What an advisor decides about a parked payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// What came is what was asked for: the enrollment begins.
    Accept,
    /// It goes back.
    Refund,
    /// No money of ours came: it can be paid again.
    Dismiss,
}

impl Services {
    /// Looks at everything about money that is not settled. Whoever calls it wants everything tried: also
    /// refunds that failed, once. The worker leaves those to a person.
    pub async fn reconcile(&self) -> Result<Reconciled, ServiceError> {
        let before = self.store.list_unsettled_payments().await?;
        let refunding = self.store.list_unsettled_refunds().await?;
        let deadline = self.now() + STAY;
        self.store.hurry_money(self.now()).await?;
        let broken = self.work_through(deadline).await?;
        let late = self.find_late_payments().await?;
        let payments = self.store.list_unsettled_payments().await?;
        let refunds = self.store.list_unsettled_refunds().await?;
        let ours = |payment: &PaymentView| self.processor.can_serve(&payment.processor);
        let is = |status| move |payment: &PaymentView| payment.status == status;
        let (parked, open): (Vec<_>, Vec<_>) = payments.into_iter().partition(is(PaymentStatus::Parked));
        let (failed, still): (Vec<_>, Vec<_>) =
            refunds.into_iter().partition(|refund| refund.status == RefundStatus::Failed);
        Ok(Reconciled {
            ended: before
                .iter()
                .filter(|payment| payment.status == PaymentStatus::Open)
                .filter(|payment| !open.iter().any(|open| open.id == payment.id))
                .count(),
            refunded: refunding
                .iter()
                .filter(|refund| !still.iter().chain(&failed).any(|other| other.id == refund.id))
                .count(),
            late,
            elsewhere: open.iter().filter(|payment| !ours(payment)).count(),
            open,
            parked,
            refunding: still,
            failed,
            broken,
        })
    }

    /// Looks at payments that ended without money a short while ago; how many were paid after all.
    pub async fn find_late_payments(&self) -> Result<usize, ServiceError> {
        let since = self.now() - LATE;
        let name = self.processor.name();
        if !self.processor.can_serve(&name) {
            return Ok(0);
        }
        let (mut late, mut silent, mut before) = (0, 0, None);
        loop {
            let page = self.store.list_just_closed_payments(since, &name, before, PAGE).await?;
            for payment in &page {
                match self.look_for_late(payment).await {
                    Ok(came) => (late, silent) = (late + usize::from(came), 0),
                    // One that can't be read never stops the others.
                    Err(error) => {
                        tracing::warn!(payment = %payment.id, %error, "a closed payment can't be read");
                        silent = if is_silent(&error) { silent + 1 } else { 0 };
                    }
                }
                if silent == SILENT {
                    tracing::warn!("the payment processor does not answer, so what was closed waits");
                    return Ok(late);
                }
            }
            match page.last() {
                Some(last) if page.len() == usize::from(PAGE) => before = Some(last.id),
                _ => return Ok(late),
            }
        }
    }

    async fn look_for_late(&self, payment: &PaymentView) -> Result<bool, ServiceError> {
        let Some(report) = self.report_of(payment).await? else {
            return Ok(false);
        };
        match judge(payment, &report, self.processor.live()) {
            Verdict::Paid { payment_intent } => {
                self.money_came(payment, payment.amount, payment_intent).await?;
                Ok(true)
            }
            // This is what a person has looked at already, and dismissed.
            Verdict::Mismatch(_) if payment.odd.is_some() && payment.odd == report.amount() => Ok(false),
            Verdict::Mismatch(why) => {
                self.close(payment, PaymentStatus::Parked, Some(&why), Some(&report)).await?;
                Ok(true)
            }
            Verdict::Open | Verdict::Expired | Verdict::Unclear => Ok(false),
        }
    }

    async fn report_of(&self, payment: &PaymentView) -> Result<Option<SessionReport>, ServiceError> {
        let found = match (&payment.session_id, payment.sent_at) {
            (Some(session), _) => self.processor.session(session).await.map(Some),
            (None, Some(sent)) => {
                let (from, to) = taken_up_within(sent, self.now());
                self.processor.find_session(payment.id, from, to).await
            }
            (None, None) => Ok(None),
        };
        match found {
            Err(ProcessorError::NotFound) => Ok(None),
            found => found.map_err(|source| ServiceError::Processor { source }),
        }
    }

    /// Payments that a person has to decide about.
    pub async fn parked(&self) -> Result<Vec<PaymentView>, ServiceError> {
        let all = self.store.list_unsettled_payments().await?;
        Ok(all.into_iter().filter(|payment| payment.status == PaymentStatus::Parked).collect())
    }

    /// An advisor decides about a parked payment.
    pub async fn settle_parked(
        &self,
        actor: Actor,
        id: PaymentId,
        decision: Decision,
        reason: &Text,
    ) -> Result<(), ServiceError> {
        let unknown = || ServiceError::UnknownPayment { what: Text::clean(&id.to_string()) };
        let payment = self.store.find_payment(id).await?.ok_or_else(unknown)?;
        if matches!(actor, Actor::Student(_)) {
            return Err(Refusal::AdvisorOnly.into());
        }
        if payment.status != PaymentStatus::Parked {
            return Err(unknown());
        }
        let at = self.now();
        match decision {
            Decision::Dismiss => self.dismiss(actor, &payment, reason, at).await,
            Decision::Accept if payment.odd.is_none_or(|odd| odd == payment.amount) => {
                let view = self.course(Actor::System, payment.enrollment_id).await?;
                let event = self.event_about(&view, actor, EventKind::PaymentSettled, at);
                let decision = Event { payload: decided(&payment, "accepted", reason), ..event };
                Box::pin(self.accept_parked(&payment, &decision)).await
            }
            Decision::Accept => {
                let came = payment.odd.map(|odd| odd.to_string()).unwrap_or_default();
                Err(Refusal::ParkedDiffers { came, asked: payment.amount.to_string() }.into())
            }
            Decision::Refund if payment.payment_intent.is_none() => Err(Refusal::ParkedUnknown.into()),
            Decision::Refund => {
                let view = self.course(Actor::System, payment.enrollment_id).await?;
                let came = PaymentView { amount: payment.odd.unwrap_or(payment.amount), ..payment.clone() };
                let event = self.event_about(&view, actor, EventKind::PaymentSettled, at);
                let plan = PaidPlan {
                    payment_id: id,
                    amount: came.amount,
                    payment_intent: came.payment_intent.clone(),
                    terms: crate::domain::money::Terms::None,
                    outcome: self.give_back(&view, &came, at),
                    event: Event { payload: decided(&payment, "refunded", reason), ..event },
                };
                Ok(self.store.record_paid(&plan).await?)
            }
        }
    }

    async fn dismiss(
        &self,
        actor: Actor,
        payment: &PaymentView,
        reason: &Text,
        at: Instant,
    ) -> Result<(), ServiceError> {
        let view = self.course(Actor::System, payment.enrollment_id).await?;
        let event = self.event_about(&view, actor, EventKind::PaymentSettled, at);
        let plan = ClosePlan {
            payment_id: payment.id,
            seen: PaymentStatus::Parked,
            status: PaymentStatus::Expired,
            // So it is known again when it is looked at once more.
            paid: payment.odd,
            payment_intent: None,
            unsent: false,
            note: Some(reason.clone()),
            offers_last: self.offers_last,
            event: Event { payload: decided(payment, "dismissed", reason), ..event },
            ended: self.event_about(&view, Actor::System, EventKind::SwitchEnded, at),
        };
        Ok(self.store.close_payment(&plan).await?)
    }
}

/// Whether the processor said nothing, so that it is no matter of this payment.
fn is_silent(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Processor { source } if source.is_transient())
}

fn decided(payment: &PaymentView, what: &str, reason: &Text) -> serde_json::Value {
    serde_json::json!({ "payment": payment.id, "decision": what, "reason": reason })
}
