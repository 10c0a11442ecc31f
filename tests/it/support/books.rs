//! The sandbox's books beside ours, after everything was put right.

use super::audit::WRONGS;
use super::http;
use coursevia::domain::ids::PaymentId;
use coursevia::domain::payment::PaymentStatus;
use coursevia::service::Services;
use serde_json::Value;
use sqlx::Connection as _;
use std::collections::HashMap;

/// What is wrong once everything is settled, and how often.
const LOST: [(&str, &str); 6] = [
    (
        "payments whose money is in a course that is over",
        "SELECT COUNT(*) FROM payments p JOIN partner_lms_enrollments e ON e.id = p.funds_id \
         WHERE p.status IN ('paid', 'part_refunded') AND e.status NOT IN ('active', 'completed')",
    ),
    (
        "courses that were switched to nowhere, or to two",
        "SELECT COUNT(*) FROM events v WHERE v.kind = 'switched_away' \
         AND (SELECT COUNT(*) FROM partner_lms_enrollments n WHERE n.switched_from = v.enrollment_id) <> 1",
    ),
    (
        "courses that ended and nobody said so",
        "SELECT COUNT(*) FROM partner_lms_enrollments e WHERE e.status = 'cancelled' AND NOT EXISTS \
         (SELECT 1 FROM events v WHERE v.enrollment_id = e.id \
         AND v.kind IN ('cancelled', 'switched_away', 'switch_ended', 'hold_expired', 'checkout_abandoned'))",
    ),
    (
        "courses that are active and whose payment is not",
        "SELECT COUNT(*) FROM partner_lms_enrollments WHERE status = 'active' \
         AND payment NOT IN ('none', 'paid', 'part_refunded', 'refunded')",
    ),
    (
        "switches whose old course is over and that still wait",
        "SELECT COUNT(*) FROM partner_lms_enrollments n JOIN partner_lms_enrollments o ON o.id = n.replaces_id \
         WHERE n.status = 'pending' AND o.status <> 'active' AND n.payment <> 'open'",
    ),
    ("refunds that are not back", "SELECT COUNT(*) FROM refunds WHERE status <> 'succeeded'"),
];

/// What the played processor has on its books.
pub async fn sessions(sandbox: &str) -> Vec<Value> {
    let list = http::json(&format!("{sandbox}_control/payments")).await;
    list.as_array().expect("a list").clone()
}

/// Everything that does not fit; nothing when all is well.
pub async fn wrongs(services: &Services, database: &str, sandbox: &str) -> Vec<String> {
    let mut wrongs = Vec::new();
    let mut db = sqlx::SqliteConnection::connect(database).await.expect("it opens");
    for (what, statement) in WRONGS.into_iter().chain(LOST) {
        let count: i64 = sqlx::query_scalar(statement).fetch_one(&mut db).await.expect("a number");
        if count != 0 {
            wrongs.push(format!("{count} {what}"));
        }
    }
    let seats = services.store.count_seats().await.expect("it reads");
    if seats.wrong != 0 {
        wrongs.push(format!("seats: {:?}", seats.examples));
    }
    let mut charges: HashMap<String, usize> = HashMap::new();
    for session in sessions(sandbox).await {
        let (paid, back) = (number(&session["paid"]), number(&session["refunded"]));
        if paid == 0 {
            continue;
        }
        if paid > back {
            *charges.entry(session["reference"].to_string()).or_default() += 1;
        }
        wrongs.extend(unknown(services, &session, paid, back).await);
    }
    let twice = charges.into_iter().filter(|(_, count)| *count > 1);
    wrongs.extend(twice.map(|(enrollment, count)| format!("{enrollment} was charged {count} times")));
    wrongs
}

fn number(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

/// What was paid there has to stand here as it stands there.
async fn unknown(services: &Services, session: &Value, paid: i64, back: i64) -> Option<String> {
    let id = serde_json::from_value::<PaymentId>(session["payment_id"].clone()).expect("our id");
    let Some(ours) = services.store.find_payment(id).await.expect("it reads") else {
        return Some(format!("{session} is not known here"));
    };
    let known = matches!(
        ours.status,
        PaymentStatus::Paid | PaymentStatus::PartRefunded | PaymentStatus::Refunded | PaymentStatus::Parked
    );
    let fits = (ours.amount.cents, ours.refunded_cents) == (paid, back);
    (!known || !fits).then(|| format!("{session} stands here as {:?}, {}", ours.status, ours.refunded_cents))
}
