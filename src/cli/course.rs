//! `coursevia course check|import`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::catalog::lessons::{self, CheckedCourse, Source, SourceFile};
use crate::catalog::{Problem as FileProblem, Problems};
use crate::domain::failure::Failure;
use crate::domain::lesson::{Lesson, MAX_COURSE_BYTES, MAX_LESSON_BYTES, TaughtCourse};
use crate::domain::plan::CourseImported;
use crate::domain::text::Text;
use crate::platform::files;
use crate::platform::folder::{self, Content, Limits};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Check or import a course that is taught here.
#[derive(Debug, Args)]
pub struct Course {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say whether a course can be imported
    Check {
        /// The course's folder, named like its program
        dir: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Bring a course in, as a new version if anything differs
    Import {
        /// The course's folder, named like its program
        dir: PathBuf,
        /// Move students who have begun on to the new version; refused where that takes something from them
        #[arg(long)]
        safe: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

impl Course {
    pub(super) fn json(&self) -> bool {
        matches!(self.verb, Verb::Check { json: true, .. } | Verb::Import { json: true, .. })
    }

    /// Does it.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::Check { dir, json } => {
                let CheckedCourse { course, warnings } = read(&dir)?;
                if json {
                    return output::json(&checked(&course, &warnings));
                }
                Ok(output::line(format_args!("{}: {}. No mistakes found.", shown(&dir), summary(&course)))?)
            }
            Verb::Import { dir, safe, json } => {
                let course = read(&dir)?.course;
                let imported = session.services().await?.import_course(&course, safe).await?;
                if json {
                    return output::json(&as_json(&course, imported));
                }
                for line in words(&course, imported) {
                    output::line(line)?;
                }
                Ok(())
            }
        }
    }
}

/// Reads a course; what is worth a look is said.
fn read(dir: &Path) -> Result<CheckedCourse, Problem> {
    let limits = Limits { file: MAX_LESSON_BYTES, all: MAX_COURSE_BYTES };
    let folder = folder::read(dir, lessons::is_part, limits).map_err(|error| unreadable(dir, &error))?;
    let files: Vec<SourceFile> =
        folder.entries.into_iter().map(|entry| source_file(entry.name, entry.content)).collect();
    let name = shown(dir).to_string();
    let mut checked = lessons::parse(&folder.name, &files).map_err(|problems| {
        Problem::Failure(Failure::new("course_invalid", problems.within(&name).to_string()))
    })?;
    let warnings = Problems(std::mem::take(&mut checked.warnings)).within(&name);
    if !warnings.0.is_empty() {
        output::say(&warnings);
    }
    checked.warnings = warnings.0;
    Ok(checked)
}

fn unreadable(dir: &Path, error: &std::io::Error) -> Failure {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        std::io::ErrorKind::NotADirectory => {
            "this is no folder. A course is a folder with course.toml and NN-key.md files".to_owned()
        }
        _ => files::why(error),
    };
    Failure::new("course_unreadable", format!("{}: {why}", shown(dir)))
}

/// A path as a message repeats it.
fn shown(path: &Path) -> Text {
    Text::clean_to(&path.display().to_string(), 400)
}

fn source_file(name: String, content: Content) -> SourceFile {
    let source = match content {
        Content::Bytes(bytes) => Source::Bytes(bytes),
        Content::TooLarge(bytes) => Source::TooLarge(bytes),
        Content::Unreadable(why) => Source::Unreadable(why),
        Content::Unread => Source::Unread,
    };
    SourceFile { name, source }
}

fn questions(course: &TaughtCourse) -> usize {
    course.lessons.iter().filter_map(|lesson| lesson.quiz.as_ref()).map(|quiz| quiz.questions.len()).sum()
}

fn minutes(course: &TaughtCourse) -> u64 {
    let of = |lesson: &Lesson| {
        u64::from(lesson.minutes) + lesson.quiz.as_ref().map_or(0, |quiz| u64::from(quiz.minutes))
    };
    course.lessons.iter().map(of).sum()
}

/// `6 lessons, 42 questions, 4 h 5 min`
fn summary(course: &TaughtCourse) -> String {
    let count = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let minutes = minutes(course);
    let long = if minutes < 60 {
        format!("{minutes} min")
    } else {
        format!("{} h {} min", minutes / 60, minutes % 60)
    };
    format!("{}, {}, {long}", count(course.lessons.len(), "lesson"), count(questions(course), "question"))
}

fn words(course: &TaughtCourse, imported: CourseImported) -> Vec<String> {
    let CourseImported { version, new, moved, staying } = imported;
    let title = &course.title;
    let told = if new {
        format!("Version {version} of {title}: {}.", summary(course))
    } else {
        format!("Nothing differs from version {version} of {title}.")
    };
    let students = |count: u64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 student {one}.")),
        more => Some(format!("{more} students {many}.")),
    };
    let mut lines = vec![told];
    lines.extend(students(moved, "who has begun moved on to it", "who have begun moved on to it"));
    lines.extend(students(staying, "keeps the version they began", "keep the version they began"));
    lines
}

fn checked(course: &TaughtCourse, warnings: &[FileProblem]) -> Value {
    let warning = |problem: &FileProblem| json!({ "file": problem.file, "line": problem.line, "what": problem.what, "mend": problem.mend });
    json!({
        "program": course.program,
        "title": course.title,
        "lessons": course.lessons.len(),
        "questions": questions(course),
        "minutes": minutes(course),
        "warnings": warnings.iter().map(warning).collect::<Vec<_>>(),
    })
}

fn as_json(course: &TaughtCourse, imported: CourseImported) -> Value {
    json!({
        "program": course.program,
        "version": imported.version,
        "new": imported.new,
        "lessons": course.lessons.len(),
        "moved": imported.moved,
        "staying": imported.staying,
    })
}
