//! Payments (`payments`): one row per checkout session of the payment processor.
//!
//! The row, with its idempotency key and the exact body of the request, is written before the
//! processor hears of it. Nobody's card number is ever seen here: the student pays on the
//! processor's own page. The processor speaks Stripe's API (Checkout Sessions, Refunds).

use crate::domain::enrollment::Payment;
use crate::domain::ids::{EnrollmentId, PaymentId, RefundId};
use crate::domain::money::{Currency, Money, Terms};
use crate::domain::person::Email;
use crate::domain::program::codes;
use crate::domain::refund::RefundPolicy;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentStatus {
    /// Its session is open, or is about to be.
    Open,
    /// The processor says it is paid, and what was paid is what we asked for.
    Paid,
    /// Some of it goes back, or went.
    PartRefunded,
    /// All of it goes back, or went.
    Refunded,
    /// There is no session, and there will be none.
    Failed,
    /// The session is known to be over, unpaid.
    Expired,
    /// What the processor says does not fit what we asked for: a person decides.
    Parked,
}

codes!(PaymentStatus {
    Open = "open", Paid = "paid", PartRefunded = "part_refunded", Refunded = "refunded",
    Failed = "failed", Expired = "expired", Parked = "parked",
});

impl From<PaymentStatus> for Payment {
    fn from(status: PaymentStatus) -> Self {
        match status {
            PaymentStatus::Open => Self::Open,
            PaymentStatus::Paid => Self::Paid,
            PaymentStatus::PartRefunded => Self::PartRefunded,
            PaymentStatus::Refunded => Self::Refunded,
            PaymentStatus::Failed => Self::Failed,
            PaymentStatus::Expired => Self::Expired,
            PaymentStatus::Parked => Self::Parked,
        }
    }
}

/// Which processor takes the money: the origin of its interface, or the sandbox. A payment is
/// only ever asked for, read and refunded at the processor that it was opened at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProcessorName(String);

impl ProcessorName {
    /// The one that is played on this machine.
    pub fn sandbox() -> Self {
        Self("sandbox".to_owned())
    }

    /// One by the origin of its interface: `https://api.stripe.com`.
    pub fn of(url: &WebUrl) -> Self {
        Self(url.as_url().origin().ascii_serialization())
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn read(raw: &str) -> Self {
        Self(raw.to_owned())
    }

    /// As the database holds it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the one that is played on this machine.
    pub fn is_sandbox(&self) -> bool {
        self.0 == "sandbox"
    }
}

impl fmt::Display for ProcessorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How money can be taken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Till {
    /// Not at all.
    #[default]
    Closed,
    /// By the sandbox: play money, for demo catalogues only.
    Sandbox,
    /// By a processor.
    Open {
        /// Real money; else the processor's test mode.
        live: bool,
    },
}

impl Till {
    /// Whether a course can be sold. Play money buys nothing real, and real money no demo.
    pub fn sells(self, demo: bool) -> bool {
        match self {
            Self::Closed => false,
            Self::Sandbox => demo,
            Self::Open { live } => !(live && demo),
        }
    }
}

/// A payment to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// Which.
    pub id: PaymentId,
    /// What it pays for.
    pub enrollment_id: EnrollmentId,
    /// How much is asked for.
    pub amount: Money,
    /// Who takes it.
    pub processor: ProcessorName,
    /// Sent along with every attempt to open the session.
    pub idempotency_key: String,
    /// The exact body of that request.
    pub request_body: String,
    /// When the session ends by itself.
    pub expires_at: Instant,
    /// What is paid back when, as it was shown before paying.
    pub policy: RefundPolicy,
}

/// A payment as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentView {
    /// Which.
    pub id: PaymentId,
    /// What it was made for.
    pub enrollment_id: EnrollmentId,
    /// What it pays for now: a switch takes the money along.
    pub funds_id: EnrollmentId,
    /// Where it stands.
    pub status: PaymentStatus,
    /// How much was asked for.
    pub amount: Money,
    /// How much of it goes back or went, in minor units.
    pub refunded_cents: i64,
    /// Who takes it.
    pub processor: ProcessorName,
    /// Sent along with every attempt to open the session.
    pub idempotency_key: String,
    /// The exact body of that request.
    pub request_body: String,
    /// When the processor was asked to open the session for the first time. It remembers the key
    /// for a day from then on.
    pub sent_at: Option<Instant>,
    /// The processor's id of the session.
    pub session_id: Option<Text>,
    /// The processor's id of the payment itself, once there is one.
    pub payment_intent: Option<Text>,
    /// The page on which it is paid, while the session is open.
    pub url: Option<WebUrl>,
    /// When the session ends by itself.
    pub expires_at: Instant,
    /// When it was written down.
    pub created_at: Instant,
    /// When we learned that it is paid.
    pub paid_at: Option<Instant>,
    /// What came, where it does not fit what was asked for; kept where a person dismissed it.
    pub odd: Option<Money>,
    /// Why it failed or is parked, or why the card was declined last; in words a student can read.
    pub note: Option<Text>,
    /// What is paid back when.
    pub policy: RefundPolicy,
    /// What the partner gets, as agreed on the day it was paid.
    pub terms: Terms,
}

impl PaymentView {
    /// What is left of it: paid and neither back nor on its way back.
    pub fn left(&self) -> Money {
        let cents = match self.status {
            PaymentStatus::Paid | PaymentStatus::PartRefunded => self.amount.cents - self.refunded_cents,
            _ => 0,
        };
        Money { cents, ..self.amount }
    }
}

/// Where a refund stands. `Requested` is not `Succeeded`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefundStatus {
    /// Written down; the processor may not know of it yet.
    Requested,
    /// The processor is at it.
    Pending,
    /// The money is back.
    Succeeded,
    /// The processor could not do it: a person has to look.
    Failed,
}

codes!(RefundStatus {
    Requested = "requested", Pending = "pending", Succeeded = "succeeded", Failed = "failed",
});

/// A refund to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefund {
    /// Which.
    pub id: RefundId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much of it had gone back when this was decided: a second refund at once is refused.
    pub seen_refunded_cents: i64,
    /// How much, in minor units of the payment's currency.
    pub amount: Money,
    /// Why, for the records.
    pub reason: Text,
    /// Sent along with every attempt.
    pub idempotency_key: String,
    /// The exact body of the request.
    pub request_body: String,
}

/// A refund as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundView {
    /// Which.
    pub id: RefundId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// About which enrollment.
    pub enrollment_id: EnrollmentId,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: RefundStatus,
    /// Why, for the records.
    pub reason: Text,
    /// Which attempt this is: a failed one is tried again under a key of its own.
    pub attempt: u32,
    /// Sent along with every attempt.
    pub idempotency_key: String,
    /// The exact body of the request.
    pub request_body: String,
    /// When the processor was asked for the first time.
    pub sent_at: Option<Instant>,
    /// The processor's id of the refund.
    pub external_refund_id: Option<Text>,
    /// When it was written down.
    pub requested_at: Instant,
    /// When it succeeded or failed.
    pub ended_at: Option<Instant>,
    /// Why it failed, in words a person can read.
    pub note: Option<Text>,
}

/// What a checkout session is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutRequest<'a> {
    /// Our id of the payment; goes into the session's metadata.
    pub payment: PaymentId,
    /// Our id of the enrollment: the session's `client_reference_id`.
    pub enrollment: EnrollmentId,
    /// How much.
    pub amount: Money,
    /// What is bought: "CNA Training via Milady".
    pub what: &'a str,
    /// Filled in on the page.
    pub email: Option<&'a Email>,
    /// When the session ends by itself: 30 minutes to 24 hours from when it is opened.
    pub expires_at: Instant,
}

/// What a refund is asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest<'a> {
    /// Our id of the refund; goes into its metadata.
    pub refund: RefundId,
    /// The processor's id of the payment.
    pub payment_intent: &'a str,
    /// How much.
    pub amount: Money,
}

/// A checkout session in the processor's words. Whatever it did not say is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SessionReport {
    /// Its id.
    pub id: Option<Text>,
    /// The page on which it is paid; only while it is open.
    pub url: Option<WebUrl>,
    /// Whether it is open.
    pub status: Option<SessionStatus>,
    /// Whether it is paid. A complete session need not be.
    pub paid: Option<SessionPaid>,
    /// The id of the payment itself.
    pub payment_intent: Option<Text>,
    /// How much it is about, in minor units.
    pub amount_total: Option<i64>,
    /// In which currency.
    pub currency: Option<Currency>,
    /// Our id of the enrollment, as it was sent.
    pub client_reference_id: Option<Text>,
    /// Our id of the payment, as it was sent.
    pub payment: Option<Text>,
    /// Real money.
    pub livemode: Option<bool>,
    /// When it ends by itself.
    pub expires_at: Option<Instant>,
    /// Why the card was declined last.
    pub declined: Option<Text>,
}

impl SessionReport {
    /// How much it is about.
    pub fn amount(&self) -> Option<Money> {
        let (cents, currency) = self.amount_total.zip(self.currency)?;
        Some(Money { cents, currency })
    }
}

/// `status` of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// It can be paid.
    Open,
    /// The student went through it.
    Complete,
    /// It is over.
    Expired,
}

/// `payment_status` of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionPaid {
    /// The money is there.
    Paid,
    /// It is not.
    Unpaid,
    /// Nothing was to be paid. We never ask for that.
    NoPaymentRequired,
}

/// A refund in the processor's words.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RefundReport {
    /// Its id.
    pub id: Option<Text>,
    /// Where it stands; `None` where the word is not known here.
    pub status: Option<RefundStatus>,
    /// How much, in minor units.
    pub amount: Option<i64>,
    /// In which currency.
    pub currency: Option<Currency>,
    /// Our id of the refund, as it was sent.
    pub refund: Option<Text>,
    /// Why it failed.
    pub failure: Option<Text>,
}

/// How long the processor remembers an idempotency key for certain. Afterwards the same request
/// could charge a second time, so it is looked up instead.
const KEY_LIFE: TimeDelta = TimeDelta::hours(23);

/// How far clocks may be apart that write into one database.
const SKEW: TimeDelta = TimeDelta::hours(1);

/// Whether the processor may have forgotten a key that it was sent first at `sent`. Also where that
/// lies ahead: a clock was set back since, and nobody knows for how long it has been.
pub fn may_be_forgotten(sent: Instant, now: Instant) -> bool {
    now - sent > KEY_LIFE || sent - now > SKEW
}

/// Within which times the processor can have taken up what it was sent first at `sent`.
pub fn taken_up_within(sent: Instant, now: Instant) -> (Instant, Instant) {
    (sent.min(now) - SKEW, sent.max(now) + SKEW)
}

/// How long to wait until an open session is looked at again: somebody who has just opened the page
/// pays within minutes.
pub fn poll_delay(age: TimeDelta) -> TimeDelta {
    let age = age.max(TimeDelta::zero());
    if age < TimeDelta::minutes(10) {
        (age / 6).clamp(TimeDelta::seconds(2), TimeDelta::seconds(10))
    } else {
        TimeDelta::seconds(30)
    }
}

/// The page to come back to where there is none: nobody has this address (RFC 2606), and the sandbox
/// shows a page of its own.
pub const NO_PAGE: &str = "https://coursevia.invalid/paid";

/// Whether a key of the processor takes real money.
pub fn is_live_key(key: &str) -> bool {
    ["sk_live_", "rk_live_"].iter().any(|prefix| key.trim().starts_with(prefix))
}

/// What a session's report means for a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can still be paid.
    Open,
    /// It is paid, and everything fits.
    Paid {
        /// The processor's id of the payment.
        payment_intent: Option<Text>,
    },
    /// It is over, unpaid.
    Expired,
    /// It is paid, but not as we asked for it: why, for a person.
    Mismatch(String),
    /// The report does not say: ask again.
    Unclear,
}

/// Reads a session's report. `live` is whether this process takes real money.
pub fn judge(payment: &PaymentView, report: &SessionReport, live: bool) -> Verdict {
    if let (Some(ours), Some(theirs)) = (&payment.session_id, &report.id)
        && ours != theirs
    {
        return Verdict::Mismatch("the processor answered with another payment page".to_owned());
    }
    match (report.status, report.paid) {
        (_, Some(SessionPaid::Paid)) => match mismatch(payment, report, live) {
            None => Verdict::Paid { payment_intent: report.payment_intent.clone() },
            Some(why) => Verdict::Mismatch(why),
        },
        (Some(SessionStatus::Complete), Some(SessionPaid::NoPaymentRequired)) => {
            Verdict::Mismatch("the processor says that nothing was to be paid".to_owned())
        }
        (Some(SessionStatus::Expired), Some(_)) => Verdict::Expired,
        // Complete is not paid: it may be on its way.
        (Some(SessionStatus::Open | SessionStatus::Complete), _) => Verdict::Open,
        (Some(SessionStatus::Expired) | None, _) => Verdict::Unclear,
    }
}

fn mismatch(payment: &PaymentView, report: &SessionReport, live: bool) -> Option<String> {
    let paid = report.amount();
    let said = |what: Option<&Text>| what.map(Text::as_str).unwrap_or_default().to_owned();
    if paid != Some(payment.amount) {
        let paid = paid.map_or_else(|| "an unknown amount".to_owned(), |paid| paid.to_string());
        return Some(format!("{paid} was paid instead of {}", payment.amount));
    }
    if said(report.client_reference_id.as_ref()) != payment.enrollment_id.to_string() {
        return Some("what was paid for is another enrollment".to_owned());
    }
    if report.payment.as_ref().is_some_and(|id| id.as_str() != payment.id.to_string()) {
        return Some("what was paid is another payment".to_owned());
    }
    match report.livemode {
        Some(theirs) if theirs == live => None,
        Some(true) => Some("it was paid with real money, and this is a test".to_owned()),
        Some(false) => Some("it was paid in test mode, with no real money".to_owned()),
        None => Some("the processor does not say whether it was real money".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::now;

    #[test]
    fn a_clock_that_was_set_back_makes_no_key_young() {
        let sent = |hours| now() - TimeDelta::hours(hours);
        assert!(!may_be_forgotten(sent(0), now()) && !may_be_forgotten(sent(22), now()));
        assert!(may_be_forgotten(sent(24), now()) && may_be_forgotten(sent(-2), now()));
        for hours in [-30, 0, 30] {
            let (from, to) = taken_up_within(sent(hours), now());
            assert!(from < sent(hours) && from < now() && to > sent(hours) && to > now());
        }
    }

    #[test]
    fn who_has_just_opened_the_page_is_looked_at_often() {
        let seconds = |age| poll_delay(TimeDelta::seconds(age)).num_seconds();
        assert_eq!([seconds(-5), seconds(0), seconds(30), seconds(300), seconds(900)], [2, 2, 5, 10, 30]);
    }
}
