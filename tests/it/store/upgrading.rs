//! A database of the version before money came: what stands in it is still served.

use super::money::audit::count;
use super::world::{World, anything, catalog};
use crate::support::postgres;
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::job::JobKind;
use coursevia::store::FailPoints;
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use std::path::Path;
use uuid::Uuid;

/// What the last version before money knew. `#1` is the id of a row, as the engine writes it.
const BEFORE: [&str; 3] = ["0001_ground.sql", "0002_listing.sql", "0003_choosing.sql"];

/// One course under way with work that is due, work that was given up and work that is done; one
/// that is completed; one that nobody began.
const ROWS: &str = "
INSERT INTO programs (id, slug, title) VALUES (#1, 'cna-training', 'CNA Training'), (#2, 'welding', 'Welding'),
    (#3, 'hvac', 'HVAC');
INSERT INTO students (id, email, search_text) VALUES (#9, 'maya@example.org', 'maya@example.org');
INSERT INTO partner_lms_providers (id, provider_name, provider_type) VALUES (#10, 'Certiport', 'certiport');
INSERT INTO partner_courses (id, provider_id, program_id, course_name, external_course_code) VALUES
    (#11, #10, #1, 'CNA Online', 'C-1'), (#12, #10, #2, 'Welding Online', 'W-1'), (#13, #10, #3, 'HVAC Online', 'H-1');
INSERT INTO partner_lms_enrollments (id, provider_id, student_id, course_id, program_id, status, link,
    external_enrollment_id, progress_percentage, enrolled_at, progress_as_of, completed_at) VALUES
    (#21, #10, #9, #11, #1, 'active', 'confirmed', 'ext-1', 40, '2025-10-01T08:00:00+00:00', '2025-10-05T08:00:00+00:00', NULL),
    (#22, #10, #9, #12, #2, 'completed', 'confirmed', 'ext-2', 100, '2025-09-01T08:00:00+00:00', '2025-09-11T20:00:00+00:00',
        '2025-09-11T20:00:00+00:00'),
    (#23, #10, #9, #13, #3, 'active', 'confirmed', 'ext-3', 0, '2025-10-02T08:00:00+00:00', NULL, NULL);
INSERT INTO progress_samples (id, enrollment_id, at, percent, completed, source) VALUES
    (#31, #21, '2025-10-03T08:00:00+00:00', 0, FALSE, 'partner'), (#32, #21, '2025-10-04T08:00:00+00:00', 10, FALSE, 'partner'),
    (#33, #21, '2025-10-05T08:00:00+00:00', 40, FALSE, 'partner');
INSERT INTO jobs (id, kind, enrollment_id, payload, idempotency_key, needs, run_at, created_at, attempts, attempts_total,
    last_error, gave_up_at, done_at) VALUES
    (#41, 'provision', #21, '{}', 'provision:1', 'nothing', '2025-10-01T08:00:00+00:00', '2025-10-01T08:00:00+00:00', 1, 1,
        NULL, NULL, '2025-10-01T08:00:05+00:00'),
    (#42, 'mail', #21, '{\"about\": 1}', 'mail:1', 'mail', '2025-10-01T08:00:00+00:00', '2025-10-01T08:00:00+00:00', 0, 0,
        NULL, NULL, NULL),
    (#43, 'certificate', #22, '{}', 'certificate:2', 'nothing', '2025-09-11T20:00:00+00:00', '2025-09-11T20:00:00+00:00', 3, 7,
        'no answer', '2025-09-12T20:00:00+00:00', NULL);
INSERT INTO events (id, at, actor_kind, actor_id, subject, kind, enrollment_id, provider_id) VALUES
    (#51, '2025-10-01T08:00:00+00:00', 'student', #9, #9, 'enrolled', #21, #10),
    (#52, '2025-10-01T08:00:05+00:00', 'system', NULL, #9, 'provisioned', #21, #10),
    (#53, '2025-09-01T08:00:00+00:00', 'student', #9, #9, 'enrolled', #22, #10),
    (#54, '2025-09-11T20:00:00+00:00', 'system', NULL, #9, 'completed', #22, #10),
    (#55, '2025-09-10T08:00:00+00:00', 'system', NULL, NULL, 'catalog_imported', NULL, NULL);
";

fn id(number: u128) -> EnrollmentId {
    Uuid::from_u128(number).into()
}

/// The rows, with ids as an engine writes them.
fn rows(write: impl Fn(Uuid) -> String) -> String {
    let mut parts = ROWS.split('#');
    let mut out = parts.next().expect("a beginning").to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).expect("more");
        out += &write(Uuid::from_u128(part[..end].parse().expect("a number")));
        out += &part[end..];
    }
    out
}

/// The migrations before money, as they were run then.
async fn before(engine: &str) -> Migrator {
    let folder = tempfile::tempdir().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    for name in BEFORE {
        std::fs::copy(from.join(name), folder.path().join(name)).expect("it is copied");
    }
    Migrator::new(folder.path()).await.expect("migrations")
}

#[tokio::test]
async fn a_file_of_before_money_is_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("coursevia.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut db = SqliteConnection::connect_with(&options).await.expect("it opens");
    before("sqlite").await.run_direct(None, &mut db, false).await.expect("it was set up");
    let text = rows(|id| format!("X'{}'", id.simple()));
    db.execute(sqlx::AssertSqlSafe(text)).await.expect("the rows stand");
    db.close().await.expect("a clean end");
    is_served(&format!("sqlite://{}", file.display())).await;
}

#[tokio::test]
async fn a_server_of_before_money_is_served() {
    let Some(database) = postgres::database().await else { return };
    let mut db = PgConnection::connect(&database.url).await.expect("it answers");
    before("postgres").await.run_direct(None, &mut db, false).await.expect("it was set up");
    db.execute(sqlx::AssertSqlSafe(rows(|id| format!("'{id}'")))).await.expect("the rows stand");
    db.close().await.expect("a clean end");
    is_served(&database.url).await;
}

async fn is_served(url: &str) {
    let world = World::at(url, FailPoints::none()).await;
    let broken = world.store.check_statements().await.err().map(|(name, error)| format!("{name}: {error}"));
    assert_eq!(broken, None);
    let student = world.course(id(21)).await.student.id;
    let courses = world.courses(student).await;
    let ids: Vec<_> = courses.iter().map(|course| course.enrollment.id).collect();
    assert_eq!(ids, [id(23), id(21), id(22)]);
    assert_eq!(courses[1].enrollment.progress.percent.get(), 40);
    assert!(courses.iter().all(|course| course.money.payments.is_empty()));

    // What was to be done is done, once; what was given up or done stays so.
    let job = world.claim(0).await.expect("the mail");
    assert_eq!(
        (job.kind, job.idempotency_key.as_str(), job.enrollment_id),
        (JobKind::Mail, "mail:1", Some(id(21)))
    );
    assert_eq!((&job.payload, job.attempts), (&serde_json::json!({ "about": 1 }), 1));
    assert_eq!(world.claim(0).await, None);
    world.finish(&job).await;
    assert_eq!(world.store.next_job_at(&anything).await.expect("it reads"), None);
    let undone = courses[2].undone().expect("what was given up");
    assert_eq!((undone.kind, undone.gave_up), (JobKind::Certificate, true));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM jobs").await, 3);

    // Of the history nothing is lost, and reports know what they count.
    let history = world.history(id(21)).await;
    assert_eq!(
        history.iter().filter(|kind| **kind == EventKind::Started).count(),
        1,
        "the first figure above zero"
    );
    assert!(history.contains(&EventKind::Enrolled) && history.contains(&EventKind::Provisioned));
    assert!(!world.history(id(23)).await.contains(&EventKind::Started));
    let asked = [
        ("SELECT COUNT(*) FROM events", 6),
        ("SELECT COUNT(*) FROM events WHERE enrollment_id IS NOT NULL AND program_id IS NULL", 0),
        ("SELECT days FROM events WHERE kind = 'completed'", 10),
    ];
    for (question, answer) in asked {
        assert_eq!(count(&world, question).await, answer, "{question}");
    }
    // And it can be used: a new enrollment with its work.
    world.import(&catalog(), false).await;
    let course = world.enroll(&world.student("new@example.org"), "cna-training", Some("Milady")).await;
    assert_eq!(world.claim_kind(JobKind::Provision, 0).await.enrollment_id, Some(course.id));
}
