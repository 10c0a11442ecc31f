//! `coursevia completions` and `coursevia man`: what clap knows about the commands, for shells and
//! for `man`. Neither configuration nor database is touched.

use super::Cli;
use super::exit::Problem;
use super::output;
use crate::platform::files;
use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::Generator;
use clap_complete::shells;
use std::io;
use std::path::{Path, PathBuf};

const NAME: &str = "coursevia";

/// Print what makes a shell complete our commands.
#[derive(Debug, Args)]
#[command(after_help = "\
Put it where your shell looks:
  bash  coursevia completions bash > ~/.local/share/bash-completion/completions/coursevia
  zsh   coursevia completions zsh > DIR/_coursevia, where DIR is one of $fpath
  fish  coursevia completions fish > ~/.config/fish/completions/coursevia.fish")]
pub struct Completions {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl Completions {
    /// Prints the script.
    pub fn run(&self) -> Result<(), Problem> {
        let script = match self.shell {
            Shell::Bash => script(shells::Bash),
            Shell::Zsh => script(shells::Zsh),
            Shell::Fish => script(shells::Fish),
        };
        Ok(output::raw(&String::from_utf8_lossy(&script))?)
    }
}

fn script(shell: impl Generator) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
    script
}

/// Print the manual, or write one page per command.
#[derive(Debug, Args)]
#[command(after_help = "\
To have `man coursevia` and `man coursevia-enroll`:
  coursevia man --dir ~/.local/share/man/man1")]
pub struct Man {
    /// Write all pages into this directory instead
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Man {
    /// Prints the first page, or writes all of them.
    pub fn run(&self) -> Result<(), Problem> {
        let Some(dir) = &self.dir else {
            let mut page = Vec::new();
            // The pages of a directory have none for `help` either.
            clap_mangen::Man::new(Cli::command().disable_help_subcommand(true)).render(&mut page)?;
            return Ok(output::raw(&String::from_utf8_lossy(&page))?);
        };
        write_pages(dir)
            .map_err(|error| anyhow::anyhow!("{}: {}", dir.display(), files::why(&error)))
            .map_err(Problem::from)
    }
}

fn write_pages(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    clap_mangen::generate_to(Cli::command(), dir)
}
