//! What `--json` prints about money.

use super::enrolled;
use crate::cli::checkout::payment_of;
use crate::domain::decide::SwitchQuote;
use crate::domain::money::Money;
use crate::domain::payment::{PaymentView, RefundView};
use crate::domain::refusal::Refusal;
use crate::domain::views::CourseView;
use crate::domain::web::WebUrl;
use crate::service::Reconciled;
use serde_json::{Value, json};

/// `payment` of an enrollment: the one it waits for, or was last asked for.
pub fn payment(view: &CourseView) -> Option<Value> {
    let payment = payment_of(view)?;
    Some(json!({
        "status": payment.status.code(),
        "amount_cents": payment.amount.cents,
        "currency": payment.amount.currency,
        "url": payment.url.as_ref().map(WebUrl::as_str),
    }))
}

/// The same for `courses --json`, with what is paid and what goes back.
pub fn money(view: &CourseView) -> Option<Value> {
    let cents = |money: Option<Money>| money.map_or(0, |money| money.cents);
    let mut value = payment(view)?;
    let money = &view.money;
    value["paid_cents"] = cents(money.paid()).into();
    value["refunding_cents"] = cents(money.on_its_way_back()).into();
    value["refunded_cents"] = cents(money.back()).into();
    value["refunds"] = money.refunds.iter().map(refund).collect();
    Some(value)
}

fn refund(refund: &RefundView) -> Value {
    json!({
        "refund_id": refund.id,
        "amount_cents": refund.amount.cents,
        "currency": refund.amount.currency,
        "status": refund.status.code(),
    })
}

/// `refund --json`: the newest, and all of them.
pub fn refunded(refunds: &[&RefundView]) -> Value {
    let all: Vec<Value> = refunds.iter().map(|one| refund(one)).collect();
    let mut value = all.first().cloned().unwrap_or_else(|| json!({}));
    value["refunds"] = all.into();
    value
}

/// `cancel --json`.
pub fn cancelled(view: &CourseView, back: Option<Money>) -> Value {
    let price = view.partner.as_ref().map(|offer| offer.course.price);
    let mut value = enrolled(view);
    value["refund_cents"] = back.map_or(0, |back| back.cents).into();
    value["currency"] = json!(back.or(price).map(|money| money.currency));
    value
}

/// `switch --json`.
pub fn switched(view: &CourseView, switched: bool) -> Value {
    let mut value = enrolled(view);
    value["switched"] = switched.into();
    value
}

/// `switch --quote --json`.
pub fn switch_quote(quote: &SwitchQuote, refusal: Option<&Refusal>) -> Value {
    json!({
        "from": quote.from,
        "to": quote.to,
        "paid_cents": quote.paid.cents,
        "price_cents": quote.price.cents,
        "due_cents": quote.due.cents,
        "waived_cents": quote.waived.cents,
        "free_because": quote.failed.as_ref().map(|failed| failed.because(&quote.from)),
        "progress": quote.failed.as_ref().map(|failed| failed.progress_words(quote)),
        "refund_cents": quote.refund.cents,
        "currency": quote.price.currency,
        "start": quote.new_start,
        "allowed": refusal.is_none(),
        "reason": refusal.map(ToString::to_string),
    })
}

/// `reconcile --json`.
pub fn reconciled(found: &Reconciled) -> Value {
    let payments = |list: &[PaymentView]| list.iter().map(unsettled).collect::<Vec<_>>();
    let refunds = |list: &[RefundView]| {
        let list = list.iter().map(|one| {
            let mut value = refund(one);
            value["enrollment_id"] = json!(one.enrollment_id);
            value["requested_at"] = json!(one.requested_at);
            value["note"] = json!(one.note);
            value
        });
        list.collect::<Vec<_>>()
    };
    json!({
        "ended": found.ended,
        "refunded": found.refunded,
        "late": found.late,
        "elsewhere": found.elsewhere,
        "broken": found.broken.as_ref().map_or(0, |(count, _)| *count),
        "open": payments(&found.open),
        "parked": payments(&found.parked),
        "refunding": refunds(&found.refunding),
        "failed": refunds(&found.failed),
    })
}

fn unsettled(payment: &PaymentView) -> Value {
    json!({
        "payment_id": payment.id,
        "enrollment_id": payment.enrollment_id,
        "status": payment.status.code(),
        "amount_cents": payment.amount.cents,
        "currency": payment.amount.currency,
        "created_at": payment.created_at,
        "note": payment.note,
    })
}

/// `parked list --json`: one of them. What came is null where the processor did not say it.
pub fn parked(payment: &PaymentView, course: &CourseView) -> Value {
    let mut value = unsettled(payment);
    value["student"] = json!(course.student.email);
    value["program"] = json!(course.program_slug);
    value["came_cents"] = json!(payment.odd.map(|odd| odd.cents));
    value["came_currency"] = json!(payment.odd.map(|odd| odd.currency));
    value
}

/// `parked accept|refund|dismiss --json`.
pub fn decided(payment: &PaymentView, course: &CourseView) -> Value {
    json!({
        "payment_id": payment.id,
        "status": payment.status.code(),
        "enrollment_id": course.enrollment.id,
        "enrollment_status": course.enrollment.status.code(),
    })
}
