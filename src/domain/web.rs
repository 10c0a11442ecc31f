//! Addresses. Only `https`, and `http` on loopback, ever reaches a browser or the network.

use crate::domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;
use url::{Host, Url};

/// The longest address that is accepted, in bytes.
const MAX_BYTES: usize = 4_096;

/// An absolute `https` address, or `http` on loopback, without user name or password.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebUrl(Url);

/// Why an address is not used.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
pub enum WebUrlError {
    /// Not an absolute address.
    #[error("this is not a web address; write it whole, such as https://example.org/help")]
    Malformed,
    /// Neither https nor loopback.
    #[error("only https addresses are used (http on this machine only)")]
    Scheme,
    /// Carries a user name or password.
    #[error("an address must not carry a user name or a password")]
    Credentials,
    /// Longer than any honest address.
    #[error("the address is too long")]
    TooLong,
}

impl WebUrl {
    /// Checks and keeps an address.
    pub fn parse(raw: &str) -> Result<Self, WebUrlError> {
        if raw.len() > MAX_BYTES {
            return Err(WebUrlError::TooLong);
        }
        let url = Url::parse(raw.trim()).map_err(|_| WebUrlError::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WebUrlError::Credentials);
        }
        let url = Self(url);
        match url.0.scheme() {
            "https" if url.0.host().is_some() => Ok(url),
            "http" if url.is_loopback() => Ok(url),
            _ => Err(WebUrlError::Scheme),
        }
    }

    /// The address as it is sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host name, without the port.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether the address is on this machine.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// The parsed address.
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl TryFrom<String> for WebUrl {
    type Error = WebUrlError;
    fn try_from(raw: String) -> Result<Self, WebUrlError> {
        Self::parse(&raw)
    }
}

impl From<WebUrl> for String {
    fn from(url: WebUrl) -> Self {
        url.0.into()
    }
}

/// The name of a host elsewhere, in lower case: `login.partner.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(String);

impl HostName {
    /// Reads a name; `None` for an address with a scheme, port or path, and for a number.
    pub fn parse(raw: &str) -> Option<Self> {
        match Host::parse(raw) {
            Ok(Host::Domain(name)) if name.contains('.') && name.split('.').all(is_label) => Some(Self(name)),
            _ => None,
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text can stand between the dots of a host's name.
fn is_label(raw: &str) -> bool {
    !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A one-time link into a partner's course. It is a secret: `Debug` hides it, nothing stores it.
#[derive(Clone, PartialEq, Eq)]
pub struct LaunchUrl {
    url: WebUrl,
    expires_at: Option<Instant>,
}

impl LaunchUrl {
    /// Wraps the partner's answer.
    pub fn new(url: WebUrl, expires_at: Option<Instant>) -> Self {
        Self { url, expires_at }
    }

    /// The link itself, for the browser, the clipboard and the person who asked for it.
    pub fn expose(&self) -> &WebUrl {
        &self.url
    }

    /// When the partner stops honouring it, if the partner said so.
    pub fn expires_at(&self) -> Option<Instant> {
        self.expires_at
    }
}

impl fmt::Debug for LaunchUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LaunchUrl({}, …)", self.url.host())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_and_nothing_else() {
        let parse = |raw| HostName::parse(raw).map(|host| host.as_str().to_owned());
        assert_eq!(parse("Login.Partner.example"), Some("login.partner.example".to_owned()));
        for wrong in [
            "",
            "login",
            "https://login.example",
            "login.example:8443",
            "login.example/x",
            "*.example",
            "127.0.0.1",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn takes_https_and_loopback_http_only() {
        for good in
            ["https://example.org/a?b=c", "http://127.0.0.1:8766/x", "http://[::1]/", "http://localhost:1/"]
        {
            assert!(WebUrl::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://example.org", WebUrlError::Scheme),
            ("javascript:alert(1)", WebUrlError::Scheme),
            ("file:///etc/passwd", WebUrlError::Scheme),
            ("http://127.0.0.1.example.org/", WebUrlError::Scheme),
            ("https://user:pw@example.org/", WebUrlError::Credentials),
            ("example.org", WebUrlError::Malformed),
            ("", WebUrlError::Malformed),
        ] {
            assert_eq!(WebUrl::parse(bad), Err(why), "{bad}");
        }
        let long = format!("https://example.org/{}", "a".repeat(MAX_BYTES));
        assert_eq!(WebUrl::parse(&long), Err(WebUrlError::TooLong));
    }

    #[test]
    fn debug_of_a_launch_link_hides_the_token() {
        let url = WebUrl::parse("https://example.org/sso?token=abc").expect("a good address");
        let shown = format!("{:?}", LaunchUrl::new(url, None));
        assert!(!shown.contains("abc"), "{shown}");
    }
}
