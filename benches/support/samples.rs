//! Durations as percentiles.

use hdrhistogram::Histogram;
use std::fmt;
use std::time::{Duration, Instant};

/// Measured durations, to three digits.
pub struct Samples(Histogram<u64>);

impl Samples {
    /// None yet.
    pub fn new() -> Self {
        Self(Histogram::new(3).expect("three digits are possible"))
    }

    /// Measures one call.
    pub fn time<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let value = call();
        self.add(begun.elapsed());
        value
    }

    /// Adds one duration.
    pub fn add(&mut self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.0.record(nanos).expect("it grows as needed");
    }

    /// The duration that this share of all stays below; 0.5 is the median.
    pub fn at(&self, quantile: f64) -> Duration {
        Duration::from_nanos(self.0.value_at_quantile(quantile))
    }
}

impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1.0].map(|quantile| words(self.at(quantile)));
        write!(f, "p50 {p50:>9}  p95 {p95:>9}  p99 {p99:>9}  max {max:>9}  (n {})", self.0.len())
    }
}

/// A duration in the unit a person would choose.
fn words(duration: Duration) -> String {
    let nanos = duration.as_secs_f64() * 1e9;
    match nanos {
        ..1e3 => format!("{nanos:.0} ns"),
        1e3..1e6 => format!("{:.1} µs", nanos / 1e3),
        1e6..1e9 => format!("{:.2} ms", nanos / 1e6),
        _ => format!("{:.2} s", nanos / 1e9),
    }
}
