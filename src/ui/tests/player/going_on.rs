//! The player while other things happen: at other terminals, in other versions, to whoever goes back and forth.

use super::*;

#[test]
fn one_enter_too_many_answers_nothing() {
    let (mut stage, _) = asking(0, Feedback::Immediate);
    stage.keys("<resize:40x10>");
    assert_eq!(stage.keys("<enter><enter>"), []);
    assert!(stage.picture().contains("Choose one first."), "{}", stage.picture());
    stage.keys("j");
    assert!(!stage.picture().contains("Choose one first."));
    assert_eq!(count(&stage.keys("<enter>"), is_step), 1);
    let (mut stage, _) = asking(3, Feedback::Immediate);
    assert_eq!(stage.keys("<enter>j<enter>"), []);
    assert!(stage.picture().contains("Move the items first"), "{}", stage.picture());
    // The order that is shown may be the right one.
    assert_eq!(count(&stage.keys("<space><space><enter>"), is_step), 1);
}

#[test]
fn an_answer_says_what_the_student_saw() {
    let mut opened = opened();
    opened.outline.version = 3;
    opened.outline.lessons[0].record.read_at = Some(start());
    opened.lesson.given = given(1, false);
    let asked = reading_with(opened).keys("t1<enter>");
    let saw = |effect: &Effect| matches!(effect, Effect::AnswerQuestion { attempt: 2, version: 3, .. });
    assert!(asked.iter().any(saw), "{asked:?}");
}

#[test]
fn a_course_completed_elsewhere_brings_its_certificate() {
    let mut end = other("mail", outline(&[("mail", 10, None)]));
    let mut stage = reading_with(end.clone());
    stage.keys("<enter>");
    end.outline.lessons[0].record.read_at = Some(start());
    // All is done, and nobody says that the course is completed.
    learned(&mut stage, Ok(Learned { completed: false, ..after(&end) }));
    assert_eq!(stage.app.layer(), Layer::Lesson);
    assert!(stage.message().contains("not completed yet"), "{}", stage.message());
    assert_eq!(count(&stage.keys("<enter>"), is_step), 1, "it is tried once more");
    end.outline.status = Status::Completed;
    let asked = learned(&mut stage, Ok(Learned { completed: false, ..after(&end) }));
    assert!(matches!(asked.as_slice(), [Effect::LoadCourses { .. }]), "{asked:?}");
    assert_eq!(stage.app.layer(), Layer::Completed);
    stage.courses(vec![certified()]);
    assert!(stage.picture().contains("CV-2025-7K4M9QXT"), "{}", stage.picture());
}

#[test]
fn text_and_questions_are_of_one_version() {
    let (mut stage, opened) = asking(0, Feedback::Immediate);
    stage.keys("1<enter>");
    let mut newer = after(&opened);
    newer.outline.version = 2;
    let asked = learned(&mut stage, Ok(newer));
    let again = |effect: &Effect| matches!(effect, Effect::OpenLesson { lesson: Some(_), .. });
    assert_eq!(count(&asked, again), 1, "{asked:?}");
    assert_eq!(stage.app.player().unwrap().outline().unwrap().version, 1);
    let (mut stage, _) = asking(0, Feedback::Immediate);
    stage.keys("1<enter>");
    let asked = learned(&mut stage, Err(refused("changed_meanwhile", "It was changed meanwhile.")));
    assert_eq!(count(&asked, again), 1, "{asked:?}");
}

#[test]
fn whoever_left_is_not_pulled_back() {
    let (mut stage, mut opened) = asking(0, Feedback::Immediate);
    stage.keys("1<enter><esc>");
    opened.lesson.given = given(1, true).into_iter().take(1).collect();
    learned(&mut stage, Ok(after(&opened)));
    assert_eq!(stage.app.layer(), Layer::Lesson);
    stage.keys("t");
    assert_eq!(stage.app.player().unwrap().quiz().unwrap().place, 1, "the answer counts all the same");
    let mut stage = reading();
    stage.keys("G<enter>o");
    opened.outline.lessons[0].record.read_at = Some(start());
    learned(&mut stage, Ok(after(&opened)));
    assert_eq!(stage.app.layer(), Layer::Outline);
}

#[test]
fn a_place_on_its_way_is_newer_than_the_one_that_is_read() {
    let mut stage = reading();
    stage.keys("jjjjjjjjj");
    let place = stage.app.player().unwrap().place;
    stage.keys("<esc>");
    stage.courses(vec![taught()]);
    stage.keys("<enter>");
    open(&mut stage, opened());
    assert_eq!(stage.app.player().unwrap().place, place);
}

#[test]
fn a_quiz_is_passed_where_that_was_written_down() {
    let done = |passed: bool, right: bool| {
        let mut opened = opened();
        opened.outline.lessons[0].record.read_at = Some(start());
        opened.outline.lessons[0].record.passed_at = passed.then(start);
        opened.lesson.given = given(1, right);
        opened
    };
    // The pass mark is higher by now, or lower.
    let mut stage = reading_with(done(true, false));
    stage.keys("t");
    assert!(stage.picture().contains("Passed: 0 of 4"), "{}", stage.picture());
    let mut stage = reading_with(done(false, true));
    stage.keys("t");
    assert_eq!((stage.app.layer(), stage.app.player().unwrap().quiz().unwrap().attempt), (Layer::Quiz, 2));
}

#[test]
fn an_answer_that_was_begun_waits_while_something_is_looked_up() {
    let (mut stage, _) = asking(1, Feedback::Immediate);
    stage.keys("12<esc>jjo<esc>t");
    let quiz = stage.app.player().unwrap().quiz().unwrap();
    assert_eq!(quiz.marked, [quiz.order[0], quiz.order[1]]);
    let (mut stage, _) = asking(2, Feedback::Immediate);
    stage.keys("bro<esc>t");
    assert_eq!(stage.app.player().unwrap().quiz().unwrap().field.text(), "bro");
}

#[test]
fn a_search_in_vain_leaves_the_place() {
    let mut stage = reading();
    stage.keys("<space>");
    let place = |stage: &Stage| stage.app.player().unwrap().place;
    let before = place(&stage);
    stage.keys("/Paragraph 39<esc>");
    assert_eq!(place(&stage), before, "it was only typed");
    stage.keys("/Paragraph 39<enter><esc>");
    assert!(place(&stage) > before, "it was gone to");
    let there = place(&stage);
    stage.keys("/Paragraph 1zzz");
    assert_eq!(place(&stage), there);
}

#[test]
fn tries_are_counted_before_the_pause() {
    let mut opened = opened();
    opened.outline.rules.tries = Some(Tries { in_a_row: 2, pause: TimeDelta::minutes(10) });
    opened.outline.lessons[0].record.read_at = Some(start());
    opened.lesson.given = given(1, true).into_iter().take(3).collect();
    let mut stage = reading_with(opened.clone());
    stage.keys("t<space>j<space><enter>");
    let mut ended = opened;
    ended.lesson.given = given(1, false);
    learned(&mut stage, Ok(after(&ended)));
    stage.keys("<enter>");
    assert!(stage.picture().contains("the last try before a pause of 10 min"), "{}", stage.picture());
}
