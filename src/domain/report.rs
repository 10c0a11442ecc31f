//! Reports for partners and finance. What they count are events and lines of the ledger, both
//! append-only: a report for last month is the same next year. Two figures of the performance
//! report are of now, not of the period: the rating, and the age of progress figures.

mod completion;
mod performance;
mod revenue;
mod statement;

pub use completion::{CompletionRow, completion};
pub use performance::{PerformanceRow, performance};
pub use revenue::{RevenueRow, revenue};
pub use statement::{Statement, StatementFacts, StatementLine, StatementRow, StatementSum, statement};

use crate::domain::event::EventKind;
use crate::domain::ids::{ProgramId, ProviderId};
use crate::domain::ledger::{Account, TransactionKind};
use crate::domain::money::Currency;
use crate::domain::program::codes;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime};
use std::collections::HashMap;
use thiserror::Error;

/// What each row of a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum By {
    /// One partner.
    #[default]
    Partner,
    /// One program.
    Program,
}

codes!(By { Partner = "partner", Program = "program" });

/// Which report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ReportKind {
    /// Who enrolled, started, completed.
    #[default]
    Completion,
    /// Where the money went.
    Revenue,
    /// How well it works.
    Performance,
}

codes!(ReportKind { Completion = "completion", Revenue = "revenue", Performance = "performance" });

/// Whole days, UTC, the first and the last one included. An open end: since ever, until ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Period {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// The last day comes before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the period ends on {to}, before it begins on {from}")]
pub struct PeriodError {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// From the first day to the last one, both included.
    pub fn new(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Self, PeriodError> {
        match (from, to) {
            (Some(from), Some(to)) if to < from => Err(PeriodError { from, to }),
            _ => Ok(Self { from, to }),
        }
    }

    /// The month `back` months before the one of `now`.
    pub fn month(now: Instant, back: u32) -> Self {
        let first = now.date_naive().with_day(1).and_then(|day| day.checked_sub_months(Months::new(back)));
        let last =
            first.and_then(|day| day.checked_add_months(Months::new(1))).and_then(|day| day.pred_opt());
        Self { from: first, to: last }
    }

    /// The year of `now`.
    pub fn year(now: Instant) -> Self {
        let year = now.year();
        Self { from: NaiveDate::from_ymd_opt(year, 1, 1), to: NaiveDate::from_ymd_opt(year, 12, 31) }
    }

    /// The first day.
    pub fn from(self) -> Option<NaiveDate> {
        self.from
    }

    /// The last day.
    pub fn to(self) -> Option<NaiveDate> {
        self.to
    }

    /// Its first instant.
    pub fn begins(self) -> Instant {
        self.from.map_or(DateTime::UNIX_EPOCH, |day| midnight(day.min(ever())))
    }

    /// The first instant after it.
    pub fn ends(self) -> Instant {
        midnight(self.to.and_then(|day| day.checked_add_days(Days::new(1))).unwrap_or_else(ever).min(ever()))
    }
}

/// What lies further ahead than any event. Years of five digits can't be compared in both engines.
fn ever() -> NaiveDate {
    NaiveDate::from_ymd_opt(9_999, 1, 1).unwrap_or(NaiveDate::MAX)
}

fn midnight(day: NaiveDate) -> Instant {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReportQuery {
    /// One row for each of these.
    pub by: By,
    /// Only this partner.
    pub partner: Option<ProviderId>,
    /// Only this program.
    pub program: Option<ProgramId>,
    /// When it happened.
    pub period: Period,
}

/// The rows of one of the reports.
#[derive(Clone, Debug, PartialEq)]
pub enum ReportRows {
    /// Who enrolled, started, completed.
    Completion(Vec<CompletionRow>),
    /// Where the money went.
    Revenue(Vec<RevenueRow>),
    /// How well it works.
    Performance(Vec<PerformanceRow>),
}

impl ReportRows {
    /// What its rows are about.
    pub fn subjects(&self) -> Vec<&Subject> {
        match self {
            Self::Completion(rows) => rows.iter().map(|row| &row.subject).collect(),
            Self::Revenue(rows) => rows.iter().map(|row| &row.subject).collect(),
            Self::Performance(rows) => rows.iter().map(|row| &row.subject).collect(),
        }
    }
}

/// Where a figure belongs. No partner: taught here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// With which partner.
    pub provider: Option<ProviderId>,
    /// In which program.
    pub program: Option<ProgramId>,
}

impl ReportQuery {
    fn wants(&self, place: Place) -> bool {
        self.partner.is_none_or(|partner| place.provider == Some(partner))
            && self.program.is_none_or(|program| place.program == Some(program))
    }
}

/// What a row is about, by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A partner; `None` for what is taught here.
    Partner(Option<Text>),
    /// A program: its short name and its title.
    Program(Text, Text),
}

impl Subject {
    /// As people read it.
    pub fn label(&self) -> &str {
        match self {
            Self::Partner(Some(name)) => name.as_str(),
            Self::Partner(None) => "taught here",
            Self::Program(_, title) => title.as_str(),
        }
    }

    /// As scripts read it: the partner's name, or the program's short name.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Partner(name) => name.as_ref().map(Text::as_str),
            Self::Program(slug, _) => Some(slug.as_str()),
        }
    }
}

/// The names of partners and programs.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Names {
    /// Partners.
    pub providers: HashMap<ProviderId, Text>,
    /// Programs: short name and title.
    pub programs: HashMap<ProgramId, (Text, Text)>,
}

impl Names {
    fn subject(&self, by: By, place: Place) -> Subject {
        match by {
            By::Partner => {
                Subject::Partner(place.provider.map(|id| {
                    self.providers.get(&id).cloned().unwrap_or_else(|| Text::clean(&id.to_string()))
                }))
            }
            By::Program => {
                let known = place.program.and_then(|id| self.programs.get(&id).cloned());
                let (slug, title) = known.unwrap_or_else(|| ("".into(), "no program".into()));
                Subject::Program(slug, title)
            }
        }
    }
}

/// How often something happened in the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCount {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: EventKind,
    /// Whole days since enrolling; completions only.
    pub days: Option<i64>,
    /// How often.
    pub count: u64,
}

/// A sum of lines of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerSum {
    /// Where.
    pub place: Place,
    /// On which account.
    pub account: Account,
    /// By which kind of transaction.
    pub kind: TransactionKind,
    /// In which currency.
    pub currency: Currency,
    /// In the period.
    pub within: i64,
    /// Until its end.
    pub total: i64,
}

/// A figure that was reported for an active enrollment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Where.
    pub place: Place,
    /// When.
    pub as_of: Instant,
}

/// How many reviews gave one rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatingCount {
    /// Where.
    pub place: Place,
    /// From 1 to 5.
    pub rating: u8,
    /// How many.
    pub reviews: u64,
}

/// Adds figures up by subject, in the order of their names.
struct Rows<'a, T> {
    query: &'a ReportQuery,
    names: &'a Names,
    sums: HashMap<Subject, T>,
}

impl<'a, T: Default> Rows<'a, T> {
    fn new(query: &'a ReportQuery, names: &'a Names) -> Self {
        Self { query, names, sums: HashMap::new() }
    }

    /// The sums a figure belongs to, if it was asked for.
    fn at(&mut self, place: Place) -> Option<&mut T> {
        let wanted = self.query.wants(place);
        wanted.then(|| self.sums.entry(self.names.subject(self.query.by, place)).or_default())
    }

    /// By name; what is taught here comes last.
    fn sorted(self) -> Vec<(Subject, T)> {
        let mut rows: Vec<_> = self.sums.into_iter().collect();
        rows.sort_by_cached_key(|(subject, _)| {
            (
                matches!(subject, Subject::Partner(None)),
                subject.label().to_lowercase(),
                subject.clone().code().map(str::to_owned),
            )
        });
        rows
    }
}

/// The middle of counted values; between two of them their mean.
fn median(mut counted: Vec<(i64, u64)>) -> Option<f64> {
    counted.sort_unstable();
    let all: u64 = counted.iter().map(|(_, count)| count).sum();
    let at = |place: u64| {
        let mut seen = 0;
        counted.iter().find(|(_, count)| {
            seen += count;
            seen > place
        })
    };
    let (low, _) = at(all.checked_sub(1)? / 2)?;
    let (high, _) = at(all / 2)?;
    #[expect(clippy::cast_precision_loss, reason = "days and minutes are far below 2^52")]
    let middle = (low + high) as f64 / 2.0;
    Some(middle)
}

#[cfg(test)]
mod tests;
