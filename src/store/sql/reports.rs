//! What reports count: events and lines of the ledger, each grouped in the order of its index.

use super::statements;

statements! { REPORTS:
    COUNT_EVENTS = "SELECT provider_id, program_id, days, COUNT(*) AS happened FROM events \
        WHERE kind = $1 AND at >= $2 AND at < $3 GROUP BY provider_id, program_id, days";
    // One of two accounts: both engines take the index of these two only where the condition says so.
    SUM_REVENUE = "SELECT provider_id, program_id, currency, kind, \
        CAST(SUM(CASE WHEN at >= $2 THEN amount_cents ELSE 0 END) AS BIGINT) AS within, \
        CAST(SUM(amount_cents) AS BIGINT) AS total FROM ledger_entries \
        WHERE account = $1 AND account IN ('partner_payable', 'platform_revenue') AND at < $3 \
        GROUP BY provider_id, program_id, currency, kind";
    LIST_FIGURES = "SELECT provider_id, program_id, progress_as_of FROM partner_lms_enrollments \
        WHERE status = 'active' AND progress_as_of IS NOT NULL";
    SUM_RATINGS = "SELECT c.provider_id, c.program_id, t.rating, CAST(SUM(t.reviews) AS BIGINT) AS reviews \
        FROM review_totals t JOIN partner_courses c ON c.id = t.course_id \
        WHERE t.reviews > 0 GROUP BY c.provider_id, c.program_id, t.rating";
    LIST_PROVIDER_NAMES = "SELECT id, provider_name FROM partner_lms_providers";
    LIST_PROGRAM_NAMES = "SELECT id, slug, title FROM programs";
    SUM_STATEMENT = "SELECT enrollment_id, account, kind, currency, CAST(SUM(amount_cents) AS BIGINT) AS cents \
        FROM ledger_entries WHERE provider_id = $1 AND account IN ('partner_payable', 'platform_revenue') \
        AND at >= $2 AND at < $3 GROUP BY enrollment_id, account, kind, currency";
    LIST_STATEMENT = "SELECT e.id, s.name, s.email, p.title, e.enrolled_at, e.completed_at, e.status \
        FROM partner_lms_enrollments e LEFT JOIN students s ON s.id = e.student_id \
        LEFT JOIN programs p ON p.id = e.program_id WHERE e.provider_id = $1 AND (\
        EXISTS (SELECT 1 FROM ledger_entries h CROSS JOIN ledger_entries l WHERE h.enrollment_id = e.id \
        AND h.line = 0 AND l.transaction_id = h.transaction_id AND l.account IN ('partner_payable', 'platform_revenue') AND l.at >= $2 AND l.at < $3) \
        OR EXISTS (SELECT 1 FROM events v WHERE v.enrollment_id = e.id \
        AND v.kind IN ('enrolled', 'switched_here') AND v.at >= $2 AND v.at < $3)) \
        ORDER BY e.enrolled_at NULLS FIRST, e.id";
}
