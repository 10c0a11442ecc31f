//! Searching a page as it is read: over the ends of lines, whatever the case.

use super::flow::Joint;
use super::ink::GLUE;
use super::sheet::Segment;
use super::{Hit, HitPart};
use crate::ui::fit;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub(super) fn find(text: &str, segments: &[Segment], needle: &str) -> Vec<Hit> {
    let mut wanted = String::new();
    needle.trim().chars().for_each(|c| push_folded(&mut wanted, c));
    let (mut hits, mut buffer) = (Vec::new(), String::new());
    let mut rest = segments;
    while !wanted.is_empty() && !rest.is_empty() {
        let next = rest[1..].iter().position(|segment| segment.joint == Joint::Start);
        let (one, others) = rest.split_at(next.map_or(rest.len(), |next| next + 1));
        find_in(text, one, &wanted, &mut buffer, &mut hits);
        rest = others;
    }
    // The cells of a table are searched one after the other, and stand beside each other.
    hits.sort_by_key(|hit: &Hit| hit.parts.first().map(|part| (part.line, part.columns.start)));
    hits
}

/// Searches one text that goes on over these segments.
fn find_in(text: &str, segments: &[Segment], needle: &str, buffer: &mut String, hits: &mut Vec<Hit>) {
    fold(text, segments, buffer, |_, _, _| ());
    if !buffer.contains(needle) {
        return;
    }
    // Only now is it worth knowing which letter is which.
    let mut origins = Vec::new();
    fold(text, segments, buffer, |at, segment, letter| origins.push((at, segment, letter)));
    let origin = |at: usize| {
        let index = origins.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
        origins.get(index).map(|(_, segment, letter)| (*segment, letter.clone()))
    };
    for (at, _) in buffer.match_indices(needle) {
        let Some((first, from)) = origin(at) else { continue };
        let Some((last, to)) = origin(at + needle.len() - 1) else { continue };
        let parts = segments[first..=last].iter().enumerate().map(|(index, segment)| {
            let start = if index == 0 { from.start } else { segment.text.start };
            let end = if index == last - first { to.end } else { segment.text.end };
            HitPart { line: segment.row, columns: columns(text, segment, start..end) }
        });
        hits.push(Hit { parts: parts.collect() });
    }
}

/// Writes the folded text of the segments into `buffer`, and says of each letter where it is from.
fn fold(
    text: &str,
    segments: &[Segment],
    buffer: &mut String,
    mut letter: impl FnMut(usize, usize, Range<usize>),
) {
    buffer.clear();
    for (index, segment) in segments.iter().enumerate() {
        let start = segment.text.start;
        if index > 0 && segment.joint != Joint::Glued {
            letter(buffer.len(), index, start..start);
            buffer.push(' ');
        }
        for (at, c) in text[segment.text.clone()].char_indices() {
            letter(buffer.len(), index, start + at..start + at + c.len_utf8());
            push_folded(buffer, c);
        }
    }
}

fn push_folded(out: &mut String, c: char) {
    match c {
        GLUE => out.push(' '),
        _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        _ => out.extend(c.to_lowercase()),
    }
}

/// The columns of the graphemes that lie, in part or whole, in this range of the page's text.
fn columns(text: &str, segment: &Segment, range: Range<usize>) -> Range<usize> {
    let segment_text = &text[segment.text.clone()];
    if segment_text.is_ascii() {
        let column = |byte: usize| segment.column + byte - segment.text.start;
        return column(range.start)..column(range.end);
    }
    let (mut start, mut end) = (segment.column, segment.column);
    for (at, grapheme) in segment_text.grapheme_indices(true) {
        let at = segment.text.start + at;
        if at + grapheme.len() <= range.start {
            start += grapheme.width();
        }
        if at < range.end {
            end += grapheme.width();
        }
    }
    start..end.max(start)
}

/// The pieces of `text`, which begins at `column`, within and without these columns.
pub(super) fn split(
    text: &str,
    column: usize,
    marks: &[(Range<usize>, bool)],
) -> Vec<(String, Option<bool>)> {
    let mut out: Vec<(String, Option<bool>)> = Vec::new();
    let mut at = column;
    for grapheme in text.graphemes(true) {
        let mark = marks.iter().find(|(columns, _)| columns.contains(&at)).map(|(_, current)| *current);
        match out.last_mut() {
            Some((piece, same)) if *same == mark => piece.push_str(grapheme),
            _ => out.push((grapheme.to_owned(), mark)),
        }
        at += fit::width(grapheme);
    }
    out
}
