//! Dated starts as iCalendar (RFC 5545), for the calendar a person already has.
//!
//! Every meeting is an event of its own in UTC. A rule that repeats it each week would have to be
//! in local time (in UTC it is an hour off when clocks change), and local time needs the history
//! of the time zone in the file.

use crate::domain::cohort::Cohort;
use crate::domain::enrollment::Status;
use crate::domain::schedule::{Session, sessions};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, Offer, ProgramView};
use chrono::{Days, NaiveDate};
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};

/// A calendar file and what it may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFile {
    /// A name without folder: letters, digits and hyphens.
    pub name: String,
    /// The file.
    pub content: String,
}

/// The starts of a program's partner courses: one event each, for the first meeting.
pub fn of_starts<'a>(
    view: &ProgramView,
    starts: impl Iterator<Item = (&'a Offer, &'a Cohort)>,
    at: Instant,
) -> String {
    let mut calendar = empty();
    for (offer, cohort) in starts {
        let about = About {
            title: &view.program.title,
            partner: Some(&offer.provider.name),
            cohort,
            id: cohort.id.to_string(),
            stamp: at,
            cancelled: false,
            link: None,
        };
        calendar.push(match sessions(cohort).first() {
            Some(first) => about.meeting(first, 1),
            None => about.all_day(),
        });
    }
    calendar.to_string()
}

/// Every meeting of one's own course; `None` where it has no dates. The same course gives the same
/// file each time, until it is cancelled.
pub fn of_course(course: &CourseView) -> Option<CalendarFile> {
    let cohort = course.cohort.as_ref()?;
    let enrollment = &course.enrollment;
    let page = course.provider().and_then(|provider| match &provider.protocol {
        crate::domain::provider::Protocol::Link(access) => Some(access.login_url.to_string()),
        _ => None,
    });
    let about = About {
        title: &course.program_title,
        partner: course.provider().map(|provider| &provider.name),
        cohort,
        id: enrollment.id.to_string(),
        stamp: enrollment.enrolled_at,
        cancelled: enrollment.status == Status::Cancelled,
        link: page,
    };
    let mut calendar = empty();
    let meetings = sessions(cohort);
    if meetings.is_empty() {
        calendar.push(about.all_day());
    }
    for (number, meeting) in (1..).zip(&meetings) {
        calendar.push(about.meeting(meeting, number));
    }
    let name = format!("{}-{}", course.program_slug, cohort.starts_on);
    Some(CalendarFile { name, content: calendar.to_string() })
}

fn empty() -> Calendar {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//coursevia//coursevia//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar
}

/// What all events of one start say.
struct About<'a> {
    title: &'a Text,
    partner: Option<&'a Text>,
    cohort: &'a Cohort,
    /// What the events are known by for ever.
    id: String,
    stamp: Instant,
    cancelled: bool,
    link: Option<String>,
}

impl About<'_> {
    fn event(&self, number: usize) -> Event {
        let via = self.partner.map(|partner| format!(" via {partner}")).unwrap_or_default();
        let mut event = Event::new();
        event.uid(&format!("{}-{number}@coursevia", self.id));
        event.timestamp(self.stamp);
        event.summary(&format!("{}{via}", self.title));
        if let Some(location) = &self.cohort.location {
            event.location(location.as_str());
        }
        if let Some(link) = &self.link {
            event.url(link);
        }
        event.sequence(u32::from(self.cancelled));
        event.status(if self.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
        event
    }

    fn describe(&self, event: &mut Event, more: Option<&str>) {
        let place = self.cohort.time_zone.name();
        let schedule = self.cohort.schedule.as_ref().map(|words| format!("{words} ({place})"));
        let last = self.cohort.ends_on.map(|last| format!("Until {}", crate::domain::time::day(last)));
        let lines: Vec<String> = schedule.into_iter().chain(last).chain(more.map(str::to_owned)).collect();
        if !lines.is_empty() {
            event.description(&lines.join("\n"));
        }
    }

    fn meeting(&self, meeting: &Session, number: usize) -> Event {
        let mut event = self.event(number);
        event.starts(meeting.from).ends(meeting.until);
        let assumed = meeting.until - meeting.from == crate::domain::schedule::ASSUMED;
        self.describe(&mut event, assumed.then_some("One hour is kept; ask how long it takes."));
        event.done()
    }

    /// The first day, where no time of day is known.
    fn all_day(&self) -> Event {
        let first = self.cohort.starts_on;
        let mut event = self.event(1);
        // The end is the day after, and has to be a date as well: the crate's own way for whole
        // days leaves it out of step.
        event.append_property(date("DTSTART", first)).append_property(date("DTEND", first + Days::new(1)));
        self.describe(&mut event, None);
        event.done()
    }
}

fn date(name: &str, day: NaiveDate) -> Property {
    Property::new(name, day.format("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done()
}

#[cfg(test)]
mod tests;
