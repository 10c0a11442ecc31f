//! `enroll`, `pay`, `switch`, `refund`, `cancel` where money is asked for.

use super::keys;
use crate::support::till::{MAYA, RUTH, Till, page_of, press, signal, start, until};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _};

const OSHA: &str = "osha-10-general";
const COLLEGE: &str = "Local Community College";

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or_else(|| panic!("no refusal: {answer}"))
}

#[test]
fn a_price_is_paid_on_a_page_and_the_course_begins_once() {
    let till = Till::new();
    let enrolled = till.maya_json(&["enroll", OSHA, "--partner", "CareerSafe"]);
    assert_eq!(keys(&enrolled), ["enrollment_id", "partner", "payment", "program", "status"]);
    assert_eq!(enrolled["status"], "pending");
    assert_eq!(keys(&enrolled["payment"]), ["amount_cents", "currency", "status", "url"]);
    assert_eq!(enrolled["payment"]["amount_cents"], 5_900);
    assert_eq!(enrolled["payment"]["status"], "open");
    let page = page_of(&enrolled);

    let again = till.maya_json(&["enroll", OSHA, "--partner", "CareerSafe"]);
    assert_eq!(code(&again), "payment_open");
    assert_eq!(again["error"]["payment_url"], page.as_str());
    till.maya(&["enroll", OSHA]).ends(3).says("coursevia pay osha-10-general");
    assert_eq!(page_of(&till.maya_json(&["pay", OSHA])), page, "the same page, not a second one");
    assert!(till.maya(&["courses"]).ends(0).stdout.contains("waiting for payment"));

    press(&page, "pay");
    let paid = till.maya_json(&["pay", OSHA, "--wait"]);
    assert_eq!(
        (&paid["status"], &paid["payment"]["status"], &paid["payment"]["url"]),
        (&json!("active"), &json!("paid"), &Value::Null)
    );
    assert!(till.maya(&["pay", OSHA]).ends(0).stdout.contains("is paid already: $59.00"));
    let courses = till.courses();
    assert_eq!(courses[0]["payment"]["paid_cents"], 5_900);
    assert!(till.maya(&["courses"]).ends(0).stdout.contains("$59.00 paid"));
    assert_eq!(till.sessions().len(), 1);

    let mails = till.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("Paid     $59.00"), "{}", mails[0]);
    assert!(mails[0].contains("You get everything back until you start"), "{}", mails[0]);
}

#[test]
fn work_by_hand_looks_at_once_whether_it_is_paid() {
    let till = Till::new();
    press(&till.enroll(), "pay");
    till.home.run(&["work", "--once"]).ends(0);
    assert_eq!(till.courses()[0]["payment"]["paid_cents"], 5_900);
}

#[test]
fn a_quote_of_the_partner_one_is_with_is_only_a_refusal() {
    let till = Till::new();
    till.enroll();
    let told = till.maya(&["switch", OSHA, "--partner", "CareerSafe", "--quote"]).ends(0);
    assert!(told.stdout.starts_with("It is not possible now."), "{}", told.stdout);
    assert_eq!(told.stdout.lines().count(), 1, "{}", told.stdout);
}

#[test]
fn people_are_told_what_to_pay_where_and_until_when() {
    let till = Till::new();
    let links = till.home.fake_browser();
    let enrolled = till.maya(&["enroll", OSHA, "--partner", "CareerSafe"]).ends(0);
    let stdout = enrolled.stdout.clone();
    let (line, page) = stdout.trim().rsplit_once(' ').expect("a link");
    assert_eq!(line, "Pay $59.00 here:");
    let told =
        enrolled.says("Your place is held for 40 minutes, until").says("everything back until you start");
    assert!(!links.exists(), "nobody sits there: {}", told.stderr);
    till.maya(&["pay", OSHA]).ends(0).says("Opened the payment page in your browser.");
    assert_eq!(std::fs::read_to_string(links).expect("links").trim(), page);
}

#[test]
fn a_page_that_is_over_is_paid_again_on_a_new_one() {
    let till = Till::new();
    let first = till.enroll();
    till.happens(json!({ "do": "expire" }));
    let over = till.maya_json(&["pay", OSHA, "--wait"]);
    assert_eq!(code(&over), "payment_expired");
    till.maya(&["enroll", OSHA]).ends(3).says("coursevia pay osha-10-general");
    let second = page_of(&till.maya_json(&["pay", OSHA]));
    assert_ne!(first, second);
    press(&second, "decline");
    till.maya(&["pay", OSHA]).ends(0);
    press(&second, "pay");
    till.maya(&["pay", OSHA, "--wait"]).ends(0);
}

#[test]
fn what_is_free_or_unknown_has_nothing_to_pay() {
    let till = Till::new();
    assert_eq!(code(&till.maya_json(&["enroll", "osha-11"])), "unknown_program");
    till.maya(&["enroll", "cna-training", "--partner", "Certiport"]).ends(0);
    till.maya(&["pay", "cna-training"]).ends(3).says("There is nothing to pay for CNA Training");
    assert_eq!(code(&till.maya_json(&["pay", "welding"])), "unknown_enrollment");
    assert_eq!(code(&till.maya_json(&["switch", "welding"])), "unknown_enrollment");
    assert_eq!(code(&till.advisor_json(&["refund", "welding", "--reason", "x"])), "unknown_enrollment");
    assert_eq!(code(&till.advisor_json(&["refund", "cna-training", "--reason", "x"])), "nothing_to_refund");
    till.maya(&["cancel", "cna-training"]).ends(0);
    till.maya(&["pay", "cna-training"]).ends(3).says("CNA Training was cancelled");
}

#[test]
fn cancelling_says_what_goes_back() {
    let till = Till::new();
    till.enroll();
    let unpaid = till.maya(&["cancel", OSHA]).ends(0);
    assert!(unpaid.stdout.contains("Nothing was charged."), "{}", unpaid.stdout);
    assert_eq!(till.sessions()[0]["status"], "expired", "nobody can pay it any more");
    till.paid();
    let cancelled = till.maya(&["cancel", OSHA]).ends(0);
    assert!(cancelled.stdout.contains("$59.00 goes back to your card."), "{}", cancelled.stdout);
    until("the mail", || till.subjects().iter().any(|subject| subject == "$59.00 is on its way back to you"));
    till.paid();
    let cancelled = till.maya_json(&["cancel", OSHA]);
    assert_eq!((&cancelled["refund_cents"], &cancelled["currency"]), (&json!(5_900), &json!("USD")));
    assert_eq!(till.courses()[0]["payment"]["refunded_cents"], 5_900);
}

#[test]
fn a_switch_is_quoted_paid_and_taken_back() {
    let till = Till::new();
    till.paid();
    let quote = till.maya_json(&["switch", OSHA, "--quote"]);
    let fields = "allowed currency due_cents free_because from paid_cents price_cents progress reason refund_cents start to waived_cents";
    assert_eq!(keys(&quote), fields.split(' ').collect::<Vec<_>>());
    assert_eq!((&quote["from"], &quote["to"]), (&json!("CareerSafe"), &json!(COLLEGE)));
    assert_eq!((&quote["due_cents"], &quote["refund_cents"]), (&json!(3_000), &json!(0)));
    assert_eq!((&quote["allowed"], &quote["reason"]), (&json!(true), &Value::Null));

    let begun = till.maya_json(&["switch", OSHA]);
    assert_eq!((&begun["switched"], &begun["payment"]["amount_cents"]), (&json!(false), &json!(3_000)));
    till.maya(&["switch", OSHA]).ends(3).says("is waiting for payment");
    till.maya(&["launch", OSHA, "--print-url"]).ends(0);
    let given_up = till.maya(&["cancel", OSHA]).ends(0);
    assert!(given_up.stdout.contains("You stay with CareerSafe."), "{}", given_up.stdout);
}

#[test]
fn a_switch_moves_the_money_along_and_says_what_changed() {
    let till = Till::new();
    till.paid();
    let begun = till.maya_json(&["switch", OSHA, "--partner", COLLEGE]);
    press(&page_of(&begun), "pay");
    let switched = till.maya_json(&["pay", OSHA, "--wait"]);
    assert_eq!((&switched["partner"], &switched["status"]), (&json!(COLLEGE), &json!("active")));
    let back = till.maya(&["switch", OSHA, "--partner", "CareerSafe"]).ends(0);
    assert!(back.stdout.contains("from Local Community College to CareerSafe"), "{}", back.stdout);
    let back = back.says("$30.00 goes back to your card.");
    assert!(till.courses()[0]["payment"]["paid_cents"] == 5_900, "{}", back.stdout);
    let mails = till.mails().join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(mails.contains("You paid the difference of $30.00."), "{mails}");
    assert!(mails.contains("Your place at Local Community College is given up. $30.00 goes back"), "{mails}");
    let refunded: i64 = till.sessions().iter().map(|session| session["refunded"].as_i64().unwrap_or(0)).sum();
    assert_eq!(refunded, 3_000);
}

#[test]
fn a_ledger_is_listed_newest_first_and_at_most_so_much() {
    let till = Till::new();
    till.paid();
    let kinds = |args: &[&str]| {
        let list = till.home.json(&[&["ledger", "--json"], args].concat());
        for posted in list.as_array().expect("a list") {
            assert_eq!(keys(posted), ["at", "entries", "id", "kind", "reference"]);
            assert_eq!(keys(&posted["entries"][0]), ["account", "amount_cents", "currency"]);
            assert!(posted["at"].as_str().expect("a time").ends_with('Z'), "as everywhere: {posted}");
            let entries = posted["entries"].as_array().expect("entries");
            assert_eq!(
                entries.iter().map(|entry| entry["amount_cents"].as_i64().expect("cents")).sum::<i64>(),
                0
            );
        }
        list.as_array().expect("a list").iter().map(|posted| posted["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&["--partner", "careersafe"]), ["split", "payment"]);
    assert_eq!(kinds(&["--limit", "1"]), ["split"]);
    assert!(kinds(&["--partner", "Milady"]).is_empty());
}

#[test]
fn a_switch_that_is_not_possible_is_quoted_with_its_reason() {
    let till = Till::new();
    till.paid();
    let same = till.maya_json(&["switch", OSHA, "--partner", "CareerSafe", "--quote"]);
    assert_eq!(same["allowed"], false);
    assert!(same["reason"].as_str().expect("why").contains("already"), "{same}");
    assert_eq!(code(&till.maya_json(&["switch", OSHA, "--partner", "CareerSafe"])), "same_partner");
    assert_eq!(code(&till.maya_json(&["switch", OSHA, "--partner", "Milady"])), "unknown_partner");
    till.maya(&["switch", OSHA, "--reason", "she says so"]).ends(2).says("--advisor");
    till.maya(&["enroll", "microsoft-word"]).ends(0);
    assert_eq!(code(&till.maya_json(&["switch", "microsoft-word"])), "awaiting_payment");
}

#[test]
fn after_the_start_nobody_switches() {
    let till = Till::new();
    let enrolled = till.maya_json(&["enroll", "cna-training", "--partner", "Certiport"]);
    let course = till.courses()[0].clone();
    assert_eq!(course["enrollment_id"], enrolled["enrollment_id"]);
    till.progress("certiport", course["external_enrollment_id"].as_str().expect("an id"), 10);
    till.maya(&["sync"]).ends(0);
    let args = ["switch", "cna-training", "--partner", COLLEGE];
    till.maya(&args).ends(3).says("Cannot switch partners after starting course");
    let quote = till.maya_json(&[&args[..], &["--quote"]].concat());
    assert_eq!(quote["allowed"], false);
    assert!(quote["reason"].as_str().expect("why").starts_with("Cannot switch partners after starting"));
}

#[test]
fn an_advisor_pays_some_of_it_back() {
    let till = Till::new();
    till.paid();
    till.maya(&["refund", OSHA, "--reason", "ill"]).ends(2).says("--advisor");
    for amount in ["0", "-1", "20,00", "1.001", "much"] {
        let args = ["refund", OSHA, "--amount", amount, "--reason", "ill"];
        till.home.run(&[&args[..], &MAYA, &RUTH].concat()).ends(2).says("such as 20.00");
    }
    till.home.run(&[&["refund", OSHA][..], &MAYA, &RUTH].concat()).ends(2).says("--reason");
    let refund = |amount: &str| till.advisor_json(&["refund", OSHA, "--amount", amount, "--reason", "ill"]);
    assert_eq!(code(&refund("59.01")), "refund_too_large");
    let done = refund("20");
    assert_eq!(keys(&done), ["amount_cents", "currency", "refund_id", "refunds", "status"]);
    assert_eq!((&done["amount_cents"], &done["status"]), (&json!(2_000), &json!("succeeded")));
    assert_eq!(code(&refund("39.01")), "refund_too_large");
    assert_eq!(refund("39")["refunds"].as_array().expect("a list").len(), 1);
    assert_eq!(code(&refund("1")), "nothing_to_refund");
    assert_eq!(till.subjects().iter().filter(|subject| subject.contains("on its way back")).count(), 2);
}

#[test]
fn of_two_refunds_at_once_one_wins_or_the_second_is_told() {
    let till = Till::new();
    till.paid();
    let args = [&["refund", OSHA, "--amount", "40", "--reason", "ill", "--json"][..], &MAYA, &RUTH].concat();
    let both = [start(&till.home, &args), start(&till.home, &args)];
    let ended = both.map(|child| child.wait_with_output().expect("it ends"));
    let won = ended.iter().filter(|ended| ended.status.success()).count();
    assert_eq!(won, 1, "{ended:?}");
    let lost = ended.iter().find(|ended| !ended.status.success()).expect("the other one");
    let told: Value = serde_json::from_slice(&lost.stdout).expect("JSON");
    assert!(["refund_too_large", "changed_meanwhile"].contains(&code(&told)), "{told}");
    let refunded: i64 = till.sessions().iter().map(|session| session["refunded"].as_i64().unwrap_or(0)).sum();
    assert_eq!(refunded, 4_000);
}

#[test]
fn what_does_not_fit_is_parked_until_an_advisor_decides() {
    let till = Till::new();
    till.enroll();
    till.happens(json!({ "amount": 100 }));
    till.maya(&["pay", OSHA, "--wait"]).ends(3).says("$1.00 was paid instead of $59.00");
    assert_eq!(code(&till.maya_json(&["pay", OSHA])), "payment_parked");
    assert_eq!(code(&till.maya_json(&["cancel", OSHA])), "payment_parked");
    assert!(till.maya(&["courses"]).ends(0).stdout.contains("an advisor looks at the payment"));
    let found = till.home.json(&["reconcile", "--json"]);
    assert_eq!(found["parked"].as_array().expect("a list").len(), 1);
    till.home.run(&["reconcile"]).ends(0).says("coursevia parked accept|refund|dismiss");

    let listed = till.home.json(&["parked", "list", "--json"]);
    let id = listed[0]["payment_id"].as_str().expect("an id").to_owned();
    assert_eq!((&listed[0]["amount_cents"], &listed[0]["came_cents"]), (&json!(5_900), &json!(100)));
    till.home.run(&["parked", "accept", &id, "--reason", "x"]).ends(2).says("--advisor");
    let decide = |verb: &str, id: &str| {
        till.home.json(&[&["parked", verb, id, "--reason", "a slip", "--json"], &RUTH[..]].concat())
    };
    assert_eq!(code(&decide("accept", "nothing")), "unknown_payment");
    assert_eq!(code(&decide("accept", &id)), "parked_differs");
    let settled = decide("refund", &id);
    assert_eq!(
        (&settled["status"], &settled["enrollment_status"]),
        (&json!("refunded"), &json!("cancelled"))
    );
    assert_eq!(code(&decide("refund", &id)), "unknown_payment");
    till.home.run(&["parked", "list"]).ends(0).says("No payment waits");
}

#[test]
fn a_page_that_could_not_be_opened_is_said_and_opened_later() {
    let till = Till::failing("processor:partner-down");
    let enrolled = till.maya_json(&["enroll", OSHA, "--partner", "CareerSafe"]);
    assert_eq!((&enrolled["status"], &enrolled["payment"]["url"]), (&json!("pending"), &Value::Null));
    let asked = till.maya_json(&["pay", OSHA]);
    assert_eq!(code(&asked), "payment_page");
    till.mended();
    let found = till.home.json(&["reconcile", "--json"]);
    assert_eq!(found["open"].as_array().expect("a list").len(), 1);
    press(&page_of(&till.maya_json(&["pay", OSHA])), "pay");
    till.maya(&["pay", OSHA, "--wait"]).ends(0);
    assert_eq!(till.sessions().len(), 1);
}

#[test]
fn money_that_comes_too_late_goes_back() {
    let till = Till::new();
    till.enroll();
    till.maya(&["cancel", OSHA]).ends(0);
    till.happens(json!({ "late": true }));
    let found = till.home.json(&["reconcile", "--json"]);
    assert_eq!(found["late"], 1, "{found}");
    till.home.run(&["work", "--once"]).ends(0);
    until("the refund", || {
        till.home.run(&["work", "--once"]).ends(0);
        till.sessions()[0]["refunded"] == 5_900
    });
    assert_eq!(till.courses()[0]["status"], "cancelled");
}

#[test]
fn a_terminal_that_is_closed_in_the_middle_loses_nothing() {
    let till = Till::new();
    let page = till.enroll();
    for name in ["HUP", "INT", "KILL"] {
        let mut waiting = start(&till.home, &[&["pay", OSHA, "--wait"], &MAYA[..]].concat());
        let mut line = String::new();
        BufReader::new(waiting.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
        assert!(line.contains(&page), "{line}");
        signal(&waiting, name);
        let ended = waiting.wait().expect("it ends");
        assert_eq!(ended.code(), if name == "KILL" { None } else { Some(1) });
    }
    press(&page, "pay");
    till.maya(&["pay", OSHA, "--wait"]).ends(0);
    assert_eq!(till.sessions().len(), 1);
}

#[test]
fn where_the_page_is_played_by_the_command_it_stays_until_it_is_paid() {
    let home = crate::support::cli::Home::new().with("SSH_CONNECTION", "a 1 b 2");
    let home = home.with("COURSEVIA_SANDBOX__PORT", &crate::support::till::free_port());
    let args = [&["enroll", OSHA, "--partner", "CareerSafe"], &MAYA[..]].concat();
    home.run(&args).ends(0).says("Open it again with: coursevia pay osha-10-general");
    let json = [&["pay", OSHA, "--json"], &MAYA[..]].concat();
    let page = page_of(&home.json(&json));
    let said = home.run(&json).ends(0).says("The demo's payment page ends with this command.");
    assert!(said.stdout.contains(&page), "the same page, and one document: {}", said.stdout);
    let mut paying = start(&home, &[&["pay", OSHA], &MAYA[..]].concat());
    let mut out = BufReader::new(paying.stdout.take().expect("piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a line");
    press(line.trim().rsplit(' ').next().expect("a link"), "pay");
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("UTF-8");
    assert!(paying.wait().expect("it ends").success());
    assert_eq!(rest.trim(), "Paid $59.00. You are enrolled in OSHA 10 General Industry via CareerSafe.");
}
