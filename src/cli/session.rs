//! What every command starts from: configuration, output, backend.

use super::Global;
use super::exit::Problem;
use super::output;
use crate::config::Config;
use crate::platform::{Clock, Env, IdSource};
use crate::runtime::Backend;
use crate::service::Services;
use crate::store::FailPoints;
use std::sync::Arc;

/// One run of a command.
#[derive(Debug)]
pub struct CliSession {
    /// The global options.
    pub global: Global,
    /// What stands behind.
    pub backend: Arc<Backend>,
}

impl CliSession {
    /// Reads the configuration. Nothing is opened yet.
    pub fn open(global: Global) -> Result<Self, Problem> {
        let env = Env::read();
        let config = Config::load(&global.flags(), &env)?;
        for warning in &config.warnings {
            output::say(format_args!("coursevia: {warning}"));
        }
        let backend = Backend::new(config, env.clone(), Clock::System, IdSource::Random, fail_points(&env)?);
        Ok(Self { global, backend: Arc::new(backend) })
    }

    /// The services, opened on first use.
    pub async fn services(&self) -> Result<&Services, Problem> {
        Ok(self.backend.services().await?)
    }

    /// Closes what was opened.
    pub async fn close(&self) {
        self.backend.close().await;
    }
}

/// Where this process is to be killed, for the crash tests; only in builds with debug assertions.
fn fail_points(env: &Env) -> Result<FailPoints, Problem> {
    match env.get("COURSEVIA_CRASH_AT") {
        Some(spec) if cfg!(debug_assertions) => FailPoints::parse(spec)
            .ok_or_else(|| Problem::Usage(format!("COURSEVIA_CRASH_AT: there is no fail point \"{spec}\""))),
        _ => Ok(FailPoints::none()),
    }
}
