//! Read models: what the store puts together for the screens and commands.

use crate::domain::candidate::Outcomes;
use crate::domain::certificate::{IssuedCertificate, VerificationCode};
use crate::domain::cohort::Cohort;
use crate::domain::enrollment::{Enrollment, StartFacts, Status};
use crate::domain::event::EventKind;
use crate::domain::ids::{CertificateId, EnrollmentId, StudentId};
use crate::domain::job::{JobKind, JobState};
use crate::domain::learning::TaughtSummary;
use crate::domain::listing::price_label;
use crate::domain::money::Money;
use crate::domain::payment::{PaymentStatus, PaymentView, RefundStatus, RefundView};
use crate::domain::person::Student;
use crate::domain::program::{PartnerCourse, Program, Slug};
use crate::domain::progress::ProgressSample;
use crate::domain::proof::{Proof, ProofQueue, ProofStatus};
use crate::domain::provider::{Protocol, Provider, Stage};
use crate::domain::review::RatingSummary;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::waitlist::WaitlistView;
use crate::domain::web::WebUrl;
use chrono::TimeDelta;

/// A program with everybody who delivers it, available or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramView {
    /// The program.
    pub program: Program,
    /// Its partners, in the catalogue's order of names. Empty: taught here.
    pub offers: Vec<Offer>,
}

/// One partner's offer of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The course.
    pub course: PartnerCourse,
    /// Who delivers it.
    pub provider: Provider,
    /// It has dated starts, be they over or still to come; without, it starts any time.
    pub dated: bool,
    /// The dated starts that are not over, in their order.
    pub cohorts: Vec<Cohort>,
    /// What those who learned with it say.
    pub rating: RatingSummary,
}

/// Why an offer can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// The partner is paused.
    PartnerPaused,
    /// The partner takes nobody any more; those who are enrolled go on.
    PartnerRetiring,
    /// The partner is over.
    PartnerRetired,
    /// The partner takes nobody into this course now.
    CourseInactive,
    /// We don't know how to reach the partner.
    NotConfigured,
}

impl Offer {
    /// Why it can't be taken now; `None` when it can.
    pub fn unavailable(&self, now: Instant) -> Option<Unavailable> {
        match self.provider.stage(now) {
            Stage::Paused => return Some(Unavailable::PartnerPaused),
            Stage::Retiring => return Some(Unavailable::PartnerRetiring),
            Stage::Retired => return Some(Unavailable::PartnerRetired),
            Stage::Active => {}
        }
        if !self.course.active {
            Some(Unavailable::CourseInactive)
        } else if matches!(self.provider.protocol, Protocol::Unknown) {
            Some(Unavailable::NotConfigured)
        } else {
            None
        }
    }
}

/// What a list shows at the right edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceLabel {
    /// Every available offer costs the same.
    Exactly(Money),
    /// Offers differ; this is the lowest of one currency.
    From(Money),
    /// Nobody takes enrollments now.
    NotAvailable,
}

impl ProgramView {
    /// Whether the program is taught here, by lessons of our own.
    pub fn self_hosted(&self) -> bool {
        self.offers.is_empty()
    }

    /// The offers that can be taken now.
    pub fn available(&self, now: Instant) -> impl Iterator<Item = &Offer> + Clone {
        self.offers.iter().filter(move |offer| offer.unavailable(now).is_none())
    }

    /// The lowest price of what can be taken now. Currencies are not compared: the first
    /// offer's currency counts.
    pub fn price(&self, now: Instant) -> PriceLabel {
        price_label(self.self_hosted(), self.available(now).map(|offer| offer.course.price))
    }
}

/// A program with all a comparison of its partners needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The program.
    pub view: ProgramView,
    /// What became of those who enrolled.
    pub outcomes: Outcomes,
}

/// The money of an enrollment.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CourseMoney {
    /// What pays for it, or was meant to; newest first.
    pub payments: Vec<PaymentView>,
    /// What goes back or went back of it; newest first.
    pub refunds: Vec<RefundView>,
}

impl CourseMoney {
    /// The payment that is asked for now.
    pub fn open(&self) -> Option<&PaymentView> {
        self.payments.iter().find(|payment| payment.status == PaymentStatus::Open)
    }

    /// The payment that a person has to look at.
    pub fn parked(&self) -> Option<&PaymentView> {
        self.payments.iter().find(|payment| payment.status == PaymentStatus::Parked)
    }

    /// What was paid and neither went back nor is on its way back; `None` where nothing was paid.
    pub fn paid(&self) -> Option<Money> {
        let paid = self.payments.iter().filter(|payment| payment.paid_at.is_some()).map(PaymentView::left);
        // One currency per enrollment: a switch to another one is refused. Only what was paid in a wrong
        // one and went back whole may differ.
        paid.reduce(
            |sum, one| if sum.is_zero() { one } else { Money { cents: sum.cents + one.cents, ..sum } },
        )
    }

    /// What is on its way back.
    pub fn on_its_way_back(&self) -> Option<Money> {
        let under_way =
            |refund: &&RefundView| matches!(refund.status, RefundStatus::Requested | RefundStatus::Pending);
        let back = self.refunds.iter().filter(under_way).map(|refund| refund.amount);
        back.reduce(|sum, one| Money { cents: sum.cents + one.cents, ..sum })
    }

    /// What is back.
    pub fn back(&self) -> Option<Money> {
        let back = self.refunds.iter().filter(|refund| refund.status == RefundStatus::Succeeded);
        back.map(|refund| refund.amount).reduce(|sum, one| Money { cents: sum.cents + one.cents, ..sum })
    }

    /// The refund that the processor could not make.
    pub fn failed_refund(&self) -> Option<&RefundView> {
        self.refunds.iter().find(|refund| refund.status == RefundStatus::Failed)
    }
}

/// How long a cancelled course stays in sight after its last news.
const RECENT: TimeDelta = TimeDelta::days(7);

/// One enrollment with all a screen needs to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseView {
    /// The enrollment.
    pub enrollment: Enrollment,
    /// Whose it is.
    pub student: Student,
    /// The program's slug.
    pub program_slug: Slug,
    /// The program's title.
    pub program_title: Text,
    /// The partner's side; `None` when taught here.
    pub partner: Option<Offer>,
    /// The dated start it is about, where there is one.
    pub cohort: Option<Cohort>,
    /// The student's account there, once the partner made one.
    pub account: Option<PartnerAccount>,
    /// Outside work that is not done yet, oldest first.
    pub jobs: Vec<JobState>,
    /// Whether it was ever opened from here.
    pub launched: bool,
    /// Its certificate.
    pub certificate: Option<Certificate>,
    /// The student's last report that they have finished.
    pub proof: Option<Box<Proof>>,
    /// Its lessons, where it is taught here; `None` while there are none.
    pub taught: Option<TaughtSummary>,
    /// Its money.
    pub money: CourseMoney,
    /// The enrollment that is to replace it, while that waits for payment.
    pub switching: Option<EnrollmentId>,
}

impl CourseView {
    /// The certificate as it is shown, where it was issued here.
    pub fn issued(&self) -> Option<IssuedCertificate> {
        let certificate = self.certificate.as_ref()?;
        Some(IssuedCertificate {
            number: certificate.external_certificate_id.clone()?,
            holder: certificate.holder.clone().unwrap_or_else(|| self.student.display().into()),
            course: certificate.course.clone().unwrap_or_else(|| self.program_title.clone()),
            issued_at: certificate.issued_at?,
            code: certificate.code.clone()?,
        })
    }

    /// The withdrawal that was given up: cancelled here, but the partner does not know it yet.
    pub fn untold(&self) -> Option<&JobState> {
        self.jobs.iter().find(|job| job.kind == JobKind::Withdraw && job.gave_up)
    }

    /// The confirmation or certificate that was given up. The course itself goes on without it.
    pub fn undone(&self) -> Option<&JobState> {
        let cancelled = self.enrollment.status == Status::Cancelled;
        let extra = |job: &&JobState| job.gave_up && matches!(job.kind, JobKind::Mail | JobKind::Certificate);
        self.jobs.iter().find(extra).filter(|_| !cancelled)
    }

    /// The refund that was given up. It can be tried again, also of a course that is cancelled.
    pub fn unreturned(&self) -> Option<&JobState> {
        self.jobs.iter().find(|job| job.kind == JobKind::Refund && job.gave_up)
    }

    /// The payment it waits for, while its page is open or being opened.
    pub fn awaited(&self) -> Option<&PaymentView> {
        self.money.open().filter(|_| self.enrollment.status == Status::Pending)
    }

    /// Its last payment ended without money: it can be paid again as long as the place is held.
    pub fn unpaid(&self) -> bool {
        let ended =
            |payment: &PaymentView| matches!(payment.status, PaymentStatus::Expired | PaymentStatus::Failed);
        self.money.open().is_none()
            && self.money.parked().is_none()
            && self.money.payments.first().is_some_and(ended)
    }

    /// It was cancelled because it was not paid in time; whoever cancels by will gives up the hold.
    pub fn lapsed(&self) -> bool {
        let enrollment = &self.enrollment;
        enrollment.status == Status::Cancelled
            && enrollment.replaces_id.is_none()
            && enrollment.hold_until.is_some()
            && self.unpaid()
    }

    /// A cancelled course the student still has to hear of: the partner does not know, money is on
    /// its way back or came back a short while ago, or it was not paid in time a short while ago.
    pub fn still_matters(&self, now: Instant) -> bool {
        let fresh = |at: Option<Instant>| at.is_some_and(|at| now - at <= RECENT);
        self.untold().is_some()
            || self.money.on_its_way_back().is_some()
            || self.money.failed_refund().is_some()
            || self.money.refunds.iter().any(|refund| fresh(refund.ended_at))
            || (self.lapsed() && fresh(self.enrollment.hold_until))
    }

    /// What tells whether the student has begun.
    pub fn start_facts(&self, now: Instant) -> StartFacts {
        StartFacts {
            capabilities: self.provider().map(Provider::capabilities),
            cohort_begins: self.cohort.as_ref().map(Cohort::begins_at),
            // Whoever says that they have finished has begun.
            launched: self.launched || self.proof.is_some(),
            now,
        }
    }

    /// The report an advisor has to look at.
    pub fn open_proof(&self) -> Option<&Proof> {
        let open = |proof: &&Proof| proof.status == ProofStatus::Open;
        self.proof.as_deref().filter(open).filter(|_| self.enrollment.status == Status::Active)
    }

    /// The report an advisor did not believe, while nothing has followed it.
    pub fn declined_proof(&self) -> Option<&Proof> {
        let declined = |proof: &&Proof| proof.status == ProofStatus::Declined;
        self.proof.as_deref().filter(declined).filter(|_| self.enrollment.status == Status::Active)
    }

    /// The partner, where there is one.
    pub fn provider(&self) -> Option<&Provider> {
        self.partner.as_ref().map(|offer| &offer.provider)
    }
}

/// What a student has under way: the enrollments, and the seats they wait for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Dashboard {
    /// Every enrollment, newest first.
    pub courses: Vec<CourseView>,
    /// Live waitlist entries, and those that ended without a seat a short while ago; newest first.
    pub waiting: Vec<WaitlistView>,
    /// At an advisor's desk: the reports of finished courses that wait for a decision.
    pub proofs: ProofQueue,
}

impl From<Vec<CourseView>> for Dashboard {
    fn from(courses: Vec<CourseView>) -> Self {
        Self { courses, ..Self::default() }
    }
}

/// A partner with enrollments that a sync asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncPartner {
    /// Who.
    pub provider: Provider,
    /// How many there are.
    pub due: usize,
}

/// One enrollment that a sync asks about: only what the question needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncTarget {
    /// Which.
    pub enrollment_id: EnrollmentId,
    /// Whose.
    pub student_id: StudentId,
    /// The program's title.
    pub title: Text,
    /// The partner's id of it.
    pub external_enrollment_id: Text,
    /// How old its figure is; `None` without one.
    pub as_of: Option<Instant>,
}

/// A student's account at a partner (`partner_accounts`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerAccount {
    /// The partner's id of the account.
    pub external_account_id: Text,
    /// The user name there, if the partner gave one.
    pub username: Option<Text>,
}

/// A certificate (`certificates`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Which.
    pub id: CertificateId,
    /// The partner's number.
    pub external_certificate_id: Option<Text>,
    /// Where it can be seen.
    pub url: Option<WebUrl>,
    /// When the partner issued it.
    pub issued_at: Option<Instant>,
    /// When it runs out.
    pub expires_at: Option<Instant>,
    /// Where anybody can check it.
    pub verify_url: Option<WebUrl>,
    /// How it is checked, where it was issued here: `coursevia certificate verify CODE`.
    pub code: Option<VerificationCode>,
    /// The name it was issued to, where it was issued here and one was known.
    pub holder: Option<Text>,
    /// The course as it was called then, where it was issued here.
    pub course: Option<Text>,
}

/// How long before its end a certificate's owner is told.
pub const EXPIRY_NOTICE: TimeDelta = TimeDelta::days(60);

/// What a student has to know of a certificate's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It runs out within [`EXPIRY_NOTICE`].
    Soon(Instant),
    /// It has run out.
    Over(Instant),
}

impl Certificate {
    /// Whether its end is near, or over.
    pub fn expiry(&self, now: Instant) -> Option<Expiry> {
        let at = self.expires_at?;
        match at.signed_duration_since(now) {
            left if left <= TimeDelta::zero() => Some(Expiry::Over(at)),
            left if left <= EXPIRY_NOTICE => Some(Expiry::Soon(at)),
            _ => None,
        }
    }

    /// The page to open: the certificate itself, or else where it can be checked.
    pub fn page(&self) -> Option<&WebUrl> {
        self.url.as_ref().or(self.verify_url.as_ref())
    }
}

/// What happened to a course, and how it went on.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CourseHistory {
    /// Newest first.
    pub entries: Vec<HistoryEntry>,
    /// The newest reports of progress, newest first.
    pub samples: Vec<ProgressSample>,
}

/// One line of a course's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: EventKind,
    /// Done by an advisor on the student's behalf.
    pub by_advisor: bool,
}
