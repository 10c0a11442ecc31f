//! `coursevia cancel COURSE`.

use super::checkout::TAKES_DAYS;
use super::exit::Problem;
use super::json;
use super::output;
use super::refund::new_refunds;
use super::session::CliSession;
use super::work::run_caused;
use crate::domain::money::Money;
use crate::domain::views::CourseView;
use crate::service::CourseRef;
use clap::Args;

/// Cancel an enrollment that has not been started.
#[derive(Debug, Args)]
pub struct Cancel {
    /// The enrollment's id or the program's short name
    course: String,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Cancel {
    /// Cancels, then tells the partner for a few seconds.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let mut before = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        // A switch under way goes first: the course itself is left alone.
        let kept = match (before.switching, &named) {
            (Some(candidate), CourseRef::Program(_)) => {
                let candidate = services.course(acting.actor, candidate).await?;
                Some(std::mem::replace(&mut before, candidate))
            }
            _ => None,
        };
        services.cancel(acting.actor, before.enrollment.id).await?;
        let view = run_caused(services, before.clone()).await;
        let refunds = new_refunds(&before, &view);
        let back = refunds.iter().map(|refund| refund.amount);
        let back = back.reduce(|sum, one| Money { cents: sum.cents + one.cents, ..sum });
        if self.json {
            return output::json(&json::cancelled(&view, back));
        }
        let money = match (back, view.money.payments.iter().any(|payment| payment.paid_at.is_some())) {
            (Some(back), _) => format!("{back} goes back to your card."),
            (None, true) => "Nothing goes back.".to_owned(),
            (None, false) => "Nothing was charged.".to_owned(),
        };
        match kept {
            Some(kept) => output::line(format_args!(
                "Cancelled the switch of {} to {}. You stay with {}. {money}",
                view.program_title,
                name(&view),
                name(&kept)
            ))?,
            None => output::line(format_args!("Cancelled {}. {money}", view.program_title))?,
        }
        if back.is_some() {
            output::say(TAKES_DAYS);
        }
        Ok(())
    }
}

fn name(view: &CourseView) -> String {
    view.provider().map(|provider| provider.name.to_string()).unwrap_or_default()
}
