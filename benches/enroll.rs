//! Enrolling: the store's transaction beside a bare loop with the same statements and durability.

#[path = "support/bare.rs"]
mod bare;
#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "support/driver.rs"]
mod driver;
#[path = "support/files.rs"]
#[expect(dead_code, reason = "what is written to is not kept")]
mod files;
#[path = "support/pgbench.rs"]
mod pgbench;
#[path = "support/plans.rs"]
mod plans;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
mod samples;

use bare::Bare;
use cluster::Cluster;
use coursevia::store::{FailPoints, Store};
use driver::Driver;
use plans::Plans;
use report::Report;
use samples::Samples;
use std::time::Instant;

/// Both sides take turns, so that a disk that is busy for a while slows both.
const ROUNDS: usize = 9;
const EACH: usize = 300;
const PROGRAMS: usize = 1_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    if report.wants("enroll/sqlite") {
        sqlite(&report).await;
    }
    if report.wants("enroll/postgres") {
        postgres(&report).await;
    }
}

async fn sqlite(report: &Report) {
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, theirs) = (folder.path().join("ours.db"), folder.path().join("bare.db"));
    let drivers = folder.path().join("driver.db");
    let store = Store::open(&files::url(&ours), FailPoints::none()).await.expect("it opens");
    files::import(&store, &catalogs::catalog(PROGRAMS)).await;
    let mut plans = Plans::of(&store).await;
    store.close().await;
    std::fs::copy(&ours, &theirs).expect("copied");
    std::fs::copy(&ours, &drivers).expect("copied");
    let store = Store::open(&files::url(&ours), FailPoints::none()).await.expect("it opens");
    let mut bare = Bare::open(&theirs);
    let mut driver = Driver::open(&drivers).await;
    let (mut times, mut bare_times) = (Samples::new(), Samples::new());
    let mut driver_times = Samples::new();
    let (mut rates, mut bare_rates, mut driver_rates) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        rates.push(enroll(&store, &mut plans, &mut times).await);
        let rows: Vec<_> = (0..EACH).map(|_| bare::rows(&plans.next())).collect();
        let begun = Instant::now();
        for rows in &rows {
            bare_times.time(|| bare.enroll(rows));
        }
        bare_rates.push(rate(begun));
        let rows: Vec<_> = (0..EACH).map(|_| bare::rows(&plans.next())).collect();
        let begun = Instant::now();
        for rows in &rows {
            let one = Instant::now();
            driver.enroll(rows).await;
            driver_times.add(one.elapsed());
        }
        driver_rates.push(rate(begun));
    }
    store.close().await;
    let rate = median(rates);
    let share = rate / median(bare_rates);
    let driver_share = rate / median(driver_rates);
    report.say("enroll/sqlite", times, None);
    report.say("enroll/sqlite/bare", bare_times, None);
    report.say("enroll/sqlite/driver", driver_times, None);
    report.say("enroll/sqlite/share of the driver", percent(driver_share), None);
    report.say("enroll/sqlite/share", percent(share), Some(("≥ 90 % of the bare loop's rate", share >= 0.9)));
}

async fn postgres(report: &Report) {
    let Some(cluster) = Cluster::start("") else {
        report.say("enroll/postgres", "skipped: PostgreSQL is not installed", None);
        return;
    };
    let url = cluster.address("postgres");
    let store = Store::open(&url, FailPoints::none()).await.expect("it opens");
    files::import(&store, &catalogs::catalog(PROGRAMS)).await;
    let mut plans = Plans::of(&store).await;
    let mut times = Samples::new();
    let (mut rates, mut bench_rates) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        rates.push(enroll(&store, &mut plans, &mut times).await);
        bench_rates.extend(pgbench::rate(&url, &plans.next(), EACH));
    }
    store.close().await;
    report.say("enroll/postgres", times, None);
    if bench_rates.is_empty() {
        report.say("enroll/postgres/share", "skipped: pgbench is not installed", None);
        return;
    }
    let share = median(rates) / median(bench_rates);
    report.say("enroll/postgres/share", percent(share), Some(("≥ 100 % of pgbench's rate", share >= 1.0)));
}

/// A round through the store; how many per second.
async fn enroll(store: &Store, plans: &mut Plans, times: &mut Samples) -> f64 {
    let plans: Vec<_> = (0..EACH).map(|_| plans.next()).collect();
    let begun = Instant::now();
    for plan in &plans {
        let one = Instant::now();
        store.enroll(plan).await.expect("it enrolls");
        times.add(one.elapsed());
    }
    rate(begun)
}

fn rate(begun: Instant) -> f64 {
    f64::from(u32::try_from(EACH).unwrap_or(u32::MAX)) / begun.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
