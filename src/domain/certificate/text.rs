//! A certificate as a text.

use super::{IssuedCertificate, shortened, wrapped};
use unicode_width::UnicodeWidthStr;

/// How wide the whole is, in cells.
const WIDTH: usize = 72;

/// How wide a name may be.
const NAME_WIDTH: usize = 60;

/// How many lines a name may have.
const NAME_LINES: usize = 4;

/// Draws it.
pub(super) fn render(certificate: &IssuedCertificate) -> String {
    let mut page = Page(String::new());
    page.rule('═');
    page.centred(&["", "C E R T I F I C A T E", "of completion", "", "This certifies that", ""]);
    page.name(certificate.holder.as_str());
    page.centred(&["", "has completed the course", ""]);
    page.name(certificate.course.as_str());
    page.centred(&["", &format!("on {}", certificate.day()), ""]);
    page.rule('─');
    let number = certificate.number.as_str();
    let (code, check) = (certificate.code.to_string(), certificate.check_command());
    for (name, value) in [("Number", number), ("Code", &code), ("To check it", &check)] {
        page.fact(name, value);
    }
    page.rule('═');
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    fn rule(&mut self, sign: char) {
        self.line(&sign.to_string().repeat(WIDTH));
    }

    fn centred(&mut self, lines: &[&str]) {
        for text in lines {
            let before = WIDTH.saturating_sub(text.width()) / 2;
            self.line(&format!("{}{text}", " ".repeat(before)));
        }
    }

    fn name(&mut self, name: &str) {
        for text in shortened(wrapped(name, NAME_WIDTH, UnicodeWidthStr::width), NAME_LINES) {
            self.centred(&[&text]);
        }
    }

    fn fact(&mut self, name: &str, value: &str) {
        for (place, text) in
            shortened(wrapped(value, NAME_WIDTH - 6, UnicodeWidthStr::width), 2).iter().enumerate()
        {
            self.line(&format!("  {:<13} {text}", if place == 0 { name } else { "" }));
        }
    }
}
