//! The sandbox's own file: accounts, enrollments, links. Several processes may have it open.

use crate::domain::time::Instant;
use crate::platform::files;
use crate::sandbox::{SandboxError, lti, stripe};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use sqlx::{FromRow, Sqlite, Transaction};
use std::path::Path;
use std::time::Duration;

/// How many lessons every course has.
pub(super) const LESSONS: u32 = 10;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS accounts (
    partner TEXT NOT NULL, id TEXT NOT NULL, reference TEXT NOT NULL, email TEXT, name TEXT,
    PRIMARY KEY (partner, id), UNIQUE (partner, reference)
) STRICT;
CREATE TABLE IF NOT EXISTS enrollments (
    partner TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, course TEXT NOT NULL,
    percent INTEGER NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
    lessons INTEGER NOT NULL DEFAULT 0,
    enrolled_at TEXT NOT NULL, completed_at TEXT, withdrawn_at TEXT, certificate TEXT UNIQUE,
    PRIMARY KEY (partner, id)
) STRICT;
CREATE TABLE IF NOT EXISTS failed_exams (
    partner TEXT NOT NULL, enrollment TEXT NOT NULL, PRIMARY KEY (partner, enrollment)
) STRICT;
CREATE TABLE IF NOT EXISTS answers (
    partner TEXT NOT NULL, operation TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (partner, operation, key)
) STRICT;
CREATE TABLE IF NOT EXISTS links (
    token TEXT PRIMARY KEY, partner TEXT NOT NULL, enrollment TEXT NOT NULL, return_to TEXT,
    expires_at TEXT NOT NULL, used_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, partner TEXT NOT NULL, enrollment TEXT NOT NULL, return_to TEXT,
    expires_at TEXT NOT NULL
) STRICT;
";

/// A write in progress.
pub(super) type Tx = Transaction<'static, Sqlite>;

/// The open file.
#[derive(Clone, Debug)]
pub(super) struct Database(SqlitePool);

/// One enrollment, as the partner sees it.
#[derive(Clone, Debug, FromRow)]
pub(super) struct EnrollmentRow {
    pub partner: String,
    pub id: String,
    pub account: String,
    pub course: String,
    pub percent: i64,
    pub lessons: i64,
    pub completed_at: Option<Instant>,
    pub withdrawn_at: Option<Instant>,
    pub certificate: Option<String>,
    /// The last exam was not passed.
    pub failed: bool,
    /// The student's name, or address.
    pub student: Option<String>,
}

/// A link into a course, or the session it opened.
#[derive(Clone, Debug, FromRow)]
pub(super) struct DoorRow {
    pub partner: String,
    pub enrollment: String,
    pub return_to: Option<String>,
}

/// A student's account.
#[derive(Clone, Debug, FromRow)]
pub(super) struct AccountRow {
    pub id: String,
    pub email: Option<String>,
}

const ENROLLMENT: &str = "
SELECT e.partner, e.id, e.account, e.course, e.percent, e.lessons, e.completed_at, e.withdrawn_at, e.certificate,
       EXISTS (SELECT 1 FROM failed_exams f WHERE f.partner = e.partner AND f.enrollment = e.id) AS failed,
       COALESCE(a.name, a.email) AS student
FROM enrollments e JOIN accounts a ON a.partner = e.partner AND a.id = e.account
WHERE e.partner = $1 AND e.id = $2";

impl Database {
    /// Opens the file, and makes it if it is not there.
    pub(super) async fn open(file: &Path) -> Result<Self, SandboxError> {
        let failed = |error: String| SandboxError::File { file: file.to_owned(), error };
        let path = file.to_owned();
        // Processes that start together must not all make the file: one after the other.
        let lock = tokio::task::spawn_blocking(move || lock(&path))
            .await
            .map_err(|error| failed(error.to_string()))?
            .map_err(|error| failed(error.to_string()))?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await
            .map_err(|error| failed(error.to_string()))?;
        for schema in [SCHEMA, lti::SCHEMA, stripe::SCHEMA] {
            sqlx::raw_sql(schema).execute(&pool).await.map_err(|error| failed(error.to_string()))?;
        }
        drop(lock);
        Ok(Self(pool))
    }

    pub(super) async fn begin(&self) -> sqlx::Result<Tx> {
        self.0.begin_with("BEGIN IMMEDIATE").await
    }

    pub(super) async fn close(&self) {
        self.0.close().await;
    }

    pub(super) async fn enrollment(&self, partner: &str, id: &str) -> sqlx::Result<Option<EnrollmentRow>> {
        sqlx::query_as(ENROLLMENT).bind(partner).bind(id).fetch_optional(&self.0).await
    }

    pub(super) async fn by_certificate(&self, number: &str) -> sqlx::Result<Option<EnrollmentRow>> {
        let found: Option<(String, String)> =
            sqlx::query_as("SELECT partner, id FROM enrollments WHERE certificate = $1")
                .bind(number)
                .fetch_optional(&self.0)
                .await?;
        match found {
            Some((partner, id)) => self.enrollment(&partner, &id).await,
            None => Ok(None),
        }
    }

    pub(super) async fn list(&self) -> sqlx::Result<Vec<EnrollmentRow>> {
        sqlx::query_as(
            "SELECT e.partner, e.id, e.account, e.course, e.percent, e.lessons, e.completed_at, e.withdrawn_at,
                    e.certificate, COALESCE(a.name, a.email) AS student,
                    EXISTS (SELECT 1 FROM failed_exams f WHERE f.partner = e.partner AND f.enrollment = e.id) AS failed
             FROM enrollments e JOIN accounts a ON a.partner = e.partner AND a.id = e.account
             ORDER BY e.enrolled_at, e.rowid",
        )
        .fetch_all(&self.0)
        .await
    }

    pub(super) async fn session(&self, token: &str, now: Instant) -> sqlx::Result<Option<DoorRow>> {
        sqlx::query_as(
            "SELECT partner, enrollment, return_to FROM sessions WHERE token = $1 AND expires_at > $2",
        )
        .bind(token)
        .bind(now)
        .fetch_optional(&self.0)
        .await
    }
}

/// The answer that was given for an idempotency key, with the request it was given for.
pub(super) async fn stored_answer(
    tx: &mut Tx,
    partner: &str,
    operation: &str,
    key: &str,
) -> sqlx::Result<Option<(String, String)>> {
    sqlx::query_as("SELECT request, answer FROM answers WHERE partner = $1 AND operation = $2 AND key = $3")
        .bind(partner)
        .bind(operation)
        .bind(key)
        .fetch_optional(&mut **tx)
        .await
}

pub(super) async fn store_answer(
    tx: &mut Tx,
    partner: &str,
    operation: &str,
    key: &str,
    (request, answer): (&str, &str),
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO answers (partner, operation, key, request, answer) VALUES ($1, $2, $3, $4, $5)")
        .bind(partner)
        .bind(operation)
        .bind(key)
        .bind(request)
        .bind(answer)
        .execute(&mut **tx)
        .await
        .map(drop)
}

/// Opens an account, or finds the one this student has.
pub(super) async fn open_account(
    tx: &mut Tx,
    partner: &str,
    id: &str,
    reference: &str,
    (email, name): (Option<&str>, Option<&str>),
) -> sqlx::Result<AccountRow> {
    sqlx::query_as(
        "INSERT INTO accounts (partner, id, reference, email, name) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (partner, reference) DO UPDATE SET email = COALESCE(excluded.email, email),
             name = COALESCE(excluded.name, name)
         RETURNING id, email",
    )
    .bind(partner)
    .bind(id)
    .bind(reference)
    .bind(email)
    .bind(name)
    .fetch_one(&mut **tx)
    .await
}

pub(super) async fn has_account(tx: &mut Tx, partner: &str, id: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT COUNT(*) > 0 FROM accounts WHERE partner = $1 AND id = $2")
        .bind(partner)
        .bind(id)
        .fetch_one(&mut **tx)
        .await
}

pub(super) async fn enroll(
    tx: &mut Tx,
    partner: &str,
    id: &str,
    account: &str,
    course: &str,
    now: Instant,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO enrollments (partner, id, account, course, enrolled_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(partner)
    .bind(id)
    .bind(account)
    .bind(course)
    .bind(now)
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// The id of the enrollment that stands for this account in this course.
pub(super) async fn find_live(
    tx: &mut Tx,
    partner: &str,
    account: &str,
    course: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT id FROM enrollments WHERE partner = $1 AND account = $2 AND course = $3 AND withdrawn_at IS NULL",
    )
    .bind(partner)
    .bind(account)
    .bind(course)
    .fetch_optional(&mut **tx)
    .await
}

pub(super) async fn find(tx: &mut Tx, partner: &str, id: &str) -> sqlx::Result<Option<EnrollmentRow>> {
    sqlx::query_as(ENROLLMENT).bind(partner).bind(id).fetch_optional(&mut **tx).await
}

pub(super) async fn withdraw(tx: &mut Tx, partner: &str, id: &str, now: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE enrollments SET withdrawn_at = $3 WHERE partner = $1 AND id = $2")
        .bind(partner)
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await
        .map(drop)
}

/// Writes down how far somebody is. All done: completed, with a certificate of that number, and
/// that is not taken back.
pub(super) async fn set_progress(
    tx: &mut Tx,
    (partner, id): (&str, &str),
    (percent, lessons): (i64, i64),
    certificate: &str,
    now: Instant,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE enrollments SET
             percent = CASE WHEN completed_at IS NULL THEN $3 ELSE percent END,
             lessons = CASE WHEN completed_at IS NULL THEN $4 ELSE lessons END,
             completed_at = CASE WHEN $3 = 100 THEN COALESCE(completed_at, $5) ELSE completed_at END,
             certificate = CASE WHEN $3 = 100 THEN COALESCE(certificate, $6) ELSE certificate END
         WHERE partner = $1 AND id = $2",
    )
    .bind(partner)
    .bind(id)
    .bind(percent)
    .bind(lessons)
    .bind(now)
    .bind(certificate)
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// The exam was not passed; or that is over.
pub(super) async fn set_failed(tx: &mut Tx, (partner, id): (&str, &str), failed: bool) -> sqlx::Result<()> {
    let statement = if failed {
        "INSERT INTO failed_exams (partner, enrollment) VALUES ($1, $2) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM failed_exams WHERE partner = $1 AND enrollment = $2"
    };
    sqlx::query(statement).bind(partner).bind(id).execute(&mut **tx).await.map(drop)
}

pub(super) async fn add_link(
    tx: &mut Tx,
    token: &str,
    door: &DoorRow,
    expires_at: Instant,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO links (token, partner, enrollment, return_to, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(token)
    .bind(&door.partner)
    .bind(&door.enrollment)
    .bind(&door.return_to)
    .bind(expires_at)
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// Uses a link up. `None`: there is no such link, or it was used, or it is too old.
pub(super) async fn use_link(tx: &mut Tx, token: &str, now: Instant) -> sqlx::Result<Option<DoorRow>> {
    sqlx::query_as(
        "UPDATE links SET used_at = $2 WHERE token = $1 AND used_at IS NULL AND expires_at > $2
         RETURNING partner, enrollment, return_to",
    )
    .bind(token)
    .bind(now)
    .fetch_optional(&mut **tx)
    .await
}

pub(super) async fn add_session(
    tx: &mut Tx,
    token: &str,
    door: &DoorRow,
    expires_at: Instant,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO sessions (token, partner, enrollment, return_to, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(token)
    .bind(&door.partner)
    .bind(&door.enrollment)
    .bind(&door.return_to)
    .bind(expires_at)
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// How many lessons are ticked.
pub(super) fn ticked(lessons: i64) -> u32 {
    (lessons & ((1 << LESSONS) - 1)).count_ones()
}

/// The share of ticked lessons in whole percent, rounded down.
pub(super) fn percent_of(lessons: i64) -> i64 {
    i64::from(ticked(lessons) * 100 / LESSONS)
}

/// The first lessons that make up a share.
pub(super) fn lessons_of(percent: i64) -> i64 {
    (1 << (percent.clamp(0, 100) * i64::from(LESSONS) / 100)) - 1
}

fn lock(file: &Path) -> std::io::Result<std::fs::File> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        files::create_private_dir(folder)?;
    }
    // It holds one-time links. SQLite gives the files beside it the permissions of the database.
    files::private(file)?;
    let mut path = file.as_os_str().to_owned();
    path.push(".lock");
    let lock = files::private(Path::new(&path))?;
    lock.lock()?;
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_and_percent_fit_together() {
        for percent in 0..=100 {
            let lessons = lessons_of(percent);
            assert!(percent_of(lessons) <= percent);
            assert!(percent_of(lessons) > percent - 10);
        }
        assert_eq!(percent_of(lessons_of(100)), 100);
        assert_eq!(ticked(0b101), 2);
    }
}
