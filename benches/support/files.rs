//! Databases that are filled once and kept between runs, in `target/tmp`.

use super::catalogs::catalog;
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::catalog::Catalog;
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::time::Instant;
use coursevia::platform::IdSource;
use coursevia::store::{FailPoints, ImportPlan, Store};
use std::path::{Path, PathBuf};

/// Counts up when what the generator makes changes: what was kept is made anew then.
const VERSION: u32 = 1;

/// The moment everything happens at.
pub fn now() -> Instant {
    "2026-01-15T09:00:00Z".parse().expect("an instant")
}

/// The address of a SQLite file.
pub fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// Where a kept file of this name lies.
pub fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{VERSION}-{name}.db"))
}

/// A SQLite file with `programs` programs.
pub async fn with_programs(programs: usize) -> PathBuf {
    let path = kept(&format!("{programs}-programs"));
    let store = open(&path).await;
    if !store.has_catalog().await.expect("it reads") {
        import(&store, &catalog(programs)).await;
    }
    store.close().await;
    path
}

/// Opens a kept file; one that this version can't open any more is made anew.
pub async fn open(path: &Path) -> Store {
    if let Ok(store) = Store::open(&url(path), FailPoints::none()).await {
        return store;
    }
    for end in ["", "-wal", "-shm", ".lock"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        let _ = std::fs::remove_file(name);
    }
    Store::open(&url(path), FailPoints::none()).await.expect("it opens")
}

/// Imports a catalogue.
pub async fn import(store: &Store, catalog: &Catalog) {
    let ids = IdSource::Random;
    let event = Event {
        id: ids.new_id(),
        at: now(),
        actor: Actor::System,
        subject: None,
        kind: EventKind::CatalogImported,
        enrollment: None,
        provider: None,
        payload: serde_json::json!({}),
    };
    let plan =
        ImportPlan { catalog, prune: false, event, offers_last: TimeDelta::hours(24), mint: &|| ids.uuid() };
    store.import_catalog(&plan).await.expect("it imports");
}
