//! Courses taught here.

use super::{Task, told};
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::learning::{Learned, OpenedLesson};
use crate::domain::lesson::LessonKey;
use crate::domain::quiz::{Answer, AskedQuestion};

impl Task {
    pub(super) async fn open_lesson(
        &self,
        id: EnrollmentId,
        lesson: Option<LessonKey>,
    ) -> Result<Box<OpenedLesson>, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.open_lesson(actor, id, lesson.as_ref()).await).map(Box::new)
    }

    pub(super) async fn keep_place(
        &self,
        id: EnrollmentId,
        lesson: &LessonKey,
        place: usize,
    ) -> Result<(), Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.keep_place(actor, id, lesson, place).await)
    }

    pub(super) async fn finish_lesson(
        &self,
        id: EnrollmentId,
        lesson: &LessonKey,
    ) -> Result<Box<Learned>, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.finish_lesson(actor, id, lesson).await).map(Box::new)
    }

    pub(super) async fn answer(
        &self,
        id: EnrollmentId,
        lesson: &LessonKey,
        asked: &AskedQuestion,
        answer: Answer,
    ) -> Result<Box<Learned>, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.answer_question(actor, id, lesson, asked, answer).await).map(Box::new)
    }
}
