//! What is said of a partner that fails: paused, closed, having problems, or about to end.

use crate::domain::provider::{Availability, Provider, Stage};
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::ui::keymap::{Action, Keymap};
use chrono::{FixedOffset, NaiveDate};

/// Asked to be told.
pub fn watching(partner: &str, first: bool) -> String {
    let again = if first { "" } else { " You asked before; it is one mail." };
    format!("You get a mail when {partner} is back.{again}")
}

/// The support contact is on the clipboard.
pub const COPIED_CONTACT: &str = "The support contact is on your clipboard.";
/// Asking to be told is under way.
pub const WATCHING: &str = "Writing it down…";
/// The row that asks to be told.
pub const TELL_ME: &str = "Tell me by mail when it is back";
/// The row that tries once more.
pub const TRY_ONCE_MORE: &str = "Try again";

/// The row that leads to another partner.
pub fn switch_to(partner: &str, free: bool) -> String {
    let free = if free { ": nothing to pay" } else { "" };
    format!("Switch to {partner}{free}")
}

/// The heading of the box.
pub fn away(provider: &Provider, now: Instant) -> String {
    let how = match provider.stage(now) {
        Stage::Paused => "is paused",
        Stage::Retired => "is closed",
        Stage::Active | Stage::Retiring => "did not open it",
    };
    format!("{} {how}", provider.name)
}

/// The heading of the box where nobody begins any more.
pub fn takes_nobody(provider: &Provider) -> String {
    format!("{} takes no new students", provider.name)
}

/// The row that gives up a place nobody should pay for.
pub const GIVE_BACK: &str = "Give the place back";
/// Nobody should pay for the place.
pub const NOT_CHARGED: &str = "Nothing was charged. Don't pay on a page that is still open.";
/// Who has asked to be told is told.
pub const IS_TOLD: &str = "You get a mail when it is back.";

/// The same on a card.
pub fn given_back_by(keys: &Keymap) -> String {
    format!("Nothing was charged · {} gives the place back", keys.word(Action::Cancel))
}

/// Why nobody should pay for a course, where it is so.
pub fn unpayable(course: &CourseView, now: Instant) -> Option<String> {
    let provider = course.provider().filter(|_| course.unpayable(now))?;
    let (head, note) = shut(provider, now);
    let note = note.map(|note| format!(" {note}.")).unwrap_or_default();
    Some(format!("{head}{note} Nothing was charged."))
}

/// [`closed`], also of a partner that takes no new students.
pub fn shut(provider: &Provider, now: Instant) -> (String, Option<String>) {
    if !provider.stage(now).opens() {
        return closed(provider, now);
    }
    let note = provider.retirement.as_ref().and_then(|end| end.note.as_ref());
    let note = note.map(|note| note.as_str().trim_end_matches('.').to_owned());
    let end = if note.is_some() { ":" } else { "." };
    (format!("Takes no new students any more{end}"), note)
}

/// "Paused until 1 March:" and the reason without its full stop; where it is over, "Closed since 3 March:".
pub fn closed(provider: &Provider, now: Instant) -> (String, Option<String>) {
    let (head, note) = match (provider.stage(now), &provider.availability, &provider.retirement) {
        (Stage::Retired, _, Some(end)) => {
            let since = end.ends_on.map(|day| format!(" since {}", short(day))).unwrap_or_default();
            (format!("Closed{since}"), end.note.as_ref())
        }
        (_, Availability::Paused { note, until, .. }, _) => {
            let until = until.map(|day| format!(" until {}", short(day))).unwrap_or_default();
            (format!("Paused{until}"), note.as_ref())
        }
        _ => return (String::new(), None),
    };
    let note = note.map(|note| note.as_str().trim_end_matches('.').to_owned());
    let end = if note.is_some() { ":" } else { "." };
    (format!("{head}{end}"), note)
}

/// Where there is no room to say since when.
pub const TROUBLED: &str = "having problems";

/// "having problems since 10:42".
pub fn troubled(provider: &Provider, now: Instant, offset: FixedOffset) -> Option<String> {
    let since = provider.troubled(now)?.with_timezone(&offset);
    let today = since.date_naive() == now.with_timezone(&offset).date_naive();
    let since = since.format(if today { "%H:%M" } else { "%-d %b, %H:%M" });
    Some(format!("{TROUBLED} since {since}"))
}

/// "takes students until 30 Nov", on the card of a partner whose end is announced.
pub fn ends(provider: &Provider, now: Instant) -> Option<String> {
    let end = provider.retirement.as_ref().filter(|_| provider.stage(now) == Stage::Active)?;
    Some(format!("takes students until {}", end.last_day().format("%-d %b")))
}

/// For whoever learns at a partner whose end is announced: how long it is open for them.
pub fn closing(provider: &Provider, now: Instant) -> Option<String> {
    let end = provider.retirement.as_ref().filter(|_| provider.stage(now).opens())?;
    let note = end.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    Some(match end.last_open_day() {
        Some(day) => format!("Open for you until {}{note}", short(day)),
        None => format!("Takes no new students; you can finish{note}"),
    })
}

/// The same in a few words: "open until 31 December".
pub fn closing_soon(provider: &Provider, now: Instant) -> Option<String> {
    let day = provider.retirement.as_ref().filter(|_| provider.stage(now).opens())?.last_open_day()?;
    Some(format!("open until {}", short(day)))
}

fn short(day: NaiveDate) -> String {
    day.format("%-d %B").to_string()
}
