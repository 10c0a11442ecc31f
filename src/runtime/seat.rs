//! What the loop wants of a terminal beside frames and input. A local terminal is one case, a
//! remote session another.

use crate::platform::signals::{TerminalSignal, TerminalSignals};
use crate::platform::suspend;
use crate::platform::terminal::{self, TerminalGuard};
use futures_util::future::BoxFuture;
use std::time::Duration;

/// Columns and rows.
pub type Cells = (u16, u16);

/// What happened to the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has another size, or had one for a moment.
    Resized(Cells),
    /// Somebody else had it: everything must be drawn anew.
    Retaken(Cells),
    /// It can't be given back: nobody would wake us.
    NoShell,
}

/// The terminal's side of the loop.
pub trait Seat: Send {
    /// Copies a text to the clipboard, if the terminal can.
    fn copy(&mut self, text: &str);

    /// Takes the mouse, or leaves it to the terminal.
    fn mouse(&mut self, on: bool);

    /// Gives the terminal to whoever lies behind, and takes it again when they give it back.
    fn suspend(&mut self) -> BoxFuture<'_, Change>;

    /// The next change from outside. Safe to drop and call again.
    fn changed(&mut self) -> BoxFuture<'_, Change>;
}

/// How long the kernel may take to stop us after it was asked.
const STOP: Duration = Duration::from_secs(1);

/// The terminal of this process.
#[derive(Debug)]
pub struct LocalSeat {
    guard: TerminalGuard,
    signals: TerminalSignals,
    size: Cells,
}

impl LocalSeat {
    /// The seat at the terminal that `guard` has taken.
    pub fn new(guard: TerminalGuard, signals: TerminalSignals, size: Cells) -> Self {
        Self { guard, signals, size }
    }

    fn retake(&mut self) -> Change {
        if let Err(error) = self.guard.retake() {
            tracing::warn!(%error, "the terminal could not be taken again");
        }
        self.measure();
        Change::Retaken(self.size)
    }

    fn measure(&mut self) {
        match terminal::size() {
            Ok(size) => self.size = size,
            Err(error) => tracing::warn!(%error, "the terminal does not tell its size"),
        }
    }

    async fn stop(&mut self, stop: impl FnOnce() -> std::io::Result<()>) -> Change {
        self.guard.release();
        match stop() {
            // Other threads may run on for a moment before all of the process stands still.
            Ok(()) => {
                let _ = tokio::time::timeout(STOP, self.signals.continued()).await;
            }
            Err(error) => tracing::warn!(%error, "this process can't be stopped"),
        }
        self.retake()
    }
}

impl Seat for LocalSeat {
    fn copy(&mut self, text: &str) {
        if let Err(error) = terminal::copy(text) {
            tracing::warn!(%error, "the terminal did not take a copy");
        }
    }

    fn mouse(&mut self, on: bool) {
        if let Err(error) = self.guard.set_mouse(on) {
            tracing::warn!(%error, "the terminal did not take the mouse");
        }
    }

    fn suspend(&mut self) -> BoxFuture<'_, Change> {
        Box::pin(async {
            if suspend::has_shell() { self.stop(suspend::stop_together).await } else { Change::NoShell }
        })
    }

    fn changed(&mut self) -> BoxFuture<'_, Change> {
        Box::pin(async {
            loop {
                match self.signals.recv().await {
                    TerminalSignal::Continued => return self.retake(),
                    // As the kernel does: who has no shell is not stopped.
                    TerminalSignal::Stop if !suspend::has_shell() => {}
                    TerminalSignal::Stop => return self.stop(suspend::stop_alone).await,
                    // Also where it is the size of before: the terminal may have been another
                    // one meanwhile, and has cut off what did not fit.
                    TerminalSignal::Resized => {
                        self.measure();
                        return Change::Resized(self.size);
                    }
                }
            }
        })
    }
}
