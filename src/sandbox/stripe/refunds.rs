//! Refunds: never more than was paid, and under way before they are done.

use super::rows::{self, RefundRow};
use super::{Call, invalid, listed, missing, refuse};
use crate::sandbox::reply::Trouble;
use crate::sandbox::state::Tx;
use axum::http::StatusCode;
use serde_json::{Value, json};

const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

pub(super) async fn create(call: &Call<'_>, tx: &mut Tx) -> Result<Value, Trouble> {
    let intent = call.form.required("payment_intent")?.to_owned();
    let reason = call.form.get("reason");
    if reason.is_some_and(|reason| !REASONS.contains(&reason)) {
        return Err(invalid("reason", "There is no such reason"));
    }
    let wanted = call.form.number("amount")?;
    let paid = rows::by_intent(tx, &intent).await?.ok_or_else(|| missing("payment_intent", &intent))?;
    if !paid.paid {
        let words = "This PaymentIntent does not have a successful charge to refund";
        return Err(invalid("payment_intent", words));
    }
    let left = paid.amount - rows::refunded(tx, &intent).await?;
    if left <= 0 {
        let words = "The payment has already been refunded";
        return Err(refuse(StatusCode::BAD_REQUEST, "charge_already_refunded", words, None));
    }
    let amount = wanted.unwrap_or(left);
    if !(1..=left).contains(&amount) {
        let words = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        return Err(invalid("amount", &words));
    }
    let row = RefundRow {
        number: 0,
        id: call.server.new_object("re"),
        payment_intent: intent,
        amount,
        currency: paid.currency,
        reason: reason.map(str::to_owned),
        metadata: call.form.metadata().to_string(),
        created: call.server.now().timestamp(),
        status: "pending".to_owned(),
    };
    rows::add_refund(tx, &row).await?;
    Ok(shown(&row))
}

/// Whoever looks again finds it done.
pub(super) async fn read(tx: &mut Tx, id: &str) -> Result<Value, Trouble> {
    rows::end_refund(tx, id, "succeeded").await?;
    let row = rows::find_refund(tx, id).await?.ok_or_else(|| missing("refund", id))?;
    Ok(shown(&row))
}

pub(super) async fn list(call: &Call<'_>, tx: &mut Tx) -> Result<Value, Trouble> {
    let limit = call.form.limit()?;
    let before = match call.form.get("starting_after") {
        Some(id) => rows::find_refund(tx, id).await?.ok_or_else(|| missing("refund", id))?.number,
        None => i64::MAX,
    };
    let more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let found = rows::refunds(tx, call.form.get("payment_intent"), before, more).await?;
    Ok(listed("/v1/refunds", found.iter().map(shown).collect(), limit))
}

fn shown(row: &RefundRow) -> Value {
    let metadata: Value = serde_json::from_str(&row.metadata).unwrap_or_default();
    let failure = (row.status == "failed").then_some("expired_or_canceled_card");
    json!({
        "id": row.id, "object": "refund", "status": row.status, "amount": row.amount,
        "currency": row.currency, "payment_intent": row.payment_intent, "reason": row.reason,
        "metadata": metadata, "created": row.created, "failure_reason": failure,
    })
}
