//! Payments, refunds and switches: each is written whole, posted in balance, and only once.

pub mod audit;
mod paying;
mod plans;
mod racing;
mod refunding;
mod switching;

use super::conformance;
use super::world;
use coursevia::store::{Conflict, StoreError};

/// What the courses of this world cost, in cents.
const PRICE: i64 = 5_900;

fn is<T>(outcome: &Result<T, StoreError>, conflict: Conflict) -> bool {
    matches!(outcome, Err(StoreError::Conflict(found)) if *found == conflict)
}
