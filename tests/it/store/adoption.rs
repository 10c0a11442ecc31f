//! An installation whose three tables were there before us.

use super::world::{World, at, catalog, email, offer, program, slug};
use crate::support::postgres::{Database, database};
use coursevia::domain::catalog::Catalog;
use coursevia::domain::enrollment::{Link, Status};
use coursevia::domain::ids::{ProgramId, StudentId};
use coursevia::domain::program::DeliveryFormat;
use coursevia::domain::provider::Protocol;
use coursevia::store::{FailPoints, Store, StoreError};
use sqlx::{Connection, Executor, PgConnection};
use uuid::Uuid;

/// Exactly the columns such an installation has, with rows as untidy as real ones.
const STANDING: &str = r#"
CREATE TABLE partner_lms_providers (id uuid PRIMARY KEY, provider_name text, provider_type text,
    active boolean, api_config jsonb);
CREATE TABLE partner_courses (id uuid PRIMARY KEY, provider_id uuid, course_name text,
    external_course_code text, active boolean, metadata jsonb);
CREATE TABLE partner_lms_enrollments (id uuid PRIMARY KEY, provider_id uuid, student_id uuid, course_id uuid,
    program_id uuid, external_enrollment_id text, status text, progress_percentage PROGRESS,
    enrolled_at timestamptz);
INSERT INTO partner_lms_providers VALUES
    ('10000000-0000-0000-0000-000000000001', 'Certiport', 'certiport', true, '{"api_key_ref": "x", "protocol": "soap"}'),
    ('10000000-0000-0000-0000-000000000002', 'Milady', 'milady', false, NULL),
    ('10000000-0000-0000-0000-000000000003', NULL, NULL, NULL, '[]');
INSERT INTO partner_courses VALUES
    ('20000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000001', 'CNA Training', 'CNA-101', true, '{"delivery_format": "in-person", "room": 7}'),
    ('20000000-0000-0000-0000-000000000002', '10000000-0000-0000-0000-000000000002', NULL, NULL, NULL, NULL),
    ('20000000-0000-0000-0000-000000000003', '10000000-0000-0000-0000-000000000001', 'Welding', 'WELD-1', true, '"odd"');
INSERT INTO partner_lms_enrollments VALUES
    ('40000000-0000-0000-0000-000000000001', '10000000-0000-0000-0000-000000000001', '50000000-0000-0000-0000-000000000001',
     '20000000-0000-0000-0000-000000000001', '30000000-0000-0000-0000-000000000001', 'ext-1', 'active', 45, '2026-01-05T10:00:00Z'),
    ('40000000-0000-0000-0000-000000000002', '10000000-0000-0000-0000-000000000002', '50000000-0000-0000-0000-000000000001',
     '20000000-0000-0000-0000-000000000002', '30000000-0000-0000-0000-000000000002', NULL, 'completed', NULL, NULL),
    ('40000000-0000-0000-0000-000000000003', NULL, '50000000-0000-0000-0000-000000000002',
     NULL, '30000000-0000-0000-0000-000000000003', NULL, 'cancelled', 0, '2026-01-06T10:00:00Z');
"#;

async fn standing(progress: &str, and: &str) -> Option<Database> {
    let database = database().await?;
    let text = format!("{}{and}", STANDING.replace("PROGRESS", progress));
    let mut db = PgConnection::connect(&database.url).await.expect("it answers");
    db.execute(sqlx::AssertSqlSafe(text)).await.expect("the fixture stands");
    Some(database)
}

async fn open(database: &Database) -> Result<Store, StoreError> {
    Store::open(&database.url, FailPoints::none()).await
}

fn id(raw: &str) -> Uuid {
    Uuid::parse_str(raw).expect("an id")
}

const MAYA: &str = "50000000-0000-0000-0000-000000000001";

#[tokio::test]
async fn standing_enrollments_are_seen_on_the_dashboard() {
    for progress in ["integer", "numeric", "smallint", "double precision"] {
        let Some(database) = standing(progress, "").await else { return };
        let store = open(&database).await.expect("it is adopted");
        let courses = store.list_courses(StudentId::from(id(MAYA))).await.expect("it reads");
        let [cna, other] = courses.as_slice() else { panic!("two courses: {courses:?}") };
        assert_eq!((cna.enrollment.status, cna.enrollment.link), (Status::Active, Link::Confirmed));
        assert_eq!(cna.enrollment.progress.percent.get(), 45);
        assert_eq!((cna.program_title.as_str(), &cna.student.email), ("CNA Training", &None));
        let partner = cna.partner.as_ref().expect("Certiport");
        assert_eq!(partner.course.format, DeliveryFormat::InPerson);
        assert_eq!(partner.provider.protocol, Protocol::Unknown);
        assert_eq!((other.enrollment.status, other.enrollment.link), (Status::Completed, Link::Manual));
        assert!(!other.provider().expect("Milady").availability.is_active());
        assert_eq!(store.list_programs(at(0)).await.expect("it reads").len(), 3);
        assert_eq!(
            store.check_statements().await.map_err(|(name, error)| format!("{name}: {error}")).err(),
            None
        );
    }
}

#[tokio::test]
async fn a_figure_with_decimals_is_rounded_down() {
    let and = "UPDATE partner_lms_enrollments SET progress_percentage = 99.6 WHERE external_enrollment_id = 'ext-1';";
    let Some(database) = standing("numeric", and).await else { return };
    let store = open(&database).await.expect("it is adopted");
    let courses = store.list_courses(StudentId::from(id(MAYA))).await.expect("it reads");
    assert_eq!(courses[0].enrollment.progress.percent.get(), 99);
}

#[tokio::test]
async fn standing_courses_are_offered_in_the_program_their_enrollments_name() {
    let Some(database) = standing("integer", "").await else { return };
    let store = open(&database).await.expect("it is adopted");
    let cna = ProgramId::from(id("30000000-0000-0000-0000-000000000001"));
    let view = store.find_program_by_id(cna, at(0)).await.expect("it reads").expect("adopted");
    assert_eq!(view.program.slug, slug("adopted-30000000-0000-0000-0000-000000000001"));
    assert_eq!(view.offers.len(), 1);
    assert_eq!(view.offers[0].course.code.as_str(), "CNA-101");
}

#[tokio::test]
async fn an_import_adopts_a_course_nobody_took_and_keeps_foreign_keys_in_json() {
    let Some(database) = standing("integer", "").await else { return };
    let store = open(&database).await.expect("it is adopted");
    let mut welding = offer("Certiport");
    welding.code = "WELD-1".into();
    let imported = Catalog {
        demo: false,
        partners: vec![catalog().partners.remove(0)],
        programs: vec![program("welding", "Welding", vec![welding])],
    };
    let ids = coursevia::platform::ids::IdSource::Random;
    let event = coursevia::domain::event::Event {
        id: ids.new_id(),
        at: at(0),
        actor: coursevia::domain::actor::Actor::System,
        subject: None,
        kind: coursevia::domain::event::EventKind::CatalogImported,
        enrollment: None,
        provider: None,
        payload: serde_json::json!({}),
    };
    let plan = coursevia::store::ImportPlan {
        catalog: &imported,
        prune: false,
        event,
        offers_last: chrono::TimeDelta::hours(24),
        mint: &|| ids.uuid(),
    };
    let report = store.import_catalog(&plan).await.expect("it imports");
    assert_eq!((report.partners.updated, report.courses.updated, report.courses.added), (1, 1, 0));
    let view = store.find_program(&slug("welding"), at(0)).await.expect("it reads").expect("imported");
    assert_eq!(view.offers[0].course.id.as_uuid(), id("20000000-0000-0000-0000-000000000003"));
    assert!(matches!(view.offers[0].provider.protocol, Protocol::Rest(_)));
    let mut db = PgConnection::connect(&database.url).await.expect("it answers");
    let kept: Option<String> = sqlx::query_scalar(
        "SELECT api_config ->> 'api_key_ref' FROM partner_lms_providers WHERE provider_name = 'Certiport'",
    )
    .fetch_one(&mut db)
    .await
    .expect("it reads");
    assert_eq!(kept.as_deref(), Some("x"));
}

#[tokio::test]
async fn what_can_not_be_adopted_is_said_and_not_touched() {
    let second = "INSERT INTO partner_lms_enrollments SELECT gen_random_uuid(), provider_id, student_id, \
        course_id, program_id, NULL, 'pending', 0, enrolled_at FROM partner_lms_enrollments WHERE status = 'active';";
    for (and, told) in [
        ("UPDATE partner_lms_enrollments SET status = 'enrolled';", "enrolled"),
        ("UPDATE partner_lms_enrollments SET status = NULL;", "status"),
        (second, "two pending or active enrollments"),
        ("ALTER TABLE partner_courses ALTER COLUMN provider_id TYPE text;", "ALTER TABLE partner_courses"),
        ("ALTER TABLE partner_courses DROP COLUMN metadata;", "metadata"),
        ("UPDATE partner_lms_enrollments SET course_id = NULL WHERE status = 'active';", "course_id"),
        ("UPDATE partner_lms_enrollments SET progress_percentage = 146;", "progress_percentage"),
        ("UPDATE partner_lms_providers SET provider_name = 'Milady';", "one name"),
        ("DELETE FROM partner_lms_providers WHERE provider_name = 'Milady';", "partners that don't exist"),
        ("CREATE TABLE students (id integer);", "students"),
    ] {
        let Some(database) = standing("integer", and).await else { return };
        let error = open(&database).await.map(|_| ()).expect_err(and);
        assert_eq!(error.code(), "database_not_adoptable", "{error}");
        assert!(error.to_string().contains(told), "{error}");
        let mut db = PgConnection::connect(&database.url).await.expect("it answers");
        let ours: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_name IN ('jobs', '_sqlx_migrations')",
        )
        .fetch_one(&mut db)
        .await
        .expect("it reads");
        assert_eq!(ours, 0, "nothing was written");
    }
}

#[tokio::test]
async fn tables_without_a_key_get_one() {
    let and = "ALTER TABLE partner_lms_providers DROP CONSTRAINT partner_lms_providers_pkey; \
        ALTER TABLE partner_lms_enrollments DROP CONSTRAINT partner_lms_enrollments_pkey;";
    let Some(database) = standing("integer", and).await else { return };
    open(&database).await.expect("it is adopted");
}

#[tokio::test]
async fn an_adopted_student_can_be_given_an_address() {
    let Some(database) = standing("integer", "").await else { return };
    let store = open(&database).await.expect("it is adopted");
    let mut maya = store.find_student(StudentId::from(id(MAYA))).await.expect("it reads").expect("Maya");
    assert_eq!(maya.email, None);
    maya.email = Some(email("maya@example.org"));
    let world = World::empty_sqlite().await;
    let event = world.event(coursevia::domain::event::EventKind::ProfileChanged, None);
    store.save_student(&maya, &event).await.expect("it is written");
    let found = store.find_student_by_email(&email("maya@example.org")).await.expect("it reads");
    assert_eq!(found, Some(maya));
}

#[tokio::test]
async fn doctor_tells_what_would_be_and_what_was_adopted() {
    let Some(database) = standing("numeric", "").await else { return };
    let all = ["partner_lms_providers", "partner_courses", "partner_lms_enrollments"];
    match Store::look(&database.url).await {
        Ok(coursevia::store::Look::Empty(adopts)) => assert_eq!(adopts, all),
        other => panic!("nothing of ours: {other:?}"),
    }
    open(&database).await.expect("it is adopted").close().await;
    match Store::look(&database.url).await {
        Ok(coursevia::store::Look::Here(store)) => {
            assert_eq!(store.examine().await.expect("it reads").adopted, all);
        }
        other => panic!("it is ours: {other:?}"),
    }
}
