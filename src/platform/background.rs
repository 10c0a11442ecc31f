//! What the terminal's own background is like: asked with OSC 11, or hinted at by `COLORFGBG`.
//!
//! The answer comes in between the keys. Crossterm does not know it and takes it for typed keys
//! (`ESC ]` is Alt+`]`, and so on), so [`Answers`] picks it out again: it holds keys back only
//! while they could still be the answer, and gives every other key on unchanged and in order.

use crate::platform::env::Env;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use std::time::Duration;

/// The question (xterm's control sequences, "OSC Ps ; Pt ST", Ps = 11).
pub const QUESTION: &str = "\x1b]11;?\x1b\\";

/// How long keys that look like the beginning of an answer are held back. An answer comes in one
/// piece; only a slow line tears it.
pub const HOLD: Duration = Duration::from_millis(60);

/// The longest answer there is: `11;rgba:ffff/ffff/ffff/ffff`.
const LONGEST: usize = 28;

/// Whether text on it must be light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    /// A dark background.
    Dark,
    /// A light background.
    Light,
}

/// Something read from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Somebody did something.
    Event(Event),
    /// The terminal has answered.
    Background(Shade),
}

impl From<Event> for Heard {
    fn from(event: Event) -> Self {
        Self::Event(event)
    }
}

/// Tells the terminal's answer from keys.
#[derive(Debug, Default)]
pub struct Answers {
    held: Vec<Event>,
    text: String,
    at: At,
}

/// How much of the answer has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// Nothing.
    #[default]
    Outside,
    /// An escape that was read alone, because the line was slow.
    Escape,
    /// What follows `ESC ]`.
    Inside,
    /// The escape of the end was read alone.
    LastEscape,
}

impl Answers {
    /// Whether keys are held back: what follows decides, or [`HOLD`] runs out.
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes an event; says what is certain by now. `lone_escape`: an escape alone may begin an
    /// answer, so it waits for what follows.
    pub fn hear(&mut self, event: Event, lone_escape: bool) -> Vec<Heard> {
        let Event::Key(key) = event else {
            // A pointer or a paste can't come from within an answer.
            let mut heard = self.give_up();
            heard.push(Heard::Event(event));
            return heard;
        };
        let alt = |c| is(key, c, KeyModifiers::ALT);
        let plain = |c| is(key, c, KeyModifiers::NONE);
        let bell = is(key, 'g', KeyModifiers::CONTROL);
        let escape = key.code == KeyCode::Esc && key.modifiers.is_empty();
        match self.at {
            At::Outside if alt(']') => self.hold(key, At::Inside),
            At::Outside if escape && lone_escape => self.hold(key, At::Escape),
            At::Escape if plain(']') => self.hold(key, At::Inside),
            At::Inside if bell || alt('\\') => return self.end(key),
            At::LastEscape if plain('\\') => return self.end(key),
            At::Inside if escape => self.hold(key, At::LastEscape),
            At::Inside => match key.code {
                KeyCode::Char(c) if may_follow(&self.text, c) && !has_command(key) => {
                    self.text.push(c);
                    self.hold(key, At::Inside);
                }
                _ => return self.broken(key, lone_escape),
            },
            At::Outside => return vec![Heard::Event(event)],
            At::Escape | At::LastEscape => return self.broken(key, lone_escape),
        }
        Vec::new()
    }

    /// Nothing follows: what was held are keys.
    pub fn give_up(&mut self) -> Vec<Heard> {
        self.at = At::Outside;
        self.text.clear();
        self.held.drain(..).map(Heard::Event).collect()
    }

    fn hold(&mut self, key: KeyEvent, at: At) {
        self.held.push(Event::Key(key));
        self.at = at;
    }

    /// This key does not belong to an answer; it may begin one.
    fn broken(&mut self, key: KeyEvent, lone_escape: bool) -> Vec<Heard> {
        let mut heard = self.give_up();
        heard.extend(self.hear(Event::Key(key), lone_escape));
        heard
    }

    fn end(&mut self, key: KeyEvent) -> Vec<Heard> {
        let shade = self.text.strip_prefix("11;").and_then(shade);
        let Some(shade) = shade else {
            self.hold(key, At::Outside);
            return self.give_up();
        };
        self.give_up();
        vec![Heard::Background(shade)]
    }
}

fn is(key: KeyEvent, c: char, modifiers: KeyModifiers) -> bool {
    key.code == KeyCode::Char(c) && key.modifiers == modifiers
}

/// Shift comes with capitals and is no command.
fn has_command(key: KeyEvent) -> bool {
    !(key.modifiers - KeyModifiers::SHIFT).is_empty()
}

/// Whether `text` followed by `c` can still become an answer.
fn may_follow(text: &str, c: char) -> bool {
    const START: &str = "11;";
    let place = text.chars().count();
    match START.chars().nth(place) {
        Some(wanted) => c == wanted,
        None => place < LONGEST && (c.is_ascii_hexdigit() || "rgba:/#".contains(c)),
    }
}

/// The shade of `rgb:RRRR/GGGG/BBBB` (1 to 4 hexadecimal digits each, as XParseColor(3) has it),
/// `rgba:…` or `#RRGGBB`.
pub fn shade(colour: &str) -> Option<Shade> {
    let channels: Vec<&str> = match colour.strip_prefix('#') {
        Some(hex) if hex.is_ascii() && matches!(hex.len(), 3 | 6 | 9 | 12) => {
            let each = hex.len() / 3;
            vec![&hex[..each], &hex[each..2 * each], &hex[2 * each..]]
        }
        Some(_) => return None,
        None => colour.strip_prefix("rgb:").or(colour.strip_prefix("rgba:"))?.split('/').collect(),
    };
    let parts: Option<Vec<f64>> = channels.iter().take(3).map(|channel| part(channel)).collect();
    let [red, green, blue] = parts?.try_into().ok()?;
    // Brightness as the eye sees it (ITU-R BT.601).
    let bright = 0.299 * red + 0.587 * green + 0.114 * blue;
    Some(if bright > 0.5 { Shade::Light } else { Shade::Dark })
}

/// One channel, from 0 to 1.
fn part(hex: &str) -> Option<f64> {
    let most = match hex.len() {
        1 => 0xf,
        2 => 0xff,
        3 => 0xfff,
        4 => 0xffff,
        _ => return None,
    };
    let value = u16::from_str_radix(hex, 16).ok()?;
    Some(f64::from(value) / f64::from(most))
}

/// What rxvt, Konsole and others say in `COLORFGBG`: "foreground;background" as ANSI colours.
pub fn hint(env: &Env) -> Option<Shade> {
    let background = env.get("COLORFGBG")?.rsplit(';').next()?.parse::<u8>().ok()?;
    match background {
        0..=6 | 8 => Some(Shade::Dark),
        7 | 9..=15 => Some(Shade::Light),
        _ => None,
    }
}

/// Whether this terminal may be asked. The Linux console draws on black and knows no answer.
pub fn may_be_asked(env: &Env) -> bool {
    env.get("TERM").is_some_and(|term| term != "linux" && term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn alt(c: char) -> Event {
        key(KeyCode::Char(c), KeyModifiers::ALT)
    }

    fn typed(text: &str) -> Vec<Event> {
        text.chars()
            .map(|c| {
                let shift = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
                key(KeyCode::Char(c), shift)
            })
            .collect()
    }

    fn answer(text: &str, end: Event) -> Vec<Event> {
        let mut events = vec![alt(']')];
        events.extend(typed(text));
        events.push(end);
        events
    }

    /// What is heard of these events, and what is given up at the end.
    fn heard(events: Vec<Event>) -> Vec<Heard> {
        let mut answers = Answers::default();
        let mut heard: Vec<Heard> = events.into_iter().flat_map(|e| answers.hear(e, true)).collect();
        heard.extend(answers.give_up());
        heard
    }

    fn bell() -> Event {
        key(KeyCode::Char('g'), KeyModifiers::CONTROL)
    }

    fn escape() -> Event {
        key(KeyCode::Esc, KeyModifiers::NONE)
    }

    #[test]
    fn an_answer_is_no_key() {
        for (text, shade) in [
            ("11;rgb:ffff/ffff/ffff", Shade::Light),
            ("11;rgb:0000/2B2B/3636", Shade::Dark),
            ("11;rgba:fd/f6/e3/ff", Shade::Light),
            ("11;#1d1f21", Shade::Dark),
        ] {
            for end in [bell(), alt('\\')] {
                assert_eq!(heard(answer(text, end)), [Heard::Background(shade)], "{text}");
            }
        }
    }

    #[test]
    fn an_answer_torn_at_its_escapes_is_no_key_either() {
        let mut events = vec![escape()];
        events.extend(typed("]11;rgb:ff/ff/ff"));
        events.push(escape());
        events.extend(typed("\\"));
        assert_eq!(heard(events), [Heard::Background(Shade::Light)]);
    }

    #[test]
    fn keys_around_an_answer_stay_in_order() {
        let mut events = typed("jk");
        events.extend(answer("11;rgb:00/00/00", bell()));
        events.extend(typed("q"));
        let mut expected: Vec<Heard> = typed("jk").into_iter().map(Heard::Event).collect();
        expected.push(Heard::Background(Shade::Dark));
        expected.extend(typed("q").into_iter().map(Heard::Event));
        assert_eq!(heard(events), expected);
    }

    #[test]
    fn whatever_is_no_answer_is_given_on_unchanged() {
        let mut torn = answer("11;rgb:00", escape());
        torn.extend(typed("x"));
        for events in [
            typed("11;rgb:00/00/00"),
            answer("11;what", bell()),
            answer("11;rgb:00/00", bell()),
            answer("10;rgb:00/00/00", alt('\\')),
            vec![escape(), escape(), alt(']'), alt(']')],
            torn,
            vec![alt(']'), Event::Paste("11;rgb:00/00/00".to_owned()), bell()],
        ] {
            let expected: Vec<Heard> = events.iter().cloned().map(Heard::Event).collect();
            assert_eq!(heard(events), expected);
        }
    }

    #[test]
    fn an_escape_waits_only_while_an_answer_may_come() {
        let mut answers = Answers::default();
        assert_eq!(answers.hear(escape(), false), [Heard::Event(escape())]);
        assert!(!answers.holds());
        assert_eq!(answers.hear(escape(), true), []);
        assert!(answers.holds());
        assert_eq!(answers.give_up(), [Heard::Event(escape())]);
    }

    #[test]
    fn the_hint_is_the_last_number() {
        let of = |value| hint(&Env::of([("COLORFGBG", value)]));
        assert_eq!((of("15;0"), of("0;15")), (Some(Shade::Dark), Some(Shade::Light)));
        assert_eq!((of("0;default;7"), of("12;8")), (Some(Shade::Light), Some(Shade::Dark)));
        assert_eq!((of("0;default"), of("x"), hint(&Env::of([]))), (None, None, None));
    }
}
