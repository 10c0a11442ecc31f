//! Decisions about money, as the services hand them over.

use super::PRICE;
use super::world::{World, at};
use chrono::TimeDelta;
use coursevia::domain::enrollment::{Enrollment, Link, Payment, Status};
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::ids::{CohortId, EnrollmentId, JobId, PaymentId, RefundId};
use coursevia::domain::job::{JobKind, Needs, NewJob};
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::payment::{
    NewPayment, NewRefund, PaymentStatus, PaymentView, ProcessorName, RefundStatus,
};
use coursevia::domain::person::Student;
use coursevia::domain::plan::{
    ClosePlan, EnrollmentPlan, GiveBack, PaidOutcome, PaidPlan, PayPlan, RefundPlan, RefundReportPlan,
    SessionPlan, SwitchPlan,
};
use coursevia::domain::refund::RefundPolicy;
use coursevia::store::StoreError;

/// The terms of every course of this world.
pub const HALF: Terms = Terms::Share(5_000);
const OFFERS_LAST: TimeDelta = TimeDelta::hours(24);

pub fn usd(cents: i64) -> Money {
    Money { cents, currency: Currency::USD }
}

impl World {
    pub fn new_payment(&self, enrollment: EnrollmentId, cents: i64, minute: i64) -> (NewPayment, NewJob) {
        let id: PaymentId = self.ids.new_id();
        let payment = NewPayment {
            id,
            enrollment_id: enrollment,
            amount: usd(cents),
            processor: ProcessorName::sandbox(),
            idempotency_key: format!("checkout:{id}"),
            request_body: "mode=payment".to_owned(),
            expires_at: at(minute + 38),
            policy: RefundPolicy::default(),
        };
        let job = NewJob {
            payload: serde_json::json!({ "payment": id }),
            idempotency_key: payment.idempotency_key.clone(),
            needs: Needs::Processor(ProcessorName::sandbox()),
            ..self.job(JobKind::Checkout, enrollment, at(minute))
        };
        (payment, job)
    }

    /// A place that is held until it is paid.
    pub async fn selling(
        &self,
        student: &Student,
        partner: &str,
        cohort: Option<CohortId>,
        cents: i64,
    ) -> EnrollmentPlan {
        let mut plan = self.plan(student, "cna-training", Some(partner)).await;
        plan.enrollment = Enrollment {
            status: Status::Pending,
            payment: Payment::Open,
            link: Link::None,
            cohort_id: cohort,
            hold_until: Some(at(40)),
            ..plan.enrollment
        };
        let (payment, job) = self.new_payment(plan.enrollment.id, cents, 0);
        plan.jobs = vec![job];
        plan.payment = Some(payment);
        plan.event.kind = EventKind::CheckoutBegun;
        plan
    }

    pub async fn sold(&self, nth: u32, partner: &str, cohort: Option<CohortId>) -> (Enrollment, PaymentId) {
        let student = self.student(&format!("payer-{nth}@example.org"));
        let plan = self.selling(&student, partner, cohort, PRICE).await;
        self.store.enroll(&plan).await.expect("a place");
        (plan.enrollment, plan.payment.expect("a payment").id)
    }

    /// A place that is paid.
    pub async fn paid(&self, nth: u32, partner: &str, cohort: Option<CohortId>) -> (Enrollment, PaymentId) {
        let (course, payment) = self.sold(nth, partner, cohort).await;
        self.store.record_paid(&self.beginning(&course, payment)).await.expect("it is paid");
        (self.course(course.id).await.enrollment, payment)
    }

    pub async fn payment(&self, id: PaymentId) -> PaymentView {
        self.store.find_payment(id).await.expect("it reads").expect("it is there")
    }

    pub fn opened(&self, course: &Enrollment, payment: PaymentId) -> SessionPlan {
        SessionPlan {
            payment_id: payment,
            session_id: format!("cs_{payment}").as_str().into(),
            url: None,
            expires_at: None,
            event: self.event(EventKind::PaymentOpened, Some(course)),
        }
    }

    pub fn came(&self, course: &Enrollment, payment: PaymentId, outcome: PaidOutcome) -> PaidPlan {
        PaidPlan {
            payment_id: payment,
            amount: usd(PRICE),
            payment_intent: Some(format!("pi_{payment}").as_str().into()),
            terms: HALF,
            outcome,
            event: self.event(EventKind::Paid, Some(course)),
        }
    }

    fn active(course: &Enrollment) -> Enrollment {
        Enrollment {
            status: Status::Active,
            payment: Payment::Paid,
            link: Link::Requested,
            hold_until: None,
            replaces_id: None,
            ..course.clone()
        }
    }

    /// The enrollment that waited for the money begins.
    pub fn beginning(&self, course: &Enrollment, payment: PaymentId) -> PaidPlan {
        let kinds = [JobKind::Provision, JobKind::Mail];
        let outcome = PaidOutcome::Begin {
            enrollment: Box::new(Self::active(course)),
            jobs: kinds.iter().map(|kind| self.job(*kind, course.id, at(0))).collect(),
            offers_last: OFFERS_LAST,
            event: self.event(EventKind::Enrolled, Some(course)),
        };
        self.came(course, payment, outcome)
    }

    /// Too late, and it goes back.
    pub async fn giving_back(&self, course: &Enrollment, payment: PaymentId) -> PaidPlan {
        let (refund, job) = self.new_refund(course, &self.payment(payment).await, PRICE);
        let outcome = PaidOutcome::GiveBack(Box::new(GiveBack {
            refund,
            jobs: vec![job],
            ended: (course.status == Status::Pending).then(|| self.event(EventKind::Cancelled, Some(course))),
            offers_last: OFFERS_LAST,
            event: self.event(EventKind::RefundRequested, Some(course)),
        }));
        self.came(course, payment, outcome)
    }

    /// Too late, and the same place is taken once more.
    pub fn anew(&self, course: &Enrollment, payment: PaymentId) -> PaidPlan {
        let new = Enrollment { id: self.ids.new_id(), ..Self::active(course) };
        let plan = EnrollmentPlan {
            new_student: None,
            jobs: vec![self.job(JobKind::Provision, new.id, at(0))],
            event: self.event(EventKind::Enrolled, Some(&new)),
            enrollment: new,
            payment: None,
            offer: None,
            offers_last: OFFERS_LAST,
        };
        self.came(course, payment, PaidOutcome::EnrollAnew(Box::new(plan)))
    }

    pub fn closing(&self, course: &Enrollment, payment: PaymentId, status: PaymentStatus) -> ClosePlan {
        ClosePlan {
            payment_id: payment,
            seen: PaymentStatus::Open,
            status,
            paid: None,
            payment_intent: None,
            unsent: false,
            note: None,
            offers_last: OFFERS_LAST,
            event: self.event(EventKind::PaymentExpired, Some(course)),
            ended: self.event(EventKind::SwitchEnded, Some(course)),
        }
    }

    pub fn paying_again(&self, course: &Enrollment, minute: i64) -> PayPlan {
        let (payment, job) = self.new_payment(course.id, PRICE, minute);
        let event = self.event(EventKind::CheckoutBegun, Some(course));
        PayPlan { payment, hold_until: at(minute + 40), job, event: Event { at: at(minute), ..event } }
    }

    pub fn new_refund(&self, course: &Enrollment, of: &PaymentView, cents: i64) -> (NewRefund, NewJob) {
        let id: RefundId = self.ids.new_id();
        let refund = NewRefund {
            id,
            payment_id: of.id,
            seen_refunded_cents: of.refunded_cents,
            amount: usd(cents),
            reason: "a test".into(),
            idempotency_key: format!("refund:{id}:1"),
            request_body: "payment_intent=pi".to_owned(),
        };
        let job = NewJob {
            payload: serde_json::json!({ "refund": id }),
            needs: Needs::Processor(ProcessorName::sandbox()),
            ..self.job(JobKind::Refund, course.id, at(0))
        };
        (refund, job)
    }

    pub async fn refunding(&self, course: &Enrollment, payment: PaymentId, cents: i64) -> RefundPlan {
        let (refund, job) = self.new_refund(course, &self.payment(payment).await, cents);
        RefundPlan {
            enrollment_id: course.id,
            refunds: vec![refund],
            jobs: vec![job],
            event: self.event(EventKind::RefundRequested, Some(course)),
        }
    }

    /// What the processor says about the only refund of a plan.
    pub fn told(&self, course: &Enrollment, plan: &RefundPlan, status: RefundStatus) -> RefundReportPlan {
        let job: JobId = plan.jobs[0].id;
        RefundReportPlan {
            refund_id: plan.refunds[0].id,
            status,
            external_refund_id: Some("re_1".into()),
            note: None,
            job_id: job,
            event: self.event(EventKind::Refunded, Some(course)),
        }
    }

    /// The new enrollment of a switch, which waits for the difference.
    pub async fn candidate(
        &self,
        old: &Enrollment,
        partner: &str,
        cohort: Option<CohortId>,
        due: i64,
    ) -> EnrollmentPlan {
        let student = self.course(old.id).await.student;
        let mut plan = self.selling(&student, partner, cohort, due).await;
        plan.enrollment.replaces_id = Some(old.id);
        plan.event.kind = EventKind::SwitchBegun;
        plan
    }

    /// The commit of a switch; `back` goes back of the newest payment.
    pub async fn switching(
        &self,
        old: &Enrollment,
        new: &Enrollment,
        price: i64,
        back: i64,
        candidate: bool,
    ) -> SwitchPlan {
        let view = self.course(old.id).await;
        let new = Enrollment { switched_from: Some(old.id), ..Self::active(new) };
        let newest = view.money.payments.iter().filter(|payment| back > 0 && payment.left().cents >= back);
        let (refunds, refund_jobs): (Vec<_>, Vec<_>) =
            newest.take(1).map(|payment| self.new_refund(&new, payment, back)).unzip();
        let kinds = [(JobKind::Withdraw, old.id), (JobKind::Provision, new.id), (JobKind::Mail, new.id)];
        let jobs = kinds.iter().map(|(kind, id)| self.job(*kind, *id, at(0))).chain(refund_jobs).collect();
        SwitchPlan {
            waived_cents: 0,
            old: old.id,
            seen: (&view.enrollment).into(),
            here: self.event(EventKind::SwitchedHere, Some(&new)),
            away: self.event(EventKind::SwitchedAway, Some(old)),
            new,
            candidate,
            price: usd(price),
            terms: HALF,
            refunds,
            jobs,
            offers_last: OFFERS_LAST,
        }
    }

    /// Another enrollment of the same student, not written yet.
    pub async fn replacement(&self, old: &Enrollment, partner: &str, cohort: Option<CohortId>) -> Enrollment {
        let student = self.course(old.id).await.student;
        let plan = self.plan(&student, "cna-training", Some(partner)).await;
        Enrollment { cohort_id: cohort, ..plan.enrollment }
    }

    /// Switches at no charge: what is paid stays, `back` of it goes back.
    pub async fn switch(
        &self,
        old: &Enrollment,
        partner: &str,
        price: i64,
        back: i64,
    ) -> Result<Enrollment, StoreError> {
        let new = self.replacement(old, partner, None).await;
        let plan = self.switching(old, &new, price, back, false).await;
        self.store.switch(&plan).await?;
        Ok(self.course(new.id).await.enrollment)
    }
}
