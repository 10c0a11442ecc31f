//! Programs, courses and their order: nothing that exists disappears.

use super::conformance;
use super::world::{World, at, catalog, program, slug};
use chrono::TimeDelta;
use coursevia::domain::candidate::Outcome;
use coursevia::domain::enrollment::Status;
use coursevia::domain::listing::ProgramEntry;
use coursevia::domain::plan::EnrollmentPlan;
use coursevia::domain::provider::{Availability, Protocol};
use coursevia::domain::views::{ProgramView, Unavailable};

conformance! {
    keeps_programs_without_partners,
    pages_of_any_size_are_the_whole_list_in_its_order,
    a_page_says_of_an_offer_what_its_screen_says,
    details_are_read_for_many_programs_at_once,
    lists_programs_in_the_catalogues_order_and_partners_by_name_without_case,
    paused_partners_and_inactive_courses_stay_as_offers,
    a_paused_partners_enrollment_stays_visible,
    a_retired_programs_enrollment_stays_visible,
    enrollments_of_every_status_are_listed_newest_first,
    the_oldest_figures_are_synced_first,
    counts_what_became_of_enrollments,
    what_is_unknown_is_not_found,
    instants_keep_their_order_to_the_microsecond,
    every_statement_fits_the_tables,
}

async fn keeps_programs_without_partners(world: &World) {
    let programs = world.store.list_programs(at(0)).await.expect("it reads");
    let found = programs.iter().find(|view| view.program.slug == slug("digital-literacy"));
    assert!(found.is_some_and(ProgramView::self_hosted));
}

async fn pages_of_any_size_are_the_whole_list_in_its_order(world: &World) {
    let mut catalog = catalog();
    let courses = catalog.programs[0].courses.clone();
    catalog.programs.extend((0..7).map(|n| program(&format!("p{}", 9 - n), "Course", courses.clone())));
    catalog.programs[1].courses.clear();
    world.import(&catalog, false).await;
    let all = world.store.list_programs(at(0)).await.expect("it reads");
    let whole: Vec<_> = all.iter().map(|view| ProgramEntry::of(view, at(0))).collect();
    for size in [1, 2, 3, 9, 50] {
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let page = world.store.page_of_programs(after.as_ref(), size, at(0)).await.expect("it reads");
            assert_eq!(page.total, after.is_none().then_some(9));
            read.extend(page.entries.iter().map(|entry| ProgramEntry::clone(entry)));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(read, whole, "pages of {size}");
    }
}

async fn a_page_says_of_an_offer_what_its_screen_says(world: &World) {
    let mut catalog = catalog();
    catalog.partners[0].availability = Availability::paused(None, None);
    catalog.programs[0].courses[1].active = false;
    world.import(&catalog, false).await;
    let page = world.store.page_of_programs(None, 1, at(0)).await.expect("it reads");
    let view = world.program("cna-training").await;
    assert_eq!(*page.entries[0], ProgramEntry::of(&view, at(0)));
    assert!(page.entries[0].offers.iter().any(|offer| !offer.available));
    assert_eq!(page.entries[0].price(), view.price(at(0)));
}

async fn details_are_read_for_many_programs_at_once(world: &World) {
    let mut catalog = catalog();
    catalog.programs.extend((0..70).map(|n| program(&format!("p{n}"), "Course", Vec::new())));
    world.import(&catalog, false).await;
    let all = world.store.list_programs(at(0)).await.expect("it reads");
    let mut ids: Vec<_> = all.iter().map(|view| view.program.id).collect();
    ids.push(world.ids.uuid().into());
    let mut read = world.store.list_programs_by_id(&ids, at(0)).await.expect("it reads");
    read.sort_by_key(|view| ids.iter().position(|id| *id == view.program.id));
    assert_eq!(read, all, "an id nobody knows is left out");
    assert_eq!(world.store.list_programs_by_id(&[], at(0)).await.expect("it reads"), []);
}

async fn lists_programs_in_the_catalogues_order_and_partners_by_name_without_case(world: &World) {
    let mut catalog = catalog();
    catalog.programs[1].title = "adult literacy".into();
    catalog.partners[2].name = "akademie".into();
    catalog.programs[0].courses[2].partner = "akademie".into();
    world.import(&catalog, true).await;
    let programs = world.store.list_programs(at(0)).await.expect("it reads");
    let titles: Vec<_> = programs.iter().map(|view| view.program.title.as_str()).collect();
    assert_eq!(titles, ["CNA Training", "adult literacy"]);
    catalog.programs.swap(0, 1);
    world.import(&catalog, false).await;
    let programs = world.store.list_programs(at(0)).await.expect("it reads");
    assert_eq!(programs[0].program.title.as_str(), "adult literacy");
    let partners: Vec<_> = programs[1].offers.iter().map(|offer| offer.provider.name.as_str()).collect();
    assert_eq!(partners, ["akademie", "Certiport", "Milady", "NDS"]);
    let one = world.program("cna-training").await;
    assert_eq!(one, programs[1]);
    assert_eq!(world.store.find_program_by_id(one.program.id, at(0)).await.expect("it reads"), Some(one));
}

async fn paused_partners_and_inactive_courses_stay_as_offers(world: &World) {
    let mut catalog = catalog();
    let until = chrono::NaiveDate::from_ymd_opt(2026, 3, 1);
    let paused = Availability::paused(Some("Renewing its accreditation".into()), until);
    catalog.partners[0].availability = paused.clone();
    catalog.programs[0].courses[1].active = false;
    world.import(&catalog, false).await;
    let view = world.program("cna-training").await;
    assert_eq!(view.offers[0].provider.availability, paused);
    let reasons: Vec<_> = view.offers.iter().map(|offer| offer.unavailable(at(0))).collect();
    assert_eq!(reasons, [Some(Unavailable::PartnerPaused), Some(Unavailable::CourseInactive), None]);
    assert!(matches!(view.offers[2].provider.protocol, Protocol::Link(_)));
}

async fn a_paused_partners_enrollment_stays_visible(world: &World) {
    let maya = world.maya().await;
    let mut catalog = catalog();
    catalog.partners[0].availability = Availability::paused(None, None);
    catalog.programs[0].courses[0].active = false;
    world.import(&catalog, false).await;
    let courses = world.courses(maya.student_id).await;
    assert_eq!(courses.len(), 1);
    assert!(courses[0].provider().is_some_and(|provider| !provider.availability.is_active()));
}

async fn a_retired_programs_enrollment_stays_visible(world: &World) {
    let maya = world.maya().await;
    let mut catalog = catalog();
    catalog.programs.remove(0);
    catalog.partners.clear();
    world.import(&catalog, true).await;
    assert_eq!(world.store.list_programs(at(0)).await.expect("it reads").len(), 1);
    assert_eq!(world.courses(maya.student_id).await[0].program_title.as_str(), "CNA Training");
}

async fn enrollments_of_every_status_are_listed_newest_first(world: &World) {
    let maya = world.student("maya@example.org");
    let first = world.enroll(&maya, "cna-training", Some("Certiport")).await;
    world.store.cancel(&world.cancelling(&first, &[])).await.expect("it cancels");
    let later = async |mut plan: EnrollmentPlan, minute, status| {
        plan.enrollment.enrolled_at = at(minute);
        plan.enrollment.status = status;
        world.store.enroll(&plan).await.expect("it enrolls");
        plan.enrollment.id
    };
    let done = world.plan(&maya, "cna-training", Some("Milady")).await;
    let done = later(done, 5, Status::Completed).await;
    let pending = world.plan(&maya, "cna-training", Some("NDS")).await;
    let pending = later(pending, 3, Status::Pending).await;
    let active = world.plan(&maya, "digital-literacy", None).await;
    let active = later(active, 4, Status::Active).await;
    let listed: Vec<_> = world.courses(maya.id).await.iter().map(|view| view.enrollment.id).collect();
    assert_eq!(listed, [done, active, pending, first.id]);
}

async fn the_oldest_figures_are_synced_first(world: &World) {
    let mut ids = Vec::new();
    for (name, minute) in [("a", Some(9)), ("b", None), ("c", Some(3))] {
        let student = world.student(&format!("{name}@example.org"));
        let mut plan = world.plan(&student, "cna-training", Some("Certiport")).await;
        plan.enrollment.link = coursevia::domain::enrollment::Link::Confirmed;
        plan.enrollment.progress.as_of = minute.map(at);
        plan.enrollment.external_enrollment_id = Some(name.into());
        world.store.enroll(&plan).await.expect("it enrolls");
        ids.push(plan.enrollment.id);
    }
    world.maya().await;
    assert_eq!(world.due(None).await, [ids[1], ids[2], ids[0]]);
}

async fn what_is_unknown_is_not_found(world: &World) {
    let id = world.ids.uuid();
    assert_eq!(world.store.find_program(&slug("nothing"), at(0)).await.expect("it reads"), None);
    assert_eq!(world.store.find_program_by_id(id.into(), at(0)).await.expect("it reads"), None);
    assert_eq!(world.store.find_course(id.into()).await.expect("it reads"), None);
    assert_eq!(world.store.last_used(id.into()).await.expect("it reads"), None);
    assert_eq!(world.store.list_history(id.into()).await.expect("it reads"), []);
    assert_eq!(world.store.provision_attempts(id.into()).await.expect("it reads"), 0);
    assert_eq!(world.store.find_account(id.into(), id.into()).await.expect("it reads"), None);
    assert_eq!(world.courses(id.into()).await, []);
}

async fn instants_keep_their_order_to_the_microsecond(world: &World) {
    let maya = world.student("maya@example.org");
    let offsets = [0, 1, 10, 1_000, 123_000, 999_999, 1_000_000];
    let mut written = Vec::new();
    for micros in offsets {
        let mut plan = world.plan(&maya, "digital-literacy", None).await;
        plan.enrollment.status = Status::Cancelled;
        plan.enrollment.enrolled_at = at(0) + TimeDelta::microseconds(micros) + TimeDelta::nanoseconds(7);
        world.store.enroll(&plan).await.expect("it enrolls");
        written.push(at(0) + TimeDelta::microseconds(micros));
    }
    let read: Vec<_> =
        world.courses(maya.id).await.iter().rev().map(|view| view.enrollment.enrolled_at).collect();
    assert_eq!(read, written);
}

async fn every_statement_fits_the_tables(world: &World) {
    let checked = world.store.check_statements().await.expect("every statement fits");
    assert!(checked > 50, "{checked}");
}

async fn counts_what_became_of_enrollments(world: &World) {
    for nth in 0..7 {
        world
            .standing(nth, |enrollment| {
                enrollment.status = match nth {
                    0..3 => Status::Completed,
                    3 => Status::Cancelled,
                    4 => Status::Pending,
                    _ => Status::Active,
                };
                enrollment.completed_at = (nth < 3).then(|| at(5));
            })
            .await;
    }
    world.enroll(&world.student("other@example.org"), "digital-literacy", None).await;
    let view = world.program("cna-training").await;
    let outcomes = world.store.count_outcomes(view.program.id).await.expect("it reads");
    for offer in &view.offers {
        let wanted = match offer.provider.name.as_str() {
            "Certiport" => Outcome { completed: 3, active: 2 },
            _ => Outcome::default(),
        };
        assert_eq!(outcomes.get(&offer.course.id).copied().unwrap_or_default(), wanted);
    }
    assert_eq!(outcomes.len(), view.offers.len());
}
