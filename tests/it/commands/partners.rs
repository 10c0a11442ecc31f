//! `partner …`, `watch`, and what the other commands say of a partner that fails.

use super::keys;
use crate::support::till::{MAYA, RUTH, Till};
use serde_json::{Value, json};

const CNA: &str = "cna-training";

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or_else(|| panic!("no refusal: {answer}"))
}

fn ruth(till: &Till, args: &[&str]) -> Value {
    till.home.json(&[args, &["--json"], &RUTH[..]].concat())
}

#[test]
fn a_pause_is_told_everywhere_and_taken_back() {
    let till = Till::new();
    till.maya(&["enroll", CNA, "--partner", "Certiport"]).ends(0);
    let paused = ruth(&till, &["partner", "pause", "certiport", "--reason", "It moves."]);
    assert_eq!(
        keys(&paused),
        [
            "closes_on",
            "ends_on",
            "name",
            "paused_since",
            "paused_until",
            "reason",
            "state",
            "support",
            "troubled_since",
            "type"
        ]
    );
    assert_eq!((&paused["state"], &paused["reason"]), (&json!("paused"), &json!("It moves.")));
    let listed = till.home.run(&["partner", "list"]).ends(0).stdout;
    assert!(listed.contains("paused since") && listed.contains("It moves."), "{listed}");

    let refused = till.maya_json(&["launch", CNA]);
    assert_eq!(code(&refused), "partner_paused");
    let others = refused["error"]["alternatives"].as_array().expect("a list");
    assert!(others.contains(&json!("Milady")) && !others.contains(&json!("Certiport")), "{refused}");
    till.maya(&["launch", CNA]).ends(3).says("Certiport is paused since").says("You can choose");
    assert!(till.maya(&["courses"]).ends(0).stdout.contains("partner is paused"));
    let course = till.courses().remove(0);
    assert_eq!(course["partner_standing"]["state"], "paused");
    assert!(till.home.run(&["program", CNA]).ends(0).stdout.contains("paused: It moves."));

    let quote = till.maya_json(&["switch", CNA, "--partner", "Milady", "--quote"]);
    assert_eq!((&quote["due_cents"], &quote["allowed"]), (&json!(0), &json!(true)));
    assert_eq!(quote["free_because"], "Certiport is paused, so switching is free, also after the start.");
    assert_eq!(quote["progress"], "Milady starts at 0%.");

    assert_eq!(till.maya_json(&["watch", CNA])["first"], true);
    let again = till.maya(&["watch", CNA]).ends(0).stdout;
    assert_eq!(again, "You get a mail when Certiport is back. You asked before; it is one mail.\n");
    assert_eq!(ruth(&till, &["partner", "resume", "Certiport"])["state"], "active");
    till.maya(&["work", "--once"]).ends(0);
    let told = till.subjects().into_iter().filter(|subject| subject.starts_with("Certiport is back")).count();
    assert_eq!(told, 1);
    let there = till.maya_json(&["watch", CNA]);
    assert_eq!(code(&there), "partner_available");
}

#[test]
fn an_end_is_announced_and_called_off() {
    let till = Till::new();
    till.maya(&["enroll", CNA, "--partner", "Certiport"]).ends(0);
    let ends =
        ruth(&till, &["partner", "retire", "Certiport", "--from", "2099-11-30", "--reason", "It merges."]);
    assert_eq!((&ends["state"], &ends["closes_on"]), (&json!("active"), &json!("2099-11-30")));
    assert!(
        till.home.run(&["program", CNA]).ends(0).stdout.contains("takes students until 29 November 2099")
    );
    let ends = ruth(&till, &["partner", "retire", "Certiport", "--reason", "It merges."]);
    assert_eq!(ends["state"], "retiring", "without a day it is today");
    assert!(
        till.home
            .run(&["program", CNA])
            .ends(0)
            .stdout
            .contains("takes no new students any more: It merges.")
    );
    till.maya(&["launch", CNA, "--print-url"]).ends(0);
    let over = till.home.run(
        &[
            &[
                "partner",
                "retire",
                "Certiport",
                "--from",
                "2025-01-01",
                "--until",
                "2025-02-01",
                "--reason",
                "x",
            ],
            &RUTH[..],
        ]
        .concat(),
    );
    over.ends(0).says("switch to another partner for free");
    assert_eq!(code(&till.maya_json(&["launch", CNA])), "partner_retired");
    assert_eq!(till.courses().len(), 1, "it is still there");
    let back = till.home.run(&[&["partner", "resume", "Certiport"], &RUTH[..]].concat());
    back.ends(0).says("called off");
    till.maya(&["launch", CNA, "--print-url"]).ends(0);
}

#[test]
fn what_makes_no_sense_is_told() {
    let till = Till::new();
    let wrong = |args: &[&str], exit: i32, words: &str| {
        till.home.run(&[args, &RUTH[..]].concat()).ends(exit).says(words);
    };
    till.home.run(&["programs"]).ends(0);
    wrong(&["partner", "pause", "Nobody", "--reason", "x"], 1, "There is no partner \"Nobody\"");
    wrong(&["partner", "pause", "Certiport", "--reason", " "], 2, "say why");
    wrong(
        &["partner", "pause", "Certiport", "--reason", "x", "--until", "2020-01-01"],
        2,
        "this day is over",
    );
    wrong(
        &["partner", "retire", "Certiport", "--from", "2099-02-01", "--until", "2099-01-01", "--reason", "x"],
        2,
        "can't end before it closes",
    );
    wrong(&["partner", "resume", "Certiport"], 3, "is not paused");
    till.home.run(&["partner", "pause", "Certiport", "--reason", "x"]).ends(2).says("only an advisor");
    till.home.run(&[&["watch", CNA], &MAYA[..]].concat()).ends(1);
}

#[test]
fn calls_that_fail_are_trouble_and_pause_nobody() {
    let till = Till::new();
    till.maya(&["enroll", CNA, "--partner", "Certiport"]).ends(0);
    till.fails("partner-down");
    for _ in 0..3 {
        assert_eq!(code(&till.maya_json(&["launch", CNA])), "partner_down");
    }
    let shown = ruth(&till, &["partner", "show", "Certiport"]);
    assert_eq!(shown["state"], "troubled");
    let listed = till.home.run(&["partner", "list"]).ends(0).stdout;
    assert!(listed.contains("having problems  calls fail; it began"), "{listed}");
    let failed = till.maya_json(&["launch", CNA]);
    let words = failed["error"]["message"].as_str().expect("words");
    assert!(words.contains("Its problems began just now"), "{words}");
    assert!(till.maya(&["courses"]).ends(0).stdout.contains("partner having problems"));
    assert!(till.home.run(&["program", CNA]).ends(0).stdout.contains("having problems, began"));
    let compared = till.home.run(&["compare", CNA]).ends(0).stdout;
    assert!(compared.contains("having problems, began"), "{compared}");
    let compared = till.home.json(&["compare", CNA, "--json"]);
    let partners = compared["partners"].as_array().expect("a list");
    let certiport = partners.iter().find(|partner| partner["name"] == "Certiport").expect("Certiport");
    assert_eq!((&certiport["standing"]["state"], &certiport["active"]), (&json!("troubled"), &json!(true)));
    assert!(certiport["standing"]["troubled_since"].is_string(), "{certiport}");
    till.mended();
    for _ in 0..3 {
        till.maya(&["launch", CNA, "--print-url"]).ends(0);
    }
    assert_eq!(ruth(&till, &["partner", "show", "Certiport"])["state"], "active");
}
