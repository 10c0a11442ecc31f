//! Courses taught here: imported, opened, read, answered, and their certificates checked.
//!
//! Two terminals may take the same step at once. The store writes only what the decision has seen; whoever comes
//! second decides again, so no step is lost and the first answer counts.

use crate::domain::actor::Actor;
use crate::domain::certificate::{IssuedCertificate, VerificationCode, number};
use crate::domain::decide::{
    AnswerDecision, Step, decide_answer, decide_import_course, decide_learn, decide_open, decide_read,
};
use crate::domain::enrollment::Status;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{CertificateId, EnrollmentId};
use crate::domain::learning::{Learned, LessonView, OpenedLesson, Outline};
use crate::domain::lesson::{LessonKey, TaughtCourse};
use crate::domain::plan::{
    Completion, CourseImported, ImportCoursePlan, LearningSeen, LessonStep, LessonStepPlan, NewCertificate,
    OpenLessonPlan, ProgressPlan,
};
use crate::domain::progress::{ProgressSample, ProgressSource};
use crate::domain::quiz::{Answer, AskedQuestion, GivenAnswer, Score};
use crate::domain::refusal::{LessonRefusal, Refusal};
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};

/// How often a step is decided: once more than other terminals are likely to be quicker.
const ATTEMPTS: usize = 8;

/// A step that was decided, with all it rests on.
struct Taken<'a> {
    view: &'a CourseView,
    actor: Actor,
    outline: &'a Outline,
    lesson: &'a LessonKey,
    /// What was answered in the lesson before.
    given: &'a [GivenAnswer],
    at: Instant,
}

impl Services {
    /// The lessons of a course taught here, as its student has them.
    pub async fn outline(&self, actor: Actor, id: EnrollmentId) -> Result<Outline, ServiceError> {
        Ok(self.learning(actor, id).await?.1)
    }

    /// Opens a lesson; with none named, the one to go on with. The first one fixes the version of the course
    /// that the student learns with.
    pub async fn open_lesson(
        &self,
        actor: Actor,
        id: EnrollmentId,
        lesson: Option<&LessonKey>,
    ) -> Result<OpenedLesson, ServiceError> {
        for _ in 0..ATTEMPTS {
            let (_, mut outline) = self.learning(actor, id).await?;
            let number = match lesson {
                Some(key) => decide_open(&outline, key)?,
                None => outline.current(),
            };
            let at = self.now();
            let opened = &mut outline.lessons[number];
            let (key, version) = (opened.key.clone(), outline.version);
            opened.record.opened_at = opened.record.opened_at.max(Some(at));
            let plan = OpenLessonPlan { enrollment_id: id, lesson: key.clone(), version, at };
            match self.store.open_lesson(&plan).await {
                Err(StoreError::Conflict(Conflict::Changed)) => {}
                done => {
                    done?;
                    let lesson = self.lesson(&outline, &key).await?;
                    return Ok(OpenedLesson { outline, lesson });
                }
            }
        }
        Err(StoreError::Conflict(Conflict::Changed).into())
    }

    /// Keeps the place at which a lesson is read: the byte of its text with which the screen begins.
    pub async fn keep_place(
        &self,
        actor: Actor,
        id: EnrollmentId,
        lesson: &LessonKey,
        place: usize,
    ) -> Result<(), ServiceError> {
        if let Actor::Student(student) = actor
            && self.store.keep_place(student, id, lesson, place).await?
        {
            return Ok(());
        }
        // Somebody else's, or never opened: the same decisions say it.
        let (_, outline) = self.learning(actor, id).await?;
        decide_open(&outline, lesson)?;
        Err(StoreError::Conflict(Conflict::Changed).into())
    }

    /// A lesson was read to its end. Once more changes nothing.
    pub async fn finish_lesson(
        &self,
        actor: Actor,
        id: EnrollmentId,
        lesson: &LessonKey,
    ) -> Result<Learned, ServiceError> {
        for _ in 0..ATTEMPTS {
            let (view, outline) = self.learning(actor, id).await?;
            let at = self.now();
            let step = decide_read(&outline, lesson, at)?;
            let given = self.store.list_answers(id, lesson).await?;
            if step.progress.is_none() || outline.status == Status::Completed {
                let lesson = lesson.clone();
                return Ok(Learned { lesson, outline, given, score: None, completed: false });
            }
            let taken = Taken { view: &view, actor, outline: &outline, lesson, given: &given, at };
            let event = Event {
                payload: serde_json::json!({ "lesson": lesson }),
                ..self.event_about(&view, actor, EventKind::LessonRead, at)
            };
            let plan = self.plan_step(&taken, LessonStep::Read, step, Some(event));
            if self.has_taken(&plan).await? {
                return self.learned(id, lesson, None, step).await;
            }
        }
        Err(StoreError::Conflict(Conflict::Changed).into())
    }

    /// Answers a question of a lesson's quiz. The first answer to it in an attempt counts.
    pub async fn answer_question(
        &self,
        actor: Actor,
        id: EnrollmentId,
        lesson: &LessonKey,
        asked: &AskedQuestion,
        answer: Answer,
    ) -> Result<Learned, ServiceError> {
        for _ in 0..ATTEMPTS {
            let (view, outline) = self.learning(actor, id).await?;
            let at = self.now();
            decide_open(&outline, lesson)?;
            let LessonView { quiz, given, .. } = self.lesson(&outline, lesson).await?;
            let decided = decide_answer(&outline, lesson, quiz.as_ref(), &given, asked, &answer, at)?;
            if outline.status == Status::Completed {
                return Err(Refusal::AlreadyCompleted { title: view.program_title }.into());
            }
            let AnswerDecision { attempt, right, score, step } = decided;
            let taken = Taken { view: &view, actor, outline: &outline, lesson, given: &given, at };
            let (question, answer) = (asked.question.clone(), answer.clone());
            let given = GivenAnswer { attempt, question, answer, right, at };
            let passes = score.is_some_and(|score| score.passed);
            let answered = LessonStep::Answered { id: self.ids.new_id(), given, passes };
            let event = score.map(|score| self.quiz_ended(&taken, attempt, score));
            let plan = self.plan_step(&taken, answered, step, event);
            if self.has_taken(&plan).await? {
                return self.learned(id, lesson, score, step).await;
            }
        }
        Err(StoreError::Conflict(Conflict::Changed).into())
    }

    /// Brings a course in from its folder. Those who have begun keep their version, unless the change is
    /// said to be `safe`, and is.
    pub async fn import_course(
        &self,
        course: &TaughtCourse,
        safe: bool,
    ) -> Result<CourseImported, ServiceError> {
        for _ in 0..ATTEMPTS {
            let program = self.program(course.program.as_str()).await?;
            let stands =
                if safe { self.store.list_versions_in_use(&course.program).await? } else { Vec::new() };
            let (safe_after, stands): (Vec<_>, Vec<_>) = stands.into_iter().unzip();
            decide_import_course(&program, course, &stands, safe)?;
            let plan = ImportCoursePlan {
                id: self.ids.new_id(),
                course: course.clone(),
                safe,
                safe_after,
                event: self.event(Actor::System, None, EventKind::CourseImported, self.now()),
            };
            match self.store.import_course(&plan).await {
                Err(StoreError::Conflict(Conflict::Changed)) => {}
                done => return Ok(done?),
            }
        }
        Err(StoreError::Conflict(Conflict::Changed).into())
    }

    /// The certificate that was issued here with this code: anybody may ask who has it.
    pub async fn find_certificate(
        &self,
        code: &VerificationCode,
    ) -> Result<Option<IssuedCertificate>, ServiceError> {
        Ok(self.store.find_certificate(code).await?)
    }

    /// The enrollment and its lessons, if the actor learns there.
    async fn learning(&self, actor: Actor, id: EnrollmentId) -> Result<(CourseView, Outline), ServiceError> {
        let view = self.course(actor, id).await?;
        decide_learn(&view, actor)?;
        let coming = || Refusal::from(LessonRefusal::Coming { title: view.program_title.clone() });
        let outline = self.store.find_outline(id).await?.ok_or_else(coming)?;
        Ok((view, outline))
    }

    async fn lesson(&self, outline: &Outline, key: &LessonKey) -> Result<LessonView, ServiceError> {
        let unknown = || Refusal::from(LessonRefusal::UnknownLesson { title: outline.title.clone() });
        let found = self.store.find_lesson(outline.enrollment_id, outline.version, key).await?;
        Ok(found.ok_or_else(unknown)?)
    }

    /// Whether a step was written; otherwise somebody else was quicker.
    async fn has_taken(&self, plan: &LessonStepPlan) -> Result<bool, ServiceError> {
        match self.store.take_lesson_step(plan).await {
            Err(StoreError::Conflict(Conflict::Changed)) => Ok(false),
            done => Ok(done.map(|()| true)?),
        }
    }

    async fn learned(
        &self,
        id: EnrollmentId,
        lesson: &LessonKey,
        score: Option<Score>,
        step: Step,
    ) -> Result<Learned, ServiceError> {
        let given = self.store.list_answers(id, lesson).await?;
        let outline = self.store.find_outline(id).await?.ok_or(StoreError::Conflict(Conflict::Changed))?;
        Ok(Learned { lesson: lesson.clone(), outline, given, score, completed: step.completes })
    }

    fn quiz_ended(&self, taken: &Taken<'_>, attempt: u32, score: Score) -> Event {
        let kind = if score.passed { EventKind::QuizPassed } else { EventKind::QuizFailed };
        let payload = serde_json::json!({
            "lesson": taken.lesson, "attempt": attempt, "right": score.right, "of": score.of,
        });
        Event { payload, ..self.event_about(taken.view, taken.actor, kind, taken.at) }
    }

    fn plan_step(
        &self,
        taken: &Taken<'_>,
        what: LessonStep,
        step: Step,
        event: Option<Event>,
    ) -> LessonStepPlan {
        let Taken { view, outline, at, .. } = *taken;
        let records = outline.lessons.iter().map(|lesson| &lesson.record);
        let done =
            records.map(|record| u64::from(record.read_at.is_some()) + u64::from(record.passed_at.is_some()));
        LessonStepPlan {
            enrollment_id: view.enrollment.id,
            lesson: taken.lesson.clone(),
            seen: LearningSeen {
                version: outline.version,
                done: done.sum(),
                answers: taken.given.len().try_into().unwrap_or(u64::MAX),
            },
            step: what,
            progress: self.plan_figure(taken, step),
            event,
            certificate: step.completes.then(|| self.new_certificate(taken)),
            at,
        }
    }

    /// The figure a step makes. More lessons in a version that came later don't make it fall.
    fn plan_figure(&self, taken: &Taken<'_>, step: Step) -> Option<ProgressPlan> {
        let Taken { view, actor, at, .. } = *taken;
        let about = |kind| self.event_about(view, actor, kind, at);
        let sample = ProgressSample {
            id: self.ids.new_id(),
            percent: Some(step.progress?.max(view.enrollment.progress.percent)),
            completed: step.completes,
            failed: None,
            at,
            source: ProgressSource::Here,
        };
        let completion = || Completion { jobs: Vec::new(), event: about(EventKind::Completed) };
        Some(ProgressPlan {
            enrollment_id: view.enrollment.id,
            sample,
            fell: about(EventKind::ProgressFell),
            exam_failed: about(EventKind::ExamFailed),
            completion: step.completes.then(completion),
        })
    }

    fn new_certificate(&self, taken: &Taken<'_>) -> NewCertificate {
        let Taken { view, outline, actor, at, .. } = *taken;
        let id: CertificateId = self.ids.new_id();
        let number = number(id, at);
        let payload = serde_json::json!({ "number": number });
        NewCertificate {
            id,
            number,
            code: VerificationCode::of(self.ids.bytes()),
            holder: view.student.name.clone(),
            course: outline.title.clone(),
            event: Event { payload, ..self.event_about(view, actor, EventKind::CertificateIssued, at) },
        }
    }
}
