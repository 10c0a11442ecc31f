//! The only place that talks to partners' platforms.
//!
//! One client for all of them: what differs between partners is data (`assets/partners.toml`,
//! [`crate::domain::profile`]). Reads are repeated here; what changes something is sent once,
//! with an idempotency key, and repeated by its job.

mod answer;
mod error;
pub mod lti;
mod probe;

pub use crate::http::{HttpLimits, Probe, Unreached};
pub use error::PartnerError;

use crate::domain::job::Needs;
use crate::domain::person::Student;
use crate::domain::profile::{Operation, Profile, ProfileError, Profiles, Role};
use crate::domain::progress::Percent;
use crate::domain::provider::{BaseUrl, LinkAccess, LoginAddress, RestAccess};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::PartnerAccount;
use crate::domain::web::{LaunchUrl, WebUrl};
use crate::http::{self, Answer, Body, Http, Request, may_open};
use crate::platform::{Clock, IdSource, Secret, Secrets};
use answer::Fields;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use std::sync::{Arc, PoisonError, RwLock};
use url::Url;

/// What stands for a key when the sandbox plays a partner whose key this process does not hold.
const SANDBOX_KEY: &str = "sandbox";

/// The partners' platforms.
#[derive(Clone, Debug)]
pub struct Partners(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    profiles: Profiles,
    secrets: Secrets,
    /// Where the sandbox listens, or why it does not.
    sandbox: RwLock<Result<WebUrl, Option<Text>>>,
    clock: Clock,
    http: Http,
}

/// How far somebody is, in the partner's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressReport {
    /// `None` when the answer had no figure: that is not zero.
    pub percent: Option<Percent>,
    /// The partner's own word for completed.
    pub completed: bool,
    /// Whether it is one of the partner's words for an exam that was not passed; `None` without a word.
    pub failed: Option<bool>,
}

/// A certificate the partner issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateReport {
    /// The partner's number.
    pub number: Option<Text>,
    /// Where it can be seen.
    pub url: Option<WebUrl>,
    /// When it was issued.
    pub issued_at: Option<Instant>,
    /// When it runs out.
    pub expires_at: Option<Instant>,
    /// Where anybody can check it.
    pub verify_url: Option<WebUrl>,
}

/// What a one-time link is asked for with.
#[derive(Clone, Copy, Debug)]
pub struct LaunchRequest<'a> {
    /// The partner's id of the account.
    pub account: &'a Text,
    /// The partner's id of the enrollment.
    pub enrollment: &'a Text,
    /// The partner's course code.
    pub course_code: &'a Text,
    /// The page to come back to.
    pub return_to: Option<&'a WebUrl>,
    /// The idempotency key: a new one for every launch.
    pub key: &'a str,
}

impl Partners {
    /// Reads the profiles; connects to nobody yet. `sandbox` is where the sandbox listens, if it does.
    #[expect(clippy::needless_pass_by_value, reason = "a source of ids is handed over like the clock")]
    pub fn new(
        secrets: Secrets,
        sandbox: Option<WebUrl>,
        limits: HttpLimits,
        clock: Clock,
        ids: IdSource,
    ) -> Result<Self, ProfileError> {
        let http = Http::new(limits, clock.clone(), &ids);
        let sandbox = RwLock::new(sandbox.ok_or(None));
        Ok(Self(Arc::new(Inner { profiles: Profiles::built_in()?, secrets, sandbox, clock, http })))
    }

    /// From now on the sandbox listens there, or can't be started for this reason.
    pub fn set_sandbox(&self, sandbox: Result<WebUrl, Text>) {
        *self.0.sandbox.write().unwrap_or_else(PoisonError::into_inner) = sandbox.map_err(Some);
    }

    /// Where the sandbox listens, or why it does not.
    pub fn sandbox(&self) -> Result<WebUrl, Option<Text>> {
        self.0.sandbox.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether this process can do a job with these needs. Mail is decided by the mailer.
    pub fn can_serve(&self, needs: &Needs) -> bool {
        match needs {
            Needs::Nothing => true,
            Needs::Secret(name) => self.0.secrets.holds(name),
            Needs::Mail | Needs::Processor(_) => false,
        }
    }

    /// What calls to this platform need. The sandbox stands in for missing secrets.
    pub fn needs(&self, access: &RestAccess) -> Needs {
        match (&access.base_url, &access.secret_env) {
            (BaseUrl::Sandbox, _) | (_, None) => Needs::Nothing,
            (BaseUrl::Url(_), Some(name)) => Needs::Secret(name.clone()),
        }
    }

    /// Whether this process holds what calls to this platform need.
    pub fn can_call(&self, access: &RestAccess) -> bool {
        self.can_serve(&self.needs(access))
    }

    /// Where the students of the link partner of this name sign in.
    pub fn login_address(&self, partner: &Text, access: &LinkAccess) -> Result<WebUrl, PartnerError> {
        match &access.login_url {
            LoginAddress::Url(url) => Ok(url.clone()),
            LoginAddress::Sandbox => {
                let sandbox = self.sandbox().map_err(|why| PartnerError::SandboxOff { why })?;
                let url = address(&sandbox, ["login", partner.as_str()].into_iter())?;
                WebUrl::parse(url.as_str()).map_err(|_| PartnerError::UnknownProfile)
            }
        }
    }

    /// Opens the student's account. The same `key` opens it once.
    pub async fn create_account(
        &self,
        access: &RestAccess,
        student: &Student,
        key: &str,
    ) -> Result<PartnerAccount, PartnerError> {
        let reference = student.id.to_string();
        let name = student.name.as_ref().map(Text::as_str);
        let (first, last) = match name.map(|name| name.split_once(' ').unwrap_or((name, ""))) {
            Some((first, last)) => (Some(first), (!last.is_empty()).then_some(last)),
            None => (None, None),
        };
        let values = [
            (Role::Reference, Some(reference.as_str())),
            (Role::Email, student.email.as_ref().map(crate::domain::person::Email::as_str)),
            (Role::Name, name),
            (Role::FirstName, first),
            (Role::LastName, last),
        ];
        let (profile, answer) = self.post(access, Operation::Account, &values, key).await?;
        let fields = Fields::read(&profile.account, &answer.body)?;
        Ok(PartnerAccount {
            external_account_id: fields.id(Role::Account, "it names no account")?,
            username: fields.text(Role::Username),
        })
    }

    /// Enrolls an account into a course; gives the partner's id of the enrollment.
    pub async fn enroll(
        &self,
        access: &RestAccess,
        account: &Text,
        course_code: &Text,
        key: &str,
    ) -> Result<Text, PartnerError> {
        let values = [(Role::Account, Some(account.as_str())), (Role::Course, Some(course_code.as_str()))];
        let (profile, answer) = self.post(access, Operation::Enroll, &values, key).await?;
        Fields::read(&profile.enroll, &answer.body)?.id(Role::Enrollment, "it names no enrollment")
    }

    /// Ends an enrollment. One that is already gone is fine.
    pub async fn withdraw(&self, access: &RestAccess, enrollment: &Text) -> Result<(), PartnerError> {
        let (_, answer) = self.about(access, Operation::Withdraw, enrollment).await?;
        match answer.status {
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(()),
            _ => found(answer).map(|_| ()),
        }
    }

    /// Asks how far somebody is.
    pub async fn progress(
        &self,
        access: &RestAccess,
        enrollment: &Text,
    ) -> Result<ProgressReport, PartnerError> {
        let (profile, answer) = self.about(access, Operation::Progress, enrollment).await?;
        let answer = found(answer)?;
        let fields = Fields::read(&profile.progress, &answer.body)?;
        let status = fields.text(Role::Status);
        let status = status.as_ref().map(Text::as_str);
        Ok(ProgressReport {
            percent: fields.percent()?,
            completed: status.is_some_and(|word| profile.means_completed(word)),
            failed: status.map(|word| profile.means_failed(word)),
        })
    }

    /// Asks for the certificate; `None` while there is none.
    pub async fn certificate(
        &self,
        access: &RestAccess,
        enrollment: &Text,
    ) -> Result<Option<CertificateReport>, PartnerError> {
        let (profile, answer) = self.about(access, Operation::Certificate, enrollment).await?;
        if matches!(
            answer.status,
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::ACCEPTED | StatusCode::NO_CONTENT
        ) {
            return Ok(None);
        }
        let fields = Fields::read(&profile.certificate, &answer.body)?;
        let (number, url) = (fields.text(Role::Number), fields.url(Role::Url));
        if number.is_none() && url.is_none() {
            return Ok(None);
        }
        Ok(Some(CertificateReport {
            number,
            url,
            issued_at: fields.instant(Role::IssuedAt),
            expires_at: fields.instant(Role::ExpiresAt),
            verify_url: fields.url(Role::VerifyUrl),
        }))
    }

    /// Asks for a one-time link into the course.
    pub async fn launch(
        &self,
        access: &RestAccess,
        request: &LaunchRequest<'_>,
    ) -> Result<LaunchUrl, PartnerError> {
        let values = [
            (Role::Account, Some(request.account.as_str())),
            (Role::Enrollment, Some(request.enrollment.as_str())),
            (Role::Course, Some(request.course_code.as_str())),
            (Role::ReturnTo, request.return_to.map(WebUrl::as_str)),
        ];
        let (profile, answer) = self.post(access, Operation::Launch, &values, request.key).await?;
        let fields = Fields::read(&profile.launch, &answer.body)?;
        let base = self.base(access)?;
        let url = fields
            .url(Role::Url)
            .filter(|url| may_open(&base, url))
            .ok_or(PartnerError::BadAnswer { what: "its link into the course is not safe to open" })?;
        if !access.may_lead_to(&base, &url) {
            return Err(PartnerError::BadAnswer {
                what: "its link into the course leads to a host nobody has named",
            });
        }
        Ok(LaunchUrl::new(url, fields.expiry(self.0.clock.now())))
    }

    async fn post(
        &self,
        access: &RestAccess,
        operation: Operation,
        values: &[(Role, Option<&str>)],
        key: &str,
    ) -> Result<(&Profile, Answer), PartnerError> {
        let profile = self.profile(access)?;
        let mut request = self.request(access, operation, "")?;
        // A key that is no header value would be a job without one, and a job without one may double.
        let key = HeaderValue::from_str(key)
            .map_err(|_| PartnerError::BadAnswer { what: "the request has no usable key" })?;
        request.headers.insert("Idempotency-Key", key);
        request.body = Body::Json(profile.call(operation).body(values));
        let answer = self.send(&request).await?;
        // "It is so already", with the id we asked for: what was to be done is done.
        let asked_for = match operation {
            Operation::Account => Some(Role::Account),
            Operation::Enroll => Some(Role::Enrollment),
            _ => None,
        };
        let named = |role: Role| {
            let fields = Fields::read(profile.call(operation), &answer.body);
            fields.and_then(|fields| fields.id(role, "it names nothing")).is_ok()
        };
        if answer.status == StatusCode::CONFLICT && asked_for.is_some_and(named) {
            return Ok((profile, answer));
        }
        Ok((profile, found(answer)?))
    }

    async fn about(
        &self,
        access: &RestAccess,
        operation: Operation,
        enrollment: &Text,
    ) -> Result<(&Profile, Answer), PartnerError> {
        let request = self.request(access, operation, enrollment.as_str())?;
        Ok((self.profile(access)?, self.send(&request).await?))
    }

    /// An answer of 2xx, 404 or 410, or 409 to a POST.
    async fn send(&self, request: &Request) -> Result<Answer, PartnerError> {
        let answer = self.0.http.send(request).await?;
        match answer.status {
            StatusCode::TOO_MANY_REQUESTS => {
                Err(PartnerError::RateLimited { retry_after: answer.retry_after() })
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(PartnerError::Unauthorized),
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(answer),
            StatusCode::CONFLICT if request.method == Method::POST => Ok(answer),
            status if status.is_server_error() => Err(PartnerError::Server { status: status.as_u16() }),
            status if status.is_redirection() => Err(PartnerError::Redirected),
            _ => found(answer),
        }
    }

    fn request(
        &self,
        access: &RestAccess,
        operation: Operation,
        enrollment: &str,
    ) -> Result<Request, PartnerError> {
        let profile = self.profile(access)?;
        let call = profile.call(operation);
        let base = self.base(access)?;
        let method = Method::from_bytes(call.method.as_str().as_bytes()).unwrap_or_default();
        let mut headers = HeaderMap::new();
        if let Some(secret) = self.secret(access, &base)? {
            let value = format!("{}{}", profile.auth.prefix, secret.expose().trim());
            let mut value = HeaderValue::from_str(&value).map_err(|_| PartnerError::Unauthorized)?;
            value.set_sensitive(true);
            headers.insert(header(&profile.auth.header)?, value);
        }
        let organization =
            HeaderValue::from_str(access.organization.as_str()).map_err(|_| PartnerError::UnknownProfile)?;
        headers.insert(header(&profile.auth.organization_header)?, organization);
        let url = address(&base, call.path.fill(enrollment))?;
        Ok(Request { method, url, headers, body: Body::Empty })
    }

    fn profile(&self, access: &RestAccess) -> Result<&Profile, PartnerError> {
        self.0.profiles.get(access.profile.as_str()).ok_or(PartnerError::UnknownProfile)
    }

    fn base(&self, access: &RestAccess) -> Result<WebUrl, PartnerError> {
        match &access.base_url {
            BaseUrl::Url(url) => Ok(url.clone()),
            BaseUrl::Sandbox => {
                let sandbox = self.sandbox().map_err(|why| PartnerError::SandboxOff { why })?;
                let url = address(&sandbox, [access.profile.as_str()].into_iter())?;
                WebUrl::parse(url.as_str()).map_err(|_| PartnerError::UnknownProfile)
            }
        }
    }

    fn secret(&self, access: &RestAccess, base: &WebUrl) -> Result<Option<Secret>, PartnerError> {
        let sandbox = matches!(access.base_url, BaseUrl::Sandbox);
        match &access.secret_env {
            Some(name) if !sandbox || self.0.secrets.holds(name) => {
                Ok(Some(self.0.secrets.for_url(name, base)?))
            }
            _ if sandbox => Ok(Some(Secret::new(SANDBOX_KEY))),
            _ => Ok(None),
        }
    }
}

/// The answer, unless it says that there is no such thing.
fn found(answer: Answer) -> Result<Answer, PartnerError> {
    if answer.status.is_success() {
        Ok(answer)
    } else {
        Err(answer::rejected(answer.status.as_u16(), &answer.body))
    }
}

/// `base` with more parts.
fn address<'a>(base: &WebUrl, parts: impl Iterator<Item = &'a str>) -> Result<Url, PartnerError> {
    http::address(base, parts).ok_or(PartnerError::BadAnswer { what: "an id in it is empty or a dot" })
}

fn header(name: &str) -> Result<HeaderName, PartnerError> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| PartnerError::UnknownProfile)
}
