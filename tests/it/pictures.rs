//! The pictures of the README are what the app shows. `COURSEVIA_UPDATE_PICTURES=1 cargo test
//! pictures` draws them again.

use crate::support::cli::Home;
use coursevia::domain::certificate::{IssuedCertificate, VerificationCode};
use std::collections::BTreeSet;
use std::path::Path;

const README: &str = include_str!("../../README.md");
const FOLDER: &str = "assets/pictures";

/// Each picture with the command above it that draws it.
fn pictures() -> Vec<(String, Vec<String>)> {
    let mut command = None;
    let mut all = Vec::new();
    for line in README.lines() {
        if let Some(written) = line.strip_prefix("<!-- coursevia ").and_then(|rest| rest.strip_suffix(" -->"))
        {
            command = Some(words(written));
        } else if let Some((_, path)) = line.split_once("](").filter(|_| line.starts_with("![")) {
            let path = path.trim_end_matches(')').to_owned();
            all.push((path, command.take().expect("the command stands above the picture")));
        }
    }
    all
}

/// Words as a shell reads them; only single quotes are used.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// What the command prints to somebody who has taken a whole course.
fn certificate() -> String {
    IssuedCertificate {
        number: "CV-2026-7K4M9QXT".into(),
        holder: "Maya Ortiz".into(),
        course: "Digital Literacy".into(),
        issued_at: chrono::DateTime::from_timestamp(1_790_000_000, 0).expect("an instant"),
        code: VerificationCode::parse("7K4M-9QXT-00AB-ZZ19").expect("a code"),
    }
    .as_svg()
}

#[expect(clippy::disallowed_methods, reason = "tests have no platform layer")]
fn update() -> bool {
    std::env::var_os("COURSEVIA_UPDATE_PICTURES").is_some()
}

#[test]
fn pictures_show_what_the_app_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = pictures();
    assert!(all.len() >= 4, "{all:?}");
    let mut stale = Vec::new();
    for (path, command) in &all {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let drawn = match command[0] {
            "certificate" => certificate(),
            _ => Home::new().run(&command).ends(0).stdout,
        };
        assert!(drawn.starts_with("<svg "), "{command:?}");
        if update() {
            std::fs::create_dir_all(root.join(FOLDER)).expect("a folder");
            std::fs::write(root.join(path), &drawn).expect("written");
        }
        if std::fs::read_to_string(root.join(path)).ok().as_deref() != Some(drawn.as_str()) {
            stale.push(path);
        }
    }
    assert!(
        stale.is_empty(),
        "{stale:?}: draw them again with COURSEVIA_UPDATE_PICTURES=1 cargo test pictures"
    );
}

#[test]
fn every_picture_is_shown() {
    let shown: BTreeSet<String> = pictures().into_iter().map(|(path, _)| path).collect();
    let there: BTreeSet<String> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER))
        .expect("a folder")
        .map(|entry| format!("{FOLDER}/{}", entry.expect("an entry").file_name().to_string_lossy()))
        .collect();
    assert_eq!(shown, there);
}

#[test]
fn a_picture_is_the_same_every_time_and_in_every_environment() {
    let args = ["snapshot", "--format", "svg", "--keys", "/cna"];
    let first = Home::new().run(&args).ends(0).stdout;
    let other = Home::new().with("NO_COLOR", "1").with("TERM", "xterm").with("COURSEVIA_UI__THEME", "light");
    assert_eq!(other.run(&args).ends(0).stdout, first);
    let light = Home::new().run(&[&args[..], &["--theme", "light"]].concat()).ends(0).stdout;
    assert_ne!(light, first);
}

#[test]
fn text_with_colours_is_the_text_with_colours() {
    let home = Home::new();
    let keys = ["--keys", "<enter>", "--size", "80x24"];
    let of =
        |format: &str| home.run(&[&["snapshot", "--format", format][..], &keys[..]].concat()).ends(0).stdout;
    let (text, ansi) = (of("text"), of("ansi"));
    assert!(ansi.contains("\u{1b}[0;1;36m"), "{ansi:?}");
    assert_eq!(strip_ansi_escapes::strip_str(&ansi), text);
    for line in ansi.lines().filter(|line| line.contains('\u{1b}')) {
        let last = line.rsplit('\u{1b}').next().unwrap_or_default();
        assert!(last.starts_with("[0m"), "{line:?}");
    }
    let none = home.run(&["snapshot", "--format", "ansi", "--theme", "none"]).ends(0).stdout;
    assert!(!none.contains(";3") && !none.contains(";9"), "{none:?}");
}
