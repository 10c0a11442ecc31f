//! `coursevia switch COURSE`.

use super::checkout;
use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::table::Table;
use super::work::run_caused;
use crate::domain::decide::{Overrule, SwitchQuote};
use crate::domain::enrollment::Status;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::day;
use crate::domain::views::CourseView;
use crate::service::{self, CourseRef, Services};
use clap::Args;

/// Switch to another partner before you start.
#[derive(Debug, Args)]
pub struct Switch {
    /// The enrollment's id or the program's short name
    course: String,
    /// The new partner, where there are several
    #[arg(long, value_name = "NAME")]
    partner: Option<String>,
    /// The start there, such as 2026-12-01, where there are several [default: the next with a free seat]
    #[arg(long, value_name = "DATE")]
    cohort: Option<String>,
    /// Only say what would change
    #[arg(long)]
    quote: bool,
    /// Why it is right although the partner does not say whether the course was begun (advisors)
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Switch {
    /// Says what changes, or switches.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let overrule = self.overrule(session)?;
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let old = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        let program = services.program(old.program_slug.as_str()).await?;
        let mut choice = Services::choice(&program, self.partner.as_deref())?;
        if let Some(start) = &self.cohort {
            choice = services.start(&program, choice, start)?;
        }
        let request = service::Switch { actor: acting.actor, course: old.enrollment.id, choice, overrule };
        if self.quote {
            let (quote, refusal) = services.switch_quote(&request).await?;
            return self.tell_quote(&quote, refusal.as_ref());
        }
        let new = services.switch(&request).await?;
        let new = run_caused(services, new).await;
        // The old partner is told, too.
        run_caused(services, old.clone()).await;
        let switched = new.enrollment.status == Status::Active;
        if self.json {
            output::json(&json::switched(&new, switched))?;
        }
        if switched {
            return if self.json { Ok(()) } else { tell_switched(&old, &new) };
        }
        self.hand_over(session, services, &old, &new).await
    }

    fn overrule(&self, session: &CliSession) -> Result<Option<Overrule>, Problem> {
        let Some(reason) = &self.reason else {
            return Ok(None);
        };
        if session.global.advisor.is_none() {
            return Err(Problem::Usage(
                "--reason is an advisor's word. Say who with --advisor EMAIL, or leave it out".to_owned(),
            ));
        }
        Ok(Some(Overrule(super::refund::reason(reason)?)))
    }

    fn tell_quote(&self, quote: &SwitchQuote, refusal: Option<&Refusal>) -> Result<(), Problem> {
        if self.json {
            return output::json(&json::switch_quote(quote, refusal));
        }
        // Nothing would change: there is nothing to compare.
        if let Some(refusal) = refusal.filter(|_| quote.from == quote.to) {
            return Ok(output::line(format_args!("It is not possible now. {refusal}"))?);
        }
        let start = |start: Option<chrono::NaiveDate>| start.map_or_else(|| "any time".to_owned(), day);
        let money = |money: Money| if money.is_zero() { "nothing".to_owned() } else { money.to_string() };
        let mut table = Table::of(vec!["Partner".into(), quote.from.to_string(), quote.to.to_string()]);
        table.row(["Starts".into(), start(quote.old_start), start(quote.new_start)]);
        table.row(["Price".into(), format!("{} paid", money(quote.paid)), quote.price.to_string()]);
        output::line(table)?;
        if let Some(seats) = quote.seats_left {
            output::line(format_args!("Seats left there: {seats}."))?;
        }
        if let Some(failed) = &quote.failed {
            output::line(failed.because(&quote.from))?;
            output::line(failed.progress_words(quote))?;
        }
        match (quote.due.is_zero(), quote.refund.is_zero()) {
            (false, _) => output::line(format_args!("You pay {}.", quote.due))?,
            (true, false) => output::line(format_args!("You get {} back.", quote.refund))?,
            (true, true) => output::line("You pay nothing, and nothing goes back.")?,
        }
        match refusal {
            Some(refusal) => output::line(format_args!("It is not possible now. {refusal}"))?,
            None if quote.price.is_zero() => {}
            None => output::say(format_args!("With {}: {}", quote.to, quote.policy)),
        }
        Ok(())
    }

    /// The difference has to be paid first.
    async fn hand_over(
        &self,
        session: &CliSession,
        services: &Services,
        old: &CourseView,
        new: &CourseView,
    ) -> Result<(), Problem> {
        if !self.json {
            let partner = new.provider().map(|provider| provider.name.to_string()).unwrap_or_default();
            let before = old.provider().map(|provider| provider.name.to_string()).unwrap_or_default();
            output::say(format_args!(
                "You switch to {partner} as soon as the difference is paid. Until then you stay with {before}."
            ));
        }
        checkout::hand_over(session, services, new, self.json).await
    }
}

fn tell_switched(old: &CourseView, new: &CourseView) -> Result<(), Problem> {
    let name = |view: &CourseView| view.provider().map(|provider| provider.name.clone());
    let (from, to): (Text, Text) = (name(old).unwrap_or_default(), name(new).unwrap_or_default());
    let starts = new.cohort.as_ref().map(|cohort| format!(", starts {}", day(cohort.starts_on)));
    output::line(format_args!(
        "Switched {} from {from} to {to}{}.",
        new.program_title,
        starts.unwrap_or_default()
    ))?;
    let back = new.money.refunds.iter().filter(|refund| refund.enrollment_id == new.enrollment.id);
    let back = back.map(|refund| refund.amount);
    match back.reduce(|sum, one| Money { cents: sum.cents + one.cents, ..sum }) {
        Some(back) => output::say(format_args!("{back} goes back to your card. {}", checkout::TAKES_DAYS)),
        None => output::say(format_args!("Start it with: coursevia launch {}", new.program_slug)),
    }
    Ok(())
}
