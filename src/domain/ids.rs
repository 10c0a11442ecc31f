//! Ids: one newtype per kind of row, so that two of them can't be confused.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The bare id, for the database and for partners.
            pub fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

ids! {
    /// A row of `programs`.
    ProgramId,
    /// A row of `partner_lms_providers`.
    ProviderId,
    /// A row of `partner_courses`.
    CourseId,
    /// A row of `partner_lms_enrollments`.
    EnrollmentId,
    /// A row of `students`.
    StudentId,
    /// A row of `advisors`.
    AdvisorId,
    /// A row of `partner_accounts`.
    AccountId,
    /// A row of `cohorts`.
    CohortId,
    /// A row of `jobs`.
    JobId,
    /// A row of `events`.
    EventId,
    /// A row of `launches`.
    LaunchId,
    /// A row of `progress_samples`.
    SampleId,
    /// A row of `certificates`.
    CertificateId,
    /// A row of `partner_terms`.
    TermsId,
    /// A row of `waitlist_entries`.
    WaitlistId,
    /// A row of `partner_reviews`.
    ReviewId,
    /// A row of `payments`.
    PaymentId,
    /// A row of `refunds`.
    RefundId,
    /// A row of `lti_launches`.
    LtiLaunchId,
    /// A row of `completion_proofs`.
    ProofId,
    /// A row of `course_versions`.
    CourseVersionId,
    /// A row of `lessons`.
    LessonId,
    /// A row of `quiz_answers`.
    QuizAnswerId,
    /// A row of `partner_watches`.
    WatchId,
    /// A transaction of the ledger: its rows of `ledger_entries`.
    TransactionId,
}

/// What is posted to the ledger happens once, so the ids of its transactions follow from what causes
/// them: posting twice is refused by the database.
macro_rules! postings {
    ($($name:ident),*) => {$(
        impl $name {
            /// The transaction that posts this about it.
            pub fn posting(self, what: &str) -> TransactionId {
                Uuid::new_v5(&self.0, what.as_bytes()).into()
            }
        }
    )*};
}

postings!(EnrollmentId, PaymentId, RefundId);

impl CourseVersionId {
    /// Of a lesson of this version, by the name it has in it.
    pub fn lesson(self, key: &str) -> LessonId {
        Uuid::new_v5(&self.0, key.as_bytes()).into()
    }
}

impl EnrollmentId {
    /// Of the line in the audit that says that the student has begun: there is one at most.
    pub fn started_event(self) -> EventId {
        Uuid::new_v5(&self.0, b"started").into()
    }
}
