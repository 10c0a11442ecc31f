//! The partners side by side, and what fits.

use super::stage::{Stage, count, down, is_enroll, programs, requested, student};
use crate::domain::candidate::Outcome;
use crate::domain::decide::Choice;
use crate::domain::fits::Preferences;
use crate::domain::views::Compared;
use crate::ui::app::Screen;
use crate::ui::effect::Effect;
use crate::ui::layout;
use crate::ui::msg::{Msg, Who};

fn maya() -> Stage {
    Stage::ready(Who::Student(student("Maya")), vec![])
}

fn is_save(effect: &Effect) -> bool {
    matches!(effect, Effect::SavePreferences { .. })
}

impl Stage {
    /// What the student needs is read.
    fn needs(&mut self, kept: Preferences) -> Vec<Effect> {
        let request = self.request(|effect| matches!(effect, Effect::LoadPreferences { .. }));
        self.send(Msg::Preferences { request, result: Ok(kept) })
    }

    fn saved(&mut self, kept: bool) -> Vec<Effect> {
        let request = self.request(is_save);
        self.send(Msg::PreferencesSaved { request, result: Ok(kept) })
    }
}

#[test]
fn a_key_opens_it_from_the_list_and_from_the_program() {
    for keys in ["c", "<enter>jc"] {
        let mut stage = maya();
        let effects = stage.keys(keys);
        let program = programs()[0].program.id;
        assert!(matches!(effects[..], [Effect::LoadComparison { program: of, .. }] if of == program));
        stage.keys("<esc>");
        assert!(!matches!(stage.app.screen(), Screen::Compare(_)));
    }
}

#[test]
fn the_partner_in_focus_stays_in_focus() {
    let mut stage = maya();
    stage.keys("<enter>jc");
    let card = layout::offers(&programs()[0], super::stage::start())[1].provider.name.clone();
    assert_eq!(stage.app.compared_offer().unwrap().provider.name, card);
}

#[test]
fn enter_enrolls_with_the_partner_in_focus() {
    let mut stage = maya();
    stage.keys("cl");
    // By name, "College" follows "Certiport".
    let second = programs()[0].offers[2].course.id;
    let effects = stage.keys("<enter>");
    assert!(matches!(effects[..], [Effect::Enroll { choice: Choice::Course(id), .. }] if id == second));
    stage.enrolled(Ok(requested()));
    assert!(matches!(stage.app.screen(), Screen::Courses));
}

#[test]
fn keys_to_the_side_never_enroll() {
    let mut stage = maya();
    let effects = stage.keys("jcllllhh<right><right><left>");
    assert_eq!(count(&effects, is_enroll), 0, "{effects:?}");
    assert!(matches!(stage.app.screen(), Screen::Compare(_)));
}

#[test]
fn whoever_is_enrolled_goes_to_the_course() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![requested()]);
    assert_eq!(count(&stage.keys("1c<enter>"), is_enroll), 0);
    assert!(matches!(stage.app.screen(), Screen::Courses));
}

#[test]
fn what_comes_late_or_not_at_all_leaves_the_rest() {
    let mut stage = maya();
    stage.keys("c");
    assert!(stage.picture().contains("Completed"));
    let request = stage.request(|effect| matches!(effect, Effect::LoadComparison { .. }));
    stage.send(Msg::Compared { request: 999, result: Ok(None) });
    stage.send(Msg::Compared { request, result: Err(down()) });
    assert!(stage.picture().contains("Certiport"));
    assert_eq!(stage.message(), "The database can't be reached.");
}

#[test]
fn completion_comes_with_the_answer() {
    let mut stage = maya();
    stage.keys("c");
    let view = programs().remove(0);
    let outcomes = [(view.offers[0].course.id, Outcome { completed: 8, active: 4 })].into();
    let request = stage.request(|effect| matches!(effect, Effect::LoadComparison { .. }));
    stage.send(Msg::Compared { request, result: Ok(Some(Box::new(Compared { view, outcomes }))) });
    assert!(stage.picture().contains("8 of 12"), "{}", stage.picture());
}

#[test]
fn four_keys_say_what_is_needed_and_it_is_kept() {
    let mut stage = maya();
    stage.keys("c");
    stage.needs(Preferences::default());
    stage.keys("w1");
    assert!(stage.picture().contains("any hour you like"), "{}", stage.picture());
    assert_eq!(count(&stage.keys("222"), is_save), 0, "not while somebody is answering");
    let effects = stage.keys("<enter>");
    let wanted =
        Preferences { evenings: Some(true), teacher: Some(false), campus: Some(false), budget: Some(50) };
    assert!(
        matches!(&effects[..], [Effect::SavePreferences { preferences, .. }] if *preferences == wanted),
        "{effects:?}"
    );
    assert!(stage.picture().contains("fits you"), "{}", stage.picture());
    assert_eq!(stage.saved(true), []);
    assert_eq!(stage.keys("w<esc>"), [], "nothing new to keep");
}

#[test]
fn a_blank_takes_an_answer_back_and_other_keys_answer_nothing() {
    let mut stage = maya();
    stage.keys("cw1<up> 7x0<esc>");
    assert!(stage.app.needs.preferences.is_empty());
}

#[test]
fn what_was_kept_is_there_the_next_time() {
    let mut stage = maya();
    stage.keys("<enter>");
    let kept = Preferences { teacher: Some(false), ..Preferences::default() };
    assert_eq!(stage.needs(kept), []);
    assert!(stage.picture().contains("fits you"), "{}", stage.picture());
}

#[test]
fn answers_of_nobody_are_kept_with_their_first_enrollment() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    assert_eq!(count(&stage.keys("cw2<enter>"), is_save), 0);
    stage.keys("<enter>maya@example.org<enter>");
    let request = stage.request(|effect| matches!(effect, Effect::SaveProfile { .. }));
    stage.send(Msg::ProfileSaved { request, result: Ok(student("Maya")) });
    let effects = stage.needs(Preferences { campus: Some(false), ..Preferences::default() });
    let both = Preferences { evenings: Some(false), campus: Some(false), ..Preferences::default() };
    assert!(matches!(&effects[..], [Effect::SavePreferences { preferences, .. }] if *preferences == both));
    assert_eq!(stage.saved(false), [], "the student is not written down yet");
    let effects = stage.enrolled(Ok(requested()));
    assert_eq!(count(&effects, is_save), 1, "{effects:?}");
    stage.saved(true);
    assert_eq!(count(&stage.keys("1c<esc>"), is_save), 0);
}

#[test]
fn answers_are_not_kept_over_what_could_not_be_read() {
    let mut stage = maya();
    stage.keys("c");
    let request = stage.request(|effect| matches!(effect, Effect::LoadPreferences { .. }));
    stage.send(Msg::Preferences { request, result: Err(down()) });
    let asked = stage.asked.len();
    stage.keys("w");
    assert!(stage.asked.len() > asked, "it is tried again");
    assert_eq!(stage.keys("1<esc>"), []);
    assert_eq!(count(&stage.needs(Preferences::default()), is_save), 1);
}

#[test]
fn the_next_student_of_an_advisor_sees_no_answers_of_the_last() {
    let mut stage = Stage::ready(super::stage::advisor(Some(student("Maya"))), vec![]);
    stage.keys("cw1<esc><esc>L");
    assert!(stage.app.needs.preferences.is_empty());
}

#[test]
fn taught_here_says_why_there_is_nothing_to_compare() {
    let mut stage = Stage::new(Who::Nobody);
    let mut here = programs();
    here[0].offers.clear();
    stage.programs(Ok(here));
    stage.courses(vec![]);
    stage.keys("c");
    assert!(matches!(stage.app.screen(), Screen::Programs));
    assert!(stage.picture().contains("taught here"), "{}", stage.picture());
}

#[test]
fn clicks_choose_a_column_then_enroll() {
    let mut stage = maya();
    stage.keys("c<click:40,6>");
    assert_eq!(stage.app.compare_screen().unwrap().focus, 1);
    assert_eq!(count(&stage.keys("<click:40,6>"), is_enroll), 1);
}
