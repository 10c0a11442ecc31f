//! The bytes of a file as text that is safe for a terminal, line for line.

use super::super::report::Report;
use crate::domain::text::Prose;

/// The text of a file, and what had to be done to it.
#[derive(Default)]
pub(super) struct Cleaned {
    /// As many lines as the file has.
    pub(super) text: String,
    /// The first byte that is no text, and what it is.
    broken: Option<(usize, &'static str)>,
    /// The first byte of the first line that lost something, and how many lines did.
    lost: Option<(usize, usize)>,
}

/// Makes a file safe. Each line on its own: a sequence that does not end must not swallow the lines after it, and
/// problems have to name the lines that an editor shows.
pub(super) fn text(bytes: &[u8]) -> Cleaned {
    let nul = bytes.iter().position(|byte| *byte == 0).map(|at| (at, "it has a NUL byte"));
    let raw = match (nul, str::from_utf8(bytes)) {
        (None, Ok(raw)) => raw,
        (nul, read) => {
            let odd = read.err().map(|error| (error.valid_up_to(), "it has bytes that are no letters"));
            // The lines before it, and something on its own.
            let broken = nul.into_iter().chain(odd).min_by_key(|(at, _)| *at);
            let before = &bytes[..broken.map_or(0, |(at, _)| at)];
            let text = format!("{}?", String::from_utf8_lossy(before));
            return Cleaned { broken: broken.map(|(_, why)| (text.len() - 1, why)), text, lost: None };
        }
    };
    let raw = raw.strip_prefix('\u{FEFF}').unwrap_or(raw);
    let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
    let (mut text, mut lost) = (String::with_capacity(raw.len()), None);
    for line in raw.split_inclusive('\n') {
        let clean = Prose::clean(line);
        if !line.split_whitespace().eq(clean.as_str().split_whitespace()) {
            let (first, lines) = lost.unwrap_or((text.len(), 0));
            lost = Some((first, lines + 1));
        }
        text.push_str(clean.as_str());
        // A sequence at the end of the line takes the line break along.
        if line.ends_with('\n') && !clean.as_str().ends_with('\n') {
            text.push('\n');
        }
    }
    Cleaned { text, broken: None, lost }
}

impl Cleaned {
    /// Says what had to be done; whether there is a text to be read.
    pub(super) fn tell(&self, report: &mut Report<'_>) -> bool {
        if let Some((at, why)) = self.broken {
            let mend = "Save it as UTF-8, or move it out of the folder.";
            report.error(at, format!("this is not UTF-8 text: {why}"), mend);
        }
        if let Some((first, lines)) = self.lost {
            let which = match lines - 1 {
                0 => "this line has".to_owned(),
                1 => "this line and 1 more have".to_owned(),
                more => format!("this line and {more} more have"),
            };
            let what = format!("{which} control or invisible characters; they are left out");
            report.warn(first, what, "Remove them.");
        }
        self.broken.is_none()
    }
}
