//! Partners and what they offer.

use super::{bad, clean, money, optional};
use crate::domain::ids::ProgramId;
use crate::domain::money::Terms;
use crate::domain::program::{Pacing, PartnerCourse};
use crate::domain::provider::{Availability, Health, Provider, Retirement};
use crate::domain::refund::RefundPolicy;
use crate::domain::review::RatingSummary;
use crate::domain::time::Instant;
use crate::domain::views::Offer;
use crate::store::config;
use crate::store::error::StoreError;
use chrono::NaiveDate;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

fn counted(count: Option<i64>) -> u32 {
    count.and_then(|count| count.try_into().ok()).unwrap_or_default()
}

#[derive(FromRow)]
pub(in crate::store) struct ProviderRow {
    pub v_id: Option<Uuid>,
    provider_name: Option<String>,
    provider_type: Option<String>,
    v_active: Option<bool>,
    pub api_config: Option<Json<Value>>,
    v_description: Option<String>,
    icon: Option<String>,
    v_status: Option<String>,
    status_note: Option<String>,
    status_until: Option<NaiveDate>,
    status_since: Option<Instant>,
    closes_on: Option<NaiveDate>,
    v_ends_on: Option<NaiveDate>,
    retirement_note: Option<String>,
    failures: Option<i64>,
    successes: Option<i64>,
    failing_from: Option<Instant>,
    last_failure_at: Option<Instant>,
    troubled_since: Option<Instant>,
    v_demo: Option<bool>,
    refund_policy: Option<String>,
}

impl ProviderRow {
    /// The provider; `None` where the LEFT JOIN found nobody.
    pub fn provider(&self) -> Option<Provider> {
        // An adopted `active` that says nothing is no promise that enrollments are taken.
        let active = self.v_active == Some(true) && self.v_status.as_deref() == Some("active");
        let config = self.api_config.as_ref().map(|config| &config.0);
        Some(Provider {
            id: self.v_id?.into(),
            name: clean(self.provider_name.as_ref()),
            provider_type: clean(self.provider_type.as_ref()),
            icon: optional(self.icon.as_ref()),
            description: clean(self.v_description.as_ref()),
            availability: if active {
                Availability::Active
            } else {
                Availability::Paused {
                    note: optional(self.status_note.as_ref()),
                    until: self.status_until,
                    since: self.status_since,
                }
            },
            retirement: self.closes_on.map(|closes_on| Retirement {
                closes_on,
                ends_on: self.v_ends_on,
                note: optional(self.retirement_note.as_ref()),
            }),
            health: Health {
                failures: counted(self.failures),
                successes: counted(self.successes),
                failing_from: self.failing_from,
                last_failure_at: self.last_failure_at,
                troubled_since: self.troubled_since,
            },
            declares: config::declares(config),
            protocol: config::protocol(config),
            support: config::support(config),
            refunds: self.refunds().unwrap_or_default(),
            demo: self.v_demo == Some(true),
        })
    }

    /// What is paid back when; fails where somebody wrote what we can't read.
    pub fn refunds(&self) -> Result<RefundPolicy, StoreError> {
        self.refund_policy.as_deref().map_or_else(
            || Ok(RefundPolicy::default()),
            |raw| serde_json::from_str(raw).map_err(|_| bad("refund policy")),
        )
    }
}

#[derive(FromRow)]
pub(in crate::store) struct OfferRow {
    #[sqlx(flatten)]
    pub provider: ProviderRow,
    pub c_id: Option<Uuid>,
    pub c_program_id: Option<Uuid>,
    course_name: Option<String>,
    external_course_code: Option<String>,
    c_active: Option<bool>,
    pub metadata: Option<Json<Value>>,
    pacing: Option<String>,
    c_hours: Option<i64>,
    c_credential: Option<String>,
    price_cents: Option<i64>,
    currency: Option<String>,
    terms_kind: Option<String>,
    share_bp: Option<i64>,
    wholesale_cents: Option<i64>,
    dated: bool,
}

impl OfferRow {
    /// The offer of `program`; `None` where the LEFT JOINs found no partner or no course.
    pub fn offer(&self, program: ProgramId) -> Option<Offer> {
        let provider = self.provider.provider()?;
        let course = PartnerCourse {
            id: self.c_id?.into(),
            provider_id: provider.id,
            program_id: program,
            name: clean(self.course_name.as_ref()),
            code: clean(self.external_course_code.as_ref()),
            active: self.c_active == Some(true),
            format: config::format(self.metadata.as_ref().map(|metadata| &metadata.0)),
            pacing: self.pacing.as_deref().and_then(Pacing::parse).unwrap_or(Pacing::SelfPaced),
            hours: self.c_hours.and_then(|hours| hours.try_into().ok()),
            credential: optional(self.c_credential.as_ref()),
            price: money(self.price_cents, self.currency.as_deref()),
            terms: terms(self.terms_kind.as_deref(), self.share_bp, self.wholesale_cents),
        };
        Some(Offer {
            course,
            provider,
            dated: self.dated,
            cohorts: Vec::new(),
            rating: RatingSummary::default(),
        })
    }
}

pub(super) fn terms(kind: Option<&str>, share_bp: Option<i64>, wholesale_cents: Option<i64>) -> Terms {
    match (kind, share_bp, wholesale_cents) {
        (Some("share"), Some(points), _) => u16::try_from(points).map_or(Terms::None, Terms::Share),
        (Some("wholesale"), _, Some(cents)) => Terms::Wholesale(cents),
        _ => Terms::None,
    }
}
