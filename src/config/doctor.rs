//! What `doctor` says about the configuration.

use super::{Config, ConfigError, Flags, ThemeChoice};
use crate::domain::checkup::{Area, Check};
use crate::platform::{Dirs, Env};
use std::path::PathBuf;

const AREA: Area = Area::Configuration;

/// The configuration's file, its warnings, and what it says about the screen. What is odd but not
/// wrong is in [`Config::warnings`], whichever part of the configuration it is about.
pub fn checks(config: &Config, flags: &Flags, env: &Env) -> Vec<Check> {
    let file = named(flags, env).unwrap_or_else(|| config.dirs.config.join("config.toml"));
    let found = if file.exists() {
        file.display().to_string()
    } else {
        format!("none; everything is as built in ({} would be read)", file.display())
    };
    let mut checks = vec![Check::ok(AREA, "file", found), Check::ok(AREA, "theme", theme(config.ui.theme))];
    for warning in &config.warnings {
        // They end in what to do, where that is not plain.
        let (found, todo) = warning.split_once(". ").unwrap_or((warning, "Correct it or take it out."));
        checks.push(Check::warning(AREA, "setting", found, todo));
    }
    checks
}

/// The only check where the configuration can't be read at all.
pub fn broken(error: &ConfigError) -> Check {
    let todo = match error {
        ConfigError::Unreadable { .. } => "Name a file that can be read with --config, or take it away.",
        ConfigError::File { .. } | ConfigError::Variable { .. } | ConfigError::Value { .. } => {
            "Correct it, then run coursevia doctor again: the rest can't be looked at before."
        }
        ConfigError::NoHome => "Set HOME to the folder of whoever runs this.",
    };
    Check::wrong(AREA, "file", error.to_string(), todo)
}

/// The file that was asked for.
fn named(flags: &Flags, env: &Env) -> Option<PathBuf> {
    flags.file.clone().or_else(|| env.get("COURSEVIA_CONFIG").map(PathBuf::from))
}

/// The profile and the configuration are the user's; where they are.
pub fn files(dirs: &Dirs, flags: &Flags, env: &Env) -> [PathBuf; 2] {
    let file = named(flags, env).unwrap_or_else(|| dirs.config.join("config.toml"));
    [file, crate::platform::Profile::path(&dirs.config)]
}

fn theme(theme: ThemeChoice) -> &'static str {
    match theme {
        ThemeChoice::Auto => "auto: as the terminal suggests",
        ThemeChoice::Dark => "dark",
        ThemeChoice::Light => "light",
        ThemeChoice::None => "none: no colours",
    }
}
