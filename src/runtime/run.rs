//! The loop: one biased `select!`, one frame per batch of messages, nothing while nothing happens.
//!
//! Generic over terminal and input: a local terminal is one case, a remote session another.

use crate::platform::background::{Heard, Shade};
use crate::runtime::perform::may_be_cut_off;
use crate::runtime::seat::{Cells, Change, Seat};
use crate::runtime::{Backend, Frames, Performer, worker};
use crate::store::FailPoint;
use crate::ui::effect::Effect;
use crate::ui::msg::{Background, Level, Notice};
use crate::ui::{App, Msg, text};
use chrono::FixedOffset;
use crossterm::event::{Event, KeyEventKind};
use futures_util::{Stream, StreamExt as _};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// How often something that moves is drawn.
const TICK: Duration = Duration::from_millis(120);
/// How long to wait for a database that does not answer.
const TRY_AGAIN: Duration = Duration::from_secs(5);
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
    problem: Option<RunError>,
}

impl Leftover {
    /// Lets writes that are under way finish, for a while; then says why the loop ended, if that
    /// was nobody's wish.
    pub async fn settle(mut self, patience: Duration) -> Result<(), RunError> {
        self.stop.cancel();
        let _ =
            tokio::time::timeout(patience, async { while self.tasks.join_next().await.is_some() {} }).await;
        self.problem.map_or(Ok(()), Err)
    }
}

/// The terminal's side of the loop.
#[derive(Debug)]
pub struct Screen<W: Write, S> {
    terminal: Terminal<Frames<W>>,
    seat: S,
}

impl<W: Write, S: Seat> Screen<W, S> {
    /// Draws `frames` of so many cells, until `seat` tells of others. Nobody else is asked for
    /// the size: a frame between two sizes would fit neither.
    pub fn new(frames: Frames<W>, seat: S, size: Cells) -> io::Result<Self> {
        let viewport = Viewport::Fixed(area(size));
        Ok(Self { terminal: Terminal::with_options(frames, TerminalOptions { viewport })?, seat })
    }

    /// Clears the screen with the next frame, which is drawn on the new size.
    fn renew(&mut self, change: Change) -> io::Result<Msg> {
        let (width, height) = match change {
            Change::Resized(size) | Change::Retaken(size) => size,
            Change::NoShell => return Ok(notice(Level::Warn, text::NO_SHELL)),
        };
        // A terminal moves its cursor when its size changes, and so does a shell.
        self.terminal.backend_mut().forget();
        self.terminal.resize(area((width, height)))?;
        Ok(Msg::Resize { width, height })
    }
}

fn area((width, height): Cells) -> Rect {
    Rect::new(0, 0, width, height)
}

/// Whether the database was written by a clock that is far ahead of this machine's.
async fn clock_check(backend: Arc<Backend>, offset: FixedOffset) -> Option<Msg> {
    let services = loop {
        match backend.services().await {
            Ok(services) => break services,
            Err(_) => tokio::time::sleep(TRY_AGAIN).await,
        }
    };
    let newest = services.written_ahead().await.ok().flatten()?;
    Some(notice(Level::Warn, &text::clock_wrong(backend.clock().now(), newest, offset)))
}

fn notice(level: Level, text: &str) -> Msg {
    Msg::Notice(Notice { level, text: text.to_owned() })
}

/// Runs the app until it quits, the input ends or `end` resolves.
pub async fn run<W, S, I, H>(
    (mut app, first): (App, Vec<Effect>),
    mut screen: Screen<W, S>,
    mut input: I,
    performer: Performer,
    end: impl Future<Output = ()>,
) -> Result<Leftover, RunError>
where
    W: Write,
    S: Seat,
    I: Stream<Item = io::Result<H>> + Unpin,
    H: Into<Heard>,
{
    let clock = performer.backend().clock().clone();
    let mut tasks = JoinSet::new();
    let stop = CancellationToken::new();
    let (work_done, mut worked) = mpsc::unbounded_channel();
    let (listener, mut told) = mpsc::unbounded_channel();
    let performer = performer.telling(listener);
    let mut workers = JoinSet::new();
    workers.spawn(worker::work(performer.backend().clone(), work_done, stop.clone()));
    let check = clock_check(performer.backend().clone(), app.utc_offset());
    tasks.spawn({
        let stop = stop.clone();
        async move { stop.run_until_cancelled(check).await.flatten() }
    });
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut end = std::pin::pin!(end);
    let mut effects = first;
    let mut batch = Vec::new();
    let problem = loop {
        for effect in effects.drain(..) {
            match effect {
                Effect::Quit => return Ok(leave(tasks, workers, stop, None)),
                Effect::CopyLink(url) => screen.seat.copy(url.expose().as_str()),
                Effect::CopyText(text) => screen.seat.copy(&text),
                Effect::Mouse(on) => screen.seat.mouse(on),
                Effect::Suspend => {
                    let change = screen.seat.suspend().await;
                    batch.extend(screen.renew(change).ok());
                }
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
        for msg in batch.drain(..) {
            effects.extend(app.update(msg, clock.now()));
        }
        if !effects.is_empty() {
            continue;
        }
        if let Err(error) = screen.terminal.draw(|frame| app.view(frame)) {
            break RunError::Draw(error.to_string());
        }
        // In this order: an ending is never kept waiting, and answers come before new keys so
        // that a key is judged by what the answers say.
        tokio::select! {
            biased;
            () = &mut end => return Ok(leave(tasks, workers, stop, None)),
            Some(answer) = tasks.join_next() => batch.extend(settled(answer)?),
            Some(ended) = workers.join_next() => settled(ended.map(|()| None)).map(|_| ())?,
            change = screen.seat.changed() => batch.extend(screen.renew(change).ok()),
            heard = input.next() => match heard {
                Some(Ok(heard)) => batch.extend(message(heard.into())),
                Some(Err(error)) => break error.into(),
                None => return Ok(leave(tasks, workers, stop, None)),
            },
            Some(progress) = told.recv() => batch.push(progress),
            Some(()) = worked.recv() => batch.push(Msg::WorkDone),
            _ = tick.tick(), if app.wants_tick() => batch.push(Msg::Tick),
        }
        // What else is there already goes into the same frame. Polled with this task's own waker:
        // a stream may remember the waker of its first poll.
        while batch.len() < BATCH {
            tokio::select! {
                biased;
                Some(answer) = tasks.join_next() => batch.extend(settled(answer)?),
                Some(Ok(heard)) = input.next() => batch.extend(message(heard.into())),
                () = std::future::ready(()) => break,
            }
        }
        performer.backend().fail_points().hit(FailPoint::PanicInLoop);
    };
    Ok(leave(tasks, workers, stop, Some(problem)))
}

/// The worker's current job is finished like any other write.
fn leave(
    mut tasks: JoinSet<Option<Msg>>,
    mut workers: JoinSet<()>,
    stop: CancellationToken,
    problem: Option<RunError>,
) -> Leftover {
    stop.cancel();
    tasks.spawn(async move {
        while workers.join_next().await.is_some() {}
        None
    });
    Leftover { tasks, stop, problem }
}

fn settled(answer: Result<Option<Msg>, JoinError>) -> Result<Option<Msg>, RunError> {
    match answer {
        Ok(msg) => Ok(msg),
        Err(error) if error.is_panic() => Err(RunError::TaskPanicked),
        Err(_) => Ok(None),
    }
}

fn message(heard: Heard) -> Option<Msg> {
    match heard {
        Heard::Background(Shade::Dark) => Some(Msg::Background(Background::Dark)),
        Heard::Background(Shade::Light) => Some(Msg::Background(Background::Light)),
        Heard::Event(Event::Key(key)) => (key.kind != KeyEventKind::Release).then_some(Msg::Key(key)),
        Heard::Event(Event::Mouse(mouse)) => Some(Msg::Mouse(mouse)),
        Heard::Event(Event::Paste(text)) => Some(Msg::Paste(text)),
        // The seat tells of sizes, in time with what is drawn.
        Heard::Event(Event::Resize(..) | Event::FocusGained | Event::FocusLost) => None,
    }
}
