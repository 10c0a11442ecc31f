//! What a course taught here is made of: lessons in their order, and the rules of its quizzes.

use crate::domain::program::{Slug, codes};
use crate::domain::progress::Percent;
use crate::domain::quiz::Quiz;
use crate::domain::text::{Prose, Text};
use chrono::TimeDelta;

/// What a lesson is known by within its course, whatever its number: progress is kept under it.
pub type LessonKey = Slug;

/// The most bytes of a lesson's file.
pub const MAX_LESSON_BYTES: usize = 1024 * 1024;

/// The most bytes of all files of a course.
pub const MAX_COURSE_BYTES: usize = 16 * 1024 * 1024;

/// The most lessons of a course.
pub const MAX_LESSONS: usize = 1_000;

/// A course as its folder holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaughtCourse {
    /// The program it teaches.
    pub program: Slug,
    /// As the certificate says it.
    pub title: Text,
    /// How its quizzes go.
    pub rules: CourseRules,
    /// In their order; never empty.
    pub lessons: Vec<Lesson>,
}

/// One lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Which.
    pub key: LessonKey,
    /// As the outline shows it.
    pub title: Text,
    /// How long reading takes, with its exercises.
    pub minutes: u16,
    /// What one can do afterwards.
    pub objectives: Vec<Text>,
    /// The text, in Markdown, without the quiz.
    pub body: Prose,
    /// What has to be passed besides.
    pub quiz: Option<Quiz>,
}

/// When the student hears whether an answer is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feedback {
    /// After each question.
    Immediate,
    /// After the whole quiz.
    Final,
}

codes!(Feedback { Immediate = "immediate", Final = "final" });

/// How the quizzes of a course go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourseRules {
    /// How many of a quiz's questions have to be right.
    pub pass_mark: Percent,
    /// When the student hears whether an answer is right.
    pub feedback: Feedback,
    /// How often a quiz may be tried; `None`: as often as one likes.
    pub tries: Option<Tries>,
    /// Options and items come in an order of their own each time.
    pub shuffle: bool,
    /// A lesson opens when the one before it is done.
    pub in_order: bool,
}

/// So many tries, then a pause. Nobody is locked out for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many in a row; never zero.
    pub in_a_row: u8,
    /// How long to wait then.
    pub pause: TimeDelta,
}

/// Why a changed course is not a safe change for those who have begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsafe {
    /// A lesson is gone.
    LessonGone(LessonKey),
    /// A lesson has no quiz any more.
    QuizGone(LessonKey),
    /// A question is gone, or its answers are others.
    QuestionChanged(LessonKey, Slug),
}

impl TaughtCourse {
    /// What in `self` would take something from those who have begun `old`: a lesson they may have done, or a
    /// question they may have answered. Empty: the change is safe.
    pub fn unsafe_after(&self, old: &Self) -> Vec<Unsafe> {
        let mut found = Vec::new();
        for before in &old.lessons {
            let Some(now) = self.lessons.iter().find(|lesson| lesson.key == before.key) else {
                found.push(Unsafe::LessonGone(before.key.clone()));
                continue;
            };
            match (&before.quiz, &now.quiz) {
                (Some(_), None) => found.push(Unsafe::QuizGone(before.key.clone())),
                (Some(old), Some(new)) => {
                    let changed = old.questions.iter().filter(|question| !new.takes_answers_of(question));
                    found
                        .extend(changed.map(|question| {
                            Unsafe::QuestionChanged(before.key.clone(), question.id.clone())
                        }));
                }
                (None, _) => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::quiz::fixtures::{order, quiz, single, typed};

    fn lesson(key: &str, quiz: Option<Quiz>) -> Lesson {
        Lesson {
            key: Slug::parse(key).expect("a key"),
            title: key.into(),
            minutes: 10,
            objectives: Vec::new(),
            body: Prose::clean("Text."),
            quiz,
        }
    }

    fn course(lessons: Vec<Lesson>) -> TaughtCourse {
        TaughtCourse {
            program: Slug::parse("digital-literacy").expect("a slug"),
            title: "Digital Literacy".into(),
            rules: CourseRules {
                pass_mark: Percent::new(70).expect("a share"),
                feedback: Feedback::Immediate,
                tries: None,
                shuffle: true,
                in_order: true,
            },
            lessons,
        }
    }

    #[test]
    fn more_lessons_and_other_words_are_safe() {
        let old = course(vec![lesson("files", Some(quiz(vec![single("where", 3, 0)])))]);
        let mut new = course(vec![lesson("files", old.lessons[0].quiz.clone()), lesson("web", None)]);
        new.lessons[0].title = "Files, better said".into();
        new.lessons[0].body = Prose::clean("Another text.");
        assert_eq!(new.unsafe_after(&old), []);
    }

    #[test]
    fn what_somebody_may_have_done_must_stay() {
        let questions = vec![single("where", 3, 0), typed("name"), order("steps", 3)];
        let old = course(vec![
            lesson("files", Some(quiz(questions.clone()))),
            lesson("web", Some(quiz(vec![typed("name")]))),
            lesson("mail", None),
        ]);
        let new = course(vec![
            // One option more, another kind, and one that is gone.
            lesson("files", Some(quiz(vec![single("where", 4, 0), order("name", 3)]))),
            lesson("web", None),
        ]);
        let key = |raw| Slug::parse(raw).expect("a key");
        assert_eq!(
            new.unsafe_after(&old),
            [
                Unsafe::QuestionChanged(key("files"), key("where")),
                Unsafe::QuestionChanged(key("files"), key("name")),
                Unsafe::QuestionChanged(key("files"), key("steps")),
                Unsafe::QuizGone(key("web")),
                Unsafe::LessonGone(key("mail")),
            ]
        );
    }
}
