//! PostgreSQL: one database, shared by many terminals.

mod adopt;
#[expect(clippy::duplicate_mod, reason = "one source tree, compiled once per engine")]
#[path = "engine/backend.rs"]
mod backend;
pub(super) mod examine;

pub use backend::Backend;

use super::error::StoreError;
use super::fail::FailPoints;
use super::sql;
use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use std::str::FromStr;
use std::time::Duration;

type Db = sqlx::Postgres;

/// Rows are locked by the conditional updates themselves.
const BEGIN: &str = "BEGIN";
/// Several reads of one moment.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// A payment is paid.
const PAY: &str = sql::PAY_ON_POSTGRES;
/// A payment is paid, and what it pays for begins.
const PAY_AND_BEGIN: &str = sql::PAY_AND_BEGIN_ON_POSTGRES;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// A terminal is one person.
const CONNECTIONS: u32 = 3;
/// How long a connection may have rested without being asked whether it still stands.
const PAUSE: Duration = Duration::from_millis(100);
/// How long somebody is kept waiting for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the database `url` names, adopts what stands there, and brings it up to date.
pub(super) async fn open(url: &str, fail: FailPoints) -> Result<Backend, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::Address)?;
    let options = options.application_name("coursevia");
    let place = format!("{}:{}", options.get_host(), options.get_port());
    set_up(&options).await.map_err(|error| name_place(error, &place))?;
    // A query that was dropped goes on running on the server, and so does its transaction.
    let options =
        options.options([("statement_timeout", "15s"), ("idle_in_transaction_session_timeout", "30s")]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // Asked only after a pause: right after an answer the connection stands.
        .test_before_acquire(false)
        .before_acquire(|db, about| {
            Box::pin(async move {
                if about.idle_for > PAUSE {
                    db.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options);
    Ok(Backend::new(pool, fail))
}

/// On a connection of its own: a pool would go on knocking at a closed door until its patience
/// ends, and a migration may take longer than any other statement.
async fn set_up(options: &PgConnectOptions) -> Result<(), StoreError> {
    let connecting = PgConnection::connect_with(options);
    let mut db = tokio::time::timeout(PATIENCE, connecting)
        .await
        .map_err(|_| StoreError::Unavailable { what: "it does not answer".to_owned() })??;
    adopt::check(&mut db, &MIGRATIONS).await?;
    // `run` takes the connection by a trait whose lifetimes keep the future from being `Send`.
    MIGRATIONS.run_direct(None, &mut db, false).await.map_err(super::migration_error)?;
    Ok(db.close().await?)
}

fn name_place(error: StoreError, place: &str) -> StoreError {
    match error {
        StoreError::Unavailable { what } => StoreError::Unavailable { what: format!("{place}, {what}") },
        error => error,
    }
}
