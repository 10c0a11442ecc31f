//! The shapes of partners' REST interfaces, as data (`assets/partners.toml`): which path,
//! which headers, which fields. The client reads them to ask, the sandbox to answer.

use crate::domain::text::Text;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// The profiles that come with the program.
const BUILT_IN: &str = include_str!("../../assets/partners.toml");

/// Every known shape, by name.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Profiles(BTreeMap<String, Profile>);

/// The shape of one partner's interface.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the sandbox calls the partner.
    pub name: Text,
    /// How a caller says who they are.
    pub auth: Auth,
    /// The words of the partner that mean "completed".
    pub completed: Vec<String>,
    /// The words of the partner that mean "the exam was not passed".
    #[serde(default)]
    pub failed: Vec<String>,
    /// Open an account.
    pub account: Call,
    /// Enroll an account into a course.
    pub enroll: Call,
    /// End an enrollment.
    pub withdraw: Call,
    /// How far somebody is.
    pub progress: Call,
    /// The certificate of a completed enrollment.
    pub certificate: Call,
    /// A one-time link into the course.
    pub launch: Call,
}

/// How a caller says who they are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The header of the secret.
    pub header: String,
    /// What stands before the secret in it, such as `Bearer `.
    #[serde(default)]
    pub prefix: String,
    /// The header of our organization's id.
    pub organization_header: String,
}

/// One request of a profile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// GET, POST or DELETE.
    pub method: Method,
    /// Where, below the base address.
    pub path: PathTemplate,
    /// What is sent, and under which names.
    #[serde(default)]
    pub send: BTreeMap<Role, FieldPath>,
    /// What is read from the answer, and under which names.
    #[serde(default)]
    pub take: BTreeMap<Role, FieldPath>,
}

/// The methods partners use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads; may be repeated.
    Get,
    /// Creates; repeated only with the same idempotency key.
    Post,
    /// Ends; a second one finds nothing.
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// What one of our requests is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Open an account.
    Account,
    /// Enroll.
    Enroll,
    /// End an enrollment.
    Withdraw,
    /// Ask how far somebody is.
    Progress,
    /// Ask for the certificate.
    Certificate,
    /// Ask for a one-time link.
    Launch,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 6] =
        [Self::Account, Self::Enroll, Self::Withdraw, Self::Progress, Self::Certificate, Self::Launch];
}

/// The meaning of a field, whatever a partner calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Our id of the student.
    Reference,
    /// The student's address.
    Email,
    /// The whole name.
    Name,
    /// The first word of the name.
    FirstName,
    /// The rest of the name.
    LastName,
    /// The partner's id of the account.
    Account,
    /// The user name at the partner.
    Username,
    /// The partner's id of the enrollment.
    Enrollment,
    /// The partner's course code.
    Course,
    /// The page to come back to.
    ReturnTo,
    /// How far, 0 to 100.
    Percent,
    /// One of the partner's words for where an enrollment stands.
    Status,
    /// The number of a certificate.
    Number,
    /// An address: of the certificate, or the one-time link.
    Url,
    /// When a certificate was issued (RFC 3339).
    IssuedAt,
    /// Where anybody can check a certificate.
    VerifyUrl,
    /// How many seconds a link lives.
    ExpiresIn,
    /// When a link or a certificate ends (RFC 3339).
    ExpiresAt,
}

/// A path below the base address; `{enrollment}` stands for the partner's id of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PathTemplate(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Plain(String),
    Enrollment,
}

/// Where a field is in a JSON object: `progress.percent` is inside `progress`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FieldPath(Vec<String>);

/// A profile that can't be used.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ProfileError {
    /// The file is no list of profiles.
    #[error("the partner profiles can't be read: {0}")]
    Malformed(String),
    /// A profile lacks something.
    #[error("the partner profile {profile} {problem}")]
    Incomplete {
        /// Which profile.
        profile: String,
        /// What it lacks.
        problem: String,
    },
}

impl Profiles {
    /// The profiles that come with the program.
    pub fn built_in() -> Result<Self, ProfileError> {
        Self::parse(BUILT_IN)
    }

    /// Reads and checks a file of profiles.
    pub fn parse(raw: &str) -> Result<Self, ProfileError> {
        let profiles: Self =
            toml::from_str(raw).map_err(|error| ProfileError::Malformed(error.to_string()))?;
        for (name, profile) in &profiles.0 {
            profile.check().map_err(|problem| ProfileError::Incomplete { profile: name.clone(), problem })?;
        }
        Ok(profiles)
    }

    /// The profile of that name.
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.0.get(name)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Profile {
    /// The request for an operation.
    pub fn call(&self, operation: Operation) -> &Call {
        match operation {
            Operation::Account => &self.account,
            Operation::Enroll => &self.enroll,
            Operation::Withdraw => &self.withdraw,
            Operation::Progress => &self.progress,
            Operation::Certificate => &self.certificate,
            Operation::Launch => &self.launch,
        }
    }

    /// Whether a word of the partner means "completed".
    pub fn means_completed(&self, word: &str) -> bool {
        self.completed.iter().any(|known| known.eq_ignore_ascii_case(word.trim()))
    }

    /// Whether a word of the partner means "the exam was not passed".
    pub fn means_failed(&self, word: &str) -> bool {
        self.failed.iter().any(|known| known.eq_ignore_ascii_case(word.trim()))
    }

    fn check(&self) -> Result<(), String> {
        use Role::{Account, Course, Email, Enrollment, Number, Percent, Reference, Status, Url};
        if self.completed.is_empty() {
            return Err("has no word for completed".to_owned());
        }
        if let Some(word) = self.failed.iter().find(|word| self.means_completed(word)) {
            return Err(format!("has one word for completed and for a failed exam: {word}"));
        }
        for header in [&self.auth.header, &self.auth.organization_header] {
            if header.is_empty() || !header.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return Err(format!("has a header that is none: {header}"));
            }
        }
        for operation in Operation::ALL {
            let (method, sent, taken): (_, &[Role], &[Role]) = match operation {
                Operation::Account => (Method::Post, &[Reference, Email], &[Account]),
                Operation::Enroll => (Method::Post, &[Account, Course], &[Enrollment]),
                Operation::Withdraw => (Method::Delete, &[], &[]),
                Operation::Progress => (Method::Get, &[], &[Percent, Status]),
                Operation::Certificate => (Method::Get, &[], &[Number, Url]),
                Operation::Launch => (Method::Post, &[Account, Enrollment], &[Url]),
            };
            let call = self.call(operation);
            if call.method != method {
                return Err(format!("must use {} for {operation:?}", method.as_str()));
            }
            let in_path = matches!(method, Method::Get | Method::Delete);
            if in_path && !call.path.0.contains(&Segment::Enrollment) {
                return Err(format!("lacks {{enrollment}} in the path of {operation:?}"));
            }
            let lacking = sent.iter().find(|role| !call.send.contains_key(role));
            if let Some(role) = lacking.or_else(|| taken.iter().find(|role| !call.take.contains_key(role))) {
                return Err(format!("lacks the field of {role:?} for {operation:?}"));
            }
        }
        Ok(())
    }
}

impl Call {
    /// The JSON object to send: what has a value, under the partner's names.
    pub fn body(&self, values: &[(Role, Option<&str>)]) -> Value {
        let known = values.iter().filter_map(|(role, value)| Some((*role, Value::from((*value)?))));
        compose(&self.send, known)
    }

    /// The JSON object to answer with: what a partner would say, under its names.
    pub fn answer(&self, values: impl IntoIterator<Item = (Role, Value)>) -> Value {
        compose(&self.take, values)
    }

    /// What was sent for a role.
    pub fn sent<'v>(&self, role: Role, body: &'v Value) -> Option<&'v Value> {
        self.send.get(&role)?.get(body)
    }

    /// What was answered for a role.
    pub fn taken<'v>(&self, role: Role, answer: &'v Value) -> Option<&'v Value> {
        self.take.get(&role)?.get(answer)
    }
}

fn compose(fields: &BTreeMap<Role, FieldPath>, values: impl IntoIterator<Item = (Role, Value)>) -> Value {
    let mut object = Value::Object(serde_json::Map::new());
    for (role, value) in values {
        if let Some(field) = fields.get(&role) {
            field.set(&mut object, value);
        }
    }
    object
}

impl PathTemplate {
    /// The segments with the id in its place, not yet encoded.
    pub fn fill<'a>(&'a self, enrollment: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(move |segment| match segment {
            Segment::Plain(plain) => plain.as_str(),
            Segment::Enrollment => enrollment,
        })
    }

    /// Whether decoded segments fit, and which of them is the enrollment (empty: none).
    pub fn matches<'a>(&self, segments: &[&'a str]) -> Option<&'a str> {
        let mut enrollment = "";
        if segments.len() != self.0.len() {
            return None;
        }
        for (expected, actual) in self.0.iter().zip(segments) {
            match expected {
                Segment::Plain(plain) if plain == actual => {}
                Segment::Plain(_) => return None,
                Segment::Enrollment => enrollment = actual,
            }
        }
        Some(enrollment)
    }
}

impl TryFrom<String> for PathTemplate {
    type Error = String;
    fn try_from(raw: String) -> Result<Self, String> {
        let rest = raw.strip_prefix('/').ok_or_else(|| format!("the path {raw} must begin with /"))?;
        rest.split('/')
            .map(|segment| match segment {
                "{enrollment}" => Ok(Segment::Enrollment),
                "" | "." | ".." => Err(format!("the path {raw} has an empty part")),
                _ if segment.contains(['{', '}', '?', '#', '%']) => {
                    Err(format!("the path {raw} has a part that is not understood: {segment}"))
                }
                _ => Ok(Segment::Plain(segment.to_owned())),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl FieldPath {
    /// The value there, if there is one; JSON's null is none.
    pub fn get<'v>(&self, object: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(object, |inner, name| inner.get(name)).filter(|value| !value.is_null())
    }

    /// Puts a value there, with the objects around it.
    pub fn set(&self, object: &mut Value, value: Value) {
        let mut inner = object;
        for name in &self.0 {
            if !inner.is_object() {
                *inner = Value::Object(serde_json::Map::new());
            }
            inner = &mut inner[name.as_str()];
        }
        *inner = value;
    }
}

impl TryFrom<String> for FieldPath {
    type Error = String;
    fn try_from(raw: String) -> Result<Self, String> {
        let names: Vec<String> = raw.split('.').map(str::to_owned).collect();
        if names.iter().any(String::is_empty) {
            return Err(format!("{raw:?} is no field name"));
        }
        Ok(Self(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn the_built_in_profiles_are_complete() {
        let profiles = Profiles::built_in().expect("good profiles");
        let names: Vec<&str> = profiles.names().collect();
        assert_eq!(names, ["careersafe", "certiport", "hsi", "milady", "nrf"]);
    }

    #[test]
    fn a_profile_that_lacks_something_is_named() {
        let lacking = BUILT_IN.replacen("account = \"userId\", username", "username", 1);
        let error = Profiles::parse(&lacking).expect_err("certiport lacks the account's id");
        assert!(error.to_string().contains("certiport"), "{error}");
        let unclear = BUILT_IN.replacen("\"passed\"]", "\"passed\", \"Failed\"]", 1);
        let error = Profiles::parse(&unclear).expect_err("one word for both");
        assert!(error.to_string().contains("failed exam"), "{error}");
        assert!(matches!(Profiles::parse("x = 1"), Err(ProfileError::Malformed(_))));
    }

    #[test]
    fn nested_fields_are_written_and_read() {
        let field = FieldPath::try_from("a.b".to_owned()).expect("a path");
        let mut object = json!({});
        field.set(&mut object, json!(1));
        assert_eq!(object, json!({"a": {"b": 1}}));
        assert_eq!(field.get(&object), Some(&json!(1)));
        assert_eq!(field.get(&json!({"a": {"b": null}})), None);
        assert_eq!(field.get(&json!({"a": 3})), None);
    }

    #[test]
    fn paths_fit_segment_by_segment() {
        let path = PathTemplate::try_from("/v1/enrollments/{enrollment}/status".to_owned()).expect("a path");
        assert_eq!(path.matches(&["v1", "enrollments", "a/b", "status"]), Some("a/b"));
        assert_eq!(path.matches(&["v1", "enrollments", "a"]), None);
        assert_eq!(path.fill("x").collect::<Vec<_>>(), ["v1", "enrollments", "x", "status"]);
        assert!(PathTemplate::try_from("/a/../b".to_owned()).is_err());
    }

    const SHARDS: [&str; 9] =
        ["", "\"", "{", "}", "[", "=", "\n[x]\n", "path = \"/{enrollment}\"", "\u{202e}"];

    fn any_answer() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        let names = prop::sample::select(vec!["progress", "percent", "status", "data", "userId", "url"]);
        leaf.prop_recursive(4, 32, 6, move |inner| {
            let object =
                prop::collection::hash_map(names.clone().prop_map(str::to_owned), inner.clone(), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(Value::from),
                object.prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_file_of_profiles_is_read_or_refused_in_words(
            text in any::<String>(),
            damage in prop::collection::vec((0..BUILT_IN.len(), 0_usize..60, 0..SHARDS.len()), 0..3),
        ) {
            let mut damaged = BUILT_IN.to_owned();
            for (at, length, shard) in damage {
                let from = damaged.floor_char_boundary(at);
                let to = damaged.floor_char_boundary(from + length).max(from);
                damaged.replace_range(from..to, SHARDS[shard]);
            }
            for source in [text, damaged] {
                match Profiles::parse(&source) {
                    Ok(profiles) => prop_assert!(profiles.0.values().all(|profile| profile.check().is_ok())),
                    Err(error) => prop_assert!(!error.to_string().is_empty()),
                }
            }
        }

        #[test]
        fn any_answer_is_looked_through_and_a_field_put_in_is_found(
            answer in any_answer(), path in "[a-z]{1,6}(\\.[a-z]{1,6}){0,3}", value in any::<i64>(),
        ) {
            for profile in Profiles::built_in().expect("good profiles").0.values() {
                for operation in Operation::ALL {
                    let call = profile.call(operation);
                    for role in call.take.keys() {
                        prop_assert!(call.taken(*role, &answer).is_none_or(|found| !found.is_null()));
                    }
                }
            }
            let field = FieldPath::try_from(path).expect("a path");
            let mut object = answer;
            field.set(&mut object, json!(value));
            prop_assert_eq!(field.get(&object), Some(&json!(value)));
        }
    }
}
