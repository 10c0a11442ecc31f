//! The decisions. Each is a pure function from what is known to a decision or a refusal.

mod cancel;
mod enroll;
mod launch;
mod lesson;
mod partner;
mod payout;
mod proof;
mod refund;
mod retry;
mod review;
mod switch;

pub use cancel::{CancelDecision, decide_cancel, going_back};
pub use enroll::{Choice, EnrollDecision, decide_accept, decide_enroll, decide_join, first_link};
pub use launch::{LaunchDecision, decide_launch, shut};
pub use lesson::{
    AnswerDecision, Step, decide_answer, decide_import_course, decide_learn, decide_open, decide_read,
};
pub use partner::{PartnerChange, Standing, decide_partner, decide_watch, is_back};
pub use payout::decide_payout;
pub use proof::{decide_finished, decide_finished_on, decide_proof};
pub use refund::{decide_refund, newest_first};
pub use retry::decide_retry;
pub use review::{ReviewDecision, decide_moderation, decide_review};
pub use switch::{
    FailedPartner, Overrule, SwitchCase, SwitchDecision, SwitchQuote, decide_switch, quote_switch,
    switch_unknown,
};

#[cfg(test)]
pub(crate) mod fixtures;
