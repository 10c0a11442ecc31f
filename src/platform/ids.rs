//! Ids and chance as parameters.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Where new ids and random numbers come from.
#[derive(Clone, Debug)]
pub enum IdSource {
    /// UUID v7 and the machine's randomness.
    Random,
    /// The same sequence every time, for snapshots and tests.
    Seeded(Arc<Mutex<StdRng>>),
}

impl IdSource {
    /// A source that repeats itself for the same `seed`.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// A new id; kinds of ids are made from it by `into()`.
    pub fn uuid(&self) -> Uuid {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the source of ids")]
            Self::Random => Uuid::now_v7(),
            Self::Seeded(rng) => {
                let bytes = rng.lock().unwrap_or_else(PoisonError::into_inner).random();
                uuid::Builder::from_random_bytes(bytes).into_uuid()
            }
        }
    }

    /// A new id of the kind the caller needs.
    pub fn new_id<Id: From<Uuid>>(&self) -> Id {
        self.uuid().into()
    }

    /// Random bytes, for what must not be guessed.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        match self {
            Self::Random => rand::random(),
            Self::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).random(),
        }
    }

    /// 256 random bits as hex digits, for links that must not be guessed.
    pub fn token(&self) -> String {
        use std::fmt::Write as _;
        self.bytes::<32>().iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// A number within 0..1, to spread retries.
    pub fn jitter(&self) -> f64 {
        match self {
            Self::Random => rand::random(),
            Self::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).random(),
        }
    }
}
