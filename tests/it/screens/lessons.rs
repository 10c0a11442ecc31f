//! A course taught here, with every kind of question. Always the same.

use super::harness::Stage;
use super::world::{self, course};
use chrono::TimeDelta;
use coursevia::domain::certificate::VerificationCode;
use coursevia::domain::enrollment::{Link, Status};
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::learning::{
    Learned, LessonRecord, LessonView, OpenedLesson, Outline, OutlineLesson, TaughtSummary,
};
use coursevia::domain::lesson::{CourseRules, Feedback, LessonKey, Tries};
use coursevia::domain::program::Slug;
use coursevia::domain::progress::{Percent, ProgressSource};
use coursevia::domain::quiz::{Answer, Choice, GivenAnswer, Question, QuestionKind, Quiz, QuizStanding};
use coursevia::domain::text::Prose;
use coursevia::domain::views::{Certificate, CourseView};
use coursevia::ui::Effect;
use coursevia::ui::msg::Msg;
use uuid::Uuid;

pub const TEXT: &str = "\
A *file* is a named thing on a disk: a letter, a photo, a table of figures. A **folder** holds files, and other
folders.

## Where files are

Every file has one place. The path says where it is, from the outside to the inside:

```
Home / Documents / Letters / landlord.txt
```

1. Open the folder *Documents*.
2. Make a new folder in it, and call it *Letters*.
3. Save your letter there.

> A file that you can't find again is as good as lost: choose its name so that you know in a year what is in it.

| Ending | What it holds | Opens with |
|---|---|---|
| .txt | plain text | any editor |
| .jpg | a photo | any viewer |
| .pdf | a page to print | a browser |

## Keeping files safe

Keep a second copy of what you can't do without, in another place. How that is done says the page of the
[national cyber centre](https://www.ncsc.example/backups), and [the next lesson](03-web.md) shows how to find more.

![A folder with three files in it](https://pictures.example.org/folder.png)

- A copy on a stick that lies elsewhere
- A copy in a cloud storage
- Never only one of them for what matters most
";

pub fn key(raw: &str) -> LessonKey {
    Slug::parse(raw).expect("a key")
}

fn choice(text: &str, right: bool, why: &str) -> Choice {
    Choice { text: text.into(), right, why: why.into() }
}

pub fn quiz() -> Quiz {
    let question = |id: &str, ask: &str, kind| Question { id: key(id), ask: ask.into(), kind };
    Quiz {
        minutes: 5,
        questions: vec![
            question(
                "where",
                "Where does the file Home / Documents / Letters / landlord.txt lie?",
                QuestionKind::Single {
                    options: vec![
                        choice("In the folder Home", false, "Home is only the beginning of the path."),
                        choice("In the folder Letters", true, "The last folder of the path holds the file."),
                        choice("In the folder landlord.txt", false, "That is the file itself."),
                    ],
                    why: None,
                },
            ),
            question(
                "safe",
                "Which of these keep a file safe?",
                QuestionKind::Multiple {
                    options: vec![
                        choice("A copy on a stick in a drawer", true, "Another place, another copy."),
                        choice("A second name for the same file", false, "That is no second copy."),
                        choice("A copy in a cloud storage", true, "Another place, another copy."),
                        choice("A longer name", false, "A name protects nothing."),
                    ],
                    why: Some("What exists once only can be lost at once.".into()),
                },
            ),
            question(
                "ending",
                "Which ending does plain text have?",
                QuestionKind::Text {
                    accept: vec![".txt".into(), "txt".into()],
                    why: "Any editor opens a file that ends in .txt.".into(),
                },
            ),
            question(
                "steps",
                "In which order is a letter saved in a new folder?",
                QuestionKind::Order {
                    items: vec![
                        "Open Documents".into(),
                        "Make the folder Letters".into(),
                        "Save the letter in it".into(),
                    ],
                    why: "A folder has to be there before something can lie in it.".into(),
                },
            ),
        ],
    }
}

pub fn enrollment() -> EnrollmentId {
    taught(0, None).enrollment.id
}

/// Maya's enrollment in a course of four lessons, of which so many are read.
pub fn taught(read: u32, percent: Option<i64>) -> CourseView {
    let mut view = course("Digital Literacy", "Certiport", percent, 3);
    view.partner = None;
    view.account = None;
    view.enrollment.delivery = None;
    view.enrollment.link = Link::None;
    view.enrollment.external_account_id = None;
    view.enrollment.external_enrollment_id = None;
    view.enrollment.progress.source = percent.map(|_| ProgressSource::Here);
    view.launched = percent.is_some();
    view.taught = Some(TaughtSummary { lessons: 4, read });
    view
}

/// The same, completed, with its certificate.
pub fn certified() -> CourseView {
    let mut view = taught(4, Some(100));
    view.enrollment.status = Status::Completed;
    view.enrollment.completed_at = Some(world::now());
    view.certificate = Some(Certificate {
        id: Uuid::nil().into(),
        external_certificate_id: Some("CV-2026-7K4M9QXT".into()),
        url: None,
        issued_at: Some(world::now()),
        expires_at: None,
        verify_url: None,
        code: VerificationCode::parse("7K4M-9QXT-00AB-ZZ19").ok(),
        holder: Some("Maya Okafor".into()),
        course: Some("Digital Literacy".into()),
    });
    view
}

/// The course, with so many lessons done and the next one opened at `place`.
pub fn outline(done: usize, feedback: Feedback) -> Outline {
    let lesson = |number: usize, raw: &str, title: &str, minutes, quiz_minutes, objectives: &[&str]| {
        let at = |number: usize| {
            world::now() - TimeDelta::hours(9) + TimeDelta::hours(i64::try_from(number).unwrap_or(0))
        };
        let finished = (number < done).then(|| at(number));
        OutlineLesson {
            key: key(raw),
            title: title.into(),
            minutes,
            objectives: objectives.iter().map(|words| (*words).into()).collect(),
            quiz_minutes,
            record: LessonRecord {
                opened_at: (number <= done).then(|| at(number)),
                place: 0,
                read_at: finished,
                passed_at: finished.filter(|_| quiz_minutes.is_some()),
            },
        }
    };
    Outline {
        enrollment_id: enrollment(),
        title: "Digital Literacy".into(),
        version: 1,
        rules: CourseRules {
            pass_mark: Percent::new(70).expect("a share"),
            feedback,
            tries: Some(Tries { in_a_row: 2, pause: TimeDelta::minutes(10) }),
            shuffle: true,
            in_order: true,
        },
        status: Status::Active,
        lessons: vec![
            lesson(0, "computer", "What a computer is", 15, None, &[]),
            lesson(
                1,
                "files",
                "Files and folders",
                20,
                Some(5),
                &["find a file again by its path", "keep a second copy of what you can't do without"],
            ),
            lesson(2, "web", "The web, and how to find something in it", 25, Some(4), &[]),
            lesson(3, "mail", "Mail", 20, None, &[]),
        ],
    }
}

/// The second lesson, opened.
pub fn opened() -> OpenedLesson {
    opened_with(outline(1, Feedback::Immediate), Vec::new())
}

/// The second lesson in this course, with these answers to its quiz.
pub fn opened_with(outline: Outline, given: Vec<GivenAnswer>) -> OpenedLesson {
    let lesson = LessonView { key: key("files"), body: Prose::clean(TEXT), quiz: Some(quiz()), given };
    OpenedLesson { outline, lesson }
}

/// Another lesson, without a quiz.
pub fn other(outline: Outline, raw: &str) -> OpenedLesson {
    let body = Prose::clean("Mail goes from one address to another.");
    OpenedLesson { outline, lesson: LessonView { key: key(raw), body, quiz: None, given: Vec::new() } }
}

/// What a service answers to the last step, by the rules of the domain.
pub struct Learner {
    pub opened: OpenedLesson,
}

impl Learner {
    /// Answers the last `FinishLesson`.
    pub fn reads(&mut self, stage: Stage) -> Stage {
        let number = self.opened.outline.number_of(&self.opened.lesson.key).expect("a lesson");
        self.opened.outline.lessons[number].record.read_at = Some(world::now());
        self.tells(stage)
    }

    /// Answers the last `AnswerQuestion`.
    pub fn answers(&mut self, stage: Stage) -> Stage {
        let (question, answer) = stage.last(|effect| match effect {
            Effect::AnswerQuestion { question, answer, .. } => Some((question.clone(), answer.clone())),
            _ => None,
        });
        self.given(question, answer);
        self.tells(stage)
    }

    fn given(&mut self, question: LessonKey, answer: Answer) {
        let quiz = self.opened.lesson.quiz.clone().expect("a quiz");
        let number = self.opened.outline.number_of(&self.opened.lesson.key).expect("a lesson");
        let passed = self.opened.outline.lessons[number].record.passed_at.is_some();
        let standing =
            quiz.standing(&self.opened.outline.rules, &self.opened.lesson.given, passed, world::now());
        let attempt = match standing {
            QuizStanding::Next(attempt) | QuizStanding::UnderWay(attempt, _) => attempt,
            other => panic!("{other:?}"),
        };
        let right = quiz.question(&question).expect("a question").is_right(&answer);
        self.opened.lesson.given.push(GivenAnswer { attempt, question, answer, right, at: world::now() });
        let mark = self.opened.outline.rules.pass_mark;
        if quiz.score_of(mark, &self.opened.lesson.given, attempt).is_some_and(|score| score.passed) {
            self.opened.outline.lessons[number].record.passed_at = Some(world::now());
        }
    }

    fn tells(&self, stage: Stage) -> Stage {
        let completed = self.opened.outline.is_complete();
        let learned = Learned {
            lesson: self.opened.lesson.key.clone(),
            outline: self.opened.outline.clone(),
            given: self.opened.lesson.given.clone(),
            score: None,
            completed,
        };
        stage.reply(step, |request| Msg::Learned {
            request,
            enrollment: enrollment(),
            result: Ok(Box::new(learned.clone())),
        })
    }
}

/// The last step that was asked for.
pub fn step(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::FinishLesson { request, .. } | Effect::AnswerQuestion { request, .. } => Some(*request),
        _ => None,
    }
}

/// The last lesson that was asked for.
pub fn opening(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::OpenLesson { request, .. } => Some(*request),
        _ => None,
    }
}

/// Enter on the course, and the lesson is there.
pub fn reading(stage: Stage, opened: &OpenedLesson) -> Stage {
    answer(stage.programs().courses(vec![taught(1, Some(18))]).keys("<enter>"), opened)
}

/// The last lesson asked for is there.
pub fn answer(stage: Stage, opened: &OpenedLesson) -> Stage {
    stage.reply(opening, |request| Msg::LessonOpened {
        request,
        enrollment: enrollment(),
        result: Ok(Box::new(opened.clone())),
    })
}

/// A wrong answer to every question of this attempt.
pub fn all_wrong(attempt: u32, minutes_ago: i64) -> Vec<GivenAnswer> {
    let at = world::now() - TimeDelta::minutes(minutes_ago);
    let wrong = |question: &Question| match question.kind {
        QuestionKind::Single { .. } => Answer::Chosen(vec![0]),
        QuestionKind::Multiple { .. } => Answer::Chosen(vec![0, 3]),
        QuestionKind::Text { .. } => Answer::Typed(".doc".into()),
        QuestionKind::Order { .. } => Answer::Ordered(vec![2, 0, 1]),
    };
    let given = |question: &Question| GivenAnswer {
        attempt,
        question: question.id.clone(),
        answer: wrong(question),
        right: false,
        at,
    };
    quiz().questions.iter().map(given).collect()
}

/// The right answer to every question of this attempt.
pub fn all_right(attempt: u32) -> Vec<GivenAnswer> {
    let right = [
        Answer::Chosen(vec![1]),
        Answer::Chosen(vec![0, 2]),
        Answer::Typed(".txt".into()),
        Answer::Ordered(vec![0, 1, 2]),
    ];
    let given = |(question, answer): (&Question, Answer)| GivenAnswer {
        attempt,
        question: question.id.clone(),
        answer,
        right: true,
        at: world::now(),
    };
    quiz().questions.iter().zip(right).map(given).collect()
}
