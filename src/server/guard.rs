//! What holds for every request and every answer.

use crate::domain::web::WebUrl;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The names under which this endpoint may be asked: a page elsewhere that made its own name point
/// here (DNS rebinding) is not answered.
#[derive(Clone, Debug)]
pub(super) struct Hosts(Arc<[String]>);

impl Hosts {
    pub(super) fn new(port: u16, public: Option<&WebUrl>) -> Self {
        let local = ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}"));
        let public = public.into_iter().flat_map(|url| {
            let (name, port) = (url.host().to_ascii_lowercase(), url.as_url().port_or_known_default());
            let with_port = port.map(|port| format!("{name}:{port}"));
            // The port that goes without saying may be left out.
            let bare = url.as_url().port().is_none().then_some(name);
            bare.into_iter().chain(with_port)
        });
        Self(local.into_iter().chain(public).collect())
    }

    fn allow(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let known = |name: &str| self.0.iter().any(|known| known.eq_ignore_ascii_case(name));
        host.to_str().is_ok_and(known) && uri.authority().is_none_or(|name| known(name.as_str()))
    }
}

/// Refuses requests under a foreign name.
pub(super) async fn only_our_names(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    if hosts.allow(request.headers(), request.uri()) {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, "This address is not served here.\n").into_response()
    }
}

/// Nothing is kept, shown elsewhere, told onwards or taken for something else.
pub(super) async fn careful(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let strict = HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(strict);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(public: Option<&str>, host: &str) -> bool {
        let public = public.map(|url| WebUrl::parse(url).expect("an address"));
        let hosts = Hosts::new(8765, public.as_ref());
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header"));
        hosts.allow(&headers, &Uri::from_static("/lti/auth"))
    }

    #[test]
    fn only_our_own_names_are_answered() {
        for good in ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"] {
            assert!(allowed(None, good), "{good}");
        }
        for foreign in [
            "evil.example",
            "evil.example:8765",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:8765.evil.example",
            "localhost.evil.example:8765",
            "",
            "127.0.0.2:8765",
            "lti.college.example",
        ] {
            assert!(!allowed(None, foreign), "{foreign}");
        }
        assert!(allowed(Some("https://lti.college.example/x"), "lti.college.example"));
        assert!(allowed(Some("https://lti.college.example/x"), "lti.college.example:443"));
        assert!(!allowed(Some("https://lti.college.example:8443"), "lti.college.example"));
        assert!(allowed(Some("https://lti.college.example:8443"), "lti.college.example:8443"));
    }

    #[test]
    fn two_names_or_a_foreign_one_in_the_address_are_too_many() {
        let hosts = Hosts::new(8765, None);
        let mut headers = HeaderMap::new();
        assert!(!hosts.allow(&headers, &Uri::from_static("/")));
        headers.append(header::HOST, HeaderValue::from_static("127.0.0.1:8765"));
        assert!(!hosts.allow(&headers, &Uri::from_static("http://evil.example/lti/auth")));
        headers.append(header::HOST, HeaderValue::from_static("127.0.0.1:8765"));
        assert!(!hosts.allow(&headers, &Uri::from_static("/")));
    }
}
