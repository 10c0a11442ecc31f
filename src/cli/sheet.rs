//! Rows of texts and numbers, as a table for people or as CSV for spreadsheets.

use super::exit::Problem;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// A cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Somebody's words.
    Text(String),
    /// A number of ours.
    Number(String),
    /// There is none.
    Nothing,
}

/// Rows under headings.
#[derive(Debug)]
pub(super) struct Sheet {
    headings: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection"); some read the wide forms
/// of the signs alike.
const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A heading as the name of a column: "rating (now)" is `rating_now`.
fn column(heading: &str) -> String {
    let words = heading.replace('%', " percent ");
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

impl Cell {
    fn words(&self) -> &str {
        match self {
            Self::Text(words) | Self::Number(words) => words,
            Self::Nothing => "",
        }
    }

    /// A text that looks like a formula gets an apostrophe before it, which spreadsheets take for
    /// "this is text". A number of ours stays a number, below zero too.
    fn safe(&self) -> String {
        match self {
            Self::Text(words) if words.trim_start_matches(' ').starts_with(FORMULAS) => format!("'{words}"),
            _ => self.words().to_owned(),
        }
    }
}

impl Sheet {
    /// One with these headings.
    pub(super) fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }

    /// Adds a row of as many cells as there are headings.
    pub(super) fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Whether it has no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As CSV (RFC 4180).
    pub(super) fn csv(&self) -> Result<String, Problem> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let broken = |error: csv::Error| Problem::Other(error.into());
        writer.write_record(self.headings.iter().map(|heading| column(heading))).map_err(broken)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::safe)).map_err(broken)?;
        }
        let bytes = writer.into_inner().map_err(|error| Problem::Other(error.into_error().into()))?;
        String::from_utf8(bytes).map_err(|error| Problem::Other(error.into()))
    }

    /// As a table: numbers at the right edge of their columns.
    pub(super) fn table(&self) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.words().width());
            cells.chain([self.headings[column].width()]).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.headings.len()).map(width).collect();
        let numeric =
            |column: usize| self.rows.iter().any(|row| matches!(row.get(column), Some(Cell::Number(_))));
        let right: Vec<bool> = (0..self.headings.len()).map(numeric).collect();
        let mut out = String::new();
        let line = |out: &mut String, cells: &mut dyn Iterator<Item = String>| {
            let mut words = String::new();
            for ((cell, width), right) in cells.zip(&widths).zip(&right) {
                let gap = " ".repeat(width.saturating_sub(cell.width()));
                let _ = if *right { write!(words, "{gap}{cell}  ") } else { write!(words, "{cell}{gap}  ") };
            }
            out.push_str(words.trim_end());
            out.push('\n');
        };
        line(&mut out, &mut self.headings.iter().map(|heading| heading.to_uppercase()));
        for row in &self.rows {
            line(&mut out, &mut row.iter().map(|cell| cell.words().to_owned()));
        }
        out.truncate(out.trim_end().len());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new(&["partner", "paid out"]);
        let text = |words: &str| Cell::Text(words.to_owned());
        let number = |words: &str| Cell::Number(words.to_owned());
        sheet.push([text("=HYPERLINK(\"https://x.example\")"), number("-12.00")]);
        sheet.push([text("A, \"B\""), Cell::Nothing]);
        sheet
    }

    #[test]
    fn a_spreadsheet_gets_texts_and_numbers_and_no_formulas() {
        let csv = sheet().csv().expect("it is written");
        let wanted =
            "partner,paid_out\r\n\"'=HYPERLINK(\"\"https://x.example\"\")\",-12.00\r\n\"A, \"\"B\"\"\",\r\n";
        assert_eq!(csv, wanted);
        for first in FORMULAS {
            assert_eq!(Cell::Text(format!("{first}1")).safe(), format!("'{first}1"));
        }
        assert_eq!(Cell::Text("  =1+1".to_owned()).safe(), "'  =1+1");
        assert_eq!(Cell::Text("Maya - O'Neil".to_owned()).safe(), "Maya - O'Neil");
    }

    #[test]
    fn columns_have_plain_names() {
        for (heading, name) in [
            ("paid out", "paid_out"),
            ("completion %", "completion_percent"),
            ("age of figures, h (now)", "age_of_figures_h_now"),
        ] {
            assert_eq!(column(heading), name);
        }
    }

    #[test]
    fn numbers_stand_at_the_right() {
        let mut sheet = Sheet::new(&["partner", "paid"]);
        sheet.push([Cell::Text("李".to_owned()), Cell::Number("-12.00".to_owned())]);
        sheet.push([Cell::Text("Certiport".to_owned()), Cell::Number("5.00".to_owned())]);
        assert_eq!(sheet.table(), "PARTNER      PAID\n李         -12.00\nCertiport    5.00");
    }
}
