//! Certificates of courses taught here: their number, the code by which anybody can check them, and how they look as
//! a text and as a picture.

mod svg;
mod text;

use crate::domain::ids::CertificateId;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use std::fmt;
use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation as _;

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
    /// The code made of random bytes that are used for nothing else.
    pub fn of(random: [u8; 10]) -> Self {
        Self(signs(&random))
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

impl IssuedCertificate {
    /// As a text of at most 72 columns, to be kept or mailed.
    pub fn as_text(&self) -> String {
        text::render(self)
    }

    /// As a page of its own to be printed: SVG, A4 across, with nothing that would have to be fetched.
    pub fn as_svg(&self) -> String {
        svg::render(self)
    }

    /// The day it was issued, in full: `4 March 2026`.
    fn day(&self) -> String {
        self.issued_at.format("%-d %B %Y").to_string()
    }

    /// What to type to check it.
    pub fn check_command(&self) -> String {
        format!("coursevia certificate verify {}", self.code)
    }
}

/// Words in lines that measure at most `width`; a word that measures more is cut into pieces.
fn wrapped(text: &str, width: usize, measure: impl Fn(&str) -> usize) -> Vec<String> {
    let blank = measure(" ");
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for word in text.split(' ') {
        let whole: usize = word.graphemes(true).map(&measure).sum();
        if used > 0 && used + blank + whole > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += blank;
        }
        for sign in word.graphemes(true) {
            let one = measure(sign);
            if used > 0 && used + one > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(sign);
            used += one;
        }
    }
    lines.push(line);
    lines
}

/// The first lines of a text; a longer one ends in `…`.
fn shortened(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            // Room for the sign.
            let kept = last.graphemes(true).count().saturating_sub(1);
            *last = last.graphemes(true).take(kept).collect::<String>().trim_end().to_owned() + "…";
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

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

    fn issued(holder: &str, course: &str) -> IssuedCertificate {
        IssuedCertificate {
            number: "CV-2026-7K4M9QXT".into(),
            holder: holder.into(),
            course: course.into(),
            issued_at: DateTime::from_timestamp(1_790_000_000, 0).expect("an instant"),
            code: VerificationCode::parse("7K4M-9QXT-00AB-ZZ19").expect("a code"),
        }
    }

    #[test]
    fn a_text_says_all_of_it() {
        let text = issued("Maya Ortiz", "Digital Literacy").as_text();
        let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let (double, single) = ("═".repeat(72), "─".repeat(72));
        let all = [
            &*double,
            "C E R T I F I C A T E",
            "of completion",
            "This certifies that",
            "Maya Ortiz",
            "has completed the course",
            "Digital Literacy",
            "on 21 September 2026",
            &*single,
            "Number        CV-2026-7K4M9QXT",
            "Code          7K4M-9QXT-00AB-ZZ19",
            "To check it   coursevia certificate verify 7K4M-9QXT-00AB-ZZ19",
            &*double,
        ];
        assert_eq!(lines, all);
    }

    #[test]
    fn a_long_name_takes_more_lines_and_ends_at_last() {
        let wide = |sign: &str| unicode_width::UnicodeWidthStr::width(sign);
        assert_eq!(wrapped("one two three", 7, wide), ["one two", "three"]);
        assert_eq!(wrapped("李小龙李小龙 a", 5, wide), ["李小", "龙李", "小龙", "a"]);
        assert_eq!(wrapped("", 5, wide), [""]);
        assert_eq!(shortened(wrapped("one two three", 5, wide), 2), ["one", "tw…"]);
    }

    /// Every `<` begins one of our own elements, and every `&` one of the five names XML has.
    fn is_ours(svg: &str) -> bool {
        let ours = [
            "svg", "/svg", "title", "/title", "rect", "text", "/text", "tspan", "/tspan", "g", "/g", "path",
            "circle", "ellipse",
        ];
        let elements = svg.split('<').skip(1).all(|rest| {
            let end = rest.find([' ', '>', '/']).filter(|end| *end > 0);
            let end = end.or_else(|| rest[1..].find('>').map(|end| end + 1));
            end.is_some_and(|end| ours.contains(&&rest[..end]))
        });
        let names = ["amp;", "lt;", "gt;", "quot;", "apos;"];
        elements && svg.split('&').skip(1).all(|rest| names.iter().any(|name| rest.starts_with(name)))
    }

    #[test]
    fn a_picture_fetches_nothing_and_runs_nothing() {
        let hostile =
            "</title><script>alert(1)</script>&xxe;\"' onload='x' ]]> <image href=\"https://e.org/x\"/>";
        let svg = issued(hostile, hostile).as_svg();
        assert!(is_ours(&svg), "{svg}");
        assert!(!svg.contains("href=\"") && !svg.contains("<script"), "{svg}");
    }

    proptest! {
        #[test]
        fn any_name_has_its_place_in_text_and_picture(
            holder in prop_oneof![any::<String>(), ".{0,200}", "[W李щ]{0,300}", "([A-Za-z]{1,20} ){0,40}"],
            course in ".{0,300}",
        ) {
            let certificate = issued(&holder, &course);
            let text = certificate.as_text();
            prop_assert!(text.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 72), "{text}");
            prop_assert!(text.lines().count() <= 32);
            let svg = certificate.as_svg();
            prop_assert!(is_ours(&svg), "{svg}");
            let forbidden = svg.contains(['\u{FFFE}', '\u{FFFF}', '\u{1b}']);
            prop_assert!(!forbidden);
        }

        #[test]
        fn what_is_shown_reads_back(random: [u8; 10]) {
            let code = VerificationCode::of(random);
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
