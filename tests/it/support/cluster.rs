//! A throw-away PostgreSQL cluster, where its programs are on the machine.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Starts a cluster in a folder of its own and prints that folder; when its standard input
/// ends, and be it because the process that wanted it was killed, stops the cluster and leaves nothing.
const SCRIPT: &str = r#"
trap '' INT HUP
bin=$1
dir=$(mktemp -d /tmp/coursevia-pg-XXXXXX) || exit 1
cd "$dir" || exit 1
"$bin/initdb" --no-sync -A trust -U postgres -E UTF8 --locale=C -D data >log 2>&1 || { cat log >&2; exit 1; }
options="-c listen_addresses= -c unix_socket_directories=$dir -c max_connections=300 -c shared_buffers=64MB $2"
"$bin/pg_ctl" -D data -l log -w -t 60 -o "$options" start >/dev/null 2>&1 || { cat log >&2; exit 1; }
echo "$dir"
cat >/dev/null
"$bin/pg_ctl" -D data -m immediate -w stop >/dev/null 2>&1
cd / && rm -rf "$dir"
"#;

/// A running cluster; it ends with this value, or with the process.
pub struct Cluster {
    /// Where its socket is.
    folder: String,
    /// Kept for its standard input: the cluster ends with it.
    _child: Child,
}

impl Cluster {
    /// Starts one with these options of the server; `None` where there is no PostgreSQL.
    pub fn start(options: &str) -> Option<Self> {
        let programs = programs()?;
        let mut child =
            shell(&programs, options).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        let mut folder = String::new();
        let answer = child.stdout.as_mut().expect("it is piped");
        BufReader::new(answer).read_line(&mut folder).expect("the cluster says where it is");
        let folder = folder.trim().to_owned();
        assert!(!folder.is_empty(), "PostgreSQL did not start; its log is above");
        Some(Self { folder, _child: child })
    }

    /// The address of one of its databases; `postgres` is there from the beginning.
    pub fn address(&self, database: &str) -> String {
        let host: String = url::form_urlencoded::byte_serialize(self.folder.as_bytes()).collect();
        format!("postgres://postgres@localhost/{database}?host={host}")
    }
}

/// The folder of `initdb` and `pg_ctl`: the newest of Debian's, else the one on PATH.
pub fn programs() -> Option<PathBuf> {
    let complete = |folder: &Path| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    installed.sort_by_key(version);
    let installed = installed.into_iter().rev().map(|folder| folder.join("bin"));
    #[expect(clippy::disallowed_methods, reason = "tests have no platform layer")]
    let path = std::env::var("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    installed.chain(on_path).find(|folder| complete(folder))
}

/// initdb refuses to run as root: then an unprivileged user does it.
fn shell(programs: &Path, options: &str) -> Command {
    let output = |arguments: &[&str]| {
        Command::new("id").args(arguments).stderr(Stdio::null()).output().ok().filter(|o| o.status.success())
    };
    let root = output(&["-u"]).is_some_and(|id| id.stdout.trim_ascii() == b"0");
    let mut shell = if root {
        let user = if output(&["-u", "postgres"]).is_some() { "postgres" } else { "nobody" };
        let mut runuser = Command::new("runuser");
        runuser.args(["-u", user, "--", "sh"]);
        runuser
    } else {
        Command::new("sh")
    };
    shell.args(["-c", SCRIPT, "sh"]).arg(programs).arg(options).current_dir("/");
    shell
}
