//! What happened (`events`): append-only, with who did it and whom it concerns.

use crate::domain::actor::Actor;
use crate::domain::ids::{EnrollmentId, EventId, ProviderId, StudentId};
use crate::domain::program::codes;
use crate::domain::time::Instant;

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A student enrolled.
    Enrolled,
    /// The partner confirmed the enrollment.
    Provisioned,
    /// We gave up asking the partner.
    ProvisionFailed,
    /// We gave up telling the partner that an enrollment was cancelled: it still counts there.
    WithdrawFailed,
    /// We gave up fetching the certificate.
    CertificateFailed,
    /// Somebody asked us to try again.
    Retried,
    /// An enrollment was cancelled.
    Cancelled,
    /// The partner knows that it was cancelled.
    Withdrawn,
    /// A course was opened.
    Launched,
    /// The partner reported a lower figure than before.
    ProgressFell,
    /// The partner reported completion.
    Completed,
    /// The certificate arrived.
    CertificateReceived,
    /// A message was delivered.
    MailSent,
    /// A message could not be delivered.
    MailFailed,
    /// A catalogue was imported.
    CatalogImported,
    /// A profile was changed.
    ProfileChanged,
}

codes!(EventKind {
    Enrolled = "enrolled", Provisioned = "provisioned", ProvisionFailed = "provision_failed",
    WithdrawFailed = "withdraw_failed", CertificateFailed = "certificate_failed", Retried = "retried", Cancelled = "cancelled", Withdrawn = "withdrawn", Launched = "launched",
    ProgressFell = "progress_fell", Completed = "completed",
    CertificateReceived = "certificate_received", MailSent = "mail_sent", MailFailed = "mail_failed",
    CatalogImported = "catalog_imported", ProfileChanged = "profile_changed",
});

impl EventKind {
    /// As the history of a course shows it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Enrolled => "Enrolled",
            Self::Provisioned => "The partner confirmed your place",
            Self::ProvisionFailed => "The partner could not be reached",
            Self::WithdrawFailed => "The partner could not be told",
            Self::CertificateFailed => "The certificate could not be fetched",
            Self::Retried => "Tried again",
            Self::Cancelled => "Cancelled",
            Self::Withdrawn => "The partner was told",
            Self::Launched => "Opened",
            Self::ProgressFell => "The partner reported a lower figure",
            Self::Completed => "Completed",
            Self::CertificateReceived => "Certificate received",
            Self::MailSent => "Confirmation sent",
            Self::MailFailed => "Confirmation could not be sent",
            Self::CatalogImported => "Catalogue imported",
            Self::ProfileChanged => "Profile changed",
        }
    }
}

/// One line of the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Which.
    pub id: EventId,
    /// When.
    pub at: Instant,
    /// Who did it.
    pub actor: Actor,
    /// Whom it concerns.
    pub subject: Option<StudentId>,
    /// What.
    pub kind: EventKind,
    /// About which enrollment.
    pub enrollment: Option<EnrollmentId>,
    /// With which partner.
    pub provider: Option<ProviderId>,
    /// Details; never a secret, never a launch link.
    pub payload: serde_json::Value,
}
