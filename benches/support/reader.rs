//! The app with a student who opens a lesson, on a terminal in memory: messages in, frames out.

use chrono::DateTime;
use coursevia::domain::enrollment::{Enrollment, Link, Payment, Status};
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::learning::{
    LessonRecord, LessonView, OpenedLesson, Outline, OutlineLesson, TaughtSummary,
};
use coursevia::domain::lesson::{CourseRules, Feedback};
use coursevia::domain::listing::ProgramPage;
use coursevia::domain::person::Student;
use coursevia::domain::program::Slug;
use coursevia::domain::progress::{Percent, Progress};
use coursevia::domain::quiz::{Answer, GivenAnswer, Question, QuestionKind, Quiz};
use coursevia::domain::text::Prose;
use coursevia::domain::time::Instant;
use coursevia::domain::views::{CourseMoney, CourseView, Dashboard};
use coursevia::ui::msg::Who;
use coursevia::ui::{App, Effect, Keymap, Msg, RequestId, Setup, Theme, keys};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use uuid::Uuid;

/// How many questions the quiz has, and how often it was tried: what came of it is said under the text.
const QUESTIONS: u32 = 10;
const ATTEMPTS: u32 = 50;

/// A student at a terminal.
pub struct Reader {
    app: App,
    terminal: Terminal<TestBackend>,
    request: RequestId,
}

impl Reader {
    /// The student has pressed Enter on the course; its lesson is being read.
    pub fn waiting((width, height): (u16, u16)) -> Self {
        let (app, first) = App::new(Setup {
            who: Who::Student(student()),
            ascii: false,
            theme: Theme::Dark,
            utc_offset: chrono::Offset::fix(&chrono::Utc),
            width,
            height,
            now: now(),
            database: String::new(),
            keymap: Keymap::default(),
            mouse: true,
            week_starts: coursevia::domain::calendar::WeekStart::Monday,
            till: coursevia::domain::payment::Till::Sandbox,
            notices: Vec::new(),
        });
        let terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
        let mut reader = Self { app, terminal, request: 0 };
        for effect in first {
            match effect {
                Effect::LoadPrograms { request, .. } => {
                    reader.show(Msg::Programs { request, result: Ok(ProgramPage::whole(Vec::new(), now())) });
                }
                Effect::LoadCourses { request } => {
                    reader.show(Msg::Courses { request, result: Ok(Dashboard::from(vec![course()])) });
                }
                _ => {}
            }
        }
        for msg in keys::parse_script("2<enter>").expect("a good script") {
            reader.show(msg);
        }
        assert_ne!(reader.request, 0, "the lesson is asked for");
        reader
    }

    /// The answer to that.
    pub fn lesson(&self, text: &str) -> Msg {
        let result = Ok(Box::new(opened(text)));
        Msg::LessonOpened { request: self.request, enrollment: enrollment(), result }
    }

    /// A message, until its frame stands.
    pub fn show(&mut self, msg: Msg) {
        for effect in self.app.update(msg, now()) {
            if let Effect::OpenLesson { request, .. } = effect {
                self.request = request;
            }
        }
        self.terminal.draw(|frame| self.app.view(frame)).expect("drawn");
    }
}

fn now() -> Instant {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn enrollment() -> EnrollmentId {
    Uuid::from_u128(1).into()
}

fn slug(raw: &str) -> Slug {
    Slug::parse(raw).expect("a slug")
}

fn student() -> Student {
    Student { id: Uuid::from_u128(2).into(), email: None, name: Some("Maya".into()) }
}

fn course() -> CourseView {
    CourseView {
        enrollment: Enrollment {
            id: enrollment(),
            student_id: student().id,
            program_id: Uuid::from_u128(3).into(),
            delivery: None,
            status: Status::Active,
            payment: Payment::None,
            link: Link::None,
            progress: Progress::default(),
            enrolled_at: now(),
            last_accessed_at: None,
            completed_at: None,
            external_account_id: None,
            external_enrollment_id: None,
            cohort_id: None,
            hold_until: None,
            replaces_id: None,
            switched_from: None,
        },
        student: student(),
        program_slug: slug("files"),
        program_title: "Files and folders".into(),
        partner: None,
        cohort: None,
        account: None,
        jobs: Vec::new(),
        launched: false,
        certificate: None,
        proof: None,
        taught: Some(TaughtSummary { lessons: 1, read: 1 }),
        money: CourseMoney::default(),
        switching: None,
        watched: false,
    }
}

/// The lesson, with a quiz that was tried many times.
fn opened(text: &str) -> OpenedLesson {
    let question = |number: u32| Question {
        id: slug(&format!("q{number}")),
        ask: "What holds files?".into(),
        kind: QuestionKind::Text { accept: vec!["a folder".into()], why: "A folder holds files.".into() },
    };
    let questions: Vec<Question> = (1..=QUESTIONS).map(question).collect();
    let wrong = |attempt: u32, question: &Question| GivenAnswer {
        attempt,
        question: question.id.clone(),
        answer: Answer::Typed("a file".into()),
        right: false,
        at: now(),
    };
    let given = (1..=ATTEMPTS)
        .flat_map(|attempt| questions.iter().map(move |question| wrong(attempt, question)))
        .collect();
    let lesson = OutlineLesson {
        key: slug("files"),
        title: "Files and folders".into(),
        minutes: 60,
        objectives: Vec::new(),
        quiz_minutes: Some(10),
        record: LessonRecord { read_at: Some(now()), ..LessonRecord::default() },
    };
    OpenedLesson {
        outline: Outline {
            enrollment_id: enrollment(),
            title: "Files and folders".into(),
            version: 1,
            rules: CourseRules {
                pass_mark: Percent::new(70).expect("a share"),
                feedback: Feedback::Immediate,
                tries: None,
                shuffle: true,
                in_order: true,
            },
            status: Status::Active,
            lessons: vec![lesson],
        },
        lesson: LessonView {
            key: slug("files"),
            body: Prose::clean(text),
            quiz: Some(Quiz { minutes: 10, questions }),
            given,
        },
    }
}
