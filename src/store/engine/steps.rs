//! Steps that several transactions share.

use super::{Query, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{AdvisorId, EnrollmentId, JobId, ProviderId, StudentId};
use crate::domain::job::NewJob;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::StoreError;
use crate::store::sql;
use sqlx::types::Json;
use uuid::Uuid;

/// Writes outside work down.
pub(super) async fn insert_jobs(tx: &mut Tx, jobs: &[NewJob], at: Instant) -> Result<(), StoreError> {
    for together in jobs.chunks(2) {
        let statement = if together.len() == 1 { sql::INSERT_JOB } else { sql::INSERT_TWO_JOBS };
        let mut query = sqlx::query(statement);
        for job in together {
            query = query
                .bind(job.id.as_uuid())
                .bind(job.kind.code())
                .bind(job.enrollment_id.map(EnrollmentId::as_uuid))
                .bind(Json(&job.payload))
                .bind(&job.idempotency_key)
                .bind(job.needs.code())
                .bind(to_micros(job.run_at))
                .bind(to_micros(at));
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Ends a job; `false` when it had ended already.
pub(super) async fn finish_job(tx: &mut Tx, job: JobId, at: Instant) -> Result<bool, StoreError> {
    let done =
        sqlx::query(sql::FINISH_JOB).bind(job.as_uuid()).bind(to_micros(at)).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Appends a line to the audit.
pub(super) async fn append_event(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    append(tx, sql::INSERT_EVENT, event, None).await
}

/// Appends a line that is there once, whoever writes it first.
pub(super) async fn append_once(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    append(tx, sql::INSERT_EVENT_ONCE, event, None).await
}

/// Appends two lines, the first one first, at the cost of one where it is the same actor who did both to
/// the same enrollment.
pub(super) async fn append_both(tx: &mut Tx, first: &Event, second: &Event) -> Result<(), StoreError> {
    let shared = |event: &Event| (event.actor, event.subject, event.enrollment, event.provider);
    if shared(first) != shared(second) {
        append_event(tx, first).await?;
        return append_event(tx, second).await;
    }
    appending(sql::INSERT_TWO_EVENTS, first, None)
        .bind(second.id.as_uuid())
        .bind(to_micros(second.at))
        .bind(second.kind.code())
        .bind(Json(&second.payload))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Appends that a course was completed, so many days after enrolling.
pub(super) async fn append_completed(
    tx: &mut Tx,
    event: &Event,
    enrolled_at: Option<Instant>,
) -> Result<(), StoreError> {
    let days = enrolled_at.map(|enrolled| (event.at - enrolled).num_days().max(0));
    append(tx, sql::INSERT_EVENT, event, days).await
}

/// Appends that the student has begun, in the words of what told so; once for each enrollment,
/// however many tell it at once.
pub(super) async fn append_started(tx: &mut Tx, told: &Event, at: Instant) -> Result<(), StoreError> {
    let Some(enrollment) = told.enrollment else {
        return Ok(());
    };
    let event = Event {
        id: enrollment.started_event(),
        at,
        kind: EventKind::Started,
        payload: serde_json::json!({}),
        ..told.clone()
    };
    append(tx, sql::INSERT_STARTED, &event, None).await
}

async fn append(
    tx: &mut Tx,
    statement: &'static str,
    event: &Event,
    days: Option<i64>,
) -> Result<(), StoreError> {
    appending(statement, event, days).execute(&mut **tx).await?;
    Ok(())
}

fn appending<'a>(statement: &'static str, event: &'a Event, days: Option<i64>) -> Query<'a> {
    let (actor_kind, actor_id) = actor_columns(event.actor);
    let subject = event.subject.or_else(|| event.actor.student());
    sqlx::query(statement)
        .bind(event.id.as_uuid())
        .bind(to_micros(event.at))
        .bind(actor_kind)
        .bind(actor_id)
        .bind(subject.map(StudentId::as_uuid))
        .bind(event.kind.code())
        .bind(event.enrollment.map(EnrollmentId::as_uuid))
        .bind(event.provider.map(ProviderId::as_uuid))
        .bind(Json(&event.payload))
        .bind(days)
}

/// The columns `actor_kind` and `actor_id`.
pub(super) fn actor_columns(actor: Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Student(id) => ("student", Some(StudentId::as_uuid(id))),
        Actor::Advisor { advisor, .. } | Actor::Staff(advisor) => {
            (ADVISOR, Some(AdvisorId::as_uuid(advisor)))
        }
        Actor::System => ("system", None),
    }
}

/// The `actor_kind` of somebody who acts for a student.
pub(super) const ADVISOR: &str = "advisor";
