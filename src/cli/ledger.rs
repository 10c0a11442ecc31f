//! `coursevia ledger`.

use super::exit::Problem;
use super::output;
use super::reports::Days;
use super::session::CliSession;
use super::sheet::{Cell, Sheet};
use crate::domain::ledger::{LedgerQuery, PostedTransaction};
use crate::domain::text::Text;
use clap::Args;
use std::num::NonZeroUsize;

/// List what was posted to the ledger, newest first. Debits are positive, credits negative.
#[derive(Debug, Args)]
pub struct Ledger {
    /// Only about this partner
    #[arg(long, value_name = "NAME")]
    partner: Option<String>,
    /// Only about this enrollment
    #[arg(long, value_name = "ID")]
    course: Option<String>,
    #[command(flatten)]
    days: Days,
    /// At most so many transactions
    #[arg(long, value_name = "COUNT")]
    limit: Option<NonZeroUsize>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Ledger {
    /// Prints it.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let period = self.days.period()?;
        let services = session.services().await?;
        let (provider, partner) = match &self.partner {
            Some(named) => services.partner_named(named).await.map(|(id, name)| (Some(id), Some(name)))?,
            None => (None, None),
        };
        let enrollment = match &self.course {
            Some(named) => Some(services.enrollment_named(named).await?),
            None => None,
        };
        let query = LedgerQuery { provider, enrollment, period };
        let limit = self.limit.map(NonZeroUsize::get);
        let mut transactions = services.ledger(&query, limit).await?;
        // Of an enrollment that has changed partners only what concerns this one.
        if let Some(partner) = partner {
            transactions.retain(|posted| posted.entries.iter().any(|e| e.partner.as_ref() == Some(&partner)));
        }
        if self.json {
            return output::json(&transactions.iter().map(json).collect::<Vec<_>>());
        }
        if transactions.is_empty() {
            output::say("Nothing was posted.");
            return Ok(());
        }
        Ok(output::line(sheet(&transactions).table())?)
    }
}

fn json(posted: &PostedTransaction) -> serde_json::Value {
    let entry = |entry: &crate::domain::ledger::PostedEntry| {
        serde_json::json!({
            "account": entry.name(), "currency": entry.amount.currency.code(),
            "amount_cents": entry.amount.cents,
        })
    };
    serde_json::json!({
        "id": posted.id, "at": posted.at, "kind": posted.kind.code(),
        "reference": posted.reference.as_ref().map(Text::as_str),
        "entries": posted.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn sheet(transactions: &[PostedTransaction]) -> Sheet {
    let mut sheet = Sheet::new(&["at", "kind", "account", "currency", "amount", "reference"]);
    for posted in transactions {
        for (line, entry) in posted.entries.iter().enumerate() {
            let once = |words: String| if line == 0 { Cell::Text(words) } else { Cell::Nothing };
            sheet.push([
                once(posted.at.format("%Y-%m-%d %H:%M").to_string()),
                once(posted.kind.code().to_owned()),
                Cell::Text(entry.name()),
                Cell::Text(entry.amount.currency.code().to_owned()),
                Cell::Number(entry.amount.decimal()),
                once(posted.reference.as_ref().map(ToString::to_string).unwrap_or_default()),
            ]);
        }
    }
    sheet
}
