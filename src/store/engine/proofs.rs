//! Reports that a course is finished: sent, believed, or not.
//!
//! Whoever writes holds the row of the enrollment first: a report that is accepted and a course that is
//! cancelled at the same time end as one of both.

use super::learning::{insert_sample, move_figure};
use super::steps::{append_completed, append_event, append_started, insert_jobs};
use super::{Backend, Tx};
use crate::domain::event::Event;
use crate::domain::ids::{EnrollmentId, ProofId, StudentId};
use crate::domain::plan::{AcceptProofPlan, ProofDecision, SendProofPlan};
use crate::domain::proof::{Evidence, ProofFile, ProofQueue, ProofStatus, ProofView};
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::domain::web::WebUrl;
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::{ProofFileRow, ProofQueueRow, ProofViewRow};
use crate::store::sql;

impl Backend {
    pub(in crate::store) async fn send_proof(&self, plan: &SendProofPlan) -> Result<(), StoreError> {
        let (url, file) = match &plan.report.evidence {
            Some(Evidence::Link(url)) => (Some(url), None),
            Some(Evidence::File(file)) => (None, Some(file)),
            None => (None, None),
        };
        let mut tx = self.begin().await?;
        lock_active(&mut tx, plan.enrollment_id).await?;
        let sent = sqlx::query(sql::SEND_PROOF)
            .bind(plan.id.as_uuid())
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(plan.event.at))
            .bind(plan.report.finished_on)
            .bind(plan.report.note.as_ref().map(Text::as_str))
            .bind(url.map(WebUrl::as_str))
            .bind(file.map(|file| file.name.as_str()))
            .bind(file.map(|file| file.bytes.as_slice()))
            .execute(&mut *tx)
            .await?;
        if sent.rows_affected() == 0 {
            return Err(StoreError::Conflict(Conflict::ProofOpen));
        }
        self.fail.hit(FailPoint::ProofSendAfterRow);
        append_event(&mut tx, &plan.event).await?;
        // Whoever has finished has begun, whether it was opened from here or not.
        append_started(&mut tx, &plan.event, plan.event.at).await?;
        self.commit(tx, FailPoint::ProofSendBeforeCommit, FailPoint::ProofSendAfterCommit).await
    }

    pub(in crate::store) async fn accept_proof(&self, plan: &AcceptProofPlan) -> Result<(), StoreError> {
        let progress = &plan.progress;
        let mut tx = self.begin().await?;
        let enrolled: Option<(Option<Instant>,)> = sqlx::query_as(sql::COMPLETE_ENROLLMENT)
            .bind(progress.enrollment_id.as_uuid())
            .bind(to_micros(plan.completed_at))
            .fetch_optional(&mut *tx)
            .await?;
        let Some((enrolled_at,)) = enrolled else {
            return Err(StoreError::Conflict(Conflict::Changed));
        };
        self.fail.hit(FailPoint::ProofAcceptAfterEnrollment);
        decide(&mut tx, &plan.decision, ProofStatus::Accepted).await?;
        self.fail.hit(FailPoint::ProofAcceptAfterRow);
        insert_sample(&mut tx, progress).await?;
        move_figure(&mut tx, progress).await?;
        self.fail.hit(FailPoint::ProofAcceptAfterSample);
        if let Some(completion) = &progress.completion {
            insert_jobs(&mut tx, &completion.jobs, progress.sample.at).await?;
            append_started(&mut tx, &completion.event, progress.sample.at).await?;
            // The days it took end with the day it was finished, not with the decision.
            let took = enrolled_at.map(|enrolled| completion.event.at - (plan.completed_at - enrolled));
            append_completed(&mut tx, &completion.event, took).await?;
        }
        self.commit(tx, FailPoint::ProofAcceptBeforeCommit, FailPoint::ProofAcceptAfterCommit).await
    }

    pub(in crate::store) async fn decline_proof(&self, decision: &ProofDecision) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        decide(&mut tx, decision, ProofStatus::Declined).await?;
        self.fail.hit(FailPoint::ProofDeclineAfterRow);
        self.commit(tx, FailPoint::ProofDeclineBeforeCommit, FailPoint::ProofDeclineAfterCommit).await
    }

    pub(in crate::store) async fn find_proof(&self, id: ProofId) -> Result<Option<ProofView>, StoreError> {
        let row: Option<ProofViewRow> =
            sqlx::query_as(sql::FIND_PROOF).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        row.map(ProofView::try_from).transpose()
    }

    pub(in crate::store) async fn find_proof_file(
        &self,
        id: ProofId,
    ) -> Result<Option<ProofFile>, StoreError> {
        let row: Option<ProofFileRow> =
            sqlx::query_as(sql::FIND_PROOF_FILE).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        Ok(row.map(ProofFile::from))
    }

    pub(in crate::store) async fn list_proofs(
        &self,
        student: Option<StudentId>,
        all: bool,
    ) -> Result<Vec<ProofView>, StoreError> {
        let query = match student {
            Some(student) => sqlx::query_as(sql::LIST_PROOFS_OF_STUDENT).bind(student.as_uuid()),
            None if all => sqlx::query_as(sql::LIST_PROOFS),
            None => sqlx::query_as(sql::LIST_OPEN_PROOFS),
        };
        let rows: Vec<ProofViewRow> = query.fetch_all(&self.pool).await?;
        rows.into_iter().map(ProofView::try_from).collect()
    }

    pub(in crate::store) async fn count_open_proofs(&self) -> Result<ProofQueue, StoreError> {
        let row: ProofQueueRow = sqlx::query_as(sql::COUNT_OPEN_PROOFS).fetch_one(&self.pool).await?;
        Ok(row.into())
    }
}

async fn lock_active(tx: &mut Tx, enrollment: EnrollmentId) -> Result<(), StoreError> {
    let locked = sqlx::query(sql::LOCK_ACTIVE).bind(enrollment.as_uuid()).execute(&mut **tx).await?;
    if locked.rows_affected() == 0 { Err(StoreError::Conflict(Conflict::Changed)) } else { Ok(()) }
}

/// Writes the decision down, with its event and the mail that tells of it.
async fn decide(tx: &mut Tx, decision: &ProofDecision, status: ProofStatus) -> Result<(), StoreError> {
    let event: &Event = &decision.event;
    let decided = sqlx::query(sql::DECIDE_PROOF)
        .bind(decision.proof_id.as_uuid())
        .bind(status.code())
        .bind(to_micros(event.at))
        .bind(decision.advisor.as_uuid())
        .bind(decision.note.as_ref().map(Text::as_str))
        .execute(&mut **tx)
        .await?;
    // Another advisor was quicker.
    if decided.rows_affected() == 0 {
        return Err(StoreError::Conflict(Conflict::Changed));
    }
    append_event(tx, event).await?;
    insert_jobs(tx, std::slice::from_ref(&decision.mail), event.at).await
}
