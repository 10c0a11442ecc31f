//! Ask the partners how far their students are.

use crate::domain::actor::Actor;
use crate::domain::enrollment::{Link, Status};
use crate::domain::event::EventKind;
use crate::domain::ids::{EnrollmentId, StudentId};
use crate::domain::job::JobKind;
use crate::domain::plan::ProgressPlan;
use crate::domain::progress::{ProgressSample, ProgressSource};
use crate::domain::provider::Protocol;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::partner::ProgressReport;
use crate::service::{ServiceError, Services};
use futures_util::StreamExt as _;

/// How many partners are asked at once.
const AT_ONCE: usize = 4;

/// How many enrollments one run asks about; the oldest figures come first.
const PER_RUN: i64 = 500;

/// What a sync found out.
#[derive(Debug, Default)]
pub struct SyncReport {
    /// How many enrollments were asked about.
    pub checked: usize,
    /// Which could not be read: program title and why. The others were.
    pub failed: Vec<(EnrollmentId, Text, ServiceError)>,
}

impl Services {
    /// Asks about the live enrollments of one student, or of all that are due. One that fails
    /// never stops the others.
    pub async fn sync(&self, actor: Actor, student: Option<StudentId>) -> Result<SyncReport, ServiceError> {
        if student.map_or(actor != Actor::System, |student| !actor.may_touch(student)) {
            return Err(Refusal::NotYours.into());
        }
        let due = self.store.list_syncable(student, PER_RUN).await?;
        let answers = futures_util::stream::iter(due)
            .map(|id| async move { (id, self.sync_by_id(id).await) })
            .buffered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        let mut report = SyncReport { checked: answers.len(), failed: Vec::new() };
        for (id, answer) in answers {
            if let Err((title, error)) = answer {
                report.failed.push((id, title, error));
            }
        }
        Ok(report)
    }

    async fn sync_by_id(&self, id: EnrollmentId) -> Result<(), (Text, ServiceError)> {
        let untitled = |error: ServiceError| (Text::clean("an enrollment"), error);
        let view = self.course(Actor::System, id).await.map_err(untitled)?;
        self.sync_one(&view).await.map_err(|error| (view.program_title.clone(), error))
    }

    /// Asks about one enrollment and keeps the answer.
    pub(super) async fn sync_one(&self, view: &CourseView) -> Result<(), ServiceError> {
        let enrollment = &view.enrollment;
        let (Some(Protocol::Rest(access)), Link::Confirmed, Some(external)) =
            (view.provider().map(|p| &p.protocol), enrollment.link, &enrollment.external_enrollment_id)
        else {
            return Ok(());
        };
        if !self.partners.can_serve(&self.partners.needs(access)) {
            // Another process holds the key and asks.
            return Ok(());
        }
        let report = self
            .partners
            .progress(access, external)
            .await
            .map_err(|source| super::work::partner_error(view, source))?;
        Ok(self.store.record_progress(&self.plan_progress(view, report)).await?)
    }

    fn plan_progress(&self, view: &CourseView, report: ProgressReport) -> ProgressPlan {
        let at = self.now();
        let enrollment = &view.enrollment;
        let sample = ProgressSample {
            id: self.ids.new_id(),
            percent: report.percent,
            completed: report.completed,
            at,
            source: ProgressSource::Partner,
        };
        let progress = enrollment.progress.after(&sample);
        let completes = report.completed && enrollment.status == Status::Active;
        let mut events = Vec::new();
        if progress.percent < enrollment.progress.percent {
            let mut event = self.event_about(view, Actor::System, EventKind::ProgressFell, at);
            event.payload = serde_json::json!({
                "from": enrollment.progress.percent.get(), "to": progress.percent.get(),
            });
            events.push(event);
        }
        if completes {
            events.push(self.event_about(view, Actor::System, EventKind::Completed, at));
        }
        let certificate = || {
            let needs = self.needs_of(view.partner.as_ref());
            vec![self.new_job(JobKind::Certificate, enrollment.id, needs, at)]
        };
        ProgressPlan {
            enrollment_id: enrollment.id,
            sample,
            progress,
            completed: completes.then(certificate),
            events,
        }
    }
}
