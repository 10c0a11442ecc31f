//! Students and advisors.

use super::conformance;
use super::world::{World, at, email};
use coursevia::domain::event::EventKind;
use coursevia::domain::fits::Preferences;
use coursevia::domain::ids::StudentId;
use coursevia::domain::person::{Advisor, Student};
use coursevia::store::{Conflict, StoreError};

conformance! {
    finds_a_student_by_id_and_address,
    looks_people_up_without_case_in_every_script,
    a_percent_sign_is_only_a_percent_sign,
    saves_name_and_address,
    refuses_an_address_somebody_else_has,
    an_advisor_is_written_down_once,
    keeps_what_a_student_needs,
    keeps_nothing_for_somebody_unknown,
}

async fn join(world: &World, address: &str, name: &str) -> Student {
    let student = Student { name: Some(name.into()), ..world.student(address) };
    world.enroll(&student, "digital-literacy", None).await;
    student
}

async fn found(world: &World, part: &str) -> Vec<StudentId> {
    let students = world.store.search_students(part, 10).await.expect("it reads");
    students.into_iter().map(|student| student.id).collect()
}

async fn finds_a_student_by_id_and_address(world: &World) {
    let maya = join(world, "maya@example.org", "Maya Okafor").await;
    assert_eq!(world.store.find_student(maya.id).await.expect("it reads"), Some(maya.clone()));
    let by_address = world.store.find_student_by_email(&email("MAYA@example.org")).await;
    assert_eq!(by_address.expect("it reads"), Some(maya));
    let nobody = world.store.find_student_by_email(&email("nobody@example.org")).await;
    assert_eq!(nobody.expect("it reads"), None);
}

async fn looks_people_up_without_case_in_every_script(world: &World) {
    let zoe = join(world, "z@example.org", "Zoë Ångström").await;
    let maya = join(world, "maya@example.org", "Maya Okafor").await;
    assert_eq!(found(world, "ZOË").await, [zoe.id]);
    assert_eq!(found(world, "ång").await, [zoe.id]);
    assert_eq!(found(world, "MAYA@").await, [maya.id]);
    assert_eq!(found(world, "example.org").await, [maya.id, zoe.id]);
    assert_eq!(world.store.search_students("", 1).await.expect("it reads"), [maya]);
}

async fn a_percent_sign_is_only_a_percent_sign(world: &World) {
    let odd = join(world, "odd@example.org", r"100% Ma_ya \o/").await;
    join(world, "maya@example.org", "Maya Okafor").await;
    for part in ["%", "a_y", r"\"] {
        assert_eq!(found(world, part).await, [odd.id], "{part}");
    }
}

async fn saves_name_and_address(world: &World) {
    let mut maya = join(world, "maya@example.org", "Maya Okafor").await;
    maya.name = Some("Maya Obi".into());
    maya.email = Some(email("obi@example.org"));
    let event = world.event(EventKind::ProfileChanged, None);
    world.store.save_student(&maya, &event).await.expect("it is written");
    assert_eq!(found(world, "obi").await, [maya.id]);
    assert_eq!(found(world, "okafor").await, []);
    let unknown = world.student("nobody@example.org");
    let event = world.event(EventKind::ProfileChanged, None);
    let outcome = world.store.save_student(&unknown, &event).await;
    assert!(matches!(outcome, Err(StoreError::Conflict(Conflict::Changed))));
}

async fn refuses_an_address_somebody_else_has(world: &World) {
    join(world, "maya@example.org", "Maya Okafor").await;
    let mut lena = join(world, "lena@example.org", "Lena").await;
    lena.email = Some(email("maya@example.org"));
    let event = world.event(EventKind::ProfileChanged, None);
    let outcome = world.store.save_student(&lena, &event).await;
    assert!(matches!(outcome, Err(StoreError::Conflict(Conflict::StudentExists))));
}

async fn an_advisor_is_written_down_once(world: &World) {
    let advisor = |name: &str| Advisor {
        id: world.ids.new_id(),
        email: email("advisor@example.org"),
        name: Some(name.into()),
    };
    let first = advisor("Ada");
    assert_eq!(world.store.ensure_advisor(&first, at(0)).await.expect("it is written"), first);
    assert_eq!(world.store.ensure_advisor(&advisor("Bob"), at(1)).await.expect("it is written"), first);
}

async fn keeps_what_a_student_needs(world: &World) {
    let maya = join(world, "maya@example.org", "Maya Okafor").await;
    let found = || async { world.store.find_preferences(maya.id).await.expect("it reads") };
    assert_eq!(found().await, None);
    let first = Preferences { evenings: Some(true), teacher: Some(false), ..Preferences::default() };
    let second = Preferences { campus: Some(false), budget: Some(0), ..Preferences::default() };
    for needs in [first, second, Preferences::default()] {
        let event = world.event(EventKind::PreferencesSaved, None);
        world.store.save_preferences(maya.id, &needs, &event).await.expect("it is written");
        assert_eq!(found().await, Some(needs));
    }
}

async fn keeps_nothing_for_somebody_unknown(world: &World) {
    let nobody = world.student("nobody@example.org");
    let event = world.event(EventKind::PreferencesSaved, None);
    assert!(world.store.save_preferences(nobody.id, &Preferences::default(), &event).await.is_err());
    assert_eq!(world.store.find_preferences(nobody.id).await.expect("it reads"), None);
}
