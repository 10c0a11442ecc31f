//! Who enrolled, started, completed.

use super::{EventCount, Names, ReportQuery, Rows, Subject, median};
use crate::domain::event::EventKind;

/// One row of the completion report. What happened in the period, whenever the enrollment began.
#[derive(Clone, Debug, PartialEq)]
pub struct CompletionRow {
    /// About whom.
    pub subject: Subject,
    /// New enrollments, those that came from another partner included.
    pub enrolled: u64,
    /// Begun.
    pub started: u64,
    /// Completed.
    pub completed: u64,
    /// Cancelled.
    pub cancelled: u64,
    /// Gone to another partner.
    pub switched_away: u64,
    /// Half of those who completed took at most so many days from enrolling.
    pub median_days: Option<f64>,
}

#[derive(Default)]
pub(super) struct Counted {
    pub(super) enrolled: u64,
    pub(super) completed: u64,
    pub(super) days: Vec<(i64, u64)>,
    started: u64,
    cancelled: u64,
    switched_away: u64,
}

impl Counted {
    /// Whether the event counts here.
    pub(super) fn add(&mut self, event: &EventCount) {
        match event.kind {
            EventKind::Enrolled | EventKind::SwitchedHere => self.enrolled += event.count,
            EventKind::Started => self.started += event.count,
            EventKind::Completed => {
                self.completed += event.count;
                self.days.extend(event.days.map(|days| (days, event.count)));
            }
            EventKind::Cancelled => self.cancelled += event.count,
            EventKind::SwitchedAway => self.switched_away += event.count,
            _ => {}
        }
    }
}

/// The completion report: partners or programs of which something happened.
pub fn completion(query: &ReportQuery, names: &Names, events: &[EventCount]) -> Vec<CompletionRow> {
    let mut rows: Rows<'_, Counted> = Rows::new(query, names);
    for event in events {
        if let Some(counted) = rows.at(event.place) {
            counted.add(event);
        }
    }
    let row = |(subject, counted): (Subject, Counted)| CompletionRow {
        subject,
        enrolled: counted.enrolled,
        started: counted.started,
        completed: counted.completed,
        cancelled: counted.cancelled,
        switched_away: counted.switched_away,
        median_days: median(counted.days),
    };
    rows.sorted().into_iter().map(row).collect()
}
