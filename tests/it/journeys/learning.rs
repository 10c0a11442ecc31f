//! A whole course taught here, by keyboard, from an empty database to the certificate.

use super::courses;
use crate::support::desk::{Campus, Desk};
use crate::support::postgres;
use coursevia::catalog::lessons;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::lesson::{Feedback, Lesson, TaughtCourse};
use coursevia::domain::quiz::{Question, QuestionKind};

/// The course as its files say it.
fn course() -> TaughtCourse {
    let built_in =
        lessons::BUILT_IN.iter().find(|course| course.slug == "digital-literacy").expect("the course");
    lessons::parse(built_in.slug, &built_in.sources()).expect("a good course").course
}

/// The keys that answer a question rightly at the first attempt.
fn right_keys(course: &TaughtCourse, id: EnrollmentId, lesson: &Lesson, question: &Question) -> String {
    let shown = question.shown(&course.rules, id, &lesson.key, 1);
    let digit = |place: usize| (place + 1).to_string();
    let keys = match &question.kind {
        QuestionKind::Single { options, .. } | QuestionKind::Multiple { options, .. } => {
            let right = |option: &u8| options[usize::from(*option)].right;
            shown
                .iter()
                .enumerate()
                .filter(|(_, option)| right(option))
                .map(|(place, _)| digit(place))
                .collect()
        }
        QuestionKind::Text { accept, .. } => accept[0].as_str().replace('<', "<lt>"),
        QuestionKind::Order { items, .. } => {
            let (mut order, mut keys) = (shown, String::new());
            for wanted in 0..items.len() {
                let place = order.iter().position(|item| usize::from(*item) == wanted).expect("an item");
                keys.extend([&digit(place), "<space>", &"k".repeat(place - wanted), "<space>"]);
                let item = order.remove(place);
                order.insert(wanted, item);
            }
            keys
        }
    };
    format!("{keys}<enter>")
}

async fn pass(desk: &mut Desk, course: &TaughtCourse, id: EnrollmentId, lesson: &Lesson) {
    let questions = lesson.quiz.iter().flat_map(|quiz| &quiz.questions);
    for question in questions {
        desk.keys(&right_keys(course, id, lesson, question)).await;
        if course.rules.feedback == Feedback::Immediate {
            desk.sees("✓ Right").keys("<enter>").await;
        }
    }
    if lesson.quiz.is_some() {
        desk.sees("✓ Passed").keys("<enter>").await;
    }
}

async fn a_whole_course(campus: Campus) {
    let course = course();
    let mut desk = campus.desk().await;
    desk.keys("/digital literacy<enter>").await.sees("Taught here").keys("<enter>maya@example.org").await;
    // From here on two keys lead to the first lesson; five are allowed.
    desk.keys("<enter>").await.sees("Enrolled. Enter starts it");
    desk.keys("<enter>").await.sees(&format!("Lesson 1 of {}", course.lessons.len()));
    let id = courses(&campus).await[0].enrollment.id;
    for (number, lesson) in course.lessons.iter().enumerate() {
        desk.sees(&format!("Lesson {} of {}", number + 1, course.lessons.len()));
        // Whoever leaves in the middle comes back to it.
        desk.keys("<pgdn><pgdn><esc>").await.sees("taught here").keys("<enter>").await.keys("G<enter>").await;
        pass(&mut desk, &course, id, lesson).await;
    }
    desk.sees("You have completed").sees("CV-2026-").sees("coursevia certificate verify");
    desk.keys("w").await.sees("Your certificate is saved");
    let files = || std::fs::read_dir(campus.folder()).expect("a folder").filter_map(Result::ok);
    let saved = files().filter(|file| file.file_name().to_string_lossy().starts_with("certificate-")).count();
    assert_eq!(saved, 2);
    desk.keys("<enter>").await.sees("Completed").sees("Read again");
    let view = courses(&campus).await.remove(0);
    assert_eq!((view.enrollment.progress.percent.get(), view.certificate.is_some()), (100, true));
}

#[tokio::test]
async fn a_whole_course_on_sqlite() {
    a_whole_course(Campus::demo().await).await;
}

#[tokio::test]
async fn a_whole_course_on_postgres() {
    if let Some(database) = postgres::database().await {
        a_whole_course(Campus::demo_in(&database.url).await).await;
    }
}
