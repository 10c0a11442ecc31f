//! Partners that are set up as tools of LTI 1.3.

use super::Backend;
use super::steps::append_event;
use crate::domain::plan::ToolPlan;
use crate::domain::provider::Protocol;
use crate::store::config;
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::sql;
use serde_json::Value;
use sqlx::types::Json;

impl Backend {
    pub(in crate::store) async fn register_tool(&self, plan: &ToolPlan) -> Result<(), StoreError> {
        let provider = plan.provider_id.as_uuid();
        let mut tx = self.begin().await?;
        // An import may be writing the same configuration.
        sqlx::query(sql::LOCK_PROVIDER).bind(provider).execute(&mut *tx).await?;
        let standing: Option<Option<Json<Value>>> =
            sqlx::query_scalar(sql::FIND_API_CONFIG).bind(provider).fetch_optional(&mut *tx).await?;
        let Some(standing) = standing else {
            return Err(StoreError::Conflict(Conflict::Changed));
        };
        let standing = standing.map(|Json(config)| config);
        let support = config::support(standing.as_ref());
        let protocol = Protocol::Lti13(plan.access.clone());
        // What another protocol could do is nothing a tool can be asked for.
        let declares = config::declares(standing.as_ref()).map(|can| can.and(protocol.capabilities()));
        let wanted = config::api_config(&protocol, declares, &support, standing.as_ref());
        sqlx::query(sql::UPDATE_API_CONFIG).bind(provider).bind(Json(wanted)).execute(&mut *tx).await?;
        self.fail.hit(FailPoint::RegisterAfterRow);
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::RegisterBeforeCommit, FailPoint::RegisterAfterCommit).await
    }
}
