//! How the app treats the terminal: frames, colours, the shell behind it, and its end.

use crate::support::cli::Home;
use crate::support::pty::Pty;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const SIZE: (u16, u16) = (80, 24);
const QUESTION: &str = "\u{1b}]11;?";

/// What a program does that a shell script starts, with its process id in `pid`.
const IN_SCRIPT: &str = "echo $$ > pid; exec \"$0\"";
const APP: &str = env!("CARGO_BIN_EXE_coursevia");

fn pid(home: &Home) -> String {
    std::fs::read_to_string(home.path().join("pid")).expect("it runs").trim().to_owned()
}

fn kill(signal: &str, pid: &str) {
    assert!(Command::new("kill").args([signal, pid]).status().expect("kill runs").success());
}

fn waits_for_the_end_of(pid: &str) {
    let (process, deadline) = (Path::new("/proc").join(pid), Instant::now() + Duration::from_secs(30));
    while process.exists() {
        assert!(Instant::now() < deadline, "{pid} does not end");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn every_key_and_every_size_is_one_frame() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs").forgets();
    // Nothing changes at a key that does nothing here: nothing is written.
    let frames = app.types("Zj").frames(1);
    assert_eq!(frames.len(), 1, "{frames:#?}");
    assert!(frames[0].starts_with("\u{1b}[?2026h"), "{frames:#?}");
    assert!(frames[0].len() <= 500, "{} bytes: {frames:#?}", frames[0].len());
    app.forgets().resize(100, 30);
    app.frames(1);
    let frames = app.types("j").frames(2);
    assert_eq!(frames.len(), 2, "{frames:#?}");
    assert!(frames.iter().all(|frame| frame.starts_with("\u{1b}[?2026h")), "{frames:#?}");
    app.types("q");
    assert_eq!(app.ends(), 0);
}

#[test]
fn the_theme_follows_the_terminals_answer_and_no_key_is_lost_or_invented() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], SIZE);
    app.receives(QUESTION).waits_for("22 programs");
    assert_eq!(app.colour(0, 1), vt100::Color::Idx(6), "dark until it is known");
    app.types("/nur\u{1b}]11;rgb:fdfd/f6f6/e3e3\u{1b}\\se");
    app.waits_for("/ nurse").waits_for("CNA Training").waits_for("1 of 22");
    assert_eq!(app.colour(0, 1), vt100::Color::Idx(4));
    app.types("\u{3}");
    assert_eq!(app.ends(), 0);
    app.is_restored();
}

#[test]
fn a_chosen_theme_asks_nothing() {
    for (name, value) in [("COURSEVIA_UI__THEME", "light"), ("NO_COLOR", "1")] {
        let home = Home::new().with(name, value);
        let mut app = Pty::start(&home, &[], SIZE);
        app.waits_for("22 programs").types("q");
        assert_eq!(app.ends(), 0);
        assert!(!app.received().contains(QUESTION), "{name}");
    }
}

#[test]
fn a_hint_of_the_environment_serves_until_the_answer() {
    let home = Home::new().with("COLORFGBG", "0;15");
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs");
    assert_eq!(app.colour(0, 1), vt100::Color::Idx(4));
    app.forgets().types("\u{1b}]11;rgb:00/00/00\u{7}").frames(1);
    assert_eq!(app.colour(0, 1), vt100::Color::Idx(6));
    app.types("q");
    assert_eq!(app.ends(), 0);
}

#[test]
fn a_teletype_is_told_what_works_there() {
    for term in ["dumb", ""] {
        let home = Home::new().with("TERM", term);
        let mut app = Pty::start(&home, &[], SIZE);
        app.waits_for("coursevia snapshot").waits_for("coursevia --help");
        assert_eq!(app.ends(), 2);
        assert!(!app.received().contains('\u{1b}'), "{}", app.received());
    }
}

#[test]
fn suspended_in_a_shell_and_resumed() {
    let home = Home::new();
    let mut shell = Pty::shell(&home, SIZE);
    shell.types("\"$app\"\r").waits_for("22 programs").types("/nurs").waits_for("/ nurs");
    shell.types("\u{1a}").waits_for_main_screen().waits_for("Stopped");
    shell.resize(100, 30);
    shell.types("fg\r").waits_for("/ nurs").types("e").waits_for("/ nurse").waits_for("1 of 22");
    shell.forgets().types("\u{3}").waits_for_main_screen().receives("ready:");
    shell.types("echo code=$?\r").waits_for("code=0");
}

#[test]
fn the_mouse_is_left_to_the_terminal_and_taken_again() {
    const TAKEN: &str = "\u{1b}[?1000h";
    let home = Home::new();
    let mut shell = Pty::shell(&home, SIZE);
    shell.types("\"$app\"\r").receives(TAKEN).waits_for("22 programs");
    shell.forgets().types("M").receives("\u{1b}[?1000l");
    // Who comes back from the shell finds the mouse as it was left.
    shell.types("\u{1a}").waits_for_main_screen().waits_for("Stopped").forgets();
    shell.types("fg\r").waits_for("22 programs").types("/nurse").waits_for("/ nurse").waits_for("1 of 22");
    assert!(!shell.received().contains(TAKEN));
    shell.types("\u{1b}").waits_for("22 of 22").types("\u{1b}").waits_for("22 programs");
    shell.types("M").receives(TAKEN);
    shell.types("\u{1a}").waits_for_main_screen().waits_for("Stopped").forgets();
    shell.types("fg\r").receives(TAKEN).waits_for("22 programs");
    // A click on the second tab.
    shell.types("\u{1b}[<0;28;1M").waits_for("You have no courses yet");
    shell.forgets().types("q").waits_for_main_screen().receives("ready:");
}

#[test]
fn a_mouse_that_nobody_wants_is_not_taken_until_somebody_does() {
    let home = Home::new().with("COURSEVIA_UI__MOUSE", "false");
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs");
    assert!(!app.received().contains("\u{1b}[?1000h"));
    app.types("M").receives("\u{1b}[?1000h").types("q");
    assert_eq!(app.ends(), 0);
    app.is_restored();
}

#[test]
fn a_cursor_that_was_hidden_is_hidden_again_after_the_shell() {
    let home = Home::new();
    let mut shell = Pty::shell(&home, SIZE);
    shell.types("\"$app\"\r").waits_for("22 programs").types("2");
    shell.waits_for("You have no courses yet").waits_for_the_cursor(false);
    shell.types("\u{1a}").waits_for_main_screen().waits_for("Stopped").types("fg\r");
    shell.waits_for("You have no courses yet").waits_for_the_cursor(false);
    shell.forgets().types("\u{3}").waits_for_main_screen().receives("ready:");
}

#[test]
fn stopped_from_outside_and_resumed() {
    let home = Home::new();
    let mut shell = Pty::shell(&home, SIZE);
    shell.types(&format!("sh -c '{IN_SCRIPT}' \"$app\"\r")).waits_for("22 programs");
    let pid = pid(&home);
    for (signal, stays) in [("-TSTP", false), ("-STOP", true)] {
        shell.forgets();
        kill(signal, &pid);
        if !stays {
            shell.waits_for_main_screen();
        }
        // The prompt as well: what comes late would be taken for the one after the end.
        shell.receives("Stopped").receives("ready:");
        // What stands on a screen that was left as it was may be old: a frame is the app's.
        shell.forgets().types("clear; fg\r").receives("\u{1b}[?2026l");
        shell.waits_for("22 programs").waits_for("search").types("j").waits_for("▌");
    }
    shell.forgets().types("q").waits_for_main_screen().receives("ready:");
    shell.types("echo code=$?\r").waits_for("code=0");
}

#[test]
fn where_no_shell_waits_nothing_is_stopped() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs").types("\u{1a}").waits_for("There is no shell to go back to here");
    app.signal("TSTP");
    app.types("jq");
    assert_eq!(app.ends(), 0);
    app.is_restored();
}

/// A terminal inside ours, which is closed by killing the program that plays it.
fn closes(inner: &str) {
    let home = Home::new();
    let app = format!("exec script -qfc \"{inner}\" /dev/null");
    let inner = IN_SCRIPT.replace("$0", APP);
    std::fs::write(home.path().join("inner"), inner).expect("written");
    let mut outer = Pty::of(&home, "sh", &["-c", &app], SIZE);
    outer.waits_for("22 programs");
    let pid = pid(&home);
    outer.signal("KILL");
    waits_for_the_end_of(&pid);
}

#[test]
fn a_terminal_that_is_closed_ends_the_app() {
    closes("sh inner");
}

#[test]
fn a_terminal_that_nobody_controls_ends_the_app_too() {
    closes("setsid --wait sh inner");
}

#[test]
fn a_clock_that_lags_behind_the_database_is_told() {
    let home = Home::new();
    home.run(&["enroll", "digital-literacy", "--student", "maya@example.org"]).ends(0);
    let path = home.path().join(".local/share/coursevia/coursevia.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        use sqlx::{Connection as _, Executor as _};
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let mut db = sqlx::SqliteConnection::connect_with(&options).await.expect("the database");
        db.execute("UPDATE events SET at = '2099-01-01T00:00:00.000000+00:00'").await.expect("it is written");
    });
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("A clock is wrong").waits_for("2099").types("q");
    assert_eq!(app.ends(), 0);
}

#[test]
fn a_disk_without_room_is_said_with_the_next_step() {
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\"";
    let mut app = Pty::of(&home, "sh", &["-c", script, APP], SIZE);
    app.waits_for("Make room").waits_for("r tries again").types("rq");
    assert_eq!(app.ends(), 0);
}

#[test]
fn a_terminal_that_shrinks_to_one_cell_loses_nothing_typed() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs").types("\r\r").waits_for("e-mail").types("maya@exam").waits_for("maya@exam");
    app.forgets().resize(1, 1);
    app.frames(1);
    app.resize(80, 24);
    app.waits_for("maya@exam").types("ple.org").waits_for("maya@example.org").types("\u{3}");
    assert_eq!(app.ends(), 0);
}

#[test]
fn a_disk_that_fills_up_loses_nothing_typed() {
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let script = "trap '' XFSZ; ulimit -f 80; exec \"$0\"";
    let mut app = Pty::of(&home, "sh", &["-c", script, APP], SIZE);
    app.waits_for("22 programs").types("/nurse").waits_for("1 of 22").types("\r");
    app.waits_for("Choose your learning format").types("\r").waits_for("e-mail");
    app.types("maya@example.org\r").waits_for("Make room, then try again").waits_for("Choose your learning");
    app.types("q");
    assert_eq!(app.ends(), 0);
    // There is room again: who it is for need not be typed a second time.
    home.run(&["enroll", "cna-training", "--partner", "Certiport"]).ends(0);
}
