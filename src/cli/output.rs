//! Data on stdout, talk on stderr.

use super::exit::{Exit, Problem};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write as _};

/// A line of data.
pub fn line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// Data exactly as it is.
pub fn raw(text: &str) -> io::Result<()> {
    io::stdout().lock().write_all(text.as_bytes())
}

/// Data as one line of JSON.
pub fn json(value: &impl Serialize) -> Result<(), Problem> {
    let text = serde_json::to_string(value).map_err(anyhow::Error::from)?;
    Ok(line(text)?)
}

/// Talk for the person at the terminal. Lost talk is no failure.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Tells how a command failed: for scripts as JSON on stdout, for people on stderr.
pub fn report(problem: &Problem, as_json: bool) -> Exit {
    if let (true, Problem::Failure(failure)) = (as_json, problem) {
        let error = serde_json::json!({ "error": {
            "code": failure.code, "message": failure.message, "alternatives": failure.alternatives,
        }});
        let _ = line(error);
    } else if !matches!(problem, Problem::ReaderGone) {
        say(format_args!("coursevia: {}", problem.message()));
    }
    problem.exit()
}
