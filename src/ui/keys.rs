//! The key notation of scripts and tests: `nurse<enter>`, `<down>`, `<resize:60x20>`.

use crate::ui::key::named;
use crate::ui::msg::Msg;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use thiserror::Error;

/// Why a key script can't be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("at character {position} of the keys: expected {expected}")]
pub struct KeyScriptError {
    /// Which character, the first being 1.
    pub position: usize,
    /// What could stand there.
    pub expected: String,
}

const KEYS: &str = "a key such as <enter> <esc> <tab> <up> <down> <left> <right> <space> <backspace> \
                    <pgup> <pgdn> <home> <end> <f1> <c-c> <lt>, or <resize:60x20> <click:10,5> \
                    <wheel:down> <paste:text>";

/// Reads a key script.
pub fn parse_script(script: &str) -> Result<Vec<Msg>, KeyScriptError> {
    let mut out = Vec::new();
    let mut rest = script;
    while let Some(c) = rest.chars().next() {
        let position = script[..script.len() - rest.len()].chars().count() + 1;
        if c != '<' {
            out.push(key(KeyCode::Char(c), shift(c)));
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let Some(end) = rest.find('>') else {
            return Err(KeyScriptError {
                position,
                expected: "a closing > (a plain < is written <lt>)".to_owned(),
            });
        };
        let word = &rest[1..end];
        let msg = word_msg(word).map_err(|expected| KeyScriptError { position, expected })?;
        out.push(msg);
        rest = &rest[end + 1..];
    }
    Ok(out)
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Msg {
    Msg::Key(KeyEvent::new(code, modifiers))
}

fn shift(c: char) -> KeyModifiers {
    if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE }
}

fn word_msg(word: &str) -> Result<Msg, String> {
    if let Some((name, value)) = word.split_once(':') {
        return event(name, value);
    }
    if let Some(c) = word.strip_prefix("c-").and_then(single) {
        return Ok(key(KeyCode::Char(c), KeyModifiers::CONTROL));
    }
    if let Some(c) = word.strip_prefix("a-").and_then(single) {
        return Ok(key(KeyCode::Char(c), KeyModifiers::ALT));
    }
    let code = match word {
        "lt" => KeyCode::Char('<'),
        _ => named(word).ok_or_else(|| KEYS.to_owned())?,
    };
    Ok(key(code, KeyModifiers::NONE))
}

fn event(name: &str, value: &str) -> Result<Msg, String> {
    match name {
        "resize" => pair(value, 'x')
            .map(|(width, height)| Msg::Resize { width, height })
            .ok_or_else(|| "a size, such as <resize:60x20>".to_owned()),
        "click" => pair(value, ',')
            .map(|(column, row)| mouse(MouseEventKind::Down(MouseButton::Left), column, row))
            .ok_or_else(|| "a place, such as <click:10,5>".to_owned()),
        "wheel" => match value {
            "down" => Ok(mouse(MouseEventKind::ScrollDown, 0, 0)),
            "up" => Ok(mouse(MouseEventKind::ScrollUp, 0, 0)),
            _ => Err("<wheel:down> or <wheel:up>".to_owned()),
        },
        "paste" => Ok(Msg::Paste(value.to_owned())),
        _ => Err(KEYS.to_owned()),
    }
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Msg {
    Msg::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
}

fn pair(value: &str, between: char) -> Option<(u16, u16)> {
    let (a, b) = value.split_once(between)?;
    Some((a.trim().parse().ok()?, b.trim().parse().ok()?))
}

fn single(name: &str) -> Option<char> {
    let mut chars = name.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(script: &str) -> Vec<KeyCode> {
        parse_script(script)
            .unwrap()
            .into_iter()
            .map(|msg| match msg {
                Msg::Key(key) => key.code,
                other => panic!("{other:?} is no key"),
            })
            .collect()
    }

    #[test]
    fn reads_characters_and_named_keys() {
        assert_eq!(
            codes("aÄ<lt><enter><space><pgdn><f1>"),
            [
                KeyCode::Char('a'),
                KeyCode::Char('Ä'),
                KeyCode::Char('<'),
                KeyCode::Enter,
                KeyCode::Char(' '),
                KeyCode::PageDown,
                KeyCode::F(1)
            ]
        );
        assert_eq!(
            parse_script("<c-c>").unwrap(),
            [Msg::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL))]
        );
    }

    #[test]
    fn reads_events() {
        assert_eq!(
            parse_script("<resize:60x20><paste:a b>").unwrap(),
            [Msg::Resize { width: 60, height: 20 }, Msg::Paste("a b".to_owned())]
        );
        assert!(matches!(
            parse_script("<click:3,4>").unwrap()[0],
            Msg::Mouse(MouseEvent { column: 3, row: 4, kind: MouseEventKind::Down(_), .. })
        ));
        assert!(matches!(
            parse_script("<wheel:up>").unwrap()[0],
            Msg::Mouse(MouseEvent { kind: MouseEventKind::ScrollUp, .. })
        ));
    }

    #[test]
    fn names_the_place_and_what_was_expected() {
        for (bad, position, words) in [
            ("ab<entr>", 3, "<enter>"),
            ("é<", 2, "closing >"),
            ("<resize:60>", 1, "a size"),
            ("<click:a,b>", 1, "a place"),
            ("<wheel:left>", 1, "<wheel:down>"),
            ("<f99>", 1, "<enter>"),
        ] {
            let error = parse_script(bad).unwrap_err();
            assert_eq!(error.position, position, "{bad}");
            assert!(error.expected.contains(words), "{bad}: {error}");
        }
    }
}
