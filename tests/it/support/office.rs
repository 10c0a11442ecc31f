//! Processes of ours, without their command line: the office that puts things right after a crash,
//! and the victims that are killed at what they are told to do.

use super::lessons;
use coursevia::config::{
    Config, DatabaseConfig, ISSUER, LaunchConfig, Lti, MailConfig, MailRoute, PaymentConfig, SandboxConfig,
    ThemeChoice, UiConfig, WaitlistConfig,
};
use coursevia::domain::actor::Actor;
use coursevia::domain::calendar::WeekStart;
use coursevia::domain::enrollment::Status;
use coursevia::domain::money::{Currency, Money};
use coursevia::domain::person::{Email, Student};
use coursevia::domain::time::Instant;
use coursevia::domain::views::CourseView;
use coursevia::platform::{Clock, Dirs, Env, IdSource, Secrets};
use coursevia::runtime::Backend;
use coursevia::service::{Enroll, ServiceError, Services, Switch};
use coursevia::store::{FailPoint, FailPoints};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The keys of the demo's partners.
pub const KEYS: [&str; 2] = ["CERTIPORT_API_KEY", "MILADY_API_KEY"];

const HOME: &str = "COURSEVIA_TEST_HOME";
const PORT: &str = "COURSEVIA_TEST_PORT";
const NOW: &str = "COURSEVIA_TEST_NOW";
const DEED: &str = "COURSEVIA_TEST_DEED";
const POINT: &str = "COURSEVIA_TEST_POINT";

/// What a victim says once it is about to begin.
pub const READY: &str = "ready to be killed";
/// What a refund of these tests pays back.
pub const BACK_CENTS: i64 = 700;

/// Where a process finds its database and the sandbox.
#[derive(Clone, Debug)]
pub struct Office {
    /// The home directory.
    pub home: PathBuf,
    /// The port of the sandbox.
    pub port: u16,
}

impl Office {
    /// Its file.
    pub fn database(&self) -> String {
        format!("sqlite://{}", self.home.join(".local/share/coursevia/coursevia.db").display())
    }

    /// A backend of it, with this key for its partners.
    pub fn backend(&self, key: &str, clock: Clock, fail: FailPoints) -> Backend {
        let dirs = Dirs {
            home: self.home.clone(),
            config: self.home.join(".config/coursevia"),
            data: self.home.join(".local/share/coursevia"),
            state: self.home.join(".local/state/coursevia"),
        };
        let env = Env::of([(KEYS[0], key), (KEYS[1], key)]);
        let config = Config {
            database: DatabaseConfig { url: self.database(), named: false },
            secrets: Secrets::new(env.clone(), BTreeMap::new()),
            mail: MailConfig {
                from: "x@example.org".to_owned(),
                route: MailRoute::Folder(dirs.data.join("mail")),
            },
            launch: LaunchConfig { return_url: None, browser: None },
            payment: PaymentConfig::default(),
            waitlist: WaitlistConfig::default(),
            ui: UiConfig {
                theme: ThemeChoice::Dark,
                mouse: false,
                ascii: false,
                week_starts: WeekStart::Monday,
            },
            keys: BTreeMap::new(),
            sandbox: SandboxConfig { port: self.port, link_port: None, file: self.home.join("partners.db") },
            lti: Lti {
                issuer: ISSUER.into(),
                port: 0,
                key_file: self.home.join("lti-key.pem"),
                public_base_url: None,
            },
            log: "/dev/null".into(),
            dirs,
            warnings: Vec::new(),
        };
        Backend::new(config, env, clock, IdSource::Random, fail)
    }

    /// Makes `command` a victim that does this deed at that time.
    pub fn condemn(&self, command: &mut Command, deed: &Deed, now: Instant, point: Option<FailPoint>) {
        command
            .env(HOME, &self.home)
            .env(PORT, self.port.to_string())
            .env(NOW, now.to_rfc3339())
            .env(DEED, deed.spec())
            .env(POINT, point.map_or("", FailPoint::code));
    }
}

/// Somebody does something about a program with a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// `enroll`, `pay`, `switch`, `unswitch`, `cancel`, `refund`, `learn`, `reconcile`, `work`.
    pub verb: String,
    /// Who.
    pub email: String,
    /// In what.
    pub program: String,
    /// With whom.
    pub partner: String,
}

impl Deed {
    /// A deed of these words.
    pub fn new(verb: &str, email: &str, program: &str, partner: &str) -> Self {
        let [verb, email, program, partner] = [verb, email, program, partner].map(str::to_owned);
        Self { verb, email, program, partner }
    }

    fn spec(&self) -> String {
        [&*self.verb, &*self.email, &*self.program, &*self.partner].join("|")
    }

    fn read(spec: &str) -> Self {
        let words: Vec<&str> = spec.split('|').collect();
        let [verb, email, program, partner] = words[..] else { panic!("a deed: {spec}") };
        Self::new(verb, email, program, partner)
    }

    /// Who does it.
    pub async fn student(&self, services: &Services) -> Student {
        let email = Email::parse(&self.email).expect("an address");
        services.learner(&email, None).await.expect("a student")
    }

    /// The live enrollment it is about.
    pub async fn course(&self, services: &Services) -> Result<Option<CourseView>, ServiceError> {
        let program = services.program(&self.program).await?;
        let student = self.student(services).await;
        Ok(services.store.find_live_enrollment(student.id, program.program.id).await?)
    }

    /// Does it, then whatever work is due.
    pub async fn perform(&self, services: &Services) -> Result<(), ServiceError> {
        let done = Box::pin(self.act(services)).await;
        if self.verb != "reconcile" {
            while services.work_once().await?.is_some() {}
        }
        done
    }

    async fn act(&self, services: &Services) -> Result<(), ServiceError> {
        let student = self.student(services).await;
        if self.verb == "learn" {
            return lessons::learn(services, &student).await;
        }
        let actor = Actor::Student(student.id);
        let program = services.program(&self.program).await?;
        let choice = Services::choice(&program, Some(&self.partner))?;
        let live = self.course(services).await?;
        let course = live.as_ref().map(|view| view.enrollment.id);
        match (self.verb.as_str(), course) {
            ("enroll", _) => {
                let request = Enroll { actor, student: &student, program: program.program.id, choice };
                services.enroll(&request).await.map(drop)
            }
            ("pay", Some(course)) => services.pay(actor, course).await.map(drop),
            ("switch", Some(course)) => {
                let request = Switch { actor, course, choice, overrule: None };
                services.switch(&request).await.map(drop)
            }
            ("unswitch", _) => match live.and_then(|view| view.switching) {
                Some(candidate) => services.cancel(actor, candidate).await,
                None => Ok(()),
            },
            ("cancel", Some(course)) => services.cancel(actor, course).await,
            ("refund", Some(course)) => {
                let back = Money { cents: BACK_CENTS, currency: Currency::USD };
                services.refund(Actor::System, course, Some(back), &"a test".into()).await.map(drop)
            }
            ("reconcile", _) => services.reconcile().await.map(drop),
            _ => Ok(()),
        }
    }

    /// Whether the enrollment it is about stands like this.
    pub async fn stands(&self, services: &Services) -> Option<(Status, String)> {
        let view = self.course(services).await.expect("it reads")?;
        let partner = view.provider().map(|provider| provider.name.to_string()).unwrap_or_default();
        Some((view.enrollment.status, partner))
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no platform layer")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What a victim was told to do, done here; `false` when this process is none.
pub async fn be_a_victim() -> bool {
    let (Some(home), Some(port), Some(now), Some(deed)) =
        (variable(HOME), variable(PORT), variable(NOW), variable(DEED))
    else {
        return false;
    };
    let office = Office { home: Path::new(&home).to_owned(), port: port.parse().expect("a port") };
    let fail = variable(POINT)
        .map_or_else(FailPoints::none, |point| FailPoints::at(FailPoint::parse(&point).expect("a point"), 1));
    let backend = office.backend("the-right-one", Clock::fixed(now.parse().expect("a moment")), fail);
    let services = backend.services().await.expect("the services");
    let mut out = std::io::stdout();
    writeln!(out, "{READY}").and_then(|()| out.flush()).expect("somebody listens");
    // A refusal is an answer as good as any.
    let _ = Box::pin(Deed::read(&deed).perform(services)).await;
    true
}
