//! Seats that are kept, queues, and starts that are full.

use super::stage::{Stage, advisor, confirmed, count, is_enroll, programs, student};
use crate::domain::decide::Choice;
use crate::domain::decide::fixtures::{dated, link_offer, program, rest_offer, waiting};
use crate::domain::failure::Failure;
use crate::domain::views::{Dashboard, ProgramView};
use crate::domain::waitlist::{WaitlistStatus, WaitlistView};
use crate::ui::app::{Overlay, Screen};
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, Who};

/// CNA with the college, whose only start is full.
fn cna() -> ProgramView {
    program(vec![dated(link_offer("College"), &[(2, 2)]), rest_offer("Milady")])
}

fn place(status: WaitlistStatus) -> WaitlistView {
    waiting(&cna(), 0, status)
}

/// Maya on My courses, with a place in a queue.
pub fn stage(status: WaitlistStatus) -> Stage {
    let mut stage = Stage::new(Who::Student(student("Maya")));
    stage.programs(Ok(vec![cna(), programs().remove(1)]));
    dashboard(&mut stage, status);
    stage.synced();
    stage.keys("2");
    dashboard(&mut stage, status);
    stage
}

fn dashboard(stage: &mut Stage, status: WaitlistStatus) {
    let request = stage.request(|e| matches!(e, Effect::LoadCourses { .. }));
    let result = Ok(Dashboard { waiting: vec![place(status)], ..Dashboard::default() });
    stage.send(Msg::Courses { request, result });
}

/// Somebody before a program whose first partner's only start is full.
pub fn full(who: Who) -> Stage {
    let mut stage = Stage::new(who);
    stage.programs(Ok(vec![cna()]));
    stage.courses(vec![]);
    stage.synced();
    stage
}

#[test]
fn a_full_start_asks_whether_to_wait() {
    let mut stage = full(Who::Student(student("Maya")));
    assert_eq!(stage.keys("<enter><enter>"), []);
    assert!(matches!(stage.app.overlays[..], [Overlay::Join { .. }]));
    assert!(stage.picture().contains("is full (2"), "{}", stage.picture());
    let effects = stage.keys("<enter>");
    let start = &cna().offers[0].cohorts[0];
    let wanted = Choice::Cohort(start.course_id, start.id);
    assert!(matches!(effects[..], [Effect::JoinWaitlist { choice, .. }] if choice == wanted), "{effects:?}");
    assert_eq!(stage.keys("<enter>"), [], "one at a time");
    let request = stage.request(|e| matches!(e, Effect::JoinWaitlist { .. }));
    stage.send(Msg::Joined { request, result: Ok(Box::new(place(WaitlistStatus::Waiting))) });
    assert!(matches!(stage.app.screen(), Screen::Courses));
    assert!(stage.message().starts_with("You are at place 3"), "{}", stage.message());
    assert_eq!(stage.app.focused_place().map(|entry| entry.place), Some(3));
}

#[test]
fn whoever_is_not_known_is_asked_before_they_wait() {
    let mut stage = full(Who::Nobody);
    stage.keys("<enter><enter><enter>");
    assert!(matches!(stage.app.overlays[..], [Overlay::Email { .. }]));
    stage.keys("maya@example.org<enter>");
    let request = stage.request(|e| matches!(e, Effect::SaveProfile { .. }));
    let effects = stage.send(Msg::ProfileSaved { request, result: Ok(student("Maya")) });
    assert_eq!(count(&effects, |e| matches!(e, Effect::JoinWaitlist { .. })), 1);
    assert_eq!(count(&effects, is_enroll), 0);
}

#[test]
fn an_offer_leads_and_enter_takes_it() {
    let mut stage = Stage::new(Who::Student(student("Maya")));
    stage.programs(Ok(vec![cna()]));
    dashboard(&mut stage, WaitlistStatus::Offered);
    assert!(matches!(stage.app.screen(), Screen::Courses), "it needs an answer");
    let effects = stage.keys("<enter>");
    let id = place(WaitlistStatus::Offered).entry.id;
    assert!(matches!(effects[..], [Effect::AcceptOffer { entry, .. }] if entry == id));
    assert_eq!(stage.keys("<enter>x"), [], "one at a time");
    let request = stage.request(|e| matches!(e, Effect::AcceptOffer { .. }));
    stage.send(Msg::Accepted { request, result: Ok(Box::new(confirmed())) });
    assert!(stage.app.waiting.is_empty());
    assert_eq!(
        stage.app.focused_course().map(|course| course.enrollment.id),
        Some(confirmed().enrollment.id)
    );
}

#[test]
fn an_offer_that_is_over_by_now_is_told_and_read_again() {
    let mut stage = stage(WaitlistStatus::Offered);
    stage.keys("<enter>");
    let request = stage.request(|e| matches!(e, Effect::AcceptOffer { .. }));
    let effects =
        stage.send(Msg::Accepted { request, result: Err(Failure::new("offer_over", "It is over.")) });
    assert_eq!(stage.message(), "It is over.");
    assert!(matches!(effects[..], [Effect::LoadCourses { .. }]));
}

#[test]
fn leaving_asks_first() {
    let mut stage = stage(WaitlistStatus::Waiting);
    assert_eq!(stage.keys("x"), []);
    assert!(stage.picture().contains("You give up place 3"), "{}", stage.picture());
    assert_eq!(stage.keys("<esc>"), []);
    assert!(matches!(stage.keys("x<enter>")[..], [Effect::LeaveWaitlist { .. }]));
    let request = stage.request(|e| matches!(e, Effect::LeaveWaitlist { .. }));
    stage.send(Msg::LeftWaitlist { request, result: Ok(()) });
    assert!(stage.app.waiting.is_empty());
}

#[test]
fn a_seat_that_is_kept_since_the_last_look_is_told() {
    let mut stage = stage(WaitlistStatus::Waiting);
    stage.send(Msg::WorkDone);
    dashboard(&mut stage, WaitlistStatus::Offered);
    assert!(stage.message().contains("is kept for you"), "{}", stage.message());
}

#[test]
fn a_seat_somebody_else_took_is_read_anew() {
    let mut stage = full(Who::Student(student("Maya")));
    stage.keys("<enter>j<enter>");
    let request = stage.request(is_enroll);
    let failure = Failure { refused: true, ..Failure::new("cohort_full", "It is full.") };
    let effects = stage.send(Msg::Enrolled { request, result: Err(failure) });
    assert!(matches!(effects[..], [Effect::LoadDetails { .. }]), "{effects:?}");
}

#[test]
fn whoever_waits_already_is_shown_their_place() {
    for status in [WaitlistStatus::Waiting, WaitlistStatus::Offered] {
        let mut stage = stage(status);
        stage.keys("1<home><enter>");
        assert!(matches!(stage.app.screen(), Screen::Program { .. }));
        stage.keys("<enter>");
        assert!(stage.app.overlays.is_empty(), "{}", stage.picture());
        assert!(matches!(stage.app.screen(), Screen::Courses));
        assert_eq!(stage.app.focused_place().map(|entry| entry.status), Some(status));
    }
}

#[test]
fn the_next_student_sees_no_place_of_the_one_before() {
    let mut stage = full(advisor(Some(student("Maya"))));
    stage.keys("2");
    dashboard(&mut stage, WaitlistStatus::Offered);
    assert!(stage.app.focused_place().is_some());
    stage.keys("L");
    assert_eq!(stage.app.waiting, []);
}

#[test]
fn a_start_that_was_withdrawn_is_not_said_to_have_begun() {
    let mut stage = full(Who::Student(student("Maya")));
    stage.keys("2");
    let mut gone = place(WaitlistStatus::Closed);
    gone.cohort.active = false;
    let request = stage.request(|e| matches!(e, Effect::LoadCourses { .. }));
    stage.send(Msg::Courses {
        request,
        result: Ok(Dashboard { waiting: vec![gone], ..Dashboard::default() }),
    });
    assert!(stage.picture().contains("not offered any more"), "{}", stage.picture());
}
