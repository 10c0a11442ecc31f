//! The real program in a real pseudo-terminal: start, keys, memory, idling.
//!
//! `--seconds=60` is how long it is watched while nobody types.

#[path = "support/bytes.rs"]
mod bytes;
#[path = "support/catalogs.rs"]
mod catalogs;
#[path = "support/enrollments.rs"]
#[expect(dead_code, reason = "one engine is enough to type at")]
mod enrollments;
#[path = "support/files.rs"]
mod files;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
#[expect(dead_code, reason = "nothing is measured that is one call")]
mod samples;
#[path = "support/terminal.rs"]
mod terminal;

use bytes::Bytes;
use report::Report;
use samples::Samples;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use terminal::Terminal;

const PROGRAMS: usize = 10_000;
const SIZE: (u16, u16) = (100, 30);
const STARTS: usize = 40;
const ROUNDS: usize = 30;
/// What is pressed, again and again; each line ends where it begins.
const SCRIPTS: [(&str, &[&str]); 4] = [
    ("move", &["j", "j", "j", "k", "k", "k"]),
    ("search", &["/", "n", "u", "r", "s", "\u{7f}", "\u{7f}", "\u{7f}", "\u{7f}", "\u{1b}"]),
    ("open", &["\r", "\u{1b}"]),
    ("tab", &["2", "1"]),
];

/// A home directory with a copy of the database in it.
struct Home {
    folder: tempfile::TempDir,
    database: String,
}

impl Home {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("programs.db");
        fs::copy(files::with_programs(PROGRAMS).await, &path).expect("copied");
        let database = files::url(&path);
        enrollments::fill_sqlite(&database, 8).await;
        Self { folder, database }
    }

    fn start(&self, arguments: &[&str]) -> Terminal {
        Terminal::start(self.folder.path(), &self.database, arguments, SIZE)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    let home = Home::new().await;
    if report.wants("terminal/start") {
        start(&report, &home);
    }
    for (what, script) in SCRIPTS {
        let name = format!("terminal/{what}");
        if report.wants(&name) {
            keys(&report, &home, &name, script);
        }
    }
    if report.wants("terminal/memory") || report.wants("terminal/idle") {
        memory_and_idling(&report, &home);
    }
}

fn start(report: &Report, home: &Home) {
    let title = catalogs::first_title();
    let mut times = Samples::new();
    // The first start is cold and does not count.
    home.start(&[]).waits_for(&title);
    for _ in 0..STARTS {
        times.add(home.start(&[]).waits_for(&title));
    }
    let quick = times.at(0.5) <= Duration::from_millis(25);
    report.say("terminal/start", times, Some(("p50 ≤ 25 ms", quick)));
}

fn keys(report: &Report, home: &Home, name: &str, script: &[&str]) {
    let app = home.start(&["--student", &enrollments::email(0)]);
    // With courses of one's own the app begins there.
    app.rest();
    app.types("1");
    app.waits_for(&catalogs::first_title());
    let (mut times, mut bytes) = (Samples::new(), Bytes::new());
    for key in script.iter().cycle().take(script.len() * ROUNDS) {
        if let Some((time, count)) = app.types(key) {
            times.add(time);
            bytes.add(count);
        }
    }
    let (fast, few) = (times.at(0.5) <= Duration::from_millis(3), bytes.median() <= 500);
    report.say(name, times, Some(("p50 ≤ 3 ms", fast)));
    report.say(&format!("{name}/bytes"), bytes, Some(("p50 ≤ 500 bytes", few)));
}

fn memory_and_idling(report: &Report, home: &Home) {
    let app = home.start(&[]);
    app.waits_for(&catalogs::first_title());
    for key in ["/", "n", "u", "r", "s", "e", "\r", "\u{1b}", "\u{1b}"] {
        app.types(key);
    }
    app.rest();
    let (process, seconds) = (app.process(), seconds());
    let resident = resident_kib(process) / 1_024.0;
    report.say(
        "terminal/memory",
        format!("{resident:.1} MiB resident"),
        Some(("≤ 25 MiB", resident <= 25.0)),
    );
    let before = Threads::of(process);
    std::thread::sleep(Duration::from_secs(u64::from(seconds)));
    let [busy, wakes] = Threads::of(process).since(&before).map(|sum| sum / f64::from(seconds));
    let busy = busy / 1e7;
    report.say("terminal/idle/cpu", format!("{busy:.3} % over {seconds} s"), Some(("0 %", busy < 0.05)));
    report.say("terminal/idle/wakes", format!("{wakes:.2} a second"), Some(("≤ 1 a second", wakes <= 1.0)));
}

fn seconds() -> u32 {
    let given = std::env::args().find_map(|word| word.strip_prefix("--seconds=")?.parse().ok());
    given.unwrap_or(60)
}

/// A figure of `/proc/…/status`.
fn figure(status: &Path, name: &str) -> f64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

fn resident_kib(process: u32) -> f64 {
    figure(&Path::new("/proc").join(process.to_string()).join("status"), "VmRSS:")
}

/// What the threads of a process have done so far: nanoseconds at work, and wake-ups.
struct Threads(HashMap<PathBuf, [f64; 2]>);

impl Threads {
    fn of(process: u32) -> Self {
        let tasks = fs::read_dir(Path::new("/proc").join(process.to_string()).join("task"));
        let read = |task: PathBuf| {
            let busy = fs::read_to_string(task.join("schedstat")).unwrap_or_default();
            let busy = busy.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default();
            let wakes = figure(&task.join("status"), "voluntary_ctxt_switches:");
            (task, [busy, wakes])
        };
        Self(tasks.expect("it runs").flatten().map(|task| read(task.path())).collect())
    }

    /// What they have done since; a thread that has ended meanwhile takes its figures with it.
    fn since(&self, before: &Self) -> [f64; 2] {
        self.0.iter().fold([0.0; 2], |[busy, wakes], (task, after)| {
            let [was_busy, had_woken] = before.0.get(task).copied().unwrap_or_default();
            [busy + after[0] - was_busy, wakes + after[1] - had_woken]
        })
    }
}
