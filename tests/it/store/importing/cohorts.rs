//! Importing dated starts: what a file may change, and what becomes of those who wait.

use super::super::conformance;
use super::super::world::{World, at, catalog};
use super::counts;
use chrono::{Days, NaiveDate, TimeDelta};
use coursevia::domain::catalog::{Catalog, CatalogCohort, Day, ImportReport};
use coursevia::domain::cohort::Cohort;
use coursevia::domain::event::EventKind;
use coursevia::domain::listing::{ProgramEntry, StartEntry};
use coursevia::domain::plan::JoinPlan;
use coursevia::domain::time::Instant;
use coursevia::domain::waitlist::{WaitlistEntry, WaitlistStatus, WaitlistView};
use coursevia::store::{Engine, StoreError};
use sqlx::Connection as _;

conformance! {
    starts_are_added_and_found,
    the_same_file_on_the_same_day_changes_nothing,
    days_after_the_import_are_new_starts_on_another_day,
    changes_of_a_start_keep_it,
    starts_with_other_times_or_places_are_others,
    absent_starts_stay_unless_pruned,
    what_is_pruned_comes_back,
    seats_that_are_taken_can_not_be_taken_away,
    an_offer_that_ran_out_is_no_seat_that_is_taken,
    new_seats_are_offered_to_those_who_wait,
    a_pruned_start_closes_its_queue,
    a_pruned_start_leaves_no_offer_that_can_not_be_taken,
    the_export_brings_nothing_new,
    what_is_over_is_neither_exported_nor_pruned,
    the_list_knows_starts_and_seats,
    the_list_knows_ratings,
    ten_thousand_starts_are_imported,
}

fn today() -> NaiveDate {
    at(0).date_naive()
}

fn start(days: u16, seats: u32) -> CatalogCohort {
    CatalogCohort {
        starts: Day::After(days),
        ends: Some(Day::After(days + 42)),
        schedule: Some("Mon + Wed 18:00".into()),
        time_zone: chrono_tz::Tz::America__Chicago,
        location: Some("Room 12".into()),
        seats,
    }
}

/// The small catalogue; Milady has these starts.
fn dated(cohorts: &[CatalogCohort]) -> Catalog {
    let mut dated = catalog();
    dated.programs[0].courses[1].cohorts = cohorts.to_vec();
    dated
}

async fn import(world: &World, cohorts: &[CatalogCohort]) -> ImportReport {
    world.import(&dated(cohorts), false).await
}

/// Milady's starts that are not over and active.
async fn starts(world: &World) -> Vec<Cohort> {
    world.program("cna-training").await.offers[1].cohorts.clone()
}

async fn starts_are_added_and_found(world: &World) {
    let report = import(world, &[start(14, 12), start(60, 3)]).await;
    assert_eq!((report.courses, report.cohorts), (counts(0, 0, 3, 0), counts(2, 0, 0, 0)));
    let found = starts(world).await;
    assert_eq!(found.len(), 2);
    let first = &found[0];
    assert_eq!((first.starts_on, first.ends_on), (today() + Days::new(14), Some(today() + Days::new(56))));
    assert_eq!((first.seats, first.taken, first.waiting, first.active), (12, 0, 0, true));
    assert_eq!(first.time_zone, chrono_tz::Tz::America__Chicago);
    let row = start(14, 12);
    assert_eq!((&first.schedule, &first.location), (&row.schedule, &row.location));
    assert!(world.program("cna-training").await.offers[1].dated);
}

async fn the_same_file_on_the_same_day_changes_nothing(world: &World) {
    let fixed = CatalogCohort { starts: Day::On(today() - Days::new(400)), ends: None, ..start(0, 5) };
    let file = [start(14, 12), CatalogCohort { schedule: None, location: None, ..start(14, 12) }, fixed];
    assert_eq!(import(world, &file).await.cohorts, counts(3, 0, 0, 0));
    let before = starts(world).await;
    let again = world.import_at(&dated(&file), true, at(60)).await.expect("it imports");
    assert_eq!(again.cohorts, counts(0, 0, 3, 0));
    assert_eq!(starts(world).await, before);
}

async fn days_after_the_import_are_new_starts_on_another_day(world: &World) {
    import(world, &[start(14, 12)]).await;
    let tomorrow = at(24 * 60);
    let file = dated(&[start(14, 12)]);
    let report = world.import_at(&file, false, tomorrow).await.expect("it imports");
    assert_eq!(report.cohorts, counts(1, 0, 0, 0));
    assert_eq!(starts(world).await.len(), 2);
}

async fn changes_of_a_start_keep_it(world: &World) {
    import(world, &[start(14, 12)]).await;
    let id = starts(world).await[0].id;
    let changed = CatalogCohort { ends: None, time_zone: chrono_tz::Tz::Asia__Tokyo, ..start(14, 9) };
    // The day of import is one day later in Tokyo by then or not: the start is written out.
    let changed = CatalogCohort { starts: Day::On(today() + Days::new(14)), ..changed };
    assert_eq!(import(world, &[changed]).await.cohorts, counts(0, 1, 0, 0));
    let after = &starts(world).await[0];
    assert_eq!((after.id, after.ends_on, after.seats), (id, None, 9));
    assert_eq!(after.time_zone, chrono_tz::Tz::Asia__Tokyo);
}

async fn starts_with_other_times_or_places_are_others(world: &World) {
    let morning = CatalogCohort { schedule: Some("Mon + Wed 9:00".into()), ..start(14, 12) };
    let elsewhere = CatalogCohort { location: None, ..start(14, 12) };
    assert_eq!(import(world, &[start(14, 12), morning, elsewhere]).await.cohorts, counts(3, 0, 0, 0));
    assert_eq!(starts(world).await.len(), 3);
}

async fn absent_starts_stay_unless_pruned(world: &World) {
    import(world, &[start(14, 12), start(60, 3)]).await;
    assert_eq!(import(world, &[start(60, 3)]).await.cohorts, counts(0, 0, 1, 0));
    assert_eq!(starts(world).await.len(), 2);
    let pruned = world.import(&dated(&[start(60, 3)]), true).await;
    assert_eq!(pruned.cohorts, counts(0, 0, 1, 1));
    assert_eq!(starts(world).await.iter().map(|cohort| cohort.seats).collect::<Vec<_>>(), [3]);
    assert_eq!(world.import(&dated(&[start(60, 3)]), true).await.cohorts, counts(0, 0, 1, 0), "only once");
}

async fn what_is_pruned_comes_back(world: &World) {
    import(world, &[start(14, 12)]).await;
    let id = starts(world).await[0].id;
    world.import(&dated(&[]), true).await;
    assert_eq!(starts(world).await, []);
    assert_eq!(import(world, &[start(14, 12)]).await.cohorts, counts(0, 1, 0, 0));
    assert_eq!(starts(world).await[0].id, id);
}

/// Somebody enrolls into the only start.
async fn take(world: &World, nth: u32) {
    let student = world.student(&format!("s{nth}@example.org"));
    let mut plan = world.plan(&student, "cna-training", Some("Milady")).await;
    plan.enrollment.cohort_id = Some(starts(world).await[0].id);
    world.store.enroll(&plan).await.expect("it enrolls");
}

/// Somebody waits for the only start.
async fn wait(world: &World, nth: u32) -> WaitlistEntry {
    let student = world.student(&format!("w{nth}@example.org"));
    let program = world.program("cna-training").await;
    let entry = WaitlistEntry {
        id: world.ids.new_id(),
        cohort_id: program.offers[1].cohorts[0].id,
        student_id: student.id,
        joined_at: at(0),
    };
    let plan = JoinPlan {
        entry,
        program_id: program.program.id,
        offers_last: TimeDelta::hours(24),
        event: world.event(EventKind::WaitlistJoined, None),
        new_student: Some(student),
    };
    world.store.join_waitlist(&plan).await.expect("it joins");
    entry
}

async fn entry(world: &World, entry: &WaitlistEntry) -> WaitlistView {
    world.store.find_waitlist_entry(entry.id).await.expect("it reads").expect("it is there")
}

async fn seats_that_are_taken_can_not_be_taken_away(world: &World) {
    import(world, &[start(14, 3)]).await;
    take(world, 1).await;
    take(world, 2).await;
    let before = world.store.export_catalog(at(0)).await.expect("it reads");
    let mut fewer = dated(&[start(14, 1)]);
    fewer.programs[1].title = "Another".into();
    let refused = world.import_at(&fewer, true, at(0)).await.expect_err("two seats are taken");
    let StoreError::SeatsTaken { start: named, taken, seats } = refused else {
        panic!("{refused}");
    };
    assert_eq!((named.partner.as_str(), named.starts_on), ("Milady", today() + Days::new(14)));
    assert_eq!((taken, seats), (2, 1));
    assert_eq!(world.store.export_catalog(at(0)).await.expect("it reads"), before, "nothing was imported");
    assert_eq!(import(world, &[start(14, 2)]).await.cohorts, counts(0, 1, 0, 0));
    let full = &starts(world).await[0];
    assert_eq!((full.seats, full.taken), (2, 2));
}

async fn an_offer_that_ran_out_is_no_seat_that_is_taken(world: &World) {
    import(world, &[start(14, 1)]).await;
    take(world, 1).await;
    let waiting = wait(world, 1).await;
    import(world, &[start(14, 2)]).await;
    let fixed = CatalogCohort {
        starts: Day::On(today() + Days::new(14)),
        ends: Some(Day::On(today() + Days::new(56))),
        ..start(14, 1)
    };
    let fewer = dated(&[fixed]);
    let early = world.import_at(&fewer, false, at(60)).await;
    assert!(matches!(early, Err(StoreError::SeatsTaken { taken: 2, .. })), "{early:?}");
    world.import_at(&fewer, false, at(24 * 60)).await.expect("the offer is over");
    assert_eq!(entry(world, &waiting).await.status, WaitlistStatus::Expired);
    let cohort = &starts(world).await[0];
    assert_eq!((cohort.seats, cohort.taken), (1, 1));
}

async fn new_seats_are_offered_to_those_who_wait(world: &World) {
    import(world, &[start(14, 1)]).await;
    take(world, 1).await;
    let waiting = [wait(world, 1).await, wait(world, 2).await, wait(world, 3).await];
    import(world, &[start(14, 3)]).await;
    let mut stand = Vec::new();
    for one in &waiting {
        stand.push(entry(world, one).await.status);
    }
    assert_eq!(stand, [WaitlistStatus::Offered, WaitlistStatus::Offered, WaitlistStatus::Waiting]);
    let cohort = &starts(world).await[0];
    assert_eq!((cohort.seats, cohort.taken, cohort.waiting), (3, 3, 1));
}

async fn a_pruned_start_closes_its_queue(world: &World) {
    import(world, &[start(14, 1)]).await;
    take(world, 1).await;
    let offered = wait(world, 1).await;
    let waiting = wait(world, 2).await;
    import(world, &[start(14, 2)]).await;
    assert_eq!(entry(world, &offered).await.status, WaitlistStatus::Offered);
    world.import(&dated(&[]), true).await;
    assert_eq!(entry(world, &offered).await.status, WaitlistStatus::Closed, "it can't be accepted any more");
    assert_eq!(entry(world, &waiting).await.status, WaitlistStatus::Closed);
    world.import(&dated(&[start(14, 2)]), true).await;
    assert_eq!(starts(world).await[0].taken, 1, "the seat that was offered is given back");
}

async fn a_pruned_start_leaves_no_offer_that_can_not_be_taken(world: &World) {
    import(world, &[start(14, 1)]).await;
    take(world, 1).await;
    let waiting = wait(world, 1).await;
    import(world, &[start(14, 2)]).await;
    assert_eq!(entry(world, &waiting).await.status, WaitlistStatus::Offered);
    world.import(&dated(&[]), true).await;
    let closed = entry(world, &waiting).await;
    assert_eq!((closed.status, closed.cohort.taken), (WaitlistStatus::Closed, 1));
    assert_eq!(world.store.count_seats().await.expect("it reads").wrong, 0);
}

async fn the_export_brings_nothing_new(world: &World) {
    let begun = CatalogCohort {
        starts: Day::On(today() - Days::new(9)),
        ends: Some(Day::On(today())),
        ..start(0, 5)
    };
    let bare = CatalogCohort { ends: None, schedule: None, location: None, ..start(30, 10_000) };
    import(world, &[begun, start(14, 12), bare]).await;
    let exported = world.store.export_catalog(at(0)).await.expect("it reads");
    assert_eq!(exported.programs[0].courses[1].cohorts.len(), 3);
    let report = world.import(&exported, true).await;
    assert_eq!(report.cohorts, counts(0, 0, 3, 0));
    assert_eq!(report.courses, counts(0, 0, 3, 0));
    assert_eq!(world.store.export_catalog(at(0)).await.expect("it reads"), exported);
}

async fn what_is_over_is_neither_exported_nor_pruned(world: &World) {
    let over = CatalogCohort {
        starts: Day::On(today() - Days::new(60)),
        ends: Some(Day::On(today() - Days::new(18))),
        ..start(0, 5)
    };
    import(world, &[over]).await;
    let exported = world.store.export_catalog(at(0)).await.expect("it reads");
    assert_eq!(exported.programs[0].courses[1].cohorts, []);
    assert_eq!(world.import(&exported, true).await.cohorts, counts(0, 0, 0, 0));
    assert!(world.program("cna-training").await.offers[1].dated, "it has dates, all of them over");
}

async fn milady(world: &World, now: Instant) -> (bool, Vec<(NaiveDate, bool)>) {
    let page = world.store.page_of_programs(None, 10, now).await.expect("it reads");
    let entry: &ProgramEntry = &page.entries[0];
    let view = world.store.list_programs(now).await.expect("it reads").swap_remove(0);
    assert_eq!(*entry, ProgramEntry::of(&view, now), "light rows say the same as whole ones");
    let offer = &entry.offers[1];
    let start = |start: &StartEntry| (start.starts_on, start.is_free);
    (offer.dated, offer.starts.iter().map(start).collect())
}

async fn the_list_knows_starts_and_seats(world: &World) {
    assert_eq!(milady(world, at(0)).await, (false, Vec::new()));
    import(world, &[start(1, 1), start(14, 12)]).await;
    take(world, 1).await;
    let day = |days| today() + Days::new(days);
    assert_eq!(milady(world, at(0)).await, (true, vec![(day(1), false), (day(14), true)]));
    assert_eq!(milady(world, at(0) + TimeDelta::days(5)).await, (true, vec![(day(14), true)]));
    assert_eq!(milady(world, at(0) + TimeDelta::days(50)).await, (true, Vec::new()));
}

async fn the_list_knows_ratings(world: &World) {
    let course = world.program("cna-training").await.offers[1].course.id.as_uuid();
    let insert = "INSERT INTO review_totals (course_id, rating, reviews) VALUES ($1, 4, 3), ($1, 5, 1)";
    match world.store.engine() {
        Engine::Sqlite => {
            let mut db = sqlx::SqliteConnection::connect(&world.url).await.expect("it connects");
            sqlx::query(insert).bind(course).execute(&mut db).await.expect("it is written");
        }
        Engine::Postgres => {
            let mut db = sqlx::PgConnection::connect(&world.url).await.expect("it connects");
            sqlx::query(insert).bind(course).execute(&mut db).await.expect("it is written");
        }
    }
    milady(world, at(0)).await;
    let page = world.store.page_of_programs(None, 10, at(0)).await.expect("it reads");
    let ratings: Vec<_> = page.entries[0].offers.iter().map(|offer| offer.rating).collect();
    assert_eq!(ratings, [None, Some(43), None]);
}

async fn ten_thousand_starts_are_imported(world: &World) {
    let all: Vec<_> = (0..10_000_u16)
        .map(|n| CatalogCohort { location: Some(format!("Room {n}").into()), ..start(n % 300, 12) })
        .collect();
    assert_eq!(import(world, &all).await.cohorts, counts(10_000, 0, 0, 0));
    assert_eq!(import(world, &all).await.cohorts, counts(0, 0, 10_000, 0));
}
