//! Small worlds for the tests of decisions.

use crate::domain::actor::Actor;
use crate::domain::cohort::Cohort;
use crate::domain::enrollment::{Delivery, Enrollment, Link, Payment, Status};
use crate::domain::ids::{
    CohortId, CourseId, EnrollmentId, PaymentId, ProgramId, ProviderId, StudentId, WaitlistId,
};
use crate::domain::money::{Currency, Money, Terms};
use crate::domain::payment::{PaymentStatus, PaymentView, ProcessorName};
use crate::domain::person::Student;
use crate::domain::program::{DeliveryFormat, Pacing, PartnerCourse, Program, Slug};
use crate::domain::provider::{
    Availability, BaseUrl, Health, LinkAccess, Protocol, Provider, RestAccess, Support,
};
use crate::domain::refund::RefundPolicy;
use crate::domain::review::RatingSummary;
use crate::domain::time::Instant;
use crate::domain::views::{CourseMoney, CourseView, Offer, ProgramView};
use crate::domain::waitlist::{WaitlistEntry, WaitlistStatus, WaitlistView};
use crate::domain::web::WebUrl;
use chrono::{DateTime, Days, NaiveDate, TimeDelta};
use uuid::Uuid;

pub fn now() -> Instant {
    DateTime::from_timestamp(1_760_000_000, 0).expect("a valid instant")
}

/// An id that depends on `name` only.
fn id(name: &str) -> Uuid {
    let mut bytes = [0; 16];
    for (index, byte) in name.bytes().enumerate() {
        bytes[index % 16] ^= byte.rotate_left(3);
    }
    Uuid::from_bytes(bytes)
}

pub fn program(offers: Vec<Offer>) -> ProgramView {
    ProgramView {
        program: Program {
            id: ProgramId::from(id("cna")),
            slug: Slug::parse("cna-training").expect("a slug"),
            title: "CNA Training".into(),
            aliases: vec!["nurse".into()],
            category: "Healthcare".into(),
            summary: "Care for patients.".into(),
            length: None,
            hours: None,
            credential: None,
            active: true,
            demo: true,
        },
        offers,
    }
}

fn offer(name: &str, protocol: Protocol) -> Offer {
    Offer {
        course: PartnerCourse {
            id: CourseId::from(id(&format!("course {name}"))),
            provider_id: ProviderId::from(id(name)),
            program_id: ProgramId::from(id("cna")),
            name: "CNA Training".into(),
            code: "CNA-101".into(),
            active: true,
            format: DeliveryFormat::Online,
            pacing: Pacing::SelfPaced,
            hours: None,
            credential: None,
            price: Money::zero(Currency::USD),
            terms: Terms::None,
        },
        provider: Provider {
            id: ProviderId::from(id(name)),
            name: name.into(),
            provider_type: name.to_lowercase().into(),
            icon: None,
            description: "Online, self-paced".into(),
            availability: Availability::Active,
            retirement: None,
            health: Health::default(),
            declares: None,
            protocol,
            support: Support::default(),
            refunds: RefundPolicy::default(),
            demo: true,
        },
        dated: false,
        cohorts: Vec::new(),
        rating: RatingSummary::default(),
    }
}

/// A start in Chicago.
pub fn cohort(starts_on: NaiveDate, seats: u32, taken: u32) -> Cohort {
    Cohort {
        id: CohortId::from(id(&format!("cohort {starts_on}"))),
        course_id: CourseId::from(id("course")),
        starts_on,
        ends_on: None,
        schedule: Some("Mon + Wed 18:00".into()),
        time_zone: chrono_tz::Tz::America__Chicago,
        location: Some("Main campus, room 12".into()),
        seats,
        taken,
        waiting: 0,
        active: true,
    }
}

pub fn rest_offer(name: &str) -> Offer {
    let access = RestAccess {
        profile: "certiport".into(),
        base_url: BaseUrl::Sandbox,
        secret_env: None,
        organization: "demo".into(),
        launch_hosts: Vec::new(),
    };
    offer(name, Protocol::Rest(access))
}

pub fn link_offer(name: &str) -> Offer {
    let access = LinkAccess::at(WebUrl::parse("https://example.org/login").expect("an address"));
    offer(name, Protocol::Link(access))
}

pub fn paused(mut offer: Offer) -> Offer {
    offer.provider.availability =
        Availability::paused(Some("renewing its accreditation".into()), NaiveDate::from_ymd_opt(2026, 3, 1));
    offer
}

pub fn course_of(view: &ProgramView, index: usize) -> CourseView {
    let offer = view.offers[index].clone();
    let student_id = StudentId::from(id("maya"));
    let link = if offer.provider.capabilities().enroll { Link::Requested } else { Link::Manual };
    let delivery = Delivery { provider_id: offer.provider.id, course_id: offer.course.id };
    let id = EnrollmentId::from(id("enrollment"));
    let begins = Enrollment::beginning(id, student_id, view.program.id, Some(delivery), now());
    CourseView {
        enrollment: Enrollment { link, ..begins },
        student: Student { id: student_id, email: None, name: Some("Maya Okafor".into()) },
        program_slug: view.program.slug.clone(),
        program_title: view.program.title.clone(),
        partner: Some(offer),
        cohort: None,
        account: None,
        jobs: Vec::new(),
        launched: false,
        certificate: None,
        proof: None,
        taught: None,
        money: CourseMoney::default(),
        switching: None,
        watched: false,
    }
}

/// The same course, paid.
pub fn paid(mut view: CourseView, cents: i64) -> CourseView {
    view.enrollment.payment = Payment::Paid;
    let enrollment_id = view.enrollment.id;
    view.money.payments.insert(
        0,
        PaymentView {
            id: PaymentId::from(id(&format!("payment {cents} {}", view.money.payments.len()))),
            enrollment_id,
            funds_id: enrollment_id,
            status: PaymentStatus::Paid,
            amount: Money { cents, currency: Currency::USD },
            refunded_cents: 0,
            processor: ProcessorName::sandbox(),
            idempotency_key: "checkout:1".to_owned(),
            request_body: String::new(),
            sent_at: Some(now()),
            session_id: Some("cs_1".into()),
            payment_intent: Some("pi_1".into()),
            url: None,
            expires_at: now() + TimeDelta::minutes(38),
            created_at: now(),
            paid_at: Some(now()),
            odd: None,
            note: None,
            policy: RefundPolicy::default(),
            terms: Terms::Share(5_000),
        },
    );
    view
}

/// The same course, waiting for its payment.
pub fn unpaid(view: CourseView, cents: i64) -> CourseView {
    let mut view = paid(view, cents);
    view.enrollment.status = Status::Pending;
    view.enrollment.payment = Payment::Open;
    view.enrollment.link = Link::None;
    view.money.payments[0].status = PaymentStatus::Open;
    view.money.payments[0].paid_at = None;
    view
}

/// The same offer at a price.
pub fn priced(mut offer: Offer, cents: i64) -> Offer {
    offer.course.price = Money { cents, currency: Currency::USD };
    offer
}

pub fn confirmed(mut view: CourseView) -> CourseView {
    view.enrollment.link = Link::Confirmed;
    view.enrollment.external_account_id = Some("u-1".into());
    view.enrollment.external_enrollment_id = Some("e-1".into());
    view
}

pub fn owner(view: &CourseView) -> Actor {
    Actor::Student(view.enrollment.student_id)
}

pub fn stranger() -> Actor {
    Actor::Student(StudentId::from(id("somebody else")))
}

/// A student's place in the queue of the first start of an offer.
pub fn waiting(view: &ProgramView, offer: usize, status: WaitlistStatus) -> WaitlistView {
    let offer = &view.offers[offer];
    let cohort = offer.cohorts[0].clone();
    WaitlistView {
        entry: WaitlistEntry {
            id: WaitlistId::from(id(&format!("place {}", cohort.id))),
            cohort_id: cohort.id,
            student_id: StudentId::from(id("maya")),
            joined_at: now(),
        },
        status,
        place: if status == WaitlistStatus::Waiting { 3 } else { 0 },
        offer_until: (status == WaitlistStatus::Offered).then(|| now() + TimeDelta::hours(1)),
        cohort,
        program_id: view.program.id,
        program_slug: view.program.slug.clone(),
        program_title: view.program.title.clone(),
        partner: offer.provider.name.clone(),
        price: offer.course.price,
    }
}

/// The same offer with starts in one, two, … weeks: seats and how many are taken.
pub fn dated(mut offer: Offer, seats: &[(u32, u32)]) -> Offer {
    let course_id = offer.course.id;
    let day = |week: u64| now().date_naive() + Days::new(7 * week);
    let start = |(week, (all, taken)): (u64, &(u32, u32))| Cohort {
        id: CohortId::from(id(&format!("{course_id} in week {week}"))),
        course_id,
        ..cohort(day(week), *all, *taken)
    };
    offer.dated = true;
    offer.cohorts = (1..).zip(seats).map(start).collect();
    offer
}
