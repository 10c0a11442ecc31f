//! Deliver messages: the confirmation of an enrollment, what a switch changed, money on its way
//! back, the offer of a seat, a certificate that runs out, what became of a report (job `mail`).

use crate::domain::actor::Actor;
use crate::domain::enrollment::Status;
use crate::domain::event::EventKind;
use crate::domain::ids::{EnrollmentId, ProofId, RefundId, WaitlistId, WatchId};
use crate::domain::job::Job;
use crate::domain::payment::RefundStatus;
use crate::domain::plan::JobDonePlan;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::mail::{self, Message};
use crate::service::Services;
use crate::service::work::JobError;
use crate::store::FailPoint;
use chrono::TimeDelta;
use serde::de::DeserializeOwned;

/// How long a refund that could not be made is left to a person before its mail is looked at again.
const UNTIL_MENDED: TimeDelta = TimeDelta::hours(1);

impl Services {
    /// The job, about an enrollment.
    pub(super) async fn send_mail(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        if let Some(refunds) = about::<Vec<RefundId>>(job, "refund") {
            return self.send_refund(job, view, &refunds).await;
        }
        if about::<Instant>(job, "expires").is_some() {
            let message = mail::certificate_expires(view, &job.id.to_string());
            return self.send(job, view, message).await;
        }
        if about::<WatchId>(job, "back").is_some() {
            return self.send_back(job, view).await;
        }
        if let Some(proof) = about::<ProofId>(job, "proof") {
            let proof = self.store.find_proof(proof).await?.map(|found| found.proof);
            let message = proof.and_then(|proof| mail::proof_decided(view, &proof, &job.id.to_string()));
            return self.send(job, view, message).await;
        }
        let cancelled = view.enrollment.status == Status::Cancelled;
        let key = job.id.to_string();
        let message = match about::<EnrollmentId>(job, "switch") {
            Some(old) => mail::switched(view, &self.course(Actor::System, old).await?, &key),
            None => mail::enrollment_confirmed(view, &key),
        };
        self.send(job, view, message.filter(|_| !cancelled)).await
    }

    /// Tells that a partner is back. One that is gone again by now is not told of: whoever still wants to
    /// know asks once more.
    async fn send_back(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        let back = view.provider().is_some_and(|provider| provider.stage(self.now()).opens());
        let wanted = back && view.enrollment.status != Status::Cancelled;
        let message = mail::partner_back(view, &job.id.to_string()).filter(|_| wanted);
        self.send(job, view, message).await
    }

    /// Tells that money is on its way back. While it is not, there is nothing to tell.
    async fn send_refund(&self, job: &Job, view: &CourseView, ids: &[RefundId]) -> Result<(), JobError> {
        let mut refunds = Vec::new();
        for id in ids {
            refunds.extend(self.store.find_refund(*id).await?);
        }
        if refunds.iter().any(|refund| refund.status == RefundStatus::Failed) {
            return Err(JobError::LookAgainAt(self.now() + UNTIL_MENDED));
        }
        let message = mail::refund_requested(view, &refunds, &job.id.to_string());
        self.send(job, view, message).await
    }

    async fn send(&self, job: &Job, view: &CourseView, message: Option<Message>) -> Result<(), JobError> {
        let Some(message) = message else {
            return self.finish(job, None).await;
        };
        self.mailer.deliver(&message, self.now()).await?;
        self.store.fail_points().hit(FailPoint::MailAfterDelivery);
        self.finish(job, Some((view, EventKind::MailSent))).await
    }

    /// Tells that a seat is kept. One that is over by now is not told any more.
    pub(super) async fn send_offer(&self, job: &Job, id: WaitlistId) -> Result<(), JobError> {
        let entry = self.waitlist_entry(Actor::System, id).await?;
        let student = self.store.find_student(entry.entry.student_id).await?;
        let message = student.and_then(|student| mail::seat_offered(&entry, &student, &job.id.to_string()));
        let Some(message) = message.filter(|_| entry.is_offer(self.now())) else {
            return self.finish(job, None).await;
        };
        self.mailer.deliver(&message, self.now()).await?;
        self.store.fail_points().hit(FailPoint::MailAfterDelivery);
        let at = self.now();
        let event = self.event(Actor::System, Some(entry.entry.student_id), EventKind::MailSent, at);
        Ok(self.store.finish_job(&JobDonePlan { job_id: job.id, at, event: Some(event) }).await?)
    }
}

/// What a message is about, by the job's payload.
fn about<T: DeserializeOwned>(job: &Job, what: &str) -> Option<T> {
    serde_json::from_value(job.payload.get(what)?.clone()).ok()
}
