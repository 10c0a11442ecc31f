//! The stable JSON of the commands.

mod jobs;
mod money;
mod proof;

pub use jobs::job;
pub use money::{cancelled, decided, parked, reconciled, refunded, switch_quote, switched};
pub use proof::{proof, proof_of};

use crate::domain::candidate::{Candidate, NextStart, Outcome};
use crate::domain::certificate::IssuedCertificate;
use crate::domain::cohort::{Cohort, next_start};
use crate::domain::compare::Comparison;
use crate::domain::program::Slug;
use crate::domain::progress::{Percent, ProgressSource};
use crate::domain::provider::{Availability, Provider};
use crate::domain::review::{Rating, Review, ReviewPage};
use crate::domain::time::Instant;
use crate::domain::views::{Certificate, CourseView, Offer, ProgramView};
use crate::domain::waitlist::WaitlistView;
use serde_json::{Value, json};

/// `programs --json`: one program, with the starts that are open at `now`.
pub fn program(view: &ProgramView, now: Instant) -> Value {
    json!({
        "id": view.program.id,
        "slug": view.program.slug,
        "title": view.program.title,
        "category": view.program.category,
        "self_hosted": view.self_hosted(),
        "partners": view.offers.iter().map(|one| offer(one, now)).collect::<Vec<_>>(),
    })
}

/// `next_start` and `seats_left` are null where it starts any time, and where no start is open.
fn offer(offer: &Offer, now: Instant) -> Value {
    let next = next_start(&offer.cohorts, now);
    let seats_left = |start: &Cohort| if start.is_full() { 0 } else { start.seats_left() };
    json!({
        "course_id": offer.course.id,
        "name": offer.provider.name,
        "type": offer.provider.provider_type,
        "description": offer.provider.description,
        "active": offer.unavailable(now).is_none(),
        "standing": standing(&offer.provider, now),
        "format": offer.course.format,
        "pacing": offer.course.pacing,
        "price_cents": offer.course.price.cents,
        "currency": offer.course.price.currency,
        "dated": offer.dated,
        "next_start": next.map(|start| start.starts_on),
        "seats_left": next.map(seats_left),
        "rating": offer.rating.average_tenths().map(|tenths| f64::from(tenths) / 10.0),
        "reviews": offer.rating.reviews(),
    })
}

/// `partner … --json`: how it stands, why, and from when to when.
pub fn partner(provider: &Provider, now: Instant) -> Value {
    let mut value = standing(provider, now);
    value["name"] = json!(provider.name);
    value["type"] = json!(provider.provider_type);
    value["support"] = json!(provider.support.contact());
    value
}

/// Where a partner stands: `active`, `troubled`, `paused`, `retiring` or `retired`. What is not announced
/// is null.
fn standing(provider: &Provider, now: Instant) -> Value {
    let (note, since, until) = match &provider.availability {
        Availability::Active => (None, None, None),
        Availability::Paused { note, until, since } => (note.as_ref(), *since, *until),
    };
    let end = provider.retirement.as_ref();
    json!({
        "state": provider.standing(now),
        "reason": note.or(end.and_then(|end| end.note.as_ref())),
        "paused_since": since,
        "paused_until": until,
        "closes_on": end.map(|end| end.closes_on),
        "ends_on": end.and_then(|end| end.ends_on),
        "troubled_since": provider.troubled(now),
    })
}

/// `compare --json`: the partners in the order of the columns.
pub fn comparison(
    view: &ProgramView,
    comparison: &Comparison,
    candidates: &[Candidate<'_>],
    now: Instant,
) -> Value {
    let found = |course| candidates.iter().find(|candidate| candidate.course == course);
    let offer = |course| view.offers.iter().find(|offer| offer.course.id == course);
    let partners = comparison.columns.iter().filter_map(|column| found(column.course));
    let partners = partners.map(|candidate| compared(candidate, offer(candidate.course), now));
    json!({ "program": view.program.slug, "partners": partners.collect::<Vec<_>>() })
}

fn compared(candidate: &Candidate<'_>, offer: Option<&Offer>, now: Instant) -> Value {
    let (start, seats_left) = match candidate.next_start() {
        NextStart::On(start) => (Some(start), Some(start.seats_left())),
        // A seat that is kept for those who wait is not left.
        NextStart::Full(start) => (Some(start), Some(0)),
        NextStart::AnyTime | NextStart::NotOpen => (None, None),
    };
    let share = |(done, all): (u32, u32)| (f64::from(done) / f64::from(all) * 1_000.0).round() / 1_000.0;
    json!({
        "name": candidate.name,
        "active": candidate.unavailable.is_none(),
        "standing": offer.map(|offer| standing(&offer.provider, now)),
        "format": candidate.format,
        "pacing": candidate.pacing,
        "price_cents": candidate.price.cents,
        "currency": candidate.price.currency,
        "hours": candidate.hours,
        "next_start": start.map(|start| start.starts_on),
        "seats_left": seats_left,
        "rating": candidate.rating.average_tenths().map(|tenths| f64::from(tenths) / 10.0),
        "reviews": candidate.rating.reviews(),
        "completion_rate": candidate.outcome.and_then(Outcome::completion).map(share),
        "credential": candidate.credential,
        "access": candidate.access.code(),
    })
}

/// `enroll --json`. Of a course with dates also the start, as `cohort`; where money is asked for also
/// the payment.
pub fn enrolled(view: &CourseView) -> Value {
    let enrolled = json!({
        "enrollment_id": view.enrollment.id,
        "program": view.program_slug,
        "partner": view.provider().map(|provider| &provider.name),
        "status": view.enrollment.status.code(),
    });
    let mut value = with_start(enrolled, "cohort", view);
    if let Some(payment) = money::payment(view) {
        value["payment"] = payment;
    }
    value
}

fn with_start(mut value: Value, key: &str, view: &CourseView) -> Value {
    if let (Some(cohort), Some(fields)) = (&view.cohort, value.as_object_mut()) {
        fields.insert(key.to_owned(), json!(cohort.starts_on));
    }
    value
}

/// `waitlist … --json`: one entry.
pub fn waiting(view: &WaitlistView) -> Value {
    json!({
        "entry_id": view.entry.id,
        "program": view.program_slug,
        "partner": view.partner,
        "cohort_id": view.cohort.id,
        "starts_on": view.cohort.starts_on,
        "status": view.status.code(),
        "place": (view.place > 0).then_some(view.place),
        "offer_until": view.offer_until,
        "price_cents": view.price.cents,
        "currency": view.price.currency,
    })
}

/// `courses --json`: one enrollment, with `starts_on` where the course has dates.
pub fn course(view: &CourseView, now: Instant) -> Value {
    let enrollment = &view.enrollment;
    let course = json!({
        "enrollment_id": enrollment.id,
        "program": view.program_slug,
        "title": view.program_title,
        "course_name": view.partner.as_ref().map(|offer| &offer.course.name),
        "partner": view.provider().map(|provider| &provider.name),
        "partner_type": view.provider().map(|provider| &provider.provider_type),
        "partner_standing": view.provider().map(|provider| standing(provider, now)),
        "status": enrollment.status.code(),
        "link": enrollment.link.code(),
        "external_enrollment_id": enrollment.external_enrollment_id,
        "progress_percentage": enrollment.progress.percent.get(),
        "as_of": enrollment.progress.as_of,
        "progress_source": enrollment.progress.source.map(ProgressSource::code),
        "reported_percentage": enrollment.progress.reported.map(Percent::get),
        "exam_failed_at": enrollment.progress.exam_failed_at,
        "enrolled_at": enrollment.enrolled_at,
        "certificate": view.certificate.as_ref().map(certificate),
        "taught": view.taught.as_ref().map(|taught| json!({ "lessons": taught.lessons, "read": taught.read })),
    });
    let mut value = with_start(course, "starts_on", view);
    if let Some(money) = money::money(view) {
        value["payment"] = money;
    }
    if let Some(last) = &view.proof {
        value["proof"] = proof::last_proof(last);
    }
    value
}

/// A certificate, in `courses --json` and `certificate --json`.
pub fn certificate(certificate: &Certificate) -> Value {
    json!({
        "number": certificate.external_certificate_id,
        "url": certificate.url,
        "verify_url": certificate.verify_url,
        "issued_at": certificate.issued_at,
        "expires_at": certificate.expires_at,
        "code": certificate.code.as_ref().map(ToString::to_string),
    })
}

/// `certificate --json`: whose it is, too.
pub fn certificate_of(view: &CourseView, of: &Certificate) -> Value {
    let mut value = certificate(of);
    value["enrollment_id"] = json!(view.enrollment.id);
    value["program"] = json!(view.program_slug);
    value["partner"] = json!(view.provider().map(|provider| &provider.name));
    value
}

/// `certificate verify --json`: what anybody may know who has the code.
pub fn issued(certificate: &IssuedCertificate) -> Value {
    json!({
        "valid": true,
        "number": certificate.number,
        "holder": certificate.holder,
        "course": certificate.course,
        "issued_on": certificate.issued_at.date_naive(),
        "code": certificate.code.to_string(),
    })
}

/// `review list --json`.
pub fn reviews(program: &Slug, page: &ReviewPage) -> Value {
    let distribution: serde_json::Map<String, Value> =
        Rating::ALL.into_iter().map(|rating| (rating.to_string(), page.summary.of(rating).into())).collect();
    let items = page.items.iter().map(|review| {
        json!({
            "id": review.id,
            "partner": review.partner,
            "rating": review.rating.get(),
            "text": review.hidden.is_none().then_some(&review.text),
            "hidden": review.hidden,
            "author": review.author,
            "verified": review.verified(),
            "completed": review.completed_at.is_some(),
            "date": review.at,
        })
    });
    json!({
        "program": program,
        "average": page.summary.average_tenths().map(|tenths| f64::from(tenths) / 10.0),
        "reviews": page.summary.reviews(),
        "distribution": distribution,
        "items": items.collect::<Vec<_>>(),
    })
}

/// `review add|edit|withdraw --json`: what stands now.
pub fn own_review(view: &CourseView, review: Option<&Review>) -> Value {
    json!({
        "enrollment_id": view.enrollment.id,
        "program": view.program_slug,
        "partner": view.provider().map(|provider| &provider.name),
        "review": review.map(|review| json!({
            "id": review.id,
            "rating": review.rating.get(),
            "text": review.text,
            "hidden": review.hidden,
        })),
    })
}
