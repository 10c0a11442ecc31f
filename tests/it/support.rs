//! What several tests need.

pub mod audit;
pub mod catalogs;
pub mod cli;
pub mod cluster;
pub mod desk;
pub mod http;
pub mod postgres;
pub mod pty;
pub mod till;
