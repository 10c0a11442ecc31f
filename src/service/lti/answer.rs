//! What the browser is answered, and in which words.

use crate::domain::refusal::Refusal;
use crate::domain::web::WebUrl;
use crate::partner::lti::{IdToken, RequestError};
use crate::store::{Conflict, StoreError};
use std::fmt;
use thiserror::Error;

/// The answer to an authentication request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LtiAnswer {
    /// The form that opens the course.
    Token(TokenForm),
    /// The form that tells the tool what is wrong with its request.
    Error(ErrorForm),
    /// A page that tells the student; the tool hears of it only if they go back there.
    Stopped {
        /// Why.
        stop: LtiStop,
        /// What the tool is told, where it is known that it may be told.
        back: Option<ErrorForm>,
    },
}

/// A signed answer for a registered address.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenForm {
    /// Where it goes.
    pub action: WebUrl,
    /// Who it is.
    pub id_token: IdToken,
    /// The tool's own value, unchanged.
    pub state: Option<String>,
}

/// State may be a secret of the tool's.
impl fmt::Debug for TokenForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenForm").field("action", &self.action).finish_non_exhaustive()
    }
}

/// An error for a registered address (OpenID Connect Core 1.0, 3.1.2.6).
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorForm {
    /// Where it goes.
    pub action: WebUrl,
    /// OAuth's word.
    pub error: &'static str,
    /// For whoever runs the tool.
    pub description: &'static str,
    /// The tool's own value, unchanged.
    pub state: Option<String>,
}

impl fmt::Debug for ErrorForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ErrorForm");
        shown.field("action", &self.action).field("error", &self.error).finish_non_exhaustive()
    }
}

/// Why a launch goes no further. The sentence is for the person at the browser.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LtiStop {
    /// It never began, or that was long ago.
    #[error("This launch is not known here. Open the course again from coursevia.")]
    Unknown,
    /// Used, or too late.
    #[error("This link works once, for five minutes, and it is over. Open the course again from coursevia.")]
    Over,
    /// A rule says no.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The tool's request can't be read.
    #[error("{0}, so the course was not opened. Tell the partner's support.")]
    Unreadable(RequestError),
    /// It does not come from the partner that was launched.
    #[error(
        "The page that asks who you are is not the partner you opened, so it was told nothing. Open the course again from coursevia; if this stays, tell your advisor."
    )]
    UnknownClient,
    /// The answer would go to an address that is not registered.
    #[error(
        "The partner asks for an answer at an address that is not registered here, so nothing was sent. Tell your advisor."
    )]
    ForeignAddress,
    /// Something here does not work at the moment.
    #[error("{0}")]
    NotNow(String),
}

impl From<StoreError> for LtiStop {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Changed) => Self::Over,
            error => Self::NotNow(error.to_string()),
        }
    }
}
