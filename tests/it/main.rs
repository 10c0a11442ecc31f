//! All integration tests, in one binary.

mod catalog;
mod partner;
mod screens;
mod store;
mod support;
