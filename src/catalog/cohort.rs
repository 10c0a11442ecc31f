//! `[[program.course.cohort]]`: a dated start of a course, with seats.

use super::names::closest;
use super::problem::quoted;
use super::report::Report;
use super::section::{Kind, Placed, Section};
use crate::domain::catalog::{CatalogCohort, Day};
use crate::domain::cohort::closes_at;
use crate::domain::program::DeliveryFormat;
use crate::domain::text::Text;
use chrono_tz::{TZ_VARIANTS, Tz};
use std::collections::HashMap;

const COHORT: Kind =
    Kind { name: "cohort", keys: &["starts", "ends", "schedule", "time_zone", "location", "seats"] };

/// More seats than this are a slip of the keyboard.
const MAX_SEATS: i64 = 10_000;

/// The starts a course has already, with the byte where each stands.
pub(super) type Taken = HashMap<(Day, Option<Text>, Option<Text>), usize>;

/// Reads one start of a course of this format, where that can be read; `taken` holds the starts it has already.
pub(super) fn read(
    report: &mut Report<'_>,
    section: Section<'_>,
    format: Option<DeliveryFormat>,
    taken: &mut Taken,
) -> Option<CatalogCohort> {
    let section = section.of(&COHORT);
    section.require(report, "starts", "2026-12-01");
    let starts = section.day(report, "starts");
    let ends = section.day(report, "ends");
    let schedule = section.text(report, "schedule", 80).and_then(Text::non_empty);
    let location = section.text(report, "location", 120).and_then(Text::non_empty);
    let time_zone = time_zone(report, section, format);
    section.require(report, "seats", "12");
    let seats = section.count(report, "seats", MAX_SEATS);
    section.finish(report);
    let starts = starts?;
    check_end(report, starts, ends);
    check_twice(report, starts, (schedule.clone(), location.clone()), taken);
    let time_zone = time_zone?;
    if let Day::On(day) = starts.value {
        let mend = "Nobody can enroll into it any more; change its days, or leave it as it is.";
        report.warn_from(closes_at(day, time_zone), starts.at, format!("the start on {day} is over"), mend);
    }
    let ends = ends.map(|ends| ends.value);
    Some(CatalogCohort { starts: starts.value, ends, schedule, time_zone, location, seats: seats? })
}

/// Days of two kinds can't be compared before the import, so an end must be of its start's kind.
fn check_end(report: &mut Report<'_>, starts: Placed<Day>, ends: Option<Placed<Day>>) {
    let Some(ends) = ends else {
        return;
    };
    let written = |day: Day| match day {
        Day::On(day) => day.to_string(),
        Day::After(days) => format!("\"+{days}d\""),
    };
    match (starts.value, ends.value) {
        (Day::On(_), Day::After(_)) | (Day::After(_), Day::On(_)) => {
            let what = "starts and ends are days of two kinds";
            report.error(ends.at, what, "Write both as dates, or both as days after the import.");
        }
        (first, last) if last < first => {
            let what = format!("the cohort ends on {} before it starts on {}", written(last), written(first));
            report.error(ends.at, what, "Write the last day as ends, or leave it out.");
        }
        _ => {}
    }
}

fn check_twice(
    report: &mut Report<'_>,
    starts: Placed<Day>,
    (schedule, location): (Option<Text>, Option<Text>),
    taken: &mut Taken,
) {
    if let Some(first) = taken.insert((starts.value, schedule, location), starts.at) {
        let what = format!(
            "this start is there already, on line {}, with the same schedule and location",
            report.line(first)
        );
        report.error(starts.at, what, "Remove one of the two, or say how they differ.");
    }
}

/// Whoever comes to a place needs to know whose Monday is meant; online, UTC is nobody's.
fn time_zone(report: &mut Report<'_>, section: Section<'_>, format: Option<DeliveryFormat>) -> Option<Tz> {
    if !section.has("time_zone") && format.is_none_or(|format| format == DeliveryFormat::Online) {
        return Some(Tz::UTC);
    }
    section.require(report, "time_zone", "\"America/Chicago\"");
    let raw = section.raw(report, "time_zone")?;
    let read = raw.value.parse().ok();
    if read.is_none() {
        let near = if report.is_crowded() { None } else { near_zone(raw.value) };
        let mend = match near {
            Some(near) => format!("Did you mean {}?", quoted(near)),
            None => "Write its name as in the IANA list, such as \"America/Chicago\".".to_owned(),
        };
        report.error(raw.at, format!("the time_zone {} is not known", quoted(raw.value)), mend);
    }
    read
}

/// The zone that was probably meant: by its city alone, or by a name that is nearly right.
fn near_zone(typed: &str) -> Option<&'static str> {
    let typed: String = typed.trim().chars().take(64).collect::<String>().replace(' ', "_");
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let city_of = |name: &'_ str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let is_city = |name: &&str| city_of(name).eq_ignore_ascii_case(&typed);
    // A region in common is not yet a likeness: the city has to be near by itself.
    let is_near = |name: &&str| closest(&city_of(&typed), [city_of(name).as_str()]).is_some();
    names().find(is_city).or_else(|| closest(&typed, names()).filter(is_near))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_zone_that_was_meant() {
        for (typed, meant) in [
            ("Chicago", "America/Chicago"),
            ("new york", "America/New_York"),
            ("america/chicago", "America/Chicago"),
            ("America/Chigaco", "America/Chicago"),
            ("Europe/Berln", "Europe/Berlin"),
        ] {
            assert_eq!(near_zone(typed), Some(meant), "{typed}");
        }
        assert_eq!(near_zone("America/Springfield"), None);
        assert_eq!(near_zone(&"x".repeat(1_000_000)), None);
    }
}
