//! `coursevia catalog check|import|export`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::catalog::{self, Checked, Problems};
use crate::domain::catalog::Counts;
use crate::domain::failure::Failure;
use crate::platform::files;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// Check, import or export the catalogue.
#[derive(Debug, Args)]
pub struct Catalog {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say whether a file can be imported
    Check {
        /// The catalogue file
        file: PathBuf,
    },
    /// Bring a file in: all of it or nothing
    Import {
        /// The catalogue file
        file: PathBuf,
        /// Deactivate what the file does not name
        #[arg(long)]
        prune: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the catalogue as a file
    Export,
}

impl Catalog {
    pub(super) fn json(&self) -> bool {
        matches!(self.verb, Verb::Import { json: true, .. })
    }

    /// Does it.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::Check { file } => {
                let checked = read(session, &file)?;
                let catalog = &checked.catalog;
                let courses = catalog.programs.iter().flat_map(|program| &program.courses);
                let cohorts = courses.clone().map(|course| course.cohorts.len()).sum();
                Ok(output::line(format_args!(
                    "{}: {}, {}, {}, {}. Ready to import.",
                    file.display(),
                    counted(catalog.partners.len(), "partner"),
                    counted(catalog.programs.len(), "program"),
                    counted(courses.count(), "course"),
                    counted(cohorts, "cohort"),
                ))?)
            }
            Verb::Import { file, prune, json } => {
                let checked = read(session, &file)?;
                if prune && checked.catalog.programs.is_empty() {
                    return Err(Problem::Failure(nothing_left(&file)));
                }
                let report = session.services().await?.import_catalog(&checked.catalog, prune).await?;
                let all = [
                    ("partners", report.partners),
                    ("programs", report.programs),
                    ("courses", report.courses),
                    ("cohorts", report.cohorts),
                ];
                if json {
                    let counts: serde_json::Map<_, _> =
                        all.iter().map(|(name, counts)| ((*name).to_owned(), as_json(*counts))).collect();
                    let mut value = serde_json::Value::Object(counts);
                    value["kept_paused"] = report.kept_paused.into();
                    return output::json(&value);
                }
                for (name, counts) in all {
                    output::line(format_args!("{name}: {}", words(counts)))?;
                }
                if report.kept_paused > 0 {
                    let kept = counted(report.kept_paused, "partner");
                    output::say(format_args!(
                        "Still paused by an advisor, whatever the file says: {kept}. See: coursevia partner list"
                    ));
                }
                Ok(())
            }
            Verb::Export => {
                let catalog = session.services().await?.export_catalog().await?;
                Ok(output::raw(&catalog::write(&catalog))?)
            }
        }
    }
}

fn read(session: &CliSession, file: &Path) -> Result<Checked, Problem> {
    let name = file.display().to_string();
    let source = files::read_text(file, catalog::MAX_BYTES)
        .map_err(|error| Failure::new("catalog_unreadable", format!("{name}: {}", files::why(&error))))?;
    let checked = catalog::parse(&name, &source)
        .map_err(|problems| Problem::Failure(Failure::new("catalog_invalid", problems.to_string())))?;
    let warnings = checked.warnings_at(session.backend.clock().now());
    if !warnings.is_empty() {
        output::say(Problems(warnings));
    }
    Ok(checked)
}

/// `--prune` with a file that names no program, an empty one most likely, would close everything.
fn nothing_left(file: &Path) -> Failure {
    let words = format!(
        "{} names no programs, so --prune would take all of them away. Nothing was changed. \
         Import a file with the programs that stay.",
        file.display()
    );
    Failure { refused: true, ..Failure::new("nothing_left", words) }
}

fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn words(counts: Counts) -> String {
    let Counts { added, updated, unchanged, deactivated } = counts;
    let pruned = if deactivated > 0 { format!(", {deactivated} deactivated") } else { String::new() };
    format!("{added} added, {updated} updated, {unchanged} unchanged{pruned}")
}

fn as_json(counts: Counts) -> serde_json::Value {
    let Counts { added, updated, unchanged, deactivated } = counts;
    serde_json::json!({ "added": added, "updated": updated, "unchanged": unchanged, "deactivated": deactivated })
}
