//! Reading programs with everybody who delivers them.

use super::{Backend, Tx};
use crate::domain::candidate::Outcomes;
use crate::domain::ids::ProgramId;
use crate::domain::program::{Program, Slug};
use crate::domain::review::RatingSummary;
use crate::domain::time::Instant;
use crate::domain::views::ProgramView;
use crate::store::error::StoreError;
use crate::store::rows::{CohortRow, OfferRow, OutcomeRow, ProgramRow, RatingRow};
use crate::store::sql;
use chrono::{NaiveDate, TimeDelta};
use std::collections::HashMap;

impl Backend {
    pub(in crate::store) async fn list_programs(&self, at: Instant) -> Result<Vec<ProgramView>, StoreError> {
        let mut tx = self.begin_read().await?;
        let programs: Vec<ProgramRow> = sqlx::query_as(sql::LIST_PROGRAMS).fetch_all(&mut *tx).await?;
        let offers: Vec<OfferRow> = sqlx::query_as(sql::LIST_OFFERS).fetch_all(&mut *tx).await?;
        let cohorts: Vec<CohortRow> =
            sqlx::query_as(sql::LIST_COHORTS).bind(first_day(at)).fetch_all(&mut *tx).await?;
        let ratings: Vec<RatingRow> = sqlx::query_as(sql::LIST_RATINGS).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        views(programs, &offers, &Extras { cohorts, ratings })
    }

    pub(in crate::store) async fn find_program(
        &self,
        slug: &Slug,
        at: Instant,
    ) -> Result<Option<ProgramView>, StoreError> {
        let mut tx = self.begin_read().await?;
        let row = sqlx::query_as(sql::FIND_PROGRAM).bind(slug.as_str()).fetch_optional(&mut *tx).await?;
        with_offers(tx, row, at).await
    }

    pub(in crate::store) async fn find_program_by_id(
        &self,
        id: ProgramId,
        at: Instant,
    ) -> Result<Option<ProgramView>, StoreError> {
        let mut tx = self.begin_read().await?;
        let row = sqlx::query_as(sql::FIND_PROGRAM_BY_ID).bind(id.as_uuid()).fetch_optional(&mut *tx).await?;
        with_offers(tx, row, at).await
    }

    pub(in crate::store) async fn count_outcomes(&self, id: ProgramId) -> Result<Outcomes, StoreError> {
        let rows: Vec<OutcomeRow> =
            sqlx::query_as(sql::COUNT_OUTCOMES_OF_PROGRAM).bind(id.as_uuid()).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    pub(in crate::store) async fn has_catalog(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(sql::HAS_CATALOG).fetch_one(&self.pool).await?)
    }

    pub(in crate::store) async fn has_demo_partners(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(sql::HAS_DEMO_PARTNERS).fetch_one(&self.pool).await?)
    }
}

async fn with_offers(
    mut tx: Tx,
    row: Option<ProgramRow>,
    at: Instant,
) -> Result<Option<ProgramView>, StoreError> {
    let Some(row) = row else {
        return Ok(None);
    };
    let offers: Vec<OfferRow> =
        sqlx::query_as(sql::LIST_OFFERS_OF_PROGRAM).bind(row.id).fetch_all(&mut *tx).await?;
    let cohorts: Vec<CohortRow> = sqlx::query_as(sql::LIST_COHORTS_OF_PROGRAM)
        .bind(row.id)
        .bind(first_day(at))
        .fetch_all(&mut *tx)
        .await?;
    let ratings: Vec<RatingRow> =
        sqlx::query_as(sql::LIST_RATINGS_OF_PROGRAM).bind(row.id).fetch_all(&mut *tx).await?;
    tx.commit().await?;
    Ok(views(vec![row], &offers, &Extras { cohorts, ratings })?.pop())
}

/// The earliest first day that somewhere on earth may not be over.
pub(super) fn first_day(at: Instant) -> NaiveDate {
    (at - TimeDelta::days(1)).date_naive()
}

/// What hangs on offers.
#[derive(Default)]
pub(super) struct Extras {
    pub cohorts: Vec<CohortRow>,
    pub ratings: Vec<RatingRow>,
}

/// Hangs the offers on their programs, in the order of the catalogue. Partners' names are sorted
/// here, because people expect `a` before `B`.
pub(super) fn views(
    programs: Vec<ProgramRow>,
    offers: &[OfferRow],
    extras: &Extras,
) -> Result<Vec<ProgramView>, StoreError> {
    let mut ratings: HashMap<_, RatingSummary> = HashMap::new();
    for row in &extras.ratings {
        row.add_to(ratings.entry(row.course()).or_default());
    }
    let mut by_course: HashMap<_, Vec<_>> = HashMap::new();
    for cohort in extras.cohorts.iter().filter_map(CohortRow::cohort) {
        by_course.entry(cohort.course_id).or_default().push(cohort);
    }
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
        for offer in &mut offers {
            offer.cohorts = by_course.remove(&offer.course.id).unwrap_or_default();
            offer.rating = ratings.remove(&offer.course.id).unwrap_or_default();
        }
        offers.sort_by_cached_key(|offer| (offer.provider.name.as_str().to_lowercase(), offer.course.id));
        views.push((position, ProgramView { program, offers }));
    }
    views.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.program.slug.cmp(&other.program.slug)));
    Ok(views.into_iter().map(|(_, view)| view).collect())
}
