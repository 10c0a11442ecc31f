//! What is said of seats and of waiting for one.

use super::via_words;
use crate::domain::cohort::Cohort;
use crate::domain::money::counted;
use crate::domain::time::{Instant, day};
use crate::domain::views::{CourseView, Offer};
use crate::domain::waitlist::{WaitlistStatus, WaitlistView};
use crate::ui::keymap::{Action, Keymap};
use chrono::{FixedOffset, TimeDelta};

/// While a waitlist is joined.
pub const JOINING: &str = "Joining the waitlist…";
/// While an offer is answered.
pub const ANSWERING: &str = "Telling your answer…";

/// In a queue from now on.
pub fn joined(entry: &WaitlistView) -> String {
    format!(
        "You are at place {} of the waitlist of {} via {}. When a seat comes free it is kept for you.",
        entry.place.max(1),
        entry.program_title,
        entry.partner
    )
}

/// A seat is kept since a moment ago.
pub fn offered(entry: &WaitlistView, keys: &Keymap) -> String {
    let (title, partner) = (&entry.program_title, &entry.partner);
    format!(
        "A seat in {title} via {partner} is kept for you. {} takes it, under My courses.",
        keys.word(Action::Go)
    )
}

/// The seat that was kept is the student's.
pub fn seat_taken(course: &CourseView) -> String {
    format!("The seat in {} {} is yours.", course.program_title, via_words(course))
}

/// The queue goes on without the student.
pub fn left_waitlist(entry: &WaitlistView) -> String {
    let (title, partner) = (&entry.program_title, &entry.partner);
    match entry.status {
        WaitlistStatus::Offered => {
            format!("The seat in {title} via {partner} goes to the next one who waits.")
        }
        _ => format!("You left the waitlist of {title} via {partner}."),
    }
}

/// What leaving means, before it is done.
pub fn leaving_means(entry: &WaitlistView) -> String {
    match entry.status {
        WaitlistStatus::Offered => {
            "The seat that is kept for you goes to the next one who waits. You can join the waitlist again, at its end.".to_owned()
        }
        _ => format!("You give up place {}. You can join again, at the end of the waitlist.", entry.place),
    }
}

/// What waiting for a start means, before it is joined.
pub fn joining_means(offer: &Offer, cohort: &Cohort) -> String {
    let wait = match cohort.waiting {
        0 => "Nobody waits yet.".to_owned(),
        1 => "One person waits.".to_owned(),
        many => format!("{many} people wait."),
    };
    format!(
        "The start on {} with {} is full ({}). {wait} When a seat is free it is kept for you for a while, and you get a mail. Nothing is charged for waiting.",
        day(cohort.starts_on),
        offer.provider.name,
        counted(cohort.seats.into(), "seat"),
    )
}

/// "Place 2 on the waitlist", "A seat is kept for you until Mon 5 Jan, 06:00 (20 h left)"; the
/// longest form first, for whoever has room for it.
pub fn standing(entry: &WaitlistView, now: Instant, offset: FixedOffset) -> Vec<String> {
    match (entry.status, entry.offer_until) {
        (WaitlistStatus::Waiting, _) if entry.cohort.waiting > 1 => vec![
            format!("Place {} of {} on the waitlist", entry.place, entry.cohort.waiting),
            format!("Place {} of {}", entry.place, entry.cohort.waiting),
        ],
        (WaitlistStatus::Waiting, _) => {
            vec![format!("Place {} on the waitlist", entry.place), format!("Place {}", entry.place)]
        }
        (WaitlistStatus::Offered, Some(until)) if now < until => {
            let moment = until.with_timezone(&offset).format("%a %-d %b, %H:%M");
            let left = left(until - now);
            vec![
                format!("A seat is kept for you until {moment} ({left})"),
                format!("Kept until {moment} ({left})"),
                format!("Kept until {moment}"),
                left,
            ]
        }
        (WaitlistStatus::Closed, _) if !entry.cohort.active => {
            vec!["This start is not offered any more".to_owned(), "Not offered any more".to_owned()]
        }
        (WaitlistStatus::Closed, _) => {
            vec!["The start came before a seat was free".to_owned(), "Started without you".to_owned()]
        }
        _ => vec!["The seat kept for you was not taken in time".to_owned(), "Not taken in time".to_owned()],
    }
}

fn left(time: TimeDelta) -> String {
    match time.num_minutes() {
        minutes @ ..60 => format!("{} min left", minutes.max(1)),
        minutes => format!("{} h left", minutes / 60),
    }
}

/// "starts Tue 1 Dec 2026 · Mon + Wed 18:00".
pub fn start(cohort: &Cohort) -> String {
    let starts = format!("starts {}", day(cohort.starts_on));
    match &cohort.schedule {
        Some(schedule) => format!("{starts} · {schedule}"),
        None => starts,
    }
}
