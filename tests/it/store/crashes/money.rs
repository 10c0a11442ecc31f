//! A place that is paid for on the second page, partly paid back, and switched.

use super::person;
use crate::store::world::World;
use coursevia::domain::enrollment::Enrollment;
use coursevia::domain::ids::{EnrollmentId, JobId};
use coursevia::domain::payment::{PaymentStatus, RefundStatus};
use coursevia::domain::plan::{PaidOutcome, RefundPlan};
use uuid::Uuid;

const PRICE: i64 = 5_900;
const BACK: i64 = 900;

pub fn bought() -> EnrollmentId {
    Uuid::from_u128(8).into()
}

pub fn moved() -> EnrollmentId {
    Uuid::from_u128(9).into()
}

fn work() -> JobId {
    Uuid::from_u128(11).into()
}

/// Goes on where it was cut off.
pub async fn pay(world: &World) {
    if world.store.find_course(moved()).await.expect("it reads").is_some() {
        return;
    }
    if world.store.find_course(bought()).await.expect("it reads").is_none() {
        let mut plan = world.selling(&person(world, 10), "Certiport", None, PRICE).await;
        plan.enrollment.id = bought();
        plan.event.enrollment = Some(bought());
        plan.jobs[0].enrollment_id = Some(bought());
        plan.payment.as_mut().expect("a payment").enrollment_id = bought();
        world.store.enroll(&plan).await.expect("a place");
    }
    expire(world).await;
    begin(world).await;
    refund(world).await;
    switch(world).await;
}

/// The first page is opened and not used.
async fn expire(world: &World) {
    let view = world.course(bought()).await;
    let first = view.money.payments.last().expect("a payment");
    if first.status == PaymentStatus::Open && view.money.payments.len() == 1 {
        world.store.mark_payment_sent(first.id, super::at(0)).await.expect("it is written");
        if first.session_id.is_none() {
            let opened = world.opened(&view.enrollment, first.id);
            world.store.record_session(&opened).await.expect("it is written");
        }
        let closing = world.closing(&view.enrollment, first.id, PaymentStatus::Expired);
        world.store.close_payment(&closing).await.expect("it ends");
    }
}

/// The second one is paid.
async fn begin(world: &World) {
    let view = world.course(bought()).await;
    if view.money.payments.len() == 1 {
        let again = world.paying_again(&view.enrollment, 1);
        world.store.pay_again(&again, view.student.id).await.expect("it is written");
    }
    let view = world.course(bought()).await;
    let second = view.money.payments.first().expect("a payment");
    if second.status == PaymentStatus::Open {
        let mut plan = world.beginning(&view.enrollment, second.id);
        if let PaidOutcome::Begin { jobs, .. } = &mut plan.outcome {
            jobs.clear();
        }
        world.store.record_paid(&plan).await.expect("it is paid");
    }
}

async fn refund(world: &World) {
    let view = world.course(bought()).await;
    let paid = view.money.payments.first().expect("a payment");
    if view.money.refunds.is_empty() {
        let mut plan = world.refunding(&view.enrollment, paid.id, BACK).await;
        plan.jobs[0].id = work();
        world.store.request_refund(&plan).await.expect("it is written");
    }
    let view = world.course(bought()).await;
    let refund = &view.money.refunds[0];
    if refund.status == RefundStatus::Requested {
        world.store.mark_refund_sent(refund.id, super::at(0)).await.expect("it is written");
        let mut plan: RefundPlan = world.refunding(&view.enrollment, paid.id, BACK).await;
        plan.refunds[0].id = refund.id;
        plan.jobs[0].id = work();
        let told = world.told(&view.enrollment, &plan, RefundStatus::Succeeded);
        world.store.report_refund(&told).await.expect("it is written");
    }
}

async fn switch(world: &World) {
    let old = world.course(bought()).await.enrollment;
    let new = Enrollment { id: moved(), ..world.replacement(&old, "Milady", None).await };
    let mut plan = world.switching(&old, &new, PRICE - BACK, 0, false).await;
    plan.jobs.clear();
    world.store.switch(&plan).await.expect("it switches");
}
