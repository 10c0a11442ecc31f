//! The program in a pseudo-terminal that answers like a real one, counts bytes and keeps the time.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// The longest anything may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// When nothing has come for so long, a frame is complete.
const QUIET: Duration = Duration::from_millis(25);
/// What a terminal is asked at the start, and what it answers: its background, its kind.
const ANSWERS: [(&[u8], &[u8]); 2] =
    [(b"\x1b]11;?", b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"), (b"\x1b[c", b"\x1b[?62;22c")];

/// A terminal with the program in it.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    _master: Box<dyn MasterPty + Send>,
    begun: Instant,
}

/// What the terminal has received.
struct Seen {
    parser: vt100::Parser,
    bytes: usize,
    /// When the first and the last bytes came since the counting began anew.
    first: Option<Instant>,
    last: Option<Instant>,
    ended: bool,
}

impl Terminal {
    /// Starts the program in a home directory, over a database.
    pub fn start(home: &Path, database: &str, arguments: &[&str], (cols, rows): (u16, u16)) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_coursevia"));
        command.args(arguments);
        command.env_clear();
        command.cwd(home);
        let set = [
            ("HOME", home.to_str().expect("UTF-8")),
            ("PATH", "/usr/bin:/bin"),
            ("LANG", "C.UTF-8"),
            ("TERM", "xterm-256color"),
            ("COURSEVIA_DATABASE_URL", database),
        ];
        for (name, value) in set {
            command.env(name, value);
        }
        let writer = Arc::new(Mutex::new(pair.master.take_writer().expect("a writer")));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let cells = |count| NonZeroU16::new(count).expect("a terminal has cells");
        let seen = Arc::new((
            Mutex::new(Seen {
                parser: vt100::Parser::new(cells(rows), cells(cols), 0),
                bytes: 0,
                first: None,
                last: None,
                ended: false,
            }),
            Condvar::new(),
        ));
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command).expect("coursevia starts");
        drop(pair.slave);
        let (sink, answers) = (seen.clone(), writer.clone());
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            loop {
                let count = reader.read(&mut buffer).unwrap_or(0);
                let now = Instant::now();
                let chunk = &buffer[..count];
                for (question, answer) in ANSWERS {
                    if chunk.windows(question.len()).any(|window| window == question) {
                        let _ = answers.lock().expect("no panic").write_all(answer);
                    }
                }
                let mut seen = sink.0.lock().expect("no panic");
                seen.parser.process(chunk);
                seen.bytes += count;
                seen.first.get_or_insert(now);
                seen.last = Some(now);
                seen.ended = count == 0;
                sink.1.notify_all();
                if count == 0 {
                    break;
                }
            }
        });
        Self { child, writer, seen, _master: pair.master, begun }
    }

    /// Waits until a text is on the screen; how long after the start that was.
    pub fn waits_for(&self, text: &str) -> Duration {
        let seen = self.wait(|seen| seen.parser.screen().contents().contains(text), text);
        seen.last.map_or(Duration::ZERO, |last| last - self.begun)
    }

    /// Types, and waits until the answer is complete: how long its first bytes took, and how many came.
    /// `None` when nothing came.
    pub fn types(&self, keys: &str) -> Option<(Duration, usize)> {
        self.rest();
        let mut seen = self.seen.0.lock().expect("no panic");
        (seen.bytes, seen.first, seen.last) = (0, None, None);
        drop(seen);
        let begun = Instant::now();
        let mut writer = self.writer.lock().expect("no panic");
        writer.write_all(keys.as_bytes()).expect("typed");
        writer.flush().expect("typed");
        drop(writer);
        let mut seen = self.seen.0.lock().expect("no panic");
        while seen.first.is_none() && begun.elapsed() < QUIET * 10 {
            seen = self.seen.1.wait_timeout(seen, QUIET).expect("no panic").0;
        }
        drop(seen);
        self.rest();
        let seen = self.seen.0.lock().expect("no panic");
        seen.first.map(|first| (first - begun, seen.bytes))
    }

    /// Waits until nothing comes any more.
    pub fn rest(&self) {
        drop(self.wait(|seen| seen.last.is_none_or(|last| last.elapsed() > QUIET), "quiet"));
    }

    /// The process.
    pub fn process(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    fn wait(&self, met: impl Fn(&Seen) -> bool, what: &str) -> MutexGuard<'_, Seen> {
        let begun = Instant::now();
        let mut seen = self.seen.0.lock().expect("no panic");
        while !met(&seen) {
            let screen = || seen.parser.screen().contents();
            assert!(!seen.ended && begun.elapsed() < PATIENCE, "waited in vain for {what}:\n{}", screen());
            seen = self.seen.1.wait_timeout(seen, QUIET).expect("no panic").0;
        }
        seen
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
