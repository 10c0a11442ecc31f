//! Reading enrollments with all a screen needs.

use super::Backend;
use super::steps::ADVISOR;
use crate::domain::event::EventKind;
use crate::domain::ids::{EnrollmentId, ProgramId, ProviderId, StudentId};
use crate::domain::job::JobState;
use crate::domain::payment::{PaymentView, RefundView};
use crate::domain::progress::ProgressSample;
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::domain::views::{CourseMoney, CourseView, HistoryEntry, PartnerAccount, SyncPartner, SyncTarget};
use crate::store::error::StoreError;
use crate::store::rows::{
    AccountRow, CourseRow, JobStateRow, PaymentRow, RefundRow, SampleRow, SyncPartnerRow, SyncTargetRow,
};
use crate::store::sql;
use chrono::DateTime;
use std::collections::HashMap;
use uuid::Uuid;

impl Backend {
    pub(in crate::store) async fn list_courses(
        &self,
        student: StudentId,
    ) -> Result<Vec<CourseView>, StoreError> {
        let mut tx = self.begin_read().await?;
        let rows: Vec<CourseRow> =
            sqlx::query_as(sql::LIST_COURSES).bind(student.as_uuid()).fetch_all(&mut *tx).await?;
        let jobs: Vec<JobStateRow> = sqlx::query_as(sql::LIST_OPEN_JOBS_OF_STUDENT)
            .bind(student.as_uuid())
            .fetch_all(&mut *tx)
            .await?;
        let payments: Vec<PaymentRow> =
            sqlx::query_as(sql::LIST_PAYMENTS_OF_STUDENT).bind(student.as_uuid()).fetch_all(&mut *tx).await?;
        // Only what was paid can go back.
        let refunds: Vec<RefundRow> = if payments.is_empty() {
            Vec::new()
        } else {
            let query = sqlx::query_as(sql::LIST_REFUNDS_OF_STUDENT).bind(student.as_uuid());
            query.fetch_all(&mut *tx).await?
        };
        tx.commit().await?;
        let mut by_enrollment: HashMap<Uuid, Vec<JobState>> = HashMap::new();
        for job in jobs {
            by_enrollment.entry(job.enrollment_id).or_default().push(job.try_into()?);
        }
        let mut money = money_of(payments, refunds)?;
        let fill = |row: CourseRow| {
            let mut view = row.view()?;
            view.jobs = by_enrollment.remove(&view.enrollment.id.as_uuid()).unwrap_or_default();
            view.money = money.remove(&view.enrollment.id).unwrap_or_default();
            Ok(view)
        };
        rows.into_iter().map(fill).collect()
    }

    pub(in crate::store) async fn find_course(
        &self,
        id: EnrollmentId,
    ) -> Result<Option<CourseView>, StoreError> {
        let mut tx = self.begin_read().await?;
        let row: Option<CourseRow> =
            sqlx::query_as(sql::FIND_COURSE).bind(id.as_uuid()).fetch_optional(&mut *tx).await?;
        let jobs: Vec<JobStateRow> =
            sqlx::query_as(sql::LIST_OPEN_JOBS_OF_ENROLLMENT).bind(id.as_uuid()).fetch_all(&mut *tx).await?;
        let payments: Vec<PaymentRow> =
            sqlx::query_as(sql::LIST_PAYMENTS_OF_ENROLLMENT).bind(id.as_uuid()).fetch_all(&mut *tx).await?;
        let refunds: Vec<RefundRow> =
            sqlx::query_as(sql::LIST_REFUNDS_OF_ENROLLMENT).bind(id.as_uuid()).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let mut view = row.view()?;
        view.money = money_of(payments, refunds)?.remove(&id).unwrap_or_default();
        view.jobs = jobs.into_iter().map(JobState::try_from).collect::<Result<_, _>>()?;
        Ok(Some(view))
    }

    pub(in crate::store) async fn find_live_enrollment(
        &self,
        student: StudentId,
        program: ProgramId,
    ) -> Result<Option<CourseView>, StoreError> {
        let row: Option<CourseRow> = sqlx::query_as(sql::FIND_LIVE_ENROLLMENT)
            .bind(student.as_uuid())
            .bind(program.as_uuid())
            .fetch_optional(&self.pool)
            .await?;
        match row.map(CourseRow::view).transpose()? {
            Some(view) => self.find_course(view.enrollment.id).await,
            None => Ok(None),
        }
    }

    pub(in crate::store) async fn last_used(
        &self,
        student: StudentId,
    ) -> Result<Option<EnrollmentId>, StoreError> {
        let id: Option<Uuid> =
            sqlx::query_scalar(sql::LAST_USED).bind(student.as_uuid()).fetch_optional(&self.pool).await?;
        Ok(id.map(EnrollmentId::from))
    }

    pub(in crate::store) async fn list_syncable(
        &self,
        provider: ProviderId,
        student: Option<StudentId>,
        begun: Instant,
        after: Option<&SyncTarget>,
        limit: u16,
    ) -> Result<Vec<SyncTarget>, StoreError> {
        let never = DateTime::UNIX_EPOCH;
        let (known_at, id) = after.map_or((never, Uuid::nil()), |target| {
            (target.as_of.unwrap_or(never), target.enrollment_id.as_uuid())
        });
        let query = match student {
            Some(student) => {
                sqlx::query_as(sql::LIST_SYNCABLE_OF_STUDENT).bind(provider.as_uuid()).bind(student.as_uuid())
            }
            None => sqlx::query_as(sql::LIST_SYNCABLE)
                .bind(provider.as_uuid())
                .bind(to_micros(begun))
                .bind(never)
                .bind(known_at)
                .bind(id)
                .bind(i64::from(limit)),
        };
        let rows: Vec<SyncTargetRow> = query.fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(SyncTarget::from).collect())
    }

    pub(in crate::store) async fn list_sync_partners(
        &self,
        student: Option<StudentId>,
    ) -> Result<Vec<SyncPartner>, StoreError> {
        let query = match student {
            Some(student) => sqlx::query_as(sql::LIST_SYNC_PARTNERS_OF_STUDENT).bind(student.as_uuid()),
            None => sqlx::query_as(sql::LIST_SYNC_PARTNERS),
        };
        let rows: Vec<SyncPartnerRow> = query.fetch_all(&self.pool).await?;
        Ok(rows.iter().filter_map(SyncPartnerRow::partner).collect())
    }

    pub(in crate::store) async fn list_samples(
        &self,
        id: EnrollmentId,
        limit: u16,
    ) -> Result<Vec<ProgressSample>, StoreError> {
        let rows: Vec<SampleRow> = sqlx::query_as(sql::LIST_SAMPLES)
            .bind(id.as_uuid())
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(ProgressSample::try_from).collect()
    }

    pub(in crate::store) async fn list_expiring_certificates(
        &self,
        from: Instant,
        until: Instant,
        limit: u16,
    ) -> Result<Vec<EnrollmentId>, StoreError> {
        let ids: Vec<Uuid> = sqlx::query_scalar(sql::LIST_EXPIRING_CERTIFICATES)
            .bind(to_micros(from))
            .bind(to_micros(until))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(ids.into_iter().map(EnrollmentId::from).collect())
    }

    pub(in crate::store) async fn list_history(
        &self,
        id: EnrollmentId,
    ) -> Result<Vec<HistoryEntry>, StoreError> {
        let rows: Vec<(Instant, String, String)> =
            sqlx::query_as(sql::LIST_HISTORY).bind(id.as_uuid()).fetch_all(&self.pool).await?;
        let entry = |(at, kind, actor): (Instant, String, String)| {
            // A kind from a later version has no words here.
            let kind = EventKind::parse(&kind)?;
            Some(HistoryEntry { at, kind, by_advisor: actor == ADVISOR })
        };
        Ok(rows.into_iter().filter_map(entry).collect())
    }

    pub(in crate::store) async fn newest_event_at(&self) -> Result<Option<Instant>, StoreError> {
        let latest: Vec<Instant> = sqlx::query_scalar(sql::LIST_LATEST_EVENTS).fetch_all(&self.pool).await?;
        Ok(latest.into_iter().max())
    }

    pub(in crate::store) async fn provision_attempts(&self, id: EnrollmentId) -> Result<u32, StoreError> {
        let attempts: i64 = sqlx::query_scalar(sql::COUNT_PROVISION_ATTEMPTS)
            .bind(id.as_uuid())
            .fetch_one(&self.pool)
            .await?;
        Ok(attempts.try_into().unwrap_or(u32::MAX))
    }

    pub(in crate::store) async fn is_reused(
        &self,
        id: EnrollmentId,
        external: &Text,
    ) -> Result<bool, StoreError> {
        let query = sqlx::query_scalar(sql::IS_REUSED).bind(id.as_uuid()).bind(external.as_str());
        Ok(query.fetch_one(&self.pool).await?)
    }

    pub(in crate::store) async fn find_account(
        &self,
        student: StudentId,
        provider: ProviderId,
    ) -> Result<Option<PartnerAccount>, StoreError> {
        let row: Option<AccountRow> = sqlx::query_as(sql::FIND_ACCOUNT)
            .bind(student.as_uuid())
            .bind(provider.as_uuid())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(PartnerAccount::from))
    }
}

/// Payments by what they pay for now, and refunds by what they are about.
fn money_of(
    payments: Vec<PaymentRow>,
    refunds: Vec<RefundRow>,
) -> Result<HashMap<EnrollmentId, CourseMoney>, StoreError> {
    let mut money: HashMap<EnrollmentId, CourseMoney> = HashMap::new();
    for row in payments {
        let payment = PaymentView::try_from(row)?;
        money.entry(payment.funds_id).or_default().payments.push(payment);
    }
    for row in refunds {
        let refund = RefundView::try_from(row)?;
        money.entry(refund.enrollment_id).or_default().refunds.push(refund);
    }
    Ok(money)
}
