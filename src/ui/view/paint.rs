//! Drawing on the buffer: rows with two edges, frames, bars.

use crate::ui::fit;
use crate::ui::mark;
use crate::ui::theme::{Role, Skin};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

/// What a frame is drawn with.
pub(super) struct Paint<'a> {
    pub buf: &'a mut Buffer,
    pub skin: Skin,
    /// Where the terminal's own cursor goes: the element in focus.
    pub cursor: Option<Position>,
}

impl Paint<'_> {
    /// Text in a role.
    pub fn span(&self, text: &str, role: Role) -> Span<'static> {
        self.skin.span(text, role)
    }

    /// Text in a role with the letters at `places` set off.
    pub fn marked(&self, text: &str, places: &[usize], role: Role) -> Vec<Span<'static>> {
        let spans = mark::spans(text, 0, places, self.skin.style(role));
        spans
            .into_iter()
            .map(|span| Span::styled(self.skin.ink(&span.content).into_owned(), span.style))
            .collect()
    }

    /// Spans from the left edge of the first row of `area`, cut where they don't fit.
    pub fn spans(&mut self, area: Rect, spans: Vec<Span<'static>>) {
        let area = area.intersection(self.buf.area);
        if area.is_empty() {
            return;
        }
        let mut x = area.x;
        for span in fit::cut_spans(spans, usize::from(area.width), self.skin.ellipsis()) {
            let room = usize::from(area.right().saturating_sub(x));
            x = self.buf.set_stringn(x, area.y, &span.content, room, span.style).0;
        }
    }

    /// One text in one role.
    pub fn text(&mut self, area: Rect, text: &str, role: Role) {
        let span = self.span(text, role);
        self.spans(area, vec![span]);
    }

    /// What it is on the left, what it costs, how old it is or what to do on the right. The
    /// right edge is never cut in favour of the left.
    pub fn row(&mut self, area: Rect, left: Vec<Span<'static>>, right: Vec<Span<'static>>) {
        let wanted = fit::cells(fit::width_of(&right));
        let wide = wanted.min(area.width);
        if wide > 0 {
            let edge = Rect { x: area.right() - wide, width: wide, ..area };
            self.spans(edge, right);
        }
        let gap = if wide > 0 { 2 } else { 0 };
        self.spans(Rect { width: area.width.saturating_sub(wide + gap), ..area }, left);
    }

    /// A text over several rows.
    pub fn paragraph(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let ink = self.skin.ink(text).into_owned();
        let lines = fit::wrap(&ink, usize::from(area.width), usize::from(area.height), self.skin.ellipsis());
        for (row, line) in (0..).zip(&lines) {
            self.text(crate::ui::layout::line(area, row), line, role);
        }
        fit::cells(lines.len())
    }

    /// A thin line across.
    pub fn rule(&mut self, area: Rect) {
        self.fill(area, self.skin.rule(), self.skin.style(Role::Muted));
    }

    /// One sign in every cell.
    pub fn fill(&mut self, area: Rect, sign: &str, style: Style) {
        let area = area.intersection(self.buf.area);
        for position in area.positions() {
            self.buf[position].set_symbol(sign).set_style(style);
        }
    }

    /// Steps back: what lies under a box is there, but quiet.
    pub fn dim(&mut self, area: Rect) {
        let style = Style::reset().patch(self.skin.style(Role::Muted));
        self.buf.set_style(area, style);
    }

    /// Wipes what lies under a box, with a margin.
    pub fn clear(&mut self, area: Rect) {
        let x = area.x.saturating_sub(2);
        let area = Rect { x, width: area.right() + 2 - x, ..area }.intersection(self.buf.area);
        for position in area.positions() {
            self.buf[position].reset();
        }
    }

    /// A frame; the one in focus carries the cursor. Returns the inside.
    pub fn frame(&mut self, area: Rect, focused: bool) -> Rect {
        let signs = self.skin.frame(focused);
        let style = self.skin.style(if focused { Role::Accent } else { Role::Muted });
        if area.width < 4 || area.height < 3 {
            return Rect { width: 0, height: 0, ..area };
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        let [top_left, top_right, bottom_left, bottom_right] = signs.corners;
        for y in [area.y, bottom] {
            self.fill(Rect { y, height: 1, ..area }, signs.across, style);
        }
        for x in [area.x, right] {
            self.fill(Rect { x, width: 1, ..area }, signs.down, style);
        }
        for (x, y, sign) in [
            (area.x, area.y, top_left),
            (right, area.y, top_right),
            (area.x, bottom, bottom_left),
            (right, bottom, bottom_right),
        ] {
            self.fill(Rect::new(x, y, 1, 1), sign, style);
        }
        let inner = crate::ui::layout::inside(area);
        if focused {
            self.cursor = Some(Position::new(inner.x, inner.y));
        }
        inner
    }

    /// The bar before the chosen row, with the cursor on it.
    pub fn marker(&mut self, area: Rect) {
        let (sign, style) = (self.skin.marker(), self.skin.style(Role::Accent));
        self.fill(Rect { width: 1, ..area }, sign, style);
        self.cursor = Some(Position::new(area.x, area.y));
    }

    /// A progress bar.
    pub fn bar(&self, percent: u8, cells: u16) -> Vec<Span<'static>> {
        let done = usize::from(percent) * usize::from(cells) / 100;
        let open = usize::from(cells) - done;
        vec![
            Span::styled(self.skin.full().repeat(done), self.skin.style(Role::Accent)),
            Span::styled(self.skin.open().repeat(open), self.skin.style(Role::Muted)),
        ]
    }
}
