//! Rows of reports that a course is finished.

use super::{bad, clean, optional};
use crate::domain::person::{Email, Student};
use crate::domain::program::Slug;
use crate::domain::proof::{Proof, ProofFile, ProofQueue, ProofStatus, ProofView};
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use crate::store::error::StoreError;
use chrono::NaiveDate;
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
#[expect(clippy::struct_field_names, reason = "columns of a join, told apart by their prefix")]
pub(in crate::store) struct ProofRow {
    q_id: Option<Uuid>,
    q_enrollment_id: Option<Uuid>,
    q_status: Option<String>,
    q_sent_at: Option<Instant>,
    q_finished_on: Option<NaiveDate>,
    q_note: Option<String>,
    q_url: Option<String>,
    q_file_name: Option<String>,
    q_bytes: Option<i64>,
    q_decided_at: Option<Instant>,
    q_decision_note: Option<String>,
}

impl ProofRow {
    /// The report; `None` where the LEFT JOIN found none.
    pub fn proof(&self) -> Result<Option<Proof>, StoreError> {
        let (Some(id), Some(enrollment), Some(sent_at)) = (self.q_id, self.q_enrollment_id, self.q_sent_at)
        else {
            return Ok(None);
        };
        let file = optional(self.q_file_name.as_ref());
        let status = self.q_status.as_deref().and_then(ProofStatus::parse);
        Ok(Some(Proof {
            id: id.into(),
            enrollment_id: enrollment.into(),
            status: status.ok_or(bad("report"))?,
            sent_at,
            finished_on: self.q_finished_on.unwrap_or_else(|| sent_at.date_naive()),
            note: optional(self.q_note.as_ref()),
            url: self.q_url.as_deref().and_then(|raw| WebUrl::parse(raw).ok()),
            file: file.map(|name| (name, self.q_bytes.and_then(|n| n.try_into().ok()).unwrap_or_default())),
            decided_at: self.q_decided_at,
            decision_note: optional(self.q_decision_note.as_ref()),
        }))
    }
}

#[derive(FromRow)]
pub(in crate::store) struct ProofViewRow {
    #[sqlx(flatten)]
    proof: ProofRow,
    id: Option<Uuid>,
    email: Option<String>,
    name: Option<String>,
    slug: Option<String>,
    title: Option<String>,
    provider_name: Option<String>,
}

impl TryFrom<ProofViewRow> for ProofView {
    type Error = StoreError;
    fn try_from(row: ProofViewRow) -> Result<Self, StoreError> {
        let slug = row.slug.as_deref().and_then(|slug| Slug::parse(slug).ok());
        Ok(Self {
            proof: row.proof.proof()?.ok_or(bad("report"))?,
            student: Student {
                id: row.id.ok_or(bad("student"))?.into(),
                email: row.email.as_deref().and_then(|raw| Email::parse(raw).ok()),
                name: optional(row.name.as_ref()),
            },
            program_slug: slug.ok_or(bad("program name"))?,
            program_title: clean(row.title.as_ref()),
            partner: clean(row.provider_name.as_ref()),
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct ProofFileRow {
    file_name: String,
    file: Vec<u8>,
}

impl From<ProofFileRow> for ProofFile {
    fn from(row: ProofFileRow) -> Self {
        Self { name: row.file_name.into(), bytes: row.file }
    }
}

#[derive(FromRow)]
pub(in crate::store) struct ProofQueueRow {
    waiting: i64,
    since: Option<Instant>,
}

impl From<ProofQueueRow> for ProofQueue {
    fn from(row: ProofQueueRow) -> Self {
        Self { open: row.waiting.try_into().unwrap_or(u32::MAX), since: row.since }
    }
}
