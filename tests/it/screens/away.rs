//! Partners that fail: what their courses, cards and boxes say.

use super::harness::Stage;
use super::world::{self, course};
use chrono::{NaiveDate, TimeDelta};
use coursevia::domain::failure::Failure;
use coursevia::domain::provider::{Health, Provider, Retirement};
use coursevia::domain::views::{CourseView, Offer};
use coursevia::ui::Theme;
use coursevia::ui::msg::Who;
use insta::{assert_debug_snapshot, assert_snapshot};

const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (120, 40)];

/// One snapshot per size.
macro_rules! at_all_sizes {
    ($name:literal, $stage:expr) => {
        for (width, height) in SIZES {
            let stage: Stage = $stage(Stage::new(width, height));
            assert_snapshot!(format!("{}_{width}x{height}", $name), stage.screen());
        }
    };
}

fn troubled(provider: &mut Provider) {
    let since = world::now() - TimeDelta::minutes(12);
    provider.health = Health {
        failures: 4,
        successes: 0,
        failing_from: Some(since),
        last_failure_at: Some(world::now() - TimeDelta::minutes(1)),
        troubled_since: Some(since),
    };
}

fn ends(provider: &mut Provider, closes: i64, ends: Option<i64>) {
    let day = |after: i64| -> NaiveDate { (world::now() + TimeDelta::days(after)).date_naive() };
    let note = Some("it merges with another school".into());
    provider.retirement = Some(Retirement { closes_on: day(closes), ends_on: ends.map(day), note });
}

fn at_partner(mut course: CourseView, change: impl FnOnce(&mut Provider)) -> CourseView {
    change(&mut course.partner.as_mut().expect("a partner").provider);
    course
}

fn offer(partner: &str, change: impl FnOnce(&mut Provider)) -> Offer {
    let mut offer = world::offer(partner, "CNA Training", 0);
    change(&mut offer.provider);
    offer
}

fn courses() -> Vec<CourseView> {
    vec![
        at_partner(course("CNA Training", "Certiport", Some(45), 3), troubled),
        at_partner(course("HVAC Fundamentals", "HSI Safety", Some(20), 4), |p| ends(p, -3, Some(30))),
        at_partner(course("Welding", "Milady", Some(60), 9), |p| ends(p, -9, Some(-1))),
    ]
}

fn refused(stage: Stage) -> Stage {
    let message = "Certiport is paused since 3 December 2025 until 1 March 2026: it moves. You can choose Milady or \
                   NDS instead. Ask help@certiport.example.";
    let alternatives = vec!["Milady".to_owned(), "NDS".to_owned()];
    let failure = Failure { refused: true, alternatives, ..Failure::new("partner_paused", message) };
    let paused = world::paused_course(course("CNA Training", "Certiport", Some(45), 3));
    stage.courses(vec![paused]).keys("2<enter>").launched(Err(failure))
}

#[test]
fn courses_say_what_is_wrong_with_their_partners() {
    at_all_sizes!("away_courses", |s: Stage| s.programs().courses(courses()));
}

#[test]
fn one_course_at_a_partner_that_ends() {
    at_all_sizes!("away_course_ending", |s: Stage| s.programs().courses(courses()).keys("2jo"));
}

#[test]
fn cards_say_what_is_to_come() {
    let mut view = world::cna();
    view.offers = vec![
        offer("Certiport", troubled),
        offer("HSI Safety", |p| ends(p, 30, None)),
        offer("Milady", |p| ends(p, -1, None)),
    ];
    at_all_sizes!("away_cards", |s: Stage| s
        .answer_programs(Ok(vec![view.clone()]))
        .courses(vec![])
        .keys("1<enter>"));
}

#[test]
fn a_paused_partner_names_the_ways_out() {
    at_all_sizes!("away_box", |s: Stage| refused(s.programs()));
}

#[test]
fn problems_name_the_ways_out() {
    let words = "Certiport is having problems (error 503). Try again in a little while. Its problems began 12 \
                 minutes ago. If it stays, ask help@certiport.example.";
    at_all_sizes!("away_troubled", |s: Stage| s
        .programs()
        .courses(courses())
        .keys("2<enter>")
        .launched(Err(Failure::new("partner_down", words))));
}

#[test]
fn who_is_told_is_not_asked_again() {
    at_all_sizes!("away_told", |s: Stage| {
        let mut paused = world::paused_course(course("CNA Training", "Certiport", Some(45), 3));
        paused.watched = true;
        let words =
            "Certiport is paused until 1 March 2026: it moves. No other partner delivers this program now.";
        let failure = Failure { refused: true, ..Failure::new("partner_paused", words) };
        s.programs().courses(vec![paused]).keys("2<enter>").launched(Err(failure))
    });
}

#[test]
fn the_box_in_every_theme() {
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light), ("none", Theme::None)] {
        let stage = Stage::with(Who::Student(world::maya()), 60, 16, false, theme).programs();
        assert_debug_snapshot!(format!("style_away_{name}"), refused(stage).screen().buffer());
    }
}
