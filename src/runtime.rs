//! Effects become service calls, answers become messages: the loop, its headless twin, the worker.

pub mod backend;
pub mod doctor;
pub mod frames;
pub mod headless;
mod index;
pub mod perform;
pub mod picture;
pub mod proof;
pub mod run;
pub mod seat;
pub mod session;
pub mod worker;

pub use backend::Backend;
pub use frames::Frames;
pub use headless::Headless;
pub use perform::Performer;
pub use session::Session;
