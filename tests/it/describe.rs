//! What describes the program: version, completions, man pages. Real shells read them.

use crate::support::cli::Home;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// A home directory in which nothing else works.
fn broken() -> Home {
    let home = Home::new().with("COURSEVIA_DATABASE_URL", "nonsense://").with("COURSEVIA_UI__THEME", "pink");
    std::fs::create_dir_all(home.path().join(".config/coursevia")).expect("a folder");
    std::fs::write(home.path().join(".config/coursevia/config.toml"), "this is = = nothing")
        .expect("written");
    home.run(&["programs"]).ends(2);
    home
}

/// Whether a program of the machine takes `input`; `None` where it is not installed.
fn takes(program: &str, arguments: &[&str], input: &str) -> Option<Result<String, String>> {
    let mut child = Command::new(program)
        .args(arguments)
        .env("MANPAGER", "cat")
        .env("MANWIDTH", "80")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let [told, complaints] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    Some(if output.status.success() && complaints.is_empty() { Ok(told) } else { Err(complaints) })
}

#[test]
fn every_shell_takes_its_completions_in_any_state() {
    let home = broken();
    for (shell, arguments) in [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])] {
        let script = home.run(&["completions", shell]).ends(0).stdout;
        for word in ["enroll", "--database-url", "doctor"] {
            assert!(script.contains(word.trim_start_matches('-')), "{shell} does not know {word}");
        }
        if let Some(taken) = takes(shell, &arguments, &script) {
            taken.unwrap_or_else(|complaints| panic!("{shell}: {complaints}"));
        }
    }
    home.run(&["completions", "tcsh"]).ends(2).says("bash, zsh, fish");
}

#[test]
fn bash_completes_a_command() {
    let script = Home::new().run(&["completions", "bash"]).ends(0).stdout;
    let ask = "COMP_WORDS=(coursevia enr); COMP_CWORD=1; _coursevia coursevia enr coursevia; echo \"${COMPREPLY[@]}\"";
    let told = takes("bash", &["--norc"], &format!("{script}\n{ask}\n"));
    if let Some(told) = told {
        assert_eq!(told.expect("it runs").trim(), "enroll");
    }
}

#[test]
fn the_manual_is_one_page_per_command() {
    let home = broken();
    home.run(&["man", "--dir", "pages/man1"]).ends(0);
    let page =
        |name: &str| std::fs::read_to_string(home.path().join("pages/man1").join(name)).expect("a page");
    let names = ["coursevia.1", "coursevia-enroll.1", "coursevia-doctor.1", "coursevia-catalog-import.1"];
    for name in names {
        let source = page(name);
        let command = name.trim_end_matches(".1");
        assert!(source.contains(".SH SYNOPSIS"), "{name}");
        if let Some(read) = takes("man", &["-l", "-"], &source) {
            let read = read.unwrap_or_else(|complaints| panic!("{name}: {complaints}"));
            assert!(read.contains("SYNOPSIS") && read.contains(command), "{read}");
        }
    }
    assert_eq!(home.run(&["man"]).ends(0).stdout, page("coursevia.1"));
    std::fs::write(home.path().join("file"), "").expect("written");
    home.run(&["man", "--dir", "file"]).ends(1).says("file: ");
}

#[test]
fn the_version_names_the_commit() {
    let version = broken().run(&["--version"]).ends(0).stdout;
    let rest = version
        .trim_end()
        .strip_prefix(concat!("coursevia ", env!("CARGO_PKG_VERSION")))
        .expect("the version");
    let here = env!("CARGO_MANIFEST_DIR");
    let git = Command::new("git").args(["rev-parse", "--short=9", "HEAD"]).current_dir(here).output();
    match git {
        Ok(output) if output.status.success() && std::path::Path::new(here).join(".git").exists() => {
            let commit = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            assert!(rest == format!(" ({commit})") || rest == format!(" ({commit}-dirty)"), "{rest}");
        }
        _ => assert_eq!(rest, ""),
    }
}
