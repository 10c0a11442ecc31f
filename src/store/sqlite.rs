//! SQLite: one file, opened by many processes at once.

#[expect(clippy::duplicate_mod, reason = "one source tree, compiled once per engine")]
#[path = "engine/backend.rs"]
mod backend;
pub(super) mod examine;
mod inspect;

pub use backend::Backend;

use super::error::StoreError;
use super::fail::FailPoints;
use super::sql;
use inspect::Found;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

type Db = sqlx::Sqlite;

/// A deferred transaction that reads and then writes fails when somebody else wrote in between.
const BEGIN: &str = "BEGIN IMMEDIATE";
/// Several reads of one moment.
const BEGIN_READ: &str = "BEGIN";
/// A payment is paid.
const PAY: &str = sql::PAY_ON_SQLITE;
/// A payment is paid, and what it pays for begins.
const PAY_AND_BEGIN: &str = sql::PAY_AND_BEGIN_ON_SQLITE;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long one process may take to set the file up while others wait.
const SETUP_PATIENCE: Duration = Duration::from_secs(30);

/// Opens the file at `path`, creates it and its folder where missing, and brings it up to date.
pub(super) async fn open(path: &Path, fail: FailPoints) -> Result<Backend, StoreError> {
    // Before anything is created beside it: a file that is not ours stays untouched.
    let check = || async { inspect::check(path, &MIGRATIONS).await.map_err(|error| explained(error, path)) };
    let found = check().await?;
    create_private(path)?;
    let (lock, waited) = set_up_alone(path).await?;
    if waited || found == Found::Nothing {
        // Somebody else may have set it up meanwhile.
        check().await?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Per connection, in KiB. The system keeps the file's pages anyway; ours would hold a large
        // catalogue once more for every connection.
        .pragma("cache_size", "-512")
        .busy_timeout(Duration::from_secs(5));
    let pool = SqlitePoolOptions::new()
        .max_connections(3)
        // A file does not hang up; asking before every use costs a fifth of a small transaction.
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?;
    // `Migrator::run` is not Send for every lifetime, so nobody could spawn a task that opens.
    let mut db = pool.acquire().await?;
    MIGRATIONS.run_direct(None, &mut *db, false).await.map_err(super::migration_error)?;
    drop(db);
    drop(lock);
    Ok(Backend::new(pool, fail))
}

/// sqlx's own migration lock does nothing on SQLite; held until the returned file is dropped. Also
/// says whether somebody else had it first.
async fn set_up_alone(path: &Path) -> Result<(File, bool), StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock = private_file(Path::new(&name))?;
    let mut waited = Duration::ZERO;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok((lock, waited > Duration::ZERO)),
            Err(TryLockError::WouldBlock) if waited < SETUP_PATIENCE => {
                let pause = Duration::from_millis(10);
                tokio::time::sleep(pause).await;
                waited += pause;
            }
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy),
            Err(TryLockError::Error(error)) => return Err(io_error(&error)),
        }
    }
}

/// Creates what is missing, readable by its owner only: it holds names and addresses.
fn create_private(path: &Path) -> Result<(), StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| io_error(&error))?;
    }
    private_file(path).map(drop)
}

fn private_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| io_error(&error))
}

fn io_error(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { what: error.kind().to_string() }
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        kind => StoreError::Unavailable { what: kind.to_string() },
    }
}

/// SQLite only says that it can't open what it needs; the file system says why.
fn explained(error: StoreError, path: &Path) -> StoreError {
    if !matches!(error, StoreError::Unavailable { .. }) {
        return error;
    }
    if let Err(cause) = OpenOptions::new().write(true).open(path) {
        return io_error(&cause);
    }
    let folder = path.parent().and_then(|folder| folder.metadata().ok());
    if folder.is_some_and(|folder| folder.permissions().readonly()) {
        return StoreError::ReadOnly { what: "its folder is read-only".to_owned() };
    }
    error
}

/// The path in `sqlite:///absolute`, `sqlite://relative` or `sqlite:relative`, taken literally.
pub(super) fn path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn code(error: StoreError, path: &Path) -> &'static str {
        explained(error, path).code()
    }

    #[test]
    fn says_that_nothing_may_be_written_where_that_is_why() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("coursevia.db");
        let unopened = || StoreError::Unavailable { what: "the file can't be opened".to_owned() };
        std::fs::write(&file, "").unwrap();
        assert_eq!(code(unopened(), &file), "database_unavailable", "nothing explains it");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
        assert_eq!(code(unopened(), &file), "database_read_only");
        assert_eq!(code(StoreError::Busy, &file), "database_busy");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        for kind in [io::ErrorKind::ReadOnlyFilesystem, io::ErrorKind::PermissionDenied] {
            assert_eq!(io_error(&kind.into()).code(), "database_read_only");
        }
    }
}
