//! What a screen or command says when something did not work.

use crate::domain::refusal::Refusal;
use crate::domain::web::WebUrl;

/// A failure in words: what happened, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Stable code for scripts: `unknown_program`, `database_unavailable`, …
    pub code: &'static str,
    /// What happened and what to do next, for a person.
    pub message: String,
    /// What the person can choose instead.
    pub alternatives: Vec<String>,
    /// The page on which what is asked for can be paid.
    pub payment_url: Option<Box<WebUrl>>,
    /// A rule said no (exit code 3), as opposed to something being broken or unknown.
    pub refused: bool,
}

impl Failure {
    /// A failure that is no refusal.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), alternatives: Vec::new(), payment_url: None, refused: false }
    }
}

impl From<&Refusal> for Failure {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code(),
            message: refusal.to_string(),
            alternatives: refusal.alternatives(),
            payment_url: refusal.payment_url().cloned().map(Box::new),
            refused: true,
        }
    }
}
