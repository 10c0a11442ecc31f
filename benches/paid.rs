//! A place that is paid for, with its postings in the ledger, beside one that costs nothing.

#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "support/files.rs"]
#[expect(dead_code, reason = "what is written to is not kept")]
mod files;
#[path = "support/plans.rs"]
mod plans;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
#[expect(dead_code, reason = "nothing is measured that is one call")]
mod samples;

use chrono::TimeDelta;
use cluster::Cluster;
use coursevia::domain::enrollment::{Enrollment, Link, Payment, Status};
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::ids::PaymentId;
use coursevia::domain::job::{JobKind, Needs, NewJob};
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::payment::{NewPayment, ProcessorName};
use coursevia::domain::plan::{EnrollmentPlan, PaidOutcome, PaidPlan};
use coursevia::domain::refund::RefundPolicy;
use coursevia::platform::IdSource;
use coursevia::store::{FailPoints, Store};
use plans::Plans;
use report::Report;
use samples::Samples;
use std::time::Instant;

/// Both sides take turns, so that a disk that is busy for a while slows both.
const ROUNDS: usize = 9;
const EACH: usize = 200;
const PROGRAMS: usize = 1_000;
const PRICE: Money = Money { cents: 17_995, currency: Currency::USD };

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    if report.wants("paid/sqlite") {
        let folder = tempfile::tempdir().expect("a folder");
        measure(&report, "paid/sqlite", &files::url(&folder.path().join("paid.db"))).await;
    }
    if report.wants("paid/postgres") {
        match Cluster::start("") {
            Some(cluster) => measure(&report, "paid/postgres", &cluster.address("postgres")).await,
            None => report.say("paid/postgres", "skipped: PostgreSQL is not installed", None),
        }
    }
}

async fn measure(report: &Report, name: &str, url: &str) {
    let store = Store::open(url, FailPoints::none()).await.expect("it opens");
    files::import(&store, &catalogs::catalog(PROGRAMS)).await;
    let mut plans = Plans::of(&store).await;
    let (mut plain, mut paid, mut payment) = (Samples::new(), Samples::new(), Samples::new());
    let (mut plain_rates, mut paid_rates, mut payment_rates) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let free: Vec<_> = (0..EACH).map(|_| plans.next()).collect();
        let begun = Instant::now();
        for plan in &free {
            let one = Instant::now();
            store.enroll(plan).await.expect("it enrolls");
            plain.add(one.elapsed());
        }
        plain_rates.push(rate(begun.elapsed().as_secs_f64()));
        let sales: Vec<_> = (0..EACH).map(|_| sale(plans.next())).collect();
        let (begun, mut coming) = (Instant::now(), 0.0);
        for (place, money) in &sales {
            let one = Instant::now();
            store.enroll(place).await.expect("it is held");
            let came = Instant::now();
            store.record_paid(money).await.expect("it is paid");
            payment.add(came.elapsed());
            coming += came.elapsed().as_secs_f64();
            paid.add(one.elapsed());
        }
        paid_rates.push(rate(begun.elapsed().as_secs_f64()));
        payment_rates.push(rate(coming));
    }
    store.close().await;
    let [plain_rate, paid_rate, payment_rate] = [plain_rates, paid_rates, payment_rates].map(median);
    report.say(&format!("{name}/free"), plain, None);
    report.say(&format!("{name}/held, then paid"), paid, None);
    report.say(&format!("{name}/the payment alone"), payment, None);
    report.say(&format!("{name}/free, per second"), format!("{plain_rate:.0}"), None);
    report.say(&format!("{name}/held, then paid, per second"), format!("{paid_rate:.0}"), None);
    report.say(&format!("{name}/the payment alone, per second"), format!("{payment_rate:.0}"), None);
    let alone = payment_rate / plain_rate;
    report.say(&format!("{name}/share of the payment alone"), percent(alone), None);
    let share = paid_rate / plain_rate;
    report.say(
        &format!("{name}/share"),
        percent(share),
        Some(("≥ 70 % of the rate of free ones", share >= 0.7)),
    );
}

/// A place that waits for its payment, and the payment that comes.
fn sale(plan: EnrollmentPlan) -> (EnrollmentPlan, PaidPlan) {
    let ids = IdSource::Random;
    let id: PaymentId = ids.new_id();
    let active = Enrollment { payment: Payment::Paid, ..plan.enrollment.clone() };
    let policy = RefundPolicy::default();
    let payment = NewPayment {
        id,
        enrollment_id: active.id,
        amount: PRICE,
        processor: ProcessorName::sandbox(),
        idempotency_key: format!("checkout:{id}"),
        request_body: "mode=payment".repeat(40),
        expires_at: files::now() + TimeDelta::minutes(38),
        policy,
    };
    let checkout = NewJob {
        id: ids.new_id(),
        kind: JobKind::Checkout,
        enrollment_id: Some(active.id),
        payload: serde_json::json!({ "payment": id }),
        idempotency_key: payment.idempotency_key.clone(),
        needs: Needs::Processor(ProcessorName::sandbox()),
        run_at: files::now(),
    };
    let event = |kind| Event { id: ids.new_id(), kind, ..plan.event.clone() };
    let money = PaidPlan {
        payment_id: id,
        amount: PRICE,
        payment_intent: Some(format!("pi_{id}").as_str().into()),
        terms: Terms::Share(5_000),
        outcome: PaidOutcome::Begin {
            enrollment: Box::new(active),
            jobs: plan.jobs.clone(),
            offers_last: plan.offers_last,
            event: event(EventKind::Enrolled),
        },
        event: event(EventKind::Paid),
    };
    let held = Enrollment {
        status: Status::Pending,
        payment: Payment::Open,
        link: Link::None,
        hold_until: Some(files::now() + TimeDelta::minutes(40)),
        ..plan.enrollment
    };
    let event = event(EventKind::CheckoutBegun);
    (EnrollmentPlan { enrollment: held, payment: Some(payment), jobs: vec![checkout], event, ..plan }, money)
}

fn rate(seconds: f64) -> f64 {
    f64::from(u32::try_from(EACH).unwrap_or(u32::MAX)) / seconds
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
