//! `coursevia waitlist …`.

use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::table::Table;
use super::work::{run_caused, run_due};
use crate::domain::time::{Instant, day};
use crate::domain::waitlist::{WaitlistStatus, WaitlistView};
use clap::{Args, Subcommand};

/// See the waitlists you are on, and answer offers.
#[derive(Debug, Args)]
pub struct Waitlist {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what you wait for
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take the seat that is kept for you
    Accept(Entry),
    /// Give the seat that is kept for you to the next one
    Decline(Entry),
    /// Leave a waitlist
    Leave(Entry),
}

#[derive(Debug, Args)]
struct Entry {
    /// The entry's id or the program's short name
    entry: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Waitlist {
    /// Whether failures are told as JSON, too.
    pub fn json(&self) -> bool {
        match &self.verb {
            Verb::List { json } => *json,
            Verb::Accept(entry) | Verb::Decline(entry) | Verb::Leave(entry) => entry.json,
        }
    }

    /// Does what the verb says.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        services.settle_seats().await?;
        let (entry, accepts) = match &self.verb {
            Verb::List { json } => {
                let entries = services.waitlist(acting.actor, acting.student.id).await?;
                return list(&entries, services.clock.now(), *json);
            }
            Verb::Accept(entry) => (entry, true),
            Verb::Decline(entry) | Verb::Leave(entry) => (entry, false),
        };
        let view = services.waitlist_named(acting.actor, &acting.student, &entry.entry).await?;
        if accepts {
            let course = services.accept_offer(acting.actor, view.entry.id).await?;
            let course = run_caused(services, course).await;
            if entry.json {
                return output::json(&json::enrolled(&course));
            }
            return Ok(output::line(format_args!(
                "Enrolled in {} via {}, starts {}.",
                view.program_title,
                view.partner,
                day(view.cohort.starts_on)
            ))?);
        }
        services.leave_waitlist(acting.actor, view.entry.id).await?;
        run_due(services).await;
        if entry.json {
            let status =
                if view.offer_until.is_some() { WaitlistStatus::Declined } else { WaitlistStatus::Left };
            return output::json(&json::waiting(&WaitlistView {
                status,
                place: 0,
                offer_until: None,
                ..view
            }));
        }
        let words = if view.offer_until.is_some() { "Declined the seat in" } else { "Left the waitlist of" };
        let (title, partner) = (&view.program_title, &view.partner);
        Ok(output::line(format_args!("{words} {title} via {partner}, {}.", day(view.cohort.starts_on)))?)
    }
}

/// Tells that somebody waits now.
pub(super) fn joined(entry: &WaitlistView, as_json: bool) -> Result<(), Problem> {
    if as_json {
        return output::json(&json::waiting(entry));
    }
    output::line(format_args!(
        "You are on the waitlist of {} via {}, start on {}: place {}.",
        entry.program_title,
        entry.partner,
        day(entry.cohort.starts_on),
        entry.place
    ))?;
    output::say(
        "When a seat is free it is kept for you, and you get a mail. See it with: coursevia waitlist list",
    );
    Ok(())
}

fn list(entries: &[WaitlistView], now: Instant, as_json: bool) -> Result<(), Problem> {
    if as_json {
        return output::json(&entries.iter().map(json::waiting).collect::<Vec<_>>());
    }
    if entries.is_empty() {
        output::say(
            "You wait for nothing. A full start can be joined with: coursevia enroll SLUG --cohort DATE --waitlist",
        );
        return Ok(());
    }
    let mut table = Table::new(["PROGRAM", "VIA", "STARTS", "STATE"]);
    for entry in entries {
        table.row([
            entry.program_slug.to_string(),
            entry.partner.to_string(),
            day(entry.cohort.starts_on),
            state(entry, now),
        ]);
    }
    Ok(output::line(table)?)
}

fn state(entry: &WaitlistView, now: Instant) -> String {
    match (entry.status, entry.offer_until) {
        (WaitlistStatus::Waiting, _) => format!("place {}", entry.place),
        (WaitlistStatus::Offered, Some(until)) if now < until => {
            let until = until.with_timezone(&entry.cohort.time_zone);
            format!("a seat is kept for you until {}", until.format("%a %-d %b %Y, %H:%M %Z"))
        }
        (WaitlistStatus::Offered | WaitlistStatus::Expired, _) => "the offer ran out".to_owned(),
        (WaitlistStatus::Closed, _) if !entry.cohort.active => "not offered any more".to_owned(),
        (WaitlistStatus::Closed, _) => "ended with the start".to_owned(),
        (other, _) => other.code().to_owned(),
    }
}
