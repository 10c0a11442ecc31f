//! Import and export of the catalogue.

use crate::catalog::lessons::{self, BuiltIn};
use crate::domain::actor::Actor;
use crate::domain::catalog::{Catalog, ImportReport, StartName, same_start_twice};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::EventId;
use crate::domain::refusal::Refusal;
use crate::service::{ServiceError, Services};
use crate::store::{ImportPlan, StoreError};

impl Services {
    /// Brings a checked catalogue in: all of it or nothing. `prune` deactivates absent rows.
    pub async fn import_catalog(&self, catalog: &Catalog, prune: bool) -> Result<ImportReport, ServiceError> {
        let at = self.now();
        if let Some(StartName { course, partner, starts_on }) = same_start_twice(catalog, at) {
            return Err(Refusal::SameStartTwice { course, partner, starts_on }.into());
        }
        let mut event = self.event(Actor::System, None, EventKind::CatalogImported, at);
        event.payload = serde_json::json!({
            "partners": catalog.partners.len(), "programs": catalog.programs.len(), "prune": prune,
        });
        let plan =
            ImportPlan { catalog, prune, event, offers_last: self.offers_last, mint: &|| self.ids.uuid() };
        self.store.import_catalog(&plan).await.map_err(|error| match error {
            StoreError::SeatsTaken { start, taken, seats } => {
                let StartName { course, partner, starts_on } = *start;
                Refusal::SeatsTaken { course, partner, starts_on, taken, seats }.into()
            }
            other => other.into(),
        })
    }

    /// The whole catalogue, as a file would hold it.
    pub async fn export_catalog(&self) -> Result<Catalog, ServiceError> {
        Ok(self.store.export_catalog(self.now()).await?)
    }

    /// Brings the demo catalogue into a database that has none, and the courses that come with the program into
    /// one that has not had them, or had others. A line of the audit remembers that they came in: looking for it
    /// is all that is done at every other start.
    pub async fn seed_demo(&self) -> Result<(), ServiceError> {
        let edition = EventId::from(lessons::edition());
        if self.store.has_event(edition).await? {
            return Ok(());
        }
        if !self.store.has_catalog().await? {
            self.seed_catalog().await?;
        }
        for course in lessons::BUILT_IN {
            self.seed_course(course).await?;
        }
        let slugs: Vec<_> = lessons::BUILT_IN.iter().map(|course| course.slug).collect();
        let event = self.event(Actor::System, None, EventKind::CourseImported, self.now());
        let payload = serde_json::json!({ "built_in": slugs });
        Ok(self.store.note_once(&Event { id: edition, payload, ..event }).await?)
    }

    /// Those who have begun keep their version: who changed the files did not say what is safe for whom.
    async fn seed_course(&self, course: &BuiltIn) -> Result<(), ServiceError> {
        let checked = match lessons::parse(course.slug, &course.sources()) {
            Ok(checked) => checked,
            Err(problems) => {
                // A test holds that the built-in files are right.
                tracing::error!(%problems, "a built-in course has problems");
                return Ok(());
            }
        };
        match self.import_course(&checked.course, false).await {
            // Somebody took the program away, or a partner delivers it now.
            Err(error @ (ServiceError::Refused(_) | ServiceError::UnknownProgram { .. })) => {
                tracing::info!(%error, course = course.slug, "a built-in course is not taught here");
                Ok(())
            }
            done => done.map(|_| ()),
        }
    }

    async fn seed_catalog(&self) -> Result<(), ServiceError> {
        match crate::catalog::parse("demo catalogue", crate::catalog::DEMO) {
            Ok(checked) => self.import_catalog(&checked.catalog, false).await.map(|_| ()),
            Err(problems) => {
                // A test holds that the built-in file is right.
                tracing::error!(%problems, "the demo catalogue has problems");
                Ok(())
            }
        }
    }
}
