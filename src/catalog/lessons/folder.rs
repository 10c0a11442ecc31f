//! Which file of a folder is which lesson.

use super::super::names::Names;
use super::super::problem::quoted;
use super::super::report::Report;
use super::{RULES, SourceFile};
use crate::domain::lesson::{LessonKey, MAX_LESSONS};
use crate::domain::program::Slug;
use std::collections::HashMap;

/// What a file is, by its name.
pub(super) enum Part<'n> {
    /// `course.toml`.
    Rules,
    /// `NN-key.md`.
    Lesson(u16, &'n str),
    /// Markdown, but no lesson: forgetting it in silence would lose one.
    Misnamed,
    /// What editors, systems and people leave in folders.
    Kept,
    /// Something else.
    Other,
}

/// What a file is, by its name.
pub(super) fn part(name: &str) -> Part<'_> {
    if name == RULES {
        return Part::Rules;
    }
    if name.starts_with('.') || name.ends_with('~') || name.eq_ignore_ascii_case("readme.md") {
        return Part::Kept;
    }
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return Part::Other;
    };
    if !ending.eq_ignore_ascii_case("md") {
        return Part::Other;
    }
    let numbered = stem.split_once('-').and_then(|(number, key)| Some((lesson_number(number)?, key)));
    match numbered {
        Some((number, key)) if ending == "md" && Slug::parse(key).is_ok() => Part::Lesson(number, key),
        _ => Part::Misnamed,
    }
}

/// `01` to `1000`, with as many zeros before it as one likes, in two to four digits.
fn lesson_number(raw: &str) -> Option<u16> {
    let plain = (2..=4).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_digit());
    raw.parse().ok().filter(|number| plain && *number > 0)
}

/// The files of a folder, in the order of their lessons.
pub(super) struct Folder<'f> {
    /// Lessons by their numbers, then Markdown files that are none.
    pub(super) lessons: Vec<Entry<'f>>,
    /// Names of files that are ignored.
    others: Vec<&'f str>,
    by_number: HashMap<u16, &'f str>,
    by_key: HashMap<LessonKey, &'f str>,
    names: Names,
}

/// A Markdown file.
pub(super) struct Entry<'f> {
    pub(super) file: &'f SourceFile,
    number: u16,
    /// What its progress is kept under; `None` where the name is no lesson's.
    pub(super) key: Option<LessonKey>,
}

impl<'f> Folder<'f> {
    /// Sorts the files.
    pub(super) fn of(files: &'f [SourceFile]) -> Self {
        let (mut lessons, mut others, mut names) = (Vec::new(), Vec::new(), Names::default());
        for (place, file) in files.iter().enumerate() {
            let (number, key) = match part(&file.name) {
                Part::Lesson(number, key) => {
                    names.add(&file.name, place);
                    (number, Slug::parse(key).ok())
                }
                Part::Misnamed => (u16::MAX, None),
                Part::Other => {
                    others.push(file.name.as_str());
                    continue;
                }
                Part::Rules | Part::Kept => continue,
            };
            lessons.push(Entry { file, number, key });
        }
        others.sort_unstable();
        lessons.sort_by(|a, b| (a.number, &a.file.name).cmp(&(b.number, &b.file.name)));
        let (mut by_number, mut by_key) = (HashMap::new(), HashMap::new());
        for Entry { file, number, key } in &lessons {
            if let Some(key) = key {
                by_number.entry(*number).or_insert(file.name.as_str());
                by_key.entry(key.clone()).or_insert(file.name.as_str());
            }
        }
        Self { lessons, others, by_number, by_key, names }
    }

    /// Whether a lesson has this file name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The lesson's file name that was probably meant.
    pub(super) fn closest(&self, name: &str) -> Option<&str> {
        self.names.closest(name)
    }

    /// Says what is wrong with the folder as a whole.
    pub(super) fn check(&self, report: &mut Report<'_>) {
        let lessons = self.lessons.iter().filter(|entry| entry.key.is_some()).count();
        if lessons == 0 {
            let mend = "Write one file per lesson, named NN-key.md, such as 01-start.md.";
            report.error(0, "the course has no lessons", mend);
        }
        if lessons > MAX_LESSONS {
            let mend = format!("Make a course of {MAX_LESSONS} or fewer.");
            report.error(0, format!("the course has {lessons} lessons"), mend);
        }
        if let Some((first, more)) = self.others.split_first() {
            let which = match more.len() {
                0 => format!("{} is", quoted(first)),
                1 => format!("{} and 1 more file are", quoted(first)),
                count => format!("{} and {count} more files are", quoted(first)),
            };
            let what = format!("{which} no part of the course; ignored");
            report.warn(0, what, "A course is course.toml and NN-key.md files, nothing else.");
        }
    }

    /// Says what is wrong with the name of a Markdown file.
    pub(super) fn check_entry(&self, report: &mut Report<'_>, entry: &Entry<'_>) {
        let name = &entry.file.name;
        let Some(key) = &entry.key else {
            let mend = "Name it NN-key.md, such as 03-files.md: a number of two to four digits, a hyphen, \
                        then a-z, 0-9 and single hyphens. Or move it out of the folder.";
            return report.error(0, "the file's name is no lesson's", mend);
        };
        if let Some(first) = self.by_number.get(&entry.number).filter(|first| *first != name) {
            let what = format!("the number {} is there already, of {}", entry.number, quoted(first));
            report.error(0, what, "Give each lesson a number of its own.");
        }
        if let Some(first) = self.by_key.get(key).filter(|first| *first != name) {
            let what = format!("the key {} is there already, of {}", quoted(key.as_str()), quoted(first));
            report.error(0, what, "Progress is kept under it: give each lesson a key of its own.");
        }
    }
}
