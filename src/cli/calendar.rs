//! `coursevia calendar SLUG`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::domain::cohort::Cohort;
use crate::domain::failure::Failure;
use crate::domain::refusal::Refusal;
use crate::domain::time::day;
use crate::domain::views::{Offer, ProgramView};
use crate::service::{CourseRef, Services, calendar};
use crate::ui::text;
use chrono::Datelike;
use clap::Args;
use serde_json::{Value, json};

/// List the dated starts of a program, or write the dates of a course of yours.
#[derive(Debug, Args)]
pub struct Calendar {
    /// The program's short name, such as cna-training; with --mine also an enrollment id
    #[arg(value_name = "SLUG")]
    slug: String,
    /// Only this partner's starts
    #[arg(long, value_name = "NAME", conflicts_with = "mine")]
    partner: Option<String>,
    /// The dates of the course you are enrolled in
    #[arg(long)]
    mine: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Print an iCalendar file
    #[arg(long, conflicts_with = "json")]
    ics: bool,
}

impl Calendar {
    /// Prints them.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        if self.mine { self.mine(session).await } else { self.starts(session).await }
    }

    async fn starts(self, session: &CliSession) -> Result<(), Problem> {
        let services = session.services().await?;
        let view = services.program(&self.slug).await?;
        let course = Services::choice(&view, self.partner.as_deref())?.course();
        let offers = || view.offers.iter().filter(|offer| course.is_none_or(|id| offer.course.id == id));
        let mut starts: Vec<(&Offer, &Cohort)> =
            offers().flat_map(|offer| offer.cohorts.iter().map(move |cohort| (offer, cohort))).collect();
        starts.sort_by_key(|(_, cohort)| cohort.starts_on);
        if self.json {
            let rows: Vec<Value> =
                starts.iter().map(|(offer, cohort)| row(Some(&offer.provider.name), cohort)).collect();
            return output::json(&rows);
        }
        let nothing = || {
            none(
                &view,
                self.partner.is_some().then(|| offers().next()).flatten(),
                offers().any(|offer| offer.dated),
            )
        };
        if self.ics {
            if starts.is_empty() {
                output::say(nothing());
            }
            let now = services.clock.now();
            return Ok(output::raw(&calendar::of_starts(&view, starts.into_iter(), now))?);
        }
        if starts.is_empty() {
            output::say(nothing());
            return Ok(());
        }
        let mut month = None;
        for (offer, cohort) in &starts {
            let this = (cohort.starts_on.year(), cohort.starts_on.month());
            if month.replace(this) != Some(this) {
                let air = if month.is_some() && starts[0].1.id != cohort.id { "\n" } else { "" };
                output::line(format_args!("{air}{}", cohort.starts_on.format("%B %Y")))?;
            }
            output::line(in_words(Some(offer), cohort))?;
        }
        Ok(())
    }

    async fn mine(self, session: &CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.slug);
        let course = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        let partner = course.provider().map(|provider| &provider.name);
        let (Some(cohort), Some(file)) = (&course.cohort, calendar::of_course(&course)) else {
            let words = format!(
                "{} {} starts any time, so it has no dates.",
                course.program_title,
                text::via_words(&course)
            );
            let code =
                Refusal::NoDates { title: course.program_title.clone(), partner: partner.cloned() }.code();
            return Err(Failure { refused: true, ..Failure::new(code, words) }.into());
        };
        if self.json {
            return output::json(&[row(partner, cohort)]);
        }
        if self.ics {
            return Ok(output::raw(&file.content)?);
        }
        output::line(format_args!("{} {}", course.program_title, text::via_words(&course)))?;
        Ok(output::line(in_words(None, cohort))?)
    }
}

/// One start, in the shape scripts rely on.
fn row(partner: Option<&crate::domain::text::Text>, cohort: &Cohort) -> Value {
    json!({
        "cohort_id": cohort.id,
        "partner": partner,
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        "seats": cohort.seats,
        "seats_left": if cohort.is_full() { 0 } else { cohort.seats_left() },
        "waitlist": cohort.waiting,
        "schedule": cohort.schedule,
        "location": cohort.location,
    })
}

/// One start in one line. Zones are always named: nobody knows who reads this.
fn in_words(offer: Option<&Offer>, cohort: &Cohort) -> String {
    let until = cohort.ends_on.map(|last| format!(" to {}", day(last))).unwrap_or_default();
    let who = offer.map(|offer| format!("{} {}", offer.provider.name, offer.course.price));
    let schedule = cohort.schedule.as_ref().map(|words| format!("{words} ({})", cohort.time_zone.name()));
    let location = cohort.location.as_ref().map(ToString::to_string);
    let seats = offer.map(|_| text::seats(cohort));
    let facts: Vec<String> = [who, seats, schedule, location].into_iter().flatten().collect();
    format!("  {}{until}  {}", day(cohort.starts_on), facts.join(" · "))
}

fn none(view: &ProgramView, only: Option<&Offer>, dated: bool) -> String {
    let (title, slug) = (&view.program.title, &view.program.slug);
    let via = only.map(|offer| format!(" via {}", offer.provider.name)).unwrap_or_default();
    if dated {
        return format!("{title}{via} has no new dates yet.");
    }
    let partner = only
        .map(|offer| format!(" --partner {}", output::shell_word(offer.provider.name.as_str())))
        .unwrap_or_default();
    format!("{title}{via} starts any time. Enroll with: coursevia enroll {slug}{partner}")
}
