//! Payments: written down, opened, closed, paid.

use super::audit::{audit, count};
use super::plans::usd;
use super::world::{World, at};
use super::{PRICE, conformance, is};
use coursevia::domain::enrollment::{Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::job::JobKind;
use coursevia::domain::payment::PaymentStatus;
use coursevia::domain::plan::ClosePlan;
use coursevia::store::Conflict;

conformance! {
    a_sale_writes_enrollment_payment_and_work,
    refuses_a_second_open_payment_of_one_enrollment,
    a_payment_pays_once,
    a_page_is_noted_once,
    a_payment_that_is_not_open_is_not_closed,
    what_was_sent_is_not_closed_as_unsent,
    an_expired_payment_leaves_its_enrollment_pending,
    a_parked_payment_keeps_its_seat_until_somebody_decides,
    a_decision_counts_only_while_the_payment_is_parked,
    a_hold_ends_only_when_its_payment_is_over,
    an_expired_payment_of_a_switch_ends_the_switch,
    late_money_takes_the_same_place_anew,
    late_money_finds_no_seat_and_writes_nothing,
    late_money_goes_back,
    late_money_leaves_the_other_page_looked_after,
}

async fn a_sale_writes_enrollment_payment_and_work(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Pending, Payment::Open));
    let open = view.money.open().expect("an open payment");
    assert_eq!((open.id, open.amount, open.sent_at), (payment, usd(PRICE), None));
    assert_eq!(view.jobs.iter().map(|job| job.kind).collect::<Vec<_>>(), [JobKind::Checkout]);
    assert_eq!(count(world, "SELECT COUNT(*) FROM ledger_entries").await, 0, "no money came");
    audit(world).await;
}

async fn refuses_a_second_open_payment_of_one_enrollment(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    let again = world.paying_again(&course, 1);
    assert!(is(&world.store.pay_again(&again, course.student_id).await, Conflict::Changed));
    world
        .store
        .close_payment(&world.closing(&course, payment, PaymentStatus::Failed))
        .await
        .expect("it ends");
    world.store.pay_again(&again, course.student_id).await.expect("one at a time");
    let more = world.paying_again(&course, 2);
    assert!(is(&world.store.pay_again(&more, course.student_id).await, Conflict::Changed));
    let view = world.course(course.id).await;
    assert_eq!((view.money.payments.len(), view.enrollment.hold_until), (2, Some(at(41))));
    audit(world).await;
}

async fn a_payment_pays_once(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    let plan = world.beginning(&course, payment);
    world.store.record_paid(&plan).await.expect("it is paid");
    let again = world.beginning(&course, payment);
    assert!(is(&world.store.record_paid(&again).await, Conflict::Changed));
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Active, Payment::Paid));
    assert_eq!((view.money.paid(), view.enrollment.hold_until), (Some(usd(PRICE)), None));
    let mut kinds: Vec<_> = view.jobs.iter().map(|job| job.kind.code()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["mail", "provision"], "the checkout is over");
    let owed =
        "SELECT CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries WHERE account = 'partner_payable'";
    assert_eq!(count(world, owed).await, -PRICE / 2);
    assert_eq!(count(world, "SELECT COUNT(*) FROM ledger_entries").await, 5, "payment and split");
    let history = world.history(course.id).await;
    assert_eq!(history.iter().filter(|kind| **kind == EventKind::Paid).count(), 1);
    audit(world).await;
}

async fn a_page_is_noted_once(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    assert!(world.store.mark_payment_sent(payment, at(1)).await.expect("it is written"));
    assert!(world.store.mark_payment_sent(payment, at(5)).await.expect("it is written"));
    assert_eq!(world.payment(payment).await.sent_at, Some(at(1)), "the first time counts");
    let opened = world.opened(&course, payment);
    world.store.record_session(&opened).await.expect("it is written");
    let mut other = world.opened(&course, payment);
    other.session_id = "cs_other".into();
    assert!(is(&world.store.record_session(&other).await, Conflict::Changed));
    let (second, another) = world.sold(2, "Certiport", None).await;
    let mut taken = world.opened(&second, another);
    taken.session_id = opened.session_id;
    assert!(is(&world.store.record_session(&taken).await, Conflict::Changed), "it is somebody else's page");
    world
        .store
        .close_payment(&world.closing(&course, payment, PaymentStatus::Expired))
        .await
        .expect("it ends");
    assert!(!world.store.mark_payment_sent(payment, at(6)).await.expect("it is read"), "nobody may ask");
    audit(world).await;
}

async fn a_payment_that_is_not_open_is_not_closed(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    for status in [PaymentStatus::Expired, PaymentStatus::Failed, PaymentStatus::Parked] {
        let plan = world.closing(&course, payment, status);
        assert!(is(&world.store.close_payment(&plan).await, Conflict::Changed));
    }
    assert_eq!(world.course(course.id).await.enrollment.status, Status::Active);
    audit(world).await;
}

async fn what_was_sent_is_not_closed_as_unsent(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    assert!(world.store.mark_payment_sent(payment, at(1)).await.expect("it is written"));
    let plan = ClosePlan { unsent: true, ..world.closing(&course, payment, PaymentStatus::Expired) };
    assert!(is(&world.store.close_payment(&plan).await, Conflict::Changed));
    assert_eq!(world.payment(payment).await.status, PaymentStatus::Open);
    let (second, untold) = world.sold(2, "Certiport", None).await;
    let plan = ClosePlan { unsent: true, ..world.closing(&second, untold, PaymentStatus::Expired) };
    world.store.close_payment(&plan).await.expect("nobody knows of it");
    audit(world).await;
}

async fn an_expired_payment_leaves_its_enrollment_pending(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    world
        .store
        .close_payment(&world.closing(&course, payment, PaymentStatus::Expired))
        .await
        .expect("it ends");
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Pending, Payment::Expired));
    assert_eq!(view.jobs, [], "nobody looks at it any more");
    audit(world).await;
}

async fn a_parked_payment_keeps_its_seat_until_somebody_decides(world: &World) {
    let cohort = world.start("Milady", 30, 1).await;
    let (course, payment) = world.sold(1, "Milady", Some(cohort)).await;
    let odd = ClosePlan {
        paid: Some(usd(1)),
        payment_intent: Some("pi_odd".into()),
        note: Some("$0.01 was paid instead of $59.00".into()),
        ..world.closing(&course, payment, PaymentStatus::Parked)
    };
    world.store.close_payment(&odd).await.expect("it is parked");
    world.settle(100).await;
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Pending, Payment::Parked));
    let parked = view.money.parked().expect("a parked payment");
    assert_eq!((parked.odd, world.seats(cohort).await.taken), (Some(usd(1)), 1));
    assert_eq!(world.store.list_unsettled_payments().await.expect("it reads").len(), 1, "it is an open case");
    let dismissed =
        ClosePlan { seen: PaymentStatus::Parked, ..world.closing(&course, payment, PaymentStatus::Expired) };
    world.store.close_payment(&dismissed).await.expect("it is decided");
    assert!(is(&world.store.close_payment(&dismissed).await, Conflict::Changed), "once");
    world.settle(100).await;
    assert_eq!(world.course(course.id).await.enrollment.status, Status::Cancelled);
    assert_eq!(world.seats(cohort).await.taken, 0);
    audit(world).await;
}

async fn a_decision_counts_only_while_the_payment_is_parked(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    let close = world.closing(&course, payment, PaymentStatus::Parked);
    world.store.close_payment(&close).await.expect("it is parked");
    let mut accept = world.beginning(&course, payment);
    accept.event.kind = EventKind::PaymentSettled;
    let dismiss = world.closing(&course, payment, PaymentStatus::Expired);
    let dismiss = ClosePlan { seen: PaymentStatus::Parked, ..dismiss };
    world.store.close_payment(&dismiss).await.expect("it is dismissed");
    assert!(is(&world.store.record_paid(&accept).await, Conflict::Changed), "another advisor was faster");
    assert_eq!(world.payment(payment).await.status, PaymentStatus::Expired);
    assert_eq!(count(world, "SELECT COUNT(*) FROM ledger_entries").await, 0);
    audit(world).await;
}

async fn a_hold_ends_only_when_its_payment_is_over(world: &World) {
    let cohort = world.start("Milady", 30, 1).await;
    let (course, payment) = world.sold(1, "Milady", Some(cohort)).await;
    world.settle(100).await;
    assert_eq!(world.course(course.id).await.enrollment.status, Status::Pending, "money may still come");
    let close = world.closing(&course, payment, PaymentStatus::Expired);
    world.store.close_payment(&close).await.expect("it ends");
    world.settle(39).await;
    assert_eq!(world.seats(cohort).await.taken, 1, "it can be paid again until its time is over");
    world.settle(41).await;
    assert_eq!(world.course(course.id).await.enrollment.status, Status::Cancelled);
    assert_eq!(world.seats(cohort).await.taken, 0);
    let again = world.paying_again(&course, 42);
    assert!(is(&world.store.pay_again(&again, course.student_id).await, Conflict::Changed));
    audit(world).await;
}

async fn an_expired_payment_of_a_switch_ends_the_switch(world: &World) {
    let cohort = world.start("Milady", 30, 1).await;
    let (old, _) = world.paid(1, "Certiport", None).await;
    let plan = world.candidate(&old, "Milady", Some(cohort), 1_000).await;
    world.store.enroll(&plan).await.expect("a candidate");
    assert_eq!(world.seats(cohort).await.taken, 1);
    let second = world.candidate(&old, "NDS", None, 500).await;
    assert!(world.store.enroll(&second).await.is_err(), "one switch at a time");
    let payment = plan.payment.expect("a payment").id;
    let close = world.closing(&plan.enrollment, payment, PaymentStatus::Expired);
    world.store.close_payment(&close).await.expect("it ends");
    assert_eq!(world.course(plan.enrollment.id).await.enrollment.status, Status::Cancelled);
    assert_eq!(world.course(old.id).await.enrollment.status, Status::Active, "the old one stands");
    assert_eq!(world.seats(cohort).await.taken, 0);
    assert!(world.history(plan.enrollment.id).await.contains(&EventKind::SwitchEnded));
    audit(world).await;
}

async fn late_money_takes_the_same_place_anew(world: &World) {
    let cohort = world.start("Milady", 30, 1).await;
    let (course, payment) = world.sold(1, "Milady", Some(cohort)).await;
    let close = world.closing(&course, payment, PaymentStatus::Expired);
    world.store.close_payment(&close).await.expect("it ends");
    world.settle(41).await;
    let plan = world.anew(&course, payment);
    world.store.record_paid(&plan).await.expect("the seat is there");
    let views = world.courses(course.student_id).await;
    let statuses: Vec<_> = views.iter().map(|view| view.enrollment.status).collect();
    assert_eq!(statuses, [Status::Active, Status::Cancelled]);
    assert_eq!((views[0].money.paid(), views[1].money.paid()), (Some(usd(PRICE)), None));
    assert_eq!(world.seats(cohort).await.taken, 1);
    audit(world).await;
}

async fn late_money_finds_no_seat_and_writes_nothing(world: &World) {
    let cohort = world.start("Milady", 30, 1).await;
    let (course, payment) = world.sold(1, "Milady", Some(cohort)).await;
    let close = world.closing(&course, payment, PaymentStatus::Expired);
    world.store.close_payment(&close).await.expect("it ends");
    world.settle(41).await;
    world.paid(2, "Milady", Some(cohort)).await;
    let entries = count(world, "SELECT COUNT(*) FROM ledger_entries").await;
    let outcome = world.store.record_paid(&world.anew(&course, payment)).await;
    assert!(is(&outcome, Conflict::CohortFull));
    assert_eq!(world.payment(payment).await.status, PaymentStatus::Expired);
    assert_eq!(world.courses(course.student_id).await.len(), 1);
    assert_eq!(count(world, "SELECT COUNT(*) FROM ledger_entries").await, entries);
    audit(world).await;
}

async fn late_money_goes_back(world: &World) {
    let cohort = world.start("Milady", 30, 1).await;
    let (course, payment) = world.sold(1, "Milady", Some(cohort)).await;
    let plan = world.giving_back(&course, payment).await;
    world.store.record_paid(&plan).await.expect("it goes back");
    assert!(is(&world.store.record_paid(&plan).await, Conflict::Changed), "once");
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Cancelled, Payment::Refunded));
    assert_eq!(world.payment(payment).await.status, PaymentStatus::Refunded);
    assert_eq!(view.money.on_its_way_back(), Some(usd(PRICE)));
    assert_eq!(world.seats(cohort).await.taken, 0);
    let shared =
        "SELECT COUNT(*) FROM ledger_entries WHERE account IN ('partner_payable', 'platform_revenue')";
    assert_eq!(count(world, shared).await, 0, "nobody earned anything");
    audit(world).await;
}

async fn late_money_leaves_the_other_page_looked_after(world: &World) {
    let (course, first) = world.sold(1, "Certiport", None).await;
    let close = world.closing(&course, first, PaymentStatus::Expired);
    world.store.close_payment(&close).await.expect("it ends");
    let again = world.paying_again(&course, 1);
    world.store.pay_again(&again, course.student_id).await.expect("a second page");
    world.store.record_paid(&world.beginning(&course, first)).await.expect("the first was paid after all");
    let view = world.course(course.id).await;
    assert_eq!(view.money.open().map(|open| open.id), Some(again.payment.id));
    assert!(view.jobs.iter().any(|job| job.kind == JobKind::Checkout), "money may come on it, too");
    audit(world).await;
    world
        .store
        .record_paid(&world.giving_back(&view.enrollment, again.payment.id).await)
        .await
        .expect("back");
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.money.paid()), (Status::Active, Some(usd(PRICE))));
    audit(world).await;
}
