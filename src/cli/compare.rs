//! `coursevia compare SLUG`.

use super::exit::Problem;
use super::json;
use super::output;
use super::programs::why_not;
use super::session::CliSession;
use super::table::Table;
use crate::domain::candidate::candidates;
use crate::domain::compare::{Cell, Comparison, Fact, Row, compare};
use crate::ui::fit;
use clap::Args;

/// How wide a table may be before the partners stand under each other.
const WIDE: usize = 80;

/// Show the partners of a program side by side.
#[derive(Debug, Args)]
pub struct Compare {
    /// The program's short name, such as cna-training
    slug: String,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Compare {
    /// Prints them.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let services = session.services().await?;
        let compared = services.comparison_of(&self.slug).await?;
        let (view, now) = (&compared.view, services.clock.now());
        let candidates = candidates(view, Some(&compared.outcomes), now);
        let comparison = compare(&candidates);
        if self.json {
            return output::json(&json::comparison(view, &comparison, &candidates, now));
        }
        output::line(&view.program.title)?;
        if view.self_hosted() {
            output::line("Taught here. Free.")?;
            return Ok(());
        }
        let table = side_by_side(&comparison);
        let wide = table.width() > WIDE;
        if !wide {
            output::line(format_args!("\n{table}"))?;
        }
        for (place, column) in comparison.columns.iter().enumerate() {
            output::line(format_args!("\n{}", column.name))?;
            if wide {
                output::line(stacked(&comparison, place))?;
            }
            let offer = view.offers.iter().find(|offer| offer.course.id == column.course);
            let label = if column.unavailable.is_some() { "Not now" } else { "Know this" };
            told(label, &offer.map(|offer| why_not(offer, now)).unwrap_or_default())?;
            told("Support", &offer.and_then(|offer| offer.provider.support.contact()).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// How far the values of a partner stand from the edge.
const INDENT: usize = 14;

/// What takes more room than a column has, under the partner's name.
fn told(label: &str, words: &str) -> Result<(), Problem> {
    for (row, line) in fit::wrap(words, WIDE - INDENT, usize::MAX, "").into_iter().enumerate() {
        let label = if row == 0 { label } else { "" };
        output::line(format_args!("  {label:<width$}{line}", width = INDENT - 2))?;
    }
    Ok(())
}

/// "Free (lowest)".
fn words(fact: Fact, cell: &Cell) -> String {
    match fact.best() {
        Some(best) if cell.best => format!("{} ({best})", cell.words),
        _ => cell.words.clone(),
    }
}

/// What a column has room for.
fn short(comparison: &Comparison) -> impl Iterator<Item = &Row> {
    comparison.rows.iter().filter(|row| row.fact != Fact::Support)
}

fn side_by_side(comparison: &Comparison) -> Table {
    let names = comparison.columns.iter().map(|column| column.name.to_string());
    let mut table = Table::of(std::iter::once(String::new()).chain(names).collect());
    for row in short(comparison) {
        let cells = row.cells.iter().map(|cell| words(row.fact, cell));
        table.push(std::iter::once(row.fact.label().to_owned()).chain(cells).collect());
    }
    table
}

fn stacked(comparison: &Comparison, place: usize) -> Table {
    let mut facts = short(comparison).filter_map(|row| {
        let label = format!("  {:<width$}", row.fact.label(), width = INDENT - 4);
        Some(vec![label, words(row.fact, row.cells.get(place)?)])
    });
    let mut table = Table::of(facts.next().unwrap_or_default());
    facts.for_each(|fact| table.push(fact));
    table
}
