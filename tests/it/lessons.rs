//! Courses taught here, from the services to the database and back, on both engines.

mod importing;
mod learning;
mod terminals;
mod world;

/// Expands each named story to one test per engine.
macro_rules! both {
    ($($story:ident),* $(,)?) => {
        mod sqlite {
            use crate::lessons::world::School;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                Box::pin(super::$story(School::sqlite().await)).await;
            })*
        }
        mod postgres {
            use crate::lessons::world::School;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(school) = School::postgres().await {
                    Box::pin(super::$story(school)).await;
                }
            })*
        }
    };
}
use both;
