//! Rows of courses taught here. What is kept as JSON is read as text first: a damaged one is named.

use super::{bad, clean, optional};
use crate::domain::certificate::{IssuedCertificate, VerificationCode};
use crate::domain::enrollment::Status;
use crate::domain::ids::{CertificateId, CourseVersionId, EnrollmentId};
use crate::domain::learning::{LessonRecord, LessonView, Outline, OutlineLesson, TaughtSummary};
use crate::domain::lesson::{CourseRules, Feedback, Lesson, LessonKey, TaughtCourse, Tries};
use crate::domain::person::{Email, Student};
use crate::domain::program::Slug;
use crate::domain::progress::Percent;
use crate::domain::quiz::{GivenAnswer, Question, Quiz};
use crate::domain::text::{Prose, Text};
use crate::domain::time::Instant;
use crate::domain::views::Certificate;
use crate::domain::web::WebUrl;
use crate::store::error::StoreError;
use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use sqlx::FromRow;
use uuid::Uuid;

fn parsed<T: DeserializeOwned>(raw: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(raw).map_err(|_| bad(what))
}

fn minutes(raw: i64) -> Result<u16, StoreError> {
    raw.try_into().map_err(|_| bad("lesson's length"))
}

fn key(raw: &str) -> Result<LessonKey, StoreError> {
    LessonKey::parse(raw).map_err(|_| bad("lesson's name"))
}

/// Both columns hold something or neither does.
fn quiz(questions: Option<&str>, minutes_of_quiz: Option<i64>) -> Result<Option<Quiz>, StoreError> {
    let Some((questions, length)) = questions.zip(minutes_of_quiz) else {
        return Ok(None);
    };
    let questions: Vec<Question> = parsed(questions, "lesson's quiz")?;
    if questions.is_empty() {
        return Err(bad("lesson's quiz"));
    }
    Ok(Some(Quiz { minutes: minutes(length)?, questions }))
}

#[derive(FromRow)]
pub(in crate::store) struct VersionRow {
    v_id: Uuid,
    number: i64,
    v_title: String,
    pass_mark: i64,
    feedback: String,
    tries: Option<i64>,
    pause_minutes: Option<i64>,
    shuffle: bool,
    in_order: bool,
}

impl VersionRow {
    pub fn id(&self) -> CourseVersionId {
        self.v_id.into()
    }

    fn rules(&self) -> Result<CourseRules, StoreError> {
        let tries = self.tries.zip(self.pause_minutes).map(|(tries, pause)| {
            let in_a_row = u8::try_from(tries).map_err(|_| bad("number of tries"))?;
            Ok::<_, StoreError>(Tries { in_a_row, pause: TimeDelta::minutes(pause) })
        });
        Ok(CourseRules {
            pass_mark: Percent::new(self.pass_mark).ok_or(bad("pass mark"))?,
            feedback: Feedback::parse(&self.feedback).ok_or(bad("way of giving feedback"))?,
            tries: tries.transpose()?,
            shuffle: self.shuffle,
            in_order: self.in_order,
        })
    }

    /// The whole course.
    pub fn course(self, program: &Slug, lessons: Vec<LessonRow>) -> Result<TaughtCourse, StoreError> {
        Ok(TaughtCourse {
            program: program.clone(),
            rules: self.rules()?,
            title: self.v_title.into(),
            lessons: lessons.into_iter().map(Lesson::try_from).collect::<Result<_, _>>()?,
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct LearningRow {
    e_status: String,
    #[sqlx(flatten)]
    version: VersionRow,
}

impl LearningRow {
    /// The version it is about.
    pub fn version(&self) -> CourseVersionId {
        self.version.id()
    }

    pub fn outline(self, id: EnrollmentId, lessons: Vec<OutlineRow>) -> Result<Outline, StoreError> {
        Ok(Outline {
            enrollment_id: id,
            version: self.version.number.try_into().map_err(|_| bad("version of a course"))?,
            rules: self.version.rules()?,
            title: self.version.v_title.into(),
            status: Status::parse(&self.e_status).ok_or(bad("status"))?,
            lessons: lessons.into_iter().map(OutlineLesson::try_from).collect::<Result<_, _>>()?,
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct OutlineRow {
    lesson: String,
    title: String,
    minutes: i64,
    objectives: String,
    quiz_minutes: Option<i64>,
    opened_at: Option<Instant>,
    place: Option<i64>,
    read_at: Option<Instant>,
    passed_at: Option<Instant>,
}

impl TryFrom<OutlineRow> for OutlineLesson {
    type Error = StoreError;
    fn try_from(row: OutlineRow) -> Result<Self, StoreError> {
        Ok(Self {
            key: key(&row.lesson)?,
            title: row.title.into(),
            minutes: minutes(row.minutes)?,
            objectives: parsed(&row.objectives, "lesson's objectives")?,
            quiz_minutes: row.quiz_minutes.map(minutes).transpose()?,
            record: LessonRecord {
                opened_at: row.opened_at,
                place: row.place.and_then(|place| place.try_into().ok()).unwrap_or_default(),
                read_at: row.read_at,
                passed_at: row.passed_at,
            },
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct LessonRow {
    lesson: String,
    title: String,
    minutes: i64,
    objectives: String,
    body: String,
    quiz: Option<String>,
    quiz_minutes: Option<i64>,
}

impl TryFrom<LessonRow> for Lesson {
    type Error = StoreError;
    fn try_from(row: LessonRow) -> Result<Self, StoreError> {
        Ok(Self {
            key: key(&row.lesson)?,
            title: row.title.into(),
            minutes: minutes(row.minutes)?,
            objectives: parsed(&row.objectives, "lesson's objectives")?,
            body: Prose::clean(&row.body),
            quiz: quiz(row.quiz.as_deref(), row.quiz_minutes)?,
        })
    }
}

/// All of a lesson that can be damaged, without its text.
#[derive(FromRow)]
pub(in crate::store) struct LessonCheckRow {
    lesson: String,
    title: String,
    minutes: i64,
    objectives: String,
    quiz: Option<String>,
    quiz_minutes: Option<i64>,
}

impl LessonCheckRow {
    /// Reads it as the app does.
    pub fn check(self) -> Result<(), StoreError> {
        let Self { lesson, title, minutes, objectives, quiz, quiz_minutes } = self;
        let row = LessonRow { lesson, title, minutes, objectives, body: String::new(), quiz, quiz_minutes };
        Lesson::try_from(row).map(drop)
    }
}

#[derive(FromRow)]
pub(in crate::store) struct LessonTextRow {
    body: String,
    quiz: Option<String>,
    quiz_minutes: Option<i64>,
}

impl LessonTextRow {
    pub fn view(&self, key: &LessonKey, given: Vec<GivenAnswer>) -> Result<LessonView, StoreError> {
        let quiz = quiz(self.quiz.as_deref(), self.quiz_minutes)?;
        Ok(LessonView { key: key.clone(), body: Prose::clean(&self.body), quiz, given })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct AnswerRow {
    attempt: i64,
    question: String,
    answer: String,
    correct: bool,
    answered_at: Instant,
}

impl TryFrom<AnswerRow> for GivenAnswer {
    type Error = StoreError;
    fn try_from(row: AnswerRow) -> Result<Self, StoreError> {
        Ok(Self {
            attempt: row.attempt.try_into().map_err(|_| bad("attempt at a quiz"))?,
            question: Slug::parse(&row.question).map_err(|_| bad("question's name"))?,
            answer: parsed(&row.answer, "answer")?,
            right: row.correct,
            at: row.answered_at,
        })
    }
}

/// How many lessons the course has, and how many the student has read; both empty with a partner.
#[derive(FromRow)]
pub(in crate::store) struct TaughtRow {
    lessons: Option<i64>,
    lessons_read: Option<i64>,
}

impl TaughtRow {
    /// `None` while there are no lessons.
    pub fn taught(&self) -> Option<TaughtSummary> {
        let count = |raw: Option<i64>| raw.and_then(|raw| u32::try_from(raw).ok()).unwrap_or_default();
        let (lessons, read) = (count(self.lessons), count(self.lessons_read));
        (lessons > 0).then_some(TaughtSummary { lessons, read })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct CertificateRow {
    f_id: Option<Uuid>,
    external_certificate_id: Option<String>,
    f_url: Option<String>,
    issued_at: Option<Instant>,
    f_expires_at: Option<Instant>,
    f_verify_url: Option<String>,
    verification_code: Option<String>,
    holder: Option<String>,
    course_title: Option<String>,
}

impl CertificateRow {
    /// The certificate; `None` where the LEFT JOIN found none.
    pub fn certificate(&self) -> Option<Certificate> {
        let url = |raw: Option<&String>| raw.and_then(|raw| WebUrl::parse(raw).ok());
        self.f_id.map(|id| Certificate {
            id: CertificateId::from(id),
            external_certificate_id: optional(self.external_certificate_id.as_ref()),
            url: url(self.f_url.as_ref()),
            issued_at: self.issued_at,
            expires_at: self.f_expires_at,
            verify_url: url(self.f_verify_url.as_ref()),
            code: self.verification_code.as_deref().and_then(|raw| VerificationCode::parse(raw).ok()),
            holder: optional(self.holder.as_ref()),
            course: optional(self.course_title.as_ref()),
        })
    }
}

#[derive(FromRow)]
pub(in crate::store) struct IssuedRow {
    external_certificate_id: Option<String>,
    verification_code: String,
    issued_at: Option<Instant>,
    holder: Option<String>,
    course_title: Option<String>,
    student_id: Option<Uuid>,
    name: Option<String>,
    email: Option<String>,
    title: Option<String>,
}

impl TryFrom<IssuedRow> for IssuedCertificate {
    type Error = StoreError;
    fn try_from(row: IssuedRow) -> Result<Self, StoreError> {
        let student = || Student {
            id: row.student_id.unwrap_or_default().into(),
            email: row.email.as_deref().and_then(|raw| Email::parse(raw).ok()),
            name: optional(row.name.as_ref()),
        };
        let holder = optional(row.holder.as_ref()).unwrap_or_else(|| Text::from(student().display()));
        Ok(Self {
            number: optional(row.external_certificate_id.as_ref()).ok_or(bad("certificate's number"))?,
            holder,
            course: optional(row.course_title.as_ref()).unwrap_or_else(|| clean(row.title.as_ref())),
            issued_at: row.issued_at.ok_or(bad("certificate's date"))?,
            code: VerificationCode::parse(&row.verification_code).map_err(|_| bad("certificate's code"))?,
        })
    }
}
