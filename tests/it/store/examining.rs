//! Looking without touching: what `doctor` reads.

use super::conformance;
use super::world::{World, anything, at};
use coursevia::domain::event::EventKind;
use coursevia::domain::job::{JobKind, Needs};
use coursevia::store::{Engine, Look, Part, Store};

use std::time::Duration;

conformance! {
    a_sound_database_is_called_sound,
    a_look_can_not_write,
    everything_a_fresh_world_holds_can_be_read,
    a_row_that_can_not_be_read_is_named_and_not_in_the_way,
    only_so_many_enrollments_are_read_the_newest_first,
    jobs_are_counted_by_what_became_of_them,
    the_newest_event_is_the_last_one_written,
}

/// The same database, looked at.
async fn look(world: &World) -> Store {
    match Store::look(&world.url).await {
        Ok(Look::Here(store)) => store,
        other => panic!("it is there: {other:?}"),
    }
}

async fn a_sound_database_is_called_sound(world: &World) {
    world.maya().await;
    let store = look(world).await;
    let found = store.examine().await.expect("it reads");
    assert_eq!(found.engine, world.store.engine());
    assert!(found.migrations.are_current() && found.migrations.applied > 0, "{found:?}");
    assert!(found.version.as_str().starts_with(|c: char| c.is_ascii_digit()), "{found:?}");
    assert_eq!(found.adopted, Vec::<String>::new());
    assert!(!found.settings.is_empty());
    assert_eq!(found.server_time.is_some(), found.engine == Engine::Postgres);
    if found.engine == Engine::Sqlite {
        assert!(found.settings.iter().all(|setting| setting.safe), "{found:?}");
    }
    assert_eq!(store.find_damage(Duration::from_secs(30)).await.expect("it looks"), Some(Vec::new()));
}

async fn a_look_can_not_write(world: &World) {
    let store = look(world).await;
    let student = world.student("lee@example.org");
    let plan = world.plan(&student, "digital-literacy", None).await;
    assert!(store.enroll(&plan).await.is_err());
    assert_eq!(world.store.find_student(student.id).await.expect("it reads"), None);
}

async fn everything_a_fresh_world_holds_can_be_read(world: &World) {
    world.maya().await;
    let store = look(world).await;
    for (part, rows) in [(Part::Programs, 2), (Part::Providers, 3), (Part::Offers, 3), (Part::Enrollments, 1)]
    {
        let reading = store.read_through(part, 100).await.expect("it reads");
        assert_eq!((reading.rows, reading.broken, reading.complete), (rows, 0, true), "{part:?}");
    }
    let names: Vec<_> =
        store.list_providers().await.expect("it reads").into_iter().map(|p| p.name.to_string()).collect();
    assert_eq!(names, ["Certiport", "Milady", "NDS"]);
}

async fn a_row_that_can_not_be_read_is_named_and_not_in_the_way(world: &World) {
    let broken = world.maya().await;
    world.enroll(&world.student("lee@example.org"), "digital-literacy", None).await;
    world.execute("UPDATE programs SET slug = 'Not A Slug' WHERE slug = 'cna-training'").await;
    let store = look(world).await;
    let reading = store.read_through(Part::Enrollments, 100).await.expect("it reads");
    assert_eq!((reading.rows, reading.broken), (2, 1));
    assert!(reading.examples[0].as_str().starts_with(&broken.id.to_string()), "{reading:?}");
    assert!(reading.examples[0].as_str().contains("program name"), "{reading:?}");
    assert_eq!(store.read_through(Part::Programs, 0).await.expect("it reads").broken, 1);
}

async fn only_so_many_enrollments_are_read_the_newest_first(world: &World) {
    for name in ["a", "b", "c"] {
        world.enroll(&world.student(&format!("{name}@example.org")), "digital-literacy", None).await;
    }
    let store = look(world).await;
    let reading = store.read_through(Part::Enrollments, 2).await.expect("it reads");
    assert_eq!((reading.rows, reading.complete), (2, false));
    let reading = store.read_through(Part::Enrollments, 3).await.expect("it reads");
    assert_eq!((reading.rows, reading.complete), (3, true));
}

async fn jobs_are_counted_by_what_became_of_them(world: &World) {
    let store = look(world).await;
    assert_eq!(store.list_given_up().await.expect("it reads"), []);
    assert_eq!(store.list_open().await.expect("it reads"), []);
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Provision, 0).await;
    world.give_up(&job, &maya).await;
    let given_up = store.list_given_up().await.expect("it reads");
    let [group] = given_up.as_slice() else { panic!("one group: {given_up:?}") };
    assert_eq!((group.kind, group.jobs, group.since), (Some(JobKind::Provision), 1, Some(at(1))));
    assert_eq!(group.last_error, Some("The partner did not answer.".into()));
    let open = store.list_open().await.expect("it reads");
    let [group] = open.as_slice() else { panic!("one group: {open:?}") };
    assert_eq!((&group.needs, group.jobs, group.since), (&Some(Needs::Mail), 1, Some(at(0))));
    // One that is being done is late only when its lease has run out.
    let lease = at(30);
    world.store.claim_job(at(0), lease, &anything).await.expect("it reads").expect("the mail");
    assert_eq!(store.list_open().await.expect("it reads")[0].since, Some(lease));
}

async fn the_newest_event_is_the_last_one_written(world: &World) {
    let store = look(world).await;
    let imported = store.newest_event().await.expect("it reads");
    assert_eq!(imported, Some(at(0)));
    let maya = world.maya().await;
    world.confirm(&maya).await;
    let mut event = world.event(EventKind::ProfileChanged, Some(&maya));
    event.at = at(7);
    let student = world.student("maya@example.org");
    let known = world.store.find_student_by_email(student.email.as_ref().expect("an address")).await;
    world.store.save_student(&known.expect("it reads").expect("Maya"), &event).await.expect("it is written");
    assert_eq!(store.newest_event().await.expect("it reads"), Some(at(7)));
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data/coursevia.db");
    let looked = Store::look(&format!("sqlite://{}", path.display())).await;
    assert!(matches!(looked, Ok(Look::Absent(ref place)) if *place == path), "{looked:?}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    std::fs::write(folder.path().join("empty.db"), "").expect("written");
    let looked = Store::look(&format!("sqlite://{}/empty.db", folder.path().display())).await;
    assert!(matches!(looked, Ok(Look::Empty(_))), "{looked:?}");
}

#[tokio::test]
async fn a_look_at_a_file_leaves_no_trace() {
    let world = World::sqlite().await;
    world.maya().await;
    world.store.close().await;
    let path = std::path::PathBuf::from(world.url.trim_start_matches("sqlite://"));
    let folder = path.parent().expect("a folder");
    let traces = || {
        let entries = std::fs::read_dir(folder).expect("a folder").flatten();
        let mut all: Vec<_> =
            entries.map(|entry| (entry.file_name(), std::fs::read(entry.path()).expect("a file"))).collect();
        all.sort();
        all
    };
    let before = traces();
    let store = look(&world).await;
    store.examine().await.expect("it reads");
    store.find_damage(Duration::from_secs(30)).await.expect("it looks");
    store.close().await;
    assert!(traces() == before, "something was left behind");
}

#[tokio::test]
async fn damage_in_a_file_is_found() {
    let world = World::sqlite().await;
    world.maya().await;
    world.execute("PRAGMA foreign_keys = OFF; DELETE FROM students").await;
    let damage = look(&world).await.find_damage(Duration::from_secs(30)).await.expect("it looks");
    let damage = damage.expect("it is done in time");
    assert!(damage.iter().any(|line| line.as_str().contains("missing rows of students")), "{damage:?}");
}

#[tokio::test]
async fn a_partner_that_can_not_be_read_is_named_by_its_column() {
    let world = World::sqlite().await;
    world
        .execute("UPDATE partner_lms_providers SET api_config = '{not json' WHERE provider_name = 'NDS'")
        .await;
    let store = look(&world).await;
    let reading = store.read_through(Part::Providers, 0).await.expect("it reads");
    assert_eq!((reading.rows, reading.broken), (3, 1));
    assert!(reading.examples[0].as_str().ends_with("(its column api_config)"), "{reading:?}");
    assert_eq!(store.list_providers().await.expect("it reads").len(), 2, "the others can still be asked");
}

#[tokio::test]
async fn a_file_torn_in_the_middle_is_damaged() {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let world = World::sqlite().await;
    world.maya().await;
    world.store.close().await;
    let path = world.url.trim_start_matches("sqlite://");
    let mut file = std::fs::File::options().write(true).open(path).expect("a file");
    let half = file.metadata().expect("a file").len() / 2;
    file.seek(SeekFrom::Start(half / 4096 * 4096)).expect("a place");
    file.write_all(&[0xa5; 16_384]).expect("written");
    drop(file);
    let found = match Store::look(&world.url).await {
        Ok(Look::Here(store)) => store.find_damage(Duration::from_secs(30)).await,
        Ok(other) => panic!("it is there: {other:?}"),
        Err(error) => Err(error),
    };
    assert!(!matches!(found, Ok(None)) && found.as_ref().ok() != Some(&Some(Vec::new())), "{found:?}");
}

#[tokio::test]
async fn rules_and_indexes_that_can_not_be_relied_upon_are_found() {
    let Some(world) = World::postgres().await else { return };
    world.execute("ALTER TABLE jobs ADD CONSTRAINT late CHECK (attempts < 1000) NOT VALID").await;
    world.execute("UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'jobs_due'::regclass").await;
    let damage = look(&world).await.find_damage(Duration::from_secs(30)).await.expect("it looks");
    let damage: Vec<String> = damage.expect("in time").iter().map(ToString::to_string).collect();
    assert_eq!(damage, ["the rule late of jobs was never checked", "the index jobs_due is not usable"]);
}

#[tokio::test]
async fn tables_of_another_version_are_told() {
    for world in [Some(World::sqlite().await), World::postgres().await].into_iter().flatten() {
        world
            .execute(
                "UPDATE _sqlx_migrations SET checksum = CHECKSUM".replace("CHECKSUM", odd(&world)).leak(),
            )
            .await;
        let found = look(&world).await.examine().await.expect("it reads");
        assert_eq!(found.migrations.changed, [1, 2, 3, 4, 5, 6], "{found:?}");
        world.execute("DELETE FROM _sqlx_migrations").await;
        let found = look(&world).await.examine().await.expect("it reads");
        assert_eq!((found.migrations.missing, found.migrations.applied), (vec![1, 2, 3, 4, 5, 6], 0));
    }
}

/// Some bytes, as each engine writes them.
fn odd(world: &World) -> &'static str {
    if world.store.engine() == Engine::Sqlite { "x'00'" } else { "'\\x00'" }
}
