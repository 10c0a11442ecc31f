//! A file, looked at without leaving a trace.

use super::{Backend, MIGRATIONS, inspect};
use crate::domain::text::Text;
use crate::store::error::StoreError;
use crate::store::examine::{Examination, Look, Setting};
use crate::store::fail::FailPoints;
use crate::store::{Engine, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions};
use std::path::Path;
use std::time::{Duration, Instant};

/// How many places of damage are named.
const DAMAGES: &str = "PRAGMA integrity_check(5)";
const ORPHANS: &str = "SELECT DISTINCT \"table\", parent FROM pragma_foreign_key_check LIMIT 5";
const TABLES: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";

/// Opens the file at `path` for reading.
pub(in crate::store) async fn look(path: &Path) -> Result<Look, StoreError> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Look::Absent(path.to_owned()));
        }
        Err(error) => return Err(super::io_error(&error)),
        Ok(_) => {}
    }
    // The journal's files are made by whoever opens the database first, and a reader that may not
    // write can't take them away again. Where there are none yet, we are allowed to; where they
    // are, somebody is at work or was cut off, and they stay as they are.
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    let in_use = Path::new(&journal).exists();
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(in_use)
        .create_if_missing(false)
        .pragma("query_only", "ON")
        .busy_timeout(Duration::from_secs(2));
    inspect::check_with(&options, path, &MIGRATIONS).await.map_err(|error| super::explained(error, path))?;
    let pool = SqlitePoolOptions::new()
        .max_connections(2)
        .acquire_timeout(Duration::from_secs(3))
        .connect_with(options.filename(path))
        .await?;
    let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(&pool).await?;
    if tables == 0 {
        pool.close().await;
        return Ok(Look::Empty(Vec::new()));
    }
    Ok(Look::Here(Store::Sqlite(Backend::new(pool, FailPoints::none()))))
}

impl Backend {
    pub(in crate::store) async fn examine(&self) -> Result<Examination, StoreError> {
        let pool = self.pool();
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await?;
        let file = pool.connect_options().get_filename().to_owned();
        Ok(Examination {
            engine: Engine::Sqlite,
            version: Text::clean(&version),
            place: Text::clean(&file.display().to_string()),
            file: Some(file),
            migrations: self.compare_migrations(&MIGRATIONS).await?,
            // How a commit is written is a matter of each connection: ours say so themselves.
            settings: vec![Setting {
                name: "journal_mode",
                safe: journal == "wal",
                value: Text::clean(&journal),
            }],
            adopted: Vec::new(),
            server_time: None,
        })
    }

    pub(in crate::store) async fn find_damage(
        &self,
        patience: Duration,
    ) -> Result<Option<Vec<Text>>, StoreError> {
        let mut db = self.pool().acquire().await?;
        let deadline = Instant::now() + patience;
        // Asked every so many steps of the engine: a dropped query would go on in its thread.
        db.lock_handle().await?.set_progress_handler(10_000, move || Instant::now() < deadline);
        let found = all_damage(&mut db).await;
        db.lock_handle().await?.remove_progress_handler();
        match found {
            Err(_) if Instant::now() >= deadline => Ok(None),
            found => Ok(Some(found?)),
        }
    }
}

async fn all_damage(db: &mut SqliteConnection) -> Result<Vec<Text>, StoreError> {
    let mut damage: Vec<String> = sqlx::query_scalar(DAMAGES).fetch_all(&mut *db).await?;
    damage.retain(|line| line != "ok");
    let orphans: Vec<(String, String)> = sqlx::query_as(ORPHANS).fetch_all(db).await?;
    damage.extend(
        orphans.into_iter().map(|(table, parent)| format!("rows of {table} name missing rows of {parent}")),
    );
    Ok(damage.iter().map(|line| Text::clean(line)).collect())
}
