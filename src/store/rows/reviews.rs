//! Rows of reviews.

use super::{bad, clean, optional};
use crate::domain::enrollment::Delivery;
use crate::domain::ids::StudentId;
use crate::domain::person::Student;
use crate::domain::review::{Rating, Review, ReviewView};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::store::error::StoreError;
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
pub(in crate::store) struct ReviewRow {
    id: Uuid,
    enrollment_id: Uuid,
    student_id: Uuid,
    provider_id: Uuid,
    course_id: Uuid,
    program_id: Uuid,
    rating: i64,
    body: String,
    hidden_reason: Option<String>,
}

impl TryFrom<ReviewRow> for Review {
    type Error = StoreError;
    fn try_from(row: ReviewRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            enrollment_id: row.enrollment_id.into(),
            student_id: row.student_id.into(),
            delivery: Delivery { provider_id: row.provider_id.into(), course_id: row.course_id.into() },
            program_id: row.program_id.into(),
            rating: Rating::new(row.rating).ok_or(bad("rating"))?,
            text: row.body.into(),
            hidden: row.hidden_reason.map(Text::from),
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct ReviewViewRow {
    id: Uuid,
    rating: i64,
    body: String,
    created_at: Instant,
    updated_at: Instant,
    hidden_reason: Option<String>,
    student_id: Uuid,
    student_name: Option<String>,
    provider_name: Option<String>,
    completed_at: Option<Instant>,
}

impl ReviewViewRow {
    /// As everybody sees it, or its author where `viewer` is the one.
    pub fn view(self, viewer: Option<StudentId>) -> Result<ReviewView, StoreError> {
        let name = optional(self.student_name.as_ref());
        let author = Student { id: self.student_id.into(), email: None, name };
        let hidden = self.hidden_reason.map(Text::from);
        Ok(ReviewView {
            id: self.id.into(),
            rating: Rating::new(self.rating).ok_or(bad("rating"))?,
            text: if hidden.is_some() { Text::default() } else { self.body.into() },
            hidden,
            author: if author.name.is_some() { author.short() } else { "a student".to_owned() },
            partner: clean(self.provider_name.as_ref()),
            completed_at: self.completed_at,
            own: viewer == Some(author.id),
            edited: self.updated_at > self.created_at,
            at: self.updated_at,
        })
    }
}
