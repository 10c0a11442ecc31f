//! Two hundred keys at random, on the whole app over a real database and a partner that answers.

use crate::support::desk::{Campus, Desk};
use coursevia::runtime::Headless;
use coursevia::ui::key::Key;
use coursevia::ui::{Msg, keymap, keys};
use crossterm::event::KeyCode;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError};
use std::collections::HashSet;

/// What is pressed. Leaving is left out, because nothing could come after it.
const KEYS: &[&str] = &[
    "<enter>",
    "<enter>",
    "<enter>",
    "<esc>",
    "<esc>",
    "<up>",
    "<down>",
    "j",
    "k",
    "<pgdn>",
    "<pgup>",
    "<home>",
    "<end>",
    "<left>",
    "<right>",
    "<tab>",
    "<space>",
    "f",
    "<c-p>",
    ":",
    "M",
    "<backspace>",
    "/",
    "nurse",
    "zz",
    "1",
    "2",
    "3",
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
    "c",
    "f",
    "s",
    ":",
    "<f1>",
    "<c-p>",
    "é",
    "李",
    "<paste:maya@example.org>",
    "<paste:\u{1b}[31m\u{202e}x>",
    "<click:10,5>",
    "<click:3,0>",
    "<click:30,29>",
    "<click:99,99>",
    "<wheel:down>",
    "<wheel:up>",
    "<resize:1x1>",
    "<resize:40x10>",
    "<resize:80x24>",
    "<resize:100x30>",
    "<resize:200x60>",
];

/// Who presses them.
#[derive(Clone, Copy, Debug)]
enum Person {
    Nobody,
    Student,
    Advisor,
}

async fn sit_down(campus: &Campus, person: Person) -> Desk {
    match person {
        Person::Nobody => campus.desk().await,
        Person::Student => campus.desk_of_student("maya@example.org").await,
        Person::Advisor => campus.desk_of_advisor("ruth@college.example").await,
    }
}

/// Every cell can be shown as it is, and the cursor is on the screen.
fn looks_right(app: &mut Headless, size: (u16, u16)) -> Result<(), TestCaseError> {
    let buffer = app.draw();
    prop_assert_eq!((buffer.area.width, buffer.area.height), size);
    for cell in &buffer.content {
        prop_assert!(!cell.symbol().contains(char::is_control), "{:?}", cell.symbol());
        prop_assert!(!cell.symbol().contains(['\u{202e}', '\u{2066}', '\u{200b}']), "{:?}", cell.symbol());
    }
    if let Some((x, y)) = app.cursor() {
        prop_assert!(x < size.0 && y < size.1, "the cursor is at {x},{y} of {size:?}");
    }
    Ok(())
}

/// Every key that the footer names does something.
fn footer_is_true(app: &Headless, known: &mut HashSet<String>) -> Result<(), TestCaseError> {
    let now = crate::support::desk::morning();
    for hint in keymap::footer(app.app()) {
        let pressed = match hint.sign.as_str() {
            "↑↓" => vec![Key::plain(KeyCode::Up), Key::plain(KeyCode::Down)],
            "←→" => vec![Key::plain(KeyCode::Left), Key::plain(KeyCode::Right)],
            "⏎" => vec![Key::plain(KeyCode::Enter)],
            name => vec![name.parse().expect(name)],
        };
        // A state with the same words was looked at already: comparing whole models takes its time.
        if !known.insert(format!("{} {}", hint.sign, hint.label)) {
            continue;
        }
        let before = format!("{:?}", app.app());
        let works = pressed.into_iter().any(|key| {
            let mut app = app.app().clone();
            !app.update(Msg::Key(key.event()), now).is_empty() || format!("{app:?}") != before
        });
        prop_assert!(works, "{} {} does nothing", hint.sign, hint.label);
    }
    Ok(())
}

async fn press(person: Person, script: &[usize]) -> Result<(), TestCaseError> {
    let campus = Campus::demo().await;
    let mut desk = sit_down(&campus, person).await;
    let (mut size, mut known) = ((100, 30), HashSet::new());
    for index in script {
        for msg in keys::parse_script(KEYS[*index]).expect("a good script") {
            if let Msg::Resize { width, height } = msg {
                size = (width, height);
            }
            desk.app().send(msg).await;
        }
        looks_right(desk.app(), size)?;
        footer_is_true(desk.app(), &mut known)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { max_shrink_iters: 60, ..Config::with_cases(9) })]
    #[test]
    fn two_hundred_keys_break_nothing(
        person in prop::sample::select(vec![Person::Nobody, Person::Student, Person::Advisor]),
        script in prop::collection::vec(0..KEYS.len(), 200),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(press(person, &script))?;
    }
}
