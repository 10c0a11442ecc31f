//! Code blocks: never broken without a sign, coloured by what their words are.
//!
//! The colours come from one pass over the text with a table of words per language ([`tongue`]).
//! Both crates that were tried compile regular expressions for every language a page shows, each
//! time it is laid out, as nothing here outlives a page: `syntect` up to 50 ms and 5 MB a language,
//! `synoptic` 1 to 2 ms and then 5 µs a line. This pass takes microseconds a block, and comments,
//! strings and keywords are all that 16 colours by role can tell apart anyway.

use super::flow::{Joint, clean};
use super::ink::{self, Ink};
use super::sheet::Sheet;
use super::tongue::{self, Tone};
use crate::ui::theme::Role;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A tab goes to the next multiple of this.
const TAB: usize = 4;

/// A block of code while it is read.
#[derive(Debug, Default)]
pub(super) struct Code {
    /// The language, as the author names it.
    language: String,
    /// Its clean text.
    text: String,
    /// Of each line, where it begins in the text and which part of the source it is.
    lines: Vec<(usize, Range<usize>)>,
}

impl Code {
    /// A block whose fence says this.
    pub(super) fn of(info: &str) -> Self {
        let word = info.split([' ', ',', '{', '\t']).find(|word| !word.is_empty()).unwrap_or_default();
        let language = word.graphemes(true).map(clean).collect();
        Self { language, ..Self::default() }
    }

    /// Whether the author names the language like this.
    pub(super) fn is(&self, language: &str) -> bool {
        self.language == language
    }

    /// Adds what stands at `place` in the source: lines, or a part of one.
    pub(super) fn push(&mut self, piece: &str, place: usize) {
        let mut place = place;
        for line in piece.split_inclusive('\n') {
            if self.lines.is_empty() || self.text.ends_with('\n') {
                self.lines.push((self.text.len(), place..place));
            }
            let end = place + line.len();
            if let Some((_, source)) = self.lines.last_mut() {
                source.end = end;
            }
            self.push_line(line.trim_end_matches(['\n', '\r']));
            if line.ends_with('\n') {
                self.text.push('\n');
            }
            place = end;
        }
    }

    fn push_line(&mut self, line: &str) {
        if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            self.text.push_str(line);
            return;
        }
        let start = self.lines.last().map_or(0, |(start, _)| *start);
        let mut cells = self.text[start..].width();
        for grapheme in line.graphemes(true) {
            if grapheme == "\t" {
                let blanks = TAB - cells % TAB;
                self.text.extend(std::iter::repeat_n(' ', blanks));
                cells += blanks;
            } else {
                let grapheme = clean(grapheme);
                cells += grapheme.width();
                self.text.push_str(&grapheme);
            }
        }
    }

    /// Sets the block: its language, its lines between two ends.
    pub(super) fn set(&self, sheet: &mut Sheet, place: usize) {
        let tones = tongue::tones(&self.text, &self.language);
        // Two cells for the bar, two for the widest sign.
        let framed = sheet.room() >= 4;
        if framed {
            sheet.begin(place);
            let room = sheet.room() - 3;
            sheet.put(ink::CODE_ENDS[0], Ink::MUTED, None);
            if let Some(cut) = cells(&self.language, room.max(1)).first().filter(|_| room > 0) {
                sheet.put(" ", Ink::MUTED, None);
                sheet.put(&self.language[cut.clone()], Ink::MUTED, None);
            }
            sheet.trim();
            sheet.end();
        }
        let mut next = 0;
        for (index, (start, source)) in self.lines.iter().enumerate() {
            let end = self.lines.get(index + 1).map_or(self.text.len(), |(start, _)| *start);
            let line = self.text[*start..end].trim_end_matches('\n');
            let room = sheet.room() - if framed { 2 } else { 0 };
            let mut joint = Joint::Start;
            for cut in cells(line, room) {
                // Tabs are wider than they are long.
                sheet.begin((source.start + cut.start).min(source.end.max(source.start + 1) - 1));
                if framed {
                    let bar = if joint == Joint::Start { ink::CODE } else { ink::CODE_ON };
                    sheet.put(bar, Ink::MUTED, None);
                }
                let column = sheet.column();
                let from = sheet.text.len();
                put_toned(sheet, &self.text, start + cut.start..start + cut.end, &tones, &mut next);
                let to = sheet.text.len();
                sheet.index(column, from..to, joint);
                if from == to {
                    sheet.trim();
                }
                sheet.end();
                joint = Joint::Glued;
            }
        }
        if framed {
            sheet.begin(self.lines.last().map_or(place, |(_, source)| source.end));
            sheet.put(ink::CODE_ENDS[1], Ink::MUTED, None);
            sheet.end();
        }
    }
}

/// The parts of a line that take at most `room` cells; an empty line has one.
fn cells(line: &str, room: usize) -> Vec<Range<usize>> {
    let (mut out, mut part, mut used) = (Vec::new(), 0..0, 0);
    for (at, grapheme) in line.grapheme_indices(true) {
        let (end, width) = (at + grapheme.len(), grapheme.width());
        if used + width > room {
            if !part.is_empty() {
                out.push(part);
            }
            // What is wider than a line is left out.
            let start = if width > room { end } else { at };
            part = start..start;
            used = 0;
        }
        if width <= room {
            part.end = end;
            used += width;
        }
    }
    if !part.is_empty() || out.is_empty() {
        out.push(part);
    }
    out
}

/// Writes a part of the text in its tones; `next` is the first tone that may touch it.
fn put_toned(
    sheet: &mut Sheet,
    text: &str,
    range: Range<usize>,
    tones: &[(Range<usize>, Tone)],
    next: &mut usize,
) {
    let mut at = range.start;
    while let Some((toned, tone)) = tones.get(*next) {
        if toned.start >= range.end {
            break;
        }
        let (start, end) = (toned.start.max(at), toned.end.min(range.end));
        if end > start {
            sheet.put(&text[at..start], Ink::PLAIN, None);
            sheet.put(&text[start..end], look(*tone), None);
            at = end;
        }
        if toned.end > range.end {
            break;
        }
        *next += 1;
    }
    sheet.put(&text[at..range.end], Ink::PLAIN, None);
}

fn look(tone: Tone) -> Ink {
    match tone {
        Tone::Comment => Ink::MUTED,
        Tone::Quoted => Ink::of(Role::Good),
        Tone::Word => Ink::of(Role::Accent),
    }
}
