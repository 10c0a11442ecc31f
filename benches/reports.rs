//! Revenue over a million lines of the ledger, completion over a million enrollments.

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

use chrono::NaiveDate;
use cluster::Cluster;
use coursevia::domain::event::EventKind;
use coursevia::domain::report::{Period, ReportQuery, completion, revenue};
use coursevia::store::{FailPoints, Store};
use report::Report;
use samples::Samples;
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use std::time::{Duration, Instant};

const ENROLLMENTS: u32 = 1_000_000;
const PROGRAMS: usize = 200;
const TIMES: usize = 40;

/// What the engines say differently.
struct Words {
    /// A new id.
    id: &'static str,
    /// So many seconds after an instant of the enrollment `e`.
    later: fn(&str) -> String,
    /// The number of the enrollment `e`.
    number: &'static str,
}

const SQLITE: Words = Words {
    id: "randomblob(16)",
    later: |seconds| {
        format!(
            "strftime('%Y-%m-%dT%H:%M:%S', unixepoch(e.enrolled_at) + ({seconds}), 'unixepoch') || '+00:00'"
        )
    },
    number: "(unixepoch(e.enrolled_at) - 1700000000) / 60",
};

const POSTGRES: Words = Words {
    id: "gen_random_uuid()",
    later: |seconds| format!("e.enrolled_at + make_interval(secs => {seconds})"),
    number: "CAST((EXTRACT(EPOCH FROM e.enrolled_at) - 1700000000) / 60 AS BIGINT)",
};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let report = Report::of_arguments();
    if report.wants("reports/sqlite") {
        let path = files::kept("reports");
        let store = files::open(&path).await;
        if !store.has_catalog().await.expect("it reads") {
            files::import(&store, &catalogs::catalog(PROGRAMS)).await;
            let url = files::url(&path);
            enrollments::fill_sqlite(&url, ENROLLMENTS).await;
            let mut db = SqliteConnection::connect(&url).await.expect("it connects");
            db.execute("PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF").await.expect("set");
            let mut tx = db.begin().await.expect("it begins");
            for statement in statements(&SQLITE) {
                tx.execute(sqlx::AssertSqlSafe(statement)).await.expect("it is filled");
            }
            tx.commit().await.expect("it is kept");
            db.execute("ANALYZE").await.expect("it counts");
            db.close().await.expect("a clean end");
        }
        measure(&report, "reports/sqlite", &store).await;
        store.close().await;
    }
    if report.wants("reports/postgres") {
        let Some(cluster) = Cluster::start("") else {
            report.say("reports/postgres", "skipped: PostgreSQL is not installed", None);
            return;
        };
        let url = cluster.address("postgres");
        let store = Store::open(&url, FailPoints::none()).await.expect("it opens");
        files::import(&store, &catalogs::catalog(PROGRAMS)).await;
        enrollments::fill_postgres(&url, ENROLLMENTS).await;
        let mut db = PgConnection::connect(&url).await.expect("it connects");
        for statement in statements(&POSTGRES) {
            db.execute(sqlx::AssertSqlSafe(statement)).await.expect("it is filled");
        }
        db.execute("VACUUM ANALYZE").await.expect("it counts");
        db.close().await.expect("a clean end");
        measure(&report, "reports/postgres", &store).await;
        store.close().await;
    }
}

/// What happened to every enrollment, and the five lines of every fifth one's payment.
fn statements(words: &Words) -> Vec<String> {
    let event = |kind: &str, seconds: &str, days: &str, condition: &str| {
        format!(
            "INSERT INTO events (id, at, actor_kind, subject, kind, enrollment_id, provider_id, program_id, days) \
             SELECT {}, {}, 'student', e.student_id, '{kind}', e.id, e.provider_id, e.program_id, {days} \
             FROM partner_lms_enrollments e WHERE {condition}",
            words.id,
            (words.later)(seconds),
        )
    };
    let number = words.number;
    let line = |number_of_line: u32, kind: &str, account: &str, cents: &str| {
        format!(
            "INSERT INTO ledger_entries (transaction_id, line, at, kind, account, provider_id, program_id, \
             enrollment_id, currency, amount_cents) SELECT e.id, {number_of_line}, {}, '{kind}', '{account}', \
             e.provider_id, e.program_id, e.id, 'USD', {cents} \
             FROM partner_lms_enrollments e WHERE {number} % 5 = 0",
            (words.later)("0"),
        )
    };
    vec![
        event("enrolled", "0", "NULL", "TRUE"),
        event("started", "86400", "NULL", &format!("{number} % 10 < 9")),
        event(
            "completed",
            &format!("86400 * ({number} % 90)"),
            &format!("{number} % 90"),
            "e.status = 'completed'",
        ),
        event("cancelled", "3600", "NULL", "e.status = 'cancelled'"),
        line(0, "payment", "processor_clearing", "5900"),
        line(1, "payment", "student_credit", "-5900"),
        line(2, "split", "student_credit", "5900"),
        line(3, "split", "partner_payable", "-2950"),
        line(4, "split", "platform_revenue", "-2950"),
    ]
}

async fn measure(report: &Report, name: &str, store: &Store) {
    let day = |year, month| NaiveDate::from_ymd_opt(year, month, 1);
    let year = Period::new(day(2024, 7), day(2025, 7)).expect("a period");
    let names = store.list_names().await.expect("it reads");
    for (label, period) in [("ever", Period::default()), ("a year", year)] {
        let query = ReportQuery { period, ..ReportQuery::default() };
        let (mut completions, mut revenues) = (Samples::new(), Samples::new());
        for _ in 0..TIMES {
            let begun = Instant::now();
            let kinds = [
                EventKind::Enrolled,
                EventKind::SwitchedHere,
                EventKind::Started,
                EventKind::Completed,
                EventKind::Cancelled,
                EventKind::SwitchedAway,
            ];
            let events = store.count_events(&kinds, period).await.expect("it reads");
            let rows = completion(&query, &names, &events);
            completions.add(begun.elapsed());
            let enrolled: u64 = rows.iter().map(|row| row.enrolled).sum();
            assert!(enrolled > 0 && (label != "ever" || enrolled == u64::from(ENROLLMENTS)), "{enrolled}");
            let begun = Instant::now();
            let lines = store.sum_revenue(period).await.expect("it reads");
            let rows = revenue(&query, &names, &lines);
            revenues.add(begun.elapsed());
            assert!(rows.iter().map(|row| row.gross).sum::<i64>() > 0);
        }
        for (what, times) in [("completion", completions), ("revenue", revenues)] {
            let quick = times.at(0.95) <= Duration::from_millis(500);
            report.say(&format!("{name}/{what}, {label}"), times, Some(("p95 ≤ 500 ms", quick)));
        }
    }
}
