//! Partners as tools of LTI 1.3: who is one, and how one becomes one.

use crate::domain::actor::Actor;
use crate::domain::event::{Event, EventKind};
use crate::domain::person::Advisor;
use crate::domain::plan::ToolPlan;
use crate::domain::provider::{LtiAccess, LtiTool, Protocol, Provider};
use crate::domain::text::Text;
use crate::domain::web::WebUrl;
use crate::service::{ServiceError, Services};

/// A partner that is launched by LTI 1.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub partner: Text,
    /// How it is reached.
    pub access: LtiAccess,
    /// Its courses open, and take enrollments or not.
    pub active: bool,
}

impl Services {
    /// The partners that are launched by LTI 1.3, by name.
    pub async fn list_tools(&self) -> Result<Vec<Tool>, ServiceError> {
        Ok(self.store.list_providers().await?.into_iter().filter_map(tool).collect())
    }

    /// The tool that a partner is.
    pub async fn tool_of(&self, partner: &str) -> Result<Tool, ServiceError> {
        let (id, name) = self.partner_named(partner).await?;
        let known = self.store.list_providers().await?;
        let found = known.into_iter().find(|provider| provider.id == id).and_then(tool);
        found.ok_or(ServiceError::NoTool { partner: name })
    }

    /// Sets a partner up as this tool. Whatever else is known about the partner stays.
    pub async fn register_tool(
        &self,
        advisor: &Advisor,
        partner: &str,
        access: LtiAccess,
    ) -> Result<Tool, ServiceError> {
        let (provider_id, _) = self.partner_named(partner).await?;
        let event = Event {
            provider: Some(provider_id),
            payload: registration(&access),
            ..self.event(Actor::Staff(advisor.id), None, EventKind::LtiRegistered, self.now())
        };
        self.store.register_tool(&ToolPlan { provider_id, access, event }).await?;
        self.tool_of(partner).await
    }
}

fn tool(provider: Provider) -> Option<Tool> {
    let active = provider.availability.is_active();
    match provider.protocol {
        Protocol::Lti13(access) => Some(Tool { partner: provider.name, access, active }),
        _ => None,
    }
}

/// What the history keeps of it.
fn registration(access: &LtiAccess) -> serde_json::Value {
    let mut payload = serde_json::json!({
        "client_id": access.client_id.as_str(), "deployment_id": access.deployment_id.as_str(),
        "discloses": access.discloses.words().collect::<Vec<_>>(),
    });
    if let LtiTool::Registered { login_url, redirect_urls, .. } = &access.tool {
        payload["login_url"] = login_url.as_str().into();
        payload["redirect_urls"] = redirect_urls.iter().map(WebUrl::as_str).collect();
    }
    payload
}
