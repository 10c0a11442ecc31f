//! `coursevia sync`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::domain::actor::Actor;
use crate::domain::failure::Failure;
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
            output::json(&serde_json::json!({ "checked": report.checked, "failed": failed }))?;
        } else {
            output::say(format_args!("{} checked.", report.checked));
            for (_, title, error) in &report.failed {
                output::say(format_args!("{title}: {error}"));
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
