//! `coursevia proof …`.

use super::{MAYA, keys};
use crate::support::catalogs::LINK_PARTNER;
use crate::support::cli::Home;
use serde_json::{Value, json};

const RUTH: [&str; 2] = ["--advisor", "ruth@college.example"];

/// Maya is enrolled with a partner that reports nothing.
fn enrolled() -> Home {
    let home = Home::new();
    let database = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    std::fs::write(home.path().join("own.toml"), LINK_PARTNER).expect("written");
    home.run(&["catalog", "import", "own.toml"]).ends(0);
    home.run(&[&["enroll", "dental-safety"], &MAYA[..]].concat()).ends(0);
    home
}

fn send<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["proof", "send", "dental-safety"], more, &MAYA[..]].concat()
}

fn by_ruth<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["proof"], args, &RUTH[..]].concat()
}

fn refused(home: &Home, args: &[&str], code: &str) {
    let error: Value = serde_json::from_str(&home.run(args).ends(3).stdout).expect("JSON");
    assert_eq!(error["error"]["code"], code, "{args:?}");
}

fn id(report: &Value) -> String {
    report["proof_id"].as_str().expect("an id").to_owned()
}

fn mails(home: &Home) -> Vec<String> {
    let folder = home.path().join(".local/share/coursevia/mail");
    let files = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    files.map(|path| std::fs::read_to_string(path).expect("text")).collect()
}

#[test]
fn a_report_is_sent_declined_sent_again_and_accepted() {
    let home = enrolled();
    let link = "https://nds.example.org/certificate/1";
    let sent = home.json(&send(&["--note", "All done.\u{1b}[31m", "--link", link, "--json"]));
    let all = [
        "answer",
        "decided_at",
        "enrollment_id",
        "file",
        "finished_on",
        "link",
        "note",
        "partner",
        "program",
        "proof_id",
        "sent_at",
        "status",
        "student",
        "student_id",
    ];
    assert_eq!(keys(&sent), all);
    assert_eq!(
        (&sent["status"], &sent["note"], &sent["link"]),
        (&json!("open"), &json!("All done."), &json!(link))
    );
    refused(&home, &send(&["--json"]), "proof_open");
    assert!(home.run(&[&["courses"], &MAYA[..]].concat()).ends(0).stdout.contains("waits for an advisor"));

    let queue = home.json(&by_ruth(&["list", "--json"]));
    assert_eq!((queue.as_array().map(Vec::len), keys(&queue[0])), (Some(1), all.to_vec()));
    let first = id(&queue[0]);
    let shown = home.run(&by_ruth(&["show", &first])).ends(0);
    assert!(shown.stdout.contains(link) && shown.stderr.contains("proof decline"), "{}", shown.stdout);
    let declined =
        home.json(&by_ruth(&["decline", &first, "--reason", "It names another person.", "--json"]));
    assert_eq!(
        (&declined["status"], &declined["answer"]),
        (&json!("declined"), &json!("It names another person."))
    );
    refused(&home, &by_ruth(&["accept", &first, "--json"]), "proof_decided");
    assert!(home.run(&by_ruth(&["list"])).ends(0).stderr.contains("No report waits"));

    let second = id(&home.json(&send(&["--json"])));
    let accepted = home.run(&by_ruth(&["accept", &second, "--note", "Well done."])).ends(0);
    assert!(
        accepted.stdout.contains("maya@example.org has completed Dental Office Safety"),
        "{}",
        accepted.stdout
    );
    let course = &home.json(&[&["courses", "--json"], &MAYA[..]].concat())[0];
    assert_eq!((&course["status"], &course["progress_percentage"]), (&json!("completed"), &json!(100)));
    assert_eq!(course["proof"]["status"], "accepted");
    refused(&home, &send(&["--json"]), "already_completed");
    let mine = home.json(&[&["proof", "list", "--json"], &MAYA[..]].concat());
    assert_eq!((&mine[0]["status"], &mine[1]["status"]), (&json!("accepted"), &json!("declined")));
    let told = mails(&home).join("\n");
    for words in ["You have completed Dental Office Safety", "It names another person.", "Well done."] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_file_is_kept_and_saved_where_an_advisor_says() {
    let home = enrolled();
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    std::fs::write(home.path().join("\u{1b}[31mmy\u{202e} proof.png"), &bytes).expect("written");
    let sent = home.json(&send(&["--file", "\u{1b}[31mmy\u{202e} proof.png", "--json"]));
    assert_eq!(sent["file"], json!({ "name": "my proof.png", "bytes": 70_000 }));
    let id = id(&sent);
    let saved = home.path().join("saved.png");
    home.run(&by_ruth(&["show", &id, "--save", "saved.png"])).ends(0).says("Saved as saved.png");
    assert_eq!(std::fs::read(&saved).expect("saved"), bytes);
    std::fs::write(&saved, "mine").expect("written");
    home.run(&by_ruth(&["show", &id, "--save", "saved.png"])).ends(1).says("--force");
    assert_eq!(std::fs::read(&saved).expect("there"), b"mine");
    home.run(&by_ruth(&["show", &id, "--save", "saved.png", "--force"])).ends(0);
    assert_eq!(std::fs::read(&saved).expect("saved"), bytes);
    home.run(&["enroll", "dental-safety", "--student", "lee@example.org"]).ends(0);
    refused(&home, &["proof", "show", &id, "--student", "lee@example.org", "--json"], "not_yours");
}

#[test]
fn what_can_not_be_proof_is_refused_in_words_and_nothing_is_sent() {
    let home = enrolled();
    std::fs::write(home.path().join("large"), vec![0; 2 * 1024 * 1024 + 1]).expect("written");
    std::fs::write(home.path().join("empty"), []).expect("written");
    for (file, exit, words) in [
        ("missing", 1, "there is no such file"),
        (".", 1, "a folder"),
        ("/dev/zero", 1, "not an ordinary file"),
        ("large", 3, "more than 2 MB"),
        ("empty", 3, "is empty"),
    ] {
        home.run(&send(&["--file", file])).ends(exit).says(words);
    }
    for link in [
        "javascript:alert(1)",
        "http://nds.example.org/",
        "https://me:pw@nds.example.org/",
        "nds.example.org",
    ] {
        refused(&home, &send(&["--link", link, "--json"]), "proof_link");
    }
    for (day, code) in [("2199-01-01", "finished_outside"), ("2001-01-01", "finished_outside")] {
        refused(&home, &send(&["--finished", day, "--json"]), code);
    }
    home.run(&send(&["--finished", "yesterday"])).ends(2);
    home.run(&send(&["--link", "https://x.example", "--file", "empty"])).ends(2);
    let long = "x".repeat(501);
    refused(&home, &send(&["--note", &long, "--json"]), "proof_note_too_long");
    assert_eq!(home.json(&by_ruth(&["list", "--all", "--json"])), json!([]));
}

#[test]
fn only_an_advisor_decides_and_only_the_student_or_an_advisor_sends() {
    let home = enrolled();
    let course = home.json(&[&["courses", "--json"], &MAYA[..]].concat())[0]["enrollment_id"].clone();
    let course = course.as_str().expect("an id");
    home.run(&["enroll", "dental-safety", "--student", "lee@example.org"]).ends(0);
    refused(&home, &["proof", "send", course, "--student", "lee@example.org", "--json"], "not_yours");
    let sent = home.json(&[&send(&["--json"])[..], &RUTH].concat());
    let id = id(&sent);
    home.run(&[&["proof", "accept", &id][..], &MAYA].concat()).ends(2).says("--advisor");
    home.run(&by_ruth(&["decline", &id, "--reason", " "])).ends(2).says("say why");
    home.run(&by_ruth(&["accept", "17"])).ends(1).says("There is no report");
    let nobody = "00000000-0000-0000-0000-000000000000";
    home.run(&by_ruth(&["show", nobody])).ends(1).says("There is no report");
    let hers = home.json(&[&by_ruth(&["list", "--json"])[..], &MAYA].concat());
    assert_eq!(hers.as_array().map(Vec::len), Some(1));
    let lees = home.json(&["proof", "list", "--json", "--student", "lee@example.org"]);
    assert_eq!(lees, json!([]));
    // Whoever has said that they have finished has begun.
    let cancel = [&["cancel", "dental-safety", "--json"][..], &MAYA].concat();
    refused(&home, &cancel, "already_started");
}

#[test]
fn a_course_whose_partner_reports_needs_no_report() {
    let home = Home::new();
    home.run(&[&["enroll", "cna-training", "--partner", "Certiport"], &MAYA[..]].concat()).ends(0);
    let send = [&["proof", "send", "cna-training", "--json"], &MAYA[..]].concat();
    refused(&home, &send, "progress_reported");
    home.run(&[&["cancel", "cna-training"], &MAYA[..]].concat()).ends(0);
    refused(&home, &send, "cancelled");
}
