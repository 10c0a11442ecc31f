//! `coursevia proof show`.

use super::{facts, looking, proof_id};
use crate::cli::exit::Problem;
use crate::cli::session::CliSession;
use crate::cli::{json, output};
use crate::domain::failure::Failure;
use crate::domain::proof::ProofStatus;
use crate::platform::files;
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// Show a report.
#[derive(Debug, Args)]
pub struct Show {
    /// The report's id, as `proof list` prints it
    id: String,
    /// Where to save the file that came with it
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long, requires = "save")]
    force: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    /// Whether failures are told as JSON, too.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Shows it, and saves what came with it.
    pub async fn run(self, session: &CliSession) -> Result<(), Problem> {
        let id = proof_id(&self.id)?;
        let actor = looking(session).await?;
        let services = session.services().await?;
        let view = services.proof(actor, id).await?;
        if let Some(path) = &self.save {
            let file = services.proof_file(actor, id).await?;
            let none = || Failure::new("no_proof_file", "No file came with this report. Nothing was saved.");
            save(path, &file.ok_or_else(none)?.bytes, self.force)?;
        }
        if self.json {
            return output::json(&json::proof(&view));
        }
        for (name, words) in facts(&view) {
            output::line(format_args!("{name:<9} {words}"))?;
        }
        if let Some(path) = &self.save {
            output::say(format_args!("Saved as {}", path.display()));
        } else if view.proof.file.is_some() {
            output::say(format_args!("Save the file with: coursevia proof show {id} --save FILE"));
        }
        if view.proof.status == ProofStatus::Open && session.global.advisor.is_some() {
            output::say(format_args!(
                "Decide with: coursevia proof accept {id}, or: coursevia proof decline {id} --reason TEXT"
            ));
        }
        Ok(())
    }
}

fn save(path: &Path, bytes: &[u8], replace: bool) -> Result<(), Failure> {
    files::save_bytes(path, bytes, replace).map_err(|error| {
        let there = error.kind() == io::ErrorKind::AlreadyExists;
        let todo = if there { " --force replaces it." } else { "" };
        let words = format!("{}: {}. Nothing was saved.{todo}", path.display(), files::why(&error));
        Failure::new("file_not_written", words)
    })
}
