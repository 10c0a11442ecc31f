//! A catalogue of ten thousand programs: read, imported, imported again.

#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "support/files.rs"]
#[expect(dead_code, reason = "nothing is kept: what is measured is how it comes to be")]
mod files;
#[path = "support/report.rs"]
mod report;

use cluster::Cluster;
use coursevia::store::{FailPoints, Store};
use report::Report;
use std::time::{Duration, Instant};

const PROGRAMS: usize = 10_000;
const TARGET: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    let source = coursevia::catalog::write(&catalogs::catalog(PROGRAMS));
    if report.wants("import/sqlite") {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("import.db").display());
        measure(&report, "import/sqlite", &source, &url).await;
    }
    if report.wants("import/postgres") {
        match Cluster::start("") {
            Some(cluster) => {
                measure(&report, "import/postgres", &source, &cluster.address("postgres")).await;
            }
            None => report.say("import/postgres", "skipped: PostgreSQL is not installed", None),
        }
    }
}

async fn measure(report: &Report, name: &str, source: &str, url: &str) {
    let store = Store::open(url, FailPoints::none()).await.expect("it opens");
    let first = import(&store, source).await;
    report.say(name, said(first), Some(("≤ 5 s", first.0 + first.1 <= TARGET)));
    let again = import(&store, source).await;
    report.say(&format!("{name}/unchanged"), said(again), None);
    store.close().await;
}

fn said((read, written): (Duration, Duration)) -> String {
    format!("{:.2?} (read {read:.2?}, written {written:.2?})", read + written)
}

/// How long reading the file and writing the database took.
async fn import(store: &Store, source: &str) -> (Duration, Duration) {
    let begun = Instant::now();
    let checked = coursevia::catalog::parse("catalog.toml", source).expect("a good catalogue");
    let read = begun.elapsed();
    files::import(store, &checked.catalog).await;
    (read, begun.elapsed().saturating_sub(read))
}
