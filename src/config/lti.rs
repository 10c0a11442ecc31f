//! `[lti]`: who we are to partners that are launched by LTI 1.3.

use super::ConfigError;
use super::raw::RawLti;
use crate::domain::text::Text;
use crate::domain::web::WebUrl;
use std::path::{Path, PathBuf};

/// The endpoint's port when nobody says otherwise. Partners register it: it stays the same.
pub const LTI_PORT: u16 = 8765;
/// Our name when nobody says otherwise: good for demo catalogues only.
pub const ISSUER: &str = "https://coursevia.example";

/// Who we are to partners that are launched by LTI 1.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lti {
    /// Our name: an https address nobody has to reach. Partners compare it letter by letter.
    pub issuer: Text,
    /// The port on 127.0.0.1; 0 takes any free one, which no partner can have registered.
    pub port: u16,
    /// The signing key.
    pub key_file: PathBuf,
    /// Where browsers elsewhere reach the endpoint, through a server in front of it.
    pub public_base_url: Option<WebUrl>,
}

pub(super) fn resolve(raw: RawLti, data: &Path) -> Result<Lti, ConfigError> {
    let issuer = raw.issuer.unwrap_or_else(|| ISSUER.to_owned());
    let bare = WebUrl::parse(&issuer).is_ok_and(|url| {
        url.as_url().scheme() == "https"
            && url.as_url().query().is_none()
            && url.as_url().fragment().is_none()
    });
    if !bare || issuer.trim() != issuer || issuer.len() > 255 {
        let what = "write an https address without a query, such as https://college.example".to_owned();
        return Err(ConfigError::Value { key: "lti.issuer", what });
    }
    let public_base_url = raw
        .public_base_url
        .map(|url| WebUrl::parse(&url))
        .transpose()
        .map_err(|error| ConfigError::Value { key: "lti.public_base_url", what: error.to_string() })?;
    let plain = |url: &WebUrl| url.as_url().query().is_none() && url.as_url().fragment().is_none();
    if !public_base_url.as_ref().is_none_or(plain) {
        let what = "write it without a query, such as https://lti.college.example".to_owned();
        return Err(ConfigError::Value { key: "lti.public_base_url", what });
    }
    Ok(Lti {
        issuer: Text::clean(&issuer),
        port: raw.port.unwrap_or(LTI_PORT),
        key_file: raw.key_file.unwrap_or_else(|| data.join("lti-key.pem")),
        public_base_url,
    })
}
