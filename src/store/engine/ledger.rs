//! The ledger: the one place that posts to it, and what it holds.

use super::steps::append_event;
use super::{Backend, Tx};
use crate::domain::ids::{EnrollmentId, PaymentId, ProviderId, RefundId, TransactionId};
use crate::domain::ledger::{
    About, Account, Balance, LedgerFaults, LedgerQuery, PostedTransaction, Posting, Split, Transaction,
    TransactionKind, Unbalanced,
};
use crate::domain::money::{Currency, Money};
use crate::domain::plan::PayoutPlan;
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::{BalanceRow, PostedRow};
use crate::store::sql;
use uuid::Uuid;

/// Posts a transaction. It balances, or it would not be one.
pub(super) async fn post(
    tx: &mut Tx,
    transaction: Result<Transaction, Unbalanced>,
) -> Result<(), StoreError> {
    post_all(tx, [transaction]).await
}

/// Posts transactions that belong together.
pub(super) async fn post_all<const N: usize>(
    tx: &mut Tx,
    transactions: [Result<Transaction, Unbalanced>; N],
) -> Result<(), StoreError> {
    let mut lines: Vec<Line> = Vec::new();
    for transaction in transactions {
        let transaction = transaction.map_err(|_| StoreError::Row { what: "sum of money" })?;
        let entries = transaction.entries().iter().zip(0_i64..);
        lines.extend(entries.map(|(entry, number)| Line {
            shared: Shared {
                at: transaction.at(),
                provider: entry.provider,
                about: transaction.about().clone(),
                currency: entry.amount.currency,
            },
            transaction: transaction.id(),
            kind: transaction.kind(),
            number,
            account: entry.account,
            cents: entry.amount.cents,
        }));
    }
    // Statements are what a posting costs: one where it can be one.
    for alike in lines.chunk_by(|one, other| one.shared == other.shared) {
        for together in alike.chunks(MOST_LINES) {
            insert(tx, together).await?;
        }
    }
    Ok(())
}

/// How many lines one statement can insert.
const MOST_LINES: usize = 5;

/// A line of the ledger.
struct Line {
    shared: Shared,
    transaction: TransactionId,
    kind: TransactionKind,
    number: i64,
    account: Account,
    cents: i64,
}

/// What lines of one statement have in common.
#[derive(PartialEq)]
struct Shared {
    at: Instant,
    provider: Option<ProviderId>,
    about: About,
    currency: Currency,
}

async fn insert(tx: &mut Tx, lines: &[Line]) -> Result<(), StoreError> {
    let statement = match lines.len() {
        0 => return Ok(()),
        1 => sql::INSERT_LINE,
        2 => sql::INSERT_TWO_LINES,
        3 => sql::INSERT_THREE_LINES,
        4 => sql::INSERT_FOUR_LINES,
        _ => sql::INSERT_FIVE_LINES,
    };
    let Shared { at, provider, about, currency } = &lines[0].shared;
    let mut query = sqlx::query(statement)
        .bind(to_micros(*at))
        .bind(provider.map(ProviderId::as_uuid))
        .bind(about.enrollment.map(EnrollmentId::as_uuid))
        .bind(about.payment.map(PaymentId::as_uuid))
        .bind(about.refund.map(RefundId::as_uuid))
        .bind(about.reference.as_ref().map(Text::as_str))
        .bind(currency.code());
    for line in lines {
        query = query
            .bind(line.transaction.as_uuid())
            .bind(line.kind.code())
            .bind(line.number)
            .bind(line.account.code())
            .bind(line.cents);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// What partner and platform hold of an enrollment's money now, in each of its currencies.
pub(super) async fn holdings(
    tx: &mut Tx,
    enrollment: EnrollmentId,
) -> Result<Vec<(Currency, Split)>, StoreError> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as(sql::SUM_SHARES).bind(enrollment.as_uuid()).fetch_all(&mut **tx).await?;
    let mut all: Vec<(Currency, Split)> = Vec::new();
    for (account, currency, cents) in rows {
        let currency = Currency::parse(&currency).map_err(|_| StoreError::Row { what: "currency" })?;
        let at = all.iter().position(|(known, _)| *known == currency).unwrap_or_else(|| {
            all.push((currency, Split::default()));
            all.len() - 1
        });
        let held = &mut all[at].1;
        match Account::parse(&account) {
            Some(Account::PartnerPayable) => held.partner -= cents,
            Some(Account::PlatformRevenue) => held.platform -= cents,
            _ => {}
        }
    }
    all.retain(|(_, held)| *held != Split::default());
    Ok(all)
}

/// The same in one currency.
pub(super) async fn shares(
    tx: &mut Tx,
    enrollment: EnrollmentId,
    currency: Currency,
) -> Result<Split, StoreError> {
    let all = holdings(tx, enrollment).await?;
    Ok(all.into_iter().find(|(known, _)| *known == currency).map(|(_, held)| held).unwrap_or_default())
}

/// Waits for whoever is about to change something of this partner.
pub(super) async fn lock_provider(tx: &mut Tx, id: ProviderId) -> Result<(), StoreError> {
    sqlx::query(sql::LOCK_PROVIDER).bind(id.as_uuid()).execute(&mut **tx).await?;
    Ok(())
}

impl Backend {
    pub(in crate::store) async fn post_payout(&self, plan: &PayoutPlan) -> Result<(), StoreError> {
        let (provider, currency) = (plan.provider_id.as_uuid(), plan.amount.currency);
        let mut tx = self.begin().await?;
        lock_provider(&mut tx, plan.provider_id).await?;
        let known: bool = sqlx::query_scalar(sql::IS_PAID_OUT)
            .bind(provider)
            .bind(plan.reference.as_str())
            .fetch_one(&mut *tx)
            .await?;
        if known {
            return Err(StoreError::Conflict(Conflict::PayoutExists));
        }
        let payable: i64 = sqlx::query_scalar(sql::SUM_PAYABLE)
            .bind(provider)
            .bind(currency.code())
            .fetch_one(&mut *tx)
            .await?;
        if plan.amount.cents > payable {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        let posting = Posting {
            at: plan.event.at,
            provider: Some(plan.provider_id),
            about: About { reference: Some(plan.reference.clone()), ..About::default() },
            currency,
        };
        post(&mut tx, posting.payout(plan.id, plan.amount.cents)).await?;
        self.fail.hit(FailPoint::PayoutAfterPosting);
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::PayoutBeforeCommit, FailPoint::PayoutAfterCommit).await
    }

    pub(in crate::store) async fn list_transactions(
        &self,
        query: &LedgerQuery,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<PostedTransaction>, StoreError> {
        let (statement, about) = match (query.enrollment, query.provider) {
            (Some(enrollment), _) => (sql::LIST_TRANSACTIONS_OF_ENROLLMENT, Some(enrollment.as_uuid())),
            (None, Some(provider)) => (sql::LIST_TRANSACTIONS_OF_PROVIDER, Some(provider.as_uuid())),
            (None, None) => (sql::LIST_TRANSACTIONS, None),
        };
        let asked = sqlx::query_as(statement)
            .bind(before.unwrap_or(i64::MAX))
            .bind(query.period.begins())
            .bind(query.period.ends())
            .bind(i64::from(limit));
        let asked = match about {
            Some(id) => asked.bind(id),
            None => asked,
        };
        let rows: Vec<PostedRow> = asked.fetch_all(&self.pool).await?;
        let mut transactions: Vec<PostedTransaction> = Vec::new();
        for row in rows {
            if transactions.last().is_none_or(|last| last.id != row.transaction()) {
                transactions.push(PostedTransaction {
                    id: row.transaction(),
                    at: row.at,
                    kind: row.kind()?,
                    reference: row.reference(),
                    entries: Vec::new(),
                    seq: row.head,
                });
            }
            if let Some(transaction) = transactions.last_mut() {
                transaction.entries.push(row.entry()?);
            }
        }
        Ok(transactions)
    }

    pub(in crate::store) async fn sum_payable(
        &self,
        provider: ProviderId,
        currency: Currency,
    ) -> Result<Money, StoreError> {
        let cents: i64 = sqlx::query_scalar(sql::SUM_PAYABLE)
            .bind(provider.as_uuid())
            .bind(currency.code())
            .fetch_one(&self.pool)
            .await?;
        Ok(Money { cents, currency })
    }

    pub(in crate::store) async fn sum_balances(&self) -> Result<Vec<Balance>, StoreError> {
        let rows: Vec<BalanceRow> = sqlx::query_as(sql::SUM_BALANCES).fetch_all(&self.pool).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    pub(in crate::store) async fn find_ledger_faults(&self) -> Result<LedgerFaults, StoreError> {
        let unbalanced: Vec<(Uuid, String, i64)> =
            sqlx::query_as(sql::LIST_UNBALANCED).fetch_all(&self.pool).await?;
        let payments: i64 = sqlx::query_scalar(sql::COUNT_UNPOSTED_PAYMENTS).fetch_one(&self.pool).await?;
        let refunds: i64 = sqlx::query_scalar(sql::COUNT_UNPOSTED_REFUNDS).fetch_one(&self.pool).await?;
        Ok(LedgerFaults {
            unbalanced: unbalanced.into_iter().map(|(id, _, _)| id.into()).collect(),
            unposted_payments: u64::try_from(payments).unwrap_or_default(),
            unposted_refunds: u64::try_from(refunds).unwrap_or_default(),
        })
    }
}
