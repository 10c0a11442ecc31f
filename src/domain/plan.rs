//! Whole decisions, as the store takes them: each is written in one transaction or not at all.

mod lesson;
mod money;
mod partner;

pub use lesson::{
    CourseImported, ImportCoursePlan, LearningSeen, LessonStep, LessonStepPlan, NewCertificate,
    OpenLessonPlan,
};
pub use money::{
    ClosePlan, GiveBack, PaidOutcome, PaidPlan, PayPlan, RefundPlan, RefundReportPlan, SessionPlan,
    SwitchPlan,
};
pub use partner::{HealthPlan, PartnerPlan, WatchPlan};

use crate::domain::actor::Actor;
use crate::domain::enrollment::{Enrollment, Payment, Status};
use crate::domain::event::Event;
use crate::domain::ids::{
    AccountId, AdvisorId, EnrollmentId, JobId, LaunchId, ProgramId, ProofId, ProviderId, ReviewId,
    TransactionId, WaitlistId,
};
use crate::domain::job::NewJob;
use crate::domain::money::Money;
use crate::domain::payment::NewPayment;
use crate::domain::payment::NewRefund;
use crate::domain::person::Student;
use crate::domain::program::codes;
use crate::domain::progress::{Progress, ProgressSample};
use crate::domain::proof::FinishReport;
use crate::domain::provider::LtiAccess;
use crate::domain::review::{Rating, Review};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{Certificate, PartnerAccount};
use crate::domain::waitlist::WaitlistEntry;
use chrono::TimeDelta;

/// Enroll: the enrollment, its outside work and the event.
#[derive(Clone, Debug, PartialEq)]
pub struct EnrollmentPlan {
    /// A student the database does not know yet; created together with the enrollment.
    pub new_student: Option<Student>,
    /// The enrollment. One with a cohort takes a seat of it.
    pub enrollment: Enrollment,
    /// What has to be paid first; its job is among the jobs.
    pub payment: Option<NewPayment>,
    /// The waitlist offer it accepts: its seat is kept already.
    pub offer: Option<WaitlistId>,
    /// How long offers stand that are made to others, should this free a seat.
    pub offers_last: TimeDelta,
    /// Its outside work.
    pub jobs: Vec<NewJob>,
    /// What happened.
    pub event: Event,
}

/// Cancel: only if the enrollment still stands where the decision saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct CancelPlan {
    /// Which.
    pub enrollment_id: EnrollmentId,
    /// Where the decision saw it.
    pub seen: Seen,
    /// How long the offer of its seat stands for whoever waits for it.
    pub offers_last: TimeDelta,
    /// What goes back, the newest payment first; their jobs are among the jobs.
    pub refunds: Vec<NewRefund>,
    /// Outside work, such as telling the partner.
    pub jobs: Vec<NewJob>,
    /// What happened.
    pub event: Event,
}

/// What a decision to cancel rests on. A report or a launch that comes in between may mean that
/// the student has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where it stood.
    pub status: Status,
    /// Where the money stood.
    pub payment: Payment,
    /// How far, and as of when.
    pub progress: Progress,
    /// When it was last opened.
    pub last_accessed_at: Option<Instant>,
}

impl From<&Enrollment> for Seen {
    fn from(enrollment: &Enrollment) -> Self {
        Self {
            status: enrollment.status,
            payment: enrollment.payment,
            progress: enrollment.progress,
            last_accessed_at: enrollment.last_accessed_at,
        }
    }
}

/// The partner confirmed: its ids, the link, the end of the job.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvisionedPlan {
    /// The job that did it.
    pub job_id: JobId,
    /// Which enrollment.
    pub enrollment_id: EnrollmentId,
    /// The partner's id of the account.
    pub external_account_id: Text,
    /// The partner's id of the enrollment.
    pub external_enrollment_id: Text,
    /// What happened.
    pub event: Event,
}

/// The partner made an account; kept before the enrollment is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountPlan {
    /// Id of the row, if it is new.
    pub id: AccountId,
    /// For which enrollment's student and provider.
    pub enrollment_id: EnrollmentId,
    /// The account.
    pub account: PartnerAccount,
    /// When.
    pub at: Instant,
}

/// A job is done and has nothing else to write.
#[derive(Clone, Debug, PartialEq)]
pub struct JobDonePlan {
    /// Which.
    pub job_id: JobId,
    /// When.
    pub at: Instant,
    /// What happened, if it is worth a line.
    pub event: Option<Event>,
}

/// A job failed.
#[derive(Clone, Debug, PartialEq)]
pub struct JobFailedPlan {
    /// Which.
    pub job_id: JobId,
    /// The claim that failed: a claim that was taken over writes nothing.
    pub lease_until: Instant,
    /// Why, in words a student can read.
    pub error: Text,
    /// What comes next.
    pub next: AfterFailure,
}

/// What comes after a failed attempt.
#[derive(Clone, Debug, PartialEq)]
pub enum AfterFailure {
    /// Another attempt.
    RetryAt(Instant),
    /// Nothing failed: there is something to wait for, and it is looked at again.
    LookAgainAt(Instant),
    /// A person has to look.
    GiveUp {
        /// When.
        at: Instant,
        /// The enrollment whose link becomes `failed`, if it was asking.
        fail_link: Option<EnrollmentId>,
        /// What happened.
        event: Event,
    },
}

/// A person asked to try again what was given up.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPlan {
    /// Which enrollment's jobs.
    pub enrollment_id: EnrollmentId,
    /// When.
    pub at: Instant,
    /// What happened.
    pub event: Event,
}

/// What a person does with one piece of outside work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TendJob {
    /// It is tried again, now.
    Retry,
    /// Nobody tries any more; what it was for is settled otherwise.
    Drop,
}

/// A person looks after one piece of outside work.
#[derive(Clone, Debug, PartialEq)]
pub struct TendJobPlan {
    /// Which job.
    pub job_id: JobId,
    /// What becomes of it.
    pub verb: TendJob,
    /// Whether a place at the partner hangs on it: of which enrollment.
    pub place_of: Option<EnrollmentId>,
    /// When.
    pub at: Instant,
    /// What happened.
    pub event: Event,
}

/// How a launch link was handed to the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handover {
    /// To the browser, or on screen where that did not start.
    Browser,
    /// On screen: as text, as a QR code, and copied where the terminal allows it.
    Link,
    /// Printed by a command.
    Printed,
}

codes!(Handover { Browser = "browser", Link = "link", Printed = "printed" });

/// A course was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchPlan {
    /// Id of the row.
    pub id: LaunchId,
    /// Which.
    pub enrollment_id: EnrollmentId,
    /// When.
    pub at: Instant,
    /// How.
    pub handover: Handover,
    /// By whom.
    pub actor: Actor,
    /// Whether opening it is beginning it: nobody reports progress.
    pub begins: bool,
    /// What happened.
    pub event: Event,
}

/// Post what a partner was paid.
#[derive(Clone, Debug, PartialEq)]
pub struct PayoutPlan {
    /// Of the ledger's transaction.
    pub id: TransactionId,
    /// To whom.
    pub provider_id: ProviderId,
    /// How much; not more than is payable in its currency.
    pub amount: Money,
    /// How it is found at the bank; once per partner.
    pub reference: Text,
    /// What happened.
    pub event: Event,
}

/// Set a partner up as a tool of LTI 1.3.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolPlan {
    /// Which partner.
    pub provider_id: ProviderId,
    /// The tool.
    pub access: LtiAccess,
    /// What happened.
    pub event: Event,
}

/// A report of progress.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgressPlan {
    /// Which.
    pub enrollment_id: EnrollmentId,
    /// The report; kept if it says something new. The figure is computed from the one that stands when this
    /// is written ([`Progress::after`]).
    pub sample: ProgressSample,
    /// What is noted if that figure falls; the store adds from what to what.
    pub fell: Event,
    /// What is noted if an exam was not passed, once for each failing.
    pub exam_failed: Event,
    /// The enrollment is complete, if it still is active.
    pub completion: Option<Completion>,
}

/// What completing an enrollment writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// Its outside work.
    pub jobs: Vec<NewJob>,
    /// What happened.
    pub event: Event,
}

/// A certificate arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct CertificatePlan {
    /// The job that fetched it.
    pub job_id: JobId,
    /// Whose.
    pub enrollment_id: EnrollmentId,
    /// The certificate.
    pub certificate: Certificate,
    /// What happened.
    pub event: Event,
}

/// Announce that a certificate runs out.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpiryPlan {
    /// Of which enrollment.
    pub enrollment_id: EnrollmentId,
    /// The mail.
    pub job: NewJob,
    /// What happened; its time is that of the announcement.
    pub event: Event,
}

/// Join the waitlist of a full cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinPlan {
    /// A student the database does not know yet.
    pub new_student: Option<Student>,
    /// The place in the queue.
    pub entry: WaitlistEntry,
    /// Of which program the course is: nobody waits who is enrolled in it.
    pub program_id: ProgramId,
    /// How long offers stand that are made on the way.
    pub offers_last: TimeDelta,
    /// What happened.
    pub event: Event,
}

/// Leave a waitlist, or decline what was offered.
#[derive(Clone, Debug, PartialEq)]
pub struct LeavePlan {
    /// Which entry.
    pub entry: WaitlistId,
    /// How long the offer of its seat stands for the next one.
    pub offers_last: TimeDelta,
    /// What happened; its time is the end of the entry. Where a seat was kept by then, it is a
    /// declined offer.
    pub event: Event,
}

/// Write a review: the first of its enrollment, or one more after a withdrawal.
#[derive(Clone, Debug, PartialEq)]
pub struct PostReviewPlan {
    /// The review.
    pub review: Review,
    /// What happened.
    pub event: Event,
}

/// Change a review.
#[derive(Clone, Debug, PartialEq)]
pub struct EditReviewPlan {
    /// Of which enrollment.
    pub enrollment_id: EnrollmentId,
    /// The new score; `None`: the one that stands by then.
    pub rating: Option<Rating>,
    /// The new text; `None`: the one that stands by then.
    pub text: Option<Text>,
    /// What happened.
    pub event: Event,
}

/// Take a review back: its score counts no more, its text is forgotten.
#[derive(Clone, Debug, PartialEq)]
pub struct WithdrawReviewPlan {
    /// Of which enrollment.
    pub enrollment_id: EnrollmentId,
    /// What happened.
    pub event: Event,
}

/// Hide the text of a review, or show it again. The score counts as before.
#[derive(Clone, Debug, PartialEq)]
pub struct ModerationPlan {
    /// Which.
    pub review_id: ReviewId,
    /// Who hides it, and why; `None` shows it again.
    pub hide: Option<(AdvisorId, Text)>,
    /// What happened.
    pub event: Event,
}

/// "I have finished": only while the course is active and no other report waits.
#[derive(Clone, Debug, PartialEq)]
pub struct SendProofPlan {
    /// Which.
    pub id: ProofId,
    /// About which enrollment.
    pub enrollment_id: EnrollmentId,
    /// What is said.
    pub report: FinishReport,
    /// What happened; its time is when it was sent.
    pub event: Event,
}

/// An advisor's decision about a report: only while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct ProofDecision {
    /// About which.
    pub proof_id: ProofId,
    /// Who decides.
    pub advisor: AdvisorId,
    /// What they say to it.
    pub note: Option<Text>,
    /// The mail that tells the student.
    pub mail: NewJob,
    /// What happened.
    pub event: Event,
}

/// A report is believed: the course is completed, only while it is active.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptProofPlan {
    /// The decision.
    pub decision: ProofDecision,
    /// The advisor's word, as a report of progress with its completion.
    pub progress: ProgressPlan,
    /// When it was finished.
    pub completed_at: Instant,
}
