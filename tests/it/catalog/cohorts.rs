//! Dated starts: what refuses a file, what is worth a look, and when.

use super::{GOOD, cases, changed, errors};
use chrono::{DateTime, NaiveDate};
use coursevia::catalog::parse;
use coursevia::domain::catalog::{CatalogCohort, Day, same_start_twice};
use coursevia::domain::text::Text;
use coursevia::domain::time::Instant;

cases! { errors;
    no_start: "starts = 2027-03-01\n" => ""
        => "c.toml:51: the cohort has no starts. Add starts = 2026-12-01.";
    start_that_is_a_number: "starts = 2027-03-01" => "starts = 14"
        => "c.toml:52: starts is a whole number, not a date. Write a day without quotes, such as starts = 2027-03-01.";
    start_that_is_no_day: "starts = 2027-03-01" => r#"starts = "soon""#
        => r#"c.toml:52: starts is "soon", which is no day. Write a day, such as starts = 2027-03-01, or days after the import, such as starts = "+14d"."#;
    start_that_does_not_exist: "starts = 2027-03-01" => r#"starts = "2027-02-30""#
        => r#"c.toml:52: starts is "2027-02-30", which is no day. Write a day, such as starts = 2027-03-01, or days after the import, such as starts = "+14d"."#;
    start_before_the_import: "starts = 2027-03-01" => r#"starts = "-3d""#
        => r#"c.toml:52: starts is "-3d", which is no day. Write a day, such as starts = 2027-03-01, or days after the import, such as starts = "+14d"."#;
    start_in_a_far_future: "starts = 2027-03-01" => r#"starts = "+3651d""#
        => r#"c.toml:52: starts is "+3651d", which is no day. Write a day, such as starts = 2027-03-01, or days after the import, such as starts = "+14d"."#;
    start_with_a_time: "starts = 2027-03-01" => "starts = 2027-03-01T18:00:00"
        => "c.toml:52: starts is not a day of the calendar. Write a day without quotes, such as starts = 2027-03-01.";
    end_before_the_start: "ends = 2027-04-30" => "ends = 2027-02-28"
        => "c.toml:53: the cohort ends on 2027-02-28 before it starts on 2027-03-01. Write the last day as ends, or leave it out.";
    relative_end_before_the_start: "starts = 2027-03-01\nends = 2027-04-30" => "starts = \"+14d\"\nends = \"+13d\""
        => r#"c.toml:53: the cohort ends on "+13d" before it starts on "+14d". Write the last day as ends, or leave it out."#;
    end_of_another_kind: "ends = 2027-04-30" => r#"ends = "+56d""#
        => "c.toml:53: starts and ends are days of two kinds. Write both as dates, or both as days after the import.";
    no_seats: "seats = 12\n" => ""
        => "c.toml:51: the cohort has no seats. Add seats = 12.";
    seats_of_nobody: "seats = 12" => "seats = 0"
        => "c.toml:57: seats is 0. Write a whole number from 1 to 10000.";
    negative_seats: "seats = 12" => "seats = -4"
        => "c.toml:57: seats is -4. Write a whole number from 1 to 10000.";
    absurd_seats: "seats = 12" => "seats = 10001"
        => "c.toml:57: seats is 10001. Write a whole number from 1 to 10000.";
    seats_beyond_every_number: "seats = 12" => "seats = 9223372036854775807"
        => "c.toml:57: seats is 9223372036854775807. Write a whole number from 1 to 10000.";
    seats_in_quotes: "seats = 12" => r#"seats = "12""#
        => "c.toml:57: seats is text, not a whole number. Write a whole number without quotes, such as seats = 12.";
    half_a_seat: "seats = 12" => "seats = 12.5"
        => "c.toml:57: seats is a decimal number, not a whole number. Write a whole number without quotes, such as seats = 12.";
    no_time_zone_at_a_place: "time_zone = \"America/Chicago\"\n" => ""
        => r#"c.toml:51: the cohort has no time_zone. Add time_zone = "America/Chicago"."#;
    city_without_its_continent: r#""America/Chicago""# => r#""Chicago""#
        => r#"c.toml:55: the time_zone "Chicago" is not known. Did you mean "America/Chicago"?"#;
    misspelt_time_zone: r#""America/Chicago""# => r#""america/chigaco""#
        => r#"c.toml:55: the time_zone "america/chigaco" is not known. Did you mean "America/Chicago"?"#;
    time_zone_of_nowhere: r#""America/Chicago""# => r#""Middle-earth, the Shire""#
        => r#"c.toml:55: the time_zone "Middle-earth, the Shire" is not known. Write its name as in the IANA list, such as "America/Chicago"."#;
    hostile_time_zone: r#""America/Chicago""# => r#""\u001b[2J\u202Exyzxyzxyzxyzxyz""#
        => r#"c.toml:55: the time_zone "xyzxyzxyzxyzxyz" is not known. Write its name as in the IANA list, such as "America/Chicago"."#;
    twice_the_same_start: "seats = 12\n" => "seats = 12\n[[program.course.cohort]]\nstarts = \"2027-03-01\"\nschedule = \"Mon + Wed 18:00\"\nlocation = \"Room 12\"\ntime_zone = \"UTC\"\nseats = 3\n"
        => "c.toml:59: this start is there already, on line 52, with the same schedule and location. Remove one of the two, or say how they differ.";
    one_cohort_in_single_brackets: "[[program.course.cohort]]" => "[program.course.cohort]"
        => "c.toml:51: cohort is a table, not a list of tables. Start each one with [[program.course.cohort]], in double brackets.";
    long_schedule: r#""Mon + Wed 18:00""# => r#""Mondays at six in the evening, Wednesdays at six in the evening, and on some Saturdays at nine""#
        => "c.toml:54: the schedule is 94 characters long. Shorten it to 80 or fewer.";
}

fn noon(day: &str) -> Instant {
    DateTime::parse_from_rfc3339(&format!("{day}T12:00:00Z")).expect("a moment").to_utc()
}

fn college(source: &str) -> Vec<CatalogCohort> {
    let checked = parse("c.toml", source).expect("a good file");
    checked.catalog.programs[0].courses[1].cohorts.clone()
}

#[test]
fn a_start_is_read_as_it_is_written() {
    let day = |month, day| Day::On(NaiveDate::from_ymd_opt(2027, month, day).expect("a day"));
    let written = &college(GOOD)[0];
    assert_eq!((written.starts, written.ends), (day(3, 1), Some(day(4, 30))));
    assert_eq!(written.schedule.as_ref().map(Text::as_str), Some("Mon + Wed 18:00"));
    assert_eq!((written.time_zone, written.seats), (chrono_tz::Tz::America__Chicago, 12));
    let quoted = GOOD.replace("= 2027-03-01\nends", "= \"2027-03-01\"\nends");
    assert_eq!(college(&quoted)[0], *written);
}

#[test]
fn days_after_the_import_count_from_the_day_it_is_at_the_place() {
    let source = changed("starts = 2027-03-01\nends = 2027-04-30", "starts = \"+14d\"\nends = \"+56d\"");
    let cohort = &college(&source)[0];
    // Still the evening of the 1st in Chicago.
    let at = DateTime::parse_from_rfc3339("2027-03-02T03:00:00Z").expect("a moment").to_utc();
    assert_eq!(cohort.starts_on(at).to_string(), "2027-03-15");
    assert_eq!(cohort.ends_on(at).expect("an end").to_string(), "2027-04-26");
}

#[test]
fn an_online_course_may_leave_its_time_zone_out() {
    let cohort = "[[program.course.cohort]]\nstarts = \"+0d\"\nseats = 1\n";
    let source = changed(
        "terms = { wholesale = \"25.00\" }\n",
        &format!("terms = {{ wholesale = \"25.00\" }}\n{cohort}"),
    );
    let checked = parse("c.toml", &source).expect("a good file");
    assert_eq!(checked.catalog.programs[0].courses[0].cohorts[0].time_zone, chrono_tz::Tz::UTC);
}

#[test]
fn a_start_that_is_over_is_a_warning_from_that_day_on() {
    let checked = parse("c.toml", GOOD).expect("a good file");
    assert_eq!(checked.warnings_at(noon("2027-03-01")), []);
    let said: Vec<_> = checked.warnings_at(noon("2027-03-02")).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "c.toml:52: the start on 2027-03-01 is over. Nobody can enroll into it any more; change its days, or leave it as it is."
        ]
    );
}

#[test]
fn a_date_and_days_after_the_import_can_become_one_start() {
    let second = "seats = 12\n[[program.course.cohort]]\nstarts = \"+14d\"\nschedule = \"Mon + Wed 18:00\"\n\
                  location = \"Room 12\"\ntime_zone = \"America/Chicago\"\nseats = 3\n";
    let catalog = parse("c.toml", &changed("seats = 12\n", second)).expect("a good file").catalog;
    assert_eq!(same_start_twice(&catalog, noon("2027-02-14")), None);
    let twice = same_start_twice(&catalog, noon("2027-02-15")).expect("one and the same");
    assert_eq!((twice.partner.as_str(), twice.starts_on.to_string().as_str()), ("College", "2027-03-01"));
}

#[test]
fn ten_thousand_wrong_time_zones_are_refused_fast() {
    let cohort = |n: usize| {
        format!(
            "[[program.course.cohort]]\nstarts = \"+{}d\"\ntime_zone = \"Chigaco/{n}\"\nseats = 1\n",
            n % 3_000
        )
    };
    let many: String = (0..10_000).map(cohort).collect();
    let said = errors(&changed("seats = 12\n", &format!("seats = 12\n{many}")));
    assert!(said.ends_with(" more"), "{}", said.len());
}
