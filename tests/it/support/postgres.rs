//! A PostgreSQL of our own for the tests: one throw-away cluster per test run, one fresh
//! database per test. `COURSEVIA_TEST_POSTGRES_URL` names a standing server instead.

use sqlx::{Connection, Executor, PgConnection};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Starts a cluster in a folder of its own and prints that folder; when its standard input
/// ends, and be it because the test process was killed, stops the cluster and leaves nothing.
const SCRIPT: &str = r#"
trap '' INT HUP
bin=$1
dir=$(mktemp -d /tmp/coursevia-pg-XXXXXX) || exit 1
cd "$dir" || exit 1
"$bin/initdb" --no-sync -A trust -U postgres -E UTF8 --locale=C -D data >log 2>&1 || { cat log >&2; exit 1; }
options="-c listen_addresses= -c unix_socket_directories=$dir -c fsync=off -c synchronous_commit=off \
-c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB"
"$bin/pg_ctl" -D data -l log -w -t 60 -o "$options" start >/dev/null 2>&1 || { cat log >&2; exit 1; }
echo "$dir"
cat >/dev/null
"$bin/pg_ctl" -D data -m immediate -w stop >/dev/null 2>&1
cd / && rm -rf "$dir"
"#;

/// A fresh, empty database.
pub struct Database {
    /// Its address.
    pub url: String,
    name: String,
    server: &'static Server,
}

struct Server {
    /// The address of `database` on this server.
    address: Box<dyn Fn(&str) -> String + Send + Sync>,
    /// The database to create others from.
    home: String,
    /// Kept for its standard input: the cluster ends with it.
    cluster: Option<Child>,
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(1);

#[expect(clippy::disallowed_methods, reason = "tests have no platform layer")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A fresh database; `None`, said loudly, where there is no PostgreSQL. Under `CI=true` that is
/// a failure.
pub async fn database() -> Option<Database> {
    let server = SERVER.get_or_init(start).as_ref()?;
    let name = format!("coursevia_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    server.run(&format!("CREATE DATABASE {name} TEMPLATE template0")).await;
    Some(Database { url: (server.address)(&name), name, server })
}

impl Server {
    async fn run(&self, statement: &str) {
        let mut db = PgConnection::connect(&(self.address)(&self.home)).await.expect("the server answers");
        db.execute(sqlx::AssertSqlSafe(statement)).await.expect(statement);
        db.close().await.expect("a clean end");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A throw-away cluster takes its databases with it.
        if self.server.cluster.is_some() {
            return;
        }
        let (server, statement) = (self.server, format!("DROP DATABASE {} WITH (FORCE)", self.name));
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(server.run(&statement));
        });
        drop(dropping.join());
    }
}

#[expect(clippy::print_stderr, reason = "a skipped half must not look like a passed one")]
fn say(loud: &str) {
    eprintln!("\n*** {loud} ***\n");
}

fn start() -> Option<Server> {
    if let Some(url) = variable("COURSEVIA_TEST_POSTGRES_URL") {
        let url = url::Url::parse(&url).expect("COURSEVIA_TEST_POSTGRES_URL is an address");
        let home = url.path().trim_start_matches('/').to_owned();
        let address = move |name: &str| {
            let mut url = url.clone();
            url.set_path(name);
            url.to_string()
        };
        return Some(Server { address: Box::new(address), home, cluster: None });
    }
    let Some(programs) = programs() else {
        let loud = "PostgreSQL is not installed: its half of the store tests is SKIPPED";
        assert_ne!(variable("CI").as_deref(), Some("true"), "{loud}");
        say(loud);
        return None;
    };
    let mut cluster = shell(&programs).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
    let mut folder = String::new();
    let answer = cluster.stdout.as_mut().expect("it is piped");
    BufReader::new(answer).read_line(&mut folder).expect("the cluster says where it is");
    let folder = folder.trim().to_owned();
    assert!(!folder.is_empty(), "PostgreSQL did not start; its log is above");
    let host: String = url::form_urlencoded::byte_serialize(folder.as_bytes()).collect();
    let address = move |name: &str| format!("postgres://postgres@localhost/{name}?host={host}");
    Some(Server { address: Box::new(address), home: "postgres".to_owned(), cluster: Some(cluster) })
}

/// The folder of `initdb` and `pg_ctl`: the newest of Debian's, else the one on PATH.
fn programs() -> Option<PathBuf> {
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
    let path = variable("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    installed.chain(on_path).find(|folder| complete(folder))
}

/// initdb refuses to run as root: then an unprivileged user does it.
fn shell(programs: &Path) -> Command {
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
    shell.args(["-c", SCRIPT, "sh"]).arg(programs).current_dir("/");
    shell
}
