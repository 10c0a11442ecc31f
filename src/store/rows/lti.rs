//! Rows of `lti_launches`.

use super::bad;
use crate::domain::actor::Actor;
use crate::domain::lti::{Digest, LtiLaunch};
use crate::domain::time::Instant;
use crate::store::error::StoreError;
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
pub(in crate::store) struct LtiLaunchRow {
    id: Uuid,
    enrollment_id: Uuid,
    student_id: Uuid,
    provider_id: Uuid,
    actor_kind: String,
    actor_id: Option<Uuid>,
    message_hint_digest: Option<Vec<u8>>,
    expires_at: Instant,
    initiated_at: Option<Instant>,
    used_at: Option<Instant>,
}

impl TryFrom<LtiLaunchRow> for LtiLaunch {
    type Error = StoreError;
    fn try_from(row: LtiLaunchRow) -> Result<Self, StoreError> {
        let student = row.student_id.into();
        let actor = match (row.actor_kind.as_str(), row.actor_id) {
            ("student", Some(id)) => Actor::Student(id.into()),
            ("advisor", Some(id)) => Actor::Advisor { advisor: id.into(), student },
            ("system", None) => Actor::System,
            _ => return Err(bad("launch")),
        };
        let digest = |bytes: Vec<u8>| <[u8; 32]>::try_from(bytes).map(Digest::new).map_err(|_| bad("launch"));
        Ok(Self {
            id: row.id.into(),
            enrollment_id: row.enrollment_id.into(),
            student_id: student,
            provider_id: row.provider_id.into(),
            actor,
            message_hint: row.message_hint_digest.map(digest).transpose()?,
            expires_at: row.expires_at,
            initiated_at: row.initiated_at,
            used_at: row.used_at,
        })
    }
}
