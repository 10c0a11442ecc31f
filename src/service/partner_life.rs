//! A partner's life: paused, resumed, retired by an advisor; troubled by what its platform does; and
//! who is told when it is back.

use crate::domain::actor::Actor;
use crate::domain::decide::{PartnerChange, decide_partner, decide_watch};
use crate::domain::event::{Event, EventKind};
use crate::domain::health::{CallOutcome, Health};
use crate::domain::ids::EnrollmentId;
use crate::domain::person::Advisor;
use crate::domain::plan::{HealthPlan, PartnerPlan, WatchPlan};
use crate::domain::provider::Provider;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::partner::PartnerError;
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};
use chrono::TimeDelta;
use std::sync::{Mutex, PoisonError};

/// How often a change that somebody else was faster with is decided anew.
const ATTEMPTS: usize = 4;
/// Trouble that was told of within this time is not told again by every call that fails.
const TOLD_ENOUGH: TimeDelta = TimeDelta::minutes(1);

/// What came of asking to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// About which partner.
    pub partner: Text,
    /// They had not asked before.
    pub first: bool,
}

impl Services {
    /// All partners by name, whatever stage of their life they are in.
    pub async fn partners(&self) -> Result<Vec<Provider>, ServiceError> {
        Ok(self.store.list_providers().await?)
    }

    /// The partner with this name.
    pub async fn partner_standing(&self, named: &str) -> Result<Provider, ServiceError> {
        let (id, _) = self.partner_named(named).await?;
        let found = self.partners().await?.into_iter().find(|provider| provider.id == id);
        found.ok_or_else(|| StoreError::Conflict(Conflict::Changed).into())
    }

    /// Pauses, resumes or retires a partner; how it was, and how it stands then.
    pub async fn change_partner(
        &self,
        advisor: &Advisor,
        named: &str,
        change: PartnerChange,
    ) -> Result<(Provider, Provider), ServiceError> {
        let mut tries = 0;
        let before = loop {
            let before = self.partner_standing(named).await?;
            let written =
                self.store.change_partner(&self.plan_partner(advisor, &before, change.clone())?).await;
            tries += 1;
            match written {
                // Another advisor changed it this moment: what they said stays.
                Err(StoreError::Conflict(Conflict::Changed)) if tries < ATTEMPTS => {}
                written => {
                    written?;
                    break before;
                }
            }
        };
        Ok((before, self.partner_standing(named).await?))
    }

    fn plan_partner(
        &self,
        advisor: &Advisor,
        before: &Provider,
        change: PartnerChange,
    ) -> Result<PartnerPlan, ServiceError> {
        let at = self.now();
        let payload = payload(&change);
        let standing = decide_partner(before, change, at)?;
        let event = self.event(Actor::Staff(advisor.id), None, standing.kind, at);
        Ok(PartnerPlan {
            provider_id: before.id,
            availability: standing.availability,
            retirement: standing.retirement,
            seen: (before.availability.clone(), before.retirement.clone()),
            event: Event { provider: Some(before.id), payload, ..event },
        })
    }

    /// Tells the student by mail when the partner of a course is back.
    pub async fn watch_partner(&self, actor: Actor, id: EnrollmentId) -> Result<Watched, ServiceError> {
        let view = self.course(actor, id).await?;
        let at = self.now();
        let provider_id = decide_watch(&view, actor, at)?;
        let partner = view.provider().map(|provider| provider.name.clone()).unwrap_or_default();
        let plan = WatchPlan {
            id: self.ids.new_id(),
            provider_id,
            student_id: view.student.id,
            enrollment_id: id,
            event: self.event_about(&view, actor, EventKind::WatchAsked, at),
        };
        match self.store.watch_partner(&plan).await {
            Ok(first) => Ok(Watched { partner, first }),
            // It came back this moment: said as it would be a moment later.
            Err(StoreError::Conflict(Conflict::Changed)) => {
                let view = self.course(actor, id).await?;
                decide_watch(&view, actor, self.now())?;
                Err(StoreError::Conflict(Conflict::Changed).into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes note of how a call to the platform of a partner went, and gives its answer on.
    /// That it can't be noted must not hide the answer.
    pub(super) async fn heard<T>(
        &self,
        provider: Option<&Provider>,
        answer: Result<T, PartnerError>,
    ) -> Result<T, PartnerError> {
        if let (Some(outcome), Some(provider)) = (outcome_of(&answer), provider) {
            self.note_call(provider, provider.health, outcome).await;
        }
        answer
    }

    /// The same where many calls follow one another: each goes on from what the one before it found.
    pub(super) async fn heard_in_a_row<T>(
        &self,
        provider: &Provider,
        known: &Mutex<Health>,
        answer: Result<T, PartnerError>,
    ) -> Result<T, PartnerError> {
        if let Some(outcome) = outcome_of(&answer) {
            let before = *known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(after) = self.note_call(provider, before, outcome).await {
                *known.lock().unwrap_or_else(PoisonError::into_inner) = after;
            }
        }
        answer
    }

    /// How the partner fares now, where the call said anything new about it.
    async fn note_call(&self, provider: &Provider, known: Health, outcome: CallOutcome) -> Option<Health> {
        if !tells_something(known, outcome, self.now()) {
            return None;
        }
        match self.store.record_call(&self.plan_call(provider, outcome)).await {
            Ok(health) => Some(health),
            Err(error) => {
                tracing::warn!(%error, "how a partner answers could not be noted");
                None
            }
        }
    }

    fn plan_call(&self, provider: &Provider, outcome: CallOutcome) -> HealthPlan {
        let at = self.now();
        let event = |kind| Event { provider: Some(provider.id), ..self.event(Actor::System, None, kind, at) };
        HealthPlan {
            provider_id: provider.id,
            outcome,
            troubled: event(EventKind::PartnerTroubled),
            recovered: event(EventKind::PartnerRecovered),
        }
    }

    /// The partners a student can go to instead of the one of this course.
    pub(super) async fn other_partners(&self, view: &CourseView) -> Result<Vec<String>, ServiceError> {
        let now = self.now();
        let Some(program) = self.store.find_program_by_id(view.enrollment.program_id, now).await? else {
            return Ok(Vec::new());
        };
        let with = view.provider().map(|provider| provider.id);
        let others = program.available(now).filter(|offer| Some(offer.provider.id) != with);
        Ok(others.map(|offer| offer.provider.name.to_string()).collect())
    }
}

fn outcome_of<T>(answer: &Result<T, PartnerError>) -> Option<CallOutcome> {
    match answer {
        Ok(_) => Some(CallOutcome::Worked),
        Err(error) => error.outcome(),
    }
}

/// Whether a call changes what is known: a good one mostly does not, so that nothing is written on
/// the way everything goes on a good day.
fn tells_something(health: Health, outcome: CallOutcome, now: Instant) -> bool {
    match outcome {
        CallOutcome::Worked => !health.is_clear(),
        CallOutcome::Failed => {
            let just_told = health.last_failure_at.is_some_and(|last| now - last < TOLD_ENOUGH);
            health.troubled_since.is_none() || health.successes > 0 || !just_told
        }
    }
}

fn payload(change: &PartnerChange) -> serde_json::Value {
    match change {
        PartnerChange::Pause { note, until } => serde_json::json!({ "reason": note, "until": until }),
        PartnerChange::Resume => serde_json::json!({}),
        PartnerChange::Retire(end) => serde_json::json!({
            "reason": end.note, "closes_on": end.closes_on, "ends_on": end.ends_on,
        }),
    }
}
