//! Messages and their delivery: `.eml` files in a folder, or SMTP.
//!
//! A message has an id of its own that stays the same over retries, so that nobody gets it twice.

mod deliver;
mod error;
mod text;

pub use deliver::Mailer;
pub use error::MailError;
pub use text::{
    certificate_expires, enrollment_confirmed, partner_back, proof_decided, refund_requested, seat_offered,
    switched,
};

use crate::domain::person::Email;
use crate::domain::text::Text;

/// A message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The local part of its Message-ID: stable, so that a second delivery is recognised.
    pub id: String,
    /// To whom.
    pub to: Email,
    /// Their name.
    pub to_name: Option<Text>,
    /// One line.
    pub subject: String,
    /// Plain text, wrapped.
    pub body: String,
}
