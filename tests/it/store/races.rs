//! Two terminals at once: the database is the last judge.

use super::conformance;
use super::world::{World, anything, at, catalog};
use coursevia::store::{Conflict, FailPoints, Store, StoreError};
use sqlx::{Connection as _, Executor as _};
use std::collections::HashSet;
use tokio::task::JoinSet;

conformance! {
    a_race_for_one_enrollment_has_one_winner,
    a_race_for_one_job_has_one_winner,
    a_race_of_imports_adds_each_row_once,
    a_race_to_cancel_and_claim_leaves_no_orphan,
}

/// A store of its own, as another process would have.
async fn another(world: &World) -> Store {
    Store::open(&world.url, FailPoints::none()).await.expect("it opens")
}

async fn a_race_for_one_enrollment_has_one_winner(world: &World) {
    let maya = world.student("maya@example.org");
    world.enroll(&maya, "digital-literacy", None).await;
    let mut race = JoinSet::new();
    for partner in ["Certiport", "Milady", "NDS", "Certiport", "Milady", "NDS"] {
        let (store, plan) = (another(world).await, world.plan(&maya, "cna-training", Some(partner)).await);
        race.spawn(async move { store.enroll(&plan).await });
    }
    let outcomes = race.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let refused = |outcome: &&Result<(), StoreError>| {
        matches!(outcome, Err(StoreError::Conflict(Conflict::LiveEnrollment)))
    };
    assert_eq!(outcomes.iter().filter(refused).count(), 5);
    assert_eq!(world.courses(maya.id).await.len(), 2);
}

async fn a_race_for_one_job_has_one_winner(world: &World) {
    for name in ["a", "b", "c"] {
        world.enroll(&world.student(&format!("{name}@example.org")), "cna-training", Some("Milady")).await;
    }
    let mut race = JoinSet::new();
    for _ in 0..8 {
        let store = another(world).await;
        race.spawn(async move { store.claim_job(at(0), at(2), &anything).await.expect("it reads") });
    }
    let claimed: Vec<_> = race.join_all().await.into_iter().flatten().map(|job| job.id).collect();
    let distinct: HashSet<_> = claimed.iter().collect();
    assert_eq!(distinct.len(), claimed.len(), "nobody claims what somebody has");
    let mut all = claimed.clone();
    while let Some(job) = world.claim(0).await {
        all.push(job.id);
    }
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 6);
}

async fn a_race_of_imports_adds_each_row_once(world: &World) {
    let mut larger = catalog();
    larger.programs.push(super::world::program("welding", "Welding", vec![super::world::offer("NDS")]));
    larger.partners.push(super::world::rest("New"));
    let imports = futures_util::future::join_all((0..3).map(|_| world.import_at(&larger, false, at(0))));
    let added: usize = imports.await.into_iter().map(|done| done.expect("it imports").programs.added).sum();
    assert_eq!(added, 1);
    assert_eq!(world.store.export_catalog(at(0)).await.expect("it reads").programs.len(), 3);
}

async fn a_race_to_cancel_and_claim_leaves_no_orphan(world: &World) {
    for round in 0..8 {
        let student = world.student(&format!("s{round}@example.org"));
        let course = world.enroll(&student, "cna-training", Some("Certiport")).await;
        let plan = world.cancelling(&course, &[]);
        let (cancelled, claimed) = tokio::join!(
            world.store.cancel(&plan),
            world.store.claim_job(at(0), at(2), &|needs| *needs != coursevia::domain::job::Needs::Mail)
        );
        let claimed = claimed.expect("it reads").filter(|job| job.enrollment_id == Some(course.id));
        assert_ne!(cancelled.is_ok(), claimed.is_some(), "a partner is asked and never told otherwise");
    }
}

/// Whether so many connections of this database wait for others.
async fn blocked(db: &mut sqlx::PgConnection, count: i64) -> bool {
    let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
        AND wait_event_type = 'Lock'";
    sqlx::query_scalar::<_, i64>(waiting).fetch_one(db).await.expect("it reads") >= count
}

/// A seat is offered while the student enrolls elsewhere: PostgreSQL shows the enrollment an entry
/// that still waits, and by the time it holds the start it is an offer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_made_meanwhile_is_left_too() {
    let Some(world) = World::postgres().await else { return };
    let cohort = world.start("Milady", 30, 1).await;
    let first = world.seated(&world.student("first@example.org"), "Milady", cohort, 0).await;
    world.store.enroll(&first).await.expect("a seat");
    let maya = world.student("maya@example.org");
    let join = world.joining(&maya, cohort, 1).await;
    world.store.join_waitlist(&join).await.expect("a place");
    let plan = world.plan(&maya, "cna-training", Some("Certiport")).await;

    let mut other = sqlx::PgConnection::connect(&world.url).await.expect("it connects");
    let mut watch = sqlx::PgConnection::connect(&world.url).await.expect("it connects");
    other.execute("BEGIN; UPDATE cohorts SET taken = taken").await.expect("it is held");
    let store = another(&world).await;
    let enrolling = tokio::spawn(async move { store.enroll(&plan).await });
    while !blocked(&mut watch, 1).await {}
    let offered = "UPDATE cohorts SET seats = 2, taken = 2; UPDATE waitlist_entries SET status = 'offered', \
        offered_at = now(), offer_until = 'infinity'; COMMIT";
    other.execute(offered).await.expect("it is offered");
    enrolling.await.expect("it runs").expect("it enrolls");
    assert_eq!(world.waits(&maya, 2).await, []);
    assert_eq!(world.seats(cohort).await.taken, 1, "the seat was given back");
}

/// One student at two terminals, enrolling at one and joining a waitlist at the other: neither
/// transaction sees what the other one writes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_who_enrolls_at_the_same_time() {
    let Some(world) = World::postgres().await else { return };
    let (full, free) = (world.start("Milady", 30, 1).await, world.start("Milady", 60, 1).await);
    let first = world.seated(&world.student("first@example.org"), "Milady", full, 0).await;
    world.store.enroll(&first).await.expect("a seat");
    let maya = world.student("maya@example.org");
    world.enroll(&maya, "digital-literacy", None).await;
    let plan = world.seated(&maya, "Milady", free, 1).await;
    let join = world.joining(&maya, full, 1).await;

    let mut other = sqlx::PgConnection::connect(&world.url).await.expect("it connects");
    let mut watch = sqlx::PgConnection::connect(&world.url).await.expect("it connects");
    let hold = sqlx::query("UPDATE cohorts SET taken = taken WHERE id = $1").bind(free.as_uuid());
    other.execute("BEGIN").await.expect("it begins");
    hold.execute(&mut other).await.expect("it is held");
    let (one, two) = (another(&world).await, another(&world).await);
    let enrolling = tokio::spawn(async move { one.enroll(&plan).await });
    while !blocked(&mut watch, 1).await {}
    let joining = tokio::spawn(async move { two.join_waitlist(&join).await });
    while !joining.is_finished() && !blocked(&mut watch, 2).await {}
    other.execute("COMMIT").await.expect("it is let go");
    enrolling.await.expect("it runs").expect("it enrolls");
    let joined = joining.await.expect("it runs");
    assert!(matches!(joined, Err(StoreError::Conflict(Conflict::LiveEnrollment))), "{joined:?}");
    assert_eq!(world.waits(&maya, 2).await, []);
}

/// A server that was restarted, or a network that was cut: every connection of the pool is dead.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_were_cut_are_replaced() {
    let Some(world) = World::postgres().await else { return };
    let maya = world.maya().await;
    let mut other = sqlx::PgConnection::connect(&world.url).await.expect("it connects");
    for address in ["a@example.org", "b@example.org", "c@example.org"] {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        other.execute(cut).await.expect("they are cut");
        // One that was used a moment ago is not asked whether it stands: it fails once, and goes.
        let read = || world.store.list_courses(maya.student_id);
        let mut failed = 0;
        while let (Err(_), ..) | (_, Err(_), _) | (.., Err(_)) = tokio::join!(read(), read(), read()) {
            failed += 1;
            assert!(failed <= 3, "as many as the pool has");
        }
        let plan = world.plan(&world.student(address), "cna-training", Some("Milady")).await;
        world.store.enroll(&plan).await.expect("it enrolls");
    }
}

/// A task that is spawned must be `Send`; sqlx loses that easily, so every call is checked here.
#[expect(dead_code, reason = "it only has to compile")]
fn every_call_can_be_spawned(store: &'static Store, plan: &'static coursevia::store::ImportPlan<'static>) {
    fn spawnable<T: Send>(_: T) {}
    let id = uuid::Uuid::nil();
    spawnable(Store::open("", FailPoints::none()));
    spawnable(store.close());
    spawnable(store.import_catalog(plan));
    spawnable(store.export_catalog(at(0)));
    spawnable(store.list_programs(at(0)));
    spawnable(store.page_of_programs(None, 1, at(0)));
    spawnable(store.list_programs_by_id(&[], at(0)));
    spawnable(store.find_program_by_id(id.into(), at(0)));
    spawnable(store.search_students("", 1));
    spawnable(store.list_courses(id.into()));
    spawnable(store.find_course(id.into()));
    spawnable(store.find_live_enrollment(id.into(), id.into()));
    spawnable(store.list_sync_partners(None));
    spawnable(store.list_syncable(id.into(), None, at(0), None, 1));
    spawnable(store.list_samples(id.into(), 1));
    spawnable(store.list_expiring_certificates(at(0), at(0), 1));
    spawnable(store.list_history(id.into()));
    spawnable(store.claim_job(at(0), at(0), &anything));
    spawnable(store.next_job_at(&anything));
    spawnable(store.check_statements());
}
