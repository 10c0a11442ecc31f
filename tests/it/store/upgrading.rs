//! Databases of earlier versions: what stands in them is still served.

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

/// What the last version knew whose tools were told the id of a student's account.
const WITH_ACCOUNTS: [&str; 5] =
    ["0001_ground.sql", "0002_listing.sql", "0003_choosing.sql", "0004_money.sql", "0005_partners.sql"];

/// Maya at two partners: what stands for her at the first was made by a launch, the second made her an account.
const ACCOUNTS: &str = "
INSERT INTO students (id, email, search_text) VALUES (#9, 'maya@example.org', 'maya@example.org');
INSERT INTO partner_lms_providers (id, provider_name, provider_type) VALUES (#10, 'College', 'college'), (#12, 'Certiport', 'certiport');
INSERT INTO partner_accounts (id, student_id, provider_id, external_account_id, created_at) VALUES
    (#61, #9, #10, 'made-by-a-launch', '2026-11-01T08:00:00.000000+00:00'), (#62, #9, #12, 'u-7', '2026-11-01T08:00:00.000000+00:00');
INSERT INTO events (id, at, actor_kind, actor_id, subject, kind, provider_id) VALUES
    (#71, '2026-11-01T08:00:00.000000+00:00', 'student', #9, #9, 'disclosed', #10),
    (#72, '2026-11-02T08:00:00.000000+00:00', 'student', #9, #9, 'disclosed', #12);
";

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
fn rows(text: &str, write: impl Fn(Uuid) -> String) -> String {
    let mut parts = text.split('#');
    let mut out = parts.next().expect("a beginning").to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).expect("more");
        out += &write(Uuid::from_u128(part[..end].parse().expect("a number")));
        out += &part[end..];
    }
    out
}

/// The migrations of an earlier version, as they were run then.
async fn version(engine: &str, names: &[&str]) -> Migrator {
    let folder = tempfile::tempdir().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    for name in names {
        std::fs::copy(from.join(name), folder.path().join(name)).expect("it is copied");
    }
    Migrator::new(folder.path()).await.expect("migrations")
}

#[tokio::test]
async fn a_file_of_before_money_is_served() {
    let folder = tempfile::tempdir().expect("a folder");
    is_served(&file_of(folder.path(), &BEFORE, ROWS).await).await;
}

/// A file of an earlier version with rows; its address.
async fn file_of(folder: &Path, names: &[&str], text: &str) -> String {
    let file = folder.join("coursevia.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut db = SqliteConnection::connect_with(&options).await.expect("it opens");
    version("sqlite", names).await.run_direct(None, &mut db, false).await.expect("it was set up");
    let text = rows(text, |id| format!("X'{}'", id.simple()));
    db.execute(sqlx::AssertSqlSafe(text)).await.expect("the rows stand");
    db.close().await.expect("a clean end");
    format!("sqlite://{}", file.display())
}

#[tokio::test]
async fn a_server_of_before_money_is_served() {
    let Some(database) = postgres::database().await else { return };
    becomes(&database.url, &BEFORE, ROWS).await;
    is_served(&database.url).await;
}

/// A server's database becomes one of an earlier version with rows.
async fn becomes(url: &str, names: &[&str], text: &str) {
    let mut db = PgConnection::connect(url).await.expect("it answers");
    version("postgres", names).await.run_direct(None, &mut db, false).await.expect("it was set up");
    db.execute(sqlx::AssertSqlSafe(rows(text, |id| format!("'{id}'")))).await.expect("the rows stand");
    db.close().await.expect("a clean end");
}

#[tokio::test]
async fn what_stands_for_students_at_tools_is_kept_apart_from_accounts() {
    let folder = tempfile::tempdir().expect("a folder");
    is_kept_apart(&file_of(folder.path(), &WITH_ACCOUNTS, ACCOUNTS).await).await;
    let Some(database) = postgres::database().await else { return };
    becomes(&database.url, &WITH_ACCOUNTS, ACCOUNTS).await;
    is_kept_apart(&database.url).await;
}

async fn is_kept_apart(url: &str) {
    let world = World::at(url, FailPoints::none()).await;
    let asked = [
        ("SELECT COUNT(*) FROM lti_subjects WHERE subject = 'made-by-a-launch'", 1),
        ("SELECT COUNT(*) FROM lti_subjects", 1),
        ("SELECT COUNT(*) FROM partner_accounts WHERE external_account_id = 'u-7'", 1),
        ("SELECT COUNT(*) FROM partner_accounts", 1),
    ];
    for (question, answer) in asked {
        assert_eq!(count(&world, question).await, answer, "{question}");
    }
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
