//! Fuzzy search over programs: title, other names, category and partners.

use crate::domain::views::ProgramView;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Below this score per letter a match is letters strewn over the text, not a word: two letters
/// in a row score 18 each, and only the beginning of a word makes up for a gap.
const LEAST_PER_LETTER: usize = 17;
/// What a hit in the title is worth more than one in the other fields.
const TITLE_BONUS: u32 = 40;

/// The programs that match every word of `query`, best first; all of them, in order, for none.
pub fn find(programs: &[ProgramView], query: &str) -> Vec<usize> {
    let words: Vec<Atom> = query
        .split_whitespace()
        .map(|word| Atom::new(word, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy, false))
        .collect();
    if words.is_empty() {
        return (0..programs.len()).collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut found: Vec<(u32, usize)> = programs
        .iter()
        .enumerate()
        .filter_map(|(index, view)| Some((score(view, &words, &mut matcher, &mut letters)?, index)))
        .collect();
    found.sort_by(|(a, i), (b, j)| b.cmp(a).then(i.cmp(j)));
    found.into_iter().map(|(_, index)| index).collect()
}

fn score(view: &ProgramView, words: &[Atom], matcher: &mut Matcher, letters: &mut Vec<char>) -> Option<u32> {
    words.iter().try_fold(0, |sum, word| {
        let least = word.needle_text().len() * LEAST_PER_LETTER;
        let mut of = |text: &str| {
            word.score(Utf32Str::new(text, letters), matcher)
                .filter(|score| usize::from(*score) >= least)
                .map(u32::from)
        };
        let program = &view.program;
        let title = of(program.title.as_str()).map(|score| score + TITLE_BONUS);
        let others = program
            .aliases
            .iter()
            .chain([&program.category])
            .chain(view.offers.iter().map(|offer| &offer.provider.name))
            .filter_map(|text| of(text.as_str()))
            .max();
        title.max(others).map(|best| sum + best)
    })
}
