//! Refunds: asked for by whoever cancels, switches, or by an advisor; done by a job.

use crate::domain::actor::Actor;
use crate::domain::decide::decide_refund;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{EnrollmentId, PaymentId, RefundId};
use crate::domain::job::{Job, JobKind, Needs, NewJob};
use crate::domain::money::Money;
use crate::domain::payment::{
    NewRefund, PaymentView, RefundReport, RefundRequest, RefundStatus, RefundView, may_be_forgotten,
    poll_delay,
};
use crate::domain::plan::{RefundPlan, RefundReportPlan};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::payment::ProcessorError;
use crate::service::work::JobError;
use crate::service::{ServiceError, Services};
use crate::store::FailPoint;
use chrono::TimeDelta;

/// After this long the processor's list shows whatever it has begun.
const SETTLES: TimeDelta = TimeDelta::minutes(10);

/// What goes back of one payment.
pub(super) struct Back<'a> {
    /// Of which.
    pub payment: &'a PaymentView,
    /// How much.
    pub amount: Money,
}

impl Services {
    /// Pays some of the money of an enrollment back: an advisor's decision. With no amount all that
    /// is left.
    pub async fn refund(
        &self,
        actor: Actor,
        id: EnrollmentId,
        amount: Option<Money>,
        reason: &Text,
    ) -> Result<CourseView, ServiceError> {
        let view = self.course(actor, id).await?;
        let back = decide_refund(&view, actor, amount)?;
        let at = self.now();
        let (refunds, mut jobs) = self.new_refunds(&view, &back, reason, at);
        jobs.extend(self.mail_about(id, &refunds, at));
        let cents: i64 = refunds.iter().map(|refund| refund.amount.cents).sum();
        let payload = serde_json::json!({ "amount_cents": cents, "reason": reason });
        let event = Event { payload, ..self.event_about(&view, actor, EventKind::RefundRequested, at) };
        self.store.request_refund(&RefundPlan { enrollment_id: id, refunds, jobs, event }).await?;
        self.course(actor, id).await
    }

    /// Refunds of these amounts, with their jobs.
    pub(super) fn new_refunds(
        &self,
        view: &CourseView,
        back: &[(PaymentId, Money)],
        reason: &Text,
        at: Instant,
    ) -> (Vec<NewRefund>, Vec<NewJob>) {
        let known = |id: PaymentId| view.money.payments.iter().find(move |payment| payment.id == id);
        let backs =
            back.iter().filter_map(|(id, amount)| Some(Back { payment: known(*id)?, amount: *amount }));
        backs.map(|back| self.new_refund(view, &back, reason, at)).unzip()
    }

    /// The mail that tells of refunds, where there are any.
    pub(super) fn mail_about(
        &self,
        enrollment: EnrollmentId,
        refunds: &[NewRefund],
        at: Instant,
    ) -> Option<NewJob> {
        let ids: Vec<RefundId> = refunds.iter().map(|refund| refund.id).collect();
        (!ids.is_empty()).then(|| self.refund_mail(enrollment, &ids, at))
    }

    /// One mail for all that goes back at once.
    pub(super) fn refund_mail(&self, enrollment: EnrollmentId, refunds: &[RefundId], at: Instant) -> NewJob {
        let key = refunds.first().map(|first| format!("mail:refund:{first}")).unwrap_or_default();
        NewJob {
            payload: serde_json::json!({ "refund": refunds }),
            idempotency_key: key,
            ..self.new_job(JobKind::Mail, enrollment, Needs::Mail, at)
        }
    }

    pub(super) fn new_refund(
        &self,
        view: &CourseView,
        back: &Back<'_>,
        reason: &Text,
        at: Instant,
    ) -> (NewRefund, NewJob) {
        let id: RefundId = self.ids.new_id();
        let payment = back.payment;
        let payment_intent = payment.payment_intent.as_ref().map(Text::as_str).unwrap_or_default();
        let request = RefundRequest { refund: id, payment_intent, amount: back.amount };
        let refund = NewRefund {
            id,
            payment_id: payment.id,
            seen_refunded_cents: payment.refunded_cents,
            amount: back.amount,
            reason: reason.clone(),
            idempotency_key: key_of(id, 1),
            request_body: self.processor.refund_body(&request),
        };
        let job = NewJob {
            id: self.ids.new_id(),
            kind: JobKind::Refund,
            enrollment_id: Some(view.enrollment.id),
            payload: serde_json::json!({ "refund": id }),
            idempotency_key: format!("refund:{id}"),
            needs: Needs::Processor(payment.processor.clone()),
            run_at: at,
        };
        (refund, job)
    }

    /// The job: asks for the refund once, and comes back until the money is.
    pub(super) async fn follow_refund(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        let lasting = |what: &str| JobError::Lasting(what.to_owned());
        let id = job.payload.get("refund").and_then(|id| serde_json::from_value(id.clone()).ok());
        let Some(mut refund) = self.refund_of(id).await? else {
            return Err(lasting("the refund is not known"));
        };
        if refund.status == RefundStatus::Failed {
            // Somebody wants it tried again. What failed is over, so this is a new request.
            let key = key_of(refund.id, refund.attempt + 1);
            self.store.ask_refund_again(&refund, &key).await?;
            refund =
                self.refund_of(Some(refund.id)).await?.ok_or_else(|| lasting("the refund is not known"))?;
        }
        if refund.status == RefundStatus::Succeeded {
            return self.finish(job, None).await;
        }
        let report = self.ask_for_refund(&refund).await?;
        self.store.fail_points().hit(FailPoint::RefundAfterCall);
        self.take_refund_report(job, view, &refund, &report).await
    }

    async fn refund_of(&self, id: Option<RefundId>) -> Result<Option<RefundView>, JobError> {
        match id {
            Some(id) => Ok(self.store.find_refund(id).await?),
            None => Ok(None),
        }
    }

    async fn ask_for_refund(&self, refund: &RefundView) -> Result<RefundReport, JobError> {
        if let Some(id) = &refund.external_refund_id {
            return Ok(self.processor.refund(id).await?);
        }
        let now = self.now();
        if refund.sent_at.is_some_and(|sent| may_be_forgotten(sent, now)) {
            // The key may be forgotten by now: the same request could pay back a second time.
            let found = self.find_refund_at_processor(refund).await?;
            return Ok(found.unwrap_or_else(|| failed("it never reached the payment processor")));
        }
        // What was taken for a failure may have gone through: then nothing is asked for a second time.
        if refund.attempt > 1
            && refund.sent_at.is_none()
            && let Some(report) = self.find_refund_at_processor(refund).await?
        {
            return Ok(report);
        }
        self.store.mark_refund_sent(refund.id, now).await?;
        match self.processor.create_refund(&refund.request_body, &refund.idempotency_key).await {
            Err(ProcessorError::AlreadyRefunded) => {
                // Ours, with its answer lost; or somebody paid it back at the processor by hand.
                let found = self.find_refund_at_processor(refund).await?;
                let by_hand =
                    RefundReport { status: Some(RefundStatus::Succeeded), ..RefundReport::default() };
                Ok(found.unwrap_or(by_hand))
            }
            Err(ProcessorError::Rejected { message } | ProcessorError::Declined { message }) => {
                Ok(failed(message.as_str()))
            }
            // It would say the same for ever: only looking tells whether it is under way.
            Err(error @ (ProcessorError::Kept { .. } | ProcessorError::KeyReused)) => {
                match self.find_refund_at_processor(refund).await? {
                    Some(report) => Ok(report),
                    None if now - refund.sent_at.unwrap_or(now) > SETTLES => Ok(failed(&error.to_string())),
                    None => Err(error.into()),
                }
            }
            Err(ProcessorError::NotFound) => Ok(failed("the payment processor does not know the payment")),
            answer => Ok(answer?),
        }
    }

    async fn find_refund_at_processor(&self, refund: &RefundView) -> Result<Option<RefundReport>, JobError> {
        let payment = self.store.find_payment(refund.payment_id).await?;
        match payment.and_then(|payment| payment.payment_intent) {
            // What failed before is over: it says nothing about this attempt.
            Some(intent) => {
                let found = self.processor.find_refund(&intent, refund.id).await?;
                let ours = |report: &RefundReport| {
                    refund.attempt == 1 || report.status != Some(RefundStatus::Failed)
                };
                Ok(found.filter(ours))
            }
            None => Ok(None),
        }
    }

    async fn take_refund_report(
        &self,
        job: &Job,
        view: &CourseView,
        refund: &RefundView,
        report: &RefundReport,
    ) -> Result<(), JobError> {
        let at = self.now();
        // A word that is not known here is no success, and neither is another amount.
        let other = report.amount.zip(report.currency).map(|(cents, currency)| Money { cents, currency });
        let other = other.filter(|back| *back != refund.amount);
        let (status, note) = match (report.status.unwrap_or(RefundStatus::Pending), other) {
            (RefundStatus::Succeeded, Some(other)) => {
                let why = format!("the payment processor paid back {other} instead of {}", refund.amount);
                (RefundStatus::Failed, Some(Text::clean(&why)))
            }
            (status, _) => (status, report.failure.clone()),
        };
        let payload = serde_json::json!({ "refund": refund.id, "amount_cents": refund.amount.cents });
        let plan = RefundReportPlan {
            refund_id: refund.id,
            status,
            external_refund_id: report.id.clone(),
            note: note.clone(),
            job_id: job.id,
            event: Event { payload, ..self.event_about(view, Actor::System, EventKind::Refunded, at) },
        };
        self.store.report_refund(&plan).await?;
        match status {
            RefundStatus::Succeeded => Ok(()),
            RefundStatus::Failed => Err(JobError::Lasting(note.map_or_else(
                || "the payment processor could not pay it back".to_owned(),
                |note| note.to_string(),
            ))),
            RefundStatus::Requested | RefundStatus::Pending => {
                Err(JobError::LookAgainAt(at + poll_delay(at - refund.requested_at)))
            }
        }
    }
}

fn failed(why: &str) -> RefundReport {
    RefundReport {
        status: Some(RefundStatus::Failed),
        failure: Some(Text::clean_to(why, 200)),
        ..RefundReport::default()
    }
}

/// The key of an attempt: what failed at the processor for good is asked for under another one.
fn key_of(refund: RefundId, attempt: u32) -> String {
    format!("refund:{refund}:{attempt}")
}
