//! A campus whose courses cost something, and a student who pays.

use crate::support::desk::Campus;
use crate::support::{http, postgres};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::decide::Choice;
use coursevia::domain::enrollment::{Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::ledger::LedgerFaults;
use coursevia::domain::person::{Advisor, Email, Student};
use coursevia::domain::views::CourseView;
use coursevia::service::{Enroll, ServiceError, Services, Switch};
use coursevia::store::Engine;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _};

pub const MAYA: &str = "maya@example.org";

/// Certiport at $40 (half is the partner's), Milady at $59.01 with dated starts of one seat each
/// (40 %), HSI Safety free.
const COURSES: &str = r#"
demo = true
[[partner]]
name = "Certiport"
type = "certiport"
api = { protocol = "rest", profile = "certiport", base_url = "sandbox", organization = "demo" }
support = { email = "certiport@support.example.org" }
[[partner]]
name = "Milady"
type = "milady"
api = { protocol = "rest", profile = "milady", base_url = "sandbox", organization = "demo" }
refunds = [{ percent = 100, before_start = true }, { percent = 50, progress_up_to = 25 }]
[[partner]]
name = "HSI Safety"
type = "hsi"
api = { protocol = "rest", profile = "hsi", base_url = "sandbox", organization = "demo" }
[[program]]
slug = "nail-care"
title = "Nail Care"
category = "Beauty"
summary = "Care for nails."
[[program.course]]
partner = "Certiport"
name = "Nail Care Online"
code = "N-1"
format = "online"
pacing = "self_paced"
price = "40.00"
currency = "USD"
terms = { share_percent = "50" }
[[program.course]]
partner = "Milady"
name = "Nail Care in Class"
code = "N-2"
format = "hybrid"
pacing = "instructor_led"
price = "59.01"
currency = "USD"
terms = { share_percent = "40" }
[[program.course.cohort]]
starts = "+14d"
time_zone = "America/Chicago"
seats = 1
[[program.course.cohort]]
starts = "+40d"
time_zone = "America/Chicago"
seats = 1
[[program.course]]
partner = "HSI Safety"
name = "Nail Safety"
code = "N-3"
format = "online"
pacing = "self_paced"
price = "0.00"
currency = "USD"
"#;

pub struct Books {
    pub campus: Campus,
}

impl Books {
    pub async fn sqlite() -> Self {
        Self { campus: Campus::with_catalog(COURSES).await }
    }

    pub async fn postgres() -> Option<Self> {
        let database = postgres::database().await?;
        Some(Self { campus: Campus::with_catalog_in(&database.url, COURSES).await })
    }

    pub async fn services(&self) -> &Services {
        self.campus.services().await
    }

    pub async fn student(&self, address: &str) -> Student {
        let email = Email::parse(address).expect("an address");
        self.services().await.learner(&email, None).await.expect("a student")
    }

    pub async fn advisor(&self) -> Advisor {
        let email = Email::parse("desk@college.example").expect("an address");
        self.services().await.advisor(&email).await.expect("an advisor")
    }

    pub async fn choice(&self, partner: &str) -> Choice {
        let program = self.services().await.program("nail-care").await.expect("the program");
        Services::choice(&program, Some(partner)).expect("a partner")
    }

    pub async fn try_enroll(&self, address: &str, partner: &str) -> Result<CourseView, ServiceError> {
        let (services, student) = (self.services().await, self.student(address).await);
        let program = services.program("nail-care").await.expect("the program").program.id;
        let choice = self.choice(partner).await;
        let request = Enroll { actor: Actor::Student(student.id), student: &student, program, choice };
        Box::pin(services.enroll(&request)).await
    }

    /// Enrolls and has the payment page opened.
    pub async fn enroll(&self, address: &str, partner: &str) -> CourseView {
        let view = self.try_enroll(address, partner).await.expect("enrolled");
        self.work().await;
        self.course(view.enrollment.id).await
    }

    /// Enrolls and pays.
    pub async fn paid(&self, address: &str, partner: &str) -> CourseView {
        let view = self.enroll(address, partner).await;
        self.pay(&view).await;
        let view = self.course(view.enrollment.id).await;
        assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Active, Payment::Paid));
        view
    }

    pub async fn course(&self, id: EnrollmentId) -> CourseView {
        self.services().await.course(Actor::System, id).await.expect("the course")
    }

    /// Does everything that is due, now and within the next half minute.
    pub async fn work(&self) {
        let services = self.services().await;
        for _ in 0..3 {
            while Box::pin(services.work_once()).await.expect("it works").is_some() {}
            self.campus.clock().advance(TimeDelta::seconds(10));
        }
    }

    /// Tells the played processor what becomes of the open page of a course.
    pub async fn at_page(&self, view: &CourseView, mut wish: Value) {
        let session = view.money.payments[0].session_id.as_ref().expect("a page").to_string();
        wish["session"] = json!(session);
        self.campus.control("pay", wish).await;
    }

    pub async fn pay(&self, view: &CourseView) {
        self.at_page(view, json!({ "do": "pay" })).await;
        self.work().await;
    }

    /// What the processor's own books say.
    pub async fn at_processor(&self) -> Vec<Value> {
        let list = http::json(&format!("{}_control/payments", self.campus.sandbox().await)).await;
        list.as_array().expect("a list").clone()
    }

    pub async fn switch(&self, view: &CourseView, partner: &str) -> Result<CourseView, ServiceError> {
        let request = Switch {
            actor: Actor::Student(view.student.id),
            course: view.enrollment.id,
            choice: self.choice(partner).await,
            overrule: None,
        };
        let services = self.services().await;
        let switched = services.switch(&request).await?;
        self.work().await;
        Ok(self.course(switched.enrollment.id).await)
    }

    pub async fn cancel(&self, view: &CourseView) -> Result<(), ServiceError> {
        let services = self.services().await;
        services.cancel(Actor::Student(view.student.id), view.enrollment.id).await?;
        self.work().await;
        Ok(())
    }

    pub async fn history(&self, view: &CourseView) -> Vec<EventKind> {
        let entries = self.services().await.store.list_history(view.enrollment.id).await.expect("it reads");
        entries.into_iter().map(|entry| entry.kind).collect()
    }

    /// How many seats of Milady's first start are taken.
    pub async fn taken(&self) -> u32 {
        let program = self.services().await.program("nail-care").await.expect("the program");
        let offer = program.offers.iter().find(|offer| offer.provider.name == *"Milady").expect("Milady");
        offer.cohorts[0].taken
    }

    /// The balance of an account, all partners together; debits are positive.
    pub async fn balance(&self, account: &str) -> i64 {
        let services = self.services().await;
        let balances = services.store.sum_balances().await.expect("it reads");
        balances.iter().filter(|b| b.account.code() == account).map(|b| b.amount.cents).sum()
    }

    /// Changes the database behind everybody's back.
    pub async fn execute(&self, statement: &str) {
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        if self.services().await.store.engine() == Engine::Sqlite {
            let mut db = sqlx::SqliteConnection::connect(&self.url()).await.expect("it opens");
            db.execute(statement).await.expect("it runs");
        } else {
            let mut db = sqlx::PgConnection::connect(&self.url()).await.expect("it answers");
            db.execute(statement).await.expect("it runs");
        }
    }

    fn url(&self) -> String {
        self.campus.database_url()
    }

    /// From now on the database refuses rows for which this holds; "NEW." stands before their columns.
    pub async fn forbid(&self, table: &str, condition: &str) {
        if self.services().await.store.engine() == Engine::Sqlite {
            for verb in ["INSERT", "UPDATE"] {
                self.execute(&format!(
                    "CREATE TRIGGER forbidden_{verb} BEFORE {verb} ON {table} WHEN {condition} \
                     BEGIN SELECT RAISE(ABORT, 'forbidden'); END"
                ))
                .await;
            }
        } else {
            let check = format!("CHECK (({}) IS NOT TRUE)", condition.replace("NEW.", ""));
            self.execute(&format!("ALTER TABLE {table} ADD CONSTRAINT forbidden {check} NOT VALID")).await;
        }
    }

    /// It takes them again.
    pub async fn allow(&self, table: &str) {
        if self.services().await.store.engine() == Engine::Sqlite {
            self.execute("DROP TRIGGER forbidden_INSERT; DROP TRIGGER forbidden_UPDATE").await;
        } else {
            self.execute(&format!("ALTER TABLE {table} DROP CONSTRAINT forbidden")).await;
        }
    }

    /// What must hold whatever happened.
    pub async fn audit(&self) {
        let services = self.services().await;
        let faults = services.store.find_ledger_faults().await.expect("it reads");
        assert_eq!(faults, LedgerFaults::default());
        let seats = services.store.count_seats().await.expect("it reads");
        assert_eq!(seats.wrong, 0, "{seats:?}");
        let sessions = self.at_processor().await;
        let paid: i64 = sessions.iter().filter_map(|s| s["paid"].as_i64()).sum();
        let back: i64 = sessions.iter().filter_map(|s| s["refunded"].as_i64()).sum();
        let parked: i64 =
            services.parked().await.expect("it reads").iter().map(|p| p.odd.map_or(0, |odd| odd.cents)).sum();
        let clearing = self.balance("processor_clearing").await;
        let under_way = -self.balance("refunds").await;
        assert!(
            clearing == paid - back - parked || clearing == paid - back - parked + under_way,
            "{sessions:?}"
        );
        assert_eq!(self.balance("student_credit").await, 0, "every cent is in a course or on its way back");
    }
}

/// The same catalogue, with Milady sold to us at $50 whatever a student pays.
pub fn wholesale() -> String {
    COURSES.replace("{ share_percent = \"40\" }", "{ wholesale = \"50.00\" }")
}

/// The same catalogue, with Certiport dearer, and more of it the partner's.
pub fn dearer() -> String {
    COURSES.replace("\"40.00\"", "\"45.00\"").replace("\"50\"", "\"60\"")
}
