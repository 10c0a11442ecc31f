//! Students and advisors.

use super::statements;

statements! { PEOPLE:
    FIND_STUDENT = "SELECT id, email, name FROM students WHERE id = $1";
    FIND_STUDENT_BY_EMAIL = "SELECT id, email, name FROM students WHERE lower(email) = lower($1)";
    SEARCH_STUDENTS = "SELECT id, email, name FROM students WHERE search_text LIKE $1 ESCAPE '\\' \
        ORDER BY search_text, id LIMIT $2";
    INSERT_STUDENT = "INSERT INTO students (id, email, name, search_text, created_at) VALUES ($1, $2, $3, $4, $5)";
    UPDATE_STUDENT = "UPDATE students SET email = $2, name = $3, search_text = $4 WHERE id = $1";
    // The first name a student gives stands on the certificates that were issued without one. Another name
    // later changes none: a certificate says who earned it.
    NAME_CERTIFICATES = "UPDATE certificates SET holder = $2 WHERE holder IS NULL AND verification_code IS NOT NULL \
        AND enrollment_id IN (SELECT e.id FROM partner_lms_enrollments e WHERE e.student_id = $1)";
    FIND_PREFERENCES = "SELECT evenings, teacher, campus, budget FROM student_preferences WHERE student_id = $1";
    SAVE_PREFERENCES = "INSERT INTO student_preferences (student_id, evenings, teacher, campus, budget, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (student_id) DO UPDATE SET evenings = excluded.evenings, \
        teacher = excluded.teacher, campus = excluded.campus, budget = excluded.budget, \
        updated_at = excluded.updated_at";
    FIND_ADVISOR_BY_EMAIL = "SELECT id, email, name FROM advisors WHERE lower(email) = lower($1)";
    INSERT_ADVISOR = "INSERT INTO advisors (id, email, name, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
}
