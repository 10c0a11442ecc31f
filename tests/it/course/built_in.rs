//! The courses that come with the program.

use coursevia::catalog::lessons::{BUILT_IN, parse};
use coursevia::domain::lesson::{Lesson, TaughtCourse};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn all() -> Vec<TaughtCourse> {
    let read = |course: &coursevia::catalog::lessons::BuiltIn| {
        let checked = parse(course.slug, &course.sources()).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(checked.warnings, [], "{}", course.slug);
        checked.course
    };
    BUILT_IN.iter().map(read).collect()
}

#[test]
fn they_have_no_problems_and_no_warnings() {
    for course in all() {
        assert!(course.lessons.len() >= 4, "{}", course.program);
        assert!(course.lessons.iter().all(|lesson: &Lesson| lesson.quiz.is_some()), "{}", course.program);
        assert!(course.lessons.iter().all(|lesson| !lesson.objectives.is_empty()), "{}", course.program);
    }
}

/// Names and texts of the files of a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("a text"))
    };
    fs::read_dir(folder).expect("a folder").map(read).collect()
}

#[test]
fn the_list_is_what_the_folder_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/courses");
    let mut there: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    there.sort();
    let there: Vec<_> = there
        .iter()
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), files(path)))
        .collect();
    let listed = BUILT_IN.iter().map(|course| {
        let files = course.files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        (course.slug.to_owned(), files.collect())
    });
    assert_eq!(listed.collect::<Vec<_>>(), there);
}

#[test]
fn each_is_a_program_of_the_demo_catalogue_that_no_partner_delivers() {
    let catalog =
        coursevia::catalog::parse("demo", coursevia::catalog::DEMO).expect("a good catalogue").catalog;
    let mut here: Vec<_> = catalog
        .programs
        .iter()
        .filter(|program| program.courses.is_empty())
        .map(|program| &program.slug)
        .collect();
    here.sort();
    let courses = all();
    assert_eq!(courses.iter().map(|course| &course.program).collect::<Vec<_>>(), here);
    for course in &courses {
        let program =
            catalog.programs.iter().find(|program| program.slug == course.program).expect("a program");
        assert_eq!(course.title, program.title);
    }
}
