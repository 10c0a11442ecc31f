//! Files made to hurt. Refused fast, in few words, never with a panic.

use super::{FILES, RULES, WEB, errors, with, with_lesson};
use coursevia::catalog::lessons::{SourceFile, parse};
use proptest::prelude::*;

#[test]
fn a_fence_inside_another_is_no_quiz() {
    for text in [
        "````\n```quiz\nnonsense\n```\n````\n",
        "~~~\n```quiz\nnonsense\n```\n~~~\n",
        "    ```quiz\n    nonsense\n    ```\n",
        "`` ```quiz `` is how it begins.\n",
        "````markdown\n```quiz\n[[question]]\n```\n````\n",
    ] {
        let course = with_lesson(&format!("{WEB}\n{text}")).expect("a good course").course;
        assert_eq!(course.lessons[0].quiz, None, "{text}");
        assert!(course.lessons[0].body.as_str().contains("```quiz"), "{text}");
    }
}

#[test]
fn a_quiz_is_found_wherever_it_stands_and_whatever_fences_it() {
    let question = "[[question]]\nkind = \"text\"\nask = \"?\"\naccept = [\"```\"]\nwhy = \"\"\"\n``` is\n```a fence\n\"\"\"\n";
    for (open, close) in [("````quiz", "````"), ("~~~quiz", "~~~"), ("   ~~~~ Quiz now", "  ~~~~~  ")] {
        let text = format!("{WEB}before\n{open}\n{question}{close}\nafter\n");
        let course = with_lesson(&text).expect("a good course").course;
        assert_eq!(course.lessons[0].body.as_str(), "Text.\nbefore\n\nafter");
        assert_eq!(course.lessons[0].quiz.as_ref().expect("a quiz").questions.len(), 1);
    }
}

#[test]
fn what_is_no_text_is_refused_with_the_line() {
    let broken = |bytes: &[u8]| {
        let files = [
            SourceFile::new("course.toml", RULES.as_bytes()),
            SourceFile::new("01-web.md", &[WEB.as_bytes(), bytes].concat()),
        ];
        errors(parse("digital-literacy", &files))
    };
    let mend = "Save it as UTF-8, or move it out of the folder.";
    let nul = format!("01-web.md:6: this is not UTF-8 text: it has a NUL byte. {mend}");
    assert_eq!(broken(b"a\0b\xff"), nul);
    let odd = format!("01-web.md:7: this is not UTF-8 text: it has bytes that are no letters. {mend}");
    assert_eq!(broken(b"caf\xc3\xa9\ncaf\xe9\n"), odd);
    let png = [
        SourceFile::new("course.toml", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        SourceFile::new("02-web.md", WEB.as_bytes()),
    ];
    assert!(errors(parse("digital-literacy", &png)).starts_with("course.toml:1: this is not UTF-8 text: "));
    let utf16: Vec<u8> = WEB.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16 = [SourceFile::new("course.toml", RULES.as_bytes()), SourceFile::new("02-web.md", &utf16)];
    assert!(errors(parse("digital-literacy", &utf16)).starts_with("02-web.md:1: this is not UTF-8 text: "));
}

#[test]
fn messages_repeat_no_escape_sequences_no_secrets_and_little_text() {
    let long = format!("\u{202e}{}", "x".repeat(100_000));
    for (from, to) in [
        ("(02-web.md)", format!("({long})")),
        ("\"single\"", format!("\"{long}\"")),
        ("id = \"kind\"", format!("id = \"{long}\"")),
    ] {
        let said = errors(with_lesson(&FILES.replacen(from, &to, 1)));
        assert!(said.chars().count() < 400 && !said.contains('\u{202e}'), "{said}");
    }
    let said = errors(with_lesson(&FILES.replacen("(02-web.md)", "(https://me:hunter2@example.org)", 1)));
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_megabyte_of_nesting_is_read_fast() {
    for unit in ["> ", "- ", "[", "![", "*a ", "`", "<", "\\", "|a\n|-\n", "[a](", "&#", "```quiz\n", "1. "] {
        let text = format!("{WEB}{}", unit.repeat(900_000 / unit.len()));
        // It says something or nothing; what counts is that it comes to an end.
        let _ = with_lesson(&text);
    }
}

/// Pieces of lessons, in no order.
fn shards() -> impl Strategy<Value = String> {
    let shards = [
        "+++\n",
        "title = \"T\"\n",
        "minutes = 3\n",
        "objectives = [\"a\"]\n",
        "```quiz\n",
        "```\n",
        "~~~quiz\n",
        "~~~\n",
        "````\n",
        "[[question]]\n",
        "kind = \"single\"\n",
        "kind = \"order\"\n",
        "ask = \"a\"\n",
        "items = [\"a\", \"b\"]\n",
        "options = [{ text = \"a\", right = true, why = \"b\" }]\n",
        "[[question.options]]\n",
        "why = \"w\"\n",
        "accept = [\".\"]\n",
        "[a](01-files.md)",
        "[a](javascript:x)",
        "![](https://e.org)",
        "<b>",
        "> ",
        "- ",
        "    ",
        "| a | b |\n|---|---|\n",
        "\n",
        "\r",
        "\u{1b}]0;",
        "\u{1b}[31m",
        "\u{7}",
        "\0",
        "\u{feff}",
        "\u{202e}",
        "é",
        "李",
        "text ",
        "# ",
        "\"\"\"",
        "'",
    ];
    proptest::collection::vec(proptest::sample::select(shards.to_vec()), 0..40)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_a_course_or_problems(
        slug in ".{0,20}",
        files in proptest::collection::vec(
            ("(course.toml|[0-9]{1,3}-[a-z-]{0,4}.md|.{0,12})", proptest::collection::vec(any::<u8>(), 0..300)), 0..5),
    ) {
        let files: Vec<_> = files.iter().map(|(name, bytes)| SourceFile::new(name, bytes)).collect();
        if let Err(problems) = parse(&slug, &files) {
            prop_assert!(!problems.0.is_empty());
            prop_assert!(problems.0.iter().all(|problem| problem.line > 0 && !problem.to_string().contains(char::is_control)));
        }
    }

    #[test]
    fn pieces_of_lessons_are_a_course_or_problems(front in any::<bool>(), text in shards()) {
        let text = if front { format!("{WEB}{text}") } else { text };
        match with(&[("course.toml", RULES), ("01-files.md", &text)]) {
            Err(problems) => {
                let lines = text.replace("\r\n", "\n").replace('\r', "\n").lines().count();
                prop_assert!(!problems.0.is_empty());
                prop_assert!(problems.0.iter().all(|problem| (1..=lines.max(1)).contains(&problem.line)));
            }
            Ok(checked) => {
                prop_assert_eq!(checked.course.lessons.len(), 1);
                let body = checked.course.lessons[0].body.as_str();
                prop_assert!(!body.contains(|c: char| c.is_control() && c != '\n'));
            }
        }
    }
}
