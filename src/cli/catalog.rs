//! `coursevia catalog check|import|export`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::catalog::{self, Checked};
use crate::domain::catalog::Counts;
use crate::domain::failure::Failure;
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
    /// Does it.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::Check { file } => {
                let checked = read(&file)?;
                let courses: usize =
                    checked.catalog.programs.iter().map(|program| program.courses.len()).sum();
                Ok(output::line(format_args!(
                    "{}: {} partners, {} programs, {courses} courses. Ready to import.",
                    file.display(),
                    checked.catalog.partners.len(),
                    checked.catalog.programs.len(),
                ))?)
            }
            Verb::Import { file, prune, json } => {
                session.json = json;
                let checked = read(&file)?;
                let report = session.services().await?.import_catalog(&checked.catalog, prune).await?;
                let all = [
                    ("partners", report.partners),
                    ("programs", report.programs),
                    ("courses", report.courses),
                ];
                if json {
                    let counts: serde_json::Map<_, _> =
                        all.iter().map(|(name, counts)| ((*name).to_owned(), as_json(*counts))).collect();
                    return output::json(&counts);
                }
                for (name, counts) in all {
                    output::line(format_args!("{name}: {}", words(counts)))?;
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

fn read(file: &Path) -> Result<Checked, Problem> {
    let name = file.display().to_string();
    let unreadable =
        |why: String| Problem::Failure(Failure::new("catalog_unreadable", format!("{name}: {why}")));
    let size = std::fs::metadata(file).map_err(|error| unreadable(error.to_string()))?.len();
    if usize::try_from(size).is_ok_and(|size| size > catalog::MAX_BYTES) {
        return Err(unreadable(format!(
            "the file has {size} bytes; a catalogue has at most {}",
            catalog::MAX_BYTES
        )));
    }
    let bytes = std::fs::read(file).map_err(|error| unreadable(error.to_string()))?;
    let source = String::from_utf8(bytes).map_err(|_| unreadable("this is not UTF-8 text".to_owned()))?;
    let checked = catalog::parse(&name, &source)
        .map_err(|problems| Problem::Failure(Failure::new("catalog_invalid", problems.to_string())))?;
    for warning in &checked.warnings {
        output::say(warning);
    }
    Ok(checked)
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
