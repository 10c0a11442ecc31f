//! A certificate as a picture to be printed. Dark ink on white, lines and no areas: black and white does it no harm.

use super::{IssuedCertificate, shortened, wrapped};
use std::f64::consts::TAU;
use std::fmt::{self, Write as _};
use unicode_width::UnicodeWidthStr as _;

/// A4 across, a quarter of a millimetre to the unit.
const PAGE: (u32, u32) = (1188, 840);

/// The middle of the page.
const MIDDLE: u32 = PAGE.0 / 2;

/// Where words stand, and the ornaments.
const INK: &str = "#1d2b4f";
const ORNAMENT: &str = "#7a6332";
const QUIET: &str = "#4a5165";

/// Faces that are on most machines, by their looks: nothing is fetched.
const SERIF: &str = "Georgia, 'Palatino Linotype', 'Book Antiqua', 'Liberation Serif', 'DejaVu Serif', serif";
const MONO: &str = "Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace";

/// How wide a name may be, in units.
const NAME_WIDTH: u32 = 900;

/// The sizes a name is tried at, and in how many lines. The last one takes what there is, and cuts the rest.
const NAME_SIZES: [(usize, u32); 6] = [(1, 60), (1, 50), (1, 42), (2, 34), (2, 28), (3, 22)];
const COURSE_SIZES: [(usize, u32); 6] = [(1, 42), (1, 36), (1, 30), (2, 27), (2, 24), (3, 20)];

/// Draws it.
pub(super) fn render(certificate: &IssuedCertificate) -> String {
    let mut page = String::new();
    // Writing into a text can't fail.
    let _ = draw(&mut page, certificate);
    page
}

fn draw(page: &mut String, certificate: &IssuedCertificate) -> fmt::Result {
    let (width, height) = PAGE;
    let (holder, course) = (certificate.holder.as_str(), certificate.course.as_str());
    let (day, code) = (certificate.day(), certificate.code.to_string());
    writeln!(
        page,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 {width} {height}" role="img" font-family="{SERIF}" fill="{INK}" text-anchor="middle">"#
    )?;
    writeln!(page, "<title>{}</title>", Escaped(&format!("Certificate of completion: {holder}, {course}")))?;
    writeln!(page, r##"<rect width="{width}" height="{height}" fill="#ffffff"/>"##)?;
    frame(page)?;
    words(page, 168, 58, r#"letter-spacing="16""#, "CERTIFICATE")?;
    words(page, 210, 21, r#"letter-spacing="9""#, "OF COMPLETION")?;
    divider(page, 246)?;
    words(page, 302, 22, &format!(r#"font-style="italic" fill="{QUIET}""#), "This certifies that")?;
    name(page, 372, &NAME_SIZES, r#"font-style="italic""#, holder)?;
    line(page, 418, 280)?;
    words(page, 462, 22, &format!(r#"font-style="italic" fill="{QUIET}""#), "has completed the course")?;
    name(page, 520, &COURSE_SIZES, r#"font-weight="bold""#, course)?;
    words(page, 590, 22, &format!(r#"font-style="italic" fill="{QUIET}""#), &format!("on {day}"))?;
    seal(page, MIDDLE, 684)?;
    let facts = [(290, "NUMBER", certificate.number.as_str()), (898, "VERIFICATION CODE", code.as_str())];
    for (x, label, value) in facts {
        fact(page, x, label, value)?;
    }
    writeln!(
        page,
        r#"<text x="{MIDDLE}" y="776" font-size="12" fill="{QUIET}">To check it: <tspan font-family="{MONO}" font-size="11.5">{}</tspan></text>"#,
        Escaped(&certificate.check_command())
    )?;
    writeln!(page, "</svg>")
}

/// Two lines around the page, and a flourish in each corner.
fn frame(page: &mut String) -> fmt::Result {
    let (width, height) = PAGE;
    for (inset, stroke, colour) in [(30, 5.0, INK), (42, 1.2, ORNAMENT), (48, 0.6, ORNAMENT)] {
        writeln!(
            page,
            r#"<rect x="{inset}" y="{inset}" width="{}" height="{}" fill="none" stroke="{colour}" stroke-width="{stroke}"/>"#,
            width - 2 * inset,
            height - 2 * inset,
        )?;
    }
    for (x, y, turn) in
        [(48, 48, 0), (width - 48, 48, 90), (width - 48, height - 48, 180), (48, height - 48, 270)]
    {
        writeln!(
            page,
            r#"<g transform="translate({x} {y}) rotate({turn})" fill="none" stroke="{ORNAMENT}" stroke-width="1.4"><path d="M0 92C34 88 40 74 38 58C36 42 20 42 20 54C20 62 30 62 30 55M92 0C88 34 74 40 58 38C42 36 42 20 54 20C62 20 62 30 55 30M38 58C44 50 50 44 58 38"/><path d="M0 66C14 62 20 52 18 40M66 0C62 14 52 20 40 18M14 14m-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0"/></g>"#
        )?;
    }
    Ok(())
}

/// A line that ends in points, with a lozenge in its middle.
fn divider(page: &mut String, y: u32) -> fmt::Result {
    writeln!(
        page,
        r#"<g transform="translate({MIDDLE} {y})" fill="{ORNAMENT}"><path d="M-220 0L-22 -1.2V1.2ZM220 0L22 -1.2V1.2Z"/><path d="M0 -7L9 0L0 7L-9 0Z"/><circle cx="-17" r="2"/><circle cx="17" r="2"/></g>"#
    )
}

fn line(page: &mut String, y: u32, half: u32) -> fmt::Result {
    let (left, right) = (MIDDLE - half, MIDDLE + half);
    writeln!(page, r#"<path d="M{left} {y}H{right}" stroke="{QUIET}" stroke-width="0.8"/>"#)
}

/// A rosette of ellipses around a ring, as on banknotes, with a tick in its middle.
fn seal(page: &mut String, x: u32, y: u32) -> fmt::Result {
    writeln!(
        page,
        r#"<g transform="translate({x} {y})" fill="none" stroke="{ORNAMENT}" stroke-width="0.7">"#
    )?;
    for step in 0..18 {
        writeln!(page, r#"<ellipse rx="62" ry="30" transform="rotate({})"/>"#, step * 10)?;
    }
    let mut rim = String::new();
    for step in 0..=72_u32 {
        // A rim of small waves: every second point lies further out.
        let (angle, radius) = (TAU * f64::from(step) / 72.0, if step % 2 == 0 { 64.0 } else { 69.0 });
        let sign = if step == 0 { 'M' } else { 'L' };
        write!(rim, "{sign}{:.1} {:.1}", radius * angle.cos(), radius * angle.sin())?;
    }
    writeln!(page, r#"<path d="{rim}Z" stroke-width="1.2"/>"#)?;
    writeln!(
        page,
        r##"<circle r="31" fill="#ffffff" stroke="{INK}" stroke-width="1.6"/><circle r="27" stroke="{INK}"/>"##
    )?;
    writeln!(
        page,
        r#"<path d="M-12 1L-4 10L13 -11" stroke="{INK}" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/></g>"#
    )
}

fn fact(page: &mut String, x: u32, label: &str, value: &str) -> fmt::Result {
    let value = shortened(wrapped(value, 28, |_| 1), 1).concat();
    writeln!(
        page,
        r#"<text x="{x}" y="690" font-size="18" font-family="{MONO}">{}</text><path d="M{} 704h260" stroke="{QUIET}" stroke-width="0.8"/><text x="{x}" y="724" font-size="11.5" letter-spacing="2.5" fill="{QUIET}">{label}</text>"#,
        Escaped(&value),
        x - 130,
    )
}

fn words(page: &mut String, y: u32, size: u32, style: &str, text: &str) -> fmt::Result {
    writeln!(page, r#"<text x="{MIDDLE}" y="{y}" font-size="{size}" {style}>{}</text>"#, Escaped(text))
}

/// A name as large as it fits, around the base line `y`.
fn name(page: &mut String, y: u32, sizes: &[(usize, u32)], style: &str, text: &str) -> fmt::Result {
    let fits = sizes.iter().find_map(|(most, size)| {
        let lines = wrapped(text, room(*size), breadth);
        (lines.len() <= *most).then_some((*size, lines))
    });
    let (size, lines) = fits.unwrap_or_else(|| {
        let (most, size) = sizes.last().copied().unwrap_or((1, 20));
        (size, shortened(wrapped(text, room(size), breadth), most))
    });
    let step = size * 6 / 5;
    // More lines grow upwards as much as downwards.
    let first = y - step * u32::try_from(lines.len() - 1).unwrap_or_default() / 2;
    for (place, text) in (0..).zip(&lines) {
        words(page, first + step * place, size, style, text)?;
    }
    Ok(())
}

/// How much fits into a line of this size, in hundredths of the size.
fn room(size: u32) -> usize {
    usize::try_from(NAME_WIDTH * 100 / size).unwrap_or_default()
}

/// How broad a sign is, in hundredths of its size. No face is asked, there may be any: this is more than the serif
/// faces take in bold.
fn breadth(sign: &str) -> usize {
    match sign.chars().next() {
        _ if sign.width() > 1 => 105,
        Some(' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'i' | 'j' | 'l' | '-') => 36,
        Some('f' | 'r' | 't' | 's' | '(' | ')' | 'I') => 46,
        Some('W' | 'M' | '@' | '%' | '…') => 105,
        Some('m' | 'w' | 'A'..='Z') => 84,
        Some('!'..='~') => 60,
        _ => 85,
    }
}

/// Text as XML takes it.
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&apos;")?,
                // No XML document may hold these.
                '\u{FFFE}' | '\u{FFFF}' => f.write_char('\u{FFFD}')?,
                c if c.is_control() => {}
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
