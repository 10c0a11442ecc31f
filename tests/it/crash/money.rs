//! Money: a process is killed at every boundary of checkout, refund and switch, then everybody tries
//! once more and the office reconciles.

use super::{MAYA, RIGHT, World};
use crate::kills::a_victim;
use crate::support::http;
use crate::support::office::{BACK_CENTS, Deed};
use crate::support::{books, office::Office};
use chrono::TimeDelta;
use coursevia::domain::enrollment::{Payment, Status};
use coursevia::domain::time::Instant;
use coursevia::platform::Clock;
use coursevia::runtime::Backend;
use coursevia::service::Services;
use coursevia::store::{FailPoint, FailPoints};
use serde_json::json;

const PROGRAM: &str = "osha-10-general";
const CHEAP: &str = "CareerSafe";
const DEAR: &str = "Local Community College";

/// Somebody who puts things right, so many minutes later.
pub struct Later {
    office: Office,
    begun: Instant,
}

impl Later {
    pub fn of(world: &World) -> Self {
        let port = world.sandbox.url().as_url().port().expect("a port");
        let office = Office { home: world.home.path().to_owned(), port };
        Self { office, begun: Clock::System.now() }
    }

    pub async fn minutes(&self, minutes: i64) -> Backend {
        let clock = Clock::fixed(self.begun + TimeDelta::minutes(minutes));
        let backend = self.office.backend(RIGHT, clock, FailPoints::none());
        backend.services().await.expect("the services");
        backend
    }

    /// Does a deed at some minute, unharmed.
    pub async fn does(&self, minute: i64, deed: &Deed) {
        let backend = self.minutes(minute).await;
        Box::pin(deed.perform(services(&backend).await)).await.expect("nothing stands in the way");
    }

    /// Kills a process that does it.
    pub fn dies_at(&self, point: FailPoint, minute: i64, deed: &Deed) {
        let mut command = a_victim();
        let now = self.begun + TimeDelta::minutes(minute);
        self.office.condemn(&mut command, deed, now, Some(point));
        let output = command.stdin(std::process::Stdio::null()).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), None, "{} was not reached by {deed:?}: {told}", point.code());
    }
}

pub async fn services(backend: &Backend) -> &Services {
    backend.services().await.expect("the services")
}

fn does(verb: &str, partner: &str) -> Deed {
    Deed::new(verb, MAYA, PROGRAM, partner)
}

/// What Maya does on every page that is open.
async fn at_the_page(world: &World, act: &str) {
    let sandbox = world.sandbox.url().to_string();
    for session in books::sessions(&sandbox).await.iter().filter(|session| session["status"] == "open") {
        let act = json!({ "session": session["session"], "do": act });
        http::post(&format!("{sandbox}_control/pay"), &act).await;
    }
}

/// How a point is reached: what is done and paid before, and the deed that is cut off.
fn way_to(point: FailPoint) -> (&'static [&'static str], Deed) {
    let code = point.code();
    let paid: &[&str] = &["enroll", "pay!", "work"];
    match point {
        FailPoint::CloseAfterCall => (&["enroll"], does("cancel", CHEAP)),
        _ if code.starts_with("enroll_") || code.starts_with("checkout_") => (&[], does("enroll", CHEAP)),
        _ if code.starts_with("pay_") => (&["enroll", "expire!", "work"], does("pay", CHEAP)),
        _ if code.starts_with("close_") => (&["enroll", "expire!"], does("work", CHEAP)),
        _ if code.starts_with("paid_") => (&["enroll", "pay!"], does("work", CHEAP)),
        _ if code.starts_with("cancel_") => (paid, does("cancel", CHEAP)),
        _ if code.starts_with("switch_") => (paid, does("switch", CHEAP)),
        _ => (paid, does("refund", CHEAP)),
    }
}

pub async fn plays(world: &World, point: FailPoint) {
    let later = Later::of(world);
    let (before, deed) = way_to(point);
    // A switch begins where it costs more, so that it pays something back.
    let first = if deed.verb == "switch" { DEAR } else { CHEAP };
    for (step, minute) in before.iter().zip(0..) {
        match step.strip_suffix('!') {
            Some(act) => at_the_page(world, act).await,
            None => later.does(minute, &does(step, first)).await,
        }
    }
    later.dies_at(point, 5, &deed);
    Box::pin(again(world, &later, &deed)).await;
    ended(world, &later, &deed, point).await;
}

/// Ten minutes later everybody tries again: the one who was cut off, and the office.
async fn again(world: &World, later: &Later, deed: &Deed) {
    let backend = later.minutes(15).await;
    let services = services(&backend).await;
    let stands = deed.stands(services).await;
    let happened = match deed.verb.as_str() {
        "enroll" | "work" => stands.is_some(),
        "cancel" => stands.is_none(),
        "switch" => stands == Some((Status::Active, CHEAP.to_owned())),
        "pay" => deed.course(services).await.expect("it reads").expect("a course").money.open().is_some(),
        _ => {
            let view = deed.course(services).await.expect("it reads").expect("a course");
            !view.money.refunds.is_empty()
        }
    };
    if !happened {
        Box::pin(deed.perform(services)).await.expect("nothing stands in the way");
    }
    services.reconcile().await.expect("reconciled");
    if matches!(deed.verb.as_str(), "enroll" | "pay") {
        at_the_page(world, "pay").await;
    }
    for minute in [30, 45, 60] {
        let backend = later.minutes(minute).await;
        backend.services().await.expect("the services").reconcile().await.expect("reconciled");
    }
}

/// Done once, whatever was cut off.
async fn ended(world: &World, later: &Later, deed: &Deed, point: FailPoint) {
    let backend = later.minutes(75).await;
    let services = services(&backend).await;
    let sandbox = world.sandbox.url().to_string();
    let wrongs = books::wrongs(services, &later.office.database(), &sandbox).await;
    assert_eq!(wrongs, Vec::<String>::new(), "{point:?}");
    let sessions = books::sessions(&sandbox).await;
    let paid = sessions.iter().filter(|session| session["paid"] != 0).count();
    let back: i64 = sessions.iter().filter_map(|session| session["refunded"].as_i64()).sum();
    let view = deed.course(services).await.expect("it reads");
    let stands = view.as_ref().map(|view| (view.enrollment.status, view.enrollment.payment));
    let wanted = match deed.verb.as_str() {
        "work" if point.code().starts_with("close_") => (Some((Status::Pending, Payment::Expired)), 0, 0),
        "enroll" | "pay" | "work" => (Some((Status::Active, Payment::Paid)), 1, 0),
        "cancel" if point == FailPoint::CloseAfterCall => (None, 0, 0),
        "cancel" => (None, 1, 5_900),
        "switch" => (Some((Status::Active, Payment::Paid)), 1, 3_000),
        _ => (Some((Status::Active, Payment::PartRefunded)), 1, BACK_CENTS),
    };
    assert_eq!((stands, paid, back), wanted, "{point:?}");
    if deed.verb == "switch" {
        assert_eq!(deed.stands(services).await, Some((Status::Active, CHEAP.to_owned())));
    }
}

/// The processor may have forgotten the key by then: the same request could do its work twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_later_a_lost_answer_is_looked_up_and_nothing_is_sent_again() {
    const DAY: i64 = 25 * 60;
    let world = World::new().await;
    let later = Later::of(&world);
    let sandbox = world.sandbox.url().to_string();
    later.dies_at(FailPoint::CheckoutAfterOpenCall, 0, &does("enroll", CHEAP));
    later.does(DAY, &does("work", CHEAP)).await;
    let backend = later.minutes(DAY).await;
    let view = does("work", CHEAP).course(services(&backend).await).await.expect("it reads");
    let page = view.and_then(|view| view.money.open().and_then(|open| open.session_id.clone()));
    let sessions = books::sessions(&sandbox).await;
    assert_eq!(sessions.len(), 1);
    assert_eq!(page.as_ref().map(ToString::to_string).as_deref(), sessions[0]["session"].as_str());
    at_the_page(&world, "pay").await;
    later.does(DAY + 1, &does("work", CHEAP)).await;
    later.dies_at(FailPoint::RefundAfterCall, DAY + 2, &does("refund", CHEAP));
    for minute in [2 * DAY + 2, 2 * DAY + 5] {
        later.does(minute, &does("work", CHEAP)).await;
    }
    let refunds = books::sessions(&sandbox).await[0]["refunds"].clone();
    assert_eq!(refunds.as_array().map(Vec::len), Some(1), "{refunds}");
    assert_eq!(refunds[0]["status"], "succeeded");
    let backend = later.minutes(2 * DAY + 6).await;
    let wrongs = books::wrongs(services(&backend).await, &later.office.database(), &sandbox).await;
    assert_eq!(wrongs, Vec::<String>::new());
}
