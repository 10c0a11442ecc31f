//! Text in cells: measuring, cutting and wrapping by display width, at grapheme boundaries.

use ratatui::text::Span;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many cells a text takes.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// How many graphemes a text has.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// How many cells some spans take.
pub fn width_of(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

/// A length as cells of the terminal.
pub fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// The longest head of `text` within `max` cells.
fn head(text: &str, max: usize) -> &str {
    let (mut used, mut end) = (0, 0);
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used > max {
            break;
        }
        end += grapheme.len();
    }
    &text[..end]
}

/// `text` within `max` cells; what does not fit ends in `ellipsis`.
pub fn cut(text: &str, max: usize, ellipsis: &str) -> String {
    if width(text) <= max {
        return text.to_owned();
    }
    match max.checked_sub(width(ellipsis)) {
        Some(room) => format!("{}{ellipsis}", head(text, room).trim_end_matches([' ', '·'])),
        None => head(ellipsis, max).to_owned(),
    }
}

/// Spans within `max` cells; what does not fit ends in `ellipsis`.
pub fn cut_spans(spans: Vec<Span<'static>>, max: usize, ellipsis: &str) -> Vec<Span<'static>> {
    if width_of(&spans) <= max {
        return spans;
    }
    let (mut room, mut out) = (max, Vec::with_capacity(spans.len()));
    let total = spans.len();
    for (index, span) in spans.into_iter().enumerate() {
        let needed = width(&span.content);
        let last = index + 1 == total;
        // The span that reaches the edge carries the ellipsis, also when it would just fit.
        if needed + width(ellipsis) <= room || (last && needed <= room) {
            room -= needed;
            out.push(span);
            continue;
        }
        let text = format!("{}{ellipsis}", span.content);
        out.push(Span::styled(cut(&text, room, ellipsis), span.style));
        break;
    }
    out
}

/// `text` with only the first picture of joined ones (a family, a person at work): some terminals
/// draw each of them beside the other, over the cells that follow.
pub fn part_emoji(text: &str) -> Cow<'_, str> {
    const JOINER: char = '\u{200d}';
    if !text.contains(JOINER) {
        return Cow::Borrowed(text);
    }
    let first = |grapheme: &str| match grapheme.split_once(JOINER) {
        Some((first, rest)) if width(first) > 1 && width(rest) > 0 => first.to_owned(),
        _ => grapheme.to_owned(),
    };
    Cow::Owned(text.graphemes(true).map(first).collect())
}

/// `text` in lines of at most `max` cells, broken between words; at most `lines` of them, the
/// last one ending in `ellipsis` when there is more.
pub fn wrap(text: &str, max: usize, lines: usize, ellipsis: &str) -> Vec<String> {
    let max = max.max(1);
    let mut out: Vec<String> = Vec::new();
    let mut line = String::new();
    // Between facts the edge of a line says what the dot says; in a sentence it does not.
    let facts = !text.contains(". ");
    for word in units(text, max) {
        let mut word = word.as_str();
        if !line.is_empty() && width(&line) + 1 + width(word) > max {
            let mut full = std::mem::take(&mut line);
            if facts && full.ends_with(" ·") {
                full.truncate(full.len() - " ·".len());
            }
            out.push(full);
            if facts && word == "·" {
                continue;
            }
        }
        if !line.is_empty() {
            line.push(' ');
        }
        // A word longer than a line (an address) is broken at its cells.
        while width(&line) + width(word) > max {
            let part = head(word, max - width(&line).min(max));
            if part.is_empty() {
                // One character wider than a whole line: nothing of it can be shown.
                word = word.graphemes(true).next().map_or("", |first| &word[first.len()..]);
                continue;
            }
            line.push_str(part);
            word = &word[part.len()..];
            out.push(std::mem::take(&mut line));
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        out.push(line);
    }
    if out.len() > lines {
        out.truncate(lines);
        if let Some(last) = out.last_mut() {
            let marked = format!("{last} {ellipsis}");
            *last = if width(&marked) <= max {
                format!("{last}{ellipsis}")
            } else {
                cut(&format!("{last}{ellipsis}{ellipsis}"), max, ellipsis)
            };
        }
    }
    out
}

/// The words of a text; a key stays with what it does ("u undoes").
fn units(text: &str, max: usize) -> Vec<String> {
    let is_key = |word: &str| matches!(word.as_bytes(), [b'b'..=b'z' | b'B'..=b'H' | b'J'..=b'Z']);
    let mut out: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match out.last_mut() {
            Some(key) if is_key(key) && 2 + width(word) <= max => {
                key.push(' ');
                key.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cuts_at_graphemes_by_cells() {
        assert_eq!(cut("CNA Training", 12, "…"), "CNA Training");
        assert_eq!(cut("CNA Training", 8, "…"), "CNA Tra…");
        assert_eq!(cut("李小龙の訓練", 6, "…"), "李小…");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2, "…"), "e\u{301}…");
        assert_eq!(cut("abc", 2, "..."), "..");
    }

    #[test]
    fn joined_pictures_become_one_that_every_terminal_draws_alike() {
        assert_eq!(part_emoji("a 👩\u{200d}👩\u{200d}👧 b"), "a 👩 b");
        assert_eq!(part_emoji("क्\u{200d}ष"), "क्\u{200d}ष", "letters keep their joiners");
    }

    #[test]
    fn wraps_between_words_and_marks_what_is_left_out() {
        assert_eq!(wrap("one two three", 7, 9, "…"), ["one two", "three"]);
        assert_eq!(wrap("one two three four", 7, 1, "…"), ["one tw…"]);
        assert_eq!(wrap("abcdefgh ij", 3, 9, "…"), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 3, 9, "…"), Vec::<String>::new());
        assert_eq!(wrap("Enrolled · u undoes", 13, 9, "…"), ["Enrolled", "u undoes"]);
        assert_eq!(
            wrap("Done. Enter starts it · u undoes", 23, 9, "…"),
            ["Done. Enter starts it ·", "u undoes"]
        );
        assert_eq!(wrap("6 weeks · Certificate", 9, 9, "…"), ["6 weeks", "Certifica", "te"]);
        assert_eq!(wrap("weeks · b", 5, 9, "…"), ["weeks", "b"]);
        assert_eq!(wrap("You act now. L leaves", 14, 9, "…"), ["You act now.", "L leaves"]);
    }

    #[test]
    fn a_character_wider_than_the_line_is_left_out() {
        let wide = "\u{1F300}\u{0CBE}";
        assert_eq!(width(wide), 3);
        assert_eq!(wrap(&format!("a {wide}b"), 2, 3, "…"), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in "\\PC{0,60}", max in 1_usize..30) {
            prop_assert!(width(&cut(&text, max, "…")) <= max);
            for line in wrap(&text, max.max(2), 3, "…") {
                prop_assert!(width(&line) <= max.max(2), "{line:?}");
            }
        }

        #[test]
        fn spans_are_cut_like_text(parts in prop::collection::vec("\\PC{0,12}", 0..5), max in 1_usize..30) {
            let spans = parts.iter().map(|part| Span::raw(part.clone())).collect();
            prop_assert!(width_of(&cut_spans(spans, max, "…")) <= max);
        }
    }
}
