//! Numbers of bytes as percentiles.

use hdrhistogram::Histogram;
use std::fmt;

/// Counted bytes, to three digits.
pub struct Bytes(Histogram<u64>);

impl Bytes {
    /// None yet.
    pub fn new() -> Self {
        Self(Histogram::new(3).expect("three digits are possible"))
    }

    /// Adds one count.
    pub fn add(&mut self, count: usize) {
        self.0.record(u64::try_from(count).unwrap_or(u64::MAX)).expect("it grows as needed");
    }

    /// The median.
    pub fn median(&self) -> u64 {
        self.0.value_at_quantile(0.5)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p95, max] = [0.5, 0.95, 1.0].map(|quantile| self.0.value_at_quantile(quantile));
        write!(f, "p50 {p50:>5} bytes  p95 {p95:>5}  max {max:>6}  (n {})", self.0.len())
    }
}
