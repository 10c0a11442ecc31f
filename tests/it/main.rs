//! All integration tests, in one binary.

mod architecture;
mod catalog;
mod commands;
mod crash;
mod describe;
mod doctor;
mod journeys;
mod partner;
mod pictures;
mod pty;
mod readme;
mod runtime;
mod screens;
mod store;
mod support;
mod terminal;
