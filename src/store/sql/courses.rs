//! Enrollments with all a screen needs. LEFT JOINs only: an enrollment never disappears
//! because something around it was paused, retired or is missing.

use super::{cohort_columns, latest_terms, offer_columns, proof_columns, statements, version_of};

/// Adopted figures may be NULL or have decimals; they are rounded down, because 99.6 is not all.
macro_rules! course_views {
    ($($end:tt)+) => {
        concat!(
            "SELECT e.id AS e_id, e.provider_id AS e_provider_id, e.student_id, e.course_id AS e_course_id, ",
            "e.program_id AS e_program_id, e.external_account_id, e.external_enrollment_id, ",
            "e.status AS e_status, CAST(e.progress_percentage AS BIGINT) - CASE WHEN ",
            "CAST(e.progress_percentage AS BIGINT) > e.progress_percentage THEN 1 ELSE 0 END AS percent, ",
            "e.enrolled_at, e.last_accessed_at, e.link, e.payment, e.cohort_id, e.hold_until, e.replaces_id, ",
            "e.switched_from, e.progress_as_of, e.progress_reported, e.exam_failed_at, e.progress_source, e.completed_at, ",
            "s.email, s.name AS student_name, p.slug, p.title, ",
            "a.external_account_id AS a_external_account_id, a.username, ",
            "f.id AS f_id, f.external_certificate_id, f.url AS f_url, f.issued_at, f.expires_at AS f_expires_at, f.verify_url AS f_verify_url, ",
            "f.verification_code, f.holder, f.course_title, ",
            "CASE WHEN e.provider_id IS NULL THEN (SELECT COUNT(*) FROM lessons l WHERE l.version_id = ",
            version_of!("e"),
            ") END AS lessons, CASE WHEN e.provider_id IS NULL THEN (SELECT COUNT(r.read_at) ",
            "FROM lesson_progress r WHERE r.enrollment_id = e.id) END AS lessons_read, ",
            "CASE WHEN EXISTS (SELECT 1 FROM launches l WHERE l.enrollment_id = e.id) ",
            "THEN TRUE ELSE FALSE END AS launched, ",
            "(SELECT n.id FROM partner_lms_enrollments n WHERE n.replaces_id = e.id AND n.status = 'pending') ",
            "AS switching, ",
            offer_columns!(),
            ", ",
            cohort_columns!(),
            ", ",
            proof_columns!(),
            " FROM partner_lms_enrollments e LEFT JOIN students s ON s.id = e.student_id ",
            "LEFT JOIN programs p ON p.id = e.program_id ",
            "LEFT JOIN partner_lms_providers v ON v.id = e.provider_id ",
            "LEFT JOIN partner_courses c ON c.id = e.course_id",
            latest_terms!(),
            " LEFT JOIN partner_accounts a ON a.student_id = e.student_id AND a.provider_id = e.provider_id ",
            "LEFT JOIN cohorts k ON k.id = e.cohort_id ",
            "LEFT JOIN certificates f ON f.enrollment_id = e.id ",
            "LEFT JOIN completion_proofs q ON q.enrollment_id = e.id AND q.seq = ",
            "(SELECT MAX(b.seq) FROM completion_proofs b WHERE b.enrollment_id = e.id) ",
            $($end)+
        )
    };
}

macro_rules! open_jobs {
    ($condition:literal) => {
        concat!(
            "SELECT j.enrollment_id, j.kind, j.attempts, j.last_error, j.run_at, ",
            "CASE WHEN j.gave_up_at IS NULL THEN FALSE ELSE TRUE END AS gave_up ",
            "FROM jobs j WHERE j.done_at IS NULL AND ",
            $condition,
            " ORDER BY j.seq"
        )
    };
}

macro_rules! sync_partners {
    ($condition:literal) => {
        concat!(
            "SELECT v.id AS v_id, v.provider_name, v.provider_type, v.active AS v_active, v.api_config, ",
            "v.description AS v_description, v.icon, v.status AS v_status, v.status_note, v.status_until, ",
            "v.status_since, v.closes_on, v.ends_on AS v_ends_on, v.retirement_note, v.failures, v.successes, ",
            "v.failing_from, v.last_failure_at, v.troubled_since, v.demo AS v_demo, v.refund_policy, n.due ",
            "FROM (SELECT e.provider_id AS p_id, COUNT(*) AS due FROM partner_lms_enrollments e ",
            "WHERE e.status = 'active' AND e.link = 'confirmed' AND e.external_enrollment_id IS NOT NULL ",
            $condition,
            "GROUP BY e.provider_id) n JOIN partner_lms_providers v ON v.id = n.p_id ORDER BY v.provider_name, v.id"
        )
    };
}

macro_rules! syncable {
    ($condition:literal) => {
        concat!(
            "SELECT e.id AS e_id, e.student_id, e.external_enrollment_id, e.progress_as_of, p.title ",
            "FROM partner_lms_enrollments e LEFT JOIN programs p ON p.id = e.program_id ",
            "WHERE e.provider_id = $1 AND e.status = 'active' AND e.link = 'confirmed' ",
            "AND e.external_enrollment_id IS NOT NULL AND ",
            $condition
        )
    };
}

statements! { COURSES:
    LIST_COURSES = course_views!("WHERE e.student_id = $1 ORDER BY e.enrolled_at DESC NULLS LAST, e.id DESC");
    LIST_NEWEST_COURSES = course_views!("ORDER BY e.id DESC LIMIT $1");
    FIND_COURSE = course_views!("WHERE e.id = $1");
    FIND_LIVE_ENROLLMENT = course_views!(
        "WHERE e.student_id = $1 AND e.program_id = $2 \
         AND e.status IN ('pending', 'active') AND e.replaces_id IS NULL"
    );
    LIST_OPEN_JOBS_OF_STUDENT = open_jobs!(
        "j.enrollment_id IN (SELECT e.id FROM partner_lms_enrollments e WHERE e.student_id = $1)"
    );
    LIST_OPEN_JOBS_OF_ENROLLMENT = open_jobs!("j.enrollment_id = $1");
    LAST_USED = "SELECT id FROM partner_lms_enrollments \
        WHERE student_id = $1 AND status IN ('active', 'completed') \
        ORDER BY CASE WHEN status = 'active' THEN 0 ELSE 1 END, \
        COALESCE(last_accessed_at, enrolled_at) DESC NULLS LAST, id DESC LIMIT 1";
    LIST_SYNC_PARTNERS = sync_partners!("");
    LIST_SYNC_PARTNERS_OF_STUDENT = sync_partners!("AND e.student_id = $1 ");
    // `$3` stands for a figure nobody has reported, older than any other.
    LIST_SYNCABLE = syncable!("COALESCE(e.progress_as_of, $3) <= $2 AND (COALESCE(e.progress_as_of, $3) > $4 \
        OR (COALESCE(e.progress_as_of, $3) = $4 AND e.id > $5)) \
        ORDER BY COALESCE(e.progress_as_of, $3), e.id LIMIT $6");
    LIST_SYNCABLE_OF_STUDENT = syncable!("e.student_id = $2 ORDER BY e.progress_as_of NULLS FIRST, e.id");
    LIST_SAMPLES = "SELECT id, at, percent, completed, failed, source FROM progress_samples \
        WHERE enrollment_id = $1 ORDER BY at DESC, id DESC LIMIT $2";
    LIST_EXPIRING_CERTIFICATES = "SELECT f.enrollment_id FROM certificates f \
        WHERE f.expires_at IS NOT NULL AND f.announced_at IS NULL AND f.expires_at > $1 AND f.expires_at <= $2 \
        ORDER BY f.expires_at LIMIT $3";
    LIST_LATEST_EVENTS = "SELECT at FROM events ORDER BY seq DESC LIMIT 50";
    LIST_HISTORY = "SELECT at, kind, actor_kind FROM events WHERE enrollment_id = $1 ORDER BY at DESC, seq DESC";
    IS_REUSED = "SELECT CASE WHEN EXISTS (SELECT 1 FROM partner_lms_enrollments o \
        JOIN partner_lms_enrollments e ON e.student_id = o.student_id AND e.provider_id = o.provider_id \
        WHERE o.id = $1 AND e.id <> o.id AND e.status <> 'cancelled' AND e.external_enrollment_id = $2) \
        THEN TRUE ELSE FALSE END";
    FIND_ACCOUNT = "SELECT external_account_id, username FROM partner_accounts \
        WHERE student_id = $1 AND provider_id = $2";
}
