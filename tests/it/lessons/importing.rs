//! A course that changes while students learn it.

use super::both;
use super::world::{School, refused};
use crate::support::lessons::{PROGRAM, course, key, lesson, right, wrong};
use coursevia::domain::event::EventKind;
use coursevia::domain::plan::CourseImported;
use coursevia::domain::progress::Percent;

both!(
    importing_twice_changes_nothing,
    an_unknown_program_is_not_taught,
    who_has_begun_keeps_every_lesson,
    a_safe_change_moves_everybody_and_lowers_no_figure,
    what_is_not_safe_is_refused_and_changes_nothing,
    a_student_who_stayed_can_be_moved_later,
    a_lesson_that_comes_before_closes_none_that_was_opened,
    a_lower_pass_mark_lets_nobody_stand_still,
);

const NOTHING_NEW: CourseImported = CourseImported { version: 1, new: false, moved: 0, staying: 0 };

async fn importing_twice_changes_nothing(school: School) {
    assert_eq!(school.import(&course(PROGRAM), false).await.expect("imported"), NOTHING_NEW);
    assert_eq!(school.import(&course(PROGRAM), true).await.expect("imported"), NOTHING_NEW);
}

async fn an_unknown_program_is_not_taught(school: School) {
    assert_eq!(refused(school.import(&course("paper-cutting"), false).await), "unknown_program");
}

async fn who_has_begun_keeps_every_lesson(school: School) {
    let (maya, lee) = (school.learner("maya@example.org").await, school.learner("lee@example.org").await);
    school.open(maya, None).await.expect("it opens");
    let mut changed = course(PROGRAM);
    changed.lessons.remove(0);
    changed.title = "Folding".into();
    let imported = school.import(&changed, false).await.expect("imported");
    assert_eq!(imported, CourseImported { version: 2, new: true, moved: 0, staying: 1 });
    // The lesson Maya reads is gone from the course, and not from hers.
    school.read(maya, "crane").await.expect("it is read");
    school.answer(maya, "crane", "tail", right()).await.expect("it is kept");
    let hers = school.outline(maya).await;
    assert_eq!((hers.version, hers.lessons.len(), hers.title.as_str()), (1, 3, "The Art of Folding"));
    assert_eq!(school.course(maya.course).await.taught.map(|taught| taught.lessons), Some(3));
    let his = school.outline(lee).await;
    assert_eq!((his.version, his.lessons.len(), his.title.as_str()), (2, 2, "Folding"));
    assert_eq!(school.course(lee.course).await.taught.map(|taught| taught.lessons), Some(2));
    assert_eq!(refused(school.open(lee, Some("crane")).await), "unknown_lesson");
}

async fn a_safe_change_moves_everybody_and_lowers_no_figure(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    school.read(maya, "crane").await.expect("it is read");
    let mut changed = course(PROGRAM);
    changed.lessons.push(lesson("swan", 100, &[]));
    let imported = school.import(&changed, true).await.expect("imported");
    assert_eq!(imported, CourseImported { version: 2, new: true, moved: 1, staying: 0 });
    let outline = school.outline(maya).await;
    assert_eq!((outline.version, outline.lessons.len(), outline.progress().get()), (2, 4, 12));
    let figure = async || school.course(maya.course).await.enrollment.progress;
    assert_eq!(figure().await.percent.get(), 36);
    for question in ["wings", "tail"] {
        school.answer(maya, "crane", question, right()).await.expect("it is kept");
    }
    assert_eq!((figure().await.percent.get(), figure().await.reported), (36, None));
    for name in ["boat", "frog"] {
        school.open(maya, None).await.expect("it opens");
        school.read(maya, name).await.expect("it is read");
    }
    school.answer(maya, "frog", "legs", right()).await.expect("it is kept");
    assert_eq!(figure().await.percent.get(), 36, "55 of 155 minutes are 35 percent");
    school.open(maya, None).await.expect("it opens");
    assert!(school.read(maya, "swan").await.expect("it is read").completed);
    assert_eq!(school.count(maya, EventKind::ProgressFell).await, 0);
}

async fn what_is_not_safe_is_refused_and_changes_nothing(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    let mut changed = course(PROGRAM);
    changed.lessons.remove(2);
    assert_eq!(refused(school.import(&changed, true).await), "not_safe");
    assert_eq!(school.outline(maya).await.version, 1);
    assert_eq!(school.import(&course(PROGRAM), false).await.expect("imported"), NOTHING_NEW);
}

async fn a_student_who_stayed_can_be_moved_later(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    let mut changed = course(PROGRAM);
    changed.lessons[1].title = "Boats, better said".into();
    let first = school.import(&changed, false).await.expect("imported");
    assert_eq!((first.version, first.new, first.moved, first.staying), (2, true, 0, 1));
    let again = school.import(&changed, true).await.expect("imported");
    assert_eq!((again.version, again.new, again.moved, again.staying), (2, false, 1, 0));
    assert_eq!(school.outline(maya).await.lessons[1].title.as_str(), "Boats, better said");
}

async fn a_lesson_that_comes_before_closes_none_that_was_opened(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    let mut changed = course(PROGRAM);
    changed.lessons.insert(0, lesson("paper", 5, &[]));
    assert_eq!(school.import(&changed, true).await.expect("imported").moved, 1);
    let opened = school.open(maya, None).await.expect("it opens");
    assert_eq!(opened.lesson.key, key("crane"));
    school.read(maya, "crane").await.expect("it is read");
    school.answer(maya, "crane", "tail", right()).await.expect("it is answered");
}

async fn a_lower_pass_mark_lets_nobody_stand_still(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    school.read(maya, "crane").await.expect("it is read");
    school.answer(maya, "crane", "tail", right()).await.expect("it is kept");
    school.answer(maya, "crane", "wings", wrong()).await.expect("it is kept");
    let mut changed = course(PROGRAM);
    changed.rules.pass_mark = Percent::new(50).expect("a share");
    assert_eq!(school.import(&changed, true).await.expect("imported").moved, 1);
    // What was given under the old mark is not passed by itself, and nobody is locked out.
    assert_eq!(school.outline(maya).await.lessons[0].record.passed_at, None);
    school.answer(maya, "crane", "tail", right()).await.expect("the next try");
    school.answer(maya, "crane", "wings", wrong()).await.expect("the next try");
    assert!(school.outline(maya).await.lessons[0].is_done());
}
