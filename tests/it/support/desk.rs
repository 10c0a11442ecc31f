//! A desk: the headless app over a database of its own and a real sandbox on loopback.

use crate::support::http;
use coursevia::config::{
    Config, DatabaseConfig, ISSUER, LaunchConfig, Lti, MailConfig, MailRoute, PaymentConfig, SandboxConfig,
    ThemeChoice, UiConfig, WaitlistConfig,
};
use coursevia::domain::calendar::WeekStart;
use coursevia::domain::person::Email;
use coursevia::domain::time::Instant;
use coursevia::platform::{Browser, Clock, Dirs, Env, IdSource, Secrets};
use coursevia::runtime::{Backend, Headless, Performer, Session};
use coursevia::service::Services;
use coursevia::store::FailPoints;
use coursevia::ui::app::Setup;
use coursevia::ui::msg::Who;
use coursevia::ui::{Theme, keys};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// What several terminals share: the database, the sandbox, the files.
pub struct Campus {
    dir: TempDir,
    clock: Clock,
    /// The backend of the first terminal; its sandbox is everybody's.
    backend: Arc<Backend>,
}

/// One terminal.
pub struct Desk {
    app: Headless,
    opened: Arc<Mutex<Vec<coursevia::domain::web::WebUrl>>>,
}

/// The day all tests play on.
pub fn morning() -> Instant {
    "2026-01-15T09:00:00Z".parse().expect("an instant")
}

impl Campus {
    /// The demo catalogue in a fresh SQLite file.
    pub async fn demo() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}", dir.path().join("demo.db").display());
        Self::open(dir, DatabaseConfig { url, named: false }).await
    }

    /// The same, with a port at which the sandbox shall listen.
    pub async fn demo_with_sandbox_at(port: u16) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}", dir.path().join("demo.db").display());
        Self::open_at(dir, DatabaseConfig { url, named: false }, port).await
    }

    /// What a running app does from time to time: look whether a sandbox is needed and possible.
    pub async fn provide_sandbox(&self) {
        let services = self.services().await;
        self.backend.provide_sandbox(services).await.expect("it reads");
    }

    /// The demo catalogue in this database.
    pub async fn demo_in(url: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let campus = Self::open(dir, DatabaseConfig { url: url.to_owned(), named: true }).await;
        campus.services().await.seed_demo().await.expect("the demo catalogue");
        campus.provide_sandbox().await;
        campus
    }

    /// This catalogue in a fresh SQLite file.
    pub async fn with_catalog(source: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}", dir.path().join("own.db").display());
        let campus = Self::open(dir, DatabaseConfig { url, named: true }).await;
        campus.import(source).await;
        campus
    }

    /// This catalogue in this database.
    pub async fn with_catalog_in(url: &str, source: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let campus = Self::open(dir, DatabaseConfig { url: url.to_owned(), named: true }).await;
        campus.import(source).await;
        campus
    }

    /// Imports a catalogue, as `coursevia catalog import` does.
    pub async fn import(&self, source: &str) {
        let checked = coursevia::catalog::parse("catalog.toml", source).expect("a good catalogue");
        self.services().await.import_catalog(&checked.catalog, false).await.expect("imported");
        self.provide_sandbox().await;
    }

    async fn open(dir: TempDir, database: DatabaseConfig) -> Self {
        Self::open_at(dir, database, 0).await
    }

    async fn open_at(dir: TempDir, database: DatabaseConfig, port: u16) -> Self {
        let clock = Clock::fixed(morning());
        let backend = backend(dir.path(), &database, &clock, 1, port);
        backend.services().await.expect("the services");
        Self { dir, clock, backend }
    }

    /// The services of the first terminal.
    pub async fn services(&self) -> &Services {
        self.backend.services().await.expect("the services")
    }

    /// Where the database is.
    pub fn database_url(&self) -> String {
        self.backend.config().database.url.clone()
    }

    /// The clock of all terminals.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Puts a file where the folder for mail should be, or takes it away.
    pub fn block_mail(&self, blocked: bool) {
        let place = self.dir.path().join("mail");
        if blocked { std::fs::write(place, "") } else { std::fs::remove_file(place) }.expect("it is done");
    }

    /// The folder of everything, which is also everybody's home.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Where the mail lies.
    pub fn mails(&self) -> Vec<String> {
        let mut mails: Vec<String> = std::fs::read_dir(self.dir.path().join("mail"))
            .map(|dir| {
                dir.map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("a mail"))
                    .collect()
            })
            .unwrap_or_default();
        mails.sort();
        mails
    }

    /// The address of the sandbox.
    pub async fn sandbox(&self) -> String {
        self.backend.sandbox_url().await.expect("a sandbox").to_string()
    }

    /// Tells the sandbox something.
    pub async fn control(&self, what: &str, body: serde_json::Value) {
        http::post(&format!("{}_control/{what}", self.sandbox().await), &body).await;
    }

    /// What the partners know: the enrollments at the sandbox.
    pub async fn at_partners(&self) -> Vec<serde_json::Value> {
        let list = http::json(&format!("{}_control/enrollments", self.sandbox().await)).await;
        list.as_array().expect("a list").clone()
    }

    /// A terminal at which nobody is known.
    pub async fn desk(&self) -> Desk {
        self.desk_of(Who::Nobody).await
    }

    /// A terminal of a student.
    pub async fn desk_of_student(&self, email: &str) -> Desk {
        let email = Email::parse(email).expect("an address");
        let student = self.services().await.learner(&email, None).await.expect("a student");
        self.desk_of(Who::Student(student)).await
    }

    /// A terminal of an advisor.
    pub async fn desk_of_advisor(&self, email: &str) -> Desk {
        let email = Email::parse(email).expect("an address");
        let advisor = self.services().await.advisor(&email).await.expect("an advisor");
        self.desk_of(Who::Advisor { advisor, student: None }).await
    }

    async fn desk_of(&self, who: Who) -> Desk {
        let opened = Arc::new(Mutex::new(Vec::new()));
        let setup = Setup {
            who: who.clone(),
            ascii: false,
            theme: Theme::Dark,
            utc_offset: chrono::Offset::fix(&chrono::Utc),
            width: 100,
            height: 30,
            now: self.clock.now(),
            database: String::new(),
            keymap: coursevia::ui::Keymap::default(),
            mouse: true,
            week_starts: WeekStart::Monday,
            till: self.backend.till(),
            notices: Vec::new(),
        };
        let browser = Browser::Recording(opened.clone());
        let performer = Performer::new(self.backend.clone(), Arc::new(Session::new(who)), browser);
        Desk { app: Headless::start(setup, performer).await, opened }
    }
}

impl Desk {
    /// Presses keys, in the notation of `--keys`.
    pub async fn keys(&mut self, script: &str) -> &mut Self {
        for msg in keys::parse_script(script).expect("a good script") {
            self.app.send(msg).await;
        }
        self
    }

    /// Presses keys so fast that nothing is answered in between.
    pub async fn keys_at_once(&mut self, script: &str) -> &mut Self {
        for msg in keys::parse_script(script).expect("a good script") {
            self.app.update(msg);
        }
        self.app.settle().await;
        self
    }

    /// The screen.
    pub fn screen(&mut self) -> String {
        self.app.text()
    }

    /// The screen must hold `text`.
    pub fn sees(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains(text), "{text:?} is not on the screen:\n{screen}");
        self
    }

    /// The screen must not hold `text`.
    pub fn sees_no(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} is on the screen:\n{screen}");
        self
    }

    /// The links that were opened.
    pub fn opened(&self) -> Vec<String> {
        self.opened.lock().expect("no panic").iter().map(ToString::to_string).collect()
    }

    /// The app itself, for a test that looks at every cell.
    pub fn app(&mut self) -> &mut Headless {
        &mut self.app
    }

    /// Whether the app has quit.
    pub fn has_quit(&self) -> bool {
        self.app.quit
    }
}

fn backend(dir: &Path, database: &DatabaseConfig, clock: &Clock, seed: u64, port: u16) -> Arc<Backend> {
    let dirs = Dirs::below(dir);
    let config = Config {
        database: database.clone(),
        secrets: Secrets::default(),
        mail: MailConfig {
            from: "enroll@college.example".to_owned(),
            route: MailRoute::Folder(dir.join("mail")),
        },
        launch: LaunchConfig { return_url: None, browser: None },
        payment: PaymentConfig::default(),
        waitlist: WaitlistConfig::default(),
        ui: UiConfig { theme: ThemeChoice::Dark, mouse: true, ascii: false, week_starts: WeekStart::Monday },
        keys: std::collections::BTreeMap::new(),
        sandbox: SandboxConfig { port, link_port: None, file: dir.join("sandbox.db") },
        lti: Lti { issuer: ISSUER.into(), port: 0, key_file: dir.join("lti-key.pem"), public_base_url: None },
        log: PathBuf::from("/dev/null"),
        dirs,
        warnings: Vec::new(),
    };
    Arc::new(Backend::new(config, Env::default(), clock.clone(), IdSource::seeded(seed), FailPoints::none()))
}
