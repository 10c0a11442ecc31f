//! What is wrong here, and what to do about it: the database, the partners, payments, mail, clocks, jobs.
//!
//! Nothing is changed, nobody is kept waiting: every look has a time in which it ends, and those
//! that wait for somebody else wait side by side.

mod clock;
mod database;
mod jobs;
mod ledger;
mod mail;
mod partners;
mod payment;
mod proofs;
mod seats;

use crate::domain::checkup::{Area, Check};
use crate::domain::job::Needs;
use crate::domain::provider::Provider;
use crate::domain::time::Instant;
use crate::mail::Mailer;
use crate::partner::Partners;
use crate::payment::Processor;
use crate::platform::{Clock, Secrets};
use crate::store::{Look, Part, Store, StoreError};
use std::time::Duration;

/// For everything that is asked of the database before the slow looks begin.
const DATABASE_PATIENCE: Duration = Duration::from_secs(6);
/// For each of the slow looks.
const PATIENCE: Duration = Duration::from_secs(4);
/// How many enrollments are read, the newest first.
const ENROLLMENTS: i64 = 20_000;

/// Who looks.
#[derive(Debug)]
pub struct Doctor<'a> {
    /// The database's address.
    pub database_url: &'a str,
    /// Whether it was named by flag, environment or configuration.
    pub named: bool,
    /// The partners' platforms, as this process reaches them.
    pub partners: &'a Partners,
    /// The payment processor, as this process reaches it.
    pub processor: &'a Processor,
    /// The keys this process holds.
    pub secrets: &'a Secrets,
    /// How mail leaves, or why it can't.
    pub mailer: Result<&'a Mailer, String>,
    /// Time here.
    pub clock: &'a Clock,
}

/// What the database said about everything else.
struct Told {
    store: Store,
    checks: Vec<Check>,
    providers: Vec<Provider>,
    newest: Option<Instant>,
    server: Option<clock::Other>,
}

impl Doctor<'_> {
    /// All checks of what is outside this machine's own.
    pub async fn examine(&self) -> Vec<Check> {
        let looking = tokio::time::timeout(DATABASE_PATIENCE, self.look());
        let (looked, mut checks) = tokio::join!(looking, self.mail());
        let told = match looked.unwrap_or_else(|_| Err(vec![database::too_slow()])) {
            Ok(told) => told,
            Err(instead) => {
                checks.extend(instead);
                return checks;
            }
        };
        let ((partners, others), payment, damage, programs, providers, offers, enrollments, lessons) = tokio::join!(
            self.ask_partners(&told.providers),
            payment::checks(self.processor, self.secrets, &told.providers),
            told.store.find_damage(PATIENCE),
            told.read(Part::Programs),
            told.read(Part::Providers),
            told.read(Part::Offers),
            told.read(Part::Enrollments),
            told.read(Part::Lessons),
        );
        checks.extend(told.checks);
        checks.push(database::damage(told.store.engine(), damage));
        checks.extend([programs, providers, offers, enrollments, lessons]);
        checks.extend(partners);
        checks.extend(payment);
        let others = told.server.into_iter().chain(others).collect::<Vec<_>>();
        checks.extend(clock::checks(self.clock.now(), told.newest, &others));
        // A look that was given up may still hold a connection.
        let _ = tokio::time::timeout(Duration::from_millis(500), told.store.close()).await;
        checks
    }

    /// The quick questions; instead of answers, what is to be said about a database that has none.
    async fn look(&self) -> Result<Told, Vec<Check>> {
        let store = match Store::look(self.database_url).await {
            Ok(Look::Here(store)) => store,
            Ok(Look::Absent(path)) => return Err(vec![database::absent(&path, self.named)]),
            Ok(Look::Empty(adopts)) => return Err(vec![database::empty(&adopts)]),
            Err(error) => return Err(vec![database::unusable(&error)]),
        };
        let asked = self.clock.now();
        let examination = store.examine().await.map_err(|error| vec![database::unusable(&error)])?;
        let mut checks = database::checks(&examination);
        if !examination.migrations.are_current() {
            // Other tables have other columns: everything below would fail for that reason only.
            return Err(checks);
        }
        let mut told = Told { store, checks: Vec::new(), providers: Vec::new(), newest: None, server: None };
        let server = examination.server_time.map(|time| clock::Other::database(time, asked));
        told.server = server;
        match told.ask(self).await {
            Ok(more) => checks.extend(more),
            Err(error) => checks.push(database::unusable(&error)),
        }
        Ok(Told { checks, ..told })
    }

    async fn ask_partners(&self, providers: &[Provider]) -> (Vec<Check>, Vec<clock::Other>) {
        partners::checks(self.partners, self.secrets, self.clock, providers).await
    }

    async fn mail(&self) -> Vec<Check> {
        vec![mail::check(self.mailer.as_ref().map(|mailer| *mailer).map_err(String::as_str), PATIENCE).await]
    }

    fn can_do(&self, needs: &Needs) -> bool {
        match needs {
            Needs::Mail => self.mailer.as_ref().is_ok_and(|mailer| mailer.can_send()),
            Needs::Processor(name) => self.processor.can_serve(name),
            Needs::Nothing | Needs::Secret(_) => self.partners.can_serve(needs),
        }
    }
}

impl Told {
    /// The partners, the clock's witness, and what can be counted. Recounts of what is kept twice
    /// (seats, ledger) belong here, beside the jobs.
    async fn ask(&mut self, doctor: &Doctor<'_>) -> Result<Vec<Check>, StoreError> {
        self.providers = self.store.list_providers().await?;
        self.newest = self.store.newest_event().await?;
        let now = doctor.clock.now();
        let mut checks = jobs::given_up(now, &self.store.list_given_up().await?);
        let can = |needs: &_| doctor.can_do(needs);
        checks.extend(jobs::open(now, &self.store.list_open().await?, &can));
        checks.extend(seats::check(&self.store.count_seats().await?));
        checks.extend(proofs::check(now, self.store.count_open_proofs().await?));
        let (payments, refunds) =
            (self.store.list_unsettled_payments().await?, self.store.list_unsettled_refunds().await?);
        checks.extend(payment::cases(now, &payments, &refunds));
        checks.push(ledger::check(&self.store.find_ledger_faults().await?));
        let recount = tokio::time::timeout(PATIENCE, self.store.count_wrong_ratings()).await;
        checks.push(database::ratings(recount.ok()));
        Ok(checks)
    }

    async fn read(&self, part: Part) -> Check {
        let reading = tokio::time::timeout(PATIENCE, self.store.read_through(part, ENROLLMENTS)).await;
        database::reading(part, reading.ok())
    }
}

/// Said where there is nothing to look at.
fn nothing(area: Area, name: &'static str, found: &str) -> Check {
    Check::skipped(area, name, found)
}
