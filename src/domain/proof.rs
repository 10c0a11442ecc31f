//! "I have finished", where the partner reports nothing (`completion_proofs`): the student says so, and an
//! advisor's word stands for the partner's.

use crate::domain::ids::{EnrollmentId, ProofId};
use crate::domain::person::Student;
use crate::domain::program::{Slug, codes};
use crate::domain::refusal::FinishRefusal;
use crate::domain::review::characters;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use chrono::{NaiveDate, NaiveTime};
use std::fmt;
use std::path::Path;

/// The most characters a note has, counted as people see them.
pub const MAX_NOTE: usize = 500;

/// The most bytes a file has.
pub const MAX_FILE: usize = 2 * 1024 * 1024;

/// The most characters of a file's name that are kept.
const MAX_NAME: usize = 100;

/// Where a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProofStatus {
    /// An advisor has to look at it.
    Open,
    /// An advisor believes it: the course is completed.
    Accepted,
    /// An advisor does not, and says why. Another one may be sent.
    Declined,
}

codes!(ProofStatus { Open = "open", Accepted = "accepted", Declined = "declined" });

/// What a student says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishReport {
    /// The day they finished, where they are.
    pub finished_on: NaiveDate,
    /// What they add.
    pub note: Option<Text>,
    /// What shows it.
    pub evidence: Option<Evidence>,
}

/// What shows that somebody has finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A page, such as a certificate's.
    Link(WebUrl),
    /// A file, such as a photo of the certificate.
    File(ProofFile),
}

/// A file that came with a report.
#[derive(Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Its name, never used as a path.
    pub name: Text,
    /// What is in it; at most [`MAX_FILE`] bytes.
    pub bytes: Vec<u8>,
}

impl ProofFile {
    /// Keeps a file by the last part of its path, cleaned.
    pub fn new(path: &Path, bytes: Vec<u8>) -> Result<Self, FinishRefusal> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = Text::clean_to(&name.replace(['/', '\\'], "_"), MAX_NAME).non_empty();
        let name = name.unwrap_or_else(|| Text::clean("proof"));
        match bytes.len() {
            0 => Err(FinishRefusal::FileEmpty { name }),
            1..=MAX_FILE => Ok(Self { name, bytes }),
            _ => Err(FinishRefusal::FileTooLarge { name }),
        }
    }
}

impl fmt::Debug for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProofFile({}, {} bytes)", self.name, self.bytes.len())
    }
}

/// A report as it stands, without what is in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which.
    pub id: ProofId,
    /// About which enrollment.
    pub enrollment_id: EnrollmentId,
    /// Where it stands.
    pub status: ProofStatus,
    /// When it was sent.
    pub sent_at: Instant,
    /// The day they finished.
    pub finished_on: NaiveDate,
    /// What they added.
    pub note: Option<Text>,
    /// The page that shows it.
    pub url: Option<WebUrl>,
    /// The file that shows it: its name and how many bytes it has.
    pub file: Option<(Text, u64)>,
    /// When an advisor decided.
    pub decided_at: Option<Instant>,
    /// What the advisor said.
    pub decision_note: Option<Text>,
}

impl Proof {
    /// The moment that counts as the completion: noon of the day is the same day nearly everywhere on
    /// Earth. Never before the enrollment, never after the report.
    pub fn finished_at(&self, enrolled_at: Instant) -> Instant {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
        self.finished_on.and_time(noon).and_utc().max(enrolled_at).min(self.sent_at)
    }
}

/// A report with whose it is and about what, for those who decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofView {
    /// The report.
    pub proof: Proof,
    /// Whose.
    pub student: Student,
    /// The program's slug.
    pub program_slug: Slug,
    /// The program's title.
    pub program_title: Text,
    /// With whom.
    pub partner: Text,
}

/// What is new for advisors: how many reports wait, and since when the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ProofQueue {
    /// How many.
    pub open: u32,
    /// The oldest.
    pub since: Option<Instant>,
}

/// Cleans what somebody adds to a report or a decision. All of it is cleaned before it is measured.
pub fn note_text(raw: &str) -> Result<Option<Text>, FinishRefusal> {
    let text = Text::clean_to(raw, usize::MAX);
    match characters(text.as_str()) {
        0..=MAX_NOTE => Ok(text.non_empty()),
        characters => Err(FinishRefusal::NoteTooLong { characters }),
    }
}

/// Reads a link that shows something: `https` only, because an advisor opens it elsewhere.
pub fn proof_link(raw: &str) -> Result<WebUrl, FinishRefusal> {
    let refused = |why: String| FinishRefusal::Link { why };
    let url = WebUrl::parse(raw).map_err(|error| refused(error.to_string()))?;
    if url.as_url().scheme() != "https" {
        return Err(refused("only https addresses are used".to_owned()));
    }
    Ok(url)
}

/// Whether what somebody typed as proof is an address rather than a file: it begins with a scheme, as in
/// `https:`. A file whose name begins so is written with `./` before it.
pub fn is_address(raw: &str) -> bool {
    let Some((scheme, _)) = raw.trim().split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Days, TimeDelta};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn proof(sent_at: Instant, finished_on: NaiveDate) -> Proof {
        Proof {
            id: Uuid::nil().into(),
            enrollment_id: Uuid::nil().into(),
            status: ProofStatus::Open,
            sent_at,
            finished_on,
            note: None,
            url: None,
            file: None,
            decided_at: None,
            decision_note: None,
        }
    }

    #[test]
    fn a_course_ends_on_the_day_it_was_finished() {
        let sent = DateTime::from_timestamp(1_760_000_000, 0).expect("an instant");
        let today = sent.date_naive();
        let enrolled = sent - TimeDelta::days(30);
        assert_eq!(proof(sent, today).finished_at(enrolled), sent, "it is 8:53 in the morning");
        let before = today - Days::new(3);
        assert_eq!(proof(sent, before).finished_at(enrolled).date_naive(), before);
        assert_eq!(
            proof(sent, today - Days::new(30)).finished_at(enrolled).date_naive(),
            enrolled.date_naive()
        );
        assert!(proof(sent, today - Days::new(40)).finished_at(enrolled) == enrolled);
    }

    #[test]
    fn only_https_links_are_taken() {
        assert!(proof_link("https://nds.example.org/certificate/1").is_ok());
        for bad in [
            "http://nds.example.org/",
            "http://127.0.0.1/x",
            "javascript:alert(1)",
            "https://me:pw@nds.example.org/",
            "file:///etc/passwd",
            "nds.example.org",
            "",
        ] {
            assert_eq!(proof_link(bad).expect_err(bad).code(), "proof_link", "{bad}");
        }
    }

    #[test]
    fn addresses_are_told_from_files() {
        for address in ["https://x.example", "javascript:alert(1)", "HTTP://x", " mailto:me@x.example"] {
            assert!(is_address(address), "{address}");
        }
        for file in ["proof.pdf", "/home/maya/a:b.png", "./a:b", "~/x", "", "1:2"] {
            assert!(!is_address(file), "{file}");
        }
    }

    #[test]
    fn a_hostile_name_is_cleaned_and_a_file_has_a_size() {
        let hostile = Path::new("dir/\u{1b}]0;x\u{7}\u{202e}fdp.\n..\\exe");
        let file = ProofFile::new(hostile, vec![0, 159, 146, 150]).expect("a file");
        assert!(!file.name.as_str().contains(['\u{1b}', '\u{202e}', '\n', '/', '\\']), "{}", file.name);
        assert_eq!(format!("{file:?}"), format!("ProofFile({}, 4 bytes)", file.name));
        assert_eq!(ProofFile::new(Path::new("\u{7}"), vec![1]).expect("a file").name.as_str(), "proof");
        assert_eq!(ProofFile::new(Path::new("a"), Vec::new()).expect_err("empty").code(), "proof_file_empty");
        assert!(ProofFile::new(Path::new("a"), vec![0; MAX_FILE]).is_ok());
        let large = ProofFile::new(Path::new("a"), vec![0; MAX_FILE + 1]).expect_err("too large");
        assert_eq!(large.code(), "proof_file_too_large");
    }

    #[test]
    fn a_note_is_cleaned_then_measured() {
        let long = "é".repeat(MAX_NOTE);
        assert!(note_text(&format!("\u{1b}[31m{long}\u{1b}[0m")).expect("it fits").is_some());
        assert_eq!(note_text(" \u{7} "), Ok(None));
        let refused = note_text(&format!("{long}!")).expect_err("one too many");
        assert_eq!(refused, FinishRefusal::NoteTooLong { characters: 501 });
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_as_proof_panics(raw in ".{0,200}") {
            let _ = (is_address(&raw), proof_link(&raw), note_text(&raw));
            let _ = ProofFile::new(Path::new(&raw), vec![1]);
        }
    }
}
