//! Checkout: paid, declined, expired, abandoned, odd, late, with lost answers.

use super::both;
use super::world::{Books, MAYA};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::{Link, Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::money::Terms;
use coursevia::domain::payment::PaymentStatus;
use coursevia::domain::text::Text;
use coursevia::service::Decision;
use serde_json::json;

both!(
    paid_is_enrolled_and_divided,
    a_second_wish_finds_the_same_page,
    a_declined_card_is_told_and_may_be_tried_again,
    what_is_not_paid_in_time_gives_the_seat_back,
    without_a_seat_it_waits_to_be_paid_again,
    complete_is_not_paid,
    what_does_not_fit_is_parked_and_a_person_decides,
    money_that_comes_late_takes_the_seat_or_goes_back,
    cancelling_closes_the_page_first,
    whoever_paid_at_the_last_moment_gets_it_back,
    lost_answers_charge_once,
    a_clock_that_jumps_charges_once,
    an_answer_that_never_came_is_looked_up_after_a_day,
    a_price_that_changes_meanwhile_stays_what_was_agreed,
    a_page_that_nobody_needs_any_more_is_closed,
);

async fn a_page_that_nobody_needs_any_more_is_closed(books: Books) {
    let services = books.services().await;
    let first = books.enroll(MAYA, "Certiport").await;
    books.at_page(&first, json!({ "do": "expire" })).await;
    books.work().await;
    services.pay(Actor::Student(first.student.id), first.enrollment.id).await.expect("a second page");
    books.work().await;
    assert!(books.course(first.enrollment.id).await.money.open().is_some_and(|open| open.url.is_some()));
    books.at_page(&first, json!({ "do": "pay", "late": true })).await;
    assert_eq!(services.find_late_payments().await.expect("it looks"), 1);
    books.work().await;
    let view = books.course(first.enrollment.id).await;
    assert_eq!((view.enrollment.status, view.money.paid().expect("once").cents), (Status::Active, 4_000));
    assert_eq!(view.money.payments[0].status, PaymentStatus::Expired, "it can't be paid a second time");
    books.audit().await;
}

async fn paid_is_enrolled_and_divided(books: Books) {
    let view = books.enroll(MAYA, "Milady").await;
    assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Pending, Payment::Open));
    assert_eq!((view.enrollment.link, books.taken().await), (Link::None, 1));
    assert!(books.campus.at_partners().await.is_empty(), "no partner hears of it before it is paid");
    let page = view.money.open().expect("a payment").url.clone().expect("a page");
    assert!(page.as_str().contains("/pay/"), "{page}");
    books.pay(&view).await;
    let view = books.course(view.enrollment.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Active, Payment::Paid));
    assert_eq!(view.enrollment.link, Link::Confirmed);
    let payment = &view.money.payments[0];
    assert_eq!((payment.status, payment.terms), (PaymentStatus::Paid, Terms::Share(4_000)));
    assert!(payment.url.is_none(), "a page that is over is not kept");
    assert_eq!(books.balance("processor_clearing").await, 5_901);
    assert_eq!(books.balance("partner_payable").await, -2_360);
    assert_eq!(books.balance("platform_revenue").await, -3_541);
    assert_eq!(books.campus.mails().len(), 1);
    books.audit().await;
}

async fn a_second_wish_finds_the_same_page(books: Books) {
    let view = books.enroll(MAYA, "Milady").await;
    let refusal = books.try_enroll(MAYA, "Certiport").await.expect_err("waiting for payment");
    assert_eq!(refusal.code(), "payment_open");
    let services = books.services().await;
    let again = services.pay(Actor::Student(view.student.id), view.enrollment.id).await.expect("the page");
    assert_eq!(again.money.payments.len(), 1);
    assert_eq!(again.money.open().map(|open| open.id), view.money.open().map(|open| open.id));
    assert_eq!(books.at_processor().await.len(), 1);
    books.audit().await;
}

async fn a_declined_card_is_told_and_may_be_tried_again(books: Books) {
    let view = books.enroll(MAYA, "Certiport").await;
    books.at_page(&view, json!({ "do": "decline" })).await;
    books.work().await;
    let declined = books.course(view.enrollment.id).await;
    let open = declined.money.open().expect("still open");
    assert!(open.note.as_ref().is_some_and(|note| note.as_str().contains("declined")), "{:?}", open.note);
    books.pay(&declined).await;
    assert_eq!(books.course(view.enrollment.id).await.enrollment.status, Status::Active);
    books.audit().await;
}

async fn what_is_not_paid_in_time_gives_the_seat_back(books: Books) {
    let view = books.enroll(MAYA, "Milady").await;
    let services = books.services().await;
    // The hold alone decides nothing: the page could still bring money.
    books.campus.clock().advance(TimeDelta::minutes(37));
    services.settle_seats().await.expect("it settles");
    assert_eq!(
        (books.taken().await, books.course(view.enrollment.id).await.enrollment.status),
        (1, Status::Pending)
    );
    books.campus.clock().advance(TimeDelta::minutes(5));
    services.settle_seats().await.expect("it settles");
    assert_eq!(books.taken().await, 1, "the page is not known to be over yet");
    books.work().await;
    let expired = books.course(view.enrollment.id).await;
    assert_eq!(expired.enrollment.payment, Payment::Expired);
    services.settle_seats().await.expect("it settles");
    assert_eq!(
        (books.taken().await, books.course(view.enrollment.id).await.enrollment.status),
        (0, Status::Cancelled)
    );
    assert!(books.history(&view).await.contains(&EventKind::HoldExpired));
    books.audit().await;
}

async fn without_a_seat_it_waits_to_be_paid_again(books: Books) {
    let view = books.enroll(MAYA, "Certiport").await;
    let services = books.services().await;
    let student = Actor::Student(view.student.id);
    books.at_page(&view, json!({ "do": "expire" })).await;
    books.work().await;
    let expired = books.course(view.enrollment.id).await;
    assert_eq!((expired.enrollment.status, expired.enrollment.payment), (Status::Pending, Payment::Expired));
    let again = services.pay(student, view.enrollment.id).await.expect("a new page");
    assert_eq!(again.enrollment.payment, Payment::Open);
    books.work().await;
    let again = books.course(view.enrollment.id).await;
    assert_eq!(again.money.payments.len(), 2);
    books.pay(&again).await;
    assert_eq!(books.course(view.enrollment.id).await.enrollment.status, Status::Active);
    let refused = services.pay(student, view.enrollment.id).await.expect_err("paid");
    assert_eq!(refused.code(), "nothing_to_pay");
    books.audit().await;
}

async fn complete_is_not_paid(books: Books) {
    let view = books.enroll(MAYA, "Certiport").await;
    books.at_page(&view, json!({ "do": "complete" })).await;
    books.work().await;
    assert_eq!(books.course(view.enrollment.id).await.enrollment.status, Status::Pending);
    books.at_page(&view, json!({ "do": "pay", "late": true })).await;
    books.work().await;
    assert_eq!(books.course(view.enrollment.id).await.enrollment.status, Status::Active);
    books.audit().await;
}

async fn what_does_not_fit_is_parked_and_a_person_decides(books: Books) {
    let services = books.services().await;
    let odd = [
        (json!({ "amount": 100 }), "$1.00 was paid instead of $40.00"),
        (json!({ "currency": "eur" }), "was paid instead of"),
        (json!({ "reference": "somebody-else" }), "another enrollment"),
        (json!({ "livemode": true }), "real money"),
    ];
    for (number, (wish, why)) in odd.into_iter().enumerate() {
        let view = books.enroll(&format!("s{number}@example.org"), "Certiport").await;
        books.at_page(&view, wish).await;
        books.work().await;
        let parked = books.course(view.enrollment.id).await;
        assert_eq!((parked.enrollment.status, parked.enrollment.payment), (Status::Pending, Payment::Parked));
        let payment = parked.money.parked().expect("parked");
        let note = payment.note.as_ref().expect("a reason").to_string();
        assert!(note.contains(why), "{note}");
        assert_eq!(books.cancel(&parked).await.expect_err("a person decides").code(), "payment_parked");
        let advisor = books.advisor().await;
        let actor = Actor::Advisor { advisor: advisor.id, student: view.student.id };
        let reason = Text::from("looked at it");
        let student = Actor::Student(view.student.id);
        let refused = services.settle_parked(student, payment.id, Decision::Accept, &reason).await;
        assert_eq!(refused.expect_err("not a student's").code(), "advisor_only");
        let decision = if why.contains("another") { Decision::Accept } else { Decision::Refund };
        if decision == Decision::Refund && why.contains("instead") {
            let refused = services.settle_parked(actor, payment.id, Decision::Accept, &reason).await;
            assert_eq!(refused.expect_err("it differs").code(), "parked_differs");
        }
        services.settle_parked(actor, payment.id, decision, &reason).await.expect("decided");
        books.work().await;
        let settled = books.course(view.enrollment.id).await;
        if decision == Decision::Accept {
            assert_eq!(settled.enrollment.status, Status::Active);
        } else {
            assert_eq!(
                (settled.enrollment.status, settled.enrollment.payment),
                (Status::Cancelled, Payment::Refunded)
            );
        }
        assert!(services.parked().await.expect("it reads").is_empty());
    }
}

async fn money_that_comes_late_takes_the_seat_or_goes_back(books: Books) {
    let services = books.services().await;
    let late = |address: &'static str| {
        let books = &books;
        async move {
            let view = books.enroll(address, "Milady").await;
            books.at_page(&view, json!({ "do": "expire" })).await;
            books.work().await;
            books.campus.clock().advance(TimeDelta::minutes(41));
            services.settle_seats().await.expect("it settles");
            assert_eq!(books.course(view.enrollment.id).await.enrollment.status, Status::Cancelled);
            books.at_page(&view, json!({ "do": "pay", "late": true })).await;
            view
        }
    };
    let maya = late(MAYA).await;
    assert_eq!(services.find_late_payments().await.expect("it looks"), 1);
    books.work().await;
    let mine = services.store.list_courses(maya.student.id).await.expect("it reads");
    let new =
        mine.iter().find(|view| view.enrollment.status == Status::Active).expect("the same place once more");
    assert_eq!(
        (new.enrollment.payment, new.enrollment.cohort_id),
        (Payment::Paid, maya.enrollment.cohort_id)
    );
    assert_eq!(new.money.paid().expect("paid").cents, 5_901);
    books.audit().await;

    // The seat is Maya's now, so Lee's money goes back.
    services.cancel(Actor::Student(maya.student.id), new.enrollment.id).await.expect("cancelled");
    books.work().await;
    let lee = late("lee@example.org").await;
    let noah = books.paid("noah@example.org", "Milady").await;
    assert_eq!(services.find_late_payments().await.expect("it looks"), 1);
    assert_eq!(services.find_late_payments().await.expect("it looks"), 0, "once");
    books.work().await;
    let lees = services.store.list_courses(lee.student.id).await.expect("it reads");
    assert!(lees.iter().all(|view| view.enrollment.status == Status::Cancelled), "Noah sits there");
    assert_eq!(lees[0].money.back().expect("it is back").cents, 5_901);
    assert_eq!(books.course(noah.enrollment.id).await.enrollment.status, Status::Active);
    books.audit().await;
}

async fn cancelling_closes_the_page_first(books: Books) {
    let view = books.enroll(MAYA, "Milady").await;
    books.cancel(&view).await.expect("cancelled");
    let cancelled = books.course(view.enrollment.id).await;
    assert_eq!((cancelled.enrollment.status, books.taken().await), (Status::Cancelled, 0));
    assert_eq!(books.at_processor().await[0]["status"], "expired");
    // One whose page nobody has opened yet is cancelled without asking anybody.
    let unopened = books.try_enroll("lee@example.org", "Milady").await.expect("enrolled");
    books.campus.control("fail", json!({ "fail": "processor:partner-down" })).await;
    books.cancel(&unopened).await.expect("cancelled");
    assert_eq!(books.course(unopened.enrollment.id).await.enrollment.status, Status::Cancelled);
    assert_eq!(books.at_processor().await.len(), 1);
    // One that is open is not cancelled while nobody can know whether it brings money.
    books.campus.control("fail", json!({ "fail": "" })).await;
    let open = books.enroll("noah@example.org", "Milady").await;
    books.campus.control("fail", json!({ "fail": "processor:partner-down" })).await;
    assert_eq!(books.cancel(&open).await.expect_err("unknown").code(), "payment_not_closed");
    assert_eq!(
        (books.course(open.enrollment.id).await.enrollment.status, books.taken().await),
        (Status::Pending, 1)
    );
    books.campus.control("fail", json!({ "fail": "" })).await;
    books.audit().await;
}

async fn whoever_paid_at_the_last_moment_gets_it_back(books: Books) {
    let view = books.enroll(MAYA, "Certiport").await;
    books.at_page(&view, json!({ "do": "pay" })).await;
    books.cancel(&view).await.expect("cancelled");
    let cancelled = books.course(view.enrollment.id).await;
    assert_eq!(
        (cancelled.enrollment.status, cancelled.enrollment.payment),
        (Status::Cancelled, Payment::Refunded)
    );
    assert_eq!(cancelled.money.back().expect("it is back").cents, 4_000);
    books.audit().await;
}

async fn lost_answers_charge_once(books: Books) {
    for (number, fault) in
        ["timeout", "500-then-success", "truncated-json", "duplicate-delivery", "500-kept"].iter().enumerate()
    {
        let view = books.try_enroll(&format!("s{number}@example.org"), "Certiport").await.expect("enrolled");
        books.campus.control("fail", json!({ "fail": format!("processor:{fault}") })).await;
        let services = books.services().await;
        if *fault == "timeout" {
            // The answer never comes; nobody waits for it here.
            let waits = tokio::time::timeout(std::time::Duration::from_millis(300), services.work_once());
            assert!(waits.await.is_err(), "it waits for an answer");
            books.campus.clock().advance(TimeDelta::minutes(2));
        } else {
            books.work().await;
        }
        books.campus.control("fail", json!({ "fail": "" })).await;
        books.campus.clock().advance(TimeDelta::minutes(3));
        books.work().await;
        let view = books.course(view.enrollment.id).await;
        assert!(
            view.money.open().is_some_and(|open| open.url.is_some()),
            "{fault}: {:?}",
            view.money.payments
        );
        books.pay(&view).await;
        assert_eq!(books.course(view.enrollment.id).await.enrollment.status, Status::Active, "{fault}");
        assert_eq!(books.at_processor().await.len(), number + 1, "{fault}");
    }
    books.audit().await;
}

async fn a_clock_that_jumps_charges_once(books: Books) {
    let services = books.services().await;
    for (number, hours) in [(1, -30), (2, 30)] {
        let view = books.enroll(&format!("s{number}@example.org"), "Certiport").await;
        // The page is paid before anybody notices what the clock did, and it is put right only later.
        books.at_page(&view, json!({ "do": "pay" })).await;
        books.campus.clock().advance(TimeDelta::hours(hours));
        services.settle_seats().await.expect("it settles");
        books.work().await;
        services.reconcile().await.expect("it reconciles");
        books.campus.clock().advance(TimeDelta::hours(-hours));
        services.reconcile().await.expect("it reconciles");
        books.work().await;
        let view = books.course(view.enrollment.id).await;
        assert_eq!(
            (view.enrollment.status, view.enrollment.payment),
            (Status::Active, Payment::Paid),
            "{hours} hours"
        );
        assert_eq!(books.at_processor().await.len(), number, "{hours} hours");
    }
    books.audit().await;
}

async fn an_answer_that_never_came_is_looked_up_after_a_day(books: Books) {
    let found = books.try_enroll(MAYA, "Certiport").await.expect("enrolled");
    let services = books.services().await;
    books.campus.control("fail", json!({ "fail": "processor:truncated-json" })).await;
    while services.work_once().await.expect("it works").is_some() {}
    books.campus.control("fail", json!({ "fail": "" })).await;
    assert_eq!(books.at_processor().await.len(), 1, "the page is there, and nobody here knows its number");
    books.campus.clock().advance(TimeDelta::hours(25));
    books.work().await;
    let view = books.course(found.enrollment.id).await;
    assert_eq!(view.enrollment.payment, Payment::Expired);
    assert!(view.money.payments[0].session_id.is_some());
    // One that never reached the processor is not sent again either.
    let lost = books.try_enroll("lee@example.org", "Certiport").await.expect("enrolled");
    let payment = lost.money.payments[0].id;
    services.store.mark_payment_sent(payment, books.campus.clock().now()).await.expect("it is written");
    books.campus.clock().advance(TimeDelta::hours(25));
    books.work().await;
    assert_eq!(books.course(lost.enrollment.id).await.enrollment.payment, Payment::Failed);
    assert_eq!(books.at_processor().await.len(), 1);
    books.audit().await;
}

async fn a_price_that_changes_meanwhile_stays_what_was_agreed(books: Books) {
    let view = books.enroll(MAYA, "Certiport").await;
    let dearer = super::world::dearer();
    books.campus.import(&dearer).await;
    books.pay(&view).await;
    let view = books.course(view.enrollment.id).await;
    assert_eq!((view.enrollment.status, view.money.paid().expect("paid").cents), (Status::Active, 4_000));
    // The terms are those of the day it was paid.
    assert_eq!(view.money.payments[0].terms, Terms::Share(6_000));
    books.audit().await;
}
