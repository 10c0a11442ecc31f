//! Courses taught here: a folder of Markdown files to checked domain values.
//!
//! [`parse`] reports *all* problems of *all* files, each with file and line, like
//! [`catalog::parse`](super::parse); a folder with a single error yields nothing. Reading the folder is somebody
//! else's: nothing here touches a disk.
//!
//! ```text
//! digital-literacy/       the program's slug
//!   course.toml           rules.rs
//!   01-computer.md        folder.rs (the name), lesson.rs (front matter), body.rs (Markdown)
//!   02-files.md           … and at most one fenced block "quiz" in each: quiz.rs
//! ```

mod body;
mod builtin;
mod clean;
mod folder;
mod lesson;
mod quiz;
mod rules;

pub use builtin::{BUILT_IN, BuiltIn, edition};

use super::problem::{Problem, Problems, quoted};
use super::report::Report;
use crate::domain::lesson::{MAX_COURSE_BYTES, MAX_LESSON_BYTES, TaughtCourse};
use crate::domain::program::Slug;
use folder::{Folder, Part};

/// The file that holds the rules of a course.
pub const RULES: &str = "course.toml";

/// A file of a course's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name, without the folder's.
    pub name: String,
    /// What is in it.
    pub source: Source,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// These bytes.
    Bytes(Vec<u8>),
    /// So many bytes that nobody read them.
    TooLarge(u64),
    /// It can't be read, and why.
    Unreadable(String),
    /// It is none of the course's files.
    Unread,
}

/// A folder without errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedCourse {
    /// What it says.
    pub course: TaughtCourse,
    /// What is worth a look, file by file. The import goes on.
    pub warnings: Vec<Problem>,
}

impl SourceFile {
    /// A file that was read.
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), source: Source::Bytes(bytes.to_vec()) }
    }

    /// How large it is, as far as that is known.
    fn bytes(&self) -> u64 {
        match &self.source {
            Source::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Source::TooLarge(bytes) => *bytes,
            Source::Unreadable(_) | Source::Unread => 0,
        }
    }
}

/// Whether a file of this name belongs to a course, and is to be read.
pub fn is_part(name: &str) -> bool {
    matches!(folder::part(name), Part::Rules | Part::Lesson(..) | Part::Misnamed)
}

/// Reads a course. `slug` is the folder's name, `files` are in any order.
pub fn parse(slug: &str, files: &[SourceFile]) -> Result<CheckedCourse, Problems> {
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let folder = Folder::of(files);
    let rules_file = files.iter().find(|file| file.name == RULES);
    let (program, rules) = read(&mut errors, &mut warnings, RULES, rules_file, |report, source| {
        let program = program(report, slug);
        check_size(report, files);
        folder.check(report);
        (program, source.and_then(|source| rules::read(report, source)))
    });
    let mut lessons = Vec::with_capacity(folder.lessons.len());
    for entry in &folder.lessons {
        let lesson =
            read(&mut errors, &mut warnings, &entry.file.name, Some(entry.file), |report, source| {
                folder.check_entry(report, entry);
                lesson::read(report, &folder, entry.key.as_ref()?, source?)
            });
        lessons.extend(lesson);
    }
    match (program, rules) {
        (Some(program), Some((title, rules))) if errors.is_empty() => {
            Ok(CheckedCourse { course: TaughtCourse { program, title, rules, lessons }, warnings })
        }
        _ => Err(Problems(errors)),
    }
}

/// Reads one file with a report of its own. The reader gets the cleaned text, if there is one.
fn read<T>(
    errors: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
    name: &str,
    file: Option<&SourceFile>,
    reader: impl FnOnce(&mut Report<'_>, Option<&str>) -> T,
) -> T {
    let text = match file.map(|file| &file.source) {
        Some(Source::Bytes(bytes)) if bytes.len() <= MAX_LESSON_BYTES => clean::text(bytes),
        _ => clean::Cleaned::default(),
    };
    let mut report = Report::new(name, &text.text);
    let readable = match file.map(|file| &file.source) {
        None => {
            let mend = "Write one with title = \"…\", pass_mark = 70 and feedback = \"immediate\".";
            report.error(0, format!("there is no {name} in the folder"), mend);
            false
        }
        Some(Source::Bytes(bytes)) if bytes.len() <= MAX_LESSON_BYTES => text.tell(&mut report),
        Some(Source::Unreadable(why)) => {
            let mend = "Put an ordinary file that you may read in its place.";
            report.error(0, format!("the file can't be read: {why}"), mend);
            false
        }
        Some(Source::TooLarge(bytes)) if *bytes <= MAX_LESSON_BYTES as u64 => {
            let mend = format!("Make a course of {} or less.", mebibytes(MAX_COURSE_BYTES as u64));
            report.error(0, "with this file the course is too large", mend);
            false
        }
        Some(Source::Bytes(_) | Source::TooLarge(_) | Source::Unread) => {
            let size = mebibytes(file.map_or(0, SourceFile::bytes));
            let max = mebibytes(MAX_LESSON_BYTES as u64);
            report.error(0, format!("the file has {size}"), format!("Split it: {max} is the most."));
            false
        }
    };
    let read = reader(&mut report, readable.then_some(&*text.text));
    let (more_errors, more_warnings) = report.into_both();
    errors.extend(more_errors);
    warnings.extend(more_warnings);
    read
}

fn program(report: &mut Report<'_>, slug: &str) -> Option<Slug> {
    let read = Slug::parse(slug);
    if read.is_err() {
        let what = format!("the folder's name {} is no short name of a program", quoted(slug));
        let mend = "Name it as the program is called in commands: a-z, 0-9 and single hyphens, such as digital-literacy.";
        report.error(0, what, mend);
    }
    read.ok()
}

fn check_size(report: &mut Report<'_>, files: &[SourceFile]) {
    let bytes = files.iter().map(SourceFile::bytes).fold(0, u64::saturating_add);
    let max = MAX_COURSE_BYTES as u64;
    if bytes > max {
        let what = format!("the files of the course have {} together", mebibytes(bytes));
        report.error(0, what, format!("Make a course of {} or less.", mebibytes(max)));
    }
}

/// Rounded up, so that what is too large never looks like the limit.
fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1024 * 1024))
}
