//! coursevia: one terminal for every training partner.
//!
//! A training program is often delivered by several partners. coursevia lets a student compare
//! them, enroll with one, and from then on shows one place to continue: "CNA Training via
//! Certiport, 45%". This page is the map of the house.
//!
//! # Modules, and who may use whom
//!
//! | module | what it is | may use of ours |
//! |---|---|---|
//! | [`domain`] | types, rules, decisions, refusals, read models; pure | nothing |
//! | [`catalog`] | the catalogue file and courses taught here: TOML and Markdown to checked domain values | domain |
//! | [`platform`] | time, chance, environment, browser, terminal, signals | domain |
//! | [`config`] | file, environment and flags, resolved once | domain, platform |
//! | [`store`] | the database: the only place that knows SQL (the sandbox's own file aside) | domain |
//! | [`http`] | one request over the network: limits, no redirects, retries of reads | domain, platform |
//! | [`partner`] | the partners' platforms | domain, platform, http |
//! | [`payment`] | the payment processor, which speaks Stripe's API | domain, platform, http |
//! | [`mail`] | messages and their delivery | domain, platform |
//! | [`service`] | use cases, one file per verb | domain, catalog, store, partner, payment, mail, platform |
//! | [`server`] | our own HTTP endpoint: launches by LTI 1.3 | domain, service, platform, config |
//! | [`ui`] | (model, message) to (model, effects); model to frame | domain |
//! | [`sandbox`] | partners and payment processor played on this machine, real HTTP | domain, platform |
//! | [`runtime`] | effects to services; the loop, its headless twin, the worker | everything but business rules |
//! | [`cli`] | the commands | everything but business rules |
//!
//! The way of a key press: terminal, `runtime::run`, [`ui::App::update`], [`ui::Effect`],
//! `runtime::perform`, a service, a decision of the domain, the store and its queue, [`ui::Msg`],
//! `ui::App::update`, `ui::App::view`, terminal. No step is skipped and none goes back.
//!
//! # Invariants
//!
//! 1. [`ui`] never awaits and never reads the clock; drawing never mutates; effects are plain
//!    values a test can compare.
//! 2. Only [`store`] knows SQL, only [`partner`] and [`payment`] (both through [`http`]) and [`mail`]
//!    call the network, only [`platform`] knows the machine.
//! 3. Time and ids are parameters ([`platform::Clock`], [`platform::IdSource`]); the shortcuts are
//!    forbidden by lint.
//! 4. A business rule is a pure function in [`domain::decide`] that returns a decision or a
//!    [`domain::refusal::Refusal`]; a refusal is data with one sentence of text in one home.
//! 5. The database is the last judge: what two terminals could break at once is also a
//!    constraint, a partial unique index or a conditional update whose zero rows mean refusal.
//! 6. What happens outside is first written down in the transaction of its cause (`jobs`), then
//!    done with an idempotency key by a worker that can be killed at any instruction.
//! 7. Nothing from outside reaches the terminal raw ([`domain::text::Text`]). Only `https`
//!    addresses, and `http` on loopback, reach browser and network ([`domain::web::WebUrl`]).
//! 8. A secret is never stored in a table, printed, logged or shown by `Debug`. A one-time link
//!    ([`domain::web::LaunchUrl`]) is never stored, logged or mailed.
//! 9. Money is integer minor units and an ISO 4217 code; shares are basis points.
//! 10. Every service call takes an [`domain::actor::Actor`] and checks what it may touch; every
//!     event records actor and subject.
//! 11. Seats of dated starts change in one file of the store, in the transaction of what takes or
//!     frees them: never more than there are, and none is free while somebody waits for it.
//! 12. What decides for a student, or advises one ([`domain::candidate`]), does not know what the
//!     platform earns.
//! 13. A payment, with its key and the exact body of its request, is written down before the
//!     processor hears of it; a hold ends only when its page is known to be over.
//! 14. Every cent is in the ledger ([`domain::ledger`]), which only grows: every transaction sums
//!     to zero per currency, and one function of the store posts it.
//! 15. What a launch by LTI 1.3 hands to a browser works once and for minutes, and only digests of it
//!     are stored; a signed answer goes to an address that is registered, letter by letter.
//! 16. A figure of progress that was shown is never shown as lost: a lower report stands beside it.
//! 17. A partner is paused or ended by a person only; trouble with its platform is noticed, and hides
//!     nobody's enrollment from any screen or query.
//! 18. A student keeps the version of a course taught here that they began, unless a change takes nothing from
//!     them. A step in it is written with the figure, the completion and the certificate it makes, only where
//!     it stands as the decision saw it; the first answer to a question counts.
//!
//! What is deliberately absent: SQL outside the store, a second client for a second partner, a
//! status column that means three things, a launch link at rest, a clock in
//! the rules, a card number anywhere, a payment that is sent twice to be sure.

pub mod catalog;
pub mod cli;
pub mod config;
pub mod domain;
pub mod http;
pub mod mail;
pub mod partner;
pub mod payment;
pub mod platform;
pub mod runtime;
pub mod sandbox;
pub mod server;
pub mod service;
pub mod store;
pub mod ui;
