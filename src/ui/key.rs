//! One key: how the configuration names it, how the footer shows it, how a sentence says it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;
use std::str::FromStr;

/// A key with its modifiers; capital letters carry no shift of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// What is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Nobody knows this name.
    Unknown,
    /// A terminal sends the same for another key, named here.
    SameAs(&'static str),
}

/// The names of the keys that are no characters.
const NAMES: [(&str, KeyCode); 15] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
];

/// The key that a name such as `pgup` or `f5` stands for.
pub fn named(name: &str) -> Option<KeyCode> {
    let name = name.to_lowercase();
    let function = || name.strip_prefix('f')?.parse().ok().filter(|n| (1..=12).contains(n)).map(KeyCode::F);
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code).or_else(function)
}

impl Key {
    /// A key on its own.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    /// A character on its own.
    pub const fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// A character with ctrl.
    pub const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::CONTROL }
    }

    /// The key that was pressed.
    pub fn of(event: KeyEvent) -> Self {
        let modifiers = event.modifiers.difference(KeyModifiers::SHIFT);
        let code = match event.code {
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => {
                KeyCode::Char(c.to_ascii_lowercase())
            }
            code => code,
        };
        Self { code, modifiers }
    }

    /// The press of this key.
    pub fn event(self) -> KeyEvent {
        let shift = matches!(self.code, KeyCode::Char(c) if c.is_uppercase());
        let shift = if shift { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        KeyEvent::new(self.code, self.modifiers | shift)
    }

    /// Belongs to the text while somebody types.
    pub fn is_text(self) -> bool {
        use KeyCode::{Backspace, Char, Delete, End, Home, Left, Right};
        self.modifiers.is_empty()
            && matches!(self.code, Char(_) | Left | Right | Home | End | Backspace | Delete)
    }

    /// As footer, help and cards show it.
    pub fn sign(self) -> String {
        let base = match self.code {
            KeyCode::Enter => "⏎".to_owned(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::F(number) => format!("F{number}"),
            code => name(code),
        };
        format!("{}{base}", self.prefix())
    }

    /// As a sentence says it: "Enter starts it".
    pub fn word(self) -> String {
        if self == Self::plain(KeyCode::Enter) { "Enter".to_owned() } else { self.sign() }
    }

    fn prefix(self) -> String {
        let mut prefix = String::new();
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            prefix.push_str("ctrl+");
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            prefix.push_str("alt+");
        }
        prefix
    }
}

fn name(code: KeyCode) -> String {
    match NAMES.iter().find(|(_, known)| *known == code) {
        Some((name, _)) => (*name).to_owned(),
        None => match code {
            KeyCode::Char(c) => c.to_string(),
            KeyCode::F(number) => format!("f{number}"),
            other => format!("{other:?}").to_lowercase(),
        },
    }
}

/// As the configuration writes it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.prefix(), name(self.code))
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (mut rest, mut modifiers) = (text, KeyModifiers::NONE);
        while let Some((word, base)) = rest.split_once('+').filter(|(_, base)| !base.is_empty()) {
            modifiers |= match word.to_lowercase().as_str() {
                "ctrl" => KeyModifiers::CONTROL,
                "alt" => KeyModifiers::ALT,
                _ => return Err(KeyError::Unknown),
            };
            rest = base;
        }
        let mut chars = rest.chars();
        let alone = chars.next().filter(|c| chars.next().is_none() && !c.is_control() && *c != ' ');
        let code = alone.map(KeyCode::Char).or_else(|| named(rest)).ok_or(KeyError::Unknown)?;
        let key = Self::of(KeyEvent::new(code, modifiers));
        match key {
            _ if key == Self::ctrl('i') => Err(KeyError::SameAs("tab")),
            _ if key == Self::ctrl('m') => Err(KeyError::SameAs("enter")),
            _ if key == Self::ctrl('[') => Err(KeyError::SameAs("esc")),
            _ => Ok(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back() {
        for name in ["/", "S", "+", "ü", "enter", "space", "pgdn", "f12", "ctrl+f", "alt+x", "ctrl+alt+left"]
        {
            assert_eq!(name.parse::<Key>().expect(name).to_string(), name);
        }
        assert_eq!("Ctrl+F".parse::<Key>(), Ok(Key::ctrl('f')));
        assert_eq!("ctrl++".parse::<Key>(), Ok(Key::ctrl('+')));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for name in ["", " ", "entr", "f13", "f0", "shift+a", "ctrl+", "ctrl+entr", "ab", "\u{7}"] {
            assert_eq!(name.parse::<Key>(), Err(KeyError::Unknown), "{name:?}");
        }
        assert_eq!("ctrl+m".parse::<Key>(), Err(KeyError::SameAs("enter")));
    }

    #[test]
    fn shift_is_part_of_the_letter() {
        let pressed = KeyEvent::new(KeyCode::Char('S'), KeyModifiers::SHIFT);
        assert_eq!(Key::of(pressed), Key::char('S'));
        assert_eq!(Key::char('S').event(), pressed);
    }

    #[test]
    fn signs_are_short_and_words_can_be_read() {
        let enter = Key::plain(KeyCode::Enter);
        assert_eq!((enter.sign().as_str(), enter.word().as_str()), ("⏎", "Enter"));
        assert_eq!(Key::ctrl('p').sign(), "ctrl+p");
        assert_eq!(Key::plain(KeyCode::F(1)).sign(), "F1");
        assert_eq!(Key::char(' ').sign(), "space");
    }
}
