//! LTI 1.3 launches: every step once, in time, and only while the enrollment stands.

use super::conformance;
use super::world::{World, at};
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::Enrollment;
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::lti::{Digest, LtiInitiation, LtiUse, NewLtiLaunch};
use coursevia::domain::plan::AccountPlan;
use coursevia::domain::views::PartnerAccount;
use coursevia::store::{Conflict, StoreError};

conformance! {
    an_address_opens_once,
    an_address_that_ran_out_opens_nothing,
    hints_work_once,
    hints_that_ran_out_work_no_more,
    hints_of_two_launches_do_not_mix,
    of_two_at_once_one_is_answered,
    a_cancelled_enrollment_is_not_opened,
    a_use_keeps_the_launch_and_what_was_told,
    the_subject_stays_the_same,
    an_account_from_before_is_not_the_subject,
    an_advisor_is_remembered,
    old_launches_are_forgotten_and_young_ones_kept,
}

/// Digests of one launch, told apart by a number.
pub(super) struct Digests {
    pub initiate: Digest,
    pub login_hint: Digest,
    pub message_hint: Digest,
}

pub(super) fn digests(number: u8) -> Digests {
    let digest = |kind: u8| {
        let mut bytes = [number; 32];
        bytes[0] = kind;
        Digest::new(bytes)
    };
    Digests { initiate: digest(1), login_hint: digest(2), message_hint: digest(3) }
}

pub(super) fn beginning(world: &World, course: &Enrollment, number: u8) -> NewLtiLaunch {
    NewLtiLaunch {
        id: world.ids.new_id(),
        enrollment_id: course.id,
        student_id: course.student_id,
        provider_id: course.delivery.expect("a partner").provider_id,
        actor: Actor::Student(course.student_id),
        initiate: digests(number).initiate,
        at: at(0),
        expires_at: at(5),
    }
}

pub(super) fn initiation(number: u8, minute: i64) -> LtiInitiation {
    let Digests { initiate, login_hint, message_hint } = digests(number);
    LtiInitiation { initiate, login_hint, message_hint, at: at(minute) }
}

pub(super) fn using(world: &World, course: &Enrollment, number: u8, minute: i64) -> LtiUse {
    let event = |kind| Event { at: at(minute), ..world.event(kind, Some(course)) };
    let Digests { login_hint, message_hint, .. } = digests(number);
    LtiUse {
        login_hint,
        message_hint,
        at: at(minute),
        enrollment_id: course.id,
        launch_id: world.ids.new_id(),
        actor: Actor::Student(course.student_id),
        subject: format!("subject-{number}").as_str().into(),
        begins: true,
        launched: event(EventKind::Launched),
        disclosed: Event { payload: serde_json::json!({ "told": ["sub"] }), ..event(EventKind::Disclosed) },
    }
}

async fn begin(world: &World, course: &Enrollment, number: u8) {
    world.store.begin_lti_launch(&beginning(world, course, number)).await.expect("it is written");
    world.store.initiate_lti_launch(&initiation(number, 1)).await.expect("it is written");
}

fn is_refused<T: std::fmt::Debug>(result: &Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Conflict(Conflict::Changed))), "{result:?}");
}

async fn an_address_opens_once(world: &World) {
    let maya = world.maya().await;
    world.store.begin_lti_launch(&beginning(world, &maya, 1)).await.expect("it is written");
    let find = || async {
        let found = world.store.find_lti_launch_by_address(&digests(1).initiate).await;
        found.expect("it reads").expect("it is there")
    };
    assert_eq!((find().await.initiated_at, find().await.message_hint), (None, None));
    world.store.initiate_lti_launch(&initiation(1, 1)).await.expect("it is written");
    is_refused(&world.store.initiate_lti_launch(&initiation(1, 2)).await);
    let found = find().await;
    assert_eq!((found.initiated_at, found.message_hint), (Some(at(1)), Some(digests(1).message_hint)));
    assert_eq!((found.enrollment_id, found.student_id), (maya.id, maya.student_id));
    assert_eq!((found.actor, found.expires_at), (Actor::Student(maya.student_id), at(5)));
    let by_hint = world.store.find_lti_launch_by_hint(&digests(1).login_hint).await.expect("it reads");
    assert_eq!(by_hint, Some(found));
    let none = world.store.find_lti_launch_by_hint(&digests(2).login_hint).await.expect("it reads");
    assert_eq!(none, None);
}

async fn an_address_that_ran_out_opens_nothing(world: &World) {
    let maya = world.maya().await;
    world.store.begin_lti_launch(&beginning(world, &maya, 1)).await.expect("it is written");
    is_refused(&world.store.initiate_lti_launch(&initiation(1, 5)).await);
    is_refused(&world.store.initiate_lti_launch(&initiation(2, 1)).await);
}

async fn hints_work_once(world: &World) {
    let maya = world.maya().await;
    begin(world, &maya, 1).await;
    world.store.use_lti_launch(&using(world, &maya, 1, 2)).await.expect("it is written");
    is_refused(&world.store.use_lti_launch(&using(world, &maya, 1, 2)).await);
    assert_eq!(count(world, &maya, EventKind::Launched).await, 1);
}

async fn hints_that_ran_out_work_no_more(world: &World) {
    let maya = world.maya().await;
    begin(world, &maya, 1).await;
    is_refused(&world.store.use_lti_launch(&using(world, &maya, 1, 5)).await);
    assert!(!world.course(maya.id).await.launched);
}

async fn hints_of_two_launches_do_not_mix(world: &World) {
    let maya = world.maya().await;
    let other = world.enroll(&world.student("ben@example.org"), "cna-training", Some("Certiport")).await;
    begin(world, &maya, 1).await;
    begin(world, &other, 2).await;
    let mixed = LtiUse { message_hint: digests(2).message_hint, ..using(world, &maya, 1, 2) };
    is_refused(&world.store.use_lti_launch(&mixed).await);
    let elsewhere = LtiUse { enrollment_id: other.id, ..using(world, &maya, 1, 2) };
    is_refused(&world.store.use_lti_launch(&elsewhere).await);
    world.store.use_lti_launch(&using(world, &maya, 1, 2)).await.expect("its own still works");
}

async fn of_two_at_once_one_is_answered(world: &World) {
    let maya = world.maya().await;
    begin(world, &maya, 1).await;
    let (one, two) = (using(world, &maya, 1, 2), using(world, &maya, 1, 2));
    let (one, two) = tokio::join!(world.store.use_lti_launch(&one), world.store.use_lti_launch(&two));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(count(world, &maya, EventKind::Disclosed).await, 1);
}

async fn a_cancelled_enrollment_is_not_opened(world: &World) {
    let maya = world.maya().await;
    begin(world, &maya, 1).await;
    let standing = world.course(maya.id).await.enrollment;
    world.store.cancel(&world.cancelling(&standing, &[])).await.expect("it cancels");
    is_refused(&world.store.use_lti_launch(&using(world, &maya, 1, 2)).await);
    assert_eq!(count(world, &maya, EventKind::Disclosed).await, 0);
}

async fn a_use_keeps_the_launch_and_what_was_told(world: &World) {
    let maya = world.maya().await;
    begin(world, &maya, 1).await;
    assert!(!world.course(maya.id).await.launched, "nothing was opened yet");
    let subject = world.store.use_lti_launch(&using(world, &maya, 1, 2)).await.expect("it is written");
    assert_eq!(subject.as_str(), "subject-1");
    let view = world.course(maya.id).await;
    assert!(view.launched);
    assert_eq!(view.enrollment.last_accessed_at, Some(at(2)));
    assert_eq!(view.account, None, "the tool has made no account that we know of");
    for kind in [EventKind::Launched, EventKind::Disclosed, EventKind::Started] {
        assert_eq!(count(world, &maya, kind).await, 1, "{kind:?}");
    }
}

async fn the_subject_stays_the_same(world: &World) {
    let maya = world.maya().await;
    let other = world.enroll(&world.student("ben@example.org"), "cna-training", Some("Certiport")).await;
    let mut subjects = Vec::new();
    for (number, course) in [(1, &maya), (2, &maya), (3, &other)] {
        begin(world, course, number).await;
        let used = world.store.use_lti_launch(&using(world, course, number, 2)).await;
        subjects.push(used.expect("it is written").to_string());
    }
    assert_eq!(subjects, ["subject-1", "subject-1", "subject-3"]);
}

async fn an_account_from_before_is_not_the_subject(world: &World) {
    let maya = world.maya().await;
    let account = PartnerAccount { external_account_id: "u-7".into(), username: None };
    let plan = AccountPlan { id: world.ids.new_id(), enrollment_id: maya.id, account, at: at(0) };
    world.store.record_account(&plan).await.expect("it is written");
    begin(world, &maya, 1).await;
    let subject = world.store.use_lti_launch(&using(world, &maya, 1, 2)).await.expect("it is written");
    assert_eq!(subject.as_str(), "subject-1", "what stood for them elsewhere is told to no tool");
    let account = world.course(maya.id).await.account.expect("an account");
    assert_eq!(account.external_account_id.as_str(), "u-7", "and stays what it was");
}

async fn an_advisor_is_remembered(world: &World) {
    let maya = world.maya().await;
    let actor = Actor::Advisor { advisor: world.ids.new_id(), student: maya.student_id };
    let plan = NewLtiLaunch { actor, ..beginning(world, &maya, 1) };
    world.store.begin_lti_launch(&plan).await.expect("it is written");
    let found = world.store.find_lti_launch_by_address(&digests(1).initiate).await.expect("it reads");
    assert_eq!(found.expect("it is there").actor, actor);
}

async fn old_launches_are_forgotten_and_young_ones_kept(world: &World) {
    const DAY: i64 = 24 * 60;
    let maya = world.maya().await;
    begin(world, &maya, 1).await;
    let later = |number, minute| NewLtiLaunch {
        at: at(minute),
        expires_at: at(minute + 5),
        ..beginning(world, &maya, number)
    };
    let stands = |number| async move {
        world.store.find_lti_launch_by_address(&digests(number).initiate).await.expect("it reads").is_some()
    };
    world.store.begin_lti_launch(&later(2, DAY)).await.expect("it is written");
    assert!(stands(1).await, "a late request still hears what happened");
    world.store.begin_lti_launch(&later(3, DAY + 6)).await.expect("it is written");
    assert!(!stands(1).await && stands(2).await && stands(3).await);
}

async fn count(world: &World, course: &Enrollment, kind: EventKind) -> usize {
    world.history(course.id).await.into_iter().filter(|happened| *happened == kind).count()
}
