//! Why a message was not delivered.

use crate::domain::text::Text;
use std::path::PathBuf;
use thiserror::Error;

/// Why a message was not delivered, in words a student can read.
#[derive(Debug, Error)]
pub enum MailError {
    /// It may work later: the server is busy, unreachable, or its certificate is not trusted.
    #[error("The mail could not be sent just now: {reason}.")]
    Transient {
        /// What the server or the network said.
        reason: Text,
    },
    /// The server will never take it.
    #[error("The mail was refused: {reason}. Check the address.")]
    Permanent {
        /// What the server said.
        reason: Text,
    },
    /// The folder can't be written.
    #[error("The mail could not be written to {}: {error}.", dir.display())]
    Unwritable {
        /// Which folder.
        dir: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The sender is no address.
    #[error("The sender {0:?} is no e-mail address. Write [mail] from like \"enroll@college.example\".")]
    BadFrom(String),
    /// The message can't be written as mail.
    #[error("The mail could not be put together: {reason}.")]
    BadMessage {
        /// Why.
        reason: Text,
    },
    /// The server's address can't be used. It may hold a password, so it is not shown.
    #[error(
        "The mail server's address can't be used. Write it like smtps://name:password@mail.college.example, or smtp://…?tls=required."
    )]
    BadServer,
    /// Nobody configured a way to send mail.
    #[error("No way to send mail is set up here.")]
    NotConfigured,
}

impl MailError {
    /// Whether another attempt, later and unchanged, may work.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transient { .. } | Self::Unwritable { .. } | Self::NotConfigured => true,
            Self::Permanent { .. } | Self::BadFrom(_) | Self::BadMessage { .. } | Self::BadServer => false,
        }
    }

    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Transient { .. } => "mail_delayed",
            Self::Permanent { .. } => "mail_refused",
            Self::Unwritable { .. } => "mail_unwritable",
            Self::BadFrom(_) | Self::BadServer => "mail_misconfigured",
            Self::BadMessage { .. } => "mail_malformed",
            Self::NotConfigured => "mail_not_configured",
        }
    }
}
