//! Who usually sits at this home directory: a small TOML file.

use crate::domain::person::Email;
use crate::domain::text::Text;
use crate::platform::files;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The person this home directory belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Their address.
    pub email: Email,
    /// Their name, if they gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
}

/// Why a profile can't be read or written.
#[derive(Debug, Error)]
pub enum ProfileError {
    /// The file does not read as a profile.
    #[error("{} is not a profile: {}. Mend or delete the file", path.display(), what.trim())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The file can't be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Profile {
    /// The profile's file in the configuration directory.
    pub fn path(config_dir: &Path) -> PathBuf {
        config_dir.join("profile.toml")
    }

    /// Reads the profile; `None` when there is none yet.
    pub fn load(config_dir: &Path) -> Result<Option<Self>, ProfileError> {
        let path = Self::path(config_dir);
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map(Some).map_err(|error| ProfileError::Malformed {
                path,
                what: Text::clean(error.message()).to_string(),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ProfileError::Io { path, source }),
        }
    }

    /// Writes the profile.
    pub fn save(&self, config_dir: &Path) -> Result<(), ProfileError> {
        let path = Self::path(config_dir);
        let text = toml::to_string(self)
            .map_err(|error| ProfileError::Malformed { path: path.clone(), what: error.to_string() })?;
        files::replace(&path, &text).map_err(|source| ProfileError::Io { path, source })
    }
}
