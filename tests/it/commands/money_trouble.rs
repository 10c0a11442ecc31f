//! Money that can't be taken, and switches that can't be made: each with its sentence and exit code.

use crate::support::cli::Home;
use crate::support::till::{MAYA, Till, free_port, page_of, press};
use serde_json::Value;

/// Two partners of one program: the first can be enrolled with, the second as `course` and `partner` say.
fn catalogue(partner: &str, course: &str) -> String {
    format!(
        r#"demo = true

[[partner]]
name = "Alpha"
type = "careersafe"
api = {{ protocol = "rest", profile = "careersafe", base_url = "sandbox", secret_env = "ALPHA_API_KEY", organization = "x" }}
support = {{ email = "help@example.org" }}

[[partner]]
name = "Beta"
type = "milady"
api = {{ protocol = "rest", profile = "milady", base_url = "sandbox", secret_env = "BETA_API_KEY", organization = "x" }}
support = {{ email = "help@example.org" }}
{partner}

[[program]]
slug = "safety"
title = "Safety"
category = "Work"
summary = "Work safely."

[[program.course]]
partner = "Alpha"
name = "Safety"
code = "S-1"
format = "online"
pacing = "self_paced"
price = "0.00"
currency = "USD"

[[program.course]]
partner = "Beta"
name = "Safety"
code = "S-2"
format = "online"
pacing = "self_paced"
currency = "USD"
{course}
"#
    )
}

fn import(till: &Till, text: &str) {
    std::fs::write(till.home.path().join("catalogue.toml"), text).expect("written");
    till.home.run(&["catalog", "import", "catalogue.toml"]).ends(0);
}

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or_else(|| panic!("no refusal: {answer}"))
}

#[test]
fn nobody_switches_to_a_partner_that_is_paused() {
    let till = Till::new();
    import(&till, &catalogue("", "price = \"0.00\""));
    till.maya(&["enroll", "safety", "--partner", "Alpha"]).ends(0);
    import(&till, &catalogue("active = false", "price = \"0.00\""));
    let args = ["switch", "safety", "--partner", "Beta"];
    assert_eq!(code(&till.maya_json(&args)), "partner_paused");
    let quote = till.maya_json(&[&args[..], &["--quote"]].concat());
    assert_eq!(quote["allowed"], false);
    assert!(quote["reason"].as_str().expect("why").contains("Beta is paused"), "{quote}");
}

#[test]
fn nobody_switches_into_a_start_that_is_full() {
    let till = Till::new();
    let start = "price = \"0.00\"\n[[program.course.cohort]]\nstarts = \"+20d\"\nseats = 1";
    import(&till, &catalogue("", start));
    till.maya(&["enroll", "safety", "--partner", "Alpha"]).ends(0);
    till.home.run(&["enroll", "safety", "--partner", "Beta", "--student", "leo@example.org"]).ends(0);
    let full = till.maya_json(&["switch", "safety", "--partner", "Beta"]);
    assert_eq!(code(&full), "cohort_full");
    assert_eq!(till.courses()[0]["partner"], "Alpha", "nothing has changed");
}

#[test]
fn a_free_switch_is_made_at_once() {
    let till = Till::new();
    import(&till, &catalogue("", "price = \"0.00\""));
    till.maya(&["enroll", "safety", "--partner", "Alpha"]).ends(0);
    let switched = till.maya(&["switch", "safety"]).ends(0);
    assert!(switched.stdout.contains("Switched Safety from Alpha to Beta."), "{}", switched.stdout);
    assert_eq!(till.courses().len(), 2);
    assert!(till.subjects().iter().any(|subject| subject == "You are with Beta now in Safety"));
    let back = till.maya_json(&["switch", "safety", "--partner", "Alpha"]);
    assert_eq!((&back["switched"], back.get("payment")), (&true.into(), None));
}

#[test]
fn play_money_buys_nothing_real() {
    let till = Till::new();
    let real = catalogue("", "price = \"49.00\"").replace("demo = true\n", "");
    import(&till, &real.replace("\"sandbox\"", "\"https://partner.example.org\""));
    let refused = till.maya_json(&["enroll", "safety", "--partner", "Beta"]);
    assert_eq!(code(&refused), "play_money_only");
    till.maya(&["enroll", "safety", "--partner", "Beta"]).ends(3).says("only play money");
    assert!(till.sessions().is_empty());
}

#[test]
fn real_money_is_only_taken_where_somebody_said_so() {
    let home = Home::new()
        .with("COURSEVIA_PAYMENT__BASE_URL", "https://api.stripe.com")
        .with("COURSEVIA_PAYMENT__RETURN_URL", "https://college.example/done")
        .with("STRIPE_SECRET_KEY", "sk_live_of_nobody");
    for args in [&["programs"][..], &["pay", "safety"], &["reconcile"]] {
        home.run(&[args, &MAYA[..]].concat()).ends(2).says("allow_live = true under [payment]");
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let port = free_port();
    let _taken = std::net::TcpListener::bind(format!("127.0.0.1:{port}")).expect("the port");
    let home = Home::new().with("COURSEVIA_SANDBOX__PORT", &port);
    let enroll = [&["enroll", "osha-10-general", "--partner", "CareerSafe", "--json"], &MAYA[..]].concat();
    assert_eq!(home.json(&enroll)["payment"]["url"], Value::Null);
    home.run(&[&["pay", "osha-10-general"], &MAYA[..]].concat())
        .ends(1)
        .says("The payment page is not open yet")
        .says(&format!("port {port} of this machine is used by another program"));
}

#[test]
fn a_lost_answer_never_opens_a_second_page() {
    let till = Till::failing("processor:500-then-success,processor:duplicate-delivery");
    let enrolled = till.maya_json(&["enroll", "osha-10-general", "--partner", "CareerSafe"]);
    press(&page_of(&enrolled), "pay");
    till.maya(&["pay", "osha-10-general", "--wait"]).ends(0);
    till.maya(&["cancel", "osha-10-general"]).ends(0);
    let sessions = till.sessions();
    assert_eq!((sessions.len(), &sessions[0]["refunded"]), (1, &5_900.into()));
}
