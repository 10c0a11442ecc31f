//! A class with seats: looked up in the month, taken, and put into the student's own calendar.

use crate::support::desk::Campus;

/// CNA at Milady begins on Mon 2 Feb 2026, with five seats left, and on Mon 2 Mar.
fn classes(campus: &Campus) {
    let db = rusqlite::Connection::open(campus.folder().join("demo.db")).expect("it opens");
    for (id, day) in [(1, "2026-02-02"), (2, "2026-03-02")] {
        let rows = db
            .execute(
                "INSERT INTO cohorts (id, course_id, starts_on, ends_on, schedule, location, seats, taken) \
                 SELECT unhex(printf('%032x', $1)), c.id, $2, date($2, '+9 days'), 'Mon + Wed 18:00', 'Room 12', 12, 7 \
                 FROM partner_courses c JOIN partner_lms_providers p ON p.id = c.provider_id \
                 JOIN programs g ON g.id = c.program_id \
                 WHERE p.provider_name = 'Milady' AND g.slug = 'cna-training'",
                (id, day),
            )
            .expect("it is written");
        assert_eq!(rows, 1);
    }
}

#[tokio::test]
async fn from_the_month_into_ones_own_calendar() {
    let campus = Campus::demo().await;
    classes(&campus);
    let mut desk = campus.desk().await;
    desk.keys("/nurse<enter>").await.sees("Starts Mon 2 Feb · 5 of 12 seats left");
    // Whatever other partners there are: the keys that choose a start stand on Milady's card.
    for _ in 0..5 {
        if !desk.screen().contains("←→ 1 of 2") {
            desk.keys("j").await;
        }
    }
    desk.keys("a").await.sees("February 2026").sees("·5").sees("Room 12");
    desk.keys("n").await.sees("March 2026");
    desk.keys("N<enter>maya@example.org<enter>").await.sees("starts in 18 days").sees("via Milady");
    desk.keys("i").await.sees("The dates are in ~/cna-training-2026-02-02.ics");
    desk.keys("i").await;
    let files = || {
        let all = std::fs::read_dir(campus.folder()).expect("a folder");
        let names = all.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("cna-training")).collect::<Vec<_>>()
    };
    assert_eq!(files(), ["cna-training-2026-02-02.ics"], "the same content is not written twice");
    let written = std::fs::read_to_string(campus.folder().join(&files()[0])).expect("a file");
    assert_eq!(written.matches("BEGIN:VEVENT\r\n").count(), 4);
    assert!(written.contains("DTSTART:20260202T180000Z\r\n"), "{written}");
    let mut other = campus.desk_of_student("tom@example.org").await;
    other.keys("/nurse<enter>").await.sees("4 of 12 seats left");
}
