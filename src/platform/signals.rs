//! Signals: those that end the app, and those about the terminal.

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::Signal as Number;
use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// SIGTERM, SIGHUP, SIGINT and a terminal that is gone, listened to from the moment this is made.
#[derive(Debug)]
pub struct EndSignals {
    term: Signal,
    hangup: Signal,
    interrupt: Signal,
    gone: Option<oneshot::Receiver<()>>,
}

impl EndSignals {
    /// Starts to listen.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            gone: None,
        })
    }

    /// Hears from now on when the terminal at stdin is gone, too: without a controlling terminal
    /// no SIGHUP says so.
    pub fn watch_terminal(&mut self) {
        let (sender, receiver) = oneshot::channel();
        self.gone = Some(receiver);
        std::thread::spawn(move || {
            wait_for_hang_up();
            let _ = sender.send(());
        });
    }

    /// Waits for the first of them. Safe to drop and call again.
    pub async fn recv(&mut self) {
        let gone = async {
            match &mut self.gone {
                Some(gone) => {
                    let _ = gone.await;
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.interrupt.recv() => {}
            () = gone => {}
        }
    }
}

fn wait_for_hang_up() {
    let stdin = rustix::stdio::stdin();
    // No events are asked for: a hang-up is told all the same.
    let mut ends = [PollFd::new(&stdin, PollFlags::empty())];
    while matches!(poll(&mut ends, None), Err(rustix::io::Errno::INTR) | Ok(0)) {}
}

/// What a signal says about the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalSignal {
    /// Its size changed (SIGWINCH).
    Resized,
    /// Somebody wants us to stop (SIGTSTP).
    Stop,
    /// We were stopped and go on (SIGCONT): whoever had the terminal meanwhile has changed it.
    Continued,
}

/// Listens to [`TerminalSignal`]s from the moment this is made.
#[derive(Debug)]
pub struct TerminalSignals {
    resized: Signal,
    stop: Signal,
    continued: Signal,
}

impl TerminalSignals {
    /// Starts to listen.
    pub fn listen() -> io::Result<Self> {
        let of = |number: Number| signal(SignalKind::from_raw(number.as_raw()));
        Ok(Self {
            resized: signal(SignalKind::window_change())?,
            stop: of(Number::TSTP)?,
            continued: of(Number::CONT)?,
        })
    }

    /// The next of them. Safe to drop and call again.
    pub async fn recv(&mut self) -> TerminalSignal {
        tokio::select! {
            biased;
            _ = self.continued.recv() => TerminalSignal::Continued,
            _ = self.stop.recv() => TerminalSignal::Stop,
            _ = self.resized.recv() => TerminalSignal::Resized,
        }
    }

    /// Waits until we go on after having stopped.
    pub async fn continued(&mut self) {
        self.continued.recv().await;
    }
}
