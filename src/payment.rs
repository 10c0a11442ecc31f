//! The only place that talks to the payment processor: Stripe's API, or the sandbox that plays it.
//!
//! There is one client for both. No card number passes through here: a session is opened, and the
//! student pays on the processor's own page. Reads are repeated here; what changes something is
//! sent once, with an idempotency key, and repeated by its job.

mod answer;
mod body;
mod error;

pub use crate::http::{HttpLimits, Probe, Unreached};
pub use error::ProcessorError;

use crate::domain::ids::{PaymentId, RefundId};
use crate::domain::payment::{
    CheckoutRequest, NO_PAGE, ProcessorName, RefundReport, RefundRequest, SessionReport, Till, is_live_key,
};
use crate::domain::provider::SecretName;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use crate::http::{self, Answer, Body, Http, Request};
use crate::platform::{Clock, IdSource, Secret, Secrets};
use answer::List;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;
use url::Url;

/// The version of the interface whose answers are read here.
const VERSION: &str = "2025-03-31.basil";
/// The word that opens the sandbox.
const SANDBOX_KEY: &str = "sk_test_sandbox";
/// Where the sandbox plays the processor.
const SANDBOX_PATH: &str = "processor";
/// How many of a list come at once: the most there can be.
const PAGE: &str = "100";
/// The longest list that is gone through, in pages.
const MOST_PAGES: usize = 1_000;

/// Which processor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum Setup {
    /// The one that is played on this machine.
    Sandbox,
    /// One that speaks Stripe's API.
    Stripe {
        /// Where its interface is, without `/v1`.
        base_url: WebUrl,
        /// The variable that holds our key.
        secret: SecretName,
        /// The page students see after paying.
        return_url: WebUrl,
        /// Whether the key may be one that takes real money.
        allow_live: bool,
    },
}

/// The payment processor.
#[derive(Clone, Debug)]
pub struct Processor(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    setup: Setup,
    secrets: Secrets,
    /// Where the sandbox listens, or why it does not.
    sandbox: RwLock<Result<WebUrl, Option<Text>>>,
    limits: HttpLimits,
    clock: Clock,
    ids: IdSource,
    /// Made when it is first needed: most runs pay for nothing.
    http: OnceLock<Http>,
}

/// How long, how much, how often for the processor: it may take its time to charge a card.
pub fn limits() -> HttpLimits {
    HttpLimits { total: Duration::from_secs(20), ..HttpLimits::default() }
}

impl Processor {
    /// Connects to nobody yet.
    pub fn new(setup: Setup, secrets: Secrets, limits: HttpLimits, clock: Clock, ids: IdSource) -> Self {
        let (sandbox, http) = (RwLock::new(Err(None)), OnceLock::new());
        Self(Arc::new(Inner { setup, secrets, sandbox, limits, clock, ids, http }))
    }

    /// From now on the sandbox listens there, or can't be started for this reason.
    pub fn set_sandbox(&self, sandbox: Result<WebUrl, Text>) {
        *self.0.sandbox.write().unwrap_or_else(PoisonError::into_inner) = sandbox.map_err(Some);
    }

    /// Where the sandbox listens, or why it does not.
    pub fn sandbox(&self) -> Result<WebUrl, Option<Text>> {
        self.0.sandbox.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Which processor it is.
    pub fn setup(&self) -> &Setup {
        &self.0.setup
    }

    /// Its name, as payments are marked with it.
    pub fn name(&self) -> ProcessorName {
        match &self.0.setup {
            Setup::Sandbox => ProcessorName::sandbox(),
            Setup::Stripe { base_url, .. } => ProcessorName::of(base_url),
        }
    }

    /// How money can be taken. A process without the key still sells: another one has it.
    pub fn till(&self) -> Till {
        match &self.0.setup {
            Setup::Sandbox => Till::Sandbox,
            Setup::Stripe { .. } => Till::Open { live: self.live() },
        }
    }

    /// Whether this process can talk to that processor about money.
    pub fn can_serve(&self, name: &ProcessorName) -> bool {
        *name == self.name() && (matches!(self.0.setup, Setup::Sandbox) || self.key().is_ok())
    }

    /// Whether it takes real money: what `livemode` of its answers must say. Without the key, what is
    /// allowed is the best guess.
    pub fn live(&self) -> bool {
        match &self.0.setup {
            Setup::Sandbox => false,
            Setup::Stripe { allow_live, .. } => {
                self.held().map_or(*allow_live, |key| is_live_key(key.expose()))
            }
        }
    }

    /// The exact body of the request that opens a session. An amount that the processor can't count
    /// is written so that it refuses it, rather than takes another one.
    pub fn checkout_body(&self, request: &CheckoutRequest<'_>) -> String {
        match &self.0.setup {
            Setup::Sandbox => body::checkout(request, NO_PAGE),
            Setup::Stripe { return_url, .. } => body::checkout(request, return_url.as_str()),
        }
    }

    /// The exact body of the request for a refund.
    pub fn refund_body(&self, request: &RefundRequest<'_>) -> String {
        body::refund(request)
    }

    /// Opens a session. The same `key` with the same body opens it once.
    pub async fn open_session(&self, body: &str, key: &str) -> Result<SessionReport, ProcessorError> {
        let answer = self.post(&["checkout", "sessions"], body, Some(key)).await?;
        answer::session(&answer.body, &self.base()?)
    }

    /// Asks how a session stands.
    pub async fn session(&self, id: &Text) -> Result<SessionReport, ProcessorError> {
        let expanded = [("expand[]", "payment_intent")];
        let answer = self.get(&["checkout", "sessions", id.as_str()], &expanded).await?;
        answer::session(&answer.body, &self.base()?)
    }

    /// Ends a session, so that it can't be paid any more. Where it is not open, how it stands instead:
    /// the student may have paid meanwhile.
    pub async fn expire_session(&self, id: &Text) -> Result<SessionReport, ProcessorError> {
        match self.post(&["checkout", "sessions", id.as_str(), "expire"], "", None).await {
            Ok(answer) => answer::session(&answer.body, &self.base()?),
            Err(ProcessorError::Rejected { .. }) => self.session(id).await,
            Err(error) => Err(error),
        }
    }

    /// Looks for the session of a payment among those that were opened in a time.
    pub async fn find_session(
        &self,
        payment: PaymentId,
        created_from: Instant,
        created_to: Instant,
    ) -> Result<Option<SessionReport>, ProcessorError> {
        let (from, to) = (created_from.timestamp().to_string(), (created_to.timestamp() + 1).to_string());
        let expanded = ("expand[]", "data.payment_intent");
        let query = [("created[gte]", from.as_str()), ("created[lte]", to.as_str()), expanded];
        let (base, payment) = (self.base()?, payment.to_string());
        self.search(&["checkout", "sessions"], &query, |item| {
            let report = answer::session_of(item, &base);
            report.payment.as_ref().is_some_and(|id| id.as_str() == payment).then_some(report)
        })
        .await
    }

    /// Asks for a refund. The same `key` with the same body asks once.
    pub async fn create_refund(&self, body: &str, key: &str) -> Result<RefundReport, ProcessorError> {
        let answer = self.post(&["refunds"], body, Some(key)).await?;
        answer::refund(&answer.body)
    }

    /// Asks how a refund stands.
    pub async fn refund(&self, id: &Text) -> Result<RefundReport, ProcessorError> {
        answer::refund(&self.get(&["refunds", id.as_str()], &[]).await?.body)
    }

    /// Looks for one of our refunds among those of a payment.
    pub async fn find_refund(
        &self,
        payment_intent: &Text,
        refund: RefundId,
    ) -> Result<Option<RefundReport>, ProcessorError> {
        let (query, refund) = ([("payment_intent", payment_intent.as_str())], refund.to_string());
        self.search(&["refunds"], &query, |item| {
            let report = answer::refund_of(item);
            report.refund.as_ref().is_some_and(|id| id.as_str() == refund).then_some(report)
        })
        .await
    }

    /// Asks whether it is there, and whether it takes our key, where we hold one. Changes nothing.
    pub async fn probe(&self) -> Result<Probe, ProcessorError> {
        let mut url = self.address(&["checkout", "sessions"])?;
        url.query_pairs_mut().append_pair("limit", "1");
        let (headers, with_key) = match self.headers() {
            Ok(headers) => (headers, true),
            Err(ProcessorError::Secret(_)) => (HeaderMap::new(), false),
            Err(error) => return Err(error),
        };
        let request = Request { method: Method::GET, url, headers, body: Body::Empty };
        Ok(self.http().probe(&request, with_key).await)
    }

    /// The first of a list, page after page, that `wanted` takes.
    async fn search<T>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        wanted: impl Fn(&serde_json::Value) -> Option<T>,
    ) -> Result<Option<T>, ProcessorError> {
        let mut after: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut query = query.to_vec();
            query.push(("limit", PAGE));
            query.extend(after.as_deref().map(|id| ("starting_after", id)));
            let list = List::read(&self.get(path, &query).await?.body)?;
            if let Some(found) = list.items.iter().find_map(&wanted) {
                return Ok(Some(found));
            }
            match list.next() {
                None if list.has_more => break,
                None => return Ok(None),
                next if next == after => break,
                next => after = next,
            }
        }
        Err(ProcessorError::BadAnswer { what: "its list has no end" })
    }

    async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Answer, ProcessorError> {
        let mut url = self.address(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = Request { method: Method::GET, url, headers: self.headers()?, body: Body::Empty };
        error::checked(self.http().send(&request).await?)
    }

    async fn post(&self, path: &[&str], body: &str, key: Option<&str>) -> Result<Answer, ProcessorError> {
        let mut headers = self.headers()?;
        if let Some(key) = key {
            // A key that is no header value would be a request without one, and that may double.
            let key = HeaderValue::from_str(key)
                .ok()
                .filter(|key| (1..=255).contains(&key.len()))
                .ok_or(ProcessorError::BadAnswer { what: "the request has no usable key" })?;
            headers.insert(HeaderName::from_static("idempotency-key"), key);
        }
        let (url, body) = (self.address(path)?, Body::Form(body.to_owned()));
        error::checked(self.http().send(&Request { method: Method::POST, url, headers, body }).await?)
    }

    fn http(&self) -> &Http {
        let Inner { limits, clock, ids, http, .. } = &*self.0;
        http.get_or_init(|| Http::new(*limits, clock.clone(), ids))
    }

    fn headers(&self) -> Result<HeaderMap, ProcessorError> {
        let bearer = format!("Bearer {}", self.key()?.expose().trim());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| ProcessorError::Unauthorized)?;
        bearer.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(HeaderName::from_static("stripe-version"), HeaderValue::from_static(VERSION));
        Ok(headers)
    }

    fn address(&self, path: &[&str]) -> Result<Url, ProcessorError> {
        let parts = std::iter::once("v1").chain(path.iter().copied());
        http::address(&self.base()?, parts)
            .ok_or(ProcessorError::BadAnswer { what: "an id in it is empty or a dot" })
    }

    fn base(&self) -> Result<WebUrl, ProcessorError> {
        match &self.0.setup {
            Setup::Stripe { base_url, .. } => Ok(base_url.clone()),
            Setup::Sandbox => {
                let sandbox = self.sandbox().map_err(|why| ProcessorError::SandboxOff { why })?;
                http::address(&sandbox, [SANDBOX_PATH].into_iter())
                    .and_then(|url| WebUrl::parse(url.as_str()).ok())
                    .ok_or(ProcessorError::SandboxOff { why: None })
            }
        }
    }

    /// Our key, if this process may use it.
    fn key(&self) -> Result<Secret, ProcessorError> {
        match &self.0.setup {
            Setup::Sandbox => Ok(Secret::new(SANDBOX_KEY)),
            Setup::Stripe { base_url, secret, allow_live, .. } => {
                let key = self.0.secrets.for_url(secret, base_url)?;
                if is_live_key(key.expose()) && !allow_live {
                    return Err(ProcessorError::NotSetUp);
                }
                Ok(key)
            }
        }
    }

    fn held(&self) -> Option<Secret> {
        match &self.0.setup {
            Setup::Sandbox => None,
            Setup::Stripe { base_url, secret, .. } => self.0.secrets.for_url(secret, base_url).ok(),
        }
    }
}
