//! What shows that somebody has finished: an address, or a file that is read here and nowhere else.

use crate::domain::failure::Failure;
use crate::domain::proof::{
    Evidence, FinishReport, MAX_FILE, ProofFile, ProofQueue, is_address, note_text, proof_link,
};
use crate::domain::refusal::{FinishRefusal, Refusal};
use crate::domain::text::Text;
use crate::platform::files;
use crate::service::Services;
use crate::ui::msg::Who;
use chrono::NaiveDate;
use std::path::{Path, PathBuf};

/// What was typed as proof: nothing, an address, or a file's path, where `~/` is `home`.
pub fn evidence(raw: &str, home: &Path) -> Result<Option<Evidence>, Failure> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    if is_address(raw) {
        return link(raw).map(Some);
    }
    let path = raw.strip_prefix("~/").map_or_else(|| PathBuf::from(raw), |rest| home.join(rest));
    file(&path).map(Some)
}

/// What somebody says who has finished, with the file that shows it.
pub fn report(finished_on: NaiveDate, note: &str, proof: &str, home: &Path) -> Result<FinishReport, Failure> {
    let note = note_text(note).map_err(refused)?;
    Ok(FinishReport { finished_on, note, evidence: evidence(proof, home)? })
}

/// At an advisor's desk: what waits for a decision.
pub async fn queue(services: &Services, who: &Who) -> Result<ProofQueue, Failure> {
    let Who::Advisor { advisor, .. } = who else {
        return Ok(ProofQueue::default());
    };
    services.proof_queue(advisor).await.map_err(|error| Failure::from(&error))
}

/// An address as proof.
pub fn link(raw: &str) -> Result<Evidence, Failure> {
    proof_link(raw).map(Evidence::Link).map_err(refused)
}

/// A file as proof. What is no ordinary file, or too large, is not even read to its end.
pub fn file(path: &Path) -> Result<Evidence, Failure> {
    let bytes = files::read_bytes(path, MAX_FILE).map_err(|error| {
        let shown = Text::clean_to(&path.to_string_lossy(), 200);
        let words = format!("{shown} can't be read: {}. Nothing was sent.", files::why(&error));
        Failure::new("proof_file_unusable", words)
    })?;
    ProofFile::new(path, bytes).map(Evidence::File).map_err(refused)
}

fn refused(refusal: FinishRefusal) -> Failure {
    Failure::from(&Refusal::from(refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(raw: &str, home: &Path) -> &'static str {
        evidence(raw, home).expect_err(raw).code
    }

    #[test]
    fn what_was_typed_is_an_address_or_a_file() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("certificate.png");
        std::fs::write(&file, [137, 80, 78, 71]).expect("written");
        assert_eq!(evidence("  ", home.path()), Ok(None));
        let link = evidence("https://nds.example.org/c/1", home.path()).expect("a link");
        assert!(matches!(link, Some(Evidence::Link(_))));
        for typed in ["~/certificate.png", file.to_str().expect("UTF-8")] {
            let Ok(Some(Evidence::File(found))) = evidence(typed, home.path()) else { panic!("{typed}") };
            assert_eq!((found.name.as_str(), found.bytes.len()), ("certificate.png", 4));
        }
    }

    #[test]
    fn what_is_no_ordinary_small_file_is_refused() {
        let home = tempfile::tempdir().expect("a folder");
        let large = home.path().join("large");
        std::fs::write(&large, vec![0; MAX_FILE + 1]).expect("written");
        std::fs::write(home.path().join("empty"), []).expect("written");
        assert_eq!(code("~/missing", home.path()), "proof_file_unusable");
        assert_eq!(code("~/", home.path()), "proof_file_unusable");
        assert_eq!(code("~/large", home.path()), "proof_file_too_large");
        assert_eq!(code("~/empty", home.path()), "proof_file_empty");
        assert_eq!(code("javascript:alert(1)", home.path()), "proof_link");
        assert_eq!(code("http://nds.example.org/", home.path()), "proof_link");
        #[cfg(unix)]
        assert_eq!(code("/dev/zero", home.path()), "proof_file_unusable");
        assert_eq!(code("a\0b", home.path()), "proof_file_unusable");
    }
}
