//! Dated starts on the command line: from the file to the list, and what is refused.

use crate::support::cli::Home;
use serde_json::{Value, json};

const SOURCE: &str = r#"[[partner]]
name = "College"
type = "college"
api = { protocol = "link", login_url = "https://college.example/login" }
[[program]]
slug = "welding"
title = "Welding"
category = "Trades"
summary = "Join metal."
[[program.course]]
partner = "College"
name = "Welding in Class"
code = "W-1"
format = "in_person"
pacing = "instructor_led"
price = "0.00"
currency = "USD"
[[program.course.cohort]]
starts = "+14d"
time_zone = "America/Chicago"
seats = 2
[[program]]
slug = "first-aid"
title = "First Aid"
category = "Healthcare"
summary = "Help."
[[program.course]]
partner = "College"
name = "First Aid"
code = "F-1"
format = "online"
pacing = "self_paced"
price = "35.00"
currency = "EUR"
"#;

fn write(home: &Home, source: &str) -> String {
    let file = home.path().join("catalog.toml");
    std::fs::write(&file, source).expect("written");
    file.display().to_string()
}

/// A database of its own with the file above.
fn imported() -> (Home, String) {
    let home = Home::new();
    let url = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &url);
    let file = write(&home, SOURCE);
    let report = home.json(&["catalog", "import", &file, "--json"]);
    assert_eq!(report["cohorts"], json!({ "added": 1, "updated": 0, "unchanged": 0, "deactivated": 0 }));
    (home, file)
}

fn slugs(found: &Value) -> Vec<&str> {
    found.as_array().expect("a list").iter().filter_map(|program| program["slug"].as_str()).collect()
}

#[test]
fn programs_are_found_by_start_seats_and_rating() {
    let (home, _) = imported();
    let found = |wishes: &[&str]| home.json(&[&["programs", "--json"], wishes].concat());
    let partner = &found(&["--search", "welding"])[0]["partners"][0];
    assert_eq!((&partner["dated"], &partner["seats_left"]), (&json!(true), &json!(2)));
    assert_eq!((&partner["rating"], &partner["reviews"]), (&json!(null), &json!(0)));
    let start = partner["next_start"].as_str().expect("a day").to_owned();
    let any_time = &found(&["--search", "first aid"])[0]["partners"][0];
    assert_eq!((&any_time["dated"], &any_time["next_start"]), (&json!(false), &json!(null)));
    assert_eq!(slugs(&found(&["--starts-before", &start])), ["first-aid"]);
    assert_eq!(slugs(&found(&["--starts-before", "9000-01-01", "--has-seats"])), ["welding", "first-aid"]);
    assert_eq!(slugs(&found(&["--starts-before", "2001-01-01"])), [""; 0]);
    assert_eq!(slugs(&found(&["--min-rating", "1"])), [""; 0]);
    let listed = home.run(&["programs"]).ends(0).stdout;
    assert!(listed.contains("€35.00") && listed.contains("Free"), "{listed}");
    let shown = home.run(&["program", "welding"]).ends(0).stdout;
    assert!(shown.contains("2 seats left"), "{shown}");
    home.run(&["programs", "--min-rating", "6"]).ends(2).says("from 1 to 5");
    home.run(&["programs", "--starts-before", "soon"]).ends(2).says("such as 2026-12-01");
    home.run(&["programs", "--starts-before", "2026-02-30"]).ends(2).says("write a day of the calendar");
}

#[test]
fn taken_seats_are_not_taken_away() {
    let (home, file) = imported();
    for address in ["maya@example.org", "noah@example.org"] {
        home.run(&["enroll", "welding", "--student", address]).ends(0);
    }
    write(&home, &SOURCE.replace("seats = 2", "seats = 1"));
    let refused = home.run(&["catalog", "import", &file]).ends(3);
    let refused = refused.says("of Welding in Class with College has 2 seats taken, so it can't have 1.");
    refused.says("Nothing was imported. Write seats = 2 or more.");
    assert_eq!(home.json(&["catalog", "import", &file, "--json"])["error"]["code"], "seats_taken");
    write(&home, SOURCE);
    home.run(&["catalog", "import", &file]).ends(0);
}

#[test]
fn an_export_brings_nothing_new_and_a_check_warns_of_what_is_over() {
    let (home, file) = imported();
    let exported = home.run(&["catalog", "export"]).ends(0).stdout;
    assert!(exported.contains("[[program.course.cohort]]\nstarts = 20"), "{exported}");
    write(&home, &exported);
    let report = home.json(&["catalog", "import", &file, "--prune", "--json"]);
    for kind in ["partners", "programs", "courses", "cohorts"] {
        let counts = &report[kind];
        assert_eq!(
            (&counts["added"], &counts["updated"], &counts["deactivated"]),
            (&json!(0), &json!(0), &json!(0))
        );
    }
    write(&home, &SOURCE.replace("\"+14d\"", "2001-05-07"));
    let checked = home.run(&["catalog", "check", &file]).ends(0);
    assert!(checked.stdout.contains("2 courses, 1 cohort. Ready to import."), "{}", checked.stdout);
    checked.says("catalog.toml:19: the start on 2001-05-07 is over.");
    home.run(&["catalog", "import", &file]).ends(0).says("is over");
    home.run(&["catalog", "import", &file, "--prune"]).ends(0);
    home.run(&["enroll", "welding", "--student", "maya@example.org"])
        .ends(3)
        .says("no new dates for Welding");
}

#[test]
fn a_date_and_days_after_today_that_meet_are_refused() {
    let (home, file) = imported();
    let start = home.json(&["program", "welding", "--json"])["partners"][0]["next_start"].to_string();
    let twice =
        format!("seats = 2\n[[program.course.cohort]]\nstarts = {start}\ntime_zone = \"UTC\"\nseats = 3");
    write(&home, &SOURCE.replace("seats = 2", &twice));
    home.run(&["catalog", "check", &file]).ends(0);
    home.run(&["catalog", "import", &file]).ends(3).says("is there twice");
}
