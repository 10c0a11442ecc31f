//! The built-in courses come into the demo database: a new one, an old one, and once.

use crate::support::desk::Campus;
use crate::support::postgres;
use coursevia::catalog::lessons::BUILT_IN;
use coursevia::domain::actor::Actor;
use coursevia::domain::decide::Choice;
use coursevia::domain::learning::Outline;
use coursevia::domain::person::Email;
use coursevia::service::Enroll;

/// What somebody new finds in a course.
async fn outline(campus: &Campus, slug: &str, email: &str) -> Outline {
    let services = campus.services().await;
    let email = Email::parse(email).expect("an address");
    let student = services.learner(&email, None).await.expect("a student");
    let student = services.as_known(student).await.expect("a student");
    let program = services.program(slug).await.expect("a program");
    let actor = Actor::Student(student.id);
    let request = Enroll { actor, student: &student, program: program.program.id, choice: Choice::Unmade };
    let id = Box::pin(services.enroll(&request)).await.expect("enrolled").enrollment.id;
    services.outline(actor, id).await.expect("lessons")
}

async fn come_in_once(campus: Campus) {
    for course in BUILT_IN {
        let outline = outline(&campus, course.slug, "maya@example.org").await;
        assert_eq!(outline.lessons.len(), course.files.len() - 1, "{}", course.slug);
        assert_eq!(outline.version, 1);
    }
    campus.services().await.seed_demo().await.expect("nothing to do");
    assert_eq!(outline(&campus, BUILT_IN[0].slug, "otto@example.org").await.version, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_come_in_once_on_sqlite() {
    come_in_once(Campus::demo().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_come_in_once_on_postgres() {
    if let Some(database) = postgres::database().await {
        come_in_once(Campus::demo_in(&database.url).await).await;
    }
}

/// Changes the demo database behind everybody's back.
fn change(campus: &Campus, statements: &str) {
    let file = campus.folder().join("demo.db");
    rusqlite::Connection::open(file).and_then(|open| open.execute_batch(statements)).expect("it is changed");
}

/// As if the program had been another one when it looked last.
const FORGET: &str = "DELETE FROM events WHERE kind = 'course_imported';";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_database_of_an_earlier_program_gets_them() {
    let campus = Campus::demo().await;
    change(&campus, &format!("{FORGET} DELETE FROM lessons; DELETE FROM course_versions;"));
    come_in_again(&campus, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_course_is_a_new_version_and_who_has_begun_keeps_theirs() {
    let campus = Campus::demo().await;
    let begun = outline(&campus, BUILT_IN[0].slug, "maya@example.org").await;
    let services = campus.services().await;
    let maya = Email::parse("maya@example.org").expect("an address");
    let maya = Actor::Student(services.learner(&maya, None).await.expect("a student").id);
    services.open_lesson(maya, begun.enrollment_id, None).await.expect("opened");
    change(&campus, &format!("{FORGET} UPDATE course_versions SET digest = zeroblob(32);"));
    come_in_again(&campus, 2).await;
    let kept = services.outline(maya, begun.enrollment_id).await.expect("lessons");
    assert_eq!(kept.version, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_course_of_another_program_is_no_new_version() {
    let campus = Campus::demo().await;
    change(&campus, FORGET);
    come_in_again(&campus, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_was_taken_away_stops_nothing() {
    let campus = Campus::demo().await;
    change(&campus, &format!("{FORGET} UPDATE programs SET active = 0 WHERE slug = 'job-readiness';"));
    campus.services().await.seed_demo().await.expect("the other one comes in");
    assert_eq!(outline(&campus, "digital-literacy", "maya@example.org").await.version, 1);
}

async fn come_in_again(campus: &Campus, version: u32) {
    campus.services().await.seed_demo().await.expect("they come in");
    for course in BUILT_IN {
        let outline = outline(campus, course.slug, "otto@example.org").await;
        assert_eq!((outline.version, outline.lessons.len()), (version, course.files.len() - 1));
    }
}
