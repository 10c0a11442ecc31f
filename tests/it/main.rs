//! All integration tests, in one binary.

mod architecture;
mod bad_input;
mod catalog;
mod commands;
mod crash;
mod journeys;
mod partner;
mod properties;
mod pty;
mod readme;
mod runtime;
mod screens;
mod store;
mod support;
