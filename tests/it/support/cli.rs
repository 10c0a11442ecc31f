//! The real program, with a home directory of its own.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A home directory and what is set in it.
pub struct Home {
    dir: TempDir,
    env: Vec<(String, String)>,
}

/// What a command left.
pub struct Ran {
    /// Exit code; -1 when it was killed.
    pub code: i32,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl Home {
    /// An empty home directory. Its sandbox and its endpoint take any free port.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(dir.path().join("bin")).expect("a directory");
        let home = Self { dir, env: Vec::new() };
        home.with("COURSEVIA_SANDBOX__PORT", "0").with("COURSEVIA_LTI__PORT", "0")
    }

    /// Sets a variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Puts a program first on PATH. It gets its arguments as `sh` does.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.path().join("bin").join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&path, mode).expect("made executable");
    }

    /// A fake browser that writes the links it is given into this file.
    pub fn fake_browser(&self) -> PathBuf {
        let links = self.path().join("links");
        self.program("xdg-open", &format!("echo \"$1\" >> '{}'", links.display()));
        links
    }

    /// The environment: nothing of the machine's but PATH.
    pub fn environment(&self) -> Vec<(String, String)> {
        #[expect(clippy::disallowed_methods, reason = "the tools of the machine are needed")]
        let path = std::env::var("PATH").unwrap_or_default();
        let mut env = vec![
            ("HOME".to_owned(), self.path().display().to_string()),
            ("PATH".to_owned(), format!("{}:{path}", self.path().join("bin").display())),
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
            ("TERM".to_owned(), "xterm-256color".to_owned()),
        ];
        env.extend(self.env.iter().cloned());
        env
    }

    /// Runs `coursevia` with these arguments, with nothing on stdin.
    pub fn run(&self, args: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_coursevia"))
            .args(args)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.path())
            .stdin(std::process::Stdio::null())
            .output()
            .expect("coursevia runs");
        Ran::from(output)
    }

    /// Runs it and reads its stdout as JSON.
    pub fn json(&self, args: &[&str]) -> Value {
        let ran = self.run(args);
        serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{args:?}: {error}\n{}\n{}", ran.stdout, ran.stderr))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Ran {
    /// It must have ended with this code.
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// Its talk must hold `text`.
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{text:?} is not in:\n{}", self.stderr);
        self
    }
}
