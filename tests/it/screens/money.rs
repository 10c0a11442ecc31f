//! Paying, waiting for it, what goes back, and switching.

use super::harness::Stage;
use super::world::{self, charged, course, dated, offer, program};
use coursevia::domain::decide::SwitchQuote;
use coursevia::domain::failure::Failure;
use coursevia::domain::money::{Currency, Money};
use coursevia::domain::payment::{PaymentStatus, ProcessorName, RefundStatus};
use coursevia::domain::views::{CourseView, ProgramView};
use coursevia::ui::msg::{Msg, SwitchOffer, Who};
use coursevia::ui::{Effect, Theme};
use insta::{assert_debug_snapshot, assert_snapshot};

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

/// As long as the processor's are.
const PAGE: &str = "https://checkout.example/c/pay/cs_test_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0";

fn cna() -> ProgramView {
    let milady = dated(offer("Milady", "CNA Training", 5_900), &[(9, 12, 7), (37, 12, 0)]);
    let all = vec![milady, offer("Certiport", "CNA Training", 0), offer("CareerSafe", "CNA Training", 900)];
    program("CNA Training", "Healthcare", "6 weeks", all)
}

fn checkout(stage: Stage) -> Stage {
    stage.answer_programs(Ok(vec![cna()])).courses(vec![]).keys("<enter><enter>")
}

fn awaiting() -> CourseView {
    world::awaiting(course("CNA Training", "Milady", None, 0), 5_900)
}

fn with_page() -> CourseView {
    let mut course = world::page_at(awaiting(), PAGE);
    course.money.payments[0].processor = ProcessorName::read("https://api.example");
    course
}

fn waits(stage: Stage, course: CourseView) -> Stage {
    stage.programs().courses(vec![course]).keys("<enter>")
}

/// Whether there was a browser.
fn opened(stage: Stage, opened: bool) -> Stage {
    let asked = |effect: &Effect| match effect {
        Effect::OpenPage { request, enrollment, .. } => Some((*request, *enrollment)),
        _ => None,
    };
    stage.reply(asked, |(request, enrollment)| Msg::PageOpened { request, enrollment, opened })
}

#[test]
fn the_checkout_says_it_all_before_anything_happens() {
    at_all_sizes!("money_checkout", checkout);
}

#[test]
fn the_page_is_being_opened() {
    at_all_sizes!("money_opening", |s: Stage| waits(s, awaiting()));
}

#[test]
fn the_page_is_open() {
    at_all_sizes!("money_page", |s: Stage| opened(waits(s, with_page()), true));
}

#[test]
fn without_a_browser_there_is_a_link_and_a_code_where_it_fits() {
    at_all_sizes!("money_link", |s: Stage| opened(waits(s, with_page()), false));
}

#[test]
fn a_card_was_declined_with_play_money() {
    let course = world::ended(
        world::page_at(awaiting(), "http://127.0.0.1:8766/pay/cs_1"),
        PaymentStatus::Open,
        Some("it is over its limit"),
    );
    at_all_sizes!("money_declined", |s: Stage| opened(waits(s, course.clone()), true));
}

fn states() -> Vec<CourseView> {
    let mut old = charged(course("CNA Training", "Certiport", None, 1), 900, PaymentStatus::Paid);
    let new = world::switching(&mut old, "Milady", 5_000);
    let of = |title, partner| world::awaiting(course(title, partner, None, 0), 11_900);
    vec![
        old,
        new,
        of("HVAC Fundamentals", "HSI Safety"),
        world::ended(of("Forklift Operator", "CareerSafe"), PaymentStatus::Expired, None),
        world::ended(
            of("Dental Office Safety", "NDS"),
            PaymentStatus::Parked,
            Some("$100.00 was paid instead of $119.00"),
        ),
        world::going_back(course("Welding", "Milady", None, 9), 7_500, RefundStatus::Pending),
        world::going_back(course("Infection Control", "CareerSafe", None, 9), 4_000, RefundStatus::Succeeded),
        world::going_back(
            course("OSHA 30 Construction", "CareerSafe", None, 9),
            14_900,
            RefundStatus::Failed,
        ),
        world::cancelled(world::ended(of("Job Readiness", "Certiport"), PaymentStatus::Expired, None)),
    ]
}

#[test]
fn my_courses_say_where_the_money_stands() {
    at_all_sizes!("money_courses", |s: Stage| s.programs().courses(states()).keys("2g"));
}

#[test]
fn my_courses_further_down() {
    at_all_sizes!("money_courses_down", |s: Stage| s.programs().courses(states()).keys("2G"));
}

#[test]
fn a_course_says_what_was_paid_and_what_goes_back() {
    at_all_sizes!("money_course", |s: Stage| s.programs().courses(states()).keys("2gjjjo"));
    at_all_sizes!("money_course_back", |s: Stage| s.programs().courses(states()).keys("2Gko"));
}

#[test]
fn cancelling_says_what_goes_back() {
    let paid = charged(course("CNA Training", "Milady", None, 0), 5_900, PaymentStatus::Paid);
    at_all_sizes!("money_cancel", |s: Stage| s.programs().courses(vec![paid.clone()]).keys("x"));
}

#[test]
fn ending_a_switch_keeps_the_old_partner() {
    at_all_sizes!("money_end_switch", |s: Stage| s.programs().courses(states()).keys("2gjjjjx"));
}

fn dollars(cents: i64) -> Money {
    Money { cents, currency: Currency::USD }
}

/// Looking at a switch from Certiport to Milady, with this answer.
fn switch(stage: Stage, paid: i64, refusal: Option<&str>) -> Stage {
    let view = cna();
    let over = 5_900 - paid;
    let quote = SwitchQuote {
        waived: Money::zero(Currency::USD),
        failed: None,
        from: "Certiport".into(),
        to: "Milady".into(),
        paid: dollars(paid),
        price: dollars(5_900),
        due: dollars(over.max(0)),
        refund: dollars((-over).max(0)),
        old_start: None,
        new_start: Some(view.offers[0].cohorts[0].starts_on),
        seats_left: Some(5),
        policy: view.offers[0].provider.refunds.sentence(),
    };
    let refusal =
        refusal.map(|message| Failure { refused: true, ..Failure::new("progress_unknown", message) });
    let asked = |effect: &Effect| match effect {
        Effect::LoadSwitch { request, .. } => Some(*request),
        _ => None,
    };
    let mine = charged(course("CNA Training", "Certiport", None, 0), paid, PaymentStatus::Paid);
    stage.answer_programs(Ok(vec![view])).courses(vec![mine]).keys("2s").reply(asked, |request| {
        Msg::SwitchQuoted {
            request,
            result: Ok(Box::new(SwitchOffer { quote: quote.clone(), refusal: refusal.clone() })),
        }
    })
}

#[test]
fn a_switch_shows_what_changes_then_one_decision() {
    at_all_sizes!("money_switch_due", |s: Stage| switch(s, 900, None));
    at_all_sizes!("money_switch_refund", |s: Stage| switch(s, 7_900, None));
}

const SILENT: &str = "Certiport does not say now whether you have started CNA Training; the last figure is 0%, reported 3 hours ago. An advisor can decide; ask help@certiport.example.";

#[test]
fn a_switch_that_is_refused_says_whom_to_ask() {
    at_all_sizes!("money_switch_refused", |s: Stage| switch(s, 900, Some(SILENT)));
}

#[test]
fn an_advisor_decides_with_a_reason() {
    let desk = Stage::of(world::advisor(Some(world::maya())), 80, 24);
    let desk = switch(desk, 900, Some(SILENT));
    assert_snapshot!("money_switch_desk_80x24", desk.screen());
    assert_snapshot!("money_switch_reason_80x24", desk.keys("<enter>she never began").screen());
}

#[test]
fn plain_signs_do() {
    let ascii = || Stage::with(Who::Student(world::maya()), 80, 24, true, Theme::None);
    assert_snapshot!("money_checkout_ascii_80x24", checkout(ascii()).screen());
    assert_snapshot!("money_link_ascii_80x24", opened(waits(ascii(), with_page()), false).screen());
    assert_snapshot!("money_courses_ascii_80x24", ascii().programs().courses(states()).keys("2g").screen());
    assert_snapshot!("money_switch_ascii_80x24", switch(ascii(), 900, None).screen());
}

#[test]
fn colours() {
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light), ("none", Theme::None)] {
        let stage = || Stage::with(Who::Student(world::maya()), 60, 16, false, theme);
        assert_debug_snapshot!(format!("style_checkout_{name}"), checkout(stage()).screen().buffer());
        let pay = opened(waits(stage(), with_page()), false);
        assert_debug_snapshot!(format!("style_payment_{name}"), pay.screen().buffer());
        let switch = switch(stage(), 900, None);
        assert_debug_snapshot!(format!("style_switch_{name}"), switch.screen().buffer());
    }
}
