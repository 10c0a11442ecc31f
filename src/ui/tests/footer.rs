//! Keymap, footer and help belong together.

use super::stage::{Stage, advisor, confirmed, failed, other, requested, student, url};
use crate::domain::enrollment::Status;
use crate::domain::views::CourseView;
use crate::ui::keymap::{self, Action, BINDINGS, Layer};
use crate::ui::msg::{LaunchOutcome, Msg, Who};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::HashSet;

fn cancelled() -> CourseView {
    let mut course = other();
    course.enrollment.status = Status::Cancelled;
    course.enrollment.id = uuid::Uuid::from_u128(99).into();
    course
}

/// Every screen in every state that has keys of its own.
fn stages() -> Vec<(String, Stage)> {
    let maya = || Who::Student(student("Maya"));
    let mut out = Vec::new();
    let mut add = |name: &str, mut stage: Stage, keys: &str| {
        stage.keys(keys);
        out.push((format!("{name} {keys}"), stage));
    };
    add("unread", Stage::new(Who::Nobody), "");
    add("unread", Stage::maya(), "2");
    for keys in ["", "/", "/nurse", "/nurse<enter>", "<enter>", "<enter>j", "G", "2", "?", "m", "/zzzz"] {
        add("nobody", Stage::ready(Who::Nobody, vec![]), keys);
    }
    for keys in ["<enter><enter>", "<enter><enter>maya@example.org", "<enter><enter>maya@example.org<enter>"]
    {
        add("nobody", Stage::ready(Who::Nobody, vec![]), keys);
    }
    let courses = || vec![requested(), other(), cancelled()];
    for keys in ["", "j", "h", "hG", "o", "jo", "x", "<enter>", "j<enter>", "1<enter>", "jo<enter>", "r", "?"]
    {
        add("courses", Stage::ready(maya(), courses()), keys);
    }
    for keys in ["", "o", "t", "<enter>"] {
        add("failed", Stage::ready(maya(), vec![failed()]), keys);
    }
    let mut opened = Stage::ready(maya(), vec![confirmed()]);
    opened.keys("<enter>");
    opened.launched(Ok(LaunchOutcome::Opened(url())));
    for keys in ["", "y", "<esc>m", "o"] {
        let mut stage = Stage::ready(maya(), vec![confirmed()]);
        stage.keys("<enter>");
        stage.launched(Ok(LaunchOutcome::Opened(url())));
        add("opened", stage, keys);
    }
    let mut enrolled = Stage::ready(maya(), vec![]);
    enrolled.keys("<enter><enter>");
    enrolled.enrolled(Ok(requested()));
    add("enrolled", enrolled, "");
    for keys in ["", "2", "S", "Sma", "S<f1>"] {
        add("desk", Stage::ready(advisor(None), vec![]), keys);
    }
    add("desk", Stage::ready(advisor(Some(student("Maya"))), courses()), "");
    add("small", Stage::ready(maya(), courses()), "<resize:20x5>");
    out
}

fn press(stage: &Stage, code: KeyCode) -> bool {
    let mut app = stage.app.clone();
    let before = format!("{app:?}");
    let effects = app.update(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)), stage.now);
    let after = format!("{app:?}");
    // That a key was pressed is noted; that alone is no effect a person could see.
    let seen = |text: &str| text.replace("touched: true", "touched: false");
    !effects.is_empty() || seen(&before) != seen(&after)
}

#[test]
fn no_key_of_a_footer_does_nothing() {
    for (name, stage) in stages() {
        for hint in keymap::footer(&stage.app) {
            let moves = [Action::Up, Action::Down];
            let actions = if hint.action == Action::Move { &moves[..] } else { &[hint.action][..] };
            let works = BINDINGS
                .iter()
                .filter(|binding| actions.contains(&binding.action))
                .flat_map(|binding| binding.keys)
                .any(|code| press(&stage, *code));
            assert!(works, "{name:?}: {} {} does nothing", hint.sign, hint.label);
        }
    }
}

#[test]
fn the_sign_in_the_footer_is_the_key_that_does_it() {
    for (name, stage) in stages() {
        for hint in keymap::footer(&stage.app) {
            let code = match hint.sign {
                "↑↓" => continue,
                "⏎" => KeyCode::Enter,
                "esc" => KeyCode::Esc,
                "F1" => KeyCode::F(1),
                letter => KeyCode::Char(letter.chars().next().unwrap()),
            };
            let key = KeyEvent::new(code, KeyModifiers::NONE);
            assert_eq!(keymap::action(&stage.app, key), Some(hint.action), "{name:?}: {}", hint.sign);
        }
    }
}

#[test]
fn every_row_of_the_table_works_somewhere_and_the_help_knows_it() {
    let used: HashSet<Action> = stages()
        .iter()
        .flat_map(|(_, stage)| BINDINGS.iter().filter(|b| keymap::label(&stage.app, b.action).is_some()))
        .map(|binding| binding.action)
        .collect();
    for binding in BINDINGS {
        let elsewhere = binding.action == Action::CopyCertificate;
        assert!(used.contains(&binding.action) || elsewhere, "{:?} works nowhere", binding.action);
        assert_eq!(binding.group.is_some(), !binding.help.is_empty(), "{:?}", binding.action);
        // A row without words of its own is spoken for by one with the same key.
        let spoken = BINDINGS.iter().any(|other| {
            other.group.is_some() && (other.sign == binding.sign || other.sign.contains(binding.sign))
        });
        assert!(spoken, "the help says nothing of {:?}", binding.action);
    }
}

#[test]
fn a_terminal_that_is_too_small_still_quits() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<resize:20x5>");
    assert_eq!(stage.app.layer(), Layer::TooSmall);
    assert_eq!(stage.keys("<enter>/2x"), []);
    assert!(stage.picture().contains("(now"));
    assert_eq!(stage.keys("q"), [crate::ui::Effect::Quit]);
    assert_eq!(stage.keys("<c-c>"), [crate::ui::Effect::Quit]);
}

#[test]
fn ctrl_c_quits_while_typing() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    assert_eq!(stage.keys("/q<c-c>"), [crate::ui::Effect::Quit]);
}

#[test]
fn every_state_is_drawn_at_every_size() {
    for (_, mut stage) in stages() {
        for (width, height) in [(1, 1), (20, 5), (40, 10), (41, 15), (60, 20), (80, 24), (99, 16), (250, 70)]
        {
            stage.send(Msg::Resize { width, height });
            stage.picture();
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn no_row_of_keys_breaks_anything(
        script in proptest::collection::vec(0_usize..KEYS.len(), 0..40),
        width in 1_u16..130,
        height in 1_u16..45,
    ) {
        let who = if script.len() % 2 == 0 { Who::Student(student("Maya")) } else { advisor(None) };
        let mut stage = Stage::ready(who, vec![requested(), other(), cancelled()]);
        stage.send(Msg::Resize { width, height });
        for index in script {
            stage.keys(KEYS[index]);
            stage.picture();
        }
    }
}

const KEYS: &[&str] = &[
    "<enter>",
    "<esc>",
    "<up>",
    "<down>",
    "<pgdn>",
    "<end>",
    "/",
    "nurse",
    "1",
    "2",
    "o",
    "x",
    "h",
    "m",
    "?",
    "S",
    "L",
    "u",
    "t",
    "y",
    "r",
    "<click:10,5>",
    "<click:30,8>",
    "<wheel:down>",
    "<paste:maya@x.org>",
    "<resize:80x24>",
    "<resize:45x12>",
    "<backspace>",
    "<left>",
    "<tab>",
];

#[test]
fn the_cursor_sits_on_the_element_in_focus() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("j");
    let backend = ratatui::backend::TestBackend::new(80, 24);
    let mut terminal = ratatui::Terminal::new(backend).unwrap();
    terminal.draw(|frame| stage.app.view(frame)).unwrap();
    assert!(terminal.backend().cursor_visible());
    assert_eq!(terminal.backend().cursor_position(), (1, 5).into());
}
