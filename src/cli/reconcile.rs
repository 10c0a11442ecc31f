//! `coursevia reconcile`.

use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::table::Table;
use crate::domain::money::Money;
use crate::domain::text::Text;
use crate::domain::time::ago;
use crate::service::Reconciled;
use chrono::TimeDelta;
use clap::Args;

/// Look at all money that is not settled, and settle what can be.
#[derive(Debug, Args)]
pub struct Reconcile {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Reconcile {
    /// Asks the processor about everything, then says what is left.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let services = session.services().await?;
        let found = services.reconcile().await?;
        if self.json {
            output::json(&json::reconciled(&found))?;
            return all_looked_at(&found);
        }
        let now = services.clock.now();
        for line in ended(&found) {
            output::line(line)?;
        }
        let mut table = Table::new(["STATE", "AMOUNT", "SINCE", "ID", "WHY"]);
        let mut rows = 0;
        let mut row = |state: &str, amount: Money, age: TimeDelta, id: String, why: Option<&Text>| {
            rows += 1;
            let why = why.map(ToString::to_string).unwrap_or_default();
            table.row([state.to_owned(), amount.to_string(), ago(now, now - age), id, why]);
        };
        for payment in &found.open {
            let id = payment.id.to_string();
            row("to be paid", payment.amount, now - payment.created_at, id, payment.note.as_ref());
        }
        for payment in &found.parked {
            let id = payment.id.to_string();
            row("parked", payment.amount, now - payment.created_at, id, payment.note.as_ref());
        }
        for refund in &found.refunding {
            let id = refund.id.to_string();
            row("on its way back", refund.amount, now - refund.requested_at, id, Some(&refund.reason));
        }
        for refund in &found.failed {
            let id = refund.id.to_string();
            row("refund failed", refund.amount, now - refund.requested_at, id, refund.note.as_ref());
        }
        if rows > 0 {
            output::line(table)?;
            next(&found);
        } else if found.broken.is_none() {
            output::say("Every payment and every refund is settled.");
        }
        all_looked_at(&found)
    }
}

/// Whether the database let everything be looked at.
fn all_looked_at(found: &Reconciled) -> Result<(), Problem> {
    match &found.broken {
        None => Ok(()),
        Some((count, error)) => {
            let things = if *count == 1 { "thing" } else { "things" };
            Err(Problem::Told(format!("{count} {things} could not be looked at; run this again. {error}")))
        }
    }
}

/// What came to its end.
fn ended(found: &Reconciled) -> Vec<String> {
    let lines = [
        (found.ended, "payment came to an end", "payments came to an end"),
        (
            found.late,
            "payment came too late and is taken care of",
            "payments came too late and are taken care of",
        ),
        (found.refunded, "refund came to an end", "refunds came to an end"),
    ];
    let counted = lines.into_iter().filter(|(count, ..)| *count > 0);
    counted.map(|(count, one, many)| format!("{count} {}.", if count == 1 { one } else { many })).collect()
}

/// What to do next.
fn next(found: &Reconciled) {
    if let Some(parked) = found.parked.first() {
        output::say(format_args!(
            "What was paid does not fit what was asked for. An advisor decides: coursevia parked accept|refund|dismiss {} --reason TEXT",
            parked.id
        ));
    }
    if !found.failed.is_empty() {
        output::say(
            "Look in the payment processor's dashboard why a refund failed. The next coursevia reconcile asks for it once more.",
        );
    }
    if found.elsewhere > 0 {
        output::say(format_args!(
            "{} of these belong to a payment processor that this machine is not set up for. Run this where its key is.",
            found.elsewhere
        ));
    }
    if !found.open.is_empty() || !found.refunding.is_empty() {
        output::say("What is open ends by itself while coursevia or `coursevia work` runs.");
    }
}
