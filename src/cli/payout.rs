//! `coursevia payout PARTNER`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::domain::money::{Currency, Money};
use crate::domain::text::Text;
use clap::Args;

/// The longest reference.
const MAX_REFERENCE: usize = 140;

/// Post what was paid to a partner.
#[derive(Debug, Args)]
pub struct Payout {
    /// The partner's name
    partner: String,
    /// How much, such as 120.00
    #[arg(long, allow_negative_numbers = true)]
    amount: String,
    /// In which currency
    #[arg(long, default_value = "USD")]
    currency: String,
    /// How it is found at the bank; once per partner
    #[arg(long, value_name = "TEXT")]
    reference: String,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Payout {
    /// Posts it.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let usage = |flag: &str, why: &dyn std::fmt::Display| Problem::Usage(format!("{flag}: {why}"));
        let currency = Currency::parse(&self.currency).map_err(|error| usage("--currency", &error))?;
        let amount = Money::parse(&self.amount, currency).map_err(|error| usage("--amount", &error))?;
        if self.reference.chars().count() > MAX_REFERENCE {
            return Err(usage("--reference", &format!("at most {MAX_REFERENCE} characters")));
        }
        let Some(reference) = Text::clean(&self.reference).non_empty() else {
            return Err(usage("--reference", &"it is empty"));
        };
        let advisor = session.moderator().await?;
        let services = session.services().await?;
        let payout = services.pay_out(&advisor, &self.partner, amount, &reference).await?;
        if self.json {
            return output::json(&serde_json::json!({
                "id": payout.id, "partner": payout.partner.as_str(), "reference": reference.as_str(),
                "amount_cents": payout.amount.cents, "currency": currency.code(),
                "payable_cents": payout.payable.cents,
            }));
        }
        Ok(output::line(format_args!(
            "{} {currency} paid to {}. {} {currency} is still payable.",
            payout.amount.decimal(),
            payout.partner,
            payout.payable.decimal(),
        ))?)
    }
}
