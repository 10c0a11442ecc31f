//! An answer of the sandbox, and how it goes wrong on its way.

use crate::sandbox::fail::{Fail, FailPlan};
use crate::sandbox::server::Server;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::time::Duration;

/// How long an answer takes when answers are slow.
pub(super) const SLOW: Duration = Duration::from_millis(1_500);

/// An answer in JSON.
pub(super) struct Reply {
    pub status: StatusCode,
    pub body: Value,
    pub replayed: bool,
}

/// What went wrong: said to the caller, or the file's own trouble.
pub(super) enum Trouble {
    Said(Reply),
    File(sqlx::Error),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::File(error)
    }
}

pub(super) fn say(status: StatusCode, body: Value) -> Reply {
    Reply { status, body, replayed: false }
}

impl Reply {
    pub(super) fn of(served: Result<Self, Trouble>) -> Self {
        match served {
            Ok(reply) | Err(Trouble::Said(reply)) => reply,
            Err(Trouble::File(error)) => {
                tracing::error!(%error, "the sandbox's file");
                say(StatusCode::INTERNAL_SERVER_ERROR, Value::Null)
            }
        }
    }

    /// Sends the answer. What fails, fails after the work is done: the hardest case for whoever asked.
    pub(super) async fn send(self, server: &Server, fails: &FailPlan, request: String) -> Response {
        if fails.has(Fail::Timeout) {
            server.stopped().await;
        }
        if fails.has(Fail::Slow) {
            tokio::time::sleep(SLOW).await;
        }
        if fails.has(Fail::FirstFails) && server.is_first(request) {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        let mut body = if self.body.is_null() { String::new() } else { self.body.to_string() };
        if fails.has(Fail::TruncatedJson) {
            body.truncate(body.floor_char_boundary(body.len() / 2));
        }
        let replayed = if self.replayed { "true" } else { "false" };
        let headers =
            [(header::CONTENT_TYPE.as_str(), "application/json"), ("idempotent-replayed", replayed)];
        (self.status, headers, body).into_response()
    }
}
