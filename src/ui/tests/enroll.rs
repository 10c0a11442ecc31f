//! Enrolling: few keys, once only, nothing typed is lost.

use super::stage::{Stage, count, down, is_enroll, programs, requested, student};
use crate::domain::decide::Choice;
use crate::domain::failure::Failure;
use crate::domain::person::Email;
use crate::domain::provider::Availability;
use crate::ui::app::{Overlay, Screen};
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, Who};

fn is_save(effect: &Effect) -> bool {
    matches!(effect, Effect::SaveProfile { .. })
}

fn save(stage: &mut Stage, result: Result<crate::domain::person::Student, Failure>) -> Vec<Effect> {
    let request = stage.request(is_save);
    stage.send(Msg::ProfileSaved { request, result })
}

#[test]
fn two_keys_enroll_with_the_first_partner() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![]);
    let effects = stage.keys("<enter><enter>");
    let view = requested();
    let course = view.partner.clone().unwrap().course.id;
    assert!(matches!(
        effects[..],
        [Effect::Enroll { program, choice: Choice::Course(id), .. }]
            if program == view.enrollment.program_id && id == course
    ));
    assert!(stage.picture().contains("Enrolling via Certiport…"));
    stage.enrolled(Ok(view));
    assert!(matches!(stage.app.screen(), Screen::Courses));
    assert_eq!(stage.message(), "Enrolled via Certiport. Enter starts it · u undoes");
}

#[test]
fn a_double_enter_enrolls_once() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![]);
    assert_eq!(count(&stage.keys("<enter><enter><enter><enter>"), is_enroll), 1);
}

#[test]
fn the_address_is_asked_once_and_then_it_goes_on() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    assert_eq!(stage.keys("<enter><enter>"), []);
    let effects = stage.keys("Maya@Example.org<enter><enter>");
    let email = Email::parse("maya@example.org").unwrap();
    assert!(
        matches!(&effects[..], [Effect::SaveProfile { email: of, name: None, .. }] if *of == email),
        "{effects:?}"
    );
    let effects = save(&mut stage, Ok(student("Maya")));
    assert_eq!(count(&effects, is_enroll), 1);
    stage.enrolled(Ok(requested()));
    assert_eq!(count(&stage.keys("1j<enter><enter>"), is_enroll), 1, "not asked again");
}

#[test]
fn a_failure_keeps_what_was_typed() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<enter><enter>maya@example.org<enter>");
    save(&mut stage, Err(down()));
    assert!(stage.picture().contains("maya@example.org"));
    assert_eq!(count(&stage.keys("<enter>"), is_save), 1, "Enter tries again");
}

#[test]
fn a_late_answer_touches_nothing_that_is_typed() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<enter><enter>may");
    stage.courses_again();
    stage.send(Msg::ProfileSaved { request: 999, result: Ok(student("Late")) });
    assert!(stage.picture().contains("› may"));
    assert!(stage.app.student().is_none());
}

#[test]
fn leaving_the_question_enrolls_nobody_but_keeps_the_profile() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<enter><enter>maya@example.org<enter><esc>");
    let effects = save(&mut stage, Ok(student("Maya")));
    assert_eq!(count(&effects, is_enroll), 0);
    assert_eq!(stage.app.student(), Some(&student("Maya")));
}

#[test]
fn no_address_asks_nothing_outside() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    assert_eq!(stage.keys("<enter><enter>maya<enter>"), []);
    assert!(stage.picture().contains("This is not an e-mail address"));
}

#[test]
fn whoever_has_gone_elsewhere_is_not_carried_away() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![]);
    stage.keys("<enter><enter><esc>/wel");
    stage.enrolled(Ok(requested()));
    assert_eq!(stage.app.list.search.text(), "wel");
    assert_eq!(stage.message(), "Enrolled in CNA Training via Certiport. It is under My courses.");
    assert!(stage.app.work.undo.is_none());
}

#[test]
fn a_stale_answer_enrolls_nobody() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![]);
    stage.keys("<enter><enter>");
    stage.send(Msg::Enrolled { request: 999, result: Ok(Box::new(requested())) });
    assert!(stage.app.courses.all().is_empty());
}

#[test]
fn undo_follows_at_once_and_not_later() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![]);
    stage.keys("<enter><enter>");
    stage.enrolled(Ok(requested()));
    let mut moved = Stage::ready(Who::Student(student("Maya")), vec![]);
    moved.keys("<enter><enter>");
    moved.enrolled(Ok(requested()));
    assert_eq!(moved.keys("1u"), [], "it has had its time");
    let id = requested().enrollment.id;
    let effects = stage.keys("u");
    assert!(matches!(effects[..], [Effect::Cancel { enrollment, .. }] if enrollment == id));
    let request = stage.request(|e| matches!(e, Effect::Cancel { .. }));
    stage.send(Msg::Cancelled { request, enrollment: id, result: Ok(()) });
    assert!(stage.app.dash_items().is_empty());
}

#[test]
fn cancelling_asks_first() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![requested()]);
    assert_eq!(stage.keys("x"), []);
    assert!(matches!(stage.app.overlays[..], [Overlay::Confirm { .. }]));
    assert_eq!(stage.keys("<esc>"), []);
    assert!(matches!(stage.keys("x<enter>")[..], [Effect::Cancel { .. }]));
    assert_eq!(stage.keys("x<enter>"), [], "one at a time");
}

#[test]
fn an_enrolled_program_leads_to_its_course() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![requested()]);
    assert_eq!(count(&stage.keys("1<enter><enter>"), is_enroll), 0);
    assert!(matches!(stage.app.screen(), Screen::Courses));
}

#[test]
fn a_refusal_is_said_in_its_own_words() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![]);
    stage.keys("<enter><enter>");
    stage.enrolled(Err(Failure::new("payment_unavailable", "It costs $59.00.")));
    assert_eq!(stage.message(), "It costs $59.00.");
    assert_eq!(count(&stage.keys("<enter>"), is_enroll), 1, "one may try again");
}

impl Stage {
    /// A late answer to the first read of the courses.
    fn courses_again(&mut self) {
        self.send(Msg::Courses { request: 2, result: Ok(vec![requested()].into()) });
    }
}

#[test]
fn nobody_is_asked_who_they_are_only_to_hear_no() {
    let mut all = programs();
    all[1].offers[0].provider.availability = Availability::paused(None, None);
    let mut stage = Stage::new(Who::Nobody);
    stage.programs(Ok(all));
    stage.courses(vec![]);
    assert_eq!(stage.keys("j<enter><enter>"), []);
    assert!(stage.app.overlays.is_empty());
    assert!(stage.message().contains("is paused"), "{}", stage.message());
}

#[test]
fn the_address_is_asked_for_a_partner_by_name() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<enter>j<enter>");
    let picture = stage.picture();
    assert!(picture.contains("For your account at Milady and the confirmation."), "{picture}");
}
