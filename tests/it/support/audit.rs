//! What never holds, whatever happened before: every statement counts what is wrong.

/// What is wrong, and how often.
pub const WRONGS: [(&str, &str); 10] = [
    (
        "transactions that don't sum to zero",
        "SELECT COUNT(*) FROM (SELECT transaction_id FROM ledger_entries GROUP BY transaction_id, currency \
         HAVING SUM(amount_cents) <> 0) t",
    ),
    (
        "programs that a student is in twice",
        "SELECT COUNT(*) FROM (SELECT student_id FROM partner_lms_enrollments \
         WHERE status IN ('pending', 'active') AND replaces_id IS NULL \
         GROUP BY student_id, program_id HAVING COUNT(*) > 1) t",
    ),
    (
        "switches with two candidates",
        "SELECT COUNT(*) FROM (SELECT replaces_id FROM partner_lms_enrollments WHERE status = 'pending' \
         AND replaces_id IS NOT NULL GROUP BY replaces_id HAVING COUNT(*) > 1) t",
    ),
    (
        "payments whose refunds don't add up",
        "SELECT COUNT(*) FROM payments p WHERE p.refunded_cents <> \
         (SELECT COALESCE(SUM(r.amount_cents), 0) FROM refunds r WHERE r.payment_id = p.id)",
    ),
    (
        "enrollments whose shares are not what is left of their payments",
        "SELECT COUNT(*) FROM partner_lms_enrollments e WHERE \
         (SELECT COALESCE(SUM(y.amount_cents - y.refunded_cents), 0) FROM payments y WHERE y.funds_id = e.id \
         AND y.status IN ('paid', 'part_refunded')) + (SELECT COALESCE(SUM(l.amount_cents), 0) \
         FROM ledger_entries l WHERE l.enrollment_id = e.id \
         AND l.account IN ('partner_payable', 'platform_revenue')) <> 0",
    ),
    (
        "cents that are in no course and don't go back",
        "SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM ledger_entries \
         WHERE account = 'student_credit'",
    ),
    (
        "cents that the processor should hold and the ledger does not say so",
        "SELECT CAST((SELECT COALESCE(SUM(amount_cents), 0) FROM payments \
         WHERE status IN ('paid', 'part_refunded', 'refunded')) \
         - (SELECT COALESCE(SUM(amount_cents), 0) FROM refunds WHERE status = 'succeeded') \
         - (SELECT COALESCE(SUM(amount_cents), 0) FROM ledger_entries \
         WHERE account = 'processor_clearing') AS BIGINT)",
    ),
    (
        "cents on their way back that the ledger does not know of",
        "SELECT CAST((SELECT COALESCE(SUM(amount_cents), 0) FROM refunds WHERE status <> 'succeeded') \
         + (SELECT COALESCE(SUM(amount_cents), 0) FROM ledger_entries WHERE account = 'refunds') AS BIGINT)",
    ),
    (
        "open payments that nobody looks after",
        "SELECT COUNT(*) FROM payments p WHERE p.status = 'open' AND NOT EXISTS (SELECT 1 FROM jobs j \
         WHERE j.idempotency_key = p.idempotency_key AND j.kind = 'checkout' AND j.done_at IS NULL)",
    ),
    (
        "refunds that nobody looks after",
        "SELECT COUNT(*) FROM refunds r WHERE r.status <> 'succeeded' AND NOT EXISTS (SELECT 1 FROM jobs j \
         WHERE j.enrollment_id = r.enrollment_id AND j.kind = 'refund' AND j.done_at IS NULL)",
    ),
];
