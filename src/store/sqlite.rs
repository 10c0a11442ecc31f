//! SQLite: one file, opened by many processes at once.

#[expect(clippy::duplicate_mod, reason = "one source tree, compiled once per engine")]
#[path = "engine/backend.rs"]
mod backend;
pub(super) mod examine;
mod inspect;

pub use backend::Backend;

use super::error::StoreError;
use super::fail::FailPoints;
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

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long one process may take to set the file up while others wait.
const SETUP_PATIENCE: Duration = Duration::from_secs(30);

/// Opens the file at `path`, creates it and its folder where missing, and brings it up to date.
pub(super) async fn open(path: &Path, fail: FailPoints) -> Result<Backend, StoreError> {
    // Before anything is created beside it: a file that is not ours stays untouched.
    let found = inspect::check(path, &MIGRATIONS).await?;
    create_private(path)?;
    let (lock, waited) = set_up_alone(path).await?;
    if waited || found == Found::Nothing {
        // Somebody else may have set it up meanwhile.
        inspect::check(path, &MIGRATIONS).await?;
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

/// The path in `sqlite:///absolute`, `sqlite://relative` or `sqlite:relative`, taken literally.
pub(super) fn path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}
