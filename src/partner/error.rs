//! Why a partner's platform did not do what was asked.

use crate::domain::health::CallOutcome;
use crate::domain::text::Text;
use crate::http::HttpError;
use crate::partner::lti::KeyError;
use crate::platform::SecretError;
use std::time::Duration;
use thiserror::Error;

/// Why a call to a partner failed. The sentence of `Display` is for the student: it holds no
/// secret and no link.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PartnerError {
    /// This process may not use the partner's key.
    #[error("The partner's key can't be used here: {0}.")]
    Secret(#[from] SecretError),
    /// The catalogue names a profile that `assets/partners.toml` does not have.
    #[error("The interface of this partner is not known here. Ask whoever looks after the catalogue.")]
    UnknownProfile,
    /// The partner is played by the sandbox, and this process has none.
    #[error("The practice partner is not running{}", not_started(why.as_ref()))]
    SandboxOff {
        /// Why it could not be started, if it was tried.
        why: Option<Text>,
    },
    /// The partner is opened through our own endpoint, which does not listen.
    #[error("Courses of this partner open through this machine, which is not ready for it{}", not_listening(why.as_ref()))]
    EndpointOff {
        /// Why it does not, if it was tried.
        why: Option<Text>,
    },
    /// There is no key to sign launches with.
    #[error("Courses of this partner can't be opened yet: {}", ended(.0))]
    SigningKey(#[from] KeyError),
    /// No connection, or it broke.
    #[error("The partner can't be reached at the moment. Try again in a little while.")]
    Unreachable,
    /// No answer in time.
    #[error("The partner takes too long to answer. Try again in a little while.")]
    TimedOut,
    /// Too many requests (429).
    #[error("The partner is busy and asks for patience{}.", in_seconds(*retry_after))]
    RateLimited {
        /// How long the partner asks us to wait.
        retry_after: Option<Duration>,
    },
    /// The partner's own trouble (5xx).
    #[error("The partner is having problems (error {status}). Try again in a little while.")]
    Server {
        /// The HTTP status.
        status: u16,
    },
    /// The partner said no (4xx).
    #[error("The partner did not accept this (error {status}){}.", because(message.as_ref()))]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// The partner's own words, made safe.
        message: Option<Text>,
    },
    /// The partner does not accept our key (401, 403).
    #[error(
        "The partner does not accept the key of this installation. Ask whoever looks after the partner's keys."
    )]
    Unauthorized,
    /// The answer can't be understood.
    #[error("The partner's answer can't be used: {what}. Try again; if it stays, ask the partner's support.")]
    BadAnswer {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The answer is larger than any honest one.
    #[error("The partner's answer is far too large, so it was not read. Ask the partner's support.")]
    TooLarge,
    /// The platform sends us elsewhere; keys don't follow.
    #[error(
        "The partner's platform has moved, and nothing was sent to the new place. Ask whoever looks after the catalogue."
    )]
    Redirected,
}

impl From<HttpError> for PartnerError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Unreachable => Self::Unreachable,
            HttpError::TimedOut => Self::TimedOut,
            HttpError::TooLarge => Self::TooLarge,
        }
    }
}

impl PartnerError {
    /// Whether another attempt, later and unchanged, may work.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable
            | Self::TimedOut
            | Self::RateLimited { .. }
            | Self::Server { .. }
            | Self::SandboxOff { .. }
            | Self::EndpointOff { .. }
            // A cut-off answer looks like this; the idempotency key makes asking again safe.
            | Self::BadAnswer { .. } => true,
            Self::Rejected { status, .. } => matches!(status, 408 | 425),
            Self::Secret(_)
            | Self::UnknownProfile
            | Self::SigningKey(_)
            | Self::Unauthorized
            | Self::TooLarge
            | Self::Redirected => false,
        }
    }

    /// What it says about the partner's platform; `None` where it says nothing: our own key, our own
    /// configuration, our own haste.
    pub fn outcome(&self) -> Option<CallOutcome> {
        match self {
            Self::Unreachable
            | Self::TimedOut
            | Self::Server { .. }
            | Self::BadAnswer { .. }
            | Self::TooLarge
            | Self::Redirected => Some(CallOutcome::Failed),
            Self::Rejected { .. } if !self.is_transient() => Some(CallOutcome::Worked),
            Self::Rejected { .. }
            | Self::Secret(_)
            | Self::UnknownProfile
            | Self::SandboxOff { .. }
            | Self::EndpointOff { .. }
            | Self::SigningKey(_)
            | Self::RateLimited { .. }
            | Self::Unauthorized => None,
        }
    }

    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Secret(_) => "partner_key_unavailable",
            Self::UnknownProfile => "unknown_profile",
            Self::SandboxOff { .. } => "sandbox_off",
            Self::EndpointOff { .. } => "lti_endpoint_off",
            Self::SigningKey(error) => error.code(),
            Self::Unreachable => "partner_unreachable",
            Self::TimedOut => "partner_timeout",
            Self::RateLimited { .. } => "partner_busy",
            Self::Server { .. } => "partner_down",
            Self::Rejected { .. } => "partner_rejected",
            Self::Unauthorized => "partner_unauthorized",
            Self::BadAnswer { .. } => "partner_bad_answer",
            Self::TooLarge => "partner_answer_too_large",
            Self::Redirected => "partner_redirected",
        }
    }
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

fn not_listening(why: Option<&Text>) -> String {
    why.map_or_else(|| ". Try again in a moment.".to_owned(), |why| format!(": {why}."))
}

/// A sentence that ends in a command to copy has no dot behind it.
fn ended(error: &KeyError) -> String {
    let words = error.to_string();
    if words.contains(": coursevia ") || words.contains(": chmod ") { words } else { format!("{words}.") }
}

fn because(message: Option<&Text>) -> String {
    message.map(|message| format!(": {}", message.as_str().trim_end_matches('.'))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::provider::SecretName;
    use std::collections::BTreeSet;

    #[test]
    fn only_what_the_platform_does_counts_against_it() {
        let failed = [
            PartnerError::Unreachable,
            PartnerError::TimedOut,
            PartnerError::Server { status: 503 },
            PartnerError::BadAnswer { what: "it names no account" },
            PartnerError::Redirected,
        ];
        assert!(failed.iter().all(|error| error.outcome() == Some(CallOutcome::Failed)));
        let no = PartnerError::Rejected { status: 422, message: None };
        assert_eq!(no.outcome(), Some(CallOutcome::Worked));
        let name = SecretName::parse("KEY").expect("a name");
        let ours = [
            PartnerError::Secret(SecretError::Missing { name }),
            PartnerError::SandboxOff { why: None },
            PartnerError::UnknownProfile,
            PartnerError::RateLimited { retry_after: None },
            PartnerError::Unauthorized,
        ];
        assert!(ours.iter().all(|error| error.outcome().is_none()));
    }

    #[test]
    fn every_error_is_a_sentence_with_a_code_of_its_own() {
        let name = SecretName::parse("KEY").expect("a name");
        let all = [
            PartnerError::Secret(SecretError::Missing { name }),
            PartnerError::UnknownProfile,
            PartnerError::SandboxOff { why: None },
            PartnerError::SandboxOff { why: Some("port 8766 is used by another program".into()) },
            PartnerError::EndpointOff { why: None },
            PartnerError::SigningKey(KeyError::NoPrevious),
            PartnerError::Unreachable,
            PartnerError::TimedOut,
            PartnerError::RateLimited { retry_after: None },
            PartnerError::RateLimited { retry_after: Some(Duration::from_secs(30)) },
            PartnerError::Server { status: 500 },
            PartnerError::Rejected { status: 422, message: None },
            PartnerError::Rejected { status: 422, message: Some("The course is full.".into()) },
            PartnerError::Unauthorized,
            PartnerError::BadAnswer { what: "it names no account" },
            PartnerError::TooLarge,
            PartnerError::Redirected,
        ];
        let codes: BTreeSet<&str> = all.iter().map(PartnerError::code).collect();
        assert_eq!(codes.len(), 14);
        for error in all {
            let words = error.to_string();
            assert!(words.ends_with('.') || words.ends_with("coursevia sandbox"), "{words}");
            assert!(!words.contains("..") && !words.contains("://"), "{words}");
        }
    }
}
