//! Checkout sessions.

use super::rows::{self, SessionRow, Turn};
use super::{Call, invalid, listed, missing, refuse};
use crate::sandbox::reply::Trouble;
use crate::sandbox::server::Server;
use crate::sandbox::state::Tx;
use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};

const SHORTEST: TimeDelta = TimeDelta::minutes(30);
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// The largest amount, in minor units: eight digits.
const MOST: i64 = 99_999_999;
/// The most different things that are bought at once.
const MOST_ITEMS: usize = 100;

pub(super) async fn create(call: &Call<'_>, tx: &mut Tx) -> Result<Value, Trouble> {
    let (form, now) = (&call.form, call.server.now().timestamp());
    if form.required("mode")? != "payment" {
        return Err(invalid("mode", "Only the mode payment is played here"));
    }
    let success_url = form.required("success_url")?.to_owned();
    let expires_at = form.number("expires_at")?.unwrap_or(now + LONGEST.num_seconds());
    let (soonest, latest) = (now + SHORTEST.num_seconds(), now + LONGEST.num_seconds());
    if !(soonest..=latest).contains(&expires_at) {
        let words = "The expires_at timestamp must be at least 30 minutes and at most 24 hours from now";
        return Err(invalid("expires_at", words));
    }
    let (amount, currency, what) = total(call)?;
    let row = SessionRow {
        number: 0,
        id: call.server.new_object("cs_test"),
        token: call.server.new_token(),
        status: "open".to_owned(),
        paid: false,
        declined: false,
        amount,
        currency,
        livemode: false,
        reference: form.get("client_reference_id").map(str::to_owned),
        email: form.get("customer_email").map(str::to_owned),
        what,
        metadata: form.metadata().to_string(),
        success_url,
        cancel_url: form.get("cancel_url").map(str::to_owned),
        payment_intent: None,
        created: now,
        expires_at,
    };
    rows::add_session(tx, &row).await?;
    Ok(shown(call.server, &row, call.form.expands("payment_intent")))
}

/// What is bought, and for how much.
fn total(call: &Call<'_>) -> Result<(i64, String, String), Trouble> {
    let (mut amount, mut currency, mut names) = (0_i64, None, Vec::new());
    for at in 0..MOST_ITEMS {
        let field = |name: &str| format!("line_items[{at}]{name}");
        if at > 0 && call.form.get(&field("[price_data][currency]")).is_none() {
            break;
        }
        let this = call.form.required(&field("[price_data][currency]"))?;
        if this.len() != 3 || !this.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Err(invalid(&field("[price_data][currency]"), &format!("Invalid currency: {this}")));
        }
        if currency.get_or_insert(this) != &this {
            return Err(invalid("line_items", "All of it must be in one currency"));
        }
        let name = field("[price_data][unit_amount]");
        call.form.required(&name)?;
        let unit = call.form.number(&name)?.unwrap_or_default();
        let quantity = call.form.number(&field("[quantity]"))?.unwrap_or_default();
        if unit < 0 || quantity < 1 {
            return Err(invalid(&name, "Amounts are not below zero, and quantities at least one"));
        }
        amount = unit.checked_mul(quantity).and_then(|more| amount.checked_add(more)).unwrap_or(i64::MAX);
        names.push(call.form.required(&field("[price_data][product_data][name]"))?);
    }
    if amount > MOST {
        let words = "Amount must be no more than 999,999.99";
        return Err(refuse(StatusCode::BAD_REQUEST, "amount_too_large", words, Some("line_items")));
    }
    Ok((amount, currency.unwrap_or_default().to_owned(), names.join(", ")))
}

pub(super) async fn read(call: &Call<'_>, tx: &mut Tx, id: &str) -> Result<Value, Trouble> {
    let row = rows::session(tx, id).await?.ok_or_else(|| missing("checkout.session", id))?;
    Ok(shown(call.server, &row, call.form.expands("payment_intent")))
}

pub(super) async fn expire(call: &Call<'_>, tx: &mut Tx, id: &str) -> Result<Value, Trouble> {
    let row = rows::session(tx, id).await?.ok_or_else(|| missing("checkout.session", id))?;
    if !rows::turn(tx, id, Turn::Expire, "", false).await? {
        let words = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Session has a status of {}.",
            row.status
        );
        return Err(refuse(StatusCode::BAD_REQUEST, "resource_state", &words, None));
    }
    read(call, tx, id).await
}

pub(super) async fn list(call: &Call<'_>, tx: &mut Tx) -> Result<Value, Trouble> {
    let limit = call.form.limit()?;
    let from = call.form.number("created[gte]")?.unwrap_or(i64::MIN);
    let to = call.form.number("created[lte]")?.unwrap_or(i64::MAX);
    let before = match call.form.get("starting_after") {
        Some(id) => rows::session(tx, id).await?.ok_or_else(|| missing("checkout.session", id))?.number,
        None => i64::MAX,
    };
    let more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let found = rows::sessions(tx, (from, to), before, more).await?;
    let whole = call.form.expands("data.payment_intent");
    let items = found.iter().map(|row| shown(call.server, row, whole)).collect();
    Ok(listed("/v1/checkout/sessions", items, limit))
}

/// A session as the interface shows it.
fn shown(server: &Server, row: &SessionRow, whole_intent: bool) -> Value {
    let url = (row.status == "open").then(|| server.address(&format!("pay/{}", row.token)));
    let payment_status = match (row.paid, row.amount) {
        (true, 0) => "no_payment_required",
        (true, _) => "paid",
        (false, _) => "unpaid",
    };
    let intent = match &row.payment_intent {
        Some(id) if whole_intent => intent(id, row),
        id => json!(id),
    };
    let metadata: Value = serde_json::from_str(&row.metadata).unwrap_or_default();
    json!({
        "id": row.id, "object": "checkout.session", "mode": "payment", "livemode": row.livemode,
        "status": row.status, "payment_status": payment_status, "payment_intent": intent,
        "amount_total": row.amount, "amount_subtotal": row.amount, "currency": row.currency,
        "client_reference_id": row.reference, "customer_email": row.email, "metadata": metadata,
        "created": row.created, "expires_at": row.expires_at, "url": url,
        "success_url": row.success_url, "cancel_url": row.cancel_url, "payment_method_types": ["card"],
    })
}

fn intent(id: &str, row: &SessionRow) -> Value {
    let error = row.declined.then(|| {
        json!({"type": "card_error", "code": "card_declined", "decline_code": "generic_decline",
               "message": "Your card was declined."})
    });
    let status = if row.paid { "succeeded" } else { "requires_payment_method" };
    json!({
        "id": id, "object": "payment_intent", "status": status, "amount": row.amount,
        "currency": row.currency, "livemode": row.livemode, "last_payment_error": error,
    })
}
