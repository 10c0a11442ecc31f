//! Where requests go.

use super::EndpointOptions;
use super::guard::{Hosts, careful, only_our_names};
use super::page;
use super::probe::SERVICE;
use crate::service::Services;
use crate::service::lti::LtiAnswer;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use serde_json::json;
use std::sync::Arc;

/// The largest form that is read, in bytes.
const MAX_FORM: usize = 16 * 1024;

#[derive(Clone)]
struct Shared {
    services: Services,
    database: Arc<str>,
}

pub(super) fn router(options: &EndpointOptions, port: u16) -> Router {
    let hosts = Hosts::new(port, options.public_base_url.as_ref());
    let shared = Shared { services: options.services.clone(), database: options.database.as_str().into() };
    Router::new()
        // Whoever only looks (a preview, a scanner of links) uses nothing up.
        .route("/lti/launch/{token}", get(launch).head(looked))
        .route("/lti/auth", get(ask).post(ask_by_form).head(looked))
        .route("/lti/jwks.json", get(jwks))
        .route("/lti/health", get(health))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(hosts, only_our_names))
        .layer(middleware::from_fn(careful))
        .with_state(shared)
}

async fn launch(State(shared): State<Shared>, Path(token): Path<String>) -> Response {
    match shared.services.lti_initiate(&token).await {
        Ok(login) => (StatusCode::SEE_OTHER, [(header::LOCATION, String::from(login))]).into_response(),
        Err(stop) => page::stopped(&stop, None),
    }
}

async fn ask(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    answer(&shared, query.unwrap_or_default().as_bytes()).await
}

async fn ask_by_form(State(shared): State<Shared>, headers: HeaderMap, form: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send a form.\n").into_response();
    }
    answer(&shared, &form).await
}

async fn answer(shared: &Shared, request: &[u8]) -> Response {
    let nonce = shared.services.ids.token();
    match shared.services.lti_authenticate(request).await {
        LtiAnswer::Token(form) => page::token(&form, &nonce),
        LtiAnswer::Error(form) => page::error(&form, &nonce),
        LtiAnswer::Stopped { stop, back } => page::stopped(&stop, back.as_ref()),
    }
}

async fn looked() -> StatusCode {
    StatusCode::OK
}

async fn jwks(State(shared): State<Shared>) -> Response {
    match shared.services.lti.keys().await {
        Ok(keys) => Json(keys.jwks()).into_response(),
        Err(_) => (StatusCode::NOT_FOUND, Json(json!({ "keys": [] }))).into_response(),
    }
}

async fn health(State(shared): State<Shared>) -> Response {
    Json(json!({ "service": SERVICE, "database": &*shared.database })).into_response()
}

async fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response()
}
