//! Outside work.

use super::statements;

/// A job at a partner waits for older ones of the same enrollment, and for one that is at
/// work; mail waits for nobody, because a partner may be down for days.
macro_rules! unblocked {
    ($at_work:literal) => {
        concat!(
            "(jobs.kind = 'mail' OR jobs.enrollment_id IS NULL OR NOT EXISTS (SELECT 1 FROM jobs o ",
            "WHERE o.enrollment_id = jobs.enrollment_id AND o.id <> jobs.id AND o.kind <> 'mail' ",
            "AND o.done_at IS NULL AND o.gave_up_at IS NULL AND (o.seq < jobs.seq OR ",
            $at_work,
            ")))"
        )
    };
}

statements! { JOBS:
    INSERT_JOB = "INSERT INTO jobs (id, kind, enrollment_id, payload, idempotency_key, needs, run_at, \
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
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
    GIVE_UP_JOB = "UPDATE jobs SET lease_until = NULL, last_error = $3, gave_up_at = $4 \
        WHERE id = $1 AND lease_until = $2 AND done_at IS NULL AND gave_up_at IS NULL";
    REOPEN_JOBS = "UPDATE jobs SET gave_up_at = NULL, lease_until = NULL, attempts = 0, run_at = $2 \
        WHERE enrollment_id = $1 AND done_at IS NULL AND gave_up_at IS NOT NULL AND (kind = 'withdraw' \
        OR EXISTS (SELECT 1 FROM partner_lms_enrollments e WHERE e.id = $1 AND e.status <> 'cancelled'))";
    SETTLE_UNTRIED_JOBS = "UPDATE jobs SET done_at = $2 WHERE enrollment_id = $1 AND done_at IS NULL \
        AND kind IN ('provision', 'mail') AND attempts_total = 0 AND lease_until IS NULL";
    COUNT_PROVISION_ATTEMPTS = "SELECT CAST(COALESCE(SUM(attempts_total), 0) AS BIGINT) FROM jobs \
        WHERE enrollment_id = $1 AND kind = 'provision'";
}
