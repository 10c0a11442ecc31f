//! The tool of another language: Python with `PyLTI1p3`, in an environment of its own below `target`.

use crate::support::cli::Home;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The tool as a process that ends with the test.
pub struct Tool {
    child: Child,
    port: u16,
    settings: PathBuf,
}

impl Drop for Tool {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Tool {
    /// Starts it. `None`, said loudly, where Python or the library can't be had; under `CI=true` that is a
    /// failure.
    pub fn start(home: &Home) -> Option<Self> {
        let python = match environment() {
            Ok(python) => python,
            Err(why) => {
                skip(&why);
                return None;
            }
        };
        let settings = home.path().join("tool.json");
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tool/tool.py");
        let mut child = Command::new(python)
            .arg(program)
            .arg(&settings)
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut first).expect("a line");
        let port = first.trim().parse().expect("its port");
        Some(Self { child, port, settings })
    }

    /// One of its own addresses.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Gives it what its administrator would enter: what `coursevia lti show --json` prints.
    pub fn learn(&self, shown: &Value) {
        let text = |key: &str| shown[key].as_str().unwrap_or_else(|| panic!("{key} in {shown}"));
        let settings = serde_json::json!({ text("issuer"): {
            "auth_login_url": text("auth_url"), "auth_token_url": "https://unused.example", "key_set": shown["jwks"],
            "client_id": text("client_id"), "deployment_ids": [text("deployment_id")],
        }});
        std::fs::write(&self.settings, settings.to_string()).expect("written");
    }
}

/// A Python that has the library, installed on the first run.
fn environment() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("lti-tool");
    let python = folder.join("bin").join("python");
    let wanted = REQUIREMENTS.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
    let (name, version) = wanted.split_once("==").unwrap_or_default();
    let check =
        format!("import importlib.metadata as m, pylti1p3; assert m.version('{name}') == '{version}'");
    // Tests that start together must not all make it: one after the other.
    let lock = std::fs::File::create(folder.with_extension("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let has_it = || succeeds(Command::new(&python).args(["-c", &check]));
    if has_it().is_ok() {
        return Ok(python);
    }
    succeeds(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "1", wanted];
    succeeds(Command::new(&python).args(pip))?;
    has_it().map(|()| python)
}

fn succeeds(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a skipped test must not look like a passed one"
)]
fn skip(why: &str) {
    let loud = format!("Python or PyLTI1p3 is missing: the launch into another's tool is SKIPPED ({why})");
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{loud}");
    eprintln!("\n*** {loud} ***\n");
}
