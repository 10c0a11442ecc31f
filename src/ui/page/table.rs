//! Tables: a grid where the columns can be made narrow enough, else one row after the other.

use super::flow::{Cut, Flow, Place};
use super::ink::{self, Ink};
use super::sheet::Sheet;
use crate::ui::fit;
use crate::ui::theme::Role;
use pulldown_cmark::Alignment;
use std::ops::Range;

/// A column is made no narrower than its longest word, or than this.
const LONGEST_WORD: usize = 14;

/// A table while it is read: the first row is its head.
#[derive(Debug, Default)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    place: usize,
    cells: Vec<Flow>,
}

impl Table {
    pub(super) fn of(alignments: &[Alignment]) -> Self {
        Self { alignments: alignments.to_vec(), rows: Vec::new() }
    }

    pub(super) fn begin_row(&mut self, place: usize) {
        self.rows.push(Row { place, cells: Vec::new() });
    }

    pub(super) fn push(&mut self, cell: Flow) {
        if let Some(row) = self.rows.last_mut() {
            row.cells.push(cell);
        }
    }

    /// Whether the row that is read is the head.
    pub(super) fn in_head(&self) -> bool {
        self.rows.len() == 1
    }

    pub(super) fn set(&self, sheet: &mut Sheet) {
        match self.columns(sheet.room()) {
            Some(columns) => self.set_grid(sheet, &columns),
            None => self.set_rows(sheet),
        }
    }

    /// How wide the columns are, if they fit.
    fn columns(&self, room: usize) -> Option<Vec<usize>> {
        let count = self.alignments.len();
        let room = room.checked_sub(count.saturating_sub(1) * fit::width(ink::COLUMN))?;
        let (mut natural, mut least) = (vec![0; count], vec![1; count]);
        for row in &self.rows {
            for (index, cell) in row.cells.iter().enumerate().take(count) {
                let (line, word) = cell.measure();
                natural[index] = line.max(natural[index]);
                least[index] = word.min(LONGEST_WORD).max(least[index]);
            }
        }
        if least.iter().sum::<usize>() > room {
            return None;
        }
        // The highest measure that all columns can have: those that need less keep what they need.
        let at = |measure: usize| {
            natural
                .iter()
                .zip(&least)
                .map(move |(natural, least)| (*natural).clamp(*least, measure.max(*least)))
        };
        let measures: Vec<usize> = (0..=room).collect();
        let fits = measures.partition_point(|measure| at(*measure).sum::<usize>() <= room);
        let mut columns: Vec<usize> = at(fits.saturating_sub(1)).collect();
        let mut left = room - columns.iter().sum::<usize>();
        for (column, natural) in columns.iter_mut().zip(&natural) {
            let more = natural.saturating_sub(*column).min(left).min(1);
            *column += more;
            left -= more;
        }
        Some(columns)
    }

    fn set_grid(&self, sheet: &mut Sheet, columns: &[usize]) {
        let cut = |row: &Row| -> Vec<Vec<Cut>> {
            row.cells.iter().zip(columns).map(|(cell, width)| cell.wrap(*width)).collect()
        };
        let cuts: Vec<_> = self.rows.iter().map(cut).collect();
        // Where a row takes several lines, only a rule shows which of them belong together.
        let ruled = cuts.iter().skip(1).any(|cells| cells.iter().any(|lines| lines.len() > 1));
        for (index, (row, cells)) in self.rows.iter().zip(&cuts).enumerate() {
            if index == 1 || (index > 1 && ruled) {
                sheet.begin(0);
                for (index, width) in columns.iter().enumerate() {
                    sheet.put(if index == 0 { "" } else { ink::CROSSING }, Ink::MUTED, None);
                    sheet.fill(ink::RULE, *width, Ink::MUTED);
                }
                sheet.end();
            }
            self.set_row(sheet, row, cells, columns);
        }
    }

    fn set_row(&self, sheet: &mut Sheet, row: &Row, cells: &[Vec<Cut>], columns: &[usize]) {
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        // What was written of each cell: row, column, text.
        let mut written: Vec<Vec<(usize, usize, Range<usize>)>> = vec![Vec::new(); cells.len()];
        for line in 0..height {
            let longest = row.cells.iter().zip(cells).find_map(|(cell, cuts)| Some((cell, cuts.get(line)?)));
            sheet.begin(match longest {
                Some((cell, cut)) if line > 0 => cell.place(cut.range.start),
                _ => row.place,
            });
            for (index, width) in columns.iter().enumerate() {
                if index > 0 {
                    sheet.put(ink::COLUMN, Ink::MUTED, None);
                }
                let cut = cells.get(index).and_then(|cuts| cuts.get(line));
                let (Some(cut), Some(cell)) = (cut, row.cells.get(index)) else {
                    sheet.fill(" ", *width, Ink::PLAIN);
                    continue;
                };
                let free = width.saturating_sub(cut.cells);
                let before = match self.alignments.get(index) {
                    Some(Alignment::Right) => free,
                    Some(Alignment::Center) => free / 2,
                    _ => 0,
                };
                sheet.fill(" ", before, Ink::PLAIN);
                let column = sheet.column();
                let text = sheet.put_cut(cell, cut);
                written[index].push((sheet.rows.len() - 1, column, text));
                sheet.fill(" ", free - before, Ink::PLAIN);
            }
            sheet.trim();
            sheet.end();
        }
        // Read cell by cell, not line by line.
        for (cuts, places) in cells.iter().zip(written) {
            for (cut, (row, column, text)) in cuts.iter().zip(places) {
                sheet.index_at(row, column, text, cut.joint);
            }
        }
    }

    /// One row after the other, every cell with the name of its column.
    fn set_rows(&self, sheet: &mut Sheet) {
        let Some((head, body)) = self.rows.split_first() else { return };
        if body.is_empty() {
            for cell in &head.cells {
                sheet.set(cell);
            }
        }
        for (index, row) in body.iter().enumerate() {
            if index > 0 {
                sheet.part();
            }
            for (at, cell) in row.cells.iter().enumerate() {
                let mut flow = Flow::default();
                if let Some(name) = head.cells.get(at).filter(|name| !name.is_blank()) {
                    flow.push(name.text(), Place::About(row.place), Ink::of(Role::Strong), None);
                    flow.push(": ", Place::About(row.place), Ink::of(Role::Strong), None);
                }
                flow.append(cell);
                sheet.set(&flow);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let mut table = Table::of(&vec![Alignment::None; rows[0].len()]);
        for row in rows {
            table.begin_row(0);
            for cell in *row {
                let mut flow = Flow::default();
                flow.push(cell, Place::At(0), Ink::PLAIN, None);
                table.push(flow);
            }
        }
        table
    }

    #[test]
    fn narrow_columns_keep_what_they_need_and_wide_ones_share_the_rest() {
        let table = table(&[&["a", "one two three four five", "six seven eight nine ten"]]);
        assert_eq!(table.columns(80), Some(vec![1, 23, 24]));
        assert_eq!(table.columns(38), Some(vec![1, 16, 15]));
        assert_eq!(table.columns(12), None, "words would be broken");
    }
}
