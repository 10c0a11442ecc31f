//! Advisors: picking, acting for, leaving without a trace.

use super::stage::{Stage, advisor, confirmed, count, is_enroll, requested, student, url};
use crate::domain::person::Student;
use crate::ui::app::Screen;
use crate::ui::effect::{Effect, StudentPick};
use crate::ui::msg::{LaunchOutcome, Msg};

fn is_find(effect: &Effect) -> bool {
    matches!(effect, Effect::FindStudents { .. })
}

fn found(stage: &mut Stage, students: Vec<Student>) {
    let request = stage.request(is_find);
    stage.send(Msg::Students { request, result: Ok(students) });
}

fn acting(stage: &mut Stage, student: Student) -> Vec<Effect> {
    let request = stage.request(|e| matches!(e, Effect::ActFor { .. }));
    stage.send(Msg::ActingFor { request, result: Ok(student) })
}

#[test]
fn looks_for_students_from_two_letters_on() {
    let mut stage = Stage::ready(advisor(None), vec![]);
    assert_eq!(stage.keys("Sm"), []);
    assert!(matches!(&stage.keys("a")[..], [Effect::FindStudents { text, .. }] if text == "ma"));
}

#[test]
fn an_older_search_is_dropped() {
    let mut stage = Stage::ready(advisor(None), vec![]);
    stage.keys("Sma");
    let old = stage.request(is_find);
    stage.keys("y");
    stage.send(Msg::Students { request: old, result: Ok(vec![student("Max")]) });
    assert_eq!(stage.keys("<enter>"), []);
    found(&mut stage, vec![student("Maya")]);
    let picked = stage.keys("<enter><enter>");
    assert!(
        matches!(&picked[..], [Effect::ActFor { student: StudentPick::Known(of), .. }] if *of == student("Maya"))
    );
}

#[test]
fn a_new_address_adds_a_student() {
    let mut stage = Stage::ready(advisor(None), vec![]);
    stage.keys("Snew@example.org");
    found(&mut stage, vec![]);
    let picked = stage.keys("<enter>");
    assert!(matches!(&picked[..], [Effect::ActFor { student: StudentPick::New(_), .. }]));
    found(&mut stage, vec![student("New")]);
}

#[test]
fn enrolling_asks_for_whom_and_goes_on() {
    let mut stage = Stage::ready(advisor(None), vec![]);
    assert_eq!(stage.keys("<enter><enter>"), []);
    stage.keys("maya");
    found(&mut stage, vec![student("Maya")]);
    stage.keys("<enter>");
    let effects = acting(&mut stage, student("Maya"));
    assert_eq!(count(&effects, is_enroll), 1);
    assert!(stage.picture().contains("Acting for Maya O."));
    stage.enrolled(Ok(requested()));
    assert!(matches!(stage.app.screen(), Screen::Courses));
}

#[test]
fn leaving_forgets_everything() {
    let mut stage = Stage::ready(advisor(Some(student("Maya"))), vec![confirmed()]);
    stage.keys("<enter>");
    stage.launched(Ok(LaunchOutcome::Opened(url())));
    stage.keys("o");
    stage.keys("1/nurse<enter><esc>");
    let enrolling = stage.app.last_request();
    assert_eq!(stage.keys("L"), [Effect::LeaveStudent]);
    let fresh = Stage::ready(advisor(None), vec![]);
    assert_eq!(forgettable(&stage), forgettable(&fresh));
    assert!(!stage.picture().contains("Maya"));
    for request in 0..=enrolling {
        stage.send(Msg::Enrolled { request, result: Ok(Box::new(requested())) });
        stage.send(Msg::Courses { request, result: Ok(vec![confirmed()].into()) });
        stage.send(Msg::History {
            request,
            enrollment: confirmed().enrollment.id,
            result: Ok(crate::domain::views::CourseHistory::default()),
        });
    }
    assert!(stage.app.courses.all().is_empty(), "late answers find nobody");
    assert_eq!(stage.keys("m"), []);
}

/// Everything that could tell of a student.
fn forgettable(stage: &Stage) -> String {
    let app = &stage.app;
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        app.who,
        app.waiting,
        app.chosen_starts,
        app.needs.preferences,
        app.courses.items.clone().unwrap_or_default(),
        app.stack,
        app.overlays,
        app.list,
        app.dash,
        app.said,
        app.work
    )
}

#[test]
fn another_student_sees_nothing_of_the_one_before() {
    let mut stage = Stage::ready(advisor(Some(student("Maya"))), vec![confirmed()]);
    stage.keys("Szoe");
    found(&mut stage, vec![student("Zoe")]);
    stage.keys("<enter>");
    acting(&mut stage, student("Zoe"));
    assert!(stage.app.courses.all().is_empty());
    assert!(!stage.picture().contains("Maya"));
}

#[test]
fn a_pick_on_its_way_can_not_be_closed() {
    let mut stage = Stage::ready(advisor(None), vec![]);
    stage.keys("Smaya");
    found(&mut stage, vec![student("Maya")]);
    stage.keys("<enter><esc>");
    acting(&mut stage, student("Maya"));
    assert_eq!(stage.app.student(), Some(&student("Maya")));
}
