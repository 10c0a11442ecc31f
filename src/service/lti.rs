//! Launches by LTI 1.3: our one-time address, the tool's question, the signed answer.
//!
//! Three steps, each once and all within five minutes: [`Services::launch`] makes the address, the browser
//! opens it ([`Services::lti_initiate`]), the tool asks who it is ([`Services::lti_authenticate`]). Every
//! step decides anew whether the course may be opened.
//!
//! Nothing of it counts for how the partner fares: the browser calls the tool, so that it does not come
//! back to us may be the tool's failure, and as well a page that was closed or never opened.

mod answer;

pub use crate::partner::lti::{IdToken, KeyError, KeyFile, Keys, PublicKey};
pub use answer::{ErrorForm, LtiAnswer, LtiStop, TokenForm};

use super::launch::unavailable_here;
use crate::domain::actor::Actor;
use crate::domain::decide::{LaunchDecision, decide_launch};
use crate::domain::event::EventKind;
use crate::domain::ids::EnrollmentId;
use crate::domain::lti::{Digest, LAUNCH_LASTS, LtiInitiation, LtiLaunch, LtiUse, NewLtiLaunch, told};
use crate::domain::person::Email;
use crate::domain::provider::{LtiAccess, LtiTool};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, Offer};
use crate::domain::web::LaunchUrl;
use crate::partner::PartnerError;
use crate::partner::lti::{self, AuthRequest, LaunchClaims, LtiPlatform, ToolAddresses, initiation};
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};
use url::Url;
use uuid::Uuid;

/// Where a launch of ours stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LtiProgress {
    /// The browser or the tool has not come yet.
    Awaited,
    /// The tool was told who it is.
    Opened,
    /// It ran out.
    Over,
}

/// A launch that a request belongs to, with everything known about it.
struct Known {
    launch: LtiLaunch,
    view: CourseView,
}

impl Known {
    /// What the enrollment says about the tool, if it is still the one that was launched.
    fn access(&self, now: Instant) -> Result<(&Offer, &LtiAccess), LtiStop> {
        let launched = Some(self.launch.provider_id);
        if self.view.enrollment.delivery.map(|delivery| delivery.provider_id) != launched {
            return Err(LtiStop::Over);
        }
        match (decide_launch(&self.view, self.launch.actor, now), self.view.partner.as_ref()) {
            (Ok(LaunchDecision::ByLti(access)), Some(offer)) => Ok((offer, access)),
            (Err(refusal), _) => Err(LtiStop::Refused(Box::new(refusal))),
            (Ok(_), _) => Err(LtiStop::Over),
        }
    }
}

impl Services {
    /// Whether the course opens through our own endpoint.
    pub async fn opens_by_lti(&self, actor: Actor, id: EnrollmentId) -> Result<bool, ServiceError> {
        let view = self.course(actor, id).await?;
        Ok(matches!(decide_launch(&view, actor, self.now()), Ok(LaunchDecision::ByLti(_))))
    }

    /// Makes a one-time address that opens the course.
    pub(super) async fn begin_lti(
        &self,
        view: &CourseView,
        actor: Actor,
        access: &LtiAccess,
    ) -> Result<LaunchUrl, ServiceError> {
        let failed = |source: PartnerError| super::work::partner_error(view, source);
        let keys = match access.tool {
            LtiTool::Sandbox => self.lti.ensure_keys().await,
            LtiTool::Registered { .. } => self.lti.keys().await,
        };
        if let Err(error) = keys {
            let elsewhere = error.is_out_of_reach();
            return Err(if elsewhere { unavailable_here(view).into() } else { failed(error.into()) });
        }
        self.partners.tool(access).map_err(failed)?;
        let (Some(delivery), at, token) = (view.enrollment.delivery, self.now(), self.ids.token()) else {
            return Err(unavailable_here(view).into());
        };
        let address = self.lti.launch_address(&token).map_err(failed)?;
        let expires_at = at + LAUNCH_LASTS;
        let launch = NewLtiLaunch {
            id: self.ids.new_id(),
            enrollment_id: view.enrollment.id,
            student_id: view.enrollment.student_id,
            provider_id: delivery.provider_id,
            actor,
            initiate: lti::digest(&token),
            at,
            expires_at,
        };
        self.store.begin_lti_launch(&launch).await?;
        Ok(LaunchUrl::new(address, Some(expires_at)))
    }

    /// Where the launch with this address stands; `None` when the address is not one of ours.
    pub async fn lti_progress(&self, url: &LaunchUrl) -> Result<Option<LtiProgress>, ServiceError> {
        let Some(token) = LtiPlatform::token_of(url.expose()).filter(|token| is_token(token)) else {
            return Ok(None);
        };
        let launch = self.store.find_lti_launch_by_address(&lti::digest(token)).await?;
        Ok(launch.map(|launch| match launch.used_at {
            Some(_) => LtiProgress::Opened,
            None if launch.is_over(self.now()) => LtiProgress::Over,
            None => LtiProgress::Awaited,
        }))
    }

    /// The browser opens the one-time address: where the tool's login begins. This works once.
    pub async fn lti_initiate(&self, token: &str) -> Result<Url, LtiStop> {
        if !is_token(token) {
            return Err(LtiStop::Unknown);
        }
        let initiate = lti::digest(token);
        let launch = self.store.find_lti_launch_by_address(&initiate).await?.ok_or(LtiStop::Unknown)?;
        let at = self.now();
        if launch.initiated_at.is_some() || launch.is_over(at) {
            return Err(LtiStop::Over);
        }
        let known = self.launched_by(launch).await?;
        let (_, access) = known.access(self.now())?;
        let tool = self.partners.tool(access).map_err(|error| not_now(&known.view, error))?;
        let (login_hint, message_hint) = (self.ids.token(), self.ids.token());
        let hints = LtiInitiation {
            initiate,
            login_hint: lti::digest(&login_hint),
            message_hint: lti::digest(&message_hint),
            at,
        };
        self.store.initiate_lti_launch(&hints).await?;
        let (client, deployment) = (access.client_id.as_str(), access.deployment_id.as_str());
        let issuer = self.lti.issuer().as_str();
        Ok(initiation(&tool, issuer, client, deployment, (&login_hint, &message_hint)))
    }

    /// The tool asks who it is, by a query or a form. What can't be trusted to come from a registered
    /// tool ends on a page of ours and goes nowhere.
    pub async fn lti_authenticate(&self, raw: &[u8]) -> LtiAnswer {
        match Box::pin(self.answer_lti(raw)).await {
            Ok(answer) => answer,
            Err(stop) => LtiAnswer::Stopped { stop, back: None },
        }
    }

    async fn answer_lti(&self, raw: &[u8]) -> Result<LtiAnswer, LtiStop> {
        let request = AuthRequest::parse(raw).map_err(LtiStop::Unreadable)?;
        let login_hint = request.login_hint.as_deref().filter(|hint| is_token(hint));
        let login_hint = lti::digest(login_hint.ok_or(LtiStop::Unknown)?);
        let launch = self.store.find_lti_launch_by_hint(&login_hint).await?.ok_or(LtiStop::Unknown)?;
        let known = self.launched_by(launch).await?;
        let (offer, access) = known.access(self.now())?;
        if request.client_id.as_deref() != Some(access.client_id.as_str()) {
            return Err(LtiStop::UnknownClient);
        }
        let tool = self.partners.tool(access).map_err(|error| not_now(&known.view, error))?;
        let redirect = request.redirect_uri.as_deref().and_then(|uri| tool.registered(uri));
        let redirect = redirect.ok_or(LtiStop::ForeignAddress)?;
        // From here on it is known who asks, and where they may be answered.
        let error_form = |error, description| ErrorForm {
            action: redirect.clone(),
            error,
            description,
            state: request.state.clone(),
        };
        let over = || LtiAnswer::Stopped {
            stop: LtiStop::Over,
            back: Some(error_form("login_required", "the launch was used or has run out")),
        };
        let message_hint = request.lti_message_hint.as_deref().map(lti::digest);
        let Some(message_hint) = message_hint.filter(|hint| known.launch.message_hint == Some(*hint)) else {
            let what = "lti_message_hint does not belong to login_hint";
            return Ok(LtiAnswer::Error(error_form("invalid_request", what)));
        };
        if let Some((error, description)) = request.fault() {
            return Ok(LtiAnswer::Error(error_form(error, description)));
        }
        if known.launch.is_over(self.now()) {
            return Ok(over());
        }
        // Before the hints are used up: without a key the student could not even try again.
        self.lti.keys().await.map_err(|error| not_now(&known.view, error.into()))?;
        let used = self.store.use_lti_launch(&self.lti_use(&known, access, login_hint, message_hint)).await;
        let subject = match used {
            Err(StoreError::Conflict(Conflict::Changed)) => return Ok(over()),
            used => used?,
        };
        let nonce = request.nonce.as_deref().unwrap_or_default();
        let claims = self.lti_claims(&known, offer, access, &tool, &subject, nonce);
        let id_token = self.lti.sign(claims).await.map_err(|error| not_now(&known.view, error.into()))?;
        Ok(LtiAnswer::Token(TokenForm { action: redirect.clone(), id_token, state: request.state }))
    }

    async fn launched_by(&self, launch: LtiLaunch) -> Result<Known, LtiStop> {
        let view = self.store.find_course(launch.enrollment_id).await?.ok_or(LtiStop::Over)?;
        Ok(Known { launch, view })
    }

    fn lti_use(&self, known: &Known, access: &LtiAccess, login_hint: Digest, message_hint: Digest) -> LtiUse {
        let (view, actor, at) = (&known.view, known.launch.actor, self.now());
        let mut launched = self.event_about(view, actor, EventKind::Launched, at);
        launched.payload = serde_json::json!({ "handover": "browser", "protocol": "lti13" });
        let mut disclosed = self.event_about(view, actor, EventKind::Disclosed, at);
        let student = &view.student;
        let names = told(access.discloses, student.name.is_some(), student.email.is_some());
        disclosed.payload = serde_json::json!({ "told": names });
        LtiUse {
            login_hint,
            message_hint,
            at,
            enrollment_id: view.enrollment.id,
            launch_id: self.ids.new_id(),
            actor,
            subject: self.new_subject(),
            begins: !view.provider().is_some_and(|provider| provider.capabilities().progress),
            launched,
            disclosed,
        }
    }

    /// Nobody can tell from it who it is, or when they came.
    fn new_subject(&self) -> Text {
        let random = Uuid::parse_str(&self.ids.token()[..32]).unwrap_or_default();
        Text::clean(&uuid::Builder::from_random_bytes(random.into_bytes()).into_uuid().to_string())
    }

    fn lti_claims(
        &self,
        known: &Known,
        offer: &Offer,
        access: &LtiAccess,
        tool: &ToolAddresses,
        subject: &Text,
        nonce: &str,
    ) -> serde_json::Value {
        let (view, student) = (&known.view, &known.view.student);
        let custom = [
            ("enrollment_id", view.enrollment.id.to_string()),
            ("course_code", offer.course.code.to_string()),
            ("program", view.program_slug.to_string()),
        ];
        let name = student.name.as_ref().filter(|_| access.discloses.name);
        let email = student.email.as_ref().filter(|_| access.discloses.email);
        LaunchClaims {
            issuer: self.lti.issuer(),
            client_id: &access.client_id,
            deployment_id: &access.deployment_id,
            subject,
            target_link_url: &tool.target_link_url,
            resource: (offer.course.id.to_string(), &offer.course.name),
            context: (view.enrollment.program_id.to_string(), &view.program_title),
            return_url: self.return_url.as_ref(),
            custom: &custom,
            name: name.map(Text::as_str),
            email: email.map(Email::as_str),
            nonce,
            // Now, not when the launch began: some tools accept nothing older than ten seconds.
            at: self.now(),
        }
        .to_json()
    }
}

/// Whether this may be one of our one-time values; anything else needs no look into the database.
fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn not_now(view: &CourseView, source: PartnerError) -> LtiStop {
    LtiStop::NotNow(super::work::partner_error(view, source).to_string())
}
