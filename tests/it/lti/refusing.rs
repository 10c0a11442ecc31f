//! What is refused, and where that is said: to the tool only when it is known to be one.

use super::world::{CERTIPORT, MILADY, World};
use crate::support::lti::{Hints, asks, later, opens, question, times_told, with_clock_at};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::partner::lti::LtiPlatform;
use coursevia::service::lti::{LtiAnswer, LtiStop};
use coursevia::store::StoreError;

fn stop(answer: LtiAnswer) -> LtiStop {
    match answer {
        LtiAnswer::Stopped { stop, back: None } => stop,
        other => panic!("{other:?}"),
    }
}

/// A page that says to open the course again, and lets the student go back to the tool.
fn is_over(answer: &LtiAnswer) -> bool {
    matches!(answer, LtiAnswer::Stopped { stop: LtiStop::Over, back: Some(form) } if form.error == "login_required")
}

fn error(answer: LtiAnswer) -> &'static str {
    match answer {
        LtiAnswer::Error(form) => {
            assert_eq!(form.action.as_str(), crate::support::lti::REDIRECT);
            form.error
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_address_hears_nothing() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let hints = world.begun(course).await;
    for foreign in [
        "",
        "https://tool.example/launch/",
        "https://tool.example/launc",
        "https://tool.example/launch?x=1",
        "https://tool.example/Launch",
        "https://TOOL.example/launch",
        "https://tool.example:443/launch",
        "https://tool.example:8443/launch",
        "http://tool.example/launch",
        "https://tool.example.evil.example/launch",
        "https://evil.example/launch",
        "https://tool.example@evil.example/launch",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ] {
        assert_eq!(
            stop(world.asks_but(&hints, "redirect_uri", foreign).await),
            LtiStop::ForeignAddress,
            "{foreign}"
        );
    }
    let fine = world.asks_but(&hints, "redirect_uri", "https://tool.example/other?x=1").await;
    assert!(matches!(fine, LtiAnswer::Token(_)), "every registered address is one: {fine:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_tool_that_was_launched_is_answered() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let hints = world.begun(course).await;
    for client in ["", "nobody", MILADY, "CLIENT-OF-CERTIPORT", "client-of-certiport "] {
        assert_eq!(
            stop(world.asks_but(&hints, "client_id", client).await),
            LtiStop::UnknownClient,
            "{client}"
        );
    }
    assert_eq!(times_told(&world.services, course.1).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_are_of_one_student_and_one_launch() {
    let world = World::new().await;
    let (maya, ben) = (world.enroll("maya@example.org").await, world.enroll("ben@example.org").await);
    let (mine, again, his) = (world.begun(maya).await, world.begun(maya).await, world.begun(ben).await);
    for other in [&again, &his] {
        let mixed = Hints { login: mine.login.clone(), message: other.message.clone() };
        assert_eq!(error(asks(&world.services, &question(CERTIPORT, &mixed)).await), "invalid_request");
    }
    assert_eq!(error(world.asks_but(&mine, "lti_message_hint", "").await), "invalid_request");
    let swapped = Hints { login: mine.message.clone(), message: mine.login.clone() };
    assert_eq!(stop(asks(&world.services, &question(CERTIPORT, &swapped)).await), LtiStop::Unknown);
    for odd in ["", "x", "1 OR 1=1", &maya.1.to_string(), &"0".repeat(64)] {
        assert_eq!(stop(world.asks_but(&mine, "login_hint", odd).await), LtiStop::Unknown, "{odd}");
    }
    assert_eq!(times_told(&world.services, maya.1).await + times_told(&world.services, ben.1).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tool_that_asks_wrongly_is_told_so_and_may_ask_again() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let hints = world.begun(course).await;
    for (name, value, wanted) in [
        ("nonce", "", "invalid_request"),
        ("response_type", "code", "unsupported_response_type"),
        ("response_mode", "query", "invalid_request"),
        ("scope", "email", "invalid_scope"),
        ("prompt", "login", "invalid_request"),
    ] {
        assert_eq!(error(world.asks_but(&hints, name, value).await), wanted, "{name}");
    }
    let answer = asks(&world.services, &question(CERTIPORT, &hints)).await;
    assert!(matches!(answer, LtiAnswer::Token(_)), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_step_works_once_and_in_time() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let url = world.launch(course).await;
    let token = LtiPlatform::token_of(url.expose()).expect("one of ours");
    assert_eq!(later(&world.services).lti_initiate(token).await, Err(LtiStop::Over));
    let hints = opens(&world.services, &url).await;
    assert_eq!(world.services.lti_initiate(token).await, Err(LtiStop::Over));
    for odd in ["", "x", &"a".repeat(64), &"A".repeat(64), "../../etc/passwd"] {
        assert_eq!(world.services.lti_initiate(odd).await, Err(LtiStop::Unknown), "{odd}");
    }
    let asked = question(CERTIPORT, &hints);
    assert!(is_over(&asks(&later(&world.services), &asked).await), "expired");
    assert!(matches!(asks(&world.services, &asked).await, LtiAnswer::Token(_)));
    assert!(is_over(&asks(&world.services, &asked).await), "replayed");
    assert_eq!(times_told(&world.services, course.1).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_whose_clocks_differ_a_little_open_courses_together() {
    for minutes in [-5, 4] {
        let world = World::new().await;
        let course = world.enroll("maya@example.org").await;
        let hints = world.begun(course).await;
        let other = with_clock_at(&world.services, TimeDelta::minutes(minutes));
        let answer = asks(&other, &question(CERTIPORT, &hints)).await;
        assert!(matches!(answer, LtiAnswer::Token(_)), "{minutes}: {answer:?}");
    }
    // Ahead by as long as a launch lasts: the page says that it is over, and nothing is left half done.
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let hints = world.begun(course).await;
    let ahead = with_clock_at(&world.services, TimeDelta::minutes(5));
    assert!(is_over(&asks(&ahead, &question(CERTIPORT, &hints)).await));
    assert_eq!(times_told(&world.services, course.1).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_enrollment_opens_at_no_step() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let url = world.launch(course).await;
    let hints = world.begun(course).await;
    world.services.cancel(course.0, course.1).await.expect("cancelled");
    let token = LtiPlatform::token_of(url.expose()).expect("one of ours");
    let refused = world.services.lti_initiate(token).await.expect_err("cancelled");
    assert!(refused.to_string().contains("was cancelled"), "{refused}");
    let refused = stop(asks(&world.services, &question(CERTIPORT, &hints)).await);
    assert!(refused.to_string().contains("was cancelled"), "{refused}");
    assert_eq!(times_told(&world.services, course.1).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_owner_launches() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let (ben, _) = world.enroll("ben@example.org").await;
    let refused = world.backend.launch(&world.services, ben, course.1).await.expect_err("not Ben's");
    assert_eq!(refused.code(), "not_yours");
    assert!(world.backend.launch(&world.services, Actor::System, course.1).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_it_is_said_how_to_make_one() {
    let world = World::unready().await;
    let course = world.enroll("maya@example.org").await;
    let refused = world.backend.launch(&world.services, course.0, course.1).await.expect_err("no key");
    assert_eq!(refused.code(), "lti_key_missing");
    assert!(refused.to_string().contains("coursevia lti keys --new"), "{refused}");
    crate::support::lti::put_key(&world.backend.config().lti.key_file);
    let hints = world.begun(course).await;
    std::fs::remove_file(&world.backend.config().lti.key_file).expect("removed");
    let answer = stop(asks(&world.services, &question(CERTIPORT, &hints)).await);
    assert!(matches!(answer, LtiStop::NotNow(_)), "{answer:?}");
    assert_eq!(times_told(&world.services, course.1).await, 0, "the hint still works");
    crate::support::lti::put_key(&world.backend.config().lti.key_file);
    assert!(matches!(asks(&world.services, &question(CERTIPORT, &hints)).await, LtiAnswer::Token(_)));
}

#[test]
fn a_broken_database_is_no_reason_to_trust() {
    assert!(matches!(LtiStop::from(StoreError::Busy), LtiStop::NotNow(_)));
}
