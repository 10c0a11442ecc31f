//! Text that came from outside, made safe for a terminal once, at the border.

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use unicode_segmentation::UnicodeSegmentation;

/// The most characters an ordinary outside text keeps; longer ones end in `…`.
pub const MAX_CHARS: usize = 2_000;

/// The most code points one visible character keeps: a base and a few combining marks.
const MAX_MARKS: usize = 8;

/// One line of outside text without escape sequences, control characters, bidi overrides,
/// invisible format characters or towers of combining marks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Cleans `raw`; line breaks and tabs become single blanks.
    pub fn clean(raw: &str) -> Self {
        Self::clean_to(raw, MAX_CHARS)
    }

    /// Cleans `raw` and keeps at most `max` visible characters.
    pub fn clean_to(raw: &str, max: usize) -> Self {
        if is_plain(raw) && raw.len() <= max {
            return Self(raw.to_owned());
        }
        // Longer than any text we keep: don't spend time on what is cut anyway.
        let raw = head(raw, max.saturating_mul(64));
        let stripped = strip_ansi_escapes::strip_str(raw.replace(['\n', '\r', '\t'], " "));
        let safe: String = stripped.chars().filter(|c| !is_hostile(*c)).collect();
        let mut clean = String::with_capacity(safe.len());
        for (count, grapheme) in safe.trim().graphemes(true).enumerate() {
            if count == max {
                clean.push('…');
                break;
            }
            if grapheme == " " && clean.ends_with(' ') {
                continue;
            }
            clean.extend(grapheme.chars().take(MAX_MARKS));
        }
        Self(clean)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `None` when nothing is left.
    pub fn non_empty(self) -> Option<Self> {
        (!self.is_empty()).then_some(self)
    }
}

/// Outside text of many lines, as safe as [`Text`]: what a lesson is written in.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Prose(String);

impl Prose {
    /// How many blanks a tab becomes.
    const TAB: &str = "    ";

    /// Cleans `raw`; lines end in a line feed, tabs become blanks.
    pub fn clean(raw: &str) -> Self {
        if raw.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
            return Self(raw.to_owned());
        }
        let lines = raw.replace("\r\n", "\n").replace('\r', "\n").replace('\t', Self::TAB);
        let stripped = strip_ansi_escapes::strip_str(lines);
        let safe: String = stripped.chars().filter(|c| *c == '\n' || !is_hostile(*c)).collect();
        let mut clean = String::with_capacity(safe.len());
        for grapheme in safe.graphemes(true) {
            clean.extend(grapheme.chars().take(MAX_MARKS));
        }
        Self(clean)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Whether there is nothing to clean: printable ASCII with single blanks between words. Most text
/// is, and a catalogue of ten thousand programs is read in a tenth of the time.
fn is_plain(raw: &str) -> bool {
    raw.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && raw.trim().len() == raw.len()
        && !raw.contains("  ")
}

/// At most `bytes` of the beginning of `raw`, cut at a character.
fn head(raw: &str, bytes: usize) -> &str {
    &raw[..raw.floor_char_boundary(bytes)]
}

/// Characters that change how a terminal reads the text around them, or that nobody can see.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::clean(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::clean(&raw)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|raw| Self::clean(&raw))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn removes_whole_escape_sequences() {
        assert_eq!(Text::clean("a\u{1b}[31mred\u{1b}[0m").as_str(), "ared");
        assert_eq!(Text::clean("\u{1b}]0;title\u{7}x").as_str(), "x");
    }

    #[test]
    fn prose_keeps_its_lines_and_nothing_hostile() {
        let prose = Prose::clean("# A\u{1b}[31m red\u{1b}[0m\r\n\r\tcode\u{202E}\u{7}\nZoë");
        assert_eq!(prose.as_str(), "# A red\n\n    code\nZoë");
    }

    #[test]
    fn removes_bidi_overrides_and_invisible_characters() {
        assert_eq!(Text::clean("a\u{202E}b\u{200B}c\u{E0041}d\u{FEFF}").as_str(), "abcd");
    }

    #[test]
    fn keeps_names_of_all_scripts() {
        for name in ["Zoë", "李小龙", "محمد", "O’Brien", "मानसी"] {
            assert_eq!(Text::clean(name).as_str(), name);
        }
    }

    #[test]
    fn folds_white_space_into_one_blank() {
        assert_eq!(Text::clean("  a\n\n\tb  ").as_str(), "a b");
    }

    #[test]
    fn limits_marks_and_length() {
        let tower = format!("e{}", "\u{0301}".repeat(500));
        assert!(Text::clean(&tower).as_str().chars().count() <= MAX_MARKS);
        assert_eq!(Text::clean_to("abcdef", 3).as_str(), "abc…");
    }

    /// Pieces of escape sequences and what changes or hides the text around it, among ordinary text.
    fn shards() -> impl Strategy<Value = String> {
        let shards = [
            "\u{1b}[31m",
            "\u{1b}]0;",
            "\u{1b}P",
            "\u{1b}",
            "\u{9b}",
            "\u{9d}",
            "\u{90}",
            "\u{7}",
            "\u{8}",
            "\u{7f}",
            "\u{85}",
            "\0",
            "\r\n",
            "\t",
            " ",
            "  ",
            "[2J",
            "8;;https://x.org",
            "\\",
            "\u{202e}",
            "\u{2066}",
            "\u{200b}",
            "\u{200f}",
            "\u{feff}",
            "\u{fe0f}",
            "\u{e0041}",
            "\u{301}\u{301}\u{301}",
            "\u{ad}",
            "\u{61c}",
            "\u{2028}",
            "é",
            "李",
            "م",
            "👩‍💻",
            "a",
            "Z",
            "9",
        ];
        proptest::collection::vec(proptest::sample::select(shards.to_vec()), 0..30)
            .prop_map(|pieces| pieces.concat())
    }

    /// Said once more in other words than the code's.
    fn is_clean(text: &str) -> bool {
        let unseen =
            ['\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{200b}', '\u{200f}', '\u{feff}', '\u{e0041}'];
        // A blank that carries a mark is a character like any other.
        let graphemes: Vec<&str> = text.graphemes(true).collect();
        !text.contains(char::is_control)
            && !text.contains(unseen)
            && text.trim() == text
            && !graphemes.windows(2).any(|pair| pair == [" ", " "])
    }

    proptest! {
        #[test]
        fn prose_is_safe_and_clean_once(raw in r"(.|\x1b\[[0-9;]*m|[\r\n\t]|\u{202e}){0,200}") {
            let once = Prose::clean(&raw);
            prop_assert!(once.as_str().chars().all(|c| c == '\n' || !is_hostile(c)));
            prop_assert_eq!(&Prose::clean(once.as_str()), &once);
        }

        #[test]
        fn no_bytes_of_any_kind_get_through(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let text = Text::clean(&String::from_utf8_lossy(&bytes));
            prop_assert!(is_clean(text.as_str()), "{text:?}");
        }

        #[test]
        fn no_piece_of_a_sequence_gets_through(raw in shards(), max in 0_usize..40) {
            let text = Text::clean_to(&raw, max);
            prop_assert!(is_clean(text.as_str()), "{raw:?}: {text:?}");
            prop_assert!(text.as_str().graphemes(true).count() <= max + 1);
            prop_assert_eq!(&Text::clean(text.as_str()), &text);
        }

        #[test]
        fn nothing_hostile_survives(raw in any::<String>()) {
            let text = Text::clean(&raw);
            prop_assert!(!text.as_str().chars().any(is_hostile));
        }

        #[test]
        fn plain_text_stays_as_it_is(raw in "[ -~]{0,40}") {
            let words: Vec<_> = raw.split_whitespace().collect();
            let text = Text::clean(&raw);
            prop_assert_eq!(text.as_str(), words.join(" "));
        }

        #[test]
        fn cleaning_twice_changes_nothing(raw in any::<String>()) {
            let once = Text::clean(&raw);
            prop_assert_eq!(Text::clean(once.as_str()), once);
        }
    }
}
