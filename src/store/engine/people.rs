//! Students and advisors.

use super::steps::append_event;
use super::{Backend, Tx};
use crate::domain::event::Event;
use crate::domain::fits::Preferences;
use crate::domain::ids::StudentId;
use crate::domain::person::{Advisor, Email, Student};
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::{Conflict, StoreError, unique};
use crate::store::fail::FailPoint;
use crate::store::rows::{PersonRow, PreferencesRow};
use crate::store::sql;

impl Backend {
    pub(in crate::store) async fn find_student(&self, id: StudentId) -> Result<Option<Student>, StoreError> {
        let found: Option<PersonRow> =
            sqlx::query_as(sql::FIND_STUDENT).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        Ok(found.map(Student::from))
    }

    pub(in crate::store) async fn find_student_by_email(
        &self,
        email: &Email,
    ) -> Result<Option<Student>, StoreError> {
        let found: Option<PersonRow> = sqlx::query_as(sql::FIND_STUDENT_BY_EMAIL)
            .bind(email.as_str())
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.map(Student::from))
    }

    pub(in crate::store) async fn search_students(
        &self,
        part: &str,
        limit: i64,
    ) -> Result<Vec<Student>, StoreError> {
        let rows: Vec<PersonRow> = sqlx::query_as(sql::SEARCH_STUDENTS)
            .bind(pattern(part))
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(Student::from).collect())
    }

    pub(in crate::store) async fn save_student(
        &self,
        student: &Student,
        event: &Event,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let saved = sqlx::query(sql::UPDATE_STUDENT)
            .bind(student.id.as_uuid())
            .bind(student.email.as_ref().map(Email::as_str))
            .bind(student.name.as_ref().map(Text::as_str))
            .bind(search_text(student))
            .execute(&mut *tx)
            .await
            .map_err(|error| unique(error, Conflict::StudentExists))?;
        if saved.rows_affected() == 0 {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        self.fail.hit(FailPoint::StudentAfterRow);
        if let Some(name) = &student.name {
            sqlx::query(sql::NAME_CERTIFICATES)
                .bind(student.id.as_uuid())
                .bind(name.as_str())
                .execute(&mut *tx)
                .await?;
        }
        append_event(&mut tx, event).await?;
        self.commit(tx, FailPoint::StudentBeforeCommit, FailPoint::StudentAfterCommit).await
    }

    pub(in crate::store) async fn find_preferences(
        &self,
        student: StudentId,
    ) -> Result<Option<Preferences>, StoreError> {
        let found: Option<PreferencesRow> =
            sqlx::query_as(sql::FIND_PREFERENCES).bind(student.as_uuid()).fetch_optional(&self.pool).await?;
        Ok(found.map(Preferences::from))
    }

    pub(in crate::store) async fn save_preferences(
        &self,
        student: StudentId,
        preferences: &Preferences,
        event: &Event,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(sql::SAVE_PREFERENCES)
            .bind(student.as_uuid())
            .bind(preferences.evenings)
            .bind(preferences.teacher)
            .bind(preferences.campus)
            .bind(preferences.budget.map(i64::from))
            .bind(to_micros(event.at))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::PreferencesAfterRow);
        append_event(&mut tx, event).await?;
        self.commit(tx, FailPoint::PreferencesBeforeCommit, FailPoint::PreferencesAfterCommit).await
    }

    pub(in crate::store) async fn ensure_advisor(
        &self,
        advisor: &Advisor,
        at: Instant,
    ) -> Result<Advisor, StoreError> {
        // Every call of a known advisor passes here: it must not wait for writers.
        let known: Option<PersonRow> = sqlx::query_as(sql::FIND_ADVISOR_BY_EMAIL)
            .bind(advisor.email.as_str())
            .fetch_optional(&self.pool)
            .await?;
        if let Some(row) = known {
            return Advisor::try_from(row);
        }
        let mut tx = self.begin().await?;
        sqlx::query(sql::INSERT_ADVISOR)
            .bind(advisor.id.as_uuid())
            .bind(advisor.email.as_str())
            .bind(advisor.name.as_ref().map(Text::as_str))
            .bind(to_micros(at))
            .execute(&mut *tx)
            .await?;
        let row: PersonRow = sqlx::query_as(sql::FIND_ADVISOR_BY_EMAIL)
            .bind(advisor.email.as_str())
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Advisor::try_from(row)
    }
}

/// Writes a new student.
pub(super) async fn insert_student(tx: &mut Tx, student: &Student, at: Instant) -> Result<(), StoreError> {
    sqlx::query(sql::INSERT_STUDENT)
        .bind(student.id.as_uuid())
        .bind(student.email.as_ref().map(Email::as_str))
        .bind(student.name.as_ref().map(Text::as_str))
        .bind(search_text(student))
        .bind(to_micros(at))
        .execute(&mut **tx)
        .await
        .map_err(|error| unique(error, Conflict::StudentExists))?;
    Ok(())
}

/// Lower case is made here: SQLite knows it for ASCII only.
fn search_text(student: &Student) -> String {
    let name = student.name.as_ref().map_or("", Text::as_str);
    let email = student.email.as_ref().map_or("", Email::as_str);
    format!("{name} {email}").trim().to_lowercase()
}

/// A LIKE pattern for texts that contain `part` literally.
fn pattern(part: &str) -> String {
    let mut pattern = String::from("%");
    for c in part.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
