//! The loop: one biased `select!`, one frame per batch of messages, nothing while nothing happens.
//!
//! Generic over terminal and input: a local terminal is one case, a remote session another.

use crate::runtime::perform::may_be_cut_off;
use crate::runtime::{Performer, worker};
use crate::store::FailPoint;
use crate::ui::effect::Effect;
use crate::ui::{App, Msg};
use crossterm::event::{Event, KeyEventKind};
use futures_util::{Stream, StreamExt as _};
use ratatui::Terminal;
use ratatui::backend::Backend as TerminalBackend;
use std::io;
use std::time::Duration;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// How often something that moves is drawn.
const TICK: Duration = Duration::from_millis(120);
/// How many messages one frame may wait for.
const BATCH: usize = 256;

/// Why the loop ended badly.
#[derive(Debug, Error)]
pub enum RunError {
    /// The terminal does not take frames any more.
    #[error("the terminal can't be written to: {0}")]
    Draw(String),
    /// The terminal does not give events any more.
    #[error("the terminal can't be read: {0}")]
    Input(#[from] io::Error),
    /// A background task panicked. What it was doing is unknown, so nothing goes on.
    #[error("an internal error: a background task panicked")]
    TaskPanicked,
}

/// What is still being done outside when the screen is already gone.
#[derive(Debug)]
pub struct Leftover {
    tasks: JoinSet<Option<Msg>>,
    stop: CancellationToken,
}

impl Leftover {
    /// Lets writes that are under way finish, for a while.
    pub async fn settle(mut self, patience: Duration) {
        self.stop.cancel();
        let _ =
            tokio::time::timeout(patience, async { while self.tasks.join_next().await.is_some() {} }).await;
    }
}

/// The terminal's side of the loop.
#[derive(Debug)]
pub struct Screen<B: TerminalBackend, C> {
    /// Where frames go.
    pub terminal: Terminal<B>,
    /// Copies a text to the clipboard, if the terminal can.
    pub copy: C,
}

/// Runs the app until it quits, the input ends or `end` resolves.
pub async fn run<B, C, I>(
    (mut app, first): (App, Vec<Effect>),
    mut screen: Screen<B, C>,
    mut input: I,
    performer: Performer,
    end: impl Future<Output = ()>,
) -> Result<Leftover, RunError>
where
    B: TerminalBackend,
    C: FnMut(&str),
    I: Stream<Item = io::Result<Event>> + Unpin,
{
    let clock = performer.backend().clock().clone();
    let mut tasks = JoinSet::new();
    let stop = CancellationToken::new();
    let (work_done, mut worked) = mpsc::unbounded_channel();
    let mut workers = JoinSet::new();
    workers.spawn(worker::work(performer.backend().clone(), work_done, stop.clone()));
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut end = std::pin::pin!(end);
    let mut effects = first;
    let mut batch = Vec::new();
    loop {
        for effect in effects.drain(..) {
            match effect {
                Effect::Quit => return Ok(leave(tasks, workers, stop)),
                Effect::CopyLink(url) => (screen.copy)(url.expose().as_str()),
                Effect::CopyText(text) => (screen.copy)(&text),
                effect => {
                    let ends_with_us = may_be_cut_off(&effect);
                    let (done, stop) = (performer.perform(effect), stop.clone());
                    if ends_with_us {
                        tasks.spawn(async move { stop.run_until_cancelled(done).await.flatten() });
                    } else {
                        tasks.spawn(done);
                    }
                }
            }
        }
        screen.terminal.draw(|frame| app.view(frame)).map_err(|error| RunError::Draw(error.to_string()))?;
        // In this order: an ending is never kept waiting, and answers come before new keys so
        // that a key is judged by what the answers say.
        tokio::select! {
            biased;
            () = &mut end => return Ok(leave(tasks, workers, stop)),
            Some(answer) = tasks.join_next() => batch.extend(settled(answer)?),
            Some(ended) = workers.join_next() => settled(ended.map(|()| None)).map(|_| ())?,
            event = input.next() => match event {
                Some(event) => batch.extend(message(event?)),
                None => return Ok(leave(tasks, workers, stop)),
            },
            Some(()) = worked.recv() => batch.push(Msg::WorkDone),
            _ = tick.tick(), if app.wants_tick() => batch.push(Msg::Tick),
        }
        // What else is there already goes into the same frame. Polled with this task's own waker:
        // an event stream remembers the waker of its first poll.
        while batch.len() < BATCH {
            tokio::select! {
                biased;
                Some(answer) = tasks.join_next() => batch.extend(settled(answer)?),
                Some(event) = input.next() => batch.extend(message(event?)),
                () = std::future::ready(()) => break,
            }
        }
        performer.backend().fail_points().hit(FailPoint::PanicInLoop);
        for msg in batch.drain(..) {
            effects.extend(app.update(msg, clock.now()));
        }
    }
}

/// The worker's current job is finished like any other write.
fn leave(mut tasks: JoinSet<Option<Msg>>, mut workers: JoinSet<()>, stop: CancellationToken) -> Leftover {
    stop.cancel();
    tasks.spawn(async move {
        while workers.join_next().await.is_some() {}
        None
    });
    Leftover { tasks, stop }
}

fn settled(answer: Result<Option<Msg>, JoinError>) -> Result<Option<Msg>, RunError> {
    match answer {
        Ok(msg) => Ok(msg),
        Err(error) if error.is_panic() => Err(RunError::TaskPanicked),
        Err(_) => Ok(None),
    }
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => (key.kind != KeyEventKind::Release).then_some(Msg::Key(key)),
        Event::Mouse(mouse) => Some(Msg::Mouse(mouse)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize { width, height }),
        Event::FocusGained | Event::FocusLost => None,
    }
}
