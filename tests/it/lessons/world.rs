//! A campus that teaches one course itself, and a student who learns it.

use crate::support::desk::Campus;
use crate::support::lessons::{CATALOG, PROGRAM, course, enrolled, key};
use crate::support::postgres;
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::learning::{Learned, OpenedLesson, Outline};
use coursevia::domain::lesson::TaughtCourse;
use coursevia::domain::person::{Email, Student};
use coursevia::domain::plan::CourseImported;
use coursevia::domain::quiz::{Answer, AskedQuestion};
use coursevia::domain::views::CourseView;
use coursevia::service::{ServiceError, Services};

pub struct School {
    pub campus: Campus,
    _database: Option<postgres::Database>,
}

/// Somebody who learns, with the course.
#[derive(Clone, Copy)]
pub struct Learner {
    pub actor: Actor,
    pub course: EnrollmentId,
}

impl School {
    pub async fn sqlite() -> Self {
        Self::of(Campus::with_catalog(CATALOG).await, None).await
    }

    pub async fn postgres() -> Option<Self> {
        let database = postgres::database().await?;
        let campus = Campus::with_catalog_in(&database.url, CATALOG).await;
        Some(Self::of(campus, Some(database)).await)
    }

    async fn of(campus: Campus, database: Option<postgres::Database>) -> Self {
        let school = Self { campus, _database: database };
        school.import(&course(PROGRAM), false).await.expect("imported");
        school
    }

    pub async fn services(&self) -> &Services {
        self.campus.services().await
    }

    pub async fn import(&self, course: &TaughtCourse, safe: bool) -> Result<CourseImported, ServiceError> {
        self.services().await.import_course(course, safe).await
    }

    pub async fn student(&self, address: &str) -> Student {
        let email = Email::parse(address).expect("an address");
        self.services().await.learner(&email, None).await.expect("a student")
    }

    pub async fn learner(&self, address: &str) -> Learner {
        let student = self.student(address).await;
        let course = enrolled(self.services().await, &student).await.expect("enrolled");
        let actor = Actor::Student(self.course(course).await.enrollment.student_id);
        Learner { actor, course }
    }

    pub async fn course(&self, id: EnrollmentId) -> CourseView {
        self.services().await.course(Actor::System, id).await.expect("the course")
    }

    pub async fn outline(&self, who: Learner) -> Outline {
        self.services().await.outline(who.actor, who.course).await.expect("the lessons")
    }

    /// Opens a lesson, a minute after whatever was before.
    pub async fn open(&self, who: Learner, lesson: Option<&str>) -> Result<OpenedLesson, ServiceError> {
        self.campus.clock().advance(TimeDelta::minutes(1));
        let lesson = lesson.map(key);
        self.services().await.open_lesson(who.actor, who.course, lesson.as_ref()).await
    }

    pub async fn read(&self, who: Learner, lesson: &str) -> Result<Learned, ServiceError> {
        self.services().await.finish_lesson(who.actor, who.course, &key(lesson)).await
    }

    pub async fn answer(
        &self,
        who: Learner,
        lesson: &str,
        question: &str,
        answer: Answer,
    ) -> Result<Learned, ServiceError> {
        let services = self.services().await;
        let (lesson, question) = (key(lesson), key(question));
        let asked =
            crate::support::lessons::asked(services, who.actor, who.course, &lesson, &question).await?;
        services.answer_question(who.actor, who.course, &lesson, &asked, answer).await
    }

    /// The same by somebody who saw the question at this attempt, of this version of the course.
    pub async fn answer_seen(
        &self,
        who: Learner,
        lesson: &str,
        (version, attempt, question): (u32, u32, &str),
        answer: Answer,
    ) -> Result<Learned, ServiceError> {
        let asked = AskedQuestion { version, attempt, question: key(question) };
        self.services().await.answer_question(who.actor, who.course, &key(lesson), &asked, answer).await
    }

    pub async fn count(&self, who: Learner, kind: EventKind) -> usize {
        let history = self.services().await.store.list_history(who.course).await.expect("it reads");
        history.iter().filter(|entry| entry.kind == kind).count()
    }
}

/// Why it was refused.
pub fn refused<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> &'static str {
    result.expect_err("it is refused").code()
}
