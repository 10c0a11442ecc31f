//! The local terminal: taken over at start, given back whatever happens.

use crate::platform::background::QUESTION;
use crate::platform::env::Env;
use crate::platform::input::Reading;
use chrono::{FixedOffset, Local, Offset as _, TimeZone as _};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::style::Print;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{QueueSelector, tcflush};
use std::io::{self, IsTerminal as _, stdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the end waits for an answer of the terminal that is still under way, so that the
/// shell does not take it for something typed.
const LATE_ANSWER: Duration = Duration::from_millis(200);

/// The terminal in our hands; dropping it gives it back.
#[derive(Debug)]
pub struct TerminalGuard {
    mouse: bool,
    reading: Option<Arc<Reading>>,
    /// Until when an answer of the terminal may be under way.
    answer_until: Option<Instant>,
}

impl TerminalGuard {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, the mouse if wanted.
    pub fn take(mouse: bool) -> io::Result<Self> {
        let guard = Self { mouse, reading: None, answer_until: None };
        take(mouse)?;
        Ok(guard)
    }

    /// Who reads here, and pauses while the terminal is somebody else's.
    pub fn is_read_by(&mut self, reading: Arc<Reading>) {
        self.reading = Some(reading);
    }

    /// Asks the terminal for its background.
    pub fn ask_background(&mut self) -> io::Result<()> {
        self.answer_until = Some(Instant::now() + Duration::from_secs(1));
        execute!(stdout(), Print(QUESTION))
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
    }

    /// Gives the terminal back for a while.
    pub fn release(&mut self) {
        self.drain();
        if let Some(reading) = &self.reading {
            reading.pause();
        }
        restore();
    }

    /// Takes the terminal again, whatever others have made of it meanwhile.
    pub fn retake(&mut self) -> io::Result<()> {
        // As long as crossterm believes in raw mode it does not set it again.
        let _ = disable_raw_mode();
        let taken = take(self.mouse);
        if let Some(reading) = &self.reading {
            reading.go_on();
        }
        taken
    }

    /// Gives the terminal back when any thread panics, before the message is printed.
    pub fn restore_on_panic(&self) {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore();
            before(info);
        }));
    }

    /// Lets an answer that is under way come, while the terminal is still ours.
    fn drain(&mut self) {
        let (Some(until), Some(reading)) = (self.answer_until.take(), &self.reading) else {
            return;
        };
        if Instant::now() >= until {
            return;
        }
        let until = until.min(Instant::now() + LATE_ANSWER);
        while !reading.is_answered() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        if !reading.is_answered() {
            let _ = tcflush(rustix::stdio::stdin(), QueueSelector::IFlush);
        }
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        self.release();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
    if mouse {
        execute!(stdout(), EnableMouseCapture)?;
    }
    Ok(())
}

/// Undoes all that may have been done. The terminal may be gone: errors change nothing.
fn restore() {
    // First: once the shell's screen is back, what is typed must be the shell's, too.
    let _ = disable_raw_mode();
    let _ = execute!(
        stdout(),
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
}

/// Whether somebody can see and type: both ends are a terminal.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && stdout().is_terminal()
}

/// Whether the terminal at stdin is gone: closed, or its line cut.
pub fn is_gone() -> bool {
    let stdin = rustix::stdio::stdin();
    let mut ends = [PollFd::new(&stdin, PollFlags::empty())];
    let told = poll(&mut ends, Some(&Timespec::default()));
    told.is_ok() && ends[0].revents().intersects(PollFlags::HUP | PollFlags::ERR)
}

/// Whether this kind of terminal can be drawn on: a teletype ("dumb") prints lines only, and one
/// that nobody names can't be relied on.
pub fn can_be_drawn_on(env: &Env) -> bool {
    env.get("TERM").is_some_and(|term| !matches!(term, "dumb" | "unknown"))
}

/// Whether what is printed goes to a terminal.
pub fn is_shown() -> bool {
    stdout().is_terminal()
}

/// Its size now, in columns and rows.
pub fn size() -> io::Result<(u16, u16)> {
    crossterm::terminal::size()
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

    #[test]
    fn a_teletype_and_a_nameless_terminal_are_not_drawn_on() {
        let of = |term| can_be_drawn_on(&Env::of([("TERM", term)]));
        assert!(of("xterm") && of("linux") && of("tmux-256color"));
        assert!(!of("dumb") && !of("unknown") && !of("") && !can_be_drawn_on(&Env::of([])));
    }
}
