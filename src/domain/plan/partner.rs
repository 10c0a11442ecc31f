//! Plans about a partner's life.

use crate::domain::event::Event;
use crate::domain::health::CallOutcome;
use crate::domain::ids::{EnrollmentId, ProviderId, StudentId, WatchId};
use crate::domain::provider::{Availability, Retirement};

/// A partner is paused, resumed or retired.
#[derive(Clone, Debug, PartialEq)]
pub struct PartnerPlan {
    /// Which.
    pub provider_id: ProviderId,
    /// Whether it is paused then.
    pub availability: Availability,
    /// When it ends then.
    pub retirement: Option<Retirement>,
    /// How it stood when this was decided: one that was changed since is decided about anew.
    pub seen: (Availability, Option<Retirement>),
    /// What happened.
    pub event: Event,
}

/// A call to a partner's platform worked or failed.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthPlan {
    /// Which partner.
    pub provider_id: ProviderId,
    /// How it went.
    pub outcome: CallOutcome,
    /// What happens if it has problems from now on; its time is the time of the call.
    pub troubled: Event,
    /// What happens if it has none any more.
    pub recovered: Event,
}

/// Somebody wants to be told when a partner is back.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchPlan {
    /// The wish.
    pub id: WatchId,
    /// Which partner.
    pub provider_id: ProviderId,
    /// Who.
    pub student_id: StudentId,
    /// For which course.
    pub enrollment_id: EnrollmentId,
    /// What happened.
    pub event: Event,
}
