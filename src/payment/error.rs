//! Why the payment processor did not do what was asked.

use crate::domain::text::Text;
use crate::http::{Answer, HttpError};
use crate::payment::answer::{self, Complaint};
use crate::platform::SecretError;
use reqwest::StatusCode;
use std::time::Duration;
use thiserror::Error;

/// Why a call to the processor failed. The sentence of `Display` is for a person: it holds no secret
/// and no address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProcessorError {
    /// This process may not use the key.
    #[error("The payment processor's key can't be used here: {0}.")]
    Secret(#[from] SecretError),
    /// The key takes real money, and the configuration does not allow that.
    #[error("The payment processor's key takes real money, and the configuration does not allow that.")]
    NotSetUp,
    /// The processor is played by the sandbox, and this process has none.
    #[error("The practice payment page is not running{}", not_started(why.as_ref()))]
    SandboxOff {
        /// Why it could not be started, if it was tried.
        why: Option<Text>,
    },
    /// No connection, or it broke.
    #[error("The payment processor can't be reached at the moment. Try again in a little while.")]
    Unreachable,
    /// No answer in time: what was asked for may have been done.
    #[error("The payment processor takes too long to answer. Try again in a little while.")]
    TimedOut,
    /// Too many requests (429), or another request with the same key is at it (409).
    #[error("The payment processor is busy and asks for patience{}.", in_seconds(*retry_after))]
    RateLimited {
        /// How long it asks us to wait.
        retry_after: Option<Duration>,
    },
    /// Its own trouble (5xx): what was asked for may have been done.
    #[error("The payment processor is having problems (error {status}). Try again in a little while.")]
    Server {
        /// The HTTP status.
        status: u16,
    },
    /// Its own trouble, and it will say so again whenever this idempotency key comes: only looking it
    /// up tells whether it was done.
    #[error("The payment processor is having problems (error {status}) and does not say what came of this.")]
    Kept {
        /// The HTTP status.
        status: u16,
    },
    /// It does not accept our key (401, 403).
    #[error(
        "The payment processor does not accept the key of this installation. Ask whoever looks after payments."
    )]
    Unauthorized,
    /// There is no such session, payment or refund.
    #[error("The payment processor does not know this payment. Ask whoever looks after payments.")]
    NotFound,
    /// The idempotency key was used for another request.
    #[error(
        "The payment processor has seen another request under the same name. Ask whoever looks after payments."
    )]
    KeyReused,
    /// All of the payment was refunded before.
    #[error("This was paid back before.")]
    AlreadyRefunded,
    /// The card was declined (402): a definite no.
    #[error("The card was declined: {}.", plain(message))]
    Declined {
        /// The processor's words, made safe.
        message: Text,
    },
    /// A definite no (other 4xx).
    #[error("The payment processor did not accept this: {}.", plain(message))]
    Rejected {
        /// The processor's words, made safe.
        message: Text,
    },
    /// The answer can't be understood: what was asked for may have been done.
    #[error("The payment processor's answer can't be used: {what}. Try again in a little while.")]
    BadAnswer {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The answer is larger than any honest one: what was asked for may have been done.
    #[error("The payment processor's answer is far too large, so it was not read.")]
    TooLarge,
    /// It sends us elsewhere; keys don't follow.
    #[error(
        "The payment processor has moved, and nothing was sent to the new place. Check base_url under [payment]."
    )]
    Redirected,
}

impl ProcessorError {
    /// Whether another attempt, later and unchanged, may work. The key of the request makes that safe
    /// while the processor remembers it, so `Stripe-Should-Retry: false` on an error of its own makes
    /// it no lasting one; `true` makes a refusal a passing one.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::SandboxOff { .. }
            | Self::Unreachable
            | Self::TimedOut
            | Self::RateLimited { .. }
            | Self::Server { .. }
            | Self::Kept { .. }
            | Self::BadAnswer { .. }
            | Self::TooLarge => true,
            Self::Secret(_)
            | Self::NotSetUp
            | Self::Unauthorized
            | Self::NotFound
            | Self::KeyReused
            | Self::AlreadyRefunded
            | Self::Declined { .. }
            | Self::Rejected { .. }
            | Self::Redirected => false,
        }
    }

    /// Whether it is certain that what was asked for was not done and will not be. Everything else
    /// that does not pass by itself is for a person, not for giving up.
    pub fn is_definite_no(&self) -> bool {
        matches!(self, Self::Declined { .. } | Self::Rejected { .. })
    }

    /// How long the processor asks us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } => *retry_after,
            _ => None,
        }
    }

    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Secret(_) => "processor_key_unavailable",
            Self::NotSetUp => "processor_not_set_up",
            Self::SandboxOff { .. } => "sandbox_off",
            Self::Unreachable => "processor_unreachable",
            Self::TimedOut => "processor_timeout",
            Self::RateLimited { .. } => "processor_busy",
            Self::Server { .. } => "processor_down",
            Self::Kept { .. } => "processor_unclear",
            Self::Unauthorized => "processor_unauthorized",
            Self::NotFound => "processor_unknown_payment",
            Self::KeyReused => "processor_key_reused",
            Self::AlreadyRefunded => "already_refunded",
            Self::Declined { .. } => "card_declined",
            Self::Rejected { .. } => "processor_rejected",
            Self::BadAnswer { .. } => "processor_bad_answer",
            Self::TooLarge => "processor_answer_too_large",
            Self::Redirected => "processor_redirected",
        }
    }
}

impl From<HttpError> for ProcessorError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Unreachable => Self::Unreachable,
            HttpError::TimedOut => Self::TimedOut,
            HttpError::TooLarge => Self::TooLarge,
        }
    }
}

/// The answer, unless it is an error.
pub(super) fn checked(answer: Answer) -> Result<Answer, ProcessorError> {
    let status = answer.status;
    if status.is_success() {
        return Ok(answer);
    }
    let says = |name: &str| answer.headers.get(name).is_some_and(|value| value == "true");
    let code = status.as_u16();
    Err(match status {
        _ if status.is_redirection() => ProcessorError::Redirected,
        _ if status.is_server_error() && says("idempotent-replayed") => ProcessorError::Kept { status: code },
        _ if status.is_server_error() || status == StatusCode::FAILED_DEPENDENCY => {
            ProcessorError::Server { status: code }
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ProcessorError::Unauthorized,
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::CONFLICT
        | StatusCode::TOO_EARLY
        | StatusCode::TOO_MANY_REQUESTS => ProcessorError::RateLimited { retry_after: answer.retry_after() },
        _ if says("stripe-should-retry") => ProcessorError::RateLimited { retry_after: answer.retry_after() },
        _ => refused(code, answer::complaint(&answer.body)),
    })
}

fn refused(status: u16, complaint: Complaint) -> ProcessorError {
    // Somebody in between, or an answer that was cut off: nobody knows what was done.
    if complaint == Complaint::default() {
        return ProcessorError::BadAnswer { what: "it is no answer of a payment processor" };
    }
    let is = |field: &Option<Text>, word: &str| field.as_ref().is_some_and(|field| field.as_str() == word);
    let message = complaint.message.unwrap_or_else(|| Text::clean(&format!("error {status}")));
    if is(&complaint.kind, "idempotency_error") {
        ProcessorError::KeyReused
    } else if is(&complaint.code, "charge_already_refunded") {
        ProcessorError::AlreadyRefunded
    } else if is(&complaint.code, "resource_missing") {
        ProcessorError::NotFound
    } else if status == 404 {
        ProcessorError::BadAnswer { what: "there is no payment processor at this address" }
    } else if status == 402 {
        ProcessorError::Declined { message }
    } else {
        ProcessorError::Rejected { message }
    }
}

fn plain(message: &Text) -> &str {
    message.as_str().trim_end_matches('.')
}

fn in_seconds(wait: Option<Duration>) -> String {
    match wait.map(|wait| wait.as_secs()) {
        None => ". Try again in a little while".to_owned(),
        Some(0..=1) => ". Try again in a second".to_owned(),
        Some(seconds @ 2..=90) => format!(". Try again in {seconds} seconds"),
        Some(seconds) => format!(". Try again in {} minutes", seconds.div_ceil(60)),
    }
}

fn not_started(why: Option<&Text>) -> String {
    why.map_or_else(|| ". Start it with: coursevia sandbox".to_owned(), |why| format!(": {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::provider::SecretName;
    use reqwest::header::{HeaderMap, HeaderValue};
    use std::collections::BTreeSet;

    #[test]
    fn every_error_is_a_sentence_with_a_code_of_its_own() {
        let name = SecretName::parse("KEY").expect("a name");
        let all = [
            ProcessorError::Secret(SecretError::Missing { name }),
            ProcessorError::NotSetUp,
            ProcessorError::SandboxOff { why: None },
            ProcessorError::SandboxOff { why: Some("port 8766 is used by another program".into()) },
            ProcessorError::Unreachable,
            ProcessorError::TimedOut,
            ProcessorError::RateLimited { retry_after: None },
            ProcessorError::RateLimited { retry_after: Some(Duration::from_secs(30)) },
            ProcessorError::Server { status: 500 },
            ProcessorError::Kept { status: 500 },
            ProcessorError::Unauthorized,
            ProcessorError::NotFound,
            ProcessorError::KeyReused,
            ProcessorError::AlreadyRefunded,
            ProcessorError::Declined { message: "Your card has insufficient funds.".into() },
            ProcessorError::Rejected { message: "Invalid integer".into() },
            ProcessorError::BadAnswer { what: "it names no session" },
            ProcessorError::TooLarge,
            ProcessorError::Redirected,
        ];
        let codes: BTreeSet<&str> = all.iter().map(ProcessorError::code).collect();
        assert_eq!(codes.len(), 17);
        for error in all {
            let words = error.to_string();
            assert!(words.ends_with('.') || words.ends_with("coursevia sandbox"), "{words}");
            assert!(!words.contains("..") && !words.contains("://"), "{words}");
            assert!(!(error.is_transient() && error.is_definite_no()), "{words}");
        }
    }

    #[test]
    fn statuses_and_codes_are_told_apart() {
        let of = |status: u16, body: &str, flags: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for name in flags {
                headers.insert(*name, HeaderValue::from_static("true"));
            }
            let status = StatusCode::from_u16(status).expect("a status");
            checked(Answer { status, headers, body: body.as_bytes().to_vec() }).map(drop)
        };
        let coded = |code: &str| format!(r#"{{"error":{{"code":"{code}","message":"No."}}}}"#);
        let no = || Err(ProcessorError::Rejected { message: "No.".into() });
        assert_eq!(of(200, "", &[]), Ok(()));
        assert_eq!(of(400, r#"{"error":{"type":"idempotency_error"}}"#, &[]), Err(ProcessorError::KeyReused));
        assert_eq!(of(400, &coded("charge_already_refunded"), &[]), Err(ProcessorError::AlreadyRefunded));
        assert_eq!(of(400, &coded("resource_missing"), &[]), Err(ProcessorError::NotFound));
        assert_eq!(of(400, &coded("amount_too_small"), &[]), no());
        assert_eq!(of(402, &coded("x"), &[]), Err(ProcessorError::Declined { message: "No.".into() }));
        assert_eq!(of(409, "", &[]), Err(ProcessorError::RateLimited { retry_after: None }));
        assert_eq!(of(400, "", &["stripe-should-retry"]), of(429, "", &[]));
        assert_eq!(of(500, "", &["idempotent-replayed"]), Err(ProcessorError::Kept { status: 500 }));
        assert_eq!(of(502, "<html>", &[]), Err(ProcessorError::Server { status: 502 }));
        assert_eq!(of(302, "", &[]), Err(ProcessorError::Redirected));
        assert_eq!(
            of(418, r#"{"error":{"type":"x"}}"#, &[]),
            Err(ProcessorError::Rejected { message: "error 418".into() })
        );
        assert_eq!(of(404, &coded("resource_missing"), &[]), Err(ProcessorError::NotFound));
    }

    #[test]
    fn a_refusal_that_can_t_be_read_is_no_definite_no() {
        let garbled = ["", "<html>Not Found</html>", r#"{"error":{"type":"idempot"#, r#"{"error":{}}"#];
        for (status, body) in
            [400, 402, 404, 413, 418].into_iter().flat_map(|s| garbled.map(|body| (s, body)))
        {
            let (status, body) = (StatusCode::from_u16(status).expect("a status"), body.as_bytes().to_vec());
            let error = checked(Answer { status, headers: HeaderMap::new(), body }).expect_err("no success");
            assert!(error.is_transient() && !error.is_definite_no(), "{status}: {error}");
        }
        let body = br#"{"error":{"type":"invalid_request_error","code":"url_invalid"}}"#.to_vec();
        let elsewhere = Answer { status: StatusCode::NOT_FOUND, headers: HeaderMap::new(), body };
        assert!(
            checked(elsewhere).expect_err("no success").is_transient(),
            "a wrong address loses no payment"
        );
    }
}
