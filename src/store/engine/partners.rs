//! A partner's life, how its platform answers, and who is told when it is back.

use super::ledger::lock_provider;
use super::steps::{append_event, insert_jobs};
use super::{Backend, Tx};
use crate::domain::actor::Actor;
use crate::domain::decide::is_back;
use crate::domain::event::{Event, EventKind};
use crate::domain::health::Health;
use crate::domain::ids::ProviderId;
use crate::domain::job::{JobKind, Needs, NewJob};
use crate::domain::plan::{HealthPlan, PartnerPlan, WatchPlan};
use crate::domain::provider::{Availability, Provider};
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::ProviderRow;
use crate::store::sql;
use uuid::Uuid;

impl Backend {
    pub(in crate::store) async fn change_partner(&self, plan: &PartnerPlan) -> Result<(), StoreError> {
        let (status, note, until, since) = match &plan.availability {
            Availability::Active => ("active", None, None, None),
            Availability::Paused { note, until, since } => ("paused", note.as_ref(), *until, *since),
        };
        let retirement = plan.retirement.as_ref();
        let mut tx = self.begin().await?;
        lock_provider(&mut tx, plan.provider_id).await?;
        let before = provider(&mut tx, plan.provider_id).await?;
        if (&before.availability, &before.retirement) != (&plan.seen.0, &plan.seen.1) {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        sqlx::query(sql::SET_STANDING)
            .bind(plan.provider_id.as_uuid())
            .bind(plan.availability.is_active())
            .bind(status)
            .bind(note.map(Text::as_str))
            .bind(until)
            .bind(since.map(to_micros))
            .bind(retirement.map(|end| end.closes_on))
            .bind(retirement.and_then(|end| end.ends_on))
            .bind(retirement.and_then(|end| end.note.as_ref()).map(Text::as_str))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::PartnerAfterRow);
        append_event(&mut tx, &plan.event).await?;
        let after = Provider {
            availability: plan.availability.clone(),
            retirement: plan.retirement.clone(),
            ..before
        };
        // While its platform has problems it is not back; then its recovery tells.
        if is_back(&after, plan.event.at) {
            tell_watches(&mut tx, plan.provider_id, plan.event.at).await?;
        }
        self.fail.hit(FailPoint::PartnerAfterWatches);
        self.commit(tx, FailPoint::PartnerBeforeCommit, FailPoint::PartnerAfterCommit).await
    }

    pub(in crate::store) async fn record_call(&self, plan: &HealthPlan) -> Result<Health, StoreError> {
        let at = plan.troubled.at;
        let mut tx = self.begin().await?;
        // Two processes at once wait for each other here, so that each sees what the other has written.
        lock_provider(&mut tx, plan.provider_id).await?;
        let before = provider(&mut tx, plan.provider_id).await?;
        let after = before.health.after(plan.outcome, to_micros(at));
        if after == before.health {
            return Ok(after);
        }
        sqlx::query(sql::SET_HEALTH)
            .bind(plan.provider_id.as_uuid())
            .bind(i64::from(after.failures))
            .bind(i64::from(after.successes))
            .bind(after.failing_from.map(to_micros))
            .bind(after.last_failure_at.map(to_micros))
            .bind(after.troubled_since.map(to_micros))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::CallAfterHealth);
        match (before.health.troubled_since, after.troubled_since) {
            (None, Some(since)) => {
                let payload = serde_json::json!({ "since": since, "failures": after.failures });
                append_event(&mut tx, &Event { payload, ..plan.troubled.clone() }).await?;
            }
            (Some(since), None) => {
                let payload = serde_json::json!({ "since": since });
                append_event(&mut tx, &Event { payload, ..plan.recovered.clone() }).await?;
            }
            _ => {}
        }
        // Old trouble may have passed by itself, and this very call have failed: then the calls that work
        // again tell, trouble or not.
        if after.is_clear() && before.stage(at).opens() {
            tell_watches(&mut tx, plan.provider_id, at).await?;
        }
        self.fail.hit(FailPoint::CallAfterEvents);
        self.commit(tx, FailPoint::CallBeforeCommit, FailPoint::CallAfterCommit).await?;
        Ok(after)
    }

    pub(in crate::store) async fn watch_partner(&self, plan: &WatchPlan) -> Result<bool, StoreError> {
        let at = plan.event.at;
        let mut tx = self.begin().await?;
        lock_provider(&mut tx, plan.provider_id).await?;
        // It may have come back since this was decided: nobody would ever tell.
        if is_back(&provider(&mut tx, plan.provider_id).await?, at) {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        let asked = sqlx::query(sql::INSERT_WATCH)
            .bind(plan.id.as_uuid())
            .bind(plan.provider_id.as_uuid())
            .bind(plan.student_id.as_uuid())
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(at))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::WatchAfterRow);
        let first = asked.rows_affected() > 0;
        if first {
            append_event(&mut tx, &plan.event).await?;
        } else {
            // One mail per partner, about the course that was asked for last: the other may be cancelled.
            sqlx::query(sql::MOVE_WATCH)
                .bind(plan.provider_id.as_uuid())
                .bind(plan.student_id.as_uuid())
                .bind(plan.enrollment_id.as_uuid())
                .execute(&mut *tx)
                .await?;
        }
        self.commit(tx, FailPoint::WatchBeforeCommit, FailPoint::WatchAfterCommit).await?;
        Ok(first)
    }
}

async fn provider(tx: &mut Tx, id: ProviderId) -> Result<Provider, StoreError> {
    let row: Option<ProviderRow> =
        sqlx::query_as(sql::FIND_PROVIDER).bind(id.as_uuid()).fetch_optional(&mut **tx).await?;
    row.and_then(|row| row.provider()).ok_or(StoreError::Conflict(Conflict::Changed))
}

/// Tells everybody who waits for a partner that it is back; each once.
pub(super) async fn tell_watches(tx: &mut Tx, partner: ProviderId, at: Instant) -> Result<(), StoreError> {
    let waiting: Vec<(Uuid, Uuid, Uuid)> =
        sqlx::query_as(sql::LIST_WAITING_WATCHES).bind(partner.as_uuid()).fetch_all(&mut **tx).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let told = sqlx::query(sql::TELL_WATCHES).bind(partner.as_uuid()).bind(to_micros(at));
    told.execute(&mut **tx).await?;
    let jobs: Vec<NewJob> = waiting.iter().map(|(watch, _, course)| mail(*watch, *course, at)).collect();
    insert_jobs(tx, &jobs, at).await?;
    for (watch, student, course) in waiting {
        let event = Event {
            id: Uuid::new_v5(&watch, b"told").into(),
            at,
            actor: Actor::System,
            subject: Some(student.into()),
            kind: EventKind::WatchTold,
            enrollment: Some(course.into()),
            provider: Some(partner),
            payload: serde_json::json!({}),
        };
        append_event(tx, &event).await?;
    }
    Ok(())
}

/// What follows from a wish follows from its id: it is fulfilled once.
fn mail(watch: Uuid, course: Uuid, at: Instant) -> NewJob {
    NewJob {
        id: Uuid::new_v5(&watch, b"mail").into(),
        kind: JobKind::Mail,
        enrollment_id: Some(course.into()),
        payload: serde_json::json!({ "back": watch }),
        idempotency_key: format!("mail:back:{watch}"),
        needs: Needs::Mail,
        run_at: at,
    }
}
