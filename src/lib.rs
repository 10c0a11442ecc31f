//! coursevia: one terminal for every training partner.

pub mod catalog;
pub mod config;
pub mod domain;
pub mod platform;
pub mod store;
