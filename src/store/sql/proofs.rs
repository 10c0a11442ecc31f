//! Reports that a course is finished, where the partner reports nothing.

use super::{proof_columns, statements};

/// Reports with whose they are and about what. LEFT JOINs: none disappears because something around it
/// is missing.
macro_rules! proof_views {
    ($end:literal) => {
        concat!(
            "SELECT ",
            proof_columns!(),
            ", s.id, s.email, s.name, p.slug, p.title, v.provider_name FROM completion_proofs q ",
            "LEFT JOIN partner_lms_enrollments e ON e.id = q.enrollment_id ",
            "LEFT JOIN students s ON s.id = e.student_id ",
            "LEFT JOIN programs p ON p.id = e.program_id ",
            "LEFT JOIN partner_lms_providers v ON v.id = e.provider_id ",
            $end
        )
    };
}

statements! { PROOFS:
    // From here to the end of the transaction nobody else cancels or completes it.
    LOCK_ACTIVE = "UPDATE partner_lms_enrollments SET status = status WHERE id = $1 AND status = 'active'";
    SEND_PROOF = "INSERT INTO completion_proofs (id, enrollment_id, sent_at, finished_on, note, url, \
        file_name, file) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (enrollment_id) WHERE status = 'open' DO NOTHING";
    DECIDE_PROOF = "UPDATE completion_proofs SET status = $2, decided_at = $3, decided_by = $4, \
        decision_note = $5 WHERE id = $1 AND status = 'open'";
    FIND_PROOF = proof_views!("WHERE q.id = $1");
    FIND_PROOF_FILE = "SELECT file_name, file FROM completion_proofs WHERE id = $1 AND file IS NOT NULL";
    // Nothing is decided about what was cancelled meanwhile.
    LIST_OPEN_PROOFS = proof_views!("WHERE q.status = 'open' AND e.status = 'active' ORDER BY q.seq");
    LIST_PROOFS = proof_views!("ORDER BY q.seq DESC");
    LIST_PROOFS_OF_STUDENT = proof_views!("WHERE e.student_id = $1 ORDER BY q.seq DESC");
    COUNT_OPEN_PROOFS = "SELECT CAST(COUNT(*) AS BIGINT) AS waiting, MIN(q.sent_at) AS since \
        FROM completion_proofs q JOIN partner_lms_enrollments e ON e.id = q.enrollment_id \
        WHERE q.status = 'open' AND e.status = 'active'";
}
