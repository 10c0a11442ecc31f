//! A tool of LTI 1.3, played (1EdTech Security Framework 1.0, LTI Core 1.3): it takes the login that a
//! platform begins, asks the platform who comes, and opens the course for whom the answer names.

mod fields;
pub(super) mod rows;
mod token;

pub(super) use rows::SCHEMA;
pub(super) use token::Keys;

use crate::domain::web::WebUrl;
use crate::sandbox::fail::Fail;
use crate::sandbox::gate::{self, Answered, Refused};
use crate::sandbox::learn;
use crate::sandbox::server::Server;
use crate::sandbox::state::{self, DoorRow};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use fields::Fields;
use rows::Login;
use std::path::PathBuf;
use token::Claims;
use url::Url;

/// How long a login may take until the platform's answer is there.
const LOGIN_LIFE: TimeDelta = TimeDelta::minutes(5);

/// The platform that opens courses at the tools played here: the coursevia of this machine.
#[derive(Clone, Debug)]
pub struct Platform {
    /// The name it signs with.
    pub issuer: String,
    /// Its authentication endpoint.
    pub auth_url: String,
    /// The file with its public keys.
    pub jwks_file: PathBuf,
}

/// The platform begins a login (third-party-initiated login): it is asked who comes.
pub(super) async fn login(
    State(server): State<Server>,
    Path(client_id): Path<String>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let sent = if method == Method::GET { uri.query().unwrap_or_default().as_bytes() } else { &body };
    let request = format!("{method} {}", uri.path());
    gate::pass(&server, request, || begin(&server, &client_id, sent)).await
}

/// The platform's answer: who comes, signed.
pub(super) async fn launch(
    State(server): State<Server>,
    Path(client_id): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Response {
    gate::pass(&server, format!("POST {}", uri.path()), || open(&server, &client_id, &body)).await
}

/// Somebody looked the tool up by hand, or the answer came by the wrong way.
pub(super) async fn by_hand() -> Response {
    let words = "The platform's answer comes as a form. Open the course again from coursevia.";
    refused("This address is for launches", words).into_response()
}

fn refused(title: &'static str, words: impl Into<String>) -> Refused {
    Refused { status: StatusCode::BAD_REQUEST, title, words: words.into() }
}

fn unexpected(words: impl Into<String>) -> Refused {
    refused("This login can't begin", words)
}

fn distrusted(words: impl Into<String>) -> Refused {
    Refused { status: StatusCode::FORBIDDEN, ..refused("This launch is not accepted", words) }
}

fn platform(server: &Server) -> Result<Platform, Refused> {
    let words = "The coursevia that plays it says nothing about who may open courses here.";
    server.platform().ok_or_else(|| refused("This tool knows no platform", words))
}

/// The address of one of the tool's own endpoints.
fn own(server: &Server, client_id: &str, end: &str) -> Option<Url> {
    let mut url = Url::parse(&server.address("")).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(["lti", client_id, end]);
    Some(url)
}

async fn begin(server: &Server, client_id: &str, sent: &[u8]) -> Answered {
    let platform = platform(server)?;
    let fields = Fields::read(sent).map_err(unexpected)?;
    let issuer = fields.required("iss").map_err(unexpected)?;
    if issuer != platform.issuer {
        let known = &platform.issuer;
        return Err(unexpected(format!("It was begun by {issuer}, but this tool only knows {known}.")).into());
    }
    let hint = fields.required("login_hint").map_err(unexpected)?;
    let target = fields.required("target_link_uri").map_err(unexpected)?;
    if fields.get("client_id").is_some_and(|named| named != client_id) {
        return Err(unexpected("Its client_id belongs to another tool.").into());
    }
    let Some(here) = own(server, client_id, "launch") else {
        return Err(unexpected("The client_id in its address can't be used.").into());
    };
    // The port may be written differently: snapshots name one that does not listen.
    let ours = WebUrl::parse(target).is_ok_and(|url| url.is_loopback() && url.as_url().path() == here.path());
    if !ours {
        return Err(unexpected(format!("It is about {target}, which this tool does not have.")).into());
    }
    let now = server.now();
    let life = if server.fails().has(Fail::ExpiredLink) { -LOGIN_LIFE } else { LOGIN_LIFE };
    let login = Login {
        nonce: server.new_token(),
        target: target.to_owned(),
        deployment: fields.get("lti_deployment_id").map(str::to_owned),
    };
    let state = server.new_token();
    let mut tx = server.database().begin().await?;
    rows::add_login(&mut tx, (&state, client_id), &login, now + life).await?;
    tx.commit().await?;
    let Ok(mut to) = Url::parse(&platform.auth_url) else {
        return Err(unexpected("The address of the platform can't be used.").into());
    };
    to.query_pairs_mut().extend_pairs([
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
        ("client_id", client_id),
        ("redirect_uri", here.as_str()),
        ("state", &state),
        ("nonce", &login.nonce),
        ("login_hint", hint),
    ]);
    if let Some(hint) = fields.get("lti_message_hint") {
        to.query_pairs_mut().append_pair("lti_message_hint", hint);
    }
    Ok((StatusCode::FOUND, learn::HEADERS, [(header::LOCATION, String::from(to))]).into_response())
}

async fn open(server: &Server, client_id: &str, sent: &[u8]) -> Answered {
    let platform = platform(server)?;
    let fields = Fields::read(sent).map_err(distrusted)?;
    let state = fields.required("state").map_err(distrusted)?;
    let now = server.now();
    let mut tx = server.database().begin().await?;
    let login = rows::use_login(&mut tx, (state, client_id), now).await?;
    // Used up whatever comes of it: nobody tries a second token with it.
    tx.commit().await?;
    let Some(login) = login else {
        let words = "It was used before, took too long, or was never begun here. \
                     Open the course again from coursevia.";
        return Err(distrusted(words).into());
    };
    if let Some(error) = fields.get("error") {
        let why = fields.get("error_description").unwrap_or("It gave no reason.");
        return Err(distrusted(format!("The platform refused it ({error}). {why}")).into());
    }
    let token = fields.required("id_token").map_err(distrusted)?;
    let claims = server.keys().verify(&platform, token).await.map_err(distrusted)?;
    claims.check(&platform, client_id, &login, now).map_err(distrusted)?;
    enter(server, client_id, &claims).await
}

/// The student has an account and an enrollment from now on, and the course opens.
async fn enter(server: &Server, tool: &str, claims: &Claims) -> Answered {
    let course = claims.course().map_err(distrusted)?;
    let student = claims.subject().map_err(distrusted)?;
    let return_to = claims.return_to().map_err(distrusted)?;
    let now = server.now();
    let mut tx = server.database().begin().await?;
    let account = server.new_id(tool, "usr");
    let who = (claims.email.as_deref(), claims.name.as_deref());
    let account = state::open_account(&mut tx, tool, &account, student, who).await?;
    let enrollment = claims.enrollment().unwrap_or_else(|| format!("{}-{}", account.id, course.id));
    match state::find(&mut tx, tool, &enrollment).await? {
        None => state::enroll(&mut tx, tool, &enrollment, &account.id, &course.name, now).await?,
        Some(row) if row.account != account.id => {
            return Err(distrusted("The enrollment it names belongs to another student.").into());
        }
        Some(_) => {}
    }
    let door = DoorRow { partner: tool.to_owned(), enrollment, return_to };
    let session = server.new_token();
    state::add_session(&mut tx, &session, &door, now + learn::SESSION_LIFE).await?;
    tx.commit().await?;
    Ok(learn::enter(&session))
}
