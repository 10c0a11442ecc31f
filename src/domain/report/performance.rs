//! How well it works with a partner.

use super::completion::Counted;
use super::{EventCount, Figure, Names, RatingCount, ReportQuery, Rows, Subject, median};
use crate::domain::event::EventKind;
use crate::domain::time::Instant;

/// One row of the performance report.
#[derive(Clone, Debug, PartialEq)]
pub struct PerformanceRow {
    /// About whom.
    pub subject: Subject,
    /// Completed against enrolled in the period; above 1 where more completed than came.
    pub completion_rate: Option<f64>,
    /// Half of those who completed took at most so many days from enrolling.
    pub median_days: Option<f64>,
    /// The average of all reviews, as of now.
    pub rating: Option<f64>,
    /// How often a course could not be opened.
    pub launch_failures: u64,
    /// How often we gave up asking for a place.
    pub provision_failures: u64,
    /// Half of the figures of active enrollments are at most so many minutes old, as of now.
    pub figures_age_minutes: Option<f64>,
}

#[derive(Default)]
struct Seen {
    counted: Counted,
    launch_failures: u64,
    provision_failures: u64,
    stars: u64,
    reviews: u64,
    ages: Vec<(i64, u64)>,
}

/// The performance report.
pub fn performance(
    query: &ReportQuery,
    names: &Names,
    events: &[EventCount],
    ratings: &[RatingCount],
    figures: &[Figure],
    now: Instant,
) -> Vec<PerformanceRow> {
    let mut rows: Rows<'_, Seen> = Rows::new(query, names);
    for event in events {
        if let Some(seen) = rows.at(event.place) {
            seen.counted.add(event);
            match event.kind {
                EventKind::LaunchFailed => seen.launch_failures += event.count,
                EventKind::ProvisionFailed => seen.provision_failures += event.count,
                _ => {}
            }
        }
    }
    for rating in ratings {
        if let Some(seen) = rows.at(rating.place) {
            seen.stars += u64::from(rating.rating) * rating.reviews;
            seen.reviews += rating.reviews;
        }
    }
    for figure in figures {
        if let Some(seen) = rows.at(figure.place) {
            seen.ages.push(((now - figure.as_of).num_minutes().max(0), 1));
        }
    }
    let row = |(subject, seen): (Subject, Seen)| PerformanceRow {
        subject,
        completion_rate: ratio(seen.counted.completed, seen.counted.enrolled),
        median_days: median(seen.counted.days),
        rating: ratio(seen.stars, seen.reviews),
        launch_failures: seen.launch_failures,
        provision_failures: seen.provision_failures,
        figures_age_minutes: median(seen.ages),
    };
    rows.sorted().into_iter().map(row).collect()
}

/// To four digits: more would only say how it was divided.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let exact = |part: u64, whole: u64| part as f64 / whole as f64;
    (whole > 0).then(|| (exact(part, whole) * 10_000.0).round() / 10_000.0)
}
