//! The process is killed at every write boundary, one after the other, and started again:
//! nothing is lost and nothing is done twice.

mod lessons;
mod lti;
mod money;
mod partners;
mod payouts;
mod proofs;
mod tools;

use crate::support::cli::Home;
use crate::support::http;
use crate::support::office::{KEYS, Office};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::cohort::Cohort;
use coursevia::domain::decide::Choice;
use coursevia::domain::enrollment::{Link, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::person::{Email, Student};
use coursevia::domain::review::Rating;
use coursevia::domain::views::{CourseView, ProgramView};
use coursevia::domain::waitlist::{WaitlistStatus, WaitlistView};
use coursevia::platform::{Clock, IdSource};
use coursevia::runtime::Backend;
use coursevia::sandbox::{FailPlan, Sandbox, SandboxOptions};
use coursevia::service::{Enroll, Services};
use coursevia::store::{FailPoint, FailPoints};
use sqlx::Connection as _;

const MAYA: &str = "maya@example.org";
const STUDENT: [&str; 2] = ["--student", MAYA];
const RIGHT: &str = "the-right-one";
const WRONG: &str = "a-wrong-one";

/// What the process is doing when it is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Story {
    Import,
    Rename,
    Need,
    Enroll,
    GiveUp,
    TryAgain,
    Pause,
    Watch,
    Fail,
    Expire,
    Tend,
    Launch,
    OpenByLti,
    Complete,
    Cancel,
    Join,
    Leave,
    Settle,
    Review,
    Finish,
    PayOut,
    Register,
    Learn,
    Note,
    Checkout,
    Pay,
    PayBack,
    Switch,
}

/// Which story passes a point.
fn story_of(point: FailPoint) -> Option<Story> {
    let stories: [(&str, Story); 40] = [
        ("lti_", Story::OpenByLti),
        ("enroll_after_payment", Story::Checkout),
        ("checkout_", Story::Checkout),
        ("pay_", Story::Pay),
        ("close_", Story::Pay),
        ("paid_", Story::Pay),
        ("refund_", Story::PayBack),
        ("cancel_after_refunds", Story::PayBack),
        ("switch_", Story::Switch),
        ("import_", Story::Import),
        ("student_", Story::Rename),
        ("preferences_", Story::Need),
        ("enroll_", Story::Enroll),
        ("claim_", Story::Enroll),
        ("account_", Story::Enroll),
        ("provision_", Story::Enroll),
        ("provisioned_", Story::Enroll),
        ("finish_job_", Story::Enroll),
        ("mail_", Story::Enroll),
        ("fail_job_", Story::GiveUp),
        ("retry_", Story::TryAgain),
        ("tend_job_", Story::Tend),
        ("launch_", Story::Launch),
        ("progress_", Story::Complete),
        ("certificate_", Story::Complete),
        ("cancel_", Story::Cancel),
        ("withdraw_", Story::Cancel),
        ("join_", Story::Join),
        ("leave_", Story::Leave),
        ("settle_", Story::Settle),
        ("review_", Story::Review),
        ("proof_", Story::Finish),
        ("payout_", Story::PayOut),
        ("register_", Story::Register),
        ("lesson_", Story::Learn),
        ("note_", Story::Note),
        ("partner_", Story::Pause),
        ("watch_", Story::Watch),
        ("call_", Story::Fail),
        ("expiry_", Story::Expire),
    ];
    stories.iter().find(|(prefix, _)| point.code().starts_with(prefix)).map(|(_, story)| *story)
}

/// A home directory, its sandbox, and an office that puts things right after a crash.
struct World {
    home: Home,
    sandbox: Sandbox,
}

impl World {
    async fn new() -> Self {
        let home = Home::new();
        let options = SandboxOptions {
            port: 0,
            link_port: None,
            file: home.path().join("partners.db"),
            key: Some(RIGHT.to_owned()),
            fail: FailPlan::default(),
            lti: None,
            clock: Clock::System,
            ids: IdSource::Random,
        };
        let sandbox = Sandbox::start(options).await.expect("a sandbox");
        let port = sandbox.url().as_url().port().expect("a port").to_string();
        let home = KEYS.iter().fold(home, |home, name| home.with(name, RIGHT));
        Self { home: home.with("COURSEVIA_SANDBOX__PORT", &port), sandbox }
    }

    /// The services of another process on the same database, ten minutes later: every lease has
    /// run out and every delay has passed.
    async fn later(&self, key: &str) -> (Backend, Student) {
        let clock = Clock::fixed(Clock::System.now() + TimeDelta::minutes(10));
        let port = self.sandbox.url().as_url().port().expect("a port");
        let office = Office { home: self.home.path().to_owned(), port };
        let backend = office.backend(key, clock, FailPoints::none());
        let services = backend.services().await.expect("the services");
        let student = services.learner(&Email::parse(MAYA).expect("an address"), None).await.expect("Maya");
        (backend, student)
    }

    /// Kills `coursevia` at `point`, which it must reach.
    fn dies_at(&self, point: FailPoint, key: &str, args: &[&str]) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_coursevia"));
        command.args(args).env_clear().envs(self.home.environment()).current_dir(self.home.path());
        command.env("COURSEVIA_CRASH_AT", point.code());
        for name in KEYS {
            command.env(name, key);
        }
        let output = command.stdin(std::process::Stdio::null()).output().expect("coursevia runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), None, "{} was not reached by {args:?}: {told}", point.code());
    }

    fn mails(&self) -> usize {
        std::fs::read_dir(self.home.path().join(".local/share/coursevia/mail")).map_or(0, Iterator::count)
    }

    async fn at_partners(&self) -> Vec<serde_json::Value> {
        let list = http::json(&format!("{}_control/enrollments", self.sandbox.url())).await;
        list.as_array().expect("a list").clone()
    }

    async fn finish_everything(&self) {
        let id = self.at_partners().await[0]["id"].clone();
        let url = format!("{}_control/progress", self.sandbox.url());
        let body = serde_json::json!({ "partner": "certiport", "enrollment_id": id, "percent": 100 });
        http::post(&url, &body).await;
    }
}

async fn work(services: &Services) {
    while services.work_once().await.expect("work").is_some() {}
}

async fn enroll(services: &Services, student: &Student) {
    let program = services.program("cna-training").await.expect("the program");
    let choice = Services::choice(&program, Some("Certiport")).expect("the partner");
    assert_ne!(choice, Choice::Unmade);
    let actor = Actor::Student(student.id);
    let request = Enroll { actor, student, program: program.program.id, choice };
    services.enroll(&request).await.expect("enrolled");
}

async fn courses(services: &Services, student: &Student) -> Vec<CourseView> {
    let student = services.as_known(student.clone()).await.expect("a student");
    services.store.list_courses(student.id).await.expect("the courses")
}

async fn count(services: &Services, view: &CourseView, kind: EventKind) -> usize {
    let history = services.store.list_history(view.enrollment.id).await.expect("the history");
    history.iter().filter(|entry| entry.kind == kind).count()
}

/// Enrolled once, here and at the partner, told once.
async fn is_enrolled_once(world: &World, services: &Services, student: &Student) {
    let mine = courses(services, student).await;
    let [only] = mine.as_slice() else { panic!("{} enrollments", mine.len()) };
    assert_eq!((only.enrollment.status, only.enrollment.link), (Status::Active, Link::Confirmed));
    assert!(only.jobs.is_empty(), "{:?}", only.jobs);
    let there = world.at_partners().await;
    assert_eq!(there.len(), 1, "{there:?}");
    let external = only.enrollment.external_enrollment_id.as_ref().expect("the partner's id");
    assert_eq!(there[0]["id"], external.as_str());
    assert_eq!(world.mails(), 1);
    for kind in [EventKind::Enrolled, EventKind::Provisioned, EventKind::MailSent] {
        assert_eq!(count(services, only, kind).await, 1, "{kind:?}");
    }
}

async fn plays(story: Story, point: FailPoint) {
    let world = World::new().await;
    match story {
        Story::Import => Box::pin(import(&world, point)).await,
        Story::Rename => Box::pin(rename(&world, point)).await,
        Story::Need => Box::pin(need(&world, point)).await,
        Story::Enroll => Box::pin(enrolls(&world, point)).await,
        Story::GiveUp => Box::pin(give_up(&world, point)).await,
        Story::TryAgain => Box::pin(try_again(&world, point)).await,
        Story::Tend => Box::pin(tend(&world, point)).await,
        Story::Pause => Box::pin(partners::pause(&world, point)).await,
        Story::Watch => Box::pin(partners::watch(&world, point)).await,
        Story::Fail => Box::pin(partners::fail(&world, point)).await,
        Story::Expire => Box::pin(partners::expire(&world, point)).await,
        Story::Launch => Box::pin(launch(&world, point)).await,
        Story::OpenByLti => Box::pin(lti::open(&world, point)).await,
        Story::Complete => Box::pin(complete(&world, point)).await,
        Story::Cancel => Box::pin(cancel(&world, point)).await,
        Story::Review => Box::pin(review(&world, point)).await,
        Story::Finish => Box::pin(proofs::finish(&world, point)).await,
        Story::PayOut => Box::pin(payouts::pay_out(&world, point)).await,
        Story::Register => Box::pin(tools::register(&world, point)).await,
        Story::Learn => Box::pin(lessons::learn(&world, point)).await,
        Story::Note => Box::pin(payouts::note(&world, point)).await,
        Story::Join => Box::pin(join(&world, point)).await,
        Story::Leave => Box::pin(leave(&world, point)).await,
        Story::Settle => Box::pin(settle(&world, point)).await,
        Story::Checkout | Story::Pay | Story::PayBack | Story::Switch => {
            Box::pin(money::plays(&world, point)).await;
        }
    }
}

fn enroll_command() -> Vec<&'static str> {
    [&["enroll", "cna-training", "--partner", "Certiport"], &STUDENT[..]].concat()
}

async fn import(world: &World, point: FailPoint) {
    world.dies_at(point, RIGHT, &["programs"]);
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let programs = services.programs().await.expect("the programs");
    assert_eq!(programs.len(), 22);
    let starts = programs.iter().flat_map(|view| &view.offers).map(|offer| offer.cohorts.len());
    assert_eq!(starts.sum::<usize>(), 12);
}

async fn rename(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    let command = ["profile", "--email", MAYA, "--name", "Maya Okafor"];
    world.dies_at(point, RIGHT, &command);
    world.home.run(&command).ends(0);
    let known = services.student(MAYA).await.expect("Maya");
    assert_eq!(known.name.expect("a name").as_str(), "Maya Okafor");
}

async fn need(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    let file = world.home.path().join(".local/share/coursevia/coursevia.db");
    let url = format!("sqlite://{}", file.display());
    let keys = ["--keys", "1/cna<enter>w2<enter>", "--database-url", &url];
    let command = [&["snapshot"], &keys[..], &STUDENT[..]].concat();
    world.dies_at(point, RIGHT, &command);
    world.home.run(&command).ends(0);
    let kept = services.preferences(Actor::Student(student.id), student.id).await.expect("read");
    assert_eq!(kept.evenings, Some(false));
}

async fn enrolls(world: &World, point: FailPoint) {
    world.dies_at(point, RIGHT, &enroll_command());
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    if courses(services, &student).await.is_empty() {
        enroll(services, &student).await;
    }
    work(services).await;
    is_enrolled_once(world, services, &student).await;
}

async fn give_up(world: &World, point: FailPoint) {
    world.dies_at(point, WRONG, &enroll_command());
    let (office, student) = world.later(WRONG).await;
    work(office.services().await.expect("the services")).await;
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let failed = courses(services, &student).await;
    assert_eq!(failed[0].enrollment.link, Link::Failed);
    assert!(failed[0].jobs.iter().any(|job| job.gave_up));
    services.retry(Actor::System, failed[0].enrollment.id).await.expect("asked again");
    work(services).await;
    is_enrolled_once(world, services, &student).await;
}

async fn try_again(world: &World, point: FailPoint) {
    let (office, student) = world.later(WRONG).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    let now = services.clock.now().to_rfc3339();
    let database = &office.config().database.url;
    let keys = ["snapshot", "--keys", "2<enter>", "--now", &now, "--database-url", database];
    world.dies_at(point, RIGHT, &[&keys[..], &STUDENT[..]].concat());
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let view = courses(services, &student).await.remove(0);
    if view.enrollment.link == Link::Failed {
        services.retry(Actor::System, view.enrollment.id).await.expect("asked again");
    }
    work(services).await;
    is_enrolled_once(world, services, &student).await;
}

async fn tend(world: &World, point: FailPoint) {
    let (office, student) = world.later(WRONG).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    let job = services.jobs(false).await.expect("read").remove(0).0.id.to_string();
    world.dies_at(point, RIGHT, &["jobs", "retry", &job, "--advisor", "ruth@college.example"]);
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let left = services.jobs(false).await.expect("read").len();
    assert_eq!(left, usize::from(point != FailPoint::TendJobAfterCommit));
    if left == 1 {
        world.home.run(&["jobs", "retry", &job, "--advisor", "ruth@college.example"]).ends(0);
    }
    work(services).await;
    is_enrolled_once(world, services, &student).await;
}

async fn launch(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    let command = [&["launch", "cna-training", "--print-url"], &STUDENT[..]].concat();
    world.dies_at(point, RIGHT, &command);
    let view = courses(services, &student).await.remove(0);
    let launches = count(services, &view, EventKind::Launched).await;
    assert_eq!(launches, usize::from(point == FailPoint::LaunchAfterCommit));
    assert_eq!(view.launched, launches > 0);
    assert_eq!(view.enrollment.last_accessed_at.is_some(), launches > 0);
    world.home.run(&command).ends(0);
    let view = courses(services, &student).await.remove(0);
    assert_eq!(count(services, &view, EventKind::Launched).await, launches + 1);
}

async fn complete(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    world.finish_everything().await;
    world.dies_at(point, RIGHT, &[&["sync"], &STUDENT[..]].concat());
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    services.sync(Actor::System, None).await.expect("asked");
    work(services).await;
    let view = courses(services, &student).await.remove(0);
    assert_eq!(view.enrollment.status, Status::Completed);
    assert!(view.certificate.is_some() && view.jobs.is_empty());
    for kind in [EventKind::Completed, EventKind::CertificateReceived] {
        assert_eq!(count(services, &view, kind).await, 1, "{kind:?}");
    }
}

async fn cancel(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    world.dies_at(point, RIGHT, &[&["cancel", "cna-training"], &STUDENT[..]].concat());
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let view = courses(services, &student).await.remove(0);
    if view.enrollment.status.is_live() {
        services.cancel(Actor::System, view.enrollment.id).await.expect("cancelled");
    }
    work(services).await;
    let view = courses(services, &student).await.remove(0);
    assert_eq!(view.enrollment.status, Status::Cancelled);
    assert!(view.jobs.is_empty(), "{:?}", view.jobs);
    assert_eq!(world.at_partners().await[0]["withdrawn"], serde_json::json!(true));
    for kind in [EventKind::Cancelled, EventKind::Withdrawn] {
        assert_eq!(count(services, &view, kind).await, 1, "{kind:?}");
    }
}

/// Another student has the only seats of a start of the college.
async fn full_start(services: &Services) -> (ProgramView, Cohort) {
    let view = services.program("cna-training").await.expect("the program");
    let offer = view.offers.iter().find(|offer| offer.dated).expect("a partner with dates");
    let start = offer.cohorts.iter().min_by_key(|start| start.seats).expect("a start").clone();
    for nth in 0..start.seats {
        let email = Email::parse(&format!("s{nth}@example.org")).expect("an address");
        let student = services.learner(&email, None).await.expect("a student");
        let actor = Actor::Student(student.id);
        let choice = Choice::Cohort(start.course_id, start.id);
        let request = Enroll { actor, student: &student, program: view.program.id, choice };
        services.enroll(&request).await.expect("a seat");
    }
    work(services).await;
    (view, start)
}

async fn wait(services: &Services, student: &Student, view: &ProgramView, start: &Cohort) {
    let choice = Choice::Cohort(start.course_id, start.id);
    let actor = Actor::Student(student.id);
    let request = Enroll { actor, student, program: view.program.id, choice };
    services.join_waitlist(&request).await.expect("a place");
}

async fn places(services: &Services, student: &Student) -> Vec<WaitlistView> {
    let student = services.as_known(student.clone()).await.expect("a student");
    services.store.list_waitlist(student.id, services.clock.now()).await.expect("the places")
}

async fn join(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let (view, start) = full_start(services).await;
    let day = start.starts_on.to_string();
    let command = ["enroll", "cna-training", "--cohort", &day, "--waitlist"];
    world.dies_at(point, RIGHT, &[&command[..], &STUDENT[..]].concat());
    if places(services, &student).await.is_empty() {
        wait(services, &student, &view, &start).await;
    }
    let mine = places(services, &student).await;
    assert_eq!(mine.iter().map(|place| place.place).collect::<Vec<_>>(), [1]);
}

async fn leave(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let (view, start) = full_start(services).await;
    wait(services, &student, &view, &start).await;
    let command = [&["waitlist", "leave", "cna-training"], &STUDENT[..]].concat();
    world.dies_at(point, RIGHT, &command);
    let left = places(services, &student).await.is_empty();
    assert_eq!(left, point == FailPoint::LeaveAfterCommit);
    if !left {
        world.home.run(&command).ends(0);
    }
    assert_eq!(places(services, &student).await, []);
}

async fn settle(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let (view, start) = full_start(services).await;
    wait(services, &student, &view, &start).await;
    let url = &office.config().database.url;
    let mut db = sqlx::SqliteConnection::connect(url).await.expect("the database");
    sqlx::query("UPDATE cohorts SET active = FALSE").execute(&mut db).await.expect("it is retired");
    world.dies_at(point, RIGHT, &["work", "--once"]);
    world.home.run(&["work", "--once"]).ends(0);
    let mine = places(services, &student).await;
    assert_eq!(mine.iter().map(|place| place.status).collect::<Vec<_>>(), [WaitlistStatus::Closed]);
    let told = "SELECT COUNT(*) FROM events WHERE kind = 'waitlist_closed'";
    let told: i64 = sqlx::query_scalar(told).fetch_one(&mut db).await.expect("a count");
    assert_eq!(told, 1);
}

/// Written, changed, hidden, taken back: killed at the point, then done once more.
async fn review(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    world.finish_everything().await;
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    services.sync(Actor::System, None).await.expect("asked");
    let course = courses(services, &student).await.remove(0).enrollment.id;
    let owner = Actor::Student(courses(services, &student).await[0].enrollment.student_id);
    let rating = |stars| Rating::new(stars).expect("a rating");
    let code = point.code();
    if !code.starts_with("review_post") {
        services.post_review(owner, course, rating(2), "Slow.").await.expect("written");
    }
    let standing = || async { services.store.find_review_of(course).await.expect("it reads") };
    let id = standing().await.map(|review| review.id.to_string()).unwrap_or_default();
    let (verb, rest): (&str, Vec<&str>) = match code {
        _ if code.starts_with("review_post") => ("add", vec!["cna-training", "--rating", "4"]),
        _ if code.starts_with("review_edit") => ("edit", vec!["cna-training", "--rating", "4"]),
        _ if code.starts_with("review_withdraw") => ("withdraw", vec!["cna-training"]),
        _ => ("hide", vec![&id, "--reason", "names a teacher", "--advisor", "ruth@college.example"]),
    };
    let who: &[&str] = if verb == "hide" { &[] } else { &STUDENT };
    let command = [&["review", verb], &rest[..], who].concat();
    world.dies_at(point, RIGHT, &command);
    assert_eq!(services.store.count_wrong_ratings().await.expect("it reads"), 0);
    let again = world.home.run(&command);
    // Done before it was killed: then it is refused, and for no other reason.
    let committed = code.ends_with("after_commit");
    let wanted = if committed && verb != "edit" { 3 } else { 0 };
    assert_eq!(again.code, wanted, "{code}: {}", again.stderr);
    assert_eq!(services.store.count_wrong_ratings().await.expect("it reads"), 0);
    let stars = standing().await.map(|review| review.rating.get());
    let wanted = match verb {
        "withdraw" => None,
        "hide" => Some(2),
        _ => Some(4),
    };
    assert_eq!(stars, wanted, "{code}");
}

#[test]
fn every_point_has_its_story() {
    // Those that panic have theirs in the tests of the pseudo-terminal.
    let without: Vec<_> =
        FailPoint::ALL.iter().filter(|point| story_of(**point).is_none() && !point.panics()).collect();
    assert!(without.is_empty(), "{without:?}");
}

/// One test per story, so that they run side by side; each plays all of its points.
macro_rules! stories {
    ($($name:ident: $story:expr;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            for point in FailPoint::ALL.iter().filter(|point| story_of(**point) == Some($story)) {
                plays($story, *point).await;
            }
        }
    )*};
}

stories! {
    killed_while_importing: Story::Import;
    killed_while_renaming: Story::Rename;
    killed_while_saying_what_is_needed: Story::Need;
    killed_while_enrolling: Story::Enroll;
    killed_while_giving_up: Story::GiveUp;
    killed_while_trying_again: Story::TryAgain;
    killed_while_tending: Story::Tend;
    killed_while_pausing: Story::Pause;
    killed_while_watching: Story::Watch;
    killed_while_noting_failures: Story::Fail;
    killed_while_announcing: Story::Expire;
    killed_while_launching: Story::Launch;
    killed_while_opening_by_lti: Story::OpenByLti;
    killed_while_joining: Story::Join;
    killed_while_leaving: Story::Leave;
    killed_while_settling: Story::Settle;
    killed_while_completing: Story::Complete;
    killed_while_cancelling: Story::Cancel;
    killed_while_reviewing: Story::Review;
    killed_while_reporting_what_is_finished: Story::Finish;
    killed_while_paying_a_partner: Story::PayOut;
    killed_while_registering: Story::Register;
    killed_while_learning: Story::Learn;
    killed_while_noting: Story::Note;
    killed_while_opening_the_page: Story::Checkout;
    killed_while_paying: Story::Pay;
    killed_while_paying_back: Story::PayBack;
    killed_while_switching: Story::Switch;
}
