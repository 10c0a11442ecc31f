//! The stable JSON of the commands.

use crate::domain::candidate::{Candidate, NextStart, Outcome};
use crate::domain::cohort::Cohort;
use crate::domain::compare::Comparison;
use crate::domain::views::{CourseView, Offer, ProgramView};
use serde_json::{Value, json};

/// `programs --json`: one program.
pub fn program(view: &ProgramView) -> Value {
    json!({
        "id": view.program.id,
        "slug": view.program.slug,
        "title": view.program.title,
        "category": view.program.category,
        "self_hosted": view.self_hosted(),
        "partners": view.offers.iter().map(offer).collect::<Vec<_>>(),
    })
}

fn offer(offer: &Offer) -> Value {
    json!({
        "course_id": offer.course.id,
        "name": offer.provider.name,
        "type": offer.provider.provider_type,
        "description": offer.provider.description,
        "active": offer.unavailable().is_none(),
        "format": offer.course.format,
        "pacing": offer.course.pacing,
        "price_cents": offer.course.price.cents,
        "currency": offer.course.price.currency,
    })
}

/// `compare --json`: the partners in the order of the columns.
pub fn comparison(view: &ProgramView, comparison: &Comparison, candidates: &[Candidate<'_>]) -> Value {
    let found = |course| candidates.iter().find(|candidate| candidate.course == course);
    let partners = comparison.columns.iter().filter_map(|column| found(column.course)).map(compared);
    json!({ "program": view.program.slug, "partners": partners.collect::<Vec<_>>() })
}

fn compared(candidate: &Candidate<'_>) -> Value {
    let start = match candidate.next_start() {
        NextStart::On(start) | NextStart::Full(start) => Some(start),
        NextStart::AnyTime | NextStart::NotOpen => None,
    };
    let share = |(done, all): (u32, u32)| (f64::from(done) / f64::from(all) * 1_000.0).round() / 1_000.0;
    json!({
        "name": candidate.name,
        "active": candidate.unavailable.is_none(),
        "format": candidate.format,
        "pacing": candidate.pacing,
        "price_cents": candidate.price.cents,
        "currency": candidate.price.currency,
        "hours": candidate.hours,
        "next_start": start.map(|start| start.starts_on),
        "seats_left": start.map(Cohort::seats_left),
        "rating": candidate.rating.average_tenths().map(|tenths| f64::from(tenths) / 10.0),
        "reviews": candidate.rating.reviews(),
        "completion_rate": candidate.outcome.and_then(Outcome::completion).map(share),
        "credential": candidate.credential,
        "access": candidate.access.code(),
    })
}

/// `enroll --json`.
pub fn enrolled(view: &CourseView) -> Value {
    json!({
        "enrollment_id": view.enrollment.id,
        "program": view.program_slug,
        "partner": view.provider().map(|provider| &provider.name),
        "status": view.enrollment.status.code(),
    })
}

/// `courses --json`: one enrollment.
pub fn course(view: &CourseView) -> Value {
    let enrollment = &view.enrollment;
    json!({
        "enrollment_id": enrollment.id,
        "program": view.program_slug,
        "title": view.program_title,
        "course_name": view.partner.as_ref().map(|offer| &offer.course.name),
        "partner": view.provider().map(|provider| &provider.name),
        "partner_type": view.provider().map(|provider| &provider.provider_type),
        "status": enrollment.status.code(),
        "link": enrollment.link.code(),
        "external_enrollment_id": enrollment.external_enrollment_id,
        "progress_percentage": enrollment.progress.percent.get(),
        "as_of": enrollment.progress.as_of,
        "enrolled_at": enrollment.enrolled_at,
    })
}
