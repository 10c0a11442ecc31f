//! Frames on a terminal: each is one write between the marks of a synchronised update, so that
//! nobody sees half of it, and a frame that changes nothing is no write at all.
//!
//! Not ratatui's own backend for crossterm: that writes several times per frame, and about twice
//! as many bytes as are needed, which is felt over a slow line.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Begin and end of a synchronised update (DEC private mode 2026); others ignore the marks.
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";

/// The attributes we use, and what switches each on (ECMA-48, SGR).
const ATTRIBUTES: [(Modifier, &str); 7] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

/// Where frames go.
#[derive(Debug)]
pub struct Frames<W> {
    out: W,
    size: fn() -> io::Result<(u16, u16)>,
    frame: String,
    pen: Pen,
    /// Where the terminal's cursor is, as far as it is certain.
    at: Option<Position>,
    /// Whether it is shown, once that is certain.
    shown: Option<bool>,
}

/// Colours and attributes that are switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Default for Pen {
    fn default() -> Self {
        Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() }
    }
}

impl<W: Write> Frames<W> {
    /// Frames written to `out`, on a terminal whose size `size` tells.
    pub fn new(out: W, size: fn() -> io::Result<(u16, u16)>) -> Self {
        Self { out, size, frame: String::new(), pen: Pen::default(), at: None, shown: None }
    }

    /// The terminal has changed by itself, or others had it: nothing about it is certain any more.
    pub fn forget(&mut self) {
        (self.at, self.shown) = (None, None);
        self.frame.clear();
        self.frame.push_str("\x1b[m");
        self.pen = Pen::default();
    }

    fn go_to(&mut self, to: Position) {
        let (row, column) = (to.y + 1, to.x + 1);
        match self.at {
            Some(at) if at == to => {}
            Some(at) if at.y == to.y => self.put(format_args!("\x1b[{column}G")),
            _ if column == 1 => self.put(format_args!("\x1b[{row}H")),
            _ => self.put(format_args!("\x1b[{row};{column}H")),
        }
        self.at = Some(to);
    }

    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to a String can't fail.
        let _ = self.frame.write_fmt(what);
    }

    /// Switches to `pen`, in one sequence that says only what changes.
    fn take(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        let mut before = self.pen;
        let mut codes: Vec<String> = Vec::new();
        if pen == Pen::default() || !pen.modifier.contains(before.modifier) {
            codes.push(String::new());
            before = Pen::default();
        }
        let added = pen.modifier - before.modifier;
        codes.extend(
            ATTRIBUTES.iter().filter(|(bit, _)| added.contains(*bit)).map(|(_, code)| (*code).to_owned()),
        );
        if pen.fg != before.fg {
            codes.push(colour(pen.fg, 30));
        }
        if pen.bg != before.bg {
            codes.push(colour(pen.bg, 40));
        }
        self.pen = pen;
        self.put(format_args!("\x1b[{}m", codes.join(";")));
    }
}

/// The code of a colour; `base` is 30 for the text, 40 for what is behind it.
fn colour(colour: Color, base: u8) -> String {
    let plain = |number: u8| (base + number).to_string();
    let bright = |number: u8| (base + 60 + number).to_string();
    match colour {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(index) => format!("{};5;{index}", base + 8),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", base + 8),
    }
}

impl<W: Write> Backend for Frames<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.go_to(Position { x, y });
            self.take(Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier });
            self.frame.push_str(cell.symbol());
            // Terminals differ in how wide they draw some signs, and in what the last column does.
            let mut signs = cell.symbol().chars();
            let narrow = signs.next().is_some_and(|sign| {
                sign.is_ascii() || ('\u{a0}'..'\u{300}').contains(&sign) || ('─'..='▟').contains(&sign)
            });
            self.at = (narrow && signs.next().is_none()).then_some(Position { x: x + 1, y });
        }
        self.take(Pen::default());
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.shown != Some(false) {
            self.put(format_args!("\x1b[?25l"));
            self.shown = Some(false);
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.shown != Some(true) {
            self.put(format_args!("\x1b[?25h"));
            self.shown = Some(true);
        }
        Ok(())
    }

    /// Only an answer of the terminal would tell for certain, and nobody here needs it.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.go_to(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.take(Pen::default());
        let part = match clear_type {
            ClearType::All => "2J",
            ClearType::AfterCursor => "J",
            ClearType::BeforeCursor => "1J",
            ClearType::CurrentLine => "2K",
            ClearType::UntilNewLine => "K",
        };
        self.put(format_args!("\x1b[{part}"));
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = (self.size)()?;
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        self.frame.insert_str(0, BEGIN);
        self.frame.push_str(END);
        let written = self.out.write_all(self.frame.as_bytes()).and_then(|()| self.out.flush());
        self.frame.clear();
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

    /// What was written, one entry per write.
    #[derive(Default)]
    struct Writes(Vec<Vec<u8>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const SIZE: (u16, u16) = (20, 4);

    fn terminal() -> Terminal<Frames<Writes>> {
        let backend = Frames::new(Writes::default(), || Ok(SIZE));
        let viewport = Viewport::Fixed(Rect::new(0, 0, SIZE.0, SIZE.1));
        Terminal::with_options(backend, TerminalOptions { viewport }).expect("a terminal")
    }

    fn drawn(terminal: &mut Terminal<Frames<Writes>>, draw: impl FnOnce(&mut Frame)) -> Vec<String> {
        terminal.draw(draw).expect("drawn");
        let writes = std::mem::take(&mut terminal.backend_mut().out.0);
        writes.into_iter().map(|bytes| String::from_utf8(bytes).expect("UTF-8")).collect()
    }

    fn text(frame: &mut Frame, x: u16, y: u16, text: &str, style: Style) {
        frame.buffer_mut().set_string(x, y, text, style);
    }

    #[test]
    fn a_frame_is_one_write_and_says_only_what_changes() {
        let mut terminal = terminal();
        let bold = Style::new().fg(Color::Cyan).bold();
        let first = |frame: &mut Frame| {
            text(frame, 0, 1, "ab", bold);
            text(frame, 4, 1, "c", Style::new());
            frame.set_cursor_position((0, 1));
        };
        assert_eq!(
            drawn(&mut terminal, first),
            ["\x1b[?2026h\x1b[2H\x1b[1;36mab\x1b[5G\x1b[mc\x1b[?25h\x1b[1G\x1b[?2026l"]
        );
        assert_eq!(drawn(&mut terminal, first), Vec::<String>::new(), "nothing changed");
        let gone = drawn(&mut terminal, |frame| text(frame, 0, 1, "ab", bold));
        assert_eq!(gone, ["\x1b[?2026h\x1b[5G \x1b[?25l\x1b[?2026l"]);
    }

    #[test]
    fn a_new_size_is_one_frame_with_its_clearing() {
        let mut terminal = terminal();
        drawn(&mut terminal, |frame| text(frame, 0, 0, "old", Style::new()));
        terminal.resize(Rect::new(0, 0, 10, 2)).expect("resized");
        let writes = drawn(&mut terminal, |frame| text(frame, 0, 0, "new", Style::new()));
        assert_eq!(writes.len(), 1, "{writes:?}");
        assert!(writes[0].starts_with("\x1b[?2026h") && writes[0].contains("\x1b[2J"), "{writes:?}");
        assert!(writes[0].contains("new"), "{writes:?}");
    }

    #[test]
    fn after_others_had_the_terminal_nothing_is_taken_for_granted() {
        let mut terminal = terminal();
        drawn(&mut terminal, |frame| text(frame, 0, 0, "a", Style::new()));
        terminal.backend_mut().set_cursor_position((0, 0)).expect("moved");
        terminal.backend_mut().forget();
        terminal.resize(Rect::new(0, 0, SIZE.0, SIZE.1)).expect("the same size");
        let again = drawn(&mut terminal, |frame| text(frame, 0, 0, "a", Style::new()));
        assert_eq!(again, ["\x1b[?2026h\x1b[m\x1b[1H\x1b[Ja\x1b[?25l\x1b[?2026l"]);
    }

    fn styles() -> impl Strategy<Value = Style> {
        let colours = prop::sample::select(vec![
            Color::Reset,
            Color::Red,
            Color::DarkGray,
            Color::White,
            Color::Indexed(200),
            Color::Rgb(1, 2, 3),
        ]);
        let bits = Modifier::BOLD | Modifier::UNDERLINED | Modifier::REVERSED;
        (colours.clone(), colours, any::<u16>()).prop_map(move |(fg, bg, modifier)| {
            Style::new().fg(fg).bg(bg).add_modifier(Modifier::from_bits_truncate(modifier) & bits)
        })
    }

    proptest! {
        /// Whatever is drawn after whatever: the terminal shows what the buffer holds.
        #[test]
        fn the_terminal_shows_the_buffer(frames in prop::collection::vec(
            prop::collection::vec((0..SIZE.0, 0..SIZE.1, "[a-z é│█日☂]{1,8}", styles()), 0..5), 1..6)
        ) {
            let mut terminal = terminal();
            let mut screen = vt100::Parser::new(
                std::num::NonZeroU16::new(SIZE.1).expect("rows"),
                std::num::NonZeroU16::new(SIZE.0).expect("columns"),
                0,
            );
            for texts in frames {
                let mut wanted = None;
                terminal.draw(|frame| {
                    for (x, y, words, style) in &texts {
                        text(frame, *x, *y, words, *style);
                    }
                    wanted = Some(frame.buffer_mut().clone());
                }).expect("drawn");
                for bytes in std::mem::take(&mut terminal.backend_mut().out.0) {
                    screen.process(&bytes);
                }
                let wanted = wanted.expect("a buffer");
                let mut x = 0;
                for position in wanted.area.positions() {
                    x = if position.x == 0 { 0 } else { x };
                    let (cell, symbol) = (&wanted[position], wanted[position].symbol());
                    if position.x < x {
                        continue;
                    }
                    x = position.x + u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).expect("narrow");
                    let shown = screen.screen().cell(position.y, position.x).expect("a cell");
                    let contents = if shown.has_contents() { shown.contents() } else { " " };
                    prop_assert_eq!(contents, symbol, "{:?}", position);
                    // What half of a wide sign leaves behind keeps the colours it was wiped with.
                    if symbol == " " {
                        continue;
                    }
                    prop_assert_eq!(shown.bold(), cell.modifier.contains(Modifier::BOLD));
                    prop_assert_eq!(shown.inverse(), cell.modifier.contains(Modifier::REVERSED));
                    prop_assert_eq!(shown.underline(), cell.modifier.contains(Modifier::UNDERLINED));
                    prop_assert_eq!(shown.fgcolor(), seen(cell.fg));
                    prop_assert_eq!(shown.bgcolor(), seen(cell.bg));
                }
            }
        }
    }

    fn seen(colour: Color) -> vt100::Color {
        match colour {
            Color::Red => vt100::Color::Idx(1),
            Color::DarkGray => vt100::Color::Idx(8),
            Color::White => vt100::Color::Idx(15),
            Color::Indexed(index) => vt100::Color::Idx(index),
            Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
            _ => vt100::Color::Default,
        }
    }
}
