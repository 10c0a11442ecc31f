//! The tool's authentication request (OpenID Connect Core 1.0, 3.2.2.1; Security Framework 1.0, 5.1.1.2).

use std::fmt;
use thiserror::Error;

/// How many parameters are looked at.
const MOST: usize = 64;

/// What a tool asks. What it left out or left empty is `None`; parameters nobody knows are ignored.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AuthRequest {
    /// `client_id`
    pub client_id: Option<String>,
    /// `redirect_uri`
    pub redirect_uri: Option<String>,
    /// `login_hint`
    pub login_hint: Option<String>,
    /// `lti_message_hint`
    pub lti_message_hint: Option<String>,
    /// `response_type`
    pub response_type: Option<String>,
    /// `response_mode`
    pub response_mode: Option<String>,
    /// `scope`
    pub scope: Option<String>,
    /// `prompt`
    pub prompt: Option<String>,
    /// `nonce`
    pub nonce: Option<String>,
    /// `state`
    pub state: Option<String>,
}

/// It carries hints: only who asks is shown.
impl fmt::Debug for AuthRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthRequest").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Why a request can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RequestError {
    /// One parameter twice.
    #[error("The request names {0} twice")]
    Repeated(&'static str),
    /// Longer than any honest one.
    #[error("The {0} of the request is too long")]
    TooLong(&'static str),
    /// Bytes that are no text, or control characters.
    #[error("The {0} of the request is not plain text")]
    NotText(&'static str),
    /// More parameters than any honest request has.
    #[error("The request has too many parameters")]
    TooMany,
}

impl AuthRequest {
    /// Reads a query or a form body.
    pub fn parse(raw: &[u8]) -> Result<Self, RequestError> {
        let mut request = Self::default();
        for (nth, (name, value)) in url::form_urlencoded::parse(raw).enumerate() {
            if nth >= MOST {
                return Err(RequestError::TooMany);
            }
            let Some((name, place, longest)) = request.place(&name) else {
                continue;
            };
            if place.is_some() {
                return Err(RequestError::Repeated(name));
            }
            if value.len() > longest {
                return Err(RequestError::TooLong(name));
            }
            // What was no UTF-8 has been replaced, and could not be given back unchanged.
            if value.contains(|c: char| c == char::REPLACEMENT_CHARACTER || c.is_control()) {
                return Err(RequestError::NotText(name));
            }
            *place = Some(value.into_owned());
        }
        request.forget_empty();
        Ok(request)
    }

    /// Where a parameter is kept, and how long it may be.
    fn place(&mut self, name: &str) -> Option<(&'static str, &mut Option<String>, usize)> {
        Some(match name {
            "client_id" => ("client_id", &mut self.client_id, 512),
            "redirect_uri" => ("redirect_uri", &mut self.redirect_uri, 4_096),
            "login_hint" => ("login_hint", &mut self.login_hint, 256),
            "lti_message_hint" => ("lti_message_hint", &mut self.lti_message_hint, 256),
            "response_type" => ("response_type", &mut self.response_type, 64),
            "response_mode" => ("response_mode", &mut self.response_mode, 64),
            "scope" => ("scope", &mut self.scope, 512),
            "prompt" => ("prompt", &mut self.prompt, 64),
            "nonce" => ("nonce", &mut self.nonce, 1_024),
            "state" => ("state", &mut self.state, 4_096),
            _ => return None,
        })
    }

    /// A parameter without a value counts as left out (RFC 6749, 3.1).
    fn forget_empty(&mut self) {
        for place in [
            &mut self.client_id,
            &mut self.redirect_uri,
            &mut self.login_hint,
            &mut self.lti_message_hint,
            &mut self.response_type,
            &mut self.response_mode,
            &mut self.scope,
            &mut self.prompt,
            &mut self.nonce,
            &mut self.state,
        ] {
            if place.as_deref() == Some("") {
                *place = None;
            }
        }
    }

    /// What is wrong with it beside client, address and hints: OAuth's word and ours.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        let is = |place: &Option<String>, wanted: &str| place.as_deref() == Some(wanted);
        let words = |place: &Option<String>, wanted: &str| {
            place.as_deref().is_some_and(|all| all.split(' ').any(|one| one == wanted))
        };
        if !is(&self.response_type, "id_token") {
            Some(("unsupported_response_type", "response_type must be id_token"))
        } else if !is(&self.response_mode, "form_post") {
            Some(("invalid_request", "response_mode must be form_post"))
        } else if !words(&self.scope, "openid") {
            Some(("invalid_scope", "scope must be openid"))
        } else if !is(&self.prompt, "none") {
            Some(("invalid_request", "prompt must be none"))
        } else if self.nonce.is_none() {
            Some(("invalid_request", "nonce is missing"))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "scope=openid&response_type=id_token&response_mode=form_post&prompt=none&client_id=c\
        &redirect_uri=https%3A%2F%2Ftool.example%2Flaunch&state=s&nonce=n&login_hint=h&lti_message_hint=m";

    fn read(raw: &str) -> Result<AuthRequest, RequestError> {
        AuthRequest::parse(raw.as_bytes())
    }

    #[test]
    fn an_honest_request_is_read() {
        let request = read(&format!("{GOOD}&unheard=of&unheard=twice")).expect("readable");
        assert_eq!(request.redirect_uri.as_deref(), Some("https://tool.example/launch"));
        assert_eq!(request.fault(), None);
        assert!(!format!("{request:?}").contains("\"h\""));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (from, to, error) in [
            ("response_type=id_token", "response_type=code", "unsupported_response_type"),
            ("response_type=id_token", "", "unsupported_response_type"),
            ("response_mode=form_post", "response_mode=query", "invalid_request"),
            ("scope=openid", "scope=profile", "invalid_scope"),
            ("scope=openid", "scope=openidx", "invalid_scope"),
            ("prompt=none", "prompt=login", "invalid_request"),
            ("nonce=n", "nonce=", "invalid_request"),
        ] {
            let request = read(&GOOD.replace(from, to)).expect("readable");
            assert_eq!(request.fault().map(|(error, _)| error), Some(error), "{to}");
        }
        assert_eq!(read(&GOOD.replace("scope=openid", "scope=openid+email")).expect("ok").fault(), None);
    }

    #[test]
    fn twice_too_long_and_no_text_are_refused() {
        assert_eq!(read(&format!("{GOOD}&state=t")), Err(RequestError::Repeated("state")));
        assert_eq!(read("state=&state="), Err(RequestError::Repeated("state")));
        assert_eq!(read(&format!("nonce={}", "n".repeat(1_025))), Err(RequestError::TooLong("nonce")));
        assert_eq!(read("state=%ff"), Err(RequestError::NotText("state")));
        assert_eq!(read("state=a%00b"), Err(RequestError::NotText("state")));
        assert_eq!(read(&"x=1&".repeat(65)), Err(RequestError::TooMany));
    }

    proptest! {
        #[test]
        fn whatever_comes_it_is_bounded_or_refused(raw in prop::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(request) = AuthRequest::parse(&raw) {
                for value in [&request.state, &request.nonce, &request.login_hint, &request.redirect_uri] {
                    prop_assert!(value.as_ref().is_none_or(|value| !value.is_empty() && value.len() <= 4_096));
                }
            }
        }

        #[test]
        fn state_and_nonce_come_through_unchanged(state in "[^\\p{Cc}\u{fffd}]{1,80}", nonce in "[!-~]{1,80}") {
            let raw: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("state", &state).append_pair("nonce", &nonce).finish();
            let request = read(&raw).expect("readable");
            prop_assert_eq!(request.state, Some(state));
            prop_assert_eq!(request.nonce, Some(nonce));
        }

        #[test]
        fn order_does_not_matter(order in Just((0..10).collect::<Vec<usize>>()).prop_shuffle()) {
            let parts: Vec<&str> = GOOD.split('&').collect();
            let mixed: Vec<&str> = order.iter().map(|at| parts[*at]).collect();
            prop_assert_eq!(read(&mixed.join("&")), read(GOOD));
        }
    }
}
