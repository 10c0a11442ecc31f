//! Enrollments (`partner_lms_enrollments`): three separate states, never one column.

use crate::domain::ids::{CohortId, CourseId, EnrollmentId, ProgramId, ProviderId, StudentId};
use crate::domain::program::codes;
use crate::domain::progress::Progress;
use crate::domain::provider::Capabilities;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use chrono::TimeDelta;

/// Where an enrollment stands. `Completed` and `Cancelled` are terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Awaiting payment; holds its seat.
    Pending,
    /// Enrolled.
    Active,
    /// The partner said so.
    Completed,
    /// Given up before it started, or switched away from.
    Cancelled,
}

/// Where the money stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payment {
    /// Free, or nothing asked for yet.
    None,
    /// A payment session is open.
    Open,
    /// Paid in full.
    Paid,
    /// Some of it went back.
    PartRefunded,
    /// All of it went back.
    Refunded,
    /// The processor declined.
    Failed,
    /// The session ran out.
    Expired,
    /// What was paid does not match what we asked for: a person decides.
    Parked,
}

/// Where the enrollment at the partner stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// Nothing to do at a partner (taught here, or not asked yet).
    None,
    /// A job is asking the partner.
    Requested,
    /// The partner gave us its id of the enrollment.
    Confirmed,
    /// The job gave up; a person can try again.
    Failed,
    /// The student signs up at the partner's own site.
    Manual,
}

codes!(Status { Pending = "pending", Active = "active", Completed = "completed", Cancelled = "cancelled" });
codes!(Payment {
    None = "none", Open = "open", Paid = "paid", PartRefunded = "part_refunded",
    Refunded = "refunded", Failed = "failed", Expired = "expired", Parked = "parked",
});
codes!(Link {
    None = "none", Requested = "requested", Confirmed = "confirmed", Failed = "failed", Manual = "manual",
});

impl Status {
    /// Pending or active: what the one-live-enrollment rule counts.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Pending | Self::Active)
    }

    /// Whether the table allows `self -> next`.
    pub fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Pending, Self::Active | Self::Cancelled)
                | (Self::Active, Self::Completed | Self::Cancelled)
        )
    }
}

impl Payment {
    /// Whether the table allows `self -> next`.
    pub fn may_become(self, next: Self) -> bool {
        use Payment::{Expired, Failed, None, Open, Paid, Parked, PartRefunded, Refunded};
        matches!(
            (self, next),
            (None | Failed | Expired, Open)
                | (Open, Paid | Failed | Expired | Parked)
                | (Expired | Failed, Paid | Parked)
                | (Paid, PartRefunded | Refunded)
                | (PartRefunded, Refunded)
                | (Parked, Paid | Refunded | Expired)
                // A switch took the money along.
                | (Paid | PartRefunded, None)
        )
    }
}

impl Link {
    /// Whether the table allows `self -> next`.
    pub fn may_become(self, next: Self) -> bool {
        use Link::{Confirmed, Failed, Manual, None, Requested};
        matches!(
            (self, next),
            (None, Requested | Manual)
                | (Requested, Confirmed | Failed)
                // An answer that comes after we gave up counts all the same.
                | (Failed, Requested | Confirmed)
                | (Manual, Confirmed)
        )
    }
}

/// One student in one program, with one partner or taught here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// Which.
    pub id: EnrollmentId,
    /// Who.
    pub student_id: StudentId,
    /// In what.
    pub program_id: ProgramId,
    /// With whom, and which of their courses; `None` when taught here.
    pub delivery: Option<Delivery>,
    /// Where it stands.
    pub status: Status,
    /// Where the money stands.
    pub payment: Payment,
    /// Where it stands at the partner.
    pub link: Link,
    /// How far.
    pub progress: Progress,
    /// When it began.
    pub enrolled_at: Instant,
    /// When it was last opened from here.
    pub last_accessed_at: Option<Instant>,
    /// When the partner reported completion.
    pub completed_at: Option<Instant>,
    /// The partner's id of the student's account.
    pub external_account_id: Option<Text>,
    /// The partner's id of this enrollment. Never made up here.
    pub external_enrollment_id: Option<Text>,
    /// The dated start, where there is one.
    pub cohort_id: Option<CohortId>,
    /// Until when a pending one holds its seat.
    pub hold_until: Option<Instant>,
    /// The enrollment this one would replace, while a switch is undecided.
    pub replaces_id: Option<EnrollmentId>,
    /// The enrollment this one replaced.
    pub switched_from: Option<EnrollmentId>,
}

/// The partner's side of an enrollment. Always both or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// With whom.
    pub provider_id: ProviderId,
    /// Which of their courses.
    pub course_id: CourseId,
}

/// What tells whether somebody has begun.
#[derive(Clone, Copy, Debug)]
pub struct StartFacts {
    /// What the partner's protocol can do; `None` when taught here.
    pub capabilities: Option<Capabilities>,
    /// When the cohort's first day begins, where there is one.
    pub cohort_begins: Option<Instant>,
    /// Whether it was ever opened.
    pub launched: bool,
    /// Today.
    pub now: Instant,
}

/// How old a figure may be to say that somebody has *not* begun, who never opened the course
/// from here: they may have gone to the partner's page by themselves.
const FRESH: TimeDelta = TimeDelta::minutes(15);

/// The same for somebody who has: minutes are enough for a lesson.
const FRESH_AFTER_LAUNCH: TimeDelta = TimeDelta::minutes(1);

/// Whether somebody has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The partner must be asked first: the last figure is too old to say no.
    AskPartner,
}

impl Enrollment {
    /// An active enrollment that begins at `at`: nothing paid, asked, reported, opened or held.
    pub fn beginning(
        id: EnrollmentId,
        student_id: StudentId,
        program_id: ProgramId,
        delivery: Option<Delivery>,
        at: Instant,
    ) -> Self {
        Self {
            id,
            student_id,
            program_id,
            delivery,
            status: Status::Active,
            payment: Payment::None,
            link: Link::None,
            progress: Progress::default(),
            enrolled_at: at,
            last_accessed_at: None,
            completed_at: None,
            external_account_id: None,
            external_enrollment_id: None,
            cohort_id: None,
            hold_until: None,
            replaces_id: None,
            switched_from: None,
        }
    }

    /// Whether the student has begun: the one place that decides it.
    pub fn started(&self, facts: &StartFacts) -> Started {
        let yes = |begun: bool| if begun { Started::Yes } else { Started::No };
        if matches!(self.link, Link::Requested | Link::Failed) {
            return Started::No;
        }
        if facts.cohort_begins.is_some_and(|begins| begins <= facts.now) {
            return Started::Yes;
        }
        match facts.capabilities {
            Some(Capabilities { progress: true, .. }) => {
                let (known_at, fresh) = if facts.launched {
                    (self.progress.as_of, FRESH_AFTER_LAUNCH)
                } else {
                    // At first nothing is done: that is as good as a report.
                    (self.progress.as_of.max(Some(self.enrolled_at)), FRESH)
                };
                if self.progress.percent.get() > 0 {
                    Started::Yes
                } else if known_at.is_some_and(|at| facts.now - at <= fresh) {
                    Started::No
                } else {
                    Started::AskPartner
                }
            }
            Some(_) => yes(facts.launched),
            None => yes(self.progress.percent.get() > 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    #[test]
    fn terminal_states_stay_terminal() {
        for next in Status::ALL {
            assert!(!Status::Completed.may_become(*next));
            assert!(!Status::Cancelled.may_become(*next));
        }
        for next in Payment::ALL {
            assert!(!Payment::Refunded.may_become(*next));
        }
    }

    #[test]
    fn codes_read_back() {
        assert!(Status::ALL.iter().all(|s| Status::parse(s.code()) == Some(*s)));
        assert!(Payment::ALL.iter().all(|s| Payment::parse(s.code()) == Some(*s)));
        assert!(Link::ALL.iter().all(|s| Link::parse(s.code()) == Some(*s)));
        assert_eq!(Status::parse("paid"), None);
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_table(steps in prop::collection::vec(select(Status::ALL), 0..20)) {
            let (mut now, mut ended) = (Status::Pending, false);
            for next in steps {
                if now.may_become(next) {
                    prop_assert!(!ended, "{now:?} -> {next:?} after the end");
                    now = next;
                    ended = !now.is_live();
                }
            }
        }

        #[test]
        fn money_comes_back_only_after_it_came(steps in prop::collection::vec(select(Payment::ALL), 0..20)) {
            let (mut now, mut received) = (Payment::None, false);
            for next in steps {
                if now.may_become(next) {
                    received |= matches!(next, Payment::Paid | Payment::Parked);
                    if matches!(next, Payment::Refunded | Payment::PartRefunded) {
                        prop_assert!(received, "{now:?} -> {next:?} without money");
                    }
                    now = next;
                }
            }
        }

        #[test]
        fn a_partner_confirms_only_what_was_asked(steps in prop::collection::vec(select(Link::ALL), 0..20)) {
            let (mut now, mut asked) = (Link::None, false);
            for next in steps {
                if now.may_become(next) {
                    asked |= matches!(next, Link::Requested | Link::Manual);
                    prop_assert!(next != Link::Confirmed || asked);
                    now = next;
                }
            }
        }
    }
}
