//! Whole stories at the screen, over real HTTP and a real database.

mod dates;
mod learning;
mod money;
mod progress;
mod waiting;

use crate::support::catalogs::{LINK_PARTNER, keyed_partner, long, two_partners};
use crate::support::desk::Campus;
use crate::support::{http, postgres};
use coursevia::domain::actor::Actor;
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::plan::{Handover, ProvisionedPlan};
use coursevia::domain::views::CourseView;
use serde_json::json;

const MAYA: &str = "maya@example.org";

/// Start, first program, first partner, the address, enrolled.
const FIRST_ENROLLMENT: &str = "<enter><enter>maya@example.org<enter>";

async fn the_whole_story(campus: Campus) {
    let mut desk = campus.desk().await;
    desk.keys("/nurse<enter>").await.sees("CNA Training").sees("Choose your learning format");
    desk.keys("<enter>").await.sees("e-mail");
    desk.keys("maya@example.org<enter>").await;
    desk.sees("Enrolled via Certiport. Enter starts it · u undoes").sees("via Certiport").sees("0% complete");
    let mails = campus.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("coursevia launch cna-training"));

    desk.keys("<enter>").await.sees("Opened Certiport in your browser");
    let opened = desk.opened();
    assert_eq!(opened.len(), 1);
    assert!(http::page(&opened[0]).await.contains("CNA"));

    let at_partner = campus.at_partners().await;
    assert_eq!(at_partner.len(), 1);
    let id = at_partner[0]["id"].clone();
    let report = |percent: u8| json!({ "partner": "certiport", "enrollment_id": id, "percent": percent });
    campus.control("progress", report(45)).await;
    desk.keys("r").await.sees("45% complete").sees("reported by Certiport just now");
    campus.control("progress", report(30)).await;
    desk.keys("r").await.sees("Certiport says 30% now; your 45% is kept").sees("45% complete");
    campus.control("progress", report(100)).await;
    desk.keys("r").await.sees("Completed").sees("certificate");
    for mail in campus.mails() {
        assert!(!mail.contains("127.0.0.1"), "a one-time link must not be mailed: {mail}");
    }
}

#[tokio::test]
async fn the_whole_story_on_sqlite() {
    the_whole_story(Campus::demo().await).await;
}

#[tokio::test]
async fn the_whole_story_on_postgres() {
    if let Some(database) = postgres::database().await {
        the_whole_story(Campus::demo_in(&database.url).await).await;
    }
}

async fn a_long_catalogue(campus: Campus) {
    let mut desk = campus.desk().await;
    desk.sees("search 5,000 programs").sees("▌Course 0 ");
    desk.keys("G").await.sees("▌Course 4999 ").sees("Certiport");
    desk.keys("/4321").await.sees("▌Course 4321 ").sees("1 of 5,000");
    desk.keys("<enter><enter>maya@example.org<enter>").await.sees("Enrolled via Certiport");
    desk.keys("1").await.sees("▌Course 4321 ");
    desk.keys("<esc>fmost<enter><esc>g<enter>").await.sees("2 partners · w shows who fits you");
    desk.keys("<esc><esc>r").await.sees("5,000 programs");
}

#[tokio::test]
async fn a_long_catalogue_on_sqlite() {
    a_long_catalogue(Campus::with_catalog(&long(5_000)).await).await;
}

#[tokio::test]
async fn a_long_catalogue_on_postgres() {
    if let Some(database) = postgres::database().await {
        a_long_catalogue(Campus::with_catalog_in(&database.url, &long(5_000)).await).await;
    }
}

#[tokio::test]
async fn enrolling_takes_two_keys_and_the_address() {
    let campus = Campus::demo().await;
    campus.desk().await.keys(FIRST_ENROLLMENT).await.sees("Enrolled via Certiport");
}

#[tokio::test]
async fn a_later_start_takes_one_key_to_the_course() {
    let campus = Campus::demo().await;
    campus.desk().await.keys(FIRST_ENROLLMENT).await;
    let mut later = campus.desk_of_student(MAYA).await;
    later.sees("via Certiport").keys("<enter>").await;
    assert_eq!(later.opened().len(), 1);
}

#[tokio::test]
async fn pressing_enter_twice_enrolls_and_opens_once() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter>").await.keys_at_once("<enter><enter>").await;
    assert_eq!(courses(&campus).await.len(), 1);
    let before = desk.opened().len();
    desk.keys_at_once("<enter><enter>").await;
    assert!(desk.opened().len() <= before + 1, "{:?}", desk.opened());
}

#[tokio::test]
async fn two_terminals_racing_make_one_enrollment() {
    let campus = Campus::demo().await;
    let (mut one, mut two) = (campus.desk_of_student(MAYA).await, campus.desk_of_student(MAYA).await);
    one.keys("<enter>").await;
    two.keys("<enter>").await;
    one.keys("<enter>").await.sees("Enrolled via Certiport");
    two.keys("<enter>").await.sees("already enrolled");
    assert_eq!(courses(&campus).await.len(), 1);
    assert_eq!(campus.at_partners().await.len(), 1);
}

#[tokio::test]
async fn undo_right_after_enrolling_tells_the_partner() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>").await.sees("u undoes").keys("u").await;
    assert_eq!(campus.at_partners().await[0]["withdrawn"], json!(true));
    desk.keys("1<enter><enter>").await.sees("Enrolled via Certiport");
    assert_eq!(courses(&campus).await.len(), 2);
}

#[tokio::test]
async fn cancel_is_refused_once_started() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter><enter>").await;
    let id = campus.at_partners().await[0]["id"].clone();
    campus.control("progress", json!({ "partner": "certiport", "enrollment_id": id, "percent": 5 })).await;
    desk.keys("rx").await.sees("already started");
}

#[tokio::test]
async fn a_paused_partner_is_shown_with_its_reason() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("/welding<enter>").await.sees("Riverside Trade School").sees("Paused until");
    desk.keys("<enter>").await.sees("Riverside Trade School");
    assert!(courses(&campus).await.is_empty());
}

#[tokio::test]
async fn a_program_without_partners_is_taught_here() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("/digital lit").await.sees("taught here");
    desk.keys("<enter><enter>").await.sees("taught here");
    let mine = courses(&campus).await;
    assert_eq!(mine.len(), 1);
    assert!(mine[0].partner.is_none());
    desk.keys("<enter>").await.sees("Lesson 1 of");
}

#[tokio::test]
async fn one_partner_leaves_no_choice_and_a_link_partner_opens_its_address() {
    let campus = Campus::with_catalog(LINK_PARTNER).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter>")
        .await
        .sees("Delivered by")
        .sees("NDS")
        .keys("<enter>")
        .await
        .sees("Enrolled via NDS");
    desk.keys("<enter>").await;
    assert_eq!(desk.opened(), ["https://nds.example.org/login"]);
    assert!(campus.mails()[0].contains("https://nds.example.org/login"));
}

#[tokio::test]
async fn an_inactive_course_takes_nobody_and_says_so() {
    let closed = LINK_PARTNER.replace("code = \"D-1\"", "code = \"D-1\"\nactive = false");
    let campus = Campus::with_catalog(&closed).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter>").await.sees("NDS");
    desk.keys("<enter>").await;
    assert!(courses(&campus).await.is_empty());
}

#[tokio::test]
async fn a_partner_that_is_down_at_launch_says_so_and_works_again_later() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>").await;
    campus.control("fail", json!({ "fail": "partner-down" })).await;
    desk.keys("<enter>").await.sees("Certiport");
    assert!(desk.opened().is_empty());
    campus.control("fail", json!({ "fail": "" })).await;
    desk.keys("<enter>").await;
    assert_eq!(desk.opened().len(), 1);
}

#[tokio::test]
async fn a_partner_that_is_down_at_enrollment_is_asked_again() {
    let campus = Campus::demo().await;
    campus.control("fail", json!({ "fail": "partner-down" })).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>").await.sees("trying again in");
    desk.keys("<enter>").await.sees("opens by itself");
    campus.control("fail", json!({ "fail": "" })).await;
    campus.clock().advance(chrono::TimeDelta::minutes(5));
    desk.keys("r").await;
    assert_eq!(desk.opened().len(), 1, "{}", desk.screen());
}

#[tokio::test]
async fn a_partner_that_fails_does_not_keep_the_others_from_reporting() {
    let campus = Campus::with_catalog(&two_partners("sandbox")).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>1<esc><down><enter><enter>").await;
    assert_eq!(campus.at_partners().await.len(), 2, "{}", desk.screen());
    for (partner, percent) in [("certiport", 45), ("milady", 60)] {
        let list = campus.at_partners().await;
        let id = list.iter().find(|row| row["partner"] == partner).expect("an enrollment")["id"].clone();
        campus
            .control("progress", json!({ "partner": partner, "enrollment_id": id, "percent": percent }))
            .await;
    }
    campus.import(&two_partners("http://127.0.0.1:1")).await;
    desk.keys("r").await.sees("45% complete").sees("Esthetics").sees_no("60% complete");
    desk.sees("Milady can't be reached");
    campus.import(&two_partners("sandbox")).await;
    desk.keys("r").await.sees("60% complete");
}

#[tokio::test]
async fn a_confirmation_that_was_given_up_is_shown_and_can_be_tried_again() {
    let campus = Campus::demo().await;
    campus.block_mail(true);
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>").await.sees("Enrolled via Certiport");
    for _ in 0..120 {
        campus.clock().advance(chrono::TimeDelta::hours(1));
        desk.keys("r").await;
    }
    desk.keys("o").await.sees("Your confirmation could not be sent").sees("t try again");
    campus.block_mail(false);
    desk.keys("t").await.sees_no("could not be sent:").sees_no("t try again");
    assert_eq!(campus.mails().len(), 1);
}

#[tokio::test]
async fn giving_up_is_visible_and_can_be_tried_again() {
    let campus = Campus::demo().await;
    campus.control("fail", json!({ "fail": "partner-down" })).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>").await;
    for _ in 0..10 {
        campus.clock().advance(chrono::TimeDelta::hours(1));
        desk.keys("r").await;
    }
    desk.sees("try again");
    campus.control("fail", json!({ "fail": "" })).await;
    desk.keys("<enter>").await.sees_no("could not prepare").keys("<enter>").await;
    assert_eq!(desk.opened().len(), 1, "{}", desk.screen());
}

#[tokio::test]
async fn an_advisor_leaves_nothing_behind() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_advisor("advisor@college.example").await;
    desk.keys("Smaya@example.org<enter>").await.sees("Acting for");
    desk.keys("1<enter><enter>").await.sees("Enrolled via Certiport");
    desk.keys("L").await.sees_no("maya").sees_no("via Certiport").sees_no("Acting for");
    desk.keys("Smaya<enter>").await.sees("Acting for").keys("2").await.sees("via Certiport");
    let history = campus.services().await.store.list_history(courses(&campus).await[0].enrollment.id).await;
    assert!(history.expect("a history").iter().any(|entry| entry.by_advisor));
}

#[tokio::test]
async fn quitting_quits() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk().await;
    desk.keys("q").await;
    assert!(desk.has_quit());
}

async fn courses(campus: &Campus) -> Vec<CourseView> {
    let services = campus.services().await;
    match services.student(MAYA).await {
        Ok(student) => services.store.list_courses(student.id).await.expect("the courses"),
        Err(_) => Vec::new(),
    }
}

#[tokio::test]
async fn what_only_the_partner_knows_is_not_cancelled_without_asking_it() {
    let campus = Campus::with_catalog(&keyed_partner("http://127.0.0.1:1", "COLLEGE_KEY")).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>").await.sees("is preparing your place");
    // The process that holds the key does the work.
    let services = campus.services().await;
    let course = courses(&campus).await.remove(0).enrollment;
    let now = campus.clock().now();
    let job = services.store.claim_job(now, now + chrono::TimeDelta::minutes(1), &|_| true).await;
    let event = Event {
        id: services.ids.new_id(),
        at: now,
        actor: Actor::System,
        subject: Some(course.student_id),
        kind: EventKind::Provisioned,
        enrollment: Some(course.id),
        provider: None,
        payload: json!({}),
    };
    let confirmed = ProvisionedPlan {
        job_id: job.expect("it reads").expect("a job").id,
        enrollment_id: course.id,
        external_account_id: "u-1".into(),
        external_enrollment_id: "e-1".into(),
        event,
    };
    services.store.record_provisioned(&confirmed).await.expect("it is written");
    let actor = Actor::Student(course.student_id);
    services.record_launch(actor, course.id, Handover::Link).await.expect("it is written");
    let refused = services.cancel(actor, course.id).await.expect_err("nobody here knows");
    assert_eq!(refused.code(), "progress_unknown");
    assert!(refused.to_string().contains("help@example.org"), "{refused}");
    let report = services.sync(actor, Some(course.student_id)).await.expect("nothing is asked");
    assert_eq!(report.checked, 0, "what another process asks about is not counted here");
}

#[tokio::test]
async fn a_partner_that_can_not_be_told_is_asked_for_a_day_and_then_somebody_is_told() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>").await.sees("u undoes");
    campus.control("fail", json!({ "fail": "partner-down" })).await;
    desk.keys("u").await;
    let services = campus.services().await;
    let id = courses(&campus).await[0].enrollment.id;
    let gave_up = async || courses(&campus).await[0].jobs.iter().any(|job| job.gave_up);
    for _ in 0..20 {
        campus.clock().advance(chrono::TimeDelta::minutes(30));
        desk.keys("r").await;
    }
    assert!(!gave_up().await, "a night without the partner is no reason to give up");
    for _ in 0..80 {
        campus.clock().advance(chrono::TimeDelta::minutes(30));
        desk.keys("r").await;
    }
    assert!(gave_up().await);
    let history = services.store.list_history(id).await.expect("a history");
    assert_eq!(history[0].kind, EventKind::WithdrawFailed);
    campus.control("fail", json!({ "fail": "" })).await;
    let student = courses(&campus).await[0].enrollment.student_id;
    desk.sees("the partner could not be told").keys("o").await.sees("could not be told that you cancelled");
    desk.keys("<enter>").await.sees("is told again");
    assert_eq!(campus.at_partners().await[0]["withdrawn"], json!(true));
    let refused = services.retry(Actor::Student(student), id).await.expect_err("nothing is left to try");
    assert_eq!(refused.code(), "cancelled");
}

#[tokio::test]
async fn a_taken_port_is_named_as_the_reason_why_the_demo_partner_does_not_answer() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let other = tokio::spawn(async move {
        // Another program: it listens and hangs up.
        while let Ok((connection, _)) = taken.accept().await {
            drop(connection);
        }
    });
    let campus = Campus::demo_with_sandbox_at(port).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("<enter><enter>").await.sees("Enrolled via Certiport");
    let error = courses(&campus).await[0].jobs[0].last_error.clone().expect("a reason");
    assert!(error.as_str().contains(&format!("port {port}")), "{error}");
    other.abort();
    let _ = other.await;
    let services = campus.services().await;
    campus.provide_sandbox().await;
    campus.clock().advance(chrono::TimeDelta::minutes(5));
    while services.work_once().await.expect("work").is_some() {}
    assert_eq!(campus.at_partners().await.len(), 1, "the port is free, so the demo partner is there");
}
