//! Partners (`partner_lms_providers`): who delivers a program and how they are reached.

pub use crate::domain::health::Health;

use crate::domain::ids::ProviderId;
use crate::domain::refund::RefundPolicy;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::web::{HostName, WebUrl};
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
    /// Whether somebody paused it.
    pub availability: Availability,
    /// When it ends, where that was announced.
    pub retirement: Option<Retirement>,
    /// How its platform has answered of late.
    pub health: Health,
    /// What it declares to be able to, where that is less than its protocol could.
    pub declares: Option<Capabilities>,
    /// How the platform is reached.
    pub protocol: Protocol,
    /// Whom students ask.
    pub support: Support,
    /// What is paid back when.
    pub refunds: RefundPolicy,
    /// Part of a demo catalogue.
    pub demo: bool,
}

impl Provider {
    /// Where it stands on the day of `now` (UTC).
    pub fn stage(&self, now: Instant) -> Stage {
        let today = now.date_naive();
        let over = |day: Option<NaiveDate>| day.is_some_and(|day| day <= today);
        let retirement = self.retirement.as_ref();
        if over(retirement.and_then(|end| end.ends_on)) {
            Stage::Retired
        } else if !self.availability.is_active() {
            Stage::Paused
        } else if over(retirement.map(|end| end.closes_on)) {
            Stage::Retiring
        } else {
            Stage::Active
        }
    }

    /// Since when its platform has problems, as far as they are felt at `now`. Nothing opens at a partner
    /// that is paused or over, so nothing is said of its platform then.
    pub fn troubled(&self, now: Instant) -> Option<Instant> {
        self.health.troubled(now).filter(|_| self.stage(now).opens())
    }

    /// The word for where it stands: `active`, `troubled`, `paused`, `retiring` or `retired`. An end that
    /// is announced and not near yet is no state.
    pub fn standing(&self, now: Instant) -> &'static str {
        match self.stage(now) {
            Stage::Paused => "paused",
            Stage::Retired => "retired",
            Stage::Active | Stage::Retiring if self.troubled(now).is_some() => "troubled",
            Stage::Active => "active",
            Stage::Retiring => "retiring",
        }
    }

    /// What it can do for the student: what its protocol can, unless it declares less.
    pub fn capabilities(&self) -> Capabilities {
        let can = self.protocol.capabilities();
        self.declares.map_or(can, |declared| can.and(declared))
    }
}

/// Whether a partner takes enrollments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Yes.
    Active,
    /// Not now. It stays so until somebody resumes it.
    Paused {
        /// Why, for the student.
        note: Option<Text>,
        /// Until when, if known.
        until: Option<NaiveDate>,
        /// Since when, if known.
        since: Option<Instant>,
    },
}

impl Availability {
    /// Paused for a reason, nobody knows since when.
    pub fn paused(note: Option<Text>, until: Option<NaiveDate>) -> Self {
        Self::Paused { note, until, since: None }
    }

    /// Whether nobody has paused it.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

/// The end of a partner, announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retirement {
    /// From this day on (UTC) it takes no new enrollments.
    pub closes_on: NaiveDate,
    /// From this day on nothing opens there any more; `None`: those who are enrolled finish.
    pub ends_on: Option<NaiveDate>,
    /// Why, for the student.
    pub note: Option<Text>,
}

impl Retirement {
    /// The last day on which it takes students.
    pub fn last_day(&self) -> NaiveDate {
        self.closes_on.pred_opt().unwrap_or(self.closes_on)
    }

    /// The last day on which courses open there.
    pub fn last_open_day(&self) -> Option<NaiveDate> {
        self.ends_on.map(|day| day.pred_opt().unwrap_or(day))
    }
}

/// Where a partner stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It takes enrollments.
    Active,
    /// Somebody paused it: nothing opens, nobody enrolls.
    Paused,
    /// It takes no new enrollments; those that stand go on.
    Retiring,
    /// It is over.
    Retired,
}

impl Stage {
    /// Whether somebody may enroll.
    pub fn takes_enrollments(self) -> bool {
        self == Self::Active
    }

    /// Whether courses open.
    pub fn opens(self) -> bool {
        matches!(self, Self::Active | Self::Retiring)
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

/// What a partner can do for the student from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, read by name")]
pub struct Capabilities {
    /// We open the account and the enrollment at the partner.
    pub enroll: bool,
    /// We can tell the partner that somebody leaves.
    pub withdraw: bool,
    /// The course opens from here, with the student signed in.
    pub launch: bool,
    /// The partner reports progress.
    pub progress: bool,
    /// The partner issues certificates we can fetch.
    pub certificate: bool,
}

impl Capabilities {
    /// The names, as a configuration writes them, with what they stand for.
    pub fn named(self) -> [(&'static str, bool); 5] {
        [
            ("enroll", self.enroll),
            ("withdraw", self.withdraw),
            ("launch", self.launch),
            ("progress", self.progress),
            ("certificate", self.certificate),
        ]
    }

    /// From the names of what can be done; `None` where one of them is not known.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut can =
            Self { enroll: false, withdraw: false, launch: false, progress: false, certificate: false };
        for name in names {
            match name {
                "enroll" => can.enroll = true,
                "withdraw" => can.withdraw = true,
                "launch" => can.launch = true,
                "progress" => can.progress = true,
                "certificate" => can.certificate = true,
                _ => return None,
            }
        }
        Some(can)
    }

    /// The names of what can be done.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.named().into_iter().filter(|(_, can)| *can).map(|(name, _)| name)
    }

    /// What both can.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            enroll: self.enroll && other.enroll,
            withdraw: self.withdraw && other.withdraw,
            launch: self.launch && other.launch,
            progress: self.progress && other.progress,
            certificate: self.certificate && other.certificate,
        }
    }
}

impl Protocol {
    /// The most that this protocol can do.
    pub fn capabilities(&self) -> Capabilities {
        let all =
            Capabilities { enroll: true, withdraw: true, launch: true, progress: true, certificate: true };
        let none = Capabilities {
            enroll: false,
            withdraw: false,
            launch: false,
            progress: false,
            certificate: false,
        };
        match self {
            Self::Rest(_) => all,
            Self::Lti13(_) => Capabilities { launch: true, ..none },
            Self::Link(_) | Self::Unknown => none,
        }
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
    /// The other hosts its links into courses may lead to.
    pub launch_hosts: Vec<HostName>,
}

impl RestAccess {
    /// Whether a link from the platform at `base` may be opened: it leads there, or to a host that is named.
    pub fn may_lead_to(&self, base: &WebUrl, link: &WebUrl) -> bool {
        link.host() == base.host() || self.launch_hosts.iter().any(|host| host.as_str() == link.host())
    }
}

/// A partner whose students sign in by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAccess {
    /// Where.
    pub login_url: LoginAddress,
    /// What to do there.
    pub instructions: Option<Text>,
    /// The same step by step, in order.
    pub steps: Vec<Text>,
}

impl LinkAccess {
    /// Students sign in there; what to do is not said.
    pub fn at(login_url: WebUrl) -> Self {
        Self { login_url: LoginAddress::Url(login_url), instructions: None, steps: Vec::new() }
    }
}

/// Where students of a link partner sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginAddress {
    /// A page played on this machine, for demo catalogues.
    Sandbox,
    /// A real address.
    Url(WebUrl),
}

/// A partner launched by LTI 1.3 (1EdTech Security Framework 1.0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LtiAccess {
    /// The tool.
    pub tool: LtiTool,
    /// The client id the tool gave us.
    pub client_id: Text,
    /// The deployment id the tool gave us.
    pub deployment_id: Text,
    /// What the tool is told about the student.
    pub discloses: Disclosure,
}

/// Where a tool is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LtiTool {
    /// Played on this machine, for demo catalogues.
    Sandbox,
    /// As it is registered.
    Registered {
        /// Where a login begins (OpenID Connect third-party initiated login).
        login_url: WebUrl,
        /// Where an answer may be sent: the exact addresses, no patterns.
        redirect_urls: Vec<WebUrl>,
        /// What is opened; the first redirect address where it is not named.
        target_link_url: Option<WebUrl>,
    },
}

/// What a tool is told about the student, beside an id that stands for them there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Disclosure {
    /// Their name.
    pub name: bool,
    /// Their e-mail address.
    pub email: bool,
}

impl Disclosure {
    /// What can be told.
    pub const WORDS: [&'static str; 2] = ["name", "email"];

    /// The words for what is told, as a configuration writes them.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.into_iter().zip([self.name, self.email]).filter(|(_, told)| *told).map(|(word, _)| word)
    }

    /// From words; what can't be told is left out.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        words.into_iter().fold(Self::default(), |told, word| Self {
            name: told.name || word == "name",
            email: told.email || word == "email",
        })
    }
}

impl LoginAddress {
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

impl fmt::Display for LoginAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
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
