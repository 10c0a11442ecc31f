//! Reading answers: everything is parsed into domain types here, or refused here.

use crate::domain::profile::{Call, Role};
use crate::domain::progress::Percent;
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::domain::web::WebUrl;
use crate::http::is_segment;
use crate::partner::error::PartnerError;
use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use serde_json::Value;

/// The longest id of a partner, in characters.
const MAX_ID: usize = 200;
/// The longest word of a partner that is shown, in characters.
const MAX_MESSAGE: usize = 200;

/// An answer and the names of its fields.
pub(super) struct Fields<'a> {
    call: &'a Call,
    body: Value,
}

impl<'a> Fields<'a> {
    pub(super) fn read(call: &'a Call, body: &[u8]) -> Result<Self, PartnerError> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| PartnerError::BadAnswer { what: "it is cut off or garbled" })?;
        if !body.is_object() {
            return Err(PartnerError::BadAnswer { what: "it is not what was asked for" });
        }
        Ok(Self { call, body })
    }

    fn field(&self, role: Role) -> Option<&Value> {
        self.call.taken(role, &self.body)
    }

    /// An id we shall send back: exactly as the partner wrote it, or not at all.
    pub(super) fn id(&self, role: Role, what: &'static str) -> Result<Text, PartnerError> {
        let raw = match self.field(role) {
            Some(Value::String(raw)) => raw.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(PartnerError::BadAnswer { what }),
        };
        let id = Text::clean_to(&raw, MAX_ID);
        if id.as_str() == raw && is_segment(&raw) { Ok(id) } else { Err(PartnerError::BadAnswer { what }) }
    }

    /// A text to show.
    pub(super) fn text(&self, role: Role) -> Option<Text> {
        match self.field(role)? {
            Value::String(raw) => Text::clean_to(raw, MAX_ID).non_empty(),
            Value::Number(number) => Some(number.to_string().into()),
            _ => None,
        }
    }

    /// A share of a hundred, as number or numeric text. Missing is missing, never zero.
    pub(super) fn percent(&self) -> Result<Option<Percent>, PartnerError> {
        let Some(field) = self.field(Role::Percent) else {
            return Ok(None);
        };
        number(field)
            .and_then(Percent::reported)
            .map(Some)
            .ok_or(PartnerError::BadAnswer { what: "its progress is no number from 0 to 100" })
    }

    /// An address that is safe to open; anything else counts as none.
    pub(super) fn url(&self, role: Role) -> Option<WebUrl> {
        WebUrl::parse(self.field(role)?.as_str()?).ok()
    }

    /// A moment in RFC 3339, or in seconds since 1970; one that no calendar of ours holds, such
    /// as milliseconds taken for seconds, counts as none.
    pub(super) fn instant(&self, role: Role) -> Option<Instant> {
        match self.field(role)? {
            Value::String(raw) => {
                DateTime::parse_from_rfc3339(raw.trim()).ok().map(|at| at.with_timezone(&Utc))
            }
            field => DateTime::from_timestamp(field.as_i64()?, 0),
        }
        .filter(|at| (1970..=9999).contains(&at.year()))
        .map(to_micros)
    }

    /// When a link ends: as a moment, or as seconds from now.
    pub(super) fn expiry(&self, now: Instant) -> Option<Instant> {
        self.instant(Role::ExpiresAt).or_else(|| {
            let seconds = number(self.field(Role::ExpiresIn)?)?;
            #[expect(clippy::cast_possible_truncation, reason = "checked to be within a day")]
            (0.0..=86_400.0).contains(&seconds).then(|| now + TimeDelta::seconds(seconds as i64))
        })
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(raw) => raw.trim().trim_end_matches('%').trim_end().parse().ok(),
        _ => None,
    }
}

/// A refusal in the partner's own words, without addresses: those could be one-time links.
pub(super) fn rejected(status: u16, body: &[u8]) -> PartnerError {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let message = ["/message", "/error/message", "/error", "/detail", "/errors/0/message", "/errors/0"]
        .into_iter()
        .find_map(|place| body.pointer(place)?.as_str())
        .map(|raw| {
            let words: Vec<&str> =
                raw.split_whitespace().map(|word| if word.contains("://") { "…" } else { word }).collect();
            Text::clean_to(&words.join(" "), MAX_MESSAGE)
        });
    PartnerError::Rejected { status, message: message.and_then(Text::non_empty) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::profile::{Operation, Profiles};
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_moment_that_no_database_could_give_back_is_none() {
        let profiles = Profiles::built_in().expect("good profiles");
        let call = profiles.get("certiport").expect("certiport").call(Operation::Certificate);
        let issued = |at: Value| {
            let body = json!({ "certificateNumber": "C-1", "issuedAt": at }).to_string();
            Fields::read(call, body.as_bytes()).expect("an object").instant(Role::IssuedAt)
        };
        assert!(issued(json!("2026-01-15T09:00:00+02:00")).is_some());
        assert!(issued(json!(1_768_464_000)).is_some());
        for odd in [
            json!(1_768_464_000_000_i64),
            json!(-62_135_596_801_i64),
            json!(i64::MAX),
            json!("9999-12-31T23:59:59-23:59"),
            json!("0000-01-01T00:00:00Z"),
            json!("yesterday"),
        ] {
            assert_eq!(issued(odd.clone()), None, "{odd}");
        }
    }

    /// What a partner may write into a field, for better or worse.
    fn any_value() -> impl Strategy<Value = Value> {
        let words = vec![
            "45",
            " 99 %",
            "NaN",
            "1e999",
            "-1",
            "..",
            "a/b",
            "a\u{1b}[31mb",
            "\u{202e}abc",
            "https://p.example/x?t=1",
            "http://evil.example/",
            "javascript:alert(1)",
            "2026-01-15T09:00:00Z",
            "completed",
            "",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            proptest::sample::select(words).prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| proptest::collection::vec(inner, 0..3).prop_map(Value::from))
    }

    /// Everything that is ever read of an answer; what was kept is what a screen may show.
    fn read_all(call: &Call, body: &[u8]) -> Result<(), TestCaseError> {
        let now = DateTime::from_timestamp(1_768_464_000, 0).expect("an instant");
        let Ok(fields) = Fields::read(call, body) else {
            return Ok(());
        };
        let roles = [Role::Account, Role::Enrollment, Role::Username, Role::Status, Role::Number];
        for role in roles {
            if let Ok(id) = fields.id(role, "no id") {
                prop_assert!(is_segment(id.as_str()) && !id.as_str().contains(char::is_control), "{id:?}");
            }
            if let Some(text) = fields.text(role) {
                prop_assert!(!text.is_empty() && !text.as_str().contains(char::is_control), "{text:?}");
                prop_assert!(!text.as_str().contains(['\u{202e}', '\u{200b}']), "{text:?}");
            }
        }
        if let Ok(Some(percent)) = fields.percent() {
            prop_assert!(percent.get() <= 100);
        }
        for url in [fields.url(Role::Url), fields.url(Role::VerifyUrl)].into_iter().flatten() {
            prop_assert!(url.as_str().starts_with("https://") || url.is_loopback(), "{url}");
        }
        for at in [fields.instant(Role::IssuedAt), fields.instant(Role::ExpiresAt), fields.expiry(now)]
            .into_iter()
            .flatten()
        {
            prop_assert!((1970..=9999).contains(&at.year()), "{at}");
        }
        Ok(())
    }

    /// A refusal in the partner's words: short, clean, without addresses.
    fn refuse(body: &[u8]) -> Result<(), TestCaseError> {
        let error = rejected(422, body);
        let said = error.to_string();
        prop_assert!(!said.contains(char::is_control) && !said.contains("://"), "{said:?}");
        prop_assert!(said.chars().count() <= MAX_MESSAGE + 60, "{said}");
        Ok(())
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let profiles = Profiles::built_in().expect("good profiles");
            for profile in profiles.names().filter_map(|name| profiles.get(name)) {
                for operation in Operation::ALL {
                    read_all(profile.call(operation), &body)?;
                }
            }
            refuse(&body)?;
        }

        #[test]
        fn any_fields_are_answered(values in proptest::collection::vec(any_value(), 18)) {
            let profiles = Profiles::built_in().expect("good profiles");
            let roles = [
                Role::Reference, Role::Email, Role::Name, Role::FirstName, Role::LastName, Role::Account,
                Role::Username, Role::Enrollment, Role::Course, Role::ReturnTo, Role::Percent, Role::Status,
                Role::Number, Role::Url, Role::IssuedAt, Role::ExpiresIn, Role::ExpiresAt,
                Role::VerifyUrl,
            ];
            for profile in profiles.names().filter_map(|name| profiles.get(name)) {
                for operation in Operation::ALL {
                    let call = profile.call(operation);
                    let body = call.answer(roles.into_iter().zip(values.iter().cloned()));
                    read_all(call, body.to_string().as_bytes())?;
                }
            }
            refuse(json!({ "error": { "message": values[0] } }).to_string().as_bytes())?;
            refuse(json!({ "errors": values }).to_string().as_bytes())?;
        }
    }
}
