//! One request over the network, for whoever talks to somebody outside: timeouts, a size limit, no
//! redirects, retries of reads. What an answer means is for the caller to say.

mod probe;

pub use probe::{Probe, Unreached};

use crate::domain::web::WebUrl;
use crate::platform::{Clock, IdSource};
use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::Url;

/// The longest `Retry-After` that is waited for while somebody is watching.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long, how much, how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// For the connection.
    pub connect: Duration,
    /// For one whole exchange.
    pub total: Duration,
    /// The largest answer that is read, in bytes.
    pub max_bytes: usize,
    /// How often a read is tried.
    pub get_attempts: usize,
    /// The wait before the second try; it doubles, and jitter spreads it.
    pub backoff: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            total: Duration::from_secs(10),
            max_bytes: 1024 * 1024,
            get_attempts: 3,
            backoff: Duration::from_millis(200),
        }
    }
}

/// One request. Its headers carry a secret, so there is no `Debug`.
#[derive(Clone)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// Where it goes.
    pub url: Url,
    /// What goes along.
    pub headers: HeaderMap,
    /// What is said.
    pub body: Body,
}

/// What a request says.
#[derive(Clone)]
pub enum Body {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Value),
    /// A form, encoded, exactly as it is sent.
    Form(String),
}

/// An answer, whatever its status. The body of one that is no success may be cut off.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// What was said.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// No connection, or it broke.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// The answer is larger than any honest one.
    TooLarge,
}

/// The way out.
pub struct Http {
    limits: HttpLimits,
    clock: Clock,
    seed: AtomicU64,
    loopback: OnceLock<Option<Client>>,
    outside: OnceLock<Option<Client>>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Http {
    /// Nobody is called yet.
    pub fn new(limits: HttpLimits, clock: Clock, ids: &IdSource) -> Self {
        // Processes must not come back in step; within one, the sequence may repeat itself.
        let seed = AtomicU64::new(ids.jitter().to_bits());
        Self { limits, clock, seed, loopback: OnceLock::new(), outside: OnceLock::new() }
    }

    /// Sends a request. Reads are repeated, everything else is sent once: its job repeats it.
    pub async fn send(&self, request: &Request) -> Result<Answer, HttpError> {
        if request.method != Method::GET {
            return self.once(request).await;
        }
        let clock = self.clock.clone();
        let waits = ExponentialBuilder::default()
            .with_min_delay(self.limits.backoff)
            .with_max_times(self.limits.get_attempts.saturating_sub(1))
            .with_jitter_seed(self.seed.fetch_add(1, Ordering::Relaxed))
            .with_jitter();
        let asked = || async {
            match self.once(request).await {
                Ok(answer) if answer.asks_again() => Err(Ok(answer)),
                Ok(answer) => Ok(answer),
                Err(error) => Err(Err(error)),
            }
        };
        asked
            .retry(waits)
            .sleep(move |wait| {
                let clock = clock.clone();
                async move { clock.sleep(wait).await }
            })
            .when(|failed| !matches!(failed, Err(HttpError::TooLarge)))
            .adjust(|failed, wait| match failed.as_ref().ok().and_then(Answer::retry_after) {
                // Asked to stay away longer than a person waits: say so instead of trying too early.
                Some(asked) if asked > PATIENCE => None,
                Some(asked) => wait.map(|wait| wait.max(asked)),
                None => wait,
            })
            .await
            .or_else(|failed| failed)
    }

    async fn once(&self, request: &Request) -> Result<Answer, HttpError> {
        let client = self.client(&request.url).ok_or(HttpError::Unreachable)?;
        let response = request.built(client).send().await.map_err(|error| broken(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.read(response).await;
        let body = if status.is_success() { body? } else { body.unwrap_or_default() };
        Ok(Answer { status, headers, body })
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, HttpError> {
        let most = self.limits.max_bytes;
        if response.content_length().is_some_and(|length| length > most as u64) {
            return Err(HttpError::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
            if body.len() + chunk.len() > most {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn client(&self, url: &Url) -> Option<&Client> {
        // Plain http is loopback only (`WebUrl`). It needs neither certificates, which a bare
        // machine may lack, nor the proxy, which could not reach it.
        let (cell, loopback) = match url.scheme() {
            "http" => (&self.loopback, true),
            _ => (&self.outside, false),
        };
        cell.get_or_init(|| self.build(loopback)).as_ref()
    }

    fn build(&self, loopback: bool) -> Option<Client> {
        // Fails when it was installed before, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .connect_timeout(self.limits.connect)
            .timeout(self.limits.total)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .user_agent(concat!("coursevia/", env!("CARGO_PKG_VERSION")));
        if loopback {
            builder = builder.no_proxy().tls_certs_only([]);
        } else {
            builder = builder.https_only(true);
        }
        builder.build().map_err(|error| tracing::error!(%error, "the HTTP client can't be set up")).ok()
    }
}

impl Request {
    fn built(&self, client: &Client) -> RequestBuilder {
        let builder = client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        match &self.body {
            Body::Empty => builder,
            Body::Json(body) => builder.json(body),
            Body::Form(body) => {
                builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.clone())
            }
        }
    }
}

impl Answer {
    /// How long we are asked to stay away (RFC 9110 section 10.2.3); as a date it is not used.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds: u64 = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds.min(24 * 60 * 60)))
    }

    /// Whether the same question may have another answer in a moment.
    fn asks_again(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS || self.status.is_server_error()
    }
}

/// The error without its text: that could hold the address, and the address could hold a token.
fn broken(error: &reqwest::Error) -> HttpError {
    if error.is_timeout() { HttpError::TimedOut } else { HttpError::Unreachable }
}

/// Whether a text can stand in a path as one part. URL parsers resolve dots, even encoded ones.
pub fn is_segment(raw: &str) -> bool {
    !raw.is_empty() && raw != "." && raw != ".."
}

/// `base` with more parts; each is percent-encoded, because ids come from outside. `None`: one of
/// them is no part of a path.
pub fn address<'a>(base: &WebUrl, parts: impl Iterator<Item = &'a str>) -> Option<Url> {
    let mut url = base.as_url().clone();
    url.set_query(None);
    url.set_fragment(None);
    {
        let mut path = url.path_segments_mut().ok()?;
        path.pop_if_empty();
        for part in parts {
            if !is_segment(part) {
                return None;
            }
            path.push(part);
        }
    }
    Some(url)
}

/// A platform elsewhere has no business on this machine's own ports.
pub fn may_open(base: &WebUrl, link: &WebUrl) -> bool {
    base.is_loopback() || !link.is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_platform_on_this_machine_may_open_pages_of_this_machine() {
        let url = |raw: &str| WebUrl::parse(raw).expect("an address");
        let (here, there) = (url("http://127.0.0.1:8766/certiport"), url("https://partner.example"));
        assert!(may_open(&here, &url("http://127.0.0.1:8766/course/x")));
        assert!(may_open(&there, &url("https://login.partner.example/x")));
        assert!(!may_open(&there, &url("http://127.0.0.1:8766/_control/health")));
        assert!(!may_open(&there, &url("https://localhost/admin")));
    }

    #[test]
    fn a_base_address_keeps_its_path_and_loses_its_query() {
        let base = WebUrl::parse("https://partner.example/lms/?x=1#y").expect("an address");
        let url = address(&base, ["api", "a/b"].into_iter()).expect("an address");
        assert_eq!(url.as_str(), "https://partner.example/lms/api/a%2Fb");
        assert_eq!(address(&base, ["api", ".."].into_iter()), None);
    }
}
