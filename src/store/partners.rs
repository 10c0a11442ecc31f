//! A partner's life.

use super::{PAUSE, Store, StoreError, TRIES};
use crate::domain::health::Health;
use crate::domain::plan::{HealthPlan, PartnerPlan, WatchPlan};

impl Store {
    /// Pauses, resumes or retires a partner; whoever waits for its return is told where it is back.
    pub async fn change_partner(&self, plan: &PartnerPlan) -> Result<(), StoreError> {
        transact!(self, change_partner(plan))
    }

    /// Notes how a call to a partner's platform went. Nothing is written where nothing changes.
    pub async fn record_call(&self, plan: &HealthPlan) -> Result<Health, StoreError> {
        transact!(self, record_call(plan))
    }

    /// Somebody wants to be told when a partner is back; `false` when they had asked already.
    /// `Conflict::Changed` when it is back.
    pub async fn watch_partner(&self, plan: &WatchPlan) -> Result<bool, StoreError> {
        transact!(self, watch_partner(plan))
    }
}
