//! Files made to hurt: huge, broken, full of escape sequences. Refused fast, in few words, never with a panic.

use super::{GOOD, changed, errors};
use coursevia::catalog::{DEMO, MAX_BYTES, parse, write};
use proptest::prelude::*;
use std::fmt::Write as _;

#[test]
fn a_title_of_10_mb_is_refused_in_a_short_message() {
    let title = format!("title = \"{}\"", "x".repeat(10 * 1024 * 1024));
    let said = errors(&changed("title = \"CNA Training\"", &title));
    assert_eq!(said, "c.toml:21: the title is 10485760 characters long. Shorten it to 120 or fewer.");
}

#[test]
fn a_file_above_the_limit_is_not_even_read() {
    let said = errors(&"#".repeat(MAX_BYTES + 1));
    assert_eq!(said, "c.toml:1: the file has 65 MiB. Split it into files of 64 MiB or less.");
}

#[test]
fn every_error_is_reported_in_file_order() {
    let source = changed("price = \"59.00\"", "price = \"-1\"")
        .replace("format = \"in_person\"", "format = \"moon\"")
        .replace("type = \"college\"", "type = 3");
    let lines: Vec<_> =
        parse("c.toml", &source).expect_err("three errors").0.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [13, 37, 45]);
}

#[test]
fn a_partner_with_errors_is_still_known_to_its_courses() {
    let said = errors(&changed("type = \"college\"\n", "\n"));
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_secret_is_never_repeated() {
    for secret in ["sk_live_51H8a7s6d", "AKIAIOSFODNN7EXAMPLE", "Bearer abc"] {
        let said = errors(&changed("CERTIPORT_API_KEY", secret));
        assert!(!said.contains(secret), "{said}");
    }
    for key in ["secret", "secret_key", "secret_evn", "apiKey", "access_token"] {
        let said = errors(&changed("secret_env = \"CERTIPORT_API_KEY\"", &format!("{key} = \"hunter2\"")));
        assert!(said.contains(" looks like a secret. ") && !said.contains("hunter2"), "{said}");
    }
    let said =
        errors(&changed("base_url = \"sandbox\"", "base_url = \"https://me:hunter2@partner.example\""));
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn messages_repeat_no_escape_sequences_and_little_text() {
    let slug = format!(r#"slug = "\u001b]0;pwned\u0007\u202E{}""#, "x".repeat(5_000));
    let said = errors(&changed("slug = \"cna-training\"", &slug));
    assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{said:?}");
    assert!(said.chars().count() < 200, "{said}");
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    let depth = 100_000;
    let source = format!("x = {}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(errors(&source).starts_with("c.toml:1:"));
}

#[test]
fn ten_thousand_programs_are_read_and_ten_thousand_errors_counted() {
    let (head, rest) = GOOD.split_once("[[program]]").expect("a program");
    let (program, _) = rest.split_once("[[program]]").expect("a second program");
    let mut good = head.to_owned();
    for number in 0..10_000 {
        let program = program.replace("cna-training", &format!("cna-{number}"));
        let _ = write!(good, "[[program]]{program}");
    }
    assert_eq!(parse("c.toml", &good).expect("a good file").catalog.programs.len(), 10_000);
    let said = errors(&good.replace("\"59.00\"", "\"-1\""));
    assert!(said.ends_with("\nand 9950 more"));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_fine() {
    let source = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert_eq!(parse("c.toml", &source).expect("a good file").warnings, []);
    let said = errors(&source.replace("\"59.00\"", "\"-1\""));
    assert!(said.starts_with("c.toml:37: "), "{said}");
}

/// Pieces that are likely to break something when they land anywhere in a file.
const SHARDS: &[&str] = &[
    "",
    "\"",
    "'",
    "[",
    "]]",
    "{",
    "}",
    "=",
    "\n",
    "[[program]]\n",
    "[program.course]\n",
    "-",
    "\u{0}",
    "\u{1b}[2J",
    "\"\"\"",
    "9999999999999999999",
    "nan",
    "2027-13-45",
    "\\u202E",
    "é",
    "#",
    ".",
    ",",
    "true",
    "[[partner.api]]\n",
];

/// Lines that a catalogue could be made of, right and wrong.
fn line() -> impl Strategy<Value = String> {
    let head = prop::sample::select(vec![
        "[[partner]]",
        "[[program]]",
        "[[program.course]]",
        "[[program.course.cohort]]",
        "[program]",
        "[x]",
    ]);
    let key = prop::sample::select(vec![
        "demo",
        "name",
        "type",
        "active",
        "note",
        "until",
        "icon",
        "api",
        "support",
        "slug",
        "title",
        "aliases",
        "category",
        "summary",
        "length",
        "hours",
        "credential",
        "partner",
        "course",
        "code",
        "format",
        "pacing",
        "price",
        "currency",
        "terms",
        "cohort",
        "starts",
        "ends",
        "schedule",
        "time_zone",
        "location",
        "seats",
        "protocol",
        "x",
    ]);
    let value = prop_oneof![
        "[a-z0-9-]{0,12}".prop_map(|text| format!("{text:?}")),
        any::<String>().prop_map(|text| toml::Value::String(text).to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:?}")),
        any::<bool>().prop_map(|flag| flag.to_string()),
        Just("2027-03-01".to_owned()),
        Just("\"+14d\"".to_owned()),
        Just("\"2027-03-01\"".to_owned()),
        Just("[\"a\", 3]".to_owned()),
        Just("{ protocol = \"rest\", profile = \"certiport\", base_url = \"sandbox\" }".to_owned()),
        Just("{ protocol = \"link\", login_url = \"javascript:alert(1)\" }".to_owned()),
        Just("{ share = \"50 %\" }".to_owned()),
    ];
    prop_oneof![
        1 => head.prop_map(ToOwned::to_owned),
        4 => (key, value).prop_map(|(key, value)| format!("{key} = {value}")),
        1 => Just(format!("{GOOD}\n")),
    ]
}

/// Whatever is wrong is named with its line, in a few clean words.
fn is_answered(source: &str) -> Result<(), TestCaseError> {
    let Err(problems) = parse("c.toml", source) else {
        return Ok(());
    };
    prop_assert!(!problems.0.is_empty());
    let lines = source.lines().count().max(1);
    for problem in problems.0 {
        prop_assert!((1..=lines).contains(&problem.line), "{problem}");
        let text = problem.to_string();
        prop_assert!(!text.contains(char::is_control), "{text:?}");
        prop_assert!(text.chars().count() < 400, "{text}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_answered_without_a_panic(source in any::<String>()) {
        is_answered(&source)?;
    }

    #[test]
    fn any_lines_are_answered_without_a_panic(lines in prop::collection::vec(line(), 0..25)) {
        is_answered(&lines.join("\n"))?;
    }

    #[test]
    fn a_damaged_demo_is_answered_without_a_panic(
        damage in prop::collection::vec((0..DEMO.len(), 0_usize..40, 0..SHARDS.len()), 1..4),
    ) {
        let mut source = DEMO.to_owned();
        for (at, length, shard) in damage {
            let from = source.floor_char_boundary(at);
            let to = source.floor_char_boundary(from + length).max(from);
            source.replace_range(from..to, SHARDS[shard]);
        }
        is_answered(&source)?;
    }

    #[test]
    fn any_api_is_answered_without_a_panic(
        demo in any::<bool>(),
        protocol in prop::sample::select(vec!["rest", "link", "lti13", "unknown", "soap"]),
        pairs in prop::collection::btree_map(prop::sample::select(API_KEYS), api_value(), 0..8),
    ) {
        let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        let api = [vec![format!("protocol = {protocol:?}")], pairs].concat().join(", ");
        let source = format!("demo = {demo}\n[[partner]]\nname = \"P\"\ntype = \"p\"\napi = {{ {api} }}\n");
        is_answered(&source)?;
        if let Ok(checked) = parse("c.toml", &source) {
            let again = parse("again.toml", &write(&checked.catalog)).expect("what is written is good");
            prop_assert_eq!(again.catalog, checked.catalog);
        }
    }
}

const API_KEYS: &[&str] = &[
    "profile",
    "base_url",
    "secret_env",
    "organization",
    "login_url",
    "instructions",
    "steps",
    "tool",
    "redirect_urls",
    "target_link_url",
    "client_id",
    "deployment_id",
    "discloses",
    "capabilities",
    "client_secret",
];

/// A value of an api, often one that fits.
fn api_value() -> impl Strategy<Value = String> {
    const FITTING: &[&str] = &[
        "\"certiport\"",
        "\"sandbox\"",
        "\"https://p.example/a\"",
        "[\"https://p.example/l\"]",
        "[\"name\"]",
        "[\"launch\"]",
        "[]",
        "[\"https://p.example/*\", 7]",
        "\"javascript:alert(1)\"",
        "\"A_KEY\"",
        "true",
        "{}",
    ];
    let texts = any::<String>().prop_map(|text| toml::Value::String(text).to_string());
    let lists = prop::collection::vec(any::<String>(), 0..3)
        .prop_map(|list| toml::Value::from(list).to_string().replace('\n', " "));
    prop_oneof![prop::sample::select(FITTING).prop_map(str::to_owned), texts, lists]
}
