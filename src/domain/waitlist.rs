//! The waitlist of a full cohort: places in a queue, and offers of a seat with a deadline.

use crate::domain::cohort::Cohort;
use crate::domain::ids::{CohortId, EventId, JobId, ProgramId, StudentId, WaitlistId};
use crate::domain::money::Money;
use crate::domain::program::{Slug, codes};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use chrono::TimeDelta;
use uuid::Uuid;

/// Where an entry stands. The first two are live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitlistStatus {
    /// In the queue.
    Waiting,
    /// A seat is kept for the student until a deadline.
    Offered,
    /// The student took the seat.
    Accepted,
    /// The student gave the offered seat back.
    Declined,
    /// The deadline passed.
    Expired,
    /// The student left the queue, or enrolled elsewhere in the program.
    Left,
    /// The course began, or is not offered any more.
    Closed,
}

codes!(WaitlistStatus {
    Waiting = "waiting", Offered = "offered", Accepted = "accepted", Declined = "declined",
    Expired = "expired", Left = "left", Closed = "closed",
});

impl WaitlistStatus {
    /// Still in the queue, or with a seat kept.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Offered)
    }
}

/// One student's place in the queue of one cohort (`waitlist_entries`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitlistEntry {
    /// Which.
    pub id: WaitlistId,
    /// Of which start.
    pub cohort_id: CohortId,
    /// Who waits.
    pub student_id: StudentId,
    /// Since when.
    pub joined_at: Instant,
}

/// An entry gets one offer in its life, so what the offer writes down has ids that follow from
/// the entry's: whoever makes the offer, and however often it is tried, they are the same.
impl WaitlistId {
    fn derived(self, what: &str) -> Uuid {
        Uuid::new_v5(&self.as_uuid(), what.as_bytes())
    }

    /// Of the mail that tells of the offer.
    pub fn offer_job(self) -> JobId {
        self.derived("offer mail").into()
    }

    /// Of the line in the audit.
    pub fn offer_event(self) -> EventId {
        self.derived("offered").into()
    }

    /// Of the line in the audit when it ends by itself.
    pub fn end_event(self) -> EventId {
        self.derived("ended").into()
    }
}

/// How long an offer stands: `lasts`, but not beyond the start of the course.
pub fn offer_until(cohort: &Cohort, at: Instant, lasts: TimeDelta) -> Instant {
    (at + lasts).min(cohort.closes_at())
}

/// A live entry, or one that ended without a seat, with all a screen needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitlistView {
    /// The entry.
    pub entry: WaitlistEntry,
    /// Where it stands.
    pub status: WaitlistStatus,
    /// Its place in the queue, from 1; 0 unless waiting.
    pub place: u32,
    /// Until when the offer stands.
    pub offer_until: Option<Instant>,
    /// The start.
    pub cohort: Cohort,
    /// The program.
    pub program_id: ProgramId,
    /// Its slug.
    pub program_slug: Slug,
    /// Its title.
    pub program_title: Text,
    /// With whom.
    pub partner: Text,
    /// What the course costs.
    pub price: Money,
}

impl WaitlistView {
    /// Whether a seat is kept for the student now.
    pub fn is_offer(&self, now: Instant) -> bool {
        self.status == WaitlistStatus::Offered && self.offer_until.is_some_and(|until| now < until)
    }
}
