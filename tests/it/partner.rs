//! Partners' platforms, the sandbox that plays them, and mail: real HTTP and SMTP on loopback.

mod course_page;
mod failures;
mod flow;
mod hostile;
mod hosting;
mod mail;
mod secrets;
pub mod world;
