//! `enroll --cohort`, `--waitlist` and `waitlist …`: a full start, from waiting to the seat.

use super::MAYA;
use crate::support::catalogs::LINK_PARTNER;
use crate::support::cli::Home;
use serde_json::Value;

const LEE: [&str; 2] = ["--student", "lee@example.org"];
const ZOE: [&str; 2] = ["--student", "zoe@example.org"];

/// A course with a start of one seat and a later one, and the days of both.
fn school() -> (Home, String, String) {
    let home = Home::new();
    let database = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    let starts = "[[program.course.cohort]]\nstarts = \"+30d\"\nseats = 1\n\
        [[program.course.cohort]]\nstarts = \"+60d\"\nseats = 5\n";
    std::fs::write(home.path().join("own.toml"), format!("{LINK_PARTNER}{starts}")).expect("written");
    home.run(&["catalog", "import", "own.toml"]).ends(0);
    let starts = home.json(&["calendar", "dental-safety", "--json"]);
    let day = |nth: usize| starts[nth]["starts_on"].as_str().expect("a day").to_owned();
    let (first, second) = (day(0), day(1));
    (home, first, second)
}

fn by<'a>(args: &[&'a str], who: &[&'a str]) -> Vec<&'a str> {
    [args, who].concat()
}

fn refusal(home: &Home, args: &[&str]) -> Value {
    serde_json::from_str::<Value>(&home.run(args).ends(3).stdout).expect("JSON")["error"].take()
}

fn place(home: &Home) -> Value {
    let mine = home.json(&by(&["waitlist", "list", "--json"], &LEE));
    mine.get(0).cloned().unwrap_or_default()
}

#[test]
fn a_full_start_is_waited_for_and_its_seat_taken() {
    let (home, first, second) = school();
    let enroll = ["enroll", "dental-safety", "--cohort", &first, "--json"];
    assert_eq!(home.json(&by(&enroll, &MAYA))["cohort"], first);
    let full = refusal(&home, &by(&enroll, &LEE));
    assert_eq!((full["code"].as_str(), &full["alternatives"][0]), (Some("cohort_full"), &second.into()));
    assert!(
        home.run(&by(&["enroll", "dental-safety", "--cohort", &first, "--waitlist"], &LEE))
            .ends(0)
            .stdout
            .contains("place 1")
    );
    assert_eq!((place(&home)["status"].as_str(), place(&home)["place"].as_i64()), (Some("waiting"), Some(1)));
    assert_eq!(
        refusal(&home, &by(&["waitlist", "accept", "dental-safety", "--json"], &LEE))["code"],
        "still_waiting"
    );

    home.run(&by(&["cancel", "dental-safety"], &MAYA)).ends(0);
    assert_eq!(place(&home)["status"], "offered");
    assert_eq!(refusal(&home, &by(&enroll, &ZOE))["code"], "cohort_full", "it is kept for Lee");
    assert_eq!(home.json(&by(&enroll, &LEE))["cohort"], first, "for Lee it is not full");
    assert_eq!(place(&home), Value::Null);
    let again = refusal(&home, &by(&["waitlist", "accept", "dental-safety", "--json"], &LEE));
    assert_eq!(again["code"], "already_enrolled");
    assert_eq!(home.json(&["calendar", "dental-safety", "--json"])[0]["seats_left"], 0);
}

#[test]
fn a_declined_seat_is_free_again() {
    let (home, first, _) = school();
    let enroll = ["enroll", "dental-safety", "--cohort", &first, "--json"];
    home.json(&by(&enroll, &MAYA));
    home.run(&by(&["enroll", "dental-safety", "--cohort", &first, "--waitlist"], &LEE)).ends(0);
    home.run(&by(&["cancel", "dental-safety"], &MAYA)).ends(0);
    assert!(
        home.run(&by(&["waitlist", "decline", "dental-safety"], &LEE))
            .ends(0)
            .stdout
            .contains("Declined the seat")
    );
    assert_eq!(home.json(&by(&enroll, &ZOE))["cohort"], first);
}
