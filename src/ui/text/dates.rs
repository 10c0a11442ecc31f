//! What is said of dated starts.

use crate::domain::cohort::Cohort;
use crate::domain::time::Instant;
use crate::ui::keymap::{Action, Keymap};
use chrono::{Datelike, FixedOffset, NaiveDate, Offset as _};
use chrono_tz::Tz;

/// A kiosk keeps nothing of its visitors.
pub const NO_FILES_AT_A_DESK: &str =
    "At an advisor's desk nothing is saved. The confirmation mail has the dates.";
/// A course that starts any time.
pub const NO_DATES_TO_SAVE: &str = "This course has no dates to save.";
/// All starts are over or not announced.
pub const NO_NEW_DATES: &str = "no new dates yet";
/// While a calendar file is written.
pub const SAVING_DATES: &str = "Writing the calendar file…";

/// A calendar file was written.
pub fn dates_saved(path: &str) -> String {
    format!("The dates are in {path}. Open that file to put them into your calendar.")
}

/// A calendar file could not be written.
pub fn dates_not_saved(folder: &str, why: &str) -> String {
    format!("The dates can't be saved in {folder}: {why}. Make room there, and try again.")
}

/// "Mon 7 Dec", with the year when it is another one than today's.
pub fn start_day(day: NaiveDate, today: NaiveDate) -> String {
    let format = if day.year() == today.year() { "%a %-d %b" } else { "%a %-d %b %Y" };
    day.format(format).to_string()
}

/// "7 Dec": where the weekday stands elsewhere.
pub fn short_day(day: NaiveDate) -> String {
    day.format("%-d %b").to_string()
}

/// "today", "in 9 days", "3 weeks ago".
pub fn from_today(day: NaiveDate, today: NaiveDate) -> String {
    let days = day.signed_duration_since(today).num_days();
    let (count, unit) = match days.unsigned_abs() {
        0 => return "today".to_owned(),
        1 => return if days > 0 { "tomorrow" } else { "yesterday" }.to_owned(),
        near @ 2..=27 => (near, "days"),
        weeks @ 28..=83 => (weeks / 7, "weeks"),
        months @ 84..=729 => (months / 30, "months"),
        years => (years / 365, "years"),
    };
    if days > 0 { format!("in {count} {unit}") } else { format!("{count} {unit} ago") }
}

/// "5 of 12 seats left", "full · 2 waiting".
pub fn seats(cohort: &Cohort) -> String {
    match (cohort.is_full(), cohort.waiting) {
        (true, 0) => "full".to_owned(),
        (true, waiting) => format!("full · {waiting} waiting"),
        (false, _) => format!("{} of {} seats left", cohort.seats_left(), cohort.seats),
    }
}

/// The same where there is little room.
pub fn short_seats(cohort: &Cohort) -> String {
    if cohort.is_full() { "full".to_owned() } else { format!("{} left", cohort.seats_left()) }
}

/// "Starts Mon 7 Dec · 5 of 12 seats left", then shorter ways to say it.
pub fn start_lines(cohort: &Cohort, today: NaiveDate) -> [String; 3] {
    let day = start_day(cohort.starts_on, today);
    [
        format!("Starts {day} · {}", seats(cohort)),
        format!("{day} · {}", seats(cohort)),
        format!("{} · {}", short_day(cohort.starts_on), short_seats(cohort)),
    ]
}

/// The keys that choose a start, on a card that has none to choose.
pub fn no_other_start(keys: &Keymap) -> String {
    format!("There is no other start to choose here. {} enrolls.", keys.word(Action::Go))
}

/// Which start a comparison enrolls into, where it is not the one in its row.
pub fn chosen_start(partner: &str, cohort: &Cohort, today: NaiveDate) -> String {
    let day = start_day(cohort.starts_on, today);
    format!("{partner}: you chose the start on {day}, {}", short_seats(cohort))
}

/// Today at the place of a start.
pub fn today_there(cohort: &Cohort, now: Instant) -> NaiveDate {
    now.with_timezone(&cohort.time_zone).date_naive()
}

/// "Mon + Wed 18:00 (Chicago time) · Main campus, room 12".
pub fn meets(cohort: &Cohort, now: Instant, offset: FixedOffset) -> String {
    let location = cohort.location.as_ref().map(ToString::to_string);
    meeting_times(cohort, now, offset).into_iter().chain(location).collect::<Vec<_>>().join(" · ")
}

/// "Mon + Wed 18:00 (Chicago time)".
pub fn meeting_times(cohort: &Cohort, now: Instant, offset: FixedOffset) -> Option<String> {
    let zone = zone_words(cohort.time_zone, now, offset);
    cohort.schedule.as_ref().map(|words| match &zone {
        Some(zone) => format!("{words} ({zone})"),
        None => words.to_string(),
    })
}

/// "Chicago time", where clocks there differ from the viewer's.
pub fn zone_words(zone: Tz, now: Instant, offset: FixedOffset) -> Option<String> {
    let there = now.with_timezone(&zone).offset().fix();
    let name = zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
    (there != offset).then(|| format!("{name} time"))
}

/// How a start says when it is: "Mon 7 Dec 2026, in 9 days".
pub fn start_in_full(day: NaiveDate, today: NaiveDate) -> String {
    format!("{}, {}", crate::domain::time::day(day), from_today(day, today))
}

/// A day without a start.
pub fn no_start(next: Option<NaiveDate>, today: NaiveDate, keys: &Keymap) -> String {
    match next {
        Some(day) => {
            let key = keys.word(Action::NextStart);
            format!("No start on this day. {key} goes to the next one: {}.", start_day(day, today))
        }
        None => "No start on this day, and none after it.".to_owned(),
    }
}

/// A course or program without dates.
pub fn any_time(whose: Option<&str>, keys: &Keymap) -> String {
    let whose = whose.map_or_else(|| "This program".to_owned(), |name| format!("The course of {name}"));
    format!("{whose} starts any time. {} goes back, where you can enroll.", keys.word(Action::Back))
}

/// A course with dates, of which none is to come.
pub fn none_announced(keys: &Keymap) -> String {
    format!("There are no new dates yet. {} goes back to the other partners.", keys.word(Action::Back))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{cohort, now};
    use chrono::Days;

    #[test]
    fn days_are_told_from_today() {
        let today = now().date_naive();
        let told = |days: i64| from_today(crate::domain::calendar::days_later(today, days), today);
        for (days, words) in [
            (0, "today"),
            (1, "tomorrow"),
            (-1, "yesterday"),
            (9, "in 9 days"),
            (28, "in 4 weeks"),
            (-90, "3 months ago"),
            (800, "in 2 years"),
        ] {
            assert_eq!(told(days), words);
        }
    }

    #[test]
    fn seats_are_told_as_whoever_comes_now_finds_them() {
        let class = cohort(now().date_naive() + Days::new(9), 12, 7);
        assert_eq!(seats(&class), "5 of 12 seats left");
        assert_eq!(seats(&Cohort { taken: 12, ..class.clone() }), "full");
        assert_eq!(seats(&Cohort { waiting: 2, ..class.clone() }), "full · 2 waiting");
        assert_eq!(short_seats(&class), "5 left");
    }

    #[test]
    fn another_time_zone_is_named() {
        let class = cohort(now().date_naive(), 12, 7);
        let hours = |hours: i32| FixedOffset::east_opt(hours * 3600).expect("an offset");
        assert_eq!(meets(&class, now(), hours(0)), "Mon + Wed 18:00 (Chicago time) · Main campus, room 12");
        // Chicago is five hours behind UTC in October.
        assert_eq!(meets(&class, now(), hours(-5)), "Mon + Wed 18:00 · Main campus, room 12");
    }
}
