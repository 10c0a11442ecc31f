//! `calendar`, and the dates of one's own course.

use super::{MAYA, keys};
use crate::support::cli::Home;
use coursevia::domain::program::Slug;

/// A home where Milady teaches CNA in classes: two starts, the second one full.
fn school() -> Home {
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let file = home.path().join(".local/share/coursevia/coursevia.db");
    let db = rusqlite::Connection::open(file).expect("it opens");
    let slug = Slug::parse("cna-training").expect("a slug");
    for (id, days, taken) in [(1, 9, 7), (2, 40, 12)] {
        let rows = db
            .execute(
                "INSERT INTO cohorts (id, course_id, starts_on, ends_on, schedule, time_zone, location, seats, taken) \
                 SELECT unhex(printf('%032x', $1)), c.id, date('now', '+' || $2 || ' days'), \
                        date('now', '+' || ($2 + 13) || ' days'), 'Mon + Wed 18:00', 'America/Chicago', \
                        'Main campus, room 12', 12, $3 \
                 FROM partner_courses c JOIN partner_lms_providers p ON p.id = c.provider_id \
                 JOIN programs g ON g.id = c.program_id WHERE p.provider_name = 'Milady' AND g.slug = $4",
                (id, days, taken, slug.as_str()),
            )
            .expect("it is written");
        assert_eq!(rows, 1);
    }
    home
}

#[test]
fn lists_the_starts_in_the_shape_scripts_rely_on() {
    let home = school();
    let starts = home.json(&["calendar", "cna-training", "--partner", "Milady", "--json"]);
    let starts = starts.as_array().expect("a list");
    assert_eq!(starts.len(), 2);
    let shape = [
        "cohort_id",
        "ends_on",
        "location",
        "partner",
        "schedule",
        "seats",
        "seats_left",
        "starts_on",
        "waitlist",
    ];
    assert_eq!(keys(&starts[0]), shape);
    assert_eq!((&starts[0]["partner"], &starts[0]["seats_left"]), (&"Milady".into(), &5.into()));
    assert_eq!(starts[1]["seats_left"], 0);
    let words = home.run(&["calendar", "cna-training", "--partner", "milady"]).ends(0).stdout;
    assert!(words.contains("5 of 12 seats left"), "{words}");
    assert!(words.contains("Mon + Wed 18:00 (America/Chicago) · Main campus, room 12"), "{words}");
}

#[test]
fn a_program_that_starts_any_time_says_so() {
    let home = school();
    let args = ["calendar", "cna-training", "--partner", "Certiport"];
    let enroll = "CNA Training via Certiport starts any time. Enroll with: coursevia enroll cna-training --partner Certiport";
    home.run(&args).ends(0).says(enroll);
    let file = home.run(&[&args[..], &["--ics"]].concat()).ends(0).says(enroll).stdout;
    assert_eq!(file.matches("VEVENT").count(), 0, "{file}");
    assert_eq!(home.json(&[&args[..], &["--json"]].concat()), serde_json::json!([]));
    home.run(&["calendar", "no-such-program"]).ends(1);
    home.run(&["calendar", "cna-training", "--partner", "Nobody"]).ends(1);
    home.run(&["calendar", "cna-training", "--json", "--ics"]).ends(2);
}

#[test]
fn prints_calendars_of_all_starts_and_of_ones_own_course() {
    let home = school();
    let all = home.run(&["calendar", "cna-training", "--partner", "Milady", "--ics"]).ends(0).stdout;
    assert_eq!(all.matches("BEGIN:VEVENT\r\n").count(), 2);
    home.run(&[&["enroll", "cna-training", "--partner", "Milady"], &MAYA[..]].concat()).ends(0);
    let mine = [&["calendar", "cna-training", "--mine"], &MAYA[..]].concat();
    assert!(home.run(&mine).ends(0).stdout.contains("CNA Training via Milady"));
    let ics = home.run(&[&mine[..], &["--ics"]].concat()).ends(0).stdout;
    assert_eq!(ics.matches("STATUS:CONFIRMED\r\n").count(), 4, "{ics}");
    home.run(&[&["cancel", "cna-training"], &MAYA[..]].concat()).ends(0);
    let ics = home.run(&[&mine[..], &["--ics"]].concat()).ends(0).stdout;
    assert_eq!(ics.matches("STATUS:CANCELLED\r\n").count(), 4, "{ics}");
    assert!(ics.contains("SEQUENCE:1\r\n"));
}

#[test]
fn a_course_without_dates_has_no_calendar() {
    let home = Home::new();
    home.run(&[&["enroll", "cna-training", "--partner", "Certiport"], &MAYA[..]].concat()).ends(0);
    let mine = [&["calendar", "cna-training", "--mine", "--json"], &MAYA[..]].concat();
    let refused = home.run(&mine).ends(3);
    assert!(refused.stdout.contains("\"no_dates\""), "{}", refused.stdout);
    home.run(&["calendar", "cna-training", "--mine"]).ends(2);
}
