//! Finding a program in a long list.

use super::stage::{Stage, count, down, programs};
use crate::domain::listing::{ListCursor, ProgramEntry, ProgramPage, Sort};
use crate::domain::program::Slug;
use crate::domain::views::ProgramView;
use crate::ui::app::{Overlay, Screen};
use crate::ui::effect::{Effect, RequestId};
use crate::ui::keymap::Layer;
use crate::ui::msg::{Msg, Who};
use std::sync::Arc;
use uuid::Uuid;

fn many(range: std::ops::Range<u32>) -> Vec<ProgramView> {
    let one = programs().remove(0);
    range
        .map(|n| {
            let mut view = one.clone();
            view.program.id = Uuid::from_u128(u128::from(n)).into();
            view.program.title = format!("Program {n}").into();
            view.program.aliases.clear();
            view
        })
        .collect()
}

/// A page of the list without details; `more` says that another one follows.
fn page(views: &[ProgramView], total: usize, more: bool) -> ProgramPage {
    let next = ListCursor { position: 7, slug: Slug::parse("p").unwrap() };
    ProgramPage {
        entries: views
            .iter()
            .map(|view| Arc::new(ProgramEntry::of(view, crate::ui::tests::stage::start())))
            .collect(),
        details: Vec::new(),
        next: more.then_some(next),
        total: Some(total),
    }
}

fn is_page(effect: &Effect) -> bool {
    matches!(effect, Effect::LoadPrograms { .. })
}

fn wanted(effects: &[Effect]) -> Vec<u128> {
    let ids = effects.iter().find_map(|effect| match effect {
        Effect::LoadDetails { programs, .. } => Some(programs.clone()),
        _ => None,
    });
    ids.unwrap_or_default().iter().map(|id| id.as_uuid().as_u128()).collect()
}

fn title(stage: &Stage) -> &str {
    stage.app.chosen_entry().map(|entry| entry.title.as_str()).unwrap_or_default()
}

#[test]
fn the_first_page_is_on_screen_while_the_rest_is_read() {
    let mut stage = Stage::new(Who::Nobody);
    let effects = stage.page(Ok(page(&many(0..64), 130, true)));
    assert_eq!(count(&effects, is_page), 1, "the next page is asked for");
    assert!(stage.picture().contains("▌Program 0 "));
    assert!(stage.picture().contains("64 of 130"));
    assert!(stage.picture().contains("search 130 programs"));
    stage.keys("jj");
    stage.page(Ok(page(&many(64..128), 130, true)));
    let last = stage.page(Ok(page(&many(128..130), 130, false)));
    assert_eq!(count(&last, is_page), 0);
    assert_eq!((title(&stage), stage.app.hits()), ("Program 2", 130));
    assert!(!stage.picture().contains("of 130"));
    stage.keys("G");
    assert_eq!(title(&stage), "Program 129");
}

#[test]
fn a_page_that_can_t_be_read_keeps_what_is_there_and_begins_again() {
    let mut stage = Stage::new(Who::Nobody);
    stage.page(Ok(page(&many(0..64), 130, true)));
    stage.page(Err(down()));
    assert_eq!(stage.app.hits(), 64);
    assert!(stage.picture().contains("The database can't be reached."));
    stage.later(6);
    stage.page(Err(down()));
    assert_eq!(stage.app.said.all.len(), 1, "it is said once");
    let again = stage.later(6);
    assert!(
        again.iter().any(|effect| matches!(effect, Effect::LoadPrograms { after: None, .. })),
        "{again:?}"
    );
    stage.page(Ok(page(&many(0..64), 130, true)));
    assert_eq!(stage.app.hits(), 64, "the old list stays until the new one is whole");
    stage.page(Ok(page(&many(64..130), 130, false)));
    assert_eq!(stage.app.hits(), 130);
}

#[test]
fn a_new_list_replaces_the_old_one_when_it_is_whole_and_keeps_the_focus() {
    let mut stage = Stage::new(Who::Nobody);
    stage.programs(Ok(many(0..100)));
    stage.keys("<pgdn><pgdn>r");
    let focus = title(&stage).to_owned();
    stage.page(Ok(page(&many(10..64), 90, true)));
    assert_eq!((title(&stage), stage.app.hits()), (focus.as_str(), 100));
    stage.page(Ok(page(&many(64..100), 90, false)));
    assert_eq!((title(&stage), stage.app.hits()), (focus.as_str(), 90));
}

#[test]
fn a_search_goes_on_through_a_growing_list() {
    let mut stage = Stage::new(Who::Nobody);
    stage.page(Ok(page(&many(0..64), 130, true)));
    stage.keys("/129");
    assert_eq!(stage.app.hits(), 0);
    stage.page(Ok(page(&many(64..130), 130, false)));
    assert_eq!(title(&stage), "Program 129");
}

#[test]
fn details_are_asked_for_what_is_in_sight_and_only_once() {
    let mut stage = Stage::new(Who::Nobody);
    let effects = stage.page(Ok(page(&many(0..1_000), 1_000, false)));
    let asked = wanted(&effects);
    assert_eq!(asked[0], 0);
    assert!((19..64).contains(&asked.len()), "{asked:?}");
    assert_eq!(wanted(&stage.keys("j")), [0; 0], "one request at a time");
    let request = stage.request(|effect| matches!(effect, Effect::LoadDetails { .. }));
    stage.send(Msg::Details { request, result: Ok(many(0..64)) });
    assert_eq!(wanted(&stage.keys("jjjj")), [0; 0], "they are there");
    assert_eq!(wanted(&stage.keys("G"))[0], 999, "the chosen one first");
    let effects = stage.keys("<enter>");
    assert!(matches!(stage.app.screen(), Screen::Program { .. }));
    assert!(stage.picture().contains("Reading the program"), "{effects:?}");
    let request = stage.request(|effect| matches!(effect, Effect::LoadDetails { .. }));
    stage.send(Msg::Details { request, result: Ok(many(990..1_000)) });
    assert!(stage.picture().contains("Certiport"));
}

#[test]
fn details_that_can_t_be_read_are_tried_again_later() {
    let mut stage = Stage::new(Who::Nobody);
    stage.page(Ok(page(&many(0..3), 3, false)));
    let request = stage.request(|effect| matches!(effect, Effect::LoadDetails { .. }));
    let effects = stage.send(Msg::Details { request, result: Err(down()) });
    assert_eq!(wanted(&effects), [0; 0]);
    stage.keys("<enter>");
    assert!(stage.picture().contains("can't be reached"));
    assert!(stage.app.wants_tick());
    assert_eq!(wanted(&stage.later(6)), [0]);
}

#[test]
fn a_program_that_is_gone_says_so() {
    let mut stage = Stage::new(Who::Nobody);
    stage.page(Ok(page(&many(0..3), 3, false)));
    let request = stage.request(|effect| matches!(effect, Effect::LoadDetails { .. }));
    stage.send(Msg::Details { request, result: Ok(many(1..3)) });
    stage.keys("<enter>");
    assert!(stage.picture().contains("This is no longer here. esc goes back."));
}

/// Presses keys while no search is answered; the last that was asked for.
fn pressed(stage: &mut Stage, script: &str) -> RequestId {
    let keys = crate::ui::keys::parse_script(script).unwrap();
    let effects = keys.into_iter().flat_map(|msg| stage.app.update(msg, stage.now)).collect::<Vec<_>>();
    let asked = effects.iter().rev().find_map(|effect| match effect {
        Effect::Find { request, .. } => Some(*request),
        _ => None,
    });
    asked.unwrap_or_else(|| panic!("{effects:?}"))
}

fn is_open(stage: &Stage, place: usize) -> bool {
    matches!(stage.app.screen(), Screen::Program { id, .. } if *id == programs()[place].program.id)
}

#[test]
fn keys_pressed_during_a_search_are_meant_for_what_it_finds() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    let request = pressed(&mut stage, "/weld<enter>");
    assert!(matches!(stage.app.screen(), Screen::Programs));
    stage.send(Msg::Found { request: request - 1, places: vec![0] });
    assert!(matches!(stage.app.screen(), Screen::Programs), "an older search");
    stage.send(Msg::Found { request, places: vec![1] });
    assert!(is_open(&stage, 1));
}

#[test]
fn no_key_overtakes_one_that_waits_for_a_search() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    let request = pressed(&mut stage, "/weld<enter><paste:er><esc>2");
    assert_eq!(stage.app.list.search.text(), "weld", "the rest is not typed into it");
    stage.send(Msg::Found { request, places: vec![1] });
    assert_eq!(stage.app.layer(), Layer::Courses, "opened, left again, and gone to the courses");
    assert!(stage.app.list.held.is_empty());
}

#[test]
fn a_key_that_waits_for_a_search_is_judged_where_it_arrives() {
    // In the list this key filters; on the program's screen it does nothing.
    let mut stage = Stage::remapped(Who::Nobody, &[("filter", "alt+g"), ("go", "alt+o")]);
    stage.programs(Ok(programs()));
    let request = pressed(&mut stage, "/weld<a-o><a-g>");
    stage.send(Msg::Found { request, places: vec![1] });
    assert!(is_open(&stage, 1));
    assert!(stage.app.overlays.is_empty(), "{:?}", stage.app.overlays);
}

#[test]
fn a_search_that_is_dropped_leaves_no_key_behind() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    let request = pressed(&mut stage, "/w<enter>");
    stage.app.update(crate::ui::keys::parse_script("<click:5,5>").unwrap().remove(0), stage.now);
    stage.send(Msg::Found { request, places: vec![0, 1] });
    stage.keys("<backspace>");
    assert!(matches!(stage.app.screen(), Screen::Programs), "who pointed elsewhere opens nothing");
    let request = pressed(&mut stage, "w<enter><backspace>");
    stage.send(Msg::Found { request, places: vec![1] });
    assert!(is_open(&stage, 1));
    assert_eq!(stage.app.list.search.text(), "w");
}

#[test]
fn details_asked_for_before_a_newer_list_are_asked_for_again() {
    let mut stage = Stage::new(Who::Nobody);
    stage.page(Ok(page(&many(0..10), 10, false)));
    let request = stage.request(|effect| matches!(effect, Effect::LoadDetails { .. }));
    stage.keys("r");
    stage.page(Ok(page(&many(0..10), 10, false)));
    let again = stage.send(Msg::Details { request, result: Ok(many(0..10)) });
    assert_eq!(wanted(&again).len(), 10, "{again:?}");
    let request = stage.request(|effect| matches!(effect, Effect::LoadDetails { .. }));
    let settled = stage.send(Msg::Details { request, result: Ok(many(0..10)) });
    assert_eq!(wanted(&settled), [0; 0]);
}

#[test]
fn filters_stand_in_words_survive_a_program_and_go_with_one_key() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("fmilady<enter><esc>");
    assert_eq!(stage.app.hits(), 1);
    assert!(stage.picture().contains("Milady"));
    assert!(stage.picture().contains("esc shows all"));
    stage.keys("/cna<enter><esc>");
    assert!(matches!(stage.app.screen(), Screen::Programs));
    assert_eq!((stage.app.hits(), stage.app.list.search.text()), (1, "cna"));
    stage.keys("ftitle<enter><esc>");
    assert_eq!(stage.app.list.sort, Sort::Title);
    let seen = title(&stage).to_owned();
    stage.keys("<esc>");
    assert_eq!(stage.app.hits(), 2);
    assert!(!stage.app.is_narrowed());
    assert_eq!(title(&stage), seen, "the program in focus stays in focus");
}

#[test]
fn a_filter_is_dropped_by_choosing_it_again_and_says_so_when_nothing_is_left() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("ftaught<enter>");
    assert_eq!(stage.app.hits(), 0);
    assert!(stage.picture().contains("Remove filter"));
    assert!(stage.keys("<esc>").is_empty());
    assert!(stage.picture().contains("No program matches Taught here"));
    stage.keys("ftaught<enter><esc>");
    assert_eq!(stage.app.hits(), 2);
}

#[test]
fn filters_are_chosen_with_the_mouse() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("fmilady");
    let row = stage.picture().lines().position(|line| line.contains("Milady")).unwrap();
    stage.keys(&format!("<click:30,{row}>"));
    assert_eq!(stage.app.hits(), 1);
}

#[test]
fn the_order_that_stands_already_offers_nothing() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("fsort");
    assert!(!stage.picture().contains('⏎'), "{}", stage.picture());
    stage.keys("<down><enter>");
    assert_eq!(stage.app.list.sort, Sort::Title);
    assert!(stage.picture().contains("Undo the sort"));
}

#[test]
fn what_esc_does_when_nothing_matches_is_said_as_it_is() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("fmilady<enter><esc>/zzz");
    assert!(stage.picture().contains("esc clears the search."), "{}", stage.picture());
    stage.keys("<esc>");
    assert_eq!(stage.app.hits(), 1, "the filter stays");
    stage.keys("<esc><esc>/zzz");
    assert!(stage.picture().contains("Try a subject such as"));
    assert!(stage.picture().contains("esc shows all programs."));
}

#[test]
fn only_the_rows_of_the_filters_take_a_click_and_the_wheel_moves_in_them() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("f<click:0,0><click:79,12><click:5,5>");
    assert_eq!((stage.app.layer(), stage.app.hits()), (Layer::Filter, 2));
    stage.keys("<wheel:down><wheel:down><wheel:up>");
    let Some(Overlay::Filter(filter)) = stage.app.overlays.last() else { panic!("no filters") };
    assert_eq!(filter.selected, 1);
    // The list of actions lies over them: what is under it can't be clicked.
    stage.keys("<c-p>zzzz");
    for row in 1..20 {
        stage.keys(&format!("<click:30,{row}>"));
    }
    assert_eq!((stage.app.layer(), stage.app.hits()), (Layer::Palette, 2));
}

#[test]
fn keys_of_ones_own_work_in_the_filters() {
    let mut stage = Stage::remapped(
        Who::Nobody,
        &[("filter", "F2"), ("down", "ctrl+n"), ("go", "ctrl+y"), ("up", "ctrl+o")],
    );
    stage.programs(Ok(programs()));
    stage.keys("<f2><c-n><c-n><c-o>");
    let Some(Overlay::Filter(filter)) = stage.app.overlays.last() else { panic!("no filters") };
    assert_eq!(filter.selected, 1);
    stage.keys("milady<c-y>");
    assert_eq!(stage.app.hits(), 1);
    // Enter belongs to everybody.
    stage.keys("<enter>");
    assert_eq!(stage.app.hits(), 2);
}
