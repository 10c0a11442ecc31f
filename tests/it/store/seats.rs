//! Seats of dated starts and their waitlists.

use super::conformance;
use super::world::{World, at};
use chrono::TimeDelta;
use coursevia::domain::enrollment::{Enrollment, Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::ids::{CohortId, StudentId, WaitlistId};
use coursevia::domain::job::{JobKind, Needs};
use coursevia::domain::person::Student;
use coursevia::domain::plan::EnrollmentPlan;
use coursevia::domain::waitlist::WaitlistStatus;
use coursevia::store::{Conflict, FailPoints, Store, StoreError};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::HashMap;
use tokio::task::JoinSet;

conformance! {
    an_enrollment_takes_a_seat_and_its_cancellation_gives_it_back,
    refuses_a_seat_of_a_full_start_and_leaves_nothing,
    the_last_seats_are_sold_once,
    a_pending_enrollment_holds_its_seat_until_its_time_is_over,
    a_seat_whose_payment_is_open_is_not_given_away,
    a_full_start_is_waited_for_in_the_order_of_coming,
    refuses_to_wait_for_what_is_free_or_twice_or_when_enrolled,
    a_seat_that_comes_free_is_offered_to_whoever_waited_longest,
    an_offer_is_taken_once_and_in_time,
    an_accepted_offer_may_hold_the_seat_for_payment,
    a_declined_or_expired_offer_goes_to_the_next,
    whoever_enrolls_elsewhere_waits_no_more,
    a_queue_ends_with_its_start,
    no_seat_is_free_beside_a_queue_whatever_happens,
    a_miscounted_start_is_named,
    a_crowd_at_many_terminals_leaves_no_seat_free_beside_a_queue,
}

const PARTNER: &str = "Milady";

fn student(world: &World, nth: usize) -> Student {
    world.student(&format!("student-{nth}-{}@example.org", world.ids.uuid().simple()))
}

async fn seat(world: &World, nth: usize, cohort: CohortId, minute: i64) -> (Student, Enrollment) {
    let student = student(world, nth);
    let plan = world.seated(&student, PARTNER, cohort, minute).await;
    world.store.enroll(&plan).await.expect("a seat");
    (student, plan.enrollment)
}

async fn queue(world: &World, nth: usize, cohort: CohortId, minute: i64) -> (Student, WaitlistId) {
    let student = student(world, nth);
    let plan = world.joining(&student, cohort, minute).await;
    world.store.join_waitlist(&plan).await.expect("a place");
    (student, plan.entry.id)
}

async fn accepting(
    world: &World,
    student: &Student,
    cohort: CohortId,
    offer: WaitlistId,
    minute: i64,
) -> EnrollmentPlan {
    EnrollmentPlan { offer: Some(offer), ..world.seated(student, PARTNER, cohort, minute).await }
}

async fn cancel(world: &World, course: &Enrollment, minute: i64) {
    let mut plan = world.cancelling(course, &[JobKind::Withdraw]);
    plan.event.at = at(minute);
    world.store.cancel(&plan).await.expect("it cancels");
}

fn is<T>(outcome: &Result<T, StoreError>, conflict: Conflict) -> bool {
    matches!(outcome, Err(StoreError::Conflict(found)) if *found == conflict)
}

async fn status(world: &World, student: &Student, minute: i64) -> Option<(WaitlistStatus, u32)> {
    world.waits(student, minute).await.first().map(|entry| (entry.status, entry.place))
}

async fn an_enrollment_takes_a_seat_and_its_cancellation_gives_it_back(world: &World) {
    let cohort = world.start(PARTNER, 30, 2).await;
    let (maya, course) = seat(world, 0, cohort, 0).await;
    assert_eq!(world.seats(cohort).await.taken, 1);
    let view = world.course(course.id).await;
    assert_eq!(view.cohort.as_ref(), Some(&world.seats(cohort).await));
    assert_eq!(view.student.id, maya.id);
    cancel(world, &course, 1).await;
    assert_eq!(world.seats(cohort).await.taken, 0);
    let again = world.store.cancel(&world.cancelling(&course, &[JobKind::Withdraw])).await;
    assert!(is(&again, Conflict::Changed));
    assert_eq!(world.seats(cohort).await.taken, 0, "a seat is given back once");
}

async fn refuses_a_seat_of_a_full_start_and_leaves_nothing(world: &World) {
    let cohort = world.start(PARTNER, 30, 1).await;
    seat(world, 0, cohort, 0).await;
    let late = student(world, 1);
    let plan = world.seated(&late, PARTNER, cohort, 0).await;
    assert!(is(&world.store.enroll(&plan).await, Conflict::CohortFull));
    assert_eq!(world.store.find_student(late.id).await.expect("it reads"), None);
    assert_eq!(world.store.find_course(plan.enrollment.id).await.expect("it reads"), None);
    assert_eq!(world.seats(cohort).await.taken, 1);
}

/// 32 terminals, each a store of its own, for five seats.
async fn the_last_seats_are_sold_once(world: &World) {
    let cohort = world.start(PARTNER, 30, 5).await;
    let mut stores = Vec::new();
    for _ in 0..8 {
        stores.push(Store::open(&world.url, FailPoints::none()).await.expect("it opens"));
    }
    let mut race = JoinSet::new();
    for nth in 0..32 {
        let (store, student) = (stores[nth % stores.len()].clone(), student(world, nth));
        let plan = world.seated(&student, PARTNER, cohort, 0).await;
        race.spawn(async move { store.enroll(&plan).await });
    }
    let outcomes = race.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 5);
    let full = outcomes.iter().filter(|outcome| is(outcome, Conflict::CohortFull)).count();
    assert_eq!(full, 27, "everybody else is told so: {outcomes:?}");
    assert_eq!(world.seats(cohort).await.taken, 5);
}

async fn hold(world: &World, cohort: CohortId, payment: Payment) -> Enrollment {
    let student = student(world, 7);
    let mut plan = world.seated(&student, PARTNER, cohort, 0).await;
    plan.enrollment.status = Status::Pending;
    plan.enrollment.payment = payment;
    plan.enrollment.hold_until = Some(at(40));
    world.store.enroll(&plan).await.expect("a seat");
    plan.enrollment
}

async fn a_pending_enrollment_holds_its_seat_until_its_time_is_over(world: &World) {
    let cohort = world.start(PARTNER, 30, 1).await;
    let held = hold(world, cohort, Payment::None).await;
    assert_eq!(world.store.next_due_seat().await.expect("it reads"), Some(at(40)));
    let newcomer = student(world, 1);
    let early = world.seated(&newcomer, PARTNER, cohort, 39).await;
    assert!(is(&world.store.enroll(&early).await, Conflict::CohortFull));
    let later = world.seated(&newcomer, PARTNER, cohort, 40).await;
    world.store.enroll(&later).await.expect("the seat was given back");
    assert_eq!(world.course(held.id).await.enrollment.status, Status::Cancelled);
    assert_eq!(world.history(held.id).await, [EventKind::HoldExpired, EventKind::Enrolled]);
    assert_eq!(world.seats(cohort).await.taken, 1);
    assert_eq!(world.settle(100).await, 0);
    while let Some(job) = world.claim(100).await {
        assert_eq!(job.enrollment_id, Some(later.enrollment.id), "nothing is left to do for {held:?}");
    }
}

async fn a_seat_whose_payment_is_open_is_not_given_away(world: &World) {
    let cohort = world.start(PARTNER, 30, 1).await;
    let held = hold(world, cohort, Payment::Open).await;
    assert_eq!(world.settle(1_000).await, 0);
    assert_eq!(world.course(held.id).await.enrollment.status, Status::Pending);
    let newcomer = world.seated(&student(world, 1), PARTNER, cohort, 1_000).await;
    assert!(is(&world.store.enroll(&newcomer).await, Conflict::CohortFull));
}

async fn a_full_start_is_waited_for_in_the_order_of_coming(world: &World) {
    let cohort = world.start(PARTNER, 30, 1).await;
    seat(world, 0, cohort, 0).await;
    // The clock of the second terminal is slow; the queue does not care.
    let (first, entry) = queue(world, 1, cohort, 10).await;
    let (second, _) = queue(world, 2, cohort, 5).await;
    assert_eq!(status(world, &first, 10).await, Some((WaitlistStatus::Waiting, 1)));
    assert_eq!(status(world, &second, 10).await, Some((WaitlistStatus::Waiting, 2)));
    assert_eq!(world.seats(cohort).await.waiting, 2);
    let view = world.store.find_waitlist_entry(entry).await.expect("it reads").expect("an entry");
    assert_eq!((view.program_slug.as_str(), view.partner.as_str()), ("cna-training", PARTNER));
    world.store.leave_waitlist(&world.leaving(entry, 11)).await.expect("it leaves");
    assert_eq!(status(world, &first, 11).await, None);
    assert_eq!(status(world, &second, 11).await, Some((WaitlistStatus::Waiting, 1)));
    assert!(is(&world.store.leave_waitlist(&world.leaving(entry, 12)).await, Conflict::Changed));
}

async fn refuses_to_wait_for_what_is_free_or_twice_or_when_enrolled(world: &World) {
    let cohort = world.start(PARTNER, 30, 1).await;
    let eager = student(world, 1);
    let join = world.joining(&eager, cohort, 0).await;
    assert!(is(&world.store.join_waitlist(&join).await, Conflict::SeatFree));
    assert_eq!(world.store.find_student(eager.id).await.expect("it reads"), None);
    let (owner, _) = seat(world, 0, cohort, 0).await;
    world.store.join_waitlist(&join).await.expect("a place");
    let twice = world.joining(&eager, cohort, 0).await;
    assert!(is(&world.store.join_waitlist(&twice).await, Conflict::AlreadyWaiting));
    let enrolled = world.joining(&owner, cohort, 0).await;
    assert!(is(&world.store.join_waitlist(&enrolled).await, Conflict::LiveEnrollment));
    assert_eq!(world.seats(cohort).await.waiting, 1);
}

async fn a_seat_that_comes_free_is_offered_to_whoever_waited_longest(world: &World) {
    let cohort = world.start(PARTNER, 30, 1).await;
    let (_, course) = seat(world, 0, cohort, 0).await;
    let (first, entry) = queue(world, 1, cohort, 1).await;
    let (second, _) = queue(world, 2, cohort, 2).await;
    cancel(world, &course, 60).await;
    let offer = world.waits(&first, 60).await.remove(0);
    assert_eq!(offer.status, WaitlistStatus::Offered);
    assert_eq!(offer.offer_until, Some(at(60) + TimeDelta::hours(24)));
    assert_eq!(status(world, &second, 60).await, Some((WaitlistStatus::Waiting, 1)));
    assert_eq!(world.seats(cohort).await.taken, 1, "an offer counts as taken");
    assert_eq!(world.store.next_due_seat().await.expect("it reads"), offer.offer_until);
    let newcomer = world.seated(&student(world, 3), PARTNER, cohort, 61).await;
    assert!(is(&world.store.enroll(&newcomer).await, Conflict::CohortFull));
    let mut mails = Vec::new();
    while let Some(job) = world.claim(60).await {
        mails.extend((job.enrollment_id.is_none() && job.needs == Needs::Mail).then_some(job.payload));
    }
    assert_eq!(mails, [serde_json::json!({ "offer": entry })], "told once");
}

async fn an_offer_is_taken_once_and_in_time(world: &World) {
    let cohort = world.start(PARTNER, 30, 2).await;
    let (_, one) = seat(world, 0, cohort, 0).await;
    let (_, other) = seat(world, 1, cohort, 0).await;
    let (quick, taken) = queue(world, 2, cohort, 1).await;
    let (slow, missed) = queue(world, 3, cohort, 1).await;
    cancel(world, &one, 10).await;
    cancel(world, &other, 10).await;
    let stranger = accepting(world, &student(world, 9), cohort, taken, 11).await;
    assert!(is(&world.store.enroll(&stranger).await, Conflict::OfferOver), "somebody else's offer");
    let accept = accepting(world, &quick, cohort, taken, 11).await;
    let again = accepting(world, &quick, cohort, taken, 11).await;
    let (accepted, refused) = tokio::join!(world.store.enroll(&accept), world.store.enroll(&again));
    assert!(accepted.is_ok() != refused.is_ok(), "{accepted:?} {refused:?}");
    assert_eq!(world.courses(quick.id).await.len(), 1);
    assert_eq!(world.seats(cohort).await.taken, 2);
    assert_eq!(status(world, &quick, 12).await, None, "it is an enrollment now");
    let late = accepting(world, &slow, cohort, missed, 10 + 24 * 60).await;
    assert!(is(&world.store.enroll(&late).await, Conflict::OfferOver));
    assert_eq!(world.settle(10 + 24 * 60).await, 1);
    assert_eq!(world.seats(cohort).await.taken, 1);
    assert_eq!(status(world, &slow, 11 + 24 * 60).await, Some((WaitlistStatus::Expired, 0)));
}

async fn an_accepted_offer_may_hold_the_seat_for_payment(world: &World) {
    let cohort = world.start(PARTNER, 30, 1).await;
    let (_, course) = seat(world, 0, cohort, 0).await;
    let (payer, offer) = queue(world, 1, cohort, 1).await;
    let (next, _) = queue(world, 2, cohort, 2).await;
    cancel(world, &course, 10).await;
    let mut plan = accepting(world, &payer, cohort, offer, 11).await;
    plan.enrollment.status = Status::Pending;
    plan.enrollment.hold_until = Some(at(51));
    world.store.enroll(&plan).await.expect("the seat is held");
    assert_eq!(world.settle(50).await, 0);
    assert_eq!(world.settle(51).await, 1);
    assert_eq!(world.course(plan.enrollment.id).await.enrollment.status, Status::Cancelled);
    assert_eq!(status(world, &next, 51).await, Some((WaitlistStatus::Offered, 0)));
    assert_eq!(world.seats(cohort).await.taken, 1);
}

async fn a_declined_or_expired_offer_goes_to_the_next(world: &World) {
    let cohort = world.start(PARTNER, 30, 1).await;
    let (_, course) = seat(world, 0, cohort, 0).await;
    let (first, entry) = queue(world, 1, cohort, 1).await;
    let (second, _) = queue(world, 2, cohort, 2).await;
    let (third, _) = queue(world, 3, cohort, 3).await;
    cancel(world, &course, 10).await;
    world.store.leave_waitlist(&world.leaving(entry, 20)).await.expect("it is declined");
    assert_eq!(status(world, &first, 20).await, None);
    assert_eq!(status(world, &second, 20).await, Some((WaitlistStatus::Offered, 0)));
    assert_eq!(world.settle(20 + 24 * 60).await, 1);
    assert_eq!(status(world, &second, 20 + 24 * 60).await, Some((WaitlistStatus::Expired, 0)));
    assert_eq!(status(world, &third, 20 + 24 * 60).await, Some((WaitlistStatus::Offered, 0)));
    assert_eq!(world.settle(20 + 48 * 60).await, 1);
    assert_eq!((world.seats(cohort).await.taken, world.seats(cohort).await.waiting), (0, 0));
    let newcomer = world.seated(&student(world, 4), PARTNER, cohort, 20 + 48 * 60).await;
    world.store.enroll(&newcomer).await.expect("nobody waits any more");
}

async fn whoever_enrolls_elsewhere_waits_no_more(world: &World) {
    let (cohort, other) = (world.start(PARTNER, 30, 1).await, world.start(PARTNER, 60, 1).await);
    let (_, course) = seat(world, 0, cohort, 0).await;
    seat(world, 1, other, 0).await;
    let (maya, _) = queue(world, 2, cohort, 1).await;
    world.store.join_waitlist(&world.joining(&maya, other, 2).await).await.expect("a place");
    let (next, _) = queue(world, 3, cohort, 3).await;
    cancel(world, &course, 10).await;
    assert_eq!(status(world, &next, 10).await, Some((WaitlistStatus::Waiting, 1)));
    let mut elsewhere = world.plan(&maya, "cna-training", Some("Certiport")).await;
    elsewhere.event.at = at(20);
    world.store.enroll(&elsewhere).await.expect("it enrolls");
    assert_eq!(world.waits(&maya, 20).await, []);
    assert_eq!(status(world, &next, 20).await, Some((WaitlistStatus::Offered, 0)), "the seat went on");
    assert_eq!((world.seats(cohort).await.taken, world.seats(other).await.waiting), (1, 0));
}

async fn a_queue_ends_with_its_start(world: &World) {
    let cohort = world.start(PARTNER, 1, 1).await;
    let (_, course) = seat(world, 0, cohort, 0).await;
    let (first, _) = queue(world, 1, cohort, 1).await;
    let (second, _) = queue(world, 2, cohort, 2).await;
    cancel(world, &course, 30 * 60).await;
    let offer = world.waits(&first, 30 * 60).await.remove(0);
    assert_eq!(offer.offer_until, Some(offer.cohort.closes_at()), "not beyond the first day");
    let days_later = 4 * 24 * 60;
    assert!(world.settle(days_later).await > 0);
    assert_eq!(status(world, &first, days_later).await, Some((WaitlistStatus::Expired, 0)));
    assert_eq!(status(world, &second, days_later).await, Some((WaitlistStatus::Closed, 0)));
    let late = world.joining(&student(world, 3), cohort, days_later).await;
    assert!(is(&world.store.join_waitlist(&late).await, Conflict::Changed));
}

/// What can happen to a start.
#[derive(Clone, Copy, Debug)]
enum Step {
    Enroll { by: usize, pays: bool },
    Cancel { by: usize },
    Join { by: usize },
    Answer { by: usize, accepts: bool },
    TimePasses { minutes: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let by = 0_usize..5;
    let step = prop_oneof![
        (by.clone(), any::<bool>()).prop_map(|(by, pays)| Step::Enroll { by, pays }),
        by.clone().prop_map(|by| Step::Cancel { by }),
        by.clone().prop_map(|by| Step::Join { by }),
        (by, any::<bool>()).prop_map(|(by, accepts)| Step::Answer { by, accepts }),
        (1_i64..1_000).prop_map(|minutes| Step::TimePasses { minutes }),
    ];
    prop::collection::vec(step, 1..30)
}

/// Five students and a start with two seats, at random.
async fn no_seat_is_free_beside_a_queue_whatever_happens(world: &World) {
    let runtime = tokio::runtime::Handle::current();
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    tokio::task::block_in_place(|| {
        TestRunner::new(config)
            .run(&steps(), |steps| {
                runtime.block_on(play(world, &steps));
                Ok(())
            })
            .expect("it always holds");
    });
}

async fn play(world: &World, steps: &[Step]) {
    let cohort = world.start(PARTNER, 5, 2).await;
    let mut people = Vec::new();
    for nth in 0..5 {
        people.push(student(world, nth));
    }
    let (mut minute, mut seated) = (0, HashMap::<StudentId, Enrollment>::new());
    for step in steps {
        step_once(world, cohort, &people, *step, &mut minute, &mut seated).await;
        holds(world, cohort, &people, minute, step).await;
    }
    world.settle(minute).await;
    holds(world, cohort, &people, minute, steps).await;
}

async fn step_once(
    world: &World,
    cohort: CohortId,
    people: &[Student],
    step: Step,
    minute: &mut i64,
    seated: &mut HashMap<StudentId, Enrollment>,
) {
    let expected = |outcome: Result<(), StoreError>| match outcome {
        Ok(()) => true,
        Err(StoreError::Conflict(conflict)) if conflict != Conflict::Other => false,
        Err(error) => panic!("{step:?}: {error:?}"),
    };
    match step {
        Step::TimePasses { minutes } => {
            *minute += minutes;
            world.settle(*minute).await;
        }
        Step::Enroll { by, pays } => {
            let mut plan = world.seated(&people[by], PARTNER, cohort, *minute).await;
            if pays {
                plan.enrollment.status = Status::Pending;
                plan.enrollment.hold_until = Some(at(*minute + 40));
            }
            if expected(world.store.enroll(&plan).await) {
                seated.insert(people[by].id, plan.enrollment);
            }
        }
        Step::Cancel { by } => {
            if let Some(course) = seated.get(&people[by].id) {
                let mut plan = world.cancelling(course, &[JobKind::Withdraw]);
                plan.event.at = at(*minute);
                expected(world.store.cancel(&plan).await);
            }
        }
        Step::Join { by } => {
            expected(world.store.join_waitlist(&world.joining(&people[by], cohort, *minute).await).await);
        }
        Step::Answer { by, accepts } => {
            let Some(entry) = world.waits(&people[by], *minute).await.into_iter().next() else { return };
            let id = entry.entry.id;
            if accepts {
                let plan = accepting(world, &people[by], cohort, id, *minute).await;
                if expected(world.store.enroll(&plan).await) {
                    seated.insert(people[by].id, plan.enrollment);
                }
            } else {
                expected(world.store.leave_waitlist(&world.leaving(id, *minute)).await);
            }
        }
    }
}

async fn a_miscounted_start_is_named(world: &World) {
    let cohort = world.start(PARTNER, 30, 3).await;
    world.start(PARTNER, 31, 3).await;
    seat(world, 0, cohort, 0).await;
    let count = world.store.count_seats().await.expect("it reads");
    assert_eq!((count.starts, count.wrong), (2, 0));
    world.execute("UPDATE cohorts SET taken = 2 WHERE taken = 1").await;
    let count = world.store.count_seats().await.expect("it reads");
    assert_eq!((count.starts, count.wrong), (2, 1));
    let day = world.seats(cohort).await.starts_on;
    assert_eq!(count.examples[0].as_str(), format!("CNA Training via Milady on {day}: 2 instead of 1"));
}

/// Twelve students at terminals of their own, all at once: whoever gets no seat waits, whoever has
/// one gives it up again, and every second offer is declined.
async fn a_crowd_at_many_terminals_leaves_no_seat_free_beside_a_queue(world: &World) {
    let cohort = world.start(PARTNER, 5, 2).await;
    let mut people = Vec::new();
    for nth in 0..12 {
        people.push(student(world, nth));
    }
    let visits = people.iter().enumerate().map(|(nth, student)| async move {
        let own = World::at(&world.url, FailPoints::none()).await;
        let mut seated = HashMap::new();
        for round in 0..6 {
            let by = 0;
            let step = match (nth + round) % 4 {
                0 => Step::Enroll { by, pays: round % 2 == 0 },
                1 => Step::Join { by },
                2 => Step::Answer { by, accepts: nth % 2 == 0 },
                _ => Step::Cancel { by },
            };
            let people = std::slice::from_ref(student);
            step_once(&own, cohort, people, step, &mut 10, &mut seated).await;
        }
    });
    futures_util::future::join_all(visits).await;
    world.settle(10).await;
    holds(world, cohort, &people, 10, "the crowd").await;
}

async fn holds(
    world: &World,
    cohort: CohortId,
    people: &[Student],
    minute: i64,
    after: impl std::fmt::Debug,
) {
    let (mut held, mut waiting) = (0, 0);
    for student in people {
        let courses = world.courses(student.id).await;
        let here = |course: &&coursevia::domain::views::CourseView| {
            course.enrollment.cohort_id == Some(cohort) && course.enrollment.status != Status::Cancelled
        };
        let seats = courses.iter().filter(here).count();
        assert!(seats <= 1, "two seats for one student after {after:?}");
        held += seats;
        for entry in world.waits(student, minute).await {
            held += usize::from(entry.status == WaitlistStatus::Offered);
            waiting += usize::from(entry.status == WaitlistStatus::Waiting);
            assert!(!(seats == 1 && entry.status.is_live()), "waits and sits after {after:?}");
        }
    }
    let start = world.seats(cohort).await;
    assert_eq!(usize::try_from(start.taken), Ok(held), "after {after:?}");
    assert!(start.taken <= start.seats, "oversold after {after:?}");
    assert_eq!(usize::try_from(start.waiting), Ok(waiting), "after {after:?}");
    let open = start.is_open(at(minute));
    assert!(!open || waiting == 0 || start.seats_left() == 0, "a free seat beside a queue after {after:?}");
}
