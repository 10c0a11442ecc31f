//! The partners side by side, and "What fits you".

use super::harness::Stage;
use super::world::{cna, dated, maya, offer, paused, program};
use coursevia::domain::candidate::{Outcome, Outcomes};
use coursevia::domain::provider::Health;
use coursevia::domain::review::RatingSummary;
use coursevia::domain::views::{Compared, ProgramView};
use coursevia::ui::msg::{Msg, Who};
use coursevia::ui::{Effect, Theme};
use insta::assert_snapshot;

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

/// One snapshot per size, of a program whose comparison is open and read, after some keys.
fn at_all_sizes(name: &str, view: &ProgramView, keys: &str) {
    for (width, height) in SIZES {
        let stage = open(Stage::new(width, height), view).keys(keys);
        assert_snapshot!(format!("{name}_{width}x{height}"), stage.screen());
    }
}

fn open(stage: Stage, view: &ProgramView) -> Stage {
    let compared = || Compared { view: view.clone(), outcomes: outcomes(view) };
    let request = |effect: &Effect| match effect {
        Effect::LoadComparison { request, .. } => Some(*request),
        _ => None,
    };
    let stage = stage.answer_programs(Ok(vec![view.clone()])).courses(vec![]).keys("1c");
    stage.reply(request, |request| Msg::Compared { request, result: Ok(Some(Box::new(compared()))) })
}

/// Every other partner has enough students to say something.
fn outcomes(view: &ProgramView) -> Outcomes {
    let numbers = [(8, 4), (3, 1), (90, 7)].into_iter().cycle();
    let outcome = numbers.map(|(completed, active)| Outcome { completed, active });
    view.offers.iter().map(|offer| offer.course.id).zip(outcome).collect()
}

/// CNA Training with prices, starts and ratings.
fn informed() -> ProgramView {
    let mut view = cna();
    view.offers[0].course.price.cents = 3_500;
    view.offers[0].rating = RatingSummary { counts: [1, 0, 2, 10, 30] };
    view.offers[1] = dated(view.offers[1].clone(), &[(5, 12, 12), (19, 12, 9), (40, 12, 0)]);
    view.offers[1].rating = RatingSummary { counts: [0, 0, 1_000, 0, 3_210] };
    view.offers[2] = dated(view.offers[2].clone(), &[(12, 8, 8)]);
    view.offers[2].course.hours = Some(1_200);
    view.offers[2].course.price.cents = 12_500;
    view
}

/// Eight partners; one of them is paused.
fn many() -> ProgramView {
    let names = ["Certiport", "Milady", "HSI Safety", "CareerSafe", "NRF RISE Up", "NDS", "Harbor Academy"];
    let mut offers: Vec<_> = names.iter().map(|name| offer(name, "First Aid", 0)).collect();
    offers[3].course.price.cents = 1_999;
    offers.push(paused(offer("Local Community College", "First Aid", 0)));
    program("First Aid", "Healthcare", "10 hours", offers)
}

#[test]
fn partners_stand_side_by_side() {
    at_all_sizes("compare", &cna(), "");
}

#[test]
fn problems_are_said_above_the_facts() {
    let mut view = informed();
    let since = super::world::now() - chrono::TimeDelta::minutes(12);
    view.offers[0].provider.health = Health {
        failures: 3,
        troubled_since: Some(since),
        last_failure_at: Some(since),
        ..Health::default()
    };
    at_all_sizes("compare_troubled", &view, "");
}

#[test]
fn prices_starts_and_ratings_tell_them_apart() {
    at_all_sizes("compare_informed", &informed(), "l");
}

#[test]
fn one_partner_alone() {
    let view = program("Barber", "Beauty", "40 weeks", vec![offer("Milady", "Barber", 49_999)]);
    at_all_sizes("compare_one", &view, "");
}

#[test]
fn eight_partners_scroll_sideways() {
    at_all_sizes("compare_many", &many(), "llll");
}

#[test]
fn a_partner_that_takes_nobody_says_why() {
    at_all_sizes("compare_paused", &many(), "lllllllll");
}

#[test]
fn the_last_facts_come_into_sight() {
    at_all_sizes("compare_scrolled", &informed(), "<end>");
}

#[test]
fn questions_show_who_fits_at_once() {
    at_all_sizes("fits_open", &informed(), "w1");
}

#[test]
fn those_who_fit_are_marked() {
    at_all_sizes("fits_compare", &informed(), "w1<down><down>2<enter>");
}

#[test]
fn cards_carry_the_mark_and_its_reason() {
    at_all_sizes("fits_cards", &informed(), "w1<down><down>2<enter><esc><enter>");
}

#[test]
fn before_it_is_read_the_rest_stands_there() {
    let stage = Stage::new(80, 24).answer_programs(Ok(vec![cna()])).courses(vec![]).keys("c");
    assert_snapshot!("compare_unread_80x24", stage.screen());
}

#[test]
fn ascii_needs_no_sign_of_ours() {
    let ascii = || Stage::with(Who::Student(maya()), 80, 24, true, Theme::Dark);
    for (name, view, keys) in [
        ("ascii_compare_80x24", informed(), "l"),
        ("ascii_compare_many_80x24", many(), "w1"),
        ("ascii_fits_80x24", informed(), "w12<enter>"),
    ] {
        let stage = open(ascii(), &view).keys(keys);
        assert_snapshot!(name, stage.screen());
        assert!(stage.screen().to_string().is_ascii(), "{}", stage.screen());
    }
}
