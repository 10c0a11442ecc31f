//! Reading lists: first screen, stale answers, a database that is down.

use super::stage::{Stage, advisor, confirmed, count, down, is_launch, other, programs, requested};
use crate::domain::listing::ProgramPage;
use crate::domain::views::ProgramView;
use crate::ui::app::Screen;
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, Who};

fn is_sync(effect: &Effect) -> bool {
    matches!(effect, Effect::Sync { .. })
}

#[test]
fn begins_with_reading_and_asks_partners_only_for_somebody() {
    let known = Stage::maya().asked;
    assert_eq!(
        known,
        [
            Effect::LoadPrograms { request: 1, after: None, shown: 0 },
            Effect::LoadCourses { request: 2 },
            Effect::Sync { request: 3 }
        ]
    );
    assert_eq!(count(&Stage::new(Who::Nobody).asked, is_sync), 0);
    assert_eq!(count(&Stage::new(advisor(None)).asked, is_sync), 0);
}

#[test]
fn opens_on_my_courses_with_the_last_used_in_focus() {
    let mut used = other();
    used.enrollment.last_accessed_at = Some(super::stage::start());
    let mut stage = Stage::maya();
    stage.courses(vec![confirmed(), used.clone()]);
    assert!(matches!(stage.app.screen(), Screen::Courses));
    let effects = stage.keys("<enter>");
    assert_eq!(count(&effects, is_launch), 1);
    assert_eq!(stage.app.work.launching.unwrap().enrollment, used.enrollment.id);
}

#[test]
fn does_not_carry_away_whoever_has_pressed_a_key() {
    let mut stage = Stage::maya();
    stage.programs(Ok(programs()));
    stage.keys("j");
    stage.courses(vec![confirmed()]);
    assert!(matches!(stage.app.screen(), Screen::Programs));
}

#[test]
fn stays_on_programs_without_a_live_course() {
    let mut stage = Stage::maya();
    stage.courses(vec![]);
    assert!(matches!(stage.app.screen(), Screen::Programs));
}

#[test]
fn drops_answers_to_older_requests() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    let old = stage.request(|e| matches!(e, Effect::LoadCourses { .. }));
    stage.keys("2");
    stage.send(Msg::Courses { request: old, result: Ok(vec![requested()].into()) });
    assert!(stage.app.courses.all().is_empty());
    stage.send(Msg::Programs { request: 999, result: Ok(ProgramPage::default()) });
    assert_eq!(stage.app.programs.all().len(), 2);
}

#[test]
fn counts_down_and_reads_again_and_keeps_what_was_typed() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("/nur");
    stage.keys("<f1><esc>");
    let request = {
        stage.keys("<esc><esc>r/nur");
        stage.request(|e| matches!(e, Effect::LoadPrograms { .. }))
    };
    stage.send(Msg::Programs { request, result: Err(down()) });
    assert!(stage.app.wants_tick());
    assert_eq!(stage.later(4), []);
    let again = stage.later(1);
    assert!(matches!(again[..], [Effect::LoadPrograms { .. }]), "{again:?}");
    assert_eq!(stage.later(60), [], "one read at a time");
    assert_eq!(stage.app.list.search.text(), "nur");
}

#[test]
fn nothing_moves_when_nothing_is_under_way() {
    let stage = Stage::ready(Who::Nobody, vec![]);
    assert!(!stage.app.wants_tick());
}

#[test]
fn coming_back_asks_the_partners_at_most_once_a_minute() {
    let mut stage = Stage::ready(Who::Student(super::stage::student("Maya")), vec![confirmed()]);
    assert_eq!(count(&stage.keys("12"), is_sync), 0);
    stage.later(61);
    assert_eq!(count(&stage.keys("12"), is_sync), 1);
    assert_eq!(count(&stage.keys("r"), is_sync), 0, "it is already under way");
    stage.synced();
    assert_eq!(count(&stage.keys("r"), is_sync), 1);
}

#[test]
fn work_that_is_done_reads_the_courses_anew() {
    let mut stage = Stage::ready(Who::Student(super::stage::student("Maya")), vec![confirmed()]);
    assert!(matches!(stage.send(Msg::WorkDone)[..], [Effect::LoadCourses { .. }]));
}

#[test]
fn thousands_of_programs_are_searched_and_drawn_quickly() {
    let one = programs().remove(0);
    let many: Vec<ProgramView> = (0..5_000_u128)
        .map(|n| {
            let mut view = one.clone();
            view.program.id = uuid::Uuid::from_u128(n).into();
            view.program.title = format!("Program {n}").into();
            view
        })
        .collect();
    let mut stage = Stage::new(Who::Nobody);
    stage.programs(Ok(many));
    stage.keys("G");
    assert!(stage.picture().contains("Program 4999"));
    stage.keys("/4321");
    assert!(stage.picture().contains("▌Program 4321"));
}

#[test]
fn search_letters_are_text_and_esc_clears_then_leaves() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    assert_eq!(stage.keys("/q1?nurse<backspace>"), []);
    assert_eq!(stage.app.list.search.text(), "q1?nurs");
    stage.keys("<esc>nurse");
    assert_eq!(stage.app.list.found, Some(vec![0]));
    stage.keys("<esc>");
    assert!(stage.app.list.typing && stage.app.list.search.text().is_empty());
    stage.keys("<esc>");
    assert!(!stage.app.list.typing);
}

#[test]
fn pasted_text_goes_only_into_a_field_and_is_cleaned() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    assert_eq!(stage.keys("<paste:qqq>"), []);
    assert!(stage.app.list.search.text().is_empty());
    stage.keys("/");
    stage.send(Msg::Paste("nur\u{1b}[31m\u{202e}\nse".to_owned()));
    assert_eq!(stage.app.list.search.text(), "nur se");
}

#[test]
fn the_wheel_and_clicks_choose_and_go_on() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<wheel:down>");
    assert_eq!(stage.app.list.selected, 1);
    stage.keys("<click:5,4>");
    assert_eq!(stage.app.list.selected, 0);
    assert!(matches!(stage.app.screen(), Screen::Programs));
    stage.keys("<click:5,4>");
    assert!(matches!(stage.app.screen(), Screen::Program { .. }));
    stage.keys("<esc><click:26,0>");
    assert!(matches!(stage.app.screen(), Screen::Courses));
}
