//! Colours by role and signs by character set. Every colour is doubled by a word or a sign.

use crate::ui::fit;
use crate::ui::msg::Background;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Span;
use std::borrow::Cow;

/// Which of the 16 ANSI colours the roles take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// Light text on a dark terminal.
    #[default]
    Dark,
    /// Dark text on a light terminal.
    Light,
    /// No colours at all (`NO_COLOR`): bold, underline and reverse only.
    None,
}

/// What a text is, not how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The terminal's own foreground.
    Plain,
    /// A name or heading.
    Strong,
    /// The one thing in focus.
    Accent,
    /// Secondary.
    Muted,
    /// Free, done.
    Good,
    /// Needs you soon.
    Warn,
    /// Not possible.
    Bad,
    /// The chosen row of a list.
    Selected,
    /// The tab that is open.
    Tab,
}

impl Theme {
    /// The theme for this background; where no colours are wanted there are none.
    #[must_use]
    pub fn on(self, background: Background) -> Self {
        match (self, background) {
            (Self::None, _) => Self::None,
            (_, Background::Dark) => Self::Dark,
            (_, Background::Light) => Self::Light,
        }
    }

    /// How a role looks.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        match (self, role) {
            (_, Role::Plain) | (Self::None, Role::Muted | Role::Good) => plain,
            (_, Role::Strong) | (Self::None, Role::Accent | Role::Warn | Role::Bad) => bold,
            (_, Role::Tab) => bold.add_modifier(Modifier::UNDERLINED),
            (Self::None, Role::Selected) => plain.add_modifier(Modifier::REVERSED),
            (Self::Dark, Role::Accent) => bold.fg(Color::Cyan),
            (Self::Light, Role::Accent) => bold.fg(Color::Blue),
            // "Bright black" is the background of some dark palettes (Solarized).
            (Self::Dark, Role::Muted) => plain.add_modifier(Modifier::DIM),
            // Where the background is light, many terminals draw faint text darker, not lighter.
            (Self::Light, Role::Muted) => plain.fg(Color::DarkGray),
            (_, Role::Good) => plain.fg(Color::Green),
            (Self::Dark, Role::Warn) => plain.fg(Color::Yellow),
            // Yellow on white can't be read.
            (Self::Light, Role::Warn) => plain.fg(Color::Magenta),
            (_, Role::Bad) => plain.fg(Color::Red),
            (_, Role::Selected) => bold,
        }
    }
}

/// How this terminal is drawn on: colours and character set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Skin {
    /// The colours.
    pub theme: Theme,
    /// Only ASCII signs.
    pub ascii: bool,
}

/// The signs a frame is made of: corners, then the horizontal and the vertical line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameSigns {
    /// Top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// The horizontal line.
    pub across: &'static str,
    /// The vertical line.
    pub down: &'static str,
}

impl Skin {
    /// How a role looks.
    pub fn style(self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// A text in a role, with our signs in this character set.
    pub fn span(self, text: &str, role: Role) -> Span<'static> {
        Span::styled(self.ink(text).into_owned(), self.style(role))
    }

    /// The text with our own signs replaced where only ASCII is drawn. Letters of names stay.
    pub fn ink(self, text: &str) -> Cow<'_, str> {
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let text = fit::part_emoji(text);
        if !self.ascii {
            return text;
        }
        let text = text.replace("↑↓", "up/down").replace("←→", "left/right").replace(" ⏎", " (Enter)");
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '…' => out.push_str("..."),
                '⏎' => out.push_str("Enter"),
                '↑' => out.push_str("up"),
                '↓' => out.push_str("down"),
                '→' => out.push_str("right"),
                '←' => out.push_str("left"),
                '·' | '—' | '–' => out.push('-'),
                '›' => out.push('>'),
                '★' => out.push('*'),
                '○' => out.push('o'),
                '✓' => out.push('+'),
                '✗' => out.push('x'),
                '“' | '”' => out.push('"'),
                '’' => out.push('\''),
                other => out.push(other),
            }
        }
        Cow::Owned(out)
    }

    fn pick(self, sign: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii { ascii } else { sign }
    }

    /// What a cut text ends in.
    pub fn ellipsis(self) -> &'static str {
        self.pick("…", "...")
    }

    /// The bar before the chosen row.
    pub fn marker(self) -> &'static str {
        self.pick("▌", ">")
    }

    /// A star that was given.
    pub fn star(self) -> &'static str {
        self.pick("★", "*")
    }

    /// A star that was not.
    pub fn no_star(self) -> &'static str {
        self.pick("☆", ".")
    }

    /// The done part of a progress bar.
    pub fn full(self) -> &'static str {
        self.pick("█", "#")
    }

    /// The open part of a progress bar.
    pub fn open(self) -> &'static str {
        self.pick("░", ".")
    }

    /// A thin line across.
    pub fn rule(self) -> &'static str {
        self.pick("─", "-")
    }

    /// A thin line down.
    pub fn divider(self) -> &'static str {
        self.pick("│", "|")
    }

    /// The spinner's picture at a tick.
    pub fn spinner(self, tick: usize) -> &'static str {
        // Block elements: more fonts have them than have Braille.
        const DOTS: [&str; 4] = ["▖", "▘", "▝", "▗"];
        const STROKES: [&str; 4] = ["|", "/", "-", "\\"];
        if self.ascii { STROKES[tick % STROKES.len()] } else { DOTS[tick % DOTS.len()] }
    }

    /// The signs of a frame; the one in focus differs in shape, not only in colour.
    pub fn frame(self, focused: bool) -> FrameSigns {
        match (self.ascii, focused) {
            (false, true) => FrameSigns { corners: ["┏", "┓", "┗", "┛"], across: "━", down: "┃" },
            (false, false) => {
                FrameSigns { corners: ["╭", "╮", "╰", "╯"], across: "─", down: "│" }
            }
            (true, true) => FrameSigns { corners: ["+"; 4], across: "=", down: "|" },
            (true, false) => FrameSigns { corners: ["+"; 4], across: "-", down: "|" },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 9] = [
        Role::Plain,
        Role::Strong,
        Role::Accent,
        Role::Muted,
        Role::Good,
        Role::Warn,
        Role::Bad,
        Role::Selected,
        Role::Tab,
    ];

    #[test]
    fn no_colour_means_no_colour() {
        for role in ROLES {
            let style = Theme::None.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn a_light_terminal_gets_neither_white_nor_yellow() {
        for role in ROLES {
            let fg = Theme::Light.style(role).fg;
            assert!(
                !matches!(
                    fg,
                    Some(Color::White | Color::Gray | Color::Yellow | Color::LightYellow | Color::Cyan)
                ),
                "{role:?}"
            );
        }
    }

    #[test]
    fn a_dark_terminal_gets_nothing_that_may_be_its_background() {
        for role in ROLES {
            let fg = Theme::Dark.style(role).fg;
            assert!(!matches!(fg, Some(Color::Black | Color::DarkGray | Color::Blue)), "{role:?}");
        }
    }

    #[test]
    fn ascii_replaces_signs_and_keeps_names() {
        let skin = Skin { theme: Theme::Dark, ascii: true };
        assert_eq!(skin.ink("Zoë · Enroll ⏎ …"), "Zoë - Enroll (Enter) ...");
        assert_eq!((skin.ink("⏎"), skin.ink("↑↓")), ("Enter".into(), "up/down".into()));
    }
}
