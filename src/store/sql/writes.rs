//! What changes enrollments and what hangs on them.

use super::statements;

macro_rules! insert_event {
    () => {
        "INSERT INTO events (id, at, actor_kind, actor_id, subject, kind, enrollment_id, provider_id, \
         payload, days, program_id) "
    };
}

/// The program of the enrollment an event is about.
macro_rules! program {
    () => {
        "(SELECT o.program_id FROM partner_lms_enrollments o WHERE o.id = $7)"
    };
}

statements! { WRITES:
    INSERT_ENROLLMENT = "INSERT INTO partner_lms_enrollments (id, provider_id, student_id, course_id, \
        program_id, external_account_id, external_enrollment_id, status, progress_percentage, enrolled_at, \
        last_accessed_at, link, payment, cohort_id, hold_until, replaces_id, switched_from, progress_as_of, \
        progress_reported, completed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
        $14, $15, $16, $17, $18, $19, $20)";
    CANCEL_ENROLLMENT = "UPDATE partner_lms_enrollments SET status = 'cancelled', hold_until = NULL WHERE id = $1 AND status = $2 \
        AND payment = $3 AND progress_as_of IS NOT DISTINCT FROM $4 AND last_accessed_at IS NOT DISTINCT FROM $5 \
        RETURNING cohort_id";
    // Confirms also what somebody cancelled meanwhile: the partner's ids are needed to withdraw.
    CONFIRM_LINK = "UPDATE partner_lms_enrollments SET external_account_id = $2, external_enrollment_id = $3, \
        link = 'confirmed' WHERE id = $1 AND link IN ('requested', 'failed')";
    FAIL_LINK = "UPDATE partner_lms_enrollments SET link = 'failed' WHERE id = $1 AND link = 'requested'";
    REQUEST_LINK = "UPDATE partner_lms_enrollments SET link = 'requested' WHERE id = $1 AND link = 'failed' \
        AND EXISTS (SELECT 1 FROM jobs j WHERE j.enrollment_id = $1 AND j.kind = 'provision' \
        AND j.done_at IS NULL AND j.gave_up_at IS NULL)";
    TOUCH_ENROLLMENT = "UPDATE partner_lms_enrollments SET last_accessed_at = \
        CASE WHEN last_accessed_at IS NULL OR last_accessed_at < $2 THEN $2 ELSE last_accessed_at END \
        WHERE id = $1 AND status <> 'cancelled'";
    FIND_PROGRESS = "SELECT CAST(progress_percentage AS BIGINT) - CASE WHEN \
        CAST(progress_percentage AS BIGINT) > progress_percentage THEN 1 ELSE 0 END AS percent, \
        progress_as_of, progress_reported, exam_failed_at, progress_source FROM partner_lms_enrollments WHERE id = $1";
    // Only where the figure is still the one that the new one was computed from.
    UPDATE_PROGRESS = "UPDATE partner_lms_enrollments SET progress_percentage = $2, progress_as_of = $3, \
        progress_reported = $4, exam_failed_at = $5, progress_source = $8 WHERE id = $1 \
        AND progress_as_of IS NOT DISTINCT FROM $6 AND exam_failed_at IS NOT DISTINCT FROM $7";
    COMPLETE_ENROLLMENT = "UPDATE partner_lms_enrollments SET status = 'completed', completed_at = $2 \
        WHERE id = $1 AND status = 'active' RETURNING enrolled_at";
    // Not again what the last one said, unless that is a day ago.
    INSERT_SAMPLE = "INSERT INTO progress_samples (id, enrollment_id, at, percent, completed, source, failed) \
        SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT 1 FROM progress_samples s \
        WHERE s.enrollment_id = $2 AND s.at = (SELECT MAX(l.at) FROM progress_samples l WHERE l.enrollment_id = $2) \
        AND s.at > $8 AND s.at <= $3 AND s.percent IS NOT DISTINCT FROM $4 AND s.completed = $5 AND s.source = $6 \
        AND s.failed = $7)";
    INSERT_LAUNCH = "INSERT INTO launches (id, enrollment_id, at, handover, actor_kind, actor_id) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_CERTIFICATE = "INSERT INTO certificates (id, enrollment_id, external_certificate_id, url, \
        issued_at, received_at, expires_at, verify_url) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (enrollment_id) DO NOTHING";
    ANNOUNCE_EXPIRY = "UPDATE certificates SET announced_at = $2 WHERE enrollment_id = $1 AND announced_at IS NULL";
    // The first account stays: what was made with a second one would be lost to the student.
    INSERT_ACCOUNT = "INSERT INTO partner_accounts (id, student_id, provider_id, external_account_id, username, \
        created_at) SELECT $2, e.student_id, e.provider_id, $3, $4, $5 FROM partner_lms_enrollments e \
        WHERE e.id = $1 AND e.provider_id IS NOT NULL ON CONFLICT (student_id, provider_id) DO NOTHING";
    INSERT_EVENT = concat!(insert_event!(), "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ", program!(), ")");
    INSERT_EVENT_ONCE = concat!(
        insert_event!(), "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ", program!(), ") ON CONFLICT (id) DO NOTHING"
    );
    HAS_EVENT = "SELECT CASE WHEN EXISTS (SELECT 1 FROM events WHERE id = $1) THEN TRUE ELSE FALSE END";
    // What they share is bound once.
    INSERT_TWO_EVENTS = concat!(
        insert_event!(), "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ", program!(),
        "), ($11, $12, $3, $4, $5, $13, $7, $8, $14, $10, ", program!(), ")"
    );
    INSERT_STARTED = concat!(
        insert_event!(), "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ", program!(),
        " WHERE NOT EXISTS (SELECT 1 FROM events v WHERE v.enrollment_id = $7 AND v.kind = 'started') \
        ON CONFLICT (id) DO NOTHING"
    );
}
