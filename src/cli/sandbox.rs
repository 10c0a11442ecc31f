//! `coursevia sandbox`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::platform::signals::EndSignals;
use crate::platform::{Clock, IdSource};
use crate::runtime::backend::platform;
use crate::sandbox::{FailPlan, SandboxOptions};
use clap::Args;
use std::path::PathBuf;

/// Play the demo partners and the payment processor on this machine.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// The port on 127.0.0.1; 0 takes any
    #[arg(long)]
    port: Option<u16>,
    /// Its database file [default: sandbox.db in the user's data directory]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Accept only this credential
    #[arg(long)]
    key: Option<String>,
    /// Misbehave, for tests: a comma list such as timeout,slow,processor:timeout
    #[arg(long, value_name = "LIST", default_value = "")]
    fail: FailPlan,
}

impl Sandbox {
    /// Serves until told to stop.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let config = &session.backend.config().sandbox;
        let options = SandboxOptions {
            port: self.port.unwrap_or(config.port),
            link_port: None,
            file: self.file.unwrap_or_else(|| config.file.clone()),
            key: self.key,
            fail: self.fail,
            lti: Some(platform(session.backend.config(), None)),
            clock: Clock::System,
            ids: IdSource::Random,
        };
        let mut end = EndSignals::listen()?;
        let sandbox = crate::sandbox::Sandbox::start(options).await.map_err(anyhow::Error::from)?;
        output::line(sandbox.url())?;
        output::say("The demo partners and the practice payment page answer here. Ctrl-C ends them.");
        end.recv().await;
        sandbox.shutdown().await;
        Ok(())
    }
}
