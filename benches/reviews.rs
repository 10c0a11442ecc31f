//! A program's average and the first page of its reviews among a million reviews, in every order.

#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "support/enrollments.rs"]
#[expect(dead_code, reason = "nobody is looked for by address")]
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
use coursevia::domain::review::{ReviewQuery, ReviewSort};
use coursevia::store::{FailPoints, Store};
use report::Report;
use samples::Samples;
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use std::time::{Duration, Instant};

const REVIEWS: u32 = 1_000_000;
/// Few, so that each has many reviews.
const PROGRAMS: usize = 100;
const TIMES: usize = 500;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    if report.wants("reviews/sqlite") {
        let path = files::kept("reviews");
        let store = files::open(&path).await;
        if !store.has_catalog().await.expect("it reads") {
            files::import(&store, &catalogs::catalog(PROGRAMS)).await;
            let url = files::url(&path);
            enrollments::fill_sqlite(&url, REVIEWS).await;
            let mut db = SqliteConnection::connect(&url).await.expect("it connects");
            db.execute(sqlx::AssertSqlSafe(fill("abs(random()) % 5 + 1"))).await.expect("it is filled");
            db.execute(TOTALS).await.expect("it is filled");
            db.execute("ANALYZE").await.expect("it counts");
            db.close().await.expect("a clean end");
        }
        measure(&report, "reviews/sqlite", &store).await;
        store.close().await;
    }
    if report.wants("reviews/postgres") {
        let Some(cluster) = Cluster::start("") else {
            report.say("reviews/postgres", "skipped: PostgreSQL is not installed", None);
            return;
        };
        let url = cluster.address("postgres");
        let store = Store::open(&url, FailPoints::none()).await.expect("it opens");
        files::import(&store, &catalogs::catalog(PROGRAMS)).await;
        enrollments::fill_postgres(&url, REVIEWS).await;
        let mut db = PgConnection::connect(&url).await.expect("it connects");
        let rating = "CAST(floor(random() * 5) AS BIGINT) + 1";
        db.execute(sqlx::AssertSqlSafe(fill(rating))).await.expect("it is filled");
        db.execute(TOTALS).await.expect("it is filled");
        db.execute("VACUUM ANALYZE").await.expect("it counts");
        db.close().await.expect("a clean end");
        measure(&report, "reviews/postgres", &store).await;
        store.close().await;
    }
}

/// A review of every enrollment with a partner.
fn fill(rating: &str) -> String {
    format!(
        "INSERT INTO partner_reviews (id, enrollment_id, student_id, provider_id, course_id, program_id, rating, \
         body, created_at, updated_at) SELECT e.id, e.id, e.student_id, e.provider_id, e.course_id, \
         e.program_id, {rating}, 'The labs are close to the real work.', e.enrolled_at, e.enrolled_at \
         FROM partner_lms_enrollments e WHERE e.course_id IS NOT NULL"
    )
}

const TOTALS: &str = "INSERT INTO review_totals (course_id, rating, reviews) \
    SELECT course_id, rating, COUNT(*) FROM partner_reviews GROUP BY course_id, rating";

async fn measure(report: &Report, name: &str, store: &Store) {
    assert_eq!(store.count_wrong_ratings().await.expect("it reads"), 0);
    let page = store.page_of_programs(None, 1_000, chrono::DateTime::UNIX_EPOCH).await.expect("it reads");
    let ids: Vec<_> = page.entries.iter().filter(|e| !e.offers.is_empty()).map(|e| e.id).collect();
    for sort in ReviewSort::ALL.iter().copied() {
        let mut times = Samples::new();
        for program in ids.iter().cycle().take(TIMES).copied() {
            let query = ReviewQuery { program, course: None, sort };
            let begun = Instant::now();
            let page = store.list_reviews(&query, None, None, 20).await.expect("it reads");
            times.add(begun.elapsed());
            assert!(
                page.summary.reviews() > 20 && page.items.len() == 20,
                "the generator wrote something else"
            );
        }
        let quick = times.at(0.95) <= Duration::from_millis(5);
        report.say(&format!("{name}/{}", sort.code()), times, Some(("p95 ≤ 5 ms", quick)));
    }
}
