//! Configuration: file, environment and flags, resolved once at start.
//!
//! Flag beats environment beats file beats default. Secrets are only ever *named* here.

pub mod doctor;
mod lti;
mod payment;
mod raw;

pub use lti::{ISSUER, LTI_PORT, Lti};
pub use payment::{PaymentConfig, ProcessorChoice};

use crate::domain::calendar::WeekStart;
use crate::domain::text::Text;
use crate::domain::web::{WebUrl, WebUrlError};
use crate::platform::{Dirs, Env, Secret, Secrets, files, locale};
use chrono::TimeDelta;
use raw::RawConfig;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What the command line says about the configuration.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`
    pub file: Option<PathBuf>,
    /// `--database-url`
    pub database_url: Option<String>,
    /// `--ascii`
    pub ascii: bool,
    /// `--log`
    pub log: Option<PathBuf>,
}

/// The resolved configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which database.
    pub database: DatabaseConfig,
    /// The secrets of this process, and where each may go.
    pub secrets: Secrets,
    /// How mail leaves.
    pub mail: MailConfig,
    /// Who takes the money.
    pub payment: PaymentConfig,
    /// How courses are opened.
    pub launch: LaunchConfig,
    /// How waitlists work.
    pub waitlist: WaitlistConfig,
    /// How the app looks.
    pub ui: UiConfig,
    /// Keys of one's own: the name of an action, and its keys. The app knows which there are.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Where the sandbox listens.
    pub sandbox: SandboxConfig,
    /// Who we are to partners that are launched by LTI 1.3.
    pub lti: Lti,
    /// The user's directories.
    pub dirs: Dirs,
    /// Where the log goes.
    pub log: PathBuf,
    /// What is odd but not wrong, for stderr or the messages.
    pub warnings: Vec<String>,
}

/// Which database, and whether somebody chose it.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// `sqlite://…` or `postgres://…`; may hold a password.
    pub url: String,
    /// Named by flag, environment or file. Only one that is not gets the demo catalogue.
    pub named: bool,
}

impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.split(':').next().unwrap_or_default();
        write!(f, "DatabaseConfig({scheme}:…, named: {})", self.named)
    }
}

/// How mail leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailConfig {
    /// The sender.
    pub from: String,
    /// By which way.
    pub route: MailRoute,
}

/// By which way mail leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailRoute {
    /// As .eml files into this folder.
    Folder(PathBuf),
    /// By SMTP.
    Smtp(Secret),
    /// SMTP is configured, but this process lacks the variable: another process sends.
    Elsewhere,
}

/// How courses are opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchConfig {
    /// Sent to partners as the place to come back to.
    pub return_url: Option<WebUrl>,
    /// The browser command to try first.
    pub browser: Option<String>,
}

/// How waitlists work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitlistConfig {
    /// How long a seat stays offered to whoever waited for it.
    pub offers_last: TimeDelta,
}

impl Default for WaitlistConfig {
    fn default() -> Self {
        Self { offers_last: TimeDelta::hours(24) }
    }
}

/// How the app looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UiConfig {
    /// Colours.
    pub theme: ThemeChoice,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// ASCII only.
    pub ascii: bool,
    /// The first day of a week in calendars.
    pub week_starts: WeekStart,
}

/// Which colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// What the terminal suggests.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// None.
    None,
}

/// Where the sandbox listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxConfig {
    /// The port on 127.0.0.1.
    pub port: u16,
    /// The port its links name, where that is not the one it listens on: snapshots.
    pub link_port: Option<u16>,
    /// Its own database file.
    pub file: PathBuf,
}

/// The sandbox's port when nobody says otherwise.
pub const SANDBOX_PORT: u16 = 8766;

/// The largest configuration that is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// Why the configuration can't be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("{}: {}", path.display(), files::why(source))]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line of the file is wrong.
    #[error("{}:{line}: {what}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What, with the key.
        what: String,
    },
    /// A variable of the environment is wrong.
    #[error("the environment variable {name}: {what}")]
    Variable {
        /// Which.
        name: String,
        /// What.
        what: String,
    },
    /// A value can't be used.
    #[error("{key}: {what}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What.
        what: String,
    },
    /// There is no home directory and no `--config`.
    #[error("there is no home directory; set HOME")]
    NoHome,
}

impl Config {
    /// Reads and resolves everything.
    pub fn load(flags: &Flags, env: &Env) -> Result<Self, ConfigError> {
        let dirs = Dirs::of_user(env).ok_or(ConfigError::NoHome)?;
        let named = flags.file.clone().or_else(|| env.get("COURSEVIA_CONFIG").map(PathBuf::from));
        let file = match &named {
            Some(path) => Some((path.clone(), read(path)?)),
            None => read_default(&dirs.config.join("config.toml"))?,
        };
        let (raw, warnings) = raw::merge(file, env)?;
        resolve(raw, warnings, flags, env, dirs)
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    files::read_text(path, MAX_BYTES)
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })
}

fn read_default(path: &Path) -> Result<Option<(PathBuf, String)>, ConfigError> {
    match read(path) {
        Ok(text) => Ok(Some((path.to_owned(), text))),
        Err(ConfigError::Unreadable { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn resolve(
    mut raw: RawConfig,
    mut warnings: Vec<String>,
    flags: &Flags,
    env: &Env,
    dirs: Dirs,
) -> Result<Config, ConfigError> {
    let database = database(&raw, flags, env, &dirs, &mut warnings)?;
    let mail = MailConfig {
        from: raw.mail.from.unwrap_or_else(|| "coursevia@localhost".to_owned()),
        route: match raw.mail.smtp_url_env {
            Some(name) => {
                env.get(&name).map_or(MailRoute::Elsewhere, |url| MailRoute::Smtp(Secret::new(url)))
            }
            None => MailRoute::Folder(raw.mail.folder.unwrap_or_else(|| dirs.data.join("mail"))),
        },
    };
    let return_url =
        raw.launch.return_url.map(|url| WebUrl::parse(&url)).transpose().map_err(|error: WebUrlError| {
            ConfigError::Value { key: "launch.return_url", what: error.to_string() }
        })?;
    let payment = payment::resolve(&raw.payment, return_url.as_ref(), env)?;
    if let ProcessorChoice::Stripe { base_url, secret_env, .. } = &payment.processor {
        // Naming the processor says where its key may go, unless [secrets] says something else.
        let host = || base_url.host().to_owned();
        raw.secrets.entry(secret_env.as_str().to_owned()).or_insert_with(host);
    }
    let waitlist = match raw.waitlist.offer_hours {
        None => WaitlistConfig::default(),
        Some(hours @ 1..=720) => WaitlistConfig { offers_last: TimeDelta::hours(i64::from(hours)) },
        Some(hours) => {
            let what = format!("{hours} is not between 1 and 720 hours");
            return Err(ConfigError::Value { key: "waitlist.offer_hours", what });
        }
    };
    for (name, host) in &raw.secrets {
        let alone = url::Host::parse(host).is_ok_and(|host| !host.to_string().is_empty());
        if !alone {
            warnings.push(format!(
                "secrets.{name}: {host:?} is no host name, so the secret goes nowhere. Write it like \"api.certiport.example\""
            ));
        }
    }
    let ascii = flags.ascii || raw.ui.ascii || crate::platform::terminal::wants_ascii(env);
    let no_colour = env.get("NO_COLOR").is_some() || env.get("TERM") == Some("dumb");
    Ok(Config {
        database,
        secrets: Secrets::new(env.clone(), raw.secrets),
        mail,
        payment,
        launch: LaunchConfig { return_url, browser: raw.launch.browser },
        waitlist,
        ui: UiConfig {
            theme: if no_colour { ThemeChoice::None } else { raw.ui.theme },
            mouse: raw.ui.mouse.unwrap_or(true),
            ascii,
            week_starts: raw.ui.week_starts.unwrap_or_else(|| locale::week_start(env)),
        },
        keys: raw.keys.into_iter().map(|(name, keys)| (name, keys.into())).collect(),
        sandbox: SandboxConfig {
            port: raw.sandbox.port.unwrap_or(SANDBOX_PORT),
            link_port: None,
            file: raw.sandbox.file.unwrap_or_else(|| dirs.data.join("sandbox.db")),
        },
        lti: lti::resolve(raw.lti, &dirs.data)?,
        log: flags.log.clone().unwrap_or_else(|| dirs.state.join("coursevia.log")),
        dirs,
        // They repeat keys of the file.
        warnings: warnings.iter().map(|warning| Text::clean(warning).to_string()).collect(),
    })
}

fn database(
    raw: &RawConfig,
    flags: &Flags,
    env: &Env,
    dirs: &Dirs,
    warnings: &mut Vec<String>,
) -> Result<DatabaseConfig, ConfigError> {
    let named = |url: &str| DatabaseConfig { url: url.to_owned(), named: true };
    if let Some(url) = flags.database_url.as_deref().or(env.get("COURSEVIA_DATABASE_URL")) {
        return Ok(named(url));
    }
    if let Some(name) = &raw.database_url_env {
        return env.get(name).map(named).ok_or_else(|| ConfigError::Value {
            key: "database_url_env",
            what: format!("the environment variable {} is not set", Text::clean(name)),
        });
    }
    if let Some(url) = &raw.database_url {
        if url::Url::parse(url).is_ok_and(|url| url.password().is_some()) {
            warnings.push(
                "database_url holds a password. Put it into an environment variable and name that with database_url_env".to_owned(),
            );
        }
        return Ok(named(url));
    }
    let file = dirs.data.join("coursevia.db");
    Ok(DatabaseConfig { url: format!("sqlite://{}", file.display()), named: false })
}

#[cfg(test)]
mod tests;
