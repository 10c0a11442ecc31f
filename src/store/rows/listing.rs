//! The light rows of the list of programs.

use super::{money, zone};
use crate::domain::listing::{OfferEntry, StartEntry};
use crate::domain::text::Text;
use crate::store::config;
use chrono::NaiveDate;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use std::sync::Arc;
use uuid::Uuid;

/// What a list needs of a program.
#[derive(FromRow)]
pub(in crate::store) struct EntryRow {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub aliases: Json<Vec<Text>>,
    pub category: String,
    pub demo: bool,
    pub position: i64,
}

/// What a list needs of an offer.
#[derive(FromRow)]
pub(in crate::store) struct OfferEntryRow {
    pub id: Uuid,
    pub program_id: Option<Uuid>,
    pub provider_id: Option<Uuid>,
    metadata: Option<Json<Value>>,
    price_cents: Option<i64>,
    currency: Option<String>,
    active: Option<bool>,
    dated: bool,
}

impl OfferEntryRow {
    /// The offer of a partner without its starts and rating; whether the partner takes anybody is
    /// for the caller to say.
    pub fn entry(&self, partner: Arc<Text>, taken: bool) -> OfferEntry {
        OfferEntry {
            partner,
            format: config::format(self.metadata.as_ref().map(|metadata| &metadata.0)),
            price: money(self.price_cents, self.currency.as_deref()),
            available: taken && self.active == Some(true),
            dated: self.dated,
            starts: Box::default(),
            rating: None,
        }
    }
}

/// What a list needs of a dated start.
#[derive(FromRow)]
pub(in crate::store) struct StartEntryRow {
    pub course_id: Uuid,
    starts_on: NaiveDate,
    time_zone: String,
    is_free: bool,
}

impl StartEntryRow {
    /// The start.
    pub fn entry(&self) -> StartEntry {
        StartEntry::new(self.starts_on, zone(Some(&self.time_zone)), self.is_free)
    }
}
