//! A form with Stripe's brackets: `line_items[0][quantity]`.

use super::{invalid, refuse};
use crate::sandbox::reply::Trouble;
use axum::http::StatusCode;
use serde_json::{Map, Value};

/// The fields of a form or of a query, in their order.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(raw: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(raw).into_owned().collect())
    }

    /// A field; one that is empty is not there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Trouble> {
        self.get(name).ok_or_else(|| {
            let words = format!("Missing required param: {name}");
            refuse(StatusCode::BAD_REQUEST, "parameter_missing", &words, Some(name))
        })
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Trouble> {
        let read = |raw: &str| raw.parse().map_err(|_| invalid(name, &format!("Invalid integer: {raw}")));
        self.get(name).map(read).transpose()
    }

    pub(super) fn expands(&self, what: &str) -> bool {
        self.0.iter().any(|(name, value)| name.starts_with("expand[") && value == what)
    }

    /// How many of a list are wanted.
    pub(super) fn limit(&self) -> Result<usize, Trouble> {
        match self.number("limit")?.map(usize::try_from) {
            None => Ok(10),
            Some(Ok(limit @ 1..=100)) => Ok(limit),
            Some(_) => Err(invalid("limit", "A limit is between 1 and 100")),
        }
    }

    /// `metadata[…]`, as JSON.
    pub(super) fn metadata(&self) -> Value {
        let fields = self.0.iter().filter_map(|(name, value)| {
            let name = name.strip_prefix("metadata[")?.strip_suffix(']')?;
            Some((name.to_owned(), Value::from(value.as_str())))
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }
}
