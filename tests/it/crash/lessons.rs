//! Killed while a course that is taught here is learned.

use super::money::{Later, services};
use super::{MAYA, World};
use crate::support::lessons::{CATALOG, PROGRAM, enrolled};
use crate::support::office::Deed;
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::Status;
use coursevia::domain::event::EventKind;
use coursevia::domain::person::Email;
use coursevia::service::Services;
use coursevia::store::FailPoint;

/// Cut off at the point; all or nothing of the step stands, and whoever goes on ends with one certificate.
pub async fn learn(world: &World, point: FailPoint) {
    std::fs::write(world.home.path().join("own.toml"), CATALOG).expect("written");
    world.home.run(&["catalog", "import", "own.toml"]).ends(0);
    let later = Later::of(world);
    let deed = Deed::new("learn", MAYA, PROGRAM, "");
    later.dies_at(point, 0, &deed);
    stands(services(&later.minutes(15).await).await, None, point).await;
    later.does(15, &deed).await;
    stands(services(&later.minutes(30).await).await, Some(Status::Completed), point).await;
}

async fn stands(services: &Services, wanted: Option<Status>, point: FailPoint) {
    let email = Email::parse(MAYA).expect("an address");
    let student = services.learner(&email, None).await.expect("Maya");
    let id = enrolled(services, &student).await.expect("enrolled");
    let view = services.course(Actor::System, id).await.expect("the course");
    let completed = view.enrollment.status == Status::Completed;
    assert!(wanted.is_none_or(|wanted| wanted == view.enrollment.status), "{point:?}");
    assert_eq!(view.issued().is_some(), completed, "{point:?}");
    let history = services.store.list_history(id).await.expect("the history");
    let told = |kind| history.iter().filter(|entry| entry.kind == kind).count();
    for kind in [EventKind::Completed, EventKind::CertificateIssued] {
        assert_eq!(told(kind), usize::from(completed), "{point:?} {kind:?}");
    }
    let outline = services.store.find_outline(id).await.expect("it reads");
    let Some(outline) = outline else {
        assert!(!completed);
        return;
    };
    assert_eq!(outline.version, 1, "{point:?}");
    assert_eq!(outline.is_complete(), completed, "{point:?}");
    assert_eq!(view.enrollment.progress.percent, outline.progress(), "{point:?}");
    let read = outline.lessons.iter().filter(|lesson| lesson.record.read_at.is_some()).count();
    assert_eq!(told(EventKind::LessonRead), read, "{point:?}");
    let passed = outline.lessons.iter().filter(|lesson| lesson.record.passed_at.is_some()).count();
    assert_eq!(told(EventKind::QuizPassed), passed, "{point:?}");
}
