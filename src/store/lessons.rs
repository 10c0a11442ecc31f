//! Courses taught here: what they hold, and what students do in them.

use super::{PAUSE, Store, StoreError, TRIES};
use crate::domain::certificate::{IssuedCertificate, VerificationCode};
use crate::domain::event::Event;
use crate::domain::ids::{CourseVersionId, EnrollmentId, EventId, StudentId};
use crate::domain::learning::{LessonView, Outline};
use crate::domain::lesson::{LessonKey, TaughtCourse};
use crate::domain::plan::{CourseImported, ImportCoursePlan, LessonStepPlan, OpenLessonPlan};
use crate::domain::program::Slug;
use crate::domain::quiz::GivenAnswer;

impl Store {
    /// Imports a course: a new version, unless it holds what the newest one does. `Conflict::Changed` when the
    /// program is gone, or students stand in a version the decision has not seen.
    pub async fn import_course(&self, plan: &ImportCoursePlan) -> Result<CourseImported, StoreError> {
        transact!(self, import_course(plan))
    }

    /// Whether the audit has this line.
    pub async fn has_event(&self, id: EventId) -> Result<bool, StoreError> {
        call!(self, has_event(id))
    }

    /// Writes a line into the audit, unless it is there.
    pub async fn note_once(&self, event: &Event) -> Result<(), StoreError> {
        transact!(self, note_once(event))
    }

    /// The versions of a program's course in which active students stand, with all they hold.
    pub async fn list_versions_in_use(
        &self,
        program: &Slug,
    ) -> Result<Vec<(CourseVersionId, TaughtCourse)>, StoreError> {
        call!(self, list_versions_in_use(program))
    }

    /// The lessons of an enrollment, of the version it began or would begin now; `None` while there are none,
    /// or where a partner delivers it.
    pub async fn find_outline(&self, id: EnrollmentId) -> Result<Option<Outline>, StoreError> {
        call!(self, find_outline(id))
    }

    /// A lesson of a version of the course an enrollment is about, with what the student answered.
    pub async fn find_lesson(
        &self,
        id: EnrollmentId,
        version: u32,
        lesson: &LessonKey,
    ) -> Result<Option<LessonView>, StoreError> {
        call!(self, find_lesson(id, version, lesson))
    }

    /// What a student answered in a lesson, in the order it was given.
    pub async fn list_answers(
        &self,
        id: EnrollmentId,
        lesson: &LessonKey,
    ) -> Result<Vec<GivenAnswer>, StoreError> {
        call!(self, list_answers(id, lesson))
    }

    /// Writes down that a lesson was opened, and which version the student has begun. `Conflict::Changed` when
    /// the enrollment is over, or the version another one.
    pub async fn open_lesson(&self, plan: &OpenLessonPlan) -> Result<(), StoreError> {
        transact!(self, open_lesson(plan))
    }

    /// Keeps the place at which a student reads; `false` when that lesson is not open for them.
    pub async fn keep_place(
        &self,
        student: StudentId,
        id: EnrollmentId,
        lesson: &LessonKey,
        place: usize,
    ) -> Result<bool, StoreError> {
        transact!(self, keep_place(student, id, lesson, place))
    }

    /// Takes a step in a course: the row, the figure, completion and certificate. `Conflict::Changed` when the
    /// enrollment is not active any more, or not where the decision saw it.
    pub async fn take_lesson_step(&self, plan: &LessonStepPlan) -> Result<(), StoreError> {
        transact!(self, take_lesson_step(plan))
    }

    /// The certificate with this code.
    pub async fn find_certificate(
        &self,
        code: &VerificationCode,
    ) -> Result<Option<IssuedCertificate>, StoreError> {
        call!(self, find_certificate(code))
    }
}
