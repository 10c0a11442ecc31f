//! `coursevia partner …`: a partner's life.

use super::exit::Problem;
use super::json;
use super::output;
use super::refund::reason;
use super::session::CliSession;
use super::table::Table;
use crate::domain::decide::PartnerChange;
use crate::domain::provider::{Availability, Provider, Retirement, Stage};
use crate::domain::text::Text;
use crate::domain::time::{Instant, ago, day};
use chrono::NaiveDate;
use clap::{Args, Subcommand};

/// See how partners stand, and pause, resume or retire them.
#[derive(Debug, Args)]
pub struct Partner {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List all partners and how they stand
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show how one partner stands
    Show {
        /// The partner's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let nothing open there until it is resumed (advisors)
    Pause {
        /// The partner's name
        name: String,
        /// Why, as students read it
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Until when, as far as it is known; it stays paused until it is resumed
        #[arg(long, value_name = "DATE")]
        until: Option<NaiveDate>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let it work as before; an announced end is called off (advisors)
    Resume {
        /// The partner's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Announce its end: no new enrollments, then nothing opens any more (advisors)
    Retire {
        /// The partner's name
        name: String,
        /// From when on it takes no new students [default: today]
        #[arg(long, value_name = "DATE")]
        from: Option<NaiveDate>,
        /// From when on nothing opens there [default: those who are enrolled finish]
        #[arg(long, value_name = "DATE")]
        until: Option<NaiveDate>,
        /// Why, as students read it
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

impl Partner {
    /// Whether failures are told as JSON, too.
    pub fn json(&self) -> bool {
        match &self.verb {
            Verb::List { json }
            | Verb::Show { json, .. }
            | Verb::Pause { json, .. }
            | Verb::Resume { json, .. }
            | Verb::Retire { json, .. } => *json,
        }
    }

    /// Does what the verb says.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let now = session.backend.clock().now();
        let today = now.date_naive();
        match self.verb {
            Verb::List { json } => list(session, now, json).await,
            Verb::Show { name, json } => {
                let provider = session.services().await?.partner_standing(&name).await?;
                if json { output::json(&json::partner(&provider, now)) } else { show(&provider, now) }
            }
            Verb::Pause { name, reason: why, until, json } => {
                if until.is_some_and(|until| until <= today) {
                    return Err(Problem::Usage("--until: this day is over. Name a day to come".to_owned()));
                }
                let change = PartnerChange::Pause { note: reason(&why)?, until };
                change_it(session, &name, change, now, json).await
            }
            Verb::Resume { name, json } => change_it(session, &name, PartnerChange::Resume, now, json).await,
            Verb::Retire { name, from, until, reason: why, json } => {
                let closes_on = from.unwrap_or(today);
                if until.is_some_and(|until| until < closes_on) {
                    return Err(Problem::Usage(
                        "--until: it can't end before it closes. Name the same day as --from or a later one"
                            .to_owned(),
                    ));
                }
                let end = Retirement { closes_on, ends_on: until, note: Some(reason(&why)?) };
                change_it(session, &name, PartnerChange::Retire(end), now, json).await
            }
        }
    }
}

async fn list(session: &CliSession, now: Instant, as_json: bool) -> Result<(), Problem> {
    let partners = session.services().await?.partners().await?;
    if as_json {
        return output::json(&partners.iter().map(|one| json::partner(one, now)).collect::<Vec<_>>());
    }
    if partners.is_empty() {
        output::say("There are no partners yet. Import a catalogue with: coursevia catalog import FILE");
        return Ok(());
    }
    let mut table = Table::new(["PARTNER", "STATE", "WHY AND HOW LONG"]);
    for provider in &partners {
        let words = words(provider, now);
        table.row([provider.name.to_string(), standing(provider, now), words.join("; ")]);
    }
    Ok(output::line(table)?)
}

/// How it stands, as people say it.
fn standing(provider: &Provider, now: Instant) -> String {
    match provider.standing(now) {
        "troubled" => "having problems".to_owned(),
        other => other.to_owned(),
    }
}

fn show(provider: &Provider, now: Instant) -> Result<(), Problem> {
    output::line(format_args!("{}: {}", provider.name, standing(provider, now)))?;
    for words in words(provider, now) {
        output::line(format_args!("  {words}"))?;
    }
    if let Some(contact) = provider.support.contact() {
        output::line(format_args!("  support: {contact}"))?;
    }
    Ok(())
}

async fn change_it(
    session: &CliSession,
    name: &str,
    change: PartnerChange,
    now: Instant,
    as_json: bool,
) -> Result<(), Problem> {
    let advisor = session.moderator().await?;
    let resumes = change == PartnerChange::Resume;
    let (before, after) = session.services().await?.change_partner(&advisor, name, change).await?;
    session.backend.work.notify_one();
    if as_json {
        return output::json(&json::partner(&after, now));
    }
    show(&after, now)?;
    match (resumes, before.retirement) {
        (true, Some(_)) => output::say("Its end is called off; it takes students again."),
        (true, None) => output::say("It takes students again, and courses open."),
        (false, _) => {}
    }
    if !resumes && after.stage(now) == Stage::Retired {
        output::say("Nothing opens there from now on. Its students may switch to another partner for free.");
    }
    Ok(())
}

/// What is to be known of how it stands, a few words each.
fn words(provider: &Provider, now: Instant) -> Vec<String> {
    let why = |note: Option<&Text>| note.map(|note| format!(": {note}")).unwrap_or_default();
    let mut words = Vec::new();
    if let Availability::Paused { note, until, since } = &provider.availability {
        let since = since.map(|since| format!(" since {}", day(since.date_naive()))).unwrap_or_default();
        let until = until.map(|until| format!(" until {}", day(until))).unwrap_or_default();
        words.push(format!("paused{since}{until}{}", why(note.as_ref())));
    }
    if let Some(end) = &provider.retirement {
        let ends = end.ends_on.map(|ends| format!(", nothing opens from {}", day(ends))).unwrap_or_default();
        words.push(format!("no new students from {}{ends}{}", day(end.closes_on), why(end.note.as_ref())));
    }
    if let Some(since) = provider.troubled(now) {
        words.push(format!("calls fail; it began {}", ago(now, since)));
    }
    words
}
