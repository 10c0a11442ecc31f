//! Open a course at its partner.

use crate::domain::actor::Actor;
use crate::domain::decide::{LaunchDecision, decide_launch};
use crate::domain::enrollment::Started;
use crate::domain::event::EventKind;
use crate::domain::ids::EnrollmentId;
use crate::domain::plan::{Handover, LaunchPlan};
use crate::domain::provider::Protocol;
use crate::domain::refusal::Refusal;
use crate::domain::time::ago;
use crate::domain::views::CourseView;
use crate::domain::web::LaunchUrl;
use crate::partner::{LaunchRequest, PartnerError};
use crate::service::error::NotOpened;
use crate::service::{ServiceError, Services};
use crate::store::FailPoint;

/// What came of asking for a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Launch {
    /// Here it is. Hand it over, then record how.
    Link(LaunchUrl),
    /// The partner is still preparing the place.
    Wait,
}

impl Services {
    /// Asks for a link into the course. It works once and is stored nowhere.
    pub async fn launch(&self, actor: Actor, id: EnrollmentId) -> Result<Launch, ServiceError> {
        let view = self.course(actor, id).await?;
        let decided = match decide_launch(&view, actor, self.now()) {
            Ok(decided) => decided,
            Err(refusal) => return Err(self.with_others(&view, refusal).await),
        };
        match decided {
            // Waiting here would be in vain: whoever holds the key prepares the place.
            LaunchDecision::Wait if !self.partners.can_serve(&self.needs_of(view.partner.as_ref())) => {
                Err(unavailable_here(&view).into())
            }
            LaunchDecision::Wait => Ok(Launch::Wait),
            LaunchDecision::OpenAddress(access) => {
                let name = view.provider().map(|provider| provider.name.clone()).unwrap_or_default();
                let url = self
                    .partners
                    .login_address(&name, access)
                    .map_err(|source| super::work::partner_error(&view, source))?;
                Ok(Launch::Link(LaunchUrl::new(url, None)))
            }
            LaunchDecision::ByLti(access) => Ok(Launch::Link(self.begin_lti(&view, actor, access).await?)),
            LaunchDecision::AskPartner { access, external_account_id, external_enrollment_id } => {
                if !self.partners.can_call(access) {
                    return Err(unavailable_here(&view).into());
                }
                let code = view.partner.as_ref().map(|offer| offer.course.code.clone()).unwrap_or_default();
                let request = LaunchRequest {
                    account: external_account_id,
                    enrollment: external_enrollment_id,
                    course_code: &code,
                    return_to: self.return_url.as_ref(),
                    key: &format!("launch:{}", self.ids.uuid()),
                };
                let answer = self.partners.launch(access, &request).await;
                let url = match self.heard(view.provider(), answer).await {
                    Ok(url) => url,
                    Err(source) => {
                        self.note_failed_launch(&view, actor).await;
                        return Err(self.course_not_opened(actor, view, source).await);
                    }
                };
                self.store.fail_points().hit(FailPoint::LaunchAfterLink);
                // It may have been cancelled or switched away while the partner was asked: then nobody
                // gets the link.
                decide_launch(&self.course(actor, id).await?, actor, self.now())?;
                Ok(Launch::Link(url))
            }
        }
    }

    /// Who is at a partner at which nothing opens is told where they can go.
    pub(super) async fn with_others(&self, view: &CourseView, refusal: Refusal) -> ServiceError {
        match refusal {
            Refusal::PartnerPaused { .. }
            | Refusal::PartnerRetiring { .. }
            | Refusal::PartnerRetired { .. } => {
                refusal.instead_of_partner(self.others_or_none(view).await).into()
            }
            other => other.into(),
        }
    }

    /// The refusal matters more than its alternatives.
    async fn others_or_none(&self, view: &CourseView) -> Vec<String> {
        self.other_partners(view).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the other partners could not be read");
            Vec::new()
        })
    }

    /// The partner did not open it: since when that goes, whom to ask, and for who has not begun, where
    /// to go.
    async fn course_not_opened(&self, actor: Actor, view: CourseView, source: PartnerError) -> ServiceError {
        let view = self.course(actor, view.enrollment.id).await.unwrap_or(view);
        let now = self.now();
        let free = view.enrollment.started(&view.start_facts(now)) == Started::No;
        let partners = if free { self.others_or_none(&view).await } else { Vec::new() };
        let provider = view.provider();
        ServiceError::NotOpened(Box::new(NotOpened {
            partner: provider.map(|provider| provider.name.clone()).unwrap_or_default(),
            reason: source,
            began: provider.and_then(|provider| provider.troubled(now)).map(|since| ago(now, since)),
            contact: provider.and_then(|provider| provider.support.contact()),
            partners,
        }))
    }

    /// Reports count it. That it can't be noted must not hide why the course does not open.
    async fn note_failed_launch(&self, view: &CourseView, actor: Actor) {
        let event = self.event_about(view, actor, EventKind::LaunchFailed, self.now());
        if let Err(error) = self.store.note(&event).await {
            tracing::warn!(%error, "a failed launch could not be noted");
        }
    }

    /// Notes that the course was opened, and how the link was handed over.
    pub async fn record_launch(
        &self,
        actor: Actor,
        id: EnrollmentId,
        handover: Handover,
    ) -> Result<(), ServiceError> {
        let view = self.course(actor, id).await?;
        // It is kept when the partner asks who it is: until then nothing was opened.
        if view.provider().is_some_and(|provider| matches!(provider.protocol, Protocol::Lti13(_))) {
            return Ok(());
        }
        let at = self.now();
        let mut event = self.event_about(&view, actor, EventKind::Launched, at);
        event.payload = serde_json::json!({ "handover": handover.code() });
        let reports = view.provider().is_none_or(|provider| provider.capabilities().progress);
        let plan = LaunchPlan {
            id: self.ids.new_id(),
            enrollment_id: id,
            at,
            handover,
            actor,
            begins: !reports,
            event,
        };
        Ok(self.store.record_launch(&plan).await?)
    }
}

pub(super) fn unavailable_here(view: &CourseView) -> Refusal {
    Refusal::LaunchUnavailableHere {
        partner: view.provider().map(|provider| provider.name.clone()).unwrap_or_default(),
        contact: view.provider().and_then(|provider| provider.support.contact()),
    }
}
