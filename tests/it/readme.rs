//! What the README says is what there is.

use crate::support::cli::Home;

const README: &str = include_str!("../../README.md");
const CI: &str = include_str!("../../.ci/run");

/// The names of the commands, as `--help` lists them.
fn commands(home: &Home) -> Vec<String> {
    let help = home.run(&["--help"]).ends(0).stdout;
    let list = help.split("Commands:").nth(1).expect("a list of commands");
    let list = list.split("\n\n").next().expect("an end");
    list.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_is_in_the_readme() {
    let home = Home::new();
    let missing: Vec<_> =
        commands(&home).into_iter().filter(|name| !README.contains(&format!("coursevia {name}"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_option_of_the_readmes_commands_exists() {
    let home = Home::new();
    for name in commands(&home) {
        let mut help = home.run(&[&name, "--help"]).ends(0).stdout;
        if name == "catalog" {
            help += &home.run(&["catalog", "import", "--help"]).ends(0).stdout;
        }
        for usage in README.split(&format!("coursevia {name} ")).skip(1) {
            // Up to the next command on the same line, or the end of the line.
            let usage = usage.lines().next().unwrap_or_default();
            let usage = usage.split("coursevia ").next().unwrap_or_default();
            for option in usage
                .split_whitespace()
                .filter_map(|word| word.trim_matches(['[', ']', '`']).strip_prefix("--"))
            {
                let option = option.trim_end_matches(|c: char| !c.is_alphanumeric());
                assert!(help.contains(&format!("--{option}")), "coursevia {name} has no --{option}");
            }
        }
    }
}

#[test]
fn ci_runs_the_command_people_run() {
    assert!(README.contains("cargo test "));
    assert!(CI.lines().any(|line| line.starts_with("cargo test")));
}
