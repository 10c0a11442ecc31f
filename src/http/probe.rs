//! Whether somebody answers: one question that changes nothing, asked once, for `doctor`.

use super::{Http, Request};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use chrono::DateTime;
use reqwest::header::{DATE, HeaderMap};
use std::error::Error;
use std::io;
use std::time::Duration;

/// How long a question that only asks whether somebody is there may take.
const QUESTION: Duration = Duration::from_secs(4);

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The HTTP status, or why there is none.
    pub answer: Result<u16, Unreached>,
    /// Whether our key went along.
    pub with_key: bool,
    /// What the clock over there showed.
    pub date: Option<Instant>,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// There is no machine of this name, or nobody here can say.
    NoSuchHost,
    /// The machine is there, the service is not.
    Refused,
    /// Nothing came in time.
    TimedOut,
    /// The connection could not be made safe.
    Tls(Text),
    /// Something else; never with an address in it.
    Broken,
}

impl Http {
    /// Sends a question once, and tells its status, whatever it is.
    pub async fn probe(&self, request: &Request, with_key: bool) -> Probe {
        let none = |why| Probe { answer: Err(why), with_key, date: None };
        let Some(client) = self.client(&request.url) else {
            return none(Unreached::Broken);
        };
        match request.built(client).timeout(QUESTION).send().await {
            Ok(response) => {
                Probe { answer: Ok(response.status().as_u16()), with_key, date: date(response.headers()) }
            }
            Err(error) => none(why(&error)),
        }
    }
}

/// `Date` as RFC 9110 section 5.6.7 has it; its two older forms are not sent any more.
fn date(headers: &HeaderMap) -> Option<Instant> {
    let raw = headers.get(DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(raw).ok().map(|at| at.to_utc())
}

/// What is at the bottom of an error. Its own text may hold the address, and is left out.
fn why(error: &reqwest::Error) -> Unreached {
    if error.is_timeout() {
        return Unreached::TimedOut;
    }
    error.source().and_then(root).unwrap_or(Unreached::Broken)
}

/// Errors hold each other in two ways: as their source, and inside an [`io::Error`], whose source
/// is that of what it holds.
fn root(error: &(dyn Error + 'static)) -> Option<Unreached> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(Unreached::Tls(words(tls)));
    }
    if let Some(io) = error.downcast_ref::<io::Error>() {
        match io.kind() {
            io::ErrorKind::ConnectionRefused => return Some(Unreached::Refused),
            io::ErrorKind::TimedOut => return Some(Unreached::TimedOut),
            _ => {}
        }
        if let Some(held) = io.get_ref()
            && let Some(found) = root(held)
        {
            return Some(found);
        }
    }
    let name = error.to_string().starts_with("dns error").then_some(Unreached::NoSuchHost);
    error.source().and_then(root).or(name)
}

fn words(error: &rustls::Error) -> Text {
    use rustls::CertificateError as Bad;
    let known = match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired",
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => "its certificate is not valid yet",
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "its certificate is for another name"
            }
            Bad::UnknownIssuer => "its certificate comes from somebody this machine does not trust",
            Bad::Revoked => "its certificate was revoked",
            _ => "its certificate is not accepted",
        },
        rustls::Error::InvalidMessage(_) => "it does not speak TLS",
        other => return Text::clean_to(&other.to_string(), 200),
    };
    Text::clean(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::CertificateError as Bad;

    #[test]
    fn certificates_are_told_apart() {
        let told: Vec<_> =
            [Bad::Expired, Bad::NotValidYet, Bad::NotValidForName, Bad::UnknownIssuer, Bad::Revoked]
                .into_iter()
                .map(|bad| words(&rustls::Error::InvalidCertificate(bad)).to_string())
                .collect();
        assert!(told[0].contains("expired") && told[1].contains("not valid yet"), "{told:?}");
        let different: std::collections::BTreeSet<_> = told.iter().collect();
        assert_eq!(different.len(), told.len());
    }

    #[test]
    fn a_date_is_read_as_http_writes_it() {
        let mut headers = HeaderMap::new();
        assert_eq!(date(&headers), None);
        headers.insert(DATE, "Thu, 15 Jan 2026 09:00:00 GMT".parse().expect("a header"));
        assert_eq!(date(&headers), "2026-01-15T09:00:00Z".parse().ok());
    }
}
