//! `coursevia launch [COURSE]`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use super::work::run_caused;
use crate::domain::failure::Failure;
use crate::domain::plan::Handover;
use crate::domain::provider::{LtiTool, Protocol};
use crate::domain::refusal::Refusal;
use crate::domain::views::CourseView;
use crate::domain::web::LaunchUrl;
use crate::platform::Browser;
use crate::platform::signals::EndSignals;
use crate::service::lti::LtiProgress;
use crate::service::{self, CourseRef, ServiceError, Services};
use crate::ui::text;
use clap::Args;
use std::time::Duration;

/// How often it is looked whether the course was opened.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

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
    pub(super) json: bool,
}

const NOTHING_TO_OPEN: &str = "You have no course to open. Find one with: coursevia programs";

impl Launch {
    /// Opens it, or prints the link.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = self.course.as_deref().map(CourseRef::parse);
        let found = services.course_named(acting.actor, acting.student.id, named.as_ref()).await;
        let view = match (found, &named) {
            (Err(ServiceError::UnknownEnrollment { .. }), None) => {
                return Err(Failure::new("unknown_enrollment", NOTHING_TO_OPEN).into());
            }
            (found, _) => found?,
        };
        let id = view.enrollment.id;
        let backend = &session.backend;
        let (view, launch) = match backend.launch(services, acting.actor, id).await? {
            service::Launch::Wait => {
                let view = run_caused(services, view).await;
                let again = backend.launch(services, acting.actor, id).await?;
                (view, again)
            }
            ready @ service::Launch::Link(_) => (view, ready),
        };
        let service::Launch::Link(url) = launch else {
            let partner = view.provider().map(|provider| provider.name.clone()).unwrap_or_default();
            return Err(ServiceError::from(Refusal::StillPreparing { partner }).into());
        };
        let configured = session.backend.config().launch.browser.as_deref();
        let browser = Browser::of_session(session.backend.env(), configured);
        // A link to this machine is of no use to a browser on another one.
        let local = backend.config().lti.public_base_url.is_none();
        let opens_here = local && services.lti_progress(&url).await?.is_some();
        if opens_here && matches!(browser, Browser::Nowhere) {
            output::say(text::opens_on_this_machine(url.expose().as_url().port().unwrap_or_default()));
        }
        let prints = self.print_url || matches!(browser, Browser::Nowhere);
        let handover = if prints { Handover::Printed } else { Handover::Browser };
        // From here on a signal ends this in order.
        let mut end = EndSignals::listen()?;
        // First, because whoever has the link has begun: it may have been cancelled meanwhile.
        services.record_launch(acting.actor, id, handover).await?;
        if self.print_url {
            self.print(&url)?;
        } else {
            self.open(browser, &view, &url).await?;
        }
        if !stay_for_partner(session, services, &url, &mut end).await? {
            return Ok(());
        }
        stay_for_sandbox(session, &view, &url, end).await
    }

    async fn open(&self, of_session: Browser, view: &CourseView, url: &LaunchUrl) -> Result<(), Problem> {
        let browser = of_session.clone();
        let address = url.expose().clone();
        let opened = tokio::task::spawn_blocking(move || browser.open(&address)).await;
        let where_to = view.provider().map_or_else(|| "the course".into(), |provider| provider.name.clone());
        if matches!(opened, Ok(Ok(()))) {
            if self.json {
                self.print(url)?;
            }
            output::say(format_args!("Opened {where_to} in your browser."));
            return Ok(());
        }
        let why = match of_session {
            Browser::Nowhere => "You are connected from elsewhere, so no browser is opened here.",
            _ => "No browser could be started.",
        };
        // The login address of a link partner may be kept; a link into a course may not.
        let once = if url.expires_at().is_some() { "; it works once" } else { "" };
        output::say(format_args!("{why} Open this link{once}:"));
        self.print(url)
    }

    fn print(&self, url: &LaunchUrl) -> Result<(), Problem> {
        if self.json {
            let link = serde_json::json!({ "url": url.expose(), "expires_at": url.expires_at() });
            return output::json(&link);
        }
        Ok(output::line(url.expose())?)
    }
}

/// A launch by LTI 1.3 comes back to this very process. `false` when a signal ended the wait.
async fn stay_for_partner(
    session: &CliSession,
    services: &Services,
    url: &LaunchUrl,
    end: &mut EndSignals,
) -> Result<bool, Problem> {
    if !session.backend.hosts_endpoint().await || services.lti_progress(url).await?.is_none() {
        return Ok(true);
    }
    output::say(
        "The partner asks this command who you are. It waits until the course is open; Ctrl-C ends it.",
    );
    loop {
        match services.lti_progress(url).await? {
            Some(LtiProgress::Opened) => {
                output::say("The course is open.");
                return Ok(true);
            }
            Some(LtiProgress::Awaited) => {}
            Some(LtiProgress::Over) | None => {
                let words = "the link has run out before the course was opened. Launch it again.";
                return Err(Problem::Told(words.to_owned()));
            }
        }
        tokio::select! {
            () = end.recv() => return Ok(false),
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

/// A link into the sandbox of this very process would be dead the moment it ends.
async fn stay_for_sandbox(
    session: &CliSession,
    view: &CourseView,
    url: &LaunchUrl,
    mut end: EndSignals,
) -> Result<(), Problem> {
    let played = match view.provider().map(|provider| &provider.protocol) {
        // Its link leads to our own endpoint, wherever the tool is.
        Some(Protocol::Lti13(access)) => access.tool == LtiTool::Sandbox,
        _ => url.expose().is_loopback(),
    };
    if played && session.backend.hosts_sandbox().await {
        output::say("The demo partner runs in this command. Ctrl-C ends it.");
        end.recv().await;
    }
    Ok(())
}
