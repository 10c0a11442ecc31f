//! The machine: time, chance, environment, secrets, directories, browser, terminal, signals.
//! The only module that reads them.

pub mod background;
pub mod browser;
pub mod clock;
pub mod dirs;
pub mod doctor;
pub mod downloads;
pub mod env;
pub mod files;
pub mod folder;
pub mod ids;
pub mod input;
pub mod locale;
pub mod profile;
pub mod secrets;
pub mod signals;
pub mod suspend;
pub mod terminal;

pub use browser::Browser;
pub use clock::Clock;
pub use dirs::Dirs;
pub use env::Env;
pub use ids::IdSource;
pub use profile::Profile;
pub use secrets::{Secret, SecretError, Secrets};
