//! Fetch the certificate of a completed enrollment (job `certificate`), and announce its end.

use crate::domain::actor::Actor;
use crate::domain::event::{Event, EventKind};
use crate::domain::job::{Job, JobKind, Needs, NewJob};
use crate::domain::plan::{CertificatePlan, ExpiryPlan};
use crate::domain::views::{Certificate, CourseView, EXPIRY_NOTICE};
use crate::service::provision::rest_access;
use crate::service::work::JobError;
use crate::service::{ServiceError, Services};
use crate::store::FailPoint;

/// How many certificates are read at a time.
const PAGE: u16 = 100;

impl Services {
    /// Announces the certificates that run out soon, each once, by one mail; how many.
    pub async fn announce_expiring(&self) -> Result<usize, ServiceError> {
        let mut announced = 0;
        loop {
            let now = self.now();
            let due = self.store.list_expiring_certificates(now, now + EXPIRY_NOTICE, PAGE).await?;
            let before = announced;
            for id in &due {
                let view = self.course(Actor::System, *id).await?;
                announced += usize::from(self.store.announce_expiry(&self.plan_expiry(&view)).await?);
            }
            // What was announced is not listed again; and where nothing was, another process does it.
            if due.len() < usize::from(PAGE) || announced == before {
                return Ok(announced);
            }
        }
    }

    fn plan_expiry(&self, view: &CourseView) -> ExpiryPlan {
        let at = self.now();
        let expires_at = view.certificate.as_ref().and_then(|certificate| certificate.expires_at);
        let id = view.enrollment.id;
        let event = self.event_about(view, Actor::System, EventKind::CertificateExpiring, at);
        ExpiryPlan {
            enrollment_id: id,
            job: NewJob {
                payload: serde_json::json!({ "expires": expires_at }),
                idempotency_key: format!("mail:expires:{id}"),
                ..self.new_job(JobKind::Mail, id, Needs::Mail, at)
            },
            event: Event { payload: serde_json::json!({ "expires_at": expires_at }), ..event },
        }
    }

    pub(super) async fn fetch_certificate(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        let access = rest_access(view)?;
        let Some(external) = &view.enrollment.external_enrollment_id else {
            return self.finish(job, None).await;
        };
        // Whatever the partner answers while it has none: it is asked again, there is time.
        let later = |why: String| JobError::Passing { why, wait: None };
        let answer = self.partners.certificate(access, external).await;
        let report = self.heard(view.provider(), answer).await;
        let report = report.map_err(|error| later(error.to_string()))?;
        let report = report.ok_or_else(|| later("the certificate is not issued yet".to_owned()))?;
        self.store.fail_points().hit(FailPoint::CertificateAfterCall);
        let plan = CertificatePlan {
            job_id: job.id,
            enrollment_id: view.enrollment.id,
            certificate: Certificate {
                id: self.ids.new_id(),
                external_certificate_id: report.number,
                url: report.url,
                issued_at: report.issued_at,
                expires_at: report.expires_at,
                verify_url: report.verify_url,
                code: None,
                holder: None,
                course: None,
            },
            event: self.event_about(view, Actor::System, EventKind::CertificateReceived, self.now()),
        };
        Ok(self.store.record_certificate(&plan).await?)
    }
}
