//! Killed while a report that a course is finished is sent, accepted or declined.

use super::{MAYA, RIGHT, World, count, courses, work};
use crate::support::catalogs::LINK_PARTNER;
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::Status;
use coursevia::domain::event::EventKind;
use coursevia::domain::proof::{FinishReport, ProofStatus};
use coursevia::service::{Enroll, Services};
use coursevia::store::FailPoint;

const PROGRAM: &str = "dental-safety";
const RUTH: [&str; 2] = ["--advisor", "ruth@college.example"];

/// Sent, believed, or not: killed at the point, then done once more.
pub async fn finish(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    // The demo's own costs something.
    std::fs::write(world.home.path().join("own.toml"), LINK_PARTNER).expect("written");
    world.home.run(&["catalog", "import", "own.toml"]).ends(0);
    let program = services.program(PROGRAM).await.expect("the program");
    let choice = Services::choice(&program, Some("NDS")).expect("the partner");
    let request =
        Enroll { actor: Actor::Student(student.id), student: &student, program: program.program.id, choice };
    services.enroll(&request).await.expect("enrolled");
    work(services).await;
    let view = courses(services, &student).await.remove(0);
    let code = point.code();
    let sends = code.starts_with("proof_send");
    if !sends {
        let zone = chrono::Offset::fix(&chrono::Utc);
        let finished_on = services.clock.now().date_naive();
        let report = FinishReport { finished_on, note: None, evidence: None };
        let owner = Actor::Student(view.enrollment.student_id);
        services.send_proof(owner, view.enrollment.id, report, zone).await.expect("sent");
    }
    let id = courses(services, &student).await[0].proof.as_ref().map(|proof| proof.id.to_string());
    let id = id.unwrap_or_default();
    let command = match code {
        _ if sends => vec!["proof", "send", PROGRAM, "--student", MAYA],
        _ if code.starts_with("proof_accept") => [&["proof", "accept", &id][..], &RUTH].concat(),
        _ => [&["proof", "decline", &id, "--reason", "Another name."][..], &RUTH].concat(),
    };
    let mails = world.mails();
    world.dies_at(point, RIGHT, &command);
    let again = world.home.run(&command);
    // Done before it was killed: then it is refused, and for no other reason.
    let wanted = if code.ends_with("after_commit") { 3 } else { 0 };
    assert_eq!(again.code, wanted, "{code}: {}", again.stderr);
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    work(services).await;
    let view = courses(services, &student).await.remove(0);
    let proof = view.proof.as_ref().expect("it stands");
    let (wanted, told) = match code {
        _ if sends => ((ProofStatus::Open, Status::Active), EventKind::ProofSent),
        _ if code.starts_with("proof_accept") => {
            assert_eq!(count(services, &view, EventKind::Completed).await, 1);
            ((ProofStatus::Accepted, Status::Completed), EventKind::ProofAccepted)
        }
        _ => ((ProofStatus::Declined, Status::Active), EventKind::ProofDeclined),
    };
    assert_eq!((proof.status, view.enrollment.status), wanted, "{code}");
    assert_eq!(count(services, &view, told).await, 1, "{code}");
    assert_eq!(world.mails(), mails + usize::from(!sends), "{code}");
}
