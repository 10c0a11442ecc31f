//! Outside work.

use super::conformance;
use super::world::{World, anything, at, catalog, offer, program};
use chrono::TimeDelta;
use coursevia::domain::enrollment::Link;
use coursevia::domain::event::EventKind;
use coursevia::domain::job::{JobKind, Needs};
use coursevia::domain::plan::{AccountPlan, AfterFailure, JobDonePlan, TendJob};
use coursevia::domain::provider::SecretName;
use coursevia::domain::views::PartnerAccount;
use coursevia::store::{Conflict, StoreError};

conformance! {
    a_claim_returns_what_was_written_down,
    a_claimed_job_is_not_claimed_twice,
    an_expired_lease_is_claimed_again,
    only_what_can_be_done_here_is_claimed,
    nothing_is_claimed_before_its_time,
    jobs_at_the_partner_run_one_after_the_other,
    mail_does_not_wait_for_the_partner,
    another_enrollment_does_not_wait,
    one_partner_is_asked_one_thing_at_a_time_about_one_student,
    the_next_time_is_that_of_a_claimable_job,
    a_finished_job_is_finished_once,
    a_postponed_job_comes_back_at_its_time,
    a_claim_that_was_taken_over_writes_nothing,
    giving_up_fails_the_link_and_says_so,
    a_given_up_job_lets_the_next_one_run,
    trying_again_gives_a_new_budget_but_keeps_the_count,
    trying_again_enrolls_nobody_who_cancelled,
    a_place_the_partner_gave_back_is_known,
    nothing_to_try_again_is_no_event,
    the_partners_answer_is_kept_once,
    the_first_account_stays,
    only_payments_that_wait_for_their_next_look_are_hurried,
    what_was_given_up_is_listed_until_somebody_tends_it,
    a_place_whose_job_was_dropped_can_be_asked_for_anew,
    nobody_drops_what_is_about_money_or_at_work,
}

async fn what_was_given_up_is_listed_until_somebody_tends_it(world: &World) {
    let maya = world.maya().await;
    let listed = async |all| world.store.list_jobs(all, 10).await.expect("it reads");
    assert_eq!((listed(false).await.len(), listed(true).await.len()), (0, 2));
    let provision = world.claim_kind(JobKind::Provision, 1).await;
    assert!(listed(true).await[0].is_at_work(at(1)));
    world.give_up(&provision, &maya).await;
    let given_up = listed(false).await;
    assert_eq!((given_up.len(), given_up[0].id, given_up[0].kind), (1, provision.id, JobKind::Provision));
    assert!(given_up[0].gave_up_at.is_some() && given_up[0].last_error.is_some());
    world.tend(provision.id, TendJob::Retry, Some(&maya), 8).await.expect("it is written");
    assert_eq!(listed(false).await, []);
    assert_eq!(world.course(maya.id).await.enrollment.link, Link::Requested);
    let again = world.claim_kind(JobKind::Provision, 9).await;
    assert_eq!((again.id, again.attempts), (provision.id, 1), "a new budget");
    assert!(world.history(maya.id).await.contains(&EventKind::Retried));
}

async fn a_place_whose_job_was_dropped_can_be_asked_for_anew(world: &World) {
    let maya = world.maya().await;
    let provision = world.claim_kind(JobKind::Provision, 1).await;
    world.give_up(&provision, &maya).await;
    world.tend(provision.id, TendJob::Drop, Some(&maya), 8).await.expect("it is written");
    assert_eq!(world.store.list_jobs(false, 10).await.expect("it reads"), []);
    assert_eq!(world.course(maya.id).await.enrollment.link, Link::Failed);
    let dropped = world.store.find_job(provision.id).await.expect("it reads").expect("it is kept");
    assert!(dropped.done_at.is_some());
    let again = world.tend(provision.id, TendJob::Retry, Some(&maya), 8).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::Changed))), "{again:?}");
    assert_eq!(world.retry(&maya).await, 1);
    assert_eq!(world.course(maya.id).await.enrollment.link, Link::Requested);
    let again = world.claim_kind(JobKind::Provision, 900).await;
    world.store.record_provisioned(&world.provisioned(&again, &maya)).await.expect("it is written");
    assert_eq!(world.retry(&maya).await, 0, "a place that stands is not asked for again");
}

async fn nobody_drops_what_is_about_money_or_at_work(world: &World) {
    let (sold, _) = world.sold(1, "Certiport", None).await;
    let checkout = world.store.list_jobs(true, 10).await.expect("it reads").remove(0);
    assert!(checkout.kind == JobKind::Checkout && !checkout.may_be_dropped());
    let maya = world.maya().await;
    world.claim_kind(JobKind::Checkout, 1).await;
    let provision = world.claim_kind(JobKind::Provision, 1).await;
    for (job, course) in [(checkout.id, &sold), (provision.id, &maya)] {
        let dropped = world.tend(job, TendJob::Drop, Some(course), 1).await;
        assert!(matches!(dropped, Err(StoreError::Conflict(Conflict::Changed))), "{dropped:?}");
    }
    let retried = world.tend(provision.id, TendJob::Retry, Some(&maya), 1).await;
    assert!(matches!(retried, Err(StoreError::Conflict(Conflict::Changed))), "{retried:?}");
    assert_eq!(world.course(maya.id).await.enrollment.link, Link::Requested, "nothing is half done");
}

async fn only_payments_that_wait_for_their_next_look_are_hurried(world: &World) {
    let (mine, _) = world.sold(1, "Certiport", None).await;
    world.sold(2, "Certiport", None).await;
    world.sold(3, "Certiport", None).await;
    world.enroll(&world.student("free@example.org"), "cna-training", Some("Certiport")).await;
    for minute in 0..3 {
        let job = world.claim_kind(JobKind::Checkout, minute).await;
        // The last one failed: whoever asks for patience is not pressed.
        let next = match minute {
            2 => AfterFailure::RetryAt(at(30)),
            _ => AfterFailure::LookAgainAt(at(30)),
        };
        world.fail(&job, next).await;
    }
    let provision = world.claim_kind(JobKind::Provision, 3).await;
    world.fail(&provision, AfterFailure::RetryAt(at(30))).await;
    let hurry = |of| world.store.hurry_checkouts(of, at(4));
    assert_eq!(hurry(Some(mine.student_id)).await.expect("it is written"), 1);
    assert_eq!(world.claim_kind(JobKind::Checkout, 4).await.enrollment_id, Some(mine.id));
    assert_eq!(hurry(None).await.expect("it is written"), 1, "one is at work, one failed");
    assert_eq!(hurry(None).await.expect("it is written"), 0, "it is due already");
}

async fn a_claim_returns_what_was_written_down(world: &World) {
    let plan = world.plan(&world.student("maya@example.org"), "cna-training", Some("Certiport")).await;
    world.store.enroll(&plan).await.expect("it enrolls");
    let job = world.claim_kind(JobKind::Provision, 0).await;
    let written = &plan.jobs[0];
    assert_eq!((job.id, &job.payload), (written.id, &written.payload));
    assert_eq!(job.idempotency_key, written.idempotency_key);
    assert_eq!((job.enrollment_id, job.attempts), (Some(plan.enrollment.id), 1));
    assert_eq!(job.lease_until, at(2));
    assert_eq!(world.store.provision_attempts(plan.enrollment.id).await.expect("it reads"), 1);
}

async fn a_claimed_job_is_not_claimed_twice(world: &World) {
    world.maya().await;
    assert!(world.claim(0).await.is_some() && world.claim(0).await.is_some());
    assert_eq!(world.claim(1).await, None);
}

async fn an_expired_lease_is_claimed_again(world: &World) {
    world.maya().await;
    let first = world.claim_kind(JobKind::Provision, 0).await;
    let again = world.claim_kind(JobKind::Provision, 2).await;
    assert_eq!((again.id, again.attempts), (first.id, 2));
}

async fn only_what_can_be_done_here_is_claimed(world: &World) {
    let secret = Needs::Secret(SecretName::parse("PARTNER_KEY").expect("a name"));
    let mut plan = world.plan(&world.student("maya@example.org"), "cna-training", Some("Certiport")).await;
    plan.jobs[0].needs = secret.clone();
    world.store.enroll(&plan).await.expect("it enrolls");
    let claim = async |can: fn(&Needs) -> bool| {
        world.store.claim_job(at(0), at(2), &can).await.expect("it reads").map(|job| job.kind)
    };
    assert_eq!(claim(|needs| *needs == Needs::Nothing).await, None);
    assert_eq!(claim(|needs| *needs == Needs::Mail).await, Some(JobKind::Mail));
    assert_eq!(claim(|needs| matches!(needs, Needs::Secret(_))).await, Some(JobKind::Provision));
}

async fn nothing_is_claimed_before_its_time(world: &World) {
    let mut plan = world.plan(&world.student("maya@example.org"), "digital-literacy", None).await;
    plan.jobs[0].run_at = at(5) + TimeDelta::microseconds(1);
    world.store.enroll(&plan).await.expect("it enrolls");
    assert_eq!(world.claim(5).await, None);
    assert_eq!(
        world.store.next_job_at(&anything).await.expect("it reads"),
        Some(at(5) + TimeDelta::microseconds(1))
    );
    assert!(world.claim(6).await.is_some());
}

async fn jobs_at_the_partner_run_one_after_the_other(world: &World) {
    let mut plan = world.plan(&world.student("maya@example.org"), "cna-training", Some("Certiport")).await;
    let id = plan.enrollment.id;
    plan.jobs = vec![world.job(JobKind::Provision, id, at(1)), world.job(JobKind::Withdraw, id, at(0))];
    world.store.enroll(&plan).await.expect("it enrolls");
    assert_eq!(world.claim(0).await, None, "the older one is not due, the younger one waits for it");
    let provision = world.claim_kind(JobKind::Provision, 1).await;
    assert_eq!(world.claim(1).await, None);
    world.finish(&provision).await;
    world.claim_kind(JobKind::Withdraw, 1).await;
}

async fn mail_does_not_wait_for_the_partner(world: &World) {
    world.maya().await;
    world.claim_kind(JobKind::Provision, 0).await;
    world.claim_kind(JobKind::Mail, 0).await;
}

async fn another_enrollment_does_not_wait(world: &World) {
    world.maya().await;
    world.enroll(&world.student("lena@example.org"), "cna-training", Some("Certiport")).await;
    world.claim_kind(JobKind::Provision, 0).await;
    world.claim_kind(JobKind::Provision, 0).await;
}

async fn one_partner_is_asked_one_thing_at_a_time_about_one_student(world: &World) {
    let mut larger = catalog();
    larger.programs.push(program("welding", "Welding", vec![offer("Certiport"), offer("Milady")]));
    larger.programs.push(program("barista", "Barista", vec![offer("Milady")]));
    world.import(&larger, false).await;
    let maya = world.maya().await;
    let student = world.store.find_student(maya.student_id).await.expect("it reads").expect("Maya");
    let second = world.enroll(&student, "welding", Some("Certiport")).await;
    let elsewhere = world.enroll(&student, "barista", Some("Milady")).await;
    let first = world.claim_kind(JobKind::Provision, 0).await;
    assert_eq!(first.enrollment_id, Some(maya.id));
    let other = world.claim_kind(JobKind::Provision, 0).await;
    assert_eq!(other.enrollment_id, Some(elsewhere.id), "another partner is not kept waiting");
    let only = |needs: &Needs| *needs != Needs::Mail;
    assert_eq!(world.store.claim_job(at(0), at(2), &only).await.expect("it reads"), None);
    assert_eq!(world.store.next_job_at(&only).await.expect("it reads"), Some(at(2)));
    world.store.record_provisioned(&world.provisioned(&first, &maya)).await.expect("it is written");
    assert_eq!(world.claim_kind(JobKind::Provision, 0).await.enrollment_id, Some(second.id));
}

async fn the_next_time_is_that_of_a_claimable_job(world: &World) {
    let next = async || world.store.next_job_at(&anything).await.expect("it reads");
    assert_eq!(next().await, None);
    let mut plan = world.plan(&world.student("maya@example.org"), "cna-training", Some("Certiport")).await;
    let id = plan.enrollment.id;
    plan.jobs = vec![world.job(JobKind::Provision, id, at(1)), world.job(JobKind::Withdraw, id, at(0))];
    world.store.enroll(&plan).await.expect("it enrolls");
    assert_eq!(next().await, Some(at(1)), "the younger one waits");
    let provision = world.claim_kind(JobKind::Provision, 1).await;
    assert_eq!(next().await, Some(at(3)), "the end of the lease");
    let nothing = |_: &Needs| false;
    assert_eq!(world.store.next_job_at(&nothing).await.expect("it reads"), None);
    world.finish(&provision).await;
    assert_eq!(next().await, Some(at(0)));
}

async fn a_finished_job_is_finished_once(world: &World) {
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Mail, 0).await;
    for _ in 0..2 {
        let event = Some(world.event(EventKind::MailSent, Some(&maya)));
        let plan = JobDonePlan { job_id: job.id, at: at(1), event };
        world.store.finish_job(&plan).await.expect("it is written");
    }
    assert_eq!(world.history(maya.id).await, [EventKind::MailSent, EventKind::Enrolled]);
    let kinds: Vec<_> = world.course(maya.id).await.jobs.iter().map(|job| job.kind).collect();
    assert_eq!(kinds, [JobKind::Provision]);
}

async fn a_postponed_job_comes_back_at_its_time(world: &World) {
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Provision, 0).await;
    world.fail(&job, AfterFailure::RetryAt(at(9))).await;
    let state = world.course(maya.id).await.jobs[0].clone();
    assert_eq!(state.last_error, Some("The partner did not answer.".into()));
    assert_eq!((state.attempts, state.run_at, state.gave_up), (1, at(9), false));
    world.claim_kind(JobKind::Mail, 8).await;
    assert_eq!(world.claim(8).await, None);
    assert_eq!(world.claim_kind(JobKind::Provision, 9).await.attempts, 2);
}

async fn a_claim_that_was_taken_over_writes_nothing(world: &World) {
    let maya = world.maya().await;
    let late = world.claim_kind(JobKind::Provision, 0).await;
    world.claim_kind(JobKind::Provision, 5).await;
    world.give_up(&late, &maya).await;
    let view = world.course(maya.id).await;
    assert_eq!((view.enrollment.link, view.jobs[0].gave_up), (Link::Requested, false));
    assert_eq!(world.history(maya.id).await, [EventKind::Enrolled]);
}

async fn giving_up_fails_the_link_and_says_so(world: &World) {
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Provision, 0).await;
    world.give_up(&job, &maya).await;
    let view = world.course(maya.id).await;
    assert_eq!((view.enrollment.link, view.jobs[0].gave_up), (Link::Failed, true));
    assert_eq!(world.history(maya.id).await, [EventKind::ProvisionFailed, EventKind::Enrolled]);
    world.claim_kind(JobKind::Mail, 90).await;
    assert_eq!(world.claim(90).await, None);
}

async fn a_given_up_job_lets_the_next_one_run(world: &World) {
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Provision, 0).await;
    world.give_up(&job, &maya).await;
    let plan = world.cancelling(&maya, &[JobKind::Withdraw]);
    world.store.cancel(&plan).await.expect("it cancels");
    world.claim_kind(JobKind::Withdraw, 1).await;
}

async fn trying_again_gives_a_new_budget_but_keeps_the_count(world: &World) {
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Provision, 0).await;
    world.give_up(&job, &maya).await;
    assert_eq!(world.retry(&maya).await, 1);
    let view = world.course(maya.id).await;
    assert_eq!((view.enrollment.link, view.jobs[0].attempts), (Link::Requested, 0));
    assert_eq!(world.store.provision_attempts(maya.id).await.expect("it reads"), 1);
    assert_eq!(world.claim_kind(JobKind::Provision, 20).await.attempts, 1);
    assert_eq!(world.store.provision_attempts(maya.id).await.expect("it reads"), 2);
}

async fn trying_again_enrolls_nobody_who_cancelled(world: &World) {
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Provision, 0).await;
    world.give_up(&job, &maya).await;
    world.store.cancel(&world.cancelling(&maya, &[JobKind::Withdraw])).await.expect("it cancels");
    assert_eq!(world.retry(&maya).await, 0);
    let withdraw = world.claim_kind(JobKind::Withdraw, 20).await;
    world.give_up(&withdraw, &maya).await;
    assert_eq!(world.retry(&maya).await, 1, "the partner may still be told");
    world.claim_kind(JobKind::Withdraw, 20).await;
}

async fn a_place_the_partner_gave_back_is_known(world: &World) {
    let maya = world.maya().await;
    world.confirm(&maya).await;
    let reused = async || world.store.is_reused(maya.id, &"e-1".into()).await.expect("it reads");
    assert!(!reused().await);
    world.store.cancel(&world.cancelling(&maya, &[JobKind::Withdraw])).await.expect("it cancels");
    let withdraw = world.claim_kind(JobKind::Withdraw, 1).await;
    world.finish(&withdraw).await;
    let student = world.store.find_student(maya.student_id).await.expect("it reads").expect("Maya");
    let again = world.enroll(&student, "cna-training", Some("Certiport")).await;
    assert!(!reused().await, "not confirmed yet");
    world.confirm(&again).await;
    assert!(reused().await);
    assert!(!world.store.is_reused(maya.id, &"e-2".into()).await.expect("it reads"));
}

async fn nothing_to_try_again_is_no_event(world: &World) {
    let maya = world.maya().await;
    assert_eq!(world.retry(&maya).await, 0);
    assert_eq!(world.history(maya.id).await, [EventKind::Enrolled]);
}

async fn the_partners_answer_is_kept_once(world: &World) {
    let maya = world.maya().await;
    let job = world.claim_kind(JobKind::Provision, 0).await;
    for _ in 0..2 {
        world.store.record_provisioned(&world.provisioned(&job, &maya)).await.expect("it is written");
    }
    let view = world.course(maya.id).await;
    assert_eq!(view.enrollment.link, Link::Confirmed);
    assert_eq!(view.enrollment.external_account_id, Some("u-1".into()));
    assert_eq!(view.enrollment.external_enrollment_id, Some("e-1".into()));
    assert_eq!(world.history(maya.id).await, [EventKind::Provisioned, EventKind::Enrolled]);
}

async fn the_first_account_stays(world: &World) {
    let maya = world.maya().await;
    for (account, username) in [("u-1", "maya"), ("u-2", "maya2")] {
        let account = PartnerAccount { external_account_id: account.into(), username: Some(username.into()) };
        let plan = AccountPlan { id: world.ids.new_id(), enrollment_id: maya.id, account, at: at(1) };
        world.store.record_account(&plan).await.expect("it is written");
    }
    let provider = maya.delivery.expect("a partner").provider_id;
    let found = world.store.find_account(maya.student_id, provider).await.expect("it reads");
    assert_eq!(found.as_ref().map(|account| account.external_account_id.as_str()), Some("u-1"));
    assert_eq!(world.course(maya.id).await.account, found);
}
