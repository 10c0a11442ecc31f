//! Logins that were begun, in the sandbox's file.

use crate::domain::time::Instant;
use crate::sandbox::state::Tx;
use sqlx::FromRow;

pub(in crate::sandbox) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS lti_logins (
    state TEXT PRIMARY KEY, client_id TEXT NOT NULL, nonce TEXT NOT NULL UNIQUE, target TEXT NOT NULL,
    deployment TEXT, expires_at TEXT NOT NULL, used_at TEXT
) STRICT;
";

/// What the platform's answer has to fit to.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Login {
    pub nonce: String,
    pub target: String,
    /// The deployment that the login was begun for, where it said one.
    pub deployment: Option<String>,
}

pub(super) async fn add_login(
    tx: &mut Tx,
    (state, client_id): (&str, &str),
    login: &Login,
    expires_at: Instant,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO lti_logins (state, client_id, nonce, target, deployment, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(state)
    .bind(client_id)
    .bind(&login.nonce)
    .bind(&login.target)
    .bind(&login.deployment)
    .bind(expires_at)
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// Uses a login up. `None`: it was never begun for this tool, was used, or is too old.
pub(super) async fn use_login(
    tx: &mut Tx,
    (state, client_id): (&str, &str),
    now: Instant,
) -> sqlx::Result<Option<Login>> {
    sqlx::query_as(
        "UPDATE lti_logins SET used_at = $3
         WHERE state = $1 AND client_id = $2 AND used_at IS NULL AND expires_at > $3
         RETURNING nonce, target, deployment",
    )
    .bind(state)
    .bind(client_id)
    .bind(now)
    .fetch_optional(&mut **tx)
    .await
}
