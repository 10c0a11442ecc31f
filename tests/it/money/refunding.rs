//! Cancelling, and refunds by an advisor.

use super::both;
use super::world::{Books, MAYA};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::{Link, Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::money::{Currency, Money};
use coursevia::domain::payment::RefundStatus;
use coursevia::domain::text::Text;
use coursevia::domain::views::CourseView;
use coursevia::service::ServiceError;
use serde_json::json;

both!(
    before_the_start_everything_goes_back,
    requested_is_not_succeeded,
    after_the_start_the_policy_decides,
    an_advisor_pays_a_part_back,
    two_terminals_refund_once,
    lost_answers_pay_back_once,
    a_refund_that_fails_is_seen_and_tried_again,
    a_partner_that_is_down_delays_no_refund,
);

async fn by_advisor(
    books: &Books,
    view: &CourseView,
    cents: Option<i64>,
) -> Result<CourseView, ServiceError> {
    let services = books.services().await;
    let advisor = books.advisor().await;
    let actor = Actor::Advisor { advisor: advisor.id, student: view.student.id };
    let amount = cents.map(|cents| Money { cents, currency: Currency::USD });
    services.refund(actor, view.enrollment.id, amount, &Text::from("a class fell out")).await
}

async fn standing(books: &Books, id: EnrollmentId) -> (Status, Payment) {
    let view = books.course(id).await;
    (view.enrollment.status, view.enrollment.payment)
}

async fn before_the_start_everything_goes_back(books: Books) {
    let view = books.paid(MAYA, "Milady").await;
    books.cancel(&view).await.expect("cancelled");
    assert_eq!(standing(&books, view.enrollment.id).await, (Status::Cancelled, Payment::Refunded));
    let view = books.course(view.enrollment.id).await;
    assert_eq!(view.money.back().expect("it is back").cents, 5_901);
    assert_eq!(books.taken().await, 0);
    for account in ["processor_clearing", "partner_payable", "platform_revenue", "refunds"] {
        assert_eq!(books.balance(account).await, 0, "{account}");
    }
    assert!(books.history(&view).await.contains(&EventKind::Refunded));
    books.audit().await;
}

async fn requested_is_not_succeeded(books: Books) {
    let view = books.paid(MAYA, "Certiport").await;
    let services = books.services().await;
    services.cancel(Actor::Student(view.student.id), view.enrollment.id).await.expect("cancelled");
    let requested = books.course(view.enrollment.id).await;
    assert_eq!(requested.money.on_its_way_back().expect("on its way").cents, 4_000);
    assert_eq!(requested.money.back(), None);
    assert_eq!((books.balance("refunds").await, books.balance("processor_clearing").await), (-4_000, 4_000));
    while services.work_once().await.expect("it works").is_some() {}
    let pending = books.course(view.enrollment.id).await;
    assert_eq!(pending.money.refunds[0].status, RefundStatus::Pending);
    books.work().await;
    assert_eq!(books.course(view.enrollment.id).await.money.refunds[0].status, RefundStatus::Succeeded);
    books.audit().await;
}

async fn after_the_start_the_policy_decides(books: Books) {
    let report = |view: &CourseView, percent: u8| {
        let id = view.enrollment.external_enrollment_id.clone().expect("the partner's id");
        let partner = view.provider().expect("a partner").provider_type.to_string();
        (json!({ "partner": partner, "enrollment_id": id, "percent": percent }), view.student.id)
    };
    // Certiport: nothing after the start.
    let view = books.paid(MAYA, "Certiport").await;
    let (wish, student) = report(&view, 10);
    books.campus.control("progress", wish).await;
    books.services().await.sync(Actor::Student(student), Some(student)).await.expect("asked");
    assert_eq!(books.cancel(&view).await.expect_err("started").code(), "already_started");
    // Milady: half up to a quarter of the course, by the policy that was shown before paying.
    let view = books.paid("lee@example.org", "Milady").await;
    let (wish, student) = report(&view, 20);
    books.campus.control("progress", wish).await;
    books.services().await.sync(Actor::Student(student), Some(student)).await.expect("asked");
    books.cancel(&view).await.expect("cancelled");
    assert_eq!(standing(&books, view.enrollment.id).await, (Status::Cancelled, Payment::PartRefunded));
    let view = books.course(view.enrollment.id).await;
    assert_eq!(view.money.back().expect("half is back").cents, 2_950);
    books.audit().await;
}

async fn an_advisor_pays_a_part_back(books: Books) {
    let view = books.paid(MAYA, "Certiport").await;
    let student = Actor::Student(view.student.id);
    let refused =
        books.services().await.refund(student, view.enrollment.id, None, &Text::from("please")).await;
    assert_eq!(refused.expect_err("not a student's").code(), "advisor_only");
    by_advisor(&books, &view, Some(1_001)).await.expect("refunded");
    books.work().await;
    assert_eq!(standing(&books, view.enrollment.id).await, (Status::Active, Payment::PartRefunded));
    // Half was the partner's: half of what went back is taken from it, and the odd cent is ours.
    assert_eq!(books.balance("partner_payable").await, -1_499);
    assert_eq!(books.balance("platform_revenue").await, -1_500);
    let refused = by_advisor(&books, &view, Some(3_000)).await.expect_err("too much");
    assert_eq!(refused.code(), "refund_too_large");
    assert!(refused.to_string().contains("$29.99 is left"), "{refused}");
    by_advisor(&books, &view, None).await.expect("refunded");
    books.work().await;
    assert_eq!(standing(&books, view.enrollment.id).await, (Status::Active, Payment::Refunded));
    assert_eq!(by_advisor(&books, &view, None).await.expect_err("nothing left").code(), "nothing_to_refund");
    assert_eq!(books.balance("partner_payable").await, 0);
    books.audit().await;
}

async fn two_terminals_refund_once(books: Books) {
    let view = books.paid(MAYA, "Certiport").await;
    let (one, two) =
        tokio::join!(by_advisor(&books, &view, Some(2_500)), by_advisor(&books, &view, Some(2_500)));
    let refused = [one, two].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(refused.len(), 1, "one of the two");
    assert!(["changed_meanwhile", "refund_too_large"].contains(&refused[0].code()), "{:?}", refused[0]);
    books.work().await;
    assert_eq!(books.course(view.enrollment.id).await.money.back().expect("once").cents, 2_500);
    books.audit().await;
}

async fn lost_answers_pay_back_once(books: Books) {
    for (number, fault) in
        ["500-then-success", "truncated-json", "duplicate-delivery", "500-kept"].iter().enumerate()
    {
        let view = books.paid(&format!("s{number}@example.org"), "Certiport").await;
        books.campus.control("fail", json!({ "fail": format!("processor:{fault}") })).await;
        books.cancel(&view).await.expect("cancelled");
        books.campus.control("fail", json!({ "fail": "" })).await;
        books.campus.clock().advance(TimeDelta::minutes(3));
        books.work().await;
        let back = books.course(view.enrollment.id).await.money.back();
        assert_eq!(back.map(|back| back.cents), Some(4_000), "{fault}");
    }
    let refunds: i64 =
        books.at_processor().await.iter().filter_map(|session| session["refunded"].as_i64()).sum();
    assert_eq!(refunds, 16_000);
    books.audit().await;
}

async fn a_refund_that_fails_is_seen_and_tried_again(books: Books) {
    let view = books.paid(MAYA, "Certiport").await;
    let services = books.services().await;
    services.cancel(Actor::Student(view.student.id), view.enrollment.id).await.expect("cancelled");
    while services.work_once().await.expect("it works").is_some() {}
    let pending = books.course(view.enrollment.id).await;
    let refund = pending.money.refunds[0].external_refund_id.clone().expect("the processor's id");
    books.campus.control("refund", json!({ "refund": refund, "fails": true })).await;
    books.work().await;
    let failed = books.course(view.enrollment.id).await;
    assert!(failed.money.failed_refund().is_some(), "{:?}", failed.money.refunds);
    assert!(books.history(&failed).await.contains(&EventKind::RefundFailed));
    assert_eq!(books.balance("refunds").await, -4_000, "it is still owed");
    services.retry(Actor::Student(view.student.id), view.enrollment.id).await.expect("tried again");
    books.work().await;
    let view = books.course(view.enrollment.id).await;
    assert_eq!(view.money.back().expect("it is back").cents, 4_000);
    assert_eq!((view.money.refunds.len(), view.money.refunds[0].attempt), (1, 2));
    assert_eq!(books.balance("refunds").await, 0);
}

async fn a_partner_that_is_down_delays_no_refund(books: Books) {
    let view = books.paid(MAYA, "Certiport").await;
    assert_eq!(view.enrollment.link, Link::Confirmed);
    books.campus.control("fail", json!({ "fail": "partner-down" })).await;
    books.cancel(&view).await.expect("cancelled");
    let view = books.course(view.enrollment.id).await;
    assert_eq!(view.money.back().expect("it is back").cents, 4_000);
    assert_eq!(view.jobs.len(), 1, "the partner is told later");
    books.audit().await;
}
