//! `coursevia work`, and the outside work one-shot commands cause.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::domain::actor::Actor;
use crate::domain::views::CourseView;
use crate::platform::signals::EndSignals;
use crate::runtime::worker;
use crate::service::{Services, Worked};
use chrono::TimeDelta;
use clap::Args;
use tokio_util::sync::CancellationToken;

/// Do outside work as it falls due.
#[derive(Debug, Args)]
pub struct Work {
    /// Only what is due now and a look at open payments, then end
    #[arg(long)]
    once: bool,
}

/// How long a one-shot command stays for the work it caused.
const STAY: TimeDelta = TimeDelta::seconds(10);

impl Work {
    /// Works until told to stop.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let services = session.services().await?;
        if self.once {
            services.settle_seats().await?;
            if let Err(error) = services.find_late_payments().await {
                tracing::warn!(%error, "payments that may have come late are looked at another time");
            }
            if let Err(error) = services.announce_expiring().await {
                tracing::warn!(%error, "certificates that run out are announced another time");
            }
            // Whoever runs it by hand has just paid, and would wait for the next look otherwise.
            services.hurry_payments(None).await?;
            let (mut done, mut open) = (0, 0);
            while let Some(worked) = services.work_once().await? {
                if matches!(worked, Worked::Done(_)) { done += 1 } else { open += 1 }
            }
            output::say(format_args!("{done} done, {open} to be tried again or looked at."));
            return Ok(());
        }
        // Whoever has the key answers partners that open by LTI 1.3, whether an app runs or not.
        if session.backend.config().lti.key_file.exists() {
            session.backend.provide_endpoint(services).await;
            match services.lti.endpoint() {
                Ok(url) => output::say(format_args!("Partners that open by LTI 1.3 are answered at {url}")),
                Err(error) => output::say(format_args!("coursevia: {error}")),
            }
        }
        let mut end = EndSignals::listen()?;
        let stop = CancellationToken::new();
        let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel();
        let mut worker = tokio::spawn(worker::work(session.backend.clone(), tx, stop.clone()));
        output::say("Working. Ctrl-C ends it after the job at hand.");
        loop {
            tokio::select! {
                () = end.recv() => break,
                ended = &mut worker => return ended.map_err(|error| Problem::Other(error.into())),
                Some(()) = rx.recv() => {}
            }
        }
        stop.cancel();
        worker.await.map_err(|error| Problem::Other(error.into()))
    }
}

/// Does what an enrollment or cancellation has caused, for up to ten seconds. What is left
/// stays in the database for the next worker.
pub(super) async fn run_caused(services: &Services, view: CourseView) -> CourseView {
    let id = view.enrollment.id;
    let worked = services.work_for(id, services.clock.now() + STAY).await;
    if let Err(error) = worked {
        tracing::warn!(%error, "outside work is left for later");
    }
    services.course(Actor::System, id).await.unwrap_or(view)
}

/// Does what is due, for up to ten seconds: a seat that was given back is offered by mail.
pub(super) async fn run_due(services: &Services) {
    let deadline = services.clock.now() + STAY;
    while services.clock.now() < deadline {
        match services.work_once().await {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => {
                tracing::warn!(%error, "outside work is left for later");
                break;
            }
        }
    }
}
