//! Data on stdout, talk on stderr.

use super::exit::{Exit, Problem};
use crate::platform::files;
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write as _};

/// A line of data.
pub fn line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}").map_err(|error| unwritten(&error))
}

/// Data exactly as it is.
pub fn raw(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| unwritten(&error))
}

/// Says that it was the output that failed: "no space left on device" alone could be any file.
fn unwritten(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("the output can't be written: {}", files::why(error)))
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
    match problem {
        Problem::ReaderGone => {}
        // With --json what failed has been told already: one document on stdout, not two.
        Problem::Told(message) => say(format_args!("coursevia: {message}")),
        _ if as_json => {
            let mut error = serde_json::json!({ "error": {
                "code": problem.code(), "message": problem.message(), "alternatives": problem.alternatives(),
            }});
            if let Some(url) = problem.payment_url() {
                error["error"]["payment_url"] = url.as_str().into();
            }
            // Where nothing can be written the person at least is told.
            if line(error).is_err() {
                say(format_args!("coursevia: {}", problem.message()));
            }
        }
        _ => say(format_args!("coursevia: {}", problem.message())),
    }
    problem.exit()
}

/// A word as a shell takes it, in a command that is shown to be copied: names come from catalogues.
pub fn shell_word(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.@:".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_name_is_one_word_and_nothing_else() {
        for (name, word) in [
            ("Certiport", "Certiport"),
            ("City College", "'City College'"),
            ("$(date) \"x\"", "'$(date) \"x\"'"),
            ("St. Mary's", "'St. Mary'\\''s'"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(name), word);
        }
    }
}
