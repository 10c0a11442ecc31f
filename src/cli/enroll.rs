//! `coursevia enroll SLUG`.

use super::checkout;
use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::waitlist;
use super::work::run_caused;
use crate::domain::enrollment::{Link, Status};
use crate::domain::failure::Failure;
use crate::domain::job::{JobKind, JobState};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::day;
use crate::domain::views::CourseView;
use crate::service::{self, ServiceError, Services};
use clap::Args;

/// Enroll in a program.
#[derive(Debug, Args)]
pub struct Enroll {
    /// The program's short name, such as cna-training
    slug: String,
    /// The partner, where there are several
    #[arg(long, value_name = "NAME")]
    partner: Option<String>,
    /// The start, such as 2026-12-01, where there are several [default: the next with a free seat]
    #[arg(long, value_name = "DATE")]
    cohort: Option<String>,
    /// Join the waitlist of a start that is full
    #[arg(long)]
    waitlist: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Enroll {
    /// Enrolls, then does the outside work of it for a few seconds.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let services = session.services().await?;
        let program = services.program(&self.slug).await?;
        let mut choice = Services::choice(&program, self.partner.as_deref())?;
        if let Some(start) = &self.cohort {
            choice = services.start(&program, choice, start)?;
        }
        let acting = session.acting_or_new().await?;
        let request = service::Enroll {
            actor: acting.actor,
            student: &acting.student,
            program: program.program.id,
            choice,
        };
        if self.waitlist {
            let entry = services.join_waitlist(&request).await?;
            return waitlist::joined(&entry, self.json);
        }
        let view = services.enroll(&request).await.map_err(|error| self.or_instead(&error))?;
        let view = run_caused(services, view).await;
        if self.json {
            output::json(&json::enrolled(&view))?;
        }
        if view.enrollment.status == Status::Pending {
            return checkout::hand_over(session, services, &view, self.json).await;
        }
        if self.json {
            return Ok(());
        }
        let partner = view.provider().map(|provider| &provider.name);
        let starts = view.cohort.as_ref().map(|cohort| format!(", starts {}", day(cohort.starts_on)));
        let starts = starts.unwrap_or_default();
        match partner {
            Some(partner) => {
                output::line(format_args!("Enrolled in {} via {partner}{starts}.", view.program_title))?;
            }
            None => output::line(format_args!("Enrolled in {}, taught here.", view.program_title))?,
        }
        match (view.enrollment.link, partner) {
            (Link::Requested, Some(partner)) => output::say(still_preparing(&view, partner)),
            (Link::Failed, Some(partner)) => output::say(format_args!(
                "{partner} could not prepare your place. Open My courses in coursevia and try again."
            )),
            (Link::None, _) if view.taught.is_none() => output::say("Its lessons are coming soon."),
            (Link::None, _) => {
                output::say("To begin, start coursevia and press Enter on it under My courses.");
            }
            _ => output::say(format_args!("Start it with: coursevia launch {}", view.program_slug)),
        }
        Ok(())
    }
}

impl Enroll {
    /// A start that is full can be waited for: with what was typed, and one word more. What waits for
    /// its payment can be paid.
    fn or_instead(&self, error: &ServiceError) -> Failure {
        let mut failure = Failure::from(error);
        if let ServiceError::Refused(Refusal::StartFull { partner, .. }) = error {
            let partner =
                self.partner.as_ref().map(|_| format!(" --partner {}", output::shell_word(partner.as_str())));
            let start = self.cohort.as_ref().map(|start| format!(" --cohort {}", start.trim()));
            let wait = [Some(format!("coursevia enroll {}", self.slug)), partner, start];
            let wait: String = wait.into_iter().flatten().collect();
            failure.message = format!("{} To wait for it: {wait} --waitlist", failure.message);
        }
        if let ServiceError::Refused(Refusal::PaymentOpen { .. } | Refusal::AwaitingPayment { .. }) = error {
            failure.message = format!("{} To pay: coursevia pay {}", failure.message, self.slug);
        }
        failure
    }
}

/// Why the place is not ready, as far as this machine can tell, and what happens next.
fn still_preparing(view: &CourseView, partner: &Text) -> String {
    let job = view.jobs.iter().find(|job| job.kind == JobKind::Provision);
    match job {
        Some(JobState { last_error: Some(why), .. }) => {
            format!(
                "{partner} is still preparing your place. {why} It goes on while coursevia or `coursevia work` runs."
            )
        }
        Some(JobState { attempts: 0, .. }) => format!(
            "Your place at {partner} is prepared by the machine that holds the partner's key, where `coursevia work` runs."
        ),
        _ => format!(
            "{partner} is still preparing your place. It goes on while coursevia or `coursevia work` runs."
        ),
    }
}
