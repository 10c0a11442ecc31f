//! LTI 1.3, the platform's side (1EdTech Security Framework 1.0, LTI Core 1.3): keys, claims, the tool's
//! request, the addresses on both sides.
//!
//! AGS, NRPS and deep linking are calls of the tool's server to ours. Without a public address they
//! would fail, so nothing here claims them.

mod address;
mod claims;
mod keys;
mod request;

pub use address::{ToolAddresses, initiation};
pub use claims::{LaunchClaims, TOKEN_LASTS};
pub use keys::{KeyError, KeyFile, Keys, PublicKey};
pub use request::{AuthRequest, RequestError};

use super::{PartnerError, Partners};
use crate::domain::lti::Digest;
use crate::domain::provider::{LtiAccess, LtiTool};
use crate::domain::text::Text;
use crate::domain::web::WebUrl;
use sha2::Digest as _;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// What the platform is.
#[derive(Clone, Debug)]
pub struct LtiSetup {
    /// Its name, an https address nobody has to reach.
    pub issuer: Text,
    /// The file of its signing key.
    pub key_file: PathBuf,
    /// Where browsers reach our endpoint, if that is not this machine.
    pub public_base_url: Option<WebUrl>,
}

/// Our side of LTI launches. Clones share everything.
#[derive(Clone, Debug)]
pub struct LtiPlatform(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    issuer: Text,
    key_file: KeyFile,
    public_base_url: Option<WebUrl>,
    /// Where the endpoint listens, or why it does not.
    endpoint: RwLock<Result<WebUrl, Option<Text>>>,
    /// The keys as they were read last, with the digest of the file.
    keys: Mutex<Option<(Digest, Arc<Keys>)>>,
}

/// A signed token. It tells who somebody is: `Debug` hides it, nothing stores it.
#[derive(Clone, PartialEq, Eq)]
pub struct IdToken(String);

impl IdToken {
    /// The token, for the form that carries it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken(…)")
    }
}

/// The digest of a one-time value.
pub fn digest(value: &str) -> Digest {
    Digest::new(sha2::Sha256::digest(value.as_bytes()).into())
}

impl LtiPlatform {
    /// A platform whose endpoint does not listen yet. The key file is read when it is needed.
    pub fn new(setup: LtiSetup) -> Self {
        Self(Arc::new(Inner {
            issuer: setup.issuer,
            key_file: KeyFile::new(setup.key_file),
            public_base_url: setup.public_base_url,
            endpoint: RwLock::new(Err(None)),
            keys: Mutex::new(None),
        }))
    }

    /// Its name.
    pub fn issuer(&self) -> &Text {
        &self.0.issuer
    }

    /// The file of its signing key.
    pub fn key_file(&self) -> &KeyFile {
        &self.0.key_file
    }

    /// From now on the endpoint listens there, or can't for this reason.
    pub fn set_endpoint(&self, endpoint: Result<WebUrl, Text>) {
        *self.0.endpoint.write().unwrap_or_else(PoisonError::into_inner) = endpoint.map_err(Some);
    }

    /// Where browsers reach the endpoint, or why they can't.
    pub fn endpoint(&self) -> Result<WebUrl, PartnerError> {
        let listens = self.0.endpoint.read().unwrap_or_else(PoisonError::into_inner).clone();
        let listens = listens.map_err(|why| PartnerError::EndpointOff { why })?;
        Ok(self.0.public_base_url.clone().unwrap_or(listens))
    }

    /// The one-time address with this token.
    pub fn launch_address(&self, token: &str) -> Result<WebUrl, PartnerError> {
        let base = self.endpoint()?;
        let address = format!("{}/lti/launch/{token}", base.as_str().trim_end_matches('/'));
        WebUrl::parse(&address).map_err(|_| PartnerError::EndpointOff { why: None })
    }

    /// The token of an address that [`Self::launch_address`] made.
    pub fn token_of(address: &WebUrl) -> Option<&str> {
        address.as_url().path().rsplit_once("/lti/launch/").map(|(_, token)| token)
    }

    /// The keys as they are now: another process may have rotated them.
    pub async fn keys(&self) -> Result<Arc<Keys>, KeyError> {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || inner.keys()).await.unwrap_or(Err(KeyError::Stopped))
    }

    /// Makes the key if there is none.
    pub async fn ensure_keys(&self) -> Result<Arc<Keys>, KeyError> {
        match self.keys().await {
            Err(KeyError::Missing { .. }) => {}
            known => return known,
        }
        let inner = Arc::clone(&self.0);
        let made = tokio::task::spawn_blocking(move || inner.key_file.make()).await;
        match made.unwrap_or(Err(KeyError::Stopped)) {
            // Somebody else was faster.
            Ok(_) | Err(KeyError::Exists { .. }) => self.keys().await,
            Err(error) => Err(error),
        }
    }

    /// Signs claims with the current key.
    pub async fn sign(&self, claims: serde_json::Value) -> Result<IdToken, KeyError> {
        let inner = Arc::clone(&self.0);
        let signed = tokio::task::spawn_blocking(move || inner.keys()?.sign(&claims).map(IdToken)).await;
        signed.unwrap_or(Err(KeyError::Stopped))
    }
}

impl Inner {
    fn keys(&self) -> Result<Arc<Keys>, KeyError> {
        let text = self.key_file.read()?;
        let seen = digest(&text);
        let mut cache = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, keys)) = cache.as_ref()
            && *known == seen
        {
            return Ok(Arc::clone(keys));
        }
        let keys = Arc::new(self.key_file.parse(&text)?);
        *cache = Some((seen, Arc::clone(&keys)));
        Ok(keys)
    }
}

impl Partners {
    /// Where a tool is.
    pub fn tool(&self, access: &LtiAccess) -> Result<ToolAddresses, PartnerError> {
        match &access.tool {
            LtiTool::Registered { login_url, redirect_urls, target_link_url } => {
                let target = target_link_url.clone().or_else(|| redirect_urls.first().cloned());
                Ok(ToolAddresses {
                    login_url: login_url.clone(),
                    redirect_urls: redirect_urls.clone(),
                    target_link_url: target.unwrap_or_else(|| login_url.clone()),
                })
            }
            LtiTool::Sandbox => {
                let sandbox = self.sandbox().map_err(|why| PartnerError::SandboxOff { why })?;
                let at = |part| {
                    let url = super::address(&sandbox, ["lti", access.client_id.as_str(), part].into_iter())?;
                    WebUrl::parse(url.as_str()).map_err(|_| PartnerError::UnknownProfile)
                };
                let launch = at("launch")?;
                Ok(ToolAddresses {
                    login_url: at("login")?,
                    redirect_urls: vec![launch.clone()],
                    target_link_url: launch,
                })
            }
        }
    }
}
