//! Payments, refunds and switches.

use super::{PAUSE, Store, StoreError, TRIES};
use crate::domain::ids::{PaymentId, RefundId, StudentId};
use crate::domain::payment::{PaymentView, ProcessorName, RefundView};
use crate::domain::plan::{
    ClosePlan, PaidPlan, PayPlan, RefundPlan, RefundReportPlan, SessionPlan, SwitchPlan,
};
use crate::domain::text::Text;
use crate::domain::time::Instant;

impl Store {
    /// Another payment for an enrollment that waits for one. `Conflict::Changed` when it does not, or
    /// when another terminal was faster.
    pub async fn pay_again(&self, plan: &PayPlan, student: StudentId) -> Result<(), StoreError> {
        transact!(self, pay_again(plan, student))
    }

    /// Notes that the processor is about to be asked to open the page; `false` when the payment is
    /// not open any more, and nobody may ask.
    pub async fn mark_payment_sent(&self, id: PaymentId, at: Instant) -> Result<bool, StoreError> {
        transact!(self, mark_payment_sent(id, at))
    }

    /// Notes the page that was opened. `Conflict::Changed` when the payment is not open any more.
    pub async fn record_session(&self, plan: &SessionPlan) -> Result<(), StoreError> {
        transact!(self, record_session(plan))
    }

    /// Notes why the card was declined, while the page is open.
    pub async fn note_payment(&self, id: PaymentId, note: &Text) -> Result<(), StoreError> {
        transact!(self, note_payment(id, note))
    }

    /// Ends a payment without money, or parks it. A switch that waited for it ends, and its seat is
    /// given back. `Conflict::Changed` when it is not where the decision saw it.
    pub async fn close_payment(&self, plan: &ClosePlan) -> Result<(), StoreError> {
        transact!(self, close_payment(plan))
    }

    /// Notes that a payment is paid, posts it, and begins what it pays for. `Conflict::Changed` when it
    /// is written down already, or what it pays for is not where the decision saw it.
    pub async fn record_paid(&self, plan: &PaidPlan) -> Result<(), StoreError> {
        transact!(self, record_paid(plan))
    }

    /// Switches without a payment. `Conflict::Changed` when the old enrollment is not where the decision
    /// saw it, `CohortFull` when the seat is gone.
    pub async fn switch(&self, plan: &SwitchPlan) -> Result<(), StoreError> {
        transact!(self, switch(plan))
    }

    /// Pays some of an enrollment's money back. `Conflict::Changed` when some went back meanwhile.
    pub async fn request_refund(&self, plan: &RefundPlan) -> Result<(), StoreError> {
        transact!(self, request_refund(plan))
    }

    /// Notes that the processor is about to be asked for a refund; `false` when nobody may ask any more.
    pub async fn mark_refund_sent(&self, id: RefundId, at: Instant) -> Result<bool, StoreError> {
        transact!(self, mark_refund_sent(id, at))
    }

    /// Notes what the processor says about a refund, and posts it when the money is back.
    pub async fn report_refund(&self, plan: &RefundReportPlan) -> Result<(), StoreError> {
        transact!(self, report_refund(plan))
    }

    /// A refund that failed is to be asked for again under this key; `false` when somebody else did.
    pub async fn ask_refund_again(&self, refund: &RefundView, key: &str) -> Result<bool, StoreError> {
        transact!(self, ask_refund_again(refund, key))
    }

    /// Work about money is due now, whatever was planned, also what was given up; how much of it.
    pub async fn hurry_money(&self, now: Instant) -> Result<u64, StoreError> {
        transact!(self, hurry_money(now))
    }

    /// Open payments, of everybody or of one student, are looked at now instead of later; how many.
    /// What failed waits as it was planned.
    pub async fn hurry_checkouts(&self, of: Option<StudentId>, now: Instant) -> Result<u64, StoreError> {
        transact!(self, hurry_checkouts(of, now))
    }

    /// One payment.
    pub async fn find_payment(&self, id: PaymentId) -> Result<Option<PaymentView>, StoreError> {
        call!(self, find_payment(id))
    }

    /// One refund.
    pub async fn find_refund(&self, id: RefundId) -> Result<Option<RefundView>, StoreError> {
        call!(self, find_refund(id))
    }

    /// Payments that are open, or that a person has to look at, oldest first.
    pub async fn list_unsettled_payments(&self) -> Result<Vec<PaymentView>, StoreError> {
        call!(self, list_unsettled_payments())
    }

    /// A page of the payments of a processor that ended without money after `since`, newest first: at
    /// most `limit` that are older than `before`.
    pub async fn list_just_closed_payments(
        &self,
        since: Instant,
        processor: &ProcessorName,
        before: Option<PaymentId>,
        limit: u16,
    ) -> Result<Vec<PaymentView>, StoreError> {
        call!(self, list_just_closed_payments(since, processor, before, limit))
    }

    /// Refunds whose money is not back, oldest first.
    pub async fn list_unsettled_refunds(&self) -> Result<Vec<RefundView>, StoreError> {
        call!(self, list_unsettled_refunds())
    }
}
