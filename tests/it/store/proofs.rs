//! "I have finished": one open report per course, and an advisor's word completes once.

use super::conformance;
use super::world::{World, anything, at, email};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::{Enrollment, Status};
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::ids::{AdvisorId, ProofId};
use coursevia::domain::job::JobKind;
use coursevia::domain::person::Advisor;
use coursevia::domain::plan::{AcceptProofPlan, Completion, ProgressPlan, ProofDecision, SendProofPlan};
use coursevia::domain::progress::{Percent, ProgressSample, ProgressSource};
use coursevia::domain::proof::{Evidence, FinishReport, MAX_FILE, ProofFile, ProofStatus};
use coursevia::domain::text::Text;
use coursevia::domain::web::WebUrl;
use coursevia::store::{Conflict, StoreError};
use std::path::Path;

conformance! {
    a_report_is_kept_with_all_that_came_with_it,
    a_second_report_waits_until_the_first_is_decided,
    an_accepted_report_completes_on_the_day_that_was_named,
    a_declined_report_says_why_and_changes_nothing_else,
    a_report_about_what_was_cancelled_is_refused_and_leaves_the_queue,
    of_two_advisors_one_decides,
    of_two_reports_sent_at_once_one_stands,
    accepting_and_cancelling_at_once_end_as_one_of_both,
}

impl World {
    pub async fn ruth(&self) -> AdvisorId {
        let ruth = Advisor { id: self.ids.new_id(), email: email("ruth@college.example"), name: None };
        self.store.ensure_advisor(&ruth, at(0)).await.expect("it is written").id
    }

    pub fn finishing(&self, course: &Enrollment, minute: i64, evidence: Option<Evidence>) -> SendProofPlan {
        SendProofPlan {
            id: self.ids.new_id(),
            enrollment_id: course.id,
            report: FinishReport {
                finished_on: at(minute).date_naive(),
                note: Some("Done.".into()),
                evidence,
            },
            event: Event { at: at(minute), ..self.event(EventKind::ProofSent, Some(course)) },
        }
    }

    pub fn deciding(
        &self,
        course: &Enrollment,
        proof: ProofId,
        advisor: AdvisorId,
        (kind, minute): (EventKind, i64),
    ) -> ProofDecision {
        let event = Event { at: at(minute), actor: Actor::Staff(advisor), ..self.event(kind, Some(course)) };
        ProofDecision {
            proof_id: proof,
            advisor,
            note: Some("The link shows another name.".into()),
            mail: self.job(JobKind::Mail, course.id, at(minute)),
            event,
        }
    }

    pub fn accepting(
        &self,
        course: &Enrollment,
        proof: ProofId,
        advisor: AdvisorId,
        minute: i64,
    ) -> AcceptProofPlan {
        let event =
            |kind| Event { at: at(minute), actor: Actor::Staff(advisor), ..self.event(kind, Some(course)) };
        AcceptProofPlan {
            decision: self.deciding(course, proof, advisor, (EventKind::ProofAccepted, minute)),
            progress: ProgressPlan {
                enrollment_id: course.id,
                sample: ProgressSample {
                    id: self.ids.new_id(),
                    percent: Some(Percent::FULL),
                    completed: true,
                    failed: Some(false),
                    at: at(minute),
                    source: ProgressSource::Advisor,
                },
                fell: event(EventKind::ProgressFell),
                exam_failed: event(EventKind::ExamFailed),
                completion: Some(Completion { jobs: Vec::new(), event: event(EventKind::Completed) }),
            },
            completed_at: at(minute) - TimeDelta::minutes(1),
        }
    }

    async fn mails(&self) -> usize {
        let mut mails = 0;
        while let Some(job) = self.store.claim_job(at(90), at(95), &anything).await.expect("it reads") {
            mails += usize::from(job.kind == JobKind::Mail);
        }
        mails
    }
}

async fn a_report_is_kept_with_all_that_came_with_it(world: &World) {
    let course = world.maya().await;
    let bytes: Vec<u8> = (0..MAX_FILE).map(|byte| u8::try_from(byte % 256).expect("a byte")).collect();
    let file = ProofFile::new(Path::new("proof.bin"), bytes).expect("it fits");
    let plan = world.finishing(&course, 7, Some(Evidence::File(file.clone())));
    world.store.send_proof(&plan).await.expect("it is kept");
    let found = world.store.find_proof(plan.id).await.expect("it reads").expect("it stands");
    let proof = &found.proof;
    assert_eq!(Some(proof), world.course(course.id).await.proof.as_deref());
    assert_eq!((proof.status, proof.sent_at, proof.enrollment_id), (ProofStatus::Open, at(7), course.id));
    assert_eq!(proof.file, Some(("proof.bin".into(), MAX_FILE as u64)));
    assert_eq!(proof.note.as_ref().map(Text::as_str), Some("Done."));
    assert_eq!((found.program_slug.as_str(), found.partner.as_str()), ("cna-training", "Certiport"));
    assert_eq!(world.store.find_proof_file(plan.id).await.expect("it reads"), Some(file));
    let happened = world.history(course.id).await;
    assert!(happened.contains(&EventKind::ProofSent) && happened.contains(&EventKind::Started));
    let queue = world.store.count_open_proofs().await.expect("it reads");
    assert_eq!((queue.open, queue.since), (1, Some(at(7))));
    let mine = world.store.list_proofs(Some(course.student_id), false).await.expect("it reads");
    assert_eq!(mine, [found]);
    assert_eq!(world.store.find_proof(world.ids.new_id()).await.expect("it reads"), None);
}

async fn a_second_report_waits_until_the_first_is_decided(world: &World) {
    let course = world.maya().await;
    let link = Evidence::Link(WebUrl::parse("https://nds.example.org/c/1").expect("an address"));
    let first = world.finishing(&course, 7, Some(link));
    world.store.send_proof(&first).await.expect("it is kept");
    let again = world.store.send_proof(&world.finishing(&course, 8, None)).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::ProofOpen))), "{again:?}");
    let ruth = world.ruth().await;
    let declined = world.deciding(&course, first.id, ruth, (EventKind::ProofDeclined, 9));
    world.store.decline_proof(&declined).await.expect("it is declined");
    let second = world.finishing(&course, 10, None);
    world.store.send_proof(&second).await.expect("it is kept");
    assert_eq!(world.course(course.id).await.proof.map(|proof| proof.id), Some(second.id), "the last one");
    let all = world.store.list_proofs(None, true).await.expect("it reads");
    assert_eq!(all.iter().map(|view| view.proof.id).collect::<Vec<_>>(), [second.id, first.id]);
    let open = world.store.list_proofs(None, false).await.expect("it reads");
    assert_eq!(open.iter().map(|view| view.proof.id).collect::<Vec<_>>(), [second.id]);
}

async fn an_accepted_report_completes_on_the_day_that_was_named(world: &World) {
    let course = world.maya().await;
    let sent = world.finishing(&course, 7, None);
    world.store.send_proof(&sent).await.expect("it is kept");
    let mut plan = world.accepting(&course, sent.id, world.ruth().await, 60);
    plan.completed_at = at(5);
    let before = world.mails().await;
    world.store.accept_proof(&plan).await.expect("it is accepted");
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.completed_at), (Status::Completed, Some(at(5))));
    assert_eq!(view.enrollment.progress.percent, Percent::FULL);
    let proof = view.proof.expect("it stands");
    assert_eq!((proof.status, proof.decided_at), (ProofStatus::Accepted, Some(at(60))));
    let happened = world.history(course.id).await;
    for kind in [EventKind::ProofAccepted, EventKind::Completed, EventKind::Started] {
        assert_eq!(happened.iter().filter(|one| **one == kind).count(), 1, "{kind:?}");
    }
    assert!(before <= 1 && world.mails().await == 1, "the mail of the decision, beside the one of enrolling");
    assert_eq!(world.store.count_open_proofs().await.expect("it reads").open, 0);
}

async fn a_declined_report_says_why_and_changes_nothing_else(world: &World) {
    let course = world.maya().await;
    let sent = world.finishing(&course, 7, None);
    world.store.send_proof(&sent).await.expect("it is kept");
    let decision = world.deciding(&course, sent.id, world.ruth().await, (EventKind::ProofDeclined, 9));
    world.store.decline_proof(&decision).await.expect("it is declined");
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.progress.as_of), (Status::Active, None));
    let reason = view.declined_proof().and_then(|proof| proof.decision_note.clone()).expect("a reason");
    assert_eq!(reason.as_str(), "The link shows another name.");
    assert!(world.history(course.id).await.contains(&EventKind::ProofDeclined));
}

async fn a_report_about_what_was_cancelled_is_refused_and_leaves_the_queue(world: &World) {
    let course = world.maya().await;
    let sent = world.finishing(&course, 7, None);
    world.store.send_proof(&sent).await.expect("it is kept");
    world.store.cancel(&world.cancelling(&course, &[])).await.expect("it is cancelled");
    assert_eq!(world.store.count_open_proofs().await.expect("it reads").open, 0);
    assert_eq!(world.store.list_proofs(None, false).await.expect("it reads"), []);
    let accepted = world.store.accept_proof(&world.accepting(&course, sent.id, world.ruth().await, 9)).await;
    assert!(matches!(accepted, Err(StoreError::Conflict(Conflict::Changed))), "{accepted:?}");
    let proof = world.course(course.id).await.proof.expect("it stands");
    assert_eq!(proof.status, ProofStatus::Open, "nothing of it was written");
    let late = world.store.send_proof(&world.finishing(&course, 9, None)).await;
    assert!(matches!(late, Err(StoreError::Conflict(Conflict::Changed))), "{late:?}");
}

async fn of_two_advisors_one_decides(world: &World) {
    let course = world.maya().await;
    let sent = world.finishing(&course, 7, None);
    world.store.send_proof(&sent).await.expect("it is kept");
    let ruth = world.ruth().await;
    let yes = world.accepting(&course, sent.id, ruth, 9);
    let no = world.deciding(&course, sent.id, ruth, (EventKind::ProofDeclined, 9));
    let (accepted, declined) = tokio::join!(world.store.accept_proof(&yes), world.store.decline_proof(&no));
    assert!(accepted.is_ok() != declined.is_ok(), "{accepted:?} {declined:?}");
    let view = world.course(course.id).await;
    let wanted = if accepted.is_ok() {
        (ProofStatus::Accepted, Status::Completed)
    } else {
        (ProofStatus::Declined, Status::Active)
    };
    assert_eq!((view.proof.expect("it stands").status, view.enrollment.status), wanted);
    let happened = world.history(course.id).await;
    let decisions = [EventKind::ProofAccepted, EventKind::ProofDeclined];
    assert_eq!(happened.iter().filter(|kind| decisions.contains(kind)).count(), 1);
}

async fn of_two_reports_sent_at_once_one_stands(world: &World) {
    let course = world.maya().await;
    let (one, other) = (world.finishing(&course, 7, None), world.finishing(&course, 7, None));
    let (one, other) = tokio::join!(world.store.send_proof(&one), world.store.send_proof(&other));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(world.store.list_proofs(None, true).await.expect("it reads").len(), 1);
    let sent = world.history(course.id).await.into_iter().filter(|kind| *kind == EventKind::ProofSent);
    assert_eq!(sent.count(), 1);
}

async fn accepting_and_cancelling_at_once_end_as_one_of_both(world: &World) {
    let course = world.maya().await;
    let sent = world.finishing(&course, 7, None);
    world.store.send_proof(&sent).await.expect("it is kept");
    let yes = world.accepting(&course, sent.id, world.ruth().await, 9);
    let away = world.cancelling(&course, &[]);
    let (accepted, cancelled) = tokio::join!(world.store.accept_proof(&yes), world.store.cancel(&away));
    assert!(accepted.is_ok() != cancelled.is_ok(), "{accepted:?} {cancelled:?}");
    let view = world.course(course.id).await;
    let wanted = if accepted.is_ok() {
        (ProofStatus::Accepted, Status::Completed)
    } else {
        (ProofStatus::Open, Status::Cancelled)
    };
    assert_eq!((view.proof.expect("it stands").status, view.enrollment.status), wanted);
}
