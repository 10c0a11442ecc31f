//! Who may import whom. The table is the one of the module documentation in `lib.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Module, what it may use of ours, and which crates it must not touch.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    ("domain", &[], &["tokio", "sqlx", "reqwest", "ratatui", "crossterm", "axum", "tracing", "rand"]),
    ("catalog", &["domain"], &["tokio", "sqlx", "reqwest", "ratatui", "crossterm", "axum"]),
    ("platform", &["domain"], &["sqlx", "reqwest", "ratatui", "axum"]),
    ("config", &["domain", "platform"], &["tokio", "sqlx", "reqwest", "ratatui", "axum"]),
    ("store", &["domain"], &["reqwest", "ratatui", "crossterm", "axum", "lettre"]),
    ("http", &["domain", "platform"], &["sqlx", "ratatui", "crossterm", "axum", "lettre"]),
    ("partner", &["domain", "platform", "http"], &["sqlx", "ratatui", "crossterm", "axum", "lettre"]),
    ("payment", &["domain", "platform", "http"], &["sqlx", "ratatui", "crossterm", "axum", "lettre"]),
    ("mail", &["domain", "platform"], &["sqlx", "ratatui", "crossterm", "axum", "reqwest"]),
    (
        "service",
        &["domain", "catalog", "store", "partner", "payment", "mail", "platform"],
        &["sqlx", "reqwest", "ratatui", "crossterm", "axum", "lettre"],
    ),
    (
        "server",
        &["domain", "service", "platform", "config"],
        &["sqlx", "reqwest", "ratatui", "crossterm", "lettre"],
    ),
    ("ui", &["domain"], &["tokio", "sqlx", "reqwest", "axum", "tracing", "lettre", "rand"]),
    ("sandbox", &["domain", "platform"], &["ratatui", "crossterm", "reqwest", "lettre"]),
    (
        "runtime",
        &[
            "domain", "config", "store", "partner", "payment", "mail", "platform", "service", "server", "ui",
            "sandbox",
        ],
        &["sqlx", "reqwest", "axum", "lettre"],
    ),
    (
        "cli",
        &["domain", "catalog", "config", "store", "platform", "service", "ui", "runtime", "sandbox"],
        &["sqlx", "reqwest", "axum", "lettre"],
    ),
];

/// No source file is longer than this many lines.
const LONGEST: usize = 600;

fn sources() -> Vec<(PathBuf, String)> {
    files("src", "rs")
}

/// All files with this ending below a folder of the package, with their text.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    fn walk(dir: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).expect("a readable directory") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths = Vec::new();
    walk(&root, ending, &mut paths);
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a readable file");
            (path.strip_prefix(&root).expect("below the folder").to_owned(), text)
        })
        .collect()
}

fn module_of(path: &Path) -> String {
    let first = path.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The words that follow `prefix` in code lines, up to the first character that is no name.
fn words_after<'a>(text: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut words = BTreeSet::new();
    for line in code {
        for (at, _) in line.match_indices(prefix) {
            let rest = &line[at + prefix.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            words.insert(&rest[..end]);
        }
    }
    words
}

fn mentions_crate(text: &str, name: &str) -> bool {
    let path = format!("{name}::");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
        line.match_indices(&path)
            .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
    })
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let mut breaches = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let Some((_, ours, banned)) = TABLE.iter().find(|(name, ..)| *name == module) else {
            breaches.push(format!("{}: the module is not in the table", path.display()));
            continue;
        };
        for used in words_after(&text, "crate::") {
            if used != module && !ours.contains(&used) {
                breaches.push(format!("{}: uses crate::{used}", path.display()));
            }
        }
        for name in banned.iter().filter(|name| mentions_crate(&text, name)) {
            breaches.push(format!("{}: uses the crate {name}", path.display()));
        }
    }
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn no_source_file_grows_without_end() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > LONGEST)
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

#[test]
fn main_stays_thin() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs")).expect("main.rs");
    assert!(text.lines().count() <= 50);
}

#[test]
fn no_secret_and_no_launch_link_is_logged() {
    let leaks: Vec<_> = sources()
        .into_iter()
        .flat_map(|(path, text)| {
            let lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines.into_iter().map(move |line| (path.clone(), line))
        })
        .filter(|(_, line)| line.contains("tracing::") && line.contains("expose()"))
        .map(|(path, line)| format!("{}: {}", path.display(), line.trim()))
        .collect();
    assert!(leaks.is_empty(), "\n{}", leaks.join("\n"));
}

/// A snapshot that no test writes any more would be believed for ever.
#[test]
fn every_snapshot_has_its_test() {
    let tests: String = files("tests", "rs").into_iter().map(|(_, text)| text).collect();
    let names: BTreeSet<&str> = tests.split('"').map(|text| text.split('{').next().unwrap_or(text)).collect();
    let is_written = |name: &str| {
        let sized = name.rsplit_once('_').filter(|(_, size)| size.contains('x')).map(|(name, _)| name);
        names.contains(name)
            || sized.is_some_and(|name| names.contains(name))
            || (name.starts_with("style_") && names.contains("style_"))
    };
    let orphans: Vec<_> = files("tests", "snap")
        .into_iter()
        .filter_map(|(path, _)| Some(path.file_stem()?.to_str()?.rsplit("__").next()?.to_owned()))
        .filter(|name| !is_written(name))
        .collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}

#[test]
fn the_map_in_lib_rs_is_this_table() {
    let map = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).expect("lib.rs");
    let modules: BTreeSet<_> = map.lines().filter_map(|line| line.strip_prefix("pub mod ")).collect();
    for (name, ours, _) in TABLE {
        assert!(modules.contains(format!("{name};").as_str()), "{name} is no module");
        let row = map.lines().find(|line| line.starts_with(&format!("//! | [`{name}`]"))).expect("a row");
        let allowed = row.trim_end_matches(" |").rsplit(" | ").next().expect("a last cell");
        if !allowed.starts_with("everything") && !ours.is_empty() {
            assert_eq!(allowed, ours.join(", "), "{name}");
        }
    }
    assert_eq!(modules.len(), TABLE.len());
}

#[test]
fn the_catalogue_allows_every_profile_there_is() {
    let profiles = coursevia::domain::profile::Profiles::built_in().expect("the built-in profiles");
    let mut known: Vec<_> = profiles.names().collect();
    let mut allowed = coursevia::catalog::PROFILES.to_vec();
    known.sort_unstable();
    allowed.sort_unstable();
    assert_eq!(known, allowed);
}

/// Seats are given and taken in one file only, so that none is lost or sold twice elsewhere.
#[test]
fn seats_change_in_one_place() {
    let writes = ["LOCK_COHORT", "TAKE_SEAT", "GIVE_SEAT_BACK"];
    for (path, text) in sources() {
        let path = path.to_string_lossy().into_owned();
        let sql = text.contains("SET taken =");
        assert!(!sql || path.ends_with("store/sql/seats.rs"), "{path} writes cohorts.taken");
        let uses = writes.iter().any(|name| text.contains(&format!("sql::{name}")));
        assert!(!uses || path.ends_with("store/engine/seats.rs"), "{path} takes or gives seats");
    }
}
