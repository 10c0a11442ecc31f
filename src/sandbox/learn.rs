//! The course in the browser: one-time links, lessons to tick, the certificate.

use crate::domain::text::Text;
use crate::sandbox::pages::{self, CoursePage};
use crate::sandbox::server::Server;
use crate::sandbox::state::{self, DoorRow, EnrollmentRow};
use axum::extract::{Form, Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use serde::Deserialize;

/// How long a course stays open in a browser.
pub(super) const SESSION_LIFE: TimeDelta = TimeDelta::hours(12);

/// Nothing from elsewhere, no scripts, nobody frames it, and the address goes nowhere.
pub(super) const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The file's own trouble.
#[derive(Debug)]
pub(super) struct Broken(sqlx::Error);

impl From<sqlx::Error> for Broken {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "the sandbox's file");
        page(StatusCode::INTERNAL_SERVER_ERROR, pages::notice("This did not work", "Go back and try again."))
    }
}

/// What a click on a lesson says.
#[derive(Debug, Deserialize)]
pub(super) struct Tick {
    lesson: u32,
    done: u8,
}

pub(super) fn page(status: StatusCode, html: String) -> Response {
    (status, HEADERS, html).into_response()
}

fn used_up() -> Response {
    let words =
        "A link into a course works once and for a few minutes. Open the course again from coursevia.";
    page(StatusCode::GONE, pages::notice("This link has been used or has expired", words))
}

fn closed() -> Response {
    page(
        StatusCode::GONE,
        pages::notice("This course is not open here any more", "Open it again from coursevia."),
    )
}

/// Somebody looked the address up by hand.
pub(super) async fn front() -> Response {
    let words = "It plays the training partners of the demo catalogue and takes their play money. Courses and payments open from coursevia.";
    page(StatusCode::OK, pages::notice("This is the coursevia sandbox", words))
}

/// A look without opening (HEAD): link checkers and previews must not use a link up.
pub(super) async fn look() -> Response {
    page(StatusCode::OK, String::new())
}

/// Uses a link up and opens the course.
pub(super) async fn open(
    State(server): State<Server>,
    Path(token): Path<String>,
) -> Result<Response, Broken> {
    let now = server.now();
    let mut tx = server.database().begin().await?;
    let Some(door) = state::use_link(&mut tx, &token, now).await? else {
        return Ok(used_up());
    };
    let session = server.new_token();
    state::add_session(&mut tx, &session, &door, now + SESSION_LIFE).await?;
    tx.commit().await?;
    Ok(enter(&session))
}

/// The browser goes to the course.
pub(super) fn enter(session: &str) -> Response {
    (HEADERS, Redirect::to(&format!("/learn/{session}"))).into_response()
}

/// The course page.
pub(super) async fn show(
    State(server): State<Server>,
    Path(session): Path<String>,
) -> Result<Response, Broken> {
    let Some((door, row)) = find(&server, &session).await? else {
        return Ok(closed());
    };
    let number = row.certificate.as_deref();
    let html = pages::course(&CoursePage {
        partner: &name(&server, &row.partner),
        course: &row.course,
        student: row.student.as_deref(),
        percent: row.percent,
        lessons: row.lessons,
        certificate: number.filter(|_| row.completed_at.is_some()),
        action: &format!("/learn/{session}"),
        return_to: door.return_to.as_deref(),
    });
    Ok(page(StatusCode::OK, html))
}

/// A lesson is ticked, or ticked off again while the course is not completed.
pub(super) async fn tick(
    State(server): State<Server>,
    Path(session): Path<String>,
    Form(tick): Form<Tick>,
) -> Result<Response, Broken> {
    let Some((door, _)) = find(&server, &session).await? else {
        return Ok(closed());
    };
    let who = (door.partner.as_str(), door.enrollment.as_str());
    let mut tx = server.database().begin().await?;
    if let Some(row) = state::find(&mut tx, who.0, who.1).await?
        && row.completed_at.is_none()
        && (1..=state::LESSONS).contains(&tick.lesson)
    {
        let bit = 1_i64 << (tick.lesson - 1);
        let lessons = if tick.done == 1 { row.lessons | bit } else { row.lessons & !bit };
        // A click that changes nothing leaves a figure alone that a script has set.
        if lessons != row.lessons {
            let number = server.new_number(who.0);
            let how_far = (state::percent_of(lessons), lessons);
            state::set_progress(&mut tx, who, how_far, &number, server.now()).await?;
            // Whoever goes on learning tries again.
            state::set_failed(&mut tx, who, false).await?;
        }
    }
    tx.commit().await?;
    Ok(enter(&session))
}

/// The certificate's own page.
pub(super) async fn certificate(
    State(server): State<Server>,
    Path(number): Path<String>,
) -> Result<Response, Broken> {
    let found = server.database().by_certificate(&number).await?;
    let Some((row, at)) = found.and_then(|row| row.completed_at.map(|at| (row, at))) else {
        let words = "Check the number, or open the course again from coursevia.";
        return Ok(page(StatusCode::NOT_FOUND, pages::notice("There is no such certificate", words)));
    };
    let partner = name(&server, &row.partner);
    let html = pages::certificate(&partner, &row.course, row.student.as_deref(), &number, at);
    Ok(page(StatusCode::OK, html))
}

async fn find(server: &Server, session: &str) -> Result<Option<(DoorRow, EnrollmentRow)>, Broken> {
    let Some(door) = server.database().session(session, server.now()).await? else {
        return Ok(None);
    };
    let row = server.database().enrollment(&door.partner, &door.enrollment).await?;
    Ok(row.filter(|row| row.withdrawn_at.is_none()).map(|row| (door, row)))
}

/// What a partner is called: its profile's name, or its id in words (`city-college`: City College).
pub(super) fn name(server: &Server, partner: &str) -> Text {
    if let Some(profile) = server.profiles().get(partner) {
        return profile.name.clone();
    }
    let words = partner.split('-').filter(|word| !word.is_empty()).map(|word| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        format!("{}{rest}", first.to_uppercase())
    });
    Text::clean_to(&words.collect::<Vec<_>>().join(" "), 120)
}
