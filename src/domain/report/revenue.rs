//! Where the money went.
//!
//! Everything is a sum of lines on two accounts: what partners are owed and what is the
//! platform's. `gross` is what was divided between them, `refunded` what was taken back from them
//! (a switch divides anew, so its reversal counts there), and what is left of both in the period
//! are the shares: gross − refunded = partner + platform.

use super::{By, LedgerSum, Names, ReportQuery, Rows, Subject};
use crate::domain::ledger::{Account, TransactionKind};
use crate::domain::money::Currency;
use std::collections::BTreeMap;

/// One row of the revenue report: one subject in one currency, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevenueRow {
    /// About whom.
    pub subject: Subject,
    /// In which currency.
    pub currency: Currency,
    /// What was divided between partner and platform.
    pub gross: i64,
    /// What was taken back from both.
    pub refunded: i64,
    /// The partner's share of the rest.
    pub partner_share: i64,
    /// The platform's.
    pub platform_share: i64,
    /// What the partner was paid in the period. A payout is for no program in particular.
    pub paid_out: Option<i64>,
    /// What the partner is owed at the end of the period.
    pub payable: Option<i64>,
}

#[derive(Default)]
struct Sums {
    gross: i64,
    refunded: i64,
    partner: i64,
    platform: i64,
    paid_out: i64,
    payable: i64,
}

/// The revenue report.
pub fn revenue(query: &ReportQuery, names: &Names, lines: &[LedgerSum]) -> Vec<RevenueRow> {
    let mut rows: Rows<'_, BTreeMap<Currency, Sums>> = Rows::new(query, names);
    let payouts = query.by == By::Partner && query.program.is_none();
    for line in lines.iter().filter(|line| payouts || line.kind != TransactionKind::Payout) {
        let Some(currencies) = rows.at(line.place) else { continue };
        let sums = currencies.entry(line.currency).or_default();
        if line.account == Account::PartnerPayable {
            sums.payable -= line.total;
        }
        match (line.kind, line.account) {
            (TransactionKind::Payout, _) => sums.paid_out += line.within,
            (_, Account::PartnerPayable) => sums.partner -= line.within,
            _ => sums.platform -= line.within,
        }
        match line.kind {
            TransactionKind::Split => sums.gross -= line.within,
            TransactionKind::Refund | TransactionKind::Unsplit => sums.refunded += line.within,
            _ => {}
        }
    }
    let mut report = Vec::new();
    for (subject, currencies) in rows.sorted() {
        report.extend(currencies.into_iter().map(|(currency, sums)| RevenueRow {
            subject: subject.clone(),
            currency,
            gross: sums.gross,
            refunded: sums.refunded,
            partner_share: sums.partner,
            platform_share: sums.platform,
            paid_out: payouts.then_some(sums.paid_out),
            payable: payouts.then_some(sums.payable),
        }));
    }
    // What was all before the period and is settled by its end says nothing.
    let says = |row: &RevenueRow| {
        [row.gross, row.refunded, row.paid_out.unwrap_or_default(), row.payable.unwrap_or_default()] != [0; 4]
    };
    report.retain(says);
    report
}
