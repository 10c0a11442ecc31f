//! What partners report: exams that were not passed, a pace, certificates that run out.

use super::MAYA;
use crate::support::catalogs::two_partners;
use crate::support::desk::Campus;
use crate::support::postgres;
use axum::http::StatusCode;
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use serde_json::{Value, json};

/// Maya is enrolled with Certiport; what a report of hers looks like.
async fn reporting(campus: &Campus) -> impl Fn(u8, bool) -> Value {
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("/nurse<enter><enter>").await.sees("Enrolled via Certiport");
    let id = campus.at_partners().await[0]["id"].clone();
    move |percent, failed| json!({ "partner": "certiport", "enrollment_id": id, "percent": percent, "failed": failed })
}

async fn an_exam_and_a_pace(campus: Campus) {
    let report = reporting(&campus).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    for percent in [31, 38, 45] {
        campus.control("progress", report(percent, false)).await;
        desk.keys("r").await.sees(&format!("{percent}% complete"));
        campus.clock().advance(TimeDelta::days(2));
    }
    desk.keys("o").await.sees("+45% since Thursday; at this pace done by 24 January");
    desk.sees("Mon 19 Jan 45% · Sat 17 Jan 38% · Thu 15 Jan 31%");
    campus.control("progress", report(0, true)).await;
    desk.keys("r").await.sees("Exam not passed on 21 Jan. Ask Certiport about another try.");
    desk.sees("45%").sees("Certiport says 0% now; your 45% is kept");
    desk.keys("r").await.keys("<esc>").await.sees("exam not passed on 21 Jan");
    campus.control("progress", report(60, false)).await;
    desk.keys("r").await.sees("60% complete").sees_no("exam not passed");
    desk.keys("o").await.sees("The exam was not passed");
}

#[tokio::test]
async fn an_exam_and_a_pace_on_sqlite() {
    an_exam_and_a_pace(Campus::demo().await).await;
}

#[tokio::test]
async fn an_exam_and_a_pace_on_postgres() {
    if let Some(database) = postgres::database().await {
        an_exam_and_a_pace(Campus::demo_in(&database.url).await).await;
    }
}

async fn a_certificate_runs_out(campus: Campus) {
    let report = reporting(&campus).await;
    campus.control("progress", report(100, false)).await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("r").await.sees("certificate").keys("o").await;
    desk.sees("good until 15 January 2028").sees("Checked at").keys("o").await.sees("opens in your browser");
    assert!(desk.opened().iter().any(|url| url.contains("/certificate/CERTIPORT-")));
    let services = campus.services().await;
    assert_eq!(services.announce_expiring().await.expect("it reads"), 0, "it is too early");
    campus.clock().advance(TimeDelta::days(680));
    assert_eq!(services.announce_expiring().await.expect("it is written"), 1);
    assert_eq!(services.announce_expiring().await.expect("it reads"), 0, "once is enough");
    while services.work_once().await.expect("it works").is_some() {}
    let told = |mail: &&String| mail.contains("expires on 15 January 2028");
    assert_eq!(campus.mails().iter().filter(told).count(), 1);
    desk.keys("<esc>r").await.sees("certificate expires on 15 January 2028");
    campus.clock().advance(TimeDelta::days(100));
    desk.keys("r").await.sees("certificate expired on 15 January");
    assert_eq!(services.announce_expiring().await.expect("it reads"), 0, "it is over");
}

#[tokio::test]
async fn a_certificate_runs_out_on_sqlite() {
    a_certificate_runs_out(Campus::demo().await).await;
}

#[tokio::test]
async fn a_certificate_runs_out_on_postgres() {
    if let Some(database) = postgres::database().await {
        a_certificate_runs_out(Campus::demo_in(&database.url).await).await;
    }
}

/// A platform that is there, and broken.
async fn broken_platform() -> String {
    let app = axum::Router::new().fallback(|| async { StatusCode::INTERNAL_SERVER_ERROR });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

#[tokio::test]
async fn a_partner_that_fails_again_and_again_is_left_alone_and_the_others_are_asked() {
    const STUDENTS: usize = 20;
    let campus = Campus::with_catalog(&two_partners("sandbox")).await;
    for number in 0..STUDENTS {
        let mut desk = campus.desk_of_student(&format!("s{number}@example.org")).await;
        desk.keys("/esth<enter><enter>").await.sees("Enrolled via Milady");
        if number < 2 {
            let mut desk = campus.desk_of_student(&format!("s{number}@example.org")).await;
            desk.keys("1/cna<enter><enter>").await.sees("Enrolled via Certiport");
        }
    }
    campus.import(&two_partners(&broken_platform().await)).await;
    let report = campus.services().await.sync(Actor::System, None).await.expect("it goes on");
    let [left] = report.left.as_slice() else { panic!("{report:?}") };
    assert_eq!((left.partner.as_str(), left.waiting + report.failed.len()), ("Milady", STUDENTS));
    assert!((5..=12).contains(&report.failed.len()), "{}", report.failed.len());
    assert_eq!(report.checked, report.failed.len() + 2);
    // The next run begins anew.
    campus.import(&two_partners("sandbox")).await;
    let report = campus.services().await.sync(Actor::System, None).await.expect("they answer");
    assert_eq!((report.checked, report.failed.len(), report.left.len()), (STUDENTS + 2, 0, 0));
}
