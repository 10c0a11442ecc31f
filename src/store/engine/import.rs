//! Importing a catalogue: what stands is read at once and compared here, so that only
//! differences are written.

use super::cohorts::{Starts, import_cohorts};
use super::ledger::lock_provider;
use super::partners::tell_watches;
use super::steps::append_event;
use super::{Backend, Tx};
use crate::domain::catalog::{CatalogCourse, CatalogPartner, CatalogProgram, Counts, ImportReport};
use crate::domain::decide::is_back;
use crate::domain::ids::{CourseId, ProgramId, ProviderId};
use crate::domain::money::Terms;
use crate::domain::program::{PartnerCourse, Program};
use crate::domain::provider::{Availability, Health, Provider};
use crate::domain::text::Text;
use crate::domain::time::to_micros;
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::{OfferRow, ProgramRow, ProviderRow};
use crate::store::{ImportPlan, config, sql};
use serde_json::Value;
use sqlx::types::Json;
use std::collections::HashMap;

/// A partner as it stands, with the JSON whose foreign keys are kept.
struct Standing<T> {
    value: T,
    json: Value,
    /// Whether all of it could be read; otherwise it is written again, whatever it says.
    readable: bool,
}

/// Where an import stands: what there is, and what was done so far.
struct Import<'a> {
    plan: &'a ImportPlan<'a>,
    tx: Tx,
    report: ImportReport,
    /// What was newly agreed for a course, until it is written.
    terms: Vec<(CourseId, Terms)>,
}

impl Backend {
    pub(in crate::store) async fn import_catalog(
        &self,
        plan: &ImportPlan<'_>,
    ) -> Result<ImportReport, StoreError> {
        let mut import =
            Import { plan, tx: self.begin().await?, report: ImportReport::default(), terms: Vec::new() };
        let providers = import.partners().await?;
        self.fail.hit(FailPoint::ImportAfterPartners);
        let programs = import.programs().await?;
        self.fail.hit(FailPoint::ImportAfterPrograms);
        let courses = import.courses(&providers, &programs).await?;
        self.fail.hit(FailPoint::ImportAfterCourses);
        let starts = Starts { plan, courses: &courses };
        import.report.cohorts = import_cohorts(&mut import.tx, &starts).await?;
        self.fail.hit(FailPoint::ImportAfterCohorts);
        append_event(&mut import.tx, &plan.event).await?;
        self.commit(import.tx, FailPoint::ImportBeforeCommit, FailPoint::ImportAfterCommit).await?;
        Ok(import.report)
    }
}

/// Another import wrote the same key first: the whole transaction is tried again and finds it.
pub(super) fn raced(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(inner) if inner.is_unique_violation() => StoreError::Busy,
        _ => error.into(),
    }
}

/// Counts one row and says which statement writes it, if any.
pub(super) fn choose<S: Copy>(
    counts: &mut Counts,
    same: Option<bool>,
    [insert, update]: [S; 2],
) -> Option<S> {
    match same {
        None => {
            counts.added += 1;
            Some(insert)
        }
        Some(false) => {
            counts.updated += 1;
            Some(update)
        }
        Some(true) => {
            counts.unchanged += 1;
            None
        }
    }
}

impl Import<'_> {
    async fn partners(&mut self) -> Result<HashMap<Text, ProviderId>, StoreError> {
        let rows: Vec<ProviderRow> = sqlx::query_as(sql::LIST_PROVIDERS).fetch_all(&mut *self.tx).await?;
        let mut standing: HashMap<Text, Standing<Provider>> = HashMap::new();
        for row in rows {
            if let Some(row) = standing_provider(row) {
                standing.insert(row.value.name.clone(), row);
            }
        }
        let mut ids = HashMap::with_capacity(self.plan.catalog.partners.len());
        for partner in &self.plan.catalog.partners {
            let mut before = standing.remove(&partner.name);
            let id = before.as_ref().map_or_else(|| (self.plan.mint)().into(), |before| before.value.id);
            ids.insert(partner.name.clone(), id);
            let mut wanted = wanted_provider(partner, id, self.plan.catalog.demo);
            if let Some(known) = &mut before {
                let mut kept = keep_history(&mut wanted, &known.value);
                if known.value != wanted {
                    // A pause by command may have been written since the list was read.
                    self.newest(known).await?;
                    wanted = wanted_provider(partner, id, self.plan.catalog.demo);
                    kept = keep_history(&mut wanted, &known.value);
                }
                self.report.kept_paused += usize::from(kept);
            }
            self.partner(wanted, before.as_ref()).await?;
        }
        if self.plan.prune {
            let active = |row: &&Standing<Provider>| row.value.availability.is_active();
            let ids = standing.values().filter(active).map(|row| row.value.id.as_uuid()).collect();
            self.report.partners.deactivated = self.deactivate(sql::PAUSE_PROVIDER, ids).await?;
        }
        Ok(ids)
    }

    /// Reads a partner again; from here on nobody else writes it.
    async fn newest(&mut self, known: &mut Standing<Provider>) -> Result<(), StoreError> {
        lock_provider(&mut self.tx, known.value.id).await?;
        let row: Option<ProviderRow> = sqlx::query_as(sql::FIND_PROVIDER)
            .bind(known.value.id.as_uuid())
            .fetch_optional(&mut *self.tx)
            .await?;
        if let Some(newest) = row.and_then(standing_provider) {
            *known = newest;
        }
        Ok(())
    }

    async fn partner(
        &mut self,
        wanted: Provider,
        before: Option<&Standing<Provider>>,
    ) -> Result<(), StoreError> {
        let same = before.map(|before| before.readable && before.value == wanted);
        let statements = [sql::INSERT_PROVIDER, sql::UPDATE_PROVIDER];
        let Some(statement) = choose(&mut self.report.partners, same, statements) else {
            return Ok(());
        };
        let (status, note, until, since) = match &wanted.availability {
            Availability::Active => ("active", None, None, None),
            Availability::Paused { note, until, since } => ("paused", note.as_ref(), *until, *since),
        };
        let retirement = wanted.retirement.as_ref();
        sqlx::query(statement)
            .bind(wanted.id.as_uuid())
            .bind(wanted.name.as_str())
            .bind(wanted.provider_type.as_str())
            .bind(wanted.availability.is_active())
            .bind(Json(config::api_config(
                &wanted.protocol,
                wanted.declares,
                &wanted.support,
                before.map(|before| &before.json),
            )))
            .bind(wanted.description.as_str())
            .bind(wanted.icon.as_ref().map(Text::as_str))
            .bind(status)
            .bind(note.map(Text::as_str))
            .bind(until)
            .bind(wanted.demo)
            .bind(config::refund_policy(&wanted.refunds))
            .bind(since.map(to_micros))
            .bind(retirement.map(|end| end.closes_on))
            .bind(retirement.and_then(|end| end.ends_on))
            .bind(retirement.and_then(|end| end.note.as_ref()).map(Text::as_str))
            .execute(&mut *self.tx)
            .await
            .map_err(raced)?;
        // A file may let in again, too.
        if before.is_some() && is_back(&wanted, self.plan.event.at) {
            tell_watches(&mut self.tx, wanted.id, self.plan.event.at).await?;
        }
        Ok(())
    }

    async fn programs(&mut self) -> Result<Vec<ProgramId>, StoreError> {
        let rows: Vec<ProgramRow> = sqlx::query_as(sql::LIST_ALL_PROGRAMS).fetch_all(&mut *self.tx).await?;
        let mut standing = HashMap::with_capacity(rows.len());
        for row in rows {
            let position = row.position;
            let program = Program::try_from(row)?;
            standing.insert(program.slug.clone(), (program, position));
        }
        let mut ids = Vec::with_capacity(self.plan.catalog.programs.len());
        for (position, program) in (0..).zip(&self.plan.catalog.programs) {
            let before = standing.remove(&program.slug);
            let id = before.as_ref().map_or_else(|| (self.plan.mint)().into(), |(before, _)| before.id);
            ids.push(id);
            let wanted = (wanted_program(program, id, self.plan.catalog.demo), position);
            self.program(&wanted, before.as_ref()).await?;
        }
        if self.plan.prune {
            let ids =
                standing.values().filter(|(row, _)| row.active).map(|(row, _)| row.id.as_uuid()).collect();
            self.report.programs.deactivated = self.deactivate(sql::RETIRE_PROGRAM, ids).await?;
        }
        Ok(ids)
    }

    /// A program and its place in the file.
    async fn program(
        &mut self,
        wanted: &(Program, i64),
        before: Option<&(Program, i64)>,
    ) -> Result<(), StoreError> {
        let same = before.map(|before| before == wanted);
        let (wanted, position) = wanted;
        let statements = [sql::INSERT_PROGRAM, sql::UPDATE_PROGRAM];
        let Some(statement) = choose(&mut self.report.programs, same, statements) else {
            return Ok(());
        };
        sqlx::query(statement)
            .bind(wanted.id.as_uuid())
            .bind(wanted.slug.as_str())
            .bind(wanted.title.as_str())
            .bind(Json(&wanted.aliases))
            .bind(wanted.category.as_str())
            .bind(wanted.summary.as_str())
            .bind(wanted.length.as_ref().map(Text::as_str))
            .bind(wanted.hours.map(i64::from))
            .bind(wanted.credential.as_ref().map(Text::as_str))
            .bind(wanted.active)
            .bind(wanted.demo)
            .bind(position)
            .execute(&mut *self.tx)
            .await
            .map_err(raced)?;
        Ok(())
    }

    async fn courses(
        &mut self,
        providers: &HashMap<Text, ProviderId>,
        programs: &[ProgramId],
    ) -> Result<Vec<CourseId>, StoreError> {
        let rows: Vec<OfferRow> = sqlx::query_as(sql::LIST_ALL_OFFERS).fetch_all(&mut *self.tx).await?;
        let (mut standing, mut loose) = (HashMap::with_capacity(rows.len()), HashMap::new());
        for row in rows {
            // An adopted course that no enrollment gave a program: found by the partner's code.
            let program = row.c_program_id.map(ProgramId::from);
            let Some(offer) = row.offer(program.unwrap_or(ProgramId::from(uuid::Uuid::nil()))) else {
                continue;
            };
            let json = row.metadata.map(|metadata| metadata.0).unwrap_or_default();
            let provider = offer.course.provider_id;
            let course = Standing { value: offer.course, json, readable: true };
            match program {
                Some(program) => drop(standing.insert((program, provider), course)),
                None => drop(loose.insert((provider, course.value.code.clone()), course)),
            }
        }
        let mut ids = Vec::new();
        for (program, id) in self.plan.catalog.programs.iter().zip(programs) {
            for course in &program.courses {
                let provider =
                    *providers.get(&course.partner).ok_or(StoreError::Conflict(Conflict::Other))?;
                let before = standing
                    .remove(&(*id, provider))
                    .or_else(|| loose.remove(&(provider, course.code.clone())));
                let course_id =
                    before.as_ref().map_or_else(|| (self.plan.mint)().into(), |before| before.value.id);
                ids.push(course_id);
                self.course(&wanted_course(course, course_id, provider, *id), before.as_ref()).await?;
            }
        }
        self.write_terms().await?;
        if self.plan.prune {
            let active = |row: &&Standing<PartnerCourse>| row.value.active;
            let retired = standing.values().filter(active).map(|row| row.value.id.as_uuid()).collect();
            self.report.courses.deactivated = self.deactivate(sql::RETIRE_COURSE, retired).await?;
        }
        Ok(ids)
    }

    async fn course(
        &mut self,
        wanted: &PartnerCourse,
        before: Option<&Standing<PartnerCourse>>,
    ) -> Result<(), StoreError> {
        let same = before.map(|before| before.value == *wanted);
        let statements = [sql::INSERT_COURSE, sql::UPDATE_COURSE];
        let Some(statement) = choose(&mut self.report.courses, same, statements) else {
            return Ok(());
        };
        sqlx::query(statement)
            .bind(wanted.id.as_uuid())
            .bind(wanted.provider_id.as_uuid())
            .bind(wanted.program_id.as_uuid())
            .bind(wanted.name.as_str())
            .bind(wanted.code.as_str())
            .bind(wanted.active)
            .bind(Json(config::metadata(wanted.format, before.map(|before| &before.json))))
            .bind(wanted.pacing.code())
            .bind(wanted.hours.map(i64::from))
            .bind(wanted.credential.as_ref().map(Text::as_str))
            .bind(wanted.price.cents)
            .bind(wanted.price.currency.code())
            .execute(&mut *self.tx)
            .await
            .map_err(raced)?;
        // Terms are versioned: what was agreed when somebody enrolled stays known.
        if before.map_or(Terms::None, |before| before.value.terms) != wanted.terms {
            self.terms.push((wanted.id, wanted.terms));
        }
        Ok(())
    }

    async fn write_terms(&mut self) -> Result<(), StoreError> {
        let terms = std::mem::take(&mut self.terms);
        let (eights, rest) = terms.as_chunks::<8>();
        let (eights, rest) = (eights.iter().map(|some| &some[..]), rest.chunks(1));
        for some in eights.chain(rest) {
            let statement = if some.len() == 1 { sql::INSERT_TERMS } else { sql::INSERT_EIGHT_TERMS };
            let mut query = sqlx::query(statement);
            for (course, terms) in some {
                let (kind, share, wholesale) = match terms {
                    Terms::None => ("none", None, None),
                    Terms::Share(points) => ("share", Some(i64::from(*points)), None),
                    Terms::Wholesale(cents) => ("wholesale", None, Some(*cents)),
                };
                query = query
                    .bind((self.plan.mint)())
                    .bind(course.as_uuid())
                    .bind(to_micros(self.plan.event.at))
                    .bind(kind)
                    .bind(share)
                    .bind(wholesale);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    async fn deactivate(
        &mut self,
        statement: &'static str,
        ids: Vec<uuid::Uuid>,
    ) -> Result<usize, StoreError> {
        for id in &ids {
            sqlx::query(statement).bind(id).execute(&mut *self.tx).await?;
        }
        Ok(ids.len())
    }
}

fn standing_provider(row: ProviderRow) -> Option<Standing<Provider>> {
    let readable = row.refunds().is_ok();
    let value = row.provider()?;
    let json = row.api_config.map(|config| config.0).unwrap_or_default();
    Some(Standing { value, json, readable })
}

/// What a file does not know of a partner stays: how it answers, that an advisor paused it (only a pause by
/// command knows since when), and an end that was announced, unless the file names another one. `true`
/// where the file says otherwise about the pause.
fn keep_history(wanted: &mut Provider, before: &Provider) -> bool {
    wanted.health = before.health;
    if wanted.retirement.is_none() {
        wanted.retirement.clone_from(&before.retirement);
    }
    let by_command = matches!(before.availability, Availability::Paused { since: Some(_), .. });
    let opens = wanted.availability.is_active();
    if by_command {
        wanted.availability = before.availability.clone();
    }
    by_command && opens
}

fn wanted_provider(partner: &CatalogPartner, id: ProviderId, demo: bool) -> Provider {
    Provider {
        id,
        name: partner.name.clone(),
        provider_type: partner.provider_type.clone(),
        icon: partner.icon.clone(),
        description: partner.description.clone(),
        availability: partner.availability.clone(),
        retirement: partner.retirement.clone(),
        health: Health::default(),
        declares: partner.declares,
        protocol: partner.protocol.clone(),
        support: partner.support.clone(),
        refunds: partner.refunds.clone(),
        demo,
    }
}

fn wanted_program(program: &CatalogProgram, id: ProgramId, demo: bool) -> Program {
    Program {
        id,
        slug: program.slug.clone(),
        title: program.title.clone(),
        aliases: program.aliases.clone(),
        category: program.category.clone(),
        summary: program.summary.clone(),
        length: program.length.clone(),
        hours: program.hours,
        credential: program.credential.clone(),
        active: true,
        demo,
    }
}

fn wanted_course(
    course: &CatalogCourse,
    id: CourseId,
    provider_id: ProviderId,
    program_id: ProgramId,
) -> PartnerCourse {
    PartnerCourse {
        id,
        provider_id,
        program_id,
        name: course.name.clone(),
        code: course.code.clone(),
        active: course.active,
        format: course.format,
        pacing: course.pacing,
        hours: course.hours,
        credential: course.credential.clone(),
        price: course.price,
        terms: course.terms,
    }
}
