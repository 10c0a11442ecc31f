//! `coursevia`: the app itself.

use super::exit::Problem;
use super::session::CliSession;
use crate::config::{Config, ThemeChoice};
use crate::platform::Browser;
use crate::platform::signals::EndSignals;
use crate::platform::terminal::{self, TerminalGuard};
use crate::runtime::run::{Screen, run as run_loop};
use crate::runtime::{Performer, Session};
use crate::ui::app::Setup;
use crate::ui::keymap::Action;
use crate::ui::msg::{Level, Notice};
use crate::ui::{App, Keymap, Theme};
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
    let (keymap, notices) = keymap(&config);
    let setup = Setup {
        who,
        ascii: config.ui.ascii,
        theme: theme(config.ui.theme),
        utc_offset: terminal::utc_offset(now),
        width: size.width,
        height: size.height,
        now,
        database: String::new(),
        keymap,
        mouse: config.ui.mouse,
        notices,
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

/// The keys of the configuration, and what is to be said about those that can't be used.
pub(super) fn keymap(config: &Config) -> (Keymap, Vec<Notice>) {
    let (keymap, problems) = Keymap::configured(&config.keys);
    let notice = |text: String| Notice { level: Level::Warn, text };
    let mut notices: Vec<Notice> = problems.iter().map(|problem| notice(problem.to_string())).collect();
    if notices.len() > 1 {
        let messages = keymap.word(Action::Messages);
        let words = crate::ui::text::key_problems(notices.len(), &messages);
        notices.push(notice(words));
    }
    (keymap, notices)
}

/// The theme of a choice.
pub(super) fn theme(choice: ThemeChoice) -> Theme {
    match choice {
        ThemeChoice::Auto | ThemeChoice::Dark => Theme::Dark,
        ThemeChoice::Light => Theme::Light,
        ThemeChoice::None => Theme::None,
    }
}
