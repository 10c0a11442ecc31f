//! Reading answers. Every field may be missing or odd: then it is `None`, and whoever asked decides
//! what that means.

use crate::domain::money::Currency;
use crate::domain::payment::{RefundReport, RefundStatus, SessionPaid, SessionReport, SessionStatus};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::units::from_units;
use crate::domain::web::WebUrl;
use crate::http::{is_segment, may_open};
use crate::payment::error::ProcessorError;
use chrono::{DateTime, Datelike as _};
use serde_json::Value;

/// The longest id, in characters.
const MAX_ID: usize = 255;
/// The longest sentence that is shown, in characters.
const MAX_MESSAGE: usize = 200;

/// One page of a list.
#[derive(Debug)]
pub(super) struct List {
    pub items: Vec<Value>,
    pub has_more: bool,
}

impl List {
    pub(super) fn read(body: &[u8]) -> Result<Self, ProcessorError> {
        let mut body = object(body)?;
        let Some(Value::Array(items)) = body.get_mut("data").map(Value::take) else {
            return Err(ProcessorError::BadAnswer { what: "it is no list" });
        };
        // One that does not say whether it goes on could hide what we look for.
        let has_more = body.get("has_more").and_then(Value::as_bool);
        let has_more = has_more.ok_or(ProcessorError::BadAnswer { what: "its list may be cut off" })?;
        Ok(Self { items, has_more })
    }

    /// Where the next page begins.
    pub(super) fn next(&self) -> Option<String> {
        let last = self.items.last().filter(|_| self.has_more)?;
        id(last.get("id")).map(|id| id.to_string())
    }
}

pub(super) fn session(body: &[u8], base: &WebUrl) -> Result<SessionReport, ProcessorError> {
    let report = session_of(&object(body)?, base);
    if report.id.is_none() {
        return Err(ProcessorError::BadAnswer { what: "it names no session" });
    }
    Ok(report)
}

pub(super) fn session_of(session: &Value, base: &WebUrl) -> SessionReport {
    let intent = session.get("payment_intent");
    let currency = currency(session.get("currency"));
    let units = session.get("amount_total").and_then(Value::as_i64);
    let amount = units.zip(currency).and_then(|(units, currency)| from_units(units, currency));
    SessionReport {
        id: id(session.get("id")),
        url: session
            .get("url")
            .and_then(Value::as_str)
            .and_then(|raw| WebUrl::parse(raw).ok())
            .filter(|url| may_open(base, url)),
        status: match word(session.get("status")) {
            Some("open") => Some(SessionStatus::Open),
            Some("complete") => Some(SessionStatus::Complete),
            Some("expired") => Some(SessionStatus::Expired),
            _ => None,
        },
        paid: match word(session.get("payment_status")) {
            Some("paid") => Some(SessionPaid::Paid),
            Some("unpaid") => Some(SessionPaid::Unpaid),
            Some("no_payment_required") => Some(SessionPaid::NoPaymentRequired),
            _ => None,
        },
        // Bare, or with all it has.
        payment_intent: id(intent).or_else(|| id(intent?.get("id"))),
        amount_total: amount.map(|amount| amount.cents),
        currency,
        client_reference_id: id(session.get("client_reference_id")),
        payment: id(session.pointer("/metadata/payment_id")),
        livemode: session.get("livemode").and_then(Value::as_bool),
        expires_at: instant(session.get("expires_at")),
        declined: intent.and_then(|intent| sentence(intent.pointer("/last_payment_error/message"))),
    }
}

pub(super) fn refund(body: &[u8]) -> Result<RefundReport, ProcessorError> {
    let report = refund_of(&object(body)?);
    if report.id.is_none() {
        return Err(ProcessorError::BadAnswer { what: "it names no refund" });
    }
    Ok(report)
}

pub(super) fn refund_of(refund: &Value) -> RefundReport {
    let currency = currency(refund.get("currency"));
    let units = refund.get("amount").and_then(Value::as_i64);
    let amount = units.zip(currency).and_then(|(units, currency)| from_units(units, currency));
    RefundReport {
        id: id(refund.get("id")),
        status: match word(refund.get("status")) {
            // What asks for an action asks the processor's own staff: cards never do.
            Some("pending" | "requires_action") => Some(RefundStatus::Pending),
            Some("succeeded") => Some(RefundStatus::Succeeded),
            Some("failed" | "canceled") => Some(RefundStatus::Failed),
            _ => None,
        },
        amount: amount.map(|amount| amount.cents),
        currency,
        refund: id(refund.pointer("/metadata/refund_id")),
        failure: sentence(refund.get("failure_reason")).map(|code| readable(&code)),
    }
}

/// A code such as `expired_or_canceled_card`, for people.
fn readable(code: &Text) -> Text {
    Text::clean(&code.as_str().replace('_', " "))
}

/// What an error says about itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    pub kind: Option<Text>,
    pub code: Option<Text>,
    pub message: Option<Text>,
}

pub(super) fn complaint(body: &[u8]) -> Complaint {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let field = |name: &str| body.pointer(&format!("/error/{name}"));
    Complaint { kind: id(field("type")), code: id(field("code")), message: sentence(field("message")) }
}

fn object(body: &[u8]) -> Result<Value, ProcessorError> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|_| ProcessorError::BadAnswer { what: "it is cut off or garbled" })?;
    if body.is_object() {
        Ok(body)
    } else {
        Err(ProcessorError::BadAnswer { what: "it is not what was asked for" })
    }
}

fn word(value: Option<&Value>) -> Option<&str> {
    value?.as_str()
}

/// Exactly as it was written, or not at all: it is compared and sent back.
fn id(value: Option<&Value>) -> Option<Text> {
    let raw = value?.as_str()?;
    let text = Text::clean_to(raw, MAX_ID);
    (text.as_str() == raw && is_segment(raw)).then_some(text)
}

/// A sentence to show, without addresses.
fn sentence(value: Option<&Value>) -> Option<Text> {
    let words: Vec<&str> = value?
        .as_str()?
        .split_whitespace()
        .map(|word| if word.contains("://") { "…" } else { word })
        .collect();
    Text::clean_to(&words.join(" "), MAX_MESSAGE).non_empty()
}

fn currency(value: Option<&Value>) -> Option<Currency> {
    Currency::parse(&value?.as_str()?.to_uppercase()).ok()
}

fn instant(value: Option<&Value>) -> Option<Instant> {
    DateTime::from_timestamp(value?.as_i64()?, 0).filter(|at| (1970..=9999).contains(&at.year()))
}

#[cfg(test)]
mod tests;
