//! May this lesson be opened, is it read, is its quiz passed, and what follows?

use crate::domain::actor::Actor;
use crate::domain::enrollment::Status;
use crate::domain::learning::Outline;
use crate::domain::lesson::{LessonKey, TaughtCourse};
use crate::domain::progress::Percent;
use crate::domain::quiz::{Answer, AskedQuestion, GivenAnswer, Quiz, QuizStanding, Score};
use crate::domain::refusal::{LessonRefusal, Refusal};
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, ProgramView};

/// What one more step in a course changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How far the course is now; `None` where nothing new is done.
    pub progress: Option<Percent>,
    /// All of it is done.
    pub completes: bool,
}

impl Step {
    const NOTHING: Self = Self { progress: None, completes: false };

    fn to(outline: &Outline) -> Self {
        Self { progress: Some(outline.progress()), completes: outline.is_complete() }
    }
}

/// What an answer changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerDecision {
    /// At which attempt it is given.
    pub attempt: u32,
    /// Whether it is right.
    pub right: bool,
    /// What came of the attempt, if this was its last question.
    pub score: Option<Score>,
    /// What follows for the course.
    pub step: Step,
}

/// Decides whether somebody may be in a course taught here: only the student, because a certificate says what
/// *they* have done.
pub fn decide_learn(view: &CourseView, actor: Actor) -> Result<(), Refusal> {
    let title = || view.program_title.clone();
    if !actor.may_touch(view.enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    if let Some(provider) = view.provider() {
        let partner = provider.name.clone();
        return Err(LessonRefusal::TaughtElsewhere { title: title(), partner }.into());
    }
    if !matches!(actor, Actor::Student(_)) {
        return Err(LessonRefusal::NotOnBehalf { title: title() }.into());
    }
    match view.enrollment.status {
        Status::Pending => Err(Refusal::AwaitingPayment { title: title() }),
        Status::Cancelled => Err(Refusal::Cancelled { title: title() }),
        Status::Active | Status::Completed if view.taught.is_none() => {
            Err(LessonRefusal::Coming { title: title() }.into())
        }
        Status::Active | Status::Completed => Ok(()),
    }
}

/// The place of the lesson in the outline, if it may be opened.
pub fn decide_open(outline: &Outline, lesson: &LessonKey) -> Result<usize, Refusal> {
    let number = known(outline, lesson)?;
    match outline.blocked_by(number) {
        Some(before) => Err(LessonRefusal::Locked {
            lesson: outline.lessons[number].title.clone(),
            before: before.title.clone(),
        }
        .into()),
        None => Ok(number),
    }
}

/// Decides what follows when a lesson was read to its end at `now`.
pub fn decide_read(outline: &Outline, lesson: &LessonKey, now: Instant) -> Result<Step, Refusal> {
    let number = decide_open(outline, lesson)?;
    let mut after = outline.clone();
    match &mut after.lessons[number].record.read_at {
        Some(_) => Ok(Step::NOTHING),
        unread => {
            *unread = Some(now);
            Ok(Step::to(&after))
        }
    }
}

/// Decides an answer to a question of a lesson's quiz, after those that were `given`.
pub fn decide_answer(
    outline: &Outline,
    lesson: &LessonKey,
    quiz: Option<&Quiz>,
    given: &[GivenAnswer],
    asked: &AskedQuestion,
    answer: &Answer,
    now: Instant,
) -> Result<AnswerDecision, Refusal> {
    let number = decide_open(outline, lesson)?;
    if asked.version != outline.version {
        return Err(LessonRefusal::ChangedMeanwhile.into());
    }
    let title = || outline.lessons[number].title.clone();
    let Some(quiz) = quiz else {
        return Err(LessonRefusal::NoQuiz { lesson: title() }.into());
    };
    let passed = outline.lessons[number].record.passed_at.is_some();
    let attempt = match quiz.standing(&outline.rules, given, passed, now) {
        QuizStanding::Passed(_) => return Err(LessonRefusal::QuizPassed { lesson: title() }.into()),
        QuizStanding::Pausing(until) => {
            let minutes = (until - now).num_seconds().max(0).cast_unsigned().div_ceil(60);
            return Err(LessonRefusal::Pausing { lesson: title(), minutes }.into());
        }
        QuizStanding::Next(attempt) | QuizStanding::UnderWay(attempt, _) => attempt,
    };
    let question = &asked.question;
    let known = quiz.question(question).ok_or(LessonRefusal::UnknownQuestion)?;
    if !known.takes(answer) {
        return Err(LessonRefusal::NoAnswer.into());
    }
    // Another terminal has ended the attempt this was an answer in.
    if asked.attempt != attempt {
        return Err(LessonRefusal::Answered.into());
    }
    if given.iter().any(|known| known.attempt == attempt && known.question == *question) {
        return Err(LessonRefusal::Answered.into());
    }
    let right = known.is_right(answer);
    let of_attempt = given.iter().filter(|known| known.attempt == attempt);
    let answers = of_attempt.map(|known| (&known.question, known.right)).chain([(question, right)]).collect();
    let score = quiz.score(outline.rules.pass_mark, &answers);
    let mut after = outline.clone();
    let step = if score.is_some_and(|score| score.passed) {
        after.lessons[number].record.passed_at = Some(now);
        Step::to(&after)
    } else {
        Step::NOTHING
    };
    Ok(AnswerDecision { attempt, right, score, step })
}

/// Decides whether a course may be taught here: no partner delivers its program. Those who have begun `stands` go on
/// with it, unless the change is said to be `safe`, which must then be true.
pub fn decide_import_course(
    program: &ProgramView,
    course: &TaughtCourse,
    stands: &[TaughtCourse],
    safe: bool,
) -> Result<(), Refusal> {
    if let Some(offer) = program.offers.first() {
        let (title, partner) = (program.program.title.clone(), offer.provider.name.clone());
        return Err(LessonRefusal::TaughtElsewhere { title, partner }.into());
    }
    let unsafe_changes = stands.iter().flat_map(|old| course.unsafe_after(old)).next();
    match unsafe_changes.filter(|_| safe) {
        Some(change) => Err(LessonRefusal::NotSafe { change }.into()),
        None => Ok(()),
    }
}

fn known(outline: &Outline, lesson: &LessonKey) -> Result<usize, LessonRefusal> {
    outline.number_of(lesson).ok_or_else(|| LessonRefusal::UnknownLesson { title: outline.title.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{course_of, now, owner, program, rest_offer, stranger};
    use crate::domain::learning::TaughtSummary;
    use crate::domain::learning::fixtures::{at, outline};
    use crate::domain::lesson::Tries;
    use crate::domain::program::Slug;
    use crate::domain::quiz::fixtures::{quiz, single, typed};
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn key(raw: &str) -> LessonKey {
        Slug::parse(raw).expect("a key")
    }

    fn asked(attempt: u32, question: &str) -> AskedQuestion {
        AskedQuestion { version: 1, attempt, question: key(question) }
    }

    fn taught() -> CourseView {
        let mut view = course_of(&program(vec![rest_offer("Certiport")]), 0);
        view.partner = None;
        view.enrollment.delivery = None;
        view.taught = Some(TaughtSummary { lessons: 2, read: 0 });
        view
    }

    fn course() -> Outline {
        outline(&[("files", 20, Some(2)), ("web", 10, None)])
    }

    #[test]
    fn only_the_student_learns() {
        let view = taught();
        assert_eq!(decide_learn(&view, owner(&view)), Ok(()));
        let code = |view: &CourseView, actor| decide_learn(view, actor).expect_err("refused").code();
        let advisor = Actor::Advisor { advisor: Uuid::nil().into(), student: view.enrollment.student_id };
        assert_eq!(code(&view, advisor), "learn_not_on_behalf");
        assert_eq!(code(&view, stranger()), "not_yours");
        let with = |change: fn(&mut CourseView)| {
            let mut view = taught();
            change(&mut view);
            code(&view, owner(&view))
        };
        assert_eq!(with(|view| view.taught = None), "lessons_coming");
        assert_eq!(with(|view| view.enrollment.status = Status::Cancelled), "cancelled");
        let elsewhere = course_of(&program(vec![rest_offer("Certiport")]), 0);
        assert_eq!(code(&elsewhere, owner(&elsewhere)), "taught_elsewhere");
    }

    #[test]
    fn a_lesson_waits_for_the_one_before() {
        let mut course = course();
        let refused = decide_open(&course, &key("web")).expect_err("it is locked");
        assert_eq!(refused.code(), "lesson_locked");
        assert_eq!(decide_open(&course, &key("mail")).expect_err("no such").code(), "unknown_lesson");
        course.lessons[0].record.read_at = at(1);
        course.lessons[0].record.passed_at = at(1);
        assert_eq!(decide_open(&course, &key("web")), Ok(1));
    }

    #[test]
    fn reading_counts_once() {
        let mut course = course();
        let step = decide_read(&course, &key("files"), now()).expect("it counts");
        assert_eq!(step, Step { progress: Percent::new(62), completes: false });
        course.lessons[0].record.read_at = at(1);
        assert_eq!(decide_read(&course, &key("files"), now()), Ok(Step::NOTHING));
    }

    #[test]
    fn the_last_answer_passes_and_the_last_step_completes() {
        let mut course = course();
        course.lessons[0].record.read_at = at(1);
        course.lessons[1].record.read_at = at(1);
        let quiz = quiz(vec![single("one", 2, 0), typed("two")]);
        let mut given = Vec::new();
        let answer = |given: &mut Vec<GivenAnswer>, question: &str, answer: Answer| {
            let (lesson, asked) = (key("files"), asked(1, question));
            let decided = decide_answer(&course, &lesson, Some(&quiz), given, &asked, &answer, now())?;
            let (question, attempt, right) = (asked.question, decided.attempt, decided.right);
            given.push(GivenAnswer { attempt, question, answer, right, at: now() });
            Ok::<_, Refusal>(decided)
        };
        let first = answer(&mut given, "one", Answer::Chosen(vec![0])).expect("an answer");
        assert_eq!((first.right, first.score, first.step), (true, None, Step::NOTHING));
        let again = answer(&mut given, "one", Answer::Chosen(vec![1])).expect_err("the first one counts");
        assert_eq!(again.code(), "answered_already");
        let nothing = answer(&mut given, "two", Answer::Chosen(vec![0])).expect_err("words are asked for");
        assert_eq!(nothing.code(), "no_answer");
        let last = answer(&mut given, "two", Answer::Typed("browser".into())).expect("an answer");
        assert_eq!(last.score, Some(Score { right: 2, of: 2, passed: true }));
        assert_eq!(last.step, Step { progress: Some(Percent::FULL), completes: true });
        let mut passed = course.clone();
        passed.lessons[0].record.passed_at = at(2);
        let answer = Answer::Typed("browser".into());
        let late =
            decide_answer(&passed, &key("files"), Some(&quiz), &given, &asked(2, "two"), &answer, now());
        assert_eq!(late.expect_err("it is passed").code(), "quiz_passed");
    }

    #[test]
    fn an_answer_counts_in_the_attempt_and_version_it_was_given_in() {
        let course = course();
        let quiz = quiz(vec![typed("two")]);
        let given = GivenAnswer {
            attempt: 1,
            question: key("two"),
            answer: Answer::Typed("x".into()),
            right: false,
            at: now(),
        };
        let code = |asked: AskedQuestion| {
            let answer = Answer::Typed("browser".into());
            let given = std::slice::from_ref(&given);
            let decided = decide_answer(&course, &key("files"), Some(&quiz), given, &asked, &answer, now());
            decided.map(|decided| decided.attempt).map_err(|refusal| refusal.code())
        };
        assert_eq!(code(asked(1, "two")), Err("answered_already"));
        assert_eq!(code(AskedQuestion { version: 2, ..asked(2, "two") }), Err("changed_meanwhile"));
        assert_eq!(code(asked(2, "two")), Ok(2));
    }

    #[test]
    fn what_was_opened_stays_open() {
        let mut course = course();
        course.lessons[1].record.opened_at = at(1);
        assert_eq!(decide_open(&course, &key("web")), Ok(1));
    }

    #[test]
    fn a_pause_is_said_in_minutes() {
        let mut course = course();
        course.rules.tries = Some(Tries { in_a_row: 1, pause: TimeDelta::minutes(10) });
        let quiz = quiz(vec![typed("two")]);
        let wrong = GivenAnswer {
            attempt: 1,
            question: key("two"),
            answer: Answer::Typed("x".into()),
            right: false,
            at: now() - TimeDelta::seconds(90),
        };
        let answer = Answer::Typed("browser".into());
        let try_at = |now| {
            decide_answer(
                &course,
                &key("files"),
                Some(&quiz),
                std::slice::from_ref(&wrong),
                &asked(2, "two"),
                &answer,
                now,
            )
        };
        let refused = try_at(now()).expect_err("it is time for a pause");
        assert_eq!(refused.code(), "quiz_pausing");
        assert!(refused.to_string().contains("9 minutes"), "{refused}");
        assert_eq!(try_at(now() + TimeDelta::minutes(9)).expect("it goes on").attempt, 2);
    }

    #[test]
    fn a_course_of_partners_is_not_taught_here() {
        let taught = TaughtCourse {
            program: key("cna-training"),
            title: "CNA".into(),
            rules: course().rules,
            lessons: Vec::new(),
        };
        let delivered = program(vec![rest_offer("Certiport")]);
        let refused =
            decide_import_course(&delivered, &taught, &[], false).expect_err("a partner delivers it");
        assert_eq!(refused.code(), "taught_elsewhere");
        assert_eq!(decide_import_course(&program(vec![]), &taught, &[], true), Ok(()));
    }
}
