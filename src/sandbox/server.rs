//! What every request of the sandbox shares, and where requests go.

use crate::domain::profile::Profiles;
use crate::domain::time::Instant;
use crate::platform::{Clock, IdSource};
use crate::sandbox::fail::FailPlan;
use crate::sandbox::lti::{Keys, Platform};
use crate::sandbox::state::Database;
use crate::sandbox::{control, learn, lti, pay, rest, signin, stripe};
use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Server(Arc<Inner>);

/// What it holds is a file, keys and clocks: nothing to show.
impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("port", &self.0.port).finish_non_exhaustive()
    }
}

struct Inner {
    profiles: Profiles,
    database: Database,
    key: Option<String>,
    port: u16,
    clock: Clock,
    ids: IdSource,
    stop: CancellationToken,
    fails: Mutex<FailPlan>,
    platform: Mutex<Option<Platform>>,
    keys: Keys,
    seen: Mutex<HashSet<String>>,
}

/// What a server is made of.
pub(super) struct Parts {
    pub profiles: Profiles,
    pub database: Database,
    pub key: Option<String>,
    pub port: u16,
    pub clock: Clock,
    pub ids: IdSource,
    pub stop: CancellationToken,
    pub fail: FailPlan,
    pub lti: Option<Platform>,
}

impl Server {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { profiles, database, key, port, clock, ids, stop, fail, lti } = parts;
        let platform = Mutex::new(lti);
        let (fails, seen, keys) = (Mutex::new(fail), Mutex::default(), Keys::default());
        Self(Arc::new(Inner { profiles, database, key, port, clock, ids, stop, fails, platform, keys, seen }))
    }

    /// Where requests go. What is no page, no control and not the processor's is a partner's REST
    /// interface.
    pub(super) fn router(&self) -> Router {
        Router::new()
            .route("/", get(learn::front))
            .route("/course/{token}", get(learn::open).head(learn::look))
            .route("/learn/{session}", get(learn::show).post(learn::tick))
            .route("/certificate/{number}", get(learn::certificate))
            // Whoever checks a certificate sees the same page.
            .route("/verify/{number}", get(learn::certificate))
            .route("/lti/{client_id}/login", get(lti::login).post(lti::login))
            .route("/lti/{client_id}/launch", get(lti::by_hand).post(lti::launch))
            .route("/login/{partner}", get(signin::answer).post(signin::answer))
            .route("/pay/{token}", get(pay::show).post(pay::choose))
            .route("/processor/{*path}", any(stripe::answer))
            .route("/_control/payments", get(stripe::control::payments))
            .route("/_control/pay", post(stripe::control::pay))
            .route("/_control/refund", post(stripe::control::refund))
            .route("/_control/health", get(control::health))
            .route("/_control/progress", post(control::progress))
            .route("/_control/enrollments", get(control::enrollments))
            .route("/_control/fail", get(control::fails).post(control::set_fails))
            .fallback(rest::answer)
            .layer(middleware::from_fn(only_loopback))
            .with_state(self.clone())
    }

    pub(super) fn profiles(&self) -> &Profiles {
        &self.0.profiles
    }

    pub(super) fn database(&self) -> &Database {
        &self.0.database
    }

    /// The only key that is accepted, if one was named.
    pub(super) fn key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// The platform that may open courses here by LTI.
    pub(super) fn platform(&self) -> Option<Platform> {
        guard(&self.0.platform).clone()
    }

    /// From now on it is this one.
    pub(super) fn set_platform(&self, platform: Platform) {
        *guard(&self.0.platform) = Some(platform);
    }

    /// That platform's public keys.
    pub(super) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(super) fn now(&self) -> Instant {
        self.0.clock.now()
    }

    /// The address of one of our own pages.
    pub(super) fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.0.port)
    }

    /// An id as partners make them: `cer-usr-4f9a21c07b`.
    pub(super) fn new_id(&self, partner: &str, kind: &str) -> String {
        let id = self.0.ids.uuid().simple().to_string();
        let short: String = partner.chars().take(3).collect();
        // The tail: the head of a version 7 id is the time.
        format!("{short}-{kind}-{}", &id[20..])
    }

    /// An id as the payment processor makes them: `cs_test_0193…`.
    pub(super) fn new_object(&self, kind: &str) -> String {
        format!("{kind}_{}", self.0.ids.uuid().simple())
    }

    /// The number of a new certificate: `CERTIPORT-4F9A21C07B12`.
    pub(super) fn new_number(&self, partner: &str) -> String {
        let id = self.0.ids.uuid().simple().to_string();
        format!("{partner}-{}", &id[20..]).to_uppercase()
    }

    /// A token nobody can guess.
    pub(super) fn new_token(&self) -> String {
        self.0.ids.token()
    }

    /// What goes wrong at the moment.
    pub(super) fn fails(&self) -> FailPlan {
        guard(&self.0.fails).clone()
    }

    /// Changes what goes wrong; every request is a first one again.
    pub(super) fn set_fails(&self, plan: FailPlan) {
        *guard(&self.0.fails) = plan;
        guard(&self.0.seen).clear();
    }

    /// Whether this request is seen for the first time.
    pub(super) fn is_first(&self, request: String) -> bool {
        guard(&self.0.seen).insert(request)
    }

    /// Waits until the sandbox stops.
    pub(super) async fn stopped(&self) {
        self.0.stop.cancelled().await;
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Refuses requests that a page elsewhere sent here under a name of its own (DNS rebinding).
async fn only_loopback(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    if matches!(name.to_ascii_lowercase().as_str(), "127.0.0.1" | "localhost" | "[::1]") {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, "This address is only for this machine.\n").into_response()
    }
}
