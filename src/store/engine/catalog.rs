//! The catalogue as the database holds it, for `catalog export`.

use super::Backend;
use super::programs::{Extras, views};
use crate::domain::catalog::{Catalog, CatalogCourse, CatalogPartner, CatalogProgram};
use crate::domain::provider::Provider;
use crate::domain::views::{Offer, ProgramView};
use crate::store::error::StoreError;
use crate::store::rows::{OfferRow, ProgramRow, ProviderRow};
use crate::store::sql;

impl Backend {
    pub(in crate::store) async fn export_catalog(&self) -> Result<Catalog, StoreError> {
        let mut tx = self.begin_read().await?;
        let providers: Vec<ProviderRow> = sqlx::query_as(sql::LIST_PROVIDERS).fetch_all(&mut *tx).await?;
        let programs: Vec<ProgramRow> = sqlx::query_as(sql::LIST_PROGRAMS).fetch_all(&mut *tx).await?;
        let offers: Vec<OfferRow> = sqlx::query_as(sql::LIST_OFFERS).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        let mut providers: Vec<Provider> = providers.iter().filter_map(ProviderRow::provider).collect();
        providers.sort_by_cached_key(|provider| (provider.name.as_str().to_lowercase(), provider.id));
        let programs = views(programs, &offers, &Extras::default())?;
        Ok(Catalog {
            demo: providers.iter().any(|provider| provider.demo)
                || programs.iter().any(|view| view.program.demo),
            partners: providers.into_iter().map(partner).collect(),
            programs: programs.into_iter().map(program).collect(),
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
        protocol: provider.protocol,
        support: provider.support,
    }
}

fn program(view: ProgramView) -> CatalogProgram {
    CatalogProgram {
        slug: view.program.slug,
        title: view.program.title,
        aliases: view.program.aliases,
        category: view.program.category,
        summary: view.program.summary,
        length: view.program.length,
        hours: view.program.hours,
        credential: view.program.credential,
        courses: view.offers.into_iter().map(course).collect(),
    }
}

fn course(Offer { course, provider, .. }: Offer) -> CatalogCourse {
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
    }
}
