//! All integration tests, in one binary.

mod architecture;
mod catalog;
mod commands;
mod crash;
mod journeys;
mod partner;
mod pty;
mod readme;
mod runtime;
mod screens;
mod store;
mod support;
mod terminal;
