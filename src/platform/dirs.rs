//! Where this user's files live (XDG Base Directory Specification on Unix).

use crate::platform::env::Env;
use etcetera::BaseStrategy as _;
use std::path::PathBuf;

/// The directories of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// The home directory itself.
    pub home: PathBuf,
    /// Configuration and profile.
    pub config: PathBuf,
    /// The database, the sandbox's file, mail written to files.
    pub data: PathBuf,
    /// The log.
    pub state: PathBuf,
}

impl Dirs {
    /// The user's directories; `None` when there is no home directory.
    pub fn of_user(env: &Env) -> Option<Self> {
        let base = etcetera::choose_base_strategy().ok()?;
        let under = |dir: PathBuf| dir.join("coursevia");
        let absolute = |name: &str| env.get(name).map(PathBuf::from).filter(|dir| dir.is_absolute());
        Some(Self {
            home: base.home_dir().to_owned(),
            config: under(base.config_dir()),
            data: under(base.data_dir()),
            state: under(
                base.state_dir().or_else(|| absolute("XDG_STATE_HOME")).unwrap_or_else(|| base.data_dir()),
            ),
        })
    }

    /// Everything below one directory, for tests and snapshots.
    pub fn below(root: &std::path::Path) -> Self {
        Self {
            home: root.to_owned(),
            config: root.join("config"),
            data: root.join("data"),
            state: root.join("state"),
        }
    }

    /// A path as a person reads it: `~` for the home directory.
    pub fn said(&self, path: &std::path::Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => path.display().to_string(),
        }
    }
}
