//! coursevia: one terminal for every training partner.

pub mod catalog;
pub mod config;
pub mod domain;
pub mod mail;
pub mod partner;
pub mod platform;
pub mod sandbox;
pub mod store;
pub mod ui;
