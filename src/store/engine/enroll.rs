//! Enrolling and cancelling.

use super::ledger::{holdings, post};
use super::people::insert_student;
use super::steps::{append_event, insert_jobs};
use super::{Backend, Tx, payments, refunds, seats};
use crate::domain::enrollment::{Enrollment, Status};
use crate::domain::ids::{CohortId, EnrollmentId};
use crate::domain::job::{JobKind, NewJob};
use crate::domain::ledger::{About, Posting};
use crate::domain::plan::{CancelPlan, EnrollmentPlan};
use crate::domain::progress::Percent;
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::{Conflict, StoreError, unique};
use crate::store::fail::FailPoint;
use crate::store::sql;
use uuid::Uuid;

impl Backend {
    pub(in crate::store) async fn enroll(&self, plan: &EnrollmentPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        match &plan.new_student {
            Some(student) => {
                insert_student(&mut tx, student, plan.event.at).await?;
                self.fail.hit(FailPoint::EnrollAfterStudent);
            }
            // Nobody else knows of somebody new until this is committed.
            None => seats::lock_student(&mut tx, plan.enrollment.student_id).await?,
        }
        seats::expire_due(&mut tx, plan).await?;
        if let Some(old) = plan.enrollment.replaces_id {
            payments::hold_old(&mut tx, old).await?;
        }
        insert_enrollment(&mut tx, &plan.enrollment).await?;
        self.fail.hit(FailPoint::EnrollAfterEnrollment);
        if let Some(payment) = &plan.payment {
            payments::insert(&mut tx, payment, plan.enrollment.student_id, plan.event.at).await?;
            self.fail.hit(FailPoint::EnrollAfterPayment);
        }
        insert_jobs(&mut tx, &plan.jobs, plan.event.at).await?;
        self.fail.hit(FailPoint::EnrollAfterJobs);
        append_event(&mut tx, &plan.event).await?;
        self.fail.hit(FailPoint::EnrollAfterEvent);
        seats::take(&mut tx, plan).await?;
        self.commit(tx, FailPoint::EnrollBeforeCommit, FailPoint::EnrollAfterCommit).await
    }

    pub(in crate::store) async fn cancel(&self, plan: &CancelPlan) -> Result<(), StoreError> {
        let seen = &plan.seen;
        if !seen.status.may_become(Status::Cancelled) {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        let mut tx = self.begin().await?;
        let cancelled: Option<(Option<Uuid>,)> = sqlx::query_as(sql::CANCEL_ENROLLMENT)
            .bind(plan.enrollment_id.as_uuid())
            .bind(seen.status.code())
            .bind(seen.payment.code())
            .bind(seen.progress.as_of.map(to_micros))
            .bind(seen.last_accessed_at.map(to_micros))
            .fetch_optional(&mut *tx)
            .await?;
        let Some((cohort,)) = cancelled else {
            return Err(StoreError::Conflict(Conflict::Changed));
        };
        self.fail.hit(FailPoint::CancelAfterStatus);
        settle_jobs(&mut tx, plan.enrollment_id, &plan.jobs, plan.event.at).await?;
        let from = refunds::Source::Shares { enrollment: plan.enrollment_id, provider: plan.event.provider };
        refunds::request(&mut tx, &plan.refunds, from, plan.event.at).await?;
        if plan.refunds.is_empty() {
            take_back_unpaid(&mut tx, plan).await?;
        }
        self.fail.hit(FailPoint::CancelAfterRefunds);
        insert_jobs(&mut tx, &plan.jobs, plan.event.at).await?;
        self.fail.hit(FailPoint::CancelAfterJobs);
        append_event(&mut tx, &plan.event).await?;
        if let Some(cohort) = cohort {
            seats::give_back(&mut tx, cohort.into(), plan.event.at, plan.offers_last).await?;
        }
        self.fail.hit(FailPoint::CancelAfterSeat);
        self.commit(tx, FailPoint::CancelBeforeCommit, FailPoint::CancelAfterCommit).await
    }
}

/// A place for which nobody paid, because an earlier partner had failed: its partner was promised a share,
/// and who goes before the start leaves none. There is no refund that would take it back.
async fn take_back_unpaid(tx: &mut Tx, plan: &CancelPlan) -> Result<(), StoreError> {
    for (currency, held) in holdings(tx, plan.enrollment_id).await? {
        if held.sum() == 0 {
            let about = About { enrollment: Some(plan.enrollment_id), ..About::default() };
            let posting = Posting { at: plan.event.at, provider: plan.event.provider, about, currency };
            let id = plan.enrollment_id.posting(&format!("cancelled {currency}"));
            post(tx, posting.unsplit(id, held)).await?;
        }
    }
    Ok(())
}

/// What nobody has begun need not be done any more.
pub(super) async fn settle_untried_jobs(
    tx: &mut Tx,
    enrollment: EnrollmentId,
    at: Instant,
) -> Result<(), StoreError> {
    let query = sqlx::query(sql::SETTLE_UNTRIED_JOBS).bind(enrollment.as_uuid()).bind(to_micros(at));
    query.execute(&mut **tx).await?;
    Ok(())
}

/// What somebody has begun since the decision may reach the partner, so a decision not to tell the
/// partner does not hold then.
pub(super) async fn settle_jobs(
    tx: &mut Tx,
    enrollment: EnrollmentId,
    jobs: &[NewJob],
    at: Instant,
) -> Result<(), StoreError> {
    let id = enrollment.as_uuid();
    settle_untried_jobs(tx, enrollment, at).await?;
    let attempts: i64 =
        sqlx::query_scalar(sql::COUNT_PROVISION_ATTEMPTS).bind(id).fetch_one(&mut **tx).await?;
    let tells = jobs.iter().any(|job| job.kind == JobKind::Withdraw);
    if attempts > 0 && !tells { Err(StoreError::Conflict(Conflict::Changed)) } else { Ok(()) }
}

pub(super) async fn insert_enrollment(tx: &mut Tx, enrollment: &Enrollment) -> Result<(), StoreError> {
    let Enrollment { delivery, progress, .. } = enrollment;
    sqlx::query(sql::INSERT_ENROLLMENT)
        .bind(enrollment.id.as_uuid())
        .bind(delivery.map(|delivery| delivery.provider_id.as_uuid()))
        .bind(enrollment.student_id.as_uuid())
        .bind(delivery.map(|delivery| delivery.course_id.as_uuid()))
        .bind(enrollment.program_id.as_uuid())
        .bind(enrollment.external_account_id.as_ref().map(Text::as_str))
        .bind(enrollment.external_enrollment_id.as_ref().map(Text::as_str))
        .bind(enrollment.status.code())
        .bind(i64::from(progress.percent.get()))
        .bind(to_micros(enrollment.enrolled_at))
        .bind(enrollment.last_accessed_at.map(to_micros))
        .bind(enrollment.link.code())
        .bind(enrollment.payment.code())
        .bind(enrollment.cohort_id.map(CohortId::as_uuid))
        .bind(enrollment.hold_until.map(to_micros))
        .bind(enrollment.replaces_id.map(EnrollmentId::as_uuid))
        .bind(enrollment.switched_from.map(EnrollmentId::as_uuid))
        .bind(progress.as_of.map(to_micros))
        .bind(progress.reported.map(|percent: Percent| i64::from(percent.get())))
        .bind(enrollment.completed_at.map(to_micros))
        .execute(&mut **tx)
        .await
        .map_err(|error| unique(error, Conflict::LiveEnrollment))?;
    Ok(())
}
