//! `coursevia`: the app itself.

use super::exit::Problem;
use super::session::CliSession;
use crate::config::ThemeChoice;
use crate::platform::Browser;
use crate::platform::signals::EndSignals;
use crate::platform::terminal::{self, TerminalGuard};
use crate::runtime::run::{Screen, run as run_loop};
use crate::runtime::{Performer, Session};
use crate::ui::app::Setup;
use crate::ui::{App, Theme};
use crossterm::event::EventStream;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::stdout;
use std::sync::Arc;
use std::time::Duration;

/// How long writes under way may take after the screen is gone.
const PATIENCE: Duration = Duration::from_secs(8);

/// Runs the app in this terminal.
pub async fn run(session: &mut CliSession) -> Result<(), Problem> {
    if !terminal::is_interactive() {
        let how = "this is no terminal. Use the commands (coursevia --help) or: coursevia snapshot";
        return Err(Problem::Usage(how.to_owned()));
    }
    let config = session.backend.config().clone();
    let who = session.who()?;
    let browser = Browser::of_session(session.backend.env(), config.launch.browser.as_deref());
    let performer = Performer::new(session.backend.clone(), Arc::new(Session::new(who.clone())), browser);
    let mut signals = EndSignals::listen()?;
    let guard = TerminalGuard::take(config.ui.mouse)?;
    guard.restore_on_panic();
    let now = session.backend.clock().now();
    let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
    let size = terminal.size()?;
    let setup = Setup {
        who,
        ascii: config.ui.ascii,
        theme: theme(config.ui.theme),
        utc_offset: terminal::utc_offset(now),
        width: size.width,
        height: size.height,
        now,
        database: String::new(),
    };
    let copy = |text: &str| {
        if let Err(error) = terminal::copy(text) {
            tracing::warn!(%error, "the terminal did not take a copy");
        }
    };
    let screen = Screen { terminal, copy };
    let ended = run_loop(App::new(setup), screen, EventStream::new(), performer, signals.recv()).await;
    drop(guard);
    ended.map_err(anyhow::Error::from)?.settle(PATIENCE).await;
    Ok(())
}

/// The theme of a choice.
pub(super) fn theme(choice: ThemeChoice) -> Theme {
    match choice {
        ThemeChoice::Auto | ThemeChoice::Dark => Theme::Dark,
        ThemeChoice::Light => Theme::Light,
        ThemeChoice::None => Theme::None,
    }
}
