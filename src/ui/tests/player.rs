//! The player of a course taught here: its keys, its effects, what survives a failure.

mod going_on;

use super::stage::{Stage, confirmed, count, down, start, student};
use crate::domain::enrollment::{Link, Status};
use crate::domain::failure::Failure;
use crate::domain::learning::fixtures::outline;
use crate::domain::learning::{Learned, LessonView, OpenedLesson, TaughtSummary};
use crate::domain::lesson::{Feedback, LessonKey, Tries};
use crate::domain::program::Slug;
use crate::domain::quiz::fixtures::{multiple, order, quiz, single, typed};
use crate::domain::quiz::{Answer, GivenAnswer, Quiz};
use crate::domain::text::Prose;
use crate::domain::views::{Certificate, CourseView};
use crate::ui::effect::Effect;
use crate::ui::keymap::{self, Action, Layer};
use crate::ui::msg::{Msg, Who};
use chrono::TimeDelta;
use uuid::Uuid;

fn key(raw: &str) -> LessonKey {
    Slug::parse(raw).unwrap()
}

/// A course taught here, of three lessons.
fn taught() -> CourseView {
    let mut course = confirmed();
    course.enrollment.id = Uuid::from_u128(1).into();
    course.partner = None;
    course.account = None;
    course.enrollment.delivery = None;
    course.enrollment.link = Link::None;
    course.program_title = "Digital Literacy".into();
    course.taught = Some(TaughtSummary { lessons: 3, read: 0 });
    course
}

fn certified() -> CourseView {
    let mut course = taught();
    course.enrollment.status = Status::Completed;
    course.certificate = Some(Certificate {
        id: Uuid::nil().into(),
        external_certificate_id: Some("CV-2025-7K4M9QXT".into()),
        url: None,
        issued_at: Some(start()),
        expires_at: None,
        verify_url: None,
        code: crate::domain::certificate::VerificationCode::parse("7K4M-9QXT-00AB-ZZ19").ok(),
        holder: None,
        course: None,
    });
    course
}

fn questions() -> Quiz {
    quiz(vec![single("one", 3, 1), multiple("two", 4, &[0, 2]), typed("three"), order("four", 3)])
}

/// The first of three lessons, longer than a screen, with a quiz.
fn opened() -> OpenedLesson {
    let mut outline = outline(&[("files", 20, Some(4)), ("web", 10, None), ("mail", 10, None)]);
    outline.lessons[0].record.opened_at = Some(start());
    let paragraphs: Vec<String> = (0..40).map(|number| format!("Paragraph {number} of the text.")).collect();
    let links = "See [the web](02-web.md) and [a page](https://example.org/a).";
    let body = Prose::clean(&format!("{}\n\n{links}", paragraphs.join("\n\n")));
    OpenedLesson {
        outline,
        lesson: LessonView { key: key("files"), body, quiz: Some(questions()), given: vec![] },
    }
}

/// Another lesson of the same course, short and without a quiz.
fn other(raw: &str, mut outline: crate::domain::learning::Outline) -> OpenedLesson {
    let number = outline.number_of(&key(raw)).unwrap();
    outline.lessons[number].record.opened_at = Some(start());
    let body = Prose::clean("Short.");
    OpenedLesson { outline, lesson: LessonView { key: key(raw), body, quiz: None, given: vec![] } }
}

fn closed(course: CourseView) -> Stage {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![course]);
    stage.keys("2");
    stage.courses(stage.app.courses.all().to_vec());
    stage
}

fn open(stage: &mut Stage, opened: OpenedLesson) {
    let request = stage.request(|effect| matches!(effect, Effect::OpenLesson { .. }));
    let enrollment = taught().enrollment.id;
    stage.send(Msg::LessonOpened { request, enrollment, result: Ok(Box::new(opened)) });
}

fn reading_with(opened: OpenedLesson) -> Stage {
    let mut stage = closed(taught());
    stage.keys("<enter>");
    open(&mut stage, opened);
    stage
}

fn reading() -> Stage {
    reading_with(opened())
}

fn refused(code: &'static str, message: &str) -> Failure {
    Failure { refused: true, ..Failure::new(code, message) }
}

fn is_step(effect: &Effect) -> bool {
    matches!(effect, Effect::FinishLesson { .. } | Effect::AnswerQuestion { .. })
}

fn is_place(effect: &Effect) -> bool {
    matches!(effect, Effect::KeepPlace { .. })
}

fn learned(stage: &mut Stage, result: Result<Learned, Failure>) -> Vec<Effect> {
    let request = stage.request(is_step);
    let enrollment = taught().enrollment.id;
    stage.send(Msg::Learned { request, enrollment, result: result.map(Box::new) })
}

/// The lesson on screen after a step, as the service tells it.
fn after(opened: &OpenedLesson) -> Learned {
    Learned {
        lesson: opened.lesson.key.clone(),
        outline: opened.outline.clone(),
        given: opened.lesson.given.clone(),
        score: None,
        completed: opened.outline.is_complete(),
    }
}

/// The answers that are in the quiz, right where `right`.
fn given(attempt: u32, right: bool) -> Vec<GivenAnswer> {
    let answers = [
        Answer::Chosen(vec![u8::from(right)]),
        Answer::Chosen(if right { vec![0, 2] } else { vec![3] }),
        Answer::Typed(if right { "browser".into() } else { "x".into() }),
        Answer::Ordered(if right { vec![0, 1, 2] } else { vec![2, 1, 0] }),
    ];
    let questions = questions().questions;
    let all = questions.iter().zip(answers);
    all.map(|(question, answer)| GivenAnswer {
        attempt,
        question: question.id.clone(),
        answer,
        right,
        at: start(),
    })
    .collect()
}

/// The quiz with so many right answers given already.
fn asking(answers: usize, feedback: Feedback) -> (Stage, OpenedLesson) {
    let mut opened = opened();
    opened.outline.rules.feedback = feedback;
    opened.outline.lessons[0].record.read_at = Some(start());
    opened.lesson.given = given(1, true).into_iter().take(answers).collect();
    let mut stage = reading_with(opened.clone());
    stage.keys("t");
    (stage, opened)
}

/// Every part of the player, in every state that has keys of its own.
pub fn stages() -> Vec<(String, Stage)> {
    let mut out = Vec::new();
    let mut add = |name: &str, mut stage: Stage, keys: &str| {
        stage.keys(keys);
        out.push((format!("{name} {keys}"), stage));
    };
    for keys in ["", "o", "<enter>", "<enter>o"] {
        add("taught", closed(taught()), keys);
        add("certified", closed(certified()), keys);
    }
    for keys in [
        "",
        "<space>",
        "G",
        "G<enter>",
        "/",
        "/text",
        "/text<enter>",
        "/paragraph 7<enter>",
        "/zzz",
        "f",
        "fj",
        "o",
        "oG",
        "?",
    ] {
        add("lesson", reading(), keys);
    }
    let done = || {
        let mut opened = opened();
        opened.outline.lessons[0].record.read_at = Some(start());
        opened.outline.lessons[0].record.passed_at = Some(start());
        opened.lesson.given = given(1, true);
        opened
    };
    for keys in ["", "t", "G", "o", "oj", "n"] {
        add("done", reading_with(done()), keys);
    }
    add("second", reading_with(other("web", done().outline)), "");
    for answers in 0..4 {
        for keys in ["", "<space>", "j", "<enter>", "<space><down>", "x"] {
            add("quiz", asking(answers, Feedback::Immediate).0, keys);
        }
        let (mut stage, mut opened) = asking(answers, Feedback::Immediate);
        stage.keys("jx<space><enter>");
        if stage.app.player().is_some_and(|player| player.sending.is_some()) {
            opened.lesson.given.push(given(1, true).swap_remove(answers));
            learned(&mut stage, Ok(after(&opened)));
            add("told", stage, "");
        }
    }
    let mut pausing = opened();
    pausing.outline.rules.tries = Some(Tries { in_a_row: 1, pause: TimeDelta::minutes(10) });
    pausing.lesson.given = given(1, false);
    add("pausing", reading_with(pausing.clone()), "t");
    pausing.outline.rules.tries = None;
    pausing.outline.lessons[0].record.read_at = Some(start());
    add("failed", reading_with(pausing), "t");
    let mut end = other("mail", outline(&[("mail", 10, None)]));
    end.outline.status = Status::Completed;
    end.outline.lessons[0].record.read_at = Some(start());
    for keys in ["", "<enter>", "<enter>w"] {
        let mut stage = closed(certified());
        stage.keys("<enter>");
        open(&mut stage, end.clone());
        add("completed", stage, keys);
    }
    out
}

#[test]
fn enter_opens_the_lesson_where_the_student_was() {
    let mut stage = closed(taught());
    let asked = stage.keys("<enter>");
    assert!(matches!(asked.as_slice(), [Effect::OpenLesson { lesson: None, .. }]), "{asked:?}");
    let mut opened = opened();
    opened.outline.lessons[0].record.place = opened.lesson.body.as_str().find("Paragraph 25").unwrap();
    open(&mut stage, opened);
    let picture = stage.picture();
    let first = picture.lines().find(|line| line.contains("Paragraph")).unwrap().to_owned();
    assert!(first.contains("Paragraph 25"), "{picture}");
    for size in ["60x20", "120x40", "40x10", "100x30"] {
        stage.keys(&format!("<resize:{size}>"));
        let picture = stage.picture();
        let first = picture.lines().find(|line| line.contains("Paragraph")).unwrap().to_owned();
        assert!(first.contains("Paragraph 25"), "{size}\n{picture}");
    }
    assert_eq!(count(&stage.asked, is_place), 0, "a resize is no reading");
}

#[test]
fn one_place_is_under_way_and_the_latest_wins() {
    let mut stage = reading();
    let asked = stage.keys("jjjjjjjjjjj");
    assert_eq!(count(&asked, is_place), 1, "{asked:?}");
    let kept = |stage: &mut Stage, result| {
        let enrollment = taught().enrollment.id;
        stage.send(Msg::PlaceKept { enrollment, lesson: key("files"), result })
    };
    let asked = kept(&mut stage, Ok(()));
    let place = stage.app.player().unwrap().place;
    let (enrollment, lesson) = (taught().enrollment.id, key("files"));
    assert_eq!(asked, [Effect::KeepPlace { enrollment, lesson, place }]);
    assert_eq!(kept(&mut stage, Ok(())), [], "nothing is new");
    // Whoever leaves while one is under way loses nothing.
    stage.keys("jj");
    let left = stage.keys("jj<esc>");
    assert_eq!(count(&left, is_place), 0, "{left:?}");
    assert_eq!(count(&kept(&mut stage, Ok(())), is_place), 1);
    let mut stage = reading();
    let quit = stage.keys("jjjjjjjq");
    assert_eq!(quit.last(), Some(&Effect::Quit));
    assert_eq!(count(&quit, is_place), 2, "{quit:?}");
}

#[test]
fn reading_goes_on_while_the_database_is_down() {
    let mut stage = reading();
    stage.keys("jjjjj");
    let enrollment = taught().enrollment.id;
    let failed = |stage: &mut Stage| {
        stage.send(Msg::PlaceKept { enrollment, lesson: key("files"), result: Err(down()) })
    };
    assert_eq!(failed(&mut stage), []);
    assert!(stage.message().contains("can't be saved now"), "{}", stage.message());
    let said = stage.app.said.all.len();
    assert_eq!(stage.keys("jjjj"), [], "no try before it is due");
    assert!(stage.app.wants_tick());
    assert_eq!(count(&stage.later(6), is_place), 1);
    failed(&mut stage);
    assert_eq!(stage.app.said.all.len(), said, "said once");
    stage.later(6);
    stage.send(Msg::PlaceKept { enrollment, lesson: key("files"), result: Ok(()) });
    assert!(stage.message().contains("saved again"));
}

#[test]
fn enter_reads_on_and_then_takes_the_quiz() {
    let mut stage = reading();
    let mut pages = 0;
    while !stage.app.at_lesson_end() {
        stage.keys("<enter>");
        pages += 1;
        assert!(pages < 20);
    }
    let asked = stage.keys("<enter><enter>");
    assert_eq!(count(&asked, is_step), 1, "{asked:?}");
    let mut opened = opened();
    opened.outline.lessons[0].record.read_at = Some(start());
    learned(&mut stage, Ok(after(&opened)));
    assert_eq!(stage.app.layer(), Layer::Quiz);
    stage.keys("<esc>");
    assert_eq!(stage.app.layer(), Layer::Lesson);
    stage.keys("<enter>");
    assert_eq!(stage.app.layer(), Layer::Quiz, "what is read is not read again");
}

#[test]
fn answers_hold_places_of_the_lessons_own_order() {
    let (mut stage, opened) = asking(0, Feedback::Immediate);
    let order = stage.app.player().unwrap().quiz().unwrap().order.clone();
    let asked = stage.keys("3<enter>");
    let sent = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::AnswerQuestion { answer, .. } => Some(answer.clone()),
            _ => None,
        })
    };
    assert_eq!(sent(&asked), Some(Answer::Chosen(vec![order[2]])));
    assert_eq!(stage.keys("<enter>12<space>"), [], "an answer is under way");
    learned(&mut stage, Err(down()));
    assert!(stage.picture().contains("can't be reached"), "{}", stage.picture());
    assert_eq!(sent(&stage.keys("<enter>")), Some(Answer::Chosen(vec![order[2]])), "what was chosen is kept");
    let mut next = opened.clone();
    next.lesson.given = given(1, true).into_iter().take(1).collect();
    learned(&mut stage, Ok(after(&next)));
    assert_eq!(stage.app.layer(), Layer::Told);
    stage.keys("<enter>");
    assert_eq!(stage.keys("<enter>"), [], "nothing is marked");
    assert!(stage.picture().contains("Mark at least one"));
    let (mut stage, _) = asking(3, Feedback::Final);
    let order = stage.app.player().unwrap().quiz().unwrap().order.clone();
    let asked = stage.keys("<space>jj<enter><enter>");
    assert_eq!(sent(&asked), Some(Answer::Ordered(vec![order[1], order[2], order[0]])));
}

#[test]
fn words_are_typed_and_pasted_in_one_line() {
    let (mut stage, _) = asking(2, Feedback::Final);
    assert_eq!(stage.app.layer(), Layer::Answer);
    stage.keys("web 12<paste: \u{1b}[31mbrow\nser>");
    let typed = stage.app.player().unwrap().quiz().unwrap().field.text().to_owned();
    assert_eq!(typed, "web 12brow ser");
    assert!(stage.keys("<enter>").iter().any(is_step));
}

#[test]
fn a_quiz_under_way_goes_on_at_the_first_open_question() {
    let (stage, _) = asking(2, Feedback::Immediate);
    assert_eq!(stage.app.player().unwrap().quiz().unwrap().place, 2);
    let (mut stage, mut opened) = asking(1, Feedback::Immediate);
    stage.keys("<space><enter>");
    learned(&mut stage, Err(refused("answered_already", "It was answered already.")));
    opened.lesson.given = given(1, true).into_iter().take(2).collect();
    open(&mut stage, opened);
    assert_eq!(stage.app.player().unwrap().quiz().unwrap().place, 2, "another terminal went on");
}

#[test]
fn a_locked_lesson_says_what_opens_it() {
    let mut stage = reading();
    assert_eq!(stage.keys("oj<enter>"), []);
    assert!(stage.message().contains("opens when"), "{}", stage.message());
    assert_eq!(stage.keys("<esc>n"), []);
    assert_eq!(stage.keys("f1"), [], "the link leads to a locked lesson");
    assert!(stage.message().contains("opens when"), "{}", stage.message());
    let asked = stage.keys("f2");
    assert!(matches!(asked.as_slice(), [Effect::OpenLessonLink { .. }]), "{asked:?}");
}

#[test]
fn esc_goes_back_step_by_step() {
    let mut stage = reading();
    stage.keys("/text<enter>");
    assert_eq!(stage.app.layer(), Layer::Found);
    stage.keys("<esc>o<esc>");
    assert_eq!(stage.app.layer(), Layer::Lesson);
    stage.keys("<esc>");
    assert_eq!(stage.app.layer(), Layer::Courses);
}

#[test]
fn the_last_step_shows_the_certificate() {
    let mut end = other("mail", outline(&[("mail", 10, None)]));
    let mut stage = reading_with(end.clone());
    stage.keys("<enter>");
    end.outline.lessons[0].record.read_at = Some(start());
    let asked = learned(&mut stage, Ok(after(&end)));
    assert!(asked.iter().any(|effect| matches!(effect, Effect::LoadCourses { .. })));
    assert_eq!(stage.app.layer(), Layer::Completed);
    stage.courses(vec![certified()]);
    assert!(stage.picture().contains("CV-2025-7K4M9QXT"), "{}", stage.picture());
    assert_eq!(stage.keys("y"), [Effect::CopyText("7K4M-9QXT-00AB-ZZ19".to_owned())]);
    assert!(matches!(stage.keys("w").as_slice(), [Effect::SaveCertificate { .. }]));
    stage.keys("<enter>");
    assert_eq!(stage.app.layer(), Layer::Courses);
}

#[test]
fn a_lesson_that_is_gone_is_said_and_left() {
    let mut stage = closed(taught());
    stage.keys("<enter>");
    let request = stage.request(|effect| matches!(effect, Effect::OpenLesson { .. }));
    let enrollment = taught().enrollment.id;
    let gone = refused("unknown_lesson", "Digital Literacy has no such lesson.");
    stage.send(Msg::LessonOpened { request, enrollment, result: Err(gone) });
    assert_eq!(
        (stage.app.layer(), stage.message()),
        (Layer::Courses, "Digital Literacy has no such lesson.")
    );
    let mut stage = reading();
    let late = refused("already_completed", "You have completed it.");
    stage.keys("G<enter>");
    learned(&mut stage, Err(late));
    assert_eq!((stage.app.layer(), stage.message()), (Layer::Lesson, "You have completed it."));
}

#[test]
fn a_late_answer_of_a_player_that_was_left_changes_no_other() {
    let mut stage = reading();
    stage.keys("G<enter>");
    let request = stage.request(is_step);
    stage.keys("<esc>");
    let enrollment = taught().enrollment.id;
    let asked = stage.send(Msg::Learned { request, enrollment, result: Ok(Box::new(after(&opened()))) });
    assert!(matches!(asked.as_slice(), [Effect::LoadCourses { .. }]), "{asked:?}");
    assert_eq!(stage.app.layer(), Layer::Courses);
}

#[test]
fn the_end_of_the_text_can_be_reached_on_the_smallest_terminal() {
    for size in ["40x10", "41x15", "60x20", "250x70"] {
        let mut stage = reading();
        stage.keys(&format!("<resize:{size}>G"));
        assert!(stage.picture().contains("take the quiz"), "{}", stage.picture());
        let label = keymap::label(&stage.app, Action::Go);
        assert_eq!(label, Some("take the quiz"));
    }
}
