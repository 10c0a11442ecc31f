//! Refunds: written down with their postings, and what becomes of them.

use super::ledger::{post, shares};
use super::steps::{append_event, finish_job, insert_jobs};
use super::{Backend, Tx};
use crate::domain::enrollment::Payment;
use crate::domain::ids::{EnrollmentId, ProviderId, RefundId};
use crate::domain::ledger::{About, Posting, taken_back};
use crate::domain::payment::{NewRefund, RefundStatus, RefundView};
use crate::domain::plan::{RefundPlan, RefundReportPlan};
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::RefundRow;
use crate::store::sql;

const CHANGED: StoreError = StoreError::Conflict(Conflict::Changed);

/// Out of what the money is taken that goes back.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// Out of what partner and platform hold of an enrollment, pro rata.
    Shares { enrollment: EnrollmentId, provider: Option<ProviderId> },
    /// Out of the student's credit: it is in no course any more.
    Credit { enrollment: EnrollmentId, provider: Option<ProviderId> },
}

/// Writes refunds down, with their postings.
pub(super) async fn request(
    tx: &mut Tx,
    refunds: &[NewRefund],
    from: Source,
    at: Instant,
) -> Result<(), StoreError> {
    let (Source::Shares { enrollment, provider } | Source::Credit { enrollment, provider }) = from;
    for refund in refunds {
        let taken = sqlx::query(sql::REFUND_PAYMENT)
            .bind(refund.payment_id.as_uuid())
            .bind(refund.seen_refunded_cents)
            .bind(refund.amount.cents)
            .bind(enrollment.as_uuid())
            .execute(&mut **tx)
            .await?;
        if taken.rows_affected() == 0 {
            return Err(CHANGED);
        }
        sqlx::query(sql::INSERT_REFUND)
            .bind(refund.id.as_uuid())
            .bind(refund.payment_id.as_uuid())
            .bind(enrollment.as_uuid())
            .bind(refund.amount.cents)
            .bind(refund.amount.currency.code())
            .bind(refund.reason.as_str())
            .bind(&refund.idempotency_key)
            .bind(&refund.request_body)
            .bind(to_micros(at))
            .execute(&mut **tx)
            .await?;
        let about = About {
            enrollment: Some(enrollment),
            payment: Some(refund.payment_id),
            refund: Some(refund.id),
            reference: None,
        };
        let posting = Posting { at, provider, about, currency: refund.amount.currency };
        let id = refund.id.posting("refund");
        let posted = match from {
            Source::Shares { .. } => {
                let back =
                    taken_back(shares(tx, enrollment, refund.amount.currency).await?, refund.amount.cents);
                posting.refund(id, back)
            }
            Source::Credit { .. } => posting.refund_of_credit(id, refund.amount.cents),
        };
        post(tx, posted).await?;
    }
    if !refunds.is_empty() && matches!(from, Source::Shares { .. }) {
        let left: i64 =
            sqlx::query_scalar(sql::SUM_LEFT).bind(enrollment.as_uuid()).fetch_one(&mut **tx).await?;
        let state = if left == 0 { Payment::Refunded } else { Payment::PartRefunded };
        let set = sqlx::query(sql::SET_MONEY_BACK).bind(enrollment.as_uuid()).bind(state.code());
        set.execute(&mut **tx).await?;
    }
    Ok(())
}

impl Backend {
    pub(in crate::store) async fn request_refund(&self, plan: &RefundPlan) -> Result<(), StoreError> {
        let at = plan.event.at;
        let mut tx = self.begin().await?;
        sqlx::query(sql::LOCK_ENROLLMENT).bind(plan.enrollment_id.as_uuid()).execute(&mut *tx).await?;
        let from = Source::Shares { enrollment: plan.enrollment_id, provider: plan.event.provider };
        request(&mut tx, &plan.refunds, from, at).await?;
        self.fail.hit(FailPoint::RefundAfterRows);
        insert_jobs(&mut tx, &plan.jobs, at).await?;
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::RefundBeforeCommit, FailPoint::RefundAfterCommit).await
    }

    /// The processor is about to be asked; `false` when it was told to stop.
    pub(in crate::store) async fn mark_refund_sent(
        &self,
        id: RefundId,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let query = sqlx::query(sql::MARK_REFUND_SENT).bind(id.as_uuid()).bind(to_micros(at));
        let sent = query.execute(&mut *tx).await?;
        self.commit(tx, FailPoint::RefundBeforeSent, FailPoint::RefundAfterSent).await?;
        Ok(sent.rows_affected() == 1)
    }

    /// Writes down what the processor says; posts it when the money is back.
    pub(in crate::store) async fn report_refund(&self, plan: &RefundReportPlan) -> Result<(), StoreError> {
        let at = plan.event.at;
        let ended = matches!(plan.status, RefundStatus::Succeeded | RefundStatus::Failed);
        let mut tx = self.begin().await?;
        let told = sqlx::query(sql::REPORT_REFUND)
            .bind(plan.refund_id.as_uuid())
            .bind(plan.status.code())
            .bind(plan.external_refund_id.as_ref().map(Text::as_str))
            .bind(plan.note.as_ref().map(Text::as_str))
            .bind(ended.then(|| to_micros(at)))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::RefundReportAfterRow);
        if told.rows_affected() == 1 && plan.status == RefundStatus::Succeeded {
            self.post_refund_paid(&mut tx, plan).await?;
            append_event(&mut tx, &plan.event).await?;
        }
        if plan.status == RefundStatus::Succeeded {
            finish_job(&mut tx, plan.job_id, at).await?;
        }
        self.commit(tx, FailPoint::RefundReportBeforeCommit, FailPoint::RefundReportAfterCommit).await
    }

    async fn post_refund_paid(&self, tx: &mut Tx, plan: &RefundReportPlan) -> Result<(), StoreError> {
        let row: Option<RefundRow> =
            sqlx::query_as(sql::FIND_REFUND).bind(plan.refund_id.as_uuid()).fetch_optional(&mut **tx).await?;
        let refund = RefundView::try_from(row.ok_or(CHANGED)?)?;
        let about = About {
            enrollment: Some(refund.enrollment_id),
            payment: Some(refund.payment_id),
            refund: Some(refund.id),
            reference: None,
        };
        let (at, provider) = (plan.event.at, plan.event.provider);
        let posting = Posting { at, provider, about, currency: refund.amount.currency };
        post(tx, posting.refund_paid(refund.id.posting("refund paid"), refund.amount.cents)).await
    }

    /// A refund that failed is asked for again, under a key of its own. `false`: somebody else did.
    pub(in crate::store) async fn ask_refund_again(
        &self,
        refund: &RefundView,
        key: &str,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let again = sqlx::query(sql::ASK_REFUND_AGAIN)
            .bind(refund.id.as_uuid())
            .bind(key)
            .bind(i64::from(refund.attempt))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(again.rows_affected() == 1)
    }

    pub(in crate::store) async fn find_refund(&self, id: RefundId) -> Result<Option<RefundView>, StoreError> {
        let row: Option<RefundRow> =
            sqlx::query_as(sql::FIND_REFUND).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        row.map(RefundView::try_from).transpose()
    }

    /// Those whose money is not back yet, oldest first.
    pub(in crate::store) async fn list_unsettled_refunds(&self) -> Result<Vec<RefundView>, StoreError> {
        let rows: Vec<RefundRow> = sqlx::query_as(sql::LIST_UNSETTLED_REFUNDS).fetch_all(&self.pool).await?;
        rows.into_iter().map(RefundView::try_from).collect()
    }
}
