//! The ledger: every transaction sums to zero, and everything that is paid is posted.

use crate::domain::checkup::{Area, Check};
use crate::domain::ledger::LedgerFaults;

pub(super) fn check(faults: &LedgerFaults) -> Check {
    const NAME: &str = "ledger";
    let mut found = Vec::new();
    if !faults.unbalanced.is_empty() {
        let ids: Vec<String> = faults.unbalanced.iter().map(ToString::to_string).collect();
        found.push(format!("transactions that don't sum to zero: {}", ids.join(", ")));
    }
    for (count, what) in [(faults.unposted_payments, "payment"), (faults.unposted_refunds, "refund")] {
        match count {
            0 => {}
            1 => found.push(format!("1 {what} is paid and not posted")),
            many => found.push(format!("{many} {what}s are paid and not posted")),
        }
    }
    if found.is_empty() {
        return Check::ok(Area::Database, NAME, "every transaction sums to zero, all that is paid is posted");
    }
    let todo = "Somebody changed the ledger or payments by hand: compare with the payment processor, \
                then post a transaction that puts it right.";
    Check::wrong(Area::Database, NAME, found.join("; "), todo)
}
