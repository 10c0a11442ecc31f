//! `coursevia compare SLUG`.

use super::exit::Problem;
use super::json;
use super::output;
use super::programs::why_not;
use super::session::CliSession;
use super::table::Table;
use crate::domain::candidate::candidates;
use crate::domain::compare::{Cell, Comparison, Fact, compare};
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
            return output::json(&json::comparison(view, &comparison, &candidates));
        }
        output::line(&view.program.title)?;
        if view.self_hosted() {
            output::line("Taught here. Free.")?;
            return Ok(());
        }
        let reasons: Vec<String> = comparison
            .columns
            .iter()
            .map(|column| {
                let offer = view.offers.iter().find(|offer| offer.course.id == column.course);
                offer.map(why_not).unwrap_or_default()
            })
            .collect();
        let table = side_by_side(&comparison, &reasons);
        output::line("")?;
        if table.width() <= WIDE {
            return Ok(output::line(table)?);
        }
        for (place, column) in comparison.columns.iter().enumerate() {
            if place > 0 {
                output::line("")?;
            }
            output::line(&column.name)?;
            output::line(stacked(&comparison, &reasons, place))?;
        }
        Ok(())
    }
}

/// "Free (lowest)".
fn words(fact: Fact, cell: &Cell) -> String {
    match fact.best() {
        Some(best) if cell.best => format!("{} ({best})", cell.words),
        _ => cell.words.clone(),
    }
}

fn side_by_side(comparison: &Comparison, reasons: &[String]) -> Table {
    let names = comparison.columns.iter().map(|column| column.name.to_string());
    let mut table = Table::of(std::iter::once(String::new()).chain(names).collect());
    for row in &comparison.rows {
        let cells = row.cells.iter().map(|cell| words(row.fact, cell));
        table.push(std::iter::once(row.fact.label().to_owned()).chain(cells).collect());
    }
    if reasons.iter().any(|reason| !reason.is_empty()) {
        table.push(std::iter::once("Not now".to_owned()).chain(reasons.iter().cloned()).collect());
    }
    table
}

fn stacked(comparison: &Comparison, reasons: &[String], place: usize) -> Table {
    let mut facts = comparison.rows.iter().filter_map(|row| {
        Some(vec![format!("  {}", row.fact.label()), words(row.fact, row.cells.get(place)?)])
    });
    let mut table = Table::of(facts.next().unwrap_or_default());
    facts.for_each(|fact| table.push(fact));
    if let Some(reason) = reasons.get(place).filter(|reason| !reason.is_empty()) {
        table.push(vec!["  Not now".to_owned(), reason.clone()]);
    }
    table
}
