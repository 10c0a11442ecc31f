//! Finding typed letters in one short text, and which of its letters they are.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;

/// How the letters must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In their order, with gaps.
    Fuzzy,
    /// Beside each other.
    Together,
}

/// Fewer points per letter, and the letters are strewn over the text.
const LEAST_PER_LETTER: usize = 14;

/// How well every word of `query` matches, and where: places of graphemes, in order. `None`:
/// one does not. Nothing typed matches everything.
pub fn find(text: &str, query: &str, kind: Kind) -> Option<(u32, Vec<usize>)> {
    let atom = match kind {
        Kind::Fuzzy => AtomKind::Fuzzy,
        Kind::Together => AtomKind::Substring,
    };
    let mut words = query.split_whitespace().peekable();
    if words.peek().is_none() {
        return Some((0, Vec::new()));
    }
    let mut letters = Vec::new();
    let text = Utf32Str::new(text, &mut letters);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let (mut sum, mut places) = (0, Vec::new());
    for word in words {
        let word = Atom::new(word, CaseMatching::Ignore, Normalization::Smart, atom, false);
        let mut found = Vec::new();
        let score = word.indices(text, &mut matcher, &mut found)?;
        if usize::from(score) < word.needle_text().len() * LEAST_PER_LETTER {
            return None;
        }
        sum += u32::from(score);
        places.extend(found.into_iter().filter_map(|place| usize::try_from(place).ok()));
    }
    places.sort_unstable();
    places.dedup();
    Some((sum, places))
}

/// `text` with the letters at `places` set off; the first is the `offset`th of what was searched.
pub fn spans(text: &str, offset: usize, places: &[usize], style: Style) -> Vec<Span<'static>> {
    // Mostly nothing is searched for, and the rows of a box are measured more often than drawn.
    if places.is_empty() {
        return vec![Span::styled(text.to_owned(), style)];
    }
    let loud = style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
    let mut out: Vec<(bool, String)> = Vec::new();
    for (index, grapheme) in text.graphemes(true).enumerate() {
        let marked = places.binary_search(&(index + offset)).is_ok();
        match out.last_mut() {
            Some((same, run)) if *same == marked => run.push_str(grapheme),
            _ => out.push((marked, grapheme.to_owned())),
        }
    }
    out.into_iter().map(|(marked, run)| Span::styled(run, if marked { loud } else { style })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_in_any_order_and_says_where() {
        assert_eq!(
            find("Cancel a course", "co can", Kind::Fuzzy).map(|found| found.1),
            Some(vec![0, 1, 2, 9, 10])
        );
        assert_eq!(find("Cancel a course", "zz", Kind::Fuzzy), None);
        assert_eq!(find("anything", " ", Kind::Fuzzy), Some((0, vec![])));
    }

    #[test]
    fn letters_together_have_no_gaps() {
        assert_eq!(
            find("↑↓  choose or scroll", "SCRO", Kind::Together).map(|f| f.1),
            Some(vec![14, 15, 16, 17])
        );
        assert_eq!(find("choose or scroll", "chsc", Kind::Together), None);
    }

    #[test]
    fn marked_letters_are_spans_of_their_own() {
        let spans = spans("course", 9, &[9, 10], Style::new());
        let texts: Vec<_> = spans.iter().map(|span| span.content.as_ref()).collect();
        assert_eq!(texts, ["co", "urse"]);
        assert_ne!(spans[0].style, spans[1].style);
    }
}
