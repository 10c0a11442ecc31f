//! Reconciling: everything is looked at, whatever becomes of one case.

use super::both;
use super::world::{Books, MAYA};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::{Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::money::{Currency, Money};
use coursevia::domain::payment::{PaymentStatus, RefundStatus};
use coursevia::domain::text::Text;
use coursevia::domain::views::CourseView;
use coursevia::service::Decision;
use coursevia::store::Engine;
use serde_json::json;

both!(
    a_decision_is_written_down_with_the_money_or_not_at_all,
    what_was_dismissed_stays_dismissed,
    the_database_fails_for_one_and_the_others_are_ended,
    late_money_is_found_however_much_was_closed_since,
    a_silent_processor_is_not_asked_about_everything,
    a_failed_refund_is_asked_for_again_by_a_person_only,
    a_success_that_was_taken_for_a_failure_pays_back_once,
);

async fn parked(books: &Books, wish: serde_json::Value) -> CourseView {
    let view = books.enroll(MAYA, "Certiport").await;
    books.at_page(&view, wish).await;
    books.work().await;
    let view = books.course(view.enrollment.id).await;
    assert!(view.money.parked().is_some());
    view
}

async fn decides(books: &Books, view: &CourseView, decision: Decision) -> Result<(), &'static str> {
    let advisor = Actor::Advisor { advisor: books.advisor().await.id, student: view.student.id };
    let (services, payment) = (books.services().await, view.money.payments[0].id);
    let settled = services.settle_parked(advisor, payment, decision, &Text::from("looked at it")).await;
    settled.map_err(|error| error.code())
}

async fn status(books: &Books, id: EnrollmentId) -> (Status, PaymentStatus) {
    let view = books.course(id).await;
    (view.enrollment.status, view.money.payments[0].status)
}

async fn a_decision_is_written_down_with_the_money_or_not_at_all(books: Books) {
    let view = parked(&books, json!({ "reference": "somebody-else" })).await;
    books.forbid("events", "NEW.kind = 'payment_settled'").await;
    assert!(decides(&books, &view, Decision::Accept).await.is_err());
    assert_eq!(status(&books, view.enrollment.id).await, (Status::Pending, PaymentStatus::Parked));
    books.allow("events").await;
    decides(&books, &view, Decision::Accept).await.expect("accepted");
    assert_eq!(status(&books, view.enrollment.id).await, (Status::Active, PaymentStatus::Paid));
    assert!(books.history(&view).await.contains(&EventKind::PaymentSettled));
    assert!(decides(&books, &view, Decision::Accept).await.is_err(), "once");
    books.audit().await;
}

async fn what_was_dismissed_stays_dismissed(books: Books) {
    let view = parked(&books, json!({ "reference": "somebody-else" })).await;
    decides(&books, &view, Decision::Dismiss).await.expect("dismissed");
    let services = books.services().await;
    assert_eq!(services.find_late_payments().await.expect("it looks"), 0, "it is as it was dismissed");
    assert_eq!(status(&books, view.enrollment.id).await, (Status::Pending, PaymentStatus::Expired));
    services.pay(Actor::Student(view.student.id), view.enrollment.id).await.expect("a new page");
}

async fn the_database_fails_for_one_and_the_others_are_ended(books: Books) {
    let mut views = Vec::new();
    for nth in 0..3 {
        views.push(books.enroll(&format!("s{nth}@example.org"), "Certiport").await);
    }
    for view in &views {
        books.at_page(view, json!({ "do": "expire" })).await;
    }
    books.forbid("payments", "NEW.seq = 1 AND NEW.status = 'expired'").await;
    let services = books.services().await;
    let found = services.reconcile().await.expect("it goes on");
    assert_eq!((found.ended, found.open.len()), (2, 1));
    assert_eq!(found.broken.expect("one failed").0, 1);
    books.allow("payments").await;
    books.campus.clock().advance(TimeDelta::minutes(10));
    let found = services.reconcile().await.expect("it reads");
    assert_eq!((found.ended, found.open.len(), found.broken.is_none()), (1, 0, true));
    books.audit().await;
}

/// As many more payments as this that ended without money, and that the processor does not know.
async fn many_closed(books: &Books, count: u32) {
    let sqlite = books.services().await.store.engine() == Engine::Sqlite;
    let id = if sqlite { "randomblob(16)" } else { "gen_random_uuid()" };
    books
        .execute(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO payments (id, enrollment_id, funds_id, student_id, status, amount_cents, currency, \
             processor, idempotency_key, request_body, sent_at, session_id, expires_at, created_at, closed_at, \
             refund_policy) SELECT {id}, enrollment_id, funds_id, student_id, 'expired', amount_cents, currency, \
             processor, 'copy-' || i, '', sent_at, 'cs_gone_' || i, expires_at, created_at, closed_at, \
             refund_policy FROM payments, n WHERE seq = 1"
        ))
        .await;
}

async fn late_money_is_found_however_much_was_closed_since(books: Books) {
    let view = books.enroll(MAYA, "Certiport").await;
    books.at_page(&view, json!({ "do": "expire" })).await;
    books.work().await;
    books.at_page(&view, json!({ "do": "pay", "late": true })).await;
    many_closed(&books, 230).await;
    let services = books.services().await;
    assert_eq!(services.find_late_payments().await.expect("it looks"), 1);
    let paid = services.store.list_courses(view.student.id).await.expect("it reads");
    assert!(paid.iter().any(|view| view.enrollment.payment == Payment::Paid));
}

async fn a_silent_processor_is_not_asked_about_everything(books: Books) {
    let view = books.enroll(MAYA, "Certiport").await;
    books.at_page(&view, json!({ "do": "expire" })).await;
    books.work().await;
    many_closed(&books, 230).await;
    books.campus.control("fail", json!({ "fail": "processor:partner-down" })).await;
    let services = books.services().await;
    let asked = services.clock.now();
    assert_eq!(services.find_late_payments().await.expect("it gives up"), 0);
    assert!(services.clock.now() - asked < TimeDelta::minutes(1), "it gives up soon");
}

async fn partly_refunded(books: &Books) -> CourseView {
    let view = books.paid(MAYA, "Certiport").await;
    let (services, advisor) = (books.services().await, books.advisor().await);
    let actor = Actor::Advisor { advisor: advisor.id, student: view.student.id };
    let some = Money { cents: 1_000, currency: Currency::USD };
    services
        .refund(actor, view.enrollment.id, Some(some), &Text::from("a class fell out"))
        .await
        .expect("asked");
    while services.work_once().await.expect("it works").is_some() {}
    books.course(view.enrollment.id).await
}

async fn a_failed_refund_is_asked_for_again_by_a_person_only(books: Books) {
    let view = Box::pin(partly_refunded(&books)).await;
    let refund = view.money.refunds[0].external_refund_id.clone().expect("the processor's id");
    books.campus.control("refund", json!({ "refund": refund, "fails": true })).await;
    books.work().await;
    for _ in 0..3 {
        books.campus.clock().advance(TimeDelta::hours(7));
        books.work().await;
    }
    let failed = books.course(view.enrollment.id).await.money.refunds[0].clone();
    assert_eq!((failed.status, failed.attempt), (RefundStatus::Failed, 1), "the worker leaves it");
    let found = books.services().await.reconcile().await.expect("it reads");
    assert_eq!((found.failed.len(), found.refunding.len()), (0, 1), "a person asked");
    books.campus.clock().advance(TimeDelta::minutes(1));
    books.work().await;
    let back = books.course(view.enrollment.id).await.money.refunds[0].clone();
    assert_eq!((back.status, back.attempt), (RefundStatus::Succeeded, 2));
}

async fn a_success_that_was_taken_for_a_failure_pays_back_once(books: Books) {
    let view = Box::pin(partly_refunded(&books)).await;
    books
        .execute("UPDATE refunds SET status = 'failed', ended_at = requested_at, external_refund_id = NULL")
        .await;
    books.execute("UPDATE jobs SET gave_up_at = created_at WHERE kind = 'refund'").await;
    books.services().await.retry(Actor::Student(view.student.id), view.enrollment.id).await.expect("again");
    books.work().await;
    let back = books.course(view.enrollment.id).await.money.refunds[0].clone();
    assert_eq!((back.status, back.attempt), (RefundStatus::Succeeded, 2));
    let refunded: i64 = books.at_processor().await.iter().filter_map(|one| one["refunded"].as_i64()).sum();
    assert_eq!(refunded, 1_000, "once");
    books.audit().await;
}
