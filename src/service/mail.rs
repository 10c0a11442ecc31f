//! Deliver the confirmation of an enrollment, or the offer of a seat (job `mail`).

use crate::domain::actor::Actor;
use crate::domain::enrollment::Status;
use crate::domain::event::EventKind;
use crate::domain::ids::WaitlistId;
use crate::domain::job::Job;
use crate::domain::plan::JobDonePlan;
use crate::domain::views::CourseView;
use crate::mail;
use crate::service::Services;
use crate::service::work::JobError;
use crate::store::FailPoint;

impl Services {
    pub(super) async fn send_confirmation(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        let cancelled = view.enrollment.status == Status::Cancelled;
        let message = mail::enrollment_confirmed(view, &job.id.to_string());
        let Some(message) = message.filter(|_| !cancelled) else {
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
