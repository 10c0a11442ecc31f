//! Outside work that did not come about, as staff looks after it.

use crate::support::cli::Home;
use serde_json::Value;

const MAYA: [&str; 2] = ["--student", "maya@example.org"];
const RUTH: [&str; 2] = ["--advisor", "ruth@college.example"];

/// A home in which both jobs of an enrollment were given up.
fn given_up() -> Home {
    let home = Home::new();
    home.run(&[&["enroll", "cna-training", "--partner", "Certiport"], &MAYA[..]].concat()).ends(0);
    let file = home.path().join(".local/share/coursevia/coursevia.db");
    let db = rusqlite::Connection::open(file).expect("it opens");
    db.execute_batch(
        "UPDATE jobs SET done_at = NULL, gave_up_at = '2026-01-15T09:00:00.000000+00:00', last_error = 'nobody answers';
         UPDATE partner_lms_enrollments SET link = 'failed'",
    )
    .expect("it runs");
    home
}

fn ids(home: &Home) -> Vec<(String, String)> {
    let listed = home.json(&[&["jobs", "list", "--json"], &RUTH[..]].concat());
    let text = |job: &Value, key: &str| job[key].as_str().expect("a text").to_owned();
    listed.as_array().expect("a list").iter().map(|job| (text(job, "kind"), text(job, "id"))).collect()
}

#[test]
fn what_was_given_up_is_listed_tried_again_and_dropped() {
    let home = given_up();
    for nobody in [&["jobs", "list"][..], &["jobs", "list", "--all", "--student", "maya@example.org"]] {
        let refused = home.run(&[nobody, &["--json"]].concat()).ends(3);
        let told: Value = serde_json::from_str(&refused.stdout).expect("JSON");
        assert_eq!(told["error"]["code"], "advisor_only", "{}", refused.stdout);
    }
    let listed = home.run(&[&["jobs", "list"], &RUTH[..]].concat()).ends(0);
    for told in ["maya@example.org", "CNA Training via Certiport", "nobody answers"] {
        assert!(listed.stdout.contains(told), "{told}: {}", listed.stdout);
    }
    let both = ids(&home);
    let id = |kind: &str| both.iter().find(|(found, _)| found == kind).expect(kind).1.clone();
    let (provision, mail) = (id("provision"), id("mail"));
    home.run(&["jobs", "retry", &provision]).ends(3).says("--advisor");
    let courses = home.json(&[&["courses", "--json"], &MAYA[..]].concat());
    assert_eq!(courses[0]["link"], "failed");

    let retried = home.json(&[&["jobs", "retry", &provision, "--json"], &RUTH[..]].concat());
    assert_eq!(retried["state"], "done", "{retried}");
    let courses = home.json(&[&["courses", "--json"], &MAYA[..]].concat());
    assert_eq!(courses[0]["link"], "confirmed");
    home.run(&[&["jobs", "retry", &provision], &RUTH[..]].concat()).ends(3).says("done already");

    home.run(&[&["jobs", "drop", &mail, "--reason", " "], &RUTH[..]].concat()).ends(2).says("--reason");
    let drop = [&["jobs", "drop", &mail, "--reason", "told by telephone"], &RUTH[..]].concat();
    home.run(&drop).ends(0).says("nobody tries it any more");
    home.run(&[&["jobs", "list"], &RUTH[..]].concat()).ends(0).says("Nothing was given up.");
    home.run(&[&["jobs", "list", "--all"], &RUTH[..]].concat()).ends(0).says("Nothing is left to do.");
}

#[test]
fn a_place_whose_job_was_dropped_is_asked_for_anew() {
    let home = given_up();
    let provision = ids(&home).into_iter().find(|(kind, _)| kind == "provision").expect("a job").1;
    let drop =
        [&["jobs", "drop", &provision, "--reason", "the partner is asked by mail"], &RUTH[..]].concat();
    home.run(&drop).ends(0).says("\"try again\" asks the partner anew");
    home.run(&[&["snapshot", "--keys", "2<enter>"], &MAYA[..]].concat()).ends(0);
    let courses = home.json(&[&["courses", "--json"], &MAYA[..]].concat());
    assert_eq!(courses[0]["link"], "failed");
}

#[test]
fn ids_that_are_none_are_named() {
    let home = Home::new();
    for id in ["x", "00000000-0000-0000-0000-000000000000"] {
        let ran = home.run(&[&["jobs", "retry", id, "--json"], &RUTH[..]].concat()).ends(1);
        let told: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        assert_eq!(told["error"]["code"], "unknown_job");
    }
}
