//! Signals that end the app.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM, SIGHUP and SIGINT, listened to from the moment this is made.
#[derive(Debug)]
pub struct EndSignals {
    term: Signal,
    hangup: Signal,
    interrupt: Signal,
}

impl EndSignals {
    /// Starts to listen.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the first of them. Safe to drop and call again.
    pub async fn recv(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
