//! All integration tests, in one binary.

mod catalog;
mod store;
mod support;
