//! The configuration as it is written, and how file and environment are laid over each other.

use super::{ConfigError, ThemeChoice};
use crate::domain::calendar::WeekStart;
use crate::domain::text::Text;
use crate::platform::Env;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::{Table, Value};

/// Every key there is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawConfig {
    pub database_url: Option<String>,
    pub database_url_env: Option<String>,
    pub secrets: BTreeMap<String, String>,
    pub mail: RawMail,
    pub payment: RawPayment,
    pub launch: RawLaunch,
    pub waitlist: RawWaitlist,
    pub ui: RawUi,
    pub keys: BTreeMap<String, RawKeys>,
    pub sandbox: RawSandbox,
    pub lti: RawLti,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawLti {
    pub issuer: Option<String>,
    pub port: Option<u16>,
    pub key_file: Option<PathBuf>,
    pub public_base_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawMail {
    pub from: Option<String>,
    pub folder: Option<PathBuf>,
    pub smtp_url_env: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawPayment {
    pub base_url: Option<String>,
    pub secret_env: Option<String>,
    pub allow_live: Option<bool>,
    pub hold_minutes: Option<u16>,
    pub return_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawLaunch {
    pub return_url: Option<String>,
    pub browser: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawWaitlist {
    pub offer_hours: Option<u16>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawUi {
    pub theme: ThemeChoice,
    pub mouse: Option<bool>,
    pub ascii: bool,
    pub week_starts: Option<WeekStart>,
}

/// One key or several.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "this must be a key in quotes, or a list of such keys")]
pub(super) enum RawKeys {
    One(String),
    Many(Vec<String>),
}

impl From<RawKeys> for Vec<String> {
    fn from(keys: RawKeys) -> Self {
        match keys {
            RawKeys::One(key) => vec![key],
            RawKeys::Many(keys) => keys,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawSandbox {
    pub port: Option<u16>,
    pub file: Option<PathBuf>,
}

/// Variables with our prefix that are no configuration keys.
const NOT_KEYS: [&str; 3] = ["COURSEVIA_CONFIG", "COURSEVIA_CRASH_AT", "COURSEVIA_TEST_POSTGRES_URL"];
const PREFIX: &str = "COURSEVIA_";

/// Lays the environment over the file; also returns a warning for every unknown key.
pub(super) fn merge(
    file: Option<(PathBuf, String)>,
    env: &Env,
) -> Result<(RawConfig, Vec<String>), ConfigError> {
    let mut warnings = Vec::new();
    let mut unread: Vec<&str> = Vec::new();
    let mut table = Table::new();
    if let Some((path, text)) = file {
        let wrong = |error: &toml::de::Error| ConfigError::File {
            path: path.clone(),
            line: line_of(&text, error.span().map_or(0, |span| span.start)),
            what: Text::clean(&describe(error, &text)).to_string(),
        };
        let unknown = unknown_keys(&text).map_err(|error| wrong(&error))?;
        for (key, line) in unknown {
            warnings.push(format!("{}:{line}: {key} is not a setting; it has no effect", path.display()));
        }
        table = toml::from_str(&text).map_err(|error| wrong(&error))?;
    }
    for (name, value) in env.iter() {
        // An empty variable is one that is not set, as everywhere.
        let Some(key) = name.strip_prefix(PREFIX).filter(|_| !value.is_empty() && !NOT_KEYS.contains(&name))
        else {
            continue;
        };
        if !overlay(&mut table, &path_of(key), name, value)? {
            unread.push(name);
        }
    }
    let raw: RawConfig = table.try_into().map_err(|error: toml::de::Error| ConfigError::Value {
        key: "configuration",
        what: error.to_string(),
    })?;
    // A variable may have our prefix because a setting names it as the holder of a secret.
    let payment = raw.payment.secret_env.as_deref();
    let holders = [raw.database_url_env.as_deref(), raw.mail.smtp_url_env.as_deref(), payment];
    unread.retain(|name| !holders.contains(&Some(name)));
    warnings.extend(
        unread
            .iter()
            .map(|name| format!("the environment variable {name} is not a setting; it has no effect")),
    );
    Ok((raw, warnings))
}

/// Keys of the file nobody reads, each with its line. Fails on the first wrong value.
fn unknown_keys(text: &str) -> Result<Vec<(String, usize)>, toml::de::Error> {
    let mut paths = Vec::new();
    let deserializer = toml::de::Deserializer::parse(text)?;
    let _: RawConfig = serde_ignored::deserialize(deserializer, |path| paths.push(path.to_string()))?;
    let document = toml_edit::Document::parse(text).ok();
    let line = |path: &str| {
        let mut item = document.as_ref()?.as_item();
        let mut start = None;
        for part in path.split('.') {
            let (key, next) = item.as_table_like()?.get_key_value(part)?;
            start = key.span().or_else(|| next.span()).map(|span| span.start).or(start);
            item = next;
        }
        Some(line_of(text, start?))
    };
    Ok(paths
        .into_iter()
        .map(|path| (line(&path).unwrap_or(1), path))
        .map(|(line, path)| (path, line))
        .collect())
}

/// `MAIL__FOLDER` is `mail.folder`; the names of secrets keep their capitals, and those of keys
/// have hyphens.
fn path_of(key: &str) -> Vec<String> {
    let mut parts: Vec<String> = key.split("__").map(str::to_lowercase).collect();
    if let (Some("secrets"), Some((_, name))) = (parts.first().map(String::as_str), key.split_once("__")) {
        parts = vec!["secrets".to_owned(), name.to_owned()];
    }
    if let [first, name] = parts.as_mut_slice()
        && first == "keys"
    {
        *name = name.replace('_', "-");
    }
    parts
}

/// Sets one value. `false`: there is no such key. A value that only fits as a number or a
/// truth value is taken as one.
fn overlay(table: &mut Table, path: &[String], name: &str, value: &str) -> Result<bool, ConfigError> {
    let literals = [
        Some(Value::String(value.to_owned())),
        value.parse().ok().map(Value::Integer),
        value.parse().ok().map(Value::Boolean),
    ];
    let mut problem = String::new();
    for literal in literals.into_iter().flatten() {
        let alone = nested(path, literal.clone());
        let mut known = true;
        let read: Result<RawConfig, _> =
            serde_ignored::deserialize(Value::Table(alone.clone()), |_| known = false);
        match read {
            Ok(_) if !known => return Ok(false),
            Ok(_) => {
                graft(table, alone);
                return Ok(true);
            }
            Err(error) if problem.is_empty() => problem = plain(error.message()),
            Err(_) => {}
        }
    }
    Err(ConfigError::Variable { name: name.to_owned(), what: Text::clean(&problem).to_string() })
}

fn nested(path: &[String], value: Value) -> Table {
    let mut table = Table::new();
    match path {
        [] => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [key, rest @ ..] => {
            table.insert(key.clone(), Value::Table(nested(rest, value)));
        }
    }
    table
}

fn graft(onto: &mut Table, branch: Table) {
    for (key, value) in branch {
        match (onto.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(more)) => graft(below, more),
            (_, value) => {
                onto.insert(key, value);
            }
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

/// The message, with the key it is about.
fn describe(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().and_then(|span| text.lines().nth(line_of(text, span.start) - 1));
    let message = plain(error.message());
    match line.and_then(|line| line.split_once('=')) {
        Some((key, _)) => format!("{}: {message}", key.trim()),
        None => message,
    }
}

/// What serde says, without the words of a programmer.
fn plain(message: &str) -> String {
    const KINDS: [(&str, &str); 5] = [
        ("u16", "a whole number from 0 to 65535"),
        ("a boolean", "true or false"),
        ("a string", "text in quotes"),
        ("path string", "text in quotes"),
        ("a map", "a table"),
    ];
    let kind = |wanted: &str| match KINDS.iter().find(|(serde, _)| *serde == wanted) {
        Some((_, plain)) => (*plain).to_owned(),
        None if wanted.starts_with("struct ") => "a table of settings".to_owned(),
        None => wanted.to_owned(),
    };
    let unexpected = message.strip_prefix("invalid type: ").or(message.strip_prefix("invalid value: "));
    if let Some((found, wanted)) = unexpected.and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("this must be {}, not {found}", kind(wanted));
    }
    if let Some((word, choices)) =
        message.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected one of "))
    {
        return format!("{word} is not possible; choose one of {choices}");
    }
    message.to_owned()
}
