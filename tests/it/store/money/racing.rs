//! Two terminals at once, about money.

use super::PRICE;
use super::audit::audit;
use super::conformance;
use super::world::World;
use coursevia::domain::enrollment::Status;
use coursevia::domain::event::EventKind;
use coursevia::domain::job::JobKind;
use coursevia::domain::payment::PaymentStatus;
use coursevia::domain::plan::PaidOutcome;
use coursevia::store::{FailPoints, Store, StoreError};
use tokio::task::JoinSet;

conformance! {
    a_race_to_pay_has_one_winner,
    a_race_of_new_pages_opens_one,
    a_race_of_payment_and_expiry_has_one_outcome,
    a_race_of_refunds_pays_back_once,
    a_race_of_switch_and_launch_keeps_one_course,
    a_race_of_two_switches_keeps_one_course,
    a_race_of_cancelling_and_late_money_loses_no_money,
    a_race_for_the_last_seat_among_switches_and_sales,
}

async fn another(world: &World) -> Store {
    Store::open(&world.url, FailPoints::none()).await.expect("it opens")
}

fn winners(outcomes: &[Result<(), StoreError>]) -> usize {
    for outcome in outcomes {
        assert!(matches!(outcome, Ok(()) | Err(StoreError::Conflict(_))), "{outcome:?}");
    }
    outcomes.iter().filter(|outcome| outcome.is_ok()).count()
}

async fn a_race_to_pay_has_one_winner(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    let mut race = JoinSet::new();
    for _ in 0..4 {
        let (store, plan) = (another(world).await, world.beginning(&course, payment));
        race.spawn(async move { store.record_paid(&plan).await });
    }
    assert_eq!(winners(&race.join_all().await), 1);
    let history = world.history(course.id).await;
    assert_eq!(history.iter().filter(|kind| **kind == EventKind::Paid).count(), 1);
    audit(world).await;
}

async fn a_race_of_new_pages_opens_one(world: &World) {
    let (course, payment) = world.sold(1, "Certiport", None).await;
    let close = world.closing(&course, payment, PaymentStatus::Expired);
    world.store.close_payment(&close).await.expect("it ends");
    let mut race = JoinSet::new();
    for _ in 0..4 {
        let (store, plan, student) =
            (another(world).await, world.paying_again(&course, 1), course.student_id);
        race.spawn(async move { store.pay_again(&plan, student).await });
    }
    assert_eq!(winners(&race.join_all().await), 1);
    assert_eq!(world.course(course.id).await.money.payments.len(), 2);
    audit(world).await;
}

async fn a_race_of_payment_and_expiry_has_one_outcome(world: &World) {
    for nth in 0..6 {
        let (course, payment) = world.sold(nth, "Certiport", None).await;
        let (paid, closed) =
            (world.beginning(&course, payment), world.closing(&course, payment, PaymentStatus::Expired));
        let (one, other) = (another(world).await, another(world).await);
        let (paid, closed) = tokio::join!(
            tokio::spawn(async move { one.record_paid(&paid).await }),
            tokio::spawn(async move { other.close_payment(&closed).await }),
        );
        let (paid, closed) = (paid.expect("it runs"), closed.expect("it runs"));
        // Money counts in any order; what was paid can't expire any more.
        assert!(paid.is_ok(), "{paid:?}");
        assert!(matches!(closed, Ok(()) | Err(StoreError::Conflict(_))), "{closed:?}");
        let view = world.course(course.id).await;
        assert_eq!(view.enrollment.status, Status::Active);
        assert_eq!(world.payment(payment).await.status, PaymentStatus::Paid);
    }
    audit(world).await;
}

async fn a_race_of_refunds_pays_back_once(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    let mut race = JoinSet::new();
    for _ in 0..4 {
        let (store, plan) = (another(world).await, world.refunding(&course, payment, PRICE).await);
        race.spawn(async move { store.request_refund(&plan).await });
    }
    assert_eq!(winners(&race.join_all().await), 1);
    assert_eq!(world.payment(payment).await.refunded_cents, PRICE);
    audit(world).await;
}

async fn a_race_of_switch_and_launch_keeps_one_course(world: &World) {
    for nth in 0..6 {
        let (old, _) = world.paid(nth, "Certiport", None).await;
        let new = world.replacement(&old, "Milady", None).await;
        let (switch, launch) = (world.switching(&old, &new, PRICE, 0, false).await, world.launching(&old));
        let (one, other) = (another(world).await, another(world).await);
        let (switched, launched) = tokio::join!(
            tokio::spawn(async move { one.switch(&switch).await }),
            tokio::spawn(async move { other.record_launch(&launch).await }),
        );
        let (switched, launched) = (switched.expect("it runs"), launched.expect("it runs"));
        let opened = world.course(old.id).await.enrollment.last_accessed_at.is_some();
        // What was opened first is not switched any more, and what was switched first is not opened.
        assert!(switched.is_ok() != opened, "{switched:?} {launched:?}");
        assert_eq!(launched.is_ok(), opened, "{launched:?}");
        assert!(matches!(switched, Ok(()) | Err(StoreError::Conflict(_))), "{switched:?}");
        let live = if switched.is_ok() { new.id } else { old.id };
        assert_eq!(world.course(live).await.enrollment.status, Status::Active);
    }
    audit(world).await;
}

async fn a_race_of_two_switches_keeps_one_course(world: &World) {
    let (old, _) = world.paid(1, "Certiport", None).await;
    let mut race = JoinSet::new();
    for partner in ["Milady", "NDS", "Milady", "NDS"] {
        let new = world.replacement(&old, partner, None).await;
        let (store, plan) = (another(world).await, world.switching(&old, &new, PRICE, 0, false).await);
        race.spawn(async move { store.switch(&plan).await });
    }
    assert_eq!(winners(&race.join_all().await), 1);
    let views = world.courses(old.student_id).await;
    assert_eq!(views.iter().filter(|view| view.enrollment.status.is_live()).count(), 1);
    audit(world).await;
}

async fn a_race_of_cancelling_and_late_money_loses_no_money(world: &World) {
    for nth in 0..6 {
        let (course, payment) = world.sold(nth, "Certiport", None).await;
        let close = world.closing(&course, payment, PaymentStatus::Expired);
        world.store.close_payment(&close).await.expect("it ends");
        let standing = world.course(course.id).await.enrollment;
        let (cancel, paid) =
            (world.cancelling(&standing, &[JobKind::Withdraw]), world.beginning(&standing, payment));
        let (one, other) = (another(world).await, another(world).await);
        let (cancelled, begun) = tokio::join!(
            tokio::spawn(async move { one.cancel(&cancel).await }),
            tokio::spawn(async move { other.record_paid(&paid).await }),
        );
        let (cancelled, begun) = (cancelled.expect("it runs"), begun.expect("it runs"));
        assert_eq!(winners(&[cancelled, begun]), 1);
        let view = world.course(course.id).await;
        if view.enrollment.status == Status::Cancelled {
            let back = world.giving_back(&view.enrollment, payment).await;
            assert!(matches!(back.outcome, PaidOutcome::GiveBack(_)));
            world.store.record_paid(&back).await.expect("it goes back");
        }
    }
    audit(world).await;
}

async fn a_race_for_the_last_seat_among_switches_and_sales(world: &World) {
    let cohort = world.start("Milady", 30, 2).await;
    let mut race = JoinSet::new();
    for nth in 0..3 {
        let (old, _) = world.paid(nth, "Certiport", None).await;
        let new = world.replacement(&old, "Milady", Some(cohort)).await;
        let (store, plan) = (another(world).await, world.switching(&old, &new, PRICE, 0, false).await);
        race.spawn(async move { store.switch(&plan).await });
    }
    for nth in 10..13 {
        let student = world.student(&format!("buyer-{nth}@example.org"));
        let plan = world.selling(&student, "Milady", Some(cohort), PRICE).await;
        let store = another(world).await;
        race.spawn(async move { store.enroll(&plan).await });
    }
    assert_eq!(winners(&race.join_all().await), 2);
    assert_eq!(world.seats(cohort).await.taken, 2);
    audit(world).await;
}
