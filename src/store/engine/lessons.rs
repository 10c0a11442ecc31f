//! Courses taught here: importing and reading them.

use super::steps::{append_event, append_once};
use super::{Backend, Tx};
use crate::domain::certificate::{IssuedCertificate, VerificationCode};
use crate::domain::event::Event;
use crate::domain::ids::{CourseVersionId, EnrollmentId, EventId};
use crate::domain::learning::{LessonView, Outline};
use crate::domain::lesson::{Lesson, LessonKey, TaughtCourse};
use crate::domain::plan::{CourseImported, ImportCoursePlan};
use crate::domain::program::Slug;
use crate::domain::quiz::GivenAnswer;
use crate::domain::time::to_micros;
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::{
    AnswerRow, IssuedRow, LearningRow, LessonRow, LessonTextRow, OutlineRow, VersionRow,
};
use crate::store::{content, sql};
use uuid::Uuid;

/// The newest version of a course as it stands: which, its number, the digest of what it holds.
type Newest = (Uuid, i64, Vec<u8>);

impl Backend {
    pub(in crate::store) async fn import_course(
        &self,
        plan: &ImportCoursePlan,
    ) -> Result<CourseImported, StoreError> {
        let digest = content::digest(&plan.course);
        let mut tx = self.begin().await?;
        let program: Option<Uuid> = sqlx::query_scalar(sql::LOCK_PROGRAM)
            .bind(plan.course.program.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        let program = program.ok_or(StoreError::Conflict(Conflict::Changed))?;
        let newest: Option<Newest> =
            sqlx::query_as(sql::FIND_NEWEST_VERSION).bind(program).fetch_optional(&mut *tx).await?;
        let before = newest.as_ref().map_or(0, |(_, number, _)| *number);
        let same = newest.filter(|(.., standing)| *standing == digest).map(|(id, ..)| id);
        let new = same.is_none();
        let (version, number) = (same.unwrap_or(plan.id.as_uuid()), before + i64::from(new));
        if new {
            insert_version(&mut tx, plan, program, number, &digest).await?;
            self.fail.hit(FailPoint::LessonImportAfterVersion);
            insert_lessons(&mut tx, plan).await?;
            self.fail.hit(FailPoint::LessonImportAfterLessons);
        }
        let moved = if plan.safe { move_learners(&mut tx, plan, program, version).await? } else { 0 };
        self.fail.hit(FailPoint::LessonImportAfterMoving);
        let staying: i64 =
            sqlx::query_scalar(sql::COUNT_STAYING).bind(program).bind(version).fetch_one(&mut *tx).await?;
        if new || moved > 0 {
            let payload = serde_json::json!({
                "program": plan.course.program, "version": number, "lessons": plan.course.lessons.len(),
                "moved": moved,
            });
            append_event(&mut tx, &Event { payload, ..plan.event.clone() }).await?;
        }
        self.commit(tx, FailPoint::LessonImportBeforeCommit, FailPoint::LessonImportAfterCommit).await?;
        Ok(CourseImported {
            version: number.try_into().unwrap_or(u32::MAX),
            new,
            moved,
            staying: staying.try_into().unwrap_or_default(),
        })
    }

    pub(in crate::store) async fn has_event(&self, id: EventId) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(sql::HAS_EVENT).bind(id.as_uuid()).fetch_one(&self.pool).await?)
    }

    pub(in crate::store) async fn note_once(&self, event: &Event) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        append_once(&mut tx, event).await?;
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn list_versions_in_use(
        &self,
        program: &Slug,
    ) -> Result<Vec<(CourseVersionId, TaughtCourse)>, StoreError> {
        let mut tx = self.begin_read().await?;
        let mut versions = Vec::new();
        for row in versions_in_use(&mut tx, program).await? {
            let lessons: Vec<LessonRow> =
                sqlx::query_as(sql::LIST_LESSONS).bind(row.id().as_uuid()).fetch_all(&mut *tx).await?;
            versions.push((row.id(), row.course(program, lessons)?));
        }
        tx.commit().await?;
        Ok(versions)
    }

    pub(in crate::store) async fn find_outline(
        &self,
        id: EnrollmentId,
    ) -> Result<Option<Outline>, StoreError> {
        let mut tx = self.begin_read().await?;
        let learning: Option<LearningRow> =
            sqlx::query_as(sql::FIND_LEARNING).bind(id.as_uuid()).fetch_optional(&mut *tx).await?;
        let Some(learning) = learning else {
            return Ok(None);
        };
        let lessons: Vec<OutlineRow> = sqlx::query_as(sql::LIST_OUTLINE)
            .bind(learning.version().as_uuid())
            .bind(id.as_uuid())
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        learning.outline(id, lessons).map(Some)
    }

    pub(in crate::store) async fn find_lesson(
        &self,
        id: EnrollmentId,
        version: u32,
        lesson: &LessonKey,
    ) -> Result<Option<LessonView>, StoreError> {
        let text: Option<LessonTextRow> = sqlx::query_as(sql::FIND_LESSON)
            .bind(id.as_uuid())
            .bind(i64::from(version))
            .bind(lesson.as_str())
            .fetch_optional(&self.pool)
            .await?;
        match text {
            Some(text) => text.view(lesson, self.list_answers(id, lesson).await?).map(Some),
            None => Ok(None),
        }
    }

    pub(in crate::store) async fn list_answers(
        &self,
        id: EnrollmentId,
        lesson: &LessonKey,
    ) -> Result<Vec<GivenAnswer>, StoreError> {
        let rows: Vec<AnswerRow> = sqlx::query_as(sql::LIST_ANSWERS)
            .bind(id.as_uuid())
            .bind(lesson.as_str())
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(GivenAnswer::try_from).collect()
    }

    pub(in crate::store) async fn find_certificate(
        &self,
        code: &VerificationCode,
    ) -> Result<Option<IssuedCertificate>, StoreError> {
        let row: Option<IssuedRow> =
            sqlx::query_as(sql::FIND_CERTIFICATE).bind(code.as_str()).fetch_optional(&self.pool).await?;
        row.map(IssuedCertificate::try_from).transpose()
    }
}

async fn versions_in_use(tx: &mut Tx, program: &Slug) -> Result<Vec<VersionRow>, StoreError> {
    let query = sqlx::query_as(sql::LIST_VERSIONS_IN_USE).bind(program.as_str());
    Ok(query.fetch_all(&mut **tx).await?)
}

async fn insert_version(
    tx: &mut Tx,
    plan: &ImportCoursePlan,
    program: Uuid,
    number: i64,
    digest: &[u8],
) -> Result<(), StoreError> {
    let rules = &plan.course.rules;
    sqlx::query(sql::INSERT_VERSION)
        .bind(plan.id.as_uuid())
        .bind(program)
        .bind(number)
        .bind(digest)
        .bind(plan.course.title.as_str())
        .bind(i64::from(rules.pass_mark.get()))
        .bind(rules.feedback.code())
        .bind(rules.tries.map(|tries| i64::from(tries.in_a_row)))
        .bind(rules.tries.map(|tries| tries.pause.num_minutes()))
        .bind(rules.shuffle)
        .bind(rules.in_order)
        .bind(to_micros(plan.event.at))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn insert_lessons(tx: &mut Tx, plan: &ImportCoursePlan) -> Result<(), StoreError> {
    let numbered: Vec<(i64, &Lesson)> = (0..).zip(&plan.course.lessons).collect();
    let (eights, rest) = numbered.as_chunks::<8>();
    let (eights, rest) = (eights.iter().map(|some| &some[..]), rest.chunks(1));
    for some in eights.chain(rest) {
        let statement = if some.len() == 1 { sql::INSERT_LESSON } else { sql::INSERT_EIGHT_LESSONS };
        let mut query = sqlx::query(statement).bind(plan.id.as_uuid());
        for (position, lesson) in some {
            let quiz = lesson.quiz.as_ref();
            query = query
                .bind(plan.id.lesson(lesson.key.as_str()).as_uuid())
                .bind(position)
                .bind(lesson.key.as_str())
                .bind(lesson.title.as_str())
                .bind(i64::from(lesson.minutes))
                .bind(content::objectives(&lesson.objectives))
                .bind(lesson.body.as_str())
                .bind(quiz.map(content::questions))
                .bind(quiz.map(|quiz| i64::from(quiz.minutes)));
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Moves those who have begun on to a version, from those for which that was seen to be safe.
async fn move_learners(
    tx: &mut Tx,
    plan: &ImportCoursePlan,
    program: Uuid,
    version: Uuid,
) -> Result<u64, StoreError> {
    let seen = |row: &VersionRow| row.id().as_uuid() == version || plan.safe_after.contains(&row.id());
    // Somebody has begun another one since the decision was made.
    if !versions_in_use(tx, &plan.course.program).await?.iter().all(seen) {
        return Err(StoreError::Conflict(Conflict::Changed));
    }
    let moved = sqlx::query(sql::MOVE_LEARNERS).bind(program).bind(version).execute(&mut **tx).await?;
    Ok(moved.rows_affected())
}
