//! `kill -9` at random moments: students enroll, pay, switch and cancel while partners and the
//! processor misbehave, and every process that does something for them is killed.

use super::books;
use super::http;
use super::office::{Deed, Office, READY};
use chrono::TimeDelta;
use coursevia::domain::enrollment::Status;
use coursevia::platform::{Clock, IdSource};
use coursevia::runtime::Backend;
use coursevia::sandbox::{FailPlan, Sandbox, SandboxOptions};
use coursevia::store::FailPoints;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

/// So many seconds lie between two rounds: what a killed process had claimed is free again.
const BETWEEN: i64 = 100;
/// About as long as a deed takes when nothing goes wrong.
const LONGEST_LIFE_MS: u64 = 150;
/// How often it is looked after what is open before that counts as lost.
const PASSES: i64 = 12;
const STUDENTS: usize = 5;
const KEY: &str = "the-right-one";

/// Two programs with two partners each, at different prices; one partner has dates and seats.
const OFFERS: [(&str, [&str; 2]); 2] = [
    ("osha-10-general", ["CareerSafe", "Local Community College"]),
    ("small-business-finance", ["Milady", "Certiport"]),
];
const FAULTS: [&str; 10] = [
    "",
    "",
    "processor:timeout",
    "processor:500-then-success",
    "processor:500-kept",
    "processor:truncated-json",
    "processor:duplicate-delivery,duplicate-delivery",
    "timeout",
    "500-then-success,processor:500-then-success",
    "partner-down",
];

/// What happened.
#[derive(Debug, Default)]
pub struct Tally {
    /// Processes that were killed at work.
    pub killed: usize,
    /// Processes that were done before.
    pub done: usize,
    /// Pages that were paid.
    pub paid: usize,
    /// Of them, given back in full.
    pub refunded: usize,
    /// Switches that came about.
    pub switched: usize,
    /// What does not add up in the end.
    pub wrongs: Vec<String>,
}

struct Kills {
    office: Office,
    sandbox: Sandbox,
    chance: StdRng,
    clock: Clock,
}

/// Plays so many rounds in a world of its own, then puts everything right and looks at the books.
/// `victim` starts this program so that it calls [`super::office::be_a_victim`].
pub async fn play(rounds: usize, seed: u64, victim: fn() -> Command) -> Tally {
    let folder = tempfile::tempdir().expect("a folder");
    // The processor's time and ours are the same.
    let clock = Clock::fixed(Clock::System.now());
    let options = SandboxOptions {
        port: 0,
        link_port: None,
        file: folder.path().join("partners.db"),
        key: None,
        fail: FailPlan::default(),
        lti: None,
        clock: clock.clone(),
        ids: IdSource::Random,
    };
    let sandbox = Sandbox::start(options).await.expect("a sandbox");
    let port = sandbox.url().as_url().port().expect("a port");
    let office = Office { home: folder.path().to_owned(), port };
    let mut kills = Kills { office, sandbox, chance: StdRng::seed_from_u64(seed), clock };
    let mut tally = Tally::default();
    // The demo's catalogue is there before anybody is killed.
    kills.backend().services().await.expect("the services").store.close().await;
    for _ in 0..rounds {
        kills.round(&mut tally, victim).await;
    }
    Box::pin(kills.heal(&mut tally)).await;
    tally
}

impl Kills {
    fn backend(&self) -> Backend {
        self.office.backend(KEY, self.clock.clone(), FailPoints::none())
    }

    fn url(&self, path: &str) -> String {
        format!("{}_control/{path}", self.sandbox.url())
    }

    async fn round(&mut self, tally: &mut Tally, victim: fn() -> Command) {
        self.clock.advance(TimeDelta::seconds(BETWEEN));
        let fault = FAULTS.choose(&mut self.chance).expect("one of them");
        http::post(&self.url("fail"), &json!({ "fail": fault })).await;
        let mut lives = Vec::new();
        for _ in 0..2 {
            let deed = self.deed().await;
            let life = Duration::from_millis(self.chance.random_range(0..LONGEST_LIFE_MS));
            let mut command = victim();
            self.office.condemn(&mut command, &deed, self.clock.now(), None);
            lives.push(tokio::task::spawn_blocking(move || live(command, life)));
        }
        for life in lives {
            let killed = life.await.expect("it runs");
            tally.killed += usize::from(killed);
            tally.done += usize::from(!killed);
        }
        self.students_act().await;
    }

    /// Something that makes sense where the student stands.
    async fn deed(&mut self) -> Deed {
        let (program, partners) = OFFERS.choose(&mut self.chance).expect("one of them");
        let email = format!("s{}@example.org", self.chance.random_range(0..STUDENTS));
        let backend = self.backend();
        let services = backend.services().await.expect("the services");
        let mut deed = Deed::new("work", &email, program, partners[0]);
        let stands = deed.stands(services).await;
        services.store.close().await;
        let verbs: &[&str] = match stands {
            None => &["enroll"],
            Some((Status::Pending, _)) => &["work", "pay", "pay", "cancel", "reconcile"],
            Some(_) => &["switch", "switch", "switch", "work", "refund", "cancel", "unswitch", "reconcile"],
        };
        (*verbs.choose(&mut self.chance).expect("one of them")).clone_into(&mut deed.verb);
        let other = partners.iter().filter(|name| stands.as_ref().is_none_or(|(_, now)| now != *name));
        let others: Vec<&&str> = other.collect();
        (**others.choose(&mut self.chance).expect("another")).clone_into(&mut deed.partner);
        deed
    }

    /// At the pages that are open, and at some that are not any more.
    async fn students_act(&mut self) {
        for session in books::sessions(&self.sandbox.url().to_string()).await {
            let act = match (session["status"].as_str(), self.chance.random_range(0..10)) {
                (Some("open"), 0..6) => json!({ "session": session["session"], "do": "pay" }),
                (Some("open"), 6) => json!({ "session": session["session"], "do": "decline" }),
                (Some("open"), 7..9) => json!({ "session": session["session"], "do": "expire" }),
                // The card was slow.
                (Some("expired"), 0) => json!({ "session": session["session"], "do": "pay", "late": true }),
                _ => continue,
            };
            http::post(&self.url("pay"), &act).await;
        }
    }

    /// All is well again: what is open comes to its end.
    async fn heal(&mut self, tally: &mut Tally) {
        http::post(&self.url("fail"), &json!({ "fail": "" })).await;
        let url = self.sandbox.url().to_string();
        let mut open = Vec::new();
        for pass in 0..PASSES {
            self.clock.advance(TimeDelta::minutes(20));
            let backend = self.backend();
            let services = backend.services().await.expect("the services");
            services.settle_seats().await.expect("settled");
            let seen = services.reconcile().await.expect("reconciled");
            while services.work_once().await.expect("work").is_some() {}
            open = [
                seen.open.iter().map(|payment| format!("open: {payment:?}")).collect::<Vec<_>>(),
                seen.refunding.iter().map(|refund| format!("on its way: {refund:?}")).collect(),
                seen.failed.iter().map(|refund| format!("failed: {refund:?}")).collect(),
            ]
            .concat();
            if pass > 0 && open.is_empty() {
                tally.wrongs = books::wrongs(services, &self.office.database(), &url).await;
                services.store.close().await;
                break;
            }
            services.store.close().await;
            for session in books::sessions(&url).await.iter().filter(|session| session["status"] == "open") {
                let act = *["pay", "expire"].choose(&mut self.chance).expect("one of them");
                http::post(&self.url("pay"), &json!({ "session": session["session"], "do": act })).await;
            }
        }
        tally.wrongs.extend(open);
        for session in books::sessions(&url).await.iter().filter(|session| session["paid"] != 0) {
            tally.paid += 1;
            tally.refunded += usize::from(session["paid"] == session["refunded"]);
        }
        tally.switched = self.count_switches().await;
    }

    async fn count_switches(&self) -> usize {
        use sqlx::Connection as _;
        let mut db = sqlx::SqliteConnection::connect(&self.office.database()).await.expect("it opens");
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE kind = 'switched_here'")
            .fetch_one(&mut db)
            .await
            .expect("a number");
        usize::try_from(count).expect("a number")
    }
}

/// Lives until it is done or its time has come; whether it was killed. The moment is a duration
/// on purpose: it shall be any.
fn live(mut command: Command, life: Duration) -> bool {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its talk")).lines();
    while lines.next().is_some_and(|line| !line.expect("text").ends_with(READY)) {}
    std::thread::sleep(life);
    let killed = child.try_wait().expect("its end").is_none();
    child.kill().expect("it is ours");
    child.wait().expect("its end");
    killed
}
