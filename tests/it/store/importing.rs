//! Importing and exporting a catalogue.

use super::conformance;
use super::world::{World, at, catalog, offer, program, rest, slug};
use coursevia::domain::catalog::{Catalog, Counts, ImportReport};
use coursevia::domain::enrollment::Status;
use coursevia::domain::money::Terms;
use coursevia::domain::progress::Percent;
use coursevia::domain::refund::{RefundPolicy, RefundStep, RefundWhen};
use coursevia::store::{Conflict, Part, StoreError};

mod cohorts;

conformance! {
    an_import_adds_everything,
    a_second_import_changes_nothing,
    only_what_differs_is_written,
    ids_stay_the_same,
    what_is_absent_stays_untouched,
    pruning_deactivates_what_is_absent,
    what_comes_back_is_active_again,
    a_changed_agreement_is_a_new_version,
    a_wrong_catalogue_leaves_nothing,
    the_export_is_what_was_imported,
    ten_thousand_programs_are_imported,
    an_empty_database_has_no_catalogue,
    a_refund_policy_is_kept,
    a_damaged_refund_policy_is_named_and_mended,
}

fn counts(added: usize, updated: usize, unchanged: usize, deactivated: usize) -> Counts {
    Counts { added, updated, unchanged, deactivated }
}

async fn an_import_adds_everything(world: &World) {
    let mut other = catalog();
    for (partner, name) in other.partners.iter_mut().zip(["A", "B", "C"]) {
        partner.name = name.into();
    }
    other.programs = vec![program("welding", "Welding", vec![offer("A"), offer("C")])];
    let report = world.import(&other, false).await;
    let wanted = ImportReport {
        partners: counts(3, 0, 0, 0),
        programs: counts(1, 0, 0, 0),
        courses: counts(2, 0, 0, 0),
        cohorts: Counts::default(),
        kept_paused: 0,
    };
    assert_eq!(report, wanted);
    assert!(world.store.has_catalog().await.expect("it reads"));
    let view = world.program("welding").await;
    assert!(view.program.demo && view.offers[0].provider.demo);
    assert_eq!(view.program.aliases, other.programs[0].aliases);
    assert_eq!(view.offers[0].course.terms, Terms::Share(5_000));
}

async fn a_second_import_changes_nothing(world: &World) {
    let report = world.import(&catalog(), true).await;
    let wanted = ImportReport {
        partners: counts(0, 0, 3, 0),
        programs: counts(0, 0, 2, 0),
        courses: counts(0, 0, 3, 0),
        cohorts: Counts::default(),
        kept_paused: 0,
    };
    assert_eq!(report, wanted);
}

async fn only_what_differs_is_written(world: &World) {
    let mut changed = catalog();
    changed.partners[1].description = "Hybrid".into();
    changed.programs[1].summary = "Computers without fear.".into();
    changed.programs[0].courses[0].price.cents = 1;
    let report = world.import(&changed, false).await;
    let wanted = ImportReport {
        partners: counts(0, 1, 2, 0),
        programs: counts(0, 1, 1, 0),
        courses: counts(0, 1, 2, 0),
        cohorts: Counts::default(),
        kept_paused: 0,
    };
    assert_eq!(report, wanted);
}

async fn ids_stay_the_same(world: &World) {
    let before = world.program("cna-training").await;
    let mut changed = catalog();
    changed.demo = false;
    changed.programs[0].title = "Nursing".into();
    changed.programs[0].courses[0].name = "Nursing".into();
    world.import(&changed, false).await;
    let after = world.program("cna-training").await;
    assert_eq!((after.program.id, after.program.title.as_str()), (before.program.id, "Nursing"));
    assert_eq!(after.offers[0].course.id, before.offers[0].course.id);
    assert_eq!(after.offers[0].provider.id, before.offers[0].provider.id);
    assert!(!after.program.demo);
}

async fn what_is_absent_stays_untouched(world: &World) {
    let before = world.store.list_programs(at(0)).await.expect("it reads");
    world.import(&Catalog { demo: true, ..Catalog::default() }, false).await;
    assert_eq!(world.store.list_programs(at(0)).await.expect("it reads"), before);
}

fn smaller() -> Catalog {
    let mut smaller = catalog();
    smaller.partners.truncate(2);
    smaller.programs.truncate(1);
    smaller.programs[0].courses.truncate(1);
    smaller
}

async fn pruning_deactivates_what_is_absent(world: &World) {
    let maya = world.maya().await;
    let report = world.import(&smaller(), true).await;
    let wanted = ImportReport {
        partners: counts(0, 0, 2, 1),
        programs: counts(0, 0, 1, 1),
        courses: counts(0, 0, 1, 2),
        cohorts: Counts::default(),
        kept_paused: 0,
    };
    assert_eq!(report, wanted);
    assert_eq!(world.import(&smaller(), true).await.partners, counts(0, 0, 2, 0), "only once");
    let view = world.program("cna-training").await;
    let active: Vec<_> = view.offers.iter().map(|offer| offer.course.active).collect();
    assert_eq!(active, [true, false, false]);
    assert!(!view.offers[2].provider.availability.is_active());
    assert!(!world.program("digital-literacy").await.program.active, "found, but not listed");
    assert_eq!(world.course(maya.id).await.enrollment.status, Status::Active);
}

async fn what_comes_back_is_active_again(world: &World) {
    world.import(&smaller(), true).await;
    let report = world.import(&catalog(), true).await;
    assert_eq!(report.partners, counts(0, 1, 2, 0));
    assert_eq!(report.programs, counts(0, 1, 1, 0));
    assert_eq!(report.courses, counts(0, 2, 1, 0));
    assert_eq!(world.store.export_catalog(at(0)).await.expect("it reads"), catalog());
}

async fn a_changed_agreement_is_a_new_version(world: &World) {
    let mut changed = catalog();
    for (minute, terms) in [(1, Terms::Wholesale(2_500)), (2, Terms::None), (2, Terms::Share(1))] {
        changed.programs[0].courses[0].terms = terms;
        let report = world.import_at(&changed, false, at(minute)).await.expect("it imports");
        assert_eq!(report.courses, counts(0, 1, 2, 0));
        assert_eq!(world.program("cna-training").await.offers[0].course.terms, terms);
    }
}

async fn a_wrong_catalogue_leaves_nothing(world: &World) {
    let mut wrong = catalog();
    wrong.partners.push(rest("New"));
    wrong.programs.push(program("welding", "Welding", vec![offer("Nobody")]));
    let outcome = world.import_at(&wrong, false, at(0)).await;
    assert!(matches!(outcome, Err(StoreError::Conflict(Conflict::Other))));
    assert_eq!(world.store.find_program(&slug("welding"), at(0)).await.expect("it reads"), None);
    assert_eq!(world.store.export_catalog(at(0)).await.expect("it reads"), catalog());
}

async fn the_export_is_what_was_imported(world: &World) {
    assert_eq!(world.store.export_catalog(at(0)).await.expect("it reads"), catalog());
}

async fn ten_thousand_programs_are_imported(world: &World) {
    let mut large = catalog();
    large.programs = (0..10_000)
        .map(|n| program(&format!("program-{n:05}"), &format!("Program {n:05}"), vec![offer("Certiport")]))
        .collect();
    let report = world.import(&large, false).await;
    assert_eq!((report.programs.added, report.courses.added), (10_000, 10_000));
    assert_eq!(world.import(&large, false).await.courses.unchanged, 10_000);
    assert_eq!(world.store.list_programs(at(0)).await.expect("it reads").len(), 10_002);
}

async fn an_empty_database_has_no_catalogue(world: &World) {
    let empty = match world.store.engine() {
        coursevia::store::Engine::Sqlite => World::empty_sqlite().await,
        coursevia::store::Engine::Postgres => World::empty_postgres().await.expect("PostgreSQL is there"),
    };
    assert!(!empty.store.has_catalog().await.expect("it reads"));
    assert_eq!(empty.store.export_catalog(at(0)).await.expect("it reads"), Catalog::default());
    assert_eq!(empty.store.list_programs(at(0)).await.expect("it reads"), []);
}

/// The catalogue with steps for Milady.
fn stepped() -> Catalog {
    let percent = |value| Percent::new(value).expect("a share");
    let step = |back, when| RefundStep { percent: percent(back), when };
    let mut stepped = catalog();
    stepped.partners[1].refunds = RefundPolicy::new(vec![
        step(100, RefundWhen::BeforeStart),
        step(50, RefundWhen::ProgressUpTo(percent(25))),
        step(10, RefundWhen::DaysAfterEnrolling(7)),
    ]);
    stepped
}

async fn a_refund_policy_is_kept(world: &World) {
    let stepped = stepped();
    assert_eq!(world.import(&stepped, false).await.partners, counts(0, 1, 2, 0));
    assert_eq!(world.import(&stepped, false).await.partners, counts(0, 0, 3, 0));
    assert_eq!(world.store.export_catalog(at(0)).await.expect("it reads"), stepped);
    let offers = world.program("cna-training").await.offers;
    let milady = offers.iter().find(|offer| offer.provider.name.as_str() == "Milady").expect("she is there");
    assert_eq!(milady.provider.refunds, stepped.partners[1].refunds);
    assert_eq!(world.import(&catalog(), false).await.partners, counts(0, 1, 2, 0), "the usual one again");
    assert_eq!(world.store.export_catalog(at(0)).await.expect("it reads"), catalog());
}

async fn a_damaged_refund_policy_is_named_and_mended(world: &World) {
    world
        .execute(
            "UPDATE partner_lms_providers SET refund_policy = '[{\"percent\":101,\"before_start\":true}]' \
             WHERE provider_name = 'Milady'",
        )
        .await;
    let reading = world.store.read_through(Part::Providers, 100).await.expect("it reads");
    assert_eq!((reading.rows, reading.broken), (3, 1));
    assert!(reading.examples[0].as_str().contains("refund policy"), "{reading:?}");
    assert_eq!(world.store.list_providers().await.expect("it reads")[1].refunds, RefundPolicy::default());
    assert_eq!(world.import(&catalog(), false).await.partners, counts(0, 1, 2, 0), "written anew");
    assert_eq!(world.store.read_through(Part::Providers, 100).await.expect("it reads").broken, 0);
}
