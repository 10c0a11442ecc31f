//! A lesson's file: front matter, text, quiz.

use super::super::report::Report;
use super::super::section::{Kind, Section};
use super::body;
use super::folder::Folder;
use super::quiz;
use super::rules::parsed;
use crate::domain::lesson::{Lesson, LessonKey};
use crate::domain::text::{Prose, Text};

const LESSON: Kind = Kind { name: "lesson", keys: &["title", "minutes", "objectives"] };

/// The line before and after the front matter.
const FENCE: &str = "+++";

/// The longest reading, or quiz, that is believed, in minutes.
pub(super) const MAX_MINUTES: i64 = 600;

/// The most objectives, and the longest of them in characters.
const OBJECTIVES: (usize, usize) = (20, 200);

/// What stands at the top of the file.
struct Front {
    title: Text,
    minutes: u16,
    objectives: Vec<Text>,
}

/// Reads a lesson.
pub(super) fn read(
    report: &mut Report<'_>,
    folder: &Folder<'_>,
    key: &LessonKey,
    source: &str,
) -> Option<Lesson> {
    let parts = split(report, source)?;
    let front = parts.front.and_then(|front| {
        let text = &source[front.clone()];
        report.within(front.start, |report| read_front(report, text))
    });
    let text = &source[parts.body..];
    let (body, quiz) = report.within(parts.body, |report| {
        let found = body::check(report, folder, text);
        let quiz = found.quiz.map(|fence| {
            let toml = fence.content.clone();
            let read = report.within(toml.start, |report| quiz::read(report, &text[toml]));
            (fence.whole, read)
        });
        let (whole, quiz) = quiz.unzip();
        (without(text, whole), quiz)
    });
    // A quiz that can't be read is an error, and then there is no lesson.
    let quiz = match quiz {
        Some(read) => Some(read?),
        None => None,
    };
    let Front { title, minutes, objectives } = front?;
    Some(Lesson { key: key.clone(), title, minutes, objectives, body: Prose::clean(&body), quiz })
}

/// Where the front matter is, if there is one, and where the text begins.
struct Parts {
    front: Option<std::ops::Range<usize>>,
    body: usize,
}

fn split(report: &mut Report<'_>, source: &str) -> Option<Parts> {
    let first = source.lines().next().unwrap_or_default().trim_end();
    if first != FENCE {
        let mend = if first == "---" {
            "Write it in TOML between two lines +++ instead of ---."
        } else {
            "Begin the file with a line +++, then title = \"…\" and minutes = 20, then a line +++."
        };
        report.error(0, "the lesson has no front matter", mend);
        return Some(Parts { front: None, body: 0 });
    }
    let start = source.find('\n').map_or(source.len(), |at| at + 1);
    let mut at = start;
    for line in source[start..].split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Some(Parts { front: Some(start..at), body: at + line.len() });
        }
        at += line.len();
    }
    report.error(0, "the front matter is not closed", "Write a line +++ behind it.");
    None
}

fn read_front(report: &mut Report<'_>, source: &str) -> Option<Front> {
    let document = parsed(report, source)?;
    let root = Section::root(document.as_table(), &LESSON);
    let title = root.filled(report, "title", 120, "\"Files and folders\"");
    root.require(report, "minutes", "20");
    let minutes =
        root.whole(report, "minutes", 1..=MAX_MINUTES).and_then(|minutes| u16::try_from(minutes).ok());
    let objectives = root.texts(report, "objectives", OBJECTIVES, "\"Find a file again\"");
    root.finish(report);
    Some(Front { title: title?, minutes: minutes?, objectives })
}

/// The text without its quiz, and without blank lines around it. Paragraphs on both sides stay two.
fn without(text: &str, quiz: Option<std::ops::Range<usize>>) -> String {
    let rest = match quiz {
        Some(quiz) => {
            let (before, after) = (text[..quiz.start].trim_end(), &text[quiz.end..]);
            format!("{before}\n\n{}", after.trim_start_matches('\n'))
        }
        None => text.to_owned(),
    };
    rest.trim_start_matches('\n').trim_end().to_owned()
}
