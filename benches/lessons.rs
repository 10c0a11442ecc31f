//! A course of a thousand lessons that is taught here: imported, and imported again.

#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "../tests/it/support/lessons.rs"]
#[expect(dead_code, reason = "nobody answers anything here")]
mod lessons;
#[path = "support/report.rs"]
mod report;

use cluster::Cluster;
use coursevia::domain::actor::Actor;
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::lesson::TaughtCourse;
use coursevia::domain::plan::ImportCoursePlan;
use coursevia::domain::text::Prose;
use coursevia::platform::{Clock, IdSource};
use coursevia::store::{FailPoints, Store};
use report::Report;
use sqlx::{Connection as _, Executor as _};
use std::time::{Duration, Instant};

const LESSONS: usize = 1_000;
/// The most a course may have, all lessons together.
const BYTES: usize = 16 * 1024 * 1024;
const TARGET: Duration = Duration::from_secs(2);
const INSERT: &str = "INSERT INTO programs (id, slug, title) VALUES ($1, $2, 'Paper Folding')";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    if report.wants("lessons/sqlite") {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("lessons.db").display());
        let store = open(&url).await;
        let mut db = sqlx::SqliteConnection::connect(&url).await.expect("it opens");
        let program = sqlx::query(INSERT).bind(IdSource::Random.uuid()).bind(lessons::PROGRAM);
        db.execute(program).await.expect("it is written");
        measure(&report, "lessons/sqlite", &store).await;
    }
    if report.wants("lessons/postgres") {
        let Some(cluster) = Cluster::start("") else {
            report.say("lessons/postgres", "skipped: PostgreSQL is not installed", None);
            return;
        };
        let url = cluster.address("postgres");
        let store = open(&url).await;
        let mut db = sqlx::PgConnection::connect(&url).await.expect("it answers");
        let program = sqlx::query(INSERT).bind(IdSource::Random.uuid()).bind(lessons::PROGRAM);
        db.execute(program).await.expect("it is written");
        measure(&report, "lessons/postgres", &store).await;
        store.close().await;
    }
}

async fn open(url: &str) -> Store {
    Store::open(url, FailPoints::none()).await.expect("it opens")
}

/// As many lessons as a course may have, with as much text, and a quiz in each.
fn course() -> TaughtCourse {
    let mut course = lessons::course(lessons::PROGRAM);
    let text = Prose::clean(&"Fold it twice, then once more.\n".repeat(BYTES / LESSONS / 31));
    let lesson = |number| {
        let mut lesson = lessons::lesson(&format!("l{number}"), 10, &["wings", "tail", "legs"]);
        lesson.body = text.clone();
        lesson
    };
    course.lessons = (0..LESSONS).map(lesson).collect();
    course
}

async fn measure(report: &Report, name: &str, store: &Store) {
    let course = course();
    let first = import(store, &course, true).await;
    report.say(&format!("{name}/import"), format!("{first:.2?}"), Some(("≤ 2 s", first <= TARGET)));
    let again = import(store, &course, false).await;
    report.say(&format!("{name}/unchanged"), format!("{again:.2?}"), None);
}

async fn import(store: &Store, course: &TaughtCourse, new: bool) -> Duration {
    let ids = IdSource::Random;
    let event = Event {
        id: ids.new_id(),
        at: Clock::System.now(),
        actor: Actor::System,
        subject: None,
        kind: EventKind::CourseImported,
        enrollment: None,
        provider: None,
        payload: serde_json::json!({}),
    };
    let plan = ImportCoursePlan {
        id: ids.new_id(),
        course: course.clone(),
        safe: false,
        safe_after: Vec::new(),
        event,
    };
    let begun = Instant::now();
    let imported = store.import_course(&plan).await.expect("it is imported");
    let took = begun.elapsed();
    assert_eq!((imported.new, imported.version), (new, 1));
    took
}
