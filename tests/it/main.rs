//! All integration tests, in one binary.

mod catalog;
mod partner;
mod store;
mod support;
