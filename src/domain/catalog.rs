//! A catalogue as checked values: what the file reader hands to the store and back.

use crate::domain::money::{Money, Terms};
use crate::domain::program::{DeliveryFormat, Pacing, Slug};
use crate::domain::provider::{Availability, Protocol, Support};
use crate::domain::text::Text;

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
    /// How it is reached.
    pub protocol: Protocol,
    /// Whom students ask.
    pub support: Support,
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
}
