//! The payment processor, played: the part of Stripe's API that coursevia uses, with its rules.
//! Bodies are forms, answers are JSON, and the same idempotency key does its work once.

pub(super) mod control;
mod form;
mod refunds;
pub(super) mod rows;
mod sessions;

pub(super) use rows::SCHEMA;

use crate::sandbox::fail::{Fail, FailPlan};
use crate::sandbox::reply::{Reply, Trouble, say};
use crate::sandbox::rest::decoded;
use crate::sandbox::server::Server;
use crate::sandbox::state::Tx;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use form::Form;
use serde_json::{Value, json};

/// The key that this machine's own coursevia sends; it opens nothing but play money.
const OWN_KEY: &str = "sk_test_sandbox";

/// An error in Stripe's words.
fn refuse(status: StatusCode, code: &str, message: &str, param: Option<&str>) -> Trouble {
    let kind = if code == "idempotency_error" { code } else { "invalid_request_error" };
    let error = json!({"type": kind, "code": code, "message": message, "param": param});
    Trouble::Said(say(status, json!({ "error": error })))
}

/// A request that can't be right.
fn invalid(param: &str, message: &str) -> Trouble {
    refuse(StatusCode::BAD_REQUEST, "parameter_invalid", message, Some(param))
}

fn missing(what: &str, id: &str) -> Trouble {
    refuse(StatusCode::NOT_FOUND, "resource_missing", &format!("No such {what}: '{id}'"), Some("id"))
}

/// Answers every request to the processor.
pub(super) async fn answer(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fails = server.fails().of_processor();
    let reply = Reply::of(serve(&server, &method, &uri, &headers, &body, &fails).await);
    let request = format!("{method} {} {:?}", uri.path(), headers.get("idempotency-key"));
    reply.send(&server, &fails, request).await
}

/// One request that was let in.
struct Call<'a> {
    server: &'a Server,
    post: bool,
    path: &'a [&'a str],
    form: Form,
    /// What the same idempotency key must come with again.
    request: String,
    key: &'a str,
    fails: &'a FailPlan,
}

async fn serve(
    server: &Server,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    fails: &FailPlan,
) -> Result<Reply, Trouble> {
    if fails.has(Fail::PartnerDown) {
        return Err(refuse(StatusCode::SERVICE_UNAVAILABLE, "maintenance", "The processor is away", None));
    }
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bearer = value(header::AUTHORIZATION.as_str()).strip_prefix("Bearer ").unwrap_or_default().trim();
    let known = server.key().is_none_or(|expected| bearer == expected || bearer == OWN_KEY);
    if bearer.is_empty() || !known {
        return Err(refuse(StatusCode::UNAUTHORIZED, "api_key_invalid", "Invalid API Key provided", None));
    }
    let post = method == Method::POST;
    if post && !value(header::CONTENT_TYPE.as_str()).starts_with("application/x-www-form-urlencoded") {
        return Err(invalid("", "The body must be a form"));
    }
    let key = value("idempotency-key");
    if key.len() > 255 {
        return Err(invalid("idempotency-key", "An idempotency key has at most 255 characters"));
    }
    // Split first, then decode: an id may hold an encoded slash.
    let parts: Vec<String> = uri.path().split('/').skip(2).map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let ("v1", path) = parts.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest)) else {
        return Err(nowhere());
    };
    let sent = if post { body } else { uri.query().unwrap_or_default().as_bytes() };
    let request = format!("{}\n{}", uri.path(), String::from_utf8_lossy(body));
    let call = Call { server, post, path, form: Form::read(sent), request, key, fails };
    if fails.has(Fail::DuplicateDelivery) {
        let _ = Reply::of(call.perform().await);
    }
    call.perform().await
}

fn nowhere() -> Trouble {
    refuse(StatusCode::NOT_FOUND, "url_invalid", "Unrecognized request URL", None)
}

impl Call<'_> {
    async fn perform(&self) -> Result<Reply, Trouble> {
        let mut tx = self.server.database().begin().await?;
        rows::expire_due(&mut tx, self.server.now().timestamp()).await?;
        let reply = match (self.post, self.path) {
            (true, ["checkout", "sessions"] | ["refunds"]) => self.once(&mut tx).await?,
            (true, ["checkout", "sessions", id, "expire"]) => {
                say(StatusCode::OK, sessions::expire(self, &mut tx, id).await?)
            }
            (false, ["checkout", "sessions"]) => say(StatusCode::OK, sessions::list(self, &mut tx).await?),
            (false, ["checkout", "sessions", id]) => {
                say(StatusCode::OK, sessions::read(self, &mut tx, id).await?)
            }
            (false, ["refunds"]) => say(StatusCode::OK, refunds::list(self, &mut tx).await?),
            (false, ["refunds", id]) => say(StatusCode::OK, refunds::read(&mut tx, id).await?),
            _ => return Err(nowhere()),
        };
        tx.commit().await?;
        Ok(reply)
    }

    /// Does what the key asks for, or repeats the answer it got before. A refusal is not kept.
    async fn once(&self, tx: &mut Tx) -> Result<Reply, Trouble> {
        if !self.key.is_empty()
            && let Some((before, status, answer)) = rows::stored_answer(tx, self.key).await?
        {
            if before != self.request {
                let words = "Keys for idempotent requests can only be used with the same parameters";
                return Err(refuse(StatusCode::BAD_REQUEST, "idempotency_error", words, None));
            }
            let status = StatusCode::from_u16(status).unwrap_or_default();
            let body = serde_json::from_str(&answer).unwrap_or_default();
            return Ok(Reply { status, body, replayed: true });
        }
        let done = match self.path {
            ["refunds"] => refunds::create(self, tx).await?,
            _ => sessions::create(self, tx).await?,
        };
        let reply = if self.fails.has(Fail::KeptError) {
            let error = json!({"error": {"type": "api_error", "message": "Something went wrong"}});
            say(StatusCode::INTERNAL_SERVER_ERROR, error)
        } else {
            say(StatusCode::OK, done)
        };
        if !self.key.is_empty() {
            let answer = (reply.status.as_u16(), reply.body.to_string());
            rows::store_answer(tx, self.key, &self.request, answer).await?;
        }
        Ok(reply)
    }
}

/// One page of a list, newest first; `rows` may hold one more than fits.
fn listed(url: &str, mut items: Vec<Value>, limit: usize) -> Value {
    let has_more = items.len() > limit;
    items.truncate(limit);
    json!({"object": "list", "url": url, "has_more": has_more, "data": items})
}
