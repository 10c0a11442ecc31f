//! What happens in courses taught here.

use crate::domain::certificate::VerificationCode;
use crate::domain::event::Event;
use crate::domain::ids::{CertificateId, CourseVersionId, EnrollmentId, QuizAnswerId};
use crate::domain::lesson::{LessonKey, TaughtCourse};
use crate::domain::plan::ProgressPlan;
use crate::domain::quiz::GivenAnswer;
use crate::domain::text::Text;
use crate::domain::time::Instant;

/// A lesson is opened; the first one fixes the version of the course.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLessonPlan {
    /// Whose.
    pub enrollment_id: EnrollmentId,
    /// Which.
    pub lesson: LessonKey,
    /// The version of the course the decision saw.
    pub version: u32,
    /// When.
    pub at: Instant,
}

/// A step in a course: a lesson read, or a question answered. It is refused where the student's course is not as
/// the decision saw it any more: another terminal was quicker.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonStepPlan {
    /// Whose.
    pub enrollment_id: EnrollmentId,
    /// In which lesson.
    pub lesson: LessonKey,
    /// What the decision saw.
    pub seen: LearningSeen,
    /// What was done.
    pub step: LessonStep,
    /// The figure it makes, with what completes the course.
    pub progress: Option<ProgressPlan>,
    /// What happened, if it is worth a line.
    pub event: Option<Event>,
    /// What the completed course earns.
    pub certificate: Option<NewCertificate>,
    /// When.
    pub at: Instant,
}

/// What a decision about a step rests on. Within a version it only grows, so counts are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LearningSeen {
    /// The version of the course.
    pub version: u32,
    /// How many lessons were read, and quizzes passed.
    pub done: u64,
    /// How many answers were given to the lesson's quiz, in all attempts.
    pub answers: u64,
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub enum LessonStep {
    /// Read to its end.
    Read,
    /// Answered a question.
    Answered {
        /// Id of the row.
        id: QuizAnswerId,
        /// What was answered.
        given: GivenAnswer,
        /// The quiz is passed with it.
        passes: bool,
    },
}

/// A certificate that is issued here.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCertificate {
    /// Which.
    pub id: CertificateId,
    /// Its number.
    pub number: Text,
    /// By which anybody can check it.
    pub code: VerificationCode,
    /// Who earned it; `None` while the student has given no name.
    pub holder: Option<Text>,
    /// The course, as it calls itself today.
    pub course: Text,
    /// What happened.
    pub event: Event,
}

/// A course comes in from its folder.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportCoursePlan {
    /// Id of the new version, if it differs from the newest.
    pub id: CourseVersionId,
    /// What it holds.
    pub course: TaughtCourse,
    /// Those who have begun an earlier version move on to it.
    pub safe: bool,
    /// The versions for which the decision saw that this is safe. It is refused where students stand in
    /// another one by then.
    pub safe_after: Vec<CourseVersionId>,
    /// What happened.
    pub event: Event,
}

/// What came of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourseImported {
    /// The number of the newest version now.
    pub version: u32,
    /// It is new; otherwise nothing differed.
    pub new: bool,
    /// How many students moved on to it.
    pub moved: u64,
    /// How many stay with an earlier version.
    pub staying: u64,
}
