//! Why a job can't be tried again or dropped.

use thiserror::Error;

/// Why a person can't tend a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JobRefusal {
    /// It is done.
    #[error("This is done already. Nothing has changed.")]
    Done,
    /// Somebody is at it at this moment.
    #[error("This is being tried at this moment. Look again in a minute with: coursevia jobs list --all")]
    AtWork,
    /// Money is never dropped.
    #[error(
        "This is about money, so it can't be dropped: it is asked about until somebody knows. Decide with: coursevia parked list"
    )]
    OfMoney,
}

impl JobRefusal {
    /// The stable code for scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "job_done",
            Self::AtWork => "job_at_work",
            Self::OfMoney => "job_of_money",
        }
    }
}
