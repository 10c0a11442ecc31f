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
        Self::of(home, env!("CARGO_BIN_EXE_coursevia"), args, size)
    }

    /// Starts an interactive shell; `$app` is `coursevia` there.
    pub fn shell(home: &Home, size: (u16, u16)) -> Self {
        let mut pty = Self::of(home, "bash", &["--norc", "--noprofile", "-i"], size);
        // The prompt is put together, so that it is not on the screen before it is printed.
        let app = env!("CARGO_BIN_EXE_coursevia");
        pty.types(&format!("app='{app}' PS1=rea''dy:\r")).waits_for("ready:");
        pty
    }

    /// Starts a shell command, which finds the program as `$COURSEVIA`.
    pub fn start_shell(home: &Home, script: &str, size: (u16, u16)) -> Self {
        let script = script.replace("$COURSEVIA", env!("CARGO_BIN_EXE_coursevia"));
        Self::of(home, "/bin/sh", &["-c", &script], size)
    }

    /// Starts any program.
    pub fn of(home: &Home, program: &str, args: &[&str], (cols, rows): (u16, u16)) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
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

    /// Waits until `bytes` have reached the terminal.
    pub fn receives(&mut self, bytes: &str) -> &mut Self {
        self.waits(&format!("{bytes:?} at the terminal"), |state| {
            state.raw.windows(bytes.len()).any(|window| window == bytes.as_bytes())
        });
        self
    }

    /// Waits until somebody else has the screen: the cursor is there, the mouse is theirs.
    pub fn waits_for_main_screen(&mut self) -> &mut Self {
        self.waits("the main screen", |state| {
            let screen = state.parser.screen();
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        self
    }

    /// Waits until the cursor is shown, or hidden.
    pub fn waits_for_the_cursor(&mut self, shown: bool) -> &mut Self {
        self.waits("the cursor", |state| state.parser.screen().hide_cursor() != shown);
        self
    }

    /// Forgets what the terminal has received so far; what it shows stays.
    pub fn forgets(&mut self) -> &mut Self {
        self.seen.state.lock().expect("no panic").raw.clear();
        self
    }

    /// Waits for this many frames since [`Self::forgets`]; tells the bytes of each.
    pub fn frames(&mut self, count: usize) -> Vec<String> {
        let frames = |raw: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(raw).into_owned();
            text.split_inclusive("\u{1b}[?2026l").map(str::to_owned).collect()
        };
        let ends = |raw: &[u8]| frames(raw).iter().filter(|f| f.ends_with("\u{1b}[?2026l")).count();
        self.waits(&format!("{count} frames"), |state| ends(&state.raw) >= count);
        frames(&self.seen.state.lock().expect("no panic").raw)
    }

    /// The colour of the text in a cell.
    pub fn colour(&self, row: u16, col: u16) -> vt100::Color {
        let state = self.seen.state.lock().expect("no panic");
        state.parser.screen().cell(row, col).expect("a cell").fgcolor()
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
