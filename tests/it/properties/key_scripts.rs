//! The notation of keys.

use coursevia::ui::Msg;
use coursevia::ui::keys::parse_script;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

/// Pieces of the notation, whole and broken.
const PIECES: &[&str] = &[
    "a",
    "Ä",
    "李",
    " ",
    "<enter>",
    "<lt>",
    "<f12>",
    "<f13>",
    "<c-c>",
    "<c->",
    "<c-ab>",
    "<",
    ">",
    "<>",
    "<<",
    "<resize:80x24>",
    "<resize:99999x1>",
    "<resize:x>",
    "<click:1,2>",
    "<click:-1,2>",
    "<wheel:up>",
    "<paste:a>b>",
    "<paste:",
    "<paste:>",
    "<:>",
    "\u{1b}",
    "\0",
    "<ENTER>",
];

/// Writes a key as the notation does.
fn written(key: KeyEvent) -> String {
    let named = match key.code {
        KeyCode::Char('<') => "lt".to_owned(),
        KeyCode::Char(c) if key.modifiers.contains(KeyModifiers::CONTROL) => format!("c-{c}"),
        KeyCode::Char(c) => return c.to_string(),
        KeyCode::Enter => "enter".to_owned(),
        KeyCode::Esc => "esc".to_owned(),
        KeyCode::Tab => "tab".to_owned(),
        KeyCode::Up => "up".to_owned(),
        KeyCode::PageDown => "pgdn".to_owned(),
        KeyCode::Home => "home".to_owned(),
        KeyCode::Backspace => "backspace".to_owned(),
        KeyCode::F(number) => format!("f{number}"),
        other => panic!("{other:?} is not made here"),
    };
    format!("<{named}>")
}

fn key() -> impl Strategy<Value = KeyEvent> {
    let named = prop::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::Up,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::Backspace,
    ]);
    let typed = |c: char| {
        let modifiers = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        KeyEvent::new(KeyCode::Char(c), modifiers)
    };
    prop_oneof![
        any::<char>().prop_map(typed),
        "[a-z]".prop_map(|c| KeyEvent::new(
            KeyCode::Char(c.chars().next().unwrap_or('a')),
            KeyModifiers::CONTROL
        )),
        named.prop_map(|code| KeyEvent::new(code, KeyModifiers::NONE)),
        (1_u8..=12).prop_map(|number| KeyEvent::new(KeyCode::F(number), KeyModifiers::NONE)),
    ]
}

proptest! {
    #[test]
    fn any_text_is_read_or_its_place_is_named(script in any::<String>()) {
        if let Err(error) = parse_script(&script) {
            prop_assert!((1..=script.chars().count()).contains(&error.position), "{error}");
        }
    }

    #[test]
    fn any_pieces_are_read_or_their_place_is_named(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
    ) {
        let script = pieces.concat();
        if let Err(error) = parse_script(&script) {
            let begins = script.chars().nth(error.position - 1);
            prop_assert_eq!(begins, Some('<'), "{} in {}", error, script);
            prop_assert!(!error.to_string().contains(char::is_control), "{error}");
        }
    }

    #[test]
    fn what_is_written_reads_back(keys in prop::collection::vec(key(), 0..20)) {
        let script: String = keys.iter().copied().map(written).collect();
        let read = parse_script(&script).expect("what was written");
        prop_assert_eq!(read, keys.into_iter().map(Msg::Key).collect::<Vec<_>>());
    }
}
