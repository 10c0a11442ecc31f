//! The stable JSON of the commands.

use crate::domain::program::Slug;
use crate::domain::review::{Rating, Review, ReviewPage};
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
