//! Payments and refunds.

use super::statements;

macro_rules! payments {
    ($end:literal) => {
        concat!(
            "SELECT y.id AS y_id, y.enrollment_id, y.funds_id, y.status, y.amount_cents, y.currency, ",
            "y.refunded_cents, y.processor, y.idempotency_key, y.request_body, y.sent_at, y.session_id, ",
            "y.payment_intent, y.url, y.expires_at, y.created_at, y.paid_at, y.odd_cents, y.odd_currency, y.note, ",
            "y.refund_policy, y.terms_kind, y.share_bp, y.wholesale_cents FROM payments y ",
            $end
        )
    };
}

macro_rules! refunds {
    ($end:literal) => {
        concat!(
            "SELECT r.id AS r_id, r.payment_id, r.enrollment_id, r.amount_cents, r.currency, r.status, r.reason, ",
            "r.attempt, r.idempotency_key, r.request_body, r.sent_at, r.external_refund_id, r.requested_at, ",
            "r.ended_at, r.note FROM refunds r ",
            $end
        )
    };
}

macro_rules! pay_payment {
    () => {
        "UPDATE payments SET status = 'paid', amount_cents = $2, currency = $3, \
         payment_intent = COALESCE($4, payment_intent), paid_at = $5, closed_at = $5, terms_kind = $6, \
         share_bp = $7, wholesale_cents = $8, url = NULL, note = NULL \
         WHERE id = $1 AND status IN ('open', 'expired', 'failed', 'parked') AND ($9 = FALSE OR status = 'parked') \
         RETURNING enrollment_id, FALSE AS waits"
    };
}

/// The job of the payment `$1` has come to its end.
macro_rules! finish_checkout_job {
    ($at:literal) => {
        concat!(
            "UPDATE jobs SET done_at = ",
            $at,
            ", lease_until = NULL, gave_up_at = NULL ",
            "WHERE idempotency_key = (SELECT y.idempotency_key FROM payments y WHERE y.id = $1) ",
            "AND kind = 'checkout' AND done_at IS NULL"
        )
    };
}

/// What was held is under way. Says whether its student waits for a start of the program: who has a place
/// in it joins no queue any more, so whoever waits for nothing now does not later.
macro_rules! begin_enrollment {
    () => {
        "UPDATE partner_lms_enrollments SET status = 'active', payment = 'paid', link = $11, hold_until = NULL \
         WHERE id = $10 AND status = 'pending' AND replaces_id IS NULL \
         RETURNING id, CASE WHEN EXISTS (SELECT 1 FROM waitlist_entries w JOIN cohorts k ON k.id = w.cohort_id \
         JOIN partner_courses c ON c.id = k.course_id WHERE w.student_id = $12 AND c.program_id = $13 \
         AND w.status IN ('waiting', 'offered')) THEN TRUE ELSE FALSE END AS waits"
    };
}

// Every question is a way to the database and back, which costs more than its answer. Both engines take
// several changes at once, each in its own words; a row comes back of each that found what it changes.

/// A payment is paid, and its job is over.
pub const PAY_ON_SQLITE: &str = concat!(pay_payment!(), "; ", finish_checkout_job!("$5"));

/// A payment is paid, and its job is over.
pub const PAY_ON_POSTGRES: &str = concat!(
    "WITH paid AS (",
    pay_payment!(),
    "), done AS (",
    finish_checkout_job!("$5"),
    ") SELECT * FROM paid"
);

/// A payment is paid, its job is over, and what it pays for begins.
pub const PAY_AND_BEGIN_ON_SQLITE: &str =
    concat!(pay_payment!(), "; ", finish_checkout_job!("$5"), "; ", begin_enrollment!());

/// A payment is paid, its job is over, and what it pays for begins.
pub const PAY_AND_BEGIN_ON_POSTGRES: &str = concat!(
    "WITH paid AS (",
    pay_payment!(),
    "), done AS (",
    finish_checkout_job!("$5"),
    "), begun AS (",
    begin_enrollment!(),
    ") SELECT * FROM paid UNION ALL SELECT * FROM begun"
);

statements! { PAYMENTS:
    FIND_PAYMENT = payments!("WHERE y.id = $1");
    LIST_PAYMENTS_OF_STUDENT = payments!("WHERE y.student_id = $1 ORDER BY y.seq DESC");
    LIST_PAYMENTS_OF_ENROLLMENT = payments!("WHERE y.funds_id = $1 ORDER BY y.seq DESC");
    LIST_UNSETTLED_PAYMENTS = payments!("WHERE y.status IN ('open', 'parked') ORDER BY y.seq");
    // Nobody waits for these any more, but a page may have been paid at the last moment.
    LIST_JUST_CLOSED_PAYMENTS = payments!(
        "WHERE y.status IN ('expired', 'failed') AND y.sent_at IS NOT NULL AND y.closed_at > $1 \
         AND y.processor = $2 AND y.seq < COALESCE((SELECT z.seq FROM payments z WHERE z.id = $3), 9223372036854775807) \
         ORDER BY y.seq DESC LIMIT $4"
    );
    FIND_REFUND = refunds!("WHERE r.id = $1");
    LIST_REFUNDS_OF_STUDENT = refunds!(
        "WHERE r.enrollment_id IN (SELECT e.id FROM partner_lms_enrollments e WHERE e.student_id = $1) \
         ORDER BY r.seq DESC"
    );
    LIST_REFUNDS_OF_ENROLLMENT = refunds!("WHERE r.enrollment_id = $1 ORDER BY r.seq DESC");
    LIST_UNSETTLED_REFUNDS = refunds!("WHERE r.status IN ('requested', 'pending', 'failed') ORDER BY r.seq");
    INSERT_PAYMENT = "INSERT INTO payments (id, enrollment_id, funds_id, student_id, amount_cents, currency, \
        processor, idempotency_key, request_body, expires_at, created_at, refund_policy) \
        VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    INSERT_REFUND = "INSERT INTO refunds (id, payment_id, enrollment_id, amount_cents, currency, reason, \
        idempotency_key, request_body, requested_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    MARK_PAYMENT_SENT = "UPDATE payments SET sent_at = COALESCE(sent_at, $2) WHERE id = $1 AND status = 'open'";
    MARK_REFUND_SENT = "UPDATE refunds SET sent_at = COALESCE(sent_at, $2) WHERE id = $1 AND status = 'requested'";
    SET_SESSION = "UPDATE payments SET session_id = $2, url = $3, expires_at = COALESCE($4, expires_at) \
        WHERE id = $1 AND status = 'open' AND (session_id IS NULL OR session_id = $2)";
    NOTE_PAYMENT = "UPDATE payments SET note = $2 WHERE id = $1 AND status = 'open' AND note IS DISTINCT FROM $2";
    CLOSE_PAYMENT = "UPDATE payments SET status = $3, note = $4, payment_intent = COALESCE($5, payment_intent), \
        odd_cents = $6, odd_currency = $7, url = NULL, closed_at = $8 WHERE id = $1 AND status = $2 \
        AND ($9 = FALSE OR sent_at IS NULL) RETURNING enrollment_id";
    FUND = "UPDATE payments SET funds_id = $2 WHERE id = $1";
    // Only what pays for the old one: money that comes late for it still finds it.
    MOVE_PAYMENTS = "UPDATE payments SET funds_id = $2 WHERE funds_id = $1 \
        AND status IN ('paid', 'part_refunded', 'refunded')";
    // Only what was there when it was decided: a second refund at once finds no row, nor does one of an
    // enrollment that a switch has just taken the money from.
    REFUND_PAYMENT = "UPDATE payments SET refunded_cents = refunded_cents + $3, \
        status = CASE WHEN refunded_cents + $3 = amount_cents THEN 'refunded' ELSE 'part_refunded' END \
        WHERE id = $1 AND refunded_cents = $2 AND status IN ('paid', 'part_refunded') \
        AND refunded_cents + $3 <= amount_cents AND funds_id = $4";
    SUM_LEFT = "SELECT CAST(COALESCE(SUM(amount_cents - refunded_cents), 0) AS BIGINT) FROM payments \
        WHERE funds_id = $1 AND status IN ('paid', 'part_refunded')";
    REPORT_REFUND = "UPDATE refunds SET status = $2, external_refund_id = COALESCE($3, external_refund_id), \
        note = $4, ended_at = $5 WHERE id = $1 AND status IN ('requested', 'pending')";
    ASK_REFUND_AGAIN = "UPDATE refunds SET status = 'requested', attempt = attempt + 1, idempotency_key = $2, \
        sent_at = NULL, external_refund_id = NULL, note = NULL, ended_at = NULL \
        WHERE id = $1 AND status = 'failed' AND attempt = $3";
    // Another page of it may be open, or wait for a person: its seat stays held.
    SET_PAYMENT_STATE = "UPDATE partner_lms_enrollments SET payment = CASE \
        WHEN EXISTS (SELECT 1 FROM payments y WHERE y.enrollment_id = $1 AND y.status = 'open') THEN 'open' \
        WHEN EXISTS (SELECT 1 FROM payments y WHERE y.enrollment_id = $1 AND y.status = 'parked') THEN 'parked' \
        ELSE $2 END WHERE id = $1 AND status = 'pending' AND payment IN ('open', 'parked', 'expired', 'failed')";
    SET_MONEY_BACK = "UPDATE partner_lms_enrollments SET payment = $2 WHERE id = $1 \
        AND payment IN ('paid', 'part_refunded')";
    PAY_AGAIN = "UPDATE partner_lms_enrollments SET payment = 'open', hold_until = $2 WHERE id = $1 \
        AND status = 'pending' AND payment IN ('none', 'expired', 'failed')";
    // Not while another page of it can still be paid.
    END_PENDING = "UPDATE partner_lms_enrollments SET status = 'cancelled', payment = $2 WHERE id = $1 \
        AND status = 'pending' AND NOT EXISTS (SELECT 1 FROM payments y WHERE y.enrollment_id = $1 \
        AND y.status = 'open') RETURNING cohort_id";
    // A candidate only: what waits for its own payment stays where it is.
    END_CANDIDATE = "UPDATE partner_lms_enrollments SET status = 'cancelled', payment = $2 WHERE id = $1 \
        AND status = 'pending' AND replaces_id IS NOT NULL RETURNING cohort_id";
    HOLD_OLD = "UPDATE partner_lms_enrollments SET link = link WHERE id = $1 AND status = 'active'";
    // Refunds, switches and the end of an enrollment wait for each other here, or two would divide the
    // same shares.
    LOCK_ENROLLMENT = "UPDATE partner_lms_enrollments SET link = link WHERE id = $1";
    SWITCH_AWAY = "UPDATE partner_lms_enrollments SET status = 'cancelled', payment = 'none' WHERE id = $1 \
        AND status = $2 AND payment = $3 AND progress_as_of IS NOT DISTINCT FROM $4 \
        AND last_accessed_at IS NOT DISTINCT FROM $5 RETURNING cohort_id";
    SWITCH_HERE = "UPDATE partner_lms_enrollments SET status = 'active', payment = $2, link = $3, \
        hold_until = NULL, replaces_id = NULL, switched_from = $4 WHERE id = $1 AND status = 'pending' \
        AND replaces_id = $4";
    // Of this payment only: another page of the same enrollment may be open.
    FINISH_CHECKOUT_JOB = finish_checkout_job!("$2");
}
