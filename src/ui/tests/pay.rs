//! Paying: confirmed first, one payment only, found again, said how it ended.

use super::stage::{Stage, at_till, confirmed, count, is_enroll, programs, requested, start, student};
use crate::domain::decide::fixtures::{cohort, paid, priced, unpaid};
use crate::domain::enrollment::{Link, Payment, Status};
use crate::domain::failure::Failure;
use crate::domain::job::{JobKind, JobState};
use crate::domain::payment::{PaymentStatus, RefundStatus, RefundView};
use crate::domain::provider::Retirement;
use crate::domain::views::{CourseView, ProgramView};
use crate::domain::web::WebUrl;
use crate::ui::app::{Overlay, Screen};
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, SyncSummary, Who};
use chrono::TimeDelta;
use uuid::Uuid;

fn maya() -> Who {
    Who::Student(student("Maya"))
}

/// CNA costs $59.00 at Certiport.
pub fn priced_programs() -> Vec<ProgramView> {
    let mut all = programs();
    all[0].offers[0] = priced(all[0].offers[0].clone(), 5_900);
    all
}

/// Maya before the checkout of CNA via Certiport.
pub fn checkout() -> Stage {
    let mut stage = Stage::new(maya());
    stage.programs(Ok(priced_programs()));
    stage.courses(vec![]);
    stage.keys("<enter><enter>");
    stage
}

/// The place is held, and the page is not open yet.
pub fn awaited() -> CourseView {
    let mut course = unpaid(requested(), 5_900);
    course.enrollment.hold_until = Some(start() + TimeDelta::minutes(24));
    course
}

/// The page is open.
pub fn with_page() -> CourseView {
    let mut course = awaited();
    course.money.payments[0].url = WebUrl::parse("https://pay.example/c/1").ok();
    course
}

pub fn expired() -> CourseView {
    let mut course = awaited();
    course.enrollment.payment = Payment::Expired;
    course.money.payments[0].status = PaymentStatus::Expired;
    course
}

pub fn parked() -> CourseView {
    let mut course = awaited();
    course.enrollment.payment = Payment::Parked;
    course.money.payments[0].status = PaymentStatus::Parked;
    course.money.payments[0].note = Some("$40.00 was paid instead of $59.00".into());
    course
}

fn begun() -> CourseView {
    paid(confirmed(), 5_900)
}

fn refund(status: RefundStatus) -> CourseView {
    let mut course = begun();
    course.enrollment.status = Status::Cancelled;
    course.money.payments[0].status = PaymentStatus::Refunded;
    course.money.payments[0].refunded_cents = 5_900;
    let ended = matches!(status, RefundStatus::Succeeded | RefundStatus::Failed);
    course.money.refunds = vec![RefundView {
        id: Uuid::from_u128(3).into(),
        payment_id: course.money.payments[0].id,
        enrollment_id: course.enrollment.id,
        amount: course.money.payments[0].amount,
        status,
        reason: "cancelled".into(),
        attempt: 1,
        idempotency_key: String::new(),
        request_body: String::new(),
        sent_at: None,
        external_refund_id: None,
        requested_at: start(),
        ended_at: ended.then(start),
        note: None,
    }];
    course
}

pub fn refund_failed() -> CourseView {
    let mut course = refund(RefundStatus::Failed);
    course.jobs = vec![JobState {
        kind: JobKind::Refund,
        attempts: 1,
        last_error: None,
        run_at: start(),
        gave_up: true,
    }];
    course
}

fn is_open(effect: &Effect) -> bool {
    matches!(effect, Effect::OpenPage { .. })
}

fn is_pay(effect: &Effect) -> bool {
    matches!(effect, Effect::Pay { .. })
}

fn opened(stage: &mut Stage, opened: bool) -> Vec<Effect> {
    let request = stage.request(is_open);
    stage.send(Msg::PageOpened { request, enrollment: awaited().enrollment.id, opened })
}

#[test]
fn a_price_is_confirmed_before_anything_is_written_down() {
    let mut stage = checkout();
    assert_eq!(count(&stage.asked, is_enroll), 0);
    let picture = stage.picture();
    for words in
        ["$59.00", "via Certiport", "any time", "You get everything back", "Pay $59.00 in your browser"]
    {
        assert!(picture.contains(words), "{words}: {picture}");
    }
    assert_eq!(stage.keys("<esc>"), []);
    assert!(matches!(stage.app.screen(), Screen::Program { .. }), "nothing has happened");
}

#[test]
fn pressing_enter_often_makes_one_enrollment() {
    let mut stage = checkout();
    assert_eq!(count(&stage.keys("<enter><enter><enter>"), is_enroll), 1);
    let effects = stage.enrolled(Ok(awaited()));
    assert!(matches!(stage.app.screen(), Screen::Pay { .. }));
    assert_eq!(count(&effects, is_open), 0, "there is no page yet");
    assert_eq!(count(&stage.keys("<enter><enter>"), |e| is_enroll(e) || is_pay(e)), 0);
}

#[test]
fn whoever_is_not_known_is_asked_at_the_checkout() {
    let mut stage = Stage::new(Who::Nobody);
    stage.programs(Ok(priced_programs()));
    stage.courses(vec![]);
    assert_eq!(stage.keys("<enter><enter><enter>"), []);
    assert!(matches!(stage.app.overlays[..], [Overlay::Email { .. }]));
    stage.keys("maya@example.org<enter>");
    let request = stage.request(|e| matches!(e, Effect::SaveProfile { .. }));
    let effects = stage.send(Msg::ProfileSaved { request, result: Ok(student("Maya")) });
    assert_eq!(count(&effects, is_enroll), 1);
}

#[test]
fn what_can_not_be_sold_is_refused_without_a_checkout() {
    let mut stage = at_till(maya(), crate::domain::payment::Till::Closed);
    stage.programs(Ok(priced_programs()));
    stage.courses(vec![]);
    assert_eq!(count(&stage.keys("<enter><enter>"), is_enroll), 0);
    assert!(stage.message().contains("payment is not available"), "{}", stage.message());
}

#[test]
fn the_page_is_opened_once_by_itself_and_again_on_enter() {
    let mut stage = Stage::ready(maya(), vec![awaited()]);
    assert_eq!(count(&stage.keys("<enter>"), is_open), 0);
    assert!(stage.picture().contains("The payment page is being opened"));
    assert_eq!(count(&stage.courses(vec![with_page()]), is_open), 1);
    opened(&mut stage, true);
    stage.send(Msg::WorkDone);
    assert_eq!(count(&stage.courses(vec![with_page()]), is_open), 0, "once by itself");
    assert!(stage.picture().contains("https://pay.example/c/1"));
    assert_eq!(count(&stage.keys("<enter><enter>"), is_open), 1, "not twice at once");
}

#[test]
fn whoever_leaves_before_the_page_is_there_is_not_carried_away() {
    let mut stage = Stage::ready(maya(), vec![awaited()]);
    stage.keys("<enter><esc>");
    assert!(matches!(stage.app.screen(), Screen::Courses));
    stage.send(Msg::WorkDone);
    assert_eq!(count(&stage.courses(vec![with_page()]), is_open), 0);
    assert_eq!(count(&stage.keys("<enter>"), is_open), 1, "found again on My courses");
}

#[test]
fn without_a_browser_the_link_is_on_screen_and_copied() {
    let mut stage = Stage::ready(maya(), vec![with_page()]);
    stage.keys("<enter>");
    let effects = opened(&mut stage, false);
    assert_eq!(effects, [Effect::CopyText("https://pay.example/c/1".to_owned())]);
    // The words stand beside the code, over several rows.
    let picture = stage.picture();
    assert!(
        picture.contains("Scan the code with your phone") && picture.contains("https://pay.example/c/1"),
        "{picture}"
    );
    assert_eq!(count(&stage.keys("y"), |e| matches!(e, Effect::CopyText(_))), 1);
}

#[test]
fn what_is_paid_goes_on_by_itself() {
    let mut stage = Stage::ready(maya(), vec![with_page()]);
    stage.keys("<enter>");
    stage.send(Msg::WorkDone);
    stage.courses(vec![begun()]);
    assert!(matches!(stage.app.screen(), Screen::Courses));
    assert_eq!(stage.message(), "Paid. Enrolled via Certiport. Enter starts it");
    let mut away = Stage::ready(maya(), vec![with_page()]);
    away.keys("1");
    away.send(Msg::WorkDone);
    away.courses(vec![begun()]);
    assert!(matches!(away.app.screen(), Screen::Programs));
    assert!(away.message().contains("under My courses"), "{}", away.message());
}

#[test]
fn a_declined_card_is_said_while_the_page_stays_open() {
    let mut stage = Stage::ready(maya(), vec![with_page()]);
    stage.keys("<enter>");
    let mut declined = with_page();
    declined.money.payments[0].note = Some("the card has too little money".into());
    stage.send(Msg::WorkDone);
    stage.courses(vec![declined]);
    assert!(stage.picture().contains("The card has too little money. Try again"));
}

#[test]
fn the_price_is_whole_on_the_smallest_screen_that_waits() {
    let mut course = with_page();
    course.money.payments[0].amount.cents = 149_900;
    let mut stage = Stage::ready(maya(), vec![course]);
    stage.keys("<enter>");
    stage.app.size = (40, 10);
    assert!(stage.picture().contains("Waiting for $1,499.00"), "{}", stage.picture());
}

#[test]
fn a_page_that_is_over_is_paid_again_once() {
    let mut stage = Stage::ready(maya(), vec![expired()]);
    assert!(stage.picture().contains("Not paid in time. Enter pays again"), "{}", stage.picture());
    assert_eq!(count(&stage.keys("<enter><enter>"), is_pay), 1);
    let request = stage.request(is_pay);
    let (enrollment, result) = (expired().enrollment.id, Ok(Box::new(with_page())));
    let effects = stage.send(Msg::Paying { request, enrollment, result });
    assert!(matches!(stage.app.screen(), Screen::Pay { .. }));
    assert_eq!(count(&effects, is_open), 1);
}

#[test]
fn a_parked_payment_says_why_and_who_looks() {
    let mut stage = Stage::ready(maya(), vec![parked()]);
    let picture = stage.picture();
    assert!(picture.contains("needs your advisor") && picture.contains("$40.00 was paid"), "{picture}");
    assert_eq!(count(&stage.keys("<enter>"), |e| is_pay(e) || is_enroll(e)), 0);
}

#[test]
fn enrolling_while_it_waits_opens_the_same_page() {
    let mut stage = Stage::new(maya());
    stage.programs(Ok(priced_programs()));
    stage.courses(vec![with_page()]);
    let effects = stage.keys("1<enter><enter>");
    assert_eq!((count(&effects, is_enroll), count(&effects, is_open)), (0, 1));
    assert!(matches!(stage.app.screen(), Screen::Pay { .. }));
}

#[test]
fn a_payment_begun_at_another_terminal_is_found() {
    let mut stage = checkout();
    stage.keys("<enter>");
    stage.enrolled(Err(Failure::new("payment_open", "It waits for your payment.")));
    let effects = stage.courses(vec![with_page()]);
    assert!(matches!(stage.app.screen(), Screen::Pay { .. }));
    assert_eq!(count(&effects, is_open), 1);
}

#[test]
fn cancelling_says_what_goes_back_first() {
    let mut stage = Stage::ready(maya(), vec![begun()]);
    stage.keys("x");
    assert!(stage.picture().contains("$59.00 goes back to your card."), "{}", stage.picture());
    let mut open = Stage::ready(maya(), vec![with_page()]);
    open.keys("x");
    let picture = open.picture();
    assert!(picture.contains("Nothing is charged."), "{picture}");
    assert!(!picture.contains("is told"), "the partner never heard of it: {picture}");
}

#[test]
fn a_cancelled_course_stays_in_sight_until_its_money_is_back_and_a_week_longer() {
    let mut under_way = Stage::ready(maya(), vec![refund(RefundStatus::Pending)]);
    under_way.keys("2");
    assert!(under_way.picture().contains("refund of $59.00 on its way"), "{}", under_way.picture());
    let mut back = Stage::ready(maya(), vec![refund(RefundStatus::Succeeded)]);
    back.keys("2");
    assert!(back.picture().contains("refunded $59.00"), "{}", back.picture());
    back.later(8 * 24 * 3600);
    assert!(back.app.dash_items().is_empty());
}

#[test]
fn a_refund_that_failed_can_be_tried_again() {
    let mut stage = Stage::ready(maya(), vec![refund_failed()]);
    stage.keys("2");
    assert!(stage.picture().contains("$59.00 not refunded"), "{}", stage.picture());
    assert_eq!(count(&stage.keys("t"), |e| matches!(e, Effect::Retry { .. })), 1);
    let request = stage.request(|e| matches!(e, Effect::Retry { .. }));
    stage.send(Msg::Retried { request, enrollment: refund_failed().enrollment.id, result: Ok(()) });
    let picture = stage.picture();
    assert!(picture.contains("The refund is asked for again."), "{picture}");
    assert!(!picture.contains("place is being prepared"), "{picture}");
}

#[test]
fn a_place_given_back_says_so_for_a_week_and_leads_to_its_program() {
    let mut lapsed = expired();
    lapsed.enrollment.status = Status::Cancelled;
    let mut stage = Stage::new(maya());
    stage.programs(Ok(priced_programs()));
    stage.courses(vec![lapsed.clone()]);
    stage.keys("2");
    assert!(stage.picture().contains("not paid in time"), "{}", stage.picture());
    stage.keys("<enter>");
    assert!(matches!(stage.app.screen(), Screen::Program { .. }));
    // Whoever cancels gives up the hold: nothing ran out then.
    lapsed.enrollment.hold_until = None;
    assert!(Stage::ready(maya(), vec![lapsed]).app.dash_items().is_empty());
}

#[test]
fn a_free_course_needs_no_checkout() {
    let mut stage = Stage::ready(maya(), vec![]);
    assert_eq!(count(&stage.keys("<enter><enter>"), is_enroll), 1);
    let mut course = confirmed();
    course.enrollment.link = Link::Requested;
    stage.enrolled(Ok(course));
    assert!(matches!(stage.app.screen(), Screen::Courses));
}

#[test]
fn asking_while_a_payment_is_open_says_that_it_is_looked_at() {
    let mut stage = Stage::ready(maya(), vec![with_page()]);
    stage.keys("2r");
    let request = stage.request(|e| matches!(e, Effect::Sync { .. }));
    let summary = SyncSummary { payments: 1, ..SyncSummary::default() };
    stage.send(Msg::Synced { request, result: Ok(summary) });
    assert!(stage.picture().contains("asked whether you have paid"), "{}", stage.picture());
}

#[test]
fn giving_a_place_back_is_called_so_everywhere() {
    let mut stage = Stage::ready(maya(), vec![with_page()]);
    stage.keys("2");
    assert!(stage.picture().contains("x give the place back"), "{}", stage.picture());
    stage.keys("x");
    let picture = stage.picture();
    assert!(picture.contains(" Give the place back ━"), "{picture}");
    assert!(picture.contains("⏎ give the place back"), "{picture}");
    assert!(!picture.to_lowercase().contains("cancel"), "{picture}");
}

#[test]
fn a_dated_course_that_waits_for_money_says_when_it_starts() {
    let mut course = with_page();
    course.cohort = Some(cohort((start() + TimeDelta::days(9)).date_naive(), 20, 4));
    let mut stage = Stage::ready(maya(), vec![course]);
    stage.keys("2");
    assert!(stage.picture().contains("· from "), "{}", stage.picture());
    stage.keys("<enter>");
    assert!(stage.picture().contains("Starts   "), "{}", stage.picture());
}

#[test]
fn what_does_not_fit_is_whole_wherever_it_is_said() {
    for size in [(80, 24), (60, 20), (40, 10)] {
        let mut stage = Stage::ready(maya(), vec![parked()]);
        stage.app.size = size;
        stage.keys("2");
        let card = stage.picture();
        assert!(!card.lines().any(|line| line.contains("advi…") || line.contains("an…")), "{card}");
        stage.keys("o");
        let details = stage.picture();
        assert!(details.contains("An advisor looks at your payment"), "{details}");
        assert!(!details.contains("Needs you"), "there is nothing the student can do: {details}");
        assert!(!details.contains("give the place back"), "{details}");
        stage.app.size = (80, 24);
        stage.keys("s");
        assert!(stage.picture().contains("i An advisor looks at your payment"), "{}", stage.picture());
    }
}

#[test]
fn the_smallest_checkout_says_who_gets_the_money_and_what_comes_back() {
    let mut stage = checkout();
    stage.app.size = (40, 10);
    let picture = stage.picture();
    for words in ["via Certiport", "Pay $59.00", "until you", "nothing is paid"] {
        assert!(picture.contains(words), "{words}: {picture}");
    }
}

/// The page is open, and the partner has closed.
fn shut(ends: bool, course: CourseView) -> CourseView {
    let mut course = course;
    let today = start().date_naive();
    let end =
        Retirement { closes_on: today, ends_on: ends.then_some(today), note: Some("It merges.".into()) };
    course.partner.as_mut().expect("a partner").provider.retirement = Some(end);
    course
}

#[test]
fn nobody_is_asked_to_pay_at_a_partner_that_is_closed() {
    for course in [with_page(), expired()] {
        let mut stage = Stage::ready(maya(), vec![shut(true, course)]);
        stage.keys("2");
        let picture = stage.picture();
        assert!(picture.contains("What now") && !picture.contains("Pay "), "{picture}");
        let effects = stage.keys("<enter>");
        assert!(matches!(effects[..], [Effect::Launch { .. }]), "asked anew: it may be back: {effects:?}");
        let failure = Failure { refused: true, ..Failure::new("partner_retired", "Certiport is closed.") };
        stage.launched(Err(failure));
        assert!(stage.picture().contains("Don't pay on a page"), "{}", stage.picture());
        stage.keys("<enter>");
        assert!(matches!(stage.app.overlays[..], [Overlay::Confirm { .. }]));
    }
}

#[test]
fn a_page_that_is_open_is_left_when_the_partner_closes() {
    let mut stage = Stage::ready(maya(), vec![with_page()]);
    stage.keys("2<enter>");
    stage.courses(vec![shut(true, with_page())]);
    let picture = stage.picture();
    assert!(picture.contains("It merges. Nothing was charged.") && picture.contains("What now"), "{picture}");
}

#[test]
fn a_place_that_is_held_is_paid_where_only_new_students_are_not_taken() {
    let stage = Stage::ready(maya(), vec![shut(false, with_page())]);
    assert!(stage.picture().contains("Pay "), "{}", stage.picture());
    let mut late = Stage::ready(maya(), vec![shut(false, expired())]);
    assert!(late.picture().contains("What now"), "{}", late.picture());
    late.keys("2<enter>");
    let words = "Certiport takes no new students any more: It merges. You can choose Milady instead.";
    late.launched(Err(Failure { refused: true, ..Failure::new("partner_retiring", words) }));
    let picture = late.picture();
    assert!(
        picture.contains("Certiport takes no new students ━") && picture.contains("Give the place back"),
        "{picture}"
    );
}
