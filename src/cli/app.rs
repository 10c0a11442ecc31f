//! `coursevia`: the app itself.

use super::exit::Problem;
use super::session::CliSession;
use crate::config::{Config, ThemeChoice};
use crate::platform::background::{self, Shade};
use crate::platform::input::Input;
use crate::platform::signals::{EndSignals, TerminalSignals};
use crate::platform::terminal::{self, TerminalGuard};
use crate::platform::{Browser, Env};
use crate::runtime::run::{RunError, Screen, run as run_loop};
use crate::runtime::seat::LocalSeat;
use crate::runtime::{Frames, Performer, Session};
use crate::ui::app::Setup;
use crate::ui::keymap::Action;
use crate::ui::msg::{Background, Level, Notice};
use crate::ui::{App, Keymap, Theme};
use std::io::stdout;
use std::sync::Arc;
use std::time::Duration;

/// How long writes under way may take after the screen is gone.
const PATIENCE: Duration = Duration::from_secs(8);

/// What works without the app.
const INSTEAD: &str = "Use the commands (see coursevia --help), or print screens with: coursevia snapshot";

/// Runs the app in this terminal.
pub async fn run(session: &mut CliSession) -> Result<(), Problem> {
    if !terminal::is_interactive() {
        return Err(Problem::Usage(format!("this is no terminal, so the app can't be shown. {INSTEAD}")));
    }
    let env = session.backend.env().clone();
    if !terminal::can_be_drawn_on(&env) {
        let term = env.get("TERM").map_or("without a TERM".to_owned(), |term| format!("with TERM={term}"));
        return Err(Problem::Usage(format!("the app can't be drawn on a terminal {term}. {INSTEAD}")));
    }
    let config = session.backend.config().clone();
    let who = session.who()?;
    let browser = Browser::of_session(&env, config.launch.browser.as_deref());
    let performer = Performer::new(session.backend.clone(), Arc::new(Session::new(who.clone())), browser);
    let mut end = EndSignals::listen()?;
    end.watch_terminal();
    let signals = TerminalSignals::listen()?;
    let mut guard = TerminalGuard::take(config.ui.mouse)?;
    guard.restore_on_panic();
    // The answer may come when it likes: the first frame is drawn for what is likely.
    let asks = config.ui.theme == ThemeChoice::Auto && background::may_be_asked(&env);
    let input = Input::listen(asks);
    guard.is_read_by(input.reading());
    if asks {
        guard.ask_background()?;
    }
    let now = session.backend.clock().now();
    let size = terminal::size()?;
    let (keymap, notices) = keymap(&config);
    let setup = Setup {
        who,
        ascii: config.ui.ascii,
        theme: first_theme(config.ui.theme, &env),
        utc_offset: terminal::utc_offset(now),
        width: size.0,
        height: size.1,
        now,
        database: String::new(),
        keymap,
        mouse: config.ui.mouse,
        week_starts: config.ui.week_starts,
        till: session.backend.till(),
        notices,
    };
    let frames = Frames::new(stdout(), terminal::size);
    let screen = Screen::new(frames, LocalSeat::new(guard, signals, size), size)?;
    let ended = run_loop(App::new(setup), screen, input.into_stream(), performer, end.recv()).await;
    // The terminal was given back with the screen.
    match ended.map_err(anyhow::Error::from)?.settle(PATIENCE).await {
        // Nothing is wrong with an app whose window was closed.
        Err(RunError::Draw(_) | RunError::Input(_)) if terminal::is_gone() => Ok(()),
        settled => Ok(settled.map_err(anyhow::Error::from)?),
    }
}

/// The theme before the terminal has answered.
fn first_theme(choice: ThemeChoice, env: &Env) -> Theme {
    let theme = theme(choice);
    match background::hint(env) {
        Some(Shade::Light) if choice == ThemeChoice::Auto => theme.on(Background::Light),
        _ => theme,
    }
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
