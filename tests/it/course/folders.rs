//! Names of files and folders, and how much they may hold.

use super::{FILES, RULES, WEB, errors, with};
use coursevia::catalog::lessons::{Source, SourceFile, is_part, parse};

fn named(names: &[&str]) -> String {
    let lessons = names.iter().map(|name| (*name, WEB));
    errors(with(&[("course.toml", RULES)].into_iter().chain(lessons).collect::<Vec<_>>()))
}

#[test]
fn a_file_that_is_no_lesson_by_its_name_is_not_forgotten() {
    let told = "the file's name is no lesson's. Name it NN-key.md, such as 03-files.md: a number of two to \
                four digits, a hyphen, then a-z, 0-9 and single hyphens. Or move it out of the folder.";
    for name in [
        "1-web.md",
        "web.md",
        "00-web.md",
        "00001-web.md",
        "01_web.md",
        "01-Web.md",
        "01-.md",
        "01-a--b.md",
        "01-web.MD",
    ] {
        assert_eq!(named(&["02-mail.md", name]), format!("{name}:1: {told}"));
    }
}

#[test]
fn numbers_and_keys_are_there_once() {
    assert_eq!(
        named(&["01-files.md", "01-web.md"]),
        "01-web.md:1: the number 1 is there already, of \"01-files.md\". Give each lesson a number of its own."
    );
    assert_eq!(
        named(&["01-files.md", "001-web.md"]),
        "01-files.md:1: the number 1 is there already, of \"001-web.md\". Give each lesson a number of its own."
    );
    assert_eq!(
        named(&["01-web.md", "02-web.md"]),
        "02-web.md:1: the key \"web\" is there already, of \"01-web.md\". \
         Progress is kept under it: give each lesson a key of its own."
    );
}

#[test]
fn lessons_stand_in_the_order_of_their_numbers() {
    let names = ["010-ten.md", "9-x.txt", "100-hundred.md", "009-nine.md"];
    let files: Vec<_> = [("course.toml", RULES)].into_iter().chain(names.map(|name| (name, WEB))).collect();
    let course = with(&files).expect("a good course").course;
    let keys: Vec<_> = course.lessons.iter().map(|lesson| lesson.key.as_str()).collect();
    assert_eq!(keys, ["nine", "ten", "hundred"]);
}

#[test]
fn a_course_has_rules_and_lessons() {
    let said = errors(with(&[("notes.txt", "")]));
    assert_eq!(
        said,
        "course.toml:1: there is no course.toml in the folder. Write one with title = \"…\", pass_mark = 70 and feedback = \"immediate\".\n\
         course.toml:1: the course has no lessons. Write one file per lesson, named NN-key.md, such as 01-start.md."
    );
}

#[test]
fn the_folder_is_named_like_a_program() {
    let files =
        [SourceFile::new("course.toml", RULES.as_bytes()), SourceFile::new("02-web.md", WEB.as_bytes())];
    for slug in ["", "..", "Digital Literacy", "a/b", "\u{1b}[31m"] {
        let said = errors(parse(slug, &files));
        assert!(said.starts_with("course.toml:1: the folder's name "), "{said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
}

#[test]
fn a_lesson_has_1_mib_and_a_course_16() {
    let large = format!("{WEB}{}", "word ".repeat(1024 * 1024 / 5));
    assert_eq!(
        errors(with(&[("course.toml", RULES), ("01-web.md", &large)])),
        "01-web.md:1: the file has 2 MiB. Split it: 1 MiB is the most."
    );
    let fits = format!("{WEB}{}", "word ".repeat((1024 * 1024 - 100) / 5));
    let names: Vec<_> = (1..=17).map(|number| format!("{number:02}-l{number}.md")).collect();
    let all = |count: usize| {
        let lessons = names.iter().take(count).map(|name| (name.as_str(), fits.as_str()));
        with(&[("course.toml", RULES)].into_iter().chain(lessons).collect::<Vec<_>>())
    };
    assert_eq!(all(15).expect("a good course").course.lessons.len(), 15);
    assert_eq!(
        errors(all(17)),
        "course.toml:1: the files of the course have 17 MiB together. Make a course of 16 MiB or less."
    );
}

#[test]
fn what_was_not_read_is_said_with_its_file() {
    let file = |name: &str, source| SourceFile { name: name.to_owned(), source };
    let files = [
        file("course.toml", Source::Bytes(RULES.into())),
        file("01-files.md", Source::TooLarge(50 * 1024 * 1024)),
        file("02-web.md", Source::Unreadable("permission denied".to_owned())),
        file("film.mp4", Source::Unread),
    ];
    assert_eq!(
        errors(parse("digital-literacy", &files)),
        "course.toml:1: the files of the course have 51 MiB together. Make a course of 16 MiB or less.\n\
         01-files.md:1: the file has 50 MiB. Split it: 1 MiB is the most.\n\
         02-web.md:1: the file can't be read: permission denied. Put an ordinary file that you may read in its place."
    );
}

#[test]
fn only_the_files_of_a_course_are_read() {
    for name in ["course.toml", "01-web.md", "web.md", "01-Web.MD"] {
        assert!(is_part(name), "{name}");
    }
    for name in ["", ".", "film.mp4", "README.md", "01-web.md~", ".01-web.md", "md", "course.toml.bak"] {
        assert!(!is_part(name), "{name}");
    }
}

#[test]
fn a_thousand_lessons_are_a_course_and_one_more_is_too_many() {
    let names: Vec<_> = (1..=1_000).map(|number| format!("{number:03}-l{number}.md")).collect();
    let mut files: Vec<_> = names.iter().map(|name| (name.as_str(), WEB)).collect();
    files.push(("course.toml", RULES));
    assert_eq!(with(&files).expect("a good course").course.lessons.len(), 1_000);
    files.push(("01-more.md", FILES));
    assert!(
        errors(with(&files))
            .starts_with("course.toml:1: the course has 1001 lessons. Make a course of 1000 or fewer.\n")
    );
}
