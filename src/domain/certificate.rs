//! Certificates of courses taught here: their number, and the code by which anybody can check them.

use crate::domain::ids::CertificateId;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use std::fmt;
use thiserror::Error;
use uuid::Uuid;

/// Crockford's Base32: no letter that is taken for a digit, and no U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many signs a code has.
const SIGNS: usize = 16;

/// How many signs stand together.
const GROUP: usize = 4;

/// How many random signs end a number.
const NUMBER_SIGNS: usize = 8;

/// The code by which a certificate is checked: 80 bits nobody can guess, as `7K4M-9QXT-00AB-ZZ19`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VerificationCode(String);

/// A text that is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a verification code has 16 letters and digits, such as 7K4M-9QXT-00AB-ZZ19")]
pub struct VerificationCodeError;

impl VerificationCode {
    /// The code made of the random bits of a fresh id that is used for nothing else.
    pub fn of(random: Uuid) -> Self {
        // The first six bytes of a version 7 id are the time.
        Self(signs(&random.as_bytes()[6..]))
    }

    /// Reads a code as people type it: any case, with or without hyphens and blanks, O for 0, I or L for 1.
    pub fn parse(raw: &str) -> Result<Self, VerificationCodeError> {
        let mut code = String::with_capacity(SIGNS);
        for letter in raw.chars().filter(|letter| !matches!(letter, '-' | ' ')) {
            let sign = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            if code.len() == SIGNS || !ALPHABET.iter().any(|known| char::from(*known) == sign) {
                return Err(VerificationCodeError);
            }
            code.push(sign);
        }
        if code.len() == SIGNS { Ok(Self(code)) } else { Err(VerificationCodeError) }
    }

    /// The signs alone, as the database keeps them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In groups of four.
impl fmt::Display for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, sign) in self.0.chars().enumerate() {
            if place > 0 && place % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{sign}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The number of a certificate that is issued here at `at`: `CV-2026-7K4M9QXT`.
pub fn number(id: CertificateId, at: Instant) -> Text {
    let random = signs(&id.as_uuid().as_bytes()[11..]);
    Text::clean(&format!("CV-{}-{}", at.format("%Y"), &random[..NUMBER_SIGNS]))
}

/// Five bits a sign.
fn signs(bytes: &[u8]) -> String {
    let mut signs = String::with_capacity(bytes.len() * 8 / 5);
    for five in bytes.chunks_exact(5) {
        let bits = five.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        for shift in (0..8).rev() {
            let place = usize::try_from((bits >> (shift * 5)) & 31).unwrap_or_default();
            signs.push(char::from(ALPHABET[place]));
        }
    }
    signs
}

/// A certificate as anybody may see it who has its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCertificate {
    /// Its number.
    pub number: Text,
    /// Who earned it: the name, or the address of somebody who gave none.
    pub holder: Text,
    /// In which course.
    pub course: Text,
    /// When.
    pub issued_at: Instant,
    /// How it is checked.
    pub code: VerificationCode,
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    #[test]
    fn reads_a_code_as_people_type_it() {
        let code = VerificationCode::parse("7K4M-9QXT-00AB-ZZ19").expect("a code");
        for typed in ["7k4m 9qxt ooab zzi9", "7K4M9QXT00ABZZL9"] {
            assert_eq!(VerificationCode::parse(typed), Ok(code.clone()), "{typed}");
        }
        for wrong in ["", "7K4M", "7K4M-9QXT-00AB-ZZ1U", "7K4M-9QXT-00AB-ZZ190", "ÄK4M-9QXT-00AB-ZZ19"] {
            assert_eq!(VerificationCode::parse(wrong), Err(VerificationCodeError), "{wrong}");
        }
    }

    #[test]
    fn a_number_names_the_year() {
        let at = DateTime::from_timestamp(1_800_000_000, 0).expect("an instant");
        let number = number(Uuid::from_u128(0x0123_4567_89ab).into(), at);
        assert_eq!(number.as_str(), "CV-2027-4D2PF2DB");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(id: u128) {
            let code = VerificationCode::of(Uuid::from_u128(id));
            prop_assert_eq!(VerificationCode::parse(&code.to_string()), Ok(code.clone()));
            prop_assert_eq!(code.as_str().len(), SIGNS);
        }

        #[test]
        fn any_text_is_a_code_or_none(raw in ".{0,40}") {
            if let Ok(code) = VerificationCode::parse(&raw) {
                prop_assert_eq!(code.as_str().len(), SIGNS);
            }
        }
    }
}
