//! Quizzes: questions, answers, and whether they are right.

use crate::domain::ids::EnrollmentId;
use crate::domain::lesson::{CourseRules, LessonKey};
use crate::domain::program::Slug;
use crate::domain::progress::Percent;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a question is known by within its quiz: answers are kept under it.
pub type QuestionId = Slug;

/// The questions of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiz {
    /// How long it takes.
    pub minutes: u16,
    /// In their order; never empty.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Which.
    pub id: QuestionId,
    /// What is asked.
    pub ask: Text,
    /// How it is answered.
    #[serde(flatten)]
    pub kind: QuestionKind,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionKind {
    /// One of these.
    Single {
        /// Exactly one is right.
        options: Vec<Choice>,
        /// What is said to every answer.
        why: Option<Text>,
    },
    /// All that are right.
    Multiple {
        /// At least one is right.
        options: Vec<Choice>,
        /// What is said to every answer.
        why: Option<Text>,
    },
    /// A few words.
    Text {
        /// What counts as right, compared as [`Question::is_right`] does.
        accept: Vec<Text>,
        /// What is said to every answer.
        why: Text,
    },
    /// These in their order.
    Order {
        /// In the right order.
        items: Vec<Text>,
        /// What is said to every answer.
        why: Text,
    },
}

/// An option of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it says.
    pub text: Text,
    /// It belongs to the right answer.
    pub right: bool,
    /// Why, or why not.
    pub why: Text,
}

/// What somebody answered. Numbers are places in the lesson's own order, whatever order they were shown in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// These options.
    Chosen(Vec<u8>),
    /// These words.
    Typed(Text),
    /// These items, in this order.
    Ordered(Vec<u8>),
}

/// An answer somebody gave (`quiz_answers`). The first one to a question in an attempt counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenAnswer {
    /// At which attempt, from 1.
    pub attempt: u32,
    /// To which question.
    pub question: QuestionId,
    /// What.
    pub answer: Answer,
    /// Whether it was right.
    pub right: bool,
    /// When.
    pub at: Instant,
}

/// A question as the student saw it: of a version of the course, at an attempt. What they answer is an answer to
/// this one, whatever another terminal did meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedQuestion {
    /// The version of the course.
    pub version: u32,
    /// The attempt, from 1.
    pub attempt: u32,
    /// Which.
    pub question: QuestionId,
}

/// What came of a whole attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// How many questions were right.
    pub right: usize,
    /// Of how many.
    pub of: usize,
    /// Whether that is enough.
    pub passed: bool,
}

/// Where somebody stands with a quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuizStanding {
    /// This attempt may begin.
    Next(u32),
    /// This attempt is under way: so many questions are answered.
    UnderWay(u32, usize),
    /// After so many tries it is time for a pause.
    Pausing(Instant),
    /// It was passed at this attempt.
    Passed(u32),
}

impl Question {
    /// How many options or items there are to choose from; none where words are typed.
    pub fn options(&self) -> usize {
        match &self.kind {
            QuestionKind::Single { options, .. } | QuestionKind::Multiple { options, .. } => options.len(),
            QuestionKind::Text { .. } => 0,
            QuestionKind::Order { items, .. } => items.len(),
        }
    }

    /// Whether the answer is one to this question: the kind fits, every option is there, none twice, and something
    /// was said.
    pub fn takes(&self, answer: &Answer) -> bool {
        let count = self.options();
        let known = |places: &[u8]| {
            let mut seen = vec![false; count];
            places.iter().all(|place| {
                seen.get_mut(usize::from(*place)).is_some_and(|seen| !std::mem::replace(seen, true))
            })
        };
        match (&self.kind, answer) {
            (QuestionKind::Single { .. }, Answer::Chosen(chosen)) => chosen.len() == 1 && known(chosen),
            (QuestionKind::Multiple { .. }, Answer::Chosen(chosen)) => !chosen.is_empty() && known(chosen),
            (QuestionKind::Text { .. }, Answer::Typed(words)) => !words.is_empty(),
            (QuestionKind::Order { .. }, Answer::Ordered(order)) => order.len() == count && known(order),
            _ => false,
        }
    }

    /// Whether the answer is right. Words are compared without case, blanks around and doubled ones, and a
    /// full stop at the end; there is no half of a point.
    pub fn is_right(&self, answer: &Answer) -> bool {
        match (&self.kind, answer) {
            (
                QuestionKind::Single { options, .. } | QuestionKind::Multiple { options, .. },
                Answer::Chosen(chosen),
            ) => (0_u8..).zip(options).all(|(place, option)| option.right == chosen.contains(&place)),
            (QuestionKind::Text { accept, .. }, Answer::Typed(words)) => {
                accept.iter().any(|right| plain(right) == plain(words))
            }
            (QuestionKind::Order { items, .. }, Answer::Ordered(order)) => {
                order.len() == items.len() && (0_u8..).zip(order).all(|(place, item)| place == *item)
            }
            _ => false,
        }
    }

    /// The places of options or items in the order in which they are shown at an attempt: the same each time it
    /// is asked, another at the next attempt. Items to be put in order are never shown in the right one.
    pub fn shown(
        &self,
        rules: &CourseRules,
        enrollment: EnrollmentId,
        lesson: &LessonKey,
        attempt: u32,
    ) -> Vec<u8> {
        let mut places: Vec<u8> = (0..).take(self.options()).collect();
        let sorts = matches!(self.kind, QuestionKind::Order { .. });
        if rules.shuffle || sorts {
            let name = format!("{lesson}/{attempt}/{}", self.id);
            let seed = Uuid::new_v5(&enrollment.as_uuid(), name.as_bytes());
            places.sort_by_key(|place| Uuid::new_v5(&seed, &[*place]));
        }
        if sorts && places.is_sorted() {
            places.rotate_left(1);
        }
        places
    }

    /// What is said to every answer.
    pub fn why(&self) -> Option<&Text> {
        match &self.kind {
            QuestionKind::Single { why, .. } | QuestionKind::Multiple { why, .. } => why.as_ref(),
            QuestionKind::Text { why, .. } | QuestionKind::Order { why, .. } => Some(why),
        }
    }
}

/// The words that are compared.
fn plain(words: &Text) -> String {
    words.as_str().trim_end_matches('.').trim().to_lowercase()
}

impl Quiz {
    /// A question by its id.
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == *id)
    }

    /// Whether answers that were given to this question of another version still are answers.
    pub fn takes_answers_of(&self, old: &Question) -> bool {
        self.question(&old.id).is_some_and(|new| {
            std::mem::discriminant(&new.kind) == std::mem::discriminant(&old.kind)
                && new.options() == old.options()
        })
    }

    /// What came of an attempt with these answers; `None` while questions are open.
    pub fn score(&self, pass_mark: Percent, answers: &BTreeMap<&QuestionId, bool>) -> Option<Score> {
        let of = self.questions.len();
        let right: Option<Vec<bool>> =
            self.questions.iter().map(|question| answers.get(&question.id).copied()).collect();
        let right = right?.into_iter().filter(|right| *right).count();
        Some(Score { right, of, passed: right * 100 >= usize::from(pass_mark.get()) * of })
    }

    /// The score of an attempt; `None` while questions are open.
    pub fn score_of(&self, pass_mark: Percent, given: &[GivenAnswer], attempt: u32) -> Option<Score> {
        let of_attempt = given.iter().filter(|answer| answer.attempt == attempt);
        self.score(pass_mark, &of_attempt.map(|answer| (&answer.question, answer.right)).collect())
    }

    /// Where somebody stands who gave these answers, in any order, at `now`. Whether the quiz is `passed` is on
    /// record: a pass mark that changes later takes nothing away and gives nothing.
    pub fn standing(
        &self,
        rules: &CourseRules,
        given: &[GivenAnswer],
        passed: bool,
        now: Instant,
    ) -> QuizStanding {
        let mut attempts: BTreeMap<u32, BTreeMap<&QuestionId, bool>> = BTreeMap::new();
        for answer in given {
            attempts.entry(answer.attempt).or_default().insert(&answer.question, answer.right);
        }
        let score = |answers: &BTreeMap<_, _>| self.score(rules.pass_mark, answers);
        let Some((&last, answers)) = attempts.last_key_value() else {
            return if passed { QuizStanding::Passed(1) } else { QuizStanding::Next(1) };
        };
        if passed {
            let enough = |answers: &BTreeMap<_, _>| score(answers).is_some_and(|score| score.passed);
            let first = attempts.iter().find(|(_, answers)| enough(answers));
            return QuizStanding::Passed(first.map_or(last, |(attempt, _)| *attempt));
        }
        if score(answers).is_none() {
            let asked = answers.keys().filter(|question| self.question(question).is_some());
            return QuizStanding::UnderWay(last, asked.count());
        }
        let ended = given.iter().map(|answer| answer.at).max();
        match (rules.tries, ended) {
            (Some(tries), Some(ended)) if last.is_multiple_of(u32::from(tries.in_a_row.max(1))) => {
                let until = ended + tries.pause;
                // A clock that is far ahead pauses nobody for years.
                let pauses = now < until && until - now <= tries.pause * 2;
                if pauses { QuizStanding::Pausing(until) } else { QuizStanding::Next(last + 1) }
            }
            _ => QuizStanding::Next(last + 1),
        }
    }
}

#[cfg(test)]
pub(crate) mod fixtures {
    use super::*;

    fn id(raw: &str) -> QuestionId {
        Slug::parse(raw).expect("an id")
    }

    pub(crate) fn quiz(questions: Vec<Question>) -> Quiz {
        Quiz { minutes: u16::try_from(questions.len()).expect("a few"), questions }
    }

    fn choices(count: u8, right: &[u8]) -> Vec<Choice> {
        let choice = |place| Choice {
            text: format!("Option {place}").into(),
            right: right.contains(&place),
            why: format!("Because of {place}.").into(),
        };
        (0..count).map(choice).collect()
    }

    pub(crate) fn single(raw: &str, count: u8, right: u8) -> Question {
        let kind = QuestionKind::Single { options: choices(count, &[right]), why: None };
        Question { id: id(raw), ask: "Which one?".into(), kind }
    }

    pub(crate) fn multiple(raw: &str, count: u8, right: &[u8]) -> Question {
        let kind = QuestionKind::Multiple { options: choices(count, right), why: Some("In all.".into()) };
        Question { id: id(raw), ask: "Which ones?".into(), kind }
    }

    pub(crate) fn typed(raw: &str) -> Question {
        let kind = QuestionKind::Text {
            accept: vec!["Browser".into(), "web browser".into()],
            why: "It shows pages.".into(),
        };
        Question { id: id(raw), ask: "What shows web pages?".into(), kind }
    }

    pub(crate) fn order(raw: &str, count: u8) -> Question {
        let items = (0..count).map(|place| format!("Step {place}").into()).collect();
        Question {
            id: id(raw),
            ask: "In which order?".into(),
            kind: QuestionKind::Order { items, why: "So.".into() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::{multiple, order, quiz, single, typed};
    use super::*;
    use crate::domain::lesson::{Feedback, Tries};
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;

    fn rules() -> CourseRules {
        CourseRules {
            pass_mark: Percent::new(70).expect("a share"),
            feedback: Feedback::Immediate,
            tries: Some(Tries { in_a_row: 2, pause: TimeDelta::minutes(10) }),
            shuffle: true,
            in_order: true,
        }
    }

    fn at(minute: i64) -> Instant {
        DateTime::from_timestamp(0, 0).expect("the epoch") + TimeDelta::minutes(minute)
    }

    fn given(attempt: u32, question: &Question, right: bool, minute: i64) -> GivenAnswer {
        let (question, answer) = (question.id.clone(), Answer::Typed("x".into()));
        GivenAnswer { attempt, question, answer, right, at: at(minute) }
    }

    #[test]
    fn one_option_is_right_or_wrong() {
        let question = single("q1", 3, 1);
        assert!(question.is_right(&Answer::Chosen(vec![1])));
        assert!(!question.is_right(&Answer::Chosen(vec![0])));
        assert!(!question.takes(&Answer::Chosen(vec![0, 1])));
        assert!(!question.takes(&Answer::Chosen(vec![3])));
        assert!(!question.takes(&Answer::Typed("1".into())));
    }

    #[test]
    fn several_options_are_right_all_together() {
        let question = multiple("q1", 4, &[0, 2]);
        assert!(question.is_right(&Answer::Chosen(vec![2, 0])));
        for wrong in [vec![0], vec![0, 1, 2], vec![1]] {
            assert!(!question.is_right(&Answer::Chosen(wrong)));
        }
        assert!(!question.takes(&Answer::Chosen(vec![])));
        assert!(!question.takes(&Answer::Chosen(vec![0, 0])));
    }

    #[test]
    fn words_are_compared_kindly() {
        let question = typed("q1");
        for right in ["browser", " BROWSER. ", "Web  browser"] {
            assert!(question.is_right(&Answer::Typed(right.into())), "{right}");
        }
        assert!(!question.is_right(&Answer::Typed("brows".into())));
        assert!(!question.takes(&Answer::Typed("".into())));
    }

    #[test]
    fn items_are_right_in_their_order_only() {
        let question = order("q1", 3);
        assert!(question.is_right(&Answer::Ordered(vec![0, 1, 2])));
        assert!(!question.is_right(&Answer::Ordered(vec![1, 0, 2])));
        assert!(!question.takes(&Answer::Ordered(vec![0, 1])));
        assert!(!question.takes(&Answer::Ordered(vec![0, 1, 1])));
    }

    #[test]
    fn a_quiz_is_passed_at_the_mark() {
        let questions: Vec<_> = (0..10).map(|n| single(&format!("q{n}"), 2, 0)).collect();
        let quiz = quiz(questions.clone());
        let with = |right: usize| {
            let all: Vec<_> = questions.iter().enumerate().map(|(n, q)| given(1, q, n < right, 0)).collect();
            quiz.score_of(rules().pass_mark, &all, 1).expect("all are answered").passed
        };
        assert!(with(7) && !with(6));
        assert_eq!(quiz.score_of(rules().pass_mark, &[given(1, &questions[0], true, 0)], 1), None);
    }

    #[test]
    fn tries_end_in_a_pause_and_never_for_good() {
        let question = single("q1", 2, 0);
        let quiz = quiz(vec![question.clone(), typed("q2")]);
        let (rules, second) = (rules(), typed("q2"));
        let mut all = Vec::new();
        let standing = |all: &[GivenAnswer], minute| quiz.standing(&rules, all, false, at(minute));
        assert_eq!(standing(&all, 0), QuizStanding::Next(1));
        all.push(given(1, &question, false, 1));
        assert_eq!(standing(&all, 1), QuizStanding::UnderWay(1, 1));
        all.push(given(1, &second, true, 2));
        assert_eq!(standing(&all, 2), QuizStanding::Next(2));
        all.extend([given(2, &question, false, 3), given(2, &second, true, 4)]);
        assert_eq!(standing(&all, 5), QuizStanding::Pausing(at(14)));
        assert_eq!(standing(&all, 14), QuizStanding::Next(3));
        all.extend([given(3, &question, true, 15), given(3, &second, true, 16)]);
        assert_eq!(quiz.standing(&rules, &all, true, at(16)), QuizStanding::Passed(3));
    }

    #[test]
    fn only_the_record_says_that_a_quiz_is_passed() {
        let question = single("q1", 2, 0);
        let quiz = quiz(vec![question.clone(), typed("q2")]);
        let half = [given(1, &question, true, 1), given(1, &typed("q2"), false, 2)];
        let lower = CourseRules { pass_mark: Percent::new(50).expect("a share"), ..rules() };
        assert_eq!(quiz.standing(&lower, &half, false, at(3)), QuizStanding::Next(2));
        assert_eq!(quiz.standing(&rules(), &half, true, at(3)), QuizStanding::Passed(1));
    }

    #[test]
    fn a_clock_that_was_ahead_pauses_nobody_for_long() {
        let question = typed("q1");
        let quiz = quiz(vec![question.clone()]);
        let all = [given(1, &question, false, 1), given(2, &question, false, 1_000_000)];
        assert_eq!(quiz.standing(&rules(), &all, false, at(5)), QuizStanding::Next(3));
    }

    #[test]
    fn reads_back_from_json() {
        let quiz = quiz(vec![single("a", 2, 0), multiple("b", 3, &[1]), typed("c"), order("d", 3)]);
        let json = serde_json::to_string(&quiz).expect("it is written");
        assert_eq!(serde_json::from_str::<Quiz>(&json).expect("it is read"), quiz);
    }

    proptest! {
        #[test]
        fn the_order_shown_is_of_all_options_and_stays(
            count in 2_u8..=8, attempt in 1_u32..50, id: u128, sorts: bool,
        ) {
            let question = if sorts { order("q1", count) } else { single("q1", count, 0) };
            let lesson = Slug::parse("files").expect("a key");
            let shown = question.shown(&rules(), Uuid::from_u128(id).into(), &lesson, attempt);
            prop_assert_eq!(&shown, &question.shown(&rules(), Uuid::from_u128(id).into(), &lesson, attempt));
            if sorts {
                prop_assert!(!shown.is_sorted());
            }
            let mut all = shown;
            all.sort_unstable();
            prop_assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }
}
