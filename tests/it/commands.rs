//! The commands as scripts use them: JSON shapes, exit codes, sentences.

mod broken;
mod calendar;
mod catalogue;
mod certificates;
mod course_folders;
mod hosting;
mod jobs;
mod lessons;
mod money;
mod money_trouble;
mod partners;
mod proofs;
mod reports;
mod reviews;
mod tools;
mod trouble;
mod waiting;

use crate::support::catalogs::{LINK_PARTNER, keyed_partner};
use crate::support::cli::Home;
use serde_json::{Value, json};

const MAYA: [&str; 2] = ["--student", "maya@example.org"];

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn programs_lists_all_with_their_partners() {
    let programs = Home::new().json(&["programs", "--json"]);
    let list = programs.as_array().expect("a list");
    assert_eq!(list.len(), 22);
    let cna = list.iter().find(|program| program["slug"] == "cna-training").expect("CNA Training");
    assert_eq!(keys(cna), ["category", "id", "partners", "self_hosted", "slug", "title"]);
    assert_eq!(cna["partners"].as_array().expect("partners").len(), 3);
    assert_eq!(
        keys(&cna["partners"][0]),
        [
            "active",
            "course_id",
            "currency",
            "dated",
            "description",
            "format",
            "name",
            "next_start",
            "pacing",
            "price_cents",
            "rating",
            "reviews",
            "seats_left",
            "standing",
            "type"
        ]
    );
    let here = list.iter().filter(|program| program["self_hosted"] == true).count();
    assert_eq!(here, 2);
}

#[test]
fn compare_puts_the_partners_side_by_side() {
    let home = Home::new();
    let compared = home.json(&["compare", "cna-training", "--json"]);
    assert_eq!(keys(&compared), ["partners", "program"]);
    assert_eq!(compared["program"], "cna-training");
    let partners = compared["partners"].as_array().expect("partners");
    assert_eq!(partners.len(), 3);
    for partner in partners {
        assert_eq!(
            keys(partner),
            [
                "access",
                "active",
                "completion_rate",
                "credential",
                "currency",
                "format",
                "hours",
                "name",
                "next_start",
                "pacing",
                "price_cents",
                "rating",
                "reviews",
                "seats_left",
                "standing"
            ]
        );
    }
    let table = home.run(&["compare", "cna-training"]).ends(0).stdout;
    for word in ["Certiport", "Format", "Next start", "Completed", "Access"] {
        assert!(table.contains(word), "{table}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let here = home.run(&["compare", "digital-literacy"]).ends(0).stdout;
    assert!(here.contains("Taught here"), "{here}");
    assert_eq!(home.json(&["compare", "digital-literacy", "--json"])["partners"], json!([]));
    let unknown = home.json(&["compare", "cna", "--json"]);
    assert_eq!(unknown["error"]["code"], "unknown_program");
}

#[test]
fn search_finds_by_other_names() {
    let home = Home::new();
    let found = home.json(&["programs", "--search", "nurse", "--json"]);
    assert_eq!(found[0]["slug"], "cna-training");
}

#[test]
fn the_whole_story_without_a_screen() {
    let home = Home::new();
    let enrolled =
        home.json(&[&["enroll", "cna-training", "--partner", "Certiport", "--json"], &MAYA[..]].concat());
    assert_eq!(keys(&enrolled), ["enrollment_id", "partner", "program", "status"]);
    assert_eq!((&enrolled["partner"], &enrolled["status"]), (&json!("Certiport"), &json!("active")));

    let courses = home.json(&[&["courses", "--json"], &MAYA[..]].concat());
    assert_eq!(
        keys(&courses[0]),
        [
            "as_of",
            "certificate",
            "course_name",
            "enrolled_at",
            "enrollment_id",
            "exam_failed_at",
            "external_enrollment_id",
            "link",
            "partner",
            "partner_standing",
            "partner_type",
            "program",
            "progress_percentage",
            "progress_source",
            "reported_percentage",
            "status",
            "taught",
            "title"
        ]
    );
    assert_eq!(courses[0]["link"], "confirmed");
    assert_eq!(courses[0]["progress_percentage"], 0);
    assert_eq!(std::fs::read_dir(home.path().join(".local/share/coursevia/mail")).expect("mail").count(), 1);

    let cancelled = home.run(&[&["cancel", "cna-training"], &MAYA[..]].concat()).ends(0);
    assert!(cancelled.stdout.contains("Cancelled CNA Training"));
    assert_eq!(home.json(&[&["courses", "--json"], &MAYA[..]].concat()), json!([]));
    let all = home.json(&[&["courses", "--all", "--json"], &MAYA[..]].concat());
    assert_eq!(all[0]["status"], "cancelled");
}

#[test]
fn taught_here_has_no_partner() {
    let home = Home::new();
    let enrolled = home.json(&[&["enroll", "digital-literacy", "--json"], &MAYA[..]].concat());
    assert_eq!(enrolled["partner"], Value::Null);
    let refused = home.json(&[&["launch", "digital-literacy", "--json"], &MAYA[..]].concat());
    assert_eq!(refused["error"]["code"], "open_here");
}

#[test]
fn unknown_things_end_with_1_and_a_code() {
    let home = Home::new();
    home.run(&[&["enroll", "digital-literacy"], &MAYA[..]].concat()).ends(0);
    for (args, code) in [
        (vec!["program", "cna-trainin"], "unknown_program"),
        (vec!["enroll", "no-such"], "unknown_program"),
        (vec!["enroll", "cna-training", "--partner", "Nobody"], "unknown_partner"),
        (vec!["enroll", "cna-training", "--partner", "HSI Safety"], "unknown_partner"),
        (vec!["cancel", "00000000-0000-7000-8000-000000000000"], "unknown_enrollment"),
        (vec!["launch", "cna-training"], "unknown_enrollment"),
    ] {
        let args = [&args[..], &MAYA[..], &["--json"]].concat();
        let ran = home.run(&args).ends(1);
        let error: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        assert_eq!(error["error"]["code"], code, "{args:?}");
        assert!(error["error"]["message"].as_str().is_some_and(|message| !message.is_empty()));
    }
    home.run(&["courses", "--student", "nobody@example.org"]).ends(1).says("There is no student");
}

#[test]
fn refusals_end_with_3_and_name_alternatives() {
    let home = Home::new();
    let refused = |args: &[&str], code: &str| {
        let args = [args, &MAYA[..], &["--json"]].concat();
        let error: Value = serde_json::from_str(&home.run(&args).ends(3).stdout).expect("JSON");
        assert_eq!(error["error"]["code"], code, "{args:?}");
        error["error"]["alternatives"].clone()
    };
    let partners = refused(&["enroll", "cna-training"], "choose_partner");
    assert_eq!(partners, json!(["Certiport", "Local Community College", "Milady"]));
    refused(&["enroll", "welding"], "partner_paused");
    home.run(&[&["enroll", "cna-training", "--partner", "milady"], &MAYA[..]].concat()).ends(0);
    refused(&["enroll", "cna-training", "--partner", "certiport"], "already_enrolled");
}

#[test]
fn somebody_elses_enrollment_is_refused() {
    let home = Home::new();
    let enrolled = home.json(&[&["enroll", "digital-literacy", "--json"], &MAYA[..]].concat());
    home.run(&["enroll", "job-readiness", "--student", "lee@example.org"]).ends(0);
    let id = enrolled["enrollment_id"].as_str().expect("an id");
    for command in ["cancel", "launch"] {
        let ran = home.run(&[command, id, "--student", "lee@example.org", "--json"]).ends(3);
        assert!(ran.stdout.contains("not_yours"), "{}", ran.stdout);
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    let home = Home::new();
    home.run(&["courses"]).ends(2).says("nobody is named");
    home.run(&["enroll", "digital-literacy"]).ends(2).says("nobody is named");
    home.run(&["enroll", "digital-literacy", "--student", "maya"]).ends(2).says("e-mail address");
    home.run(&["nonsense"]).ends(2);
    home.run(&["snapshot", "--keys", "<nonsense>"]).ends(2);
    home.run(&["snapshot", "--size", "0x0"]).ends(2);
    home.run(&[]).ends(2).says("this is no terminal").says("coursevia snapshot").says("coursevia --help");
}

#[test]
fn a_profile_stands_in_for_the_student() {
    let home = Home::new();
    home.run(&["profile"]).ends(2).says("no profile yet");
    home.run(&["profile", "--email", "Maya@Example.org", "--name", "Maya Okafor"]).ends(0);
    assert_eq!(home.run(&["profile"]).ends(0).stdout, "maya@example.org\nMaya Okafor\n");
    home.run(&["enroll", "digital-literacy"]).ends(0);
    assert_eq!(home.json(&["courses", "--json"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn printing_a_link_opens_nothing_and_is_recorded() {
    let home = Home::new();
    let links = home.fake_browser();
    let catalog = home.path().join("own.toml");
    std::fs::write(&catalog, LINK_PARTNER).expect("written");
    let database = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    home.run(&["catalog", "import", "own.toml"]).ends(0);
    home.run(&[&["enroll", "dental-safety"], &MAYA[..]].concat()).ends(0);
    let link = home.json(&[&["launch", "--print-url", "--json", "dental-safety"], &MAYA[..]].concat());
    assert_eq!(link, json!({ "url": "https://nds.example.org/login", "expires_at": null }));
    assert!(!links.exists());
    home.run(&[&["launch", "dental-safety"], &MAYA[..]].concat()).ends(0).says("Opened NDS");
    assert_eq!(std::fs::read_to_string(links).expect("a link"), "https://nds.example.org/login\n");
}

#[test]
fn a_named_database_starts_empty_and_says_how_to_fill_it() {
    let home = Home::new();
    let database = format!("sqlite://{}", home.path().join("named.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    home.run(&["programs"]).ends(0).says("coursevia catalog import FILE");
    assert_eq!(home.json(&["programs", "--json"]), json!([]));
}

#[test]
fn export_reads_back_and_changes_nothing() {
    let home = Home::new();
    let exported = home.run(&["catalog", "export"]).ends(0).stdout;
    std::fs::write(home.path().join("out.toml"), &exported).expect("written");
    let report = home.json(&["catalog", "import", "out.toml", "--json"]);
    for kind in ["partners", "programs", "courses"] {
        assert_eq!(
            (&report[kind]["added"], &report[kind]["updated"]),
            (&json!(0), &json!(0)),
            "{kind}: {report}"
        );
    }
    assert_eq!(home.run(&["catalog", "export"]).ends(0).stdout, exported);
}

#[test]
fn a_bad_catalogue_changes_nothing_and_names_the_line() {
    let home = Home::new();
    let before = home.run(&["catalog", "export"]).ends(0).stdout;
    let bad = format!(
        "{before}\n[[program]]\nslug = \"cna-training\"\ntitle = \"x\"\ncategory = \"x\"\nsummary = \"x\"\n"
    );
    std::fs::write(home.path().join("bad.toml"), bad).expect("written");
    home.run(&["catalog", "check", "bad.toml"]).ends(1).says("bad.toml:");
    home.run(&["catalog", "import", "bad.toml"]).ends(1).says("cna-training");
    assert_eq!(home.run(&["catalog", "export"]).ends(0).stdout, before);
    home.run(&["catalog", "check", "missing.toml"]).ends(1).says("missing.toml");
}

#[test]
fn a_wrong_configuration_names_line_and_key() {
    let home = Home::new();
    std::fs::write(home.path().join("c.toml"), "[ui]\nmouse = 3\n").expect("written");
    home.run(&["programs", "--config", "c.toml"]).ends(2).says("c.toml:2: mouse");
    std::fs::write(home.path().join("c.toml"), "[ui]\ntheme = \"solarized\"\n").expect("written");
    let theme = home.run(&["--config", "c.toml"]).ends(2).says("c.toml:2: theme");
    assert!(theme.stderr.contains("choose one of `auto`, `dark`, `light`, `none`"), "{}", theme.stderr);
    std::fs::write(home.path().join("c.toml"), "[uj]\n").expect("written");
    home.run(&["programs", "--config", "c.toml"]).ends(0).says("c.toml:1: uj is not a setting");
}

#[test]
fn a_database_that_is_down_says_so_without_its_password() {
    let home = Home::new().with("COURSEVIA_DATABASE_URL", "postgres://u:geheim@127.0.0.1:1/x");
    let ran = home.run(&["programs", "--json"]).ends(1);
    assert!(ran.stdout.contains("database_unavailable"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("geheim") && !ran.stderr.contains("geheim"));
}

#[test]
fn snapshots_are_the_same_every_time() {
    let home = Home::new();
    let args = ["snapshot", "--size", "100x30", "--keys", "<enter><enter>maya@example.org<enter>"];
    let first = home.run(&args).ends(0).stdout;
    assert!(first.contains("Enrolled via Certiport"), "{first}");
    assert_eq!(home.run(&args).ends(0).stdout, first);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let script = format!("'{}' programs | head -n 1", env!("CARGO_BIN_EXE_coursevia"));
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .envs(home.environment())
        .output()
        .expect("a shell");
    assert!(output.status.success());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!told.contains("coursevia:") && !told.contains("panicked"), "{told}");
}

#[test]
fn sync_with_nothing_to_ask_is_fine() {
    let home = Home::new();
    home.run(&["sync"]).ends(0).says("0 checked");
    home.run(&["work", "--once"]).ends(0);
}

#[test]
fn a_place_this_machine_cannot_prepare_is_not_promised() {
    let home = Home::new();
    std::fs::write(
        home.path().join("own.toml"),
        keyed_partner("https://partner.example.org", "CERTIPORT_API_KEY"),
    )
    .expect("written");
    let database = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &database);
    home.run(&["catalog", "import", "own.toml"]).ends(0);
    let told = home.run(&[&["enroll", "cna-training"], &MAYA[..]].concat()).ends(0);
    told.says("prepared by the machine that holds the partner's key");
    let ran = home.run(&[&["launch", "cna-training", "--json"], &MAYA[..]].concat()).ends(3);
    assert!(ran.stdout.contains("launch_unavailable_here"), "{}", ran.stdout);
}

#[test]
fn a_second_cancel_says_that_nothing_changed() {
    let home = Home::new();
    home.run(&[&["enroll", "digital-literacy"], &MAYA[..]].concat()).ends(0);
    home.run(&[&["cancel", "digital-literacy"], &MAYA[..]].concat()).ends(0);
    home.run(&[&["cancel", "digital-literacy"], &MAYA[..]].concat()).ends(3).says("cancelled already");
}

/// A limit on the size of files stands in for a full disk: writes beyond it fail.
#[test]
fn a_disk_without_room_says_so_and_loses_nothing() {
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let script = format!(
        "trap '' XFSZ; ulimit -f 8; '{}' enroll digital-literacy --student maya@example.org --json",
        env!("CARGO_BIN_EXE_coursevia")
    );
    let full = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .envs(home.environment())
        .output()
        .expect("a shell");
    assert_eq!(full.status.code(), Some(1));
    let told = String::from_utf8_lossy(&full.stdout);
    assert!(told.contains("database_disk_error") || told.contains("database_full"), "{told}");
    home.run(&[&["enroll", "digital-literacy"], &MAYA[..]].concat()).ends(0);
    assert_eq!(home.json(&[&["courses", "--json"], &MAYA[..]].concat()).as_array().map(Vec::len), Some(1));
}
