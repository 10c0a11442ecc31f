//! Partners (`partner_lms_providers`): who delivers a program and how they are reached.

use crate::domain::ids::ProviderId;
use crate::domain::refund::RefundPolicy;
use crate::domain::text::Text;
use crate::domain::web::WebUrl;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A partner. Screens call it "partner"; the field's tables call it provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Who.
    pub id: ProviderId,
    /// The name students read; natural key of the catalogue.
    pub name: Text,
    /// `certiport`, `milady`, … : an open set.
    pub provider_type: Text,
    /// One character for the cards.
    pub icon: Option<Text>,
    /// One line for the cards.
    pub description: Text,
    /// Whether new enrollments are taken.
    pub availability: Availability,
    /// How the platform is reached.
    pub protocol: Protocol,
    /// Whom students ask.
    pub support: Support,
    /// What is paid back when.
    pub refunds: RefundPolicy,
    /// Part of a demo catalogue.
    pub demo: bool,
}

/// Whether a partner takes enrollments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Yes.
    Active,
    /// Not now.
    Paused {
        /// Why, for the student.
        note: Option<Text>,
        /// Until when, if known.
        until: Option<NaiveDate>,
    },
}

impl Availability {
    /// Whether enrollments and launches work.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

/// Whom a student asks when the partner's side does not work.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Support {
    /// An e-mail address, as the partner wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Text>,
    /// A help page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<WebUrl>,
}

impl Support {
    /// The contact in words: `help@x.org`, `https://…`, or both.
    pub fn contact(&self) -> Option<String> {
        match (&self.email, &self.url) {
            (Some(email), Some(url)) => Some(format!("{email} or {url}")),
            (Some(email), None) => Some(email.to_string()),
            (None, Some(url)) => Some(url.to_string()),
            (None, None) => None,
        }
    }
}

/// How a partner's platform is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Its REST interface; the shape is a profile of `assets/partners.toml`.
    Rest(RestAccess),
    /// The student has an own login at the partner's site.
    Link(LinkAccess),
    /// LTI 1.3 launches (1EdTech LTI Core 1.3).
    Lti13(LtiAccess),
    /// An adopted row that says nothing we can use: shown, but nothing can be done with it.
    Unknown,
}

/// What a protocol can do for the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, read by name")]
pub struct Capabilities {
    /// We open the account and the enrollment at the partner.
    pub provision: bool,
    /// We can ask for a link that signs the student in.
    pub launch: bool,
    /// The partner reports progress.
    pub progress: bool,
    /// The partner issues certificates we can fetch.
    pub certificate: bool,
}

impl Protocol {
    /// What this protocol can do.
    pub fn capabilities(&self) -> Capabilities {
        let (provision, launch, progress, certificate) = match self {
            Self::Rest(_) => (true, true, true, true),
            Self::Lti13(_) => (false, true, false, false),
            Self::Link(_) | Self::Unknown => (false, false, false, false),
        };
        Capabilities { provision, launch, progress, certificate }
    }

    /// The name of the secret that calls to the platform need.
    pub fn secret(&self) -> Option<&SecretName> {
        match self {
            Self::Rest(access) => access.secret_env.as_ref(),
            Self::Link(_) | Self::Lti13(_) | Self::Unknown => None,
        }
    }
}

/// A partner with a REST interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestAccess {
    /// The profile's name in `assets/partners.toml`.
    pub profile: Text,
    /// Where the platform is.
    pub base_url: BaseUrl,
    /// The name of the secret, never the secret.
    pub secret_env: Option<SecretName>,
    /// Our organization's id at the partner.
    pub organization: Text,
}

/// A partner whose students sign in by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAccess {
    /// Where.
    pub login_url: WebUrl,
    /// What to do there.
    pub instructions: Option<Text>,
}

/// A partner launched by LTI 1.3 (1EdTech Security Framework 1.0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LtiAccess {
    /// The tool's login initiation address.
    pub login_url: WebUrl,
    /// The registered redirect addresses.
    pub redirect_urls: Vec<WebUrl>,
    /// Our client id at the tool.
    pub client_id: Text,
    /// Our deployment id at the tool.
    pub deployment_id: Text,
}

/// Where a REST platform is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrl {
    /// Played on this machine, for demo catalogues.
    Sandbox,
    /// A real address.
    Url(WebUrl),
}

impl BaseUrl {
    /// Reads `sandbox` or an address.
    pub fn parse(raw: &str) -> Result<Self, crate::domain::web::WebUrlError> {
        match raw {
            "sandbox" => Ok(Self::Sandbox),
            _ => WebUrl::parse(raw).map(Self::Url),
        }
    }

    /// As a catalogue writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Url(url) => url.as_str(),
        }
    }
}

/// The name of an environment variable that holds a secret: `CERTIPORT_API_KEY`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

/// A text that can't be the name of a secret.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
#[error("name an environment variable here, such as CERTIPORT_API_KEY, never the secret itself")]
pub struct SecretNameError;

impl SecretName {
    /// Reads a name: capital letters, digits and `_`, at most 64.
    pub fn parse(raw: &str) -> Result<Self, SecretNameError> {
        let start = raw.starts_with(|c: char| c.is_ascii_uppercase());
        let name = raw.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if start && name && raw.len() <= 64 { Ok(Self(raw.to_owned())) } else { Err(SecretNameError) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SecretName {
    type Error = SecretNameError;
    fn try_from(raw: String) -> Result<Self, SecretNameError> {
        Self::parse(&raw)
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.0
    }
}
