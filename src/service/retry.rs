//! Try again what was given up.

use crate::domain::actor::Actor;
use crate::domain::decide::decide_retry;
use crate::domain::event::EventKind;
use crate::domain::ids::EnrollmentId;
use crate::domain::plan::RetryPlan;
use crate::service::{ServiceError, Services};

impl Services {
    /// Gives the outside work of an enrollment that was given up a fresh start.
    pub async fn retry(&self, actor: Actor, id: EnrollmentId) -> Result<(), ServiceError> {
        let view = self.course(actor, id).await?;
        decide_retry(&view, actor)?;
        let at = self.now();
        let event = self.event_about(&view, actor, EventKind::Retried, at);
        self.store.retry_jobs(&RetryPlan { enrollment_id: id, at, event }).await?;
        Ok(())
    }
}
