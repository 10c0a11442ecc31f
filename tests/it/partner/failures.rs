//! Bad days: every failure the sandbox can play, and what the client makes of it.

use super::world::{
    World, answering, at, browser, enrolled, json, launching, maya, partners_with, quick, sandboxed,
    with_headers, world,
};
use coursevia::domain::web::WebUrl;
use coursevia::partner::{HttpLimits, PartnerError, Partners};
use coursevia::platform::{Clock, IdSource, Secrets};
use std::time::Duration;

async fn enroll(world: &World, key: &str) -> Result<coursevia::domain::text::Text, PartnerError> {
    let access = sandboxed("hsi");
    let account = world.partners.create_account(&access, &maya(), "account-1").await?;
    world.partners.enroll(&access, &account.external_account_id, &"CNA-101".into(), key).await
}

#[tokio::test]
async fn a_lost_500_doubles_nothing_when_the_job_tries_again() {
    let world = world().await;
    world.fail("500-then-success").await;
    let access = sandboxed("hsi");
    let first = world.partners.create_account(&access, &maya(), "account-1").await;
    assert_eq!(first, Err(PartnerError::Server { status: 500 }));
    assert!(first.expect_err("a failure").is_transient());
    assert_eq!(enroll(&world, "e").await, Err(PartnerError::Server { status: 500 }));
    let enrollment = enroll(&world, "e").await.expect("the second try");
    assert_eq!(world.enrollments().await.len(), 1);
    // A read tries again by itself.
    world.partners.progress(&access, &enrollment).await.expect("the second try");
}

#[tokio::test]
async fn a_partner_that_never_answers_times_out_and_is_asked_again_without_harm() {
    let world = world().await;
    let access = sandboxed("hsi");
    let (account, enrollment) = enrolled(&world, &access).await;
    let limits = HttpLimits { total: Duration::from_millis(300), get_attempts: 2, ..quick() };
    let hasty =
        Partners::new(Secrets::default(), Some(world.sandbox.url()), limits, Clock::System, IdSource::Random)
            .expect("good profiles");
    world.fail("timeout").await;
    let course = "CNA-102".into();
    let late = hasty.enroll(&access, &account, &course, "late").await.expect_err("no answer");
    assert_eq!(late, PartnerError::TimedOut);
    assert!(late.is_transient());
    assert_eq!(hasty.progress(&access, &enrollment).await, Err(PartnerError::TimedOut));
    world.fail("").await;
    for _ in 0..2 {
        world.partners.enroll(&access, &account, &course, "late").await.expect("an enrollment");
    }
    assert_eq!(world.enrollments().await.len(), 2, "the first and the late one");
}

#[tokio::test]
async fn the_same_request_from_many_terminals_at_once_enrolls_once() {
    let world = world().await;
    let access = sandboxed("nrf");
    let account = world.partners.create_account(&access, &maya(), "a").await.expect("an account");
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (partners, access) = (world.partners.clone(), access.clone());
            let account = account.external_account_id.clone();
            tokio::spawn(async move { partners.enroll(&access, &account, &"CS-1".into(), "same").await })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for task in tasks {
        ids.insert(task.await.expect("no panic").expect("an enrollment"));
    }
    assert_eq!((ids.len(), world.enrollments().await.len()), (1, 1));
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let world = world().await;
    world.fail("slow").await;
    let account = world.partners.create_account(&sandboxed("nrf"), &maya(), "a").await;
    assert!(account.is_ok(), "{account:?}");
}

#[tokio::test]
async fn half_an_answer_is_said_to_be_one() {
    let world = world().await;
    let access = sandboxed("milady");
    let (_, enrollment) = enrolled(&world, &access).await;
    world.fail("truncated-json").await;
    let half = world.partners.progress(&access, &enrollment).await.expect_err("half an answer");
    assert!(matches!(half, PartnerError::BadAnswer { .. }) && half.is_transient(), "{half:?}");
}

#[tokio::test]
async fn a_request_that_arrives_twice_enrolls_once() {
    let world = world().await;
    world.fail("duplicate-delivery").await;
    enroll(&world, "twice").await.expect("an enrollment");
    assert_eq!(world.enrollments().await.len(), 1);
}

#[tokio::test]
async fn a_partner_that_is_down_is_said_to_be_down() {
    let world = world().await;
    world.fail("partner-down").await;
    let down = enroll(&world, "e").await.expect_err("down");
    assert_eq!(down, PartnerError::Server { status: 503 });
    assert_eq!(down.code(), "partner_down");
    assert!(world.enrollments().await.is_empty());
}

#[tokio::test]
async fn an_expired_link_says_what_to_do() {
    let world = world().await;
    let access = sandboxed("certiport");
    let (account, enrollment) = enrolled(&world, &access).await;
    world.fail("expired-link").await;
    let course = "CNA-101".into();
    let link =
        world.partners.launch(&access, &launching(&account, &enrollment, &course)).await.expect("a link");
    let page = world.http.get(link.expose().as_str()).send().await.expect("a page");
    assert_eq!(page.status(), 410);
    assert!(page.text().await.expect("text").contains("Open the course again from coursevia"));
}

#[tokio::test]
async fn reads_are_repeated_and_posts_are_not() {
    let (url, heard) = answering(|_| json("503 Service Unavailable", "{}")).await;
    let partners = partners_with(quick());
    let down = partners.progress(&at(&url), &"E-1".into()).await;
    assert_eq!(down, Err(PartnerError::Server { status: 503 }));
    assert_eq!(std::mem::take(&mut *heard.lock().expect("the list")).len(), 3);
    assert!(partners.enroll(&at(&url), &"A".into(), &"C".into(), "k").await.is_err());
    assert!(partners.withdraw(&at(&url), &"E-1".into()).await.is_err());
    assert_eq!(heard.lock().expect("the list").len(), 2);
}

#[tokio::test]
async fn a_short_retry_after_is_kept_and_a_long_one_is_passed_on() {
    let (url, heard) = answering(|turn| match turn {
        0 => with_headers("429 Too Many Requests", "Retry-After: 1\r\n", ""),
        1 => json("200 OK", r#"{"progressPercentage": "45.9", "status": "in_progress"}"#),
        _ => with_headers("429 Too Many Requests", "Retry-After: 600\r\n", ""),
    })
    .await;
    let partners = partners_with(quick());
    let before = tokio::time::Instant::now();
    let report = partners.progress(&at(&url), &"E-1".into()).await.expect("the second try");
    assert!(before.elapsed() >= Duration::from_secs(1));
    assert_eq!(report.percent.map(coursevia::domain::progress::Percent::get), Some(45));
    let busy = partners.progress(&at(&url), &"E-1".into()).await.expect_err("busy");
    assert_eq!(busy, PartnerError::RateLimited { retry_after: Some(Duration::from_mins(10)) });
    assert!(busy.to_string().contains("10 minutes"), "{busy}");
    assert_eq!(heard.lock().expect("the list").len(), 3, "no early second try");
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let url = WebUrl::parse(&format!("http://127.0.0.1:{port}")).expect("an address");
    let gone = partners_with(quick()).progress(&at(&url), &"E-1".into()).await;
    assert_eq!(gone, Err(PartnerError::Unreachable));
}

#[tokio::test]
async fn an_unknown_failure_is_refused_with_the_choices() {
    let world = world().await;
    let answer = world.control("fail", serde_json::json!({"fail": "fire"})).await;
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.expect("text").contains("partner-down"));
    let now = browser().get(format!("{}_control/fail", world.sandbox.url())).send().await.expect("an answer");
    assert_eq!(now.text().await.expect("text"), r#"{"fail":""}"#);
}
