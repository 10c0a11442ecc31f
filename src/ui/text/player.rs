//! What is said in the player of a course taught here.

use super::count;
use crate::domain::learning::{LessonState, Outline, OutlineLesson};
use crate::domain::quiz::{QuestionKind, Quiz, QuizStanding, Score};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::ui::app::{App, Mode, NextStep, Phase, Player};
use crate::ui::keymap::{Action, Keymap};

/// While the first lesson is opened.
pub const OPENING_LESSON: &str = "Opening the lesson…";
/// A place could not be written down.
pub const PLACE_NOT_KEPT: &str =
    "Your place in the lesson can't be saved now. You can read on; it is tried again by itself.";
/// After that it could.
pub const PLACE_KEPT_AGAIN: &str = "Your place in the lesson is saved again.";
/// A link was opened.
pub const LINK_OPENED: &str = "The link opens in your browser.";
/// A link to a lesson the course does not have.
pub const NO_SUCH_LESSON: &str = "This course has no such lesson.";
/// Searching found nothing.
pub const NOT_FOUND: &str = "not found in this lesson";
/// In the field of the search, before anything is typed.
pub const SEARCH_LESSON: &str = "search in this lesson";
/// While a certificate is written into files.
pub const SAVING_CERTIFICATE: &str = "Saving the certificate…";
/// The code of a certificate was copied.
pub const COPIED_CODE: &str = "The code is copied, where your terminal allows it.";
/// There is no certificate to save.
pub const NO_CERTIFICATE: &str = "There is no certificate of this course to save yet.";
/// Every lesson is done, and yet the course is not completed.
pub const NOT_COMPLETED_YET: &str =
    "All lessons are done, but the course is not completed yet. Try once more at the end of the lesson.";
/// While the certificate of a course that was just completed is read.
pub const READING_CERTIFICATE: &str = "Reading your certificate…";
/// Over the objectives.
pub const AFTERWARDS: &str = "After this lesson you can:";
/// Over the answers of a quiz that is over.
pub const YOUR_ANSWERS: &str = "Your answers";
/// The answer was right.
pub const RIGHT: &str = "✓ Right";
/// It was not.
pub const WRONG: &str = "✗ Not right";

/// What is written down or read in the player.
pub(in crate::ui) fn learning(player: &Player) -> Option<&'static str> {
    if player.opening.is_some() {
        return Some(OPENING_LESSON);
    }
    player.sending?;
    Some(if player.quiz().is_some() { "Saving your answer…" } else { "Saving…" })
}

/// Where in the player one is: "Digital Literacy › Lesson 2 of 6".
pub(in crate::ui) fn player_crumb(app: &App, player: &Player) -> Option<String> {
    let title = app.course(player.enrollment).map(|course| course.program_title.to_string());
    let title = title.or_else(|| player.outline().map(|outline| outline.title.to_string()))?;
    let (Some(number), Some(outline)) = (player.number(), player.outline()) else {
        return Some(title);
    };
    let part = match &player.mode {
        Mode::Outline { .. } => "Lessons".to_owned(),
        Mode::Completed => "Completed".to_owned(),
        Mode::Quiz(_) => format!("Lesson {} › Quiz", number + 1),
        Mode::Reading => format!("Lesson {} of {}", number + 1, outline.lessons.len()),
    };
    Some(format!("{title} › {part}"))
}

/// "20 min".
pub fn minutes(minutes: u16) -> String {
    format!("{minutes} min")
}

/// "Lesson 2 of 6 · 20 min · quiz 5 min, passed".
pub fn lesson_facts(outline: &Outline, number: usize) -> String {
    let Some(lesson) = outline.lessons.get(number) else {
        return String::new();
    };
    let place = format!("Lesson {} of {}", number + 1, outline.lessons.len());
    let facts = [place, minutes(lesson.minutes)].into_iter().chain(quiz_facts(lesson));
    facts.collect::<Vec<_>>().join(" · ")
}

/// "quiz 5 min, passed"; `None` without a quiz.
pub fn quiz_facts(lesson: &OutlineLesson) -> Option<String> {
    let passed = if lesson.record.passed_at.is_some() { ", passed" } else { "" };
    lesson.quiz_minutes.map(|quiz| format!("quiz {}{passed}", minutes(quiz)))
}

/// The sign of a lesson in the outline.
pub fn lesson_sign(state: LessonState) -> &'static str {
    match state {
        LessonState::Done => "✓",
        LessonState::Begun | LessonState::QuizWaits => "›",
        LessonState::Open => "○",
        LessonState::Locked => "·",
    }
}

/// How a lesson stands, in a word or two.
pub fn lesson_word(state: LessonState) -> &'static str {
    match state {
        LessonState::Done => "done",
        LessonState::Begun => "begun",
        LessonState::QuizWaits => "quiz waits",
        LessonState::Open => "open",
        LessonState::Locked => "locked",
    }
}

/// What is said of the chosen lesson under the outline.
pub fn lesson_told(outline: &Outline, number: usize) -> String {
    let Some(lesson) = outline.lessons.get(number) else {
        return String::new();
    };
    let facts =
        [minutes(lesson.minutes)].into_iter().chain(quiz_facts(lesson)).collect::<Vec<_>>().join(" · ");
    let how = match (outline.state(number), outline.blocked_by(number)) {
        (LessonState::Locked, Some(before)) => {
            format!("Opens when the lessons before it are done. The next of them is “{}”.", before.title)
        }
        (LessonState::Done, _) => "Done. You can read it again at any time.".to_owned(),
        (LessonState::QuizWaits, _) => "Read. Its quiz is still to be passed.".to_owned(),
        (LessonState::Begun, _) => "You have begun it.".to_owned(),
        _ => "Ready to be read.".to_owned(),
    };
    format!("{facts}. {how}")
}

/// "3 of 6 lessons done · 45%".
pub fn outline_progress(outline: &Outline) -> String {
    let lessons = count(outline.lessons.len(), "lesson");
    format!("{} of {lessons} done · {}", outline.done(), outline.progress())
}

/// "in 9 minutes".
fn until(at: Instant, now: Instant) -> String {
    let seconds = (at - now).num_seconds().max(1);
    let left = usize::try_from((seconds + 59) / 60).unwrap_or(1);
    format!("in {}", count(left, "minute"))
}

/// "5 questions, about 5 min".
fn quiz_size(quiz: &Quiz) -> String {
    format!("{}, about {}", count(quiz.questions.len(), "question"), minutes(quiz.minutes))
}

/// What Enter does at the end of a lesson.
pub(in crate::ui) fn next_step(player: &Player, keys: &Keymap, now: Instant) -> Option<String> {
    let (outline, go) = (player.outline()?, keys.word(Action::Go));
    let title =
        |number: usize| outline.lessons.get(number).map(|lesson| lesson.title.as_str()).unwrap_or_default();
    Some(match player.next_step(now)? {
        NextStep::Quiz { attempt, answered } => {
            let quiz = player.questions()?;
            match (attempt, answered) {
                (1, 0) => format!("{go}: take the quiz ({})", quiz_size(quiz)),
                (_, 0) => format!("{go}: try the quiz again ({})", quiz_size(quiz)),
                (_, answered) => {
                    format!("{go}: go on with the quiz ({answered} of {} answered)", quiz.questions.len())
                }
            }
        }
        NextStep::Pause(at) => {
            format!("{go}: see your answers. You can try the quiz again {}.", until(at, now))
        }
        NextStep::Lesson(number) if player.is_read() => format!("{go}: next lesson: {}", title(number)),
        NextStep::Lesson(number) => format!("{go}: done, next lesson: {}", title(number)),
        NextStep::Completes if player.is_read() => format!("{go}: to the end of the course"),
        NextStep::Completes => format!("{go}: done. This completes the course."),
        NextStep::Certificate => format!("{go}: the course is completed. See your certificate"),
    })
}

/// The same in the footer.
pub(in crate::ui) fn next_step_label(player: &Player, now: Instant) -> Option<&'static str> {
    Some(match player.next_step(now)? {
        NextStep::Quiz { answered: 0, .. } => "take the quiz",
        NextStep::Quiz { .. } => "go on with the quiz",
        NextStep::Pause(_) => "see your answers",
        NextStep::Lesson(_) => "next lesson",
        NextStep::Completes => "done",
        NextStep::Certificate => "certificate",
    })
}

/// What to do with a question.
pub fn how_to_answer(kind: &QuestionKind, keys: &Keymap) -> String {
    let mark = keys.word(Action::Mark);
    match kind {
        QuestionKind::Single { .. } => "Choose one.".to_owned(),
        QuestionKind::Multiple { .. } => format!("Choose all that are right: {mark} marks one."),
        QuestionKind::Text { .. } => "Write it in a few words.".to_owned(),
        QuestionKind::Order { .. } => {
            let signs = keys.sign(Action::Up);
            let down = keys.sign(Action::Down);
            format!("Put them in order: {mark} takes an item, {signs}{down} move it.")
        }
    }
}

/// Enter where nothing is chosen or written.
pub fn no_answer(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Multiple { .. } => "Mark at least one first.",
        QuestionKind::Text { .. } => "Write something first.",
        QuestionKind::Single { .. } => "Choose one first.",
        QuestionKind::Order { .. } => {
            "Move the items first. If they are in order already, take one and put it down."
        }
    }
}

/// "Question 2 of 5 · try 2".
pub fn question_place(quiz: &Quiz, place: usize, attempt: u32) -> String {
    let again = if attempt > 1 { format!(" · try {attempt}") } else { String::new() };
    format!("Question {} of {}{again}", place + 1, quiz.questions.len())
}

/// What came of a quiz.
pub fn scored(score: Score, pass_mark: u8) -> String {
    let Score { right, of, passed } = score;
    if passed {
        return format!("✓ Passed: {right} of {of} right");
    }
    let needed = (usize::from(pass_mark) * of).div_ceil(100);
    format!("✗ Not passed yet: {right} of {of} right, {needed} needed")
}

/// What Enter does after an answer, or at the end of a quiz.
pub(in crate::ui) fn after_quiz(player: &Player, keys: &Keymap, now: Instant) -> Option<String> {
    let go = keys.word(Action::Go);
    let (quiz, screen) = (player.questions()?, player.quiz()?);
    if screen.phase == Phase::Told {
        let open = quiz.questions.iter().any(|question| player.given(question).is_none());
        return Some(format!("{go}: {}", if open { "next question" } else { "see your result" }));
    }
    if !player.score()?.passed {
        return Some(match player.standing(now)? {
            QuizStanding::Pausing(at) => {
                format!(
                    "Read the lesson again: you can try again {}. {go} goes to the lesson.",
                    until(at, now)
                )
            }
            QuizStanding::Next(attempt) => format!("{go}: try again{}", tries_left(player, attempt)),
            _ => format!("{go}: try again"),
        });
    }
    if player.news {
        return Some(format!("{go}: the course is completed. See your certificate"));
    }
    next_step(player, keys, now)
}

/// How many tries there still are before a pause, this one among them.
fn tries_left(player: &Player, attempt: u32) -> String {
    let Some(tries) = player.outline().and_then(|outline| outline.rules.tries) else {
        return String::new();
    };
    let in_a_row = u32::from(tries.in_a_row.max(1));
    let pause = tries.pause.num_minutes();
    match in_a_row - (attempt - 1) % in_a_row {
        1 => format!(" (the last try before a pause of {pause} min)"),
        left => format!(" ({left} tries left before a pause of {pause} min)"),
    }
}

/// The label of that in the footer.
pub(in crate::ui) fn after_quiz_label(player: &Player, now: Instant) -> Option<&'static str> {
    let screen = player.quiz()?;
    if screen.phase == Phase::Told {
        return Some("go on");
    }
    if !player.score()?.passed {
        let pauses = matches!(player.standing(now)?, QuizStanding::Pausing(_));
        return Some(if pauses { "read the lesson" } else { "try again" });
    }
    if player.news {
        return Some("certificate");
    }
    next_step_label(player, now)
}

/// "“word”: 3 of 12".
pub fn found(word: &str, current: usize, of: usize) -> String {
    if of == 0 { NOT_FOUND.to_owned() } else { format!("“{word}”: {} of {of}", current + 1) }
}

/// A number that no link has.
pub fn no_such_link(count: usize) -> String {
    match count {
        1 => "There is one link here: 1.".to_owned(),
        count => format!("The links have the numbers 1 to {count}."),
    }
}

/// Where the files of a certificate are.
pub fn certificate_saved(paths: &str) -> String {
    format!("Your certificate is saved: {paths}")
}

/// They could not be written.
pub fn certificate_not_saved(folder: &str, why: &str) -> String {
    format!("The certificate can't be written into {folder}: {why}.")
}

/// A course is completed.
pub fn course_completed(title: &Text) -> String {
    format!("You have completed {title}")
}

/// How anybody checks a certificate.
pub fn how_to_check(code: &str) -> String {
    format!("Anybody can check it: coursevia certificate verify {code}")
}

/// The student has given no name.
pub const NO_NAME: &str = "You have given no name yet, so it carries your e-mail address. Give one: coursevia profile --name \"Your Name\"";

/// Where a certificate is found later.
pub const WHERE_CERTIFICATE_IS: &str = "It stays under My courses, in the details of this course.";

/// "3 of 6 lessons read".
pub fn lessons_read(course: &CourseView) -> Option<String> {
    let taught = course.taught.as_ref()?;
    Some(format!("{} of {} read", taught.read, count(taught.lessons as usize, "lesson")))
}

/// What can be done with a certificate that was issued here.
pub fn certificate_keys(save: &str, copy: &str) -> String {
    format!("{save} saves it as files · {copy} copies the code")
}

/// Over the links of a lesson.
pub const LINKS: &str = "Links and pictures";
/// Where a link within the course leads.
pub const TO_A_LESSON: &str = "Another lesson of this course";
