//! `course.toml`: the title of a course, and how its quizzes go.

use super::super::report::Report;
use super::super::section::{Kind, Section};
use super::super::syntax_message;
use crate::domain::lesson::{CourseRules, Feedback, Tries};
use crate::domain::progress::Percent;
use crate::domain::text::Text;
use chrono::TimeDelta;
use toml_edit::Document;

const COURSE: Kind = Kind {
    name: "course",
    keys: &["title", "pass_mark", "feedback", "tries", "pause_minutes", "shuffle", "in_order"],
};

/// How long the pause after the last try is, where nothing else is said.
const PAUSE_MINUTES: i64 = 10;

/// The longest pause: nobody is sent away for more than a day.
const MAX_PAUSE_MINUTES: i64 = 24 * 60;

/// The most tries in a row.
const MAX_TRIES: i64 = 100;

/// Reads it.
pub(super) fn read(report: &mut Report<'_>, source: &str) -> Option<(Text, CourseRules)> {
    let document = parsed(report, source)?;
    let root = Section::root(document.as_table(), &COURSE);
    let title = root.filled(report, "title", 120, "\"Digital Literacy\"");
    root.require(report, "pass_mark", "70");
    let pass_mark = root.whole(report, "pass_mark", 1..=100).and_then(Percent::new);
    root.require(report, "feedback", "\"immediate\"");
    let words: Vec<_> = Feedback::ALL.iter().map(|feedback| feedback.code()).collect();
    let feedback = root.one_of(report, "feedback", &words, Feedback::parse);
    let tries = tries(report, root);
    let shuffle = root.flag(report, "shuffle", true);
    let in_order = root.flag(report, "in_order", true);
    root.finish(report);
    let rules = CourseRules { pass_mark: pass_mark?, feedback: feedback?, tries, shuffle, in_order };
    Some((title?, rules))
}

/// A piece of TOML.
pub(super) fn parsed<'s>(report: &mut Report<'_>, source: &'s str) -> Option<Document<&'s str>> {
    match Document::parse(source) {
        Ok(document) => Some(document),
        Err(error) => {
            report.syntax(error.span().map_or(0, |span| span.start), &syntax_message(&error));
            None
        }
    }
}

fn tries(report: &mut Report<'_>, root: Section<'_>) -> Option<Tries> {
    let in_a_row = root.whole(report, "tries", 1..=MAX_TRIES).and_then(|tries| u8::try_from(tries).ok());
    let minutes = root.whole(report, "pause_minutes", 0..=MAX_PAUSE_MINUTES).unwrap_or(PAUSE_MINUTES);
    if root.has("pause_minutes") && !root.has("tries") {
        let what = "there is no pause without tries, so pause_minutes is left out";
        report.warn(root.at("pause_minutes"), what, "Add tries = 3, or remove pause_minutes.");
    }
    Some(Tries { in_a_row: in_a_row?, pause: TimeDelta::minutes(minutes) })
}
