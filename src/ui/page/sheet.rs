//! The lines that are set so far, and the margin the next ones get.

use super::flow::{Cut, Flow, Joint};
use super::ink::Ink;
use crate::ui::fit;
use std::ops::Range;

/// No margin leaves less than this for the text: deeper quotes and lists are not moved in further.
const LEAST: usize = 8;

/// A part of a line that looks the same all over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) text: Range<usize>,
    pub(super) ink: Ink,
    pub(super) link: Option<usize>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) place: usize,
    pub(super) runs: Range<usize>,
}

/// Text as it is read, without margins: what is searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) text: Range<usize>,
    pub(super) joint: Joint,
}

/// What stands before the lines of a quote, an item or code.
struct Margin {
    /// Before the first line, until it was set.
    first: Option<String>,
    /// Before the others.
    rest: String,
    ink: Ink,
    cells: usize,
}

/// The page while it is set.
pub(super) struct Sheet {
    width: usize,
    pub(super) text: String,
    pub(super) runs: Vec<Run>,
    pub(super) rows: Vec<Row>,
    pub(super) segments: Vec<Segment>,
    /// The first row of each link.
    pub(super) linked: Vec<Option<usize>>,
    margins: Vec<Margin>,
    taken: usize,
    /// A blank line is due before the next one.
    gap: bool,
    begun: usize,
    column: usize,
}

impl Sheet {
    pub(super) fn new(width: usize, room: usize) -> Self {
        Self {
            width: width.max(1),
            text: String::with_capacity(room + room / 4),
            runs: Vec::new(),
            rows: Vec::new(),
            segments: Vec::new(),
            linked: Vec::new(),
            margins: Vec::new(),
            taken: 0,
            gap: false,
            begun: 0,
            column: 0,
        }
    }

    /// The cells a line has for its text.
    pub(super) fn room(&self) -> usize {
        self.width - self.taken
    }

    /// Where the next text stands in its row.
    pub(super) fn column(&self) -> usize {
        self.column
    }

    /// Puts a blank line before what comes next.
    pub(super) fn part(&mut self) {
        self.gap = true;
    }

    /// What comes next follows without a blank line.
    pub(super) fn join(&mut self) {
        self.gap = false;
    }

    /// Moves what comes next in, with `first` before its first line, where there is room.
    pub(super) fn move_in(&mut self, first: &str, rest: &str, ink: Ink, place: usize) -> bool {
        let cells = fit::width(rest);
        if self.room() < cells + LEAST {
            return false;
        }
        self.blank(place);
        self.taken += cells;
        self.margins.push(Margin { first: Some(first.to_owned()), rest: rest.to_owned(), ink, cells });
        true
    }

    /// Ends the innermost margin; a sign that had no line gets one.
    pub(super) fn move_out(&mut self, place: usize) {
        if self.margins.last().is_some_and(|margin| margin.first.is_some()) {
            self.begin(place);
            self.trim();
            self.end();
        }
        if let Some(margin) = self.margins.pop() {
            self.taken -= margin.cells;
        }
    }

    /// The blank line that is due.
    pub(super) fn blank(&mut self, place: usize) {
        if std::mem::take(&mut self.gap) && !self.rows.is_empty() {
            self.start_row(place.saturating_sub(1));
            for index in 0..self.margins.len() {
                if self.margins[index].first.is_some() {
                    break;
                }
                self.put_margin(index);
            }
            self.trim();
            self.end();
        }
    }

    /// Begins a line that shows this place of the source.
    pub(super) fn begin(&mut self, place: usize) {
        self.blank(place);
        self.start_row(place);
        for index in 0..self.margins.len() {
            self.put_margin(index);
            self.margins[index].first = None;
        }
    }

    fn start_row(&mut self, place: usize) {
        // Lines go down the source only, so that a place has one line.
        let last = self.rows.last().map_or(0, |row| row.place);
        self.begun = self.runs.len();
        self.column = 0;
        self.rows.push(Row { place: place.max(last), runs: self.begun..self.begun });
    }

    fn put_margin(&mut self, index: usize) {
        let margin = &self.margins[index];
        let text = margin.first.as_ref().unwrap_or(&margin.rest).clone();
        let ink = margin.ink;
        self.put(&text, ink, None);
    }

    /// Writes into the line that was begun.
    pub(super) fn put(&mut self, text: &str, ink: Ink, link: Option<usize>) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { fit::width(text) };
        self.runs.push(Run { text: start..self.text.len(), ink, link });
        if let Some(link) = link {
            if self.linked.len() <= link {
                self.linked.resize(link + 1, None);
            }
            self.linked[link].get_or_insert(self.rows.len() - 1);
        }
    }

    /// Writes `count` signs.
    pub(super) fn fill(&mut self, sign: &str, count: usize, ink: Ink) {
        self.put(&sign.repeat(count), ink, None);
    }

    /// Writes a line of a flow, and says where in the page's text it stands.
    pub(super) fn put_cut(&mut self, flow: &Flow, cut: &Cut) -> Range<usize> {
        let start = self.text.len();
        for part in flow.parts(cut.range.clone()) {
            self.put(&flow.text()[part.range], part.ink, part.link);
        }
        start..self.text.len()
    }

    /// Takes the blanks off the end of the line.
    pub(super) fn trim(&mut self) {
        while self.runs.len() > self.begun
            && let Some(run) = self.runs.last_mut()
        {
            let kept = self.text[run.text.clone()].trim_end_matches(' ').len();
            run.text.end = run.text.start + kept;
            if kept > 0 {
                break;
            }
            self.runs.pop();
        }
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        let runs = self.begun..self.runs.len();
        if let Some(row) = self.rows.last_mut() {
            row.runs = runs;
        }
    }

    /// What was just written can be searched for.
    pub(super) fn index(&mut self, column: usize, text: Range<usize>, joint: Joint) {
        self.index_at(self.rows.len().saturating_sub(1), column, text, joint);
    }

    /// The same of a line further up.
    pub(super) fn index_at(&mut self, row: usize, column: usize, text: Range<usize>, joint: Joint) {
        self.segments.push(Segment { row, column, text, joint });
    }

    /// Sets a flow in lines, and says how wide the widest is.
    pub(super) fn set(&mut self, flow: &Flow) -> usize {
        let mut widest = 0;
        for cut in flow.wrap(self.room()) {
            self.begin(flow.place(cut.range.start));
            let column = self.column;
            let text = self.put_cut(flow, &cut);
            self.index(column, text, cut.joint);
            self.end();
            widest = cut.cells.max(widest);
        }
        widest
    }
}
