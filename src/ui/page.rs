//! The reading view's typesetting: Markdown in, laid-out lines out.
//!
//! A [`Page`] is laid out once per lesson and width. It knows no colours and no character set: only
//! the lines of a window are made into styled text, when they are drawn ([`Page::lines`]).
//!
//! The parser is `pulldown-cmark`, which says of every piece where it stands in the source. The
//! widget built on it that keeps up with ratatui, `tui-markdown`, turns a source into one `Text` and
//! is not used: its paragraphs are not wrapped, so that a list's second line would begin at the
//! edge; where a line stands in the source is gone, so that no place survives a resize; links have
//! no numbers; all of a lesson is styled to show forty lines; colours are RGB themes or a style
//! sheet of its own. It fits tables and shows HTML as text; that alone is not worth the rest.
//!
//! The source is outside text. It was cleaned at the border, but entities are read only here: what
//! a terminal would obey is removed once more, from every piece.

mod code;
mod find;
mod flow;
mod ink;
mod read;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod tongue;

use crate::domain::web::WebUrl;
use crate::ui::fit;
use crate::ui::theme::{Role, Skin};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use sheet::{Row, Run, Segment};
use std::ops::Range;

/// A lesson's text, laid out at one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    width: u16,
    text: String,
    runs: Vec<Run>,
    rows: Vec<Row>,
    segments: Vec<Segment>,
    links: Vec<PageLink>,
    headings: Vec<Heading>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Out, into the browser.
    Web(WebUrl),
    /// To another lesson of the course, by the name of its file.
    Lesson(String),
}

impl Target {
    /// Nothing else is followed: no path, no other scheme.
    fn parse(raw: &str) -> Option<Self> {
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        match raw.strip_suffix(".md") {
            Some(name) if is_name(name) => Some(Self::Lesson(raw.to_owned())),
            _ => WebUrl::parse(raw).ok().map(Self::Web),
        }
    }
}

/// A link or an image; the first has the number 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// The text that is linked, or what the image shows.
    pub text: String,
    /// Where it leads.
    pub target: Target,
    /// Whether it is an image.
    pub image: bool,
    /// The line it begins on.
    pub line: usize,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub depth: usize,
    /// Its text.
    pub text: String,
    /// The line it begins on.
    pub line: usize,
}

/// One place where a text was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its part on each line it lies on, in order; there is at least one.
    pub parts: Vec<HitPart>,
}

/// The part of a find on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitPart {
    /// The line.
    pub line: usize,
    /// The columns.
    pub columns: Range<usize>,
}

impl Hit {
    /// The line it begins on.
    pub fn line(&self) -> usize {
        self.parts.first().map_or(0, |part| part.line)
    }
}

/// The finds that are set off.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks<'a> {
    /// What [`Page::find`] found.
    pub hits: &'a [Hit],
    /// Which of them one stands at.
    pub current: Option<usize>,
}

impl Marks<'_> {
    /// The marked columns of each line of a window, and whether they are those one stands at.
    fn within(&self, range: &Range<usize>) -> Vec<(usize, Range<usize>, bool)> {
        let hits = self.hits.iter().enumerate();
        let parts = hits.flat_map(|(index, hit)| hit.parts.iter().map(move |part| (index, part)));
        parts
            .filter(|(_, part)| range.contains(&part.line))
            .map(|(index, part)| (part.line, part.columns.clone(), self.current == Some(index)))
            .collect()
    }
}

impl Page {
    /// Lays out Markdown (`CommonMark`, tables, task lists, footnotes, strikethrough) in lines of at
    /// most `width` cells.
    pub fn of(source: &str, width: u16) -> Self {
        let read = read::read(source, usize::from(width));
        let sheet = read.sheet;
        Self {
            width,
            text: sheet.text,
            runs: sheet.runs,
            rows: sheet.rows,
            segments: sheet.segments,
            links: read.links,
            headings: read.headings,
        }
    }

    /// The width it was laid out at.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// How many lines there are.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// The line that shows this byte of the source.
    pub fn line_of(&self, place: usize) -> usize {
        let line = self.rows.partition_point(|row| row.place < place);
        match self.rows.get(line) {
            Some(row) if row.place == place => line,
            _ => line.saturating_sub(1),
        }
    }

    /// The byte of the source a line begins with.
    pub fn place_of(&self, line: usize) -> usize {
        self.rows.get(line).or(self.rows.last()).map_or(0, |row| row.place)
    }

    /// The links and images in the order of their numbers.
    pub fn links(&self) -> &[PageLink] {
        &self.links
    }

    /// The index of the link that is shown there.
    pub fn link_at(&self, line: usize, column: usize) -> Option<usize> {
        let mut end = 0;
        let run = self.runs_of(line).iter().find(|run| {
            end += fit::width(&self.text[run.text.clone()]);
            column < end
        })?;
        run.link
    }

    /// The headings in their order.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// Every place where `text` stands, whatever the case, also over the end of a line.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        find::find(&self.text, &self.segments, text)
    }

    /// These lines, drawn. Lines that are not there are left out.
    pub fn lines(&self, range: Range<usize>, skin: Skin, marks: Marks<'_>) -> Vec<Line<'static>> {
        let range = range.start.min(self.height())..range.end.min(self.height());
        let marked = marks.within(&range);
        range.map(|line| self.line(line, skin, &marked)).collect()
    }

    fn line(&self, line: usize, skin: Skin, marked: &[(usize, Range<usize>, bool)]) -> Line<'static> {
        let marks: Vec<_> = marked
            .iter()
            .filter(|(marked, ..)| *marked == line)
            .map(|(_, columns, current)| (columns.clone(), *current))
            .collect();
        let (mut spans, mut column) = (Vec::new(), 0);
        for run in self.runs_of(line) {
            let (text, style) = (&self.text[run.text.clone()], run.ink.style(skin));
            if marks.is_empty() {
                spans.push(Span::styled(ink::shown(text, skin), style));
                continue;
            }
            for (piece, mark) in find::split(text, column, &marks) {
                let style = mark.map_or(style, |current| found(skin, current));
                spans.push(Span::styled(ink::shown(&piece, skin), style));
            }
            column += fit::width(text);
        }
        Line::from(spans)
    }

    fn runs_of(&self, line: usize) -> &[Run] {
        self.rows.get(line).map_or(&[], |row| &self.runs[row.runs.clone()])
    }
}

/// How a find looks; the one that one stands at is underlined too.
fn found(skin: Skin, current: bool) -> Style {
    if current {
        skin.style(Role::Accent).add_modifier(Modifier::REVERSED | Modifier::UNDERLINED)
    } else {
        skin.style(Role::Warn).add_modifier(Modifier::REVERSED)
    }
}
