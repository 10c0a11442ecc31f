//! The browser. A link is a secret: it never gets into an error, a log or a table.

use crate::domain::web::WebUrl;
use crate::platform::env::Env;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How links are opened.
#[derive(Clone, Debug)]
pub enum Browser {
    /// A browser of this machine: the commands to try, best first, then the system's own.
    System {
        /// Configured and `$BROWSER` commands.
        preferred: Vec<String>,
    },
    /// No browser can be seen from here (SSH): links are shown instead.
    Nowhere,
    /// Keeps the links, for tests and snapshots.
    Recording(Arc<Mutex<Vec<WebUrl>>>),
}

/// No browser could be started; the link has to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no browser could be started")]
pub struct NoBrowser;

/// How long a browser command may take to fail before it counts as opened.
const SETTLE: Duration = Duration::from_millis(700);

impl Browser {
    /// The browser of this session. Over SSH there is none: it would open on another desk.
    pub fn of_session(env: &Env, configured: Option<&str>) -> Self {
        if env.get("SSH_CONNECTION").is_some() || env.get("SSH_TTY").is_some() {
            return Self::Nowhere;
        }
        let from_env = env.get("BROWSER").unwrap_or_default().split(':');
        let preferred = configured.into_iter().chain(from_env);
        Self::System {
            preferred: preferred.filter(|command| !command.is_empty()).map(str::to_owned).collect(),
        }
    }

    /// Opens `url`. Blocks for up to a second: call it off the UI's thread.
    pub fn open(&self, url: &WebUrl) -> Result<(), NoBrowser> {
        match self {
            Self::Nowhere => Err(NoBrowser),
            Self::Recording(opened) => {
                opened.lock().unwrap_or_else(PoisonError::into_inner).push(url.clone());
                Ok(())
            }
            Self::System { preferred } => {
                let named = preferred.iter().map(|command| open::with_command(url.as_str(), command));
                let commands = named.chain(open::commands(url.as_str()));
                if commands.into_iter().any(starts) { Ok(()) } else { Err(NoBrowser) }
            }
        }
    }
}

/// Whether the command starts and does not fail right away.
fn starts(mut command: Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Its own process group: ctrl-C in our terminal must not close the student's browser.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    let started = Instant::now();
    while started.elapsed() < SETTLE {
        match child.try_wait() {
            Ok(Some(status)) => return ExitStatus::success(&status),
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(_) => return false,
        }
    }
    // Still running: that is the browser itself. Collect it when it ends.
    std::thread::spawn(move || child.wait());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> WebUrl {
        WebUrl::parse("https://example.org/course").expect("an address")
    }

    #[test]
    fn over_ssh_there_is_no_browser() {
        let env = Env::of([("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22"), ("BROWSER", "true")]);
        assert_eq!(Browser::of_session(&env, None).open(&url()), Err(NoBrowser));
    }

    #[test]
    fn a_failing_browser_is_not_an_opened_one() {
        let works = |command: &str| starts(open::with_command(url().as_str(), command));
        assert!(works("true"));
        assert!(!works("false"));
        assert!(!works("/nonexistent/browser"));
    }

    #[test]
    fn the_configured_browser_comes_before_the_environments() {
        let env = Env::of([("BROWSER", "second:third")]);
        let Browser::System { preferred } = Browser::of_session(&env, Some("first")) else {
            panic!("a browser is possible here");
        };
        assert_eq!(preferred, ["first", "second", "third"]);
    }
}
