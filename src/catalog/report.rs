//! Collects the problems of one file and knows on which line a byte stands.

use super::problem::{Problem, Problems};
use crate::domain::text::Text;
use crate::domain::time::Instant;

/// The problems found so far.
pub(super) struct Report<'s> {
    file: String,
    source: &'s str,
    /// Where the part begins that is read: bytes are counted from there.
    base: usize,
    /// The first byte of every line.
    lines: Vec<usize>,
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
    later: Vec<Later>,
}

/// A warning that time brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Later {
    /// From when on it holds.
    pub(super) from: Instant,
    /// What is said then.
    pub(super) problem: Problem,
}

/// So many errors that nobody reads more of them.
const CROWD: usize = 50;

impl<'s> Report<'s> {
    /// An empty report about `source`.
    pub(super) fn new(file: &str, source: &'s str) -> Self {
        let breaks = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        let file = Text::clean_to(file, 200).to_string();
        Self { file, source, base: 0, lines, errors: Vec::new(), warnings: Vec::new(), later: Vec::new() }
    }

    /// The line of byte `at`, from 1. A position behind the last line break belongs to the last
    /// line that has text, so that "unexpected end of file" names a line one can see.
    pub(super) fn line(&self, at: usize) -> usize {
        let end = self.source.trim_end().len();
        self.lines.partition_point(|start| *start <= (self.base + at).min(end)).max(1)
    }

    /// Reads a part of the file that begins at byte `start` of what is read now.
    pub(super) fn within<T>(&mut self, start: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.base;
        self.base += start;
        let read = read(self);
        self.base = outer;
        read
    }

    /// Refuses the file because of what stands at byte `at`.
    pub(super) fn error(&mut self, at: usize, what: impl Into<String>, mend: impl Into<String>) {
        let problem = self.problem(at, what.into(), mend.into());
        self.errors.push(problem);
    }

    /// Points at byte `at`; the file is still good.
    pub(super) fn warn(&mut self, at: usize, what: impl Into<String>, mend: impl Into<String>) {
        let problem = self.problem(at, what.into(), mend.into());
        self.warnings.push(problem);
    }

    /// Points at byte `at` to whoever looks at `from` or later.
    pub(super) fn warn_from(
        &mut self,
        from: Instant,
        at: usize,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let problem = self.problem(at, what.into(), mend.into());
        self.later.push(Later { from, problem });
    }

    /// How many errors there are so far.
    pub(super) fn errors(&self) -> usize {
        self.errors.len()
    }

    /// Whether there are so many errors that hints for more are not worth the work.
    pub(super) fn is_crowded(&self) -> bool {
        self.errors.len() >= CROWD
    }

    /// Refuses the file because it is no TOML from byte `at` on.
    pub(super) fn syntax(&mut self, at: usize, message: &str) {
        let mend = "Correct this place; everything after it is not read yet.";
        let mut problem = self.problem(at, format!("this is not TOML: {message}"), mend.into());
        let (start, at) = (self.lines[problem.line - 1], self.base + at);
        problem.column = self.source.get(start..at.max(start)).map(|before| before.chars().count() + 1);
        self.errors.push(problem);
    }

    /// The warnings, those of today and those to come, or every error.
    pub(super) fn finish(mut self) -> Result<(Vec<Problem>, Vec<Later>), Problems> {
        if !self.errors.is_empty() {
            return Err(self.into_problems());
        }
        self.warnings.sort_by_key(|problem| problem.line);
        Ok((self.warnings, self.later))
    }

    /// Every error and every warning, in file order.
    pub(super) fn into_both(mut self) -> (Vec<Problem>, Vec<Problem>) {
        self.warnings.sort_by_key(|problem| problem.line);
        let warnings = std::mem::take(&mut self.warnings);
        (self.into_problems().0, warnings)
    }

    /// Every error, in file order.
    pub(super) fn into_problems(mut self) -> Problems {
        self.errors.sort_by_key(|problem| problem.line);
        Problems(self.errors)
    }

    fn problem(&self, at: usize, what: String, mend: String) -> Problem {
        Problem { file: self.file.clone(), line: self.line(at), column: None, what, mend }
    }
}
