//! The command line: definitions here, one file per command below.

mod app;
mod calendar;
mod cancel;
mod catalog;
mod certificate;
mod checkout;
mod compare;
mod course;
mod courses;
mod describe;
mod doctor;
mod enroll;
mod exit;
mod jobs;
mod json;
mod launch;
mod ledger;
mod log;
mod lti;
mod output;
mod parked;
mod partner;
mod pay;
mod payout;
mod profile;
mod programs;
mod proof;
mod reconcile;
mod refund;
mod reports;
mod review;
mod sandbox;
mod session;
mod sheet;
mod snapshot;
mod switch;
mod sync;
mod table;
mod waitlist;
mod watch;
mod who;
mod work;

pub use exit::Exit;

use crate::config::Flags;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// One terminal for every training partner: compare, enroll, continue learning.
#[derive(Debug, Parser)]
#[command(version = env!("COURSEVIA_VERSION"), max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The database: `sqlite:///path/to/file.db` or `postgres://host/name`
    #[arg(long, global = true, value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// The student who acts, or who is acted for (e-mail address or id)
    #[arg(long, global = true, value_name = "EMAIL")]
    student: Option<String>,
    /// The advisor who acts
    #[arg(long, global = true, value_name = "EMAIL")]
    advisor: Option<String>,
    /// The configuration file [default: config.toml in the user's configuration directory]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the log is written
    #[arg(long, global = true, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    ascii: bool,
}

impl Global {
    fn flags(&self) -> Flags {
        Flags {
            file: self.config.clone(),
            database_url: self.database_url.clone(),
            ascii: self.ascii,
            log: self.log.clone(),
        }
    }
}

/// What to do. Without a command: the app.
#[derive(Debug, Subcommand)]
enum Command {
    /// List the programs
    Programs(programs::List),
    /// Show one program and its partners
    Program(programs::Show),
    /// List the dated starts of a program, or write the dates of a course of yours
    Calendar(calendar::Calendar),
    /// Show the partners of a program side by side
    Compare(compare::Compare),
    /// Enroll in a program
    Enroll(enroll::Enroll),
    /// List your enrollments
    Courses(courses::Courses),
    /// Pay for a course that waits for it
    Pay(pay::Pay),
    /// Switch to another partner before you start
    Switch(switch::Switch),
    /// Cancel an enrollment that has not been started
    Cancel(cancel::Cancel),
    /// See the waitlists you are on, and answer offers
    Waitlist(waitlist::Waitlist),
    /// Open a course at its partner
    Launch(launch::Launch),
    /// Show the certificate of a course you have completed, or check anybody's
    Certificate(certificate::Certificate),
    /// Get a mail when the partner of a course is back
    Watch(watch::Watch),
    /// Read reviews, or write your own
    Review(review::Review),
    /// Say that you have finished where the partner reports nothing, or decide about it (advisors)
    Proof(proof::ProofCommand),
    /// Ask the partners for progress: one student's, or with nobody named all that are due
    Sync(sync::Sync),
    /// Do outside work (partner calls, mail) as it falls due
    Work(work::Work),
    /// Pay a student's money back (advisors)
    Refund(refund::Refund),
    /// Look at all money that is not settled, and settle what can be
    Reconcile(reconcile::Reconcile),
    /// Decide about payments that do not fit what was asked for (advisors)
    Parked(parked::Parked),
    Jobs(jobs::Jobs),
    /// Print completion, revenue or performance, or a partner's statement
    Report(reports::Report),
    /// List what was posted to the ledger
    Ledger(ledger::Ledger),
    /// Post what was paid to a partner (needs --advisor)
    Payout(payout::Payout),
    /// Set up partners that open by LTI 1.3
    Lti(lti::Lti),
    /// See how partners stand, and pause, resume or retire them
    Partner(partner::Partner),
    /// Check, import or export the catalogue
    Catalog(catalog::Catalog),
    /// Check or import a course that is taught here
    Course(course::Course),
    /// Show or set who usually sits here
    Profile(profile::Profile),
    /// Press keys without a terminal and print the screen
    Snapshot(snapshot::Snapshot),
    /// Play the demo partners and the payment processor on this machine
    Sandbox(sandbox::Sandbox),
    /// Find out what is wrong here, and what to do about it
    Doctor(doctor::Doctor),
    /// Print what makes a shell complete our commands
    Completions(describe::Completions),
    /// Print the manual, or write one page per command
    Man(describe::Man),
}

impl Command {
    /// Whether failures are told as JSON on stdout, too.
    fn json(&self) -> bool {
        match self {
            Self::Programs(command) => command.json,
            Self::Program(command) => command.json,
            Self::Calendar(command) => command.json,
            Self::Compare(command) => command.json,
            Self::Enroll(command) => command.json,
            Self::Courses(command) => command.json,
            Self::Cancel(command) => command.json,
            Self::Pay(command) => command.json,
            Self::Switch(command) => command.json,
            Self::Refund(command) => command.json,
            Self::Reconcile(command) => command.json,
            Self::Parked(command) => command.json(),
            Self::Jobs(command) => command.json(),
            Self::Waitlist(command) => command.json(),
            Self::Launch(command) => command.json,
            Self::Certificate(command) => command.json(),
            Self::Sync(command) => command.json,
            Self::Review(command) => command.json(),
            Self::Proof(command) => command.json(),
            Self::Report(command) => command.json(),
            Self::Ledger(command) => command.json,
            Self::Payout(command) => command.json,
            Self::Lti(command) => command.json(),
            Self::Partner(command) => command.json(),
            Self::Watch(command) => command.json,
            Self::Catalog(command) => command.json(),
            Self::Course(command) => command.json(),
            Self::Profile(command) => command.json,
            Self::Doctor(command) => command.json,
            Self::Work(_) | Self::Snapshot(_) | Self::Sandbox(_) | Self::Completions(_) | Self::Man(_) => {
                false
            }
        }
    }
}

/// Parses the arguments, runs the command, tells how it ended.
pub async fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap knows which stream is theirs.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let json = cli.command.as_ref().is_some_and(Command::json);
    // What describes the program, or what is wrong with it, works whatever state the rest is in.
    let described = match &cli.command {
        Some(Command::Completions(command)) => Some(command.run()),
        Some(Command::Man(command)) => Some(command.run()),
        // It is asked when things don't work, and has to tell which.
        Some(Command::Doctor(command)) => Some(command.run(&cli.global).await),
        _ => None,
    };
    if let Some(done) = described {
        return done.map_or_else(|problem| output::report(&problem, json), |()| Exit::Done);
    }
    let mut session = match session::CliSession::open(cli.global) {
        Ok(session) => session,
        Err(problem) => return output::report(&problem, json),
    };
    log::start(session.backend.config(), session.global.log.is_some());
    let done = match cli.command {
        None => Box::pin(app::run(&mut session)).await,
        Some(Command::Programs(command)) => command.run(&mut session).await,
        Some(Command::Program(command)) => command.run(&mut session).await,
        Some(Command::Calendar(command)) => command.run(&mut session).await,
        Some(Command::Compare(command)) => command.run(&mut session).await,
        Some(Command::Enroll(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Courses(command)) => command.run(&mut session).await,
        Some(Command::Cancel(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Pay(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Switch(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Refund(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Reconcile(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Parked(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Jobs(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Waitlist(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Launch(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Review(command)) => command.run(&mut session).await,
        Some(Command::Certificate(command)) => command.run(&mut session).await,
        Some(Command::Proof(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Sync(command)) => command.run(&mut session).await,
        Some(Command::Work(command)) => Box::pin(command.run(&mut session)).await,
        Some(Command::Report(command)) => command.run(&mut session).await,
        Some(Command::Ledger(command)) => command.run(&mut session).await,
        Some(Command::Payout(command)) => command.run(&mut session).await,
        Some(Command::Lti(command)) => command.run(&mut session).await,
        Some(Command::Partner(command)) => command.run(&mut session).await,
        Some(Command::Watch(command)) => command.run(&mut session).await,
        Some(Command::Catalog(command)) => command.run(&mut session).await,
        Some(Command::Course(command)) => command.run(&mut session).await,
        Some(Command::Profile(command)) => command.run(&mut session).await,
        Some(Command::Snapshot(command)) => command.run(&mut session).await,
        Some(Command::Sandbox(command)) => command.run(&mut session).await,
        Some(Command::Completions(_) | Command::Man(_) | Command::Doctor(_)) => Ok(()),
    };
    let exit = match done {
        Ok(()) => Exit::Done,
        Err(problem) => output::report(&problem, json),
    };
    session.close().await;
    exit
}
