//! Payments: written down, opened, closed.

use super::steps::{append_event, insert_jobs};
use super::{Backend, Tx, seats};
use crate::domain::enrollment::Payment;
use crate::domain::ids::{EnrollmentId, PaymentId, StudentId};
use crate::domain::money::Money;
use crate::domain::payment::{NewPayment, PaymentStatus, PaymentView, ProcessorName};
use crate::domain::plan::{ClosePlan, PayPlan, SessionPlan};
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::domain::web::WebUrl;
use crate::store::error::{Conflict, StoreError, unique};
use crate::store::fail::FailPoint;
use crate::store::rows::PaymentRow;
use crate::store::sql;
use uuid::Uuid;

const CHANGED: StoreError = StoreError::Conflict(Conflict::Changed);

/// Writes a payment down. A second open one of the same enrollment is refused.
pub(super) async fn insert(
    tx: &mut Tx,
    payment: &NewPayment,
    student: StudentId,
    at: Instant,
) -> Result<(), StoreError> {
    let policy =
        serde_json::to_string(&payment.policy).map_err(|_| StoreError::Row { what: "refund policy" })?;
    sqlx::query(sql::INSERT_PAYMENT)
        .bind(payment.id.as_uuid())
        .bind(payment.enrollment_id.as_uuid())
        .bind(student.as_uuid())
        .bind(payment.amount.cents)
        .bind(payment.amount.currency.code())
        .bind(payment.processor.as_str())
        .bind(&payment.idempotency_key)
        .bind(&payment.request_body)
        .bind(to_micros(payment.expires_at))
        .bind(to_micros(at))
        .bind(policy)
        .execute(&mut **tx)
        .await
        .map_err(|error| unique(error, Conflict::Changed))?;
    Ok(())
}

/// A switch is begun: the enrollment that is to be replaced has to stand.
pub(super) async fn hold_old(tx: &mut Tx, old: EnrollmentId) -> Result<(), StoreError> {
    let held = sqlx::query(sql::HOLD_OLD).bind(old.as_uuid()).execute(&mut **tx).await?;
    if held.rows_affected() == 1 { Ok(()) } else { Err(CHANGED) }
}

/// What was asked of the processor about this payment has come to its end.
pub(super) async fn finish_job(tx: &mut Tx, payment: PaymentId, at: Instant) -> Result<(), StoreError> {
    let query = sqlx::query(sql::FINISH_CHECKOUT_JOB).bind(payment.as_uuid()).bind(to_micros(at));
    query.execute(&mut **tx).await?;
    Ok(())
}

impl Backend {
    pub(in crate::store) async fn pay_again(
        &self,
        plan: &PayPlan,
        student: StudentId,
    ) -> Result<(), StoreError> {
        let at = plan.event.at;
        let mut tx = self.begin().await?;
        let again = sqlx::query(sql::PAY_AGAIN)
            .bind(plan.payment.enrollment_id.as_uuid())
            .bind(to_micros(plan.hold_until))
            .execute(&mut *tx)
            .await?;
        if again.rows_affected() == 0 {
            return Err(CHANGED);
        }
        insert(&mut tx, &plan.payment, student, at).await?;
        self.fail.hit(FailPoint::PayAfterPayment);
        insert_jobs(&mut tx, std::slice::from_ref(&plan.job), at).await?;
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::PayBeforeCommit, FailPoint::PayAfterCommit).await
    }

    /// The processor is about to be asked; `false` when the payment is not open any more.
    pub(in crate::store) async fn mark_payment_sent(
        &self,
        id: PaymentId,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let query = sqlx::query(sql::MARK_PAYMENT_SENT).bind(id.as_uuid()).bind(to_micros(at));
        let sent = query.execute(&mut *tx).await?;
        self.commit(tx, FailPoint::CheckoutBeforeSent, FailPoint::CheckoutAfterSent).await?;
        Ok(sent.rows_affected() == 1)
    }

    pub(in crate::store) async fn record_session(&self, plan: &SessionPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let set = sqlx::query(sql::SET_SESSION)
            .bind(plan.payment_id.as_uuid())
            .bind(plan.session_id.as_str())
            .bind(plan.url.as_ref().map(WebUrl::as_str))
            .bind(plan.expires_at.map(to_micros))
            .execute(&mut *tx)
            .await
            .map_err(|error| unique(error, Conflict::Changed))?;
        if set.rows_affected() == 0 {
            return Err(CHANGED);
        }
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::CheckoutBeforeCommit, FailPoint::CheckoutAfterCommit).await
    }

    /// Why the card was declined, while the page is still open.
    pub(in crate::store) async fn note_payment(&self, id: PaymentId, note: &Text) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(sql::NOTE_PAYMENT).bind(id.as_uuid()).bind(note.as_str()).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn close_payment(&self, plan: &ClosePlan) -> Result<(), StoreError> {
        let at = plan.event.at;
        let mut tx = self.begin().await?;
        let closed: Option<(Uuid,)> = sqlx::query_as(sql::CLOSE_PAYMENT)
            .bind(plan.payment_id.as_uuid())
            .bind(plan.seen.code())
            .bind(plan.status.code())
            .bind(plan.note.as_ref().map(Text::as_str))
            .bind(plan.payment_intent.as_ref().map(Text::as_str))
            .bind(plan.paid.map(|paid: Money| paid.cents))
            .bind(plan.paid.as_ref().map(|paid| paid.currency.code()))
            .bind(to_micros(at))
            .bind(plan.unsent)
            .fetch_optional(&mut *tx)
            .await?;
        let Some((enrollment,)) = closed else {
            return Err(CHANGED);
        };
        self.fail.hit(FailPoint::CloseAfterPayment);
        let state = Payment::from(plan.status).code();
        let set = sqlx::query(sql::SET_PAYMENT_STATE).bind(enrollment).bind(state);
        set.execute(&mut *tx).await?;
        finish_job(&mut tx, plan.payment_id, at).await?;
        append_event(&mut tx, &plan.event).await?;
        // A switch that is not paid does not come about; the old enrollment stands as before.
        if plan.status != PaymentStatus::Parked {
            end_candidate(&mut tx, enrollment.into(), plan).await?;
        }
        self.fail.hit(FailPoint::CloseAfterEnrollment);
        self.commit(tx, FailPoint::CloseBeforeCommit, FailPoint::CloseAfterCommit).await
    }

    pub(in crate::store) async fn find_payment(
        &self,
        id: PaymentId,
    ) -> Result<Option<PaymentView>, StoreError> {
        let row: Option<PaymentRow> =
            sqlx::query_as(sql::FIND_PAYMENT).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        row.map(PaymentView::try_from).transpose()
    }

    /// Open and parked ones, oldest first.
    pub(in crate::store) async fn list_unsettled_payments(&self) -> Result<Vec<PaymentView>, StoreError> {
        let rows: Vec<PaymentRow> =
            sqlx::query_as(sql::LIST_UNSETTLED_PAYMENTS).fetch_all(&self.pool).await?;
        rows.into_iter().map(PaymentView::try_from).collect()
    }

    /// A page of those that ended without money after `since`, newest first.
    pub(in crate::store) async fn list_just_closed_payments(
        &self,
        since: Instant,
        processor: &ProcessorName,
        before: Option<PaymentId>,
        limit: u16,
    ) -> Result<Vec<PaymentView>, StoreError> {
        let rows: Vec<PaymentRow> = sqlx::query_as(sql::LIST_JUST_CLOSED_PAYMENTS)
            .bind(to_micros(since))
            .bind(processor.as_str())
            .bind(before.map(PaymentId::as_uuid))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(PaymentView::try_from).collect()
    }
}

async fn end_candidate(tx: &mut Tx, id: EnrollmentId, plan: &ClosePlan) -> Result<(), StoreError> {
    let state = Payment::from(plan.status).code();
    let query = sqlx::query_as(sql::END_CANDIDATE).bind(id.as_uuid()).bind(state);
    let ended: Option<(Option<Uuid>,)> = query.fetch_optional(&mut **tx).await?;
    let Some((cohort,)) = ended else {
        return Ok(());
    };
    append_event(tx, &plan.ended).await?;
    match cohort {
        Some(cohort) => seats::give_back(tx, cohort.into(), plan.event.at, plan.offers_last).await,
        None => Ok(()),
    }
}
