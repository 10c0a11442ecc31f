//! All integration tests, in one binary.

mod architecture;
mod bad_input;
mod catalog;
mod commands;
mod course;
mod crash;
mod describe;
mod doctor;
mod journeys;
mod kills;
mod lessons;
mod lti;
mod money;
mod partner;
mod payment;
mod pictures;
mod properties;
mod pty;
mod readme;
mod runtime;
mod screens;
mod store;
mod support;
mod terminal;
mod tool;
