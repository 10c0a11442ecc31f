//! Parts of the sentences of refusals.

use crate::domain::text::Text;
use crate::domain::time::{Instant, day};
use chrono::NaiveDate;

pub(super) fn start(starts_on: NaiveDate) -> String {
    format!("The start on {}", day(starts_on))
}

pub(super) fn taken_words(taken: u32) -> String {
    if taken == 1 { "1 seat taken".to_owned() } else { format!("{taken} seats taken") }
}

pub(super) fn via(partner: Option<&Text>) -> String {
    partner.map(|partner| format!(" via {partner}")).unwrap_or_default()
}

pub(super) fn since_words(since: Option<Instant>) -> String {
    day_words(since.map(|since| since.date_naive()))
}

pub(super) fn day_words(since: Option<NaiveDate>) -> String {
    since.map(|day| format!(" since {}", day.format("%-d %B %Y"))).unwrap_or_default()
}

pub(super) fn ask(contact: Option<&String>) -> String {
    contact.map(|contact| format!(" Ask {contact}.")).unwrap_or_default()
}

pub(super) fn until_words(until: Option<NaiveDate>) -> String {
    until.map(|day| format!(" until {}", day.format("%-d %B %Y"))).unwrap_or_default()
}

pub(super) fn note_words(note: Option<&Text>) -> String {
    note.map(|note| format!(": {}", note.as_str().trim_end_matches('.'))).unwrap_or_default()
}

pub(super) fn instead(partners: &[String]) -> String {
    match partners {
        [] => "No other partner delivers this program now.".to_owned(),
        _ => format!("You can choose {} instead.", partners.join(" or ")),
    }
}

pub(super) fn free_instead(partners: &[String]) -> String {
    match partners {
        [] => "Ask your advisor how to pay.".to_owned(),
        _ => format!("It is free via {}.", partners.join(" or ")),
    }
}

pub(super) fn or_ask(contact: Option<&String>) -> String {
    contact.map(|contact| format!(", or ask {contact}")).unwrap_or_default()
}

pub(super) fn or_ask_to(contact: Option<&String>) -> String {
    contact.map(|contact| format!("; ask {contact}")).unwrap_or_default()
}

pub(super) fn queue(waiting: u32) -> String {
    match waiting {
        0 => String::new(),
        1 => ", and one person waits".to_owned(),
        many => format!(", and {many} people wait"),
    }
}

pub(super) fn days(starts: &[NaiveDate]) -> String {
    starts.iter().map(|start| day(*start)).collect::<Vec<_>>().join(", ")
}

pub(super) fn or_choose(starts: &[NaiveDate], partners: &[String]) -> String {
    let start = if starts.is_empty() { String::new() } else { format!(", or start on {}", days(starts)) };
    match partners {
        [] => start,
        _ => format!("{start}, or choose {}", partners.join(" or ")),
    }
}

pub(super) fn other_starts(starts: &[NaiveDate]) -> String {
    match starts {
        [] => "Look at the other partners of the program.".to_owned(),
        _ => format!("You can start on {}.", days(starts)),
    }
}

pub(super) fn standing(place: u32, offered: bool) -> String {
    match (offered, place) {
        (true, _) => ", and a seat is kept for you: accept it under My courses".to_owned(),
        (false, 0) => String::new(),
        (false, place) => format!(", at place {place}"),
    }
}

/// `1,234,567`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
