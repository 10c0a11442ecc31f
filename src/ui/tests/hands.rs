//! Palette, keys of one's own, reasons, mouse and paste.

use super::stage::{Stage, advisor, confirmed, other, requested, student};
use crate::domain::enrollment::Status;
use crate::ui::effect::Effect;
use crate::ui::keymap::{self, Action, Layer};
use crate::ui::msg::{Msg, Who};
use crate::ui::palette;

fn nobody() -> Stage {
    Stage::ready(Who::Nobody, vec![])
}

fn learner() -> Stage {
    Stage::ready(Who::Student(student("Maya")), vec![requested(), other()])
}

#[test]
fn the_palette_does_what_was_found_where_it_was_opened() {
    let mut stage = nobody();
    stage.keys(":my cou<enter>");
    assert_eq!(stage.app.layer(), Layer::Courses);
    assert!(stage.app.overlays.is_empty());
    stage.keys("1/nurse<c-p>my cou<enter>1");
    assert_eq!(stage.app.layer(), Layer::Programs, "nobody types into a search that was left");
}

#[test]
fn the_palette_says_why_not_and_stays() {
    let mut stage = nobody();
    let effects = stage.keys("<c-p>cancel a cou<enter>");
    assert_eq!(effects, []);
    assert_eq!(stage.app.layer(), Layer::Palette);
    assert!(stage.picture().contains("Not now: choose a course first"), "{}", stage.picture());
    stage.keys("<backspace>");
    assert!(!stage.picture().contains("Not now"));
}

#[test]
fn the_palette_judges_by_what_lies_under_it() {
    let mut stage = learner();
    let reason = |stage: &Stage, action: Action| {
        let found = palette::entries(&stage.app).into_iter().find(|entry| entry.binding.action == action);
        found.expect("it is listed").state.reason()
    };
    stage.keys("<c-p>");
    assert_eq!(reason(&stage, Action::Cancel), None);
    assert_eq!(reason(&stage, Action::Undo), Some("nothing to undo"));
    stage.keys("<esc>x<c-p>");
    assert_eq!(reason(&stage, Action::Cancel), Some("close this box first"));
    assert_eq!(reason(&stage, Action::Go), None);
    stage.keys("<esc><esc>1<c-p>");
    assert_eq!(reason(&stage, Action::Cancel), Some("choose a course first"));
}

#[test]
fn the_palette_quits_also_over_a_field() {
    let mut stage = nobody();
    assert_eq!(stage.keys("<enter><enter>may<c-p>quit<enter>"), [Effect::Quit]);
}

#[test]
fn only_an_advisor_is_offered_what_advisors_do() {
    let listed = |mut stage: Stage| {
        stage.keys("<c-p>");
        palette::entries(&stage.app).iter().any(|entry| entry.binding.is_for_advisors())
    };
    assert!(!listed(learner()));
    assert!(listed(Stage::ready(advisor(None), vec![])));
}

#[test]
fn a_key_that_is_off_says_why_and_nothing_is_kept() {
    let mut stage = nobody();
    for (keys, words) in [
        ("u", "Nothing to undo."),
        ("m", "Nothing has been said yet."),
        ("2x", "Choose a course first."),
        ("h", "No course is cancelled."),
    ] {
        assert_eq!(stage.keys(keys), [], "{keys}");
        assert_eq!(stage.message(), words);
    }
    stage.keys("1");
    assert_eq!(stage.message(), "");
    assert!(stage.app.said.all.is_empty());
}

#[test]
fn a_course_that_is_over_says_why_it_stays() {
    let mut course = confirmed();
    course.enrollment.status = Status::Completed;
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![course]);
    stage.keys("2x");
    assert_eq!(stage.message(), "This course is completed.");
}

#[test]
fn keys_of_ones_own_are_what_every_text_names() {
    let keys = [("undo", "U"), ("go", "z"), ("help", "ctrl+g"), ("back", "b"), ("refresh", "f5")];
    let mut stage = Stage::remapped(Who::Student(student("Maya")), &keys).filled(vec![]);
    let footer = |stage: &Stage| {
        keymap::footer(&stage.app).into_iter().map(|hint| (hint.action, hint.sign)).collect::<Vec<_>>()
    };
    assert!(footer(&stage).contains(&(Action::Go, "z".to_owned())));
    assert!(footer(&stage).contains(&(Action::Refresh, "f5".to_uppercase())));
    stage.keys("z");
    assert!(stage.picture().contains("Enroll z"), "{}", stage.picture());
    stage.keys("z");
    stage.enrolled(Ok(confirmed()));
    assert_eq!(stage.message(), "Enrolled via Certiport. z starts it · U undoes");
    // Where letters are text, the key that is left is named.
    stage.keys("1/");
    assert!(footer(&stage).contains(&(Action::Go, "⏎".to_owned())));
    assert!(footer(&stage).contains(&(Action::Back, "esc".to_owned())));
    assert!(footer(&stage).contains(&(Action::Help, "ctrl+g".to_owned())));
    stage.keys("<esc><resize:80x90><c-g>");
    assert!(stage.picture().contains("ctrl+g"), "{}", stage.picture());
    let mut away = Stage::remapped(Who::Nobody, &keys);
    away.programs(Ok(vec![]));
    assert!(away.picture().contains("Then press F5."), "{}", away.picture());
}

#[test]
fn the_help_finds_keys_by_words() {
    let mut stage = nobody();
    stage.keys("?/cert");
    assert_eq!(stage.app.layer(), Layer::HelpSearch);
    let picture = stage.picture();
    assert!(
        picture.contains("copy the link or the code of a certificate") && picture.contains("Learning"),
        "{picture}"
    );
    assert!(!picture.contains("Getting around"), "{picture}");
    stage.keys("q");
    assert!(stage.picture().contains("Nothing matches “certq”."), "{}", stage.picture());
    stage.keys("<esc>");
    assert!(stage.picture().contains("Getting around"));
    stage.keys("<esc>");
    assert!(stage.app.overlays.is_empty());
    stage.keys("?/quit<enter>");
    assert_eq!(stage.app.layer(), Layer::Help);
    stage.keys("<esc>");
    assert!(stage.picture().contains("Getting around"), "first all keys again, then out");
    assert_eq!(stage.app.layer(), Layer::Help);
}

#[test]
fn the_mouse_can_be_left_to_the_terminal() {
    let mut stage = nobody();
    assert_eq!(stage.keys("M"), [Effect::Mouse(false)]);
    assert!(stage.message().ends_with("M takes it back."), "{}", stage.message());
    let before = format!("{:?}", stage.app);
    stage.keys("<wheel:down><click:3,6>");
    assert_eq!(format!("{:?}", stage.app), before);
    assert_eq!(stage.keys("M"), [Effect::Mouse(true)]);
    stage.keys("<wheel:down>");
    assert_eq!(stage.app.list.selected, 1);
}

#[test]
fn ctrl_z_goes_to_the_shell_from_everywhere() {
    for keys in ["", "/", "<enter><enter>", "?", "?/", "<c-p>", "2", "<resize:20x5>"] {
        let mut stage = nobody();
        stage.keys(keys);
        assert_eq!(stage.keys("<c-z>"), [Effect::Suspend], "{keys:?}");
    }
}

#[test]
fn clicks_reach_the_palette_and_the_help() {
    let mut stage = nobody();
    stage.keys("<c-p>");
    let second = palette::entries(&stage.app)[1].binding.action;
    let area = crate::ui::layout::overlay(&stage.app).expect("a box");
    let rows = crate::ui::layout::palette_rows(area);
    stage.keys(&format!("<click:{},{}>", rows.x + 2, rows.y + 1));
    assert_eq!(palette::chosen(&stage.app).expect("a row").binding.action, second);
    stage.keys("<wheel:down>");
    assert_ne!(palette::chosen(&stage.app).expect("a row").binding.action, second);
    stage.keys("<click:0,0><click:79,12>");
    assert_eq!(stage.app.layer(), Layer::Palette, "outside of the box nothing happens");
    stage.keys("<esc>?");
    let field = crate::ui::layout::inside(crate::ui::layout::overlay(&stage.app).expect("a box"));
    stage.keys(&format!("<click:{},{}>", field.x + 3, field.y));
    assert_eq!(stage.app.layer(), Layer::HelpSearch);
}

#[test]
fn below_a_tab_only_the_way_back_can_be_clicked() {
    let mut stage = nobody();
    stage.keys("<enter>");
    for column in 13..79 {
        stage.keys(&format!("<click:{column},0>"));
        if stage.app.layer() != Layer::Program {
            assert_eq!(stage.app.layer(), Layer::Programs);
            stage.keys("<enter>");
        }
    }
    assert_eq!(stage.app.layer(), Layer::Program);
}

#[test]
fn pasted_text_is_never_keys() {
    let mut stage = nobody();
    assert_eq!(stage.keys("<paste:qqq2>"), []);
    assert_eq!(stage.message(), "There is no field here to paste into.");
    assert_eq!(stage.app.layer(), Layer::Programs);
    stage.keys("/<paste:nur\u{1b}[31mse>");
    assert_eq!(stage.app.list.search.text(), "nurse");
}

#[test]
fn a_paste_that_is_too_long_changes_nothing_and_says_so() {
    let mut stage = nobody();
    stage.keys("<enter><enter>maya");
    for size in [10_000, 1_000_000] {
        stage.send(Msg::Paste("a".repeat(size)));
        let picture = stage.picture();
        assert!(picture.contains("This is too long") && picture.contains("› maya "), "{picture}");
    }
    stage.keys("@example.org");
    assert!(!stage.picture().contains("This is too long"));
    assert_eq!(stage.keys("<enter>").len(), 1, "what was typed is still an address");
}

#[test]
fn a_field_that_is_full_says_so() {
    let mut stage = nobody();
    stage.keys(&format!("/{}", "a".repeat(255)));
    assert_eq!(stage.app.list.search.text().len(), 254);
    assert!(stage.message().starts_with("This is too long"));
}

#[test]
fn a_key_held_down_comes_to_the_end_and_stays() {
    let mut stage = learner();
    let script = "j".repeat(5_000);
    assert_eq!(stage.keys(&script), []);
    assert_eq!(stage.app.dash_place(), Some(1));
    stage.keys(&format!("1{script}"));
    assert_eq!(stage.app.list.selected, 1);
    stage.keys(&format!("<c-p>{}", "<down>".repeat(1_000)));
    assert_eq!(palette::entries(&stage.app).len() - 1, palette_place(&stage));
}

fn palette_place(stage: &Stage) -> usize {
    match stage.app.overlays.last() {
        Some(crate::ui::app::Overlay::Palette(palette)) => palette.selected,
        other => panic!("{other:?} is no palette"),
    }
}
