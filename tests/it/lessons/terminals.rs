//! Two terminals, and more, at one course: no step is lost, and the first answer counts.

use super::both;
use super::world::{Learner, School, refused};
use crate::support::lessons::{PROGRAM, course, key, right, wrong};
use coursevia::domain::enrollment::Status;
use coursevia::domain::event::EventKind;
use coursevia::domain::learning::Learned;
use coursevia::domain::progress::Percent;
use coursevia::domain::quiz::{Answer, AskedQuestion};
use coursevia::service::{ServiceError, Services};
use tokio::task::JoinHandle;

both!(
    of_two_answers_to_one_question_the_first_counts,
    the_last_two_questions_answered_at_once_pass_the_quiz_once,
    an_answer_to_an_attempt_that_has_ended_counts_in_no_other,
    two_terminals_open_and_read_one_lesson,
    whatever_terminals_do_at_once_completes_once,
);

/// A terminal of its own at which a question is answered.
fn answering(
    services: &Services,
    who: Learner,
    lesson: &'static str,
    question: &'static str,
    answer: Answer,
) -> JoinHandle<Result<Learned, ServiceError>> {
    let services = services.clone();
    tokio::spawn(async move {
        let version = services.outline(who.actor, who.course).await?.version;
        let asked = AskedQuestion { version, attempt: 1, question: key(question) };
        services.answer_question(who.actor, who.course, &key(lesson), &asked, answer).await
    })
}

fn reading(
    services: &Services,
    who: Learner,
    lesson: &'static str,
) -> JoinHandle<Result<Learned, ServiceError>> {
    let services = services.clone();
    tokio::spawn(async move { services.finish_lesson(who.actor, who.course, &key(lesson)).await })
}

async fn of_two_answers_to_one_question_the_first_counts(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    let services = school.services().await;
    let one = answering(services, maya, "crane", "tail", right());
    let other = answering(services, maya, "crane", "tail", wrong());
    let (one, other) = (one.await.expect("no panic"), other.await.expect("no panic"));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let (counts, late) = if one.is_ok() { (right(), other) } else { (wrong(), one) };
    assert_eq!(late.expect_err("it came second").code(), "answered_already");
    let given = services.store.list_answers(maya.course, &key("crane")).await.expect("it reads");
    assert_eq!(given.iter().map(|given| &given.answer).collect::<Vec<_>>(), [&counts]);
}

async fn the_last_two_questions_answered_at_once_pass_the_quiz_once(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    school.read(maya, "crane").await.expect("it is read");
    let services = school.services().await;
    let one = answering(services, maya, "crane", "tail", right());
    let other = answering(services, maya, "crane", "wings", right());
    let one = one.await.expect("no panic").expect("it is kept");
    let other = other.await.expect("no panic").expect("it is kept");
    assert!(one.score.is_some() != other.score.is_some(), "{one:?} {other:?}");
    let outline = school.outline(maya).await;
    assert!(outline.lessons[0].is_done());
    assert_eq!(school.course(maya.course).await.enrollment.progress.percent, outline.progress());
    assert_eq!(school.count(maya, EventKind::QuizPassed).await, 1);
}

async fn an_answer_to_an_attempt_that_has_ended_counts_in_no_other(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    school.answer(maya, "crane", "tail", wrong()).await.expect("it is kept");
    school.answer(maya, "crane", "wings", wrong()).await.expect("it is kept");
    // Another terminal still shows the last question of the first attempt.
    let late = school.answer_seen(maya, "crane", (1, 1, "wings"), right()).await;
    assert_eq!(refused(late), "answered_already");
    let other_version = school.answer_seen(maya, "crane", (2, 2, "wings"), right()).await;
    assert_eq!(refused(other_version), "changed_meanwhile");
    let services = school.services().await;
    let given = services.store.list_answers(maya.course, &key("crane")).await.expect("it reads");
    assert_eq!(given.len(), 2);
    school.answer_seen(maya, "crane", (1, 2, "wings"), right()).await.expect("the next try");
}

async fn two_terminals_open_and_read_one_lesson(school: School) {
    let maya = school.learner("maya@example.org").await;
    let services = school.services().await;
    let opening = || {
        let services = services.clone();
        tokio::spawn(async move { services.open_lesson(maya.actor, maya.course, None).await })
    };
    for opened in [opening(), opening()] {
        assert_eq!(opened.await.expect("no panic").expect("it opens").lesson.key, key("crane"));
    }
    for read in [reading(services, maya, "crane"), reading(services, maya, "crane")] {
        read.await.expect("no panic").expect("it is read");
    }
    assert_eq!(school.count(maya, EventKind::LessonRead).await, 1);
    assert_eq!(school.count(maya, EventKind::Started).await, 1);
}

async fn whatever_terminals_do_at_once_completes_once(school: School) {
    let mut free = course(PROGRAM);
    free.rules.in_order = false;
    school.import(&free, false).await.expect("imported");
    let maya = school.learner("maya@example.org").await;
    let services = school.services().await;
    let steps = [
        reading(services, maya, "frog"),
        answering(services, maya, "crane", "tail", right()),
        reading(services, maya, "boat"),
        answering(services, maya, "frog", "legs", right()),
        reading(services, maya, "crane"),
        answering(services, maya, "crane", "wings", right()),
    ];
    let mut completed = 0;
    for step in steps {
        completed += usize::from(step.await.expect("no panic").expect("it is kept").completed);
    }
    assert_eq!(completed, 1);
    let view = school.course(maya.course).await;
    assert_eq!(
        (view.enrollment.status, view.enrollment.progress.percent),
        (Status::Completed, Percent::FULL)
    );
    for (kind, times) in [
        (EventKind::LessonRead, 3),
        (EventKind::QuizPassed, 2),
        (EventKind::Completed, 1),
        (EventKind::CertificateIssued, 1),
        (EventKind::ProgressFell, 0),
    ] {
        assert_eq!(school.count(maya, kind).await, times, "{kind:?}");
    }
}
