//! `coursevia review …`.

use super::{MAYA, keys};
use crate::support::catalogs::LINK_PARTNER;
use crate::support::cli::Home;
use serde_json::{Value, json};

const RUTH: [&str; 2] = ["--advisor", "ruth@college.example"];

/// Maya is enrolled with a partner whose course counts as started once it was opened.
fn enrolled() -> Home {
    let home = Home::new();
    let database = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    std::fs::write(home.path().join("own.toml"), LINK_PARTNER).expect("written");
    home.run(&["catalog", "import", "own.toml"]).ends(0);
    home.run(&[&["enroll", "dental-safety"], &MAYA[..]].concat()).ends(0);
    home
}

fn started() -> Home {
    let home = enrolled();
    home.run(&[&["launch", "dental-safety", "--print-url"], &MAYA[..]].concat()).ends(0);
    home
}

fn refused(home: &Home, args: &[&str], code: &str) {
    let error: Value = serde_json::from_str(&home.run(args).ends(3).stdout).expect("JSON");
    assert_eq!(error["error"]["code"], code, "{args:?}");
}

fn as_maya<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["review"], args, &MAYA[..]].concat()
}

#[test]
fn a_review_is_written_read_changed_and_withdrawn() {
    let home = started();
    let added = home.json(&as_maya(&[
        "add",
        "dental-safety",
        "--rating",
        "4",
        "--text",
        "Good.\u{1b}[31m",
        "--json",
    ]));
    assert_eq!(added["review"]["rating"], 4);
    let list = home.json(&["review", "list", "dental-safety", "--json"]);
    assert_eq!(keys(&list), ["average", "distribution", "items", "program", "reviews"]);
    assert_eq!((&list["average"], &list["reviews"]), (&json!(4.0), &json!(1)));
    assert_eq!(list["distribution"], json!({ "1": 0, "2": 0, "3": 0, "4": 1, "5": 0 }));
    let item = &list["items"][0];
    assert_eq!(
        keys(item),
        ["author", "completed", "date", "hidden", "id", "partner", "rating", "text", "verified"]
    );
    assert_eq!((&item["text"], &item["author"]), (&json!("Good."), &json!("a student")));
    assert_eq!(item["verified"], "verified, started with NDS");
    refused(&home, &as_maya(&["add", "dental-safety", "--rating", "1", "--json"]), "already_reviewed");
    home.run(&as_maya(&["edit", "dental-safety", "--rating", "2"])).ends(0);
    let list =
        home.json(&["review", "list", "dental-safety", "--partner", "nds", "--sort", "lowest", "--json"]);
    assert_eq!((&list["items"][0]["rating"], &list["items"][0]["text"]), (&json!(2), &json!("Good.")));
    let told = home.run(&["review", "list", "dental-safety"]).ends(0).stdout;
    assert!(told.contains("2.0 of 5 from 1 review") && told.contains("Good."), "{told}");
    home.run(&as_maya(&["withdraw", "dental-safety"])).ends(0);
    let list = home.json(&["review", "list", "dental-safety", "--json"]);
    assert_eq!((&list["average"], &list["items"]), (&Value::Null, &json!([])));
    refused(&home, &as_maya(&["withdraw", "dental-safety", "--json"]), "no_review");
    refused(&home, &as_maya(&["edit", "dental-safety", "--rating", "2", "--json"]), "no_review");
}

#[test]
fn bad_reviews_are_refused_in_words() {
    let home = enrolled();
    refused(&home, &as_maya(&["add", "dental-safety", "--rating", "4", "--json"]), "not_started");
    for rating in ["0", "6", "-1", "4.5", "many"] {
        let ran = home.run(&as_maya(&["add", "dental-safety", "--rating", rating])).ends(2);
        assert!(ran.stderr.contains("from 1 to 5"), "{}", ran.stderr);
    }
    home.run(&as_maya(&["edit", "dental-safety"])).ends(2);
    let home = started();
    let long = "x".repeat(2_001);
    let ran = home.run(&as_maya(&["add", "dental-safety", "--rating", "4", "--text", &long])).ends(3);
    assert!(ran.stderr.contains("2,001"), "{}", ran.stderr);
    let id = home.json(&[&["courses", "--json"], &MAYA[..]].concat())[0]["enrollment_id"].clone();
    let id = id.as_str().expect("an id");
    home.run(&["enroll", "dental-safety", "--student", "lee@example.org"]).ends(0);
    let stranger = ["review", "add", id, "--rating", "1", "--student", "lee@example.org", "--json"];
    refused(&home, &stranger, "not_yours");
    let advisor = [&as_maya(&["add", "dental-safety", "--rating", "1", "--json"])[..], &RUTH].concat();
    refused(&home, &advisor, "review_not_on_behalf");
}

#[test]
fn a_text_from_stdin_may_be_a_megabyte_and_is_refused_quickly() {
    let home = started();
    let file = home.path().join("long");
    std::fs::write(&file, "word ".repeat(200_000)).expect("written");
    let script = format!(
        "'{}' review add dental-safety --rating 4 --text - --student maya@example.org --json < '{}'",
        env!("CARGO_BIN_EXE_coursevia"),
        file.display()
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .envs(home.environment())
        .output()
        .expect("a shell");
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("review_too_long") && told.contains("999,999"), "{told}");
    assert_eq!(home.json(&["review", "list", "dental-safety", "--json"])["reviews"], 0);
}

#[test]
fn an_advisor_hides_a_text_in_public_and_never_a_score() {
    let home = started();
    home.run(&as_maya(&["add", "dental-safety", "--rating", "1", "--text", "Mr. X is a crook"])).ends(0);
    let id = home.json(&["review", "list", "dental-safety", "--json"])["items"][0]["id"].clone();
    let id = id.as_str().expect("an id");
    let hide = ["review", "hide", id, "--reason", "names a teacher"];
    home.run(&hide).ends(2).says("--advisor");
    home.run(&[&["review", "hide", id, "--reason", " "], &RUTH[..]].concat()).ends(2).says("--reason");
    home.run(&[&hide[..], &RUTH].concat()).ends(0);
    let list = home.json(&["review", "list", "dental-safety", "--json"]);
    assert_eq!((&list["average"], &list["distribution"]["1"]), (&json!(1.0), &json!(1)));
    assert_eq!(
        (&list["items"][0]["text"], &list["items"][0]["hidden"]),
        (&Value::Null, &json!("names a teacher"))
    );
    refused(&home, &[&hide[..], &RUTH, &["--json"]].concat(), "already_hidden");
    home.run(&as_maya(&["edit", "dental-safety", "--text", "Again"])).ends(0).says("stays hidden");
    home.run(&[&["review", "unhide", id], &RUTH[..]].concat()).ends(0);
    refused(&home, &[&["review", "unhide", id, "--json"], &RUTH[..]].concat(), "not_hidden");
    let list = home.json(&["review", "list", "dental-safety", "--json"]);
    assert_eq!(list["items"][0]["text"], "Again");
    let unknown = home.run(&[&["review", "unhide", "nonsense", "--json"], &RUTH[..]].concat()).ends(1);
    assert!(unknown.stdout.contains("unknown_review"), "{}", unknown.stdout);
}
