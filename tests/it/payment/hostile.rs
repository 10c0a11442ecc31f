//! Answers that no honest processor gives, and refusals.

use super::world::{elsewhere, with_limits};
use crate::partner::world::{answering, json, quick, with_headers};
use coursevia::domain::payment::SessionReport;
use coursevia::payment::{HttpLimits, ProcessorError};
use std::time::Duration;

async fn read(
    status: &'static str,
    headers: &'static str,
    body: &'static str,
) -> Result<SessionReport, ProcessorError> {
    let (url, _) = answering(move |_| with_headers(status, headers, body)).await;
    elsewhere(&url).session(&"cs_1".into()).await
}

async fn opened(status: &'static str, headers: &'static str, body: &'static str) -> ProcessorError {
    let (url, heard) = answering(move |_| with_headers(status, headers, body)).await;
    let error = elsewhere(&url).open_session("mode=payment", "key-1").await.expect_err(status);
    let heard = heard.lock().expect("the list");
    assert_eq!(heard.len(), 1, "what changes something is sent once");
    let request = heard[0].to_lowercase();
    for line in [
        "post /api/v1/checkout/sessions http/1.1",
        "authorization: bearer sk_test_of_nobody",
        "idempotency-key: key-1",
        "stripe-version: 2025-03-31.basil",
        "content-type: application/x-www-form-urlencoded",
    ] {
        assert!(request.contains(line), "{line}: {request}");
    }
    assert!(request.ends_with("\r\n\r\nmode=payment"), "{request}");
    error
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let message = r#"{"error":{"type":"card_error","message":"Insufficient\u001b[2J funds."}}"#;
    let declined = opened("402 Payment Required", "", message).await;
    assert_eq!(declined, ProcessorError::Declined { message: "Insufficient funds.".into() });
    assert!(!declined.is_transient());
    let rejected = opened("400 Bad Request", "", r#"{"error":{"message":"Invalid integer: x"}}"#).await;
    assert_eq!(rejected, ProcessorError::Rejected { message: "Invalid integer: x".into() });
    assert_eq!(opened("401 Unauthorized", "", "{}").await, ProcessorError::Unauthorized);
    let busy = opened("429 Too Many Requests", "Retry-After: 30\r\n", "{}").await;
    assert_eq!((busy.retry_after(), busy.is_transient()), (Some(Duration::from_secs(30)), true));
    let conflict = opened("409 Conflict", "", "{}").await;
    assert!(conflict.is_transient(), "another request with the same key is at it");
    assert!(opened("400 Bad Request", "Stripe-Should-Retry: true\r\n", "{}").await.is_transient());
    let down = opened("503 Service Unavailable", "Stripe-Should-Retry: false\r\n", "<html>").await;
    assert_eq!(down, ProcessorError::Server { status: 503 });
}

#[tokio::test]
async fn reads_are_repeated_and_long_waits_are_told() {
    let (url, heard) = answering(|turn| match turn {
        0 => with_headers("429 Too Many Requests", "Retry-After: 0\r\n", ""),
        1 => with_headers("500 Oops", "", ""),
        _ => json("200 OK", r#"{"id": "cs_1", "status": "open"}"#),
    })
    .await;
    assert!(elsewhere(&url).session(&"cs_1".into()).await.is_ok());
    assert_eq!(heard.lock().expect("the list").len(), 3);
    let busy = read("429 Too Many Requests", "Retry-After: 600\r\n", "").await.expect_err("it is busy");
    assert_eq!(busy.retry_after(), Some(Duration::from_mins(10)));
}

#[tokio::test]
async fn nonsense_is_a_bad_answer_and_a_passing_one() {
    for body in ["", "{", "[]", "<html>", "null", r#"{"id": 5}"#, r#"{"id": "\u001b[2J"}"#, r#"{"id": "cs_1"#]
    {
        let error = read("200 OK", "", body).await.expect_err(body);
        assert!(
            matches!(error, ProcessorError::BadAnswer { .. }) && error.is_transient(),
            "{body}: {error:?}"
        );
    }
}

#[tokio::test]
async fn another_sessions_answer_is_handed_on_as_it_is() {
    let report = read("200 OK", "", r#"{"id": "cs_2", "payment_status": "paid"}"#).await.expect("a report");
    assert_eq!(report.id, Some("cs_2".into()), "the payment's own rule parks it");
}

#[tokio::test]
async fn ten_megabytes_are_not_read() {
    let body = format!(r#"{{"id": "cs_1", "x": "{}"}}"#, "a".repeat(10 * 1024 * 1024));
    let (url, _) = answering(move |_| json("200 OK", &body)).await;
    assert_eq!(elsewhere(&url).session(&"cs_1".into()).await, Err(ProcessorError::TooLarge));
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect() {
    let (other, asked) = answering(|_| json("200 OK", "{}")).await;
    let there = format!("Location: {other}\r\n");
    let (url, _) = answering(move |_| with_headers("307 Temporary Redirect", &there, "")).await;
    let processor = elsewhere(&url);
    assert_eq!(processor.session(&"cs_1".into()).await, Err(ProcessorError::Redirected));
    assert_eq!(processor.open_session("mode=payment", "k").await, Err(ProcessorError::Redirected));
    assert!(asked.lock().expect("the list").is_empty());
}

#[tokio::test]
async fn a_list_that_never_ends_is_left() {
    let page = r#"{"data": [{"id": "re_1"}], "has_more": true}"#;
    let (url, heard) = answering(move |_| json("200 OK", page)).await;
    let found = elsewhere(&url).find_refund(&"pi_1".into(), uuid::Uuid::from_u128(1).into()).await;
    assert!(matches!(found, Err(ProcessorError::BadAnswer { .. })), "{found:?}");
    assert_eq!(heard.lock().expect("the list").len(), 2);
}

#[tokio::test]
async fn ids_that_are_no_part_of_a_path_and_keys_that_are_no_header_are_not_sent() {
    let (url, heard) = answering(|_| json("200 OK", "{}")).await;
    let processor = elsewhere(&url);
    assert!(processor.session(&"..".into()).await.is_err());
    for key in ["", "a\nb", &"k".repeat(256)] {
        assert!(processor.open_session("mode=payment", key).await.is_err(), "{key:?}");
    }
    assert!(heard.lock().expect("the list").is_empty());
    assert!(processor.session(&"a/../b?c".into()).await.is_err(), "it has no id");
    let request = heard.lock().expect("the list")[0].clone();
    assert!(request.starts_with("GET /api/v1/checkout/sessions/a%2F..%2Fb%3Fc?expand"), "{request}");
}

#[tokio::test]
async fn nobody_listens_is_a_passing_trouble() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let url = coursevia::domain::web::WebUrl::parse(&url).expect("an address");
    let limits = HttpLimits { get_attempts: 1, ..quick() };
    assert_eq!(with_limits(&url, limits).session(&"cs_1".into()).await, Err(ProcessorError::Unreachable));
}
