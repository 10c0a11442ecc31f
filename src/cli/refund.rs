//! `coursevia refund COURSE`.

use super::checkout::TAKES_DAYS;
use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::work::run_caused;
use crate::domain::ids::RefundId;
use crate::domain::money::{Currency, Money};
use crate::domain::payment::{RefundStatus, RefundView};
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::service::CourseRef;
use clap::Args;

/// Pay a student's money back (advisors only).
#[derive(Debug, Args)]
pub struct Refund {
    /// The enrollment's id or the program's short name
    course: String,
    /// How much, such as 20.00 [default: all that is left of what was paid]
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: Option<String>,
    /// Why, for the records
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// The longest reason, in characters.
const LONGEST: usize = 200;

impl Refund {
    /// Writes the refund down, then asks for it for a few seconds.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let reason = reason(&self.reason)?;
        // What is no amount in any currency is no matter of the course's.
        self.amount.as_deref().map(|raw| amount(raw, None)).transpose()?;
        session.moderator().await?;
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let before = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        let currency = before.money.paid().map(|paid| paid.currency);
        let amount = self.amount.as_deref().map(|raw| amount(raw, currency)).transpose()?;
        let view = services.refund(acting.actor, before.enrollment.id, amount, &reason).await?;
        let view = run_caused(services, view).await;
        let refunds = new_refunds(&before, &view);
        if self.json {
            return output::json(&json::refunded(&refunds));
        }
        for refund in &refunds {
            let title = &view.program_title;
            match refund.status {
                RefundStatus::Succeeded => {
                    output::line(format_args!("{} of {title} is paid back.", refund.amount))?;
                }
                RefundStatus::Requested | RefundStatus::Pending => {
                    output::line(format_args!("{} of {title} is on its way back.", refund.amount))?;
                }
                RefundStatus::Failed => {
                    let why = refund.note.clone().unwrap_or_default();
                    output::line(format_args!(
                        "{} of {title} could not be paid back: {}. See: coursevia reconcile",
                        refund.amount,
                        why.as_str().trim_end_matches('.')
                    ))?;
                }
            }
        }
        output::say(TAKES_DAYS);
        Ok(())
    }
}

/// What goes back since then, the newest first.
pub(super) fn new_refunds<'v>(before: &CourseView, now: &'v CourseView) -> Vec<&'v RefundView> {
    let known: Vec<RefundId> = before.money.refunds.iter().map(|refund| refund.id).collect();
    now.money.refunds.iter().filter(|refund| !known.contains(&refund.id)).collect()
}

/// Reads a reason: something has to be said.
pub(super) fn reason(raw: &str) -> Result<Text, Problem> {
    let reason = Text::clean_to(raw.trim(), LONGEST);
    if reason.as_str().is_empty() {
        return Err(Problem::Usage("--reason: say why, in a few words".to_owned()));
    }
    Ok(reason)
}

/// Reads an amount. Where the currency is not known yet, only whether it can be one at all.
fn amount(raw: &str, currency: Option<Currency>) -> Result<Money, Problem> {
    let wrong = |why: &str| {
        Problem::Usage(format!("--amount: {why}. Write a plain number above zero, such as 20.00"))
    };
    let most_decimals = Currency::parse("KWD").unwrap_or(Currency::USD);
    match Money::parse(raw.trim(), currency.unwrap_or(most_decimals)) {
        Ok(amount) if amount.is_zero() => Err(wrong("nothing can't be paid back")),
        Ok(amount) => Ok(amount),
        Err(
            error @ (crate::domain::money::MoneyError::Decimals { .. }
            | crate::domain::money::MoneyError::TooLarge),
        ) => Err(wrong(&error.to_string())),
        Err(_) => Err(wrong(&format!("{:?} is no amount", Text::clean_to(raw, 40).as_str()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_plain_number_above_zero() {
        let read = |raw: &str| amount(raw, Some(Currency::USD)).map(|amount| amount.cents);
        assert_eq!(read("20").ok(), Some(2_000));
        assert_eq!(read(" 0.01 ").ok(), Some(1));
        for raw in ["0", "-1", "$20", "20,00", "1e3", "", "20.001", "99999999999999999999"] {
            assert!(matches!(read(raw), Err(Problem::Usage(_))), "{raw:?}");
        }
        // Before it is known in which currency, only what is wrong in all of them.
        assert!(amount("20.001", None).is_ok() && amount("20.0001", None).is_err());
    }

    #[test]
    fn a_reason_says_something() {
        assert!(matches!(reason(" \u{1b} "), Err(Problem::Usage(_))));
        assert_eq!(reason(" ill ").expect("a reason").as_str(), "ill");
    }
}
