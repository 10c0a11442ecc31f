//! What a comparison and "Fits you" read.

use crate::domain::candidate::Outcome;
use crate::domain::fits::Preferences;
use crate::domain::ids::CourseId;
use sqlx::FromRow;
use uuid::Uuid;

/// What became of those who enrolled in a course.
#[derive(FromRow)]
pub(in crate::store) struct OutcomeRow {
    course_id: Uuid,
    completed: i64,
    active: i64,
}

impl From<OutcomeRow> for (CourseId, Outcome) {
    fn from(row: OutcomeRow) -> Self {
        let count = |raw: i64| u32::try_from(raw).unwrap_or(u32::MAX);
        (row.course_id.into(), Outcome { completed: count(row.completed), active: count(row.active) })
    }
}

/// What a student told us they need.
#[derive(FromRow)]
pub(in crate::store) struct PreferencesRow {
    evenings: Option<bool>,
    teacher: Option<bool>,
    campus: Option<bool>,
    budget: Option<i64>,
}

impl From<PreferencesRow> for Preferences {
    fn from(row: PreferencesRow) -> Self {
        Self {
            evenings: row.evenings,
            teacher: row.teacher,
            campus: row.campus,
            budget: row.budget.and_then(|most| u32::try_from(most).ok()),
        }
    }
}
