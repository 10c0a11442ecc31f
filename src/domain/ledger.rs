//! The ledger (`ledger_entries`): double entry, append-only. Debits are positive, credits negative;
//! every transaction sums to zero in each of its currencies, and what was wrong is reversed by
//! another one. A [`Transaction`] that does not balance can't be made.
//!
//! The crate `doubleentry` was looked at and not taken: its amounts have the number of decimals in
//! their type, while our currencies have two, none or three side by side; and its journal keeps its
//! own entries, while ours have to be written in the transaction of what they are about.
//!
//! Accounts, and what their balance means:
//!
//! | account | kind | balance |
//! |---|---|---|
//! | `processor_clearing` | asset | what the payment processor holds for us |
//! | `student_credit` | liability | what students have paid that is in no course |
//! | `partner_payable` | liability, per partner | what the partner is owed |
//! | `platform_revenue` | income | what is ours |
//! | `refunds` | liability | what is on its way back to students |
//! | `partner_paid_out` | contra asset, per partner | what partners were paid |

use crate::domain::ids::{EnrollmentId, PaymentId, ProviderId, RefundId, TransactionId};
use crate::domain::money::{Currency, Money, Terms, portion, ratio};
use crate::domain::program::codes;
use crate::domain::report::Period;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use thiserror::Error;

/// An account of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// What the payment processor holds for us.
    ProcessorClearing,
    /// What students have paid that is in no course.
    StudentCredit,
    /// What a partner is owed.
    PartnerPayable,
    /// What is ours.
    PlatformRevenue,
    /// What is on its way back to students.
    Refunds,
    /// What a partner was paid.
    PartnerPaidOut,
}

codes!(Account {
    ProcessorClearing = "processor_clearing", StudentCredit = "student_credit",
    PartnerPayable = "partner_payable", PlatformRevenue = "platform_revenue",
    Refunds = "refunds", PartnerPaidOut = "partner_paid_out",
});

/// Why a transaction was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransactionKind {
    /// A student's money arrived.
    Payment,
    /// A price was divided between partner and platform.
    Split,
    /// A division was taken back because of a switch: the money is the student's credit again.
    Unsplit,
    /// Money is to go back to a student.
    Refund,
    /// The processor has paid it back.
    RefundPaid,
    /// A partner was paid.
    Payout,
}

codes!(TransactionKind {
    Payment = "payment", Split = "split", Unsplit = "unsplit", Refund = "refund",
    RefundPaid = "refund_paid", Payout = "payout",
});

/// One line of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which account.
    pub account: Account,
    /// Which partner it concerns.
    pub provider: Option<ProviderId>,
    /// Debits positive, credits negative; never zero.
    pub amount: Money,
}

/// What a transaction is about.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct About {
    /// Which enrollment.
    pub enrollment: Option<EnrollmentId>,
    /// Which payment.
    pub payment: Option<PaymentId>,
    /// Which refund.
    pub refund: Option<RefundId>,
    /// The reference of a payout.
    pub reference: Option<Text>,
}

/// A transaction that balances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    id: TransactionId,
    at: Instant,
    kind: TransactionKind,
    about: About,
    entries: Vec<Entry>,
}

/// A line as it stands, with its partner by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedEntry {
    /// Which account.
    pub account: Account,
    /// Which partner it concerns.
    pub partner: Option<Text>,
    /// Debits positive, credits negative.
    pub amount: Money,
}

impl PostedEntry {
    /// The account, with its partner where it has one: `partner_payable:Certiport`.
    pub fn name(&self) -> String {
        match (&self.partner, self.account) {
            (Some(partner), Account::PartnerPayable | Account::PartnerPaidOut) => {
                format!("{}:{partner}", self.account.code())
            }
            _ => self.account.code().to_owned(),
        }
    }
}

/// A transaction as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedTransaction {
    /// Which.
    pub id: TransactionId,
    /// When.
    pub at: Instant,
    /// Why.
    pub kind: TransactionKind,
    /// The reference of a payout.
    pub reference: Option<Text>,
    /// Its lines.
    pub entries: Vec<PostedEntry>,
    /// Its place: what was posted before it has a lower one.
    pub seq: i64,
}

/// What an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Which account.
    pub account: Account,
    /// Of which partner.
    pub provider: Option<ProviderId>,
    /// Debits positive, credits negative.
    pub amount: Money,
}

/// Which transactions are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LedgerQuery {
    /// Only about this partner.
    pub provider: Option<ProviderId>,
    /// Only about this enrollment.
    pub enrollment: Option<EnrollmentId>,
    /// When.
    pub period: Period,
}

/// What does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LedgerFaults {
    /// Transactions that don't sum to zero, three at most.
    pub unbalanced: Vec<TransactionId>,
    /// Payments that are paid and not posted.
    pub unposted_payments: u64,
    /// Refunds that are paid back and not posted.
    pub unposted_refunds: u64,
}

/// A transaction does not sum to zero, or an amount is too large to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the ledger's entries don't sum to zero")]
pub struct Unbalanced;

impl Transaction {
    /// A transaction of these entries; those of nothing are left out.
    pub fn new(
        id: TransactionId,
        at: Instant,
        kind: TransactionKind,
        about: About,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<Self, Unbalanced> {
        let entries: Vec<Entry> = entries.into_iter().filter(|entry| !entry.amount.is_zero()).collect();
        let mut sums: Vec<Money> = Vec::new();
        for Entry { amount, .. } in &entries {
            match sums.iter_mut().find(|sum| sum.currency == amount.currency) {
                Some(sum) => sum.cents = sum.cents.checked_add(amount.cents).ok_or(Unbalanced)?,
                None => sums.push(*amount),
            }
        }
        if sums.iter().all(|sum| sum.is_zero()) {
            Ok(Self { id, at, kind, about, entries })
        } else {
            Err(Unbalanced)
        }
    }

    /// Which.
    pub fn id(&self) -> TransactionId {
        self.id
    }

    /// When.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// Why.
    pub fn kind(&self) -> TransactionKind {
        self.kind
    }

    /// About what.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Its lines.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// How a price is divided. The two always make up the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Split {
    /// The partner's, in minor units.
    pub partner: i64,
    /// The platform's. Below zero where a wholesale price is above what the student pays.
    pub platform: i64,
}

impl Split {
    /// All of it.
    pub fn sum(self) -> i64 {
        self.partner + self.platform
    }
}

impl Split {
    /// The same where so much of the price is not there: the partner is owed its share all the same, and
    /// the platform goes without.
    #[must_use]
    pub fn short_of(self, cents: i64) -> Self {
        Self { platform: self.platform - cents, ..self }
    }
}

/// Divides a price by the terms of the day. Remainder cents go to the platform.
pub fn split_revenue(price_cents: i64, terms: Terms) -> Split {
    let partner = match terms {
        Terms::None => 0,
        Terms::Share(points) => portion(price_cents, u64::from(points)),
        Terms::Wholesale(cents) => cents,
    };
    Split { partner, platform: price_cents - partner }
}

/// What is taken back from the shares when `back` of what they hold is refunded. The partner keeps
/// its share of the rest, rounded down: remainder cents go to the platform.
pub fn taken_back(held: Split, back_cents: i64) -> Split {
    let rest = held.sum() - back_cents;
    let partner = if rest <= 0 { held.partner } else { held.partner - ratio(held.partner, rest, held.sum()) };
    Split { partner, platform: back_cents - partner }
}

/// What a posting is about: the same for all that one event causes.
#[derive(Clone, Debug)]
pub struct Posting {
    /// When.
    pub at: Instant,
    /// With which partner.
    pub provider: Option<ProviderId>,
    /// About what.
    pub about: About,
    /// In which currency.
    pub currency: Currency,
}

impl Posting {
    fn entry(&self, account: Account, cents: i64) -> Entry {
        Entry { account, provider: self.provider, amount: Money { cents, currency: self.currency } }
    }

    fn transaction<const N: usize>(
        &self,
        id: TransactionId,
        kind: TransactionKind,
        lines: [(Account, i64); N],
    ) -> Result<Transaction, Unbalanced> {
        let entries = lines.map(|(account, cents)| self.entry(account, cents));
        Transaction::new(id, self.at, kind, self.about.clone(), entries)
    }

    /// A student's money arrived at the processor.
    pub fn payment(&self, id: TransactionId, cents: i64) -> Result<Transaction, Unbalanced> {
        let lines = [(Account::ProcessorClearing, cents), (Account::StudentCredit, -cents)];
        self.transaction(id, TransactionKind::Payment, lines)
    }

    /// A price is divided between partner and platform.
    pub fn split(&self, id: TransactionId, split: Split) -> Result<Transaction, Unbalanced> {
        let lines = [
            (Account::StudentCredit, split.sum()),
            (Account::PartnerPayable, -split.partner),
            (Account::PlatformRevenue, -split.platform),
        ];
        self.transaction(id, TransactionKind::Split, lines)
    }

    /// The division is taken back: the money is the student's credit again.
    pub fn unsplit(&self, id: TransactionId, held: Split) -> Result<Transaction, Unbalanced> {
        let lines = [
            (Account::PartnerPayable, held.partner),
            (Account::PlatformRevenue, held.platform),
            (Account::StudentCredit, -held.sum()),
        ];
        self.transaction(id, TransactionKind::Unsplit, lines)
    }

    /// Money is to go back to a student, out of the shares.
    pub fn refund(&self, id: TransactionId, back: Split) -> Result<Transaction, Unbalanced> {
        let lines = [
            (Account::PartnerPayable, back.partner),
            (Account::PlatformRevenue, back.platform),
            (Account::Refunds, -back.sum()),
        ];
        self.transaction(id, TransactionKind::Refund, lines)
    }

    /// Money is to go back to a student, out of their credit.
    pub fn refund_of_credit(&self, id: TransactionId, cents: i64) -> Result<Transaction, Unbalanced> {
        let lines = [(Account::StudentCredit, cents), (Account::Refunds, -cents)];
        self.transaction(id, TransactionKind::Refund, lines)
    }

    /// The processor has paid it back.
    pub fn refund_paid(&self, id: TransactionId, cents: i64) -> Result<Transaction, Unbalanced> {
        let lines = [(Account::Refunds, cents), (Account::ProcessorClearing, -cents)];
        self.transaction(id, TransactionKind::RefundPaid, lines)
    }

    /// A partner was paid.
    pub fn payout(&self, id: TransactionId, cents: i64) -> Result<Transaction, Unbalanced> {
        let lines = [(Account::PartnerPayable, cents), (Account::PartnerPaidOut, -cents)];
        self.transaction(id, TransactionKind::Payout, lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::now;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn posting() -> Posting {
        let provider = Some(Uuid::from_u128(7).into());
        Posting { at: now(), provider, about: About::default(), currency: Currency::USD }
    }

    fn id() -> TransactionId {
        Uuid::from_u128(1).into()
    }

    #[test]
    fn remainder_cents_go_to_the_platform() {
        assert_eq!(split_revenue(5_901, Terms::Share(5_000)), Split { partner: 2_950, platform: 2_951 });
        assert_eq!(split_revenue(1, Terms::Share(9_999)), Split { partner: 0, platform: 1 });
        assert_eq!(split_revenue(5_900, Terms::Wholesale(7_000)), Split { partner: 7_000, platform: -1_100 });
        assert_eq!(split_revenue(5_900, Terms::None), Split { partner: 0, platform: 5_900 });
    }

    #[test]
    fn a_refund_takes_the_shares_back_pro_rata() {
        let held = Split { partner: 2_950, platform: 2_951 };
        assert_eq!(taken_back(held, 5_901), held);
        assert_eq!(taken_back(held, 1_000), Split { partner: 500, platform: 500 });
        assert_eq!(taken_back(held, 0), Split::default());
    }

    #[test]
    fn what_does_not_balance_can_not_be_made() {
        let entry = |account, cents| posting().entry(account, cents);
        let lines = [entry(Account::ProcessorClearing, 5), entry(Account::StudentCredit, -4)];
        assert_eq!(
            Transaction::new(id(), now(), TransactionKind::Payment, About::default(), lines),
            Err(Unbalanced)
        );
        let euros = Entry {
            amount: Money { cents: -5, currency: Currency::parse("EUR").expect("a currency") },
            ..lines[1]
        };
        let mixed = [lines[0], euros];
        assert_eq!(
            Transaction::new(id(), now(), TransactionKind::Payment, About::default(), mixed),
            Err(Unbalanced)
        );
        let huge = [entry(Account::ProcessorClearing, i64::MAX), entry(Account::StudentCredit, 1)];
        assert_eq!(
            Transaction::new(id(), now(), TransactionKind::Payment, About::default(), huge),
            Err(Unbalanced)
        );
    }

    proptest! {
        #[test]
        fn every_posting_balances(price in 1_i64..100_000_000, points in 0_u16..=10_000, back in 0_i64..=100) {
            let split = split_revenue(price, Terms::Share(points));
            prop_assert!(split.partner >= 0 && split.platform >= 0);
            let refund = taken_back(split, price * back / 100);
            prop_assert!(refund.partner >= 0 && refund.partner <= split.partner);
            let posted = [
                posting().payment(id(), price), posting().split(id(), split), posting().unsplit(id(), split),
                posting().refund(id(), refund), posting().refund_of_credit(id(), price),
                posting().refund_paid(id(), price), posting().payout(id(), price),
            ];
            for transaction in posted {
                let sum: i64 = transaction.expect("it balances").entries().iter().map(|e| e.amount.cents).sum();
                prop_assert_eq!(sum, 0);
            }
        }

        #[test]
        fn refunds_in_steps_leave_nothing(price in 1_i64..1_000_000, points in 0_u16..=10_000, steps in prop::collection::vec(1_i64..400_000, 0..6)) {
            let mut held = split_revenue(price, Terms::Share(points));
            for step in steps {
                let back = taken_back(held, step.min(held.sum()));
                held = Split { partner: held.partner - back.partner, platform: held.platform - back.platform };
                prop_assert!(held.partner >= 0 && held.platform >= 0);
            }
            let last = taken_back(held, held.sum());
            prop_assert_eq!(last, held);
        }
    }
}
