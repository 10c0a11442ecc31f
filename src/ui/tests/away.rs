//! A course that does not open because of its partner is no dead end.

use super::stage::{Stage, confirmed, student};
use crate::domain::failure::Failure;
use crate::domain::provider::{Availability, Support};
use crate::domain::views::CourseView;
use crate::ui::app::{Overlay, Screen};
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, Who};

fn refusal() -> Failure {
    Failure {
        refused: true,
        alternatives: vec!["Milady".to_owned()],
        ..Failure::new("partner_paused", "Certiport is paused: It moves. You can choose Milady instead.")
    }
}

fn paused() -> CourseView {
    let mut course = confirmed();
    let provider = &mut course.partner.as_mut().expect("a partner").provider;
    provider.availability = Availability::paused(Some("It moves.".into()), None);
    provider.support = Support { email: Some("help@certiport.example".into()), url: None };
    course
}

fn stage(course: CourseView, failure: Failure) -> Stage {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![course]);
    stage.keys("2<enter>");
    stage.launched(Err(failure));
    stage
}

/// The partner is paused.
pub fn closed() -> Stage {
    stage(paused(), refusal())
}

/// The partner's platform fails.
pub fn troubled() -> Stage {
    let words = "Certiport is having problems (error 503). Try again in a little while.";
    stage(confirmed(), Failure::new("partner_down", words))
}

fn is_watch(effect: &Effect) -> bool {
    matches!(effect, Effect::Watch { .. })
}

#[test]
fn enter_on_a_paused_course_asks_anew_and_says_what_to_do() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![paused()]);
    assert!(stage.picture().contains("What now"));
    assert!(matches!(stage.keys("2<enter>")[..], [.., Effect::Launch { .. }]), "it may be back by now");
    stage.launched(Err(refusal()));
    let picture = stage.picture();
    for words in ["Certiport is paused", "It moves.", "Switch to Milady: nothing to pay", "Tell me by mail"] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
}

#[test]
fn to_another_partner_in_one_key() {
    let mut stage = closed();
    stage.keys("<enter>");
    let Screen::Switch(screen) = stage.app.screen() else { panic!("{}", stage.picture()) };
    assert_eq!((screen.enrollment, screen.focus), (paused().enrollment.id, 0));
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn asks_once_to_be_told() {
    let mut stage = closed();
    let effects = stage.keys("j<enter><enter>");
    assert_eq!(effects.iter().filter(|effect| is_watch(effect)).count(), 1);
    let (request, enrollment) = (stage.request(is_watch), paused().enrollment.id);
    stage.send(Msg::Watched { request, enrollment, result: Ok(true) });
    assert!(stage.app.overlays.is_empty());
    assert_eq!(stage.message(), "You get a mail when Certiport is back.");
    // Nobody has to ask again, even before the courses are read anew.
    stage.keys("<enter>");
    stage.launched(Err(refusal()));
    let picture = stage.picture();
    assert!(
        picture.contains("You get a mail when it is back.") && !picture.contains("Tell me by mail"),
        "{picture}"
    );
}

#[test]
fn where_nothing_is_left_to_choose_enter_does_nothing() {
    let mut stage =
        stage(CourseView { watched: true, ..paused() }, Failure { alternatives: vec![], ..refusal() });
    assert_eq!(stage.keys("j<enter>"), []);
    assert!(matches!(stage.app.overlays[..], [Overlay::Away(_)]));
    assert!(!stage.picture().contains("Go on"), "{}", stage.picture());
}

#[test]
fn the_contact_is_copied() {
    let mut stage = closed();
    let effects = stage.keys("y");
    assert_eq!(effects, [Effect::CopyText("help@certiport.example".to_owned())]);
}

#[test]
fn problems_can_be_tried_again() {
    let mut stage = troubled();
    assert!(stage.picture().contains("Certiport did not open it"));
    assert!(matches!(stage.keys("<enter>")[..], [Effect::Launch { .. }]));
}

#[test]
fn what_is_no_partners_failure_is_only_said() {
    let stage = stage(confirmed(), Failure::new("sandbox_off", "The practice partner is not running."));
    assert!(stage.app.overlays.is_empty());
    assert_eq!(stage.message(), "The practice partner is not running.");
}

#[test]
fn esc_leaves_the_box() {
    let mut stage = closed();
    assert!(matches!(stage.app.overlays[..], [Overlay::Away(_)]));
    stage.keys("<esc>");
    assert!(stage.app.overlays.is_empty());
}
