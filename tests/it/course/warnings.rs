//! What is worth a look, but refuses nothing.

use super::{FILES, cases, warnings, with, with_lesson};

cases! { warnings;
    unknown_rule: rules "shuffle = false" => "shufle = false"
        => "course.toml:6: a course has no key \"shufle\"; it is ignored. Did you mean shuffle? Otherwise remove it.";
    pause_without_tries: rules "tries = 3\n" => ""
        => "course.toml:4: there is no pause without tries, so pause_minutes is left out. Add tries = 3, or remove pause_minutes.";
    unknown_key_of_a_lesson: lesson "minutes = 20" => "minutes = 20\nauthor = \"me\""
        => "01-files.md:4: a lesson has no key \"author\"; it is ignored. Remove it, or correct its spelling.";
    unknown_key_of_a_quiz: lesson "minutes = 4" => "minute = 4"
        => "01-files.md:13: a quiz has no key \"minute\"; it is ignored. Did you mean minutes? Otherwise remove it.";
    unknown_key_of_a_single_question: lesson "id = \"kind\"" => "id = \"kind\"\naccept = [\"x\"]"
        => "01-files.md:16: a single question has no key \"accept\"; it is ignored. Remove it, or correct its spelling.";
    unknown_key_of_a_text_question: lesson "why = \"A folder does.\"" => "why = \"A folder does.\"\noptions = []"
        => "01-files.md:38: a text question has no key \"options\"; it is ignored. Remove it, or correct its spelling.";
    unknown_key_of_an_option: lesson "\"A printer\", why" => "\"A printer\", wrong = true, why"
        => "01-files.md:20: an option has no key \"wrong\"; it is ignored. Remove it, or correct its spelling.";
    html_block: lesson "The end." => "<div onclick=\"x()\">The end.</div>\n\n<b>Once more.</b>"
        => "01-files.md:46: HTML is shown as it is written. Use Markdown for what it should look like.";
    html_in_a_line: lesson "The end." => "The <b>end</b>."
        => "01-files.md:46: HTML is shown as it is written. Use Markdown for what it should look like.";
    escape_sequence: lesson "The end." => "The \u{1b}[31mend\u{1b}[0m.\nMore.\n\u{202e}End."
        => "01-files.md:46: this line and 1 more have control or invisible characters; they are left out. Remove them.";
    escape_sequence_in_a_title: lesson "\"Files\"" => "\"Fi\\u001b[31mles\""
        => "01-files.md:2: the title has control or invisible characters; they are left out. Remove them.";
}

#[test]
fn a_block_that_is_not_closed_before_the_quiz() {
    let told = warnings(with_lesson(&FILES.replacen("```quiz", "```sh\nls\n\n```quiz", 1)));
    assert_eq!(
        told,
        "01-files.md:12: this block has a quiz in it, which is shown as it is written. \
         Close the block before the quiz, or fence it with more signs."
    );
}

#[test]
fn html_is_kept_as_text() {
    let checked =
        with_lesson(&FILES.replacen("The end.", "<script>alert(1)</script>", 1)).expect("a good course");
    assert!(checked.course.lessons[0].body.as_str().ends_with("<script>alert(1)</script>"));
}

#[test]
fn escape_sequences_are_gone() {
    let checked = with_lesson(&FILES.replacen("The end.", "The \u{1b}]0;pwned\u{7}\u{1b}[2Jend.", 1))
        .expect("a good course");
    assert!(
        checked.course.lessons[0].body.as_str().ends_with("The end."),
        "{:?}",
        checked.course.lessons[0].body
    );
}

#[test]
fn a_sequence_without_an_end_takes_only_its_line() {
    let checked =
        with_lesson(&FILES.replacen("The end.", "The \u{1b}]0;\nend.\n", 1)).expect("a good course");
    assert!(
        checked.course.lessons[0].body.as_str().ends_with("\nend."),
        "{:?}",
        checked.course.lessons[0].body
    );
}

#[test]
fn what_systems_and_editors_leave_behind_is_no_matter() {
    let files = [
        ("course.toml", super::RULES),
        ("01-files.md", FILES),
        ("02-web.md", super::WEB),
        (".DS_Store", "\0"),
        (".01-files.md.swp", "\0"),
        ("01-files.md~", "old"),
        ("README.md", "How to work on it."),
    ];
    assert_eq!(warnings(with(&files)), "");
    let more = [&files[..], &[("film.mp4", "\0"), ("notes.txt", "x")]].concat();
    assert_eq!(
        warnings(with(&more)),
        "course.toml:1: \"film.mp4\" and 1 more file are no part of the course; ignored. \
         A course is course.toml and NN-key.md files, nothing else."
    );
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let unix = with_lesson(FILES).expect("a good course");
    for text in [FILES.replace('\n', "\r\n"), FILES.replace('\n', "\r"), format!("\u{feff}{FILES}")] {
        assert_eq!(with_lesson(&text), Ok(unix.clone()));
    }
}
