//! Other ways to write the same, the limits of every text, and what cleaning leaves.

use super::{GOOD, changed, errors, warnings};
use coursevia::catalog::parse;
use coursevia::domain::provider::Protocol;

#[test]
fn every_text_has_a_limit_that_is_named() {
    for (from, key, max) in [
        ("name = \"Certiport\"\ntype", "name", 80),
        ("type = \"certiport\"", "type", 40),
        ("description = \"Online\"", "description", 300),
        ("note = \"Renovation\"", "note", 300),
        ("instructions = \"Sign in.\"", "instructions", 600),
        ("organization = \"demo\"", "organization", 120),
        ("title = \"CNA Training\"", "title", 120),
        ("category = \"Healthcare\"", "category", 60),
        ("summary = \"Care for patients.\"", "summary", 1_000),
        ("length = \"6 weeks\"", "length", 60),
        ("credential = \"Certificate\"", "credential", 120),
        ("name = \"CNA Online\"", "name", 120),
        ("code = \"CNA-101\"", "code", 80),
    ] {
        let tail = if from.ends_with("type") { "\ntype" } else { "" };
        let with = |length| changed(from, &format!("{key} = \"{}\"{tail}", "x".repeat(length)));
        let said = errors(&with(max + 1));
        let words = format!("the {key} is {} characters long. Shorten it to {max} or fewer.", max + 1);
        assert!(said.contains(&words), "{said}");
        if let Err(problems) = parse("c.toml", &with(max)) {
            assert!(!problems.to_string().contains("characters long"), "{problems}");
        }
    }
}

#[test]
fn the_number_of_aliases_has_a_limit() {
    let many = format!("aliases = [{}]", "\"a\", ".repeat(31));
    let said = errors(&changed("aliases = [\"nurse\", \"nursing assistant\"]", &many));
    assert_eq!(said, "c.toml:22: the list of aliases has 31 entries. Keep the 30 most useful ones.");
}

#[test]
fn what_a_terminal_must_not_see_is_gone() {
    let hostile = r#"title = "CNA \u001b]0;x\u0007\u202ETraining""#;
    let catalog =
        parse("c.toml", &changed("title = \"CNA Training\"", hostile)).expect("a good file").catalog;
    assert_eq!(catalog.programs[0].title.as_str(), "CNA Training");
}

#[test]
fn a_text_over_several_lines_is_one_line_without_a_warning() {
    let summary = "summary = \"\"\"\nCare\n  for patients.\"\"\"";
    let source = changed("summary = \"Care for patients.\"", summary);
    assert_eq!(warnings(&source), "");
    let catalog = parse("c.toml", &source).expect("a good file").catalog;
    assert_eq!(catalog.programs[0].summary.as_str(), "Care for patients.");
}

#[test]
fn dotted_keys_and_sub_tables_are_the_same_as_braces() {
    let braces = "api = { protocol = \"link\", login_url = \"https://college.example/login\", \
                  instructions = \"Sign in.\" }";
    let same = parse("c.toml", GOOD).expect("a good file").catalog;
    let dotted = "api.protocol = \"link\"\napi.login_url = \"https://college.example/login\"\n\
                  api.instructions = \"Sign in.\"";
    let table = "[partner.api]\nprotocol = \"link\"\nlogin_url = \"https://college.example/login\"\n\
                 instructions = \"Sign in.\"";
    for other in [dotted, table] {
        assert_eq!(parse("c.toml", &changed(braces, other)).expect("a good file").catalog, same);
    }
}

#[test]
fn entries_may_be_a_list_of_braces() {
    let source = r#"
        partner = [{ name = "X", type = "x", api = { protocol = "link", login_url = "https://x.example" } }]
        program = [{ slug = "a", title = "A", category = "C", summary = "S" }, 7]
    "#;
    let said = errors(source);
    let words = "this program is a value, not a table. Start each one with [[program]], in double brackets.";
    assert_eq!(said, format!("c.toml:3: {words}"));
    let catalog = parse("c.toml", &source.replace(", 7", "")).expect("a good file").catalog;
    assert!(matches!(catalog.partners[0].protocol, Protocol::Link(_)));
}

#[test]
fn an_entry_in_single_brackets_is_explained() {
    let said = errors("[partner]\nname = \"X\"\n");
    let words =
        "partner is a table, not a list of tables. Start each one with [[partner]], in double brackets.";
    assert_eq!(said, format!("c.toml:1: {words}"));
}

#[test]
fn an_empty_file_is_worth_a_warning() {
    for empty in ["", "\n\n", "# nothing\n", "demo = true"] {
        let words = "the catalogue is empty. Write [[partner]] and [[program]] entries into it.";
        assert_eq!(warnings(empty), format!("c.toml:1: {words}"));
    }
}

#[test]
fn the_file_name_is_safe_for_a_terminal_too() {
    let problems = parse("a\u{1b}[31m.toml", "x").expect_err("no TOML");
    assert_eq!(problems.0[0].file, "a.toml");
}
