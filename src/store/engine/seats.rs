//! Seats of cohorts and their waitlists: the only place that changes `cohorts.taken`.
//!
//! What holds after every transaction: `taken` is the number of enrollments that are not cancelled
//! plus the open offers, and while somebody waits for an open start no seat of it is free. So a
//! seat that is free belongs to whoever comes, and [`take`] need not look at the queue.

use super::enroll::settle_untried_jobs;
use super::people::insert_student;
use super::programs::first_day;
use super::steps::{append_event, insert_jobs};
use super::{Backend, Tx};
use crate::domain::actor::Actor;
use crate::domain::cohort::Cohort;
use crate::domain::enrollment::{Enrollment, Status};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{CohortId, EnrollmentId, EventId, ProgramId, ProviderId, StudentId, WaitlistId};
use crate::domain::job::{JobKind, Needs, NewJob};
use crate::domain::plan::{EnrollmentPlan, JoinPlan, LeavePlan};
use crate::domain::time::{Instant, to_micros};
use crate::domain::waitlist::{WaitlistStatus, WaitlistView, offer_until};
use crate::store::error::{Conflict, StoreError, unique};
use crate::store::fail::FailPoint;
use crate::store::rows::{CohortRow, EntryRef, WaitlistRow};
use crate::store::sql;
use chrono::TimeDelta;
use uuid::Uuid;

/// How long entries that ended without a seat stay in sight.
const REMEMBERED: TimeDelta = TimeDelta::days(7);

/// What is due in one cohort at one time.
struct Settling<'a> {
    tx: &'a mut Tx,
    cohort: CohortId,
    at: Instant,
    offers_last: TimeDelta,
}

/// Takes the seat of an enrollment: the one that was offered, or a free one. The last step of its
/// transaction, because everybody else who wants a seat of this cohort waits from here on.
pub(super) async fn take(tx: &mut Tx, plan: &EnrollmentPlan) -> Result<(), StoreError> {
    let (enrollment, at) = (&plan.enrollment, plan.event.at);
    // Somebody new waits for nothing yet.
    if plan.new_student.is_none() {
        let leaving = Leaving { enrollment, accepted: plan.offer, actor: plan.event.actor, at };
        leave_others(tx, &leaving, plan.offers_last).await?;
    }
    let Some(cohort) = enrollment.cohort_id else {
        return Ok(());
    };
    let Some(offer) = plan.offer else {
        return take_free(tx, cohort).await;
    };
    let accepted = sqlx::query(sql::ACCEPT_OFFER)
        .bind(offer.as_uuid())
        .bind(to_micros(at))
        .bind(enrollment.id.as_uuid())
        .bind(enrollment.student_id.as_uuid())
        .bind(cohort.as_uuid())
        .execute(&mut **tx)
        .await?;
    if accepted.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::OfferOver)) }
}

/// Takes a free seat.
pub(super) async fn take_free(tx: &mut Tx, cohort: CohortId) -> Result<(), StoreError> {
    let taken = sqlx::query(sql::TAKE_SEAT).bind(cohort.as_uuid()).execute(&mut **tx).await?;
    if taken.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::CohortFull)) }
}

/// Who leaves the waitlists of a program, because they are in it now.
pub(super) struct Leaving<'a> {
    /// With this enrollment.
    pub enrollment: &'a Enrollment,
    /// The offer they accepted.
    pub accepted: Option<WaitlistId>,
    /// Whose doing it is.
    pub actor: Actor,
    /// When.
    pub at: Instant,
}

/// Whoever is enrolled in a program waits for no other start of it. Whoever has not paid yet may still
/// have to, but not for the seat they hold.
pub(super) async fn leave_others(
    tx: &mut Tx,
    leaving: &Leaving<'_>,
    offers_last: TimeDelta,
) -> Result<(), StoreError> {
    let at = leaving.at;
    let entries: Vec<EntryRef> = sqlx::query_as(sql::LIST_LIVE_ENTRIES_OF_PROGRAM)
        .bind(leaving.enrollment.student_id.as_uuid())
        .bind(leaving.enrollment.program_id.as_uuid())
        .fetch_all(&mut **tx)
        .await?;
    let paid = leaving.enrollment.status == Status::Active;
    let held = |entry: &EntryRef| Some(entry.cohort()) == leaving.enrollment.cohort_id;
    let goes = |entry: &&EntryRef| Some(entry.id()) != leaving.accepted && (paid || held(entry));
    for entry in entries.iter().filter(goes) {
        let Some(entry) = lock_entry(tx, entry.id()).await?.filter(|entry| entry.status().is_live()) else {
            continue;
        };
        end(tx, &entry, WaitlistStatus::Left, at).await?;
        let event = entry.event(EventKind::WaitlistLeft, at);
        append_event(tx, &Event { actor: leaving.actor, ..event }).await?;
        if entry.is_offered() {
            give_back(tx, entry.cohort(), at, offers_last).await?;
        }
    }
    Ok(())
}

/// Gives the seat of an enrollment or an offer back: the next in the queue gets it offered.
pub(super) async fn give_back(
    tx: &mut Tx,
    cohort: CohortId,
    at: Instant,
    offers_last: TimeDelta,
) -> Result<(), StoreError> {
    release(tx, cohort).await?;
    settle(tx, cohort, at, offers_last).await
}

/// Before a seat of the cohort is asked for: what ran out is given back.
pub(super) async fn expire_due(tx: &mut Tx, plan: &EnrollmentPlan) -> Result<(), StoreError> {
    let Some(cohort) = plan.enrollment.cohort_id else {
        return Ok(());
    };
    let due: bool = sqlx::query_scalar(sql::IS_ANYTHING_DUE)
        .bind(cohort.as_uuid())
        .bind(to_micros(plan.event.at))
        .fetch_one(&mut **tx)
        .await?;
    if due { settle(tx, cohort, plan.event.at, plan.offers_last).await } else { Ok(()) }
}

/// Ends what ran out in a cohort, and offers every free seat to whoever waited longest.
pub(super) async fn settle(
    tx: &mut Tx,
    cohort: CohortId,
    at: Instant,
    offers_last: TimeDelta,
) -> Result<(), StoreError> {
    lock(tx, cohort).await?;
    let mut settling = Settling { tx, cohort, at, offers_last };
    settling.expire_holds().await?;
    settling.expire_offers().await?;
    settling.offer_free_seats().await
}

/// From here to the end of the transaction nobody else changes this cohort's seats or queue.
async fn lock(tx: &mut Tx, cohort: CohortId) -> Result<(), StoreError> {
    sqlx::query(sql::LOCK_COHORT).bind(cohort.as_uuid()).execute(&mut **tx).await?;
    Ok(())
}

/// An entry as it stands once its cohort is held: it may have been offered a seat until then.
async fn lock_entry(tx: &mut Tx, id: WaitlistId) -> Result<Option<EntryRef>, StoreError> {
    let Some(seen) = find_entry(tx, id).await? else {
        return Ok(None);
    };
    lock(tx, seen.cohort()).await?;
    find_entry(tx, id).await
}

async fn find_entry(tx: &mut Tx, id: WaitlistId) -> Result<Option<EntryRef>, StoreError> {
    Ok(sqlx::query_as(sql::FIND_ENTRY).bind(id.as_uuid()).fetch_optional(&mut **tx).await?)
}

/// Whoever enrolls or joins a waitlist does so one at a time, or one of two could not see that the
/// other makes them wait for what they have.
pub(super) async fn lock_student(tx: &mut Tx, student: StudentId) -> Result<(), StoreError> {
    sqlx::query(sql::LOCK_STUDENT).bind(student.as_uuid()).execute(&mut **tx).await?;
    Ok(())
}

async fn release(tx: &mut Tx, cohort: CohortId) -> Result<(), StoreError> {
    sqlx::query(sql::GIVE_SEAT_BACK).bind(cohort.as_uuid()).execute(&mut **tx).await?;
    Ok(())
}

async fn find(tx: &mut Tx, cohort: CohortId) -> Result<Option<Cohort>, StoreError> {
    let row: Option<CohortRow> =
        sqlx::query_as(sql::FIND_COHORT).bind(cohort.as_uuid()).fetch_optional(&mut **tx).await?;
    Ok(row.and_then(|row| row.cohort()))
}

/// Ends an entry that stands where it was seen; `false` when it does not any more.
async fn end(tx: &mut Tx, entry: &EntryRef, status: WaitlistStatus, at: Instant) -> Result<bool, StoreError> {
    let ended = sqlx::query(sql::END_ENTRY)
        .bind(entry.id().as_uuid())
        .bind(status.code())
        .bind(to_micros(at))
        .bind(entry.status().code())
        .execute(&mut **tx)
        .await?;
    Ok(ended.rows_affected() == 1)
}

impl Settling<'_> {
    async fn expire_holds(&mut self) -> Result<(), StoreError> {
        let due: Vec<(Uuid, Uuid, Option<Uuid>)> = sqlx::query_as(sql::LIST_DUE_HOLDS)
            .bind(self.cohort.as_uuid())
            .bind(to_micros(self.at))
            .fetch_all(&mut **self.tx)
            .await?;
        for (id, student, provider) in due {
            let expired = sqlx::query(sql::EXPIRE_HOLD)
                .bind(id)
                .bind(to_micros(self.at))
                .execute(&mut **self.tx)
                .await?;
            if expired.rows_affected() == 1 {
                settle_untried_jobs(self.tx, EnrollmentId::from(id), self.at).await?;
                let event = Event {
                    id: Uuid::new_v5(&id, b"hold expired").into(),
                    enrollment: Some(EnrollmentId::from(id)),
                    provider: provider.map(ProviderId::from),
                    ..self.event(EventKind::HoldExpired, student.into())
                };
                append_event(self.tx, &event).await?;
                release(self.tx, self.cohort).await?;
            }
        }
        Ok(())
    }

    async fn expire_offers(&mut self) -> Result<(), StoreError> {
        let due: Vec<(Uuid, Uuid)> = sqlx::query_as(sql::LIST_DUE_OFFERS)
            .bind(self.cohort.as_uuid())
            .bind(to_micros(self.at))
            .fetch_all(&mut **self.tx)
            .await?;
        for (id, student) in due {
            let entry = EntryRef::new(id, self.cohort, student, WaitlistStatus::Offered);
            if end(self.tx, &entry, WaitlistStatus::Expired, self.at).await? {
                self.note(&entry, EventKind::OfferExpired, entry.id().end_event()).await?;
                release(self.tx, self.cohort).await?;
            }
        }
        Ok(())
    }

    async fn offer_free_seats(&mut self) -> Result<(), StoreError> {
        let Some(cohort) = find(self.tx, self.cohort).await? else {
            return Ok(());
        };
        if !cohort.is_open(self.at) {
            return self.close_queue().await;
        }
        for _ in 0..cohort.seats_left() {
            let next: Option<(Uuid, Uuid)> = sqlx::query_as(sql::NEXT_WAITING)
                .bind(self.cohort.as_uuid())
                .fetch_optional(&mut **self.tx)
                .await?;
            let Some((id, student)) = next else {
                break;
            };
            self.offer(&EntryRef::new(id, self.cohort, student, WaitlistStatus::Waiting), &cohort).await?;
        }
        Ok(())
    }

    /// A seat for the next one: kept until a deadline, told by mail.
    async fn offer(&mut self, entry: &EntryRef, cohort: &Cohort) -> Result<(), StoreError> {
        let until = to_micros(offer_until(cohort, self.at, self.offers_last));
        let id = entry.id();
        sqlx::query(sql::OFFER_SEAT)
            .bind(id.as_uuid())
            .bind(to_micros(self.at))
            .bind(until)
            .execute(&mut **self.tx)
            .await?;
        let taken = sqlx::query(sql::TAKE_SEAT).bind(self.cohort.as_uuid()).execute(&mut **self.tx).await?;
        if taken.rows_affected() == 0 {
            return Err(StoreError::Busy);
        }
        let mail = NewJob {
            id: id.offer_job(),
            kind: JobKind::Mail,
            enrollment_id: None,
            payload: serde_json::json!({ "offer": id }),
            idempotency_key: format!("offer:{id}"),
            needs: Needs::Mail,
            run_at: self.at,
        };
        insert_jobs(self.tx, &[mail], self.at).await?;
        self.note(entry, EventKind::SeatOffered, id.offer_event()).await
    }

    /// The course has begun, or is not offered any more: nobody gets a seat by waiting, and nobody
    /// is left with an offer that can't be taken.
    async fn close_queue(&mut self) -> Result<(), StoreError> {
        let live: Vec<EntryRef> = sqlx::query_as(sql::LIST_LIVE_ENTRIES_OF_COHORT)
            .bind(self.cohort.as_uuid())
            .fetch_all(&mut **self.tx)
            .await?;
        for entry in live {
            if end(self.tx, &entry, WaitlistStatus::Closed, self.at).await? {
                self.note(&entry, EventKind::WaitlistClosed, entry.id().end_event()).await?;
                if entry.is_offered() {
                    release(self.tx, self.cohort).await?;
                }
            }
        }
        Ok(())
    }

    async fn note(&mut self, entry: &EntryRef, kind: EventKind, id: EventId) -> Result<(), StoreError> {
        let provider: Option<Uuid> = sqlx::query_scalar(sql::PARTNER_OF_COHORT)
            .bind(self.cohort.as_uuid())
            .fetch_optional(&mut **self.tx)
            .await?;
        let event = Event { id, provider: provider.map(ProviderId::from), ..entry.event(kind, self.at) };
        append_event(self.tx, &event).await
    }

    fn event(&self, kind: EventKind, subject: StudentId) -> Event {
        Event {
            id: Uuid::nil().into(),
            at: self.at,
            actor: Actor::System,
            subject: Some(subject),
            kind,
            enrollment: None,
            provider: None,
            payload: serde_json::json!({ "cohort": self.cohort }),
        }
    }
}

impl Backend {
    pub(in crate::store) async fn join_waitlist(&self, plan: &JoinPlan) -> Result<(), StoreError> {
        let (entry, at) = (&plan.entry, plan.event.at);
        let mut tx = self.begin().await?;
        if let Some(student) = &plan.new_student {
            insert_student(&mut tx, student, at).await?;
            self.fail.hit(FailPoint::JoinAfterStudent);
        }
        lock_student(&mut tx, entry.student_id).await?;
        settle(&mut tx, entry.cohort_id, at, plan.offers_last).await?;
        let cohort = find(&mut tx, entry.cohort_id).await?.filter(|cohort| cohort.is_open(at));
        match cohort {
            None => return Err(StoreError::Conflict(Conflict::Changed)),
            Some(cohort) if cohort.seats_left() > 0 => return Err(StoreError::Conflict(Conflict::SeatFree)),
            Some(_) => {}
        }
        if is_enrolled(&mut tx, entry.student_id, plan.program_id).await? {
            return Err(StoreError::Conflict(Conflict::LiveEnrollment));
        }
        sqlx::query(sql::INSERT_WAITLIST_ENTRY)
            .bind(entry.id.as_uuid())
            .bind(entry.cohort_id.as_uuid())
            .bind(entry.student_id.as_uuid())
            .bind(to_micros(entry.joined_at))
            .execute(&mut *tx)
            .await
            .map_err(|error| unique(error, Conflict::AlreadyWaiting))?;
        self.fail.hit(FailPoint::JoinAfterEntry);
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::JoinBeforeCommit, FailPoint::JoinAfterCommit).await
    }

    pub(in crate::store) async fn leave_waitlist(&self, plan: &LeavePlan) -> Result<(), StoreError> {
        let at = plan.event.at;
        let mut tx = self.begin().await?;
        let entry = lock_entry(&mut tx, plan.entry).await?.filter(|entry| entry.status().is_live());
        let Some(entry) = entry else {
            return Err(StoreError::Conflict(Conflict::Changed));
        };
        // What happened is what was there to end, not what was seen before.
        let (ends, kind) = if entry.is_offered() {
            (WaitlistStatus::Declined, EventKind::OfferDeclined)
        } else {
            (WaitlistStatus::Left, EventKind::WaitlistLeft)
        };
        end(&mut tx, &entry, ends, at).await?;
        self.fail.hit(FailPoint::LeaveAfterEntry);
        append_event(&mut tx, &Event { kind, ..plan.event.clone() }).await?;
        if entry.is_offered() {
            give_back(&mut tx, entry.cohort(), at, plan.offers_last).await?;
        }
        self.fail.hit(FailPoint::LeaveAfterSeat);
        self.commit(tx, FailPoint::LeaveBeforeCommit, FailPoint::LeaveAfterCommit).await
    }

    /// Settles every cohort in which something is due; how many there were.
    pub(in crate::store) async fn settle_seats(
        &self,
        at: Instant,
        offers_last: TimeDelta,
    ) -> Result<usize, StoreError> {
        let due: Vec<Uuid> = sqlx::query_scalar(sql::LIST_DUE_COHORTS)
            .bind(to_micros(at))
            .bind(first_day(at))
            .fetch_all(&self.pool)
            .await?;
        for cohort in &due {
            let mut tx = self.begin().await?;
            settle(&mut tx, CohortId::from(*cohort), at, offers_last).await?;
            self.commit(tx, FailPoint::SettleBeforeCommit, FailPoint::SettleAfterCommit).await?;
        }
        Ok(due.len())
    }

    /// When the next hold or offer runs out.
    pub(in crate::store) async fn next_due_seat(&self) -> Result<Option<Instant>, StoreError> {
        Ok(sqlx::query_scalar(sql::NEXT_DUE_SEAT).fetch_one(&self.pool).await?)
    }

    pub(in crate::store) async fn list_waitlist(
        &self,
        student: StudentId,
        at: Instant,
    ) -> Result<Vec<WaitlistView>, StoreError> {
        let rows: Vec<WaitlistRow> = sqlx::query_as(sql::LIST_WAITLIST_OF_STUDENT)
            .bind(student.as_uuid())
            .bind(to_micros(at - REMEMBERED))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(WaitlistView::try_from).collect()
    }

    pub(in crate::store) async fn find_waitlist_entry(
        &self,
        id: WaitlistId,
    ) -> Result<Option<WaitlistView>, StoreError> {
        let row: Option<WaitlistRow> =
            sqlx::query_as(sql::FIND_WAITLIST_ENTRY).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        row.map(WaitlistView::try_from).transpose()
    }
}

async fn is_enrolled(tx: &mut Tx, student: StudentId, program: ProgramId) -> Result<bool, StoreError> {
    let query = sqlx::query_scalar(sql::IS_ENROLLED).bind(student.as_uuid()).bind(program.as_uuid());
    Ok(query.fetch_one(&mut **tx).await?)
}
