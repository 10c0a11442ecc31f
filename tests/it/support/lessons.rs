//! A small course that is taught here, and somebody who learns it.

use coursevia::domain::actor::Actor;
use coursevia::domain::decide::Choice;
use coursevia::domain::enrollment::Status;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::lesson::{CourseRules, Feedback, Lesson, LessonKey, TaughtCourse};
use coursevia::domain::person::Student;
use coursevia::domain::program::Slug;
use coursevia::domain::progress::Percent;
use coursevia::domain::quiz::{
    Answer, AskedQuestion, Choice as QuizOption, Question, QuestionId, QuestionKind, Quiz, QuizStanding,
};
use coursevia::domain::text::Prose;
use coursevia::service::{Enroll, ServiceError, Services};

/// Its program, which no partner delivers.
pub const PROGRAM: &str = "paper-folding";

/// A catalogue with nothing else.
pub const CATALOG: &str = r#"
[[program]]
slug = "paper-folding"
title = "Paper Folding"
category = "Arts"
summary = "Cranes and boats."
"#;

pub fn key(raw: &str) -> LessonKey {
    Slug::parse(raw).expect("a key")
}

/// A question with three options, of which the second is right.
pub fn question(id: &str) -> Question {
    let option = |place: usize| QuizOption {
        text: format!("Option {place}").into(),
        right: place == 1,
        why: format!("Because of {place}.").into(),
    };
    let kind = QuestionKind::Single { options: (0..3).map(option).collect(), why: None };
    Question { id: key(id), ask: "Which one?".into(), kind }
}

pub fn right() -> Answer {
    Answer::Chosen(vec![1])
}

pub fn wrong() -> Answer {
    Answer::Chosen(vec![0])
}

pub fn lesson(name: &str, minutes: u16, questions: &[&str]) -> Lesson {
    let quiz = Quiz { minutes: 5, questions: questions.iter().map(|id| question(id)).collect() };
    Lesson {
        key: key(name),
        title: format!("About {name}").into(),
        minutes,
        objectives: vec![format!("Know {name}.").into()],
        body: Prose::clean(&format!("# About {name}\n\nFold it twice, “so”.\n")),
        quiz: (!questions.is_empty()).then_some(quiz),
    }
}

/// Three lessons, 55 minutes in all; the first and the last have a quiz.
pub fn course(program: &str) -> TaughtCourse {
    TaughtCourse {
        program: key(program),
        title: "The Art of Folding".into(),
        rules: CourseRules {
            pass_mark: Percent::new(70).expect("a share"),
            feedback: Feedback::Immediate,
            tries: None,
            shuffle: true,
            in_order: true,
        },
        lessons: vec![
            lesson("crane", 20, &["wings", "tail"]),
            lesson("boat", 15, &[]),
            lesson("frog", 10, &["legs"]),
        ],
    }
}

/// A student's live or completed course in [`PROGRAM`]; enrolls where there is none.
pub async fn enrolled(services: &Services, student: &Student) -> Result<EnrollmentId, ServiceError> {
    let program = services.program(PROGRAM).await?;
    let known = services.as_known(student.clone()).await?;
    let mine = services.store.list_courses(known.id).await?;
    let stands = mine
        .iter()
        .find(|view| view.program_slug.as_str() == PROGRAM && view.enrollment.status != Status::Cancelled);
    if let Some(view) = stands {
        return Ok(view.enrollment.id);
    }
    let (actor, choice) = (Actor::Student(known.id), Choice::Unmade);
    let request = Enroll { actor, student: &known, program: program.program.id, choice };
    Ok(Box::pin(services.enroll(&request)).await?.enrollment.id)
}

/// A question as somebody sees it who looks at the quiz now.
pub async fn asked(
    services: &Services,
    actor: Actor,
    id: EnrollmentId,
    lesson: &LessonKey,
    question: &QuestionId,
) -> Result<AskedQuestion, ServiceError> {
    let outline = services.outline(actor, id).await?;
    let number = outline.number_of(lesson).expect("a lesson");
    let passed = outline.lessons[number].record.passed_at.is_some();
    let found = services.store.find_lesson(id, outline.version, lesson).await?.expect("a lesson");
    let quiz = found.quiz.expect("a quiz");
    let attempt = match quiz.standing(&outline.rules, &found.given, passed, services.clock.now()) {
        QuizStanding::Next(attempt) | QuizStanding::UnderWay(attempt, _) | QuizStanding::Passed(attempt) => {
            attempt
        }
        QuizStanding::Pausing(_) => found.given.iter().map(|given| given.attempt).max().unwrap_or(1),
    };
    Ok(AskedQuestion { version: outline.version, attempt, question: question.clone() })
}

/// Goes on from wherever it was left, to the certificate.
pub async fn learn(services: &Services, student: &Student) -> Result<(), ServiceError> {
    let id = enrolled(services, student).await?;
    let view = services.store.find_course(id).await?.expect("it stands");
    if view.taught.is_none() {
        services.import_course(&course(PROGRAM), false).await?;
    }
    let actor = Actor::Student(view.enrollment.student_id);
    while !services.outline(actor, id).await?.is_complete() {
        let opened = services.open_lesson(actor, id, None).await?;
        let lesson = &opened.lesson.key;
        services.keep_place(actor, id, lesson, 7).await?;
        services.finish_lesson(actor, id, lesson).await?;
        for question in opened.lesson.quiz.iter().flat_map(|quiz| &quiz.questions) {
            if opened.lesson.given.iter().all(|given| given.question != question.id) {
                let asked = asked(services, actor, id, lesson, &question.id).await?;
                services.answer_question(actor, id, lesson, &asked, right()).await?;
            }
        }
    }
    Ok(())
}
