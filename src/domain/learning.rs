//! Where a student stands in a course taught here: what is read, what is passed, how far that is.

use crate::domain::enrollment::Status;
use crate::domain::ids::EnrollmentId;
use crate::domain::lesson::{CourseRules, LessonKey};
use crate::domain::progress::Percent;
use crate::domain::quiz::{GivenAnswer, Quiz, Score};
use crate::domain::text::{Prose, Text};
use crate::domain::time::Instant;

/// A student's lessons, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Of which enrollment.
    pub enrollment_id: EnrollmentId,
    /// The course, as its certificate says it.
    pub title: Text,
    /// The version of the course the student began, or would begin now.
    pub version: u32,
    /// How its quizzes go.
    pub rules: CourseRules,
    /// Where the enrollment stands.
    pub status: Status,
    /// Never empty.
    pub lessons: Vec<OutlineLesson>,
}

/// A lesson in the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineLesson {
    /// Which.
    pub key: LessonKey,
    /// As the outline shows it.
    pub title: Text,
    /// How long reading takes.
    pub minutes: u16,
    /// What one can do afterwards.
    pub objectives: Vec<Text>,
    /// How long its quiz takes, where it has one.
    pub quiz_minutes: Option<u16>,
    /// What the student did in it.
    pub record: LessonRecord,
}

/// What a student did in a lesson (`lesson_progress`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LessonRecord {
    /// When it was opened last.
    pub opened_at: Option<Instant>,
    /// Byte of the lesson's text at which the first line on screen began: stays the same place at any width.
    pub place: usize,
    /// When it was read to its end.
    pub read_at: Option<Instant>,
    /// When its quiz was passed.
    pub passed_at: Option<Instant>,
}

/// How a lesson stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LessonState {
    /// The one before it is not done.
    Locked,
    /// It may be opened.
    Open,
    /// It was opened, and is not read to its end.
    Begun,
    /// Its quiz is still to be passed.
    QuizWaits,
    /// All of it.
    Done,
}

impl OutlineLesson {
    /// Whether all of it is done.
    pub fn is_done(&self) -> bool {
        self.record.read_at.is_some() && (self.quiz_minutes.is_none() || self.record.passed_at.is_some())
    }
}

impl Outline {
    /// How a lesson stands; locked where there is none of that number.
    pub fn state(&self, number: usize) -> LessonState {
        let Some(lesson) = self.lessons.get(number) else {
            return LessonState::Locked;
        };
        let LessonRecord { opened_at, read_at, .. } = lesson.record;
        match (lesson.is_done(), read_at, opened_at) {
            (true, ..) => LessonState::Done,
            (_, Some(_), _) => LessonState::QuizWaits,
            (_, _, Some(_)) => LessonState::Begun,
            _ if self.blocked_by(number).is_some() => LessonState::Locked,
            _ => LessonState::Open,
        }
    }

    /// The lesson that has to be done before this one, if one is not. What was opened once stays open, whatever
    /// comes before it in a later version.
    pub fn blocked_by(&self, number: usize) -> Option<&OutlineLesson> {
        if self.lessons.get(number).is_some_and(|lesson| lesson.record.opened_at.is_some()) {
            return None;
        }
        let before = self.lessons.iter().take(number).find(|lesson| !lesson.is_done());
        before.filter(|_| self.rules.in_order && self.status != Status::Completed)
    }

    /// The place of a lesson in the outline.
    pub fn number_of(&self, key: &LessonKey) -> Option<usize> {
        self.lessons.iter().position(|lesson| lesson.key == *key)
    }

    /// The lesson to go on with: the one opened last if it is not done, else the first that is not; the first one
    /// when all are.
    pub fn current(&self) -> usize {
        let last = self.lessons.iter().enumerate().max_by_key(|(_, lesson)| lesson.record.opened_at);
        let open = |(_, lesson): &(usize, &OutlineLesson)| !lesson.is_done();
        last.filter(|(_, lesson)| lesson.record.opened_at.is_some())
            .filter(open)
            .or_else(|| self.lessons.iter().enumerate().find(open))
            .map_or(0, |(number, _)| number)
    }

    /// How many lessons are done.
    pub fn done(&self) -> usize {
        self.lessons.iter().filter(|lesson| lesson.is_done()).count()
    }

    /// How far the course is: the minutes of what was read and passed, of all minutes, rounded down.
    pub fn progress(&self) -> Percent {
        let (mut done, mut all) = (0_u64, 0_u64);
        for lesson in &self.lessons {
            let (reading, quiz) = (u64::from(lesson.minutes), lesson.quiz_minutes.map_or(0, u64::from));
            all += reading + quiz;
            done += if lesson.record.read_at.is_some() { reading } else { 0 };
            done += if lesson.record.passed_at.is_some() { quiz } else { 0 };
        }
        let share = (done * 100).checked_div(all).and_then(|share| i64::try_from(share).ok());
        share.and_then(Percent::new).unwrap_or_default()
    }

    /// Whether every lesson is done.
    pub fn is_complete(&self) -> bool {
        self.lessons.iter().all(OutlineLesson::is_done)
    }
}

/// A lesson as it is read, with the student's answers to its quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonView {
    /// Which.
    pub key: LessonKey,
    /// The text, in Markdown.
    pub body: Prose,
    /// Its quiz.
    pub quiz: Option<Quiz>,
    /// What the student answered so far, in the order it was given.
    pub given: Vec<GivenAnswer>,
}

/// A lesson that was opened, within its course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedLesson {
    /// All lessons, with this one opened.
    pub outline: Outline,
    /// The lesson.
    pub lesson: LessonView,
}

/// What came of a step in a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// In which lesson.
    pub lesson: LessonKey,
    /// All lessons as they stand now.
    pub outline: Outline,
    /// All answers to the lesson's quiz, in the order they were given.
    pub given: Vec<GivenAnswer>,
    /// What came of the attempt, if this answer was its last.
    pub score: Option<Score>,
    /// The course was completed by it.
    pub completed: bool,
}

/// What a card says of a course taught here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaughtSummary {
    /// How many lessons there are.
    pub lessons: u32,
    /// How many of them the student has read to their end.
    pub read: u32,
}

#[cfg(test)]
pub(crate) mod fixtures {
    use super::*;
    use crate::domain::lesson::Feedback;
    use crate::domain::program::Slug;
    use chrono::DateTime;
    use uuid::Uuid;

    /// A course in order; each lesson is its minutes and those of its quiz.
    pub(crate) fn outline(lessons: &[(&str, u16, Option<u16>)]) -> Outline {
        Outline {
            enrollment_id: Uuid::from_u128(1).into(),
            title: "Digital Literacy".into(),
            version: 1,
            rules: CourseRules {
                pass_mark: Percent::new(70).expect("a share"),
                feedback: Feedback::Immediate,
                tries: None,
                shuffle: true,
                in_order: true,
            },
            status: Status::Active,
            lessons: lessons
                .iter()
                .map(|(key, minutes, quiz_minutes)| OutlineLesson {
                    key: Slug::parse(key).expect("a key"),
                    title: (*key).into(),
                    minutes: *minutes,
                    objectives: Vec::new(),
                    quiz_minutes: *quiz_minutes,
                    record: LessonRecord::default(),
                })
                .collect(),
        }
    }

    pub(crate) fn at(second: i64) -> Option<Instant> {
        DateTime::from_timestamp(second, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::{at, outline};
    use super::*;
    use proptest::prelude::*;

    fn course() -> Outline {
        outline(&[("computer", 20, Some(5)), ("files", 15, None), ("web", 10, Some(5))])
    }

    #[test]
    fn lessons_open_one_after_the_other() {
        use LessonState::{Begun, Done, Locked, Open, QuizWaits};
        let mut course = course();
        let states = |course: &Outline| (0..3).map(|number| course.state(number)).collect::<Vec<_>>();
        assert_eq!(states(&course), [Open, Locked, Locked]);
        course.lessons[0].record.opened_at = at(1);
        assert_eq!(states(&course), [Begun, Locked, Locked]);
        course.lessons[0].record.read_at = at(2);
        assert_eq!(states(&course), [QuizWaits, Locked, Locked]);
        course.lessons[0].record.passed_at = at(3);
        assert_eq!(states(&course), [Done, Open, Locked]);
        course.rules.in_order = false;
        assert_eq!(states(&course), [Done, Open, Open]);
    }

    #[test]
    fn what_is_done_counts_by_its_minutes() {
        let mut course = course();
        assert_eq!(course.progress(), Percent::ZERO);
        course.lessons[0].record.read_at = at(1);
        assert_eq!(course.progress().get(), 36); // 20 of 55
        course.lessons[0].record.passed_at = at(2);
        assert_eq!(course.progress().get(), 45); // 25 of 55
        course.lessons[1].record.read_at = at(3);
        course.lessons[2].record.read_at = at(4);
        assert_eq!((course.progress().get(), course.is_complete()), (90, false));
        course.lessons[2].record.passed_at = at(5);
        assert_eq!((course.progress(), course.is_complete()), (Percent::FULL, true));
    }

    #[test]
    fn goes_on_where_the_student_was() {
        let mut course = course();
        assert_eq!(course.current(), 0);
        course.lessons[0].record =
            LessonRecord { opened_at: at(1), read_at: at(2), passed_at: at(3), ..LessonRecord::default() };
        assert_eq!(course.current(), 1);
        course.lessons[1].record.opened_at = at(4);
        assert_eq!(course.current(), 1);
        course.lessons[1].record.read_at = at(5);
        assert_eq!(course.current(), 2);
    }

    proptest! {
        #[test]
        fn nothing_that_is_done_lowers_the_figure(
            steps in prop::collection::vec((0_usize..3, any::<bool>()), 0..12),
        ) {
            let (mut course, mut before) = (course(), Percent::ZERO);
            for (number, quiz) in steps {
                let record = &mut course.lessons[number].record;
                if quiz { record.passed_at = at(1) } else { record.read_at = at(1) }
                prop_assert!(course.progress() >= before);
                before = course.progress();
                prop_assert!(before < Percent::FULL || course.lessons.iter().all(OutlineLesson::is_done));
            }
        }
    }
}
