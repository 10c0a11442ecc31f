//! The local terminal: taken over at start, given back whatever happens.

use crate::platform::env::Env;
use chrono::{FixedOffset, Local, Offset as _, TimeZone as _};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use std::io::{self, IsTerminal as _, stdout};

/// The terminal in our hands; dropping it gives it back.
#[derive(Debug)]
pub struct TerminalGuard {
    mouse: bool,
}

impl TerminalGuard {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, the mouse if wanted.
    pub fn take(mouse: bool) -> io::Result<Self> {
        let guard = Self { mouse };
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        if mouse {
            execute!(stdout(), EnableMouseCapture)?;
        }
        Ok(guard)
    }

    /// Gives the terminal back when any thread panics, before the message is printed.
    pub fn restore_on_panic(&self) {
        let mouse = self.mouse;
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore(mouse);
            before(info);
        }));
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore(self.mouse);
    }
}

/// Undoes what [`TerminalGuard::take`] did. The terminal may be gone: errors change nothing.
fn restore(mouse: bool) {
    if mouse {
        let _ = execute!(stdout(), DisableMouseCapture);
    }
    let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// Whether somebody can see and type: both ends are a terminal.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && stdout().is_terminal()
}

/// Asks the terminal to copy `text` (OSC 52). There is no answer: it may not have done it.
pub fn copy(text: &str) -> io::Result<()> {
    execute!(stdout(), CopyToClipboard::to_clipboard_from(text))
}

/// Whether the locale says that the terminal can't show UTF-8. Saying nothing says nothing.
pub fn wants_ascii(env: &Env) -> bool {
    locale(env).is_some_and(|locale| !locale.to_lowercase().replace('-', "").contains("utf8"))
}

/// The locale that says which letters there are, if any is named.
pub fn locale(env: &Env) -> Option<&str> {
    ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env.get(name))
}

/// Columns and rows, where there is a terminal.
pub fn size() -> Option<(u16, u16)> {
    stdout().is_terminal().then(|| crossterm::terminal::size().ok()).flatten()
}

/// How far the wall clock here is from UTC at `now`.
pub fn utc_offset(now: crate::domain::time::Instant) -> FixedOffset {
    Local.offset_from_utc_datetime(&now.naive_utc()).fix()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_named_locale_without_utf8_means_ascii() {
        assert!(!wants_ascii(&Env::of([])));
        assert!(!wants_ascii(&Env::of([("LANG", "de_DE.UTF-8")])));
        assert!(!wants_ascii(&Env::of([("LANG", "C"), ("LC_ALL", "C.utf8")])));
        assert!(wants_ascii(&Env::of([("LANG", "POSIX")])));
    }
}
