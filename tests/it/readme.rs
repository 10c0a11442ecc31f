//! What the README says is what there is.

use crate::support::cli::Home;
use coursevia::ui::Keymap;
use coursevia::ui::key::Key;
use coursevia::ui::keymap::actions;

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
        if name == "review" {
            for verb in ["list", "add", "edit", "hide"] {
                help += &home.run(&[&name, verb, "--help"]).ends(0).stdout;
            }
        }
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

/// Every action with its keys, three in a row.
fn table_of_keys() -> String {
    let keys = Keymap::default();
    let cells: Vec<String> = actions()
        .map(|binding| {
            let keys: Vec<String> = keys.keys(binding.action).map(|key| key.to_string()).collect();
            format!("{:<18}{}", binding.name, keys.join(" "))
        })
        .collect();
    let row = |cells: &[String]| match cells {
        [first, second, third] => format!("{first:<34}{second:<34}{third}"),
        [first, second] => format!("{first:<34}{second}"),
        rest => rest.concat(),
    };
    cells.chunks(3).map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_readme_names_every_action_and_its_keys() {
    let table = table_of_keys();
    assert!(README.contains(&table), "the README's table of actions should be:\n{table}");
}

#[test]
fn the_readme_names_every_key_that_has_a_name() {
    let named = README.split("Under `[keys]`").nth(1).expect("the paragraph about keys");
    for code in
        "enter esc tab up down left right space backspace delete insert pgup pgdn home end f1".split(' ')
    {
        assert!(code.parse::<Key>().is_ok(), "{code} is no key");
        assert!(named.contains(code), "{code}");
    }
}
