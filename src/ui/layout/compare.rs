//! Where the parts of a comparison are.

use super::{Stacked, areas, below, inset, inside, line, top};
use crate::domain::compare::{Column, Comparison, Row};
use crate::domain::fits::Question;
use crate::ui::app::{App, CompareScreen};
use crate::ui::fit;
use ratatui::layout::Rect;

/// The column of the names of the facts.
const LABEL: u16 = 11;
/// The narrowest column of a partner, its frame included.
const NARROW: u16 = 22;
/// The widest one.
const WIDE: u16 = 34;

/// The parts of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareAreas {
    /// How many there are, who fits, how many are hidden.
    pub intro: Rect,
    /// The visible partners with their columns, frame included.
    pub columns: Vec<(usize, Rect)>,
    /// The column in focus has a frame; where there is no room, a bar before the name.
    pub framed: bool,
    /// How many rows the names take.
    pub names: u16,
    /// The rows of facts, as wide as all of it.
    pub rows: Stacked,
    /// Where it stands how many rows are hidden; empty when none is.
    pub more: Rect,
    /// More about the partner in focus; empty where there is no room.
    pub detail: Rect,
}

impl CompareAreas {
    /// The inside of a column.
    pub fn inner(&self, column: Rect) -> Rect {
        let edge = u16::from(self.framed);
        let inner = below(inset(column, 2, 2), edge);
        Rect { height: inner.height.saturating_sub(edge), ..inner }
    }

    /// The names of the facts.
    pub fn labels(&self) -> Rect {
        Rect { width: LABEL - 1, ..self.rows.area }
    }

    /// The first row to show, so that the last one stands at the end.
    pub fn last_scroll(&self) -> usize {
        let count = self.rows.heights.len();
        (0..count).find(|first| first + self.rows.fits(*first) >= count).unwrap_or(0)
    }
}

/// How many partners stand side by side, and how wide each is.
fn side_by_side(width: u16, count: usize) -> (usize, u16) {
    let room = width.saturating_sub(LABEL + 3);
    let fits = usize::from(room / NARROW).clamp(1, count.max(1));
    (fits, (room / fit::cells(fits).max(1)).min(WIDE))
}

/// How many partners fit.
pub fn columns_that_fit(body: Rect, count: usize) -> usize {
    side_by_side(body.width, count).0
}

/// Divides the comparison.
pub fn compare(app: &App, screen: &CompareScreen, comparison: &Comparison, body: Rect) -> CompareAreas {
    let count = comparison.columns.len();
    let (fits, width) = side_by_side(body.width, count);
    let told = match body.height {
        0..10 => 0,
        10..16 => 1,
        _ => 2,
    };
    let under = below(inset(body, 2, 1), 1);
    let room = top(under, under.height.saturating_sub(told + u16::from(told > 1)));
    let framed = room.height >= 11;
    let edges = 2 * u16::from(framed);
    let most = if body.height >= 30 { 5 } else { 2 };
    let lines = |words: &str| {
        let cells = usize::from(width.saturating_sub(4));
        fit::wrap(&app.skin.ink(words), cells, most, app.skin.ellipsis()).len().max(1)
    };
    let height = |row: &Row| fit::cells(row.cells.iter().map(|cell| lines(&cell.words)).max().unwrap_or(1));
    // Where there is room for a frame, no name is cut that fits in two rows.
    let long = |column: &Column| lines(column.name.as_str()) > 1;
    let names = if framed && comparison.columns.iter().any(long) { 2 } else { 1 };
    let heights: Vec<u16> = comparison.rows.iter().map(height).collect();
    let all: u16 = heights.iter().sum();
    // As high as what stands in it: the name, what Enter does, the facts.
    let wanted = all + names + 1 + edges;
    // Rather no blank line below than a fact out of sight.
    let air = u16::from(told > 1 && wanted + told != under.height);
    let room = top(under, under.height.saturating_sub(told + air));
    let grid = top(room, wanted);
    let area = below(grid, names + 1 + edges / 2);
    let area = Rect { height: area.height.saturating_sub(edges / 2), ..area };
    let rows = Stacked { area, heights };
    let hidden = rows.fits(screen.scroll) < rows.heights.len();
    let more = if hidden { line(area, area.height.saturating_sub(1)) } else { Rect { height: 0, ..area } };
    let columns = (screen.first..count.min(screen.first + fits))
        .zip(0_u16..)
        .map(|(place, step)| (place, Rect { x: grid.x + LABEL + step * width, width, ..grid }))
        .collect();
    let detail = inset(below(body, 1 + grid.height), 2, 2);
    let detail = below(detail, air);
    CompareAreas {
        intro: inset(line(body, 0), 2, 2),
        columns,
        framed,
        names,
        rows,
        more,
        detail: top(detail, told),
    }
}

/// The rows of the questions about what the student needs.
pub fn fits_questions(area: Rect) -> Rect {
    top(inside(area), fit::cells(Question::ALL.len()))
}

/// Whether facts of the comparison on screen are hidden.
pub fn comparison_scrolls(app: &App) -> bool {
    app.compare_screen().is_some_and(|screen| {
        app.comparison(screen)
            .is_some_and(|comparison| compare(app, screen, &comparison, areas(app).body).last_scroll() > 0)
    })
}
