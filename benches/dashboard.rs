//! My courses of one student among a million enrollments.

#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "support/enrollments.rs"]
mod enrollments;
#[path = "support/files.rs"]
#[expect(dead_code, reason = "its file has more in it than programs")]
mod files;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
#[expect(dead_code, reason = "nothing is measured that is one call")]
mod samples;

use cluster::Cluster;
use coursevia::domain::person::{Email, Student};
use coursevia::store::{FailPoints, Store};
use report::Report;
use samples::Samples;
use std::time::{Duration, Instant};

const ENROLLMENTS: u32 = 1_000_000;
const PROGRAMS: usize = 10_000;
const STUDENTS: u32 = 2_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    if report.wants("dashboard/sqlite") {
        let path = files::kept("dashboard");
        let store = files::open(&path).await;
        if !store.has_catalog().await.expect("it reads") {
            files::import(&store, &catalogs::catalog(PROGRAMS)).await;
        }
        enrollments::fill_sqlite(&files::url(&path), ENROLLMENTS).await;
        measure(&report, "dashboard/sqlite", &store).await;
        store.close().await;
    }
    if report.wants("dashboard/postgres") {
        let Some(cluster) = Cluster::start("") else {
            report.say("dashboard/postgres", "skipped: PostgreSQL is not installed", None);
            return;
        };
        let url = cluster.address("postgres");
        let store = Store::open(&url, FailPoints::none()).await.expect("it opens");
        files::import(&store, &catalogs::catalog(PROGRAMS)).await;
        enrollments::fill_postgres(&url, ENROLLMENTS).await;
        measure(&report, "dashboard/postgres", &store).await;
        store.close().await;
    }
}

/// Students far from each other, so that not every page was read for the one before.
async fn measure(report: &Report, name: &str, store: &Store) {
    let mut times = Samples::new();
    for number in 0..STUDENTS {
        let number = number * 7_919 % (ENROLLMENTS / enrollments::EACH);
        let student = student(store, &enrollments::email(number)).await;
        let begun = Instant::now();
        let courses = store.list_courses(student.id).await.expect("it reads");
        times.add(begun.elapsed());
        assert_eq!(courses.len(), enrollments::EACH as usize, "the generator wrote something else");
    }
    let quick = times.at(0.95) <= Duration::from_millis(5);
    report.say(name, times, Some(("p95 ≤ 5 ms", quick)));
}

async fn student(store: &Store, email: &str) -> Student {
    let email = Email::parse(email).expect("an address");
    store.find_student_by_email(&email).await.expect("it reads").expect("the student is there")
}
