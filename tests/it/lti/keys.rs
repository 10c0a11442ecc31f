//! `coursevia lti keys`, and a launch by the real program.

use super::world::CERTIPORT;
use crate::support::cli::Home;
use crate::support::http;
use crate::support::lti::{becomes_tool, encoded, hints, put_key, question, tool};
use crate::support::office::Office;
use coursevia::domain::provider::Disclosure;
use coursevia::platform::Clock;
use coursevia::store::FailPoints;
use reqwest::header::LOCATION;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use url::Url;

const MAYA: [&str; 2] = ["--student", "maya@example.org"];

fn key_file(home: &Home) -> PathBuf {
    home.path().join(".local/share/coursevia/lti-key.pem")
}

#[test]
fn a_partner_gets_what_it_needs_and_never_the_private_key() {
    let home = Home::new().with("COURSEVIA_LTI__PORT", "8765");
    let missing = home.json(&["lti", "keys", "--json"]);
    assert_eq!(missing["error"]["code"], "lti_key_missing");
    home.run(&["lti", "keys"]).ends(1).says("Make one with: coursevia lti keys --new");
    home.run(&["lti", "keys", "--pem", "--jwks"]).ends(2);
    put_key(&key_file(&home));
    home.run(&["lti", "keys", "--new"]).ends(1).says("coursevia lti keys --rotate");
    let told = home.run(&["lti", "keys"]).ends(0).stdout;
    let pem = home.run(&["lti", "keys", "--pem"]).ends(0).stdout;
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && told.contains(&pem), "{told}");
    assert!(told.contains("http://127.0.0.1:8765/lti/auth") && told.contains("https://coursevia.example"));
    assert!(!told.contains("PRIVATE"), "{told}");
    let jwks = home.json(&["lti", "keys", "--jwks"]);
    assert_eq!(jwks, home.json(&["lti", "keys", "--json"])["jwks"]);
    let rotated = home.run(&["lti", "keys", "--rotate", "--json"]).ends(0).stdout;
    let rotated: serde_json::Value = serde_json::from_str(&rotated).expect("JSON");
    assert_eq!(
        (&rotated["jwks"]["keys"][1], rotated["keys"].as_array().map(Vec::len)),
        (&jwks["keys"][0], Some(2))
    );
    let published = std::fs::read_to_string(key_file(&home).with_extension("jwks.json")).expect("published");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&published).expect("JSON"), rotated["jwks"]);
    home.run(&["lti", "keys", "--drop-old"]).ends(0);
    home.run(&["lti", "keys", "--drop-old"]).ends(1).says("There is no older key to drop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_answers_the_partner_and_ends_when_the_course_is_open() {
    let home = Home::new();
    home.run(&[&["enroll", "cna-training", "--partner", "Certiport"], &MAYA[..]].concat()).ends(0);
    put_key(&key_file(&home));
    let office = Office { home: home.path().to_owned(), port: 0 };
    let backend = office.backend("any", Clock::System, FailPoints::none());
    let services = backend.services().await.expect("the services");
    becomes_tool(services, "Certiport", tool(CERTIPORT, Disclosure::default())).await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_coursevia"))
        .args([&["launch", "cna-training", "--print-url"], &MAYA[..]].concat())
        .env_clear()
        .envs(home.environment())
        .env("SSH_CONNECTION", "a 1 b 2")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("coursevia runs");
    let mut link = String::new();
    BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut link).expect("a line");
    http::client();
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let opened = client.get(link.trim()).send().await.expect("an answer");
    let login = Url::parse(opened.headers()[LOCATION].to_str().expect("text")).expect("an address");
    let query = encoded(&question(CERTIPORT, &hints(&login)));
    let auth = Url::parse(link.trim()).expect("an address").join("/lti/auth").expect("an address");
    let page = http::page(&format!("{auth}?{query}")).await;
    assert!(page.contains("id_token"), "{page}");
    let mut talk = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut talk).expect("UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{talk}");
    assert!(talk.contains("your browser is on another one") && talk.contains("ssh -L"), "{talk}");
    assert!(talk.contains("The course is open."), "{talk}");
}
