//! Dated starts: on cards, as a month, in a file.

use super::stage::{Stage, advisor, count, dated_course, dated_program, is_enroll, start, student};
use crate::domain::decide::Choice;
use crate::domain::failure::Failure;
use crate::domain::ids::CohortId;
use crate::domain::time::Instant;
use crate::domain::views::ProgramView;
use crate::ui::effect::Effect;
use crate::ui::keymap::{self, Action};
use crate::ui::msg::{Msg, Who};
use chrono::TimeDelta;

fn stage() -> Stage {
    let mut stage = Stage::new(Who::Student(student("Maya")));
    stage.programs(Ok(vec![dated_program()]));
    stage.courses(vec![]);
    stage.keys("<enter>");
    stage
}

fn undated() -> ProgramView {
    let mut view = dated_program();
    view.offers[0].dated = false;
    view.offers[0].cohorts.clear();
    view
}

fn start_at(place: usize) -> CohortId {
    dated_program().offers[0].cohorts[place].id
}

fn chosen(effects: &[Effect]) -> Option<CohortId> {
    effects.iter().find_map(|effect| match effect {
        Effect::Enroll { choice: Choice::Cohort(_, id), .. } => Some(*id),
        _ => None,
    })
}

fn reads(effects: &[Effect]) -> usize {
    count(effects, |effect| matches!(effect, Effect::LoadDetails { .. }))
}

fn fresh(stage: &mut Stage) -> Vec<Effect> {
    let request = stage.request(|effect| matches!(effect, Effect::LoadDetails { .. }));
    stage.send(Msg::Details { request, result: Ok(vec![dated_program()]) })
}

#[test]
fn enter_on_a_card_takes_the_start_it_shows() {
    assert_eq!(chosen(&stage().keys("<enter>")), Some(start_at(0)));
    assert_eq!(chosen(&stage().keys("<right><right><enter>")), Some(start_at(2)));
    assert_eq!(chosen(&stage().keys("<left><enter>")), Some(start_at(2)), "before the first comes the last");
    let mut looked = stage();
    looked.keys("<right><right>?<esc>j");
    assert_eq!(chosen(&looked.keys("k<enter>")), Some(start_at(2)), "help and other cards forget nothing");
}

#[test]
fn keys_that_choose_a_start_never_enroll_or_leave_on_the_card_beside() {
    let mut other = stage();
    assert_eq!(count(&other.keys("j<right>h"), is_enroll), 0);
    assert_eq!(other.message(), "There is no other start to choose here. Enter enrolls.");
    assert!(keymap::label(&other.app, Action::Compare).is_some(), "it is still the program");
}

#[test]
fn arrows_stay_what_they_are_where_no_partner_has_starts() {
    let mut other = Stage::new(Who::Student(student("Maya")));
    other.programs(Ok(vec![undated()]));
    other.courses(vec![]);
    assert_eq!(count(&other.keys("<enter><right>"), is_enroll), 1);
    let mut back = Stage::new(Who::Student(student("Maya")));
    back.programs(Ok(vec![undated()]));
    back.courses(vec![]);
    back.keys("<enter>h");
    assert!(keymap::label(&back.app, Action::Filter).is_some(), "left goes back");
}

#[test]
fn seats_are_read_anew_when_the_dates_are_opened_once() {
    let mut stage = stage();
    assert_eq!(reads(&stage.keys("a")), 1);
    assert_eq!(reads(&fresh(&mut stage)), 0);
    assert_eq!(reads(&stage.keys("nnN<pgdn><left>p")), 0);
    assert_eq!(reads(&stage.keys("<esc>a")), 1);
}

#[test]
fn the_month_opens_at_the_next_free_start_and_enter_takes_it() {
    let mut stage = stage();
    stage.keys("a");
    fresh(&mut stage);
    assert_eq!(chosen(&stage.keys("<enter>")), Some(start_at(0)));
    let refused = Failure { refused: true, ..Failure::new("cohort_full", "Full.") };
    assert_eq!(reads(&stage.enrolled(Err(refused))), 1, "somebody was faster");
    fresh(&mut stage);
    assert_eq!(chosen(&stage.keys("nn<enter>")), Some(start_at(2)));
}

#[test]
fn days_weeks_months_and_starts() {
    let mut stage = stage();
    stage.keys("a");
    let day = |stage: &Stage| stage.app.dates().expect("dates").day;
    let first = day(&stage);
    assert_eq!(first, start().date_naive() + chrono::Days::new(9));
    for (there, back) in [
        ("<right>", "<left>"),
        ("l", "h"),
        ("<down>", "<up>"),
        ("<pgdn>", "<pgup>"),
        ("]", "["),
        ("n", "N"),
        ("G", "g"),
    ] {
        stage.keys(there);
        assert_ne!(day(&stage), first, "{there}");
        stage.keys(back);
        assert_eq!(day(&stage), first, "{back}");
    }
    assert_eq!(stage.keys("<right><enter>"), [], "no start on that day");
    stage.keys("<wheel:down>");
    assert_eq!(day(&stage), crate::domain::calendar::months_later(first + chrono::Days::new(1), 1));
}

#[test]
fn a_click_on_a_day_goes_there() {
    let mut stage = stage();
    stage.keys("a");
    let dates = stage.app.dates().expect("dates");
    let body = crate::ui::layout::areas(&stage.app).body;
    let days = crate::ui::layout::dates::dates(&stage.app, &dates, body).days;
    let (day, place) = days[20];
    stage.keys(&format!("<click:{},{}>", place.x, place.y));
    assert_eq!(stage.app.dates().expect("dates").day, day);
}

#[test]
fn the_start_chosen_on_a_card_is_in_focus_among_the_dates() {
    let mut stage = stage();
    stage.keys("<right><right>a");
    assert_eq!(chosen(&stage.keys("<enter>")), Some(start_at(2)));
}

#[test]
fn what_is_over_cannot_be_taken() {
    let mut stage = stage();
    stage.keys("a");
    stage.now = Instant::from(start()) + TimeDelta::days(11);
    stage.keys("g");
    assert_eq!(stage.keys("<enter>"), []);
    assert_eq!(stage.message(), "This start is over.");
}

#[test]
fn partners_can_be_looked_at_one_by_one() {
    let only =
        |stage: &Stage| stage.app.dates().expect("dates").only.map(|offer| offer.provider.name.to_string());
    let mut alone = stage();
    alone.keys("ap");
    assert_eq!(only(&alone).as_deref(), Some("Milady"), "nobody else has dates");

    let mut program = dated_program();
    program.offers[1].dated = true;
    let second = program.offers[1].provider.name.to_string();
    let mut stage = Stage::new(Who::Student(student("Maya")));
    stage.programs(Ok(vec![program]));
    stage.courses(vec![]);
    stage.keys("<enter>a");
    assert_eq!(only(&stage).as_deref(), Some("Milady"));
    stage.keys("p");
    assert_eq!(only(&stage).as_deref(), Some(second.as_str()));
    stage.keys("p");
    assert_eq!(only(&stage), None);
    stage.keys("p");
    assert_eq!(only(&stage).as_deref(), Some("Milady"));
}

#[test]
fn the_partner_looked_at_last_in_a_comparison_is_in_focus_after_it() {
    let mut stage = stage();
    stage.keys("c<left><esc>");
    let effects = stage.keys("<enter>");
    let second = dated_program().offers[1].course.id;
    let wanted =
        |effect: &Effect| matches!(effect, Effect::Enroll { choice, .. } if choice.course() == Some(second));
    assert_eq!(count(&effects, wanted), 1);
}

#[test]
fn a_comparison_enrolls_into_the_start_chosen_on_the_card() {
    let mut stage = stage();
    stage.keys("<right><right>c");
    assert!(stage.picture().contains("you chose the start on"), "{}", stage.picture());
    assert_eq!(chosen(&stage.keys("<enter>")), Some(start_at(2)));
}

#[test]
fn the_dates_of_a_course_are_saved_and_it_says_where() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![dated_course()]);
    stage.keys("i");
    let request = stage.request(|effect| matches!(effect, Effect::SaveDates { .. }));
    assert_eq!(stage.keys("i"), [], "once is enough");
    stage.send(Msg::DatesSaved { request, result: Ok("~/Downloads/cna.ics".to_owned()) });
    assert!(stage.message().contains("~/Downloads/cna.ics"));
    stage.keys("i");
    let request = stage.request(|effect| matches!(effect, Effect::SaveDates { .. }));
    stage.send(Msg::DatesSaved { request, result: Err(Failure::new("file_not_written", "No room.")) });
    assert!(stage.message().contains("No room."));
    let mut desk = Stage::ready(advisor(Some(student("Maya"))), vec![dated_course()]);
    assert_eq!(desk.keys("2oi").iter().filter(|e| matches!(e, Effect::SaveDates { .. })).count(), 0);
    assert!(desk.message().contains("At an advisor's desk"));
}

#[test]
fn a_start_chosen_for_one_student_is_not_chosen_for_the_next() {
    let mut desk = Stage::new(advisor(Some(student("Maya"))));
    desk.programs(Ok(vec![dated_program()]));
    desk.courses(vec![]);
    desk.keys("1<enter><right><right>");
    assert!(!desk.app.chosen_starts.is_empty());
    desk.keys("L");
    assert!(desk.app.chosen_starts.is_empty());
}
