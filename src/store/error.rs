//! What can go wrong with a database, in words a person can act on.

use crate::domain::catalog::StartName;
use sqlx::error::{DatabaseError, ErrorKind};
use thiserror::Error;

/// A rule the database holds said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conflict {
    /// The student is in this program already.
    LiveEnrollment,
    /// A student with this e-mail address exists already.
    StudentExists,
    /// No seat is free in the cohort.
    CohortFull,
    /// A seat is free in the cohort: nobody needs to wait.
    SeatFree,
    /// The student waits for this cohort already.
    AlreadyWaiting,
    /// The offer is over, or was taken.
    OfferOver,
    /// The enrollment has a review already.
    AlreadyReviewed,
    /// A report that the course is finished waits for an advisor.
    ProofOpen,
    /// The partner was paid under this reference before.
    PayoutExists,
    /// The row is not any more what the decision saw.
    Changed,
    /// Another constraint.
    Other,
}

impl Conflict {
    fn words(self) -> &'static str {
        match self {
            Self::LiveEnrollment => "The student is already enrolled in this program. Look under My courses.",
            Self::StudentExists => "A student with this e-mail address exists already.",
            Self::CohortFull => "This start is full. Look at the dates again, or join its waitlist.",
            Self::SeatFree => "A seat is free for this start. Enroll instead of waiting.",
            Self::AlreadyWaiting => "The student waits for this start already.",
            Self::OfferOver => "This offer is over. The seat went to the next one who waits.",
            Self::AlreadyReviewed => "This course is reviewed already. Change that review instead.",
            Self::ProofOpen => "This course was reported as finished already. An advisor looks at it.",
            Self::PayoutExists => "This partner was paid under this reference already. Nothing was posted.",
            Self::Changed => "Somebody changed this in the meantime. Look again, then decide.",
            Self::Other => "This contradicts what the database already holds. Nothing was changed.",
        }
    }
}

/// Why the store could not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The address names neither engine.
    #[error("This is no database address. Write sqlite:///path/to/file.db or postgres://user@host/database.")]
    Address,
    /// Nobody answers, or the connection was lost.
    #[error("The database can't be reached: {what}. Check that it is running and that the address is right.")]
    Unavailable {
        /// Which database and why, without a password.
        what: String,
    },
    /// Others held it for longer than we wait.
    #[error("The database is busy. Nothing was changed; try again in a moment.")]
    Busy,
    /// A rule said no.
    #[error("{}", .0.words())]
    Conflict(Conflict),
    /// A catalogue leaves a start fewer seats than are taken.
    #[error("{taken} seats are taken, so there can't be {seats}. Nothing was changed.")]
    SeatsTaken {
        /// Which start.
        start: Box<StartName>,
        /// How many are taken.
        taken: u32,
        /// How many there were to be.
        seats: u32,
    },
    /// A newer version of the program has changed it.
    #[error("This database was set up by another version of coursevia. Update coursevia, then try again.")]
    FromTheFuture,
    /// Somebody else's.
    #[error("{what}. It was not touched. Choose another file or database with --database-url.")]
    NotOurs {
        /// What was found.
        what: String,
    },
    /// Damaged.
    #[error("{what}. It was not touched. Restore it from a backup, or choose another with --database-url.")]
    Corrupt {
        /// What was found.
        what: String,
    },
    /// The tables that were there before us can't be used as they are.
    #[error("The existing tables can't be used yet, and were not touched. {problem}")]
    Adoption {
        /// What is wrong and how to mend it.
        problem: String,
    },
    /// No room.
    #[error("The disk of the database is full. Make room, then try again; nothing was changed.")]
    Full,
    /// The disk did not do what it was asked; mostly that means that there is no room.
    #[error("The disk reported an error; it may be full. Make room, then try again; nothing was changed.")]
    Disk,
    /// No right to write.
    #[error("The database can't be written: {what}. Check who owns it and its permissions.")]
    ReadOnly {
        /// Which, and why.
        what: String,
    },
    /// A row that breaks its own rules.
    #[error("The database holds a {what} that can't be read. Run: coursevia doctor")]
    Row {
        /// Which kind of value.
        what: &'static str,
    },
    /// Anything else; the cause is in the log.
    #[error("The database answered with an error nobody expected. The log has the details.")]
    Other(#[source] sqlx::Error),
}

impl StoreError {
    /// Stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address => "database_address",
            Self::Unavailable { .. } => "database_unavailable",
            Self::Busy => "database_busy",
            Self::Conflict(Conflict::LiveEnrollment) => "already_enrolled",
            Self::Conflict(Conflict::StudentExists) => "student_exists",
            Self::Conflict(Conflict::CohortFull) => "cohort_full",
            Self::Conflict(Conflict::SeatFree) => "seat_free",
            Self::Conflict(Conflict::AlreadyWaiting) => "already_waiting",
            Self::Conflict(Conflict::OfferOver) => "offer_over",
            Self::Conflict(Conflict::AlreadyReviewed) => "already_reviewed",
            Self::Conflict(Conflict::ProofOpen) => "proof_open",
            Self::Conflict(Conflict::PayoutExists) => "payout_exists",
            Self::Conflict(Conflict::Changed) => "changed_meanwhile",
            Self::Conflict(Conflict::Other) => "database_conflict",
            Self::SeatsTaken { .. } => "seats_taken",
            Self::FromTheFuture => "database_from_the_future",
            Self::NotOurs { .. } => "database_not_ours",
            Self::Corrupt { .. } | Self::Row { .. } => "database_unreadable",
            Self::Adoption { .. } => "database_not_adoptable",
            Self::Full => "database_full",
            Self::Disk => "database_disk_error",
            Self::ReadOnly { .. } => "database_read_only",
            Self::Other(_) => "database_error",
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let mapped = match &error {
            sqlx::Error::Database(inner) => from_code(inner.as_ref()),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Some(Self::Unavailable { what: "it does not answer".to_owned() })
            }
            sqlx::Error::Io(cause) => Some(Self::Unavailable { what: cause.kind().to_string() }),
            sqlx::Error::Tls(_) => {
                Some(Self::Unavailable { what: "no encrypted connection could be made".to_owned() })
            }
            _ => None,
        };
        mapped.unwrap_or_else(|| {
            tracing::error!(%error, "unexpected database error");
            Self::Other(error)
        })
    }
}

fn from_code(error: &dyn DatabaseError) -> Option<StoreError> {
    if matches!(
        error.kind(),
        ErrorKind::UniqueViolation
            | ErrorKind::ForeignKeyViolation
            | ErrorKind::CheckViolation
            | ErrorKind::NotNullViolation
            | ErrorKind::ExclusionViolation
    ) {
        tracing::warn!(%error, "a constraint said no");
        return Some(StoreError::Conflict(Conflict::Other));
    }
    let code = error.code()?;
    // SQLite's extended codes carry the primary one in their low byte.
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        return from_sqlite(code.parse::<u32>().ok()? & 0xff);
    }
    from_postgres(&code)
}

/// Primary result codes of SQLite (sqlite.org/rescode.html).
fn from_sqlite(code: u32) -> Option<StoreError> {
    Some(match code {
        5 | 6 => StoreError::Busy,
        13 => StoreError::Full,
        3 | 8 => StoreError::ReadOnly { what: "its file is write-protected".to_owned() },
        14 => StoreError::Unavailable { what: "the file can't be opened".to_owned() },
        10 => StoreError::Disk,
        11 => StoreError::Corrupt { what: "The database file is damaged".to_owned() },
        26 => StoreError::Corrupt { what: "The file is no SQLite database".to_owned() },
        _ => return None,
    })
}

/// SQLSTATE codes (PostgreSQL manual, appendix A).
fn from_postgres(code: &str) -> Option<StoreError> {
    let unavailable = |what: &str| StoreError::Unavailable { what: what.to_owned() };
    Some(match code {
        "40001" | "40P01" | "55P03" => StoreError::Busy,
        "57014" => unavailable("it took too long to answer"),
        "53100" => StoreError::Full,
        "25006" => StoreError::ReadOnly { what: "it only accepts reads".to_owned() },
        "42501" => StoreError::ReadOnly { what: "this user lacks the right".to_owned() },
        "28000" | "28P01" => unavailable("the user name or the password is wrong"),
        "3D000" => unavailable("there is no database of this name"),
        "53300" => unavailable("too many connections are open"),
        "57P01" | "57P02" | "57P03" => unavailable("it is shutting down or starting"),
        _ if code.starts_with("08") => unavailable("the connection was lost"),
        _ => return None,
    })
}

/// Gives the unique violation of one statement its meaning.
pub(super) fn unique(error: sqlx::Error, meaning: Conflict) -> StoreError {
    match &error {
        sqlx::Error::Database(inner) if inner.is_unique_violation() => StoreError::Conflict(meaning),
        _ => error.into(),
    }
}
