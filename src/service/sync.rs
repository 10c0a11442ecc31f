//! Ask the partners how far their students are.

use crate::domain::actor::Actor;
use crate::domain::enrollment::{Link, Status};
use crate::domain::event::EventKind;
use crate::domain::ids::{EnrollmentId, StudentId};
use crate::domain::job::JobKind;
use crate::domain::plan::{Completion, ProgressPlan};
use crate::domain::progress::{ProgressSample, ProgressSource};
use crate::domain::provider::Protocol;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::partner::ProgressReport;
use crate::service::{ServiceError, Services};
use futures_util::StreamExt as _;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many partners are asked at once.
const AT_ONCE: usize = 4;

/// What a sync found out.
#[derive(Debug, Default)]
pub struct SyncReport {
    /// How many enrollments were asked about. Those whose partner reports nothing, or whose key
    /// another process holds, don't count.
    pub checked: usize,
    /// Which could not be read: program title and why. The others were.
    pub failed: Vec<(EnrollmentId, Text, ServiceError)>,
}

impl Services {
    /// Asks about the live enrollments of one student, or of all that are due. One that fails
    /// never stops the others.
    pub async fn sync(&self, actor: Actor, student: Option<StudentId>) -> Result<SyncReport, ServiceError> {
        self.sync_telling(actor, student, &|_, _| {}).await
    }

    /// The same; `tell` hears how many of how many are asked, from the moment that is known.
    pub async fn sync_telling(
        &self,
        actor: Actor,
        student: Option<StudentId>,
        tell: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<SyncReport, ServiceError> {
        if student.map_or(actor != Actor::System, |student| !actor.may_touch(student)) {
            return Err(Refusal::NotYours.into());
        }
        // All of them: a limit would be used up by those that never get a figure, run after run.
        let due = self.store.list_syncable(student).await?;
        let (total, done) = (due.len(), &AtomicUsize::new(0));
        tell(0, total);
        let answers = futures_util::stream::iter(due)
            .map(|id| async move {
                let answer = self.sync_by_id(id).await;
                tell(done.fetch_add(1, Ordering::Relaxed) + 1, total);
                (id, answer)
            })
            .buffered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        let mut report = SyncReport::default();
        for (id, answer) in answers {
            match answer {
                Ok(asked) => report.checked += usize::from(asked),
                Err((title, error)) => {
                    report.checked += 1;
                    report.failed.push((id, title, error));
                }
            }
        }
        Ok(report)
    }

    async fn sync_by_id(&self, id: EnrollmentId) -> Result<bool, (Text, ServiceError)> {
        let untitled = |error: ServiceError| (Text::clean("an enrollment"), error);
        let view = self.course(Actor::System, id).await.map_err(untitled)?;
        self.sync_one(&view).await.map_err(|error| (view.program_title.clone(), error))
    }

    /// Asks about one enrollment and keeps the answer; `false` where nobody can be asked from here.
    pub(super) async fn sync_one(&self, view: &CourseView) -> Result<bool, ServiceError> {
        let enrollment = &view.enrollment;
        let (Some(Protocol::Rest(access)), Link::Confirmed, Some(external)) =
            (view.provider().map(|p| &p.protocol), enrollment.link, &enrollment.external_enrollment_id)
        else {
            return Ok(false);
        };
        if !self.partners.can_call(access) {
            // Another process holds the key and asks.
            return Ok(false);
        }
        let answer = self.partners.progress(access, external).await;
        let report =
            self.heard(view, answer).await.map_err(|source| super::work::partner_error(view, source))?;
        self.store.record_progress(&self.plan_progress(view, report)).await?;
        Ok(true)
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
        let completion = || {
            let needs = self.needs_of(view.partner.as_ref());
            Completion {
                jobs: vec![self.new_job(JobKind::Certificate, enrollment.id, needs, at)],
                event: self.event_about(view, Actor::System, EventKind::Completed, at),
            }
        };
        ProgressPlan {
            enrollment_id: enrollment.id,
            sample,
            fell: self.event_about(view, Actor::System, EventKind::ProgressFell, at),
            completion: (report.completed && enrollment.status == Status::Active).then(completion),
        }
    }
}
