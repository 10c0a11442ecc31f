//! What a partner answered: accounts and confirmed enrollments.

use super::Backend;
use super::steps::{append_event, finish_job};
use crate::domain::plan::{AccountPlan, ProvisionedPlan};
use crate::domain::text::Text;
use crate::domain::time::to_micros;
use crate::store::error::StoreError;
use crate::store::fail::FailPoint;
use crate::store::sql;

impl Backend {
    pub(in crate::store) async fn record_account(&self, plan: &AccountPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(sql::INSERT_ACCOUNT)
            .bind(plan.enrollment_id.as_uuid())
            .bind(plan.id.as_uuid())
            .bind(plan.account.external_account_id.as_str())
            .bind(plan.account.username.as_ref().map(Text::as_str))
            .bind(to_micros(plan.at))
            .execute(&mut *tx)
            .await?;
        self.commit(tx, FailPoint::AccountBeforeCommit, FailPoint::AccountAfterCommit).await
    }

    pub(in crate::store) async fn record_provisioned(
        &self,
        plan: &ProvisionedPlan,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let first = finish_job(&mut tx, plan.job_id, plan.event.at).await?;
        self.fail.hit(FailPoint::ProvisionedAfterJob);
        let confirmed = sqlx::query(sql::CONFIRM_LINK)
            .bind(plan.enrollment_id.as_uuid())
            .bind(plan.external_account_id.as_str())
            .bind(plan.external_enrollment_id.as_str())
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::ProvisionedAfterLink);
        // Two processes may have done one job; it is told once.
        if first || confirmed.rows_affected() > 0 {
            append_event(&mut tx, &plan.event).await?;
        }
        self.commit(tx, FailPoint::ProvisionedBeforeCommit, FailPoint::ProvisionedAfterCommit).await
    }
}
