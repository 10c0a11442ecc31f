//! Deliver the confirmation of an enrollment (job `mail`).

use crate::domain::enrollment::Status;
use crate::domain::event::EventKind;
use crate::domain::job::Job;
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
}
