//! Fail points: places at which a test kills the process, to prove that nothing is lost or doubled.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

macro_rules! points {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// A boundary between two writes, or between a write and something outside.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FailPoint { $($(#[$doc])* $name,)* }

        impl FailPoint {
            /// Every point.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name, for an environment variable.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// Reads what [`Self::code`] writes.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|point| point.code() == code)
            }
        }
    };
}

points! {
    /// Enroll: the student is written.
    EnrollAfterStudent = "enroll_after_student",
    /// Enroll: the enrollment is written.
    EnrollAfterEnrollment = "enroll_after_enrollment",
    /// Enroll: the payment it waits for is written.
    EnrollAfterPayment = "enroll_after_payment",
    /// Enroll: the outside work is written.
    EnrollAfterJobs = "enroll_after_jobs",
    /// Enroll: the event is written.
    EnrollAfterEvent = "enroll_after_event",
    /// Enroll: all is written.
    EnrollBeforeCommit = "enroll_before_commit",
    /// Enroll: committed.
    EnrollAfterCommit = "enroll_after_commit",
    /// Cancel: the status is written.
    CancelAfterStatus = "cancel_after_status",
    /// Cancel: what goes back is written.
    CancelAfterRefunds = "cancel_after_refunds",
    /// Cancel: the outside work is written.
    CancelAfterJobs = "cancel_after_jobs",
    /// Cancel: the seat is given back, and offered to the next one.
    CancelAfterSeat = "cancel_after_seat",
    /// Cancel: all is written.
    CancelBeforeCommit = "cancel_before_commit",
    /// Cancel: committed.
    CancelAfterCommit = "cancel_after_commit",
    /// Pay again: the payment is written.
    PayAfterPayment = "pay_after_payment",
    /// Pay again: all is written.
    PayBeforeCommit = "pay_before_commit",
    /// Pay again: committed.
    PayAfterCommit = "pay_after_commit",
    /// Payment page: that the processor is about to be asked is written.
    CheckoutBeforeSent = "checkout_before_sent",
    /// Payment page: committed, nothing is asked yet.
    CheckoutAfterSent = "checkout_after_sent",
    /// Payment page: its address is written.
    CheckoutBeforeCommit = "checkout_before_commit",
    /// Payment page: committed.
    CheckoutAfterCommit = "checkout_after_commit",
    /// End of a payment without money: its state is written.
    CloseAfterPayment = "close_after_payment",
    /// End of a payment without money: the enrollment is written.
    CloseAfterEnrollment = "close_after_enrollment",
    /// End of a payment without money: all is written.
    CloseBeforeCommit = "close_before_commit",
    /// End of a payment without money: committed.
    CloseAfterCommit = "close_after_commit",
    /// Paid: the payment is written.
    PaidAfterPayment = "paid_after_payment",
    /// Paid: what came of it is written.
    PaidAfterOutcome = "paid_after_outcome",
    /// Paid: all is written.
    PaidBeforeCommit = "paid_before_commit",
    /// Paid: committed.
    PaidAfterCommit = "paid_after_commit",
    /// Switch: the old enrollment is cancelled.
    SwitchAfterOld = "switch_after_old",
    /// Switch: the new one is active.
    SwitchAfterNew = "switch_after_new",
    /// Switch: the money is posted.
    SwitchAfterMoney = "switch_after_money",
    /// Switch: the outside work is written.
    SwitchAfterJobs = "switch_after_jobs",
    /// Switch: all is written.
    SwitchBeforeCommit = "switch_before_commit",
    /// Switch: committed.
    SwitchAfterCommit = "switch_after_commit",
    /// Refund: the refunds are written and posted.
    RefundAfterRows = "refund_after_rows",
    /// Refund: all is written.
    RefundBeforeCommit = "refund_before_commit",
    /// Refund: committed.
    RefundAfterCommit = "refund_after_commit",
    /// Refund: that the processor is about to be asked is written.
    RefundBeforeSent = "refund_before_sent",
    /// Refund: committed, nothing is asked yet.
    RefundAfterSent = "refund_after_sent",
    /// What became of a refund: it is written.
    RefundReportAfterRow = "refund_report_after_row",
    /// What became of a refund: all is written.
    RefundReportBeforeCommit = "refund_report_before_commit",
    /// What became of a refund: committed.
    RefundReportAfterCommit = "refund_report_after_commit",
    /// Join a waitlist: the student is written.
    JoinAfterStudent = "join_after_student",
    /// Join a waitlist: the entry is written.
    JoinAfterEntry = "join_after_entry",
    /// Join a waitlist: all is written.
    JoinBeforeCommit = "join_before_commit",
    /// Join a waitlist: committed.
    JoinAfterCommit = "join_after_commit",
    /// Leave a waitlist: the end of the entry is written.
    LeaveAfterEntry = "leave_after_entry",
    /// Leave a waitlist: an offered seat is given back, and offered to the next one.
    LeaveAfterSeat = "leave_after_seat",
    /// Leave a waitlist: all is written.
    LeaveBeforeCommit = "leave_before_commit",
    /// Leave a waitlist: committed.
    LeaveAfterCommit = "leave_after_commit",
    /// Settle a cohort: all is written.
    SettleBeforeCommit = "settle_before_commit",
    /// Settle a cohort: committed.
    SettleAfterCommit = "settle_after_commit",
    /// Write a review: its row is written.
    ReviewPostAfterRow = "review_post_after_row",
    /// Write a review: its score is counted.
    ReviewPostAfterTotals = "review_post_after_totals",
    /// Write a review: all is written.
    ReviewPostBeforeCommit = "review_post_before_commit",
    /// Write a review: committed.
    ReviewPostAfterCommit = "review_post_after_commit",
    /// Change a review: its row is written.
    ReviewEditAfterRow = "review_edit_after_row",
    /// Change a review: its score is counted.
    ReviewEditAfterTotals = "review_edit_after_totals",
    /// Change a review: all is written.
    ReviewEditBeforeCommit = "review_edit_before_commit",
    /// Change a review: committed.
    ReviewEditAfterCommit = "review_edit_after_commit",
    /// Take a review back: its row is written.
    ReviewWithdrawAfterRow = "review_withdraw_after_row",
    /// Take a review back: its score is not counted any more.
    ReviewWithdrawAfterTotals = "review_withdraw_after_totals",
    /// Take a review back: all is written.
    ReviewWithdrawBeforeCommit = "review_withdraw_before_commit",
    /// Take a review back: committed.
    ReviewWithdrawAfterCommit = "review_withdraw_after_commit",
    /// Hide or show a review: its row is written.
    ReviewModerateAfterRow = "review_moderate_after_row",
    /// Hide or show a review: all is written.
    ReviewModerateBeforeCommit = "review_moderate_before_commit",
    /// Hide or show a review: committed.
    ReviewModerateAfterCommit = "review_moderate_after_commit",
    /// "I have finished": the report is written.
    ProofSendAfterRow = "proof_send_after_row",
    /// "I have finished": all is written.
    ProofSendBeforeCommit = "proof_send_before_commit",
    /// "I have finished": committed.
    ProofSendAfterCommit = "proof_send_after_commit",
    /// Accept a report: the course is completed.
    ProofAcceptAfterEnrollment = "proof_accept_after_enrollment",
    /// Accept a report: the decision and its mail are written.
    ProofAcceptAfterRow = "proof_accept_after_row",
    /// Accept a report: the figure is written.
    ProofAcceptAfterSample = "proof_accept_after_sample",
    /// Accept a report: all is written.
    ProofAcceptBeforeCommit = "proof_accept_before_commit",
    /// Accept a report: committed.
    ProofAcceptAfterCommit = "proof_accept_after_commit",
    /// Decline a report: the decision and its mail are written.
    ProofDeclineAfterRow = "proof_decline_after_row",
    /// Decline a report: all is written.
    ProofDeclineBeforeCommit = "proof_decline_before_commit",
    /// Decline a report: committed.
    ProofDeclineAfterCommit = "proof_decline_after_commit",
    /// Account: written.
    AccountBeforeCommit = "account_before_commit",
    /// Account: committed.
    AccountAfterCommit = "account_after_commit",
    /// Provisioned: the end of the job is written.
    ProvisionedAfterJob = "provisioned_after_job",
    /// Provisioned: the partner's ids are written.
    ProvisionedAfterLink = "provisioned_after_link",
    /// Provisioned: all is written.
    ProvisionedBeforeCommit = "provisioned_before_commit",
    /// Provisioned: committed.
    ProvisionedAfterCommit = "provisioned_after_commit",
    /// Finish a job: its end is written.
    FinishJobAfterJob = "finish_job_after_job",
    /// Finish a job: all is written.
    FinishJobBeforeCommit = "finish_job_before_commit",
    /// Finish a job: committed.
    FinishJobAfterCommit = "finish_job_after_commit",
    /// Fail a job: the failure is written.
    FailJobAfterJob = "fail_job_after_job",
    /// Fail a job: the link is written.
    FailJobAfterLink = "fail_job_after_link",
    /// Fail a job: all is written.
    FailJobBeforeCommit = "fail_job_before_commit",
    /// Fail a job: committed.
    FailJobAfterCommit = "fail_job_after_commit",
    /// Retry: the jobs are open again.
    RetryAfterJobs = "retry_after_jobs",
    /// Retry: the link is written.
    RetryAfterLink = "retry_after_link",
    /// Retry: all is written.
    RetryBeforeCommit = "retry_before_commit",
    /// Retry: committed.
    RetryAfterCommit = "retry_after_commit",
    /// A person tends a job: it is written.
    TendJobAfterJob = "tend_job_after_job",
    /// A person tends a job: all is written.
    TendJobBeforeCommit = "tend_job_before_commit",
    /// A person tends a job: committed.
    TendJobAfterCommit = "tend_job_after_commit",
    /// Claim: the lease is written.
    ClaimBeforeCommit = "claim_before_commit",
    /// Claim: committed.
    ClaimAfterCommit = "claim_after_commit",
    /// Launch: its row is written.
    LaunchAfterRow = "launch_after_row",
    /// Launch: the time of last use is written.
    LaunchAfterAccess = "launch_after_access",
    /// Launch: all is written.
    LaunchBeforeCommit = "launch_before_commit",
    /// Launch: committed.
    LaunchAfterCommit = "launch_after_commit",
    /// LTI launch: old ones are forgotten.
    LtiBeginAfterForgetting = "lti_begin_after_forgetting",
    /// LTI launch: all is written.
    LtiBeginBeforeCommit = "lti_begin_before_commit",
    /// LTI launch: committed.
    LtiBeginAfterCommit = "lti_begin_after_commit",
    /// LTI hints: they are written.
    LtiInitiateBeforeCommit = "lti_initiate_before_commit",
    /// LTI hints: committed.
    LtiInitiateAfterCommit = "lti_initiate_after_commit",
    /// LTI answer: the hints are used up.
    LtiUseAfterHint = "lti_use_after_hint",
    /// LTI answer: the account is written.
    LtiUseAfterAccount = "lti_use_after_account",
    /// LTI answer: the launch is written.
    LtiUseAfterLaunch = "lti_use_after_launch",
    /// LTI answer: all is written.
    LtiUseBeforeCommit = "lti_use_before_commit",
    /// LTI answer: committed.
    LtiUseAfterCommit = "lti_use_after_commit",
    /// Progress: the report is written.
    ProgressAfterSample = "progress_after_sample",
    /// Progress: the figure is written.
    ProgressAfterFigure = "progress_after_figure",
    /// Progress: the completion and its outside work are written.
    ProgressAfterCompletion = "progress_after_completion",
    /// Progress: all is written.
    ProgressBeforeCommit = "progress_before_commit",
    /// Progress: committed.
    ProgressAfterCommit = "progress_after_commit",
    /// Certificate: its row is written.
    CertificateAfterRow = "certificate_after_row",
    /// Certificate: the end of the job is written.
    CertificateAfterJob = "certificate_after_job",
    /// Certificate: all is written.
    CertificateBeforeCommit = "certificate_before_commit",
    /// Certificate: committed.
    CertificateAfterCommit = "certificate_after_commit",
    /// End of a certificate: that it was announced is written.
    ExpiryAfterRow = "expiry_after_row",
    /// End of a certificate: the mail is written.
    ExpiryAfterJob = "expiry_after_job",
    /// End of a certificate: all is written.
    ExpiryBeforeCommit = "expiry_before_commit",
    /// End of a certificate: committed.
    ExpiryAfterCommit = "expiry_after_commit",
    /// Note: the event is written.
    NoteBeforeCommit = "note_before_commit",
    /// Note: committed.
    NoteAfterCommit = "note_after_commit",
    /// Partner: where it stands is written.
    PartnerAfterRow = "partner_after_row",
    /// Partner: the mails for those who wait are written.
    PartnerAfterWatches = "partner_after_watches",
    /// Partner: all is written.
    PartnerBeforeCommit = "partner_before_commit",
    /// Partner: committed.
    PartnerAfterCommit = "partner_after_commit",
    /// Call of a partner: how it answers is written.
    CallAfterHealth = "call_after_health",
    /// Call of a partner: what that means is written.
    CallAfterEvents = "call_after_events",
    /// Call of a partner: all is written.
    CallBeforeCommit = "call_before_commit",
    /// Call of a partner: committed.
    CallAfterCommit = "call_after_commit",
    /// Watch a partner: the wish is written.
    WatchAfterRow = "watch_after_row",
    /// Watch a partner: all is written.
    WatchBeforeCommit = "watch_before_commit",
    /// Watch a partner: committed.
    WatchAfterCommit = "watch_after_commit",
    /// Payout: its transaction is posted.
    PayoutAfterPosting = "payout_after_posting",
    /// Payout: all is written.
    PayoutBeforeCommit = "payout_before_commit",
    /// Payout: committed.
    PayoutAfterCommit = "payout_after_commit",
    /// Register a tool: its addresses are written.
    RegisterAfterRow = "register_after_row",
    /// Register a tool: all is written.
    RegisterBeforeCommit = "register_before_commit",
    /// Register a tool: committed.
    RegisterAfterCommit = "register_after_commit",
    /// Student: the new name and address are written.
    StudentAfterRow = "student_after_row",
    /// Student: all is written.
    StudentBeforeCommit = "student_before_commit",
    /// Student: committed.
    StudentAfterCommit = "student_after_commit",
    /// Preferences: the answers are written.
    PreferencesAfterRow = "preferences_after_row",
    /// Preferences: all is written.
    PreferencesBeforeCommit = "preferences_before_commit",
    /// Preferences: committed.
    PreferencesAfterCommit = "preferences_after_commit",
    /// Import: the partners are written.
    ImportAfterPartners = "import_after_partners",
    /// Import: the programs are written.
    ImportAfterPrograms = "import_after_programs",
    /// Import: the courses are written.
    ImportAfterCourses = "import_after_courses",
    /// Import: the dated starts are written, and their free seats offered.
    ImportAfterCohorts = "import_after_cohorts",
    /// Import: all is written.
    ImportBeforeCommit = "import_before_commit",
    /// Import: committed.
    ImportAfterCommit = "import_after_commit",
    /// Import of a course taught here: its version is written.
    LessonImportAfterVersion = "lesson_import_after_version",
    /// Import of a course taught here: its lessons are written.
    LessonImportAfterLessons = "lesson_import_after_lessons",
    /// Import of a course taught here: those who have begun are moved on.
    LessonImportAfterMoving = "lesson_import_after_moving",
    /// Import of a course taught here: all is written.
    LessonImportBeforeCommit = "lesson_import_before_commit",
    /// Import of a course taught here: committed.
    LessonImportAfterCommit = "lesson_import_after_commit",
    /// Open a lesson: the version of the course is fixed.
    LessonOpenAfterVersion = "lesson_open_after_version",
    /// Open a lesson: all is written.
    LessonOpenBeforeCommit = "lesson_open_before_commit",
    /// Open a lesson: committed.
    LessonOpenAfterCommit = "lesson_open_after_commit",
    /// Place in a lesson: it is written.
    LessonPlaceBeforeCommit = "lesson_place_before_commit",
    /// Place in a lesson: committed.
    LessonPlaceAfterCommit = "lesson_place_after_commit",
    /// Step in a course: an answer is written, not yet what it means.
    LessonStepAfterAnswer = "lesson_step_after_answer",
    /// Step in a course: what was done is written.
    LessonStepAfterRow = "lesson_step_after_row",
    /// Step in a course: the report is written.
    LessonStepAfterSample = "lesson_step_after_sample",
    /// Step in a course: the figure is written.
    LessonStepAfterFigure = "lesson_step_after_figure",
    /// Step in a course: the event is written.
    LessonStepAfterEvent = "lesson_step_after_event",
    /// Step in a course: the completion is written.
    LessonStepAfterCompletion = "lesson_step_after_completion",
    /// Step in a course: the certificate is written.
    LessonStepAfterCertificate = "lesson_step_after_certificate",
    /// Step in a course: all is written.
    LessonStepBeforeCommit = "lesson_step_before_commit",
    /// Step in a course: committed.
    LessonStepAfterCommit = "lesson_step_after_commit",
    /// Provision: the partner made an account, nothing of it is written yet.
    ProvisionAfterAccountCall = "provision_after_account_call",
    /// Provision: the partner enrolled the student, nothing of it is written yet.
    ProvisionAfterEnrollCall = "provision_after_enroll_call",
    /// Withdraw: the partner knows, nothing of it is written yet.
    WithdrawAfterCall = "withdraw_after_call",
    /// Mail: the message is out, nothing of it is written yet.
    MailAfterDelivery = "mail_after_delivery",
    /// Launch: the partner gave the link, nothing of it is written yet.
    LaunchAfterLink = "launch_after_link",
    /// Certificate: the partner answered, nothing of it is written yet.
    CertificateAfterCall = "certificate_after_call",
    /// Payment page: the processor has opened it, nothing of it is written yet.
    CheckoutAfterOpenCall = "checkout_after_open_call",
    /// Payment page: the processor says how it stands, nothing of it is written yet.
    CheckoutAfterLookCall = "checkout_after_look_call",
    /// Payment page: the processor has closed it, nothing of it is written yet.
    CloseAfterCall = "close_after_call",
    /// Refund: the processor has taken it up, nothing of it is written yet.
    RefundAfterCall = "refund_after_call",
    /// A background task begins: it panics instead of killing the process.
    PanicInTask = "panic_in_task",
    /// The app's loop handles messages: it panics instead of killing the process.
    PanicInLoop = "panic_in_loop",
}

impl FailPoint {
    /// The points that are passed outside the store's transactions.
    pub const OUTSIDE: &'static [Self] = &[
        Self::ProvisionAfterAccountCall,
        Self::ProvisionAfterEnrollCall,
        Self::WithdrawAfterCall,
        Self::MailAfterDelivery,
        Self::LaunchAfterLink,
        Self::CertificateAfterCall,
        Self::CheckoutAfterOpenCall,
        Self::CheckoutAfterLookCall,
        Self::CloseAfterCall,
        Self::RefundAfterCall,
        Self::PanicInTask,
        Self::PanicInLoop,
    ];

    /// Whether the point panics instead of killing the process.
    pub fn panics(self) -> bool {
        matches!(self, Self::PanicInTask | Self::PanicInLoop)
    }
}

/// Which point kills the process, and at which passing of it. Outside tests: none.
#[derive(Clone, Debug, Default)]
pub struct FailPoints(Option<Armed>);

#[derive(Clone, Debug)]
struct Armed {
    point: FailPoint,
    left: Arc<AtomicU32>,
}

impl FailPoints {
    /// Nothing is killed.
    pub fn none() -> Self {
        Self(None)
    }

    /// Kills the process at the `nth` passing of `point`, counted from 1.
    pub fn at(point: FailPoint, nth: u32) -> Self {
        Self(Some(Armed { point, left: Arc::new(AtomicU32::new(nth.max(1))) }))
    }

    /// Reads a point's name, with `:nth` behind it for a later passing.
    pub fn parse(spec: &str) -> Option<Self> {
        let (code, nth) = spec.split_once(':').unwrap_or((spec, "1"));
        Some(Self::at(FailPoint::parse(code)?, nth.parse().ok()?))
    }

    /// Passes a point. Aborts when it is the armed one: no destructor runs, as with a power cut.
    pub fn hit(&self, point: FailPoint) {
        if let Some(armed) = &self.0
            && armed.point == point
            && armed.left.fetch_sub(1, Ordering::SeqCst) == 1
        {
            assert!(!point.panics(), "the armed fail point was passed");
            std::process::abort();
        }
    }
}
