//! The ledger.

use super::statements;

/// A page of transactions: its heads, found by their first line, with all their lines.
macro_rules! transactions {
    ($condition:literal) => {
        concat!(
            "SELECT h.seq AS head, e.transaction_id, e.at, e.kind, e.account, v.provider_name, e.currency, ",
            "e.amount_cents, e.reference FROM (SELECT seq, transaction_id FROM ledger_entries WHERE line = 0 AND ",
            "seq < $1 AND at >= $2 AND at < $3 AND ",
            $condition,
            " ORDER BY seq DESC LIMIT $4) h JOIN ledger_entries e ON e.transaction_id = h.transaction_id ",
            "LEFT JOIN partner_lms_providers v ON v.id = e.provider_id ORDER BY h.seq DESC, e.line"
        )
    };
}

/// Lines that share when, whom and what they are about, which is bound once. The program is copied from
/// the enrollment.
macro_rules! insert_lines {
    ($($line:literal),+) => {
        concat!(
            "INSERT INTO ledger_entries (at, provider_id, enrollment_id, payment_id, refund_id, reference, currency, \
             program_id, transaction_id, kind, line, account, amount_cents) VALUES ",
            $("($1, $2, $3, $4, $5, $6, $7, (SELECT o.program_id FROM partner_lms_enrollments o WHERE o.id = $3), ",
            $line),+
        )
    };
}

statements! { LEDGER:
    INSERT_LINE = insert_lines!("$8, $9, $10, $11, $12)");
    INSERT_TWO_LINES = insert_lines!("$8, $9, $10, $11, $12), ", "$13, $14, $15, $16, $17)");
    INSERT_THREE_LINES =
        insert_lines!("$8, $9, $10, $11, $12), ", "$13, $14, $15, $16, $17), ", "$18, $19, $20, $21, $22)");
    INSERT_FOUR_LINES = insert_lines!(
        "$8, $9, $10, $11, $12), ", "$13, $14, $15, $16, $17), ", "$18, $19, $20, $21, $22), ",
        "$23, $24, $25, $26, $27)"
    );
    INSERT_FIVE_LINES = insert_lines!(
        "$8, $9, $10, $11, $12), ", "$13, $14, $15, $16, $17), ", "$18, $19, $20, $21, $22), ",
        "$23, $24, $25, $26, $27), ", "$28, $29, $30, $31, $32)"
    );
    // What the shares of an enrollment hold: payouts are about no enrollment. SQLite keeps the order of a
    // CROSS JOIN: from the few transactions of the enrollment to their lines.
    SUM_SHARES = "SELECT e.account, e.currency, CAST(SUM(e.amount_cents) AS BIGINT) AS cents \
        FROM ledger_entries h CROSS JOIN ledger_entries e WHERE h.enrollment_id = $1 AND h.line = 0 \
        AND e.transaction_id = h.transaction_id AND e.account IN ('partner_payable', 'platform_revenue') \
        GROUP BY e.account, e.currency";
    LIST_TRANSACTIONS = transactions!("line = 0");
    LIST_TRANSACTIONS_OF_PROVIDER = transactions!("provider_id = $5");
    LIST_TRANSACTIONS_OF_ENROLLMENT = transactions!("enrollment_id = $5");
    // A pass over all lines.
    SUM_BALANCES = "SELECT account, provider_id, currency, CAST(SUM(amount_cents) AS BIGINT) AS cents \
        FROM ledger_entries GROUP BY account, provider_id, currency";
    // Its account once more as the condition of the index, without which SQLite does not take it.
    SUM_PAYABLE = "SELECT CAST(COALESCE(-SUM(amount_cents), 0) AS BIGINT) AS cents FROM ledger_entries \
        WHERE account = 'partner_payable' AND account IN ('partner_payable', 'platform_revenue') \
        AND provider_id = $1 AND currency = $2";
    IS_PAID_OUT = "SELECT CASE WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE account = 'partner_paid_out' \
        AND provider_id = $1 AND reference = $2) THEN TRUE ELSE FALSE END";
    // Two payouts to one partner at once wait for each other here, so that both see what is left.
    LOCK_PROVIDER = "UPDATE partner_lms_providers SET id = id WHERE id = $1";
    LIST_UNBALANCED = "SELECT transaction_id, currency, CAST(SUM(amount_cents) AS BIGINT) AS cents \
        FROM ledger_entries GROUP BY transaction_id, currency HAVING SUM(amount_cents) <> 0 LIMIT 3";
    // Joined with a list made once: the ledger has no index by payment.
    COUNT_UNPOSTED_PAYMENTS = "SELECT COUNT(*) FROM payments p LEFT JOIN \
        (SELECT DISTINCT payment_id FROM ledger_entries WHERE kind = 'payment') l ON l.payment_id = p.id \
        WHERE p.status IN ('paid', 'part_refunded', 'refunded') AND l.payment_id IS NULL";
    COUNT_UNPOSTED_REFUNDS = "SELECT COUNT(*) FROM refunds r LEFT JOIN \
        (SELECT DISTINCT refund_id FROM ledger_entries WHERE kind = 'refund_paid') l ON l.refund_id = r.id \
        WHERE r.status = 'succeeded' AND l.refund_id IS NULL";
}
