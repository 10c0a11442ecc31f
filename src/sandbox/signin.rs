//! A partner whose students sign in by themselves, played: a page that takes an e-mail address.
//! It asks for no password: nobody shall type a real one here.

use crate::domain::person::Email;
use crate::sandbox::gate::{self, Answered, Refused};
use crate::sandbox::learn;
use crate::sandbox::pages;
use crate::sandbox::server::Server;
use crate::sandbox::state::{self, DoorRow};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;

/// The longest name of a partner in an address.
const MAX_NAME: usize = 120;

/// What is learned at a partner that we tell nothing about courses.
const COURSE: &str = "My Training";

/// The page, or what was typed into it.
pub(super) async fn answer(
    State(server): State<Server>,
    Path(partner): Path<String>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let request = format!("{method} {}", uri.path());
    gate::pass(&server, request, || serve(&server, &partner, method == Method::POST, &body)).await
}

async fn serve(server: &Server, partner: &str, posted: bool, body: &[u8]) -> Answered {
    if partner.trim().is_empty() || partner.chars().count() > MAX_NAME {
        let (status, title) = (StatusCode::NOT_FOUND, "There is no such partner");
        return Err(Refused { status, title, words: "Open it again from coursevia.".to_owned() }.into());
    }
    let name = learn::name(server, partner);
    if !posted {
        return Ok(learn::page(StatusCode::OK, pages::sign_in(&name, None)));
    }
    let typed = url::form_urlencoded::parse(body).find(|(name, _)| name == "email");
    let typed = typed.map(|(_, value)| value.trim().to_owned()).unwrap_or_default();
    let Ok(email) = Email::parse(&typed) else {
        let html = pages::sign_in(&name, Some("Write your e-mail address, such as maya@example.org."));
        return Ok(learn::page(StatusCode::UNPROCESSABLE_ENTITY, html));
    };
    enter(server, partner, email.as_str()).await
}

async fn enter(server: &Server, partner: &str, email: &str) -> Answered {
    let now = server.now();
    let mut tx = server.database().begin().await?;
    let id = server.new_id(partner, "usr");
    let account =
        state::open_account(&mut tx, partner, &id, &email.to_lowercase(), (Some(email), None)).await?;
    // Its one course goes by the account.
    if state::find(&mut tx, partner, &account.id).await?.is_none() {
        state::enroll(&mut tx, partner, &account.id, &account.id, COURSE, now).await?;
    }
    let door = DoorRow { partner: partner.to_owned(), enrollment: account.id, return_to: None };
    let session = server.new_token();
    state::add_session(&mut tx, &session, &door, now + learn::SESSION_LIFE).await?;
    tx.commit().await?;
    Ok(learn::enter(&session))
}
