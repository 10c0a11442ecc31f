//! The screen as a file: lines of text with colours for a terminal, or a picture.
//!
//! The picture is made of cells, so that it is right in whatever monospaced font somebody has:
//! every piece of text is pinned to its cells, and frames, bars and blocks are drawn, not typed.
//! (The SVG writers there are place lines of text and leave the cells to the font.)

mod ink;
mod palette;
mod svg;

pub use palette::Palette;
pub use svg::svg;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// How a cell looks, without what it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    fn is_plain(self) -> bool {
        self == Self::default()
    }
}

/// The cells of a row that show something of their own: column, what, how, and how wide.
fn shown(buffer: &Buffer, y: u16) -> Vec<(u16, &str, Look, u16)> {
    let area = buffer.area;
    let mut cells = Vec::with_capacity(area.width.into());
    let mut x = area.left();
    while x < area.right() {
        let cell = &buffer[(x, y)];
        let symbol = cell.symbol();
        let width = u16::try_from(symbol.width()).unwrap_or(1).max(1);
        cells.push((x - area.left(), symbol, Look::of(cell), width));
        x = x.saturating_add(width);
    }
    while cells.last().is_some_and(|(_, symbol, look, _)| *symbol == " " && look.is_plain()) {
        cells.pop();
    }
    cells
}

/// Lines of text with SGR codes (ECMA-48, 8.3.117), as `cat` shows them in a terminal. Every line
/// ends as it began: without colours.
pub fn ansi(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut now = Look::default();
        for (_, symbol, look, _) in shown(buffer, y) {
            if look != now {
                text.push_str(&sgr(look));
                now = look;
            }
            text.push_str(symbol);
        }
        if !now.is_plain() {
            text.push_str(&sgr(Look::default()));
        }
        text.push('\n');
    }
    text
}

fn sgr(look: Look) -> String {
    const CODES: [(Modifier, u8); 7] = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
        (Modifier::HIDDEN, 8),
        (Modifier::CROSSED_OUT, 9),
    ];
    let mut code = "\x1b[0".to_owned();
    for (_, number) in CODES.iter().filter(|(modifier, _)| look.modifier.contains(*modifier)) {
        let _ = write!(code, ";{number}");
    }
    for (color, base) in [(look.fg, 30), (look.bg, 40)] {
        let _ = match color {
            Color::Reset => Ok(()),
            Color::Indexed(index) => write!(code, ";{};5;{index}", base + 8),
            Color::Rgb(r, g, b) => write!(code, ";{};2;{r};{g};{b}", base + 8),
            named => match palette::number(named) {
                number @ 0..=7 => write!(code, ";{}", base + number),
                number => write!(code, ";{}", base + 60 + number - 8),
            },
        };
    }
    code.push('m');
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn screen() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        buffer.set_string(0, 0, "│ a < b ✓", Style::new());
        buffer.set_style(Rect::new(2, 0, 5, 1), Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD));
        buffer.set_string(0, 1, "ok 中文", Style::new().fg(Color::DarkGray));
        buffer
    }

    #[test]
    fn every_line_gives_the_colours_back() {
        let shown = ansi(&screen());
        assert_eq!(shown, "│ \x1b[0;1;36ma < b\x1b[0m ✓\n\x1b[0;90mok 中文\x1b[0m\n");
        assert_eq!(strip_ansi_escapes::strip_str(&shown), "│ a < b ✓\nok 中文\n");
    }

    #[test]
    fn backgrounds_and_blanks_that_are_seen_stay() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        buffer.set_style(Rect::new(1, 0, 2, 1), Style::new().bg(Color::LightBlue).fg(Color::Indexed(208)));
        assert_eq!(ansi(&buffer), " \x1b[0;38;5;208;104m  \x1b[0m\n");
    }

    #[test]
    fn a_picture_names_what_it_shows_and_nothing_outside() {
        let picture = svg(&screen(), Some((2, 0)), Palette::Dark);
        for part in ["a &lt; b".split_at(1).1.trim_start(), "中", "✓", "viewBox=\"0 0 128 66\""] {
            assert!(picture.contains(part), "{part}\n{picture}");
        }
        // The frame is drawn, and what is drawn once is not typed as well.
        assert!(!picture.contains('│'), "{picture}");
        assert!(!picture.contains("href") && !picture.contains("url("), "{picture}");
    }

    #[test]
    fn blanks_that_meet_in_a_picture_stay_as_wide_as_they_are() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 1));
        buffer.set_string(0, 0, "a b   c", Style::new());
        let picture = svg(&buffer, None, Palette::Dark);
        assert!(picture.contains(">a b\u{a0}\u{a0} c</text>"), "{picture}");
    }

    #[test]
    fn the_cursor_is_a_cell_in_the_other_colours() {
        let (with, without) =
            (svg(&screen(), Some((2, 0)), Palette::Light), svg(&screen(), None, Palette::Light));
        assert_ne!(with, without);
        assert_eq!(with, svg(&screen(), Some((2, 0)), Palette::Light));
    }
}
