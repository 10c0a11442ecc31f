//! `coursevia programs` and `coursevia program SLUG`.

use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::table::Table;
use crate::domain::cohort::next_start;
use crate::domain::listing::{Filters, MinRating, ProgramEntry, Query, StartsBy};
use crate::domain::provider::Availability;
use crate::domain::time::{Instant, ago, day};
use crate::domain::views::{Offer, PriceLabel, ProgramView, Unavailable};
use crate::ui::finder::Finder;
use chrono::NaiveDate;
use clap::Args;
use std::sync::Arc;

/// List the programs.
#[derive(Debug, Args)]
pub struct List {
    /// Only programs whose title, other names, category or partners hold this
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only with a partner where one can begin before this day, such as 2026-12-01
    #[arg(long, value_name = "DATE", value_parser = date)]
    starts_before: Option<NaiveDate>,
    /// Only with a partner that has a free seat now
    #[arg(long)]
    has_seats: bool,
    /// Only with a partner rated so high, 1 to 5
    #[arg(long, value_name = "N", value_parser = rating)]
    min_rating: Option<MinRating>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl List {
    /// Prints them.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let all = session.services().await?.programs().await?;
        let now = session.backend.clock().now();
        let query = Query {
            filters: self.filters(),
            text: self.search.unwrap_or_default(),
            at: now,
            ..Query::default()
        };
        let found: Vec<&ProgramView> =
            if query.is_everything() { all.iter().collect() } else { find(&all, &query, now) };
        if self.json {
            return output::json(&found.iter().map(|view| json::program(view, now)).collect::<Vec<_>>());
        }
        if all.is_empty() {
            output::say("There are no programs yet. Bring some in with: coursevia catalog import FILE");
            return Ok(());
        }
        if found.is_empty() {
            output::say("No program matches.");
            return Ok(());
        }
        let mut table = Table::new(["PROGRAM", "TITLE", "CATEGORY", "PARTNERS", "PRICE"]);
        for view in &found {
            table.row([
                view.program.slug.to_string(),
                view.program.title.to_string(),
                view.program.category.to_string(),
                partners(view),
                price(view.price(now)),
            ]);
        }
        output::line(table)?;
        if found.iter().any(|view| view.program.demo) {
            output::say("These are demo programs.");
        }
        Ok(())
    }
}

impl List {
    fn filters(&self) -> Filters {
        Filters {
            starts: self.starts_before.map(StartsBy::Before),
            has_seats: self.has_seats,
            rating: self.min_rating,
            ..Filters::default()
        }
    }
}

fn rating(raw: &str) -> Result<MinRating, &'static str> {
    MinRating::parse(raw).ok_or("write a number from 1 to 5, such as 4 or 4.5")
}

fn date(raw: &str) -> Result<NaiveDate, &'static str> {
    raw.trim().parse().map_err(|_| "write a day of the calendar, such as 2026-12-01")
}

/// Show one program and its partners.
#[derive(Debug, Args)]
pub struct Show {
    /// The program's short name, such as cna-training
    slug: String,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Show {
    /// Prints it.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let view = session.services().await?.program(&self.slug).await?;
        let now = session.backend.clock().now();
        if self.json {
            return output::json(&json::program(&view, now));
        }
        let program = &view.program;
        output::line(&program.title)?;
        let hours = program.hours.map(|hours| format!("{hours} hours"));
        let facts =
            [Some(program.category.to_string()), program.length.as_ref().map(ToString::to_string), hours];
        let credential = program.credential.as_ref().map(ToString::to_string);
        output::line(facts.into_iter().chain([credential]).flatten().collect::<Vec<_>>().join(" · "))?;
        output::line(format_args!("\n{}\n", program.summary))?;
        if view.self_hosted() {
            output::line("Taught here. Free.")?;
            return Ok(());
        }
        let mut table = Table::new(["PARTNER", "FORMAT", "PACING", "STARTS", "RATING", "PRICE", ""]);
        for offer in &view.offers {
            table.row([
                offer.provider.name.to_string(),
                offer.course.format.label().to_owned(),
                offer.course.pacing.label().to_owned(),
                starts(offer, now),
                rated(offer),
                offer.course.price.to_string(),
                why_not(offer, now),
            ]);
        }
        output::line(table)?;
        Ok(())
    }
}

/// Those that match, best first.
fn find<'a>(all: &'a [ProgramView], query: &Query, now: Instant) -> Vec<&'a ProgramView> {
    let entries: Vec<Arc<ProgramEntry>> =
        all.iter().map(|view| Arc::new(ProgramEntry::of(view, now))).collect();
    let mut finder = Finder::default();
    finder.add(&entries);
    finder.find(query).into_iter().filter_map(|place| all.get(place as usize)).collect()
}

fn partners(view: &ProgramView) -> String {
    match view.offers.as_slice() {
        [] => "taught here".to_owned(),
        [only] => only.provider.name.to_string(),
        several => format!("{} partners", several.len()),
    }
}

fn price(label: PriceLabel) -> String {
    match label {
        PriceLabel::Exactly(price) => price.to_string(),
        PriceLabel::From(price) if price.is_zero() => "Free and up".to_owned(),
        PriceLabel::From(price) => format!("from {price}"),
        PriceLabel::NotAvailable => "not available".to_owned(),
    }
}

/// "any time", "Tue 1 Dec 2026, 3 seats left".
fn starts(offer: &Offer, now: Instant) -> String {
    if !offer.dated {
        return "any time".to_owned();
    }
    next_start(&offer.cohorts, now).map_or_else(
        || "no new dates".to_owned(),
        |start| {
            let seats = match start.seats_left() {
                _ if start.is_full() => "full".to_owned(),
                1 => "1 seat left".to_owned(),
                seats => format!("{seats} seats left"),
            };
            format!("{}, {seats}", day(start.starts_on))
        },
    )
}

/// "4.3 (12)", and nothing without a review.
fn rated(offer: &Offer) -> String {
    let words = |tenths| format!("{}.{} ({})", tenths / 10, tenths % 10, offer.rating.reviews());
    offer.rating.average_tenths().map(words).unwrap_or_default()
}

/// What is to be known of a partner that can be chosen: an end that is announced, problems it has.
fn coming(offer: &Offer, now: Instant) -> String {
    let provider = &offer.provider;
    let end = provider.retirement.as_ref();
    let end = end.map(|end| format!("takes students until {}", end.last_day().format("%-d %B %Y")));
    let trouble = provider.troubled(now).map(|since| format!("having problems, began {}", ago(now, since)));
    [trouble, end].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Why an offer can't be taken, in a few words; empty when it can.
pub(super) fn why_not(offer: &Offer, now: Instant) -> String {
    match (offer.unavailable(now), &offer.provider.availability) {
        (Some(Unavailable::PartnerPaused), Availability::Paused { note, until, .. }) => {
            let until = until.map(|day| format!(" until {}", day.format("%-d %B %Y"))).unwrap_or_default();
            let note = note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
            format!("paused{until}{note}")
        }
        (Some(Unavailable::PartnerRetiring | Unavailable::PartnerRetired), _) => {
            let end = offer.provider.retirement.as_ref();
            let note = end.and_then(|end| end.note.as_ref()).map(|note| format!(": {note}"));
            format!("takes no new students any more{}", note.unwrap_or_default())
        }
        (Some(Unavailable::NotConfigured), _) => "not set up yet".to_owned(),
        (Some(_), _) => "takes nobody now".to_owned(),
        (None, _) => coming(offer, now),
    }
}
