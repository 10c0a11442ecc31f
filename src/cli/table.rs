//! Plain tables for people who read stdout.

use std::fmt;
use unicode_width::UnicodeWidthStr;

/// Rows of cells under headings, aligned by display width.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    pub fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { rows: vec![headings.map(str::to_owned).to_vec()] }
    }

    /// A table whose first row is this.
    pub fn of(first: Vec<String>) -> Self {
        Self { rows: vec![first] }
    }

    /// Adds a row of as many cells as the first.
    pub fn push(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// How wide the widest line may become.
    pub fn width(&self) -> usize {
        let widths = self.widths();
        widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| self.rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
        (0..columns).map(width).collect()
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for (index, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            f.write_str(line.trim_end())?;
            if index + 1 < self.rows.len() {
                f.write_str("\n")?;
            }
        }
        Ok(())
    }
}
