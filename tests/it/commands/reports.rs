//! `coursevia report`, `ledger` and `payout`.

use super::{MAYA, keys};
use crate::support::catalogs::LINK_PARTNER;
use crate::support::cli::Home;
use serde_json::{Value, json};

const RUTH: [&str; 2] = ["--advisor", "ruth@college.example"];

/// Maya has enrolled with a partner that reports nothing, and has opened the course.
fn begun() -> Home {
    let home = Home::new();
    let database = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    std::fs::write(home.path().join("own.toml"), LINK_PARTNER).expect("written");
    home.run(&["catalog", "import", "own.toml"]).ends(0);
    home.run(&[&["enroll", "dental-safety"], &MAYA[..]].concat()).ends(0);
    home.run(&[&["launch", "dental-safety", "--print-url"], &MAYA[..]].concat()).ends(0);
    home
}

fn fails(home: &Home, args: &[&str], exit: i32, code: &str) -> Value {
    let error: Value = serde_json::from_str(&home.run(args).ends(exit).stdout).expect("JSON");
    assert_eq!(error["error"]["code"], code, "{args:?}");
    error
}

#[test]
fn completion_counts_who_enrolled_and_began() {
    let home = begun();
    let report = home.json(&["report", "completion", "--json"]);
    let row = json!({ "partner": "NDS", "enrolled": 1, "started": 1, "completed": 0, "cancelled": 0,
        "switched_away": 0, "median_days": null });
    assert_eq!(report, json!([row]));
    let by_program = home.json(&["report", "completion", "--by", "program", "--format", "json"]);
    assert_eq!(by_program[0]["program"], "dental-safety");
    assert_eq!(home.json(&["report", "completion", "--to", "2020-01-01", "--json"]), json!([]));
    let csv = home.run(&["report", "completion", "--format", "csv"]).ends(0).stdout;
    let wanted =
        "partner,enrolled,started,completed,cancelled,switched_away,median_days\r\nNDS,1,1,0,0,0,\r\n";
    assert_eq!(csv, wanted);
    let table = home.run(&["report", "completion", "--partner", "nds"]).ends(0).stdout;
    assert!(table.starts_with("PARTNER  ENROLLED"), "{table}");
    assert_eq!(home.json(&["report", "revenue", "--json"]), json!([]));
    let performance = home.json(&["report", "performance", "--json"]);
    assert_eq!(
        keys(&performance[0]),
        [
            "completion_rate",
            "figures_age_minutes",
            "launch_failures",
            "median_days",
            "partner",
            "provision_failures",
            "rating"
        ]
    );
    home.run(&["report", "completion", "--to", "2020-01-01"])
        .ends(0)
        .says("Nothing happened in this period.");
}

#[test]
fn a_period_that_ends_before_it_begins_is_wrong_usage() {
    let home = begun();
    let period = ["--from", "2026-11-02", "--to", "2026-11-01", "--json"];
    for what in [&["report", "revenue"][..], &["ledger"]] {
        let error = fails(&home, &[what, &period].concat(), 2, "usage");
        let message = error["error"]["message"].as_str().expect("a sentence");
        assert!(message.contains("before it begins on 2026-11-02"), "{message}");
    }
}

#[test]
fn a_day_no_calendar_has_is_wrong_usage() {
    let home = begun();
    for day in ["2026-02-30", "yesterday", ""] {
        for what in [&["report", "revenue"][..], &["ledger"]] {
            let error = fails(&home, &[what, &["--from", day, "--json"]].concat(), 2, "usage");
            let words = format!("--from: \"{day}\" is no date. Write it as 2026-11-01");
            assert_eq!(error["error"]["message"], words.as_str());
        }
    }
    home.run(&["ledger", "--limit", "0"]).ends(2).says("--limit");
}

#[test]
fn who_is_not_there_is_named() {
    let home = begun();
    let error = fails(&home, &["report", "revenue", "--partner", "Nobody", "--json"], 1, "unknown_partner");
    assert_eq!(error["error"]["alternatives"], json!(["NDS"]));
    fails(&home, &["report", "revenue", "--program", "nothing", "--json"], 1, "unknown_program");
    fails(&home, &["ledger", "--course", "nothing", "--json"], 1, "unknown_enrollment");
}

#[test]
fn a_statement_names_students_and_needs_an_advisor() {
    let home = begun();
    let asked = ["report", "statement", "--partner", "NDS", "--json"];
    fails(&home, &asked, 2, "usage");
    let statement = home.json(&[&asked[..], &RUTH].concat());
    assert_eq!(
        (&statement[0]["student"], &statement[0]["status"]),
        (&json!("maya@example.org"), &json!("active"))
    );
    assert_eq!(statement[0]["paid_cents"], 0);
}

#[test]
fn a_partner_is_not_paid_what_it_is_not_owed() {
    let home = begun();
    let payout = ["payout", "NDS", "--amount", "120.00", "--reference", "P-1", "--json"];
    fails(&home, &payout, 2, "usage");
    fails(&home, &[&payout[..], &RUTH].concat(), 3, "payout_too_large");
    for (amount, currency) in [("-1.00", "USD"), ("1.001", "USD"), ("1.00", "usd"), ("x", "USD")] {
        let wrong =
            ["payout", "NDS", "--amount", amount, "--currency", currency, "--reference", "P-1", "--json"];
        fails(&home, &[&wrong[..], &RUTH].concat(), 2, "usage");
    }
    let nothing = ["payout", "NDS", "--amount", "0.00", "--reference", "P-1", "--json"];
    fails(&home, &[&nothing[..], &RUTH].concat(), 3, "nothing_to_pay_out");
    assert_eq!(home.json(&["ledger", "--json"]), json!([]));
    home.run(&["ledger"]).ends(0).says("Nothing was posted.");
}
