//! People: students and advisors.

use crate::domain::ids::{AdvisorId, StudentId};
use crate::domain::text::Text;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// An e-mail address, trimmed and in lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// A text that is no e-mail address.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
#[error("this is not an e-mail address; write it like maya@example.org")]
pub struct EmailError;

impl Email {
    /// Reads an address. The rules are those of RFC 5321, less what no form accepts.
    pub fn parse(raw: &str) -> Result<Self, EmailError> {
        let address = raw.trim().to_lowercase();
        let plain = address.is_ascii() && address.len() <= 254 && !address.contains(char::is_whitespace);
        let dotted =
            address.split_once('@').is_some_and(|(_, domain)| domain.contains('.') || domain == "localhost");
        if plain && dotted && email_address::EmailAddress::is_valid(&address) {
            Ok(Self(address))
        } else {
            Err(EmailError)
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(raw: String) -> Result<Self, EmailError> {
        Self::parse(&raw)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// Somebody who learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    /// Who.
    pub id: StudentId,
    /// Unknown for students of an installation that was there before us.
    pub email: Option<Email>,
    /// As they want to be called.
    pub name: Option<Text>,
}

impl Student {
    /// What the screens call them: the name, else the address, else the id.
    pub fn display(&self) -> String {
        match (&self.name, &self.email) {
            (Some(name), _) => name.to_string(),
            (None, Some(email)) => email.to_string(),
            (None, None) => format!("student {}", self.id),
        }
    }

    /// First name and initial, for a banner others may read: `Maya O.`
    pub fn short(&self) -> String {
        let Some(name) = &self.name else {
            return self.display();
        };
        let mut words = name.as_str().split(' ');
        let first = words.next().unwrap_or_default();
        match words.next_back().and_then(|last| last.chars().next()) {
            Some(initial) => format!("{first} {initial}."),
            None => first.to_owned(),
        }
    }
}

/// Somebody who enrolls students at a desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advisor {
    /// Who.
    pub id: AdvisorId,
    /// Their address.
    pub email: Email,
    /// Their name.
    pub name: Option<Text>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_without_case() {
        assert_eq!(Email::parse(" Maya@Example.ORG ").expect("an address").as_str(), "maya@example.org");
        for bad in
            ["", "maya", "maya@", "@x.org", "a b@x.org", "maya@x", "a@b@c.org", "a@x.org\r\nBcc: b@x.org"]
        {
            assert_eq!(Email::parse(bad), Err(EmailError), "{bad:?}");
        }
    }

    #[test]
    fn short_name_gives_away_little() {
        let named = |name: &str| Student {
            id: StudentId::from(uuid::Uuid::nil()),
            email: None,
            name: Some(name.into()),
        };
        assert_eq!(named("Maya Okafor").short(), "Maya O.");
        assert_eq!(named("Maya").short(), "Maya");
    }
}
