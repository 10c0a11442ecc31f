//! Registering an LTI tool: which addresses may be named.

use crate::domain::web::{WebUrl, WebUrlError};
use thiserror::Error;

/// The most addresses that one tool may have its answers sent to.
pub const MAX_REDIRECTS: usize = 20;

/// Why an address of a tool is not used.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
pub enum ToolAddressError {
    /// No address that is used at all.
    #[error(transparent)]
    Web(#[from] WebUrlError),
    /// A pattern: what is signed for one address must not reach others.
    #[error("a * in it matches nothing; answers go to exactly the addresses that are named")]
    Pattern,
    /// A part that a browser keeps for itself (OAuth 2.0, RFC 6749 section 3.1.2).
    #[error("it has a # in it, and what follows that never reaches the tool")]
    Fragment,
}

/// Reads an address of a tool: the beginning of its login, a target, or a place for answers.
pub fn tool_address(raw: &str) -> Result<WebUrl, ToolAddressError> {
    let url = WebUrl::parse(raw)?;
    if url.as_str().contains('*') {
        return Err(ToolAddressError::Pattern);
    }
    if url.as_url().fragment().is_some() {
        return Err(ToolAddressError::Fragment);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_exact_addresses_only() {
        for good in ["https://tool.example/launch?a=b", "http://127.0.0.1:9000/launch"] {
            assert!(tool_address(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("https://tool.example/*", ToolAddressError::Pattern),
            ("https://*.tool.example/launch", ToolAddressError::Pattern),
            ("https://tool.example/#launch", ToolAddressError::Fragment),
            ("javascript:alert(1)", WebUrlError::Scheme.into()),
            ("http://tool.example/launch", WebUrlError::Scheme.into()),
            ("https://me:pw@tool.example/launch", WebUrlError::Credentials.into()),
        ] {
            assert_eq!(tool_address(bad), Err(why), "{bad}");
        }
    }
}
