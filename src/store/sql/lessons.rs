//! Courses taught here: their versions and lessons, what students did in them, and certificates of our own.

use super::{statements, version_of};

macro_rules! version_columns {
    () => {
        "v.id AS v_id, v.number, v.title AS v_title, v.pass_mark, v.feedback, v.tries, v.pause_minutes, \
         v.shuffle, v.in_order"
    };
}

macro_rules! insert_lessons {
    () => {
        "INSERT INTO lessons (id, version_id, position, lesson, title, minutes, objectives, body, quiz, \
         quiz_minutes) VALUES "
    };
}

/// Fixes the version a student learns with, if it is the one the decision saw; from here to the end of the
/// transaction nobody else takes a step for them.
macro_rules! touch_learner {
    ($status:literal) => {
        concat!(
            "UPDATE partner_lms_enrollments SET version_id = ",
            version_of!("partner_lms_enrollments"),
            ", last_accessed_at = CASE WHEN last_accessed_at IS NULL OR last_accessed_at < $2 THEN $2 ",
            "ELSE last_accessed_at END WHERE id = $1 AND provider_id IS NULL AND ",
            $status,
            " AND $3 = (SELECT v.number FROM course_versions v WHERE v.id = ",
            version_of!("partner_lms_enrollments"),
            ")"
        )
    };
}

/// What was done once keeps its time.
macro_rules! lesson_done {
    ($column:literal) => {
        concat!(
            "INSERT INTO lesson_progress (enrollment_id, lesson, opened_at, ",
            $column,
            ") VALUES ($1, $2, $3, $3) ON CONFLICT (enrollment_id, lesson) DO UPDATE SET ",
            $column,
            " = COALESCE(lesson_progress.",
            $column,
            ", excluded.",
            $column,
            ")"
        )
    };
}

statements! { LESSONS:
    // Imports of one course come one after the other, and nobody begins it meanwhile.
    LOCK_PROGRAM = "UPDATE programs SET active = active WHERE slug = $1 RETURNING id";
    LOCK_PROGRAM_TO_BEGIN = "UPDATE programs SET active = active WHERE id = (SELECT e.program_id \
        FROM partner_lms_enrollments e WHERE e.id = $1 AND e.version_id IS NULL)";
    FIND_NEWEST_VERSION = "SELECT id, number, digest FROM course_versions WHERE program_id = $1 \
        ORDER BY number DESC LIMIT 1";
    INSERT_VERSION = "INSERT INTO course_versions (id, program_id, number, digest, title, pass_mark, feedback, \
        tries, pause_minutes, shuffle, in_order, imported_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    INSERT_LESSON = concat!(insert_lessons!(), "($2, $1, $3, $4, $5, $6, $7, $8, $9, $10)");
    INSERT_EIGHT_LESSONS = concat!(insert_lessons!(), "($2, $1, $3, $4, $5, $6, $7, $8, $9, $10),\
        ($11, $1, $12, $13, $14, $15, $16, $17, $18, $19),\
        ($20, $1, $21, $22, $23, $24, $25, $26, $27, $28),\
        ($29, $1, $30, $31, $32, $33, $34, $35, $36, $37),\
        ($38, $1, $39, $40, $41, $42, $43, $44, $45, $46),\
        ($47, $1, $48, $49, $50, $51, $52, $53, $54, $55),\
        ($56, $1, $57, $58, $59, $60, $61, $62, $63, $64),\
        ($65, $1, $66, $67, $68, $69, $70, $71, $72, $73)");
    LIST_VERSIONS_IN_USE = concat!(
        "SELECT ", version_columns!(), " FROM course_versions v WHERE v.program_id = (SELECT p.id FROM programs p \
        WHERE p.slug = $1) AND EXISTS (SELECT 1 \
        FROM partner_lms_enrollments e WHERE e.version_id = v.id AND e.status = 'active') ORDER BY v.number"
    );
    LIST_LESSONS = "SELECT lesson, title, minutes, objectives, body, quiz, quiz_minutes FROM lessons \
        WHERE version_id = $1 ORDER BY position";
    MOVE_LEARNERS = "UPDATE partner_lms_enrollments SET version_id = $2 WHERE status = 'active' AND version_id \
        IN (SELECT v.id FROM course_versions v WHERE v.program_id = $1 AND v.id <> $2)";
    COUNT_STAYING = "SELECT CAST(COUNT(*) AS BIGINT) FROM course_versions v \
        JOIN partner_lms_enrollments e ON e.version_id = v.id \
        WHERE v.program_id = $1 AND v.id <> $2 AND e.status = 'active'";
    FIND_LEARNING = concat!(
        "SELECT e.status AS e_status, ", version_columns!(), " FROM partner_lms_enrollments e \
        JOIN course_versions v ON v.id = ", version_of!("e"), " WHERE e.id = $1 AND e.provider_id IS NULL"
    );
    LIST_OUTLINE = "SELECT l.lesson, l.title, l.minutes, l.objectives, l.quiz_minutes, p.opened_at, p.place, \
        p.read_at, p.passed_at FROM lessons l LEFT JOIN lesson_progress p ON p.enrollment_id = $2 \
        AND p.lesson = l.lesson WHERE l.version_id = $1 ORDER BY l.position";
    FIND_LESSON = "SELECT l.body, l.quiz, l.quiz_minutes FROM partner_lms_enrollments e \
        JOIN course_versions v ON v.program_id = e.program_id AND v.number = $2 \
        JOIN lessons l ON l.version_id = v.id AND l.lesson = $3 WHERE e.id = $1";
    LIST_ANSWERS = "SELECT attempt, question, answer, correct, answered_at FROM quiz_answers \
        WHERE enrollment_id = $1 AND lesson = $2 ORDER BY seq";
    OPEN_COURSE = touch_learner!("status IN ('active', 'completed')");
    OPEN_LESSON = "INSERT INTO lesson_progress (enrollment_id, lesson, opened_at) VALUES ($1, $2, $3) \
        ON CONFLICT (enrollment_id, lesson) DO UPDATE SET opened_at = CASE WHEN lesson_progress.opened_at IS NULL \
        OR lesson_progress.opened_at < excluded.opened_at THEN excluded.opened_at \
        ELSE lesson_progress.opened_at END";
    KEEP_PLACE = "UPDATE lesson_progress SET place = $3 WHERE enrollment_id = $1 AND lesson = $2 \
        AND EXISTS (SELECT 1 FROM partner_lms_enrollments e WHERE e.id = $1 AND e.student_id = $4)";
    LOCK_LEARNER = touch_learner!("status = 'active'");
    COUNT_LEARNING = "SELECT (SELECT CAST(COUNT(p.read_at) + COUNT(p.passed_at) AS BIGINT) \
        FROM partner_lms_enrollments e JOIN lesson_progress p ON p.enrollment_id = e.id \
        JOIN lessons l ON l.version_id = e.version_id AND l.lesson = p.lesson WHERE e.id = $1) AS done, \
        (SELECT CAST(COUNT(*) AS BIGINT) FROM quiz_answers a WHERE a.enrollment_id = $1 AND a.lesson = $2) \
        AS answers";
    READ_LESSON = lesson_done!("read_at");
    PASS_QUIZ = lesson_done!("passed_at");
    INSERT_ANSWER = "INSERT INTO quiz_answers (id, enrollment_id, lesson, attempt, question, answer, correct, \
        answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ISSUE_CERTIFICATE = "INSERT INTO certificates (id, enrollment_id, external_certificate_id, issued_at, \
        received_at, verification_code, holder, course_title) VALUES ($1, $2, $3, $4, $4, $5, $6, $7) \
        ON CONFLICT (enrollment_id) DO NOTHING";
    // LEFT JOINs: a certificate that was issued stands, whatever became of what is around it.
    FIND_CERTIFICATE = "SELECT f.external_certificate_id, f.verification_code, f.issued_at, f.holder, \
        f.course_title, e.student_id, s.name, s.email, p.title FROM certificates f \
        LEFT JOIN partner_lms_enrollments e ON e.id = f.enrollment_id \
        LEFT JOIN students s ON s.id = e.student_id LEFT JOIN programs p ON p.id = e.program_id \
        WHERE f.verification_code = $1";
}
