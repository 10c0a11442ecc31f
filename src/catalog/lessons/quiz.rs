//! The quiz of a lesson: a fenced block of TOML.

use super::super::problem::{choices, quoted};
use super::super::report::Report;
use super::super::section::{Kind, Placed, Section};
use super::lesson::MAX_MINUTES;
use super::rules::parsed;
use crate::domain::quiz::{Choice, Question, QuestionId, QuestionKind, Quiz};
use crate::domain::text::Text;
use std::collections::HashMap;

const QUIZ: Kind = Kind { name: "quiz", keys: &["minutes", "question"] };
const QUESTION: Kind = Kind { name: "question", keys: &["id", "kind", "ask"] };
const SINGLE: Kind = Kind { name: "single question", keys: &["id", "kind", "ask", "options", "why"] };
const MULTIPLE: Kind = Kind { name: "multiple question", keys: &["id", "kind", "ask", "options", "why"] };
const TEXT: Kind = Kind { name: "text question", keys: &["id", "kind", "ask", "accept", "why"] };
const ORDER: Kind = Kind { name: "order question", keys: &["id", "kind", "ask", "items", "why"] };
const OPTION: Kind = Kind { name: "option", keys: &["text", "right", "why"] };

/// The kinds, as they are written.
const KINDS: [&str; 4] = ["single", "multiple", "text", "order"];

/// The most questions of a quiz.
const MAX_QUESTIONS: usize = 100;

/// How many options or items a question has.
const OPTIONS: std::ops::RangeInclusive<usize> = 2..=8;

/// The most answers that count as right.
const MAX_ACCEPTED: usize = 20;

/// The longest question, and the longest explanation, in characters.
const LONG: usize = 1_000;

/// The longest option, item or accepted answer, in characters.
const SHORT: usize = 300;

/// Reads it.
pub(super) fn read(report: &mut Report<'_>, source: &str) -> Option<Quiz> {
    let document = parsed(report, source)?;
    let root = Section::root(document.as_table(), &QUIZ);
    let minutes =
        root.whole(report, "minutes", 1..=MAX_MINUTES).and_then(|minutes| u16::try_from(minutes).ok());
    let before = report.errors();
    let sections = root.list(report, "question");
    if sections.is_empty() && report.errors() == before {
        let mend = "Begin each one with [[question]], or remove the block.";
        report.error(root.at, "the quiz has no questions", mend);
    }
    if sections.len() > MAX_QUESTIONS {
        let what = format!("the quiz has {} questions", sections.len());
        report.error(root.at, what, format!("Keep the {MAX_QUESTIONS} best ones."));
    }
    let count = sections.len();
    let (mut questions, mut ids) = (Vec::with_capacity(count), HashMap::new());
    for (number, section) in (1_u16..).zip(sections) {
        questions.extend(question(report, section, number, &mut ids));
    }
    root.finish(report);
    let minutes = minutes.or_else(|| u16::try_from(count).ok())?;
    (questions.len() == count && count > 0).then_some(Quiz { minutes, questions })
}

fn question(
    report: &mut Report<'_>,
    section: Section<'_>,
    number: u16,
    ids: &mut HashMap<QuestionId, usize>,
) -> Option<Question> {
    let section = section.of(&QUESTION);
    let id = id(report, section, number, ids);
    let ask = section.filled(report, "ask", LONG, "\"Which program shows web pages?\"");
    section.require(report, "kind", &choices(KINDS));
    let code = section.one_of(report, "kind", &KINDS, |raw| KINDS.iter().find(|kind| **kind == raw).copied());
    let kind = match code? {
        "single" => {
            let options = options(report, section, true);
            let why = why(report, section.of(&SINGLE));
            options.map(|options| QuestionKind::Single { options, why })
        }
        "multiple" => {
            let options = options(report, section, false);
            let why = why(report, section.of(&MULTIPLE));
            options.map(|options| QuestionKind::Multiple { options, why })
        }
        "text" => text(report, section.of(&TEXT)),
        _ => order(report, section.of(&ORDER)),
    };
    Some(Question { id: id?, ask: ask?, kind: kind? })
}

fn id(
    report: &mut Report<'_>,
    section: Section<'_>,
    number: u16,
    ids: &mut HashMap<QuestionId, usize>,
) -> Option<QuestionId> {
    let named = section.raw(report, "id");
    // An id that is no text is an error already.
    let raw = match named {
        Some(named) => named.value.to_owned(),
        None if section.has("id") => return None,
        None => format!("q{number}"),
    };
    let at = named.map_or(section.at, |named| named.at);
    let Ok(id) = QuestionId::parse(&raw) else {
        let mend = "Use a-z, 0-9 and single hyphens, at most 80, such as \"browser\".";
        report.error(at, format!("the id {} can't be used", quoted(&raw)), mend);
        return None;
    };
    if let Some(first) = ids.insert(id.clone(), at) {
        let what = format!("the id {} is there already, on line {}", quoted(&raw), report.line(first));
        let mend = "Answers are kept under it: give each question an id of its own.";
        report.error(at, what, mend);
    }
    Some(id)
}

fn options(report: &mut Report<'_>, section: Section<'_>, single: bool) -> Option<Vec<Choice>> {
    let example =
        "[{ text = \"A browser\", right = true, why = \"…\" }, { text = \"A printer\", why = \"…\" }]";
    let before = report.errors();
    section.require(report, "options", example);
    let entries = section.list(report, "options");
    let (mut options, mut right, mut seen) = (Vec::with_capacity(entries.len()), 0, HashMap::new());
    let count = entries.len();
    for entry in entries {
        let entry = entry.of(&OPTION);
        let text = entry.filled(report, "text", SHORT, "\"A browser\"");
        let is_right = entry.flag(report, "right", false);
        let why = entry.filled(report, "why", LONG, "\"It shows pages.\"");
        entry.finish(report);
        right += usize::from(is_right);
        if let Some(text) = &text {
            once(report, &mut seen, text, entry.at("text"), "option");
        }
        options.extend(text.zip(why).map(|(text, why)| Choice { text, right: is_right, why }));
    }
    if report.errors() > before {
        // What is missing or wrong there may be what is not right here.
        return None;
    }
    let at = section.at("options");
    let fits = in_number(report, at, count, "options");
    if fits && right == 0 {
        report.error(at, "no option of the question is right", "Write right = true into the one that is.");
    }
    if fits && single && right > 1 {
        let mend = "Leave one of them, or write kind = \"multiple\".";
        report.error(at, format!("{right} options of a single question are right"), mend);
    }
    (report.errors() == before).then_some(options)
}

fn text(report: &mut Report<'_>, section: Section<'_>) -> Option<QuestionKind> {
    let example = "\"browser\", \"web browser\"";
    let before = report.errors();
    section.require(report, "accept", &format!("[{example}]"));
    let words = section.words(report, "accept", MAX_ACCEPTED, example).unwrap_or_default();
    let accept = filled(report, &words, "accept");
    if accept.is_empty() && report.errors() == before {
        let mend = format!("Write accept = [{example}].");
        report.error(section.at("accept"), "the question accepts nothing", mend);
    }
    let why = required_why(report, section)?;
    (report.errors() == before).then_some(QuestionKind::Text { accept, why })
}

fn order(report: &mut Report<'_>, section: Section<'_>) -> Option<QuestionKind> {
    let example = "\"first\", \"second\", \"third\"";
    let before = report.errors();
    section.require(report, "items", &format!("[{example}]"));
    let words = section.words(report, "items", usize::MAX, example).unwrap_or_default();
    let items = filled(report, &words, "items");
    if report.errors() == before {
        in_number(report, section.at("items"), items.len(), "items");
    }
    let mut seen = HashMap::new();
    for (item, word) in items.iter().zip(&words).filter(|(item, _)| !item.is_empty()) {
        once(report, &mut seen, item, word.at, "item");
    }
    let why = required_why(report, section)?;
    (report.errors() == before).then_some(QuestionKind::Order { items, why })
}

/// The entries of a list. None of them may be empty, and, as answers are compared, a full stop is nothing.
fn filled(report: &mut Report<'_>, words: &[Placed<&str>], key: &str) -> Vec<Text> {
    let mut texts = Vec::with_capacity(words.len());
    for word in words {
        let text = Section::cleaned(report, *word, &format!("an entry of {key}"), SHORT);
        if text.as_ref().is_some_and(|text| text.as_str().trim_matches(['.', ' ']).is_empty()) {
            report.error(word.at, format!("an entry of {key} is empty"), "Write some words, or remove it.");
        }
        texts.extend(text);
    }
    texts
}

/// Says that there are too few or too many of something.
fn in_number(report: &mut Report<'_>, at: usize, count: usize, what: &str) -> bool {
    let fits = OPTIONS.contains(&count);
    if !fits {
        let counted = if count == 1 { what.trim_end_matches('s') } else { what };
        let mend = format!("Write {} to {} of them.", OPTIONS.start(), OPTIONS.end());
        report.error(at, format!("the question has {count} {counted}"), mend);
    }
    fits
}

/// Says that something stands there twice: nobody could tell the two apart.
fn once(report: &mut Report<'_>, seen: &mut HashMap<Text, usize>, text: &Text, at: usize, what: &str) {
    if let Some(first) = seen.insert(text.clone(), at) {
        let line = report.line(first);
        let told = format!("the {what} {} is there already, on line {line}", quoted(text.as_str()));
        report.error(at, told, "Change one of the two, or remove it.");
    }
}

/// What is said to every answer, if something is.
fn why(report: &mut Report<'_>, section: Section<'_>) -> Option<Text> {
    let why = section.text(report, "why", LONG);
    section.finish(report);
    why.and_then(Text::non_empty)
}

fn required_why(report: &mut Report<'_>, section: Section<'_>) -> Option<Text> {
    let why = section.filled(report, "why", LONG, "\"A browser shows pages of the web.\"");
    section.finish(report);
    why
}
