//! Import and export of the catalogue.

use crate::domain::actor::Actor;
use crate::domain::catalog::{Catalog, ImportReport, StartName, same_start_twice};
use crate::domain::event::EventKind;
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

    /// Brings the demo catalogue into a database that has none.
    pub async fn seed_demo(&self) -> Result<(), ServiceError> {
        if self.store.has_catalog().await? {
            return Ok(());
        }
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
