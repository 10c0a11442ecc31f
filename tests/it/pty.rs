//! The whole first run in a real terminal, and the terminal given back whatever happens.

use crate::support::cli::Home;
use crate::support::http;
use crate::support::pty::Pty;

const SIZE: (u16, u16) = (100, 30);

#[test]
fn the_whole_first_run() {
    let home = Home::new();
    let links = home.fake_browser();
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs").types("/nurse").waits_for("CNA Training").types("\r");
    app.waits_for("Choose your learning format").types("\r").waits_for("e-mail");
    app.types("maya@example.org\r").waits_for("Enrolled via Certiport").waits_for("0% complete");
    app.types("\r").waits_for("Opened Certiport in your browser");
    let link = std::fs::read_to_string(&links).expect("the fake browser was called");
    let page = get(link.trim());
    assert!(page.contains("CNA"), "{page}");
    app.types("q");
    assert_eq!(app.ends(), 0);
    app.is_restored();

    let mut later = Pty::start(&home, &[], SIZE);
    later.waits_for("via Certiport").types("q");
    assert_eq!(later.ends(), 0);
}

fn get(url: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(http::page(url))
}

#[test]
fn signals_give_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let home = Home::new();
        let mut app = Pty::start(&home, &[], SIZE);
        app.waits_for("22 programs").signal(signal);
        assert_eq!(app.ends(), 0, "{signal}");
        app.is_restored();
    }
}

#[test]
fn a_panic_in_a_task_ends_the_app_and_gives_the_terminal_back() {
    let home = Home::new().with("COURSEVIA_CRASH_AT", "panic_in_task");
    let mut app = Pty::start(&home, &[], SIZE);
    assert_eq!(app.ends(), 1);
    app.is_restored();
    assert!(app.received().contains("internal error"), "{}", app.received());
}

#[test]
fn a_panic_in_the_loop_gives_the_terminal_back() {
    let home = Home::new().with("COURSEVIA_CRASH_AT", "panic_in_loop");
    let mut app = Pty::start(&home, &[], SIZE);
    assert_ne!(app.ends(), 0);
    app.is_restored();
}

#[test]
fn a_tiny_terminal_is_calm_and_quits() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], (20, 5));
    app.waits_for("larger");
    app.resize(100, 30);
    app.waits_for("22 programs");
    app.resize(20, 5);
    app.waits_for("larger").types("q");
    assert_eq!(app.ends(), 0);
    app.is_restored();
}

#[test]
fn a_database_that_is_down_is_said_at_once_and_tried_again() {
    let home = Home::new().with("COURSEVIA_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("can't be reached. Trying again in")
        .types("r")
        .waits_for("can't be reached. Trying again in")
        .types("q");
    assert_eq!(app.ends(), 0);
    app.is_restored();
}

#[test]
fn a_known_person_sees_at_once_that_the_database_is_down() {
    let home = Home::new().with("COURSEVIA_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    for person in [["--student", "maya@example.org"], ["--advisor", "desk@college.example"]] {
        let mut app = Pty::start(&home, &person, SIZE);
        app.waits_for("can't be reached. Trying again in").types("q");
        assert_eq!(app.ends(), 0);
    }
}

#[test]
fn pasted_text_is_text_not_keys() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs")
        .types("\u{1b}[200~q\u{1b}[201~")
        .types("/")
        .types("\u{1b}[200~weld\u{1b}[201~");
    app.waits_for("Welding").waits_for("weld").types("\u{3}");
    assert_eq!(app.ends(), 0);
}
