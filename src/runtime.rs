//! Effects become service calls, answers become messages: the loop, its headless twin, the worker.

pub mod backend;
pub mod doctor;
pub mod headless;
pub mod perform;
pub mod picture;
pub mod run;
pub mod session;
pub mod worker;

pub use backend::Backend;
pub use headless::Headless;
pub use perform::Performer;
pub use session::Session;
