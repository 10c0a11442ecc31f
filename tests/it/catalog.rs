//! The catalogue file: every rule by name, the demo, the way there and back.

mod cohorts;
mod demo;
mod errors;
mod hostile;
mod round_trip;
mod shapes;
mod warnings;

use coursevia::catalog::{Problem, parse};

/// A small catalogue without problems; the cases change one place of it.
const GOOD: &str = r#"demo = true
[[partner]]
name = "Certiport"
type = "certiport"
active = true
icon = "◆"
description = "Online"
api = { protocol = "rest", profile = "certiport", base_url = "sandbox", secret_env = "CERTIPORT_API_KEY", organization = "demo" }
support = { email = "support@example.org", url = "https://example.org/help" }

[[partner]]
name = "College"
type = "college"
active = false
note = "Renovation"
until = 2027-03-01
api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }

[[program]]
slug = "cna-training"
title = "CNA Training"
aliases = ["nurse", "nursing assistant"]
category = "Healthcare"
summary = "Care for patients."
length = "6 weeks"
hours = 120
credential = "Certificate"

[[program.course]]
partner = "Certiport"
name = "CNA Online"
code = "CNA-101"
active = true
format = "online"
pacing = "self_paced"
hours = 100
price = "59.00"
currency = "USD"
terms = { wholesale = "25.00" }

[[program.course]]
partner = "College"
name = "CNA in Class"
code = "NUR-110"
format = "in_person"
pacing = "instructor_led"
price = "89.00"
currency = "USD"
terms = { share_percent = "70" }

[[program.course.cohort]]
starts = 2027-03-01
ends = 2027-04-30
schedule = "Mon + Wed 18:00"
time_zone = "America/Chicago"
location = "Room 12"
seats = 12

[[program]]
slug = "job-readiness"
title = "Job Readiness"
category = "Career"
summary = "Find a job."
"#;

/// The good catalogue with one place changed.
fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "the good catalogue has no {from:?}");
    GOOD.replacen(from, to, 1)
}

/// All errors of a file, one per line.
fn errors(source: &str) -> String {
    parse("c.toml", source).expect_err("the file has an error").to_string()
}

/// All warnings of a good file, one per line.
fn warnings(source: &str) -> String {
    let checked = parse("c.toml", source).expect("a good file");
    checked.warnings.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// Named cases: one change of the good catalogue, and exactly what is said about it.
macro_rules! cases {
    ($said:ident; $($name:ident: $from:literal => $to:literal $(=> $expected:literal)?;)*) => {
        $(
            #[test]
            fn $name() {
                let expected = concat!($($expected)?);
                assert_eq!(super::$said(&super::changed($from, $to)), expected);
            }
        )*
    };
}
use cases;

#[test]
fn the_good_catalogue_is_good() {
    assert_eq!(warnings(GOOD), "");
}

#[test]
fn the_documented_format_is_read() {
    let source = include_str!("catalog/documented.toml");
    let free = "c.toml:33: the course is free, so its terms are left out. \
                Remove terms, or give the course a price.";
    assert_eq!(warnings(source), free);
}
