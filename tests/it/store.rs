//! The store on both engines.

mod adoption;
#[cfg(unix)]
mod crashes;
mod enrolling;
mod examining;
mod explained;
mod files;
mod importing;
mod jobs;
mod learning;
mod ledger;
mod lessons;
mod lti;
mod money;
mod partners;
mod people;
mod proofs;
mod races;
mod reading;
mod reviews;
mod schema;
mod seats;
mod tools;
mod upgrading;
mod world;

/// Expands each named rule to one test per engine.
macro_rules! conformance {
    ($($rule:ident),* $(,)?) => {
        mod sqlite {
            use crate::store::world::World;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                super::$rule(&World::sqlite().await).await;
            })*
        }
        mod postgres {
            use crate::store::world::World;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                if let Some(world) = World::postgres().await {
                    super::$rule(&world).await;
                }
            })*
        }
    };
}
use conformance;
