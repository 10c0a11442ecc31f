//! Open account and enrollment at the partner (job `provision`).

use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::job::Job;
use crate::domain::plan::{AccountPlan, ProvisionedPlan};
use crate::domain::provider::{Protocol, RestAccess};
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::service::Services;
use crate::service::work::{JobError, is_asking};
use crate::store::FailPoint;

impl Services {
    pub(super) async fn provision(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        if !is_asking(view) {
            return self.finish(job, None).await;
        }
        let access = rest_access(view)?;
        let (account, enrollment) = self.ask_partner(view, access).await?;
        let plan = ProvisionedPlan {
            job_id: job.id,
            enrollment_id: view.enrollment.id,
            external_account_id: account,
            external_enrollment_id: enrollment,
            event: self.event_about(view, Actor::System, EventKind::Provisioned, self.now()),
        };
        Ok(self.store.record_provisioned(&plan).await?)
    }

    /// Opens account and enrollment, each with a key of its own: asked twice, the partner
    /// answers the second time what it answered the first.
    pub(super) async fn ask_partner(
        &self,
        view: &CourseView,
        access: &RestAccess,
    ) -> Result<(Text, Text), JobError> {
        let account = self.account_at(view, access).await?;
        let code = view.partner.as_ref().map(|offer| offer.course.code.clone()).unwrap_or_default();
        let key = format!("enroll:{}", view.enrollment.id);
        let answer = self.partners.enroll(access, &account, &code, &key).await;
        let enrollment = self.heard(view.provider(), answer).await?;
        self.store.fail_points().hit(FailPoint::ProvisionAfterEnrollCall);
        Ok((account, enrollment))
    }

    async fn account_at(&self, view: &CourseView, access: &RestAccess) -> Result<Text, JobError> {
        if let Some(known) = &view.account {
            return Ok(known.external_account_id.clone());
        }
        let provider = view.provider().map(|provider| provider.id.to_string()).unwrap_or_default();
        let key = format!("account:{provider}:{}", view.student.id);
        let answer = self.partners.create_account(access, &view.student, &key).await;
        let account = self.heard(view.provider(), answer).await?;
        self.store.fail_points().hit(FailPoint::ProvisionAfterAccountCall);
        let plan = AccountPlan {
            id: self.ids.new_id(),
            enrollment_id: view.enrollment.id,
            account: account.clone(),
            at: self.now(),
        };
        self.store.record_account(&plan).await?;
        // Another process may have been first; the student has one account, the one that stands.
        let standing = match view.provider() {
            Some(provider) => self.store.find_account(view.student.id, provider.id).await?,
            None => None,
        };
        Ok(standing.unwrap_or(account).external_account_id)
    }
}

/// How the partner of a course is reached, for jobs that need to.
pub(super) fn rest_access(view: &CourseView) -> Result<&RestAccess, JobError> {
    match view.provider().map(|provider| &provider.protocol) {
        Some(Protocol::Rest(access)) => Ok(access),
        _ => Err(JobError::Lasting("the partner can't be reached from here any more".to_owned())),
    }
}
