//! LTI 1.3 launches (`lti_launches`): one-time values the browser carries, and what is left of them here.

use crate::domain::actor::Actor;
use crate::domain::event::Event;
use crate::domain::ids::{EnrollmentId, LaunchId, LtiLaunchId, ProviderId, StudentId};
use crate::domain::provider::Disclosure;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use chrono::TimeDelta;
use std::fmt;

/// How long a launch may take from the first click to the tool's answer.
pub const LAUNCH_LASTS: TimeDelta = TimeDelta::minutes(5);

/// How long an expired launch is kept, so that a late request still hears what happened.
pub const KEPT_AFTERWARDS: TimeDelta = TimeDelta::days(1);

/// The SHA-256 digest of a one-time value: the value itself is kept nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// A digest that was computed.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, for the database.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// A launch that begins: its one-time address was made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLtiLaunch {
    /// Id of the row.
    pub id: LtiLaunchId,
    /// What is opened.
    pub enrollment_id: EnrollmentId,
    /// For whom.
    pub student_id: StudentId,
    /// At which partner.
    pub provider_id: ProviderId,
    /// By whom.
    pub actor: Actor,
    /// Of the address.
    pub initiate: Digest,
    /// When.
    pub at: Instant,
    /// Until when all of it has to happen.
    pub expires_at: Instant,
}

/// The address was opened: the tool is asked to begin, with two hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LtiInitiation {
    /// Of the address.
    pub initiate: Digest,
    /// Of the hint that stands for the student.
    pub login_hint: Digest,
    /// Of the hint that stands for the launch.
    pub message_hint: Digest,
    /// When.
    pub at: Instant,
}

/// The tool asks who it is, and is told: this works once.
#[derive(Clone, Debug, PartialEq)]
pub struct LtiUse {
    /// Of the hint that stands for the student.
    pub login_hint: Digest,
    /// Of the hint that stands for the launch.
    pub message_hint: Digest,
    /// When.
    pub at: Instant,
    /// Which enrollment.
    pub enrollment_id: EnrollmentId,
    /// Id of the row of `launches`.
    pub launch_id: LaunchId,
    /// Who opens it.
    pub actor: Actor,
    /// What stands for the student there, if nothing does yet.
    pub subject: Text,
    /// Whether opening it is beginning it: nobody reports progress.
    pub begins: bool,
    /// That it was opened.
    pub launched: Event,
    /// What the partner is told about the student.
    pub disclosed: Event,
}

/// A launch as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LtiLaunch {
    /// Which.
    pub id: LtiLaunchId,
    /// What is opened.
    pub enrollment_id: EnrollmentId,
    /// For whom.
    pub student_id: StudentId,
    /// At which partner.
    pub provider_id: ProviderId,
    /// By whom.
    pub actor: Actor,
    /// Of the hint that stands for the launch, once there is one.
    pub message_hint: Option<Digest>,
    /// Until when all of it has to happen.
    pub expires_at: Instant,
    /// When the address was opened.
    pub initiated_at: Option<Instant>,
    /// When the tool was told who it is.
    pub used_at: Option<Instant>,
}

impl LtiLaunch {
    /// Whether it can go on at `now`.
    pub fn is_over(&self, now: Instant) -> bool {
        self.used_at.is_some() || self.expires_at <= now
    }
}

/// What a tool is told, by name: never the values.
pub fn told(discloses: Disclosure, has_name: bool, has_email: bool) -> Vec<&'static str> {
    let mut names = vec!["sub"];
    names.extend((discloses.name && has_name).then_some("name"));
    names.extend((discloses.email && has_email).then_some("email"));
    names
}
