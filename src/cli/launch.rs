//! `coursevia launch [COURSE]`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use super::work::run_caused;
use crate::domain::plan::Handover;
use crate::domain::refusal::Refusal;
use crate::domain::views::CourseView;
use crate::domain::web::LaunchUrl;
use crate::platform::Browser;
use crate::platform::signals::EndSignals;
use crate::service::{self, CourseRef, ServiceError};
use clap::Args;

/// Open a course at its partner.
#[derive(Debug, Args)]
pub struct Launch {
    /// The enrollment's id or the program's short name [default: the last used]
    course: Option<String>,
    /// Print the link instead of opening it
    #[arg(long)]
    print_url: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Launch {
    /// Opens it, or prints the link.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        session.json = self.json;
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = self.course.as_deref().map(CourseRef::parse);
        let view = services.course_named(acting.actor, acting.student.id, named.as_ref()).await?;
        let id = view.enrollment.id;
        let (view, launch) = match services.launch(acting.actor, id).await? {
            service::Launch::Wait => {
                let view = run_caused(services, view).await;
                let again = services.launch(acting.actor, id).await?;
                (view, again)
            }
            ready @ service::Launch::Link(_) => (view, ready),
        };
        let service::Launch::Link(url) = launch else {
            let partner = view.provider().map(|provider| provider.name.clone()).unwrap_or_default();
            return Err(ServiceError::from(Refusal::StillPreparing { partner }).into());
        };
        let handover =
            if self.print_url { Handover::Printed } else { self.open(session, &view, &url).await? };
        if handover == Handover::Printed {
            self.print(&url)?;
        }
        services.record_launch(acting.actor, id, handover).await?;
        stay_for_sandbox(session, &url).await
    }

    async fn open(
        &self,
        session: &CliSession,
        view: &CourseView,
        url: &LaunchUrl,
    ) -> Result<Handover, Problem> {
        let configured = session.backend.config().launch.browser.as_deref();
        let browser = Browser::of_session(session.backend.env(), configured);
        let address = url.expose().clone();
        let opened = tokio::task::spawn_blocking(move || browser.open(&address)).await;
        let where_to = view.provider().map_or_else(|| "the course".into(), |provider| provider.name.clone());
        if matches!(opened, Ok(Ok(()))) {
            if self.json {
                self.print(url)?;
            }
            output::say(format_args!("Opened {where_to} in your browser."));
            return Ok(Handover::Browser);
        }
        output::say("No browser could be started. Open this link; it works once:");
        Ok(Handover::Printed)
    }

    fn print(&self, url: &LaunchUrl) -> Result<(), Problem> {
        if self.json {
            let link = serde_json::json!({ "url": url.expose(), "expires_at": url.expires_at() });
            return output::json(&link);
        }
        Ok(output::line(url.expose())?)
    }
}

/// A link into the sandbox of this very process would be dead the moment it ends.
async fn stay_for_sandbox(session: &CliSession, url: &LaunchUrl) -> Result<(), Problem> {
    if url.expose().is_loopback() && session.backend.hosts_sandbox().await {
        output::say("The demo partner runs in this command. Ctrl-C ends it.");
        EndSignals::listen()?.recv().await;
    }
    Ok(())
}
