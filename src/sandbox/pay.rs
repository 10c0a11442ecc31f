//! The payment page in the browser: pay, decline, close. Only play money.

use crate::domain::money::Currency;
use crate::domain::payment::NO_PAGE;
use crate::domain::units::from_units;
use crate::domain::web::WebUrl;
use crate::sandbox::learn::{Broken, HEADERS, page};
use crate::sandbox::pages::payment::{self as pages, PaymentPage};
use crate::sandbox::server::Server;
use crate::sandbox::stripe::rows::{self, SessionRow, Turn};
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::DateTime;
use serde::Deserialize;

/// Which button was pressed.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    #[serde(rename = "do")]
    action: Action,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Pay,
    Decline,
    Close,
}

/// The page as the session stands.
pub(super) async fn show(
    State(server): State<Server>,
    Path(token): Path<String>,
) -> Result<Response, Broken> {
    Ok(match find(&server, &token).await? {
        Some(row) => shown(&row),
        None => nowhere(),
    })
}

/// A button was pressed.
pub(super) async fn choose(
    State(server): State<Server>,
    Path(token): Path<String>,
    Form(choice): Form<Choice>,
) -> Result<Response, Broken> {
    let Some(row) = find(&server, &token).await? else {
        return Ok(nowhere());
    };
    let turn = match choice.action {
        Action::Pay => Turn::Pay,
        Action::Decline => Turn::Decline,
        Action::Close if row.status == "open" => {
            return Ok(page(StatusCode::OK, pages::closed(&payment(&row))));
        }
        Action::Close => return Ok(shown(&row)),
    };
    let intent = server.new_object("pi");
    let mut tx = server.database().begin().await?;
    rows::turn(&mut tx, &row.id, turn, &intent, false).await?;
    tx.commit().await?;
    Ok((HEADERS, Redirect::to(&format!("/pay/{token}"))).into_response())
}

async fn find(server: &Server, token: &str) -> Result<Option<SessionRow>, Broken> {
    let mut tx = server.database().begin().await?;
    rows::expire_due(&mut tx, server.now().timestamp()).await?;
    let row = rows::by_token(&mut tx, token).await?;
    tx.commit().await?;
    Ok(row)
}

fn shown(row: &SessionRow) -> Response {
    let payment = payment(row);
    match row.status.as_str() {
        "open" => page(StatusCode::OK, pages::open(&payment)),
        "complete" => page(StatusCode::OK, pages::paid(&payment)),
        _ => page(StatusCode::GONE, pages::over(&payment)),
    }
}

fn nowhere() -> Response {
    page(StatusCode::NOT_FOUND, pages::nowhere())
}

fn payment(row: &SessionRow) -> PaymentPage<'_> {
    let currency = Currency::parse(&row.currency.to_uppercase()).ok();
    let amount = currency.and_then(|currency| from_units(row.amount, currency));
    PaymentPage {
        what: &row.what,
        amount: amount.map_or_else(|| format!("{} {}", row.amount, row.currency), |money| money.to_string()),
        email: row.email.as_deref(),
        declined: row.declined,
        until: DateTime::from_timestamp(row.expires_at, 0).unwrap_or_default(),
        return_to: Some(row.success_url.as_str()).filter(|url| *url != NO_PAGE && WebUrl::parse(url).is_ok()),
    }
}
