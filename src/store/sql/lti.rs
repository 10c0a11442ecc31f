//! LTI 1.3 launches.

use super::statements;

/// The columns of a launch, as `LtiLaunchRow` reads them.
macro_rules! launch_columns {
    () => {
        "id, enrollment_id, student_id, provider_id, actor_kind, actor_id, message_hint_digest, expires_at, \
         initiated_at, used_at"
    };
}

statements! { LTI:
    INSERT_LTI_LAUNCH = "INSERT INTO lti_launches (id, enrollment_id, student_id, provider_id, actor_kind, \
        actor_id, initiate_digest, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    // Bounded: whoever opens a course must not clean up after thousands.
    FORGET_LTI_LAUNCHES = "DELETE FROM lti_launches WHERE id IN (SELECT l.id FROM lti_launches l \
        WHERE l.expires_at < $1 ORDER BY l.expires_at LIMIT 50)";
    FIND_LTI_LAUNCH_BY_ADDRESS = concat!(
        "SELECT ", launch_columns!(), " FROM lti_launches WHERE initiate_digest = $1"
    );
    FIND_LTI_LAUNCH_BY_HINT = concat!(
        "SELECT ", launch_columns!(), " FROM lti_launches WHERE login_hint_digest = $1"
    );
    // Once, and in time.
    INITIATE_LTI_LAUNCH = "UPDATE lti_launches SET initiated_at = $2, login_hint_digest = $3, \
        message_hint_digest = $4 WHERE initiate_digest = $1 AND initiated_at IS NULL AND expires_at > $2";
    // Once, in time, and only while the enrollment stands where the launch began.
    USE_LTI_LAUNCH = "UPDATE lti_launches SET used_at = $2 WHERE login_hint_digest = $1 \
        AND message_hint_digest = $3 AND used_at IS NULL AND expires_at > $2 AND enrollment_id = $4 \
        AND EXISTS (SELECT 1 FROM partner_lms_enrollments e WHERE e.id = lti_launches.enrollment_id \
        AND e.provider_id = lti_launches.provider_id AND e.student_id = lti_launches.student_id \
        AND e.status IN ('active', 'completed'))";
    // The first one stays. Not the account of the same partner in days when it was reached otherwise: a
    // tool is told an id that means nothing anywhere else.
    INSERT_SUBJECT = "INSERT INTO lti_subjects (student_id, provider_id, subject, created_at) \
        SELECT e.student_id, e.provider_id, $2, $3 FROM partner_lms_enrollments e \
        WHERE e.id = $1 AND e.provider_id IS NOT NULL ON CONFLICT (student_id, provider_id) DO NOTHING";
    FIND_SUBJECT = "SELECT s.subject FROM lti_subjects s \
        JOIN partner_lms_enrollments e ON e.student_id = s.student_id AND e.provider_id = s.provider_id \
        WHERE e.id = $1";
}
