//! Why a lesson can't be opened, a question not be answered, or a course not be taught here.

use crate::domain::lesson::Unsafe;
use crate::domain::text::Text;
use thiserror::Error;

/// Why something can't be done in a course taught here.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LessonRefusal {
    /// The lessons are not there yet.
    #[error("The lessons of {title} are coming soon. Your place is kept.")]
    Coming {
        /// The program.
        title: Text,
    },
    /// The lessons are in the app.
    #[error("{title} is taught here. Start coursevia and press Enter on it under My courses.")]
    OpenHere {
        /// The program.
        title: Text,
    },
    /// A partner delivers it.
    #[error("{title} is delivered by {partner}, so it has no lessons here.")]
    TaughtElsewhere {
        /// The program.
        title: Text,
        /// Who delivers it.
        partner: Text,
    },
    /// Nobody learns for others.
    #[error(
        "Nobody can take {title} for somebody else: the certificate says what the student has done. They open it on their own, without --advisor."
    )]
    NotOnBehalf {
        /// The program.
        title: Text,
    },
    /// The version the student began has no such lesson.
    #[error("{title} has no such lesson. Open it again to see its lessons.")]
    UnknownLesson {
        /// The course.
        title: Text,
    },
    /// The lesson before it is not done.
    #[error("\"{lesson}\" opens when the lessons before it are done. The next of them is \"{before}\".")]
    Locked {
        /// Which.
        lesson: Text,
        /// What has to be done first.
        before: Text,
    },
    /// The lesson has no quiz.
    #[error("\"{lesson}\" has no quiz.")]
    NoQuiz {
        /// Which.
        lesson: Text,
    },
    /// It is passed.
    #[error("You have passed the quiz of \"{lesson}\" already. Nothing has changed.")]
    QuizPassed {
        /// Which.
        lesson: Text,
    },
    /// Too many tries in a row.
    #[error("Read \"{lesson}\" again first: you can try its quiz again in {}.", minutes_words(*minutes))]
    Pausing {
        /// Which.
        lesson: Text,
        /// How long the pause still lasts.
        minutes: u64,
    },
    /// The quiz has no such question.
    #[error("This question is not asked here. Open the quiz again.")]
    UnknownQuestion,
    /// It is no answer to the question.
    #[error("This is no answer to the question. Choose or write one first.")]
    NoAnswer,
    /// It was answered, perhaps at another terminal.
    #[error("This question was answered already, and the first answer counts.")]
    Answered,
    /// The student moved on to another version of the course.
    #[error("The course has changed meanwhile. Open the lesson again; nothing was saved.")]
    ChangedMeanwhile,
    /// A change that takes something from those who have begun is not safe.
    #[error(
        "This change is not safe for those who have begun: {}. Import it without --safe: they keep the version they began.",
        unsafe_words(change)
    )]
    NotSafe {
        /// What it takes.
        change: Unsafe,
    },
}

fn minutes_words(minutes: u64) -> String {
    if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") }
}

fn unsafe_words(change: &Unsafe) -> String {
    match change {
        Unsafe::LessonGone(lesson) => format!("the lesson {lesson} is gone"),
        Unsafe::QuizGone(lesson) => format!("the lesson {lesson} has no quiz any more"),
        Unsafe::QuestionChanged(lesson, question) => {
            format!("the question {question} of the lesson {lesson} is gone or takes other answers")
        }
    }
}

impl LessonRefusal {
    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Coming { .. } => "lessons_coming",
            Self::OpenHere { .. } => "open_here",
            Self::TaughtElsewhere { .. } => "taught_elsewhere",
            Self::NotOnBehalf { .. } => "learn_not_on_behalf",
            Self::UnknownLesson { .. } => "unknown_lesson",
            Self::Locked { .. } => "lesson_locked",
            Self::NoQuiz { .. } => "no_quiz",
            Self::QuizPassed { .. } => "quiz_passed",
            Self::Pausing { .. } => "quiz_pausing",
            Self::UnknownQuestion => "unknown_question",
            Self::NoAnswer => "no_answer",
            Self::Answered => "answered_already",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::NotSafe { .. } => "not_safe",
        }
    }
}
