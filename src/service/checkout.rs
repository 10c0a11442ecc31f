//! Payments: written down, opened at the processor, followed to their end (job `checkout`).
//!
//! Only this job, and whoever closes a page, asks the processor; screens and commands read what
//! is written down. What the processor says decides, never our clock.

use crate::domain::actor::Actor;
use crate::domain::decide::shut;
use crate::domain::enrollment::{Payment, Status};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{EnrollmentId, PaymentId};
use crate::domain::job::{Job, JobKind, Needs, NewJob};
use crate::domain::money::Money;
use crate::domain::payment::{
    CheckoutRequest, NewPayment, PaymentStatus, PaymentView, SessionReport, Verdict, judge, may_be_forgotten,
    poll_delay, taken_up_within,
};
use crate::domain::person::Student;
use crate::domain::plan::{ClosePlan, PayPlan, SessionPlan};
use crate::domain::refund::RefundPolicy;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, Offer, Unavailable};
use crate::payment::ProcessorError;
use crate::service::work::JobError;
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, FailPoint, StoreError};
use chrono::TimeDelta;

/// How long before the hold of a seat its payment page ends: a page that is open may bring money.
const PAGE_ENDS_BEFORE: TimeDelta = TimeDelta::minutes(2);
/// After this long the processor's list shows whatever it has begun.
const SETTLES: TimeDelta = TimeDelta::minutes(10);
/// How often a lost race is looked at again.
const ATTEMPTS: usize = 4;

/// What is to be paid, before it has ids.
pub(super) struct ToPay<'a> {
    /// For which enrollment.
    pub enrollment: EnrollmentId,
    /// How much.
    pub amount: Money,
    /// What is bought.
    pub what: &'a str,
    /// By whom.
    pub student: &'a Student,
    /// What is paid back when.
    pub policy: &'a RefundPolicy,
}

/// What came of looking at a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// It can still be paid.
    Open,
    /// It has come to an end, one way or the other.
    Ended,
}

impl Services {
    /// A payment with its job, and until when the seat is held.
    pub(super) fn new_payment(&self, to_pay: &ToPay<'_>, at: Instant) -> (NewPayment, NewJob, Instant) {
        let (id, hold_until): (PaymentId, Instant) = (self.ids.new_id(), at + self.hold);
        let expires_at = hold_until - PAGE_ENDS_BEFORE;
        let request = CheckoutRequest {
            payment: id,
            enrollment: to_pay.enrollment,
            amount: to_pay.amount,
            what: to_pay.what,
            email: to_pay.student.email.as_ref(),
            expires_at,
        };
        let payment = NewPayment {
            id,
            enrollment_id: to_pay.enrollment,
            amount: to_pay.amount,
            processor: self.processor.name(),
            idempotency_key: format!("checkout:{id}"),
            request_body: self.processor.checkout_body(&request),
            expires_at,
            policy: to_pay.policy.clone(),
        };
        let job = NewJob {
            id: self.ids.new_id(),
            kind: JobKind::Checkout,
            enrollment_id: Some(to_pay.enrollment),
            payload: serde_json::json!({ "payment": id }),
            idempotency_key: payment.idempotency_key.clone(),
            needs: Needs::Processor(payment.processor.clone()),
            run_at: at,
        };
        (payment, job, hold_until)
    }

    /// Pays what waits for payment: the page that is open, or a new one where the last is over.
    pub async fn pay(&self, actor: Actor, id: EnrollmentId) -> Result<CourseView, ServiceError> {
        let view = self.course(actor, id).await?;
        let title = || view.program_title.clone();
        if let Some(parked) = view.money.parked() {
            let why = parked.note.clone().unwrap_or_default();
            return Err(Refusal::PaymentParked { title: title(), why }.into());
        }
        let at = self.now();
        if let Some(provider) = view.provider().filter(|_| view.unpayable(at)) {
            return Err(self.with_others(&view, shut(provider, at)).await);
        }
        if view.money.open().is_some() {
            return Ok(view);
        }
        let last = view.money.payments.first();
        let (Status::Pending, Some(last)) = (view.enrollment.status, last) else {
            return Err(Refusal::NothingToPay { title: title() }.into());
        };
        let Some(offer) = view.partner.as_ref() else {
            return Err(Refusal::NothingToPay { title: title() }.into());
        };
        if !self.processor.till().sells(offer.provider.demo) {
            let (partner, price) = (offer.provider.name.clone(), last.amount.to_string());
            let partners = Vec::new();
            return Err(Refusal::PaymentUnavailable { title: title(), partner, price, partners }.into());
        }
        check_still_taken(&view, offer, at)?;
        // What was agreed when the place was taken stays agreed.
        let to_pay = ToPay {
            enrollment: id,
            amount: last.amount,
            what: &what_is_bought(&view.program_title, &offer.provider.name),
            student: &view.student,
            policy: &last.policy,
        };
        let (payment, job, hold_until) = self.new_payment(&to_pay, at);
        let event = self.event_about(&view, actor, EventKind::CheckoutBegun, at);
        match self.store.pay_again(&PayPlan { payment, hold_until, job, event }, view.student.id).await {
            // Another terminal was faster: its page is as good.
            Err(StoreError::Conflict(_)) => self.course(actor, id).await,
            done => {
                done?;
                self.course(actor, id).await
            }
        }
    }

    /// The job: looks at a payment, and comes back as long as it is open.
    pub(super) async fn follow_checkout(&self, job: &Job, view: &CourseView) -> Result<(), JobError> {
        let id = job.payload.get("payment").and_then(|id| serde_json::from_value(id.clone()).ok());
        let Some(payment) = self.payment_of(id).await? else {
            return Err(JobError::Lasting("the payment is not known".to_owned()));
        };
        if payment.status != PaymentStatus::Open {
            return self.finish(job, None).await;
        }
        // Money came late on another page: nobody should be charged a second time on this one.
        if view.enrollment.status != Status::Pending {
            return match Box::pin(self.close_page(view, payment.id)).await {
                Ok(()) => self.finish(job, None).await,
                Err(ServiceError::Refused(why)) => {
                    Err(JobError::Passing { why: why.to_string(), wait: None })
                }
                Err(error) => Err(error.into()),
            };
        }
        if self.follow(&payment).await? == Followed::Ended {
            return self.finish(job, None).await;
        }
        let now = self.now();
        Err(JobError::LookAgainAt(now + poll_delay(now - payment.created_at)))
    }

    async fn payment_of(&self, id: Option<PaymentId>) -> Result<Option<PaymentView>, JobError> {
        match id {
            Some(id) => Ok(self.store.find_payment(id).await?),
            None => Ok(None),
        }
    }

    /// Asks the processor about a payment and writes down what it says.
    pub(super) async fn follow(&self, payment: &PaymentView) -> Result<Followed, JobError> {
        let report = match &payment.session_id {
            Some(session) => self.processor.session(session).await,
            None => match self.open_page(payment).await? {
                Some(report) => Ok(report),
                None => return Ok(Followed::Ended),
            },
        };
        match report {
            Ok(report) => {
                self.store.fail_points().hit(FailPoint::CheckoutAfterLookCall);
                self.take_report(payment, &report).await
            }
            // We were given its id once, so it is somebody else's account that we ask now.
            Err(ProcessorError::NotFound) => {
                let why =
                    "the payment processor does not know this payment page; it may belong to another account";
                self.close(payment, PaymentStatus::Parked, Some(why), None).await?;
                Ok(Followed::Ended)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the page, or finds the one that was opened when the answer was lost; `None` when there
    /// is none and will be none.
    async fn open_page(&self, payment: &PaymentView) -> Result<Option<SessionReport>, JobError> {
        let now = self.now();
        let report = match payment.sent_at {
            Some(sent) if may_be_forgotten(sent, now) => {
                // The key may be forgotten by now: the same request could open a second page.
                let (from, to) = taken_up_within(sent, now);
                match self.processor.find_session(payment.id, from, to).await? {
                    Some(report) => report,
                    None => return self.not_opened(payment, "the payment page was never opened").await,
                }
            }
            _ => {
                if !self.store.mark_payment_sent(payment.id, now).await? {
                    return Ok(None);
                }
                match self.processor.open_session(&payment.request_body, &payment.idempotency_key).await {
                    Ok(report) => report,
                    Err(ProcessorError::Rejected { message } | ProcessorError::Declined { message }) => {
                        let why = format!("the payment processor refused it: {message}");
                        return self.not_opened(payment, &why).await;
                    }
                    // It would say the same for ever: only looking tells whether the page is there.
                    Err(error @ (ProcessorError::Kept { .. } | ProcessorError::KeyReused)) => {
                        let sent = payment.sent_at.unwrap_or(now);
                        let (from, to) = taken_up_within(sent, now);
                        match self.processor.find_session(payment.id, from, to).await? {
                            Some(report) => report,
                            None if now - sent > SETTLES => {
                                return self
                                    .not_opened(payment, "the payment page could not be opened")
                                    .await;
                            }
                            None => return Err(error.into()),
                        }
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        };
        self.store.fail_points().hit(FailPoint::CheckoutAfterOpenCall);
        let Some(session_id) = report.id.clone() else {
            return Err(JobError::Passing { why: "the payment page has no number".to_owned(), wait: None });
        };
        let view = self.course(Actor::System, payment.enrollment_id).await?;
        let plan = SessionPlan {
            payment_id: payment.id,
            session_id,
            url: report.url.clone(),
            expires_at: report.expires_at,
            event: self.event_about(&view, Actor::System, EventKind::PaymentOpened, self.now()),
        };
        match self.store.record_session(&plan).await {
            // Another process has written it down.
            Ok(()) | Err(StoreError::Conflict(Conflict::Changed)) => Ok(Some(report)),
            Err(error) => Err(error.into()),
        }
    }

    async fn not_opened(&self, payment: &PaymentView, why: &str) -> Result<Option<SessionReport>, JobError> {
        self.close(payment, PaymentStatus::Failed, Some(why), None).await?;
        Ok(None)
    }

    async fn take_report(&self, payment: &PaymentView, report: &SessionReport) -> Result<Followed, JobError> {
        match judge(payment, report, self.processor.live()) {
            Verdict::Open => {
                if let Some(declined) =
                    report.declined.as_ref().filter(|why| Some(*why) != payment.note.as_ref())
                {
                    self.store.note_payment(payment.id, declined).await?;
                }
                Ok(Followed::Open)
            }
            Verdict::Paid { payment_intent } => {
                Box::pin(self.money_came(payment, payment.amount, payment_intent)).await?;
                Ok(Followed::Ended)
            }
            Verdict::Expired => {
                self.close(payment, PaymentStatus::Expired, None, None).await?;
                Ok(Followed::Ended)
            }
            Verdict::Mismatch(why) => {
                self.close(payment, PaymentStatus::Parked, Some(&why), Some(report)).await?;
                Ok(Followed::Ended)
            }
            Verdict::Unclear => {
                let why = "the payment processor does not say how the payment stands".to_owned();
                Err(JobError::Passing { why, wait: None })
            }
        }
    }

    /// Ends a payment without money, or parks it. Somebody else may have been faster.
    pub(super) async fn close(
        &self,
        payment: &PaymentView,
        status: PaymentStatus,
        why: Option<&str>,
        came: Option<&SessionReport>,
    ) -> Result<(), ServiceError> {
        let plan = self.plan_close(payment, status, why, came).await?;
        match self.store.close_payment(&plan).await {
            Ok(()) | Err(StoreError::Conflict(Conflict::Changed)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn plan_close(
        &self,
        payment: &PaymentView,
        status: PaymentStatus,
        why: Option<&str>,
        came: Option<&SessionReport>,
    ) -> Result<ClosePlan, ServiceError> {
        let view = self.course(Actor::System, payment.enrollment_id).await?;
        let at = self.now();
        let kind = match status {
            PaymentStatus::Failed => EventKind::PaymentFailed,
            PaymentStatus::Parked => EventKind::PaymentParked,
            _ => EventKind::PaymentExpired,
        };
        let note = why.map(|why| Text::clean_to(why, 200));
        let payload = serde_json::json!({ "payment": payment.id, "why": note });
        let ended = self.event_about(&view, Actor::System, EventKind::SwitchEnded, at);
        Ok(ClosePlan {
            payment_id: payment.id,
            seen: payment.status,
            status,
            paid: came.and_then(SessionReport::amount),
            payment_intent: came.and_then(|report| report.payment_intent.clone()),
            unsent: false,
            note,
            offers_last: self.offers_last,
            event: Event { payload, ..self.event_about(&view, Actor::System, kind, at) },
            ended,
        })
    }

    /// Makes sure that a page can't bring money any more: expires it, then reads it. It may have been
    /// paid meanwhile; that counts.
    pub(super) async fn close_page(&self, view: &CourseView, id: PaymentId) -> Result<(), ServiceError> {
        for _ in 0..ATTEMPTS {
            let Some(payment) = self.store.find_payment(id).await? else {
                return Ok(());
            };
            if payment.status != PaymentStatus::Open {
                return Ok(());
            }
            if payment.sent_at.is_none() && self.close_unsent(&payment).await? {
                return Ok(());
            }
            if !self.processor.can_serve(&payment.processor) {
                return Err(not_closed(view, None));
            }
            let report = match &payment.session_id {
                Some(session) => self.processor.expire_session(session).await,
                // The answer was lost: the page may be there, so its number is asked for first.
                None => match self.follow(&payment).await {
                    Ok(_) => continue,
                    Err(error) => return Err(not_closed(view, Some(error.words()))),
                },
            };
            self.store.fail_points().hit(FailPoint::CloseAfterCall);
            let report = report.map_err(|error| not_closed(view, Some(error.to_string())))?;
            match self.take_report(&payment, &report).await {
                Ok(Followed::Ended) => return Ok(()),
                Ok(Followed::Open) => {}
                Err(JobError::Service(error)) => return Err(error),
                Err(error) => return Err(not_closed(view, Some(error.words()))),
            }
        }
        Err(not_closed(view, None))
    }

    /// Nobody was asked yet, so there is no page; `false` when somebody has begun to ask.
    async fn close_unsent(&self, payment: &PaymentView) -> Result<bool, ServiceError> {
        let plan = self.plan_close(payment, PaymentStatus::Expired, None, None).await?;
        match self.store.close_payment(&ClosePlan { unsent: true, ..plan }).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(Conflict::Changed)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a first payment beside an enrollment that waits for it.
    pub(super) fn hold_for_payment(
        &self,
        enrollment: &mut crate::domain::enrollment::Enrollment,
        to_pay: &ToPay<'_>,
        at: Instant,
    ) -> (NewPayment, NewJob) {
        let (payment, job, hold_until) = self.new_payment(to_pay, at);
        enrollment.status = Status::Pending;
        enrollment.payment = Payment::Open;
        enrollment.hold_until = Some(hold_until);
        (payment, job)
    }
}

/// Nobody pays for a start that is over, or at a partner who takes nobody now.
fn check_still_taken(view: &CourseView, offer: &Offer, at: Instant) -> Result<(), Refusal> {
    let (title, partner) = (view.program_title.clone(), offer.provider.name.clone());
    if view.cohort.as_ref().is_some_and(|cohort| !cohort.is_open(at)) {
        return Err(Refusal::StartClosed { title, partner, starts: Vec::new() });
    }
    match offer.unavailable(at) {
        None => Ok(()),
        Some(Unavailable::PartnerPaused | Unavailable::PartnerRetiring | Unavailable::PartnerRetired) => {
            Err(shut(&offer.provider, at))
        }
        Some(Unavailable::CourseInactive | Unavailable::NotConfigured) => {
            Err(Refusal::CourseInactive { partner, title, partners: Vec::new() })
        }
    }
}

/// "CNA Training via Milady", as the payment page shows it.
pub(super) fn what_is_bought(title: &Text, partner: &Text) -> String {
    format!("{title} via {partner}")
}

fn not_closed(view: &CourseView, why: Option<String>) -> ServiceError {
    let why = why.map(|why| Text::clean_to(&why, 200));
    Refusal::PaymentNotClosed { title: view.program_title.clone(), why }.into()
}
