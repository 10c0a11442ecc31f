//! Seats of cohorts and their waitlists. The only statements that change `cohorts.taken`.

use super::{cohort_columns, statements};

/// Entries with all a screen needs. Their place counts who came before and still waits.
macro_rules! waitlist_views {
    ($end:literal) => {
        concat!(
            "SELECT w.id AS w_id, w.student_id AS w_student_id, w.joined_at, w.status AS w_status, w.offer_until, ",
            "(SELECT COUNT(*) FROM waitlist_entries b WHERE b.cohort_id = w.cohort_id AND b.status = 'waiting' ",
            "AND w.status = 'waiting' AND b.seq <= w.seq) AS place, ",
            "p.id AS p_id, p.slug, p.title, v.provider_name, c.price_cents, c.currency, ",
            cohort_columns!(),
            " FROM waitlist_entries w JOIN cohorts k ON k.id = w.cohort_id ",
            "JOIN partner_courses c ON c.id = k.course_id JOIN programs p ON p.id = c.program_id ",
            "JOIN partner_lms_providers v ON v.id = c.provider_id ",
            $end
        )
    };
}

macro_rules! insert_cohorts {
    () => {
        "INSERT INTO cohorts (id, course_id, starts_on, ends_on, schedule, time_zone, location, seats) VALUES "
    };
}

statements! { SEATS:
    // What an import compares and writes.
    LIST_ALL_COHORTS = concat!("SELECT ", cohort_columns!(), " FROM cohorts k");
    // Nobody's seat is taken away: no row where more are taken.
    UPDATE_COHORT = "UPDATE cohorts SET ends_on = $2, time_zone = $3, seats = $4, active = TRUE \
        WHERE id = $1 AND taken <= $4";
    RETIRE_COHORT = "UPDATE cohorts SET active = FALSE WHERE id = $1";
    INSERT_COHORT = concat!(insert_cohorts!(), "($1, $2, $3, $4, $5, $6, $7, $8)");
    INSERT_EIGHT_COHORTS = concat!(insert_cohorts!(), "($1, $2, $3, $4, $5, $6, $7, $8),\
        ($9, $10, $11, $12, $13, $14, $15, $16),\
        ($17, $18, $19, $20, $21, $22, $23, $24),\
        ($25, $26, $27, $28, $29, $30, $31, $32),\
        ($33, $34, $35, $36, $37, $38, $39, $40),\
        ($41, $42, $43, $44, $45, $46, $47, $48),\
        ($49, $50, $51, $52, $53, $54, $55, $56),\
        ($57, $58, $59, $60, $61, $62, $63, $64)");

    // Whoever changes seats or a waitlist holds the cohort's row first: one at a time per cohort.
    LOCK_COHORT = "UPDATE cohorts SET taken = taken WHERE id = $1";
    LOCK_STUDENT = "UPDATE students SET name = name WHERE id = $1";
    FIND_COHORT = concat!("SELECT ", cohort_columns!(), " FROM cohorts k WHERE k.id = $1");
    TAKE_SEAT = "UPDATE cohorts SET taken = taken + 1 WHERE id = $1 AND active = true AND taken < seats";
    GIVE_SEAT_BACK = "UPDATE cohorts SET taken = taken - 1 WHERE id = $1 AND taken > 0";

    // Awaiting payment with no payment session open that could still bring money.
    LIST_DUE_HOLDS = "SELECT id, student_id, provider_id FROM partner_lms_enrollments WHERE cohort_id = $1 \
        AND status = 'pending' AND hold_until <= $2 AND payment IN ('none', 'expired', 'failed')";
    EXPIRE_HOLD = "UPDATE partner_lms_enrollments SET status = 'cancelled' WHERE id = $1 AND status = 'pending' \
        AND hold_until <= $2 AND payment IN ('none', 'expired', 'failed')";
    LIST_DUE_OFFERS = "SELECT id, student_id FROM waitlist_entries WHERE cohort_id = $1 AND status = 'offered' \
        AND offer_until <= $2 ORDER BY seq";
    IS_ANYTHING_DUE = "SELECT CASE WHEN EXISTS (SELECT 1 FROM partner_lms_enrollments WHERE cohort_id = $1 \
        AND status = 'pending' AND hold_until <= $2 AND payment IN ('none', 'expired', 'failed')) \
        OR EXISTS (SELECT 1 FROM waitlist_entries WHERE cohort_id = $1 AND status = 'offered' \
        AND offer_until <= $2) THEN TRUE ELSE FALSE END";
    // Also the queues of starts whose first day is over wherever it was, and of retired ones.
    LIST_DUE_COHORTS = "SELECT cohort_id FROM partner_lms_enrollments WHERE cohort_id IS NOT NULL \
        AND status = 'pending' AND hold_until <= $1 AND payment IN ('none', 'expired', 'failed') \
        UNION SELECT cohort_id FROM waitlist_entries WHERE status = 'offered' AND offer_until <= $1 \
        UNION SELECT w.cohort_id FROM waitlist_entries w JOIN cohorts k ON k.id = w.cohort_id \
        WHERE w.status = 'waiting' AND (k.starts_on < $2 OR k.active = false)";
    NEXT_DUE_SEAT = "SELECT MIN(at) FROM (SELECT MIN(hold_until) AS at FROM partner_lms_enrollments \
        WHERE cohort_id IS NOT NULL AND status = 'pending' AND payment IN ('none', 'expired', 'failed') \
        UNION ALL SELECT MIN(offer_until) FROM waitlist_entries WHERE status = 'offered') due";

    INSERT_WAITLIST_ENTRY = "INSERT INTO waitlist_entries (id, cohort_id, student_id, joined_at) \
        VALUES ($1, $2, $3, $4)";
    NEXT_WAITING = "SELECT id, student_id FROM waitlist_entries WHERE cohort_id = $1 AND status = 'waiting' \
        ORDER BY seq LIMIT 1";
    LIST_LIVE_ENTRIES_OF_COHORT = "SELECT id, cohort_id, student_id, status FROM waitlist_entries \
        WHERE cohort_id = $1 AND status IN ('waiting', 'offered') ORDER BY seq";
    OFFER_SEAT = "UPDATE waitlist_entries SET status = 'offered', offered_at = $2, offer_until = $3 \
        WHERE id = $1 AND status = 'waiting'";
    ACCEPT_OFFER = "UPDATE waitlist_entries SET status = 'accepted', ended_at = $2, enrollment_id = $3 \
        WHERE id = $1 AND status = 'offered' AND offer_until > $2 AND student_id = $4 AND cohort_id = $5";
    END_ENTRY = "UPDATE waitlist_entries SET status = $2, ended_at = $3 WHERE id = $1 AND status = $4";
    FIND_ENTRY = "SELECT w.id, w.cohort_id, w.student_id, w.status FROM waitlist_entries w WHERE w.id = $1";
    LIST_LIVE_ENTRIES_OF_PROGRAM = "SELECT w.id, w.cohort_id, w.student_id, w.status FROM waitlist_entries w \
        JOIN cohorts k ON k.id = w.cohort_id JOIN partner_courses c ON c.id = k.course_id \
        WHERE w.student_id = $1 AND c.program_id = $2 AND w.status IN ('waiting', 'offered') ORDER BY w.seq";
    PARTNER_OF_COHORT = "SELECT c.provider_id FROM cohorts k JOIN partner_courses c ON c.id = k.course_id \
        WHERE k.id = $1";
    IS_ENROLLED = "SELECT CASE WHEN EXISTS (SELECT 1 FROM partner_lms_enrollments WHERE student_id = $1 \
        AND program_id = $2 AND status IN ('pending', 'active') AND replaces_id IS NULL) \
        THEN TRUE ELSE FALSE END";

    // Ended ones stay in sight for a while, unless they led to an enrollment or were left.
    LIST_WAITLIST_OF_STUDENT = waitlist_views!(
        "WHERE w.student_id = $1 AND (w.status IN ('waiting', 'offered') \
         OR (w.status IN ('expired', 'closed') AND w.ended_at > $2)) ORDER BY w.seq DESC"
    );
    FIND_WAITLIST_ENTRY = waitlist_views!("WHERE w.id = $1");
}
