//! `coursevia lti`: what partners that are launched by LTI 1.3 have to know.

mod keys;
mod list;
mod register;
mod show;

use super::exit::Problem;
use super::session::CliSession;
use clap::{Args, Subcommand};

/// Set up partners that open by LTI 1.3.
#[derive(Debug, Args)]
pub struct Lti {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Print the public keys a partner needs, or make, change and drop keys
    Keys(keys::Keys),
    /// Set a partner up as a tool (advisors)
    Register(register::Register),
    /// List the partners that open by LTI 1.3
    List(list::List),
    /// Print what a tool's administrator needs to know of us
    Show(show::Show),
}

impl Lti {
    /// Whether failures are told as JSON.
    pub(super) fn json(&self) -> bool {
        match &self.verb {
            Verb::Keys(command) => command.json,
            Verb::Register(command) => command.json,
            Verb::List(command) => command.json,
            Verb::Show(command) => command.json,
        }
    }

    /// Runs the verb.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::Keys(command) => command.run(session).await,
            Verb::Register(command) => command.run(session).await,
            Verb::List(command) => command.run(session).await,
            Verb::Show(command) => command.run(session).await,
        }
    }
}
