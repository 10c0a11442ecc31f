//! `coursevia report …`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use super::sheet::{Cell, Sheet};
use crate::domain::money::{Currency, Money};
use crate::domain::report::{
    By, CompletionRow, PerformanceRow, Period, ReportQuery, RevenueRow, Statement, StatementLine, Subject,
};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::service::Services;
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

/// Completion, revenue and performance, per partner or per program; a partner's statement.
#[derive(Debug, Args)]
pub struct Report {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Who enrolled, started, completed
    Completion(Rows),
    /// Where the money went
    Revenue(Rows),
    /// How well it works
    Performance(Rows),
    /// One partner's students and their money (needs --advisor)
    Statement(Students),
}

#[derive(Debug, Args)]
struct Rows {
    /// Only this partner
    #[arg(long, value_name = "NAME")]
    partner: Option<String>,
    /// Only this program, by its short name
    #[arg(long, value_name = "SLUG")]
    program: Option<String>,
    /// One row for each of these
    #[arg(long, value_enum, default_value_t = Each::Partner)]
    by: Each,
    #[command(flatten)]
    shape: Shape,
}

#[derive(Debug, Args)]
struct Students {
    /// Whose
    #[arg(long, value_name = "NAME")]
    partner: String,
    #[command(flatten)]
    shape: Shape,
}

#[derive(Debug, Args)]
struct Shape {
    #[command(flatten)]
    days: Days,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Print JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// The days a report or the ledger is about.
#[derive(Clone, Debug, Args)]
pub(super) struct Days {
    /// The first day, such as 2026-11-01 (UTC) [default: since ever]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// The last day, included [default: until now]
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
}

impl Days {
    /// Whole days that end after they begin.
    pub(super) fn period(&self) -> Result<Period, Problem> {
        let (from, to) = (date("--from", self.from.as_deref())?, date("--to", self.to.as_deref())?);
        Period::new(from, to).map_err(|error| Problem::Usage(format!("--to: {error}")))
    }
}

/// Reads a day that a calendar has.
fn date(flag: &str, raw: Option<&str>) -> Result<Option<NaiveDate>, Problem> {
    let read = |raw: &str| {
        raw.trim().parse().map_err(|_| {
            let shown = Text::clean_to(raw, 40);
            Problem::Usage(format!("{flag}: \"{shown}\" is no date. Write it as 2026-11-01"))
        })
    };
    raw.map(read).transpose()
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Each {
    Partner,
    Program,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

impl Report {
    /// Whether it prints JSON.
    pub(super) fn json(&self) -> bool {
        let shape = match &self.verb {
            Verb::Completion(rows) | Verb::Revenue(rows) | Verb::Performance(rows) => &rows.shape,
            Verb::Statement(statement) => &statement.shape,
        };
        shape.format() == Format::Json
    }

    /// Prints it.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::Completion(rows) => {
                let (services, query) = rows.query(session).await?;
                let report = services.completion_report(&query).await?;
                let list = || report.iter().map(completion_json).collect();
                rows.shape.print(&completion_sheet(&query, &report), list)
            }
            Verb::Revenue(rows) => {
                let (services, query) = rows.query(session).await?;
                let report = services.revenue_report(&query).await?;
                let list = || report.iter().map(revenue_json).collect();
                rows.shape.print(&revenue_sheet(&query, &report), list)
            }
            Verb::Performance(rows) => {
                let (services, query) = rows.query(session).await?;
                let report = services.performance_report(&query).await?;
                let list = || report.iter().map(performance_json).collect();
                rows.shape.print(&performance_sheet(&query, &report), list)
            }
            Verb::Statement(asked) => {
                let period = asked.shape.days.period()?;
                let advisor = session.moderator().await?;
                let services = session.services().await?;
                let statement = services.partner_statement(&advisor, &asked.partner, period).await?;
                let rows = statement_sheet(&statement, asked.shape.format() == Format::Table);
                asked.shape.print(&rows, || statement_json(&statement))
            }
        }
    }
}

impl Rows {
    async fn query<'a>(&self, session: &'a CliSession) -> Result<(&'a Services, ReportQuery), Problem> {
        let period = self.shape.days.period()?;
        let services = session.services().await?;
        let partner = match &self.partner {
            Some(named) => Some(services.partner_named(named).await?.0),
            None => None,
        };
        let program = match &self.program {
            Some(slug) => Some(services.program_named(slug).await?),
            None => None,
        };
        let by = match self.by {
            Each::Partner => By::Partner,
            Each::Program => By::Program,
        };
        Ok((services, ReportQuery { by, partner, program, period }))
    }
}

impl Shape {
    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }

    fn print(&self, sheet: &Sheet, list: impl FnOnce() -> Vec<Value>) -> Result<(), Problem> {
        match self.format() {
            Format::Json => output::json(&list()),
            Format::Csv => Ok(output::raw(&sheet.csv()?)?),
            Format::Table if sheet.is_empty() => {
                output::say("Nothing happened in this period.");
                Ok(())
            }
            Format::Table => Ok(output::line(sheet.table())?),
        }
    }
}

/// `"partner": "Certiport"`, or `"program": "cna-training"`.
fn about(subject: &Subject) -> (&'static str, Value) {
    match subject {
        Subject::Partner(_) => ("partner", json!(subject.code())),
        Subject::Program(..) => ("program", json!(subject.code())),
    }
}

fn with_subject(subject: &Subject, rest: Value) -> Value {
    let (key, name) = about(subject);
    let mut object = serde_json::Map::new();
    object.insert(key.to_owned(), name);
    if let Value::Object(rest) = rest {
        object.extend(rest);
    }
    Value::Object(object)
}

fn completion_json(row: &CompletionRow) -> Value {
    let rest = json!({
        "enrolled": row.enrolled, "started": row.started, "completed": row.completed,
        "cancelled": row.cancelled, "switched_away": row.switched_away, "median_days": row.median_days,
    });
    with_subject(&row.subject, rest)
}

fn revenue_json(row: &RevenueRow) -> Value {
    let rest = json!({
        "currency": row.currency.code(), "gross_cents": row.gross, "refunded_cents": row.refunded,
        "partner_share_cents": row.partner_share, "platform_share_cents": row.platform_share,
        "paid_out_cents": row.paid_out, "payable_cents": row.payable,
    });
    with_subject(&row.subject, rest)
}

fn performance_json(row: &PerformanceRow) -> Value {
    let rest = json!({
        "completion_rate": row.completion_rate, "median_days": row.median_days, "rating": row.rating,
        "launch_failures": row.launch_failures, "provision_failures": row.provision_failures,
        "figures_age_minutes": row.figures_age_minutes,
    });
    with_subject(&row.subject, rest)
}

fn statement_json(statement: &Statement) -> Vec<Value> {
    let row = |row: &crate::domain::report::StatementRow| {
        let (facts, line) = (row.facts.as_ref(), row.line);
        json!({
            "enrollment": facts.map(|facts| facts.enrollment),
            "student": facts.map(|facts| facts.student.as_str()),
            "program": facts.map(|facts| facts.program.as_str()),
            "enrolled_at": facts.and_then(|facts| facts.enrolled_at),
            "completed_at": facts.and_then(|facts| facts.completed_at),
            "status": facts.and_then(|facts| facts.status).map(crate::domain::enrollment::Status::code),
            "currency": line.map(|line| line.currency.code().to_owned()),
            "paid_cents": line.map_or(0, |line| line.paid),
            "refunded_cents": line.map_or(0, |line| line.refunded),
            "partner_share_cents": line.map_or(0, |line| line.partner_share),
        })
    };
    statement.rows.iter().map(row).collect()
}

fn name(subject: &Subject) -> Cell {
    Cell::Text(subject.label().to_owned())
}

fn heading(query: &ReportQuery) -> &'static str {
    query.by.code()
}

fn money(cents: i64, currency: Currency) -> Cell {
    Cell::Number(Money { cents, currency }.decimal())
}

fn tenths(number: Option<f64>) -> Cell {
    number.map_or(Cell::Nothing, |number| Cell::Number(format!("{number:.1}")))
}

fn count(number: u64) -> Cell {
    Cell::Number(number.to_string())
}

fn completion_sheet(query: &ReportQuery, report: &[CompletionRow]) -> Sheet {
    let headings =
        [heading(query), "enrolled", "started", "completed", "cancelled", "switched away", "median days"];
    let mut sheet = Sheet::new(&headings);
    for row in report {
        let counts = [row.enrolled, row.started, row.completed, row.cancelled, row.switched_away].map(count);
        sheet.push([name(&row.subject)].into_iter().chain(counts).chain([tenths(row.median_days)]));
    }
    sheet
}

fn revenue_sheet(query: &ReportQuery, report: &[RevenueRow]) -> Sheet {
    let mut sheet = Sheet::new(&[
        heading(query),
        "currency",
        "gross",
        "refunded",
        "partner share",
        "platform share",
        "paid out",
        "payable",
    ]);
    for row in report {
        let cell = |cents| money(cents, row.currency);
        let optional = |cents: Option<i64>| cents.map_or(Cell::Nothing, cell);
        sheet.push([
            name(&row.subject),
            Cell::Text(row.currency.code().to_owned()),
            cell(row.gross),
            cell(row.refunded),
            cell(row.partner_share),
            cell(row.platform_share),
            optional(row.paid_out),
            optional(row.payable),
        ]);
    }
    sheet
}

fn performance_sheet(query: &ReportQuery, report: &[PerformanceRow]) -> Sheet {
    let mut sheet = Sheet::new(&[
        heading(query),
        "completion %",
        "median days",
        "rating (now)",
        "launch failures",
        "provisioning failures",
        "age of figures, h (now)",
    ]);
    for row in report {
        sheet.push([
            name(&row.subject),
            tenths(row.completion_rate.map(|rate| rate * 100.0)),
            tenths(row.median_days),
            tenths(row.rating),
            count(row.launch_failures),
            count(row.provision_failures),
            tenths(row.figures_age_minutes.map(|minutes| minutes / 60.0)),
        ]);
    }
    sheet
}

fn statement_sheet(statement: &Statement, totals: bool) -> Sheet {
    let mut sheet = Sheet::new(&[
        "student",
        "program",
        "enrolled",
        "completed",
        "status",
        "currency",
        "paid",
        "refunded",
        "partner share",
    ]);
    let day = |at: Option<Instant>| at.map_or(Cell::Nothing, |at| Cell::Text(at.date_naive().to_string()));
    let text = |words: Option<&str>| words.map_or(Cell::Nothing, |words| Cell::Text(words.to_owned()));
    for row in &statement.rows {
        let facts = row.facts.as_ref();
        let first = [
            text(Some(facts.map_or("not known", |facts| facts.student.as_str()))),
            text(facts.map(|facts| facts.program.as_str())),
            day(facts.and_then(|facts| facts.enrolled_at)),
            day(facts.and_then(|facts| facts.completed_at)),
            text(facts.and_then(|facts| facts.status).map(crate::domain::enrollment::Status::code)),
        ];
        sheet.push(first.into_iter().chain(amounts(row.line.as_ref())));
    }
    // A sum among the rows would be counted twice by whoever sums a column.
    if totals && !statement.rows.is_empty() {
        for total in &statement.totals {
            let first = [text(Some("total")), Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::Nothing];
            sheet.push(first.into_iter().chain(amounts(Some(total))));
        }
    }
    sheet
}

fn amounts(line: Option<&StatementLine>) -> [Cell; 4] {
    let Some(line) = line else {
        return [Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::Nothing];
    };
    let cell = |cents| money(cents, line.currency);
    [
        Cell::Text(line.currency.code().to_owned()),
        cell(line.paid),
        cell(line.refunded),
        cell(line.partner_share),
    ]
}
