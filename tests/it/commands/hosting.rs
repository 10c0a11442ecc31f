//! `launch` where the demo partner lives in the very process that made the link.

use super::MAYA;
use crate::support::cli::Home;
use crate::support::http;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

/// A port that was free a moment ago.
fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port().to_string()
}

/// A machine without a browser, where several commands can share one sandbox.
fn desk() -> Home {
    let home = Home::new().with("COURSEVIA_SANDBOX__PORT", &free_port()).with("SSH_CONNECTION", "a 1 b 2");
    home.run(&[&["enroll", "cna-training", "--partner", "Certiport"], &MAYA[..]].concat()).ends(0);
    home
}

fn start(home: &Home) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_coursevia"))
        .args([&["launch", "cna-training"], &MAYA[..]].concat())
        .env_clear()
        .envs(home.environment())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("coursevia runs");
    let mut link = String::new();
    BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut link).expect("a line");
    (child, link.trim().to_owned())
}

fn ends_on(signal: &str, mut child: Child) -> String {
    let told = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
    let mut talk = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut talk).expect("UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{talk}");
    talk
}

fn get(url: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(http::page(url))
}

#[test]
fn the_page_stays_until_the_command_is_ended_and_others_share_it() {
    let home = desk();
    let (child, link) = start(&home);
    assert!(get(&link).contains("Signed in as maya@example.org"));
    assert!(get(&link).contains("has been used or has expired"));
    // Another command uses the partner that is there already, so it need not stay.
    let args = [&["launch", "cna-training", "--print-url", "--json"], &MAYA[..]].concat();
    let second = home.json(&args);
    assert!(get(second["url"].as_str().expect("a link")).contains("Signed in as maya@example.org"));
    let talk = ends_on("INT", child);
    assert!(talk.contains("Open this link; it works once:"), "{talk}");
    assert!(talk.contains("Ctrl-C ends it"), "{talk}");
    assert_eq!(home.json(&[&["courses", "--json"], &MAYA[..]].concat())[0]["link"], "confirmed");
}

#[test]
fn sigterm_ends_it_as_well() {
    // Kept until the end: it takes its directory along when it goes.
    let home = desk();
    let (child, link) = start(&home);
    assert!(link.starts_with("http://127.0.0.1:"), "{link}");
    ends_on("TERM", child);
}
