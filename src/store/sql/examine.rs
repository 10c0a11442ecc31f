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
    LAST_GIVEN_UP = "SELECT last_error FROM jobs WHERE done_at IS NULL AND gave_up_at IS NOT NULL AND kind = $1 \
        ORDER BY gave_up_at DESC, seq DESC LIMIT 1";
}
