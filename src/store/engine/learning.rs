//! Launches, progress and certificates.

use super::steps::{actor_columns, append_completed, append_event, append_started, finish_job, insert_jobs};
use super::{Backend, Tx};
use crate::domain::event::Event;
use crate::domain::plan::{CertificatePlan, ExpiryPlan, LaunchPlan, ProgressPlan};
use crate::domain::progress::{Percent, Progress, ProgressSource};
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::domain::web::WebUrl;
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::ProgressRow;
use crate::store::sql;
use chrono::TimeDelta;

/// A report that says what the last one said is a row of its own only after so long: partners are asked all
/// day, and mostly nothing is new.
const SAME_FOR: TimeDelta = TimeDelta::days(1);

fn whole(percent: Percent) -> i64 {
    i64::from(percent.get())
}

impl Backend {
    pub(in crate::store) async fn record_launch(&self, plan: &LaunchPlan) -> Result<(), StoreError> {
        let (actor_kind, actor_id) = actor_columns(plan.actor);
        let mut tx = self.begin().await?;
        sqlx::query(sql::INSERT_LAUNCH)
            .bind(plan.id.as_uuid())
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(plan.at))
            .bind(plan.handover.code())
            .bind(actor_kind)
            .bind(actor_id)
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::LaunchAfterRow);
        let touched = sqlx::query(sql::TOUCH_ENROLLMENT)
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(plan.at))
            .execute(&mut *tx)
            .await?;
        // Cancelled or switched away just now.
        if touched.rows_affected() == 0 {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        self.fail.hit(FailPoint::LaunchAfterAccess);
        append_event(&mut tx, &plan.event).await?;
        if plan.begins {
            append_started(&mut tx, &plan.event, plan.at).await?;
        }
        self.commit(tx, FailPoint::LaunchBeforeCommit, FailPoint::LaunchAfterCommit).await
    }

    pub(in crate::store) async fn note(&self, event: &Event) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        append_event(&mut tx, event).await?;
        self.commit(tx, FailPoint::NoteBeforeCommit, FailPoint::NoteAfterCommit).await
    }

    pub(in crate::store) async fn record_progress(&self, plan: &ProgressPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        insert_sample(&mut tx, plan).await?;
        self.fail.hit(FailPoint::ProgressAfterSample);
        move_figure(&mut tx, plan).await?;
        self.fail.hit(FailPoint::ProgressAfterFigure);
        complete(&mut tx, plan).await?;
        self.fail.hit(FailPoint::ProgressAfterCompletion);
        self.commit(tx, FailPoint::ProgressBeforeCommit, FailPoint::ProgressAfterCommit).await
    }

    pub(in crate::store) async fn record_certificate(
        &self,
        plan: &CertificatePlan,
    ) -> Result<(), StoreError> {
        let certificate = &plan.certificate;
        let mut tx = self.begin().await?;
        let inserted = sqlx::query(sql::INSERT_CERTIFICATE)
            .bind(certificate.id.as_uuid())
            .bind(plan.enrollment_id.as_uuid())
            .bind(certificate.external_certificate_id.as_ref().map(Text::as_str))
            .bind(certificate.url.as_ref().map(WebUrl::as_str))
            .bind(certificate.issued_at.map(to_micros))
            .bind(to_micros(plan.event.at))
            .bind(certificate.expires_at.map(to_micros))
            .bind(certificate.verify_url.as_ref().map(WebUrl::as_str))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::CertificateAfterRow);
        finish_job(&mut tx, plan.job_id, plan.event.at).await?;
        self.fail.hit(FailPoint::CertificateAfterJob);
        if inserted.rows_affected() > 0 {
            append_event(&mut tx, &plan.event).await?;
        }
        self.commit(tx, FailPoint::CertificateBeforeCommit, FailPoint::CertificateAfterCommit).await
    }
}

impl Backend {
    pub(in crate::store) async fn announce_expiry(&self, plan: &ExpiryPlan) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let announced = sqlx::query(sql::ANNOUNCE_EXPIRY)
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(plan.event.at))
            .execute(&mut *tx)
            .await?;
        // Another process was faster.
        if announced.rows_affected() == 0 {
            return Ok(false);
        }
        self.fail.hit(FailPoint::ExpiryAfterRow);
        insert_jobs(&mut tx, std::slice::from_ref(&plan.job), plan.event.at).await?;
        self.fail.hit(FailPoint::ExpiryAfterJob);
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::ExpiryBeforeCommit, FailPoint::ExpiryAfterCommit).await?;
        Ok(true)
    }
}

pub(super) async fn insert_sample(tx: &mut Tx, plan: &ProgressPlan) -> Result<(), StoreError> {
    let sample = &plan.sample;
    sqlx::query(sql::INSERT_SAMPLE)
        .bind(sample.id.as_uuid())
        .bind(plan.enrollment_id.as_uuid())
        .bind(to_micros(sample.at))
        .bind(sample.percent.map(whole))
        .bind(sample.completed)
        .bind(sample.source.code())
        .bind(sample.failed.unwrap_or_default())
        .bind(to_micros(sample.at - SAME_FOR))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Computes the figure from what stands in the row now: another report may have come in since
/// the plan was made, and a figure must not fall without a note.
pub(super) async fn move_figure(tx: &mut Tx, plan: &ProgressPlan) -> Result<(), StoreError> {
    let row: Option<ProgressRow> = sqlx::query_as(sql::FIND_PROGRESS)
        .bind(plan.enrollment_id.as_uuid())
        .fetch_optional(&mut **tx)
        .await?;
    let standing = Progress::from(&row.ok_or(StoreError::Conflict(Conflict::Changed))?);
    let next = standing.after(&plan.sample);
    if next == standing {
        return Ok(());
    }
    let updated = sqlx::query(sql::UPDATE_PROGRESS)
        .bind(plan.enrollment_id.as_uuid())
        .bind(whole(next.percent))
        .bind(next.as_of.map(to_micros))
        .bind(next.reported.map(whole))
        .bind(next.exam_failed_at.map(to_micros))
        .bind(standing.as_of)
        .bind(standing.exam_failed_at)
        .bind(next.source.map(ProgressSource::code))
        .execute(&mut **tx)
        .await?;
    // Overtaken between reading and writing: the whole transaction is tried again.
    if updated.rows_affected() == 0 {
        return Err(StoreError::Busy);
    }
    if standing.percent == Percent::ZERO && next.percent > Percent::ZERO {
        append_started(tx, &plan.fell, plan.sample.at).await?;
    }
    if standing.exam_failed_at.is_none() && next.exam_failed_at.is_some() {
        append_event(tx, &plan.exam_failed).await?;
    }
    if let Some(lower) = next.reported.filter(|lower| standing.reported != Some(*lower)) {
        let payload = serde_json::json!({ "from": next.percent.get(), "to": lower.get() });
        append_event(tx, &Event { payload, ..plan.fell.clone() }).await?;
    }
    Ok(())
}

pub(super) async fn complete(tx: &mut Tx, plan: &ProgressPlan) -> Result<(), StoreError> {
    let Some(completion) = &plan.completion else {
        return Ok(());
    };
    let completed: Option<(Option<Instant>,)> = sqlx::query_as(sql::COMPLETE_ENROLLMENT)
        .bind(plan.enrollment_id.as_uuid())
        .bind(to_micros(plan.sample.at))
        .fetch_optional(&mut **tx)
        .await?;
    if let Some((enrolled_at,)) = completed {
        insert_jobs(tx, &completion.jobs, plan.sample.at).await?;
        // Whoever has completed has begun, whatever figures were told before.
        append_started(tx, &completion.event, plan.sample.at).await?;
        append_completed(tx, &completion.event, enrolled_at).await?;
    }
    Ok(())
}
