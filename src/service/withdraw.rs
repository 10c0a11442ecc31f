//! Tell the partner that an enrollment was cancelled (job `withdraw`).

use crate::domain::event::EventKind;
use crate::domain::job::Job;
use crate::domain::views::CourseView;
use crate::service::Services;
use crate::service::provision::rest_access;
use crate::service::work::JobError;
use crate::store::FailPoint;

impl Services {
    pub(super) async fn withdraw(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        let access = rest_access(view)?;
        let external = match &view.enrollment.external_enrollment_id {
            Some(id) => id.clone(),
            // Never asked: the partner knows nothing of it.
            None if self.store.provision_attempts(view.enrollment.id).await? == 0 => {
                return self.finish(job, None).await;
            }
            // Asked, but the answer was lost: ask again with the same key to learn the id.
            None => match self.ask_partner(view, access).await {
                Ok((_, id)) => id,
                // It never enrolled them, so there is nothing to end.
                Err(JobError::Refused(_)) => return self.finish(job, None).await,
                Err(error) => return Err(error),
            },
        };
        if self.store.is_reused(view.enrollment.id, &external).await? {
            // Ending this place would end the enrollment the student has there now.
            return self.finish(job, None).await;
        }
        let answer = self.partners.withdraw(access, &external).await;
        self.heard(view.provider(), answer).await?;
        self.store.fail_points().hit(FailPoint::WithdrawAfterCall);
        self.finish(job, Some((view, EventKind::Withdrawn))).await
    }
}
