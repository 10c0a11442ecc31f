//! What `--json` prints about reports that a course is finished.

use crate::domain::proof::{Proof, ProofView};
use crate::domain::views::CourseView;
use crate::domain::web::WebUrl;
use serde_json::{Value, json};

/// `proof list|show|accept|decline --json`: one report, without what is in its file.
pub fn proof(view: &ProofView) -> Value {
    let mut value = fields(&view.proof);
    value["program"] = json!(view.program_slug);
    value["partner"] = json!(view.partner);
    value["student"] = json!(view.student.email);
    value["student_id"] = json!(view.student.id);
    value
}

/// `proof send --json`.
pub fn proof_of(proof: &Proof, view: &CourseView) -> Value {
    let mut value = fields(proof);
    value["program"] = json!(view.program_slug);
    value["partner"] = json!(view.provider().map(|provider| &provider.name));
    value["student"] = json!(view.student.email);
    value["student_id"] = json!(view.student.id);
    value
}

fn fields(proof: &Proof) -> Value {
    json!({
        "proof_id": proof.id,
        "enrollment_id": proof.enrollment_id,
        "status": proof.status.code(),
        "finished_on": proof.finished_on,
        "sent_at": proof.sent_at,
        "note": proof.note,
        "link": proof.url.as_ref().map(WebUrl::as_str),
        "file": proof.file.as_ref().map(|(name, bytes)| json!({ "name": name, "bytes": bytes })),
        "decided_at": proof.decided_at,
        "answer": proof.decision_note,
    })
}

/// `proof` of an enrollment in `courses --json`: the last report.
pub fn last_proof(proof: &Proof) -> Value {
    json!({
        "proof_id": proof.id,
        "status": proof.status.code(),
        "finished_on": proof.finished_on,
        "sent_at": proof.sent_at,
        "answer": proof.decision_note,
    })
}
