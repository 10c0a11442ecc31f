//! `course check|import`, `certificate --format` and `certificate verify`.

use super::keys;
use crate::support::cli::Home;
use crate::support::desk::Campus;
use crate::support::postgres;
use coursevia::domain::actor::Actor;
use coursevia::domain::decide::Choice;
use coursevia::domain::person::Email;
use coursevia::domain::quiz::{Answer, AskedQuestion, QuestionKind};
use coursevia::service::Enroll;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const CATALOG: &str = r#"
[[partner]]
name = "College"
type = "college"
api = { protocol = "link", login_url = "https://college.example/login" }
[[program]]
slug = "paper-folding"
title = "Paper Folding"
category = "Arts"
summary = "Cranes and boats."
[[program]]
slug = "welding"
title = "Welding"
category = "Trades"
summary = "Join metal."
[[program.course]]
partner = "College"
name = "Welding"
code = "W-1"
format = "online"
pacing = "self_paced"
price = "0.00"
currency = "USD"
"#;

const RULES: &str = "title = \"The Art of Folding\"\npass_mark = 50\nfeedback = \"final\"\n";

const CRANE: &str = "+++\ntitle = \"Cranes\"\nminutes = 20\n+++\nFold it. [Boats](02-boat.md) are easier.\n\n\
    ```quiz\n[[question]]\nkind = \"text\"\nask = \"What do you fold?\"\naccept = [\"paper\"]\nwhy = \"Paper.\"\n```\n";

const BOAT: &str = "+++\ntitle = \"Boats\"\nminutes = 90\n+++\nFold it.\n";

/// The folder of a good course, named like this program.
fn folder(home: &Home, program: &str) -> PathBuf {
    let dir = home.path().join(program);
    fs::create_dir_all(&dir).expect("a folder");
    for (name, text) in [("course.toml", RULES), ("01-crane.md", CRANE), ("02-boat.md", BOAT)] {
        fs::write(dir.join(name), text).expect("written");
    }
    dir
}

#[test]
fn a_good_course_is_summed_up() {
    let home = Home::new();
    let dir = folder(&home, "paper-folding");
    let ran = home.run(&["course", "check", "paper-folding"]).ends(0);
    assert_eq!(ran.stdout, "paper-folding: 2 lessons, 1 question, 1 h 51 min. No mistakes found.\n");
    assert_eq!(ran.stderr, "");
    let checked = home.json(&["course", "check", "paper-folding", "--json"]);
    assert_eq!(
        checked,
        json!({
            "program": "paper-folding", "title": "The Art of Folding", "lessons": 2, "questions": 1, "minutes": 111,
            "warnings": [],
        })
    );
    fs::write(dir.join("02-boat.md"), format!("{BOAT}<b>Once more.</b>\n")).expect("written");
    let ran = home.run(&["course", "check", "paper-folding/"]).ends(0);
    assert!(ran.stdout.ends_with("No mistakes found.\n"), "{}", ran.stdout);
    ran.says("paper-folding/02-boat.md:6: HTML is shown as it is written. Use Markdown for what it should look like.");
    let checked = home.json(&["course", "check", "paper-folding", "--json"]);
    assert_eq!(checked["warnings"][0]["file"], "paper-folding/02-boat.md");
    assert_eq!(checked["warnings"][0]["line"], 6);
}

#[test]
fn all_problems_of_a_folder_are_told() {
    let home = Home::new();
    let dir = folder(&home, "paper-folding");
    fs::write(
        dir.join("01-crane.md"),
        CRANE.replace("minutes = 20", "minutes = 0").replace("02-boat.md", "03-boat.md"),
    )
    .expect("written");
    fs::write(dir.join("02-boat.md"), b"+++\n\xff").expect("written");
    let large = fs::File::create(dir.join("03-large.md")).expect("a file");
    large.set_len(50 * 1024 * 1024).expect("grown");
    fs::write(home.path().join("secret.md"), "secret").expect("written");
    std::os::unix::fs::symlink("../secret.md", dir.join("04-link.md")).expect("a link");
    let ran = home.run(&["course", "check", "./paper-folding"]).ends(1);
    let told = [
        "coursevia: ./paper-folding/course.toml:1: the files of the course have 51 MiB together. Make a course of 16 MiB or less.",
        "./paper-folding/01-crane.md:3: minutes is 0. Write a whole number from 1 to 600.",
        "./paper-folding/01-crane.md:5: the link leads to \"03-boat.md\", which is no lesson of this course. Did you mean 02-boat.md? Otherwise write an https:// address.",
        "./paper-folding/02-boat.md:2: this is not UTF-8 text: it has bytes that are no letters. Save it as UTF-8, or move it out of the folder.",
        "./paper-folding/03-large.md:1: the file has 50 MiB. Split it: 1 MiB is the most.",
        "./paper-folding/04-link.md:1: the file can't be read: it is a link that leads out of the folder. Put an ordinary file that you may read in its place.",
    ];
    assert_eq!(ran.stderr.trim_end().lines().collect::<Vec<_>>(), told);
    let failed = home.json(&["course", "check", "paper-folding", "--json"]);
    assert_eq!(failed["error"]["code"], "course_invalid");
    home.run(&["course", "import", "paper-folding"]).ends(1).says("01-crane.md:3: minutes is 0");
}

#[test]
fn a_folder_that_is_none_is_named() {
    let home = Home::new();
    home.run(&["course", "check", "none"]).ends(1).says("coursevia: none: there is no such folder");
    fs::write(home.path().join("file"), "").expect("written");
    home.run(&["course", "check", "file"]).ends(1).says("file: this is no folder. A course is a folder with");
    assert_eq!(home.json(&["course", "check", "none", "--json"])["error"]["code"], "course_unreadable");
    fs::create_dir(home.path().join("empty")).expect("a folder");
    home.run(&["course", "check", "empty"])
        .ends(1)
        .says("empty/course.toml:1: there is no course.toml in the folder.");
}

#[test]
fn the_folder_is_named_by_what_it_is_called_in_truth() {
    let home = Home::new();
    let dir = folder(&home, "paper-folding");
    std::os::unix::fs::symlink(&dir, home.path().join("Other Name")).expect("a link");
    assert_eq!(home.json(&["course", "check", "Other Name", "--json"])["program"], "paper-folding");
    home.run(&["course", "check", "paper-folding/../paper-folding/."]).ends(0);
}

async fn campus() -> Campus {
    Campus::with_catalog(CATALOG).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_on_sqlite() {
    versions(campus().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_on_postgres() {
    if let Some(database) = postgres::database().await {
        versions(Campus::with_catalog_in(&database.url, CATALOG).await).await;
    }
}

/// Reads every lesson and answers every question of a student's course, or only the first lesson.
async fn learn(campus: &Campus, email: &str, all: bool) -> String {
    let services = campus.services().await;
    let email = Email::parse(email).expect("an address");
    let student = services.learner(&email, None).await.expect("a student");
    let student = services.as_known(student).await.expect("a student");
    let program = services.program("paper-folding").await.expect("a program");
    let actor = Actor::Student(student.id);
    let request = Enroll { actor, student: &student, program: program.program.id, choice: Choice::Unmade };
    let id = Box::pin(services.enroll(&request)).await.expect("enrolled").enrollment.id;
    loop {
        let opened = services.open_lesson(actor, id, None).await.expect("opened");
        if !all || opened.outline.is_complete() {
            return id.to_string();
        }
        let lesson = &opened.lesson.key;
        services.finish_lesson(actor, id, lesson).await.expect("read");
        for question in opened.lesson.quiz.iter().flat_map(|quiz| &quiz.questions) {
            let QuestionKind::Text { accept, .. } = &question.kind else {
                panic!("a question for words");
            };
            let answer = Answer::Typed(accept[0].clone());
            let asked =
                AskedQuestion { version: opened.outline.version, attempt: 1, question: question.id.clone() };
            services.answer_question(actor, id, lesson, &asked, answer).await.expect("answered");
        }
    }
}

fn imported(home: &Home, dir: &Path, more: &[&str]) -> Value {
    let dir = dir.display().to_string();
    home.json(&[&["course", "import", &dir, "--json"], more].concat())
}

async fn versions(campus: Campus) {
    let home = Home::new().with("COURSEVIA_DATABASE_URL", &campus.database_url());
    let dir = folder(&home, "paper-folding");
    let first = imported(&home, &dir, &[]);
    assert_eq!(
        first,
        json!({ "program": "paper-folding", "version": 1, "new": true, "lessons": 2, "moved": 0, "staying": 0 })
    );
    assert_eq!(imported(&home, &dir, &[])["new"], false);
    let ran = home.run(&["course", "import", "paper-folding"]).ends(0);
    assert_eq!(ran.stdout, "Nothing differs from version 1 of The Art of Folding.\n");

    learn(&campus, "maya@example.org", false).await;
    fs::write(dir.join("02-boat.md"), BOAT.replace("Fold it.", "Fold it twice.")).expect("written");
    let second = imported(&home, &dir, &[]);
    assert_eq!((&second["version"], &second["staying"]), (&json!(2), &json!(1)));
    let safe = home.run(&["course", "import", "paper-folding", "--safe"]).ends(0).stdout;
    assert!(
        safe.contains("version 2 of The Art of Folding")
            && safe.contains("1 student who has begun moved on to it."),
        "{safe}"
    );

    fs::remove_file(dir.join("02-boat.md")).expect("removed");
    fs::write(dir.join("01-crane.md"), CRANE.replace("[Boats](02-boat.md)", "Boats")).expect("written");
    let refused = home.run(&["course", "import", "paper-folding", "--safe"]).ends(3);
    refused.says("the lesson boat is gone. Import it without --safe: they keep the version they began.");
    assert_eq!(imported(&home, &dir, &["--safe"])["error"]["code"], "not_safe");
    let third = home.run(&["course", "import", "paper-folding"]).ends(0).stdout;
    assert_eq!(
        third,
        "Version 3 of The Art of Folding: 1 lesson, 1 question, 21 min.\n1 student keeps the version they began.\n"
    );

    let elsewhere = folder(&home, "welding");
    assert_eq!(imported(&home, &elsewhere, &[])["error"]["code"], "taught_elsewhere");
    home.run(&["course", "import", "welding"]).ends(3);
    let unknown = folder(&home, "origami");
    assert_eq!(imported(&home, &unknown, &[])["error"]["code"], "unknown_program");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_on_sqlite() {
    certificate(campus().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_on_postgres() {
    if let Some(database) = postgres::database().await {
        certificate(Campus::with_catalog_in(&database.url, CATALOG).await).await;
    }
}

async fn certificate(campus: Campus) {
    let home = Home::new().with("COURSEVIA_DATABASE_URL", &campus.database_url());
    imported(&home, &folder(&home, "paper-folding"), &[]);
    let maya = ["--student", "maya@example.org"];
    learn(&campus, "otto@example.org", false).await;
    let none = home.run(&["certificate", "paper-folding", "--student", "otto@example.org"]).ends(1);
    none.says("it comes when every lesson is read and every quiz is passed");
    let id = learn(&campus, "maya@example.org", true).await;
    let facts = home.run(&[&["certificate", "paper-folding"], &maya[..]].concat()).ends(0).stdout;
    let fact = |name: &str| {
        let line =
            facts.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {facts}"));
        line[name.len()..].trim().to_owned()
    };
    let code = fact("Code");
    assert_eq!(fact("Check it"), format!("coursevia certificate verify {code}"));
    assert_eq!(fact("Holder"), "maya@example.org");
    let told = home.json(&[&["certificate", &*id, "--json"], &maya[..]].concat());
    assert_eq!((&told["code"], &told["number"]), (&json!(code), &json!(fact("Number"))));
    for (format, start) in [("text", "═"), ("svg", "<svg ")] {
        let drawn = home
            .run(&[&["certificate", "paper-folding", "--format", format], &maya[..]].concat())
            .ends(0)
            .stdout;
        assert!(
            drawn.starts_with(start) && drawn.contains(&code) && drawn.contains("The Art of Folding"),
            "{drawn}"
        );
    }

    let typed = code.to_lowercase().replace('-', " ");
    let valid = home.json(&["certificate", "verify", &typed, "--json"]);
    assert_eq!(keys(&valid), ["code", "course", "holder", "issued_on", "number", "valid"]);
    assert_eq!(
        valid,
        json!({
            "valid": true, "number": told["number"], "holder": "maya@example.org", "course": "The Art of Folding",
            "issued_on": "2026-01-15", "code": code,
        })
    );
    let ran = home.run(&["certificate", "verify", &code]).ends(0);
    assert!(
        ran.stdout.starts_with("This certificate is valid.\nHolder    maya@example.org\n"),
        "{}",
        ran.stdout
    );
    let other = "0000-0000-0000-0000";
    home.run(&["certificate", "verify", other])
        .ends(1)
        .says("No certificate was issued here with the code 0000-0000-0000-0000.");
    assert_eq!(
        home.json(&["certificate", "verify", other, "--json"])["error"]["code"],
        "unknown_certificate"
    );
    home.run(&["certificate", "verify", "hello"])
        .ends(2)
        .says("a verification code has 16 letters and digits");
    home.run(&["certificate", "verify"]).ends(2);
    home.run(&["certificate"]).ends(2);
}
