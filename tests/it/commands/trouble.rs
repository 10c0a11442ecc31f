//! What goes wrong around a command: files, streams, people who are new here.

use super::MAYA;
use crate::support::cli::Home;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

#[test]
fn pruning_with_a_file_without_programs_takes_nothing_away() {
    let home = Home::new();
    let before = home.run(&["catalog", "export"]).ends(0).stdout;
    for content in ["", "demo = true\n"] {
        std::fs::write(home.path().join("empty.toml"), content).expect("written");
        home.run(&["catalog", "import", "empty.toml", "--prune"])
            .ends(3)
            .says("empty.toml names no programs");
        let told = home.run(&["catalog", "import", "empty.toml", "--prune", "--json"]).ends(3).stdout;
        let told: Value = serde_json::from_str(&told).expect("JSON");
        assert_eq!(told["error"]["code"], "nothing_left");
        home.run(&["catalog", "import", "empty.toml"]).ends(0);
    }
    assert_eq!(home.run(&["catalog", "export"]).ends(0).stdout, before);
}

#[test]
fn a_catalogue_that_cannot_be_read_says_why() {
    let home = Home::new();
    std::fs::write(home.path().join("latin.toml"), b"demo = true # caf\xe9\n").expect("written");
    for (file, why) in [
        ("no.toml", "no.toml: there is no such file"),
        (".", "this is a folder"),
        ("latin.toml", "latin.toml: this is not UTF-8 text"),
        // It never ends.
        ("/dev/zero", "/dev/zero: the file has more than 64 MiB"),
    ] {
        home.run(&["catalog", "check", file]).ends(1).says(why);
        home.run(&["catalog", "import", file]).ends(1).says(why);
    }
}

#[test]
fn a_configuration_that_cannot_be_read_says_why() {
    let home = Home::new();
    std::fs::write(home.path().join("latin.toml"), b"# caf\xe9\n").expect("written");
    home.run(&["programs", "--config", "no.toml"]).ends(2).says("no.toml: there is no such file");
    home.run(&["programs", "--config", "."]).ends(2).says("this is a folder");
    home.run(&["programs", "--config", "latin.toml"]).ends(2).says("latin.toml: this is not UTF-8 text");
    let told = home.run(&["programs", "--config", "no.toml", "--json"]).ends(2).stdout;
    assert_eq!(serde_json::from_str::<Value>(&told).expect("JSON")["error"]["code"], "configuration");
}

#[test]
fn with_json_every_failure_is_json() {
    let home = Home::new();
    let code = |args: &[&str], exit: i32| {
        let ran = home.run(args).ends(exit);
        let told: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        assert!(told["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{told}");
        assert_eq!(told["error"]["alternatives"], json!([]));
        told["error"]["code"].clone()
    };
    assert_eq!(code(&["courses", "--json"], 2), "usage");
    assert_eq!(code(&["profile", "--json"], 2), "usage");
    std::fs::create_dir_all(home.path().join(".config/coursevia")).expect("a folder");
    std::fs::write(home.path().join(".config/coursevia/profile.toml"), "email = 3\n").expect("written");
    assert_eq!(code(&["courses", "--json"], 1), "profile_unusable");
}

#[test]
fn the_owner_of_a_profile_need_not_have_enrolled() {
    let home = Home::new();
    let profile = home.json(&["profile", "--email", "maya@example.org", "--json"]);
    assert_eq!(profile, json!({ "email": "maya@example.org", "name": null }));
    home.run(&["courses"]).ends(0).says("No courses yet");
    assert_eq!(home.json(&["courses", "--json"]), json!([]));
    home.run(&["launch"]).ends(1).says("You have no course to open");
    home.run(&["cancel", "cna-training"]).ends(1).says("There is no enrollment");
    home.run(&["sync"]).ends(0);
    home.run(&["enroll", "job-readiness"]).ends(0);
    assert!(home.run(&["courses"]).ends(0).stdout.contains("ready"));
    home.run(&["cancel", "job-readiness"]).ends(0);
    home.run(&["courses"]).ends(0).says("coursevia courses --all");
}

#[test]
fn a_time_that_is_none_says_how_to_write_one() {
    Home::new().run(&["snapshot", "--now", "noon"]).ends(2).says("2026-01-15T09:00:00Z");
}

#[test]
fn links_in_snapshots_are_the_same_every_time() {
    let home = Home::new();
    let args = ["snapshot", "--keys", "<enter><enter>maya@example.org<enter><enter>y"];
    let first = home.run(&args).ends(0).stdout;
    assert!(first.contains("http://127.0.0.1:"), "{first}");
    assert_eq!(home.run(&args).ends(0).stdout, first);
}

#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let home = Home::new();
    for args in [&["programs"][..], &["programs", "--json"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("/dev/full");
        let output = Command::new(env!("CARGO_BIN_EXE_coursevia"))
            .args(args)
            .env_clear()
            .envs(home.environment())
            .stdout(Stdio::from(full))
            .output()
            .expect("coursevia runs");
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(told.trim(), "coursevia: the output can't be written: the disk is full");
    }
}

#[test]
fn what_holds_links_is_for_this_user_only() {
    let home = Home::new();
    home.run(&[&["enroll", "cna-training", "--partner", "Certiport"], &MAYA[..]].concat()).ends(0);
    let mut checked = 0;
    for entry in std::fs::read_dir(home.path().join(".local/share/coursevia")).expect("a folder") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.path());
        checked += usize::from(entry.file_name().to_string_lossy().starts_with("sandbox.db"));
    }
    assert!(checked >= 2);
}

#[test]
fn a_snapshot_can_be_somebodys() {
    let shown = Home::new().run(&["snapshot", "--student", "maya@example.org"]).ends(0).stdout;
    assert!(shown.contains("maya@example.org"), "{shown}");
}

#[test]
fn help_keeps_a_commands_own_options_apart() {
    let help = Home::new().run(&["launch", "--help"]).ends(0).stdout;
    let (own, common) = help.split_once("Options of every command:").expect("a heading");
    assert!(own.contains("--print-url") && !own.contains("--database-url"), "{help}");
    assert!(common.contains("--database-url"), "{help}");
}

#[test]
fn keys_of_the_configuration_work_and_those_that_can_not_are_said_at_the_start() {
    let home = Home::new();
    let config = home.path().join("own.toml");
    let text = "[keys]\nsearch = [\"s\", \"ctrl+f\"]\ndetails = \"x\"\nserach = \"/\"\n";
    std::fs::write(&config, text).expect("written");
    let config = config.display().to_string();
    let screen = |keys: &str| home.run(&["--config", &config, "snapshot", "--keys", keys]).ends(0).stdout;
    assert!(screen("").contains("2 keys of your configuration are not used. m shows why."), "{}", screen(""));
    let messages = screen("m");
    assert!(messages.contains("keys.serach: no action has this name."), "{messages}");
    assert!(messages.contains("keys.details: x already belongs to cancel on My courses."), "{messages}");
    assert!(screen("<c-f>nurse").contains("CNA Training"));
    assert!(screen("snurse").contains("CNA Training"));
    // One key in the environment, over those of the file.
    let home = Home::new().with("COURSEVIA_KEYS__SEARCH", "F");
    assert!(home.run(&["snapshot", "--keys", "Fnurse"]).ends(0).stdout.contains("CNA Training"));
}
