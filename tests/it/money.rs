//! Money, from the services to the sandbox's processor and back, on both engines.

mod failing;
mod launching;
mod paying;
mod reconciling;
mod refunding;
mod switching;
mod world;

/// Expands each named story to one test per engine.
macro_rules! both {
    ($($story:ident),* $(,)?) => {
        mod sqlite {
            use crate::money::world::Books;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                Box::pin(super::$story(Books::sqlite().await)).await;
            })*
        }
        mod postgres {
            use crate::money::world::Books;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(books) = Books::postgres().await {
                    Box::pin(super::$story(books)).await;
                }
            })*
        }
    };
}
use both;
