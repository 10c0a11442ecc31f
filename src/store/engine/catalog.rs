//! The catalogue as the database holds it, for `catalog export`.

use super::Backend;
use super::cohorts::is_over;
use super::programs::{Extras, first_day, views};
use crate::domain::catalog::{Catalog, CatalogCohort, CatalogCourse, CatalogPartner, CatalogProgram, Day};
use crate::domain::cohort::Cohort;
use crate::domain::provider::Provider;
use crate::domain::time::Instant;
use crate::domain::views::{Offer, ProgramView};
use crate::store::error::StoreError;
use crate::store::rows::{CohortRow, OfferRow, ProgramRow, ProviderRow};
use crate::store::sql;
use chrono::NaiveDate;

impl Backend {
    pub(in crate::store) async fn export_catalog(&self, at: Instant) -> Result<Catalog, StoreError> {
        let mut tx = self.begin_read().await?;
        let providers: Vec<ProviderRow> = sqlx::query_as(sql::LIST_PROVIDERS).fetch_all(&mut *tx).await?;
        let programs: Vec<ProgramRow> = sqlx::query_as(sql::LIST_PROGRAMS).fetch_all(&mut *tx).await?;
        let offers: Vec<OfferRow> = sqlx::query_as(sql::LIST_OFFERS).fetch_all(&mut *tx).await?;
        // From 1970 on: those that have begun may be far from over.
        let cohorts: Vec<CohortRow> =
            sqlx::query_as(sql::LIST_COHORTS).bind(NaiveDate::default()).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        let mut providers: Vec<Provider> = providers.iter().filter_map(ProviderRow::provider).collect();
        providers.sort_by_cached_key(|provider| (provider.name.as_str().to_lowercase(), provider.id));
        let today = first_day(at);
        let programs = views(programs, &offers, &Extras { cohorts, ratings: Vec::new() })?;
        Ok(Catalog {
            demo: providers.iter().any(|provider| provider.demo)
                || programs.iter().any(|view| view.program.demo),
            partners: providers.into_iter().map(partner).collect(),
            programs: programs.into_iter().map(|view| program(view, today)).collect(),
        })
    }
}

fn partner(provider: Provider) -> CatalogPartner {
    CatalogPartner {
        name: provider.name,
        provider_type: provider.provider_type,
        icon: provider.icon,
        description: provider.description,
        availability: provider.availability,
        retirement: provider.retirement,
        declares: provider.declares,
        protocol: provider.protocol,
        support: provider.support,
        refunds: provider.refunds,
    }
}

fn program(view: ProgramView, today: NaiveDate) -> CatalogProgram {
    CatalogProgram {
        slug: view.program.slug,
        title: view.program.title,
        aliases: view.program.aliases,
        category: view.program.category,
        summary: view.program.summary,
        length: view.program.length,
        hours: view.program.hours,
        credential: view.program.credential,
        courses: view.offers.into_iter().map(|offer| course(offer, today)).collect(),
    }
}

fn course(Offer { course, provider, cohorts, .. }: Offer, today: NaiveDate) -> CatalogCourse {
    CatalogCourse {
        partner: provider.name,
        name: course.name,
        code: course.code,
        active: course.active,
        format: course.format,
        pacing: course.pacing,
        hours: course.hours,
        credential: course.credential,
        price: course.price,
        terms: course.terms,
        cohorts: cohorts.into_iter().filter(|cohort| !is_over(cohort, today)).map(cohort).collect(),
    }
}

fn cohort(cohort: Cohort) -> CatalogCohort {
    CatalogCohort {
        starts: Day::On(cohort.starts_on),
        ends: cohort.ends_on.map(Day::On),
        schedule: cohort.schedule,
        time_zone: cohort.time_zone,
        location: cohort.location,
        seats: cohort.seats,
    }
}
