//! Switching: what changes first, then one decision.

use super::pay::{awaited, with_page};
use super::stage::{Stage, advisor, confirmed, count, programs, student};
use crate::domain::decide::SwitchQuote;
use crate::domain::decide::fixtures::paid;
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::money::{Currency, Money};
use crate::domain::views::CourseView;
use crate::ui::app::{DashId, Overlay, Screen};
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, SwitchOffer, Who};
use uuid::Uuid;

fn maya() -> Who {
    Who::Student(student("Maya"))
}

fn is_switch(effect: &Effect) -> bool {
    matches!(effect, Effect::Switch { .. })
}

fn is_quote(effect: &Effect) -> bool {
    matches!(effect, Effect::LoadSwitch { .. })
}

fn dollars(cents: i64) -> Money {
    Money { cents, currency: Currency::USD }
}

pub fn quote(paid: i64, due: i64, refund: i64) -> SwitchOffer {
    let quote = SwitchQuote {
        waived: Money::zero(Currency::USD),
        failed: None,
        from: "Certiport".into(),
        to: "Milady".into(),
        paid: dollars(paid),
        price: dollars(paid + due - refund),
        due: dollars(due),
        refund: dollars(refund),
        old_start: None,
        new_start: None,
        seats_left: None,
        policy: "You get everything back until you start; afterwards nothing is paid back.".to_owned(),
    };
    SwitchOffer { quote, refusal: None }
}

fn refused(code: &'static str, message: &str) -> SwitchOffer {
    SwitchOffer { refusal: Some(Failure { refused: true, ..Failure::new(code, message) }), ..quote(0, 0, 0) }
}

fn answer(stage: &mut Stage, offer: SwitchOffer) {
    let request = stage.request(is_quote);
    stage.send(Msg::SwitchQuoted { request, result: Ok(Box::new(offer)) });
}

/// Maya looks at a switch from Certiport, and this is what would change.
pub fn quoted(offer: SwitchOffer) -> Stage {
    quoted_for(maya(), offer)
}

fn quoted_for(who: Who, offer: SwitchOffer) -> Stage {
    let mut stage = Stage::new(who);
    stage.programs(Ok(programs()));
    stage.courses(vec![confirmed()]);
    stage.keys("2s");
    let details = stage.asked.iter().any(|e| matches!(e, Effect::LoadDetails { .. }));
    if details {
        let request = stage.request(|e| matches!(e, Effect::LoadDetails { .. }));
        stage.send(Msg::Details { request, result: Ok(programs()) });
    }
    answer(&mut stage, offer);
    stage
}

/// An advisor looks at it, and the partner says nothing.
pub fn unknown() -> Stage {
    quoted_for(advisor(Some(student("Maya"))), refused("progress_unknown", "Certiport does not say."))
}

fn new_course() -> CourseView {
    let view = programs().swap_remove(0);
    let mut course = crate::domain::decide::fixtures::course_of(&view, 1);
    course.enrollment.id = EnrollmentId::from(Uuid::from_u128(500));
    course
}

fn candidate() -> CourseView {
    let mut course = with_page();
    course.partner = new_course().partner;
    course.enrollment.id = new_course().enrollment.id;
    course.enrollment.replaces_id = Some(confirmed().enrollment.id);
    course
}

fn switched(stage: &mut Stage, result: Result<CourseView, Failure>) -> Vec<Effect> {
    let request = stage.request(is_switch);
    let enrollment = confirmed().enrollment.id;
    stage.send(Msg::Switched { request, enrollment, result: result.map(Box::new) })
}

#[test]
fn what_changes_is_shown_before_the_one_decision() {
    for (offer, words) in [
        (quote(900, 5_000, 0), "Switch to Milady and pay $50.00"),
        (quote(5_900, 0, 2_000), "Switch to Milady; $20.00 goes back"),
        (quote(0, 0, 0), "Switch to Milady ⏎"),
    ] {
        let mut stage = quoted(offer);
        let picture = stage.picture();
        assert!(picture.contains("What changes") && picture.contains(words), "{picture}");
        assert_eq!(count(&stage.keys("<enter><enter>"), is_switch), 1, "once");
    }
}

#[test]
fn nothing_is_decided_before_it_is_known_what_changes() {
    let mut stage = quoted(quote(0, 0, 0));
    assert_eq!(count(&stage.keys("j<enter>"), is_switch), 0, "another partner is asked about first");
    assert_eq!(stage.asked.iter().filter(|e| is_quote(e)).count(), 2);
    answer(&mut stage, quote(0, 0, 0));
    assert_eq!(count(&stage.keys("<enter>"), is_switch), 1);
}

#[test]
fn a_late_answer_about_another_partner_is_dropped() {
    let mut stage = quoted(quote(0, 0, 0));
    let old = stage.request(is_quote);
    stage.keys("j");
    stage.send(Msg::SwitchQuoted { request: old, result: Ok(Box::new(quote(0, 9_999, 0))) });
    assert!(!stage.picture().contains("$99.99"));
}

#[test]
fn without_a_payment_it_is_done_at_once() {
    let mut stage = quoted(quote(5_900, 0, 2_000));
    stage.keys("<enter>");
    switched(&mut stage, Ok(new_course()));
    assert!(matches!(stage.app.screen(), Screen::Courses));
    assert_eq!(stage.message(), "You are with Milady now. $20.00 goes back to your card.");
    assert_eq!(stage.app.dash.selected, Some(DashId::Course(new_course().enrollment.id)));
    assert_eq!(stage.app.dash_items().len(), 1, "the old one is over");
}

#[test]
fn with_a_difference_it_waits_for_the_payment() {
    let mut stage = quoted(quote(900, 5_000, 0));
    stage.keys("<enter>");
    let effects = switched(&mut stage, Ok(candidate()));
    assert!(matches!(stage.app.screen(), Screen::Pay { .. }));
    assert_eq!(count(&effects, |e| matches!(e, Effect::OpenPage { .. })), 1);
    let picture = stage.picture();
    assert_eq!(picture.to_lowercase().matches("until then").count(), 1, "said once: {picture}");
    let mut active = candidate();
    active.enrollment.status = Status::Active;
    active.enrollment.replaces_id = None;
    stage.courses(vec![active]);
    assert_eq!(stage.message(), "Paid. You are with Milady now.");
}

#[test]
fn a_switch_that_waits_stands_under_its_course_and_can_be_ended() {
    let mut old = confirmed();
    old.switching = Some(candidate().enrollment.id);
    let mut stage = Stage::ready(maya(), vec![candidate(), old]);
    let picture = stage.picture();
    assert!(picture.contains("you keep Certiport until then"), "{picture}");
    let rows: Vec<DashId> = stage.app.dash_items().iter().map(|item| item.id).collect();
    let (old, new) = (confirmed().enrollment.id, candidate().enrollment.id);
    assert_eq!(rows, [DashId::Course(old), DashId::Course(new)]);
    stage.keys("gGx");
    assert!(stage.picture().contains("End the switch"), "{}", stage.picture());
    let effects = stage.keys("<enter>");
    assert!(matches!(effects[..], [Effect::Cancel { enrollment, .. }] if enrollment == new), "{effects:?}");
}

#[test]
fn a_refusal_stands_in_place_of_the_decision() {
    let mut stage = quoted(refused("already_started", "Cannot switch partners after starting course."));
    let picture = stage.picture();
    assert!(picture.contains("Cannot switch partners after starting course."), "{picture}");
    assert_eq!(stage.keys("<enter>"), []);
    let mut silent = quoted(refused("progress_unknown", "Certiport does not say."));
    assert_eq!(silent.keys("<enter>"), [], "a student can't overrule");
    assert!(silent.app.overlays.is_empty());
}

#[test]
fn an_advisor_decides_with_a_reason_where_the_partner_is_silent() {
    let mut stage = unknown();
    assert_eq!(stage.keys("<enter><enter>"), []);
    assert!(matches!(stage.app.overlays[..], [Overlay::Reason { error: Some(_), .. }]));
    let effects = stage.keys("spoke to Certiport<enter>");
    assert!(
        matches!(&effects[..], [Effect::Switch { overrule: Some(reason), .. }] if reason.as_str() == "spoke to Certiport"),
        "{effects:?}"
    );
}

#[test]
fn what_fails_in_the_last_moment_is_said_and_asked_anew() {
    let mut stage = quoted(quote(0, 0, 0));
    stage.keys("<enter>");
    let effects = switched(&mut stage, Err(Failure::new("cohort_full", "It is full.")));
    assert_eq!(stage.message(), "It is full.");
    assert_eq!(count(&effects, is_quote), 1);
}

#[test]
fn the_key_is_not_shown_where_it_does_nothing() {
    let offers = |course: CourseView| {
        let stage = Stage::ready(maya(), vec![course]);
        crate::ui::keymap::label(&stage.app, crate::ui::keymap::Action::Switch).is_some()
    };
    assert!(offers(paid(confirmed(), 5_900)));
    let mut completed = confirmed();
    completed.enrollment.status = Status::Completed;
    assert!(!offers(completed));
    assert!(!offers(awaited()));
    let alone = crate::domain::decide::fixtures::course_of(&programs()[1], 0);
    assert!(!offers(alone), "nobody else delivers it");
    let mut taught_here = confirmed();
    taught_here.partner = None;
    assert!(!offers(taught_here));
}

const SILENT: &str = "Certiport does not say now whether you have started CNA Training; the last figure is 0%, \
    reported 2 days ago. An advisor can decide; ask certiport@support.example.org or \
    https://support.example.org/certiport.";

#[test]
fn why_not_is_said_whole_and_so_is_what_an_advisor_can_do() {
    for size in [(80, 24), (60, 20), (40, 18)] {
        for who in [maya(), advisor(Some(student("Maya")))] {
            let mut stage = quoted_for(who.clone(), refused("progress_unknown", SILENT));
            stage.app.size = size;
            stage.send(Msg::Tick);
            let picture = stage.picture();
            let dense = |text: &str| text.replace(['"', ' ', '\n'], "");
            let said = dense(&picture);
            assert!(said.contains(&dense(SILENT)), "{size:?}: {picture}");
            let decides = matches!(who, Who::Advisor { .. });
            assert!(size.1 < 20 || said.contains("Youpay"), "{size:?}: {picture}");
            assert_eq!(said.contains("Decidewithareason⏎"), decides, "{size:?}: {picture}");
        }
    }
}

#[test]
fn the_decision_is_whole_on_the_smallest_screen() {
    let mut offer = quote(3_500, 12_000, 0);
    offer.quote.to = "Local Community College".into();
    let mut stage = quoted(offer);
    stage.app.size = (40, 10);
    let picture = stage.picture();
    assert!(
        picture.contains("Switch to Local Community College") && picture.contains("$120.00 ⏎"),
        "{picture}"
    );
}

#[test]
fn an_advisors_decision_shows_that_it_is_under_way() {
    let mut stage = unknown();
    assert_eq!(count(&stage.keys("<enter>seen<enter>"), is_switch), 1);
    assert!(stage.picture().contains("Switching…"), "{}", stage.picture());
}

#[test]
fn after_a_switch_the_details_say_which_payment_was_the_difference() {
    let mut course = paid(candidate(), 3_400);
    course.enrollment.switched_from = course.enrollment.replaces_id.take();
    let id = course.enrollment.id;
    let mut before = course.money.payments[0].clone();
    (before.enrollment_id, before.funds_id) = (confirmed().enrollment.id, id);
    before.amount.cents = 3_500;
    course.money.payments.truncate(1);
    (course.money.payments[0].enrollment_id, course.money.payments[0].funds_id) = (id, id);
    course.money.payments.push(before);
    let mut stage = Stage::ready(maya(), vec![course]);
    stage.keys("2o");
    let picture = stage.picture();
    let line = |sum: &str| picture.lines().find(|line| line.contains(sum)).unwrap_or_default().to_owned();
    assert!(line("$34.00 on").contains(", the difference of the switch"), "{picture}");
    assert!(line("$35.00 on").contains(", before the switch"), "{picture}");
}
