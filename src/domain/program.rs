//! Training programs and the partner courses that deliver them.

use crate::domain::ids::{CourseId, ProgramId, ProviderId};
use crate::domain::money::{Money, Terms};
use crate::domain::text::Text;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// The short name of a program in addresses and commands: `cna-training`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// A text that is no slug.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
#[error("a slug is made of a-z, 0-9 and single hyphens, such as cna-training")]
pub struct SlugError;

impl Slug {
    /// Reads a slug.
    pub fn parse(raw: &str) -> Result<Self, SlugError> {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if raw.len() <= 80 && raw.split('-').all(word) { Ok(Self(raw.to_owned())) } else { Err(SlugError) }
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;
    fn try_from(raw: String) -> Result<Self, SlugError> {
        Self::parse(&raw)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

/// What a student wants to learn, whoever teaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Which.
    pub id: ProgramId,
    /// Natural key.
    pub slug: Slug,
    /// As the lists show it.
    pub title: Text,
    /// Other words people search for.
    pub aliases: Vec<Text>,
    /// `Healthcare`, …
    pub category: Text,
    /// One or two sentences.
    pub summary: Text,
    /// `6 weeks`.
    pub length: Option<Text>,
    /// Hours of work.
    pub hours: Option<u32>,
    /// What one has at the end.
    pub credential: Option<Text>,
    /// Whether it is offered.
    pub active: bool,
    /// Part of a demo catalogue.
    pub demo: bool,
}

/// Where a course takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryFormat {
    /// On the network only.
    Online,
    /// Online and in person.
    Hybrid,
    /// In a room.
    InPerson,
}

/// Who sets the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pacing {
    /// The student.
    SelfPaced,
    /// A teacher, with dates.
    InstructorLed,
}

/// Names of an enum as the database, JSON and the catalogue write them.
macro_rules! codes {
    ($name:ident { $($variant:ident = $code:literal),* $(,)? }) => {
        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As the database, JSON and the catalogue write it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// Reads what [`Self::code`] writes.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}
pub(crate) use codes;

codes!(DeliveryFormat { Online = "online", Hybrid = "hybrid", InPerson = "in_person" });
codes!(Pacing { SelfPaced = "self_paced", InstructorLed = "instructor_led" });

impl DeliveryFormat {
    /// As a student reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Online => "Online",
            Self::Hybrid => "Hybrid (online + in-person)",
            Self::InPerson => "In person",
        }
    }
}

impl Pacing {
    /// As a student reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::SelfPaced => "self-paced",
            Self::InstructorLed => "instructor-led",
        }
    }
}

/// One partner's course that delivers one program (`partner_courses`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerCourse {
    /// Which.
    pub id: CourseId,
    /// Whose.
    pub provider_id: ProviderId,
    /// For which program.
    pub program_id: ProgramId,
    /// The partner's title.
    pub name: Text,
    /// The partner's course code.
    pub code: Text,
    /// Off: no new enrollments, old ones go on.
    pub active: bool,
    /// Where.
    pub format: DeliveryFormat,
    /// At whose pace.
    pub pacing: Pacing,
    /// Hours of work with this partner, where they differ from the program's.
    pub hours: Option<u32>,
    /// What one has at the end, where it differs from the program's.
    pub credential: Option<Text>,
    /// What the student pays.
    pub price: Money,
    /// What the partner gets, as agreed today.
    pub terms: Terms,
}
