//! Control of the played processor for scripts and tests.

use super::rows::{self, Odd, RefundRow, SessionRow, Turn};
use crate::sandbox::control::{Answer, broken, no};
use crate::sandbox::server::Server;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// What shall happen to a session, without its page.
#[derive(Debug, Deserialize)]
pub(in crate::sandbox) struct Wanted {
    /// The session's id.
    session: String,
    /// `pay` unless it is said.
    #[serde(default, rename = "do")]
    action: Action,
    /// Also where the session is not open any more.
    #[serde(default)]
    late: bool,
    /// What it is about instead, from now on.
    amount: Option<i64>,
    currency: Option<String>,
    reference: Option<String>,
    livemode: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    #[default]
    Pay,
    Decline,
    /// The student went through it, and the money is not there.
    Complete,
    Expire,
}

/// How a refund shall end.
#[derive(Debug, Deserialize)]
pub(in crate::sandbox) struct Ending {
    refund: String,
    /// Else it succeeds.
    #[serde(default)]
    fails: bool,
}

/// Every session with its refunds and totals, the oldest first.
pub(in crate::sandbox) async fn payments(State(server): State<Server>) -> Answer {
    let read = async {
        let sessions = server.database().all_sessions().await?;
        let refunds = server.database().all_refunds().await?;
        Ok(sessions.iter().map(|row| shown(row, &refunds)).collect())
    };
    read.await.map(Json).map_err(|error: sqlx::Error| broken(&error))
}

pub(in crate::sandbox) async fn pay(State(server): State<Server>, Json(wanted): Json<Wanted>) -> Answer {
    let turn = match wanted.action {
        Action::Pay => Turn::Pay,
        Action::Decline => Turn::Decline,
        Action::Complete => Turn::Complete,
        Action::Expire => Turn::Expire,
    };
    let Wanted { session: id, late, amount, currency, reference, livemode, .. } = wanted;
    let intent = server.new_object("pi");
    let done = async {
        let mut tx = server.database().begin().await?;
        rows::expire_due(&mut tx, server.now().timestamp()).await?;
        if !rows::turn(&mut tx, &id, turn, &intent, late).await? {
            return Ok(None);
        }
        rows::make_odd(&mut tx, &id, &Odd { amount, currency, reference, livemode }).await?;
        let row = rows::session(&mut tx, &id).await?;
        tx.commit().await?;
        Ok(row)
    };
    match done.await.map_err(|error: sqlx::Error| broken(&error))? {
        Some(row) => Ok(Json(shown(&row, &[]))),
        None => Err(no(StatusCode::CONFLICT, "there is no such session that is open")),
    }
}

pub(in crate::sandbox) async fn refund(State(server): State<Server>, Json(ending): Json<Ending>) -> Answer {
    let status = if ending.fails { "failed" } else { "succeeded" };
    let done = async {
        let mut tx = server.database().begin().await?;
        let done = rows::end_refund(&mut tx, &ending.refund, status).await?;
        tx.commit().await?;
        Ok(done)
    };
    if done.await.map_err(|error: sqlx::Error| broken(&error))? {
        Ok(Json(json!({"id": ending.refund, "status": status})))
    } else {
        Err(no(StatusCode::CONFLICT, "there is no such refund under way"))
    }
}

fn shown(row: &SessionRow, refunds: &[RefundRow]) -> Value {
    let of_it = |refund: &&RefundRow| Some(&refund.payment_intent) == row.payment_intent.as_ref();
    let metadata = |raw: &str| serde_json::from_str::<Value>(raw).unwrap_or_default();
    let refunds: Vec<&RefundRow> = refunds.iter().filter(of_it).collect();
    let refunded: i64 =
        refunds.iter().filter(|refund| refund.status != "failed").map(|refund| refund.amount).sum();
    let listed: Vec<Value> = refunds
        .iter()
        .map(|refund| {
            json!({"id": refund.id, "refund_id": metadata(&refund.metadata)["refund_id"],
                   "amount": refund.amount, "status": refund.status})
        })
        .collect();
    json!({
        "session": row.id, "status": row.status, "reference": row.reference,
        "payment_id": metadata(&row.metadata)["payment_id"], "payment_intent": row.payment_intent,
        "amount": row.amount, "currency": row.currency, "paid": if row.paid { row.amount } else { 0 },
        "refunded": refunded, "refunds": listed, "page": format!("/pay/{}", row.token),
    })
}
