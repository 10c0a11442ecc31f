//! The machine: time, chance, environment, secrets, directories, browser, terminal, signals.
//! The only module that reads them.

pub mod clock;
pub mod env;
pub mod ids;
pub mod secrets;

pub use clock::Clock;
pub use env::Env;
pub use ids::IdSource;
pub use secrets::{Secret, SecretError, Secrets};
