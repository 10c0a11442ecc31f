//! The Markdown of a lesson: where its links lead, where its quiz stands.

use super::super::problem::quoted;
use super::super::report::Report;
use super::folder::Folder;
use crate::domain::web::{WebUrl, WebUrlError};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The word that makes a fenced block a quiz.
const QUIZ: &str = "quiz";

/// What was found in a text.
pub(super) struct Found {
    /// Its first quiz.
    pub(super) quiz: Option<Fence>,
}

/// A fenced block.
pub(super) struct Fence {
    /// With the fences, up to the end of the last line.
    pub(super) whole: Range<usize>,
    /// Between them.
    pub(super) content: Range<usize>,
}

/// Looks through a text.
pub(super) fn check(report: &mut Report<'_>, folder: &Folder<'_>, text: &str) -> Found {
    let mut walk =
        Walk { folder, text, depth: 0, in_quiz: false, says: false, html: false, image: None, quiz: None };
    for (event, place) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        walk.take(report, event, place);
    }
    if !walk.says {
        report.error(0, "the lesson has no text", "Write what is to be learned below the front matter.");
    }
    Found { quiz: walk.quiz }
}

struct Walk<'t> {
    folder: &'t Folder<'t>,
    text: &'t str,
    /// How many blocks and spans are open.
    depth: usize,
    in_quiz: bool,
    /// Whether there is something to read.
    says: bool,
    /// Whether HTML was met.
    html: bool,
    /// The image that is open: where it stands, and whether it is described.
    image: Option<(usize, bool)>,
    quiz: Option<Fence>,
}

impl Walk<'_> {
    fn take(&mut self, report: &mut Report<'_>, event: Event<'_>, place: Range<usize>) {
        match event {
            Event::Start(tag) => {
                self.open(report, &tag, place);
                self.depth += 1;
            }
            Event::End(tag) => {
                self.depth -= 1;
                self.close(report, tag);
            }
            Event::Text(words) | Event::Code(words) => self.hear(&words),
            Event::Html(words) | Event::InlineHtml(words) => {
                self.hear(&words);
                if !std::mem::replace(&mut self.html, true) {
                    let mend = "Use Markdown for what it should look like.";
                    report.warn(place.start, "HTML is shown as it is written", mend);
                }
            }
            _ => {}
        }
    }

    fn hear(&mut self, words: &str) {
        if self.in_quiz || words.trim().is_empty() {
            return;
        }
        self.says = true;
        if let Some((_, described)) = &mut self.image {
            *described = true;
        }
    }

    fn open(&mut self, report: &mut Report<'_>, tag: &Tag<'_>, place: Range<usize>) {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) if is_quiz(info) => {
                self.in_quiz = true;
                self.fence(report, place);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) if swallows_quiz(&self.text[place.clone()]) => {
                let what = "this block has a quiz in it, which is shown as it is written";
                report.warn(
                    place.start,
                    what,
                    "Close the block before the quiz, or fence it with more signs.",
                );
            }
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                let what = format!("the mail address {} is no link that is opened", quoted(dest_url));
                report.error(place.start, what, "Write it without < and >.");
            }
            Tag::Link { dest_url, .. } => self.link(report, "link", dest_url, place.start),
            Tag::Image { dest_url, .. } => {
                self.link(report, "image", dest_url, place.start);
                self.image = Some((place.start, false));
            }
            _ => {}
        }
    }

    fn close(&mut self, report: &mut Report<'_>, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => self.in_quiz = false,
            TagEnd::Image => {
                if let Some((at, false)) = self.image.take() {
                    let mend = "Say what it shows: ![a folder with three files](https://…). A terminal shows these words.";
                    report.error(at, "the image has no text", mend);
                }
            }
            _ => {}
        }
    }

    fn fence(&mut self, report: &mut Report<'_>, place: Range<usize>) {
        if self.depth > 0 {
            let what = "the quiz stands inside a list or a quotation";
            return report.error(
                place.start,
                what,
                "Begin its ``` at the beginning of a line, after an empty one.",
            );
        }
        let Some(fence) = fence(self.text, &place) else {
            return report.error(place.start, "the quiz is not closed", "Write a line ``` behind it.");
        };
        match &self.quiz {
            Some(first) => {
                let line = report.line(first.content.start.saturating_sub(1));
                let what = format!("the lesson has a second quiz; the first one is on line {line}");
                report.error(place.start, what, "Put its questions into the first one.");
            }
            None => self.quiz = Some(fence),
        }
    }

    /// Where a link leads is never repeated if it looks like an address: people paste secrets into addresses.
    fn link(&self, report: &mut Report<'_>, what: &str, target: &str, at: usize) {
        let image = what == "image";
        let why = match WebUrl::parse(target) {
            Ok(url) if url.as_url().scheme() == "https" => return,
            _ if !image && self.folder.has(target) => return,
            Ok(_) | Err(WebUrlError::Scheme) => "it is not https",
            Err(WebUrlError::Credentials) => "it has a user name or a password in it",
            Err(WebUrlError::TooLong) => "it is too long",
            Err(WebUrlError::Malformed) if target.is_empty() => "it is empty",
            Err(WebUrlError::Malformed) if image || target.contains(':') => "it is no address of the web",
            Err(WebUrlError::Malformed) => {
                let mend = match self.folder.closest(target) {
                    Some(meant) => format!("Did you mean {meant}? Otherwise write an https:// address."),
                    None => {
                        "Write an https:// address, or the file name of a lesson of this course.".to_owned()
                    }
                };
                let what = format!("the link leads to {}, which is no lesson of this course", quoted(target));
                return report.error(at, what, mend);
            }
        };
        let mend = if image {
            "Write an https:// address."
        } else {
            "Write an https:// address, or the file name of a lesson of this course."
        };
        report.error(at, format!("the target of the {what} can't be used: {why}"), mend);
    }
}

fn is_quiz(info: &str) -> bool {
    info.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(QUIZ))
}

/// Whether a line of this block would begin a quiz, had the block been closed before it. One that shows how quizzes
/// are written has more signs in its own fence, or others.
fn swallows_quiz(block: &str) -> bool {
    let Some(sign) = block.chars().next() else {
        return false;
    };
    let signs = |line: &str| line.len() - line.trim_start_matches(sign).len();
    let fence = signs(block);
    block.lines().skip(1).map(str::trim_start).any(|line| {
        let inner = signs(line);
        inner >= fence && is_quiz(&line[inner..])
    })
}

/// The lines of a fenced block, if its last one closes it. `place` begins at its first sign.
fn fence(text: &str, place: &Range<usize>) -> Option<Fence> {
    let block = text[place.clone()].trim_end();
    let sign = block.chars().next()?;
    let opening = block.len() - block.trim_start_matches(sign).len();
    let (first, last) = (block.find('\n')? + 1, block.rfind('\n')? + 1);
    let closing = block[last..].trim();
    if closing.len() < opening || !closing.chars().all(|letter| letter == sign) {
        return None;
    }
    let start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let end = place.start + block.len();
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    Some(Fence { whole: start..end, content: place.start + first..place.start + last })
}
