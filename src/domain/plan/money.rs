//! Plans that move money, or what hangs on it.

use super::{EnrollmentPlan, Seen};
use crate::domain::enrollment::Enrollment;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{EnrollmentId, JobId, PaymentId, RefundId};
use crate::domain::job::NewJob;
use crate::domain::money::{Money, Terms};
use crate::domain::payment::{NewPayment, NewRefund, PaymentStatus, RefundStatus};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use chrono::TimeDelta;

/// Pay again: another payment for an enrollment that waits for one.
#[derive(Clone, Debug, PartialEq)]
pub struct PayPlan {
    /// The payment.
    pub payment: NewPayment,
    /// Until when the seat is held now.
    pub hold_until: Instant,
    /// The work of opening its page.
    pub job: NewJob,
    /// What happened.
    pub event: Event,
}

/// The processor has opened the page.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionPlan {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// The processor's id of the session.
    pub session_id: Text,
    /// The page, while it is open.
    pub url: Option<WebUrl>,
    /// When it ends by itself.
    pub expires_at: Option<Instant>,
    /// What happened.
    pub event: Event,
}

/// A payment has come to an end without money, or needs a person.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosePlan {
    /// Which.
    pub payment_id: PaymentId,
    /// Where it stood: `Open`, or `Parked` where a person has decided.
    pub seen: PaymentStatus,
    /// `Failed`, `Expired` or `Parked`.
    pub status: PaymentStatus,
    /// What came, where money came that does not fit.
    pub paid: Option<Money>,
    /// The processor's id of it.
    pub payment_intent: Option<Text>,
    /// Only if the processor was never asked: what was never asked for can't be paid.
    pub unsent: bool,
    /// Why, in words a student can read.
    pub note: Option<Text>,
    /// How long the offer of a seat stands that becomes free.
    pub offers_last: TimeDelta,
    /// What happened.
    pub event: Event,
    /// What happened to the switch, where it was to pay for one.
    pub ended: Event,
}

/// A payment is paid, and what was paid fits.
#[derive(Clone, Debug, PartialEq)]
pub struct PaidPlan {
    /// Which.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Money,
    /// The processor's id of the payment.
    pub payment_intent: Option<Text>,
    /// The partner's terms of this day.
    pub terms: Terms,
    /// What comes of it.
    pub outcome: PaidOutcome,
    /// What happened.
    pub event: Event,
}

impl PaidPlan {
    /// Whether a person decided it: that holds only as long as the payment is parked.
    pub fn is_decision(&self) -> bool {
        self.event.kind == EventKind::PaymentSettled
    }
}

/// What comes of a payment.
#[derive(Clone, Debug, PartialEq)]
pub enum PaidOutcome {
    /// The enrollment that waited for it begins.
    Begin {
        /// The enrollment as it is then.
        enrollment: Box<Enrollment>,
        /// Its outside work.
        jobs: Vec<NewJob>,
        /// How long the offers of seats stand that become free, because its student waited for others.
        offers_last: TimeDelta,
        /// What happened.
        event: Event,
    },
    /// The switch that waited for it takes place.
    Switch(Box<SwitchPlan>),
    /// Too late for the enrollment it was made for; the same place is free and still wanted.
    EnrollAnew(Box<EnrollmentPlan>),
    /// Too late, and nothing is left to fund: it goes back.
    GiveBack(Box<GiveBack>),
}

/// Money that came too late goes back.
#[derive(Clone, Debug, PartialEq)]
pub struct GiveBack {
    /// The refund.
    pub refund: NewRefund,
    /// Its work, and the mail that tells of it.
    pub jobs: Vec<NewJob>,
    /// What still waited for the money ends: a switch, or the enrollment.
    pub ended: Option<Event>,
    /// How long the offer of a seat stands that becomes free.
    pub offers_last: TimeDelta,
    /// What happened.
    pub event: Event,
}

/// Switch: the candidate becomes active, the old enrollment is cancelled, in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct SwitchPlan {
    /// The enrollment that is given up.
    pub old: EnrollmentId,
    /// Where the decision saw it.
    pub seen: Seen,
    /// The new one. A candidate that waits already is recognised by its id.
    pub new: Enrollment,
    /// It waits already, with its seat held.
    pub candidate: bool,
    /// What the new one costs.
    pub price: Money,
    /// What of that nobody asks for, because the old partner failed: it is missing in the platform's share.
    pub waived_cents: i64,
    /// The new partner's terms of this day.
    pub terms: Terms,
    /// What goes back, the newest payment first; their jobs are among the jobs.
    pub refunds: Vec<NewRefund>,
    /// The outside work of both: withdraw, provision, mail, refunds.
    pub jobs: Vec<NewJob>,
    /// How long the offer of the seat stands that becomes free.
    pub offers_last: TimeDelta,
    /// What happened to the old one.
    pub away: Event,
    /// What happened to the new one.
    pub here: Event,
}

/// Pay some of the money of an enrollment back.
#[derive(Clone, Debug, PartialEq)]
pub struct RefundPlan {
    /// Which.
    pub enrollment_id: EnrollmentId,
    /// What goes back, the newest payment first.
    pub refunds: Vec<NewRefund>,
    /// Their work.
    pub jobs: Vec<NewJob>,
    /// What happened.
    pub event: Event,
}

/// What the processor says about a refund.
#[derive(Clone, Debug, PartialEq)]
pub struct RefundReportPlan {
    /// Which.
    pub refund_id: RefundId,
    /// Where it stands.
    pub status: RefundStatus,
    /// The processor's id of it.
    pub external_refund_id: Option<Text>,
    /// Why it failed.
    pub note: Option<Text>,
    /// Its job, which ends with it.
    pub job_id: JobId,
    /// What happened.
    pub event: Event,
}
