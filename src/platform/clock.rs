//! Time as a parameter.

use crate::domain::time::{Instant, to_micros};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is told otherwise, for snapshots and tests.
    Fixed(Arc<Mutex<Instant>>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn fixed(at: Instant) -> Self {
        Self::Fixed(Arc::new(Mutex::new(to_micros(at))))
    }

    /// The present moment, in whole microseconds.
    pub fn now(&self) -> Instant {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            Self::System => to_micros(chrono::Utc::now()),
            Self::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock; the machine's goes by itself.
    pub fn advance(&self, by: chrono::TimeDelta) {
        if let Self::Fixed(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }

    /// Waits. A fixed clock moves on at once instead.
    pub async fn sleep(&self, duration: Duration) {
        match self {
            Self::System => tokio::time::sleep(duration).await,
            Self::Fixed(_) => {
                self.advance(chrono::TimeDelta::from_std(duration).unwrap_or_default());
                tokio::task::yield_now().await;
            }
        }
    }
}
