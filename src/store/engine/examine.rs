//! What `doctor` reads, the same on both engines.

use super::{Backend, Db};
use crate::domain::job::{JobKind, Needs};
use crate::domain::program::Program;
use crate::domain::provider::Provider;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::store::error::StoreError;
use crate::store::examine::{Applied, GivenUp, Migrations, OpenJobs, Part, Reading, SeatCount};
use crate::store::rows::{CourseRow, LessonCheckRow, OfferRow, ProgramRow, ProviderRow};
use crate::store::sql;
use chrono::NaiveDate;
use futures_util::TryStreamExt as _;
use sqlx::migrate::Migrator;
use sqlx::{FromRow as _, Row as _};
use uuid::Uuid;

/// Partner, course, first day, seats, taken as written down, held when counted.
type SeatRow = (Option<String>, Option<String>, NaiveDate, i64, i64, i64);

type DbRow = <Db as sqlx::Database>::Row;
/// Reads a row as the app does.
type Read = fn(&DbRow) -> Result<(), StoreError>;

/// How many broken rows are named.
const EXAMPLES: usize = 3;

impl Backend {
    pub(in crate::store) async fn compare_migrations(
        &self,
        known: &Migrator,
    ) -> Result<Migrations, StoreError> {
        let applied: Vec<Applied> = sqlx::query_as(sql::LIST_APPLIED).fetch_all(&self.pool).await?;
        Ok(Migrations::compare(&applied, known))
    }

    pub(in crate::store) async fn read_through(&self, part: Part, limit: i64) -> Result<Reading, StoreError> {
        let (query, id, read): (_, _, Read) = match part {
            Part::Programs => (sqlx::query(sql::LIST_ALL_PROGRAMS), "id", read_program),
            Part::Providers => (sqlx::query(sql::LIST_PROVIDERS), "v_id", read_provider),
            Part::Offers => (sqlx::query(sql::LIST_ALL_OFFERS), "c_id", read_offer),
            Part::Lessons => (sqlx::query(sql::LIST_ALL_LESSONS), "l_id", read_lesson),
            // One more than wanted tells whether these are all.
            Part::Enrollments => {
                (sqlx::query(sql::LIST_NEWEST_COURSES).bind(limit.saturating_add(1)), "e_id", read_course)
            }
        };
        let most = match part {
            Part::Enrollments => u64::try_from(limit).unwrap_or_default(),
            Part::Programs | Part::Providers | Part::Offers | Part::Lessons => u64::MAX,
        };
        let mut reading = Reading { complete: true, ..Reading::default() };
        let mut rows = query.fetch(&self.pool);
        while let Some(row) = rows.try_next().await? {
            if reading.rows == most {
                reading.complete = false;
                break;
            }
            reading.rows += 1;
            if let Err(error) = read(&row) {
                reading.broken += 1;
                if reading.examples.len() < EXAMPLES {
                    reading.examples.push(example(&row, id, &error));
                }
            }
        }
        Ok(reading)
    }

    pub(in crate::store) async fn list_providers(&self) -> Result<Vec<Provider>, StoreError> {
        let rows = sqlx::query(sql::LIST_PROVIDERS).fetch_all(&self.pool).await?;
        // One that can't be read is named by `read_through`; the others can still be asked.
        let rows = rows.iter().filter_map(|row| ProviderRow::from_row(row).ok());
        let mut providers: Vec<Provider> = rows.filter_map(|row| row.provider()).collect();
        providers.sort_by_cached_key(|provider| (provider.name.as_str().to_lowercase(), provider.id));
        Ok(providers)
    }

    pub(in crate::store) async fn newest_event(&self) -> Result<Option<Instant>, StoreError> {
        Ok(sqlx::query_scalar(sql::NEWEST_EVENT).fetch_optional(&self.pool).await?)
    }

    pub(in crate::store) async fn list_given_up(&self) -> Result<Vec<GivenUp>, StoreError> {
        let rows: Vec<(String, i64, Option<Instant>)> =
            sqlx::query_as(sql::COUNT_GIVEN_UP).fetch_all(&self.pool).await?;
        let mut given_up = Vec::with_capacity(rows.len());
        for (kind, jobs, since) in rows {
            let why: Option<Option<String>> =
                sqlx::query_scalar(sql::LAST_GIVEN_UP).bind(&kind).fetch_optional(&self.pool).await?;
            let last_error = why.flatten().and_then(|why| Text::clean(&why).non_empty());
            given_up.push(GivenUp { kind: JobKind::parse(&kind), jobs, since, last_error });
        }
        Ok(given_up)
    }

    pub(in crate::store) async fn count_seats(&self) -> Result<SeatCount, StoreError> {
        let mut count = SeatCount::default();
        let mut rows = sqlx::query_as(sql::COUNT_SEATS).fetch(&self.pool);
        while let Some(row) = rows.try_next().await? {
            let (partner, course, starts_on, _, taken, held): SeatRow = row;
            count.starts += 1;
            if taken != held {
                count.wrong += 1;
                if count.examples.len() < EXAMPLES {
                    let (partner, course) = (partner.unwrap_or_default(), course.unwrap_or_default());
                    let words = format!("{course} via {partner} on {starts_on}: {taken} instead of {held}");
                    count.examples.push(Text::clean(&words));
                }
            }
        }
        Ok(count)
    }

    pub(in crate::store) async fn list_open(&self) -> Result<Vec<OpenJobs>, StoreError> {
        let rows: Vec<(String, i64, Option<Instant>)> =
            sqlx::query_as(sql::COUNT_OPEN).fetch_all(&self.pool).await?;
        let open =
            |(needs, jobs, since): (String, i64, _)| OpenJobs { needs: Needs::parse(&needs), jobs, since };
        Ok(rows.into_iter().map(open).collect())
    }
}

fn read_program(row: &DbRow) -> Result<(), StoreError> {
    Program::try_from(ProgramRow::from_row(row)?).map(drop)
}

fn read_provider(row: &DbRow) -> Result<(), StoreError> {
    ProviderRow::from_row(row)?.refunds().map(drop)
}

fn read_offer(row: &DbRow) -> Result<(), StoreError> {
    let row = OfferRow::from_row(row)?;
    row.offer(row.c_program_id.unwrap_or_default().into());
    Ok(())
}

fn read_course(row: &DbRow) -> Result<(), StoreError> {
    CourseRow::from_row(row)?.view().map(drop)
}

fn read_lesson(row: &DbRow) -> Result<(), StoreError> {
    LessonCheckRow::from_row(row)?.check()
}

/// Which row it is, and which of its values is not what it should be. The value itself is left
/// out: it may be somebody's name.
fn example(row: &DbRow, id: &str, error: &StoreError) -> Text {
    let which = row
        .try_get::<Uuid, _>(id)
        .map_or_else(|_| "a row without a usable id".to_owned(), |id| id.to_string());
    let what = match error {
        StoreError::Row { what } => format!("its {what}"),
        StoreError::Other(sqlx::Error::ColumnDecode { index, .. }) => {
            format!("its column {}", index.trim_matches('"'))
        }
        _ => "its values".to_owned(),
    };
    Text::clean(&format!("{which} ({what})"))
}
