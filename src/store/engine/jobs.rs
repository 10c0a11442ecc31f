//! Outside work: claiming it, ending it, trying it again.

use super::steps::{append_event, finish_job};
use super::{Backend, Tx};
use crate::domain::ids::{EnrollmentId, JobId, StudentId};
use crate::domain::job::{Job, ListedJob, Needs};
use crate::domain::plan::{AfterFailure, JobDonePlan, JobFailedPlan, RetryPlan, TendJob, TendJobPlan};
use crate::domain::time::{Instant, to_micros};
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::{JobRow, ListedJobRow};
use crate::store::sql;
use uuid::Uuid;

/// Whether this process can do what a job needs.
type Can<'a> = &'a (dyn Fn(&Needs) -> bool + Send + Sync);

/// How often a claim that somebody else was faster with is tried again.
const RACES: u32 = 8;

fn can_do(can: Can<'_>, needs: &str) -> bool {
    Needs::parse(needs).is_some_and(|needs| can(&needs))
}

impl Backend {
    pub(in crate::store) async fn claim_job(
        &self,
        now: Instant,
        lease_until: Instant,
        can: Can<'_>,
    ) -> Result<Option<Job>, StoreError> {
        let (now, lease_until) = (to_micros(now), to_micros(lease_until));
        for _ in 0..RACES {
            // Looking costs no write lock; most looks find nothing.
            let Some(id) = self.find_due_job(now, can).await? else {
                return Ok(None);
            };
            if let Some(job) = self.claim(id, now, lease_until).await? {
                return job.job(lease_until).map(Some);
            }
        }
        Ok(None)
    }

    async fn find_due_job(&self, now: Instant, can: Can<'_>) -> Result<Option<Uuid>, StoreError> {
        let needs: Vec<String> = sqlx::query_scalar(sql::LIST_OPEN_NEEDS).fetch_all(&self.pool).await?;
        let mut first: Option<(Instant, i64, Uuid)> = None;
        for needs in needs.iter().filter(|needs| can_do(can, needs)) {
            let due: Option<(Uuid, Instant, i64)> =
                sqlx::query_as(sql::FIND_DUE_JOB).bind(needs).bind(now).fetch_optional(&self.pool).await?;
            if let Some((id, run_at, seq)) = due
                && first.is_none_or(|(earliest, before, _)| (run_at, seq) < (earliest, before))
            {
                first = Some((run_at, seq, id));
            }
        }
        Ok(first.map(|(_, _, id)| id))
    }

    async fn claim(&self, id: Uuid, now: Instant, until: Instant) -> Result<Option<JobRow>, StoreError> {
        let mut tx = self.begin().await?;
        let claimed: Option<JobRow> =
            sqlx::query_as(sql::CLAIM_JOB).bind(id).bind(now).bind(until).fetch_optional(&mut *tx).await?;
        self.commit(tx, FailPoint::ClaimBeforeCommit, FailPoint::ClaimAfterCommit).await?;
        Ok(claimed)
    }

    pub(in crate::store) async fn next_job_at(&self, can: Can<'_>) -> Result<Option<Instant>, StoreError> {
        let next: Vec<(String, Instant)> = sqlx::query_as(sql::LIST_NEXT_JOBS).fetch_all(&self.pool).await?;
        Ok(next.into_iter().filter(|(needs, _)| can_do(can, needs)).map(|(_, at)| at).min())
    }

    pub(in crate::store) async fn finish_job(&self, plan: &JobDonePlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let first = finish_job(&mut tx, plan.job_id, plan.at).await?;
        self.fail.hit(FailPoint::FinishJobAfterJob);
        if let (true, Some(event)) = (first, &plan.event) {
            append_event(&mut tx, event).await?;
        }
        self.commit(tx, FailPoint::FinishJobBeforeCommit, FailPoint::FinishJobAfterCommit).await
    }

    pub(in crate::store) async fn fail_job(&self, plan: &JobFailedPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (statement, at) = match &plan.next {
            AfterFailure::RetryAt(at) => (sql::POSTPONE_JOB, *at),
            AfterFailure::LookAgainAt(at) => (sql::LOOK_AGAIN, *at),
            AfterFailure::GiveUp { at, .. } => (sql::GIVE_UP_JOB, *at),
        };
        let failed = sqlx::query(statement)
            .bind(plan.job_id.as_uuid())
            .bind(to_micros(plan.lease_until))
            .bind(plan.error.as_str())
            .bind(to_micros(at))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::FailJobAfterJob);
        if let (1, AfterFailure::GiveUp { fail_link, event, .. }) = (failed.rows_affected(), &plan.next) {
            if let Some(enrollment) = fail_link {
                set_link(&mut tx, sql::FAIL_LINK, *enrollment).await?;
            }
            self.fail.hit(FailPoint::FailJobAfterLink);
            append_event(&mut tx, event).await?;
        }
        self.commit(tx, FailPoint::FailJobBeforeCommit, FailPoint::FailJobAfterCommit).await
    }

    /// Work about money is looked at now, whatever was planned; how much of it.
    pub(in crate::store) async fn hurry_money(&self, now: Instant) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let hurried = sqlx::query(sql::HURRY_JOBS).bind(to_micros(now)).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(hurried.rows_affected())
    }

    /// Open payments of everybody, or of one student, are looked at now instead of later; how many.
    pub(in crate::store) async fn hurry_checkouts(
        &self,
        of: Option<StudentId>,
        now: Instant,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let query = match of {
            Some(student) => {
                sqlx::query(sql::HURRY_CHECKOUTS_OF).bind(to_micros(now)).bind(student.as_uuid())
            }
            None => sqlx::query(sql::HURRY_CHECKOUTS).bind(to_micros(now)),
        };
        let hurried = query.execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(hurried.rows_affected())
    }

    pub(in crate::store) async fn retry_jobs(&self, plan: &RetryPlan) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let reopened = sqlx::query(sql::REOPEN_JOBS)
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(plan.at))
            .execute(&mut *tx)
            .await?
            .rows_affected();
        let reopened = reopened
            + sqlx::query(sql::REOPEN_DROPPED)
                .bind(plan.enrollment_id.as_uuid())
                .bind(to_micros(plan.at))
                .execute(&mut *tx)
                .await?
                .rows_affected();
        self.fail.hit(FailPoint::RetryAfterJobs);
        if reopened > 0 {
            set_link(&mut tx, sql::REQUEST_LINK, plan.enrollment_id).await?;
            self.fail.hit(FailPoint::RetryAfterLink);
            append_event(&mut tx, &plan.event).await?;
        }
        self.commit(tx, FailPoint::RetryBeforeCommit, FailPoint::RetryAfterCommit).await?;
        Ok(reopened)
    }

    pub(in crate::store) async fn list_jobs(
        &self,
        all: bool,
        limit: u16,
    ) -> Result<Vec<ListedJob>, StoreError> {
        let statement = if all { sql::LIST_UNDONE_JOBS } else { sql::LIST_GIVEN_UP_JOBS };
        let rows: Vec<ListedJobRow> =
            sqlx::query_as(statement).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    pub(in crate::store) async fn find_job(&self, id: JobId) -> Result<Option<ListedJob>, StoreError> {
        let row: Option<ListedJobRow> =
            sqlx::query_as(sql::FIND_LISTED_JOB).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        row.map(TryInto::try_into).transpose()
    }

    pub(in crate::store) async fn tend_job(&self, plan: &TendJobPlan) -> Result<(), StoreError> {
        let (statement, of_place) = match plan.verb {
            TendJob::Retry => (sql::REOPEN_JOB, sql::REQUEST_LINK),
            TendJob::Drop => (sql::DROP_JOB, sql::FAIL_LINK),
        };
        let mut tx = self.begin().await?;
        let tended = sqlx::query(statement)
            .bind(plan.job_id.as_uuid())
            .bind(to_micros(plan.at))
            .execute(&mut *tx)
            .await?;
        if tended.rows_affected() == 0 {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        self.fail.hit(FailPoint::TendJobAfterJob);
        if let Some(place) = plan.place_of {
            set_link(&mut tx, of_place, place).await?;
        }
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::TendJobBeforeCommit, FailPoint::TendJobAfterCommit).await
    }
}

async fn set_link(tx: &mut Tx, statement: &'static str, id: EnrollmentId) -> Result<(), StoreError> {
    sqlx::query(statement).bind(id.as_uuid()).execute(&mut **tx).await?;
    Ok(())
}
