//! New migrations must be compiled in, and `--version` names the commit.

use std::path::Path;
use std::process::Command;

/// Everything that goes into the program: a change here is a change of it.
const SOURCES: [&str; 6] = ["src", "assets", "migrations", "Cargo.toml", "Cargo.lock", "build.rs"];

// Cargo runs this in the package's own directory, wherever it was compiled.
fn main() {
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
    }
    let version = env!("CARGO_PKG_VERSION");
    let version = commit().map_or_else(|| version.to_owned(), |commit| format!("{version} ({commit})"));
    println!("cargo:rustc-env=COURSEVIA_VERSION={version}");
}

/// The commit this is built from, `-dirty` when something was changed since; `None` without git
/// and outside a repository.
fn commit() -> Option<String> {
    // An archive that was unpacked inside somebody else's repository is not that repository.
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    let hash = git(&["rev-parse", "--short=9", "HEAD"])?;
    // HEAD names a branch, and the branch a commit; either may move. A branch may live in a file of
    // its own or among the packed ones, so the log of moves is watched as well.
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        let file = git(&["rev-parse", "--git-path", name])?;
        // A file that is missing would have this run again at every build.
        if Path::new(&file).exists() {
            println!("cargo:rerun-if-changed={file}");
        }
    }
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES);
    let dirty = !git(&status)?.is_empty();
    Some(if dirty { format!("{hash}-dirty") } else { hash })
}

/// What git says about this directory, if it says anything.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("--no-optional-locks")
        .args(arguments)
        // Set while git runs a hook; they could mean another repository.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
