//! From the first lesson to the certificate.

use super::both;
use super::world::{School, refused};
use crate::support::lessons::{PROGRAM, course, key, learn, right, wrong};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::certificate::VerificationCode;
use coursevia::domain::enrollment::Status;
use coursevia::domain::event::EventKind;
use coursevia::domain::learning::LessonState;
use coursevia::domain::lesson::Tries;
use coursevia::domain::person::{Email, Student};
use coursevia::domain::progress::{Percent, ProgressSource};
use coursevia::domain::quiz::AskedQuestion;

both!(
    a_whole_course_ends_in_a_certificate,
    whoever_goes_on_elsewhere_finds_everything,
    what_is_locked_does_not_open,
    an_answer_after_completion_is_refused_and_changes_nothing,
    reading_once_more_changes_nothing,
    a_quiz_that_is_not_passed_can_be_tried_again_after_a_pause,
    nobody_learns_for_somebody_else,
    who_has_read_a_lesson_has_started,
    a_certificate_names_whoever_gave_no_name_by_their_address,
);

async fn a_whole_course_ends_in_a_certificate(school: School) {
    let maya = school.learner("maya@example.org").await;
    let services = school.services().await;
    let first = school.open(maya, None).await.expect("it opens");
    assert_eq!((first.lesson.key.as_str(), first.outline.state(0)), ("crane", LessonState::Begun));
    assert_eq!(first.lesson.body.as_str(), "# About crane\n\nFold it twice, “so”.\n");
    let mut figures = vec![school.read(maya, "crane").await.expect("it is read").outline.progress().get()];
    for (lesson, question) in [("crane", "tail"), ("crane", "wings")] {
        let learned = school.answer(maya, lesson, question, right()).await.expect("it is kept");
        assert_eq!(learned.score.is_some_and(|score| score.passed), question == "wings");
        figures.push(learned.outline.progress().get());
    }
    assert_eq!(school.open(maya, None).await.expect("it opens").lesson.key.as_str(), "boat");
    figures.push(school.read(maya, "boat").await.expect("it is read").outline.progress().get());
    school.open(maya, None).await.expect("it opens");
    figures.push(school.read(maya, "frog").await.expect("it is read").outline.progress().get());
    assert_eq!(figures, [36, 36, 45, 72, 90]);
    let view = school.course(maya.course).await;
    assert_eq!((view.enrollment.progress.percent.get(), view.enrollment.status), (90, Status::Active));
    assert_eq!(view.enrollment.progress.source, Some(ProgressSource::Here));
    assert_eq!(view.certificate, None);

    let last = school.answer(maya, "frog", "legs", right()).await.expect("it is kept");
    assert!(last.completed && last.outline.is_complete() && last.outline.status == Status::Completed);
    let view = school.course(maya.course).await;
    assert_eq!(
        (view.enrollment.progress.percent, view.enrollment.status),
        (Percent::FULL, Status::Completed)
    );
    assert_eq!(view.enrollment.completed_at, Some(services.clock.now()));
    assert_eq!(view.taught.as_ref().map(|taught| (taught.lessons, taught.read)), Some((3, 3)));
    let issued = view.issued().expect("a certificate");
    assert_eq!(issued.course.as_str(), "The Art of Folding");
    assert!(issued.number.as_str().starts_with("CV-2026-"), "{issued:?}");
    assert_eq!(services.find_certificate(&issued.code).await.expect("it reads"), Some(issued));
    let other = VerificationCode::parse("0000-0000-0000-0000").expect("a code");
    assert_eq!(services.find_certificate(&other).await.expect("it reads"), None);
    let told = [
        (EventKind::Started, 1),
        (EventKind::LessonRead, 3),
        (EventKind::QuizPassed, 2),
        (EventKind::QuizFailed, 0),
        (EventKind::Completed, 1),
        (EventKind::CertificateIssued, 1),
        (EventKind::ProgressFell, 0),
    ];
    for (kind, times) in told {
        assert_eq!(school.count(maya, kind).await, times, "{kind:?}");
    }
    let history = services.store.list_history(maya.course).await.expect("it reads");
    let newest: Vec<_> = history.iter().take(3).map(|entry| entry.kind).collect();
    assert_eq!(newest, [EventKind::CertificateIssued, EventKind::Completed, EventKind::QuizPassed]);
}

async fn whoever_goes_on_elsewhere_finds_everything(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    let services = school.services().await;
    services.keep_place(maya.actor, maya.course, &key("crane"), 17).await.expect("it is kept");
    school.answer(maya, "crane", "tail", wrong()).await.expect("it is kept");
    let there = school.open(maya, None).await.expect("it opens");
    assert_eq!(there.outline.lessons[0].record.place, 17);
    let [given] = there.lesson.given.as_slice() else { panic!("{:?}", there.lesson.given) };
    assert_eq!((given.question.as_str(), &given.answer, given.right), ("tail", &wrong(), false));
    assert_eq!(there.lesson.quiz, course(PROGRAM).lessons[0].quiz);
    let last_used = services.store.last_used(school.course(maya.course).await.student.id).await;
    assert_eq!(last_used.expect("it reads"), Some(maya.course));
}

async fn what_is_locked_does_not_open(school: School) {
    let maya = school.learner("maya@example.org").await;
    let services = school.services().await;
    assert_eq!(refused(school.open(maya, Some("boat")).await), "lesson_locked");
    assert_eq!(refused(school.read(maya, "boat").await), "lesson_locked");
    assert_eq!(refused(school.answer(maya, "frog", "legs", right()).await), "lesson_locked");
    assert_eq!(refused(school.open(maya, Some("swan")).await), "unknown_lesson");
    let kept = services.keep_place(maya.actor, maya.course, &key("boat"), 1).await;
    assert_eq!(refused(kept), "lesson_locked");
    assert_eq!(refused(school.answer(maya, "crane", "beak", right()).await), "unknown_question");
    let outline = school.outline(maya).await;
    assert!(outline.lessons.iter().all(|lesson| lesson.record.opened_at.is_none()), "{outline:?}");
    assert_eq!(school.course(maya.course).await.enrollment.last_accessed_at, None);
}

async fn an_answer_after_completion_is_refused_and_changes_nothing(school: School) {
    let student = school.student("maya@example.org").await;
    learn(school.services().await, &student).await.expect("completed");
    let maya = school.learner("maya@example.org").await;
    let (before, outline) = (school.course(maya.course).await, school.outline(maya).await);
    assert_eq!(refused(school.answer(maya, "frog", "legs", wrong()).await), "quiz_passed");
    let again = school.read(maya, "frog").await.expect("it was read");
    assert!(!again.completed && again.outline == outline && again.given.len() == 1);
    assert_eq!(school.course(maya.course).await, before);
    // Everything can still be read.
    let opened = school.open(maya, Some("boat")).await.expect("it opens");
    assert_eq!(opened.outline.state(1), LessonState::Done);
    assert_eq!(school.course(maya.course).await.certificate, before.certificate);
}

async fn reading_once_more_changes_nothing(school: School) {
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    let first = school.read(maya, "crane").await.expect("it is read");
    school.campus.clock().advance(TimeDelta::minutes(5));
    let again = school.read(maya, "crane").await.expect("it was read");
    assert_eq!(again.outline, first.outline);
    assert_eq!(school.count(maya, EventKind::LessonRead).await, 1);
}

async fn a_quiz_that_is_not_passed_can_be_tried_again_after_a_pause(school: School) {
    let mut changed = course(PROGRAM);
    changed.rules.tries = Some(Tries { in_a_row: 1, pause: TimeDelta::minutes(10) });
    school.import(&changed, false).await.expect("imported");
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    school.answer(maya, "crane", "tail", right()).await.expect("it is kept");
    let failed = school.answer(maya, "crane", "wings", wrong()).await.expect("it is kept");
    assert_eq!(failed.score.map(|score| (score.right, score.of, score.passed)), Some((1, 2, false)));
    assert_eq!(school.count(maya, EventKind::QuizFailed).await, 1);
    assert_eq!(refused(school.answer(maya, "crane", "tail", right()).await), "quiz_pausing");
    school.campus.clock().advance(TimeDelta::minutes(10));
    school.answer(maya, "crane", "tail", right()).await.expect("it is kept");
    let passed = school.answer(maya, "crane", "wings", right()).await.expect("it is kept");
    assert!(passed.score.is_some_and(|score| score.passed));
    let attempts: Vec<_> = passed.given.iter().map(|given| given.attempt).collect();
    assert_eq!(attempts, [1, 1, 2, 2]);
}

async fn nobody_learns_for_somebody_else(school: School) {
    let maya = school.learner("maya@example.org").await;
    let lee = school.learner("lee@example.org").await;
    school.open(maya, None).await.expect("it opens");
    let services = school.services().await;
    let email = Email::parse("ruth@college.example").expect("an address");
    let advisor = services.advisor(&email).await.expect("an advisor").id;
    let student = school.course(maya.course).await.student.id;
    let at_desk = Actor::Advisor { advisor, student };
    assert_eq!(refused(services.outline(at_desk, maya.course).await), "learn_not_on_behalf");
    assert_eq!(refused(services.open_lesson(lee.actor, maya.course, None).await), "not_yours");
    let kept = services.keep_place(lee.actor, maya.course, &key("crane"), 9).await;
    assert_eq!(refused(kept), "not_yours");
    assert_eq!(
        refused(services.finish_lesson(at_desk, maya.course, &key("crane")).await),
        "learn_not_on_behalf"
    );
    let asked = AskedQuestion { version: 1, attempt: 1, question: key("tail") };
    let answered = services.answer_question(lee.actor, maya.course, &key("crane"), &asked, right()).await;
    assert_eq!(refused(answered), "not_yours");
    assert_eq!(school.outline(maya).await.lessons[0].record.place, 0);
}

async fn who_has_read_a_lesson_has_started(school: School) {
    let services = school.services().await;
    let maya = school.learner("maya@example.org").await;
    school.open(maya, None).await.expect("it opens");
    services.cancel(maya.actor, maya.course).await.expect("nothing is done yet");
    assert_eq!(refused(school.open(maya, None).await), "cancelled");
    let lee = school.learner("lee@example.org").await;
    school.open(lee, None).await.expect("it opens");
    school.read(lee, "crane").await.expect("it is read");
    assert_eq!(refused(services.cancel(lee.actor, lee.course).await), "already_started");
}

async fn a_certificate_names_whoever_gave_no_name_by_their_address(school: School) {
    let student = school.student("maya@example.org").await;
    let services = school.services().await;
    learn(services, &student).await.expect("completed");
    let view = school.course(school.learner("maya@example.org").await.course).await;
    let issued = view.issued().expect("a certificate");
    assert_eq!(issued.holder.as_str(), "maya@example.org");
    let found = services.find_certificate(&issued.code).await.expect("it reads").expect("it stands");
    assert_eq!(found.holder, issued.holder);
    // The first name they give stands on it for good.
    for name in ["Maya Okafor", "Somebody Else"] {
        let id = view.enrollment.student_id;
        let named = Student { id, name: Some(name.into()), ..student.clone() };
        services.save_student(Actor::Student(id), &named).await.expect("saved");
        let found = services.find_certificate(&issued.code).await.expect("it reads").expect("it stands");
        assert_eq!(found.holder.as_str(), "Maya Okafor");
    }
}
