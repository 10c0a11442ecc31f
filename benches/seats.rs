//! 200 clients at once for the 30 seats of one start.

#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "support/files.rs"]
#[expect(dead_code, reason = "what is written to is not kept")]
mod files;
#[path = "support/plans.rs"]
mod plans;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
#[expect(dead_code, reason = "the clients measure themselves")]
mod samples;

use cluster::Cluster;
use coursevia::domain::ids::CohortId;
use coursevia::store::{Conflict, FailPoints, Store, StoreError};
use plans::Plans;
use report::Report;
use samples::Samples;
use sqlx::Connection as _;
use std::time::Instant;
use tokio::task::JoinSet;
use uuid::Uuid;

const CLIENTS: usize = 200;
const SEATS: i64 = 30;
/// Processes the clients sit at: each has a few connections of its own.
const PROCESSES: usize = 20;
const ROUNDS: usize = 5;
const START: &str =
    "INSERT INTO cohorts (id, course_id, starts_on, schedule, seats) VALUES ($1, $2, $3, $4, $5)";

#[tokio::main]
async fn main() {
    let report = Report::of_arguments();
    if report.wants("seats/sqlite") {
        let folder = tempfile::tempdir().expect("a folder");
        races(&report, "seats/sqlite", &files::url(&folder.path().join("race.db"))).await;
    }
    if report.wants("seats/postgres") {
        let Some(cluster) = Cluster::start("") else {
            report.say("seats/postgres", "skipped: PostgreSQL is not installed", None);
            return;
        };
        races(&report, "seats/postgres", &cluster.address("postgres")).await;
    }
}

async fn races(report: &Report, name: &str, url: &str) {
    let store = Store::open(url, FailPoints::none()).await.expect("it opens");
    files::import(&store, &catalogs::catalog(10)).await;
    let mut plans = Plans::of(&store).await;
    let mut stores = Vec::new();
    for _ in 0..PROCESSES {
        stores.push(Store::open(url, FailPoints::none()).await.expect("it opens"));
    }
    let mut times = Samples::new();
    let (mut won, mut refused, mut failed) = (0, 0, 0);
    for round in 0..ROUNDS {
        let cohort = Uuid::from_u128(u128::try_from(round).unwrap_or_default() + 1);
        start(url, cohort, &plans.next()).await;
        let mut race = JoinSet::new();
        for client in 0..CLIENTS {
            let (store, mut plan) = (stores[client % PROCESSES].clone(), plans.next());
            plan.enrollment.cohort_id = Some(CohortId::from(cohort));
            race.spawn(async move {
                let begun = Instant::now();
                (store.enroll(&plan).await, begun.elapsed())
            });
        }
        for (outcome, time) in race.join_all().await {
            times.add(time);
            match outcome {
                Ok(()) => won += 1,
                Err(StoreError::Conflict(Conflict::CohortFull)) => refused += 1,
                Err(_) => failed += 1,
            }
        }
    }
    let rounds = i64::try_from(ROUNDS).unwrap_or_default();
    let right = (won, failed) == (SEATS * rounds, 0);
    report.say(name, times, None);
    let words = format!("{won} won, {refused} were told that it is full, {failed} failed in {ROUNDS} races");
    report.say(&format!("{name}/outcome"), words, Some(("30 of 200 win, 0 errors", right)));
    for store in stores {
        store.close().await;
    }
    store.close().await;
}

async fn start(url: &str, id: Uuid, plan: &coursevia::domain::plan::EnrollmentPlan) {
    let course = plan.enrollment.delivery.expect("a partner").course_id.as_uuid();
    let day = chrono::DateTime::UNIX_EPOCH.date_naive() + chrono::Days::new(36_500);
    if url.starts_with("sqlite") {
        let mut db = sqlx::SqliteConnection::connect(url).await.expect("it opens");
        let query = sqlx::query(START).bind(id).bind(course).bind(day).bind(id.to_string()).bind(SEATS);
        query.execute(&mut db).await.expect("it is written");
    } else {
        let mut db = sqlx::PgConnection::connect(url).await.expect("it answers");
        let query = sqlx::query(START).bind(id).bind(course).bind(day).bind(id.to_string()).bind(SEATS);
        query.execute(&mut db).await.expect("it is written");
    }
}
