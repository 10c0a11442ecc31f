//! Secrets by name: read here only, and only for the host they are bound to.

use crate::domain::provider::SecretName;
use crate::domain::web::WebUrl;
use crate::platform::env::Env;
use std::collections::BTreeMap;
use std::fmt;
use thiserror::Error;

/// A secret's value. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the request that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a secret is not handed out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SecretError {
    /// The variable is not set in this process.
    #[error("the environment variable {name} is not set")]
    Missing {
        /// Which.
        name: SecretName,
    },
    /// The configuration does not say where it may be sent.
    #[error(
        "[secrets] in the configuration does not say which host {name} may be sent to; add {name} = \"{host}\" if that is right"
    )]
    Unbound {
        /// Which.
        name: SecretName,
        /// Where it should have gone.
        host: String,
    },
    /// It is bound to another host.
    #[error("{name} belongs to {bound}, not to {host}; nothing was sent")]
    WrongHost {
        /// Which.
        name: SecretName,
        /// Where it belongs.
        bound: String,
        /// Where it should have gone.
        host: String,
    },
}

/// The secrets this process holds, and where each may go (`[secrets]`).
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    env: Env,
    hosts: BTreeMap<String, String>,
}

impl Secrets {
    /// `hosts` is the configuration's `[secrets]`: name to host.
    pub fn new(env: Env, hosts: BTreeMap<String, String>) -> Self {
        Self { env, hosts }
    }

    /// Whether this process holds the secret.
    pub fn holds(&self, name: &SecretName) -> bool {
        self.env.get(name.as_str()).is_some()
    }

    /// The secret, if it may be sent to `url`. Loopback needs no entry.
    pub fn for_url(&self, name: &SecretName, url: &WebUrl) -> Result<Secret, SecretError> {
        if !url.is_loopback() {
            let host = url.host().to_owned();
            match self.hosts.get(name.as_str()) {
                None => return Err(SecretError::Unbound { name: name.clone(), host }),
                Some(bound) if !bound.eq_ignore_ascii_case(&host) => {
                    return Err(SecretError::WrongHost { name: name.clone(), bound: bound.clone(), host });
                }
                Some(_) => {}
            }
        }
        self.env
            .get(name.as_str())
            .map(Secret::new)
            .ok_or_else(|| SecretError::Missing { name: name.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_goes_only_to_its_host() {
        let secrets = Secrets::new(
            Env::of([("KEY", "value")]),
            BTreeMap::from([("KEY".to_owned(), "api.example.org".to_owned())]),
        );
        let name = SecretName::parse("KEY").expect("a name");
        let at = |address: &str| secrets.for_url(&name, &WebUrl::parse(address).expect("an address"));
        assert_eq!(at("https://api.example.org/v1").expect("bound").expose(), "value");
        assert!(matches!(at("https://evil.example.org/"), Err(SecretError::WrongHost { .. })));
        assert!(at("http://127.0.0.1:9/").is_ok());
        let other = SecretName::parse("OTHER").expect("a name");
        let url = WebUrl::parse("https://api.example.org").expect("an address");
        assert!(matches!(secrets.for_url(&other, &url), Err(SecretError::Unbound { .. })));
        assert!(!format!("{secrets:?}").contains("value"));
    }
}
