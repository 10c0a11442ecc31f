//! The ledger: the one place that posts to it.

use super::Tx;
use crate::domain::ids::{EnrollmentId, PaymentId, ProviderId, RefundId};
use crate::domain::ledger::{Account, Split, Transaction, Unbalanced};
use crate::domain::text::Text;
use crate::domain::time::to_micros;
use crate::store::error::StoreError;
use crate::store::sql;

/// Posts a transaction. It balances, or it would not be one.
pub(super) async fn post(
    tx: &mut Tx,
    transaction: Result<Transaction, Unbalanced>,
) -> Result<(), StoreError> {
    let transaction = transaction.map_err(|_| StoreError::Row { what: "sum of money" })?;
    let about = transaction.about();
    for (entry, line) in transaction.entries().iter().zip(0_i64..) {
        sqlx::query(sql::INSERT_LEDGER_ENTRY)
            .bind(transaction.id().as_uuid())
            .bind(line)
            .bind(to_micros(transaction.at()))
            .bind(transaction.kind().code())
            .bind(entry.account.code())
            .bind(entry.provider.map(ProviderId::as_uuid))
            .bind(about.enrollment.map(EnrollmentId::as_uuid))
            .bind(about.payment.map(PaymentId::as_uuid))
            .bind(about.refund.map(RefundId::as_uuid))
            .bind(about.reference.as_ref().map(Text::as_str))
            .bind(entry.amount.currency.code())
            .bind(entry.amount.cents)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// What partner and platform hold of an enrollment's money now.
pub(super) async fn shares(tx: &mut Tx, enrollment: EnrollmentId) -> Result<Split, StoreError> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as(sql::SUM_SHARES).bind(enrollment.as_uuid()).fetch_all(&mut **tx).await?;
    let mut held = Split::default();
    for (account, _, cents) in rows {
        match Account::parse(&account) {
            Some(Account::PartnerPayable) => held.partner -= cents,
            Some(Account::PlatformRevenue) => held.platform -= cents,
            _ => {}
        }
    }
    Ok(held)
}
