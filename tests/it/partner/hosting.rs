//! Several processes, one sandbox.

use super::world::{answering, browser, enrolled, options, quick, sandboxed, world, world_with};
use coursevia::partner::Partners;
use coursevia::platform::{Clock, IdSource, Secrets};
use coursevia::sandbox::{Sandbox, SandboxError};
use std::time::Duration;
use tempfile::TempDir;

/// A port that was free a moment ago.
async fn free_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}

#[tokio::test]
async fn the_second_shares_the_first_and_takes_over_when_it_goes() {
    let port = free_port().await;
    let dir = TempDir::new().expect("a folder");
    let mut options = options(&dir, &Clock::System);
    options.port = port;
    let first = Sandbox::join_or_start(options.clone()).await.expect("the first");
    let second = Sandbox::join_or_start(options.clone()).await.expect("the second");
    assert!(first.is_host() && !second.is_host());
    assert_eq!(first.url(), second.url());
    let refused = Sandbox::start(options).await.expect_err("the port is taken");
    assert!(matches!(refused, SandboxError::AlreadyRunning { .. }), "{refused}");

    let partners =
        Partners::new(Secrets::default(), Some(second.url()), quick(), Clock::System, IdSource::Random)
            .expect("good profiles");
    let access = sandboxed("nrf");
    let account = partners.create_account(&access, &super::world::maya(), "a").await.expect("an account");
    let course = "CS-1".into();
    let enrollment =
        partners.enroll(&access, &account.external_account_id, &course, "e").await.expect("an enrollment");
    let request = super::world::launching(&account.external_account_id, &enrollment, &course);
    let link = partners.launch(&access, &request).await.expect("a link");

    first.shutdown().await;
    while !second.is_host() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Everything is still there, the link that was handed out before included.
    let page = browser().get(link.expose().as_str()).send().await.expect("a page");
    assert_eq!(page.status(), 200);
    let again = partners.enroll(&access, &account.external_account_id, &course, "e").await;
    assert_eq!(again, Ok(enrollment));
    second.shutdown().await;
    assert!(tokio::net::TcpListener::bind(("127.0.0.1", port)).await.is_ok(), "the port is free");
}

#[tokio::test]
async fn another_program_on_the_port_is_named_as_the_reason() {
    let (url, _) = answering(|_| super::world::json("200 OK", r#"{"service": "something"}"#)).await;
    let dir = TempDir::new().expect("a folder");
    let mut options = options(&dir, &Clock::System);
    options.port = url.as_url().port().expect("a port");
    let error = Sandbox::join_or_start(options).await.expect_err("not a sandbox");
    assert!(matches!(error, SandboxError::PortTaken { .. }), "{error}");
    assert!(error.to_string().contains("another program"), "{error}");
}

#[tokio::test]
async fn many_that_start_together_end_up_with_one_host() {
    let dir = TempDir::new().expect("a folder");
    let mut options = options(&dir, &Clock::System);
    options.port = free_port().await;
    let starts: Vec<_> = (0..8).map(|_| tokio::spawn(Sandbox::join_or_start(options.clone()))).collect();
    let mut hosts = 0;
    let mut all = Vec::new();
    for start in starts {
        let sandbox = start.await.expect("no panic").expect("a sandbox");
        hosts += u32::from(sandbox.is_host());
        all.push(sandbox);
    }
    assert_eq!(hosts, 1);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let dir = TempDir::new().expect("a folder");
    let options = options(&dir, &Clock::System);
    std::fs::write(&options.file, "not a database, but long enough to be looked at").expect("a file");
    let error = Sandbox::start(options).await.expect_err("a broken file");
    assert!(error.to_string().contains("sandbox.db"), "{error}");
}

#[tokio::test]
async fn requests_under_another_name_are_refused() {
    let world = world().await;
    for (host, status) in [
        ("127.0.0.1:1", 200),
        ("localhost", 200),
        ("[::1]:8766", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:80", 421),
    ] {
        let url = format!("{}_control/health", world.sandbox.url());
        let answer = world.http.get(url).header("host", host).send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{host}");
    }
}

#[tokio::test]
async fn control_names_the_service_and_lists_enrollments() {
    let world = world().await;
    let health =
        browser().get(format!("{}_control/health", world.sandbox.url())).send().await.expect("an answer");
    let health: serde_json::Value = health.json().await.expect("JSON");
    assert_eq!(health["service"], "coursevia-sandbox");
    let (account, enrollment) = enrolled(&world, &sandboxed("hsi")).await;
    let expected = serde_json::json!([{
        "partner": "hsi", "id": enrollment, "account": account, "course": "CNA-101", "percent": 0,
        "completed": false, "withdrawn": false, "certificate": null, "failed": false,
    }]);
    assert_eq!(serde_json::Value::from(world.enrollments().await), expected);
    for (body, status) in [
        (serde_json::json!({"partner": "hsi", "enrollment_id": "nobody", "percent": 5}), 404),
        (serde_json::json!({"partner": "hsi", "enrollment_id": enrollment, "percent": 101}), 400),
        (serde_json::json!({"partner": "hsi"}), 422),
    ] {
        assert_eq!(world.control("progress", body.clone()).await.status(), status, "{body}");
    }
}

#[tokio::test]
async fn dropping_it_frees_the_port() {
    let world = world_with(quick(), |_| {}).await;
    let port = world.sandbox.url().as_url().port().expect("a port");
    drop(world.sandbox);
    while tokio::net::TcpListener::bind(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(world.dir);
}
