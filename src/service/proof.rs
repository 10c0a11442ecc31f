//! "I have finished": sent by students, or by an advisor for one; believed, or not, by advisors.

use crate::domain::actor::Actor;
use crate::domain::decide::{decide_finished_on, decide_proof};
use crate::domain::event::EventKind;
use crate::domain::ids::{EnrollmentId, ProofId, StudentId};
use crate::domain::job::{JobKind, Needs, NewJob};
use crate::domain::person::Advisor;
use crate::domain::plan::{AcceptProofPlan, Completion, ProgressPlan, ProofDecision, SendProofPlan};
use crate::domain::progress::{Percent, ProgressSample, ProgressSource};
use crate::domain::proof::{FinishReport, Proof, ProofFile, ProofQueue, ProofView};
use crate::domain::provider::Provider;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};
use chrono::FixedOffset;

impl Services {
    /// Keeps that a student has finished a course whose partner reports nothing. `zone` is what the clock
    /// on their wall shows: it says which day is today.
    pub async fn send_proof(
        &self,
        actor: Actor,
        id: EnrollmentId,
        report: FinishReport,
        zone: FixedOffset,
    ) -> Result<CourseView, ServiceError> {
        let view = self.course(actor, id).await?;
        let at = self.now();
        decide_finished_on(&view, actor, report.finished_on, at, zone)?;
        let mut event = self.event_about(&view, actor, EventKind::ProofSent, at);
        let proof: ProofId = self.ids.new_id();
        event.payload = serde_json::json!({ "proof": proof, "finished_on": report.finished_on });
        let finished_on = report.finished_on;
        match self.store.send_proof(&SendProofPlan { id: proof, enrollment_id: id, report, event }).await {
            // Sent elsewhere, cancelled or completed a moment ago: the same decision says it.
            Err(error @ StoreError::Conflict(Conflict::ProofOpen | Conflict::Changed)) => {
                let view = self.course(actor, id).await?;
                decide_finished_on(&view, actor, finished_on, at, zone)?;
                Err(error.into())
            }
            sent => {
                sent?;
                self.course(actor, id).await
            }
        }
    }

    /// The reports of one student, or with nobody named everybody's: those that wait for a decision, the
    /// oldest first, or all of them. Everybody's are for advisors.
    pub async fn proofs(
        &self,
        actor: Actor,
        student: Option<StudentId>,
        all: bool,
    ) -> Result<Vec<ProofView>, ServiceError> {
        match (student, actor) {
            (Some(student), actor) if actor.may_touch(student) => {}
            (_, Actor::Staff(_)) => {}
            (Some(_), _) => return Err(Refusal::NotYours.into()),
            (None, _) => return Err(Refusal::AdvisorOnly.into()),
        }
        Ok(self.store.list_proofs(student, all).await?)
    }

    /// One report: a student's own, or any of them for an advisor.
    pub async fn proof(&self, actor: Actor, id: ProofId) -> Result<ProofView, ServiceError> {
        let unknown = || ServiceError::UnknownProof { what: Text::clean(&id.to_string()) };
        let view = self.store.find_proof(id).await?.ok_or_else(unknown)?;
        let theirs = matches!(actor, Actor::Staff(_)) || actor.may_touch(view.student.id);
        if theirs { Ok(view) } else { Err(Refusal::NotYours.into()) }
    }

    /// The file that came with a report.
    pub async fn proof_file(&self, actor: Actor, id: ProofId) -> Result<Option<ProofFile>, ServiceError> {
        self.proof(actor, id).await?;
        Ok(self.store.find_proof_file(id).await?)
    }

    /// How many reports wait for an advisor.
    pub async fn proof_queue(&self, _: &Advisor) -> Result<ProofQueue, ServiceError> {
        Ok(self.store.count_open_proofs().await?)
    }

    /// Believes a report: the course is completed on the day the student finished. Where the partner
    /// reports nothing, an advisor's word is the partner's own "completed".
    pub async fn accept_proof(
        &self,
        actor: Actor,
        id: ProofId,
        note: Option<Text>,
    ) -> Result<CourseView, ServiceError> {
        let (proof, view) = self.decidable(actor, id, true).await?;
        let at = self.now();
        let enrollment = &view.enrollment;
        let sample = ProgressSample {
            id: self.ids.new_id(),
            percent: Some(Percent::FULL),
            completed: true,
            failed: Some(false),
            at,
            source: ProgressSource::Advisor,
        };
        let fetches = view.provider().map(Provider::capabilities).is_some_and(|can| can.certificate);
        let fetches = fetches && enrollment.external_enrollment_id.is_some();
        let needs = self.needs_of(view.partner.as_ref());
        let certificate =
            fetches.then(|| self.new_job(JobKind::Certificate, enrollment.id, needs, at)).into_iter();
        let completion = Completion {
            jobs: certificate.collect(),
            event: self.event_about(&view, actor, EventKind::Completed, at),
        };
        let plan = AcceptProofPlan {
            decision: self.deciding(&view, &proof, actor, EventKind::ProofAccepted, note, at)?,
            progress: ProgressPlan {
                enrollment_id: enrollment.id,
                sample,
                fell: self.event_about(&view, actor, EventKind::ProgressFell, at),
                exam_failed: self.event_about(&view, actor, EventKind::ExamFailed, at),
                completion: Some(completion),
            },
            completed_at: proof.finished_at(enrollment.enrolled_at),
        };
        let done = self.store.accept_proof(&plan).await;
        self.decided(done, actor, id, true).await?;
        self.course(Actor::System, view.enrollment.id).await
    }

    /// Does not believe a report, for a reason the student reads. They can send another one.
    pub async fn decline_proof(
        &self,
        actor: Actor,
        id: ProofId,
        reason: Text,
    ) -> Result<CourseView, ServiceError> {
        let (proof, view) = self.decidable(actor, id, false).await?;
        let decision =
            self.deciding(&view, &proof, actor, EventKind::ProofDeclined, Some(reason), self.now())?;
        let done = self.store.decline_proof(&decision).await;
        self.decided(done, actor, id, false).await?;
        self.course(Actor::System, view.enrollment.id).await
    }

    /// The report and its course, if this may be decided by the actor.
    async fn decidable(
        &self,
        actor: Actor,
        id: ProofId,
        accept: bool,
    ) -> Result<(Proof, CourseView), ServiceError> {
        if !matches!(actor, Actor::Staff(_)) {
            return Err(Refusal::AdvisorOnly.into());
        }
        let proof = self.proof(actor, id).await?.proof;
        let view = self.course(Actor::System, proof.enrollment_id).await?;
        decide_proof(&view, &proof, actor, accept)?;
        Ok((proof, view))
    }

    fn deciding(
        &self,
        view: &CourseView,
        proof: &Proof,
        actor: Actor,
        kind: EventKind,
        note: Option<Text>,
        at: Instant,
    ) -> Result<ProofDecision, ServiceError> {
        let Actor::Staff(advisor) = actor else {
            return Err(Refusal::AdvisorOnly.into());
        };
        let mut event = self.event_about(view, actor, kind, at);
        event.payload = serde_json::json!({ "proof": proof.id, "note": note });
        let mail = NewJob {
            payload: serde_json::json!({ "proof": proof.id }),
            idempotency_key: format!("mail:proof:{}", proof.id),
            ..self.new_job(JobKind::Mail, view.enrollment.id, Needs::Mail, at)
        };
        Ok(ProofDecision { proof_id: proof.id, advisor, note, mail, event })
    }

    /// Decided, cancelled or completed elsewhere a moment ago: the same decision says it.
    async fn decided(
        &self,
        done: Result<(), StoreError>,
        actor: Actor,
        id: ProofId,
        accept: bool,
    ) -> Result<(), ServiceError> {
        if let Err(StoreError::Conflict(Conflict::Changed)) = done {
            self.decidable(actor, id, accept).await?;
        }
        Ok(done?)
    }
}
