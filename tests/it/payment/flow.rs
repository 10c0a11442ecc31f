//! What goes well, and the processor's rules.

use super::world::{dollars, enrollment, payment, world, world_with};
use chrono::TimeDelta;
use coursevia::domain::payment::{ProcessorName, RefundStatus, SessionPaid, SessionStatus, Till};
use coursevia::domain::provider::SecretName;
use coursevia::domain::web::WebUrl;
use coursevia::payment::{Processor, ProcessorError, Setup};
use coursevia::platform::{Clock, Env, IdSource, Secrets};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

#[tokio::test]
async fn a_session_is_opened_and_paid() {
    let world = world().await;
    let opened = world.opened(1).await;
    assert_eq!((opened.status, opened.paid), (Some(SessionStatus::Open), Some(SessionPaid::Unpaid)));
    assert_eq!((opened.amount_total, opened.currency), (Some(17_995), Some(dollars(0).currency)));
    assert_eq!(opened.client_reference_id, Some(enrollment().to_string().into()));
    assert_eq!(opened.payment, Some(payment(1).to_string().into()));
    assert_eq!((opened.livemode, opened.payment_intent.as_ref()), (Some(false), None));
    assert!(opened.url.is_some_and(|url| url.is_loopback()));
    let paid = world.paid(1).await;
    assert_eq!((paid.status, paid.paid), (Some(SessionStatus::Complete), Some(SessionPaid::Paid)));
    assert!(paid.url.is_none() && paid.payment_intent.is_some() && paid.id == opened.id);
}

#[tokio::test]
async fn the_same_key_opens_one_session_and_takes_no_other_body() {
    let world = world().await;
    let body = world.body(1, 500);
    let first = world.processor.open_session(&body, "key").await.expect("a session");
    assert_eq!(world.processor.open_session(&body, "key").await, Ok(first));
    let other = world.body(1, 600);
    assert_eq!(world.processor.open_session(&other, "key").await, Err(ProcessorError::KeyReused));
    assert_eq!(world.payments().await.len(), 1);
}

#[tokio::test]
async fn a_declined_card_is_told_and_can_be_followed_by_one_that_is_not() {
    let world = world().await;
    let id = world.opened(1).await.id.expect("an id");
    world.pay(json!({"session": id.as_str(), "do": "decline"})).await;
    let report = world.processor.session(&id).await.expect("a report");
    assert_eq!(report.declined, Some("Your card was declined.".into()));
    assert_eq!((report.status, report.paid), (Some(SessionStatus::Open), Some(SessionPaid::Unpaid)));
    world.pay(json!({"session": id.as_str()})).await;
    let report = world.processor.session(&id).await.expect("a report");
    assert_eq!((report.paid, report.declined), (Some(SessionPaid::Paid), None));
}

#[tokio::test]
async fn expiring_tells_how_it_stands_also_where_it_was_paid_meanwhile() {
    let world = world().await;
    let open = world.opened(1).await.id.expect("an id");
    for _ in 0..2 {
        let report = world.processor.expire_session(&open).await.expect("a report");
        assert_eq!((report.status, report.url), (Some(SessionStatus::Expired), None));
    }
    let paid = world.paid(2).await.id.expect("an id");
    let report = world.processor.expire_session(&paid).await.expect("a report");
    assert_eq!((report.status, report.paid), (Some(SessionStatus::Complete), Some(SessionPaid::Paid)));
    let nobodys = "cs_test_nobodys".into();
    assert_eq!(world.processor.expire_session(&nobodys).await, Err(ProcessorError::NotFound));
}

#[tokio::test]
async fn a_session_ends_with_its_time() {
    let hand = Clock::fixed("2026-01-15T09:00:00Z".parse().expect("a moment"));
    let world = world_with(|options| options.clock = hand.clone()).await;
    let id = world.opened(1).await.id.expect("an id");
    hand.advance(TimeDelta::minutes(39));
    let status = async || world.processor.session(&id).await.expect("a report").status;
    assert_eq!(status().await, Some(SessionStatus::Open));
    hand.advance(TimeDelta::minutes(1));
    assert_eq!(status().await, Some(SessionStatus::Expired));
    assert_eq!(world.control("pay", json!({"session": id.as_str()})).await.status(), 409);
    world.pay(json!({"session": id.as_str(), "late": true, "amount": 1, "livemode": true})).await;
    let late = world.processor.session(&id).await.expect("a report");
    assert_eq!((late.paid, late.amount_total, late.livemode), (Some(SessionPaid::Paid), Some(1), Some(true)));
}

#[tokio::test]
async fn sessions_that_are_too_short_too_long_or_not_countable_are_refused() {
    let world = world().await;
    let now = world.clock.now().timestamp();
    let body = world.body(1, 500);
    let ends = |at: i64| {
        let (head, rest) = body.split_once("expires_at=").expect("the field");
        format!("{head}expires_at={at}&{}", rest.split_once('&').expect("more").1)
    };
    let cents = |raw: &str| body.replace("unit_amount%5D=500", &format!("unit_amount%5D={raw}"));
    let bad = [
        ends(now + 29 * 60),
        ends(now + 25 * 60 * 60),
        cents("12.5"),
        cents("-1"),
        cents("999999999"),
        cents(""),
        body.replace("=usd", "=USD"),
        body.replace("mode=payment", "mode=setup"),
    ];
    for body in bad {
        let answer = world.processor.open_session(&body, "key").await;
        assert!(matches!(answer, Err(ProcessorError::Rejected { .. })), "{body}: {answer:?}");
    }
    // None of these was kept under the key.
    assert!(world.processor.open_session(&body, "key").await.is_ok());
}

#[tokio::test]
async fn a_lost_session_is_found_among_many() {
    let world = world().await;
    let from = world.clock.now();
    for number in 1..=205 {
        world.opened(number).await;
    }
    let to = world.clock.now();
    let find = async |number| world.processor.find_session(payment(number), from, to).await.expect("a list");
    for number in [1, 105, 205] {
        let found = find(number).await.expect("it is there");
        assert_eq!(found.payment, Some(payment(number).to_string().into()));
    }
    assert_eq!(find(206).await, None);
    let before = from - TimeDelta::hours(2);
    let earlier = world.processor.find_session(payment(1), before, before + TimeDelta::hours(1)).await;
    assert_eq!(earlier, Ok(None));
}

#[tokio::test]
async fn refunds_are_under_way_then_done_and_never_too_large() {
    let world = world().await;
    let intent = world.paid(1).await.payment_intent.expect("it is paid");
    let body = world.refund_body(&intent, 1, 10_000);
    let first = world.processor.create_refund(&body, "refund-1").await.expect("a refund");
    assert_eq!((first.status, first.amount), (Some(RefundStatus::Pending), Some(10_000)));
    assert_eq!(world.processor.create_refund(&body, "refund-1").await, Ok(first.clone()));
    let too_much = world.refund_body(&intent, 2, 7_996);
    let answer = world.processor.create_refund(&too_much, "refund-2").await;
    assert!(matches!(answer, Err(ProcessorError::Rejected { .. })), "{answer:?}");
    let rest = world.refund_body(&intent, 3, 7_995);
    world.processor.create_refund(&rest, "refund-3").await.expect("the rest");
    let nothing = world.refund_body(&intent, 4, 1);
    assert_eq!(
        world.processor.create_refund(&nothing, "refund-4").await,
        Err(ProcessorError::AlreadyRefunded)
    );
    let read = world.processor.refund(&first.id.clone().expect("an id")).await.expect("a report");
    assert_eq!(read.status, Some(RefundStatus::Succeeded));
    let found = world.processor.find_refund(&intent, Uuid::from_u128(3).into()).await.expect("a list");
    assert_eq!(found.and_then(|report| report.amount), Some(7_995));
    let nobodys = world.processor.find_refund(&intent, Uuid::from_u128(9).into()).await;
    assert_eq!(nobodys, Ok(None));
    let totals = &world.payments().await[0];
    assert_eq!((&totals["paid"], &totals["refunded"]), (&json!(17_995), &json!(17_995)));
}

#[tokio::test]
async fn a_refund_that_fails_leaves_the_money_to_be_refunded_again() {
    let world = world().await;
    let intent = world.paid(1).await.payment_intent.expect("it is paid");
    let all = world.refund_body(&intent, 1, 17_995);
    let id = world.processor.create_refund(&all, "1").await.expect("a refund").id.expect("an id");
    assert_eq!(world.control("refund", json!({"refund": id.as_str(), "fails": true})).await.status(), 200);
    assert_eq!(world.processor.refund(&id).await.expect("it").status, Some(RefundStatus::Failed));
    assert!(world.processor.create_refund(&all, "2").await.is_ok());
}

#[tokio::test]
async fn what_was_never_paid_is_not_refunded() {
    let world = world().await;
    let body = world.refund_body(&"pi_nobodys".into(), 1, 5);
    assert_eq!(world.processor.create_refund(&body, "k").await, Err(ProcessorError::NotFound));
}

#[test]
fn the_till_is_as_the_setup_and_the_key_say() {
    let stripe = |key: Option<&'static str>, allow_live| {
        let env = key.map_or_else(|| Env::of([]), |key| Env::of([("KEY", key)]));
        let secret = SecretName::parse("KEY").expect("a name");
        let url = |raw| WebUrl::parse(raw).expect("an address");
        let base_url = url("https://api.stripe.com/");
        let hosts = BTreeMap::from([("KEY".to_owned(), "api.stripe.com".to_owned())]);
        let return_url = url("https://college.example/done");
        let setup = Setup::Stripe { base_url, secret, return_url, allow_live };
        let (limits, ids) = (coursevia::payment::limits(), IdSource::seeded(1));
        Processor::new(setup, Secrets::new(env, hosts), limits, Clock::System, ids)
    };
    let name = ProcessorName::read("https://api.stripe.com");
    for (key, allowed, live, serves) in [
        (Some("sk_test_of_nobody"), true, false, true),
        (Some("rk_live_of_nobody"), true, true, true),
        (Some("sk_live_of_nobody"), false, true, false),
        (None, true, true, false),
        (None, false, false, false),
    ] {
        let processor = stripe(key, allowed);
        assert_eq!(processor.till(), Till::Open { live }, "{key:?}");
        assert_eq!((processor.name(), processor.can_serve(&name)), (name.clone(), serves), "{key:?}");
        assert!(!processor.can_serve(&ProcessorName::sandbox()));
        assert!(!format!("{processor:?}").contains("of_nobody"));
    }
    let (limits, ids) = (coursevia::payment::limits(), IdSource::seeded(1));
    let played = Processor::new(Setup::Sandbox, Secrets::default(), limits, Clock::System, ids);
    assert_eq!((played.till(), played.live()), (Till::Sandbox, false));
    assert!(played.can_serve(&ProcessorName::sandbox()) && !played.can_serve(&name));
}
