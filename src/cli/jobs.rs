//! `coursevia jobs …`.

use super::exit::Problem;
use super::json;
use super::output;
use super::refund;
use super::session::CliSession;
use super::table::Table;
use super::work::{run_caused, run_due};
use crate::domain::actor::Actor;
use crate::domain::ids::JobId;
use crate::domain::job::{JobKind, ListedJob};
use crate::domain::plan::TendJob;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::{Instant, ago};
use crate::domain::views::CourseView;
use crate::service::ServiceError;
use clap::{Args, Subcommand};

/// Look after outside work that did not come about: partners, mail, certificates (needs --advisor).
#[derive(Debug, Args)]
pub struct Jobs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what was given up
    List {
        /// Also what is still being tried
        #[arg(long)]
        all: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Try it again, now
    Retry {
        /// The job's id, as `jobs list` prints it
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Stop trying, because it is settled otherwise
    Drop {
        /// The job's id, as `jobs list` prints it
        id: String,
        /// Why, for the records
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

impl Jobs {
    /// Whether failures are told as JSON, too.
    pub fn json(&self) -> bool {
        match &self.verb {
            Verb::List { json, .. } | Verb::Retry { json, .. } | Verb::Drop { json, .. } => *json,
        }
    }

    /// Does what the verb says.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::List { all, json } => list(session, all, json).await,
            Verb::Retry { id, json } => Box::pin(tend(session, &id, TendJob::Retry, None, json)).await,
            Verb::Drop { id, reason, json } => {
                let reason = refund::reason(&reason)?;
                Box::pin(tend(session, &id, TendJob::Drop, Some(&reason), json)).await
            }
        }
    }
}

/// The list names students, and what is done about it is done to them.
async fn staff(session: &CliSession) -> Result<Actor, Problem> {
    if session.global.advisor.is_none() {
        return Err(ServiceError::from(Refusal::AdvisorOnly).into());
    }
    Ok(Actor::Staff(session.moderator().await?.id))
}

async fn list(session: &CliSession, all: bool, as_json: bool) -> Result<(), Problem> {
    let staff = staff(session).await?;
    let services = session.services().await?;
    let now = services.clock.now();
    let jobs = services.jobs(staff, all).await?;
    if as_json {
        let jobs: Vec<_> = jobs.iter().map(|(job, course)| json::job(job, course.as_ref(), now)).collect();
        return output::json(&jobs);
    }
    if jobs.is_empty() {
        output::say(if all { "Nothing is left to do." } else { "Nothing was given up." });
        return Ok(());
    }
    let mut table = Table::new(["ID", "WHAT", "STUDENT", "COURSE", "TRIED", "NEXT", "WHY"]);
    for (job, course) in &jobs {
        let course = course.as_ref();
        table.row([
            job.id.to_string(),
            job.kind.code().to_owned(),
            course.map(who).unwrap_or_default(),
            course.map(title).unwrap_or_default(),
            job.attempts.to_string(),
            next(job, now),
            job.last_error.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    output::line(table)?;
    output::say("Try again with: coursevia jobs retry ID --advisor EMAIL");
    Ok(())
}

fn who(course: &CourseView) -> String {
    course.student.email.as_ref().map_or_else(|| course.student.id.to_string(), ToString::to_string)
}

fn title(course: &CourseView) -> String {
    match course.provider() {
        Some(provider) => format!("{} via {}", course.program_title, provider.name),
        None => course.program_title.to_string(),
    }
}

fn next(job: &ListedJob, now: Instant) -> String {
    match job.gave_up_at {
        Some(at) => format!("given up {}", ago(now, at)),
        None if job.is_at_work(now) => "at work".to_owned(),
        None if job.run_at <= now => "due".to_owned(),
        None => format!("in {} min", (job.run_at - now).num_minutes() + 1),
    }
}

async fn tend(
    session: &CliSession,
    id: &str,
    verb: TendJob,
    reason: Option<&Text>,
    as_json: bool,
) -> Result<(), Problem> {
    let staff = staff(session).await?;
    let services = session.services().await?;
    let unknown = || ServiceError::UnknownJob { what: Text::clean_to(id, 60) };
    let id: JobId = uuid::Uuid::parse_str(id.trim()).map_err(|_| unknown())?.into();
    let job = services.tend_job(staff, id, verb, reason).await?;
    let course = match job.enrollment_id {
        Some(about) => Some(services.course(Actor::System, about).await?),
        None => None,
    };
    if verb == TendJob::Retry {
        match &course {
            Some(course) => drop(run_caused(services, course.clone()).await),
            None => run_due(services).await,
        }
    }
    let job = services.store.find_job(id).await.map_err(ServiceError::from)?.unwrap_or(job);
    let now = services.clock.now();
    if as_json {
        return output::json(&json::job(&job, course.as_ref(), now));
    }
    match verb {
        TendJob::Drop => output::say(dropped(&job)),
        TendJob::Retry if job.done_at.is_some() => output::say("Done."),
        TendJob::Retry => {
            let why = job.last_error.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            output::say(format!("Asked again, and not done yet ({}){why}", next(&job, now)));
        }
    }
    Ok(())
}

fn dropped(job: &ListedJob) -> String {
    let rest = match job.kind {
        JobKind::Provision => {
            " The course says that the place could not be prepared; \"try again\" asks the partner anew."
        }
        JobKind::Withdraw => " The partner was not told that the student left.",
        JobKind::Mail | JobKind::Certificate | JobKind::Checkout | JobKind::Refund => "",
    };
    format!("Dropped: nobody tries it any more.{rest}")
}
