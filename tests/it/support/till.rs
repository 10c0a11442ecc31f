//! A home directory whose payment processor and partners are played by a process of their own, as on
//! a machine where the app is running.

use super::cli::{Home, Ran};
use super::http;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take before a test counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The home, and who plays the others. Both end with it.
pub struct Till {
    pub home: Home,
    sandbox: Child,
    url: String,
}

impl Drop for Till {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port().to_string()
}

fn wait<T>(of: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(of)
}

impl Till {
    /// Everything works.
    pub fn new() -> Self {
        Self::failing("")
    }

    /// With these failures, as `sandbox --fail` takes them.
    pub fn failing(fail: &str) -> Self {
        let home = Home::new().with("COURSEVIA_SANDBOX__PORT", &free_port());
        let mut sandbox = start(&home, &["sandbox", "--fail", fail]);
        let mut url = String::new();
        BufReader::new(sandbox.stdout.as_mut().expect("piped")).read_line(&mut url).expect("a line");
        Self { home, sandbox, url: url.trim().trim_end_matches('/').to_owned() }
    }

    /// Runs a command as Maya.
    pub fn maya(&self, args: &[&str]) -> Ran {
        self.home.run(&[args, &MAYA[..]].concat())
    }

    /// The same, and reads its JSON.
    pub fn maya_json(&self, args: &[&str]) -> Value {
        self.home.json(&[args, &["--json"], &MAYA[..]].concat())
    }

    /// Runs a command as an advisor, for Maya.
    pub fn advisor_json(&self, args: &[&str]) -> Value {
        self.home.json(&[args, &["--json"], &MAYA[..], &RUTH[..]].concat())
    }

    /// Maya enrolls in OSHA 10 via `CareerSafe` for $59.00; the payment page.
    pub fn enroll(&self) -> String {
        let enrolled = self.maya_json(&["enroll", "osha-10-general", "--partner", "CareerSafe"]);
        page_of(&enrolled)
    }

    /// The same, paid.
    pub fn paid(&self) {
        let page = self.enroll();
        press(&page, "pay");
        self.maya(&["pay", "osha-10-general", "--wait"]).ends(0);
    }

    /// What Maya's courses are, the newest first.
    pub fn courses(&self) -> Vec<Value> {
        let courses = self.maya_json(&["courses", "--all"]);
        courses.as_array().expect("a list").clone()
    }

    /// What the processor knows: every session with its refunds, the oldest first.
    pub fn sessions(&self) -> Vec<Value> {
        let sessions = wait(http::json(&format!("{}/_control/payments", self.url)));
        sessions.as_array().expect("a list").clone()
    }

    /// Something happens to the newest session, without its page.
    pub fn happens(&self, mut what: Value) {
        let newest = self.sessions().pop().expect("a session");
        what["session"] = newest["session"].clone();
        wait(http::post(&format!("{}/_control/pay", self.url), &what));
    }

    /// Nothing goes wrong any more.
    pub fn mended(&self) {
        self.fails("");
    }

    /// This goes wrong from now on.
    pub fn fails(&self, fail: &str) {
        wait(http::post(&format!("{}/_control/fail", self.url), &json!({ "fail": fail })));
    }

    /// A partner sees progress.
    pub fn progress(&self, partner: &str, enrollment: &str, percent: u8) {
        let body = json!({ "partner": partner, "enrollment_id": enrollment, "percent": percent });
        wait(http::post(&format!("{}/_control/progress", self.url), &body));
    }

    /// What has been mailed: the subjects.
    pub fn subjects(&self) -> Vec<String> {
        self.mails().iter().map(|mail| subject(mail)).collect()
    }

    /// What has been mailed, in the order of its ids.
    pub fn mails(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.home.path().join(".local/share/coursevia/mail")) else {
            return Vec::new();
        };
        let mut files: Vec<_> = folder.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        let read = |file: &std::path::PathBuf| std::fs::read_to_string(file).expect("a message");
        files.iter().map(read).collect()
    }
}

fn subject(mail: &str) -> String {
    let line = mail.lines().find_map(|line| line.strip_prefix("Subject: "));
    line.expect("a subject").to_owned()
}

/// Who pays.
pub const MAYA: [&str; 2] = ["--student", "maya@example.org"];
/// Who decides.
pub const RUTH: [&str; 2] = ["--advisor", "ruth@college.example"];

/// The payment page of an answer.
pub fn page_of(answer: &Value) -> String {
    answer["payment"]["url"].as_str().unwrap_or_else(|| panic!("no page in {answer}")).to_owned()
}

/// Presses a button of a payment page.
pub fn press(page: &str, button: &str) {
    wait(async {
        let answer = http::client().post(page).form(&json!({ "do": button })).send().await;
        assert!(answer.expect("an answer").status().is_success());
    });
}

/// Starts a command that goes on.
pub fn start(home: &Home, args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_coursevia"))
        .args(args)
        .env_clear()
        .envs(home.environment())
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("coursevia runs")
}

/// Sends a signal to it, and waits for its end.
pub fn signal(child: &Child, name: &str) {
    let told = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
}

/// Waits until something is so.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !so() {
        assert!(started.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
