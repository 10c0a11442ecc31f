//! What the store does, written once. Compiled once per engine: `Db` and the two BEGINs come
//! from the engine's module, so that a transaction's steps are plain functions.

mod catalog;
mod cohorts;
mod courses;
mod enroll;
mod examine;
mod import;
mod jobs;
mod learning;
mod ledger;
mod lesson_steps;
mod lessons;
mod listing;
mod lti;
mod paid;
mod partners;
mod payments;
mod people;
mod programs;
mod proofs;
mod provision;
mod refunds;
mod reports;
mod reviews;
mod seats;
mod steps;
mod switch;
mod tools;

use super::{BEGIN, BEGIN_READ, Db, PAY, PAY_AND_BEGIN};
use crate::store::error::StoreError;
use crate::store::fail::{FailPoint, FailPoints};
use crate::store::sql;
use sqlx::{Executor, Pool, SqlSafeStr, Transaction};

type Tx = Transaction<'static, Db>;
type Query<'a> = sqlx::query::Query<'a, Db, <Db as sqlx::Database>::Arguments>;

/// Statements that the engines say in different words.
const OWN: &[(&str, &str)] = &[("PAY", PAY), ("PAY_AND_BEGIN", PAY_AND_BEGIN)];

/// One engine with its pool of connections.
#[derive(Clone, Debug)]
pub struct Backend {
    pool: Pool<Db>,
    fail: FailPoints,
}

impl Backend {
    pub(in crate::store) fn new(pool: Pool<Db>, fail: FailPoints) -> Self {
        Self { pool, fail }
    }

    pub(in crate::store) fn fail_points(&self) -> &FailPoints {
        &self.fail
    }

    pub(in crate::store) fn pool(&self) -> &Pool<Db> {
        &self.pool
    }

    pub(in crate::store) async fn close(&self) {
        self.pool.close().await;
    }

    pub(in crate::store) async fn check_statements(&self) -> Result<usize, (&'static str, StoreError)> {
        let mut checked = 0;
        // Two loops: an iterator that flattens them makes the future lose `Send`.
        for list in sql::ALL.iter().chain([&OWN]) {
            for (name, text) in *list {
                self.check_statement(text).await.map_err(|error| (*name, error))?;
                checked += 1;
            }
        }
        Ok(checked)
    }

    async fn check_statement(&self, text: &'static str) -> Result<(), StoreError> {
        let mut db = self.pool.acquire().await?;
        db.prepare(text.into_sql_str()).await?;
        Ok(())
    }

    async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(self.pool.begin_with(BEGIN).await?)
    }

    async fn begin_read(&self) -> Result<Tx, StoreError> {
        Ok(self.pool.begin_with(BEGIN_READ).await?)
    }

    async fn commit(&self, tx: Tx, before: FailPoint, after: FailPoint) -> Result<(), StoreError> {
        self.fail.hit(before);
        tx.commit().await?;
        self.fail.hit(after);
        Ok(())
    }
}
