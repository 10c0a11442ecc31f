//! A small world: programs, partners, courses, people. Always the same.

use chrono::{DateTime, NaiveDate, TimeDelta};
use coursevia::domain::cohort::Cohort;
use coursevia::domain::enrollment::{Delivery, Enrollment, Link, Payment, Status};
use coursevia::domain::ids::{
    AdvisorId, CertificateId, CohortId, CourseId, EnrollmentId, PaymentId, ProgramId, ProviderId, RefundId,
    StudentId,
};
use coursevia::domain::job::{JobKind, JobState};
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::payment::{PaymentStatus, PaymentView, ProcessorName, RefundStatus, RefundView};
use coursevia::domain::person::{Advisor, Email, Student};
use coursevia::domain::program::{DeliveryFormat, Pacing, PartnerCourse, Program, Slug};
use coursevia::domain::progress::{Percent, Progress};
use coursevia::domain::provider::{
    Availability, BaseUrl, Health, LinkAccess, Protocol, Provider, RestAccess, Support,
};
use coursevia::domain::refund::RefundPolicy;
use coursevia::domain::review::RatingSummary;
use coursevia::domain::time::Instant;
use coursevia::domain::views::CourseMoney;
use coursevia::domain::views::{Certificate, CourseView, Offer, PartnerAccount, ProgramView};
use coursevia::domain::waitlist::{WaitlistEntry, WaitlistStatus, WaitlistView};
use coursevia::domain::web::{LaunchUrl, WebUrl};
use coursevia::ui::msg::Who;
use uuid::Uuid;

/// Sun 4 Jan 2026, 10:00 UTC.
pub fn now() -> Instant {
    DateTime::parse_from_rfc3339("2026-01-04T10:00:00Z").expect("a good value").to_utc()
}

/// An id that depends on `name` only.
fn id(name: &str) -> Uuid {
    let mut bytes = [0_u8; 16];
    for (index, byte) in name.bytes().enumerate() {
        let seat = &mut bytes[index % 16];
        *seat = seat.rotate_left(3) ^ byte.wrapping_add(u8::try_from(index).unwrap_or(0));
    }
    Uuid::from_bytes(bytes)
}

pub fn maya() -> Student {
    student("Maya Okafor", "maya@example.org")
}

pub fn student(name: &str, email: &str) -> Student {
    Student {
        id: StudentId::from(id(email)),
        email: Some(Email::parse(email).expect("a good value")),
        name: Some(name.into()),
    }
}

pub fn advisor(student: Option<Student>) -> Who {
    let advisor = Advisor {
        id: AdvisorId::from(id("ruth")),
        email: Email::parse("ruth@college.example").expect("a good value"),
        name: Some("Ruth Vance".into()),
    };
    Who::Advisor { advisor, student }
}

pub fn provider(name: &str) -> Provider {
    let rest = || {
        Protocol::Rest(RestAccess {
            profile: "any".into(),
            base_url: BaseUrl::Sandbox,
            secret_env: None,
            organization: "demo".into(),
        })
    };
    let link = |url: &str| Protocol::Link(LinkAccess::at(WebUrl::parse(url).expect("a good value")));
    let (description, protocol) = match name {
        "Certiport" => ("Online, self-paced, 24/7 access", rest()),
        "Milady" => ("Hybrid, instructor-led, scheduled classes", rest()),
        "HSI Safety" => ("Online safety training, interactive", rest()),
        "CareerSafe" => ("OSHA-compliant safety courses", rest()),
        "NRF RISE Up" => ("Retail fundamentals, online", rest()),
        "NDS" => ("Dental safety, online", link("https://learn.nds.example/login")),
        "Local Community College" => {
            ("In-person, hands-on training", link("https://college.example/sign-in"))
        }
        _ => ("Professional training", rest()),
    };
    let host = name.to_lowercase().replace(' ', "-");
    Provider {
        id: ProviderId::from(id(name)),
        name: name.into(),
        provider_type: host.clone().into(),
        icon: Some("◆".into()),
        description: description.into(),
        availability: Availability::Active,
        retirement: None,
        health: Health::default(),
        declares: None,
        protocol,
        support: Support { email: Some(format!("help@{host}.example").into()), url: None },
        refunds: RefundPolicy::default(),
        demo: true,
    }
}

pub fn offer(partner: &str, program: &str, cents: i64) -> Offer {
    let provider = provider(partner);
    let (format, pacing) = match partner {
        "Milady" => (DeliveryFormat::Hybrid, Pacing::InstructorLed),
        "Local Community College" => (DeliveryFormat::InPerson, Pacing::InstructorLed),
        _ => (DeliveryFormat::Online, Pacing::SelfPaced),
    };
    Offer {
        course: PartnerCourse {
            id: CourseId::from(id(&format!("{partner} {program}"))),
            provider_id: provider.id,
            program_id: ProgramId::from(id(program)),
            name: program.into(),
            code: "C-101".into(),
            active: true,
            format,
            pacing,
            hours: None,
            credential: None,
            price: Money { cents, currency: Currency::USD },
            terms: Terms::None,
        },
        provider,
        dated: false,
        cohorts: Vec::new(),
        rating: RatingSummary::default(),
    }
}

/// The same offer with starts: in how many days, seats, taken.
pub fn dated(mut offer: Offer, starts: &[(u64, u32, u32)]) -> Offer {
    let course_id = offer.course.id;
    offer.dated = true;
    let start = |(days, seats, taken): &(u64, u32, u32)| Cohort {
        id: CohortId::from(id(&format!("{course_id} in {days} days"))),
        course_id,
        starts_on: now().date_naive() + chrono::Days::new(*days),
        ends_on: Some(now().date_naive() + chrono::Days::new(days + 42)),
        schedule: Some("Mon + Wed 18:00".into()),
        time_zone: chrono_tz::Tz::America__Chicago,
        location: Some("Main campus, room 12".into()),
        seats: *seats,
        taken: *taken,
        waiting: 0,
        active: true,
    };
    offer.cohorts = starts.iter().map(start).collect();
    offer
}

/// Maya's place in the queue of the first start of an offer.
pub fn place(offer: &Offer, title: &str, status: WaitlistStatus) -> WaitlistView {
    let cohort = Cohort { waiting: 4, ..offer.cohorts[0].clone() };
    WaitlistView {
        entry: WaitlistEntry {
            id: id(&format!("place {title}")).into(),
            cohort_id: cohort.id,
            student_id: maya().id,
            joined_at: now(),
        },
        status,
        place: if status == WaitlistStatus::Waiting { 2 } else { 0 },
        offer_until: (status == WaitlistStatus::Offered).then(|| now() + TimeDelta::hours(20)),
        program_id: offer.course.program_id,
        program_slug: Slug::parse("a-program").expect("a good value"),
        program_title: title.into(),
        partner: offer.provider.name.clone(),
        price: offer.course.price,
        cohort,
    }
}

pub fn paused(mut offer: Offer) -> Offer {
    offer.provider.availability = Availability::paused(
        Some("the partner is renewing its accreditation".into()),
        NaiveDate::from_ymd_opt(2026, 3, 1),
    );
    offer
}

pub fn program(title: &str, category: &str, length: &str, offers: Vec<Offer>) -> ProgramView {
    let slug = title.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let slug = slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let (aliases, summary) = match title {
        "CNA Training" => (
            vec!["nurse".into(), "nursing assistant".into()],
            "Care for patients as a nursing assistant: vital signs, mobility, infection control, the state exam.",
        ),
        "Welding" => (vec![], "Join metal safely: stick, MIG and TIG welding in a workshop."),
        _ => (vec![], "What you need for your first day at work, with practice and a final test."),
    };
    ProgramView {
        program: Program {
            id: ProgramId::from(id(title)),
            slug: Slug::parse(&slug).unwrap_or_else(|_| Slug::parse("a-program").expect("a good value")),
            title: title.into(),
            aliases,
            category: category.into(),
            summary: summary.into(),
            length: Some(length.into()),
            hours: (title == "CNA Training").then_some(120),
            credential: Some("Certificate".into()),
            active: true,
            demo: true,
        },
        offers,
    }
}

/// The programs of the demo, sorted by title.
pub fn programs() -> Vec<ProgramView> {
    let of = |title: &str, category: &str, length: &str, offers: &[(&str, i64)]| {
        let offers = offers.iter().map(|(partner, cents)| offer(partner, title, *cents)).collect();
        program(title, category, length, offers)
    };
    vec![
        of("Barber Apprenticeship", "Personal services", "1,750 hours", &[("Milady", 49_999)]),
        of("Bloodborne Pathogens", "Healthcare", "1 hour", &[("CareerSafe", 3_500), ("HSI Safety", 6_900)]),
        cna(),
        of(
            "CPR/AED + First Aid",
            "Healthcare",
            "5 hours",
            &[("HSI Safety", 18_900), ("Local Community College", 12_000)],
        ),
        of(
            "Customer Service Certification",
            "Business",
            "15 hours",
            &[("Certiport", 17_995), ("NRF RISE Up", 9_900)],
        ),
        of("Dental Office Safety", "Healthcare", "2 hours", &[("NDS", 14_900)]),
        of("Digital Literacy", "Digital skills", "5 hours", &[]),
        of("Forklift Operator", "Skilled trades", "4 hours", &[("CareerSafe", 8_900)]),
        of("HVAC Fundamentals", "Skilled trades", "16 weeks", &[("HSI Safety", 11_900)]),
        of("Infection Control", "Healthcare", "8 hours", &[("CareerSafe", 4_000), ("JRI", 14_900)]),
        of("Job Readiness", "Career", "8 hours", &[]),
        of("Microsoft Office Specialist: Word", "Digital skills", "8 hours", &[("Certiport", 17_995)]),
        of(
            "OSHA 10 General Industry",
            "Safety",
            "10 hours",
            &[("CareerSafe", 5_900), ("Local Community College", 8_900)],
        ),
        of("OSHA 30 Construction", "Safety", "30 hours", &[("CareerSafe", 14_900)]),
        program(
            "Welding",
            "Skilled trades",
            "20 weeks",
            vec![paused(offer("Riverside Trade School", "Welding", 0))],
        ),
    ]
}

pub fn cna() -> ProgramView {
    let offers = ["Certiport", "Local Community College", "Milady"];
    program(
        "CNA Training",
        "Healthcare",
        "6 weeks",
        offers.map(|partner| offer(partner, "CNA Training", 0)).to_vec(),
    )
}

/// An enrollment of Maya, confirmed at `partner`, `days` old, with a fresh figure if there is one.
pub fn course(title: &str, partner: &str, percent: Option<i64>, days: i64) -> CourseView {
    let offer = offer(partner, title, 0);
    let at = now() - TimeDelta::minutes(2);
    let manual = matches!(offer.provider.protocol, Protocol::Link(_));
    CourseView {
        enrollment: Enrollment {
            id: EnrollmentId::from(id(&format!("enrollment {title}"))),
            student_id: maya().id,
            program_id: offer.course.program_id,
            delivery: Some(Delivery { provider_id: offer.provider.id, course_id: offer.course.id }),
            status: Status::Active,
            payment: Payment::None,
            link: if manual { Link::Manual } else { Link::Confirmed },
            progress: Progress {
                percent: percent.and_then(Percent::new).unwrap_or_default(),
                as_of: percent.map(|_| at),
                ..Progress::default()
            },
            enrolled_at: now() - TimeDelta::days(days),
            last_accessed_at: None,
            completed_at: None,
            external_account_id: Some("u-7731".into()),
            external_enrollment_id: Some("e-90412".into()),
            cohort_id: None,
            hold_until: None,
            replaces_id: None,
            switched_from: None,
        },
        student: maya(),
        program_slug: Slug::parse("a-program").expect("a good value"),
        program_title: title.into(),
        partner: Some(offer),
        cohort: None,
        account: (!manual).then(|| PartnerAccount {
            external_account_id: "u-7731".into(),
            username: Some("maya.o".into()),
        }),
        jobs: Vec::new(),
        launched: percent.is_some(),
        certificate: None,
        proof: None,
        taught: None,
        money: CourseMoney::default(),
        switching: None,
    }
}

pub fn requested(mut course: CourseView) -> CourseView {
    course.enrollment.link = Link::Requested;
    course.enrollment.enrolled_at = now() - TimeDelta::minutes(1);
    course.launched = false;
    course.account = None;
    course
}

pub fn failed(mut course: CourseView) -> CourseView {
    course.enrollment.link = Link::Failed;
    course.account = None;
    course.jobs = vec![JobState {
        kind: JobKind::Provision,
        attempts: 8,
        last_error: Some("its server answered with an error.".into()),
        run_at: now(),
        gave_up: true,
    }];
    course
}

pub fn completed(mut course: CourseView) -> CourseView {
    course.enrollment.status = Status::Completed;
    course.enrollment.completed_at = Some(now() - TimeDelta::days(62));
    course.certificate = Some(Certificate {
        id: CertificateId::from(id("certificate")),
        external_certificate_id: Some("X-1".into()),
        url: Some(WebUrl::parse("https://hsi.example/certificates/X-1").expect("a good value")),
        issued_at: Some(now() - TimeDelta::days(61)),
        expires_at: None,
        verify_url: None,
        code: None,
        holder: None,
        course: None,
    });
    course
}

pub fn cancelled(mut course: CourseView) -> CourseView {
    course.enrollment.status = Status::Cancelled;
    course
}

pub fn taught_here(title: &str) -> CourseView {
    let mut course = course(title, "Certiport", None, 3);
    course.partner = None;
    course.account = None;
    course.enrollment.delivery = None;
    course.enrollment.link = Link::None;
    course
}

pub fn paused_course(mut course: CourseView) -> CourseView {
    course.partner = course.partner.map(paused);
    course
}

pub fn exam_failed(mut course: CourseView) -> CourseView {
    course.enrollment.progress.exam_failed_at = Some(now() - TimeDelta::days(2));
    course
}

/// The certificate runs out in so many days.
pub fn ends(mut course: CourseView, days: i64) -> CourseView {
    if let Some(certificate) = &mut course.certificate {
        certificate.expires_at = Some(now() + TimeDelta::days(days));
        certificate.verify_url = WebUrl::parse("https://certificates.example/check/X-1").ok();
    }
    course
}

pub fn fell(mut course: CourseView) -> CourseView {
    course.enrollment.progress.reported = Percent::new(30);
    course
}

/// The same course at a price; what was asked for stands at `status`.
pub fn charged(mut course: CourseView, cents: i64, status: PaymentStatus) -> CourseView {
    let amount = Money { cents, currency: Currency::USD };
    if let Some(offer) = &mut course.partner {
        offer.course.price = amount;
    }
    let paid = matches!(status, PaymentStatus::Paid | PaymentStatus::Refunded);
    let began = now() - TimeDelta::minutes(16);
    course.enrollment.payment = status.into();
    course.money.payments = vec![PaymentView {
        id: PaymentId::from(id(&format!("payment {}", course.enrollment.id))),
        enrollment_id: course.enrollment.id,
        funds_id: course.enrollment.id,
        status,
        amount,
        refunded_cents: if status == PaymentStatus::Refunded { cents } else { 0 },
        processor: ProcessorName::sandbox(),
        idempotency_key: "checkout:1".to_owned(),
        request_body: String::new(),
        sent_at: Some(began),
        session_id: Some("cs_1".into()),
        payment_intent: paid.then(|| "pi_1".into()),
        url: None,
        expires_at: now() + TimeDelta::minutes(22),
        created_at: began,
        paid_at: paid.then(|| now() - TimeDelta::days(2)),
        odd: None,
        note: None,
        policy: RefundPolicy::default(),
        terms: Terms::None,
    }];
    course
}

/// Its place is held until it is paid.
pub fn awaiting(course: CourseView, cents: i64) -> CourseView {
    let mut course = charged(course, cents, PaymentStatus::Open);
    course.enrollment.status = Status::Pending;
    course.enrollment.link = Link::None;
    course.enrollment.enrolled_at = now() - TimeDelta::minutes(16);
    course.enrollment.hold_until = Some(now() + TimeDelta::minutes(24));
    course.account = None;
    course.launched = false;
    course
}

/// Its payment page is open at this address.
pub fn page_at(mut course: CourseView, url: &str) -> CourseView {
    course.money.payments[0].url = Some(WebUrl::parse(url).expect("a good value"));
    course
}

/// Its payment ended like this, for this reason.
pub fn ended(mut course: CourseView, status: PaymentStatus, why: Option<&str>) -> CourseView {
    course.enrollment.payment = status.into();
    course.money.payments[0].status = status;
    course.money.payments[0].note = why.map(Into::into);
    course
}

/// Cancelled, with a refund that stands like this.
pub fn going_back(course: CourseView, cents: i64, status: RefundStatus) -> CourseView {
    let mut course = cancelled(charged(course, cents, PaymentStatus::Refunded));
    let over = matches!(status, RefundStatus::Succeeded | RefundStatus::Failed);
    course.money.refunds = vec![RefundView {
        id: RefundId::from(id(&format!("refund {}", course.enrollment.id))),
        payment_id: course.money.payments[0].id,
        enrollment_id: course.enrollment.id,
        amount: course.money.payments[0].amount,
        status,
        reason: "cancelled".into(),
        attempt: 1,
        idempotency_key: "refund:1".to_owned(),
        request_body: String::new(),
        sent_at: None,
        external_refund_id: None,
        requested_at: now() - TimeDelta::hours(2),
        ended_at: over.then(|| now() - TimeDelta::hours(1)),
        note: (status == RefundStatus::Failed).then(|| "the card is closed".into()),
    }];
    if status == RefundStatus::Failed {
        course.jobs = vec![JobState {
            kind: JobKind::Refund,
            attempts: 1,
            last_error: Some("the card is closed".into()),
            run_at: now(),
            gave_up: true,
        }];
    }
    course
}

/// A switch of `old` to another partner that waits for its payment; `old` knows of it.
pub fn switching(old: &mut CourseView, partner: &str, cents: i64) -> CourseView {
    let mut new = awaiting(course(old.program_title.as_str(), partner, None, 0), cents);
    new.enrollment.id = EnrollmentId::from(id(&format!("switch {}", old.program_title)));
    new.enrollment.replaces_id = Some(old.enrollment.id);
    old.switching = Some(new.enrollment.id);
    new
}

/// The courses of the mock-up.
pub fn some_courses() -> Vec<CourseView> {
    vec![
        course("CNA Training", "Certiport", Some(45), 4),
        course("HVAC Fundamentals", "HSI Safety", Some(80), 12),
        completed(course("Bloodborne Pathogens", "HSI Safety", Some(100), 70)),
        cancelled(course("OSHA 30 Construction", "CareerSafe", None, 90)),
    ]
}

pub fn launch_url() -> LaunchUrl {
    let url = WebUrl::parse("https://sso.certiport.example/launch?token=8f14e45fceea167a5a36dedd")
        .expect("a good value");
    LaunchUrl::new(url, Some(now() + TimeDelta::minutes(5)))
}
