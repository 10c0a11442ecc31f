//! The dated starts of a catalogue: what an import writes, and whom it offers new seats.

use super::Tx;
use super::import::{choose, raced};
use super::programs::first_day;
use super::seats::settle;
use crate::domain::catalog::{CatalogCohort, CatalogCourse, Counts, StartName};
use crate::domain::cohort::Cohort;
use crate::domain::ids::{CohortId, CourseId};
use crate::domain::text::Text;
use crate::store::error::StoreError;
use crate::store::rows::CohortRow;
use crate::store::{ImportPlan, sql};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The starts of a catalogue, with the ids its courses have in file order.
pub(super) struct Starts<'a> {
    pub plan: &'a ImportPlan<'a>,
    pub courses: &'a [CourseId],
}

/// What makes a start of a course this one, on the day of import.
type Key = (CourseId, NaiveDate, Option<Text>, Option<Text>);

/// A row of the file and the course it is of.
struct Wanted<'a> {
    row: &'a CatalogCohort,
    course: &'a CatalogCourse,
    course_id: CourseId,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// What is done to a start.
#[derive(Clone, Copy)]
enum Step {
    Insert,
    Update,
}

/// Brings the starts in. Free seats are offered to those who wait, in the same transaction.
pub(super) async fn import_cohorts(tx: &mut Tx, starts: &Starts<'_>) -> Result<Counts, StoreError> {
    let rows: Vec<CohortRow> = sqlx::query_as(sql::LIST_ALL_COHORTS).fetch_all(&mut **tx).await?;
    let mut standing: HashMap<Key, Cohort> =
        rows.iter().filter_map(CohortRow::cohort).map(|cohort| (key(&cohort), cohort)).collect();
    let (mut counts, mut added) = (Counts::default(), Vec::new());
    let mut to_settle: Vec<CohortId> = Vec::new();
    for wanted in starts.wanted() {
        let before = standing.remove(&wanted.key());
        let same = before.as_ref().map(|before| wanted.is(before));
        match (choose(&mut counts, same, [Step::Insert, Step::Update]), before) {
            (Some(Step::Update), Some(before)) => {
                // What ran out is no seat that is taken.
                if wanted.row.seats < before.seats {
                    settle(tx, before.id, starts.plan.event.at, starts.plan.offers_last).await?;
                }
                update(tx, &wanted, &before).await?;
                if !before.active || wanted.row.seats > before.seats {
                    to_settle.push(before.id);
                }
            }
            (Some(_), _) => added.push(wanted),
            (None, _) => {}
        }
    }
    insert(tx, starts, &added).await?;
    if starts.plan.prune {
        let today = first_day(starts.plan.event.at);
        let absent = standing.into_values().filter(|cohort| cohort.active && !is_over(cohort, today));
        let mut absent: Vec<CohortId> = absent.map(|cohort| cohort.id).collect();
        absent.sort_unstable();
        for id in &absent {
            sqlx::query(sql::RETIRE_COHORT).bind(id.as_uuid()).execute(&mut **tx).await?;
        }
        counts.deactivated = absent.len();
        to_settle.extend(absent);
    }
    for cohort in to_settle {
        settle(tx, cohort, starts.plan.event.at, starts.plan.offers_last).await?;
    }
    Ok(counts)
}

/// Whether the last day is over: an export leaves it out, and so nothing prunes it.
pub(super) fn is_over(cohort: &Cohort, today: NaiveDate) -> bool {
    cohort.ends_on.unwrap_or(cohort.starts_on).max(cohort.starts_on) < today
}

fn key(cohort: &Cohort) -> Key {
    (cohort.course_id, cohort.starts_on, cohort.schedule.clone(), cohort.location.clone())
}

impl Starts<'_> {
    fn wanted(&self) -> impl Iterator<Item = Wanted<'_>> {
        let courses = self.plan.catalog.programs.iter().flat_map(|program| &program.courses);
        let at = self.plan.event.at;
        courses.zip(self.courses).flat_map(move |(course, id)| {
            course.cohorts.iter().map(move |row| Wanted {
                row,
                course,
                course_id: *id,
                starts_on: row.starts_on(at),
                ends_on: row.ends_on(at),
            })
        })
    }
}

impl Wanted<'_> {
    fn key(&self) -> Key {
        (self.course_id, self.starts_on, self.row.schedule.clone(), self.row.location.clone())
    }

    fn is(&self, standing: &Cohort) -> bool {
        standing.active
            && standing.ends_on == self.ends_on
            && standing.time_zone == self.row.time_zone
            && standing.seats == self.row.seats
    }
}

async fn update(tx: &mut Tx, wanted: &Wanted<'_>, before: &Cohort) -> Result<(), StoreError> {
    let updated = sqlx::query(sql::UPDATE_COHORT)
        .bind(before.id.as_uuid())
        .bind(wanted.ends_on)
        .bind(wanted.row.time_zone.name())
        .bind(i64::from(wanted.row.seats))
        .execute(&mut **tx)
        .await?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    // Somebody may have taken a seat since all were read.
    let now: Option<CohortRow> =
        sqlx::query_as(sql::FIND_COHORT).bind(before.id.as_uuid()).fetch_optional(&mut **tx).await?;
    let now = now.and_then(|row| row.cohort());
    Err(StoreError::SeatsTaken {
        start: Box::new(StartName {
            course: wanted.course.name.clone(),
            partner: wanted.course.partner.clone(),
            starts_on: wanted.starts_on,
        }),
        taken: now.map_or(before.taken, |now| now.taken),
        seats: wanted.row.seats,
    })
}

async fn insert(tx: &mut Tx, starts: &Starts<'_>, added: &[Wanted<'_>]) -> Result<(), StoreError> {
    let (eights, rest) = added.as_chunks::<8>();
    let (eights, rest) = (eights.iter().map(|some| &some[..]), rest.chunks(1));
    for some in eights.chain(rest) {
        let statement = if some.len() == 1 { sql::INSERT_COHORT } else { sql::INSERT_EIGHT_COHORTS };
        let mut query = sqlx::query(statement);
        for wanted in some {
            query = query
                .bind((starts.plan.mint)())
                .bind(wanted.course_id.as_uuid())
                .bind(wanted.starts_on)
                .bind(wanted.ends_on)
                .bind(wanted.row.schedule.as_ref().map(Text::as_str))
                .bind(wanted.row.time_zone.name())
                .bind(wanted.row.location.as_ref().map(Text::as_str))
                .bind(i64::from(wanted.row.seats));
        }
        query.execute(&mut **tx).await.map_err(raced)?;
    }
    Ok(())
}
