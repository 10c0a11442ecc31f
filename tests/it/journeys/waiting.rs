//! A class that is full: waiting at the screen, the seat that frees, and whoever comes too late.

use super::MAYA;
use crate::support::desk::{Campus, Desk};
use crate::support::postgres;
use chrono::TimeDelta;

const CLASS: &str = r#"
[[partner]]
name = "City College"
type = "college"
api = { protocol = "link", login_url = "https://college.example/login" }
[[program]]
slug = "welding"
title = "Welding"
category = "Trades"
summary = "Join metal."
[[program.course]]
partner = "City College"
name = "Welding in Class"
code = "W-1"
format = "in_person"
pacing = "instructor_led"
price = "0.00"
currency = "USD"
[[program.course.cohort]]
starts = "+14d"
time_zone = "America/Chicago"
seats = 1
"#;

/// A desk of somebody who has joined the waitlist of the only start.
async fn waits(campus: &Campus, address: &str, place: &str) -> Desk {
    let mut desk = campus.desk_of_student(address).await;
    desk.keys("1<enter><enter>").await.sees("This start is full").sees("Nothing is charged");
    desk.keys("<enter>").await.sees(&format!("You are at place {place} of the waitlist"));
    desk
}

async fn a_seat_goes_through_the_queue(campus: Campus) {
    let mut maya = campus.desk_of_student(MAYA).await;
    maya.keys("1<enter><enter>").await.sees("Enrolled via City College");
    let mut noah = waits(&campus, "noah@example.org", "1").await;
    let mut lee = waits(&campus, "lee@example.org", "2").await;
    maya.keys("x<enter>").await.sees("is cancelled");
    noah.keys("r").await.sees("A seat is kept for you until").sees("24 h left");
    lee.keys("r").await.sees("Place 1").sees_no("kept for you until");
    let offers = |campus: &Campus| {
        let all = campus.mails().into_iter().filter(|mail| mail.contains("Subject: A seat is kept for you"));
        all.count()
    };
    campus.services().await.settle_seats().await.expect("it settles");
    assert_eq!(offers(&campus), 1);

    // Noah lets the time go by; then the seat is Lee's, and only Lee's.
    campus.clock().advance(TimeDelta::hours(25));
    lee.keys("r").await.sees("A seat is kept for you until");
    noah.keys("<enter>").await.sees("My courses › Welding").sees("Join the waitlist");
    noah.keys("<esc>r").await.sees("was not taken in time");
    lee.keys("<enter>").await.sees("via City College").sees("starts in");
    lee.sees_no("A seat is kept for you until");
    let mut zoe = campus.desk_of_student("zoe@example.org").await;
    zoe.keys("1<enter><enter>").await.sees("Nobody waits yet");
}

#[tokio::test]
async fn a_seat_goes_through_the_queue_on_sqlite() {
    Box::pin(a_seat_goes_through_the_queue(Campus::with_catalog(CLASS).await)).await;
}

#[tokio::test]
async fn a_seat_goes_through_the_queue_on_postgres() {
    if let Some(database) = postgres::database().await {
        let campus = Campus::with_catalog_in(&database.url, CLASS).await;
        Box::pin(a_seat_goes_through_the_queue(campus)).await;
    }
}
