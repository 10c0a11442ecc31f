//! `coursevia sync`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::domain::actor::Actor;
use crate::domain::failure::Failure;
use crate::domain::money::counted;
use clap::Args;

/// Ask the partners for progress.
#[derive(Debug, Args)]
pub struct Sync {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Sync {
    /// Asks about one student's enrollments, or about all that are due.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let named = session.global.student.is_some() || session.profile()?.is_some();
        let (actor, student) = if named {
            let acting = session.acting().await?;
            (acting.actor, Some(acting.student.id))
        } else {
            (Actor::System, None)
        };
        let services = session.services().await?;
        let report = services.sync(actor, student).await?;
        while services.work_once().await?.is_some() {}
        if self.json {
            let failed: Vec<_> = report
                .failed
                .iter()
                .map(|(id, title, error)| {
                    serde_json::json!({ "enrollment_id": id, "title": title, "code": error.code(), "message": error.to_string() })
                })
                .collect();
            let left: Vec<_> = report
                .left
                .iter()
                .map(|left| serde_json::json!({ "partner": left.partner, "waiting": left.waiting }))
                .collect();
            output::json(&serde_json::json!({ "checked": report.checked, "failed": failed, "left": left }))?;
        } else {
            output::say(format_args!("{} checked.", report.checked));
            // A partner that is down says the same about everybody: once is enough.
            let lines = report.failed.iter().map(|(_, title, error)| format!("{title}: {error}"));
            for line in lines.collect::<std::collections::BTreeSet<_>>() {
                output::say(line);
            }
            for left in &report.left {
                let waiting = counted(left.waiting.try_into().unwrap_or(u64::MAX), "enrollment");
                output::say(format_args!(
                    "{} was left alone after several failures: {waiting} of it wait for the next run.",
                    left.partner
                ));
            }
        }
        match report.failed.len() {
            0 => Ok(()),
            _ if self.json => Err(Problem::Told("some partners could not be asked".to_owned())),
            count => {
                let words =
                    format!("{count} of {} could not be asked. The others are up to date.", report.checked);
                Err(Failure::new("sync_incomplete", words).into())
            }
        }
    }
}
