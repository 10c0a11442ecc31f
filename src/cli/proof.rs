//! `coursevia proof …`.

mod show;

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use super::table::Table;
use super::work::run_caused;
use super::{json, refund};
use crate::domain::actor::Actor;
use crate::domain::ids::ProofId;
use crate::domain::person::Student;
use crate::domain::proof::{FinishReport, Proof, ProofStatus, ProofView, note_text};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::day;
use crate::platform::terminal::utc_offset;
use crate::runtime::proof as evidence;
use crate::service::{CourseRef, ServiceError};
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Say that you have finished a course whose partner reports nothing, or decide about it.
#[derive(Debug, Args)]
pub struct ProofCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say that you have finished a course whose partner does not report progress
    Send(Send),
    /// List your reports; with --advisor those that wait for a decision
    List(List),
    /// Show a report, and save the file that came with it
    Show(show::Show),
    /// Believe a report: the course is completed (needs --advisor)
    Accept(Accept),
    /// Do not believe a report (needs --advisor)
    Decline(Decline),
}

#[derive(Debug, Args)]
struct Send {
    /// The enrollment's id or the program's short name
    course: String,
    /// The day you finished, such as 2026-12-01 [default: today]
    #[arg(long, value_name = "DATE")]
    finished: Option<NaiveDate>,
    /// What you want to add, at most 500 characters
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<String>,
    /// A page that shows it, such as https://…
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    link: Option<String>,
    /// A file that shows it, of at most 2 MB
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct List {
    /// Also those that are decided
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Accept {
    /// The report's id, as `proof list` prints it
    id: String,
    /// What the student reads with it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Decline {
    /// The report's id, as `proof list` prints it
    id: String,
    /// Why; the student reads it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl ProofCommand {
    /// Whether failures are told as JSON on stdout, too.
    pub fn json(&self) -> bool {
        match &self.verb {
            Verb::Send(send) => send.json,
            Verb::List(list) => list.json,
            Verb::Show(show) => show.json(),
            Verb::Accept(accept) => accept.json,
            Verb::Decline(decline) => decline.json,
        }
    }

    /// Does what the verb says.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::Send(send) => send.run(session).await,
            Verb::List(list) => list.run(session).await,
            Verb::Show(show) => show.run(session).await,
            Verb::Accept(accept) => Box::pin(accept.run(session)).await,
            Verb::Decline(decline) => Box::pin(decline.run(session)).await,
        }
    }
}

impl Send {
    async fn run(self, session: &CliSession) -> Result<(), Problem> {
        let note = self.note.as_deref().map(note).transpose()?.flatten();
        let evidence = match (&self.link, &self.file) {
            (Some(link), _) => Some(evidence::link(link)?),
            (None, Some(path)) => Some(evidence::file(path)?),
            (None, None) => None,
        };
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let view = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        let now = services.clock.now();
        let zone = utc_offset(now);
        let finished_on = self.finished.unwrap_or_else(|| now.with_timezone(&zone).date_naive());
        let report = FinishReport { finished_on, note, evidence };
        let view = services.send_proof(acting.actor, view.enrollment.id, report, zone).await?;
        if self.json {
            let sent = view.proof.as_ref().map(|proof| json::proof_of(proof, &view));
            return output::json(&sent);
        }
        let partner = view.provider().map(|provider| format!(" via {}", provider.name)).unwrap_or_default();
        Ok(output::line(format_args!(
            "You finished {}{partner} on {}. An advisor looks at it; you get a mail.",
            view.program_title,
            day(finished_on)
        ))?)
    }
}

impl List {
    async fn run(self, session: &CliSession) -> Result<(), Problem> {
        let services = session.services().await?;
        let (actor, student) = if session.global.advisor.is_some() {
            let student = match &session.global.student {
                Some(named) => Some(services.student(named).await?.id),
                None => None,
            };
            (Actor::Staff(session.moderator().await?.id), student)
        } else {
            let acting = session.acting().await?;
            (acting.actor, Some(acting.student.id))
        };
        let mut reports = services.proofs(actor, student, self.all).await?;
        // A student's own are few: all of them are shown, unless an advisor looks for what is to be done.
        let queue = matches!(actor, Actor::Staff(_)) && !self.all;
        reports.retain(|view| !queue || view.proof.status == ProofStatus::Open);
        if self.json {
            return output::json(&reports.iter().map(json::proof).collect::<Vec<_>>());
        }
        if reports.is_empty() {
            output::say(if queue {
                "No report waits for a decision. See those that are decided with: --all"
            } else {
                "No course is reported as finished yet. Report one with: coursevia proof send COURSE"
            });
            return Ok(());
        }
        let mut table = Table::new(["ID", "STUDENT", "COURSE", "VIA", "FINISHED", "SENT", "PROOF", "STATE"]);
        for view in &reports {
            let proof = &view.proof;
            table.row([
                proof.id.to_string(),
                who(&view.student),
                view.program_title.to_string(),
                view.partner.to_string(),
                proof.finished_on.to_string(),
                proof.sent_at.format("%Y-%m-%d").to_string(),
                shown_by(proof).to_owned(),
                state(proof).to_owned(),
            ]);
        }
        output::line(table)?;
        if queue {
            output::say("Look at one with: coursevia proof show ID --advisor EMAIL");
        }
        Ok(())
    }
}

impl Accept {
    async fn run(self, session: &CliSession) -> Result<(), Problem> {
        let note = self.note.as_deref().map(note).transpose()?.flatten();
        let id = proof_id(&self.id)?;
        let actor = Actor::Staff(session.moderator().await?.id);
        let services = session.services().await?;
        let view = services.accept_proof(actor, id, note).await?;
        let view = run_caused(services, view).await;
        if self.json {
            return output::json(&json::proof(&services.proof(actor, id).await?));
        }
        Ok(output::line(format_args!(
            "{} has completed {}. They get a mail.",
            who(&view.student),
            view.program_title
        ))?)
    }
}

impl Decline {
    async fn run(self, session: &CliSession) -> Result<(), Problem> {
        refund::reason(&self.reason)?;
        let reason = note(&self.reason)?.unwrap_or_default();
        let id = proof_id(&self.id)?;
        let actor = Actor::Staff(session.moderator().await?.id);
        let services = session.services().await?;
        let view = services.decline_proof(actor, id, reason).await?;
        let view = run_caused(services, view).await;
        if self.json {
            return output::json(&json::proof(&services.proof(actor, id).await?));
        }
        Ok(output::line(format_args!(
            "The report of {} about {} is declined. They get a mail with the reason and can send another one.",
            who(&view.student),
            view.program_title
        ))?)
    }
}

fn note(raw: &str) -> Result<Option<Text>, Problem> {
    note_text(raw).map_err(|refusal| ServiceError::from(Refusal::from(refusal)).into())
}

fn proof_id(raw: &str) -> Result<ProofId, Problem> {
    let unknown = || ServiceError::UnknownProof { what: Text::clean_to(raw, 60) };
    uuid::Uuid::parse_str(raw.trim()).map(ProofId::from).map_err(|_| unknown().into())
}

fn who(student: &Student) -> String {
    student.email.as_ref().map_or_else(|| student.id.to_string(), ToString::to_string)
}

fn shown_by(proof: &Proof) -> &'static str {
    match (&proof.url, &proof.file) {
        (Some(_), _) => "link",
        (None, Some(_)) => "file",
        (None, None) => "none",
    }
}

fn state(proof: &Proof) -> &'static str {
    match proof.status {
        ProofStatus::Open => "waits for an advisor",
        ProofStatus::Accepted => "accepted",
        ProofStatus::Declined => "declined",
    }
}

/// Who may look at a report: an advisor at any, a student at their own.
async fn looking(session: &CliSession) -> Result<Actor, Problem> {
    if session.global.advisor.is_some() {
        return Ok(Actor::Staff(session.moderator().await?.id));
    }
    Ok(session.acting().await?.actor)
}

/// A report in words, and one line per fact.
fn facts(view: &ProofView) -> Vec<(&'static str, String)> {
    let proof = &view.proof;
    let moment = |at: crate::domain::time::Instant| at.format("%a %-d %b %Y, %H:%M UTC").to_string();
    let file = proof.file.as_ref().map(|(name, bytes)| format!("{name} ({bytes} bytes)"));
    let facts = [
        ("Student", Some(who(&view.student))),
        ("Course", Some(format!("{} via {}", view.program_title, view.partner))),
        ("Finished", Some(day(proof.finished_on))),
        ("Sent", Some(moment(proof.sent_at))),
        ("Note", proof.note.as_ref().map(ToString::to_string)),
        ("Link", proof.url.as_ref().map(ToString::to_string)),
        ("File", file),
        ("State", Some(state(proof).to_owned())),
        ("Decided", proof.decided_at.map(moment)),
        ("Answer", proof.decision_note.as_ref().map(ToString::to_string)),
    ];
    facts.into_iter().filter_map(|(name, words)| Some((name, words?))).collect()
}
