//! One line per figure: its name, what was measured, what was aimed at, whether that was reached.

use std::fmt;

/// Prints figures; a word on the command line chooses those whose name holds it.
pub struct Report {
    filter: String,
}

impl Report {
    /// What `cargo bench` passes on: the first word that is no option and no number.
    pub fn of_arguments() -> Self {
        let filter = |word: &String| !word.starts_with('-') && word.parse::<u64>().is_err();
        let filter = std::env::args().skip(1).find(filter).unwrap_or_default();
        Self { filter }
    }

    /// Whether this figure, or one whose name begins like this, is wanted.
    pub fn wants(&self, name: &str) -> bool {
        name.contains(&self.filter) || self.filter.starts_with(name)
    }

    /// Prints a figure that is wanted, with its target and whether it was reached.
    #[expect(clippy::print_stdout, reason = "a benchmark's figures are its output")]
    pub fn say(&self, name: &str, figure: impl fmt::Display, target: Option<(&str, bool)>) {
        if !self.wants(name) {
            return;
        }
        let verdict = match target {
            None => String::new(),
            Some((target, true)) => format!("  [target {target}: ok]"),
            Some((target, false)) => format!("  [target {target}: MISSED]"),
        };
        println!("{name:<44} {figure}{verdict}");
    }
}
