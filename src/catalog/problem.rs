//! What is wrong with a file, in words.

use crate::domain::text::Text;
use std::fmt;

/// How many problems are shown one by one.
const SHOWN: usize = 50;

/// The most characters of a folder's path.
const PATH: usize = 400;

/// The most characters of the file's own text that a message repeats.
const QUOTED: usize = 40;

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named to us.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1; only where the file is no TOML at all.
    pub column: Option<usize>,
    /// What is wrong, without a full stop.
    pub what: String,
    /// How to mend it, whole sentences.
    pub mend: String,
}

/// `catalog.toml:12: the price is negative. Write a price of "0.00" or more.`
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " {}. {}", self.what, self.mend)
    }
}

/// All errors of a file, in file order; of a folder, file by file. Never empty when returned by a parser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// The same in a folder, as it was named to us.
    #[must_use]
    pub fn within(mut self, folder: &str) -> Self {
        let folder = Text::clean_to(folder.trim_end_matches('/'), PATH);
        for problem in &mut self.0 {
            problem.file = format!("{folder}/{}", problem.file);
        }
        self
    }
}

/// One problem per line, the first fifty of them.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().take(SHOWN).enumerate() {
            let line_break = if index > 0 { "\n" } else { "" };
            write!(f, "{line_break}{problem}")?;
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Problems {}

/// A piece of the file as a message repeats it: safe for a terminal, short, in quotes.
pub(super) fn quoted(raw: &str) -> String {
    let clean = Text::clean_to(raw, QUOTED);
    match clean.as_str().char_indices().nth(QUOTED) {
        Some((cut, _)) => format!("\"{}…\"", &clean.as_str()[..cut]),
        None => format!("\"{clean}\""),
    }
}

/// Words of a closed set for a message: `"rest" or "link"`.
pub(super) fn choices<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(quoted).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: usize) -> Problem {
        let (what, mend) = ("the price is negative".into(), "Write a price of \"0.00\" or more.".into());
        Problem { file: "catalog.toml".into(), line, column: None, what, mend }
    }

    #[test]
    fn a_problem_is_one_line() {
        let text = problem(12).to_string();
        assert_eq!(text, "catalog.toml:12: the price is negative. Write a price of \"0.00\" or more.");
    }

    #[test]
    fn many_problems_are_counted_not_listed() {
        let text = Problems((1..=53).map(problem).collect()).to_string();
        assert_eq!(text.lines().count(), 51);
        assert!(text.ends_with("\nand 3 more"), "{text}");
    }

    #[test]
    fn quotes_are_short_and_safe() {
        assert_eq!(quoted("a\u{1b}[31mb"), "\"ab\"");
        assert!(quoted(&"x".repeat(1_000_000)).chars().count() < 60);
        assert!(quoted(&"e\u{301}\u{302}\u{303}".repeat(100)).chars().count() < 60);
    }

    #[test]
    fn choices_read_as_a_sentence() {
        assert_eq!(choices(["a"]), "\"a\"");
        assert_eq!(choices(["a", "b", "c"]), "\"a\", \"b\" or \"c\"");
    }
}
