//! At an advisor's desk.

use super::harness::Stage;
use super::world;
use coursevia::domain::person::Student;
use coursevia::ui::Effect;
use coursevia::ui::msg::Msg;
use insta::assert_snapshot;

const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (120, 40)];

/// One snapshot per size.
macro_rules! at_all_sizes {
    ($name:literal, $student:expr, $stage:expr) => {
        for (width, height) in SIZES {
            let stage: Stage = $stage(Stage::of(world::advisor($student), width, height).programs());
            assert_snapshot!(format!("{}_{width}x{height}", $name), stage.screen());
        }
    };
}

fn find(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::FindStudents { request, .. } => Some(*request),
        _ => None,
    }
}

fn found(stage: Stage, students: &[Student]) -> Stage {
    stage.reply(find, |request| Msg::Students { request, result: Ok(students.to_vec()) })
}

#[test]
fn nobody_is_picked() {
    at_all_sizes!("desk_nobody", None, |s: Stage| s.courses(vec![]));
}

#[test]
fn nobody_is_picked_and_no_courses() {
    at_all_sizes!("desk_nobody_courses", None, |s: Stage| s.courses(vec![]).keys("2"));
}

#[test]
fn acting_for_somebody() {
    at_all_sizes!("desk_acting", Some(world::maya()), |s: Stage| s.courses(world::some_courses()));
}

#[test]
fn the_switcher() {
    at_all_sizes!("picker", None, |s: Stage| s.courses(vec![]).keys("S"));
}

#[test]
fn the_switcher_finds() {
    let people = vec![world::maya(), world::student("Maya Lindqvist", "maya.l@example.org")];
    at_all_sizes!("picker_found", None, |s: Stage| {
        found(s.courses(vec![]).keys("Smaya"), &people).keys("<down>")
    });
}

#[test]
fn the_switcher_adds() {
    at_all_sizes!("picker_new", None, |s: Stage| { found(s.courses(vec![]).keys("Snew@example.org"), &[]) });
}

#[test]
fn the_switcher_finds_nobody() {
    at_all_sizes!("picker_nobody", None, |s: Stage| found(s.courses(vec![]).keys("Szz"), &[]));
}

#[test]
fn leaving_shows_nothing_of_the_student() {
    let stage = Stage::of(world::advisor(Some(world::maya())), 80, 24).programs();
    let left = stage.courses(world::some_courses()).keys("L");
    assert_snapshot!("desk_left_80x24", left.screen());
    assert!(!left.screen().to_string().contains("Maya"));
}
