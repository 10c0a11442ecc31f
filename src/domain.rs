//! The rules of the house as plain values: types, decisions, refusals and read models.
//!
//! Nothing in here reads a clock, rolls a die, awaits or touches the outside. Time and ids
//! come in as parameters, a decision goes out as a value.

pub mod actor;
pub mod calendar;
pub mod candidate;
pub mod catalog;
pub mod certificate;
pub mod checkup;
pub mod cohort;
pub mod compare;
pub mod decide;
pub mod enrollment;
pub mod event;
pub mod failure;
pub mod fits;
pub mod health;
pub mod ids;
pub mod job;
pub mod learning;
pub mod ledger;
pub mod lesson;
pub mod listing;
pub mod lti;
pub mod money;
pub mod pace;
pub mod payment;
pub mod person;
pub mod plan;
pub mod profile;
pub mod program;
pub mod progress;
pub mod proof;
pub mod provider;
pub mod quiz;
pub mod refund;
pub mod refusal;
pub mod report;
pub mod review;
pub mod schedule;
pub mod text;
pub mod time;
pub mod tool;
pub mod units;
pub mod views;
pub mod waitlist;
pub mod web;
