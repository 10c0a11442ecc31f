//! `coursevia cancel COURSE`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use super::work::run_caused;
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
        let view = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        services.cancel(acting.actor, view.enrollment.id).await?;
        let view = run_caused(services, view).await;
        if self.json {
            return output::json(&super::json::enrolled(&view));
        }
        Ok(output::line(format_args!("Cancelled {}. Nothing was charged.", view.program_title))?)
    }
}
