//! `coursevia lti register`, `list` and `show`.

use super::keys;
use crate::support::catalogs::LINK_PARTNER;
use crate::support::cli::Home;
use serde_json::{Value, json};

const ADDRESSES: [&str; 4] =
    ["--login-url", "https://tool.example/login", "--redirect-url", "https://tool.example/launch"];
const IDS: [&str; 4] = ["--client-id", "c-1", "--deployment-id", "d-1"];
const RUTH: [&str; 2] = ["--advisor", "ruth@college.example"];

fn school() -> Home {
    let home = Home::new().with("COURSEVIA_LTI__PORT", "8765");
    let database = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    std::fs::write(home.path().join("own.toml"), LINK_PARTNER).expect("written");
    home.run(&["catalog", "import", "own.toml"]).ends(0);
    home
}

fn register<'a>(parts: &[&[&'a str]]) -> Vec<&'a str> {
    [&["lti", "register", "nds"], &parts.concat()[..]].concat()
}

#[test]
fn a_partner_becomes_a_tool_and_keeps_its_contact() {
    let home = school();
    assert_eq!(home.json(&["lti", "list", "--json"]), json!([]));
    home.run(&register(&[&ADDRESSES, &IDS, &RUTH, &["--disclose", "email"]]))
        .ends(0)
        .says("NDS is set up.")
        .says("coursevia lti keys --new");
    let row = json!({ "partner": "NDS", "active": true, "client_id": "c-1", "deployment_id": "d-1",
        "sandbox": false, "discloses": ["email"] });
    assert_eq!(home.json(&["lti", "list", "--json"]), json!([row]));
    let list = home.run(&["lti", "list"]).ends(0).stdout;
    assert_eq!(
        list,
        "PARTNER  CLIENT ID  DEPLOYMENT ID  IS TOLD\nNDS      c-1        d-1            email\n"
    );
    let export = home.run(&["catalog", "export"]).ends(0).stdout;
    let api = "api = { protocol = \"lti13\", login_url = \"https://tool.example/login\", \
        redirect_urls = [\"https://tool.example/launch\"], client_id = \"c-1\", deployment_id = \"d-1\", \
        discloses = [\"email\"] }\nsupport = { email = \"help@nds.example.org\" }";
    assert!(export.contains(api), "{export}");
}

#[test]
fn the_administrator_is_told_everything_and_the_keys_where_no_address_is_public() {
    let home = school();
    home.run(&register(&[&ADDRESSES, &IDS, &RUTH])).ends(0);
    let without = home.run(&["lti", "show", "NDS"]).ends(0);
    assert!(without.stdout.contains("Authentication address    http://127.0.0.1:8765/lti/auth"));
    assert!(without.stdout.contains("Public keys (JWKS)        none yet: coursevia lti keys --new\n"));
    assert!(without.stderr.contains("There is no key for LTI launches"), "{}", without.stderr);
    home.run(&["lti", "keys", "--new"]).ends(0);
    let with = home.run(&["lti", "show", "NDS"]).ends(0).stdout;
    let (facts, public) = with.split_once("\nPublic keys as JWKS:\n").expect("keys");
    let wanted = "\
NDS: what its administrator enters
  Platform (issuer, iss)    https://coursevia.example
  Client id                 c-1
  Deployment id             d-1
  Authentication address    http://127.0.0.1:8765/lti/auth
  Access token address      none: no services are offered
  Public keys (JWKS)        no address is public; enter the keys below
What is known of it here
  Login begins at           https://tool.example/login
  Target link               https://tool.example/launch
  Answers go to             https://tool.example/launch
  It is told                an id that stands for the student there, nothing else
";
    assert_eq!(facts, wanted);
    assert!(public.contains("\"kid\"") && public.contains("BEGIN PUBLIC KEY"), "{public}");
    assert!(!with.contains("PRIVATE"));
    let shown = home.json(&["lti", "show", "NDS", "--json"]);
    assert_eq!(shown["jwks"]["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        keys(&shown),
        [
            "auth_url",
            "client_id",
            "deployment_id",
            "discloses",
            "issuer",
            "jwks",
            "jwks_url",
            "login_url",
            "partner",
            "pem",
            "redirect_urls",
            "sandbox",
            "target_link_url"
        ]
    );
    let home = home.with("COURSEVIA_LTI__PUBLIC_BASE_URL", "https://lti.college.example");
    let public = home.run(&["lti", "show", "NDS"]).ends(0).stdout;
    assert!(
        public.contains("https://lti.college.example/lti/jwks.json") && !public.contains("PEM"),
        "{public}"
    );
}

#[test]
fn what_must_not_be_registered_is_refused_and_changes_nothing() {
    let home = school();
    for bad in [
        "http://tool.example/launch",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://me:pw@tool.example/launch",
        "https://*.tool.example/launch",
        "https://tool.example/#a",
    ] {
        let addresses = ["--login-url", "https://tool.example/login", "--redirect-url", bad];
        let refused = home.run(&register(&[&addresses, &IDS, &RUTH])).ends(2);
        assert!(refused.stderr.contains("--redirect-url: "), "{}", refused.stderr);
        assert!(!refused.stderr.contains("me:pw"), "{}", refused.stderr);
        let addresses = ["--login-url", bad, "--redirect-url", "https://tool.example/launch"];
        home.run(&register(&[&addresses, &IDS, &RUTH])).ends(2).says("--login-url: ");
    }
    home.run(&register(&[&ADDRESSES, &["--client-id", "a\u{1b}b", "--deployment-id", "1"], &RUTH]))
        .ends(2)
        .says("--client-id: ");
    home.run(&register(&[&ADDRESSES, &IDS, &RUTH, &["--disclose", "age"]])).ends(2).says("possible values");
    home.run(&register(&[&ADDRESSES, &IDS])).ends(2).says("--advisor");
    let unknown = [&["lti", "register", "Nobody", "--json"], &ADDRESSES[..], &IDS, &RUTH].concat();
    let error: Value = serde_json::from_str(&home.run(&unknown).ends(1).stdout).expect("JSON");
    assert_eq!(
        (&error["error"]["code"], &error["error"]["alternatives"]),
        (&json!("unknown_partner"), &json!(["NDS"]))
    );
    let none: Value =
        serde_json::from_str(&home.run(&["lti", "show", "NDS", "--json"]).ends(1).stdout).expect("JSON");
    assert_eq!(none["error"]["code"], "no_lti_tool");
    assert_eq!(home.json(&["lti", "list", "--json"]), json!([]));
}
