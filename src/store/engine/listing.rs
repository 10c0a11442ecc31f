//! The list of programs in pages: light rows, and the details of a few.

use super::Backend;
use super::programs::{Extras, first_day, views};
use crate::domain::ids::{CourseId, ProgramId, ProviderId};
use crate::domain::listing::{ListCursor, OfferEntry, ProgramEntry, ProgramPage, StartEntry};
use crate::domain::program::Slug;
use crate::domain::provider::Protocol;
use crate::domain::review::RatingSummary;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::ProgramView;
use crate::store::error::StoreError;
use crate::store::rows::{
    CohortRow, EntryRow, OfferEntryRow, OfferRow, ProgramRow, ProviderRow, RatingRow, StartEntryRow,
};
use crate::store::sql;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// How many programs one statement gives the details of.
const AT_ONCE: usize = 32;

/// A partner as its offers need it.
struct Partner {
    name: Arc<Text>,
    takes: bool,
}

impl Backend {
    pub(in crate::store) async fn page_of_programs(
        &self,
        after: Option<&ListCursor>,
        limit: u16,
        at: Instant,
    ) -> Result<ProgramPage, StoreError> {
        let (position, slug) = after.map_or((-1, ""), |after| (after.position, after.slug.as_str()));
        let mut tx = self.begin_read().await?;
        let rows: Vec<EntryRow> = sqlx::query_as(sql::PAGE_OF_PROGRAMS)
            .bind(position)
            .bind(slug)
            .bind(i64::from(limit))
            .fetch_all(&mut *tx)
            .await?;
        let mut page = ProgramPage::default();
        if after.is_none() {
            let total: i64 = sqlx::query_scalar(sql::COUNT_PROGRAMS).fetch_one(&mut *tx).await?;
            page.total = total.try_into().ok();
        }
        let Some(last) = rows.last() else {
            tx.commit().await?;
            return Ok(page);
        };
        let offers: Vec<OfferEntryRow> = sqlx::query_as(sql::PAGE_OF_OFFERS)
            .bind(position)
            .bind(slug)
            .bind(last.position)
            .bind(&last.slug)
            .fetch_all(&mut *tx)
            .await?;
        let starts: Vec<StartEntryRow> = sqlx::query_as(sql::PAGE_OF_STARTS)
            .bind(position)
            .bind(slug)
            .bind(last.position)
            .bind(&last.slug)
            .bind(first_day(at))
            .fetch_all(&mut *tx)
            .await?;
        let ratings: Vec<RatingRow> = sqlx::query_as(sql::PAGE_OF_RATINGS)
            .bind(position)
            .bind(slug)
            .bind(last.position)
            .bind(&last.slug)
            .fetch_all(&mut *tx)
            .await?;
        let providers: Vec<ProviderRow> = sqlx::query_as(sql::LIST_PROVIDERS).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        let slug = Slug::parse(&last.slug).map_err(|_| StoreError::Row { what: "program name" })?;
        let end = ListCursor { position: last.position, slug };
        page.next = (rows.len() == usize::from(limit)).then_some(end);
        page.entries = entries(rows, hang_on(&offers, &starts, &ratings, &partners(&providers, at)));
        Ok(page)
    }

    pub(in crate::store) async fn list_programs_by_id(
        &self,
        ids: &[ProgramId],
        at: Instant,
    ) -> Result<Vec<ProgramView>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        let mut tx = self.begin_read().await?;
        for some in ids.chunks(AT_ONCE) {
            let all = some.iter().chain(std::iter::repeat(&some[0])).take(AT_ONCE);
            let mut programs = sqlx::query_as(sql::LIST_PROGRAMS_BY_ID);
            let mut offers = sqlx::query_as(sql::LIST_OFFERS_BY_PROGRAM);
            let mut cohorts = sqlx::query_as(sql::LIST_COHORTS_BY_PROGRAM);
            let mut ratings = sqlx::query_as(sql::LIST_RATINGS_BY_PROGRAM);
            for id in all {
                programs = programs.bind(id.as_uuid());
                offers = offers.bind(id.as_uuid());
                cohorts = cohorts.bind(id.as_uuid());
                ratings = ratings.bind(id.as_uuid());
            }
            let programs: Vec<ProgramRow> = programs.fetch_all(&mut *tx).await?;
            let offers: Vec<OfferRow> = offers.fetch_all(&mut *tx).await?;
            let cohorts: Vec<CohortRow> = cohorts.bind(first_day(at)).fetch_all(&mut *tx).await?;
            let ratings: Vec<RatingRow> = ratings.fetch_all(&mut *tx).await?;
            found.extend(views(programs, &offers, &Extras { cohorts, ratings })?);
        }
        tx.commit().await?;
        Ok(found)
    }
}

fn partners(rows: &[ProviderRow], at: Instant) -> HashMap<ProviderId, Partner> {
    rows.iter()
        .filter_map(ProviderRow::provider)
        .map(|provider| {
            let known = !matches!(provider.protocol, Protocol::Unknown);
            let takes = provider.stage(at).takes_enrollments() && known;
            (provider.id, Partner { name: Arc::new(provider.name), takes })
        })
        .collect()
}

/// The offers of every program, with their starts and ratings.
fn hang_on(
    offers: &[OfferEntryRow],
    starts: &[StartEntryRow],
    ratings: &[RatingRow],
    partners: &HashMap<ProviderId, Partner>,
) -> HashMap<Uuid, Vec<OfferEntry>> {
    let mut by_course: HashMap<Uuid, Vec<StartEntry>> = HashMap::new();
    for start in starts {
        by_course.entry(start.course_id).or_default().push(start.entry());
    }
    let mut rated: HashMap<CourseId, RatingSummary> = HashMap::new();
    for row in ratings {
        row.add_to(rated.entry(row.course()).or_default());
    }
    let mut by_program: HashMap<Uuid, Vec<OfferEntry>> = HashMap::new();
    for offer in offers {
        let partner = offer.provider_id.and_then(|id| partners.get(&id.into()));
        if let (Some(program), Some(partner)) = (offer.program_id, partner) {
            let mut entry = offer.entry(partner.name.clone(), partner.takes);
            entry.starts = by_course.remove(&offer.id).unwrap_or_default().into();
            entry.rating = rated.get(&offer.id.into()).and_then(RatingSummary::average_tenths);
            by_program.entry(program).or_default().push(entry);
        }
    }
    by_program
}

fn entries(rows: Vec<EntryRow>, mut by_program: HashMap<Uuid, Vec<OfferEntry>>) -> Vec<Arc<ProgramEntry>> {
    let mut categories: HashSet<Arc<Text>> = HashSet::new();
    rows.into_iter()
        .map(|row| {
            let mut offers = by_program.remove(&row.id).unwrap_or_default();
            offers.sort_by_cached_key(|offer| offer.partner.as_str().to_lowercase());
            let category = Text::from(row.category);
            let category = match categories.get(&category) {
                Some(known) => known.clone(),
                None => Arc::new(category),
            };
            categories.insert(category.clone());
            Arc::new(ProgramEntry {
                id: row.id.into(),
                title: row.title.into(),
                aliases: row.aliases.0.into(),
                category,
                demo: row.demo,
                offers: offers.into(),
            })
        })
        .collect()
}
