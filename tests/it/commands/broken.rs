//! A database that refuses one thing.

use crate::support::till::Till;
use serde_json::json;

const OSHA: &str = "osha-10-general";

/// Has the database refuse rows for which this holds, from now on.
fn refuses(till: &Till, what: &str, when: &str) {
    let file = till.home.path().join(".local/share/coursevia/coursevia.db");
    let db = rusqlite::Connection::open(file).expect("it opens");
    let refuse = "BEGIN SELECT RAISE(ABORT, 'refused'); END";
    db.execute_batch(&format!("CREATE TRIGGER refused BEFORE {what} WHEN {when} {refuse}")).expect("it runs");
}

#[test]
fn a_launch_that_can_t_be_recorded_prints_no_link() {
    let till = Till::new();
    till.paid();
    refuses(&till, "INSERT ON launches", "TRUE");
    for args in
        [&["launch", OSHA, "--print-url"][..], &["launch", OSHA, "--print-url", "--json"], &["launch", OSHA]]
    {
        let ran = till.maya(args).ends(1);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.contains("://"), "{said}");
    }
}

#[test]
fn reconcile_says_what_the_database_did_not_let_it_do() {
    let till = Till::new();
    till.enroll();
    till.happens(json!({ "do": "expire" }));
    refuses(&till, "UPDATE ON payments", "NEW.status = 'expired'");
    let ran = till
        .home
        .run(&["reconcile", "--json"])
        .ends(1)
        .says("1 thing could not be looked at; run this again.");
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one document");
    assert_eq!((&found["broken"], found["open"].as_array().map(Vec::len)), (&json!(1), Some(1)));
}
