//! Answers that no honest platform gives.

use super::world::{answering, at, json, launching, maya, partners_with, quick, with_headers};
use coursevia::domain::progress::Percent;
use coursevia::domain::provider::RestAccess;
use coursevia::domain::web::HostName;
use coursevia::partner::{HttpLimits, PartnerError, ProgressReport};

async fn progress_of(body: &'static str) -> Result<ProgressReport, PartnerError> {
    let (url, _) = answering(move |_| json("200 OK", body)).await;
    partners_with(quick()).progress(&at(&url), &"E-1".into()).await
}

#[tokio::test]
async fn missing_progress_is_unknown_and_never_zero() {
    for body in ["{}", r#"{"progressPercentage": null}"#, r#"{"status": "in_progress"}"#] {
        let report = progress_of(body).await.expect(body);
        let failed = body.contains("status").then_some(false);
        assert_eq!(report, ProgressReport { percent: None, completed: false, failed }, "{body}");
    }
}

#[tokio::test]
async fn numbers_come_as_numbers_or_as_text() {
    for (body, percent) in [
        (r#"{"progressPercentage": 45}"#, 45),
        (r#"{"progressPercentage": 99.9}"#, 99),
        (r#"{"progressPercentage": "45"}"#, 45),
        (r#"{"progressPercentage": " 45 % "}"#, 45),
    ] {
        assert_eq!(progress_of(body).await.expect(body).percent, Percent::new(percent), "{body}");
    }
    let done = progress_of(r#"{"progressPercentage": 80, "status": "Passed"}"#).await.expect("a report");
    assert!(done.completed);
    let failed = progress_of(r#"{"status": "Failed"}"#).await.expect("a report");
    assert_eq!((failed.percent, failed.failed), (None, Some(true)), "that is no figure");
    let full = progress_of(r#"{"progressPercentage": 100}"#).await.expect("a report");
    assert!(!full.completed, "only the partner's word completes");
}

#[tokio::test]
async fn nonsense_is_a_bad_answer() {
    for body in [
        r#"{"progressPercentage": 101}"#,
        r#"{"progressPercentage": -1}"#,
        r#"{"progressPercentage": "NaN"}"#,
        r#"{"progressPercentage": [45]}"#,
        r#"{"progressPercentage": {"percent": 45}}"#,
        r#"{"progressPercentage": true}"#,
        r#"{"progressPerc"#,
        "[1, 2]",
        "\"45\"",
        "",
        "<html>",
    ] {
        let answer = progress_of(body).await;
        assert!(matches!(answer, Err(PartnerError::BadAnswer { .. })), "{body}: {answer:?}");
    }
}

#[tokio::test]
async fn ten_megabytes_are_not_read() {
    let body = format!(r#"{{"progressPercentage": 5, "x": "{}"}}"#, "a".repeat(10 * 1024 * 1024));
    let announced = json("200 OK", &body);
    let unannounced = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}").into_bytes();
    for answer in [announced, unannounced] {
        let (url, heard) = answering(move |_| answer.clone()).await;
        let limits = HttpLimits { max_bytes: 64 * 1024, ..quick() };
        let large = partners_with(limits).progress(&at(&url), &"E-1".into()).await;
        assert_eq!(large, Err(PartnerError::TooLarge));
        assert_eq!(heard.lock().expect("the list").len(), 1, "asked once");
    }
}

/// `{"progressPercentage": 45}`, packed (RFC 1952).
const PACKED: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x2a, 0x28, 0xca, 0x4f, 0x2f,
    0x4a, 0x2d, 0x2e, 0x0e, 0x48, 0x2d, 0x4a, 0x4e, 0xcd, 0x2b, 0x49, 0x4c, 0x4f, 0x55, 0xb2, 0x52, 0x30,
    0x31, 0xad, 0x05, 0x00, 0xd0, 0x07, 0xd3, 0xff, 0x1a, 0x00, 0x00, 0x00,
];

#[tokio::test]
async fn what_is_packed_is_neither_asked_for_nor_unpacked() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n";
    let head = format!("{head}Content-Length: {}\r\n\r\n", PACKED.len());
    let (url, heard) = answering(move |_| [head.as_bytes(), PACKED].concat()).await;
    // Whoever unpacked it would find 45, or a bomb.
    let answer = partners_with(quick()).progress(&at(&url), &"E-1".into()).await;
    assert!(matches!(answer, Err(PartnerError::BadAnswer { .. })), "{answer:?}");
    let heard = heard.lock().expect("the list");
    assert!(heard.iter().all(|request| !request.to_lowercase().contains("accept-encoding")), "{heard:?}");
}

#[tokio::test]
async fn a_body_in_xml_is_a_bad_answer() {
    let body = "<?xml version=\"1.0\"?><!DOCTYPE p [<!ENTITY a \"aaaa\">]><progressPercentage>45</progressPercentage>";
    for kind in ["application/xml", "application/json"] {
        let headers = format!("Content-Type: {kind}\r\n");
        let (url, _) = answering(move |_| with_headers("200 OK", &headers, body)).await;
        let answer = partners_with(quick()).progress(&at(&url), &"E-1".into()).await;
        assert!(matches!(answer, Err(PartnerError::BadAnswer { .. })), "{kind}: {answer:?}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (elsewhere, asked) = answering(|_| json("200 OK", "{}")).await;
    let there = format!("Location: {elsewhere}\r\n");
    let (url, _) = answering(move |_| with_headers("302 Found", &there, "")).await;
    let partners = partners_with(quick());
    assert_eq!(partners.progress(&at(&url), &"E-1".into()).await, Err(PartnerError::Redirected));
    assert_eq!(partners.create_account(&at(&url), &maya(), "k").await, Err(PartnerError::Redirected));
    assert!(asked.lock().expect("the list").is_empty());
}

#[tokio::test]
async fn ids_with_escape_sequences_are_refused() {
    for id in [r"a\u001b[31mb", r"a\nb", r"\u202Eabc", "", " ", "..", ".", r"\u0000"] {
        let body = format!(r#"{{"enrollmentId": "{id}"}}"#);
        let (url, _) = answering(move |_| json("201 Created", &body)).await;
        let answer = partners_with(quick()).enroll(&at(&url), &"A".into(), &"C".into(), "k").await;
        assert!(matches!(answer, Err(PartnerError::BadAnswer { .. })), "{id}: {answer:?}");
    }
}

#[tokio::test]
async fn launch_links_must_be_safe_to_open() {
    let (account, enrollment, course) = ("A".into(), "E".into(), "C".into());
    for link in [
        "javascript:alert(1)",
        "http://evil.example/x?token=sesame",
        "file:///etc/passwd",
        "https://user:pw@evil.example/?token=sesame",
        "https://evil.example/?token=sesame",
        "/relative?token=sesame",
        "",
    ] {
        let body = format!(r#"{{"ssoUrl": "{link}", "expiresIn": 300}}"#);
        let (url, _) = answering(move |_| json("200 OK", &body)).await;
        let request = launching(&account, &enrollment, &course);
        let error = partners_with(quick()).launch(&at(&url), &request).await.expect_err(link);
        assert!(matches!(error, PartnerError::BadAnswer { .. }), "{link}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("sesame"), "{error}");
    }
}

#[tokio::test]
async fn the_end_of_a_link_is_optional_and_never_nonsense() {
    let (account, enrollment, course) = ("A".into(), "E".into(), "C".into());
    for (field, known) in [
        (r#""expiresIn": 300"#, true),
        (r#""expiresIn": "300""#, true),
        (r#""expiresIn": -5"#, false),
        (r#""expiresIn": 1e300"#, false),
        (r#""expiresIn": "soon""#, false),
        (r#""other": 1"#, false),
    ] {
        let body = format!(r#"{{"ssoUrl": "https://p.example/s?token=sesame", {field}}}"#);
        let (url, _) = answering(move |_| json("200 OK", &body)).await;
        let request = launching(&account, &enrollment, &course);
        let launch_hosts = HostName::parse("p.example").into_iter().collect();
        let access = RestAccess { launch_hosts, ..at(&url) };
        let link = partners_with(quick()).launch(&access, &request).await.expect(field);
        assert_eq!(link.expires_at().is_some(), known, "{field}");
        assert!(!format!("{link:?}").contains("sesame"));
    }
}

#[tokio::test]
async fn a_partners_words_are_made_safe() {
    let body = r#"{"error": {"message": "Course\u001b[2J full. See https://p.example/s?token=sesame now."}}"#;
    let (url, _) = answering(move |_| json("422 Unprocessable Entity", body)).await;
    let error =
        partners_with(quick()).enroll(&at(&url), &"A".into(), &"C".into(), "k").await.expect_err("no");
    assert_eq!(error.to_string(), "The partner did not accept this (error 422): Course full. See … now.");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_certificate_without_number_and_link_is_not_there_yet() {
    for (status, body) in [
        ("404 Not Found", "{}"),
        ("410 Gone", ""),
        ("202 Accepted", "{}"),
        ("204 No Content", ""),
        ("200 OK", r#"{"status": "pending"}"#),
        ("200 OK", r#"{"certificateUrl": "javascript:alert(1)"}"#),
    ] {
        let (url, _) = answering(move |_| json(status, body)).await;
        let answer = partners_with(quick()).certificate(&at(&url), &"E-1".into()).await;
        assert_eq!(answer, Ok(None), "{status} {body}");
    }
}
