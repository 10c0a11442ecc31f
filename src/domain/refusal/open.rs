//! Why a course can't be opened from here.

use super::words::or_ask;
use crate::domain::text::Text;
use thiserror::Error;

/// Why a course can't be opened from here, though the student has a place in it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpenRefusal {
    /// The partner opens no courses for others: students sign in by themselves.
    #[error("{partner} can't be opened from here. Sign in at {partner} yourself{}.", or_ask(contact.as_ref()))]
    SignInThere {
        /// The partner.
        partner: Text,
        /// Whom to ask.
        contact: Option<String>,
    },
    /// An enrollment from before us: the partner's id of the account or of the enrollment is unknown.
    #[error("It is not known here under which account {partner} knows you, so it can't be opened from here. Sign in at {partner} yourself{}.", or_ask(contact.as_ref()))]
    AccountUnknown {
        /// The partner.
        partner: Text,
        /// Whom to ask.
        contact: Option<String>,
    },
}

impl OpenRefusal {
    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignInThere { .. } => "sign_in_there",
            Self::AccountUnknown { .. } => "account_unknown",
        }
    }
}
