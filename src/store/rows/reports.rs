//! Rows of reports and of the ledger.

use super::{bad, clean, optional};
use crate::domain::enrollment::Status;
use crate::domain::event::EventKind;
use crate::domain::ids::{ProgramId, ProviderId, TransactionId};
use crate::domain::ledger::{Account, Balance, PostedEntry, TransactionKind};
use crate::domain::money::{Currency, Money};
use crate::domain::report::{
    EventCount, Figure, LedgerSum, Place, RatingCount, StatementFacts, StatementSum,
};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::store::error::StoreError;
use sqlx::FromRow;
use uuid::Uuid;

fn place(provider: Option<Uuid>, program: Option<Uuid>) -> Place {
    Place { provider: provider.map(Into::into), program: program.map(Into::into) }
}

fn account(code: &str) -> Result<Account, StoreError> {
    Account::parse(code).ok_or(bad("account"))
}

fn kind(code: &str) -> Result<TransactionKind, StoreError> {
    TransactionKind::parse(code).ok_or(bad("kind of transaction"))
}

fn currency(code: &str) -> Result<Currency, StoreError> {
    Currency::parse(code).map_err(|_| bad("currency"))
}

fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

#[derive(FromRow)]
pub(in crate::store) struct EventCountRow {
    provider_id: Option<Uuid>,
    program_id: Option<Uuid>,
    days: Option<i64>,
    happened: i64,
}

impl EventCountRow {
    pub fn count(self, kind: EventKind) -> EventCount {
        let place = place(self.provider_id, self.program_id);
        EventCount { place, kind, days: self.days, count: whole(self.happened) }
    }
}

#[derive(FromRow)]
pub(in crate::store) struct LedgerSumRow {
    provider_id: Option<Uuid>,
    program_id: Option<Uuid>,
    currency: String,
    kind: String,
    within: i64,
    total: i64,
}

impl LedgerSumRow {
    pub fn sum(self, account: Account) -> Result<LedgerSum, StoreError> {
        Ok(LedgerSum {
            place: place(self.provider_id, self.program_id),
            account,
            kind: kind(&self.kind)?,
            currency: currency(&self.currency)?,
            within: self.within,
            total: self.total,
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct FigureRow {
    provider_id: Option<Uuid>,
    program_id: Option<Uuid>,
    progress_as_of: Instant,
}

impl From<FigureRow> for Figure {
    fn from(row: FigureRow) -> Self {
        Self { place: place(row.provider_id, row.program_id), as_of: row.progress_as_of }
    }
}

#[derive(FromRow)]
pub(in crate::store) struct RatingCountRow {
    provider_id: Option<Uuid>,
    program_id: Option<Uuid>,
    rating: i64,
    reviews: i64,
}

impl From<RatingCountRow> for RatingCount {
    fn from(row: RatingCountRow) -> Self {
        Self {
            place: place(row.provider_id, row.program_id),
            rating: u8::try_from(row.rating).unwrap_or_default(),
            reviews: whole(row.reviews),
        }
    }
}

#[derive(FromRow)]
pub(in crate::store) struct ProviderNameRow {
    id: Uuid,
    provider_name: Option<String>,
}

impl ProviderNameRow {
    pub fn named(self) -> (ProviderId, Text) {
        (self.id.into(), clean(self.provider_name.as_ref()))
    }
}

#[derive(FromRow)]
pub(in crate::store) struct ProgramNameRow {
    id: Uuid,
    slug: String,
    title: String,
}

impl ProgramNameRow {
    pub fn named(self) -> (ProgramId, (Text, Text)) {
        (self.id.into(), (self.slug.into(), self.title.into()))
    }
}

#[derive(FromRow)]
pub(in crate::store) struct StatementFactsRow {
    id: Uuid,
    name: Option<String>,
    email: Option<String>,
    title: Option<String>,
    enrolled_at: Option<Instant>,
    completed_at: Option<Instant>,
    status: String,
}

impl From<StatementFactsRow> for StatementFacts {
    fn from(row: StatementFactsRow) -> Self {
        let student = optional(row.name.as_ref()).or_else(|| optional(row.email.as_ref()));
        Self {
            enrollment: row.id.into(),
            student: student.unwrap_or_else(|| "name unknown".into()),
            program: clean(row.title.as_ref()),
            enrolled_at: row.enrolled_at,
            completed_at: row.completed_at,
            status: Status::parse(&row.status),
        }
    }
}

#[derive(FromRow)]
pub(in crate::store) struct StatementSumRow {
    enrollment_id: Option<Uuid>,
    account: String,
    kind: String,
    currency: String,
    cents: i64,
}

impl TryFrom<StatementSumRow> for StatementSum {
    type Error = StoreError;
    fn try_from(row: StatementSumRow) -> Result<Self, StoreError> {
        Ok(Self {
            enrollment: row.enrollment_id.map(Into::into),
            account: account(&row.account)?,
            kind: kind(&row.kind)?,
            currency: currency(&row.currency)?,
            cents: row.cents,
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct BalanceRow {
    account: String,
    provider_id: Option<Uuid>,
    currency: String,
    cents: i64,
}

impl TryFrom<BalanceRow> for Balance {
    type Error = StoreError;
    fn try_from(row: BalanceRow) -> Result<Self, StoreError> {
        Ok(Self {
            account: account(&row.account)?,
            provider: row.provider_id.map(Into::into),
            amount: Money { cents: row.cents, currency: currency(&row.currency)? },
        })
    }
}

/// A line of a transaction, with its transaction.
#[derive(FromRow)]
pub(in crate::store) struct PostedRow {
    pub head: i64,
    transaction_id: Uuid,
    pub at: Instant,
    kind: String,
    account: String,
    provider_name: Option<String>,
    currency: String,
    amount_cents: i64,
    reference: Option<String>,
}

impl PostedRow {
    pub fn transaction(&self) -> TransactionId {
        self.transaction_id.into()
    }

    pub fn kind(&self) -> Result<TransactionKind, StoreError> {
        kind(&self.kind)
    }

    pub fn reference(&self) -> Option<Text> {
        optional(self.reference.as_ref())
    }

    pub fn entry(&self) -> Result<PostedEntry, StoreError> {
        Ok(PostedEntry {
            account: account(&self.account)?,
            partner: optional(self.provider_name.as_ref()),
            amount: Money { cents: self.amount_cents, currency: currency(&self.currency)? },
        })
    }
}
