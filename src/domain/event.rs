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
    /// The certificate was issued here.
    CertificateIssued,
    /// A lesson taught here was read to its end.
    LessonRead,
    /// The quiz of a lesson was passed.
    QuizPassed,
    /// It was not.
    QuizFailed,
    /// A course taught here came in, or a new version of it.
    CourseImported,
    /// A message was delivered.
    MailSent,
    /// A message could not be delivered.
    MailFailed,
    /// A student joined a waitlist.
    WaitlistJoined,
    /// A student left a waitlist.
    WaitlistLeft,
    /// A waitlist ended with the start of its course.
    WaitlistClosed,
    /// A seat was offered to whoever waited longest.
    SeatOffered,
    /// The student gave an offered seat back.
    OfferDeclined,
    /// An offer was not answered in time.
    OfferExpired,
    /// The seat of an enrollment that was not paid in time was given back.
    HoldExpired,
    /// Somebody is about to pay.
    CheckoutBegun,
    /// It was given up before it was paid.
    CheckoutAbandoned,
    /// A payment page was opened for them.
    PaymentOpened,
    /// It is paid.
    Paid,
    /// There will be no payment page: the processor said no.
    PaymentFailed,
    /// The payment page is over, unpaid.
    PaymentExpired,
    /// What was paid does not fit: a person decides.
    PaymentParked,
    /// An advisor has decided about a payment that did not fit.
    PaymentSettled,
    /// It was paid although nobody waited for it any more.
    PaidLate,
    /// Money is to go back.
    RefundRequested,
    /// It is back.
    Refunded,
    /// The processor could not pay it back.
    RefundFailed,
    /// The student has begun: the first launch, or the first figure above zero.
    Started,
    /// The course could not be opened.
    LaunchFailed,
    /// Somebody wants another partner, and has to pay the difference first.
    SwitchBegun,
    /// The old enrollment of a switch: the student is with another partner now.
    SwitchedAway,
    /// The new enrollment of a switch.
    SwitchedHere,
    /// A switch did not come about; everything is as before.
    SwitchEnded,
    /// A partner was paid.
    PaidOut,
    /// A partner was paused.
    PartnerPaused,
    /// A paused partner works again, or its end was called off.
    PartnerResumed,
    /// The end of a partner was announced.
    PartnerRetiring,
    /// Calls to a partner fail.
    PartnerTroubled,
    /// Calls to a partner work again.
    PartnerRecovered,
    /// Somebody wants to be told when a partner is back.
    WatchAsked,
    /// They were told.
    WatchTold,
    /// A partner was told name or address of the student.
    Disclosed,
    /// A partner was set up for LTI launches.
    LtiRegistered,
    /// A student says that they have finished.
    ProofSent,
    /// An advisor believes it: the course is completed.
    ProofAccepted,
    /// An advisor does not.
    ProofDeclined,
    /// The partner reported an exam that was not passed.
    ExamFailed,
    /// Outside work that failed was dropped by a person.
    JobDropped,
    /// The student was told that a certificate runs out.
    CertificateExpiring,
    /// A review was written.
    ReviewPosted,
    /// A review was changed.
    ReviewEdited,
    /// A review was taken back by its author.
    ReviewWithdrawn,
    /// An advisor hid the text of a review.
    ReviewHidden,
    /// An advisor showed the text of a review again.
    ReviewUnhidden,
    /// A student told what they need.
    PreferencesSaved,
    /// A catalogue was imported.
    CatalogImported,
    /// A profile was changed.
    ProfileChanged,
}

codes!(EventKind {
    Enrolled = "enrolled", Provisioned = "provisioned", ProvisionFailed = "provision_failed",
    WithdrawFailed = "withdraw_failed", CertificateFailed = "certificate_failed", Retried = "retried", Cancelled = "cancelled", Withdrawn = "withdrawn", Launched = "launched",
    ProgressFell = "progress_fell", Completed = "completed",
    CertificateReceived = "certificate_received", CertificateIssued = "certificate_issued",
    LessonRead = "lesson_read", QuizPassed = "quiz_passed", QuizFailed = "quiz_failed", CourseImported = "course_imported",
    MailSent = "mail_sent", MailFailed = "mail_failed",
    WaitlistJoined = "waitlist_joined", WaitlistLeft = "waitlist_left", WaitlistClosed = "waitlist_closed",
    SeatOffered = "seat_offered", OfferDeclined = "offer_declined", OfferExpired = "offer_expired",
    HoldExpired = "hold_expired",
    CheckoutBegun = "checkout_begun", CheckoutAbandoned = "checkout_abandoned", PaymentOpened = "payment_opened", Paid = "paid",
    PaymentFailed = "payment_failed", PaymentExpired = "payment_expired", PaymentParked = "payment_parked",
    PaymentSettled = "payment_settled", PaidLate = "paid_late", RefundRequested = "refund_requested",
    Refunded = "refunded", RefundFailed = "refund_failed", Started = "started", LaunchFailed = "launch_failed",
    SwitchBegun = "switch_begun", SwitchedAway = "switched_away", SwitchedHere = "switched_here",
    SwitchEnded = "switch_ended", PaidOut = "paid_out",
    PartnerPaused = "partner_paused", PartnerResumed = "partner_resumed", PartnerRetiring = "partner_retiring", PartnerTroubled = "partner_troubled", PartnerRecovered = "partner_recovered", WatchAsked = "watch_asked", WatchTold = "watch_told", Disclosed = "disclosed", LtiRegistered = "lti_registered", ProofSent = "proof_sent", ProofAccepted = "proof_accepted", ProofDeclined = "proof_declined", ExamFailed = "exam_failed", JobDropped = "job_dropped", CertificateExpiring = "certificate_expiring",
    ReviewPosted = "review_posted", ReviewEdited = "review_edited",
    ReviewWithdrawn = "review_withdrawn", ReviewHidden = "review_hidden", ReviewUnhidden = "review_unhidden",
    PreferencesSaved = "preferences_saved",
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
            Self::CertificateIssued => "Certificate issued",
            Self::LessonRead => "A lesson read",
            Self::QuizPassed => "A quiz passed",
            Self::QuizFailed => "A quiz not passed",
            Self::CourseImported => "Course imported",
            Self::MailSent => "Confirmation sent",
            Self::MailFailed => "Confirmation could not be sent",
            Self::WaitlistJoined => "Joined the waitlist",
            Self::WaitlistLeft => "Left the waitlist",
            Self::WaitlistClosed => "The waitlist ended with the start",
            Self::SeatOffered => "A seat was offered",
            Self::OfferDeclined => "The offered seat was declined",
            Self::OfferExpired => "The offer ran out",
            Self::HoldExpired => "Not paid in time; the seat was given back",
            Self::CheckoutBegun => "Going to pay",
            Self::CheckoutAbandoned => "Given up before paying",
            Self::PaymentOpened => "The payment page was opened",
            Self::Paid => "Paid",
            Self::PaymentFailed => "The payment page could not be opened",
            Self::PaymentExpired => "Not paid in time",
            Self::PaymentParked => "The payment does not fit; a person looks at it",
            Self::PaymentSettled => "The payment was decided about",
            Self::PaidLate => "Paid after the time was over",
            Self::RefundRequested => "Refund on its way",
            Self::Refunded => "Refunded",
            Self::RefundFailed => "The refund could not be made",
            Self::Started => "Started",
            Self::LaunchFailed => "Could not be opened",
            Self::SwitchBegun => "Going to switch to another partner",
            Self::SwitchedAway => "Switched to another partner",
            Self::SwitchedHere => "Switched from another partner",
            Self::SwitchEnded => "The switch did not come about",
            Self::PaidOut => "The partner was paid",
            Self::PartnerPaused => "The partner was paused",
            Self::PartnerResumed => "The partner is back",
            Self::PartnerRetiring => "The partner's end was announced",
            Self::PartnerTroubled => "The partner has problems",
            Self::PartnerRecovered => "The partner works again",
            Self::WatchAsked => "Asked to be told when the partner is back",
            Self::WatchTold => "Told that the partner is back",
            Self::Disclosed => "The partner was told about you",
            Self::LtiRegistered => "Set up for opening from here",
            Self::ProofSent => "Reported as finished",
            Self::ProofAccepted => "Your report was accepted",
            Self::ProofDeclined => "Your report was declined",
            Self::ExamFailed => "The exam was not passed",
            Self::JobDropped => "Given up by an advisor",
            Self::CertificateExpiring => "Told that the certificate expires",
            Self::ReviewPosted => "Reviewed",
            Self::ReviewEdited => "Review changed",
            Self::ReviewWithdrawn => "Review withdrawn",
            Self::ReviewHidden => "An advisor hid the review's text",
            Self::ReviewUnhidden => "An advisor showed the review's text again",
            Self::PreferencesSaved => "Told what they need",
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
