//! A partner's life: paused, resumed, retired, troubled; and who waits for it.

use super::statements;

statements! { PARTNERS:
    FIND_PROVIDER = "SELECT id AS v_id, provider_name, provider_type, active AS v_active, api_config, \
        description AS v_description, icon, status AS v_status, status_note, status_until, status_since, \
        closes_on, ends_on AS v_ends_on, retirement_note, failures, successes, failing_from, last_failure_at, \
        troubled_since, demo AS v_demo, refund_policy FROM partner_lms_providers WHERE id = $1";
    SET_STANDING = "UPDATE partner_lms_providers SET active = $2, status = $3, status_note = $4, status_until = $5, \
        status_since = $6, closes_on = $7, ends_on = $8, retirement_note = $9 WHERE id = $1";
    SET_HEALTH = "UPDATE partner_lms_providers SET failures = $2, successes = $3, failing_from = $4, \
        last_failure_at = $5, troubled_since = $6 WHERE id = $1";
    INSERT_WATCH = "INSERT INTO partner_watches (id, provider_id, student_id, enrollment_id, asked_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (provider_id, student_id) WHERE told_at IS NULL DO NOTHING";
    MOVE_WATCH = "UPDATE partner_watches SET enrollment_id = $3 \
        WHERE provider_id = $1 AND student_id = $2 AND told_at IS NULL";
    LIST_WAITING_WATCHES = "SELECT id, student_id, enrollment_id FROM partner_watches \
        WHERE provider_id = $1 AND told_at IS NULL ORDER BY asked_at, id";
    TELL_WATCHES = "UPDATE partner_watches SET told_at = $2 WHERE provider_id = $1 AND told_at IS NULL";
}
