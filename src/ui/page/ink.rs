//! How a piece of a page looks, said without colours, and the signs a page is set with.

use crate::ui::theme::{Role, Skin};
use ratatui::style::{Modifier, Style};

/// A role and what is added to it. Becomes a style only when a window of lines is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink {
    role: Role,
    more: Modifier,
}

impl Ink {
    /// Running text.
    pub(super) const PLAIN: Self = Self::of(Role::Plain);
    /// Bars, rules, signs.
    pub(super) const MUTED: Self = Self::of(Role::Muted);

    pub(super) const fn of(role: Role) -> Self {
        Self { role, more: Modifier::empty() }
    }

    pub(super) fn with(self, more: Modifier) -> Self {
        Self { more: self.more | more, ..self }
    }

    /// The same weight and slant in another role: strong text stays strong within a link.
    pub(super) fn in_role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    pub(super) fn style(self, skin: Skin) -> Style {
        skin.style(self.role).add_modifier(self.more)
    }
}

/// Before the items of a list, by depth.
pub(super) const BULLETS: [&str; 3] = ["• ", "◦ ", "– "];
/// Before every line of a quote.
pub(super) const QUOTE: &str = "▎ ";
/// Before every line of code.
pub(super) const CODE: &str = "│ ";
/// Before a line of code that goes on from the line above.
pub(super) const CODE_ON: &str = "│↳";
/// Above and below code.
pub(super) const CODE_ENDS: [&str; 2] = ["╭─", "╰─"];
/// Between the columns of a table.
pub(super) const COLUMN: &str = " │ ";
/// The same in the rule between two rows.
pub(super) const CROSSING: &str = "─┼─";
/// A thin rule.
pub(super) const RULE: &str = "─";
/// A thick one.
pub(super) const THICK_RULE: &str = "━";
/// Before headings of the levels three to six; the two above have a rule under them.
pub(super) const HEADINGS: [&str; 4] = ["■ ", "▪ ", "□ ", "▫ "];
/// Keeps the number of a link with its last word.
pub(super) const GLUE: char = '\u{a0}';

/// What stands for a character. Always as wide: a page is laid out once for both character sets.
fn stand_in(c: char, ascii: bool) -> char {
    match c {
        GLUE => ' ',
        _ if !ascii || c.is_ascii() => c,
        '•' | '★' => '*',
        '◦' => 'o',
        '–' | '—' | '─' | '·' => '-',
        '━' | '▪' => '=',
        '│' => '|',
        '┼' | '╭' | '╰' | '□' | '✓' => '+',
        '▎' | '›' | '→' => '>',
        '←' => '<',
        '↑' => '^',
        '↓' => 'v',
        '↳' => '\\',
        '■' => '#',
        '▫' => '~',
        '…' => '.',
        '✗' => 'x',
        '“' | '”' | '„' => '"',
        '‘' | '’' => '\'',
        other => other,
    }
}

/// The text as this character set shows it.
pub(super) fn shown(text: &str, skin: Skin) -> String {
    if text.is_ascii() { text.to_owned() } else { text.chars().map(|c| stand_in(c, skin.ascii)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fit;

    #[test]
    fn our_signs_have_stand_ins_of_the_same_width() {
        let skin = Skin { ascii: true, ..Skin::default() };
        let signs = [&BULLETS[..], &CODE_ENDS, &HEADINGS, &[QUOTE, CODE, CODE_ON, COLUMN, CROSSING]].concat();
        for sign in signs.into_iter().chain([RULE, THICK_RULE, "“”„‘’…→←↑↓›★✓✗·—\u{a0}"])
        {
            let plain = shown(sign, skin);
            assert!(plain.is_ascii(), "{sign}: {plain}");
            assert_eq!(fit::width(&plain), fit::width(sign), "{sign}");
            assert_eq!(shown(sign, Skin::default()), sign.replace(GLUE, " "));
        }
    }
}
