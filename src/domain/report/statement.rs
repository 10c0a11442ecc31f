//! One partner's enrollments and their money in a period. Its sums are those of the revenue report.

use crate::domain::enrollment::Status;
use crate::domain::ids::EnrollmentId;
use crate::domain::ledger::{Account, TransactionKind};
use crate::domain::money::Currency;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use std::collections::{BTreeMap, HashMap};

/// An enrollment that began in the period, or whose money moved in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementFacts {
    /// Which.
    pub enrollment: EnrollmentId,
    /// Who: name or address.
    pub student: Text,
    /// In which program.
    pub program: Text,
    /// Since when.
    pub enrolled_at: Option<Instant>,
    /// When it was completed.
    pub completed_at: Option<Instant>,
    /// Where it stands now.
    pub status: Option<Status>,
}

/// A sum of lines about one enrollment in the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementSum {
    /// Which.
    pub enrollment: Option<EnrollmentId>,
    /// On which account.
    pub account: Account,
    /// By which kind of transaction.
    pub kind: TransactionKind,
    /// In which currency.
    pub currency: Currency,
    /// How much.
    pub cents: i64,
}

/// The money of one enrollment in one currency, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// In which currency.
    pub currency: Currency,
    /// What was divided.
    pub paid: i64,
    /// What was taken back.
    pub refunded: i64,
    /// The partner's share of the rest.
    pub partner_share: i64,
}

/// One enrollment of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// Which; `None` for money about none that is known.
    pub facts: Option<StatementFacts>,
    /// Its money; `None` where none moved.
    pub line: Option<StatementLine>,
}

/// A partner's statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Of whom.
    pub partner: Text,
    /// By the day of enrolling.
    pub rows: Vec<StatementRow>,
    /// One for each currency.
    pub totals: Vec<StatementLine>,
}

/// The statement of a partner. Payouts are no enrollment's.
pub fn statement(partner: Text, facts: Vec<StatementFacts>, sums: &[StatementSum]) -> Statement {
    let mut by_enrollment: HashMap<Option<EnrollmentId>, BTreeMap<Currency, StatementLine>> = HashMap::new();
    let mut totals = BTreeMap::new();
    for sum in sums.iter().filter(|sum| sum.kind != TransactionKind::Payout) {
        add(by_enrollment.entry(sum.enrollment).or_default(), sum);
        add(&mut totals, sum);
    }
    let mut rows = Vec::with_capacity(facts.len());
    for facts in facts {
        let lines = by_enrollment.remove(&Some(facts.enrollment)).unwrap_or_default();
        if lines.is_empty() {
            rows.push(StatementRow { facts: Some(facts), line: None });
            continue;
        }
        rows.extend(
            lines.into_values().map(|line| StatementRow { facts: Some(facts.clone()), line: Some(line) }),
        );
    }
    // Nothing is left out of the sum because its enrollment can't be read.
    let mut rest = BTreeMap::new();
    for sum in sums.iter().filter(|sum| by_enrollment.contains_key(&sum.enrollment)) {
        add(&mut rest, sum);
    }
    rows.extend(rest.into_values().map(|line| StatementRow { facts: None, line: Some(line) }));
    Statement { partner, rows, totals: totals.into_values().collect() }
}

fn add(lines: &mut BTreeMap<Currency, StatementLine>, sum: &StatementSum) {
    let none = StatementLine { currency: sum.currency, paid: 0, refunded: 0, partner_share: 0 };
    let line = lines.entry(sum.currency).or_insert(none);
    match sum.kind {
        TransactionKind::Split => line.paid -= sum.cents,
        TransactionKind::Refund | TransactionKind::Unsplit => line.refunded += sum.cents,
        _ => {}
    }
    if sum.account == Account::PartnerPayable {
        line.partner_share -= sum.cents;
    }
}
