//! Outside work that did not come about, and what a person does about it.

use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::ids::JobId;
use crate::domain::job::{JobKind, ListedJob};
use crate::domain::plan::{TendJob, TendJobPlan};
use crate::domain::refusal::{JobRefusal, Refusal};
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::service::{ServiceError, Services};

/// How many are listed at most.
const MOST: u16 = 500;

impl Services {
    /// What was given up, or all that is not done, with the course each is about; the oldest first. It names
    /// students, so it is for staff: a student's own courses say themselves what was given up.
    pub async fn jobs(
        &self,
        actor: Actor,
        all: bool,
    ) -> Result<Vec<(ListedJob, Option<CourseView>)>, ServiceError> {
        if matches!(actor, Actor::Student(_)) {
            return Err(Refusal::AdvisorOnly.into());
        }
        let mut jobs = Vec::new();
        for job in self.store.list_jobs(all, MOST).await? {
            let course = match job.enrollment_id {
                Some(id) => self.store.find_course(id).await?,
                None => None,
            };
            jobs.push((job, course));
        }
        Ok(jobs)
    }

    /// Tries one job again now, or drops it. Dropping needs a reason, which stays in the records; what
    /// has to do with money is never dropped.
    pub async fn tend_job(
        &self,
        actor: Actor,
        id: JobId,
        verb: TendJob,
        reason: Option<&Text>,
    ) -> Result<ListedJob, ServiceError> {
        if matches!(actor, Actor::Student(_)) {
            return Err(Refusal::AdvisorOnly.into());
        }
        let unknown = || ServiceError::UnknownJob { what: Text::clean(&id.to_string()) };
        let job = self.store.find_job(id).await?.ok_or_else(unknown)?;
        let at = self.now();
        if job.done_at.is_some() {
            return Err(Refusal::Job(JobRefusal::Done).into());
        }
        if job.is_at_work(at) {
            return Err(Refusal::Job(JobRefusal::AtWork).into());
        }
        if verb == TendJob::Drop && !job.may_be_dropped() {
            return Err(Refusal::Job(JobRefusal::OfMoney).into());
        }
        let kind = match verb {
            TendJob::Retry => EventKind::Retried,
            TendJob::Drop => EventKind::JobDropped,
        };
        let mut event = match job.enrollment_id {
            Some(id) => self.event_about(&self.course(Actor::System, id).await?, actor, kind, at),
            None => self.event(actor, None, kind, at),
        };
        event.payload = serde_json::json!({ "job": job.kind.code(), "why": reason });
        let place_of = job.enrollment_id.filter(|_| job.kind == JobKind::Provision);
        let plan = TendJobPlan { job_id: id, verb, place_of, at, event };
        self.store.tend_job(&plan).await?;
        self.store.find_job(id).await?.ok_or_else(unknown)
    }
}
