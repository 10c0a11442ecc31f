//! The use cases, one file per verb: load, decide (domain), write (store), queue outside work.
//!
//! Every call takes an [`Actor`] and checks what it may touch. Nothing here knows SQL, HTTP or
//! the screen.

pub mod calendar;
mod cancel;
mod catalog;
mod certificate;
mod checkout;
mod compare;
mod doctor;
mod enroll;
mod error;
mod jobs;
mod launch;
mod lesson;
pub mod lti;
mod mail;
mod paid;
mod partner_life;
mod people;
mod preferences;
mod proof;
mod provision;
mod queries;
mod reconcile;
mod refund;
mod report;
mod retry;
mod review;
mod switch;
mod sync;
mod tool;
mod waitlist;
mod withdraw;
mod work;

pub use doctor::Doctor;
pub use enroll::Enroll;
pub use error::ServiceError;
pub use launch::Launch;
pub use partner_life::Watched;
pub use queries::CourseRef;
pub use reconcile::{Decision, Reconciled};
pub use report::Payout;
pub use switch::Switch;
pub use sync::{LeftAlone, SyncReport};
pub use tool::Tool;
pub use work::Worked;

use crate::domain::actor::Actor;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::StudentId;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::domain::web::WebUrl;
use crate::mail::Mailer;
use crate::partner::Partners;
use crate::partner::lti::LtiPlatform;
use crate::payment::Processor;
use crate::platform::{Clock, IdSource};
use crate::store::Store;
use chrono::TimeDelta;

/// Everything the use cases work with.
#[derive(Clone, Debug)]
pub struct Services {
    /// The database.
    pub store: Store,
    /// The partners' platforms.
    pub partners: Partners,
    /// Our side of launches by LTI 1.3.
    pub lti: LtiPlatform,
    /// Who takes the money.
    pub processor: Processor,
    /// How long a seat is held while it is being paid.
    pub hold: TimeDelta,
    /// How mail leaves.
    pub mailer: Mailer,
    /// Time.
    pub clock: Clock,
    /// Ids and chance.
    pub ids: IdSource,
    /// Where partners send students back to.
    pub return_url: Option<WebUrl>,
    /// How long a seat stays offered to whoever waited for it.
    pub offers_last: TimeDelta,
}

impl Services {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    /// An event about an enrollment.
    fn event_about(&self, view: &CourseView, actor: Actor, kind: EventKind, at: Instant) -> Event {
        Event {
            enrollment: Some(view.enrollment.id),
            provider: view.enrollment.delivery.map(|delivery| delivery.provider_id),
            ..self.event(actor, Some(view.enrollment.student_id), kind, at)
        }
    }

    /// An event about a person, or about nobody.
    fn event(&self, actor: Actor, subject: Option<StudentId>, kind: EventKind, at: Instant) -> Event {
        Event {
            id: self.ids.new_id(),
            at,
            actor,
            subject,
            kind,
            enrollment: None,
            provider: None,
            payload: serde_json::Value::Object(serde_json::Map::new()),
        }
    }
}
