//! A sync of many enrollments across five partners that answer in 50 ms, while one of them hangs; and what
//! a launch costs besides the partner's own time.

#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
#[expect(dead_code, reason = "nothing is measured that is one plain call")]
mod samples;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use cluster::Cluster;
use coursevia::config::{Config, Flags};
use coursevia::domain::actor::Actor;
use coursevia::domain::ids::{EnrollmentId, StudentId};
use coursevia::platform::{Clock, Env, IdSource};
use coursevia::runtime::Backend;
use coursevia::service::{Launch, Services};
use coursevia::store::FailPoints;
use report::Report;
use samples::Samples;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many enrollments there are; a number on the command line makes it fewer.
const ENROLLMENTS: usize = 10_000;
/// How many partners; the last one hangs.
const PARTNERS: usize = 5;
/// How long a partner takes.
const ANSWERS_IN: Duration = Duration::from_millis(50);
/// How many requests one partner may get at once.
const AT_ONCE: usize = 8;
const LAUNCHES: usize = 300;
const WARM: usize = 20;

/// What the partners' platforms saw.
#[derive(Clone, Default)]
struct Seen {
    /// Requests under way at each partner, and the most there were at once.
    now: Arc<[AtomicUsize; PARTNERS]>,
    most: Arc<AtomicUsize>,
    /// How long the last launch took there.
    took: Arc<Mutex<Duration>>,
}

#[tokio::main]
async fn main() {
    let report = Report::of_arguments();
    let count = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(ENROLLMENTS);
    let (address, seen) = platforms().await;
    if report.wants("sync/sqlite") {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("sync.db").display());
        let backend = backend(&url, &address).await;
        let mut db = SqliteConnection::connect(&url).await.expect("it connects");
        let mut tx = db.begin().await.expect("it begins");
        for statement in rows(count, |id| format!("unhex('{id:032x}')")) {
            tx.execute(AssertSqlSafe(statement)).await.expect("it is filled");
        }
        tx.commit().await.expect("it is kept");
        measure(&report, "sqlite", &backend, &seen, count).await;
    }
    if report.wants("sync/postgres") {
        let Some(cluster) = Cluster::start("") else {
            report.say("sync/postgres", "skipped: PostgreSQL is not installed", None);
            return;
        };
        let url = cluster.address("postgres");
        let backend = backend(&url, &address).await;
        let mut db = PgConnection::connect(&url).await.expect("it connects");
        let mut tx = db.begin().await.expect("it begins");
        for statement in rows(count, |id| format!("CAST('{}' AS UUID)", uuid::Uuid::from_u128(id))) {
            tx.execute(AssertSqlSafe(statement)).await.expect("it is filled");
        }
        tx.commit().await.expect("it is kept");
        measure(&report, "postgres", &backend, &seen, count).await;
        backend.close().await;
    }
}

async fn measure(report: &Report, engine: &str, backend: &Backend, seen: &Seen, count: usize) {
    let services = backend.services().await.expect("the services");
    launches(report, &format!("sync/{engine}/launch"), services, seen).await;
    // The first run writes figures and events; from the second on mostly nothing is new.
    for run in ["first", "again"] {
        let begun = Instant::now();
        let done = services.sync(Actor::System, None).await.expect("it goes on");
        let took = begun.elapsed();
        let hangs = done.left.iter().map(|left| left.partner.to_string()).collect::<Vec<_>>();
        assert_eq!(hangs, [format!("Partner {}", PARTNERS - 1)], "only the one that hangs is left alone");
        assert_eq!(
            done.checked - done.failed.len(),
            count / PARTNERS * (PARTNERS - 1),
            "all others were asked"
        );
        let most = seen.most.load(Ordering::Relaxed);
        assert!(most <= AT_ONCE, "{most} requests at once");
        let figure = format!("{count} enrollments in {:.1} s, at most {most} at once", took.as_secs_f64());
        report.say(&format!("sync/{engine}/{run}"), figure, Some(("≤ 60 s", took.as_secs() < 60)));
    }
}

/// Everything but the partner's own time.
async fn launches(report: &Report, name: &str, services: &Services, seen: &Seen) {
    let (student, id) =
        (StudentId::from(uuid::Uuid::from_u128(1)), EnrollmentId::from(uuid::Uuid::from_u128(1)));
    let mut times = Samples::new();
    for round in 0..LAUNCHES + WARM {
        let begun = Instant::now();
        let link = services.launch(Actor::Student(student), id).await.expect("a link");
        assert!(matches!(link, Launch::Link(_)));
        let handover = coursevia::domain::plan::Handover::Browser;
        services.record_launch(Actor::Student(student), id, handover).await.expect("it is noted");
        let own = *seen.took.lock().unwrap_or_else(PoisonError::into_inner);
        if round >= WARM {
            times.add(begun.elapsed().saturating_sub(own));
        }
    }
    let quick = times.at(0.95) <= Duration::from_millis(20);
    report.say(name, times, Some(("p95 ≤ 20 ms", quick)));
}

/// Five platforms behind one port.
async fn platforms() -> (String, Seen) {
    let seen = Seen::default();
    let app = axum::Router::new().fallback(answer).with_state(seen.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, seen)
}

async fn answer(State(seen): State<Seen>, uri: Uri) -> Json<Value> {
    let begun = Instant::now();
    let path = uri.path();
    let partner: usize =
        path.trim_start_matches("/p").split('/').next().and_then(|p| p.parse().ok()).unwrap_or(0);
    if path.contains("sso") {
        tokio::time::sleep(ANSWERS_IN).await;
        *seen.took.lock().unwrap_or_else(PoisonError::into_inner) = begun.elapsed();
        return Json(json!({ "ssoUrl": "http://127.0.0.1:1/course", "expiresIn": 300 }));
    }
    if partner == PARTNERS - 1 {
        std::future::pending::<()>().await;
    }
    let under_way = seen.now[partner].fetch_add(1, Ordering::Relaxed) + 1;
    seen.most.fetch_max(under_way, Ordering::Relaxed);
    tokio::time::sleep(ANSWERS_IN).await;
    seen.now[partner].fetch_sub(1, Ordering::Relaxed);
    Json(json!({ "progressPercentage": path.len() + 20, "status": "in_progress" }))
}

async fn backend(url: &str, address: &str) -> Backend {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "").expect("written");
    let flags = Flags { file: Some(file), database_url: Some(url.to_owned()), ..Flags::default() };
    let config = Config::load(&flags, &Env::default()).expect("a configuration");
    let backend = Backend::new(config, Env::default(), Clock::System, IdSource::Random, FailPoints::none());
    let mut source = String::new();
    for partner in 0..PARTNERS {
        let _ = write!(
            source,
            r#"
[[partner]]
name = "Partner {partner}"
type = "partner-{partner}"
api = {{ protocol = "rest", profile = "certiport", base_url = "{address}/p{partner}", organization = "x" }}
[[program]]
slug = "program-{partner}"
title = "Program {partner}"
category = "Training"
summary = "Learn it."
[[program.course]]
partner = "Partner {partner}"
name = "Program {partner}"
code = "C-1"
format = "online"
pacing = "self_paced"
price = "0.00"
currency = "USD"
"#
        );
    }
    let checked = coursevia::catalog::parse("catalog.toml", &source).expect("a good catalogue");
    let services = backend.services().await.expect("the services");
    services.import_catalog(&checked.catalog, false).await.expect("imported");
    backend
}

/// As many enrollments at each partner; a student has one at each. Ids count from 1.
fn rows(count: usize, id: impl Fn(u128) -> String) -> Vec<String> {
    const THEN: &str = "'2026-01-15T09:00:00+00:00'";
    let students = count / PARTNERS;
    let mut out = Vec::new();
    for student in (1_u128..).take(students) {
        out.push(format!(
            "INSERT INTO students (id, email, name, search_text, created_at) VALUES ({}, 's{student}@example.org', \
             'Student {student}', 'student {student}', {THEN})",
            id(student)
        ));
        for (partner, nth) in (0_u128..).zip(0..PARTNERS) {
            let number = partner * 1_000_000 + student;
            out.push(format!(
                "INSERT INTO partner_lms_enrollments (id, provider_id, student_id, course_id, program_id, \
                 external_account_id, external_enrollment_id, status, progress_percentage, enrolled_at, link) \
                 SELECT {}, c.provider_id, {}, c.id, c.program_id, 'u-{student}', 'e-{number}', 'active', 0, {THEN}, \
                 'confirmed' FROM partner_courses c JOIN partner_lms_providers v ON v.id = c.provider_id \
                 WHERE v.provider_name = 'Partner {nth}'",
                id(number),
                id(student),
            ));
        }
        out.push(format!(
            "INSERT INTO partner_accounts (id, student_id, provider_id, external_account_id, username, created_at) \
             SELECT id, student_id, provider_id, external_account_id, external_account_id, {THEN} \
             FROM partner_lms_enrollments WHERE student_id = {}",
            id(student)
        ));
    }
    out
}
