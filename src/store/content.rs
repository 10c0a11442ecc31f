//! What a course taught here holds, as it is kept and compared.

use crate::domain::lesson::TaughtCourse;
use crate::domain::quiz::Quiz;
use crate::domain::text::Text;
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// The questions of a quiz, as a lesson's row keeps them.
pub(super) fn questions(quiz: &Quiz) -> String {
    json!(quiz.questions).to_string()
}

/// The objectives of a lesson, as its row keeps them.
pub(super) fn objectives(objectives: &[Text]) -> String {
    json!(objectives).to_string()
}

/// The digest of all that is in a course: the same content has the same, whenever it came in.
pub(super) fn digest(course: &TaughtCourse) -> [u8; 32] {
    let rules = &course.rules;
    let tries = rules.tries.map(|tries| json!([tries.in_a_row, tries.pause.num_minutes()]));
    let rules = json!([rules.pass_mark.get(), rules.feedback.code(), tries, rules.shuffle, rules.in_order])
        .to_string();
    let mut all = Sha256::new();
    // With their lengths: where one part ends is content, too.
    let mut add = |part: &str| {
        all.update(part.len().to_be_bytes());
        all.update(part.as_bytes());
    };
    add(course.title.as_str());
    add(&rules);
    for lesson in &course.lessons {
        let quiz = lesson.quiz.as_ref();
        let lengths = json!([lesson.minutes, quiz.map(|quiz| quiz.minutes)]).to_string();
        for part in [lesson.key.as_str(), lesson.title.as_str(), &lengths, lesson.body.as_str()] {
            add(part);
        }
        add(&objectives(&lesson.objectives));
        add(&quiz.map(questions).unwrap_or_default());
    }
    all.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lesson::{CourseRules, Feedback, Lesson, Tries};
    use crate::domain::program::Slug;
    use crate::domain::progress::Percent;
    use crate::domain::quiz::fixtures::{quiz, single, typed};
    use crate::domain::text::Prose;
    use chrono::TimeDelta;

    fn course() -> TaughtCourse {
        let lesson = |key: &str, quiz| Lesson {
            key: Slug::parse(key).expect("a key"),
            title: key.into(),
            minutes: 10,
            objectives: vec!["Know it.".into()],
            body: Prose::clean("Text."),
            quiz,
        };
        TaughtCourse {
            program: Slug::parse("digital-literacy").expect("a slug"),
            title: "Digital Literacy".into(),
            rules: CourseRules {
                pass_mark: Percent::new(70).expect("a share"),
                feedback: Feedback::Immediate,
                tries: Some(Tries { in_a_row: 3, pause: TimeDelta::minutes(10) }),
                shuffle: true,
                in_order: true,
            },
            lessons: vec![lesson("files", Some(quiz(vec![single("one", 3, 0)]))), lesson("web", None)],
        }
    }

    #[test]
    fn the_same_content_has_the_same_digest() {
        assert_eq!(digest(&course()), digest(&course()));
    }

    #[test]
    fn whatever_changes_changes_the_digest() {
        type Change = fn(&mut TaughtCourse);
        let changes: [Change; 13] = [
            |course| course.title = "Another".into(),
            |course| course.rules.pass_mark = Percent::FULL,
            |course| course.rules.feedback = Feedback::Final,
            |course| course.rules.tries = None,
            |course| course.rules.shuffle = false,
            |course| course.rules.in_order = false,
            |course| course.lessons[1].key = Slug::parse("mail").expect("a key"),
            |course| course.lessons[0].minutes = 11,
            |course| course.lessons[0].objectives.clear(),
            |course| course.lessons[0].body = Prose::clean("Text"),
            |course| course.lessons[0].quiz = None,
            |course| course.lessons[0].quiz = Some(quiz(vec![typed("one")])),
            |course| course.lessons.swap(0, 1),
        ];
        let mut digests = vec![digest(&course())];
        for change in changes {
            let mut changed = course();
            change(&mut changed);
            digests.push(digest(&changed));
        }
        let different: std::collections::BTreeSet<_> = digests.iter().collect();
        assert_eq!(different.len(), digests.len());
    }
}
