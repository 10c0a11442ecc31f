//! Why a use case did not go through.

use crate::domain::failure::Failure;
use crate::domain::ids::CohortId;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::partner::PartnerError;
use crate::payment::ProcessorError;
use crate::store::StoreError;
use thiserror::Error;

/// Why a use case did not go through.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// A rule said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such program.
    #[error("There is no program \"{slug}\".{}", did_you_mean(near))]
    UnknownProgram {
        /// What was asked for.
        slug: Text,
        /// Slugs that look alike.
        near: Vec<String>,
    },
    /// The partner does not deliver this program.
    #[error("{title} is not delivered by \"{name}\". {}", delivered_by(partners))]
    UnknownPartner {
        /// What was asked for.
        name: Text,
        /// The program.
        title: Text,
        /// Who delivers it.
        partners: Vec<String>,
    },
    /// There is no such partner at all.
    #[error("There is no partner \"{name}\". {}", choose(partners))]
    NoSuchPartner {
        /// What was asked for.
        name: Text,
        /// The partners there are.
        partners: Vec<String>,
    },
    /// The partner is no tool.
    #[error("{partner} does not open by LTI 1.3. To set it up, use: coursevia lti register")]
    NoTool {
        /// Which partner.
        partner: Text,
    },
    /// There is no such student.
    #[error("There is no student {who}. Check the spelling; a first enrollment creates them.")]
    UnknownStudent {
        /// Who was asked for.
        who: Text,
    },
    /// There is no such enrollment.
    #[error("There is no enrollment \"{what}\". List yours with: coursevia courses --all")]
    UnknownEnrollment {
        /// What was asked for.
        what: Text,
    },
    /// There is no such waitlist entry.
    #[error("There is no waitlist entry \"{what}\". List yours with: coursevia waitlist list")]
    UnknownWaitlistEntry {
        /// What was asked for.
        what: Text,
    },
    /// The partner has no such start.
    #[error("{partner} has no start \"{what}\".{}", starts_are(starts))]
    UnknownStart {
        /// What was asked for.
        what: Text,
        /// With whom.
        partner: Text,
        /// The starts there are.
        starts: Vec<String>,
    },
    /// Several starts are on this day.
    #[error("Several starts are on {what}. Name one by its id: {}.", told_apart(starts))]
    UnclearStart {
        /// What was asked for.
        what: Text,
        /// Their ids and what tells them apart.
        starts: Vec<(CohortId, String)>,
    },
    /// There is no such review.
    #[error("There is no review \"{what}\". List a program's with: coursevia review list SLUG --json")]
    UnknownReview {
        /// What was asked for.
        what: Text,
    },
    /// There is no such report of a finished course.
    #[error("There is no report \"{what}\". List them with: coursevia proof list --all")]
    UnknownProof {
        /// What was asked for.
        what: Text,
    },
    /// There is no such payment to decide about.
    #[error(
        "There is no payment \"{what}\" that waits for a decision. List them with: coursevia parked list"
    )]
    UnknownPayment {
        /// What was asked for.
        what: Text,
    },
    /// There is no such job.
    #[error("There is no job \"{what}\". List them with: coursevia jobs list --all")]
    UnknownJob {
        /// What was asked for.
        what: Text,
    },
    /// The payment processor did not do it.
    #[error(transparent)]
    Processor {
        /// Why.
        source: ProcessorError,
    },
    /// The partner's platform did not do it.
    #[error("{}", with_name(partner, source))]
    Partner {
        /// Who.
        partner: Text,
        /// Why.
        source: PartnerError,
    },
    /// The partner's platform did not open a course.
    #[error(transparent)]
    NotOpened(Box<NotOpened>),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a partner's platform did not open a course, and what the student can do.
#[derive(Debug, Error)]
#[error("{}{}{}", with_name(partner, reason), trouble(began.as_ref()), instead(partners, contact.as_ref()))]
pub struct NotOpened {
    /// Who.
    pub partner: Text,
    /// Why.
    pub reason: PartnerError,
    /// How long ago its problems began, where it has any.
    pub began: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Who can be chosen instead.
    pub partners: Vec<String>,
}

impl ServiceError {
    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::UnknownProgram { .. } => "unknown_program",
            Self::UnknownPartner { .. } | Self::NoSuchPartner { .. } => "unknown_partner",
            Self::NoTool { .. } => "no_lti_tool",
            Self::UnknownStudent { .. } => "unknown_student",
            Self::UnknownEnrollment { .. } => "unknown_enrollment",
            Self::UnknownWaitlistEntry { .. } => "unknown_waitlist_entry",
            Self::UnknownStart { .. } => "unknown_start",
            Self::UnclearStart { .. } => "unclear_start",
            Self::UnknownReview { .. } => "unknown_review",
            Self::UnknownProof { .. } => "unknown_proof",
            Self::UnknownPayment { .. } => "unknown_payment",
            Self::UnknownJob { .. } => "unknown_job",
            Self::Processor { source } => source.code(),
            Self::Partner { source, .. } => source.code(),
            Self::NotOpened(why) => why.reason.code(),
            Self::Store(error) => error.code(),
        }
    }
}

impl From<&ServiceError> for Failure {
    fn from(error: &ServiceError) -> Self {
        match error {
            ServiceError::Refused(refusal) => refusal.into(),
            ServiceError::UnknownProgram { near: alternatives, .. }
            | ServiceError::UnknownStart { starts: alternatives, .. }
            | ServiceError::NoSuchPartner { partners: alternatives, .. }
            | ServiceError::UnknownPartner { partners: alternatives, .. } => {
                Self { alternatives: alternatives.clone(), ..Self::new(error.code(), error.to_string()) }
            }
            ServiceError::NotOpened(why) => {
                Self { alternatives: why.partners.clone(), ..Self::new(error.code(), error.to_string()) }
            }
            ServiceError::UnclearStart { starts, .. } => Self {
                alternatives: starts.iter().map(|(id, _)| id.to_string()).collect(),
                ..Self::new(error.code(), error.to_string())
            },
            _ => Self::new(error.code(), error.to_string()),
        }
    }
}

/// A partner's failure speaks of "the partner"; whoever reads it knows them by name.
fn with_name(partner: &Text, source: &PartnerError) -> String {
    let words = source.to_string();
    match words.strip_prefix("The partner") {
        Some(rest) => format!("{partner}{rest}"),
        None => format!("{partner}: {words}"),
    }
}

fn trouble(began: Option<&String>) -> String {
    began.map(|began| format!(" Its problems began {began}.")).unwrap_or_default()
}

fn instead(partners: &[String], contact: Option<&String>) -> String {
    let others = if partners.is_empty() {
        String::new()
    } else {
        format!(" You can switch to {}.", partners.join(" or "))
    };
    let ask = contact.map(|contact| format!(" If it stays, ask {contact}.")).unwrap_or_default();
    format!("{others}{ask}")
}

fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => " List them with: coursevia programs".to_owned(),
        _ => format!(" Did you mean {}?", near.join(" or ")),
    }
}

fn choose(partners: &[String]) -> String {
    match partners {
        [] => "Import a catalogue first.".to_owned(),
        _ => format!("Choose {}.", partners.join(" or ")),
    }
}

fn delivered_by(partners: &[String]) -> String {
    match partners {
        [] => "It is taught here, without a partner.".to_owned(),
        _ => format!("Choose {}.", partners.join(" or ")),
    }
}

fn told_apart(starts: &[(CohortId, String)]) -> String {
    starts.iter().map(|(id, what)| format!("{id} ({what})")).collect::<Vec<_>>().join("; ")
}

fn starts_are(starts: &[String]) -> String {
    match starts {
        [] => " It starts any time, or has no dates now; leave --cohort out.".to_owned(),
        _ => format!(" Choose {}.", starts.join(", ")),
    }
}
