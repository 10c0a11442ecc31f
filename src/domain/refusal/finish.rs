//! Why "I have finished" can't be said, or not be believed.

use super::words::grouped;
use crate::domain::text::Text;
use crate::domain::time::day;
use chrono::NaiveDate;
use thiserror::Error;

/// Why "I have finished" can't be said, or not be believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FinishRefusal {
    /// The partner tells itself how far its students are.
    #[error(
        "{partner} reports your progress itself, so there is nothing to send. Refresh My courses to see what it says."
    )]
    ProgressReported {
        /// The partner.
        partner: Text,
    },
    /// The lessons taught here count by themselves.
    #[error("{title} is taught here, so your lessons count by themselves. There is nothing to send.")]
    TaughtHere {
        /// The program.
        title: Text,
    },
    /// A report waits for an advisor.
    #[error("You reported {title} as finished on {}. An advisor looks at it; you get a mail.", day(*sent_on))]
    Open {
        /// The program.
        title: Text,
        /// When it was sent.
        sent_on: NaiveDate,
    },
    /// Nobody finishes what has not begun.
    #[error("{title} begins on {}. Tell us after you have finished it.", day(*begins))]
    NotBegun {
        /// The program.
        title: Text,
        /// Its first day.
        begins: NaiveDate,
    },
    /// It can't have been finished on that day.
    #[error("{title} can't have been finished on {}. Name a day from {} to {}.", day(*finished_on), day(*first), day(*last))]
    Outside {
        /// The program.
        title: Text,
        /// The day.
        finished_on: NaiveDate,
        /// The first day on which it could be.
        first: NaiveDate,
        /// The last.
        last: NaiveDate,
    },
    /// The note is longer than it may be.
    #[error("A note has at most 500 characters, and this one has {}. Shorten it, then send it again; nothing was changed.", grouped(*characters))]
    NoteTooLong {
        /// How many it has.
        characters: usize,
    },
    /// The link can't be opened by an advisor.
    #[error("This link can't be used as proof: {why}. Nothing was sent.")]
    Link {
        /// Why.
        why: String,
    },
    /// The file has nothing in it.
    #[error("The file {name} is empty. Choose another one; nothing was sent.")]
    FileEmpty {
        /// Its name.
        name: Text,
    },
    /// The file is larger than it may be.
    #[error("The file {name} has more than 2 MB. Send a smaller one, or a link; nothing was sent.")]
    FileTooLarge {
        /// Its name.
        name: Text,
    },
    /// An advisor has decided about the report.
    #[error("This report about {title} was {} already. Nothing has changed.", if *accepted { "accepted" } else { "declined" })]
    Decided {
        /// The program.
        title: Text,
        /// The advisor believed it.
        accepted: bool,
    },
    /// The course of the report was cancelled.
    #[error(
        "{title} was cancelled after this report was sent, so it can't be completed. Decline the report instead."
    )]
    OfCancelled {
        /// The program.
        title: Text,
    },
}

impl FinishRefusal {
    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ProgressReported { .. } => "progress_reported",
            Self::TaughtHere { .. } => "finished_here",
            Self::Open { .. } => "proof_open",
            Self::NotBegun { .. } => "not_begun_yet",
            Self::Outside { .. } => "finished_outside",
            Self::NoteTooLong { .. } => "proof_note_too_long",
            Self::Link { .. } => "proof_link",
            Self::FileEmpty { .. } => "proof_file_empty",
            Self::FileTooLarge { .. } => "proof_file_too_large",
            Self::Decided { .. } => "proof_decided",
            Self::OfCancelled { .. } => "proof_of_cancelled",
        }
    }
}
