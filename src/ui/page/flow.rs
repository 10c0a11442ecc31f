//! The text of one block, gathered piece by piece and broken into lines.

use super::ink::{GLUE, Ink};
use crate::domain::text::is_hostile;
use crate::ui::fit;
use std::borrow::Cow;
use std::ops::Range;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

/// Where a piece stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It stands there letter by letter.
    At(usize),
    /// It is written differently there (an entity, our own sign).
    About(usize),
}

impl Place {
    /// The place `bytes` further on.
    pub(super) fn after(self, bytes: usize) -> Self {
        match self {
            Self::At(at) => Self::At(at + bytes),
            about @ Self::About(_) => about,
        }
    }

    /// As an offset.
    pub(super) fn offset(self) -> usize {
        match self {
            Self::At(at) | Self::About(at) => at,
        }
    }
}

/// How a line, or a word, goes on from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// It begins a text.
    Start,
    /// The author broke the line.
    Break,
    /// There was a blank.
    Blank,
    /// There was nothing: a long word, or a script without blanks.
    Glued,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    /// Where it begins in the text; it ends where the next one begins.
    start: usize,
    place: Place,
    ink: Ink,
    link: Option<usize>,
}

/// A part of a flow that looks the same all over.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    pub(super) ink: Ink,
    pub(super) link: Option<usize>,
}

/// One line of a broken flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) range: Range<usize>,
    pub(super) cells: usize,
    pub(super) joint: Joint,
}

/// Text with, of each part, its look and its place in the source.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    text: String,
    spans: Vec<Span>,
}

impl Flow {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing to be seen.
    pub(super) fn is_blank(&self) -> bool {
        self.text.bytes().all(|byte| matches!(byte, b' ' | b'\n'))
    }

    /// Adds a piece: clean, with single blanks.
    pub(super) fn push(&mut self, piece: &str, place: Place, ink: Ink, link: Option<usize>) {
        if is_plain(piece) && !(piece.starts_with(' ') && self.ends_in_blank()) {
            self.add(piece, place, ink, link);
            return;
        }
        for (at, grapheme) in piece.grapheme_indices(true) {
            let grapheme = clean(grapheme);
            // A blank may carry a mark.
            let kept = if self.ends_in_blank() { grapheme.trim_start_matches(' ') } else { &grapheme };
            self.add(kept, place.after(at), ink, link);
        }
    }

    /// Ends the line, as the author wants.
    pub(super) fn end_line(&mut self, place: Place) {
        self.add("\n", place, Ink::PLAIN, None);
    }

    /// Adds another flow.
    pub(super) fn append(&mut self, other: &Self) {
        let offset = self.text.len();
        self.text.push_str(&other.text);
        self.spans.extend(other.spans.iter().map(|span| Span { start: span.start + offset, ..*span }));
    }

    fn add(&mut self, piece: &str, place: Place, ink: Ink, link: Option<usize>) {
        if piece.is_empty() {
            return;
        }
        let goes_on = self.spans.last().is_some_and(|last| {
            last.ink == ink && last.link == link && last.place.after(self.text.len() - last.start) == place
        });
        if !goes_on {
            self.spans.push(Span { start: self.text.len(), place, ink, link });
        }
        self.text.push_str(piece);
    }

    fn ends_in_blank(&self) -> bool {
        self.text.is_empty() || self.text.ends_with([' ', '\n'])
    }

    /// The index of the span a byte belongs to.
    fn span_at(&self, byte: usize) -> usize {
        self.spans.partition_point(|span| span.start <= byte).saturating_sub(1)
    }

    /// Where a byte of the text stands in the source.
    pub(super) fn place(&self, byte: usize) -> usize {
        self.spans.get(self.span_at(byte)).map_or(0, |span| span.place.after(byte - span.start).offset())
    }

    /// The parts of a range, none of which ends within a grapheme.
    pub(super) fn parts(&self, range: Range<usize>) -> impl Iterator<Item = Part> + '_ {
        let mut index = self.span_at(range.start);
        let mut at = range.start;
        std::iter::from_fn(move || {
            while at < range.end {
                let span = self.spans.get(index)?;
                let next = self.spans.get(index + 1).map_or(range.end, |next| next.start.min(range.end));
                index += 1;
                if next > at {
                    let end = boundary(&self.text, next).min(range.end);
                    let part = Part { range: at..end, ink: span.ink, link: span.link };
                    at = end;
                    return Some(part);
                }
            }
            None
        })
    }

    /// The lines at this many cells. A grapheme wider than that is left out.
    pub(super) fn wrap(&self, room: usize) -> Vec<Cut> {
        let mut cuts = Cuts { room: room.max(1), done: Vec::new(), line: None };
        each_unit(&self.text, |unit| cuts.add(&self.text, unit));
        cuts.done.extend(cuts.line);
        if let Some(first) = cuts.done.first_mut() {
            first.joint = Joint::Start;
        }
        cuts.done
    }

    /// The cells of the longest line and of the longest word.
    pub(super) fn measure(&self) -> (usize, usize) {
        let (mut line, mut longest, mut word) = (0, 0, 0);
        each_unit(&self.text, |unit| {
            line = match unit.joint {
                Joint::Start | Joint::Break => unit.cells,
                Joint::Blank => line + 1 + unit.cells,
                Joint::Glued => line + unit.cells,
            };
            longest = line.max(longest);
            word = unit.cells.max(word);
        });
        (longest, word)
    }
}

/// The next place at or after `at` that is not within a grapheme.
fn boundary(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let is_ascii = |index: usize| bytes.get(index).is_none_or(u8::is_ascii);
    if at == 0 || (is_ascii(at - 1) && is_ascii(at)) {
        return at;
    }
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len()),
        _ => at,
    }
}

/// Nothing to remove, nothing to fold.
fn is_plain(piece: &str) -> bool {
    const JOINER: char = '\u{200d}';
    let mut before = 'x';
    piece.chars().all(|c| {
        let plain = matches!(c, '!'..='~')
            || (c == ' ' && before != ' ')
            || (!c.is_ascii() && c != JOINER && !is_hostile(c));
        before = c;
        plain
    })
}

/// A grapheme without what a terminal would obey. Lessons are cleaned when they are taken in, but
/// `&#27;` becomes a control character only now.
pub(super) fn clean(grapheme: &str) -> Cow<'_, str> {
    match grapheme {
        "\t" | "\n" | "\r" | "\r\n" => Cow::Borrowed(" "),
        _ if grapheme.contains(is_hostile) => {
            let safe: String = grapheme.chars().filter(|c| !is_hostile(*c)).collect();
            Cow::Owned(fit::part_emoji(&safe).into_owned())
        }
        _ => fit::part_emoji(grapheme),
    }
}

/// What is not broken unless it is longer than a line.
struct Unit {
    range: Range<usize>,
    cells: usize,
    joint: Joint,
}

fn each_unit(text: &str, mut found: impl FnMut(Unit)) {
    let mut start = 0;
    for line in text.split('\n') {
        let mut joint = if start == 0 { Joint::Start } else { Joint::Break };
        let mut at = start;
        for word in line.split(' ') {
            if word.is_ascii() {
                if !word.is_empty() {
                    found(Unit { range: at..at + word.len(), cells: word.len(), joint });
                    joint = Joint::Blank;
                }
            } else {
                each_part(word, |range, cells, first| {
                    let joint = if first { joint } else { Joint::Glued };
                    found(Unit { range: at + range.start..at + range.end, cells, joint });
                });
                joint = Joint::Blank;
            }
            at += word.len() + 1;
        }
        start += line.len() + 1;
    }
}

/// The parts of a word between which a line may end: scripts of wide signs have no blanks.
fn each_part(word: &str, mut found: impl FnMut(Range<usize>, usize, bool)) {
    let (mut start, mut cells) = (0, 0);
    let mut before: Option<(&str, usize)> = None;
    for (at, grapheme) in word.grapheme_indices(true) {
        let width = grapheme.width();
        if let Some((last, last_width)) = before
            && (last_width > 1 || width > 1)
            && !opens(last)
            && !closes(grapheme)
        {
            found(start..at, cells, start == 0);
            (start, cells) = (at, 0);
        }
        cells += width;
        before = Some((grapheme, width));
    }
    found(start..word.len(), cells, start == 0);
}

/// Whether no line ends after this.
fn opens(grapheme: &str) -> bool {
    grapheme.starts_with(['(', '[', '{', '“', '‘', '（', '「', '『', '【', '〈', '《', GLUE])
}

/// Whether no line begins with this.
fn closes(grapheme: &str) -> bool {
    const WIDE: &str = "、。，．・：；？！）」』】〉》ー々…”’";
    grapheme.starts_with(|c: char| c == GLUE || WIDE.contains(c) || (c.is_ascii_punctuation() && c != '('))
}

struct Cuts {
    room: usize,
    done: Vec<Cut>,
    line: Option<Cut>,
}

impl Cuts {
    fn add(&mut self, text: &str, unit: Unit) {
        if let Some(line) = &mut self.line
            && unit.joint != Joint::Break
        {
            let cells = line.cells + usize::from(unit.joint == Joint::Blank) + unit.cells;
            if cells <= self.room {
                line.range.end = unit.range.end;
                line.cells = cells;
                return;
            }
        }
        self.done.extend(self.line.take());
        if unit.cells <= self.room {
            self.line = Some(Cut { range: unit.range, cells: unit.cells, joint: unit.joint });
            return;
        }
        let mut joint = unit.joint;
        let mut line = Cut { range: unit.range.start..unit.range.start, cells: 0, joint };
        for (at, grapheme) in text[unit.range.clone()].grapheme_indices(true) {
            let (at, width) = (unit.range.start + at, grapheme.width());
            if line.cells + width > self.room {
                if !line.range.is_empty() {
                    self.done.push(line);
                    joint = Joint::Glued;
                }
                line = Cut { range: at..at, cells: 0, joint };
            }
            if width <= self.room {
                line.range.end = at + grapheme.len();
                line.cells += width;
            } else {
                line.range = at + grapheme.len()..at + grapheme.len();
            }
        }
        self.line = (!line.range.is_empty()).then_some(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(text: &str) -> Flow {
        let mut flow = Flow::default();
        flow.push(text, Place::At(0), Ink::PLAIN, None);
        flow
    }

    fn lines(text: &str, room: usize) -> Vec<String> {
        let flow = flow(text);
        flow.wrap(room).into_iter().map(|cut| flow.text()[cut.range].to_owned()).collect()
    }

    #[test]
    fn breaks_between_words_and_within_long_ones() {
        assert_eq!(lines("one two  three", 7), ["one two", "three"]);
        assert_eq!(lines("to https://a.example", 8), ["to", "https://", "a.exampl", "e"]);
        assert_eq!(lines("", 5), Vec::<String>::new());
    }

    #[test]
    fn wide_scripts_break_between_signs_but_not_before_a_full_stop() {
        assert_eq!(lines("李小龙の訓練。", 6), ["李小龙", "の訓", "練。"]);
        assert_eq!(lines("see 李小龙", 8), ["see 李小", "龙"]);
    }

    #[test]
    fn a_grapheme_stays_whole() {
        assert_eq!(lines("e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}"]);
        assert_eq!(lines("a李b", 1), ["a", "b"], "what is wider than a line is left out");
    }

    #[test]
    fn keeps_the_place_of_what_was_folded_or_removed() {
        assert_eq!(flow("a  \u{301}b").text(), "a \u{301}b", "a blank that carries a mark");
        let flow = flow("a   b\u{1b}c");
        assert_eq!(flow.text(), "a bc");
        assert_eq!([0, 1, 2, 3].map(|byte| flow.place(byte)), [0, 1, 4, 6]);
    }

    #[test]
    fn a_mark_keeps_the_look_of_its_letter() {
        let mut flow = flow("e");
        flow.push("\u{301}x", Place::At(3), Ink::MUTED, None);
        let parts: Vec<_> = flow.parts(0..flow.text().len()).map(|part| part.range).collect();
        assert_eq!(parts, [0..3, 3..4]);
    }
}
