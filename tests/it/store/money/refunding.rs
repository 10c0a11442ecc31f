//! Refunds: never more than is left, never twice, posted pro rata.

use super::audit::{audit, count, refuses};
use super::plans::usd;
use super::world::{World, at};
use super::{PRICE, conformance, is};
use coursevia::domain::enrollment::{Enrollment, Link, Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::PaymentId;
use coursevia::domain::job::{Job, JobKind, Needs};
use coursevia::domain::payment::{PaymentStatus, ProcessorName, RefundStatus};
use coursevia::domain::plan::{AfterFailure, CancelPlan, RefundPlan};
use coursevia::store::Conflict;

conformance! {
    refuses_to_pay_back_more_than_is_left,
    refuses_a_second_refund_at_once,
    the_shares_go_back_pro_rata,
    requested_is_not_succeeded,
    a_failed_refund_is_asked_for_again_once,
    a_cancellation_pays_back_in_the_same_step,
    a_refused_cancellation_pays_nothing_back,
    a_refund_does_not_wait_for_a_partner,
    a_ledger_entry_stays_as_it_was_written,
}

async fn refund(world: &World, course: &Enrollment, payment: PaymentId, cents: i64) -> RefundPlan {
    let plan = world.refunding(course, payment, cents).await;
    world.store.request_refund(&plan).await.expect("it is written");
    plan
}

async fn refuses_to_pay_back_more_than_is_left(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    let much = world.refunding(&course, payment, PRICE + 1).await;
    assert!(is(&world.store.request_refund(&much).await, Conflict::Changed));
    refund(world, &course, payment, 5_000).await;
    let rest = world.refunding(&course, payment, 901).await;
    assert!(is(&world.store.request_refund(&rest).await, Conflict::Changed));
    refund(world, &course, payment, 900).await;
    assert_eq!(world.payment(payment).await.status, PaymentStatus::Refunded);
    let (open, unpaid) = world.sold(2, "Certiport", None).await;
    let early = world.refunding(&open, unpaid, 1).await;
    assert!(is(&world.store.request_refund(&early).await, Conflict::Changed), "nothing was paid");
    audit(world).await;
}

async fn refuses_a_second_refund_at_once(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    let (first, second) =
        (world.refunding(&course, payment, 100).await, world.refunding(&course, payment, 100).await);
    world.store.request_refund(&first).await.expect("it is written");
    assert!(is(&world.store.request_refund(&second).await, Conflict::Changed));
    let view = world.course(course.id).await;
    assert_eq!((view.money.refunds.len(), view.enrollment.payment), (1, Payment::PartRefunded));
    assert_eq!(view.jobs.iter().filter(|job| job.kind == JobKind::Refund).count(), 1);
    audit(world).await;
}

async fn the_shares_go_back_pro_rata(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    let owed =
        "SELECT CAST(-SUM(amount_cents) AS BIGINT) FROM ledger_entries WHERE account = 'partner_payable'";
    let ours =
        "SELECT CAST(-SUM(amount_cents) AS BIGINT) FROM ledger_entries WHERE account = 'platform_revenue'";
    // The partner keeps half of what is left, rounded down.
    for (back, partner, platform) in [(1, 2_949, 2_950), (1_001, 2_448, 2_450), (4_898, 0, 0)] {
        let plan = refund(world, &course, payment, back).await;
        assert_eq!((count(world, owed).await, count(world, ours).await), (partner, platform));
        assert_eq!(plan.refunds[0].amount.cents, back);
        audit(world).await;
    }
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.payment, view.enrollment.status), (Payment::Refunded, Status::Active));
    audit(world).await;
}

async fn requested_is_not_succeeded(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    let plan = refund(world, &course, payment, PRICE).await;
    let clearing = "SELECT CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries \
        WHERE account = 'processor_clearing'";
    let report = async |status| world.store.report_refund(&world.told(&course, &plan, status)).await;
    report(RefundStatus::Pending).await.expect("it is written");
    assert_eq!(count(world, clearing).await, PRICE, "the money is still there");
    audit(world).await;
    report(RefundStatus::Succeeded).await.expect("it is written");
    assert_eq!(count(world, clearing).await, 0);
    // A late or repeated word changes nothing.
    for status in [RefundStatus::Succeeded, RefundStatus::Failed, RefundStatus::Pending] {
        report(status).await.expect("it is read");
    }
    let view = world.course(course.id).await;
    assert_eq!(view.money.refunds[0].status, RefundStatus::Succeeded);
    assert!(!view.jobs.iter().any(|job| job.kind == JobKind::Refund));
    let told = world.history(course.id).await;
    assert_eq!(told.iter().filter(|kind| **kind == EventKind::Refunded).count(), 1);
    audit(world).await;
}

async fn a_failed_refund_is_asked_for_again_once(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    let plan = refund(world, &course, payment, 700).await;
    let id = plan.refunds[0].id;
    assert!(world.store.mark_refund_sent(id, at(1)).await.expect("it is written"));
    world.store.report_refund(&world.told(&course, &plan, RefundStatus::Failed)).await.expect("written");
    assert!(!world.store.mark_refund_sent(id, at(2)).await.expect("it is read"));
    let failed = world.store.find_refund(id).await.expect("it reads").expect("it is there");
    audit(world).await;
    assert!(world.store.ask_refund_again(&failed, "another").await.expect("it is written"));
    assert!(!world.store.ask_refund_again(&failed, "a third").await.expect("somebody else did"));
    let again = world.store.find_refund(id).await.expect("it reads").expect("it is there");
    assert_eq!((again.status, again.attempt, again.sent_at), (RefundStatus::Requested, 2, None));
    assert_eq!((again.idempotency_key.as_str(), again.external_refund_id), ("another", None));
    audit(world).await;
}

/// A cancellation that pays all of a payment back.
async fn cancelling(world: &World, course: &Enrollment, payment: PaymentId) -> CancelPlan {
    let mut plan = world.cancelling(course, &[JobKind::Withdraw]);
    let (refund, job) = world.new_refund(course, &world.payment(payment).await, PRICE);
    plan.refunds.push(refund);
    plan.jobs.push(job);
    plan
}

async fn a_cancellation_pays_back_in_the_same_step(world: &World) {
    let cohort = world.start("Milady", 30, 1).await;
    let (course, payment) = world.paid(1, "Milady", Some(cohort)).await;
    let plan = cancelling(world, &course, payment).await;
    world.store.cancel(&plan).await.expect("it cancels");
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.payment), (Status::Cancelled, Payment::Refunded));
    assert_eq!((view.money.on_its_way_back(), world.seats(cohort).await.taken), (Some(usd(PRICE)), 0));
    assert!(is(&world.store.cancel(&plan).await, Conflict::Changed), "once");
    audit(world).await;
}

async fn a_refused_cancellation_pays_nothing_back(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    let plan = cancelling(world, &course, payment).await;
    refund(world, &course, payment, 100).await;
    assert!(is(&world.store.cancel(&plan).await, Conflict::Changed), "some went back meanwhile");
    let view = world.course(course.id).await;
    assert_eq!((view.enrollment.status, view.money.refunds.len()), (Status::Active, 1));
    let launched = cancelling(world, &view.enrollment, payment).await;
    world.launch(&course, 1).await;
    assert!(is(&world.store.cancel(&launched).await, Conflict::Changed), "it was begun meanwhile");
    assert_eq!(world.course(course.id).await.money.refunds.len(), 1);
    audit(world).await;
}

async fn a_refund_does_not_wait_for_a_partner(world: &World) {
    let (course, payment) = world.paid(1, "Certiport", None).await;
    world.confirm(&course).await;
    let course = world.course(course.id).await.enrollment;
    assert_eq!(course.link, Link::Confirmed);
    let plan = cancelling(world, &course, payment).await;
    world.store.cancel(&plan).await.expect("it cancels");
    let stuck = world.claim_kind(JobKind::Withdraw, 1).await;
    world.fail(&stuck, AfterFailure::RetryAt(at(1_000))).await;
    let money = |needs: &Needs| *needs == Needs::Processor(ProcessorName::sandbox());
    let job: Option<Job> = world.store.claim_job(at(2), at(4), &money).await.expect("it reads");
    assert_eq!(job.map(|job| job.kind), Some(JobKind::Refund));
    audit(world).await;
}

async fn a_ledger_entry_stays_as_it_was_written(world: &World) {
    world.paid(1, "Certiport", None).await;
    for statement in ["UPDATE ledger_entries SET amount_cents = 1", "DELETE FROM ledger_entries"] {
        assert!(refuses(world, statement).await, "{statement}");
    }
    assert_eq!(count(world, "SELECT COUNT(*) FROM ledger_entries").await, 5);
    audit(world).await;
}
