//! Looks at a file before anything is written to it.

use crate::store::error::StoreError;
use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// The first bytes of every SQLite database (sqlite.org/fileformat2.html).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

const LIST_TABLES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
const LIST_VERSIONS: &str = "SELECT version FROM _sqlx_migrations";

/// What stands at a place where a database of ours may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or an empty file.
    Nothing,
    /// A database of ours that we understand.
    Ours,
}

/// Fails unless `path` is missing, empty or a database of ours that we understand.
pub(super) async fn check(path: &Path, known: &Migrator) -> Result<Found, StoreError> {
    let options =
        SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(Duration::from_secs(5));
    check_with(&options, path, known).await
}

/// The same, opened in a way of the caller's.
pub(super) async fn check_with(
    options: &SqliteConnectOptions,
    path: &Path,
    known: &Migrator,
) -> Result<Found, StoreError> {
    if !has_content(path)? {
        return Ok(Found::Nothing);
    }
    let mut db = SqliteConnection::connect_with(options).await.map_err(unreadable)?;
    let outcome = check_tables(&mut db, known).await;
    db.close().await.map_err(unreadable)?;
    outcome.map(|()| Found::Ours)
}

fn has_content(path: &Path) -> Result<bool, StoreError> {
    if path.is_dir() {
        return Err(StoreError::NotOurs { what: "This is a folder, not a database file".to_owned() });
    }
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(super::io_error(&error)),
    };
    let mut head = Vec::with_capacity(MAGIC.len());
    file.by_ref().take(MAGIC.len() as u64).read_to_end(&mut head).map_err(|error| super::io_error(&error))?;
    match head.as_slice() {
        [] => Ok(false),
        head if head == MAGIC => Ok(true),
        _ => Err(StoreError::NotOurs { what: "This file is no SQLite database".to_owned() }),
    }
}

async fn check_tables(db: &mut SqliteConnection, known: &Migrator) -> Result<(), StoreError> {
    let tables: Vec<String> =
        sqlx::query_scalar(LIST_TABLES).fetch_all(&mut *db).await.map_err(unreadable)?;
    if tables.is_empty() {
        return Ok(());
    }
    let not_ours = || StoreError::NotOurs { what: "This is a database of another program".to_owned() };
    if !tables.iter().any(|table| table == "_sqlx_migrations") {
        return Err(not_ours());
    }
    let versions: Vec<i64> = sqlx::query_scalar(LIST_VERSIONS).fetch_all(db).await.map_err(unreadable)?;
    let ours = tables.iter().any(|table| table == "partner_lms_providers");
    match versions.iter().any(|version| !known.version_exists(*version)) {
        _ if !versions.is_empty() && !ours => Err(not_ours()),
        true => Err(StoreError::FromTheFuture),
        false => Ok(()),
    }
}

fn unreadable(error: sqlx::Error) -> StoreError {
    match StoreError::from(error) {
        StoreError::Other(_) => StoreError::Corrupt { what: "The database file is damaged".to_owned() },
        error => error,
    }
}
