//! The sandbox's tool takes what a platform may say, and nothing else.

use super::world::{AUTH_URL, CLAIM, CLIENT, Key, asked, location, refusal, world};
use serde_json::{Value, json};

#[tokio::test]
async fn a_login_is_sent_on_to_the_platform_with_everything_it_needs() {
    let world = world().await;
    let begun = world.begin(&world.beginning()).await;
    assert!(location(&begun).starts_with(&format!("{AUTH_URL}?")), "{}", location(&begun));
    let (by_get, by_post) = (asked(&begun), {
        let login = world.url(&format!("lti/{CLIENT}/login"));
        let sent = world.http.post(login).form(&world.beginning()).send().await.expect("an answer");
        asked(&sent)
    });
    for asked in [&by_get, &by_post] {
        for (name, value) in [
            ("scope", "openid"),
            ("response_type", "id_token"),
            ("response_mode", "form_post"),
            ("prompt", "none"),
            ("client_id", CLIENT),
            ("redirect_uri", &world.target()),
            ("login_hint", "hint-1"),
            ("lti_message_hint", "message-1"),
        ] {
            assert_eq!(asked[name], value, "{name}");
        }
        assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32);
    }
    assert_ne!((&by_get["state"], &by_get["nonce"]), (&by_post["state"], &by_post["nonce"]));
}

#[tokio::test]
async fn a_login_that_lacks_something_or_comes_from_elsewhere_is_refused_in_words() {
    let world = world().await;
    let good = world.beginning();
    let with = |name: &str, value: &str| {
        let mut fields = good.clone();
        for (field, text) in &mut fields {
            if *field == name {
                value.clone_into(text);
            }
        }
        fields
    };
    let twice = [good.clone(), vec![("iss", "https://evil.example".to_owned())]].concat();
    for (fields, words) in [
        (with("iss", "https://evil.example"), "begun by https://evil.example"),
        (with("iss", ""), "It lacks iss."),
        (with("login_hint", ""), "It lacks login_hint."),
        (with("target_link_uri", ""), "It lacks target_link_uri."),
        (with("target_link_uri", "javascript:alert(1)"), "which this tool does not have"),
        (with("target_link_uri", "https://evil.example/lti/local-community-college/launch"), "does not have"),
        (with("client_id", "another"), "belongs to another tool"),
        (twice, "came twice"),
    ] {
        let (status, page) = refusal(world.begin(&fields).await).await;
        assert_eq!(status, 400, "{words}");
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn a_launch_opens_the_course_and_the_next_one_the_same() {
    let world = world().await;
    let page = world.follow(&world.launch(|_| {}).await).await;
    for shown in [
        "Local Community College",
        "Nursing Assistant (CNA)",
        "Signed in as Maya Okafor",
        "href=\"https://college.example/done\"",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let [row] = &world.enrollments().await[..] else { panic!("one enrollment") };
    assert_eq!((&row["partner"], &row["id"]), (&json!(CLIENT), &json!("enrollment-1")));
    let audiences = |claims: &mut Value| claims["aud"] = json!([CLIENT, "another"]);
    world.follow(&world.launch(audiences).await).await;
    assert_eq!(world.enrollments().await.len(), 1);
}

#[tokio::test]
async fn nothing_but_the_right_answer_is_taken() {
    let world = world().await;
    let set = |name: &str, value: Value| {
        let name = name.to_owned();
        move |claims: &mut Value| claims[name.as_str()] = value
    };
    let claim = |name: &str, value: Value| set(&format!("{CLAIM}{name}"), value);
    let now = coursevia::platform::Clock::System.now().timestamp();
    for (change, words) in [
        (set("iss", json!("https://evil.example")), "iss is not what this tool expects"),
        (set("aud", json!("another")), "for another tool"),
        (set("aud", json!(7)), "wrong type"),
        (set("sub", json!("")), "names no student"),
        (set("sub", json!("x".repeat(300))), "names no student"),
        (set("exp", json!(now - 1)), "too old"),
        (set("iat", json!(now - 62)), "too old"),
        (set("iat", json!(now + 120)), "in the future"),
        (set("iat", Value::Null), "iat, exp"),
        (set("nonce", json!("another")), "nonce is not what"),
        (set("nonce", Value::Null), "lacks nonce"),
        (claim("message_type", json!("LtiDeepLinkingRequest")), "message_type is not what"),
        (claim("version", json!("1.1")), "version is not what"),
        (claim("deployment_id", json!("2")), "another deployment"),
        (claim("deployment_id", Value::Null), "lacks deployment_id"),
        (claim("target_link_uri", json!("https://evil.example/")), "target_link_uri is not what"),
        (claim("resource_link", Value::Null), "names no course"),
        (claim("launch_presentation", json!({"return_url": "javascript:alert(1)"})), "return_url"),
    ] {
        let (status, page) = refusal(world.launch(change).await).await;
        assert_eq!(status, 403, "{words}");
        assert!(page.contains("This launch is not accepted") && page.contains(words), "{words}: {page}");
    }
    assert_eq!(world.enrollments().await, Vec::<Value>::new());
}

#[tokio::test]
async fn an_enrollment_of_somebody_else_stays_theirs() {
    let world = world().await;
    world.follow(&world.launch(|_| {}).await).await;
    let (status, page) = refusal(world.launch(|claims| claims["sub"] = json!("student-2")).await).await;
    assert!(status == 403 && page.contains("another student"), "{page}");
}

#[tokio::test]
async fn signatures_are_checked_with_the_platforms_keys_and_new_ones_are_found() {
    let world = world().await;
    let (known, new) = (Key::of(0), Key::of(1));
    let tampered = |token: String| {
        let (head, signature) = token.rsplit_once('.').expect("a signature");
        let turned: String = signature.chars().rev().collect();
        format!("{head}.{turned}")
    };
    for (sign, words) in [
        (
            Box::new(|claims: &Value| tampered(known.sign(claims, Some(known.kid()))))
                as Box<dyn Fn(&Value) -> String>,
            "signature is not",
        ),
        (Box::new(|claims: &Value| new.sign(claims, Some(known.kid()))), "signature is not"),
        (Box::new(|claims: &Value| known.sign(claims, None)), "does not name its key"),
        (Box::new(|claims: &Value| new.sign(claims, Some(new.kid()))), "no key of that name"),
        (Box::new(|_: &Value| "not.a.token".to_owned()), "no signed token"),
    ] {
        let asked = world.asked().await;
        let (status, page) = refusal(world.send(&asked["state"], &sign(&world.claims(&asked))).await).await;
        assert!(status == 403 && page.contains(words), "{words}: {page}");
    }
    new.publish(&world.dir.path().join("keys.jwks.json"));
    let asked = world.asked().await;
    let token = new.sign(&world.claims(&asked), Some(new.kid()));
    world.follow(&world.send(&asked["state"], &token).await).await;
}

#[tokio::test]
async fn an_answer_works_once_and_for_the_login_it_belongs_to() {
    let world = world().await;
    let asked = world.asked().await;
    let token = Key::of(0).sign(&world.claims(&asked), Some(Key::of(0).kid()));
    world.follow(&world.send(&asked["state"], &token).await).await;
    let (status, page) = refusal(world.send(&asked["state"], &token).await).await;
    assert!(status == 403 && page.contains("It was used before"), "{page}");
    let (status, page) = refusal(world.send("never begun", &token).await).await;
    assert!(status == 403 && page.contains("never begun here"), "{page}");
    let another = world.asked().await;
    let (status, page) = refusal(world.send(&another["state"], &token).await).await;
    assert!(status == 403 && page.contains("nonce is not what"), "{page}");
}

#[tokio::test]
async fn what_the_platform_refuses_is_shown_and_a_look_by_hand_explained() {
    let world = world().await;
    let asked = world.asked().await;
    let form =
        [("state", asked["state"].as_str()), ("error", "login_required"), ("error_description", "<b>No.")];
    let answer = world.http.post(world.target()).form(&form).send().await.expect("an answer");
    let (status, page) = refusal(answer).await;
    assert!(status == 403 && page.contains("(login_required). &lt;b&gt;No."), "{page}");
    let (status, page) = refusal(world.http.get(world.target()).send().await.expect("an answer")).await;
    assert!(status == 400 && page.contains("This address is for launches"), "{page}");
}

#[tokio::test]
async fn the_tool_has_bad_days_like_every_partner() {
    let world = world().await;
    world.fail("partner-down").await;
    assert_eq!(world.begin(&world.beginning()).await.status(), 503);
    world.fail("500-then-success").await;
    assert_eq!(world.begin(&world.beginning()).await.status(), 500);
    let again = world.asked().await;
    let token = Key::of(0).sign(&world.claims(&again), Some(Key::of(0).kid()));
    assert_eq!(world.send(&again["state"], &token).await.status(), 500);
    world.follow(&world.launch(|_| {}).await).await;
    world.fail("expired-link").await;
    let (status, page) = refusal(world.launch(|_| {}).await).await;
    assert!(status == 403 && page.contains("took too long"), "{page}");
    world.fail("duplicate-delivery").await;
    world.follow(&world.launch(|_| {}).await).await;
    assert_eq!(world.enrollments().await.len(), 1);
}
