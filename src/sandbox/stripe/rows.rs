//! What the played processor remembers.

use crate::sandbox::state::{Database, Tx};
use sqlx::FromRow;

/// Its tables in the sandbox's file. Moments are seconds since 1970, as the interface has them.
pub(in crate::sandbox) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS checkout_sessions (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, token TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'complete', 'expired')),
    paid INTEGER NOT NULL DEFAULT 0, declined INTEGER NOT NULL DEFAULT 0,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, livemode INTEGER NOT NULL DEFAULT 0,
    reference TEXT, email TEXT, what TEXT NOT NULL, metadata TEXT NOT NULL, success_url TEXT NOT NULL,
    cancel_url TEXT, payment_intent TEXT UNIQUE, created INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS processor_refunds (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, payment_intent TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, reason TEXT, metadata TEXT NOT NULL, created INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'succeeded', 'failed'))
) STRICT;
CREATE INDEX IF NOT EXISTS processor_refunds_of ON processor_refunds (payment_intent);
CREATE TABLE IF NOT EXISTS processor_answers (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL
) STRICT;
";

/// A checkout session.
#[derive(Clone, Debug, FromRow)]
pub(in crate::sandbox) struct SessionRow {
    pub number: i64,
    pub id: String,
    pub token: String,
    pub status: String,
    pub paid: bool,
    pub declined: bool,
    pub amount: i64,
    pub currency: String,
    pub livemode: bool,
    pub reference: Option<String>,
    pub email: Option<String>,
    pub what: String,
    pub metadata: String,
    pub success_url: String,
    pub cancel_url: Option<String>,
    pub payment_intent: Option<String>,
    pub created: i64,
    pub expires_at: i64,
}

/// A refund.
#[derive(Clone, Debug, FromRow)]
pub(in crate::sandbox) struct RefundRow {
    pub number: i64,
    pub id: String,
    pub payment_intent: String,
    pub amount: i64,
    pub currency: String,
    pub reason: Option<String>,
    pub metadata: String,
    pub created: i64,
    pub status: String,
}

pub(in crate::sandbox) async fn expire_due(tx: &mut Tx, now: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE checkout_sessions SET status = 'expired' WHERE status = 'open' AND expires_at <= $1")
        .bind(now)
        .execute(&mut **tx)
        .await
        .map(drop)
}

pub(super) async fn add_session(tx: &mut Tx, row: &SessionRow) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO checkout_sessions (id, token, amount, currency, reference, email, what, metadata,
             success_url, cancel_url, created, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&row.id)
    .bind(&row.token)
    .bind(row.amount)
    .bind(&row.currency)
    .bind(&row.reference)
    .bind(&row.email)
    .bind(&row.what)
    .bind(&row.metadata)
    .bind(&row.success_url)
    .bind(&row.cancel_url)
    .bind(row.created)
    .bind(row.expires_at)
    .execute(&mut **tx)
    .await
    .map(drop)
}

pub(super) async fn session(tx: &mut Tx, id: &str) -> sqlx::Result<Option<SessionRow>> {
    sqlx::query_as("SELECT * FROM checkout_sessions WHERE id = $1").bind(id).fetch_optional(&mut **tx).await
}

pub(in crate::sandbox) async fn by_token(tx: &mut Tx, token: &str) -> sqlx::Result<Option<SessionRow>> {
    sqlx::query_as("SELECT * FROM checkout_sessions WHERE token = $1")
        .bind(token)
        .fetch_optional(&mut **tx)
        .await
}

pub(super) async fn by_intent(tx: &mut Tx, intent: &str) -> sqlx::Result<Option<SessionRow>> {
    sqlx::query_as("SELECT * FROM checkout_sessions WHERE payment_intent = $1")
        .bind(intent)
        .fetch_optional(&mut **tx)
        .await
}

/// Newest first, those made in a time and before a number.
pub(super) async fn sessions(
    tx: &mut Tx,
    (from, to): (i64, i64),
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<SessionRow>> {
    sqlx::query_as(
        "SELECT * FROM checkout_sessions WHERE created BETWEEN $1 AND $2 AND number < $3
         ORDER BY number DESC LIMIT $4",
    )
    .bind(from)
    .bind(to)
    .bind(before)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await
}

/// How a session changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Turn {
    Pay,
    Decline,
    Complete,
    Expire,
}

/// Changes a session that is open, or any with `late`. `false`: it is not open.
pub(in crate::sandbox) async fn turn(
    tx: &mut Tx,
    id: &str,
    turn: Turn,
    intent: &str,
    late: bool,
) -> sqlx::Result<bool> {
    let (status, paid, declined) = match turn {
        Turn::Pay => ("complete", true, false),
        Turn::Decline => ("open", false, true),
        Turn::Complete => ("complete", false, false),
        Turn::Expire => ("expired", false, false),
    };
    let intent = (turn != Turn::Expire).then_some(intent);
    sqlx::query(
        "UPDATE checkout_sessions SET status = $2, paid = $3, declined = $4,
             payment_intent = COALESCE(payment_intent, $5)
         WHERE id = $1 AND (status = 'open' OR $6)",
    )
    .bind(id)
    .bind(status)
    .bind(paid)
    .bind(declined)
    .bind(intent)
    .bind(late)
    .execute(&mut **tx)
    .await
    .map(|done| done.rows_affected() == 1)
}

/// What a test makes odd about a session.
#[derive(Debug, Default)]
pub(super) struct Odd {
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub reference: Option<String>,
    pub livemode: Option<bool>,
}

pub(super) async fn make_odd(tx: &mut Tx, id: &str, odd: &Odd) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE checkout_sessions SET amount = COALESCE($2, amount), currency = COALESCE($3, currency),
             reference = COALESCE($4, reference), livemode = COALESCE($5, livemode)
         WHERE id = $1",
    )
    .bind(id)
    .bind(odd.amount)
    .bind(&odd.currency)
    .bind(&odd.reference)
    .bind(odd.livemode)
    .execute(&mut **tx)
    .await
    .map(drop)
}

pub(super) async fn add_refund(tx: &mut Tx, row: &RefundRow) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO processor_refunds (id, payment_intent, amount, currency, reason, metadata, created)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&row.id)
    .bind(&row.payment_intent)
    .bind(row.amount)
    .bind(&row.currency)
    .bind(&row.reason)
    .bind(&row.metadata)
    .bind(row.created)
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// The refunds of a payment, or all; newest first, before a number.
pub(super) async fn refunds(
    tx: &mut Tx,
    intent: Option<&str>,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<RefundRow>> {
    sqlx::query_as(
        "SELECT * FROM processor_refunds WHERE ($1 IS NULL OR payment_intent = $1) AND number < $2
         ORDER BY number DESC LIMIT $3",
    )
    .bind(intent)
    .bind(before)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await
}

pub(super) async fn find_refund(tx: &mut Tx, id: &str) -> sqlx::Result<Option<RefundRow>> {
    sqlx::query_as("SELECT * FROM processor_refunds WHERE id = $1").bind(id).fetch_optional(&mut **tx).await
}

/// How much of a payment goes back or went.
pub(super) async fn refunded(tx: &mut Tx, intent: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COALESCE(SUM(amount), 0) FROM processor_refunds WHERE payment_intent = $1 AND status <> 'failed'",
    )
    .bind(intent)
    .fetch_one(&mut **tx)
    .await
}

/// Ends a refund that is under way.
pub(super) async fn end_refund(tx: &mut Tx, id: &str, status: &str) -> sqlx::Result<bool> {
    sqlx::query("UPDATE processor_refunds SET status = $2 WHERE id = $1 AND status = 'pending'")
        .bind(id)
        .bind(status)
        .execute(&mut **tx)
        .await
        .map(|done| done.rows_affected() == 1)
}

pub(super) async fn stored_answer(tx: &mut Tx, key: &str) -> sqlx::Result<Option<(String, u16, String)>> {
    sqlx::query_as("SELECT request, status, answer FROM processor_answers WHERE key = $1")
        .bind(key)
        .fetch_optional(&mut **tx)
        .await
}

pub(super) async fn store_answer(
    tx: &mut Tx,
    key: &str,
    request: &str,
    (status, answer): (u16, String),
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO processor_answers (key, request, status, answer) VALUES ($1, $2, $3, $4)")
        .bind(key)
        .bind(request)
        .bind(status)
        .bind(answer)
        .execute(&mut **tx)
        .await
        .map(drop)
}

impl Database {
    pub(super) async fn all_sessions(&self) -> sqlx::Result<Vec<SessionRow>> {
        let mut tx = self.begin().await?;
        let mut rows = sessions(&mut tx, (i64::MIN, i64::MAX), i64::MAX, i64::MAX).await?;
        rows.reverse();
        Ok(rows)
    }

    pub(super) async fn all_refunds(&self) -> sqlx::Result<Vec<RefundRow>> {
        let mut tx = self.begin().await?;
        let mut rows = refunds(&mut tx, None, i64::MAX, i64::MAX).await?;
        rows.reverse();
        Ok(rows)
    }
}
