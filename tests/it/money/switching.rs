//! Switching partners: with a difference to pay, with money back, with nothing, and what cuts in.

use super::both;
use super::world::{Books, MAYA};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::decide::Overrule;
use coursevia::domain::enrollment::{Link, Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::plan::Handover;
use coursevia::domain::views::CourseView;
use coursevia::service::Switch;
use serde_json::json;

both!(
    the_difference_is_paid_first,
    a_cheaper_partner_pays_the_rest_back,
    to_a_free_one_and_back_again_adds_up,
    a_switch_that_is_not_paid_leaves_everything_as_it_was,
    whoever_begins_the_old_course_gets_the_difference_back,
    what_is_refused_changes_nothing,
    a_silent_partner_needs_an_advisors_word,
    cancelling_after_a_switch_gives_both_payments_back,
    what_was_paid_at_the_last_moment_is_not_given_up,
);

async fn what_was_paid_at_the_last_moment_is_not_given_up(books: Books) {
    let old = books.paid(MAYA, "Certiport").await;
    let new = books.switch(&old, "Milady").await.expect("a payment page");
    books.at_page(&new, json!({ "do": "pay" })).await;
    books.cancel(&new).await.expect_err("the switch is done");
    books.work().await;
    let now = live(&books, &old).await;
    assert_eq!((now.len(), now[0].enrollment.id), (1, new.enrollment.id));
    books.audit().await;
}

async fn live(books: &Books, view: &CourseView) -> Vec<CourseView> {
    let mine = books.services().await.store.list_courses(view.student.id).await.expect("it reads");
    let counts =
        |view: &CourseView| view.enrollment.status.is_live() && view.enrollment.replaces_id.is_none();
    mine.into_iter().filter(counts).collect()
}

async fn the_difference_is_paid_first(books: Books) {
    let old = books.paid(MAYA, "Certiport").await;
    let new = books.switch(&old, "Milady").await.expect("a payment page");
    assert_eq!(
        (new.enrollment.status, new.enrollment.replaces_id),
        (Status::Pending, Some(old.enrollment.id))
    );
    assert_eq!((new.money.open().expect("a page").amount.cents, books.taken().await), (1_901, 1));
    assert_eq!(
        live(&books, &old).await[0].enrollment.id,
        old.enrollment.id,
        "the old one stands until it is paid"
    );
    let waiting = books.course(old.enrollment.id).await;
    assert_eq!(waiting.switching, Some(new.enrollment.id));
    assert_eq!(books.cancel(&waiting).await.expect_err("a switch waits").code(), "switch_open");
    books.pay(&new).await;
    let (old, new) = (books.course(old.enrollment.id).await, books.course(new.enrollment.id).await);
    assert_eq!((old.enrollment.status, old.enrollment.payment), (Status::Cancelled, Payment::None));
    assert_eq!((new.enrollment.status, new.enrollment.payment), (Status::Active, Payment::Paid));
    assert_eq!((new.enrollment.switched_from, new.enrollment.replaces_id), (Some(old.enrollment.id), None));
    assert_eq!((new.enrollment.link, new.money.paid().expect("both").cents), (Link::Confirmed, 5_901));
    assert_eq!(books.balance("processor_clearing").await, 5_901);
    assert_eq!(books.balance("partner_payable").await, -2_360, "Certiport's share is taken back");
    assert!(books.history(&old).await.contains(&EventKind::SwitchedAway));
    let there = books.campus.at_partners().await;
    let withdrawn = |partner: &str| {
        there.iter().find(|row| row["partner"] == partner).expect("known")["withdrawn"].clone()
    };
    assert_eq!((withdrawn("certiport"), withdrawn("milady")), (json!(true), json!(false)));
    books.audit().await;
}

async fn a_cheaper_partner_pays_the_rest_back(books: Books) {
    let old = books.paid(MAYA, "Milady").await;
    let new = books.switch(&old, "Certiport").await.expect("switched");
    assert_eq!((new.enrollment.status, new.enrollment.payment), (Status::Active, Payment::Paid));
    assert_eq!((books.taken().await, new.money.back().expect("the rest").cents), (0, 1_901));
    assert_eq!(new.money.paid().expect("what it costs").cents, 4_000);
    assert_eq!(books.balance("partner_payable").await, -2_000);
    assert_eq!(live(&books, &old).await.len(), 1);
    books.audit().await;
}

async fn to_a_free_one_and_back_again_adds_up(books: Books) {
    let mut view = books.paid(MAYA, "Certiport").await;
    for _ in 0..2 {
        view = books.switch(&view, "HSI Safety").await.expect("switched");
        assert_eq!(
            (view.enrollment.payment, view.money.back().expect("all of it").cents),
            (Payment::None, 4_000)
        );
        assert_eq!(books.balance("processor_clearing").await, 0);
        books.audit().await;
        view = books.switch(&view, "Certiport").await.expect("a payment page");
        assert_eq!(view.money.open().expect("a page").amount.cents, 4_000);
        books.pay(&view).await;
        view = books.course(view.enrollment.id).await;
        assert_eq!(view.enrollment.status, Status::Active);
        assert_eq!(live(&books, &view).await.len(), 1);
        books.audit().await;
    }
    assert_eq!(books.balance("partner_payable").await, -2_000);
}

async fn a_switch_that_is_not_paid_leaves_everything_as_it_was(books: Books) {
    let old = books.paid(MAYA, "Certiport").await;
    let new = books.switch(&old, "Milady").await.expect("a payment page");
    books.at_page(&new, json!({ "do": "expire" })).await;
    books.work().await;
    let ended = books.course(new.enrollment.id).await;
    assert_eq!((ended.enrollment.status, books.taken().await), (Status::Cancelled, 0));
    assert!(books.history(&ended).await.contains(&EventKind::SwitchEnded));
    let standing = books.course(old.enrollment.id).await;
    assert_eq!((standing.enrollment.status, standing.switching), (Status::Active, None));
    // Given up by hand it is the same.
    let again = books.switch(&standing, "Milady").await.expect("a payment page");
    books.cancel(&again).await.expect("given up");
    assert_eq!(books.course(again.enrollment.id).await.enrollment.status, Status::Cancelled);
    assert_eq!((live(&books, &old).await.len(), books.taken().await), (1, 0));
    books.audit().await;
}

async fn whoever_begins_the_old_course_gets_the_difference_back(books: Books) {
    let old = books.paid(MAYA, "Certiport").await;
    let new = books.switch(&old, "Milady").await.expect("a payment page");
    let services = books.services().await;
    services
        .record_launch(Actor::Student(old.student.id), old.enrollment.id, Handover::Browser)
        .await
        .expect("opened");
    let external = old.enrollment.external_enrollment_id.clone().expect("the partner's id");
    books
        .campus
        .control("progress", json!({ "partner": "certiport", "enrollment_id": external, "percent": 30 }))
        .await;
    books.pay(&new).await;
    let (old, new) = (books.course(old.enrollment.id).await, books.course(new.enrollment.id).await);
    assert_eq!((old.enrollment.status, old.enrollment.payment), (Status::Active, Payment::Paid));
    assert_eq!((new.enrollment.status, new.enrollment.payment), (Status::Cancelled, Payment::Refunded));
    assert_eq!((new.money.back().expect("the difference").cents, books.taken().await), (1_901, 0));
    assert_eq!(live(&books, &old).await.len(), 1);
    books.audit().await;
}

async fn what_is_refused_changes_nothing(books: Books) {
    let view = books.paid(MAYA, "Certiport").await;
    let code = |partner: &'static str| {
        let (books, view) = (&books, &view);
        async move { books.switch(view, partner).await.map(|_| ()).map_err(|error| error.code()) }
    };
    assert_eq!(code("Certiport").await, Err("same_partner"));
    // Both starts are full.
    books.paid("lee@example.org", "Milady").await;
    books.paid("noah@example.org", "Milady").await;
    assert_eq!(code("Milady").await, Err("cohort_full"));
    let stranger = books.student("lee@example.org").await;
    let request = Switch {
        actor: Actor::Student(stranger.id),
        course: view.enrollment.id,
        choice: books.choice("HSI Safety").await,
        overrule: None,
    };
    let refused = books.services().await.switch(&request).await.expect_err("not theirs");
    assert_eq!(refused.code(), "not_yours");
    assert_eq!(live(&books, &view).await.len(), 1);
    books.audit().await;
}

async fn a_silent_partner_needs_an_advisors_word(books: Books) {
    let view = books.paid(MAYA, "Certiport").await;
    books.campus.clock().advance(TimeDelta::days(3));
    books.campus.control("fail", json!({ "fail": "partner-down" })).await;
    let refused = books.switch(&view, "HSI Safety").await.expect_err("nobody knows");
    assert_eq!(refused.code(), "progress_unknown");
    let services = books.services().await;
    let advisor = books.advisor().await;
    let request = Switch {
        actor: Actor::Advisor { advisor: advisor.id, student: view.student.id },
        course: view.enrollment.id,
        choice: books.choice("HSI Safety").await,
        overrule: Some(Overrule("she never opened it".into())),
    };
    let (quote, refusal) = services.switch_quote(&request).await.expect("a quote");
    assert_eq!((quote.refund.cents, refusal), (4_000, None));
    let new = services.switch(&request).await.expect("switched");
    assert_eq!(new.enrollment.status, Status::Active);
    // A student's word is not enough.
    let own = Switch { actor: Actor::Student(view.student.id), course: new.enrollment.id, ..request };
    let own = Switch { choice: books.choice("Certiport").await, ..own };
    books.campus.control("fail", json!({ "fail": "" })).await;
    books.work().await;
    books.campus.clock().advance(TimeDelta::days(3));
    books.campus.control("fail", json!({ "fail": "partner-down" })).await;
    assert_eq!(services.switch(&own).await.expect_err("nobody knows").code(), "progress_unknown");
}

async fn cancelling_after_a_switch_gives_both_payments_back(books: Books) {
    let old = books.paid(MAYA, "Certiport").await;
    let new = books.switch(&old, "Milady").await.expect("a payment page");
    books.pay(&new).await;
    books.cancel(&new).await.expect("cancelled");
    let new = books.course(new.enrollment.id).await;
    let back: Vec<i64> = new.money.refunds.iter().rev().map(|refund| refund.amount.cents).collect();
    assert_eq!(back, [1_901, 4_000], "the newest payment first");
    for account in ["processor_clearing", "partner_payable", "platform_revenue", "refunds"] {
        assert_eq!(books.balance(account).await, 0, "{account}");
    }
    books.audit().await;
}
