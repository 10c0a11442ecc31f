//! What several tests need.

pub mod audit;
pub mod books;
pub mod catalogs;
pub mod cli;
pub mod cluster;
pub mod desk;
pub mod http;
pub mod kills;
pub mod lessons;
pub mod lti;
pub mod office;
pub mod postgres;
pub mod pty;
pub mod till;
