//! Reviews and what they say together. The only statements that change `review_totals`.

use super::statements;

/// Reviews with all a screen needs. LEFT JOINs: the order of the index is kept, and a page is read
/// without its siblings.
macro_rules! review_views {
    ($condition:literal) => {
        concat!(
            "SELECT r.id, r.rating, r.body, r.created_at, r.updated_at, r.hidden_reason, r.student_id, ",
            "s.name AS student_name, v.provider_name, e.completed_at FROM partner_reviews r ",
            "LEFT JOIN students s ON s.id = r.student_id ",
            "LEFT JOIN partner_lms_providers v ON v.id = r.provider_id ",
            "LEFT JOIN partner_lms_enrollments e ON e.id = r.enrollment_id ",
            "WHERE r.withdrawn_at IS NULL AND ",
            $condition,
            " ORDER BY r.updated_at DESC, r.id DESC LIMIT $2"
        )
    };
}

macro_rules! review {
    ($condition:literal) => {
        concat!(
            "SELECT r.id, r.enrollment_id, r.student_id, r.provider_id, r.course_id, r.program_id, r.rating, ",
            "r.body, r.hidden_reason FROM partner_reviews r WHERE r.withdrawn_at IS NULL AND ",
            $condition
        )
    };
}

statements! { REVIEWS:
    // One per enrollment. One that was withdrawn may be written again; a hidden text stays hidden.
    POST_REVIEW = "INSERT INTO partner_reviews (id, enrollment_id, student_id, provider_id, course_id, \
        program_id, rating, body, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) \
        ON CONFLICT (enrollment_id) DO UPDATE SET rating = excluded.rating, body = excluded.body, \
        created_at = excluded.created_at, updated_at = excluded.updated_at, withdrawn_at = NULL \
        WHERE partner_reviews.withdrawn_at IS NOT NULL";
    // Whoever changes a review holds its row first: the score that is taken back is the one that counts.
    LOCK_REVIEW = "UPDATE partner_reviews SET rating = rating WHERE enrollment_id = $1 \
        AND withdrawn_at IS NULL RETURNING course_id, rating";
    EDIT_REVIEW = "UPDATE partner_reviews SET rating = $2, body = COALESCE($3, body), updated_at = $4 WHERE enrollment_id = $1 \
        AND withdrawn_at IS NULL";
    WITHDRAW_REVIEW = "UPDATE partner_reviews SET withdrawn_at = $2, updated_at = $2, body = '' \
        WHERE enrollment_id = $1 AND withdrawn_at IS NULL";
    HIDE_REVIEW = "UPDATE partner_reviews SET hidden_at = $2, hidden_by = $3, hidden_reason = $4 WHERE id = $1 \
        AND withdrawn_at IS NULL AND hidden_at IS NULL";
    UNHIDE_REVIEW = "UPDATE partner_reviews SET hidden_at = NULL, hidden_by = NULL, hidden_reason = NULL \
        WHERE id = $1 AND withdrawn_at IS NULL AND hidden_at IS NOT NULL";
    COUNT_RATING = "INSERT INTO review_totals (course_id, rating, reviews) VALUES ($1, $2, 1) \
        ON CONFLICT (course_id, rating) DO UPDATE SET reviews = review_totals.reviews + 1";
    UNCOUNT_RATING = "UPDATE review_totals SET reviews = reviews - 1 WHERE course_id = $1 AND rating = $2 \
        AND reviews > 0";
    FIND_REVIEW = review!("r.id = $1");
    FIND_REVIEW_OF_ENROLLMENT = review!("r.enrollment_id = $1");

    LIST_REVIEWS_OF_PROGRAM = review_views!("r.program_id = $1 AND (r.updated_at, r.id) < ($3, $4)");
    LIST_REVIEWS_OF_PROGRAM_RATED =
        review_views!("r.program_id = $1 AND r.rating = $5 AND (r.updated_at, r.id) < ($3, $4)");
    LIST_REVIEWS_OF_COURSE = review_views!("r.course_id = $1 AND (r.updated_at, r.id) < ($3, $4)");
    LIST_REVIEWS_OF_COURSE_RATED =
        review_views!("r.course_id = $1 AND r.rating = $5 AND (r.updated_at, r.id) < ($3, $4)");
    LIST_RATINGS_OF_COURSE = "SELECT course_id, rating, reviews FROM review_totals WHERE course_id = $1";

    // For how many scores of a course the total is not the number of its reviews.
    COUNT_WRONG_RATINGS = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT course_id FROM \
        (SELECT course_id, rating, COUNT(*) AS n FROM partner_reviews WHERE withdrawn_at IS NULL \
        GROUP BY course_id, rating UNION ALL SELECT course_id, rating, -reviews AS n FROM review_totals) b \
        GROUP BY course_id, rating HAVING SUM(n) <> 0) d";
}
