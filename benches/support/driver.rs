//! The bare loop through the driver: what of the time goes to handing each statement over to the
//! thread on which sqlx keeps an SQLite connection, and back.

use super::bare::{NAMES, Rows};
use coursevia::store::statement;
use rusqlite::types::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, Executor as _};
use std::path::Path;

/// A connection of its own.
pub struct Driver(SqliteConnection);

impl Driver {
    /// As durable as the store's.
    pub async fn open(path: &Path) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        Self(SqliteConnection::connect_with(&options).await.expect("it opens"))
    }

    /// One transaction.
    pub async fn enroll(&mut self, rows: &Rows) {
        self.0.execute("BEGIN IMMEDIATE").await.expect("it begins");
        for (name, values) in NAMES.into_iter().zip(rows) {
            let mut query = sqlx::query(statement(name).expect("a statement of the store"));
            for value in values {
                query = match value {
                    Value::Text(text) => query.bind(text.as_str()),
                    Value::Blob(bytes) => query.bind(bytes.as_slice()),
                    Value::Integer(number) => query.bind(*number),
                    Value::Null | Value::Real(_) => query.bind(None::<i64>),
                };
            }
            query.execute(&mut self.0).await.expect("it is written");
        }
        self.0.execute("COMMIT").await.expect("it commits");
    }
}
