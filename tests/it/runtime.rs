//! Several processes at one database, and a partner that keeps everybody waiting.

use crate::support::catalogs::keyed_partner;
use crate::support::cli::Home;
use crate::support::desk::Campus;
use crate::support::http;
use crate::support::pty::Pty;
use coursevia::domain::actor::Actor;
use coursevia::platform::{Clock, IdSource};
use coursevia::sandbox::{FailPlan, Sandbox, SandboxOptions};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const SIZE: (u16, u16) = (100, 30);
const KEY: (&str, &str) = ("COLLEGE_KEY", "k");

/// A home directory, and the partners in a process of their own: this one.
async fn home_and_partners() -> (Home, Sandbox) {
    let home = Home::new();
    let options = SandboxOptions {
        port: 0,
        link_port: None,
        file: home.path().join("partners.db"),
        key: None,
        fail: FailPlan::default(),
        lti: None,
        clock: Clock::System,
        ids: IdSource::Random,
    };
    let sandbox = Sandbox::start(options).await.expect("a sandbox");
    let port = sandbox.url().as_url().port().expect("a port").to_string();
    (home.with("COURSEVIA_SANDBOX__PORT", &port), sandbox)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quitting_does_not_wait_for_a_partner_that_is_only_asked_for_progress() {
    let (home, sandbox) = home_and_partners().await;
    home.run(&["enroll", "cna-training", "--partner", "Certiport", "--student", "maya@example.org"]).ends(0);
    let silent = serde_json::json!({ "fail": "timeout" });
    http::post(&format!("{}_control/fail", sandbox.url()), &silent).await;
    let mut app = Pty::start(&home, &["--student", "maya@example.org"], SIZE);
    app.waits_for("via Certiport");
    let asked = Instant::now();
    assert_eq!(app.types("q").ends(), 0);
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
}

/// One partner that is reached with a key, as an institution writes it.
fn catalogue(sandbox: &Sandbox) -> String {
    keyed_partner(&format!("{}certiport", sandbox.url()), KEY.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_another_process_prepares_appears_by_itself() {
    let (home, sandbox) = home_and_partners().await;
    let database = format!("sqlite://{}", home.path().join("college.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    let file = home.path().join("catalog.toml");
    std::fs::write(&file, catalogue(&sandbox)).expect("written");
    home.run(&["catalog", "import", &file.display().to_string()]).ends(0);
    let mut app = Pty::start(&home, &["--student", "maya@example.org"], SIZE);
    app.waits_for("CNA Training").types("\r").waits_for("Delivered by").types("\r");
    app.waits_for("is preparing your place");
    // The key is at the institution's desk, where `coursevia work` runs.
    let desk = home.with(KEY.0, KEY.1);
    desk.run(&["work", "--once"]).ends(0).says("done");
    app.waits_for("0% complete").types("q");
    assert_eq!(app.ends(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_partners_tells_how_far_it_is() {
    let campus = Campus::demo().await;
    for email in ["maya@example.org", "lena@example.org"] {
        let mut desk = campus.desk_of_student(email).await;
        desk.keys("/nurse<enter><enter>").await.sees("Enrolled via Certiport");
        desk.keys("r").await.sees("asked about 1 course").sees_no("Asking partners");
    }
    let told = Mutex::new(Vec::new());
    let tell = |done, total| told.lock().expect("no panic").push((done, total));
    campus.services().await.sync_telling(Actor::System, None, &tell).await.expect("they answer");
    assert_eq!(told.into_inner().expect("no panic"), [(0, 2), (1, 2), (2, 2)]);
}
