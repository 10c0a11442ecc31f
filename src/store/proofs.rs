//! Reports that a course is finished: where the partner reports nothing, an advisor's word counts.

use super::{PAUSE, Store, StoreError, TRIES};
use crate::domain::ids::{ProofId, StudentId};
use crate::domain::plan::{AcceptProofPlan, ProofDecision, SendProofPlan};
use crate::domain::proof::{ProofFile, ProofQueue, ProofView};

impl Store {
    /// Keeps a report. `Conflict::Changed` when the course is not active any more, `ProofOpen` when another
    /// one waits.
    pub async fn send_proof(&self, plan: &SendProofPlan) -> Result<(), StoreError> {
        transact!(self, send_proof(plan))
    }

    /// Accepts a report: the course is completed. `Conflict::Changed` when somebody decided about it, or the
    /// course is not active any more.
    pub async fn accept_proof(&self, plan: &AcceptProofPlan) -> Result<(), StoreError> {
        transact!(self, accept_proof(plan))
    }

    /// Declines a report. `Conflict::Changed` when somebody decided about it.
    pub async fn decline_proof(&self, decision: &ProofDecision) -> Result<(), StoreError> {
        transact!(self, decline_proof(decision))
    }

    /// A report.
    pub async fn find_proof(&self, id: ProofId) -> Result<Option<ProofView>, StoreError> {
        call!(self, find_proof(id))
    }

    /// The file that came with a report.
    pub async fn find_proof_file(&self, id: ProofId) -> Result<Option<ProofFile>, StoreError> {
        call!(self, find_proof_file(id))
    }

    /// The reports of a student, the newest first; with nobody named those that wait for a decision, oldest
    /// first, or all of them, newest first.
    pub async fn list_proofs(
        &self,
        student: Option<StudentId>,
        all: bool,
    ) -> Result<Vec<ProofView>, StoreError> {
        call!(self, list_proofs(student, all))
    }

    /// How many reports wait for a decision.
    pub async fn count_open_proofs(&self) -> Result<ProofQueue, StoreError> {
        call!(self, count_open_proofs())
    }
}
