//! What a tool is told, and what is left of it here.

use super::world::{CERTIPORT, MILADY, World};
use crate::support::lti::{asks, opens, question, times_told};
use coursevia::domain::plan::Handover;
use coursevia::service::Services;
use coursevia::service::lti::{LtiAnswer, LtiProgress};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

/// The claims of an answer, checked as a tool checks them: against the published keys.
async fn claims(services: &Services, answer: &LtiAnswer, client_id: &str) -> Value {
    let LtiAnswer::Token(form) = answer else { panic!("{answer:?}") };
    let jwks = services.lti.keys().await.expect("keys").jwks();
    let header = decode_header(form.id_token.expose()).expect("a header");
    assert_eq!((header.alg, header.kid.as_deref()), (Algorithm::RS256, jwks["keys"][0]["kid"].as_str()));
    let of = |name: &str| jwks["keys"][0][name].as_str().expect("a text");
    let key = DecodingKey::from_rsa_components(of("n"), of("e")).expect("a public key");
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&[client_id]);
    rules.set_issuer(&["https://coursevia.example"]);
    rules.leeway = 300;
    decode::<Value>(form.id_token.expose(), &key, &rules).expect("it holds").claims
}

fn lti<'a>(claims: &'a Value, name: &str) -> &'a Value {
    &claims[format!("https://purl.imsglobal.org/spec/lti/claim/{name}")]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tool_is_told_who_opens_what_and_no_more() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let hints = world.begun(course).await;
    let answer = asks(&world.services, &question(CERTIPORT, &hints)).await;
    let claims = claims(&world.services, &answer, CERTIPORT).await;
    let view = world.services.course(course.0, course.1).await.expect("the course");
    let offer = view.partner.as_ref().expect("a partner");
    assert_eq!(lti(&claims, "deployment_id"), "d-1");
    assert_eq!(lti(&claims, "target_link_uri"), "https://tool.example/launch");
    assert_eq!(lti(&claims, "resource_link")["id"], offer.course.id.to_string());
    assert_eq!(lti(&claims, "context")["id"], view.enrollment.program_id.to_string());
    assert_eq!(lti(&claims, "custom")["enrollment_id"], course.1.to_string());
    assert_eq!((&claims["nonce"], &claims["name"]), (&json!("n-1"), &json!("Maya <Okafor>")));
    assert_eq!(claims.get("email"), None, "its configuration does not say so");
    let text = claims.to_string();
    for left_out in ["lti-ags", "lti-nrps", "lti-dl", "maya@example.org"] {
        assert!(!text.contains(left_out), "{left_out}");
    }
    let LtiAnswer::Token(form) = &answer else { panic!("{answer:?}") };
    assert_eq!(form.state.as_deref(), Some("of the tool"));
    assert!(!format!("{answer:?}").contains("eyJ"), "a token is not shown");
    assert_eq!(times_told(&world.services, course.1).await, 1);
    assert!(view.launched);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subject_is_of_one_student_at_one_partner_and_stays() {
    let world = World::new().await;
    let maya = world.enroll("maya@example.org").await;
    let ben = world.enroll("ben@example.org").await;
    let ann = world.enroll_with("ann@example.org", "Milady").await;
    let mut subjects = Vec::new();
    for (course, client) in [(maya, CERTIPORT), (maya, CERTIPORT), (ben, CERTIPORT), (ann, MILADY)] {
        let hints = world.begun(course).await;
        let answer = asks(&world.services, &question(client, &hints)).await;
        let claims = claims(&world.services, &answer, client).await;
        subjects.push(claims["sub"].as_str().expect("a subject").to_owned());
        assert_eq!(claims.get("name").is_some(), client == CERTIPORT);
    }
    assert_eq!(subjects[0], subjects[1]);
    subjects.dedup();
    assert_eq!(subjects.len(), 3);
    for student in [maya, ben] {
        let id = student.0.student().expect("a student").to_string();
        assert!(!subjects.contains(&id), "our own id is not given away");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_opened_before_the_tool_has_asked() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let url = world.launch(course).await;
    let progress = || async { world.services.lti_progress(&url).await.expect("it reads") };
    world.services.record_launch(course.0, course.1, Handover::Browser).await.expect("nothing to keep");
    assert!(!world.services.course(course.0, course.1).await.expect("the course").launched);
    let hints = opens(&world.services, &url).await;
    assert_eq!(progress().await, Some(LtiProgress::Awaited));
    asks(&world.services, &question(CERTIPORT, &hints)).await;
    assert_eq!(progress().await, Some(LtiProgress::Opened));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_browser_carries_is_nowhere_in_the_database() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let url = world.launch(course).await;
    let hints = opens(&world.services, &url).await;
    let answer = asks(&world.services, &question(CERTIPORT, &hints)).await;
    let LtiAnswer::Token(form) = &answer else { panic!("{answer:?}") };
    let token = url.expose().as_url().path().rsplit('/').next().expect("a token").to_owned();
    let data = world.folder.path().join(".local/share/coursevia");
    let mut looked = 0;
    for file in ["coursevia.db", "coursevia.db-wal"] {
        let Ok(bytes) = std::fs::read(data.join(file)) else { continue };
        looked += 1;
        let text = String::from_utf8_lossy(&bytes);
        for secret in [&token, &hints.login, &hints.message, form.id_token.expose()] {
            assert!(!text.contains(secret), "{file}");
        }
    }
    assert!(looked > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_changes_meanwhile_signs_at_once() {
    let world = World::new().await;
    let course = world.enroll("maya@example.org").await;
    let hints = world.begun(course).await;
    let file = world.services.lti.key_file().clone();
    tokio::task::spawn_blocking(move || file.rotate().expect("another key")).await.expect("made");
    let answer = asks(&world.services, &question(CERTIPORT, &hints)).await;
    claims(&world.services, &answer, CERTIPORT).await;
    assert_eq!(world.services.lti.keys().await.expect("keys").public().count(), 2);
}
