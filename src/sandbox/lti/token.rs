//! What the platform signed: whether it is the platform's, for this tool, for now, and what it says.

use super::Platform;
use super::rows::Login;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use crate::platform::files;
use chrono::TimeDelta;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;
use std::sync::{Mutex, PoisonError};

/// The oldest token that is taken. Real tools are as strict: a platform signs at the last moment.
const MAX_AGE: TimeDelta = TimeDelta::seconds(60);

/// The largest key file, in bytes.
const MAX_KEYS: usize = 64 * 1024;

/// The platform's public keys as they were read last.
#[derive(Default)]
pub(in crate::sandbox) struct Keys(Mutex<Vec<Jwk>>);

/// The claims of a launch (LTI Core 1.3, section 5.3). Everything may be missing until it is checked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Claims {
    iss: Option<String>,
    aud: Option<Audience>,
    sub: Option<String>,
    exp: Option<i64>,
    iat: Option<i64>,
    nonce: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/message_type")]
    message_type: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/version")]
    version: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/deployment_id")]
    deployment: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri")]
    target: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/resource_link")]
    resource: Option<Resource>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation")]
    presentation: Option<Presentation>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/custom")]
    custom: Option<Custom>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource {
    id: Option<String>,
    title: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Presentation {
    return_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Custom {
    enrollment_id: Option<String>,
}

/// What is opened.
pub(super) struct Course {
    pub id: String,
    pub name: String,
}

impl Keys {
    /// Who comes, if the platform signed it. A key that is not known is looked for in the file again.
    pub(super) async fn verify(&self, platform: &Platform, token: &str) -> Result<Claims, String> {
        let header = decode_header(token).map_err(|_| "The token is no signed token.".to_owned())?;
        if header.alg != Algorithm::RS256 {
            return Err(format!("The token is signed by {:?}, not RS256.", header.alg));
        }
        let Some(kid) = header.kid else {
            return Err("The token does not name its key (kid).".to_owned());
        };
        if self.find(&kid).is_none() {
            self.read(platform).await?;
        }
        let key = self.find(&kid).ok_or("The platform has no key of that name (kid).")?;
        let key = DecodingKey::from_jwk(&key).map_err(|_| "The platform's key can't be used.".to_owned())?;
        let mut signature_only = Validation::new(Algorithm::RS256);
        // The rest is checked by the sandbox's own clock, one sentence each.
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        signature_only.required_spec_claims.clear();
        let value: Value = decode(token, &key, &signature_only)
            .map_err(|_| "The signature is not the platform's.".to_owned())?
            .claims;
        serde_json::from_value(value).map_err(|_| "A claim of the token has the wrong type.".to_owned())
    }

    fn find(&self, kid: &str) -> Option<Jwk> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find(|key| key.common.key_id.as_deref() == Some(kid)).cloned()
    }

    async fn read(&self, platform: &Platform) -> Result<(), String> {
        let file = platform.jwks_file.clone();
        let read = tokio::task::spawn_blocking(move || files::read_text(&file, MAX_KEYS)).await;
        let unreadable =
            || "The platform's public keys can't be read. Open the course from coursevia once.".to_owned();
        let text = read.map_err(|_| unreadable())?.map_err(|_| unreadable())?;
        let keys: JwkSet = serde_json::from_str(&text).map_err(|_| unreadable())?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = keys.keys;
        Ok(())
    }
}

impl Claims {
    /// Whether it is the answer to this login, and for now.
    pub(super) fn check(
        &self,
        platform: &Platform,
        client_id: &str,
        login: &Login,
        now: Instant,
    ) -> Result<(), String> {
        same("iss", self.iss.as_deref(), &platform.issuer)?;
        let for_us = match &self.aud {
            Some(Audience::One(one)) => one == client_id,
            Some(Audience::Many(many)) => many.iter().any(|one| one == client_id),
            None => false,
        };
        if !for_us {
            return Err("The token is for another tool (aud).".to_owned());
        }
        let (Some(issued), Some(ends)) = (self.iat, self.exp) else {
            return Err("The token does not say when it was made and when it ends (iat, exp).".to_owned());
        };
        let age = now.timestamp().saturating_sub(issued);
        if ends <= now.timestamp() || age > MAX_AGE.num_seconds() {
            return Err("The token is too old. Open the course again from coursevia.".to_owned());
        }
        if age < -MAX_AGE.num_seconds() {
            return Err("The token was made in the future. The clocks of the machines differ.".to_owned());
        }
        same("nonce", self.nonce.as_deref(), &login.nonce)?;
        same("message_type", self.message_type.as_deref(), "LtiResourceLinkRequest")?;
        same("version", self.version.as_deref(), "1.3.0")?;
        same("target_link_uri", self.target.as_deref(), &login.target)?;
        match (&self.deployment, &login.deployment) {
            (None, _) => Err("The token lacks deployment_id.".to_owned()),
            (Some(named), Some(begun)) if named != begun => {
                Err("The token is about another deployment than the login (deployment_id).".to_owned())
            }
            (Some(_), _) => Ok(()),
        }
    }

    /// The student, as the platform calls them here.
    pub(super) fn subject(&self) -> Result<&str, String> {
        filled(self.sub.as_deref()).ok_or_else(|| "The token names no student (sub).".to_owned())
    }

    pub(super) fn course(&self) -> Result<Course, String> {
        let resource = self.resource.as_ref();
        let id = filled(resource.and_then(|resource| resource.id.as_deref()))
            .ok_or_else(|| "The token names no course (resource_link).".to_owned())?;
        let name = filled(resource.and_then(|resource| resource.title.as_deref())).unwrap_or(id);
        Ok(Course { id: id.to_owned(), name: Text::clean_to(name, 120).to_string() })
    }

    /// The platform's own name of the enrollment.
    pub(super) fn enrollment(&self) -> Option<String> {
        filled(self.custom.as_ref()?.enrollment_id.as_deref()).map(str::to_owned)
    }

    /// The page to come back to.
    pub(super) fn return_to(&self) -> Result<Option<String>, String> {
        let raw =
            self.presentation.as_ref().and_then(|presentation| filled(presentation.return_url.as_deref()));
        let url = raw.map(WebUrl::parse).transpose();
        url.map(|url| url.map(String::from))
            .map_err(|_| "The page to return to can't be used (return_url).".to_owned())
    }
}

fn same(claim: &str, said: Option<&str>, expected: &str) -> Result<(), String> {
    match said {
        Some(said) if said == expected => Ok(()),
        Some(_) => Err(format!("The token's {claim} is not what this tool expects.")),
        None => Err(format!("The token lacks {claim}.")),
    }
}

/// Something of a fair length.
fn filled(raw: Option<&str>) -> Option<&str> {
    raw.filter(|raw| !raw.trim().is_empty() && raw.len() <= 255)
}
