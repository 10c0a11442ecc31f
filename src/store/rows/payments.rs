//! Rows of payments and refunds.

use super::offers::terms;
use super::{bad, optional};
use crate::domain::money::{Currency, Money};
use crate::domain::payment::{PaymentStatus, PaymentView, ProcessorName, RefundStatus, RefundView};
use crate::domain::refund::RefundPolicy;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use crate::store::error::StoreError;
use sqlx::FromRow;
use uuid::Uuid;

fn exact(cents: i64, currency: &str) -> Result<Money, StoreError> {
    let currency = Currency::parse(currency).map_err(|_| bad("currency"))?;
    Ok(Money { cents, currency })
}

#[derive(FromRow)]
pub(in crate::store) struct PaymentRow {
    y_id: Uuid,
    enrollment_id: Uuid,
    funds_id: Uuid,
    status: String,
    amount_cents: i64,
    currency: String,
    refunded_cents: i64,
    processor: String,
    idempotency_key: String,
    request_body: String,
    sent_at: Option<Instant>,
    session_id: Option<String>,
    payment_intent: Option<String>,
    url: Option<String>,
    expires_at: Instant,
    created_at: Instant,
    paid_at: Option<Instant>,
    odd_cents: Option<i64>,
    odd_currency: Option<String>,
    note: Option<String>,
    refund_policy: String,
    terms_kind: String,
    share_bp: Option<i64>,
    wholesale_cents: Option<i64>,
}

impl TryFrom<PaymentRow> for PaymentView {
    type Error = StoreError;
    fn try_from(row: PaymentRow) -> Result<Self, StoreError> {
        let odd = row.odd_cents.zip(row.odd_currency);
        Ok(Self {
            id: row.y_id.into(),
            enrollment_id: row.enrollment_id.into(),
            funds_id: row.funds_id.into(),
            status: PaymentStatus::parse(&row.status).ok_or(bad("payment state"))?,
            amount: exact(row.amount_cents, &row.currency)?,
            refunded_cents: row.refunded_cents,
            processor: ProcessorName::read(&row.processor),
            idempotency_key: row.idempotency_key,
            request_body: row.request_body,
            sent_at: row.sent_at,
            session_id: optional(row.session_id.as_ref()),
            payment_intent: optional(row.payment_intent.as_ref()),
            url: row.url.as_deref().and_then(|raw| WebUrl::parse(raw).ok()),
            expires_at: row.expires_at,
            created_at: row.created_at,
            paid_at: row.paid_at,
            odd: odd.map(|(cents, currency)| exact(cents, &currency)).transpose()?,
            note: optional(row.note.as_ref()),
            // What was promised can't be read any more: everything until the start, as usual.
            policy: serde_json::from_str::<RefundPolicy>(&row.refund_policy).unwrap_or_default(),
            terms: terms(Some(&row.terms_kind), row.share_bp, row.wholesale_cents),
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct RefundRow {
    r_id: Uuid,
    payment_id: Uuid,
    enrollment_id: Uuid,
    amount_cents: i64,
    currency: String,
    status: String,
    reason: String,
    attempt: i64,
    idempotency_key: String,
    request_body: String,
    sent_at: Option<Instant>,
    external_refund_id: Option<String>,
    requested_at: Instant,
    ended_at: Option<Instant>,
    note: Option<String>,
}

impl TryFrom<RefundRow> for RefundView {
    type Error = StoreError;
    fn try_from(row: RefundRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.r_id.into(),
            payment_id: row.payment_id.into(),
            enrollment_id: row.enrollment_id.into(),
            amount: exact(row.amount_cents, &row.currency)?,
            status: RefundStatus::parse(&row.status).ok_or(bad("refund state"))?,
            reason: Text::from(row.reason),
            attempt: row.attempt.try_into().unwrap_or(u32::MAX),
            idempotency_key: row.idempotency_key,
            request_body: row.request_body,
            sent_at: row.sent_at,
            external_refund_id: optional(row.external_refund_id.as_ref()),
            requested_at: row.requested_at,
            ended_at: row.ended_at,
            note: optional(row.note.as_ref()),
        })
    }
}
