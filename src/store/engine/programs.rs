//! Reading programs with everybody who delivers them.

use super::Backend;
use crate::domain::ids::ProgramId;
use crate::domain::program::{Program, Slug};
use crate::domain::views::ProgramView;
use crate::store::error::StoreError;
use crate::store::rows::{OfferRow, ProgramRow};
use crate::store::sql;
use std::collections::HashMap;

impl Backend {
    pub(in crate::store) async fn list_programs(&self) -> Result<Vec<ProgramView>, StoreError> {
        let mut tx = self.begin_read().await?;
        let programs: Vec<ProgramRow> = sqlx::query_as(sql::LIST_PROGRAMS).fetch_all(&mut *tx).await?;
        let offers: Vec<OfferRow> = sqlx::query_as(sql::LIST_OFFERS).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        views(programs, &offers)
    }

    pub(in crate::store) async fn find_program(
        &self,
        slug: &Slug,
    ) -> Result<Option<ProgramView>, StoreError> {
        let row = sqlx::query_as(sql::FIND_PROGRAM).bind(slug.as_str()).fetch_optional(&self.pool).await?;
        self.with_offers(row).await
    }

    pub(in crate::store) async fn find_program_by_id(
        &self,
        id: ProgramId,
    ) -> Result<Option<ProgramView>, StoreError> {
        let row =
            sqlx::query_as(sql::FIND_PROGRAM_BY_ID).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        self.with_offers(row).await
    }

    async fn with_offers(&self, row: Option<ProgramRow>) -> Result<Option<ProgramView>, StoreError> {
        let Some(row) = row else {
            return Ok(None);
        };
        let offers: Vec<OfferRow> =
            sqlx::query_as(sql::LIST_OFFERS_OF_PROGRAM).bind(row.id).fetch_all(&self.pool).await?;
        Ok(views(vec![row], &offers)?.pop())
    }

    pub(in crate::store) async fn has_catalog(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(sql::HAS_CATALOG).fetch_one(&self.pool).await?)
    }

    pub(in crate::store) async fn has_demo_partners(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(sql::HAS_DEMO_PARTNERS).fetch_one(&self.pool).await?)
    }
}

/// Hangs the offers on their programs, in the order of the catalogue. Partners' names are sorted
/// here, because people expect `a` before `B`.
pub(super) fn views(programs: Vec<ProgramRow>, offers: &[OfferRow]) -> Result<Vec<ProgramView>, StoreError> {
    let mut by_program: HashMap<_, Vec<&OfferRow>> = HashMap::new();
    for offer in offers {
        by_program.entry(offer.c_program_id).or_default().push(offer);
    }
    let mut views = Vec::with_capacity(programs.len());
    for row in programs {
        let rows = by_program.remove(&Some(row.id)).unwrap_or_default();
        let position = row.position;
        let program = Program::try_from(row)?;
        let mut offers: Vec<_> = rows.iter().filter_map(|offer| offer.offer(program.id)).collect();
        offers.sort_by_cached_key(|offer| (offer.provider.name.as_str().to_lowercase(), offer.course.id));
        views.push((position, ProgramView { program, offers }));
    }
    views.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.program.slug.cmp(&other.program.slug)));
    Ok(views.into_iter().map(|(_, view)| view).collect())
}
