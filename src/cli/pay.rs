//! `coursevia pay COURSE`.

use super::checkout;
use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::who::Acting;
use super::work::run_caused;
use crate::domain::decide::Choice;
use crate::domain::enrollment::Status;
use crate::domain::event::EventKind;
use crate::domain::failure::Failure;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::views::CourseView;
use crate::platform::signals::EndSignals;
use crate::service::{self, CourseRef, ServiceError, Services};
use clap::Args;

/// Pay for a course that waits for it.
#[derive(Debug, Args)]
pub struct Pay {
    /// The enrollment's id or the program's short name
    course: String,
    /// Wait until it is paid (exit code 0), or the page is over (3)
    #[arg(long)]
    wait: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// What there is to do.
enum Due {
    /// The page is open, or is about to be.
    Page(Box<CourseView>),
    /// It is paid.
    Paid(Box<CourseView>, Money),
}

impl Pay {
    /// Opens the payment page, a new one where the last is over.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        // From here on a signal ends this in order.
        let end = EndSignals::listen()?;
        let view = match Box::pin(due(services, &acting, &self.course)).await? {
            Due::Page(view) => run_caused(services, *view).await,
            Due::Paid(view, _) if self.json => return output::json(&json::enrolled(&view)),
            Due::Paid(view, paid) => {
                return Ok(output::line(format_args!("{} is paid already: {paid}.", view.program_title))?);
            }
        };
        let Some(open) = view.money.open().cloned() else {
            // It ended while we looked: paid on a page that was open, or refused.
            return match checkout::payment_of(&view) {
                Some(last) => checkout::tell_end(services, &view, last, self.json).await,
                None => Err(Failure::new("payment_page", checkout::no_page(&view)).into()),
            };
        };
        let Some(url) = open.url.clone() else {
            return Err(Failure::new("payment_page", checkout::no_page(&view)).into());
        };
        if self.json && !self.wait {
            output::json(&json::enrolled(&view))?;
        } else if self.json {
            output::say(format_args!("Pay {} here: {url}", open.amount));
        } else {
            checkout::tell_page(&view, services.clock.now())?;
            checkout::open(session, &url).await;
        }
        let ours = checkout::is_ours(session, &url).await;
        // One document was printed: whoever reads it is not kept waiting.
        if !self.wait && (self.json || !ours) {
            if ours {
                output::say(checkout::ends_with_us(&view));
            }
            return Ok(());
        }
        if ours {
            output::say("The demo's payment page is played by this command. Ctrl-C ends both.");
        }
        match checkout::ended(session, services, open.id, end).await? {
            Some(ended) => checkout::tell_end(services, &view, &ended, self.json).await,
            None if self.wait => {
                let words = format!(
                    "{} is not paid yet. Your place is held; go on with: coursevia pay {}",
                    view.program_title, view.program_slug
                );
                Err(Failure::new("not_paid_yet", words).into())
            }
            None => Ok(()),
        }
    }
}

/// What is to be paid, by the name of a course.
async fn due(services: &Services, acting: &Acting, named: &str) -> Result<Due, Problem> {
    let named = CourseRef::parse(named);
    let mut view = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
    if let Some(candidate) = view.switching {
        view = services.course(acting.actor, candidate).await?;
    }
    let parked = view.money.parked().is_some();
    let paid = view.money.paid().filter(|paid| !paid.is_zero());
    match (view.enrollment.status, paid) {
        (Status::Active | Status::Completed, Some(paid)) if !parked => Ok(Due::Paid(Box::new(view), paid)),
        (Status::Cancelled, _) if !parked => {
            if !ran_out(services, acting, &view).await? {
                return Err(ServiceError::from(Refusal::Cancelled { title: view.program_title }).into());
            }
            let view = take_again(services, acting, &view).await?;
            output::say(
                "Your place was given back, because it was not paid in time. The same one was free, and is yours again.",
            );
            Ok(Due::Page(Box::new(view)))
        }
        _ => Ok(Due::Page(Box::new(services.pay(acting.actor, view.enrollment.id).await?))),
    }
}

/// Whether it ended because nobody paid in time.
async fn ran_out(services: &Services, acting: &Acting, view: &CourseView) -> Result<bool, Problem> {
    let history = services.history(acting.actor, view.enrollment.id).await?;
    let ends = |kind: &EventKind| {
        matches!(kind, EventKind::HoldExpired | EventKind::Cancelled | EventKind::SwitchEnded)
    };
    Ok(history.iter().map(|entry| entry.kind).find(ends) == Some(EventKind::HoldExpired))
}

/// The same course and start once more.
async fn take_again(services: &Services, acting: &Acting, view: &CourseView) -> Result<CourseView, Problem> {
    let course = view.enrollment.delivery.map(|delivery| delivery.course_id);
    let choice = match (course, view.enrollment.cohort_id) {
        (Some(course), Some(cohort)) => Choice::Cohort(course, cohort),
        (Some(course), None) => Choice::Course(course),
        (None, _) => Choice::Unmade,
    };
    let request = service::Enroll {
        actor: acting.actor,
        student: &acting.student,
        program: view.enrollment.program_id,
        choice,
    };
    Ok(services.enroll(&request).await?)
}
