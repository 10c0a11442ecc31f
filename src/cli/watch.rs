//! `coursevia watch COURSE`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::service::CourseRef;
use clap::Args;

/// Get a mail when the partner of a course is back.
#[derive(Debug, Args)]
pub struct Watch {
    /// The enrollment's id or the program's short name
    course: String,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Watch {
    /// Writes the wish down.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let view = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        let watched = services.watch_partner(acting.actor, view.enrollment.id).await?;
        if self.json {
            return output::json(&serde_json::json!({
                "enrollment_id": view.enrollment.id, "partner": watched.partner, "first": watched.first,
            }));
        }
        let again = if watched.first { "" } else { " You asked before; it is one mail." };
        Ok(output::line(format_args!("You get a mail when {} is back.{again}", watched.partner))?)
    }
}
