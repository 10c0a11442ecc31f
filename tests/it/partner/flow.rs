//! The whole story with each of the five partners.

use super::world::{
    PROFILES, answering, at, enrolled, json, launching, maya, partners_with, quick, sandboxed, world,
};
use coursevia::domain::progress::Percent;
use coursevia::domain::web::WebUrl;
use coursevia::partner::{LaunchRequest, PartnerError};
use serde_json::json as value;

#[tokio::test]
async fn every_partner_takes_a_student_from_account_to_certificate() {
    let world = world().await;
    for profile in PROFILES {
        let access = sandboxed(profile);
        let (account, enrollment) = enrolled(&world, &access).await;

        let fresh = world.partners.progress(&access, &enrollment).await.expect(profile);
        assert_eq!((fresh.percent, fresh.completed), (Some(Percent::ZERO), false), "{profile}");
        assert_eq!(world.partners.certificate(&access, &enrollment).await, Ok(None), "{profile}");

        let course = "CNA-101".into();
        let back = WebUrl::parse("https://college.example/done?x=1&y=2").expect("an address");
        let request = LaunchRequest { return_to: Some(&back), ..launching(&account, &enrollment, &course) };
        let link = world.partners.launch(&access, &request).await.expect(profile);
        let left = link.expires_at().expect("an end") - world.clock.now();
        assert!(left.num_minutes() >= 3 && left.num_minutes() <= 5, "{profile}: {left}");
        let page = world.http.get(link.expose().as_str()).send().await.expect("a page");
        assert_eq!(page.status(), 200, "{profile}");
        let html = page.text().await.expect("a page");
        assert!(html.contains("CNA-101") && html.contains("https://college.example/done?x=1&amp;y=2"));

        for (percent, completed) in [(45, false), (100, true)] {
            let report = value!({"partner": profile, "enrollment_id": enrollment, "percent": percent});
            assert_eq!(world.control("progress", report).await.status(), 200, "{profile}");
            let report = world.partners.progress(&access, &enrollment).await.expect(profile);
            assert_eq!((report.percent, report.completed), (Percent::new(percent), completed), "{profile}");
        }

        let certificate = world.partners.certificate(&access, &enrollment).await.expect(profile);
        let certificate = certificate.expect("issued");
        let (number, url) = (certificate.number.expect("a number"), certificate.url.expect("an address"));
        assert!(certificate.issued_at.is_some(), "{profile}");
        let page = world.http.get(url.as_str()).send().await.expect("a page").text().await.expect("text");
        assert!(page.contains(number.as_str()) && page.contains("Maya Okafor"), "{profile}");

        // A completed course is not taken back.
        let refused = world.partners.withdraw(&access, &enrollment).await.expect_err(profile);
        assert!(matches!(refused, PartnerError::Rejected { status: 409, .. }), "{profile}: {refused:?}");
    }
}

#[tokio::test]
async fn withdrawing_twice_or_what_never_was_is_fine() {
    let world = world().await;
    for profile in PROFILES {
        let access = sandboxed(profile);
        let (account, enrollment) = enrolled(&world, &access).await;
        for _ in 0..2 {
            assert_eq!(world.partners.withdraw(&access, &enrollment).await, Ok(()), "{profile}");
        }
        assert_eq!(world.partners.withdraw(&access, &"never-was".into()).await, Ok(()));
        let course = "CNA-101".into();
        let gone = world.partners.launch(&access, &launching(&account, &enrollment, &course)).await;
        assert!(matches!(gone, Err(PartnerError::Rejected { status: 410, .. })), "{profile}");
        let gone = world.partners.progress(&access, &enrollment).await;
        assert!(matches!(gone, Err(PartnerError::Rejected { status: 410, .. })), "{profile}");
    }
    assert!(world.enrollments().await.iter().all(|row| row["withdrawn"] == true));
}

#[tokio::test]
async fn the_same_key_does_it_once_and_another_body_is_refused() {
    let world = world().await;
    let access = sandboxed("certiport");
    let (account, first) = enrolled(&world, &access).await;
    let (again, second) = enrolled(&world, &access).await;
    assert_eq!((&account, &first), (&again, &second));
    assert_eq!(world.enrollments().await.len(), 1);

    let other = world.partners.enroll(&access, &account, &"OTHER-1".into(), "enroll-1").await;
    assert!(matches!(other, Err(PartnerError::Rejected { status: 409, .. })), "{other:?}");
    let fresh = world.partners.enroll(&access, &account, &"OTHER-1".into(), "enroll-2").await;
    let fresh = fresh.expect("another enrollment");
    assert_ne!(fresh, first);
    // Asked anew under another key, the partner says that it is so already: that is what was wanted.
    let already = world.partners.enroll(&access, &account, &"OTHER-1".into(), "enroll-3").await;
    assert_eq!(already.expect("the same enrollment"), fresh);
    assert_eq!(world.enrollments().await.len(), 2);
    // One student has one account, whatever the key.
    let account_again = world.partners.create_account(&access, &maya(), "account-2").await;
    assert_eq!(account_again.expect("an account").external_account_id, account);
}

#[tokio::test]
async fn ids_from_outside_stay_one_part_of_the_path() {
    let (url, heard) = answering(|_| json("200 OK", r#"{"progressPercentage": 5}"#)).await;
    let partners = partners_with(quick());
    for (id, path) in
        [("../../admin", "..%2F..%2Fadmin"), ("a b?c#d", "a%20b%3Fc%23d"), ("ü%2e", "%C3%BC%252e")]
    {
        partners.progress(&at(&url), &id.into()).await.expect(id);
        let request = heard.lock().expect("the list").pop().expect("a request");
        let line = request.lines().next().unwrap_or_default().to_owned();
        assert_eq!(line, format!("GET /api/api/v2/enrollments/{path}/status HTTP/1.1"));
    }
    for id in ["..", ".", ""] {
        let refused = partners.progress(&at(&url), &id.into()).await;
        assert!(matches!(refused, Err(PartnerError::BadAnswer { .. })), "{id:?}");
    }
    assert!(heard.lock().expect("the list").is_empty(), "nothing was sent");
}

#[tokio::test]
async fn every_post_carries_key_organization_and_the_partners_field_names() {
    let answer = |_| json("201 Created", r#"{"userId": 4711, "enrollmentId": "E-1"}"#);
    let (url, heard) = answering(answer).await;
    let partners = partners_with(quick());
    let account = partners.create_account(&at(&url), &maya(), "job-1").await.expect("an account");
    // Numbers are ids too.
    assert_eq!(account.external_account_id.as_str(), "4711");
    partners.enroll(&at(&url), &"4711".into(), &"CNA-101".into(), "job-2").await.expect("an enrollment");
    let heard = heard.lock().expect("the list");
    let request = heard[0].to_lowercase();
    assert!(request.starts_with("post /api/api/v2/users "), "{request}");
    for part in [
        "idempotency-key: job-1",
        "x-organization-id: demo",
        r#""firstname":"maya""#,
        r#""lastname":"okafor""#,
    ] {
        assert!(request.contains(part), "{part} in {request}");
    }
    assert!(heard[1].contains(r#""courseCode":"CNA-101""#) && heard[1].contains(r#""userId":"4711""#));
}
