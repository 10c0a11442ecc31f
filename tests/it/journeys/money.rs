//! Money at the screen: checkout, payment page, switch, refund, with play money.

use super::{MAYA, courses};
use crate::support::desk::{Campus, Desk};
use crate::support::http;
use chrono::TimeDelta;
use serde_json::json;

/// The session of the page that was opened last, as the played processor names it.
async fn session(campus: &Campus, desk: &Desk) -> serde_json::Value {
    let page = desk.opened().pop().expect("a page was opened");
    let all = http::json(&format!("{}_control/payments", campus.sandbox().await)).await;
    let of = |payment: &&serde_json::Value| payment["page"].as_str().is_some_and(|path| page.ends_with(path));
    all.as_array().and_then(|all| all.iter().find(of)).expect("the processor knows it")["session"].clone()
}

/// What happens on the page; a few seconds later the desk looks again.
async fn at_page(campus: &Campus, desk: &mut Desk, what: &str) {
    campus.control("pay", json!({ "do": what, "session": session(campus, desk).await })).await;
    campus.clock().advance(TimeDelta::seconds(10));
    desk.keys("r").await;
}

#[tokio::test]
async fn from_the_price_to_the_course_and_back() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("/hvac<enter>").await.sees("Delivered by").sees("$119.00");
    desk.keys("<enter>").await.sees("Pay $119.00 in your browser").sees("Play money");
    assert!(courses(&campus).await.is_empty(), "nothing has happened yet");
    desk.keys_at_once("<enter><enter>").await;
    desk.sees("Waiting for your payment of $119.00").sees("/pay/");
    assert_eq!((courses(&campus).await.len(), desk.opened().len()), (1, 1));
    at_page(&campus, &mut desk, "decline").await;
    desk.sees("declined");
    desk.keys("<esc>").await.sees("held 4");
    desk.keys("<enter>").await.sees("Waiting for your payment");
    at_page(&campus, &mut desk, "pay").await;
    desk.sees("Paid. Enrolled via HSI Safety. Enter starts it");
    desk.keys("o").await.sees("$119.00 on").keys("<esc>x").await.sees("$119.00 goes back to your card.");
    desk.keys("<enter>").await.sees("$119.00");
    campus.clock().advance(TimeDelta::seconds(30));
    desk.keys("r").await.sees("refunded $119.00");
}

#[tokio::test]
async fn switching_shows_what_changes_pays_the_rest_and_moves() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student(MAYA).await;
    desk.keys("/osha 10<enter><enter><enter>").await.sees("Waiting for your payment of $59.00");
    at_page(&campus, &mut desk, "pay").await;
    desk.sees("Paid. Enrolled via CareerSafe").keys("s").await;
    desk.sees("What changes").sees("Paid so far").sees("You pay").sees("and pay $");
    desk.keys("<enter>").await.sees("Waiting for your payment of $").sees("You keep CareerSafe");
    desk.keys("<esc>").await.sees("you keep CareerSafe until then");
    desk.keys("<enter>").await;
    at_page(&campus, &mut desk, "pay").await;
    desk.sees("Paid. You are with ").sees_no("via CareerSafe");
}
