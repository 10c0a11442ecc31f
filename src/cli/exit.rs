//! How a command ends.

use crate::config::ConfigError;
use crate::domain::failure::Failure;
use crate::domain::web::WebUrl;
use crate::platform::files;
use crate::platform::profile::ProfileError;
use crate::runtime::backend::OpenError;
use crate::service::ServiceError;
use std::io;
use std::process::{ExitCode, Termination};

/// Exit codes (also in the README).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0
    Done,
    /// 1: something is broken or unknown.
    Failed,
    /// 2: the command line or the configuration does not make sense.
    Usage,
    /// 3: a rule said no.
    Refused,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
        })
    }
}

/// The code of a configuration that can't be used.
const CONFIGURATION: &str = "configuration";

/// Why a command did not go through.
#[derive(Debug)]
pub enum Problem {
    /// Wrong usage.
    Usage(String),
    /// A failure or refusal with code and words.
    Failure(Failure),
    /// Already told on stdout; this is for the person.
    Told(String),
    /// The reader of our output has gone: nobody to tell, nothing wrong.
    ReaderGone,
    /// Anything else.
    Other(anyhow::Error),
}

impl Problem {
    /// The exit code of this problem.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Failure(failure) if failure.refused => Exit::Refused,
            Self::Failure(failure) if failure.code == CONFIGURATION => Exit::Usage,
            Self::Failure(_) | Self::Told(_) | Self::Other(_) => Exit::Failed,
            Self::ReaderGone => Exit::Done,
        }
    }

    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Failure(failure) => failure.code,
            Self::Told(_) | Self::ReaderGone | Self::Other(_) => "failed",
        }
    }

    /// What can be chosen instead.
    pub fn alternatives(&self) -> &[String] {
        match self {
            Self::Failure(failure) => &failure.alternatives,
            _ => &[],
        }
    }

    /// The page on which what is asked for can be paid.
    pub fn payment_url(&self) -> Option<&WebUrl> {
        match self {
            Self::Failure(failure) => failure.payment_url.as_deref(),
            _ => None,
        }
    }

    /// The sentence for a person; empty when there is nobody to tell.
    pub fn message(&self) -> String {
        match self {
            Self::Usage(text) | Self::Told(text) => text.clone(),
            Self::Failure(failure) => failure.message.clone(),
            Self::Other(error) => format!("{error:#}"),
            Self::ReaderGone => String::new(),
        }
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        Self::Failure(Failure::from(&error))
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        Self::Failure(Failure::from(&error))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        Self::Failure(Failure::new(CONFIGURATION, error.to_string()))
    }
}

impl From<ProfileError> for Problem {
    fn from(error: ProfileError) -> Self {
        let words = match &error {
            ProfileError::Malformed { .. } => error.to_string(),
            ProfileError::Io { path, source } => {
                format!("{}: {}", path.display(), files::why(source))
            }
        };
        Self::Failure(Failure::new("profile_unusable", words))
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::ReaderGone } else { Self::Other(error.into()) }
    }
}
