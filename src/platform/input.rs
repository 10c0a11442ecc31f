//! What is typed, clicked and pasted, read by a thread of its own.
//!
//! Not crossterm's `EventStream`: that reads on the thread of its caller, where half an escape
//! sequence keeps the whole app waiting, and a terminal that is gone makes it spin for ever.

use crate::platform::background::{Answers, HOLD, Heard};
use crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long an answer of the terminal may take before an escape is an escape at once.
const ANSWER: Duration = Duration::from_secs(2);

/// How long crossterm may read; with no time at all it would not even look.
const READ: Duration = Duration::from_millis(1);

/// What this terminal hears. It ends when the terminal is gone.
#[derive(Debug)]
pub struct Input {
    heard: UnboundedReceiver<io::Result<Heard>>,
    reading: Arc<Reading>,
}

/// What the reader shares with whoever gives the terminal back.
#[derive(Debug)]
pub struct Reading {
    answered: AtomicBool,
    paused: Mutex<bool>,
    changed: Condvar,
}

impl Reading {
    /// Whether no answer of the terminal is under way any more.
    pub fn is_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    /// Reads no more: what is typed from now on is for somebody else.
    pub fn pause(&self) {
        *self.paused.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// Reads again.
    pub fn go_on(&self) {
        *self.paused.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.changed.notify_all();
    }

    fn wait(&self) {
        let mut paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        while *paused {
            paused = self.changed.wait(paused).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Input {
    /// Begins to read. `asked`: the terminal was asked for its background.
    pub fn listen(asked: bool) -> Self {
        let (sender, heard) = unbounded_channel();
        let reading = Arc::new(Reading {
            answered: AtomicBool::new(!asked),
            paused: Mutex::new(false),
            changed: Condvar::new(),
        });
        let reader = Reader {
            sender,
            answers: Answers::default(),
            reading: reading.clone(),
            patient_until: asked.then(|| Instant::now() + ANSWER),
            filters: asked,
        };
        std::thread::spawn(move || reader.run());
        Self { heard, reading }
    }

    /// The next thing heard; `None` when the terminal is gone.
    pub async fn next(&mut self) -> Option<io::Result<Heard>> {
        self.heard.recv().await
    }

    /// For whoever gives the terminal back.
    pub fn reading(&self) -> Arc<Reading> {
        self.reading.clone()
    }

    /// The same as a stream.
    pub fn into_stream(self) -> impl futures_util::Stream<Item = io::Result<Heard>> + Unpin + Send {
        let mut heard = self.heard;
        futures_util::stream::poll_fn(move |context| heard.poll_recv(context))
    }
}

struct Reader {
    sender: UnboundedSender<io::Result<Heard>>,
    answers: Answers,
    reading: Arc<Reading>,
    patient_until: Option<Instant>,
    filters: bool,
}

/// Why reading ends.
enum End {
    /// The terminal is gone.
    HungUp,
    /// Nobody listens any more.
    Unheard,
}

impl Reader {
    fn run(mut self) {
        loop {
            let ended = match self.turn() {
                Ok(None) => continue,
                Ok(Some(End::HungUp | End::Unheard)) => return,
                Err(error) => self.sender.send(Err(error)),
            };
            if ended.is_err() {
                return;
            }
        }
    }

    /// Waits for bytes and passes on what they mean.
    fn turn(&mut self) -> io::Result<Option<End>> {
        let patience = self.answers.holds().then_some(HOLD);
        match readable(patience)? {
            Waited::HungUp => return Ok(Some(End::HungUp)),
            Waited::InVain => {
                let heard = self.answers.give_up();
                return Ok(self.tell(heard));
            }
            Waited::Bytes => self.reading.wait(),
        }
        while event::poll(READ)? {
            let event = event::read()?;
            // The new size is heard from its signal: crossterm notices it only beside a key.
            if matches!(event, Event::Resize(..)) {
                continue;
            }
            let heard = if self.filters {
                let patient = self.patient_until.is_some_and(|until| Instant::now() < until);
                self.answers.hear(event, patient && !self.reading.is_answered())
            } else {
                vec![Heard::Event(event)]
            };
            if let Some(end) = self.tell(heard) {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    fn tell(&self, heard: Vec<Heard>) -> Option<End> {
        for one in heard {
            if matches!(one, Heard::Background(_)) {
                self.reading.answered.store(true, Ordering::Relaxed);
            }
            if self.sender.send(Ok(one)).is_err() {
                return Some(End::Unheard);
            }
        }
        None
    }
}

enum Waited {
    Bytes,
    HungUp,
    InVain,
}

/// Waits until the terminal has bytes for us, is gone, or `patience` runs out.
fn readable(patience: Option<Duration>) -> io::Result<Waited> {
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    let stdin = rustix::stdio::stdin();
    let mut ends = [PollFd::new(&stdin, PollFlags::IN)];
    loop {
        match poll(&mut ends, patience.as_ref()) {
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(0) => return Ok(Waited::InVain),
            Ok(_) => break,
        }
    }
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    Ok(if ends[0].revents().intersects(gone) { Waited::HungUp } else { Waited::Bytes })
}
