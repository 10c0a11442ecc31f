//! The app as a pure machine: (model, message) -> (model, effects), and model -> frame.
//! Nothing here awaits, reads a clock or knows where data comes from.

pub mod effect;
pub mod msg;

pub use effect::{Effect, RequestId};
pub use msg::Msg;
