//! One request over the network: timeouts, size limit, no redirects, retries of reads.

use crate::partner::answer;
use crate::partner::error::PartnerError;
use crate::platform::{Clock, IdSource};
use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::Value;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use url::Url;

/// The longest `Retry-After` that is waited for while somebody is watching.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a question that only asks whether somebody is there may take.
const QUESTION: Duration = Duration::from_secs(4);

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
pub(super) struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Value>,
}

/// An answer of 2xx, 404 or 410.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
}

pub(super) struct Http {
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

/// A failed attempt, with the wait the partner asked for.
struct Failed {
    error: PartnerError,
    retry_after: Option<Duration>,
}

impl From<PartnerError> for Failed {
    fn from(error: PartnerError) -> Self {
        Self { error, retry_after: None }
    }
}

impl Http {
    pub(super) fn new(limits: HttpLimits, clock: Clock, ids: &IdSource) -> Self {
        // Processes must not come back in step; within one, the sequence may repeat itself.
        let seed = AtomicU64::new(ids.jitter().to_bits());
        Self { limits, clock, seed, loopback: OnceLock::new(), outside: OnceLock::new() }
    }

    /// Sends a request. Reads are repeated, everything else is sent once: its job repeats it.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, PartnerError> {
        if request.method != Method::GET {
            return self.once(&request).await.map_err(|failed| failed.error);
        }
        let clock = self.clock.clone();
        let waits = ExponentialBuilder::default()
            .with_min_delay(self.limits.backoff)
            .with_max_times(self.limits.get_attempts.saturating_sub(1))
            .with_jitter_seed(self.seed.fetch_add(1, Ordering::Relaxed))
            .with_jitter();
        (|| self.once(&request))
            .retry(waits)
            .sleep(move |wait| {
                let clock = clock.clone();
                async move { clock.sleep(wait).await }
            })
            .when(|failed| repeats(&failed.error))
            .adjust(|failed, wait| match failed.retry_after {
                // Asked to stay away longer than a person waits: say so instead of trying too early.
                Some(asked) if asked > PATIENCE => None,
                Some(asked) => wait.map(|wait| wait.max(asked)),
                None => wait,
            })
            .await
            .map_err(|failed| failed.error)
    }

    /// Sends a question once, and gives status and headers whatever they are; `None` where there is
    /// no client to send it with.
    pub(super) async fn ask(
        &self,
        request: &Request,
    ) -> Result<(StatusCode, HeaderMap), Option<reqwest::Error>> {
        let client = self.client(&request.url).ok_or(None)?;
        let question = client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .timeout(QUESTION);
        let response = question.send().await.map_err(Some)?;
        Ok((response.status(), response.headers().clone()))
    }

    async fn once(&self, request: &Request) -> Result<Answer, Failed> {
        let client = self.client(&request.url).ok_or(PartnerError::Unreachable)?;
        let mut builder =
            client.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
        if let Some(body) = &request.body {
            builder = builder.json(body);
        }
        let response = builder.send().await.map_err(|error| broken(&error))?;
        let status = response.status();
        let asked = retry_after(response.headers());
        match status {
            StatusCode::TOO_MANY_REQUESTS => {
                let error = PartnerError::RateLimited { retry_after: asked };
                Err(Failed { error, retry_after: asked })
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(PartnerError::Unauthorized.into()),
            _ if status.is_server_error() => {
                let error = PartnerError::Server { status: status.as_u16() };
                Err(Failed { error, retry_after: asked })
            }
            _ if status.is_redirection() => Err(PartnerError::Redirected.into()),
            _ if status.is_success() || matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) => {
                Ok(Answer { status, body: self.read(response).await? })
            }
            _ => {
                let body = self.read(response).await.unwrap_or_default();
                Err(answer::rejected(status.as_u16(), &body).into())
            }
        }
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, PartnerError> {
        let most = self.limits.max_bytes;
        if response.content_length().is_some_and(|length| length > most as u64) {
            return Err(PartnerError::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
            if body.len() + chunk.len() > most {
                return Err(PartnerError::TooLarge);
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

/// What is worth another read at once.
fn repeats(error: &PartnerError) -> bool {
    matches!(
        error,
        PartnerError::Unreachable
            | PartnerError::TimedOut
            | PartnerError::Server { .. }
            | PartnerError::RateLimited { .. }
    )
}

/// The error without its text: that could hold the address, and the address could hold a token.
fn broken(error: &reqwest::Error) -> PartnerError {
    if error.is_timeout() { PartnerError::TimedOut } else { PartnerError::Unreachable }
}

/// `Retry-After` in seconds (RFC 9110 section 10.2.3); its form as a date is not used by partners.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(24 * 60 * 60)))
}
