//! A course that is taught here, learned from the first lesson to the certificate.

use crate::store::world::World;
use crate::support::lessons::{course, lesson, right};
use coursevia::domain::enrollment::{Enrollment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::person::Student;
use coursevia::domain::progress::Percent;
use uuid::Uuid;

const PROGRAM: &str = "digital-literacy";

pub fn learned() -> EnrollmentId {
    Uuid::from_u128(81).into()
}

/// Goes on where it was cut off: the course changes on the way.
pub async fn live(world: &World, minute: i64) {
    if world.store.find_course(learned()).await.expect("it reads").is_none() {
        let student = Student { id: Uuid::from_u128(91).into(), ..world.student("learn@example.org") };
        let mut plan = world.plan(&student, PROGRAM, None).await;
        plan.jobs.clear();
        plan.enrollment.id = learned();
        plan.event.enrollment = Some(learned());
        world.store.enroll(&plan).await.expect("it enrolls");
    }
    if world.store.find_outline(learned()).await.expect("it reads").is_none() {
        world.teach(&course(PROGRAM), None).await.expect("it is imported");
    }
    all_or_nothing(world).await;
    let mine = world.course(learned()).await.enrollment;
    let outline = world.outline(&mine).await;
    if outline.version == 1 {
        let crane = outline.lessons[0].record;
        if crane.opened_at.is_none() {
            world.open(&mine, "crane", minute).await.expect("it opens");
        }
        let given = world.store.list_answers(mine.id, &outline.lessons[0].key).await.expect("it reads");
        if given.is_empty() {
            world.take(&world.answering(&mine, ("crane", "tail"), right(), minute).await).await;
        }
        let mut longer = course(PROGRAM);
        longer.lessons.push(lesson("swan", 5, &[]));
        let in_use = world.in_use().await;
        assert_eq!(world.teach(&longer, Some(in_use)).await.expect("it is imported").moved, 1);
    }
    let kept = world.store.keep_place(mine.student_id, mine.id, &outline.lessons[0].key, 7).await;
    assert!(kept.expect("it is written"));
    world.learn_all(&mine, minute).await;
    all_or_nothing(world).await;
    once(world, &mine).await;
}

/// Whatever was cut off: it is completed with all that belongs to it, or not at all.
async fn all_or_nothing(world: &World) {
    let view = world.course(learned()).await;
    let completed = view.enrollment.status == Status::Completed;
    let history = world.history(learned()).await;
    let told = |kind| history.iter().filter(|one| **one == kind).count();
    let outline = world.outline(&view.enrollment).await;
    assert_eq!(outline.is_complete(), completed);
    assert_eq!(view.enrollment.progress.percent == Percent::FULL, completed);
    assert_eq!(view.certificate.is_some(), completed);
    for kind in [EventKind::Completed, EventKind::CertificateIssued] {
        assert_eq!(told(kind), usize::from(completed), "{kind:?}");
    }
    let read = outline.lessons.iter().filter(|lesson| lesson.record.read_at.is_some()).count();
    assert_eq!(told(EventKind::LessonRead), read);
    let passed = outline.lessons.iter().filter(|lesson| lesson.record.passed_at.is_some()).count();
    assert_eq!(told(EventKind::QuizPassed), passed);
}

/// Nothing was done twice.
async fn once(world: &World, mine: &Enrollment) {
    let outline = world.outline(mine).await;
    assert_eq!((outline.version, outline.lessons[0].record.place), (2, 7));
    let mut answers = 0;
    for lesson in &outline.lessons {
        answers += world.store.list_answers(mine.id, &lesson.key).await.expect("it reads").len();
    }
    assert_eq!(answers, 3);
}
