//! A tool of another language accepts our launches, and nothing that only looks like one.

use super::browser::{Browser, Waiting};
use super::python::Tool;
use super::world::CLAIM;
use crate::support::cli::Home;
use crate::support::till::free_port;
use serde_json::Value;

const CATALOG: &str = r#"
[[partner]]
name = "Night School"
type = "school"
api = { protocol = "link", login_url = "https://night.example/login" }
support = { email = "help@night.example" }
[[program]]
slug = "welding"
title = "Welding"
category = "Trades"
summary = "Join metal."
[[program.course]]
partner = "Night School"
name = "Welding by Night"
code = "W-1"
format = "in_person"
pacing = "instructor_led"
price = "0.00"
currency = "USD"
"#;
const MAYA: [&str; 2] = ["--student", "maya@example.org"];

/// A home where everything is set up as a partner manager would, and the tool.
fn school() -> Option<(Home, Tool)> {
    let home = Home::new().with("COURSEVIA_LTI__PORT", &free_port());
    let tool = Tool::start(&home)?;
    let url = format!("sqlite://{}", home.path().join("school.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &url);
    std::fs::write(home.path().join("catalog.toml"), CATALOG).expect("written");
    home.run(&["catalog", "import", "catalog.toml"]).ends(0);
    home.run(&["lti", "keys", "--new"]).ends(0);
    let (login, launch) = (tool.url("login"), tool.url("launch"));
    let register = ["lti", "register", "Night School", "--login-url", &login, "--redirect-url", &launch];
    let ids = ["--client-id", "coursevia-1", "--deployment-id", "campus", "--disclose", "name"];
    let advisor = ["--advisor", "ruth@college.example", "--json"];
    let registered = home.json(&[&register[..], &ids, &advisor].concat());
    let shown = home.json(&["lti", "show", "night school", "--json"]);
    assert_eq!(registered, shown);
    tool.learn(&shown);
    let enroll = [&["enroll", "welding"], &MAYA[..]].concat();
    home.run(&enroll).ends(0);
    Some((home, tool))
}

/// Another launch, while somebody else's is waiting and serves the endpoint.
fn link(home: &Home) -> String {
    let ran = home.run(&[&["launch", "welding", "--print-url"], &MAYA[..]].concat()).ends(0);
    ran.stdout.trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_of_another_language_accepts_our_launch() {
    let Some((home, tool)) = school() else { return };
    let waiting = Waiting::start(&home, "welding");
    let mut browser = Browser::new();
    let question = browser.question(waiting.link()).await;
    let form = browser.form(&question).await;
    assert_eq!(form.action, tool.url("launch"));
    let (status, claims) = browser.submit(&form).await;
    assert_eq!(status, 200, "{claims}");
    waiting.ends();
    let claim = |name: &str| &claims[&format!("{CLAIM}{name}")];
    assert_eq!(claim("message_type"), "LtiResourceLinkRequest");
    assert_eq!(claim("deployment_id"), "campus");
    assert_eq!(claim("resource_link")["title"], "Welding by Night");
    assert_eq!(claim("context")["title"], "Welding");
    assert_eq!(claims["aud"], "coursevia-1");
    assert_eq!(claims["email"], Value::Null, "only the name may be told");
    let subject = claims["sub"].as_str().expect("a subject");
    assert!(!subject.is_empty() && !subject.contains("maya"), "{subject}");
    // The next launch is the same student to the tool.
    let waiting = Waiting::start(&home, "welding");
    let mut again = Browser::new();
    let form = {
        let question = again.question(waiting.link()).await;
        again.form(&question).await
    };
    assert_eq!(again.submit(&form).await.1["sub"], subject);
    waiting.ends();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_like_our_launch_is_refused_there_or_here() {
    let Some((home, _tool)) = school() else { return };
    // It serves the endpoint for the others.
    let waiting = Waiting::start(&home, "welding");

    let mut browser = Browser::new();
    let question = browser.question(&link(&home)).await;
    let mut form = browser.form(&question).await;
    let token = form.fields["id_token"].clone();
    let (head, signature) = token.rsplit_once('.').expect("a signature");
    let turned: String = signature.chars().rev().collect();
    form.fields.insert("id_token".to_owned(), format!("{head}.{turned}"));
    let (status, said) = browser.submit(&form).await;
    assert!(status == 403 && said["refused"].as_str().is_some_and(|why| why.contains("id_token")), "{said}");

    let mut browser = Browser::new();
    let mut question = browser.question(&link(&home)).await;
    let pairs: Vec<(String, String)> = question.query_pairs().into_owned().collect();
    let others = pairs.iter().map(|(name, value)| (name, if name == "nonce" { "another" } else { value }));
    question.query_pairs_mut().clear().extend_pairs(others);
    let form = browser.form(&question).await;
    let (status, said) = browser.submit(&form).await;
    assert_eq!((status, &said["refused"]), (403, &Value::from("Invalid Nonce")));

    let mut browser = Browser::new();
    let address = link(&home);
    let question = browser.question(&address).await;
    let form = browser.form(&question).await;
    assert_eq!(browser.submit(&form).await.0, 200);
    let (status, said) = browser.submit(&form).await;
    assert_eq!((status, &said["refused"]), (403, &Value::from("Invalid Nonce")), "the answer came twice");
    let (status, said) = Browser::new().submit(&form).await;
    assert_eq!((status, &said["refused"]), (403, &Value::from("State not found")), "in another browser");
    let replayed = browser.go(question.as_str()).await;
    let (status, page) = (replayed.status(), replayed.text().await.expect("a page"));
    assert!(status == 410 && !page.contains("id_token"), "the question came twice: {status} {page}");
    assert_eq!(browser.go(&address).await.status(), 410, "the one-time address came twice");
    drop(waiting);
}
