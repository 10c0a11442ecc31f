//! Looking at a database without changing anything: for `doctor`.

use super::{Engine, Store, StoreError, postgres, sqlite};
use crate::domain::job::{JobKind, Needs};
use crate::domain::provider::Provider;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use sqlx::migrate::Migrator;
use std::path::PathBuf;
use std::time::Duration;

/// What stands at an address.
#[derive(Debug)]
pub enum Look {
    /// No file: the first start makes it.
    Absent(PathBuf),
    /// A server, or an empty file, without our tables: the first start makes them and adopts these.
    Empty(Vec<String>),
    /// Ours, opened for reading only.
    Here(Store),
}

/// What was found in a database of ours.
#[derive(Clone, Debug)]
pub struct Examination {
    /// Which engine.
    pub engine: Engine,
    /// Its version.
    pub version: Text,
    /// The file, or host and database; never a password.
    pub place: Text,
    /// The file, where it is one.
    pub file: Option<PathBuf>,
    /// The tables' versions.
    pub migrations: Migrations,
    /// How safely it is written.
    pub settings: Vec<Setting>,
    /// Tables that were there before us.
    pub adopted: Vec<String>,
    /// The server's clock.
    pub server_time: Option<Instant>,
}

/// How safely a database is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name at the engine.
    pub name: &'static str,
    /// Its value.
    pub value: Text,
    /// Whether what was paid survives a power cut.
    pub safe: bool,
}

/// The versions of the tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migrations {
    /// How many are in place.
    pub applied: usize,
    /// Which the next start brings.
    pub missing: Vec<i64>,
    /// Which another version of the program brought.
    pub foreign: Vec<i64>,
    /// Which are not what this version has under that number.
    pub changed: Vec<i64>,
    /// Which were begun and not finished.
    pub unfinished: Vec<i64>,
}

/// A migration as it was written down: version, whether it was finished, checksum.
pub(super) type Applied = (i64, bool, Vec<u8>);

impl Migrations {
    /// Compares what a database has with what the program knows.
    pub(super) fn compare(applied: &[Applied], known: &Migrator) -> Self {
        let versions = |which: &dyn Fn(&Applied) -> bool| -> Vec<i64> {
            applied.iter().filter(|row| which(row)).map(|(version, ..)| *version).collect()
        };
        let checksum = |version: i64| {
            known.iter().find(|migration| migration.version == version).map(|migration| &migration.checksum)
        };
        Self {
            applied: applied.len(),
            missing: known
                .iter()
                .map(|migration| migration.version)
                .filter(|version| applied.iter().all(|(there, ..)| there != version))
                .collect(),
            foreign: versions(&|(version, ..)| !known.version_exists(*version)),
            changed: versions(&|(version, _, there)| {
                checksum(*version).is_some_and(|ours| ours.as_ref() != there.as_slice())
            }),
            unfinished: versions(&|(_, success, _)| !success),
        }
    }

    /// Whether the tables are the ones this version of the program reads.
    pub fn are_current(&self) -> bool {
        [&self.missing, &self.foreign, &self.changed, &self.unfinished].iter().all(|list| list.is_empty())
    }
}

/// Which rows were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Programs.
    Programs,
    /// Partners.
    Providers,
    /// Partners' courses.
    Offers,
    /// Enrollments, the newest first.
    Enrollments,
    /// Lessons of courses taught here, without their texts.
    Lessons,
}

/// What came of reading rows the way the app does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// How many were read.
    pub rows: u64,
    /// Whether these were all.
    pub complete: bool,
    /// How many can't be read.
    pub broken: u64,
    /// The first of them: which row, and what is wrong with it.
    pub examples: Vec<Text>,
}

/// Whether the seats that are written down are those that are held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeatCount {
    /// How many dated starts there are.
    pub starts: u64,
    /// In how many the figures differ.
    pub wrong: u64,
    /// The first of them.
    pub examples: Vec<Text>,
}

/// Jobs of one kind that nobody tries any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Which kind; `None` for one that is not known here.
    pub kind: Option<JobKind>,
    /// How many.
    pub jobs: i64,
    /// Since when the oldest waits.
    pub since: Option<Instant>,
    /// Why the latest was given up.
    pub last_error: Option<Text>,
}

/// Jobs still to be done that need the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenJobs {
    /// What they need; `None` for something that is not known here.
    pub needs: Option<Needs>,
    /// How many.
    pub jobs: i64,
    /// When the first of them was to be done.
    pub since: Option<Instant>,
}

macro_rules! call {
    ($store:expr, $function:ident($($argument:expr),*)) => {
        match $store {
            Self::Sqlite(backend) => backend.$function($($argument),*).await,
            Self::Postgres(backend) => backend.$function($($argument),*).await,
        }
    };
}

impl Store {
    /// Opens what stands at `url` for reading. Nothing is created, migrated, adopted or written.
    pub async fn look(url: &str) -> Result<Look, StoreError> {
        if let Some(path) = sqlite::path(url) {
            return sqlite::examine::look(&path).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres::examine::look(url).await;
        }
        Err(StoreError::Address)
    }

    /// What kind of database this is.
    pub async fn examine(&self) -> Result<Examination, StoreError> {
        call!(self, examine())
    }

    /// Looks for damage, in all of a file; `None` when that takes longer than `patience`.
    pub async fn find_damage(&self, patience: Duration) -> Result<Option<Vec<Text>>, StoreError> {
        call!(self, find_damage(patience))
    }

    /// Reads rows as the app would, one by one, so that a broken one is named and not in the way.
    /// At most `limit` enrollments.
    pub async fn read_through(&self, part: Part, limit: i64) -> Result<Reading, StoreError> {
        call!(self, read_through(part, limit))
    }

    /// All partners, by name.
    pub async fn list_providers(&self) -> Result<Vec<Provider>, StoreError> {
        call!(self, list_providers())
    }

    /// When the last thing happened.
    pub async fn newest_event(&self) -> Result<Option<Instant>, StoreError> {
        call!(self, newest_event())
    }

    /// Jobs nobody tries any more, by kind.
    pub async fn list_given_up(&self) -> Result<Vec<GivenUp>, StoreError> {
        call!(self, list_given_up())
    }

    /// Jobs still to be done, by what they need.
    pub async fn list_open(&self) -> Result<Vec<OpenJobs>, StoreError> {
        call!(self, list_open())
    }

    /// Counts the seats of all dated starts anew.
    pub async fn count_seats(&self) -> Result<SeatCount, StoreError> {
        call!(self, count_seats())
    }
}
