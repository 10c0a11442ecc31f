//! What `doctor` reads.

use super::statements;

statements! { EXAMINE:
    LIST_APPLIED = "SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version";
    NEWEST_EVENT = "SELECT at FROM events ORDER BY seq DESC LIMIT 1";
    COUNT_GIVEN_UP = "SELECT kind, CAST(COUNT(*) AS BIGINT) AS jobs, MIN(gave_up_at) AS since FROM jobs \
        WHERE done_at IS NULL AND gave_up_at IS NOT NULL GROUP BY kind ORDER BY kind";
    // A job that waits for an older one of its enrollment is late with it, and counted with it.
    COUNT_OPEN = "SELECT needs, CAST(COUNT(*) AS BIGINT) AS jobs, MIN(CASE WHEN lease_until IS NOT NULL \
        AND lease_until > run_at THEN lease_until ELSE run_at END) AS since FROM jobs \
        WHERE done_at IS NULL AND gave_up_at IS NULL GROUP BY needs ORDER BY needs";
    LIST_ALL_LESSONS = "SELECT id AS l_id, lesson, title, minutes, objectives, quiz, quiz_minutes FROM lessons \
        ORDER BY version_id, position";
    // Held: enrollments that are not cancelled, and open offers.
    COUNT_SEATS = "SELECT v.provider_name, c.course_name, k.starts_on, k.seats, k.taken, \
        (SELECT COUNT(*) FROM partner_lms_enrollments e WHERE e.cohort_id = k.id AND e.status <> 'cancelled') \
        + (SELECT COUNT(*) FROM waitlist_entries w WHERE w.cohort_id = k.id AND w.status = 'offered') AS held \
        FROM cohorts k LEFT JOIN partner_courses c ON c.id = k.course_id \
        LEFT JOIN partner_lms_providers v ON v.id = c.provider_id ORDER BY k.starts_on, k.id";
    LAST_GIVEN_UP = "SELECT last_error FROM jobs WHERE done_at IS NULL AND gave_up_at IS NOT NULL AND kind = $1 \
        ORDER BY gave_up_at DESC, seq DESC LIMIT 1";
}
