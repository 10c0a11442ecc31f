//! Outside work: claim a job, do it, write down what came of it.

use crate::domain::actor::Actor;
use crate::domain::enrollment::{Link, Status};
use crate::domain::event::EventKind;
use crate::domain::ids::{EnrollmentId, StudentId, WaitlistId};
use crate::domain::job::{Job, JobKind, JobState, LEASE, Needs, retry_delay};
use crate::domain::plan::{AfterFailure, JobDonePlan, JobFailedPlan};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::mail::MailError;
use crate::partner::PartnerError;
use crate::payment::ProcessorError;
use crate::service::{ServiceError, Services};
use crate::store::StoreError;
use chrono::TimeDelta;

/// How long a job is left to others that was claimed without the key it turned out to need.
const KEY_ELSEWHERE: TimeDelta = TimeDelta::minutes(1);

/// What came of one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// Done.
    Done(JobKind),
    /// Not yet; it will be tried again.
    Later(JobKind),
    /// Given up; a person has to look.
    GaveUp(JobKind),
}

/// Why an attempt failed.
#[derive(Debug)]
pub(super) enum JobError {
    /// Something that may pass. The partner may have said how long to wait.
    Passing { why: String, wait: Option<TimeDelta> },
    /// Nothing failed: there is something to wait for until then.
    LookAgainAt(Instant),
    /// The partner understood and said no.
    Refused(String),
    /// Trying again would not help.
    Lasting(String),
    /// The database; the claim runs out by itself.
    Service(ServiceError),
}

impl JobError {
    /// Why, in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Passing { why, .. } | Self::Refused(why) | Self::Lasting(why) => why.clone(),
            Self::LookAgainAt(_) => "it is not over yet".to_owned(),
            Self::Service(error) => error.to_string(),
        }
    }
}

impl From<ServiceError> for JobError {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl From<PartnerError> for JobError {
    fn from(error: PartnerError) -> Self {
        let wait = match &error {
            PartnerError::RateLimited { retry_after } => {
                retry_after.and_then(|wait| TimeDelta::from_std(wait).ok())
            }
            PartnerError::Secret(_) => Some(KEY_ELSEWHERE),
            _ => None,
        };
        let why = error.to_string();
        match error {
            // This process lacks the key, or `[secrets]` does not let it send it there. Another one
            // may be set up for it and be faster next time.
            PartnerError::Secret(_) => Self::Passing { why, wait },
            _ if error.is_transient() => Self::Passing { why, wait },
            PartnerError::Rejected { .. } => Self::Refused(why),
            _ => Self::Lasting(why),
        }
    }
}

impl From<ProcessorError> for JobError {
    fn from(error: ProcessorError) -> Self {
        let wait = error.retry_after().and_then(|wait| TimeDelta::from_std(wait).ok());
        Self::Passing { why: error.to_string(), wait }
    }
}

impl From<MailError> for JobError {
    fn from(error: MailError) -> Self {
        let why = error.to_string();
        if error.is_transient() { Self::Passing { why, wait: None } } else { Self::Lasting(why) }
    }
}

impl Services {
    fn can_do(&self, needs: &Needs) -> bool {
        match needs {
            Needs::Mail => self.mailer.can_send(),
            Needs::Processor(name) => self.processor.can_serve(name),
            Needs::Nothing | Needs::Secret(_) => self.partners.can_serve(needs),
        }
    }

    /// When there is something this process can do; `None` when nothing is open.
    pub async fn next_work_at(&self) -> Result<Option<Instant>, ServiceError> {
        let (job, seat) =
            (self.store.next_job_at(&|needs| self.can_do(needs)).await?, self.store.next_due_seat().await?);
        Ok(job.into_iter().chain(seat).min())
    }

    /// Does one job that is due, if there is one.
    pub async fn work_once(&self) -> Result<Option<Worked>, ServiceError> {
        match self.claim().await? {
            Some(job) => self.work_on(job).await,
            None => Ok(None),
        }
    }

    /// Does all jobs that are due until `deadline`. A failure of the database about one of them stops no
    /// other: its claim runs out by itself. How many failed so, and how the first did.
    pub(super) async fn work_through(
        &self,
        deadline: Instant,
    ) -> Result<Option<(usize, ServiceError)>, ServiceError> {
        let mut broken: Option<(usize, ServiceError)> = None;
        while self.now() < deadline {
            let worked = match self.claim().await {
                Ok(Some(job)) => self.work_on(job).await.map(drop),
                Ok(None) => break,
                // It is claimed all the same, and is not the next one again.
                Err(error @ ServiceError::Store(StoreError::Row { .. })) => Err(error),
                Err(error) => return Err(error),
            };
            if let Err(error) = worked {
                tracing::error!(%error, "a job is left for later");
                broken = Some(broken.map_or((1, error), |(count, first)| (count + 1, first)));
            }
        }
        Ok(broken)
    }

    async fn claim(&self) -> Result<Option<Job>, ServiceError> {
        let now = self.now();
        Ok(self.store.claim_job(now, now + LEASE, &|needs| self.can_do(needs)).await?)
    }

    async fn work_on(&self, job: Job) -> Result<Option<Worked>, ServiceError> {
        // Every attempt before ended without a word: whatever does that must not go on for ever.
        if job.attempts > job.kind.max_attempts() {
            return self.give_up(&job, "it was cut off again and again").await;
        }
        match Box::pin(self.perform(&job)).await {
            Ok(()) => Ok(Some(Worked::Done(job.kind))),
            Err(JobError::Service(error)) => Err(error),
            Err(JobError::Passing { why, wait }) if job.attempts < job.kind.max_attempts() => {
                let delay =
                    retry_delay(job.kind, job.attempts, self.ids.jitter()).max(wait.unwrap_or_default());
                let next = AfterFailure::RetryAt(self.now() + delay);
                self.store.fail_job(&failed(&job, &why, next)).await?;
                Ok(Some(Worked::Later(job.kind)))
            }
            Err(JobError::LookAgainAt(at)) => {
                self.store.fail_job(&failed(&job, "", AfterFailure::LookAgainAt(at))).await?;
                Ok(Some(Worked::Later(job.kind)))
            }
            Err(JobError::Passing { why, .. } | JobError::Refused(why) | JobError::Lasting(why)) => {
                self.give_up(&job, &why).await
            }
        }
    }

    /// Open payments, of everybody or of one student, are looked at by the next worker instead of
    /// later: somebody wants to know now. How many wait.
    pub async fn hurry_payments(&self, of: Option<StudentId>) -> Result<u64, ServiceError> {
        Ok(self.store.hurry_checkouts(of, self.now()).await?)
    }

    /// Does the jobs of one enrollment that are due, and whatever is due before them, until
    /// none is left or `deadline` has passed.
    pub async fn work_for(&self, id: EnrollmentId, deadline: Instant) -> Result<(), ServiceError> {
        while self.now() < deadline {
            if self.work_once().await?.is_some() {
                continue;
            }
            let view = self.course(Actor::System, id).await?;
            // For the student to pay nobody waits here.
            let paying = |job: &JobState| {
                job.kind == JobKind::Checkout && view.money.open().is_some_and(|open| open.url.is_some())
            };
            let soon =
                view.jobs.iter().filter(|job| !job.gave_up && !paying(job) && job.run_at < deadline).count();
            // What is open may need a key that only another machine holds: no use in waiting here.
            if soon == 0 || self.next_work_at().await?.is_none() {
                break;
            }
            self.clock.sleep(std::time::Duration::from_millis(100)).await;
        }
        Ok(())
    }

    async fn perform(&self, job: &Job) -> Result<(), JobError> {
        let Some(id) = job.enrollment_id else {
            if let Some(offer) = offered(job) {
                return self.send_offer(job, offer).await;
            }
            return Err(JobError::Lasting("the job is about nothing".to_owned()));
        };
        let view = self.course(Actor::System, id).await?;
        match job.kind {
            JobKind::Provision => self.provision(job, &view).await,
            JobKind::Withdraw => self.withdraw(job, &view).await,
            JobKind::Mail => self.send_mail(job, &view).await,
            JobKind::Certificate => self.fetch_certificate(job, &view).await,
            JobKind::Checkout => Box::pin(self.follow_checkout(job, &view)).await,
            JobKind::Refund => Box::pin(self.follow_refund(job, &view)).await,
        }
    }

    /// Ends a job that has nothing else to write.
    pub(super) async fn finish(
        &self,
        job: &Job,
        about: Option<(&CourseView, EventKind)>,
    ) -> Result<(), JobError> {
        let at = self.now();
        let event = about.map(|(view, kind)| self.event_about(view, Actor::System, kind, at));
        Ok(self.store.finish_job(&JobDonePlan { job_id: job.id, at, event }).await?)
    }

    async fn give_up(&self, job: &Job, why: &str) -> Result<Option<Worked>, ServiceError> {
        let at = self.now();
        let kind = match job.kind {
            JobKind::Provision => EventKind::ProvisionFailed,
            JobKind::Withdraw => EventKind::WithdrawFailed,
            JobKind::Mail => EventKind::MailFailed,
            JobKind::Certificate => EventKind::CertificateFailed,
            JobKind::Checkout => EventKind::PaymentParked,
            JobKind::Refund => EventKind::RefundFailed,
        };
        let mut event = match job.enrollment_id {
            Some(id) => {
                let view = self.course(Actor::System, id).await?;
                self.event_about(&view, Actor::System, kind, at)
            }
            None => self.event(Actor::System, None, kind, at),
        };
        event.payload = serde_json::json!({ "job": job.kind.code(), "why": why });
        let fail_link = job.enrollment_id.filter(|_| job.kind == JobKind::Provision);
        let next = AfterFailure::GiveUp { at, fail_link, event };
        self.store.fail_job(&failed(job, why, next)).await?;
        Ok(Some(Worked::GaveUp(job.kind)))
    }
}

fn failed(job: &Job, why: &str, next: AfterFailure) -> JobFailedPlan {
    JobFailedPlan { job_id: job.id, lease_until: job.lease_until, error: Text::clean_to(why, 300), next }
}

/// A partner's failure, with its name.
pub(super) fn partner_error(view: &CourseView, source: PartnerError) -> ServiceError {
    let partner = view.provider().map(|provider| provider.name.clone()).unwrap_or_default();
    ServiceError::Partner { partner, source }
}

/// Whether the partner still owes us its answer about this enrollment, and somebody wants it. A
/// cancelled one is settled by its withdrawal, which asks for the id if it needs to.
pub(super) fn is_asking(view: &CourseView) -> bool {
    view.enrollment.status != Status::Cancelled
        && matches!(view.enrollment.link, Link::Requested | Link::Failed)
}

/// The waitlist entry a mail is about.
fn offered(job: &Job) -> Option<WaitlistId> {
    serde_json::from_value(job.payload.get("offer")?.clone()).ok()
}
