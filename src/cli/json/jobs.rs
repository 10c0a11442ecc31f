//! The JSON of `jobs`.

use crate::domain::job::ListedJob;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use serde_json::{Value, json};

/// `jobs list|retry|drop --json`: one job. `state` is `given_up`, `at_work`, `waiting` or `done`.
pub fn job(job: &ListedJob, course: Option<&CourseView>, now: Instant) -> Value {
    let state = match job {
        ListedJob { done_at: Some(_), .. } => "done",
        ListedJob { gave_up_at: Some(_), .. } => "given_up",
        _ if job.is_at_work(now) => "at_work",
        _ => "waiting",
    };
    json!({
        "id": job.id,
        "kind": job.kind.code(),
        "state": state,
        "enrollment_id": job.enrollment_id,
        "student": course.and_then(|course| course.student.email.as_ref()),
        "program": course.map(|course| &course.program_slug),
        "partner": course.and_then(CourseView::provider).map(|provider| &provider.name),
        "attempts": job.attempts,
        "last_error": job.last_error,
        "created_at": job.created_at,
        "run_at": job.run_at,
        "gave_up_at": job.gave_up_at,
        "done_at": job.done_at,
    })
}
