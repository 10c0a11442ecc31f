//! Launches by LTI 1.3: what of a launch is ours, and what 10,000 malformed requests cost.

#[path = "../tests/it/support/lessons.rs"]
#[expect(dead_code, reason = "nobody learns here")]
mod lessons;
#[path = "../tests/it/support/lti.rs"]
#[expect(dead_code, reason = "nothing is asked in this process")]
mod lti;
#[path = "../tests/it/support/office.rs"]
#[expect(dead_code, reason = "nobody is killed here")]
mod office;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
#[expect(dead_code, reason = "nothing is measured that is one call")]
mod samples;

use coursevia::domain::actor::Actor;
use coursevia::domain::person::Email;
use coursevia::domain::provider::Disclosure;
use coursevia::platform::Clock;
use coursevia::runtime::Backend;
use coursevia::service::{Enroll, Launch, Services};
use coursevia::store::FailPoints;
use office::Office;
use report::Report;
use samples::Samples;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

const LAUNCHES: usize = 300;
const MALFORMED: usize = 10_000;
/// Before memory is read for the first time.
const WARM_UP: usize = 1_000;
const CLIENT: &str = "client";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let report = Report::of_arguments();
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office { home: folder.path().to_owned(), port: 0 };
    let backend = office.backend("any", Clock::System, FailPoints::none());
    lti::put_key(&backend.config().lti.key_file);
    let services = backend.services().await.expect("the services");
    lti::becomes_tool(services, "Certiport", lti::tool(CLIENT, Disclosure::default())).await;
    backend.provide_endpoint(services).await;
    let base = services.lti.endpoint().expect("it listens");
    let port = base.as_url().port().expect("a port");
    if report.wants("lti/launch overhead") {
        launches(&report, &backend, services, port).await;
    }
    if report.wants("lti/10,000 malformed requests") {
        malformed(&report, port).await;
    }
    backend.close().await;
}

/// From Enter to the link, from the browser's request to the tool's login, from the tool's question to
/// the signed answer.
async fn launches(report: &Report, backend: &Backend, services: &Services, port: u16) {
    let student = services.learner(&Email::parse("maya@example.org").expect("an address"), None).await;
    let student = student.expect("a student");
    let program = services.program("cna-training").await.expect("the program");
    let choice = Services::choice(&program, Some("Certiport")).expect("the partner");
    let actor = Actor::Student(student.id);
    let request = Enroll { actor, student: &student, program: program.program.id, choice };
    let course = services.enroll(&request).await.expect("enrolled").enrollment.id;
    let mut samples = Samples::new();
    for _ in 0..LAUNCHES {
        let begun = Instant::now();
        let launch = backend.launch(services, actor, course).await.expect("it launches");
        let Launch::Link(url) = launch else { panic!("it waits") };
        let answer = exchange(port, &get(port, url.expose().as_url().path())).await;
        let login = answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a login");
        let hints = lti::hints(&Url::parse(login.trim()).expect("an address"));
        let query = lti::encoded(&lti::question(CLIENT, &hints));
        let page = exchange(port, &get(port, &format!("/lti/auth?{query}"))).await;
        samples.add(begun.elapsed());
        assert!(page.contains("id_token"), "{page}");
    }
    let reached = samples.at(0.95) <= Duration::from_millis(20);
    report.say("lti/launch overhead", samples, Some(("p95 ≤ 20 ms", reached)));
}

async fn malformed(report: &Report, port: u16) {
    for nth in 0..WARM_UP {
        refused(port, nth).await;
    }
    let before = most_memory();
    let mut samples = Samples::new();
    for nth in 0..MALFORMED {
        let begun = Instant::now();
        refused(port, nth).await;
        samples.add(begun.elapsed());
    }
    let after = most_memory();
    report.say("lti/10,000 malformed requests", samples, None);
    let words = format!("{before} KiB before, {after} KiB after");
    // What the allocator of a busy machine may take more; a leak of 100 bytes a request is 1,000 KiB.
    report.say("lti/10,000 malformed requests: memory", words, Some(("constant", after <= before + 512)));
}

async fn refused(port: u16, nth: usize) {
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    let form = |body: &str| {
        let length = body.len();
        format!(
            "POST /lti/auth HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
    };
    let request = match nth % 10 {
        0 => get(port, &format!("/lti/launch/{nth:064x}")),
        1 => get(port, "/lti/launch/%00%ff"),
        2 => get(port, &format!("/lti/auth?login_hint={nth:064x}&client_id=nobody")),
        3 => form("nonce=a&nonce=b"),
        4 => form(&format!("state={}", "x".repeat(17 * 1024))),
        5 => form("login_hint=%ff%fe&redirect_uri=javascript:alert(1)"),
        6 => format!("GET /lti/auth?{} HTTP/1.1\r\n{host}\r\n", "x=1&".repeat(200)),
        7 => "GET /lti/auth HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(),
        8 => format!("GET /lti/auth?state={} HTTP/1.1\r\n{host}\r\n", "y".repeat(30_000)),
        _ => "\u{1}\u{2}no request at all\r\n\r\n".to_owned(),
    };
    let answer = exchange(port, &request).await;
    assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 3"), "{answer}");
}

fn get(port: u16, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")
}

/// One request by hand: a client's own buffers are not to be counted. Whoever is refused early may find
/// the connection closed.
async fn exchange(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
    let mut answer = Vec::new();
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// The most memory this process ever had, in KiB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kib| kib.parse().ok()).unwrap_or_default()
}
