use super::*;
use crate::domain::decide::fixtures::{cohort, confirmed, course_of, link_offer, now, program, rest_offer};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn course() -> CourseView {
    let mut start = cohort(day(2026, 12, 7), 12, 7);
    start.ends_on = Some(day(2026, 12, 16));
    let view = program(vec![rest_offer("Milady")]);
    CourseView { cohort: Some(start), ..confirmed(course_of(&view, 0)) }
}

/// The lines as RFC 5545, section 3.1 reads them; fails where the text is not what it demands.
fn lines(content: &str) -> Vec<String> {
    assert!(content.ends_with("\r\n"));
    assert!(!content.replace("\r\n", "").contains(['\r', '\n']), "a bare line break");
    for line in content.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.chars().any(|c| c.is_control() && c != '\t'));
    }
    content.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    let of = |line: &'a String| {
        let (key, value) = line.split_once(':')?;
        (key.split(';').next() == Some(name)).then_some(value)
    };
    lines.iter().filter_map(of).collect()
}

#[test]
fn every_meeting_is_an_event_with_all_it_needs() {
    let file = of_course(&course()).unwrap();
    assert_eq!(file.name, "cna-training-2026-12-07");
    let lines = lines(&file.content);
    assert_eq!(lines[0], "BEGIN:VCALENDAR");
    assert_eq!(values(&lines, "VERSION"), ["2.0"]);
    assert_eq!(values(&lines, "PRODID"), ["-//coursevia//coursevia//EN"]);
    let starts = ["20261208T000000Z", "20261210T000000Z", "20261215T000000Z", "20261217T000000Z"];
    assert_eq!(values(&lines, "DTSTART"), starts);
    assert_eq!(values(&lines, "DTEND")[0], "20261208T010000Z");
    for name in ["UID", "DTSTAMP", "SUMMARY", "LOCATION", "SEQUENCE", "DESCRIPTION"] {
        assert_eq!(values(&lines, name).len(), 4, "{name}");
    }
    let uids: std::collections::HashSet<_> = values(&lines, "UID").into_iter().collect();
    assert_eq!(uids.len(), 4);
    assert_eq!(values(&lines, "LOCATION")[0], r"Main campus\, room 12");
    assert_eq!(values(&lines, "SUMMARY")[0], "CNA Training via Milady");
    assert_eq!(values(&lines, "DTSTAMP")[0], "20251009T085320Z");
    assert_eq!(of_course(&course()), Some(file), "the same course gives the same file");
}

#[test]
fn a_cancelled_course_takes_its_events_back() {
    let before = of_course(&course()).unwrap().content;
    let mut over = course();
    over.enrollment.status = Status::Cancelled;
    let after = of_course(&over).unwrap().content;
    let (before, after) = (lines(&before), lines(&after));
    assert_eq!(values(&before, "UID"), values(&after, "UID"));
    assert_eq!((values(&before, "SEQUENCE")[0], values(&after, "SEQUENCE")[0]), ("0", "1"));
    assert_eq!((values(&before, "STATUS")[0], values(&after, "STATUS")[0]), ("CONFIRMED", "CANCELLED"));
}

#[test]
fn without_a_time_of_day_it_is_the_whole_first_day() {
    let mut course = course();
    course.cohort.as_mut().unwrap().schedule = Some("evenings".into());
    let lines = lines(&of_course(&course).unwrap().content);
    assert!(lines.contains(&"DTSTART;VALUE=DATE:20261207".to_owned()), "{lines:?}");
    assert!(lines.contains(&"DTEND;VALUE=DATE:20261208".to_owned()));
    course.cohort = None;
    assert_eq!(of_course(&course), None);
}

#[test]
fn hostile_words_stay_words() {
    let mut course = course();
    let nasty = "a;b,c\\d\nEND:VEVENT\r\nX:1\u{202E}\u{1b}[2J ".repeat(3) + &"é—🎓".repeat(40);
    course.program_title = nasty.as_str().into();
    let start = course.cohort.as_mut().unwrap();
    (start.location, start.schedule) = (Some(nasty.as_str().into()), Some(nasty.as_str().into()));
    let lines = lines(&of_course(&course).unwrap().content);
    assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
    assert!(values(&lines, "X").is_empty());
    let location = values(&lines, "LOCATION")[0];
    assert!(location.starts_with(r"a\;b\,c\\d"), "{location}");
}

#[test]
fn starts_are_listed_once_each() {
    let (mut paid, free) = (link_offer("College"), rest_offer("Certiport"));
    (paid.dated, paid.cohorts) =
        (true, vec![cohort(day(2026, 12, 1), 12, 0), cohort(day(2027, 1, 4), 12, 12)]);
    let view = program(vec![free, paid]);
    let starts = view.offers.iter().flat_map(|offer| offer.cohorts.iter().map(move |start| (offer, start)));
    let lines = lines(&of_starts(&view, starts, now()));
    // Tuesday the first meets on Wednesday for the first time.
    assert_eq!(values(&lines, "DTSTART"), ["20261203T000000Z", "20270105T000000Z"]);
    let none = of_starts(&view, std::iter::empty(), now());
    assert!(none.contains("END:VCALENDAR"));
}

/// Another program reads it, too, where one is on the machine.
#[test]
fn python_reads_it() {
    let script = "import sys,icalendar;c=icalendar.Calendar.from_ical(sys.stdin.buffer.read());\
        assert not c.errors;e=[x for x in c.walk('VEVENT')];assert all(not x.errors for x in e);print(len(e))";
    let python = |args: &[&str], input: &str| -> Option<String> {
        use std::io::Write as _;
        use std::process::{Command, Stdio};
        let mut child = Command::new("python3")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        child.stdin.take()?.write_all(input.as_bytes()).ok()?;
        let output = child.wait_with_output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if python(&["-c", "import icalendar"], "").is_none() {
        return;
    }
    let mut hostile = course();
    hostile.program_title = "a;b,c\\d \"e\" : é—🎓".repeat(20).as_str().into();
    let mut whole = course();
    whole.cohort.as_mut().unwrap().schedule = None;
    for (course, events) in [(course(), "4"), (hostile, "4"), (whole, "1")] {
        let content = of_course(&course).unwrap().content;
        assert_eq!(python(&["-c", script], &content).as_deref(), Some(events), "{content}");
    }
}
