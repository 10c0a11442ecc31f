//! What a student needs, kept for them.

use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::fits::Preferences;
use crate::domain::ids::StudentId;
use crate::domain::refusal::Refusal;
use crate::service::{ServiceError, Services};

impl Services {
    /// What the actor's student told us they need; nothing, when they were never asked.
    pub async fn preferences(&self, actor: Actor, student: StudentId) -> Result<Preferences, ServiceError> {
        if !actor.may_touch(student) {
            return Err(Refusal::NotYours.into());
        }
        Ok(self.store.find_preferences(student).await?.unwrap_or_default())
    }

    /// Keeps what the actor's student needs. `false`: the student is not written down before the first
    /// enrollment, so nothing was kept.
    pub async fn save_preferences(
        &self,
        actor: Actor,
        student: StudentId,
        preferences: &Preferences,
    ) -> Result<bool, ServiceError> {
        if !actor.may_touch(student) {
            return Err(Refusal::NotYours.into());
        }
        if self.store.find_student(student).await?.is_none() {
            return Ok(false);
        }
        let event = self.event(actor, Some(student), EventKind::PreferencesSaved, self.now());
        self.store.save_preferences(student, preferences, &event).await?;
        Ok(true)
    }
}
