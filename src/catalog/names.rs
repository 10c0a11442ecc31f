//! The names a file has used, and the one that was probably meant.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// With more names than this none is suggested: a huge file full of errors is refused fast too.
const MAX_COMPARED: usize = 100;

/// Names seen so far with the byte where each was first written. Names that differ only in
/// capitals are one name: a person could not tell them apart in a command.
#[derive(Default)]
pub(super) struct Names {
    seen: HashMap<String, (String, usize)>,
}

impl Names {
    /// Notes `name`; where it stands already if it is a duplicate.
    pub(super) fn add(&mut self, name: &str, at: usize) -> Option<usize> {
        match self.seen.entry(name.to_lowercase()) {
            Entry::Occupied(first) => Some(first.get().1),
            Entry::Vacant(free) => {
                free.insert((name.to_owned(), at));
                None
            }
        }
    }

    /// Whether exactly this name was noted.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.seen.get(&name.to_lowercase()).is_some_and(|(exact, _)| exact == name)
    }

    /// Whether nothing was noted.
    pub(super) fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// The noted name that was probably meant.
    pub(super) fn closest(&self, name: &str) -> Option<&str> {
        if let Some((exact, _)) = self.seen.get(&name.to_lowercase()) {
            return Some(exact);
        }
        if self.seen.len() > MAX_COMPARED {
            return None;
        }
        let mut names: Vec<_> = self.seen.values().collect();
        names.sort_by_key(|(_, at)| *at);
        closest(name, names.into_iter().map(|(exact, _)| exact.as_str()))
    }
}

/// The word that `typed` was probably meant to be: at most two in five letters differ.
pub(super) fn closest<'a>(typed: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = typed.chars().take(64).flat_map(char::to_lowercase).collect();
    let close = |word: &str| {
        let word: Vec<char> = word.chars().take(64).flat_map(char::to_lowercase).collect();
        let steps = distance(&typed, &word);
        (steps * 5 <= typed.len().max(word.len()) * 2).then_some(steps)
    };
    words
        .into_iter()
        .filter_map(|word| close(word).map(|steps| (steps, word)))
        .min_by_key(|found| found.0)
        .map(|found| found.1)
}

/// Letters to insert, remove or replace (Levenshtein).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(a != b)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let words = ["title", "summary", "category"];
        assert_eq!(closest("titel", words), Some("title"));
        assert_eq!(closest("Sumary", words), Some("summary"));
        assert_eq!(closest("colour", words), None);
    }

    #[test]
    fn capitals_do_not_make_a_new_name() {
        let mut names = Names::default();
        assert_eq!(names.add("Milady", 3), None);
        assert_eq!(names.add("MILADY", 9), Some(3));
        assert!(names.contains("Milady") && !names.contains("milady"));
        assert_eq!(names.closest("milady"), Some("Milady"));
    }
}
