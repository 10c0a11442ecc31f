//! Outside work.

use super::statements;

/// A job at a partner waits for older ones of the same enrollment, and for any that is at work
/// for the same student at the same partner: two at once could open two accounts, or end the
/// place that the other one has just been given. Mail and money wait for nobody, because a partner
/// may be down for days.
///
/// `IS TRUE` keeps an engine from looking the partner's enrollments up, all of them for every
/// job, instead of the few of the student.
macro_rules! unblocked {
    ($at_work:literal) => {
        concat!(
            "(jobs.kind IN ('mail', 'checkout', 'refund') OR jobs.enrollment_id IS NULL OR (NOT EXISTS (SELECT 1 FROM jobs o ",
            "WHERE o.enrollment_id = jobs.enrollment_id AND o.seq < jobs.seq AND o.kind NOT IN ('mail', 'checkout', 'refund') ",
            "AND o.done_at IS NULL AND o.gave_up_at IS NULL) ",
            "AND NOT EXISTS (SELECT 1 FROM partner_lms_enrollments e JOIN partner_lms_enrollments f ",
            "ON f.student_id = e.student_id AND (f.provider_id = e.provider_id) IS TRUE ",
            "JOIN jobs o ON o.enrollment_id = f.id WHERE e.id = jobs.enrollment_id AND o.id <> jobs.id ",
            "AND o.kind NOT IN ('mail', 'checkout', 'refund') AND o.done_at IS NULL AND o.gave_up_at IS NULL AND ",
            $at_work,
            ")))"
        )
    };
}

macro_rules! listed_columns {
    () => {
        "id, kind, enrollment_id, attempts_total, last_error, created_at, run_at, gave_up_at, lease_until, done_at"
    };
}

macro_rules! insert_jobs {
    ($rows:literal) => {
        concat!(
            "INSERT INTO jobs (id, kind, enrollment_id, payload, idempotency_key, needs, run_at, created_at) VALUES ",
            $rows
        )
    };
}

statements! { JOBS:
    INSERT_JOB = insert_jobs!("($1, $2, $3, $4, $5, $6, $7, $8)");
    INSERT_TWO_JOBS =
        insert_jobs!("($1, $2, $3, $4, $5, $6, $7, $8), ($9, $10, $11, $12, $13, $14, $15, $16)");
    LIST_GIVEN_UP_JOBS = concat!(
        "SELECT ", listed_columns!(), " FROM jobs WHERE gave_up_at IS NOT NULL AND done_at IS NULL ",
        "ORDER BY gave_up_at, seq LIMIT $1"
    );
    LIST_UNDONE_JOBS = concat!(
        "SELECT ", listed_columns!(), " FROM jobs WHERE done_at IS NULL ORDER BY seq LIMIT $1"
    );
    FIND_LISTED_JOB = concat!("SELECT ", listed_columns!(), " FROM jobs WHERE id = $1");
    REOPEN_JOB = "UPDATE jobs SET gave_up_at = NULL, lease_until = NULL, attempts = 0, run_at = $2 \
        WHERE id = $1 AND done_at IS NULL AND (lease_until IS NULL OR lease_until <= $2)";
    DROP_JOB = "UPDATE jobs SET done_at = $2, lease_until = NULL WHERE id = $1 AND done_at IS NULL \
        AND kind NOT IN ('checkout', 'refund') AND (lease_until IS NULL OR lease_until <= $2)";
    // A place that failed has no open job where a person dropped it: asking anew undoes that.
    REOPEN_DROPPED = "UPDATE jobs SET done_at = NULL, gave_up_at = NULL, lease_until = NULL, attempts = 0, \
        run_at = $2 WHERE enrollment_id = $1 AND kind = 'provision' AND done_at IS NOT NULL \
        AND EXISTS (SELECT 1 FROM partner_lms_enrollments e WHERE e.id = $1 AND e.link = 'failed' \
        AND e.status IN ('active', 'completed'))";
    LIST_OPEN_NEEDS = "SELECT DISTINCT needs FROM jobs WHERE done_at IS NULL AND gave_up_at IS NULL";
    FIND_DUE_JOB = concat!(
        "SELECT id, run_at, seq FROM jobs WHERE done_at IS NULL AND gave_up_at IS NULL AND needs = $1 ",
        "AND run_at <= $2 AND (lease_until IS NULL OR lease_until <= $2) AND ",
        unblocked!("o.lease_until > $2"),
        " ORDER BY run_at, seq LIMIT 1"
    );
    CLAIM_JOB = concat!(
        "UPDATE jobs SET lease_until = $3, attempts = attempts + 1, attempts_total = attempts_total + 1 ",
        "WHERE id = $1 AND done_at IS NULL AND gave_up_at IS NULL AND run_at <= $2 ",
        "AND (lease_until IS NULL OR lease_until <= $2) AND ",
        unblocked!("o.lease_until > $2"),
        " RETURNING id, kind, enrollment_id, payload, idempotency_key, needs, attempts"
    );
    // An expired lease counts as at work here: its own job is the next one then.
    LIST_NEXT_JOBS = concat!(
        "SELECT needs, MIN(CASE WHEN lease_until IS NOT NULL AND lease_until > run_at ",
        "THEN lease_until ELSE run_at END) AS at FROM jobs ",
        "WHERE done_at IS NULL AND gave_up_at IS NULL AND ",
        unblocked!("o.lease_until IS NOT NULL"),
        " GROUP BY needs"
    );
    FINISH_JOB = "UPDATE jobs SET done_at = $2, lease_until = NULL, gave_up_at = NULL \
        WHERE id = $1 AND done_at IS NULL";
    POSTPONE_JOB = "UPDATE jobs SET lease_until = NULL, last_error = $3, run_at = $4 \
        WHERE id = $1 AND lease_until = $2 AND done_at IS NULL AND gave_up_at IS NULL";
    // Nothing failed, so the attempts begin anew.
    LOOK_AGAIN = "UPDATE jobs SET lease_until = NULL, last_error = NULLIF($3, ''), run_at = $4, attempts = 0 \
        WHERE id = $1 AND lease_until = $2 AND done_at IS NULL AND gave_up_at IS NULL";
    GIVE_UP_JOB = "UPDATE jobs SET lease_until = NULL, last_error = $3, gave_up_at = $4 \
        WHERE id = $1 AND lease_until = $2 AND done_at IS NULL AND gave_up_at IS NULL";
    REOPEN_JOBS = "UPDATE jobs SET gave_up_at = NULL, lease_until = NULL, attempts = 0, run_at = $2 \
        WHERE enrollment_id = $1 AND done_at IS NULL AND gave_up_at IS NOT NULL AND (kind IN ('withdraw', 'refund') \
        OR EXISTS (SELECT 1 FROM partner_lms_enrollments e WHERE e.id = $1 AND e.status <> 'cancelled'))";
    // Looked at now, whatever was planned.
    HURRY_JOBS = "UPDATE jobs SET run_at = $1, gave_up_at = NULL WHERE kind IN ('checkout', 'refund') \
        AND done_at IS NULL AND (run_at > $1 OR gave_up_at IS NOT NULL) \
        AND (lease_until IS NULL OR lease_until <= $1)";
    // Only what waits for its next look: after a failure the pause that was planned stays.
    HURRY_CHECKOUTS = "UPDATE jobs SET run_at = $1 WHERE kind = 'checkout' \
        AND done_at IS NULL AND gave_up_at IS NULL AND attempts = 0 AND run_at > $1 \
        AND (lease_until IS NULL OR lease_until <= $1)";
    HURRY_CHECKOUTS_OF = "UPDATE jobs SET run_at = $1 WHERE kind = 'checkout' \
        AND done_at IS NULL AND gave_up_at IS NULL AND attempts = 0 AND run_at > $1 \
        AND (lease_until IS NULL OR lease_until <= $1) \
        AND enrollment_id IN (SELECT id FROM partner_lms_enrollments WHERE student_id = $2)";
    // Whatever becomes of the enrollment, the student is told that money goes back.
    SETTLE_UNTRIED_JOBS = "UPDATE jobs SET done_at = $2 WHERE enrollment_id = $1 AND done_at IS NULL \
        AND kind IN ('provision', 'mail') AND attempts_total = 0 AND lease_until IS NULL \
        AND idempotency_key NOT LIKE 'mail:refund:%'";
    COUNT_PROVISION_ATTEMPTS = "SELECT CAST(COALESCE(SUM(attempts_total), 0) AS BIGINT) FROM jobs \
        WHERE enrollment_id = $1 AND kind = 'provision'";
}
