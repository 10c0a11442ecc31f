//! A catalogue as checked values: what the file reader hands to the store and back.

use crate::domain::money::{Money, Terms};
use crate::domain::program::{DeliveryFormat, Pacing, Slug};
use crate::domain::provider::{Availability, Capabilities, Protocol, Retirement, Support};
use crate::domain::refund::RefundPolicy;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use std::collections::HashSet;

/// A whole catalogue file. Natural keys: partner name, program slug, (program, partner).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Catalog {
    /// Shown on screen as a demo.
    pub demo: bool,
    /// The partners, in file order.
    pub partners: Vec<CatalogPartner>,
    /// The programs, in file order.
    pub programs: Vec<CatalogProgram>,
}

/// One `[[partner]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogPartner {
    /// Natural key.
    pub name: Text,
    /// `certiport`, …
    pub provider_type: Text,
    /// One character.
    pub icon: Option<Text>,
    /// One line.
    pub description: Text,
    /// Whether it takes enrollments.
    pub availability: Availability,
    /// When it ends, where that was announced.
    pub retirement: Option<Retirement>,
    /// What it declares to be able to, where that is less than its protocol could.
    pub declares: Option<Capabilities>,
    /// How it is reached.
    pub protocol: Protocol,
    /// Whom students ask.
    pub support: Support,
    /// What is paid back when.
    pub refunds: RefundPolicy,
}

/// One `[[program]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogProgram {
    /// Natural key.
    pub slug: Slug,
    /// Title.
    pub title: Text,
    /// Other words for it.
    pub aliases: Vec<Text>,
    /// Category.
    pub category: Text,
    /// One or two sentences.
    pub summary: Text,
    /// `6 weeks`.
    pub length: Option<Text>,
    /// Hours of work.
    pub hours: Option<u32>,
    /// What one has at the end.
    pub credential: Option<Text>,
    /// Its partner courses, in file order.
    pub courses: Vec<CatalogCourse>,
}

/// One `[[program.course]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogCourse {
    /// The partner's name.
    pub partner: Text,
    /// The partner's title.
    pub name: Text,
    /// The partner's course code.
    pub code: Text,
    /// Whether new enrollments are taken.
    pub active: bool,
    /// Where.
    pub format: DeliveryFormat,
    /// At whose pace.
    pub pacing: Pacing,
    /// Hours with this partner.
    pub hours: Option<u32>,
    /// Credential of this partner.
    pub credential: Option<Text>,
    /// What the student pays.
    pub price: Money,
    /// What the partner gets.
    pub terms: Terms,
    /// Its dated starts, in file order. Empty: it starts any time.
    pub cohorts: Vec<CatalogCohort>,
}

/// One `[[program.course.cohort]]`. Natural key: the first day, the schedule and the location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogCohort {
    /// The first day.
    pub starts: Day,
    /// The last day; of the same kind as the first.
    pub ends: Option<Day>,
    /// When in the week.
    pub schedule: Option<Text>,
    /// In which the days are meant.
    pub time_zone: Tz,
    /// Campus and room.
    pub location: Option<Text>,
    /// How many can take part.
    pub seats: u32,
}

impl CatalogCohort {
    /// The first day, for an import at `at`.
    pub fn starts_on(&self, at: Instant) -> NaiveDate {
        self.starts.on(self.today(at))
    }

    /// The last day, for an import at `at`.
    pub fn ends_on(&self, at: Instant) -> Option<NaiveDate> {
        self.ends.map(|day| day.on(self.today(at)))
    }

    fn today(&self, at: Instant) -> NaiveDate {
        at.with_timezone(&self.time_zone).date_naive()
    }
}

/// A day as a catalogue file names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Day {
    /// Of the calendar.
    On(NaiveDate),
    /// So many days after the day of import, at the place.
    After(u16),
}

impl Day {
    fn on(self, import: NaiveDate) -> NaiveDate {
        match self {
            Self::On(day) => day,
            Self::After(days) => import.checked_add_days(Days::new(days.into())).unwrap_or(import),
        }
    }
}

/// A start as messages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartName {
    /// The partner's title of the course.
    pub course: Text,
    /// The partner.
    pub partner: Text,
    /// The first day.
    pub starts_on: NaiveDate,
}

/// The first start that is there twice once days after the import have become days of the
/// calendar: the file itself can't show it.
pub fn same_start_twice(catalog: &Catalog, at: Instant) -> Option<StartName> {
    let courses = catalog.programs.iter().flat_map(|program| &program.courses);
    courses.filter(|course| course.cohorts.len() > 1).find_map(|course| {
        let mut seen = HashSet::new();
        let twice = course
            .cohorts
            .iter()
            .find(|cohort| !seen.insert((cohort.starts_on(at), &cohort.schedule, &cohort.location)))?;
        Some(StartName {
            course: course.name.clone(),
            partner: course.partner.clone(),
            starts_on: twice.starts_on(at),
        })
    })
}

/// What an import did to one kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// New rows.
    pub added: usize,
    /// Rows that changed.
    pub updated: usize,
    /// Rows that were the same already.
    pub unchanged: usize,
    /// Rows absent from the file that `--prune` deactivated.
    pub deactivated: usize,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Partners.
    pub partners: Counts,
    /// Programs.
    pub programs: Counts,
    /// Partner courses.
    pub courses: Counts,
    /// Dated starts.
    pub cohorts: Counts,
    /// Partners that stay paused whatever the file says, because an advisor paused them.
    pub kept_paused: usize,
}
