//! `coursevia courses`.

use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::table::Table;
use crate::domain::enrollment::{Link, Status};
use crate::domain::time::ago;
use crate::domain::views::CourseView;
use clap::Args;

/// List your enrollments.
#[derive(Debug, Args)]
pub struct Courses {
    /// Cancelled ones too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Courses {
    /// Prints them, newest first.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let mut courses = services.courses(acting.actor, acting.student.id).await?;
        let known = courses.len();
        courses.retain(|view| self.all || view.enrollment.status != Status::Cancelled);
        if self.json {
            return output::json(&courses.iter().map(json::course).collect::<Vec<_>>());
        }
        if courses.is_empty() {
            output::say(if known == 0 {
                "No courses yet. Find one with: coursevia programs"
            } else {
                "All your courses are cancelled. See them with: coursevia courses --all"
            });
            return Ok(());
        }
        let now = services.clock.now();
        let mut table = Table::new(["PROGRAM", "COURSE", "VIA", "STATE", "PROGRESS", "REPORTED"]);
        for view in &courses {
            table.row([
                view.program_slug.to_string(),
                view.program_title.to_string(),
                view.provider()
                    .map_or_else(|| "taught here".to_owned(), |provider| provider.name.to_string()),
                state(view).to_owned(),
                view.enrollment.progress.percent.to_string(),
                view.enrollment.progress.as_of.map_or_else(|| "not yet".to_owned(), |at| ago(now, at)),
            ]);
        }
        Ok(output::line(table)?)
    }
}

fn state(view: &CourseView) -> &'static str {
    match (view.enrollment.status, view.enrollment.link) {
        (Status::Pending, _) => "waiting for payment",
        (Status::Completed, _) => "completed",
        (Status::Cancelled, _) => "cancelled",
        (Status::Active, Link::Requested) => "being prepared",
        (Status::Active, Link::Failed) => "needs you: try again",
        (Status::Active, Link::Manual) => "sign in at the partner",
        (Status::Active, Link::None) => "lessons coming soon",
        (Status::Active, Link::Confirmed) => "ready",
    }
}
