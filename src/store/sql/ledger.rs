//! The ledger.

use super::statements;

statements! { LEDGER:
    INSERT_LEDGER_ENTRY = "INSERT INTO ledger_entries (transaction_id, line, at, kind, account, provider_id, \
        enrollment_id, payment_id, refund_id, reference, currency, amount_cents) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    // What the shares of an enrollment hold: payouts are about no enrollment.
    SUM_SHARES = "SELECT account, currency, CAST(SUM(amount_cents) AS BIGINT) AS cents FROM ledger_entries \
        WHERE enrollment_id = $1 AND account IN ('partner_payable', 'platform_revenue') GROUP BY account, currency";
}
