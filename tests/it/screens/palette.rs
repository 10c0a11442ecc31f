//! The list of actions, the search of the help, and keys of one's own.

use super::harness::Stage;
use super::world;
use coursevia::ui::msg::{Level, Notice, Who};
use coursevia::ui::{Keymap, Setup, Theme};
use insta::assert_snapshot;
use std::collections::BTreeMap;

const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (120, 40)];

/// One snapshot per size.
macro_rules! at_all_sizes {
    ($name:literal, $courses:expr, $keys:expr) => {
        for (width, height) in SIZES {
            let stage = Stage::new(width, height).programs().courses($courses).keys($keys);
            assert_snapshot!(format!("{}_{width}x{height}", $name), stage.screen());
        }
    };
}

#[test]
fn every_action_with_its_key() {
    at_all_sizes!("palette", world::some_courses(), "<c-p>");
}

#[test]
fn what_can_not_be_done_says_why() {
    at_all_sizes!("palette_off", vec![], "<c-p>cancel<enter>");
}

#[test]
fn actions_are_found_by_letters() {
    at_all_sizes!("palette_filter", world::some_courses(), ":lin<down>");
}

#[test]
fn no_action_matches() {
    let stage = Stage::new(80, 24).programs().courses(vec![]).keys(":zzz");
    assert_snapshot!("palette_nothing_80x24", stage.screen());
}

#[test]
fn the_list_of_actions_over_a_box() {
    let stage = Stage::of(Who::Nobody, 80, 24).programs().courses(vec![]);
    assert_snapshot!("palette_over_email_80x24", stage.keys("jj<enter><enter>maya<c-p>").screen());
}

#[test]
fn the_smallest_list_of_actions() {
    let stage = Stage::new(40, 10).programs().courses(vec![]).keys("<c-p>");
    assert_snapshot!("smallest_palette_40x10", stage.screen());
}

#[test]
fn the_help_is_searched() {
    at_all_sizes!("help_search", vec![], "?/cou");
    let nothing = Stage::new(80, 24).programs().courses(vec![]).keys("?/zzz");
    assert_snapshot!("help_search_nothing_80x24", nothing.screen());
}

#[test]
fn a_key_that_is_off_says_why() {
    let stage = Stage::new(80, 24).programs().courses(vec![]).keys("u");
    assert_snapshot!("key_off_80x24", stage.screen());
}

/// The footer, the help and the words of a screen with keys of one's own.
#[test]
fn keys_of_ones_own_are_shown_everywhere() {
    let wanted = [("go", "z"), ("refresh", "f5"), ("programs", "P"), ("details", "x"), ("search", "ctrl+f")];
    let wanted: BTreeMap<String, Vec<String>> =
        wanted.iter().map(|(name, key)| ((*name).to_owned(), vec![(*key).to_owned()])).collect();
    let stage = || {
        let (keymap, problems) = Keymap::configured(&wanted);
        let notices: Vec<Notice> =
            problems.iter().map(|p| Notice { level: Level::Warn, text: p.to_string() }).collect();
        Stage::set_up(80, 24, |setup| Setup { keymap, notices, ..setup }).programs()
    };
    assert_snapshot!("own_keys_80x24", stage().courses(world::some_courses()).screen());
    assert_snapshot!("own_keys_empty_80x24", stage().courses(vec![]).keys("2").screen());
    assert_snapshot!("own_keys_help_80x24", stage().courses(vec![]).keys("?").screen());
}

#[test]
fn ascii_needs_no_sign_of_ours() {
    let ascii = Stage::with(Who::Student(world::maya()), 80, 24, true, Theme::Dark);
    let stage = ascii.programs().courses(vec![]).keys("<c-p>");
    assert!(stage.screen().to_string().is_ascii(), "{}", stage.screen());
    assert_snapshot!("ascii_palette_80x24", stage.screen());
}
