//! Enrolling and cancelling.

use super::conformance;
use super::world::{World, at};
use coursevia::domain::enrollment::{Link, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::job::JobKind;
use coursevia::store::{Conflict, StoreError};

conformance! {
    writes_student_enrollment_jobs_and_event_together,
    refuses_a_second_live_enrollment,
    a_refused_enrollment_leaves_nothing,
    refuses_a_second_student_with_the_same_address,
    another_program_may_be_taken_as_well,
    refuses_a_partner_without_a_course,
    a_course_taught_here_has_no_partner,
    a_cancelled_program_can_be_taken_again,
    refuses_to_cancel_what_changed_meanwhile,
    refuses_to_cancel_what_was_reported_or_opened_meanwhile,
    states_only_move_as_their_tables_say,
    an_answer_after_giving_up_counts_all_the_same,
    cancelling_settles_what_nobody_has_begun,
    cancelling_needs_a_withdrawal_once_the_partner_was_asked,
    a_confirmed_enrollment_is_cancelled_with_a_withdrawal,
    a_withdrawal_waits_for_the_provision_at_work,
    one_pending_switch_per_enrollment,
}

fn is(outcome: &Result<(), StoreError>, conflict: Conflict) -> bool {
    matches!(outcome, Err(StoreError::Conflict(found)) if *found == conflict)
}

async fn writes_student_enrollment_jobs_and_event_together(world: &World) {
    let student = world.student("maya@example.org");
    let plan = world.plan(&student, "cna-training", Some("Certiport")).await;
    world.store.enroll(&plan).await.expect("it enrolls");
    let view = world.course(plan.enrollment.id).await;
    assert_eq!(view.enrollment, plan.enrollment);
    assert_eq!(view.student, student);
    assert_eq!(view.provider().map(|provider| provider.name.as_str()), Some("Certiport"));
    let kinds: Vec<_> = view.jobs.iter().map(|job| job.kind).collect();
    assert_eq!(kinds, [JobKind::Provision, JobKind::Mail], "oldest first");
    assert_eq!(world.history(plan.enrollment.id).await, [EventKind::Enrolled]);
    let live = world.store.find_live_enrollment(student.id, plan.enrollment.program_id).await;
    assert_eq!(live.expect("it reads"), Some(view));
}

async fn refuses_a_second_live_enrollment(world: &World) {
    let maya = world.student("maya@example.org");
    world.enroll(&maya, "cna-training", Some("Certiport")).await;
    let second = world.plan(&maya, "cna-training", Some("Milady")).await;
    assert!(is(&world.store.enroll(&second).await, Conflict::LiveEnrollment));
}

async fn a_refused_enrollment_leaves_nothing(world: &World) {
    let maya = world.student("maya@example.org");
    world.enroll(&maya, "cna-training", Some("Certiport")).await;
    let mut refused = world.plan(&world.student("lena@example.org"), "cna-training", Some("Milady")).await;
    let lena = refused.enrollment.student_id;
    refused.jobs.push(refused.jobs[0].clone());
    assert!(is(&world.store.enroll(&refused).await, Conflict::Other), "one job twice");
    assert_eq!(world.store.find_student(lena).await.expect("it reads"), None);
    assert_eq!(world.store.find_course(refused.enrollment.id).await.expect("it reads"), None);
}

async fn refuses_a_second_student_with_the_same_address(world: &World) {
    world.maya().await;
    let twin = world.student("maya@example.org");
    let plan = world.plan(&twin, "digital-literacy", None).await;
    assert!(is(&world.store.enroll(&plan).await, Conflict::StudentExists));
}

async fn another_program_may_be_taken_as_well(world: &World) {
    let maya = world.student("maya@example.org");
    world.enroll(&maya, "cna-training", Some("Certiport")).await;
    world.enroll(&maya, "digital-literacy", None).await;
    assert_eq!(world.courses(maya.id).await.len(), 2);
}

async fn refuses_a_partner_without_a_course(world: &World) {
    let mut plan = world.plan(&world.student("maya@example.org"), "cna-training", Some("Certiport")).await;
    let delivery = plan.enrollment.delivery.as_mut().expect("a partner");
    delivery.course_id = world.ids.new_id();
    assert!(is(&world.store.enroll(&plan).await, Conflict::Other));
}

async fn a_course_taught_here_has_no_partner(world: &World) {
    let enrolled = world.enroll(&world.student("maya@example.org"), "digital-literacy", None).await;
    let view = world.course(enrolled.id).await;
    assert_eq!(view.partner, None);
    assert_eq!(view.program_title.as_str(), "Digital Literacy");
}

async fn a_cancelled_program_can_be_taken_again(world: &World) {
    let maya = world.student("maya@example.org");
    let first = world.enroll(&maya, "cna-training", Some("Certiport")).await;
    world.store.cancel(&world.cancelling(&first, &[])).await.expect("it cancels");
    assert_eq!(world.course(first.id).await.enrollment.status, Status::Cancelled);
    world.enroll(&maya, "cna-training", Some("Milady")).await;
}

async fn refuses_to_cancel_what_changed_meanwhile(world: &World) {
    let maya = world.maya().await;
    world.store.cancel(&world.cancelling(&maya, &[])).await.expect("it cancels");
    assert!(is(&world.store.cancel(&world.cancelling(&maya, &[])).await, Conflict::Changed));
    assert_eq!(world.history(maya.id).await, [EventKind::Cancelled, EventKind::Enrolled]);
}

async fn refuses_to_cancel_what_was_reported_or_opened_meanwhile(world: &World) {
    let maya = world.maya().await;
    world.confirm(&maya).await;
    let decided = world.cancelling(&maya, &[JobKind::Withdraw]);
    world.report(&maya, 1, 40).await;
    assert!(is(&world.store.cancel(&decided).await, Conflict::Changed), "begun since the decision");
    let now = world.course(maya.id).await.enrollment;
    let decided = world.cancelling(&now, &[JobKind::Withdraw]);
    world.launch(&maya, 2).await;
    assert!(is(&world.store.cancel(&decided).await, Conflict::Changed), "opened since the decision");
    assert_eq!(world.course(maya.id).await.enrollment.status, Status::Active);
    let now = world.course(maya.id).await.enrollment;
    world.store.cancel(&world.cancelling(&now, &[JobKind::Withdraw])).await.expect("it cancels");
}

async fn states_only_move_as_their_tables_say(world: &World) {
    for (nth, from) in (0..).zip(Status::ALL.iter().copied()) {
        let course = world.standing(nth, |course| course.status = from).await;
        let done = world.store.cancel(&world.cancelling(&course, &[])).await;
        assert_eq!(done.is_ok(), from.may_become(Status::Cancelled), "{from:?}");
        let course = world.standing(nth + 10, |course| course.status = from).await;
        world.complete(&course, 1).await;
        let now = world.course(course.id).await.enrollment.status;
        assert!(now == from || from.may_become(now), "{from:?} -> {now:?}");
    }
    for (nth, from) in (20..).zip(Link::ALL.iter().copied()) {
        let course = world.standing(nth, |course| course.link = from).await;
        let link = async || world.course(course.id).await.enrollment.link;
        let job = world.claim_kind(JobKind::Provision, 0).await;
        world.give_up(&job, &course).await;
        let failed = link().await;
        assert!(failed == from || from.may_become(failed), "{from:?} -> {failed:?}");
        world.retry(&course).await;
        let again = link().await;
        assert!(again == failed || failed.may_become(again), "{failed:?} -> {again:?}");
        let job = world.claim_kind(JobKind::Provision, 30).await;
        world.store.record_provisioned(&world.provisioned(&job, &course)).await.expect("it is written");
        let confirmed = link().await;
        assert!(confirmed == again || again.may_become(confirmed), "{again:?} -> {confirmed:?}");
    }
}

async fn an_answer_after_giving_up_counts_all_the_same(world: &World) {
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Provision, 0).await;
    world.give_up(&job, &maya).await;
    world.store.record_provisioned(&world.provisioned(&job, &maya)).await.expect("it is written");
    let view = world.course(maya.id).await;
    assert_eq!(view.enrollment.link, Link::Confirmed);
    assert!(Link::Failed.may_become(Link::Confirmed));
    assert!(view.jobs.iter().all(|job| job.kind != JobKind::Provision), "{:?}", view.jobs);
}

async fn cancelling_settles_what_nobody_has_begun(world: &World) {
    let maya = world.maya().await;
    world.store.cancel(&world.cancelling(&maya, &[])).await.expect("it cancels");
    assert_eq!(world.course(maya.id).await.jobs, []);
    assert_eq!(world.claim(10).await, None);
}

async fn cancelling_needs_a_withdrawal_once_the_partner_was_asked(world: &World) {
    let maya = world.maya().await;
    world.claim_kind(JobKind::Provision, 0).await;
    assert!(is(&world.store.cancel(&world.cancelling(&maya, &[])).await, Conflict::Changed));
    assert_eq!(world.course(maya.id).await.enrollment.status, Status::Active, "nothing half-done");
    let plan = world.cancelling(&maya, &[JobKind::Withdraw]);
    world.store.cancel(&plan).await.expect("it cancels");
}

async fn a_confirmed_enrollment_is_cancelled_with_a_withdrawal(world: &World) {
    let maya = world.maya().await;
    world.confirm(&maya).await;
    let plan = world.cancelling(&maya, &[JobKind::Withdraw]);
    world.store.cancel(&plan).await.expect("it cancels");
    let view = world.course(maya.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.link), (Status::Cancelled, Link::Confirmed));
    assert_eq!(world.claim_kind(JobKind::Withdraw, 1).await.enrollment_id, Some(maya.id));
}

async fn a_withdrawal_waits_for_the_provision_at_work(world: &World) {
    let maya = world.maya().await;
    let provision = world.claim_kind(JobKind::Provision, 0).await;
    let mail = world.claim_kind(JobKind::Mail, 0).await;
    world.finish(&mail).await;
    let plan = world.cancelling(&maya, &[JobKind::Withdraw]);
    world.store.cancel(&plan).await.expect("it cancels");
    assert_eq!(world.claim(1).await, None);
    world.store.record_provisioned(&world.provisioned(&provision, &maya)).await.expect("it is written");
    let view = world.course(maya.id).await;
    assert_eq!(view.enrollment.external_enrollment_id, Some("e-1".into()), "the withdrawal needs it");
    world.claim_kind(JobKind::Withdraw, 1).await;
}

async fn one_pending_switch_per_enrollment(world: &World) {
    let maya = world.student("maya@example.org");
    let old = world.enroll(&maya, "cna-training", Some("Certiport")).await;
    let switch = async |partner| {
        let mut plan = world.plan(&maya, "cna-training", Some(partner)).await;
        plan.enrollment.status = Status::Pending;
        plan.enrollment.replaces_id = Some(old.id);
        plan.enrollment.hold_until = Some(at(40));
        plan
    };
    world.store.enroll(&switch("Milady").await).await.expect("a switch stands beside the old one");
    assert!(is(&world.store.enroll(&switch("NDS").await).await, Conflict::LiveEnrollment));
    let live = world.store.find_live_enrollment(maya.id, old.program_id).await.expect("it reads");
    assert_eq!(live.map(|view| view.enrollment.id), Some(old.id));
}
