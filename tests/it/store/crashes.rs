//! Killed at every write boundary, then started again: nothing is lost, nothing is doubled.

mod lessons;
mod money;
mod partner;

use super::lti;
use super::money::audit::audit;
use super::world::{World, at, catalog, email};
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::{Enrollment, Link, Status};
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::fits::Preferences;
use coursevia::domain::ids::{EnrollmentId, WaitlistId};
use coursevia::domain::job::{Job, JobKind};
use coursevia::domain::lti::NewLtiLaunch;
use coursevia::domain::person::{Advisor, Student};
use coursevia::domain::plan::{
    AccountPlan, AfterFailure, CertificatePlan, Completion, EditReviewPlan, Handover, JobDonePlan,
    LaunchPlan, ModerationPlan, PostReviewPlan, ProgressPlan, RetryPlan, TendJob, TendJobPlan,
    WithdrawReviewPlan,
};
use coursevia::domain::progress::{Percent, ProgressSample, ProgressSource};
use coursevia::domain::review::{Rating, Review};
use coursevia::domain::views::{Certificate, PartnerAccount};
use coursevia::domain::waitlist::WaitlistStatus;
use coursevia::store::{Conflict, FailPoint, FailPoints, StoreError};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use uuid::Uuid;

const URL: &str = "COURSEVIA_TEST_CRASH_URL";
const POINT: &str = "COURSEVIA_TEST_CRASH_POINT";
const SIGABRT: i32 = 6;

#[expect(clippy::disallowed_methods, reason = "tests have no platform layer")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Not a test of its own: the process that is killed.
#[tokio::test]
#[ignore = "run by a_kill_at_any_boundary_loses_and_doubles_nothing"]
async fn victim() {
    let (Some(url), Some(point)) = (variable(URL), variable(POINT)) else { return };
    let point = FailPoint::parse(&point).expect("a point");
    let world = World::at(&url, FailPoints::at(point, 1)).await;
    live(&world, 0).await;
}

#[tokio::test]
async fn a_kill_at_any_boundary_loses_and_doubles_nothing() {
    let untouched = World::empty_sqlite().await;
    live(&untouched, 0).await;
    let wanted = outcome(&untouched).await;
    for point in FailPoint::ALL.iter().filter(|point| !FailPoint::OUTSIDE.contains(point)) {
        let world = World::empty_sqlite().await;
        let victim = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "store::crashes::victim", "--ignored", "--quiet"])
            .env(URL, &world.url)
            .env(POINT, point.code())
            .output()
            .expect("it runs");
        let told = String::from_utf8_lossy(&victim.stdout);
        assert_eq!(victim.status.signal(), Some(SIGABRT), "{point:?} is never passed\n{told}");
        live(&world, 10).await;
        assert_eq!(outcome(&world).await, wanted, "killed at {point:?}");
    }
}

/// What counts in the end: where both enrollments stand and what their histories say.
async fn outcome(world: &World) -> Vec<(Status, Link, u8, bool, usize, Vec<&'static str>)> {
    let mut outcome = Vec::new();
    audit(world).await;
    for id in [taken(), dropped(), told(), held(), lessons::learned(), money::bought(), money::moved()] {
        let view = world.course(id).await;
        let mut history: Vec<_> = world.history(id).await.into_iter().map(EventKind::code).collect();
        history.sort_unstable();
        outcome.push((
            view.enrollment.status,
            view.enrollment.link,
            view.enrollment.progress.percent.get(),
            view.certificate.is_some() && view.account.is_some(),
            view.jobs.len(),
            history,
        ));
    }
    let entry = world.store.find_waitlist_entry(place()).await.expect("it reads").expect("an entry");
    assert_eq!((entry.status, entry.cohort.taken), (WaitlistStatus::Declined, 0));
    outcome
}

fn taken() -> EnrollmentId {
    Uuid::from_u128(1).into()
}

fn dropped() -> EnrollmentId {
    Uuid::from_u128(2).into()
}

/// A student's life, done so that it goes on where it was cut off.
async fn live(world: &World, minute: i64) {
    if !world.store.has_catalog().await.expect("it reads") {
        world.import(&catalog(), false).await;
    }
    let maya = Student { id: Uuid::from_u128(3).into(), ..world.student("maya@example.org") };
    for (id, program, partner) in
        [(taken(), "cna-training", Some("Certiport")), (dropped(), "digital-literacy", None)]
    {
        if world.store.find_course(id).await.expect("it reads").is_none() {
            let mut plan = world.plan(&maya, program, partner).await;
            plan.enrollment.id = id;
            plan.event.enrollment = Some(id);
            plan.jobs.iter_mut().for_each(|job| job.enrollment_id = Some(id));
            world.store.enroll(&plan).await.expect("it enrolls");
        }
    }
    let second = world.course(dropped()).await.enrollment;
    if second.status == Status::Active {
        world.store.cancel(&world.cancelling(&second, &[])).await.expect("it cancels");
    }
    wait(world, minute).await;
    money::pay(world).await;
    let renamed = Student { email: Some(email("maya@example.com")), ..maya };
    let event = world.event(EventKind::ProfileChanged, None);
    world.store.save_student(&renamed, &event).await.expect("it is written");
    let needs = Preferences { campus: Some(false), ..Preferences::default() };
    let event = world.event(EventKind::PreferencesSaved, None);
    world.store.save_preferences(renamed.id, &needs, &event).await.expect("it is written");
    let course = world.course(taken()).await.enrollment;
    pay_out(world, &course).await;
    partner::live(world, &course).await;
    tell(world, minute).await;
    lessons::live(world, minute).await;
    super::tools::register(world, "NDS").await;
    review(world, &course, minute).await;
    work(world, &course, minute).await;
    learn(world, &course, minute).await;
    work(world, &course, minute).await;
    for id in world.store.list_expiring_certificates(at(0), at(2_000), 10).await.expect("it reads") {
        assert_eq!(id, course.id);
        assert!(world.store.announce_expiry(&world.expiring(&course, minute)).await.expect("it is written"));
    }
    work(world, &course, minute).await;
    open_by_lti(world, &course, minute).await;
}

/// A launch by LTI 1.3, gone on with where it was cut off.
async fn open_by_lti(world: &World, course: &Enrollment, minute: i64) {
    if world.history(course.id).await.contains(&EventKind::Disclosed) {
        return;
    }
    let address = lti::digests(9).initiate;
    let find = || async { world.store.find_lti_launch_by_address(&address).await.expect("it reads") };
    if find().await.is_none() {
        let plan = NewLtiLaunch { expires_at: at(60), ..lti::beginning(world, course, 9) };
        world.store.begin_lti_launch(&plan).await.expect("it is written");
    }
    if find().await.expect("it is there").initiated_at.is_none() {
        world.store.initiate_lti_launch(&lti::initiation(9, minute)).await.expect("it is written");
    }
    world.store.use_lti_launch(&lti::using(world, course, 9, minute)).await.expect("it is written");
    assert!(find().await.expect("it is there").used_at.is_some());
}

/// The only seat of a start: held but not paid, waited for, offered and declined.
async fn wait(world: &World, minute: i64) {
    wait_in_line(world, minute).await;
    // The offer's mail is dropped by a person.
    for job in world.store.list_jobs(true, 50).await.expect("it reads") {
        if job.kind == JobKind::Mail && job.enrollment_id.is_none() {
            let event = world.event(EventKind::JobDropped, None);
            let (job_id, verb, at) = (job.id, TendJob::Drop, at(minute.max(1)));
            let plan = TendJobPlan { job_id, verb, place_of: None, at, event };
            world.store.tend_job(&plan).await.expect("it is written");
        }
    }
}

async fn wait_in_line(world: &World, minute: i64) {
    let view = world.program("cna-training").await;
    let known = view.offers.iter().flat_map(|offer| &offer.cohorts).map(|cohort| cohort.id).next();
    let cohort = match known {
        Some(cohort) => cohort,
        None => world.start("Milady", 30, 1).await,
    };
    let (payer, waiter) = (person(world, 4), person(world, 5));
    if world.store.find_course(held()).await.expect("it reads").is_none() {
        let mut plan = world.seated(&payer, "Milady", cohort, 0).await;
        plan.jobs.clear();
        plan.enrollment = Enrollment { id: held(), status: Status::Pending, ..plan.enrollment };
        plan.enrollment.hold_until = Some(at(1));
        plan.event.enrollment = Some(held());
        world.store.enroll(&plan).await.expect("a seat");
    }
    if world.store.find_waitlist_entry(place()).await.expect("it reads").is_none() {
        let mut plan = world.joining(&waiter, cohort, 0).await;
        plan.entry.id = place();
        world.store.join_waitlist(&plan).await.expect("a place");
    }
    world.settle(minute.max(1)).await;
    let entry = world.store.find_waitlist_entry(place()).await.expect("it reads").expect("an entry");
    if entry.status == WaitlistStatus::Offered {
        world.store.leave_waitlist(&world.leaving(place(), minute.max(1))).await.expect("it declines");
    }
}

/// A failed launch is noted, and the partner is paid.
async fn pay_out(world: &World, course: &Enrollment) {
    if !world.history(course.id).await.contains(&EventKind::LaunchFailed) {
        world.store.note(&world.event(EventKind::LaunchFailed, Some(course))).await.expect("it is written");
    }
    // What the switch has left there.
    let owed = world.course(money::moved()).await.enrollment.delivery.expect("a partner").provider_id;
    let plan = world.payout(owed, 100, "P-1");
    match world.store.post_payout(&plan).await {
        Ok(()) | Err(StoreError::Conflict(Conflict::PayoutExists)) => {}
        other => panic!("it is posted: {other:?}"),
    }
    assert_eq!(world.store.find_ledger_faults().await.expect("it reads").unbalanced, []);
}

fn told() -> EnrollmentId {
    Uuid::from_u128(80).into()
}

/// A course that is reported as finished, not believed, reported again and believed.
async fn tell(world: &World, minute: i64) {
    if world.store.find_course(told()).await.expect("it reads").is_none() {
        let other = Student { id: Uuid::from_u128(90).into(), ..world.student("tell@example.org") };
        let mut plan = world.plan(&other, "cna-training", Some("Certiport")).await;
        plan.jobs.clear();
        plan.enrollment.id = told();
        plan.event.enrollment = Some(told());
        world.store.enroll(&plan).await.expect("it enrolls");
    }
    let course = world.course(told()).await.enrollment;
    let ruth = world.ruth().await;
    for (nth, kind) in [(1, EventKind::ProofDeclined), (2, EventKind::ProofAccepted)] {
        if world.store.list_proofs(Some(course.student_id), true).await.expect("it reads").len() < nth {
            let plan = world.finishing(&course, minute, None);
            world.store.send_proof(&plan).await.expect("it is kept");
        }
        let proof = world.course(told()).await.proof.expect("it stands").id;
        if world.history(told()).await.contains(&kind) {
            continue;
        }
        if kind == EventKind::ProofDeclined {
            let decision = world.deciding(&course, proof, ruth, (kind, minute));
            world.store.decline_proof(&decision).await.expect("it is declined");
        } else {
            let plan = world.accepting(&course, proof, ruth, minute);
            world.store.accept_proof(&plan).await.expect("it is accepted");
        }
    }
}

fn person(world: &World, number: u128) -> Student {
    Student { id: Uuid::from_u128(number).into(), ..world.student(&format!("s{number}@example.org")) }
}

fn held() -> EnrollmentId {
    Uuid::from_u128(6).into()
}

fn place() -> WaitlistId {
    Uuid::from_u128(7).into()
}

/// A review that is written, changed, hidden and at last withdrawn.
async fn review(world: &World, course: &Enrollment, minute: i64) {
    let happened = world.history(course.id).await;
    let done = |kind| happened.contains(&kind);
    let event = |kind| Event { at: at(minute), ..world.event(kind, Some(course)) };
    let four = Rating::new(4).expect("a rating");
    if !done(EventKind::ReviewPosted) {
        let review = Review {
            id: world.ids.new_id(),
            enrollment_id: course.id,
            student_id: course.student_id,
            delivery: course.delivery.expect("a partner"),
            program_id: course.program_id,
            rating: Rating::new(2).expect("a rating"),
            text: "Slow.".into(),
            hidden: None,
        };
        let plan = PostReviewPlan { review, event: event(EventKind::ReviewPosted) };
        world.store.post_review(&plan).await.expect("it is written");
    }
    if !done(EventKind::ReviewEdited) {
        let event = event(EventKind::ReviewEdited);
        let plan = EditReviewPlan {
            enrollment_id: course.id,
            rating: Some(four),
            text: Some("Good.".into()),
            event,
        };
        world.store.edit_review(&plan).await.expect("it is written");
    }
    if !done(EventKind::ReviewHidden) {
        let ruth = Advisor { id: world.ids.new_id(), email: email("ruth@college.example"), name: None };
        let ruth = world.store.ensure_advisor(&ruth, at(0)).await.expect("it is written");
        let review = world.store.find_review_of(course.id).await.expect("it reads").expect("it stands");
        let hide = Some((ruth.id, "names a teacher".into()));
        let plan = ModerationPlan { review_id: review.id, hide, event: event(EventKind::ReviewHidden) };
        world.store.moderate_review(&plan).await.expect("it is written");
    }
    if !done(EventKind::ReviewWithdrawn) {
        let event = event(EventKind::ReviewWithdrawn);
        let plan = WithdrawReviewPlan { enrollment_id: course.id, event };
        world.store.withdraw_review(&plan).await.expect("it is written");
    }
    assert_eq!(world.store.count_wrong_ratings().await.expect("it reads"), 0);
}

async fn learn(world: &World, course: &Enrollment, minute: i64) {
    let view = world.course(course.id).await;
    if !view.launched {
        let actor = Actor::Student(course.student_id);
        let event = world.event(EventKind::Launched, Some(course));
        let (id, handover) = (world.ids.new_id(), Handover::Link);
        let plan = LaunchPlan {
            id,
            enrollment_id: course.id,
            at: at(minute),
            handover,
            actor,
            begins: false,
            event,
        };
        world.store.record_launch(&plan).await.expect("it is written");
    }
    if view.enrollment.status == Status::Active {
        let sample = ProgressSample {
            id: world.ids.new_id(),
            percent: Some(Percent::FULL),
            completed: true,
            failed: Some(false),
            at: at(minute),
            source: ProgressSource::Partner,
        };
        let completion = Completion {
            jobs: vec![world.job(JobKind::Certificate, course.id, at(minute))],
            event: world.event(EventKind::Completed, Some(course)),
        };
        let fell = world.event(EventKind::ProgressFell, Some(course));
        let exam_failed = world.event(EventKind::ExamFailed, Some(course));
        let completion = Some(completion);
        let plan = ProgressPlan { enrollment_id: course.id, sample, fell, exam_failed, completion };
        world.store.record_progress(&plan).await.expect("it is written");
    }
}

/// The worker: mail fails for good once and is tried again by a person, all else works.
async fn work(world: &World, course: &Enrollment, minute: i64) {
    loop {
        while let Some(job) = world.claim(minute).await {
            perform(world, course, &job, minute).await;
        }
        let event = world.event(EventKind::Retried, Some(course));
        let plan = RetryPlan { enrollment_id: course.id, at: at(minute), event };
        if world.store.retry_jobs(&plan).await.expect("it is written") == 0 {
            break;
        }
    }
}

async fn perform(world: &World, course: &Enrollment, job: &Job, minute: i64) {
    let event = |kind| world.event(kind, Some(course));
    let failed_before = world.history(course.id).await.contains(&EventKind::MailFailed);
    if job.enrollment_id.is_none() {
        return world.finish(job).await;
    }
    match job.kind {
        JobKind::Provision => {
            let account = PartnerAccount { external_account_id: "u-1".into(), username: None };
            let id = world.ids.new_id();
            let plan = AccountPlan { id, enrollment_id: course.id, account, at: at(minute) };
            world.store.record_account(&plan).await.expect("it is written");
            world.store.record_provisioned(&world.provisioned(job, course)).await.expect("it is written");
        }
        JobKind::Mail if !failed_before => {
            let fail_link = Some(course.id);
            let next =
                AfterFailure::GiveUp { at: at(minute), fail_link, event: event(EventKind::MailFailed) };
            world.fail(job, next).await;
        }
        JobKind::Mail | JobKind::Withdraw | JobKind::Checkout | JobKind::Refund => {
            let event = Some(event(EventKind::MailSent));
            let plan = JobDonePlan { job_id: job.id, at: at(minute), event };
            world.store.finish_job(&plan).await.expect("it is written");
        }
        JobKind::Certificate => {
            let certificate = Certificate {
                id: world.ids.new_id(),
                external_certificate_id: None,
                url: None,
                issued_at: None,
                expires_at: Some(at(1_000)),
                verify_url: None,
                code: None,
                holder: None,
                course: None,
            };
            let event = event(EventKind::CertificateReceived);
            let plan = CertificatePlan { job_id: job.id, enrollment_id: course.id, certificate, event };
            world.store.record_certificate(&plan).await.expect("it is written");
        }
    }
}
