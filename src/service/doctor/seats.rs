//! Seats: what is written down is what is held.

use crate::domain::checkup::{Area, Check};
use crate::domain::text::Text;
use crate::store::SeatCount;

/// Nothing is said where no course has dates.
pub(super) fn check(count: &SeatCount) -> Option<Check> {
    const NAME: &str = "seats";
    let SeatCount { starts, wrong, examples } = count;
    let plural = if *starts == 1 { "" } else { "s" };
    match (starts, wrong) {
        (0, _) => None,
        (_, 0) => Some(Check::ok(
            Area::Database,
            NAME,
            format!("{starts} dated start{plural}, every seat accounted for"),
        )),
        _ => {
            let examples = examples.iter().map(Text::as_str).collect::<Vec<_>>().join("; ");
            let found = format!("{wrong} of {starts} dated start{plural} count wrongly: {examples}");
            let todo =
                "Somebody changed enrollments or starts by hand: set cohorts.taken right by hand as well.";
            Some(Check::wrong(Area::Database, NAME, found, todo))
        }
    }
}
