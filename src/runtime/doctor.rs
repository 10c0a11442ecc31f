//! Every check of `coursevia doctor`, put together. What is known about a thing stands beside it:
//! in `service::doctor`, `platform::doctor`, `config::doctor`.

use super::backend::{fingerprint, mailer, processor};
use crate::config::{Config, Flags, doctor as configuration};
use crate::domain::checkup::{Area, Check};
use crate::domain::text::Text;
use crate::partner::{HttpLimits, Partners};
use crate::platform::doctor::{self as machine, Private, Screen};
use crate::platform::{Clock, Env, IdSource};
use crate::sandbox::{self, Listener};
use crate::server;
use crate::service::Doctor;
use crate::service::lti::{KeyError, KeyFile};
use crate::store::file_of;
use crate::ui::Keymap;
use std::path::PathBuf;
use std::time::Duration;

/// Who listens on this machine answers at once, or is not the sandbox.
const LOCAL_PATIENCE: Duration = Duration::from_secs(1);

/// Looks at everything there is, changes nothing, and takes some ten seconds at most.
pub async fn examine(config: &Config, flags: &Flags, env: &Env, screen: Screen) -> Vec<Check> {
    let mut checks = configuration::checks(config, flags, env);
    checks.extend(keys(config));
    checks.extend(outside(config).await);
    checks.extend(lti(config).await);
    checks.extend(machine::files(&config.dirs.data, &private(config, flags, env)));
    checks.extend(on_the_spot(config, env, screen));
    checks.sort_by_key(|check| check.area);
    checks
}

/// What is odd about the keys of the configuration.
fn keys(config: &Config) -> impl Iterator<Item = Check> {
    let (_, problems) = Keymap::configured(&config.keys);
    problems.into_iter().map(|problem| {
        let todo = "Correct it under [keys]; the other keys work.";
        Check::warning(Area::Configuration, "keys", problem.to_string(), todo)
    })
}

/// What can be said where the configuration can't be read.
pub fn examine_without(error: &crate::config::ConfigError, env: &Env, screen: Screen) -> Vec<Check> {
    let mut checks = vec![configuration::broken(error)];
    checks.extend(machine::terminal(env, screen));
    checks
}

fn on_the_spot(config: &Config, env: &Env, screen: Screen) -> Vec<Check> {
    let screen = Screen { mouse: config.ui.mouse, ascii: config.ui.ascii, ..screen };
    let mut checks = machine::terminal(env, screen);
    checks.push(machine::browser(env, config.launch.browser.as_deref()));
    checks
}

/// The database and everybody outside.
async fn outside(config: &Config) -> Vec<Check> {
    let clock = Clock::System;
    let made =
        Partners::new(config.secrets.clone(), None, HttpLimits::default(), clock.clone(), IdSource::Random);
    let partners = match made {
        Ok(partners) => partners,
        // A test holds that the built-in profiles are right.
        Err(error) => {
            let todo = "Install coursevia again.";
            return vec![Check::wrong(Area::Partners, "profiles", error.to_string(), todo)];
        }
    };
    match tokio::time::timeout(LOCAL_PATIENCE, sandbox::who(config.sandbox.port)).await {
        Ok(Listener::Sandbox) => {
            if let Some(url) = sandbox::address(config.sandbox.port) {
                partners.set_sandbox(Ok(url));
            }
        }
        // Whoever is there and says nothing is not ours either.
        Ok(Listener::Other) | Err(_) => partners.set_sandbox(Err(Text::clean(&format!(
            "port {} of this machine is used by another program; end that, or set another port under [sandbox]",
            config.sandbox.port
        )))),
        Ok(Listener::Nobody) => {}
    }
    let processor = processor(config, clock.clone(), IdSource::Random);
    match partners.sandbox() {
        Ok(url) => processor.set_sandbox(Ok(url)),
        Err(Some(why)) => processor.set_sandbox(Err(why)),
        Err(None) => {}
    }
    let mailer = mailer(config).map_err(|error| error.to_string());
    let doctor = Doctor {
        database_url: &config.database.url,
        named: config.database.named,
        partners: &partners,
        processor: &processor,
        secrets: &config.secrets,
        mailer: mailer.as_ref().map_err(Clone::clone),
        clock: &clock,
    };
    doctor.examine().await
}

/// Launches by LTI 1.3: who we are there, the key, the port.
async fn lti(config: &Config) -> Vec<Check> {
    const AREA: Area = Area::Partners;
    let lti = &config.lti;
    let file = KeyFile::new(lti.key_file.clone());
    let looked = tokio::task::spawn_blocking(move || file.look()).await.unwrap_or(Err(KeyError::Stopped));
    let key = match looked {
        Ok(keys) => {
            let kid = keys.public().next().map(|key| key.kid.clone()).unwrap_or_default();
            Check::ok(AREA, "lti key", format!("{} ({kid})", lti.key_file.display()))
        }
        Err(KeyError::Missing { .. }) => {
            let found = "none; partners that open by LTI 1.3 need one: coursevia lti keys --new";
            Check::skipped(AREA, "lti key", found)
        }
        Err(error) => {
            Check::wrong(AREA, "lti key", error.to_string(), "Until then their courses don't open.")
        }
    };
    let port = lti.port;
    let todo = "End that program, or set another port under [lti] and tell the partners.";
    let listens = match port {
        0 => Check::ok(AREA, "lti port", "any free one"),
        _ => match tokio::time::timeout(LOCAL_PATIENCE, server::who(port)).await {
            Ok(server::Listener::Nobody) => Check::ok(AREA, "lti port", format!("{port}, free")),
            Ok(server::Listener::Endpoint { database }) if database == fingerprint(&config.database.url) => {
                Check::ok(AREA, "lti port", format!("{port}, answered by a coursevia"))
            }
            Ok(server::Listener::Endpoint { .. }) => {
                let found = format!("{port} is used by a coursevia with another database");
                Check::warning(AREA, "lti port", found, "End that one, or set another port under [lti].")
            }
            Ok(server::Listener::Other) | Err(_) => {
                Check::warning(AREA, "lti port", format!("{port} is used by another program"), todo)
            }
        },
    };
    vec![Check::ok(AREA, "lti issuer", lti.issuer.to_string()), key, listens]
}

/// What only its owner should read.
fn private(config: &Config, flags: &Flags, env: &Env) -> Vec<Private> {
    let [file, profile] = configuration::files(&config.dirs, flags, env);
    let of = |what, path: PathBuf, personal| Private { what, path, personal };
    let mut all = Vec::new();
    if let Some(database) = file_of(&config.database.url) {
        let mut journal = database.clone().into_os_string();
        journal.push("-wal");
        all.push(of("database", database, true));
        all.push(of("database journal", journal.into(), true));
    }
    all.push(of("sandbox", config.sandbox.file.clone(), true));
    if let crate::config::MailRoute::Folder(dir) = &config.mail.route {
        all.push(of("mail", dir.clone(), true));
    }
    all.push(of("log", config.log.clone(), false));
    all.push(of("profile", profile, false));
    all.push(of("configuration", file, false));
    all
}
