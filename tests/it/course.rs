//! Folders of courses taught here: every rule by name, the built-in ones, files made to hurt, there and back.

mod built_in;
mod errors;
mod folders;
mod hostile;
mod round_trip;
mod seeding;
mod warnings;

use coursevia::catalog::lessons::{CheckedCourse, SourceFile, parse};
use coursevia::catalog::{Problem, Problems};

const RULES: &str = r#"title = "Digital Literacy"
pass_mark = 70
feedback = "immediate"
tries = 3
pause_minutes = 5
shuffle = false
in_order = true
"#;

/// A lesson without problems; the cases change one place of it.
const FILES: &str = r#"+++
title = "Files"
minutes = 20
objectives = ["Find a file again"]
+++
# Files

Read [the next lesson](02-web.md), or [more](https://example.org/files).

![A folder with three files](https://example.org/folder.png)

```quiz
minutes = 4
[[question]]
id = "kind"
kind = "single"
ask = "Which one is a file?"
options = [
  { text = "A letter", right = true, why = "Yes." },
  { text = "A printer", why = "It prints." },
]

[[question]]
kind = "multiple"
ask = "Which ones are folders?"
why = "They hold files."
options = [
  { text = "Documents", right = true, why = "Yes." },
  { text = "Pictures", right = true, why = "Yes, too." },
  { text = "A mouse", why = "It points." },
]

[[question]]
kind = "text"
ask = "What holds files?"
accept = ["folder", "a folder"]
why = "A folder does."

[[question]]
kind = "order"
ask = "In which order?"
items = ["open", "change", "save"]
why = "One saves in the end."
```

The end.
"#;

const WEB: &str = "+++\ntitle = \"The web\"\nminutes = 10\n+++\nText.\n";

/// A course with this first lesson.
fn with_lesson(first: &str) -> Result<CheckedCourse, Problems> {
    with(&[("course.toml", RULES), ("01-files.md", first), ("02-web.md", WEB)])
}

fn with(files: &[(&str, &str)]) -> Result<CheckedCourse, Problems> {
    let files: Vec<_> = files.iter().map(|(name, text)| SourceFile::new(name, text.as_bytes())).collect();
    parse("digital-literacy", &files)
}

/// The good lesson with one place changed.
fn lesson(from: &str, to: &str) -> Result<CheckedCourse, Problems> {
    assert!(FILES.contains(from), "the good lesson has no {from:?}");
    with_lesson(&FILES.replacen(from, to, 1))
}

/// The good rules with one place changed.
fn rules(from: &str, to: &str) -> Result<CheckedCourse, Problems> {
    assert!(RULES.contains(from), "the good rules have no {from:?}");
    with(&[("course.toml", &RULES.replacen(from, to, 1)), ("01-files.md", FILES), ("02-web.md", WEB)])
}

/// All errors, one per line.
fn errors(parsed: Result<CheckedCourse, Problems>) -> String {
    parsed.expect_err("the course has an error").to_string()
}

/// All warnings of a good course, one per line.
fn warnings(parsed: Result<CheckedCourse, Problems>) -> String {
    let checked = parsed.expect("a good course");
    checked.warnings.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// Named cases: one change of the good lesson or rules, and exactly what is said about it.
macro_rules! cases {
    ($said:ident; $($name:ident: $place:ident $from:literal => $to:literal => $expected:literal;)*) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(super::$said(super::$place($from, $to)), $expected);
            }
        )*
    };
}
use cases;

#[test]
fn the_good_course_is_read() {
    let checked = with_lesson(FILES).expect("a good course");
    assert_eq!(checked.warnings, []);
    let course = checked.course;
    assert_eq!(course.program.as_str(), "digital-literacy");
    let keys: Vec<_> = course.lessons.iter().map(|lesson| lesson.key.as_str()).collect();
    assert_eq!(keys, ["files", "web"]);
    let files = &course.lessons[0];
    assert!(files.body.as_str().starts_with("# Files\n"), "{:?}", files.body);
    assert!(files.body.as_str().ends_with("folder.png)\n\nThe end."), "{:?}", files.body);
    let quiz = files.quiz.as_ref().expect("a quiz");
    let ids: Vec<_> = quiz.questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!((quiz.minutes, ids), (4, vec!["kind", "q2", "q3", "q4"]));
    assert_eq!(course.lessons[1].quiz, None);
}

#[test]
fn what_is_not_said_has_its_default() {
    let files = [("course.toml", "title = \"T\"\npass_mark = 100\nfeedback = \"final\""), ("01-web.md", WEB)];
    let rules = with(&files).expect("a good course").course.rules;
    assert_eq!((rules.tries, rules.shuffle, rules.in_order), (None, true, true));
    let quiz = lesson("minutes = 4\n", "").expect("a good course").course.lessons[0].quiz.clone();
    assert_eq!(quiz.expect("a quiz").minutes, 4);
    let pause = rules_of("pause_minutes = 5\n").tries.expect("tries").pause;
    assert_eq!(pause.num_minutes(), 10);
}

fn rules_of(left_out: &str) -> coursevia::domain::lesson::CourseRules {
    rules(left_out, "").expect("a good course").course.rules
}
