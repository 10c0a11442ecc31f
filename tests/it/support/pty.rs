//! The real program in a real pseudo-terminal.

use super::cli::Home;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// The longest anything may take before a test counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal with the program in it.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Seen>,
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has cells")
}

/// What the terminal has received.
struct Seen {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser,
    raw: Vec<u8>,
    ended: bool,
}

impl Pty {
    /// Starts `coursevia` with these arguments.
    pub fn start(home: &Home, args: &[&str], size: (u16, u16)) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_coursevia"));
        command.args(args);
        Self::spawn(home, command, size)
    }

    /// Starts a shell command, which finds the program as `$COURSEVIA`.
    pub fn start_shell(home: &Home, script: &str, size: (u16, u16)) -> Self {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", &script.replace("$COURSEVIA", env!("CARGO_BIN_EXE_coursevia"))]);
        Self::spawn(home, command, size)
    }

    fn spawn(home: &Home, mut command: CommandBuilder, (cols, rows): (u16, u16)) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        command.env_clear();
        command.cwd(home.path());
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("coursevia starts");
        let writer = pair.master.take_writer().expect("a writer");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let seen = Arc::new(Seen {
            state: Mutex::new(State {
                parser: vt100::Parser::new(cells(rows), cells(cols), 0),
                raw: Vec::new(),
                ended: false,
            }),
            changed: Condvar::new(),
        });
        let sink = seen.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let count = reader.read(&mut buffer).unwrap_or(0);
                let mut state = sink.state.lock().expect("no panic");
                state.parser.process(&buffer[..count]);
                state.raw.extend_from_slice(&buffer[..count]);
                state.ended = count == 0;
                sink.changed.notify_all();
                if count == 0 {
                    break;
                }
            }
        });
        // The slave stays open in `pair` until here; from now on only the child holds it.
        drop(pair.slave);
        Self { master: pair.master, child, writer, seen }
    }

    /// Types bytes.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        self.writer.write_all(keys.as_bytes()).expect("typed");
        self.writer.flush().expect("typed");
        self
    }

    /// Waits until `text` is on the screen.
    pub fn waits_for(&mut self, text: &str) -> &mut Self {
        self.waits(&format!("{text:?} on the screen"), |state| {
            state.parser.screen().contents().contains(text)
        });
        self
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.seen.state.lock().expect("no panic").parser.screen_mut().set_size(cells(rows), cells(cols));
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("resized");
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("a process").to_string();
        let sent = Command::new("kill").args([format!("-{name}"), id]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end; says with which exit code.
    pub fn ends(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "the program does not end:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What is on the screen.
    pub fn screen(&self) -> String {
        self.seen.state.lock().expect("no panic").parser.screen().contents()
    }

    /// Everything the terminal has received.
    pub fn received(&self) -> String {
        String::from_utf8_lossy(&self.seen.state.lock().expect("no panic").raw).into_owned()
    }

    /// The terminal must be as it was before the program: main screen, cursor, no paste brackets,
    /// no mouse, line editing and echo.
    pub fn is_restored(&mut self) {
        self.waits("the end of output of the alternate screen", |state| {
            let screen = state.parser.screen();
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        let tty = self.master.tty_name().expect("a name");
        let modes = Command::new("stty").arg("-F").arg(tty).arg("-a").output().expect("stty runs");
        let modes = String::from_utf8_lossy(&modes.stdout).into_owned();
        for mode in ["icanon", "echo", "isig", "icrnl"] {
            assert!(modes.split_whitespace().any(|word| word == mode), "{mode} is off: {modes}");
        }
    }

    fn waits(&self, what: &str, met: impl Fn(&State) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.seen.state.lock().expect("no panic");
        while !met(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !state.ended,
                "waited in vain for {what}:\n{}",
                state.parser.screen().contents()
            );
            state = self.seen.changed.wait_timeout(state, left).expect("no panic").0;
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
