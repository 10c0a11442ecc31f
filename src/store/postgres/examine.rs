//! A server, looked at without changing anything.

use super::{Backend, MIGRATIONS, PATIENCE, adopt, name_place};
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::StoreError;
use crate::store::examine::{Examination, Look, Setting};
use crate::store::fail::FailPoints;
use crate::store::{Engine, Store};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use std::str::FromStr;
use std::time::Duration;

const HAS_TABLES: &str = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
const VERSION: &str = "SHOW server_version";
const PLACE: &str = "SELECT current_database()::text || ', schema ' || current_schema()::text";
/// A rule that was added without looking at the rows, or an index whose making was cut off: neither
/// can be relied upon.
const DAMAGE: &str = "SELECT 'the rule ' || conname || ' of ' || conrelid::regclass::text || ' was never checked' \
    FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace \
    UNION ALL SELECT 'the index ' || c.relname || ' is not usable' FROM pg_index i \
    JOIN pg_class c ON c.oid = i.indexrelid \
    WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace LIMIT 5";
const SETTINGS: [(&str, &str); 2] =
    [("fsync", "SHOW fsync"), ("synchronous_commit", "SHOW synchronous_commit")];
const NOW: &str = "SELECT clock_timestamp()";

/// Opens the database `url` names for reading.
pub(in crate::store) async fn look(url: &str) -> Result<Look, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::Address)?;
    let place = format!("{}:{}", options.get_host(), options.get_port());
    let options = options.application_name("coursevia doctor").options([
        ("default_transaction_read_only", "on"),
        ("statement_timeout", "6s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ]);
    look_at(options).await.map_err(|error| name_place(error, &place))
}

async fn look_at(options: PgConnectOptions) -> Result<Look, StoreError> {
    let connecting = PgConnection::connect_with(&options);
    let mut db = tokio::time::timeout(PATIENCE, connecting)
        .await
        .map_err(|_| StoreError::Unavailable { what: "it does not answer".to_owned() })??;
    let ours: bool = sqlx::query_scalar(HAS_TABLES).fetch_one(&mut db).await?;
    if !ours {
        adopt::check(&mut db, &MIGRATIONS).await?;
        let standing = adopt::standing(&mut db).await?;
        db.close().await?;
        return Ok(Look::Empty(standing));
    }
    db.close().await?;
    let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(PATIENCE).connect_lazy_with(options);
    Ok(Look::Here(Store::Postgres(Backend::new(pool, FailPoints::none()))))
}

impl Backend {
    pub(in crate::store) async fn examine(&self) -> Result<Examination, StoreError> {
        let pool = self.pool();
        let version: String = sqlx::query_scalar(VERSION).fetch_one(pool).await?;
        let place: String = sqlx::query_scalar(PLACE).fetch_one(pool).await?;
        let mut settings = Vec::with_capacity(SETTINGS.len());
        for (name, statement) in SETTINGS {
            let value: String = sqlx::query_scalar(statement).fetch_one(pool).await?;
            settings.push(Setting { name, safe: value != "off", value: Text::clean(&value) });
        }
        let mut db = pool.acquire().await?;
        let adopted = adopt::adopted(&mut db).await?;
        drop(db);
        let now: Instant = sqlx::query_scalar(NOW).fetch_one(pool).await?;
        let options = pool.connect_options();
        let place = format!("{}:{}, database {place}", options.get_host(), options.get_port());
        Ok(Examination {
            engine: Engine::Postgres,
            version: Text::clean(&version),
            place: Text::clean(&place),
            file: None,
            migrations: self.compare_migrations(&MIGRATIONS).await?,
            settings,
            adopted,
            server_time: Some(to_micros(now)),
        })
    }

    pub(in crate::store) async fn find_damage(
        &self,
        patience: Duration,
    ) -> Result<Option<Vec<Text>>, StoreError> {
        let damage = sqlx::query_scalar::<_, String>(DAMAGE).fetch_all(self.pool());
        match tokio::time::timeout(patience, damage).await {
            Ok(damage) => Ok(Some(damage?.iter().map(|line| Text::clean(line)).collect())),
            Err(_) => Ok(None),
        }
    }
}
