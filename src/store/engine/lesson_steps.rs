//! What students do in a course taught here.
//!
//! Whoever writes holds the row of the enrollment first: of two terminals one comes second, and decides again.

use super::learning::{complete, insert_sample, move_figure};
use super::steps::append_event;
use super::{Backend, Tx};
use crate::domain::ids::{EnrollmentId, StudentId};
use crate::domain::lesson::LessonKey;
use crate::domain::plan::{LearningSeen, LessonStep, LessonStepPlan, NewCertificate, OpenLessonPlan};
use crate::domain::quiz::GivenAnswer;
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::{Conflict, StoreError, unique};
use crate::store::fail::FailPoint;
use crate::store::sql;

impl Backend {
    pub(in crate::store) async fn open_lesson(&self, plan: &OpenLessonPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        lock_learner(&mut tx, sql::OPEN_COURSE, plan.enrollment_id, plan.version, plan.at).await?;
        self.fail.hit(FailPoint::LessonOpenAfterVersion);
        mark(&mut tx, sql::OPEN_LESSON, plan.enrollment_id, &plan.lesson, plan.at).await?;
        self.commit(tx, FailPoint::LessonOpenBeforeCommit, FailPoint::LessonOpenAfterCommit).await
    }

    pub(in crate::store) async fn keep_place(
        &self,
        student: StudentId,
        id: EnrollmentId,
        lesson: &LessonKey,
        place: usize,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let kept = sqlx::query(sql::KEEP_PLACE)
            .bind(id.as_uuid())
            .bind(lesson.as_str())
            .bind(i64::try_from(place).unwrap_or(i64::MAX))
            .bind(student.as_uuid())
            .execute(&mut *tx)
            .await?;
        self.commit(tx, FailPoint::LessonPlaceBeforeCommit, FailPoint::LessonPlaceAfterCommit).await?;
        Ok(kept.rows_affected() == 1)
    }

    pub(in crate::store) async fn take_lesson_step(&self, plan: &LessonStepPlan) -> Result<(), StoreError> {
        let (id, lesson, at) = (plan.enrollment_id, &plan.lesson, plan.at);
        let mut tx = self.begin().await?;
        lock_learner(&mut tx, sql::LOCK_LEARNER, id, plan.seen.version, at).await?;
        check_seen(&mut tx, id, lesson, &plan.seen).await?;
        match &plan.step {
            LessonStep::Read => mark(&mut tx, sql::READ_LESSON, id, lesson, at).await?,
            LessonStep::Answered { id: answer, given, passes } => {
                insert_answer(&mut tx, plan, answer.as_uuid(), given).await?;
                self.fail.hit(FailPoint::LessonStepAfterAnswer);
                if *passes {
                    mark(&mut tx, sql::PASS_QUIZ, id, lesson, at).await?;
                }
            }
        }
        self.fail.hit(FailPoint::LessonStepAfterRow);
        if let Some(progress) = &plan.progress {
            insert_sample(&mut tx, progress).await?;
            self.fail.hit(FailPoint::LessonStepAfterSample);
            move_figure(&mut tx, progress).await?;
            self.fail.hit(FailPoint::LessonStepAfterFigure);
        }
        if let Some(event) = &plan.event {
            append_event(&mut tx, event).await?;
            self.fail.hit(FailPoint::LessonStepAfterEvent);
        }
        if let Some(progress) = &plan.progress {
            complete(&mut tx, progress).await?;
            self.fail.hit(FailPoint::LessonStepAfterCompletion);
        }
        if let Some(certificate) = &plan.certificate {
            issue(&mut tx, id, certificate).await?;
            self.fail.hit(FailPoint::LessonStepAfterCertificate);
        }
        self.commit(tx, FailPoint::LessonStepBeforeCommit, FailPoint::LessonStepAfterCommit).await
    }
}

/// Fixes the version that is begun, which must be the one the decision saw, and keeps others away.
async fn lock_learner(
    tx: &mut Tx,
    statement: &'static str,
    id: EnrollmentId,
    version: u32,
    at: Instant,
) -> Result<(), StoreError> {
    sqlx::query(sql::LOCK_PROGRAM_TO_BEGIN).bind(id.as_uuid()).execute(&mut **tx).await?;
    let locked = sqlx::query(statement)
        .bind(id.as_uuid())
        .bind(to_micros(at))
        .bind(i64::from(version))
        .execute(&mut **tx)
        .await?;
    if locked.rows_affected() == 0 { Err(StoreError::Conflict(Conflict::Changed)) } else { Ok(()) }
}

async fn check_seen(
    tx: &mut Tx,
    id: EnrollmentId,
    lesson: &LessonKey,
    seen: &LearningSeen,
) -> Result<(), StoreError> {
    let standing: (i64, i64) = sqlx::query_as(sql::COUNT_LEARNING)
        .bind(id.as_uuid())
        .bind(lesson.as_str())
        .fetch_one(&mut **tx)
        .await?;
    let unchanged = [(standing.0, seen.done), (standing.1, seen.answers)]
        .iter()
        .all(|(standing, seen)| u64::try_from(*standing) == Ok(*seen));
    if unchanged { Ok(()) } else { Err(StoreError::Conflict(Conflict::Changed)) }
}

/// Writes down when something was done in a lesson.
async fn mark(
    tx: &mut Tx,
    statement: &'static str,
    id: EnrollmentId,
    lesson: &LessonKey,
    at: Instant,
) -> Result<(), StoreError> {
    sqlx::query(statement)
        .bind(id.as_uuid())
        .bind(lesson.as_str())
        .bind(to_micros(at))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn insert_answer(
    tx: &mut Tx,
    plan: &LessonStepPlan,
    id: uuid::Uuid,
    given: &GivenAnswer,
) -> Result<(), StoreError> {
    sqlx::query(sql::INSERT_ANSWER)
        .bind(id)
        .bind(plan.enrollment_id.as_uuid())
        .bind(plan.lesson.as_str())
        .bind(i64::from(given.attempt))
        .bind(given.question.as_str())
        .bind(serde_json::json!(given.answer).to_string())
        .bind(given.right)
        .bind(to_micros(given.at))
        .execute(&mut **tx)
        .await
        .map_err(|error| unique(error, Conflict::Changed))?;
    Ok(())
}

async fn issue(tx: &mut Tx, id: EnrollmentId, certificate: &NewCertificate) -> Result<(), StoreError> {
    let issued = sqlx::query(sql::ISSUE_CERTIFICATE)
        .bind(certificate.id.as_uuid())
        .bind(id.as_uuid())
        .bind(certificate.number.as_str())
        .bind(to_micros(certificate.event.at))
        .bind(certificate.code.as_str())
        .bind(certificate.holder.as_ref().map(Text::as_str))
        .bind(certificate.course.as_str())
        .execute(&mut **tx)
        .await?;
    if issued.rows_affected() > 0 {
        append_event(tx, &certificate.event).await?;
    }
    Ok(())
}
