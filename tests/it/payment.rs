//! The payment processor's client and the sandbox that plays it: real HTTP on loopback.

mod flow;
mod hostile;
mod page;
mod trouble;
mod world;
