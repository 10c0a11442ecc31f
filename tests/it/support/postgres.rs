//! A PostgreSQL of our own for the tests: one throw-away cluster per test run, one fresh
//! database per test. `COURSEVIA_TEST_POSTGRES_URL` names a standing server instead.

use super::cluster::Cluster;
use sqlx::{Connection, Executor, PgConnection};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A crash loses nothing that a test still needs.
const FAST: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";

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
    /// Whether it ends with the tests, and its databases with it.
    throw_away: bool,
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
        if self.server.throw_away {
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
        return Some(Server { address: Box::new(address), home, throw_away: false });
    }
    let Some(cluster) = Cluster::start(FAST) else {
        let loud = "PostgreSQL is not installed: its half of the store tests is SKIPPED";
        assert_ne!(variable("CI").as_deref(), Some("true"), "{loud}");
        say(loud);
        return None;
    };
    let address = move |name: &str| cluster.address(name);
    Some(Server { address: Box::new(address), home: "postgres".to_owned(), throw_away: true })
}
