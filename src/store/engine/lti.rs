//! LTI 1.3 launches: begun, initiated, used; each step once.

use super::Backend;
use super::steps::{actor_columns, append_event, append_started};
use crate::domain::lti::{Digest, KEPT_AFTERWARDS, LtiInitiation, LtiLaunch, LtiUse, NewLtiLaunch};
use crate::domain::plan::Handover;
use crate::domain::text::Text;
use crate::domain::time::to_micros;
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::LtiLaunchRow;
use crate::store::sql;

impl Backend {
    pub(in crate::store) async fn begin_lti_launch(&self, plan: &NewLtiLaunch) -> Result<(), StoreError> {
        let (actor_kind, actor_id) = actor_columns(plan.actor);
        let mut tx = self.begin().await?;
        sqlx::query(sql::FORGET_LTI_LAUNCHES)
            .bind(to_micros(plan.at - KEPT_AFTERWARDS))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::LtiBeginAfterForgetting);
        sqlx::query(sql::INSERT_LTI_LAUNCH)
            .bind(plan.id.as_uuid())
            .bind(plan.enrollment_id.as_uuid())
            .bind(plan.student_id.as_uuid())
            .bind(plan.provider_id.as_uuid())
            .bind(actor_kind)
            .bind(actor_id)
            .bind(plan.initiate.as_bytes())
            .bind(to_micros(plan.at))
            .bind(to_micros(plan.expires_at))
            .execute(&mut *tx)
            .await?;
        self.commit(tx, FailPoint::LtiBeginBeforeCommit, FailPoint::LtiBeginAfterCommit).await
    }

    pub(in crate::store) async fn find_lti_launch_by_address(
        &self,
        initiate: &Digest,
    ) -> Result<Option<LtiLaunch>, StoreError> {
        let row: Option<LtiLaunchRow> = sqlx::query_as(sql::FIND_LTI_LAUNCH_BY_ADDRESS)
            .bind(initiate.as_bytes())
            .fetch_optional(&self.pool)
            .await?;
        row.map(LtiLaunch::try_from).transpose()
    }

    pub(in crate::store) async fn find_lti_launch_by_hint(
        &self,
        login_hint: &Digest,
    ) -> Result<Option<LtiLaunch>, StoreError> {
        let row: Option<LtiLaunchRow> = sqlx::query_as(sql::FIND_LTI_LAUNCH_BY_HINT)
            .bind(login_hint.as_bytes())
            .fetch_optional(&self.pool)
            .await?;
        row.map(LtiLaunch::try_from).transpose()
    }

    pub(in crate::store) async fn initiate_lti_launch(&self, plan: &LtiInitiation) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let initiated = sqlx::query(sql::INITIATE_LTI_LAUNCH)
            .bind(plan.initiate.as_bytes())
            .bind(to_micros(plan.at))
            .bind(plan.login_hint.as_bytes())
            .bind(plan.message_hint.as_bytes())
            .execute(&mut *tx)
            .await?;
        if initiated.rows_affected() == 0 {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        self.commit(tx, FailPoint::LtiInitiateBeforeCommit, FailPoint::LtiInitiateAfterCommit).await
    }

    pub(in crate::store) async fn use_lti_launch(&self, plan: &LtiUse) -> Result<Text, StoreError> {
        let (actor_kind, actor_id) = actor_columns(plan.actor);
        let mut tx = self.begin().await?;
        let used = sqlx::query(sql::USE_LTI_LAUNCH)
            .bind(plan.login_hint.as_bytes())
            .bind(to_micros(plan.at))
            .bind(plan.message_hint.as_bytes())
            .bind(plan.enrollment_id.as_uuid())
            .execute(&mut *tx)
            .await?;
        // Replayed, run out, cancelled or switched away.
        if used.rows_affected() == 0 {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        self.fail.hit(FailPoint::LtiUseAfterHint);
        sqlx::query(sql::INSERT_SUBJECT)
            .bind(plan.enrollment_id.as_uuid())
            .bind(plan.subject.as_str())
            .bind(to_micros(plan.at))
            .execute(&mut *tx)
            .await?;
        let subject: String = sqlx::query_scalar(sql::FIND_SUBJECT)
            .bind(plan.enrollment_id.as_uuid())
            .fetch_one(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::LtiUseAfterSubject);
        sqlx::query(sql::INSERT_LAUNCH)
            .bind(plan.launch_id.as_uuid())
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(plan.at))
            .bind(Handover::Browser.code())
            .bind(actor_kind)
            .bind(actor_id)
            .execute(&mut *tx)
            .await?;
        sqlx::query(sql::TOUCH_ENROLLMENT)
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(plan.at))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::LtiUseAfterLaunch);
        append_event(&mut tx, &plan.disclosed).await?;
        append_event(&mut tx, &plan.launched).await?;
        if plan.begins {
            append_started(&mut tx, &plan.launched, plan.at).await?;
        }
        self.commit(tx, FailPoint::LtiUseBeforeCommit, FailPoint::LtiUseAfterCommit).await?;
        Ok(subject.into())
    }
}
