//! Switches: the old enrollment or the new one, never both, never none.

use super::audit::{audit, count};
use super::plans::{HALF, usd};
use super::world::World;
use super::{PRICE, conformance, is};
use coursevia::domain::enrollment::{Enrollment, Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::{CohortId, PaymentId};
use coursevia::domain::job::JobKind;
use coursevia::domain::money::Currency;
use coursevia::domain::payment::PaymentStatus;
use coursevia::domain::plan::{PaidOutcome, PaidPlan};
use coursevia::store::Conflict;

conformance! {
    a_switch_moves_seat_money_and_shares,
    a_switch_pays_the_difference_back,
    a_switch_to_something_free_pays_all_back,
    a_paid_switch_begins_with_its_payment,
    refuses_a_switch_of_what_was_opened_meanwhile,
    refuses_a_switch_to_a_full_start_and_changes_nothing,
    refuses_a_paid_switch_whose_old_course_is_over,
    back_and_forth_three_times_adds_up,
    a_refund_decided_before_a_switch_is_looked_at_again,
    a_switch_decided_before_a_refund_is_looked_at_again,
    a_free_price_in_another_currency_moves_what_was_paid,
    money_that_comes_late_for_the_old_course_still_goes_back,
    refuses_a_launch_of_what_was_switched_away,
}

async fn a_refund_decided_before_a_switch_is_looked_at_again(world: &World) {
    let (old, payment) = world.paid(1, "Certiport", None).await;
    let refund = world.refunding(&old, payment, 1_000).await;
    let new = world.switch(&old, "Milady", PRICE, 0).await.expect("it switches");
    assert!(
        is(&world.store.request_refund(&refund).await, Conflict::Changed),
        "the money is not there any more"
    );
    assert_eq!(world.course(new.id).await.money.paid(), Some(usd(PRICE)));
    audit(world).await;
}

async fn a_switch_decided_before_a_refund_is_looked_at_again(world: &World) {
    let (old, payment) = world.paid(1, "Certiport", None).await;
    let refund = world.refunding(&old, payment, 1_000).await;
    world.store.request_refund(&refund).await.expect("some goes back");
    let new = world.replacement(&old, "Milady", None).await;
    // The state of the payment is what the decision saw; how much went back is not.
    let switch = world.switching(&old, &new, PRICE - 1_000, 0, false).await;
    let again = world.refunding(&old, payment, 500).await;
    world.store.request_refund(&again).await.expect("more goes back");
    assert!(is(&world.store.switch(&switch).await, Conflict::Changed));
    assert_eq!(world.course(old.id).await.enrollment.status, Status::Active);
    let switch = world.switching(&old, &new, PRICE - 1_500, 0, false).await;
    world.store.switch(&switch).await.expect("it switches");
    audit(world).await;
}

async fn a_free_price_in_another_currency_moves_what_was_paid(world: &World) {
    let (old, _) = world.paid(1, "Certiport", None).await;
    let new = world.replacement(&old, "NDS", None).await;
    let mut plan = world.switching(&old, &new, 0, PRICE, false).await;
    plan.price.currency = Currency::parse("EUR").expect("a currency");
    world.store.switch(&plan).await.expect("it switches");
    assert_eq!(count(world, "SELECT COUNT(*) FROM ledger_entries WHERE currency <> 'USD'").await, 0);
    audit(world).await;
}

async fn money_that_comes_late_for_the_old_course_still_goes_back(world: &World) {
    let (course, first) = world.sold(1, "Certiport", None).await;
    let close = world.closing(&course, first, PaymentStatus::Expired);
    world.store.close_payment(&close).await.expect("it ends");
    let again = world.paying_again(&course, 1);
    world.store.pay_again(&again, course.student_id).await.expect("a second page");
    world.store.record_paid(&world.beginning(&course, again.payment.id)).await.expect("it is paid");
    let old = world.course(course.id).await.enrollment;
    world.switch(&old, "Milady", PRICE, 0).await.expect("it switches");
    let old = world.course(course.id).await.enrollment;
    world.store.record_paid(&world.giving_back(&old, first).await).await.expect("it goes back");
    assert_eq!(world.payment(first).await.status, PaymentStatus::Refunded);
    audit(world).await;
}

async fn refuses_a_launch_of_what_was_switched_away(world: &World) {
    let (old, _) = world.paid(1, "Certiport", None).await;
    let launch = world.launching(&old);
    world.switch(&old, "Milady", PRICE, 0).await.expect("it switches");
    assert!(is(&world.store.record_launch(&launch).await, Conflict::Changed));
    assert!(!world.course(old.id).await.launched);
}

async fn paid_switch(world: &World, old: &Enrollment, cohort: Option<CohortId>, due: i64) -> PaidPlan {
    let candidate = world.candidate(old, "Milady", cohort, due).await;
    world.store.enroll(&candidate).await.expect("a candidate");
    let payment: PaymentId = candidate.payment.expect("a payment").id;
    let switch = world.switching(old, &candidate.enrollment, PRICE + due, 0, true).await;
    let came = world.came(&candidate.enrollment, payment, PaidOutcome::Switch(Box::new(switch)));
    PaidPlan { amount: usd(due), ..came }
}

async fn a_switch_moves_seat_money_and_shares(world: &World) {
    let (here, there) = (world.start("Certiport", 20, 1).await, world.start("Milady", 30, 1).await);
    let (old, payment) = world.paid(1, "Certiport", Some(here)).await;
    let new = world.replacement(&old, "Milady", Some(there)).await;
    let plan = world.switching(&old, &new, PRICE, 0, false).await;
    world.store.switch(&plan).await.expect("it switches");
    assert!(is(&world.store.switch(&plan).await, Conflict::Changed), "once");
    let (old, new) = (world.course(old.id).await, world.course(new.id).await);
    assert_eq!((old.enrollment.status, new.enrollment.status), (Status::Cancelled, Status::Active));
    assert_eq!((old.enrollment.payment, new.enrollment.payment), (Payment::None, Payment::Paid));
    assert_eq!(new.enrollment.switched_from, Some(old.enrollment.id));
    assert_eq!((old.money.paid(), new.money.paid()), (None, Some(usd(PRICE))));
    assert_eq!(world.payment(payment).await.funds_id, new.enrollment.id);
    assert_eq!((world.seats(here).await.taken, world.seats(there).await.taken), (0, 1));
    assert!(old.jobs.iter().any(|job| job.kind == JobKind::Withdraw));
    assert!(new.jobs.iter().any(|job| job.kind == JobKind::Provision));
    for (id, kind) in
        [(old.enrollment.id, EventKind::SwitchedAway), (new.enrollment.id, EventKind::SwitchedHere)]
    {
        assert!(world.history(id).await.contains(&kind));
    }
    let unsplit = "SELECT COUNT(DISTINCT transaction_id) FROM ledger_entries WHERE kind = 'unsplit'";
    let split = "SELECT COUNT(DISTINCT transaction_id) FROM ledger_entries WHERE kind = 'split'";
    assert_eq!((count(world, unsplit).await, count(world, split).await), (1, 2));
    audit(world).await;
}

async fn a_switch_pays_the_difference_back(world: &World) {
    let (old, payment) = world.paid(1, "Certiport", None).await;
    let new = world.switch(&old, "Milady", 4_000, 1_900).await.expect("it switches");
    let view = world.course(new.id).await;
    assert_eq!((view.money.paid(), view.money.on_its_way_back()), (Some(usd(4_000)), Some(usd(1_900))));
    assert_eq!(world.payment(payment).await.refunded_cents, 1_900);
    assert!(view.jobs.iter().any(|job| job.kind == JobKind::Refund));
    audit(world).await;
}

async fn a_switch_to_something_free_pays_all_back(world: &World) {
    let (old, _) = world.paid(1, "Certiport", None).await;
    let new = world.switch(&old, "NDS", 0, PRICE).await.expect("it switches");
    let view = world.course(new.id).await;
    assert_eq!((view.enrollment.status, view.money.on_its_way_back()), (Status::Active, Some(usd(PRICE))));
    let earned = "SELECT CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries \
        WHERE account IN ('partner_payable', 'platform_revenue')";
    assert_eq!(count(world, earned).await, 0);
    audit(world).await;
}

async fn a_paid_switch_begins_with_its_payment(world: &World) {
    let there = world.start("Milady", 30, 1).await;
    let (old, _) = world.paid(1, "Certiport", None).await;
    let plan = paid_switch(world, &old, Some(there), 1_000).await;
    assert_eq!(world.course(old.id).await.enrollment.status, Status::Active, "until it is paid");
    world.store.record_paid(&plan).await.expect("it switches");
    assert!(is(&world.store.record_paid(&plan).await, Conflict::Changed), "once");
    let views = world.courses(old.student_id).await;
    let live: Vec<_> = views.iter().filter(|view| view.enrollment.status == Status::Active).collect();
    assert_eq!((live.len(), live[0].money.paid()), (1, Some(usd(PRICE + 1_000))));
    assert_eq!((live[0].enrollment.replaces_id, live[0].enrollment.switched_from), (None, Some(old.id)));
    assert_eq!(world.seats(there).await.taken, 1);
    audit(world).await;
}

async fn refuses_a_switch_of_what_was_opened_meanwhile(world: &World) {
    let (old, _) = world.paid(1, "Certiport", None).await;
    let new = world.replacement(&old, "Milady", None).await;
    let plan = world.switching(&old, &new, PRICE, 0, false).await;
    world.launch(&old, 1).await;
    assert!(is(&world.store.switch(&plan).await, Conflict::Changed));
    assert_eq!(world.courses(old.student_id).await.len(), 1);
    let (other, _) = world.paid(2, "Certiport", None).await;
    let plan = paid_switch(world, &other, None, 1_000).await;
    world.report(&other, 1, 10).await;
    assert!(is(&world.store.record_paid(&plan).await, Conflict::Changed));
    assert_eq!(world.course(other.id).await.enrollment.status, Status::Active);
    audit(world).await;
}

async fn refuses_a_switch_to_a_full_start_and_changes_nothing(world: &World) {
    let (here, there) = (world.start("Certiport", 20, 1).await, world.start("Milady", 30, 1).await);
    let (old, payment) = world.paid(1, "Certiport", Some(here)).await;
    world.paid(2, "Milady", Some(there)).await;
    let entries = count(world, "SELECT COUNT(*) FROM ledger_entries").await;
    let new = world.replacement(&old, "Milady", Some(there)).await;
    let plan = world.switching(&old, &new, PRICE, 0, false).await;
    assert!(is(&world.store.switch(&plan).await, Conflict::CohortFull));
    let candidate = world.candidate(&old, "Milady", Some(there), 1_000).await;
    assert!(is(&world.store.enroll(&candidate).await, Conflict::CohortFull));
    let views = world.courses(old.student_id).await;
    assert_eq!((views.len(), views[0].enrollment.status), (1, Status::Active));
    assert_eq!(world.payment(payment).await.funds_id, old.id);
    assert_eq!((world.seats(here).await.taken, world.seats(there).await.taken), (1, 1));
    assert_eq!(count(world, "SELECT COUNT(*) FROM ledger_entries").await, entries);
    audit(world).await;
}

async fn refuses_a_paid_switch_whose_old_course_is_over(world: &World) {
    let there = world.start("Milady", 30, 1).await;
    let (old, _) = world.paid(1, "Certiport", None).await;
    let plan = paid_switch(world, &old, Some(there), 1_000).await;
    world.complete(&old, 1).await;
    assert!(is(&world.store.record_paid(&plan).await, Conflict::Changed));
    let PaidOutcome::Switch(switch) = &plan.outcome else { panic!("a switch") };
    let candidate = world.course(switch.new.id).await.enrollment;
    assert_eq!(candidate.status, Status::Pending, "its money goes back instead");
    let (refund, job) = world.new_refund(&candidate, &world.payment(plan.payment_id).await, 1_000);
    let mut back = world.giving_back(&candidate, plan.payment_id).await;
    let PaidOutcome::GiveBack(give) = &mut back.outcome else { panic!("a refund") };
    (give.refund, give.jobs) = (refund, vec![job]);
    world.store.record_paid(&PaidPlan { amount: usd(1_000), terms: HALF, ..back }).await.expect("back");
    assert_eq!(world.course(candidate.id).await.enrollment.status, Status::Cancelled);
    assert_eq!(world.course(old.id).await.enrollment.status, Status::Completed);
    assert_eq!(world.seats(there).await.taken, 0);
    audit(world).await;
}

async fn back_and_forth_three_times_adds_up(world: &World) {
    let (mut course, _) = world.paid(1, "Certiport", None).await;
    for _ in 0..3 {
        course = world.switch(&course, "Milady", PRICE, 0).await.expect("there");
        audit(world).await;
        course = world.switch(&course, "Certiport", PRICE, 0).await.expect("and back");
        audit(world).await;
    }
    let views = world.courses(course.student_id).await;
    assert_eq!(views.len(), 7);
    assert_eq!(views.iter().filter(|view| view.enrollment.status.is_live()).count(), 1);
    assert_eq!(world.course(course.id).await.money.paid(), Some(usd(PRICE)));
    let owed =
        "SELECT CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries WHERE account = 'partner_payable'";
    assert_eq!(count(world, owed).await, -PRICE / 2, "one partner, once");
}
