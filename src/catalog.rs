//! The catalogue file: TOML to checked domain values and back. Courses taught here: [`lessons`].
//!
//! [`parse`] reads a whole file and reports *all* of its problems, each with its line, what is
//! wrong and how to mend it; a file with a single error yields nothing. What is harmless (an
//! unknown key, terms on a free course, an escape sequence in a description) is a warning.
//! [`write()`] is the way back: `parse(write(c))` is `c`.
//!
//! ```toml
//! demo = true
//! [[partner]]                     # partner.rs, access.rs (its `api`), refunds.rs
//! [[program]]                     # program.rs
//! [[program.course]]              # course.rs, price.rs (its price and terms)
//! [[program.course.cohort]]       # cohort.rs
//! ```

mod access;
mod cohort;
mod course;
pub mod lessons;
mod names;
mod partner;
mod price;
mod problem;
mod program;
mod refunds;
mod report;
mod section;
mod tool;
mod write;

pub use access::PROFILES;
pub use problem::{Problem, Problems};
pub use write::write;

use crate::domain::catalog::Catalog;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use names::Names;
use report::{Later, Report};
use section::{Kind, Section};
use toml_edit::{Document, TomlError};

/// The demo catalogue that a first run shows.
pub const DEMO: &str = include_str!("../assets/catalog.toml");

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

const CATALOGUE: Kind = Kind { name: "catalogue", keys: &["demo", "partner", "program"] };

/// A file without errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What the file says.
    pub catalog: Catalog,
    /// What is worth a look, in file order. The import goes on.
    pub warnings: Vec<Problem>,
    /// What becomes worth a look as time passes.
    later: Vec<Later>,
}

impl Checked {
    /// The warnings of somebody who looks at `now`, in file order: also what is over by then.
    pub fn warnings_at(&self, now: Instant) -> Vec<Problem> {
        let over = self.later.iter().filter(|later| later.from <= now).map(|later| &later.problem);
        let mut all: Vec<Problem> = self.warnings.iter().chain(over).cloned().collect();
        all.sort_by_key(|problem| problem.line);
        all
    }
}

/// Reads a catalogue. `file_name` only names the file in problems.
pub fn parse(file_name: &str, source: &str) -> Result<Checked, Problems> {
    let mut report = Report::new(file_name, source);
    if source.len() > MAX_BYTES {
        let (is, max) = (source.len().div_ceil(1024 * 1024), MAX_BYTES / 1024 / 1024);
        report.error(
            0,
            format!("the file has {is} MiB"),
            format!("Split it into files of {max} MiB or less."),
        );
        return Err(report.into_problems());
    }
    let document = match Document::parse(source) {
        Ok(document) => document,
        Err(error) => {
            report.syntax(error.span().map_or(0, |span| span.start), &syntax_message(&error));
            return Err(report.into_problems());
        }
    };
    let catalog = read(&mut report, Section::root(document.as_table(), &CATALOGUE));
    report.finish().map(|(warnings, later)| Checked { catalog, warnings, later })
}

/// Partners first: courses name them wherever they stand in the file.
fn read(report: &mut Report<'_>, root: Section<'_>) -> Catalog {
    // Unreadable counts as true here: it is an error already, and must not draw one per partner.
    let demo = root.flag(report, "demo", root.has("demo"));
    let mut known = Names::default();
    let mut partners = Vec::new();
    for section in root.list(report, "partner") {
        partners.extend(partner::read(report, section, demo, &mut known));
    }
    let mut slugs = Names::default();
    let mut programs = Vec::new();
    let sections = root.list(report, "program");
    if known.is_empty() && sections.is_empty() {
        let mend = "Write [[partner]] and [[program]] entries into it.";
        report.warn(0, "the catalogue is empty", mend);
    }
    for section in sections {
        programs.extend(program::read(report, section, &known, &mut slugs));
    }
    root.finish(report);
    Catalog { demo, partners, programs }
}

fn syntax_message(error: &TomlError) -> String {
    Text::clean_to(error.message(), 200).to_string()
}
