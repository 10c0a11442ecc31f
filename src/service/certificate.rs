//! Fetch the certificate of a completed enrollment (job `certificate`).

use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::job::Job;
use crate::domain::plan::CertificatePlan;
use crate::domain::views::{Certificate, CourseView};
use crate::service::Services;
use crate::service::provision::rest_access;
use crate::service::work::JobError;
use crate::store::FailPoint;

impl Services {
    pub(super) async fn fetch_certificate(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        let access = rest_access(view)?;
        let Some(external) = &view.enrollment.external_enrollment_id else {
            return self.finish(job, None).await;
        };
        // Whatever the partner answers while it has none: it is asked again, there is time.
        let later = |why: String| JobError::Passing { why, wait: None };
        let answer = self.partners.certificate(access, external).await;
        let report = self.heard(view, answer).await;
        let report = report.map_err(|error| later(error.to_string()))?;
        let report = report.ok_or_else(|| later("the certificate is not issued yet".to_owned()))?;
        self.store.fail_points().hit(FailPoint::CertificateAfterCall);
        let plan = CertificatePlan {
            job_id: job.id,
            enrollment_id: view.enrollment.id,
            certificate: Certificate {
                expires_at: None,
                verify_url: None,
                id: self.ids.new_id(),
                external_certificate_id: report.number,
                url: report.url,
                issued_at: report.issued_at,
            },
            event: self.event_about(view, Actor::System, EventKind::CertificateReceived, self.now()),
        };
        Ok(self.store.record_certificate(&plan).await?)
    }
}
