//! The decisions. Each is a pure function from what is known to a decision or a refusal.

mod cancel;
mod enroll;
mod launch;
mod payout;
mod retry;
mod review;

pub use cancel::{CancelDecision, decide_cancel};
pub use enroll::{Choice, EnrollDecision, decide_accept, decide_enroll, decide_join};
pub use launch::{LaunchDecision, decide_launch};
pub use payout::decide_payout;
pub use retry::decide_retry;
pub use review::{ReviewDecision, decide_moderation, decide_review};

#[cfg(test)]
pub(crate) mod fixtures;
