use super::*;
use proptest::prelude::*;
use serde_json::json;

fn base() -> WebUrl {
    WebUrl::parse("https://api.stripe.com").expect("an address")
}

#[test]
fn a_whole_session_is_read() {
    let body = json!({
        "id": "cs_test_1", "object": "checkout.session", "status": "complete", "payment_status": "paid",
        "payment_intent": {"id": "pi_1", "last_payment_error": null}, "amount_total": 17_995, "currency": "usd",
        "client_reference_id": "e-1", "metadata": {"payment_id": "p-1"}, "livemode": false,
        "expires_at": 1_768_464_000, "url": null, "something_new": [1],
    });
    let report = session(body.to_string().as_bytes(), &base()).expect("a report");
    assert_eq!(
        report,
        SessionReport {
            id: Some("cs_test_1".into()),
            url: None,
            status: Some(SessionStatus::Complete),
            paid: Some(SessionPaid::Paid),
            payment_intent: Some("pi_1".into()),
            amount_total: Some(17_995),
            currency: Some(Currency::USD),
            client_reference_id: Some("e-1".into()),
            payment: Some("p-1".into()),
            livemode: Some(false),
            expires_at: DateTime::from_timestamp(1_768_464_000, 0),
            declined: None,
        }
    );
}

#[test]
fn what_is_missing_or_odd_is_none() {
    let report = |body: Value| session_of(&body, &base());
    assert_eq!(report(json!({})), SessionReport::default());
    let odd = json!({
        "id": "a\u{1b}[31mb", "status": "frozen", "payment_status": 1, "payment_intent": {"id": ".."},
        "amount_total": "17995", "currency": "dollars", "client_reference_id": 4, "metadata": [],
        "livemode": "false", "expires_at": 1e300, "url": "http://evil.example/pay",
    });
    assert_eq!(report(odd), SessionReport::default());
    let here = json!({"url": "http://127.0.0.1:8766/pay/x"});
    assert_eq!(report(here.clone()).url, None, "a processor elsewhere has no pages on this machine");
    let sandbox = WebUrl::parse("http://127.0.0.1:8766/processor").expect("an address");
    assert!(session_of(&here, &sandbox).url.is_some());
}

#[test]
fn a_declined_card_is_told_in_the_processors_words_made_safe() {
    let body = json!({"payment_intent": {"id": "pi_1", "last_payment_error":
        {"message": "Declined\u{1b}[2J. See https://dashboard.example/x now."}}});
    let declined = session_of(&body, &base()).declined;
    assert_eq!(declined, Some("Declined. See … now.".into()));
}

#[test]
fn refunds_are_not_succeeded_before_they_say_so() {
    for (word, status) in [
        ("pending", Some(RefundStatus::Pending)),
        ("requires_action", Some(RefundStatus::Pending)),
        ("succeeded", Some(RefundStatus::Succeeded)),
        ("failed", Some(RefundStatus::Failed)),
        ("canceled", Some(RefundStatus::Failed)),
        ("SUCCEEDED", None),
    ] {
        let body = json!({"id": "re_1", "status": word, "amount": 5, "currency": "usd",
            "metadata": {"refund_id": "r-1"}});
        let report = refund(body.to_string().as_bytes()).expect("a report");
        assert_eq!((report.status, report.amount), (status, Some(5)), "{word}");
        assert_eq!(report.refund, Some("r-1".into()));
    }
}

#[test]
fn answers_without_an_id_are_no_answers() {
    for body in ["", "null", "[]", "{}", r#"{"id": 5}"#, r#"{"id": ""}"#, "<html>", r#"{"id": "cs_1""#] {
        assert!(matches!(session(body.as_bytes(), &base()), Err(ProcessorError::BadAnswer { .. })), "{body}");
        assert!(matches!(refund(body.as_bytes()), Err(ProcessorError::BadAnswer { .. })), "{body}");
    }
}

#[test]
fn a_list_says_whether_it_goes_on() {
    let list = |body: &str| List::read(body.as_bytes());
    assert_eq!(
        list(r#"{"data": [{"id": "a"}], "has_more": true}"#).expect("a list").next(),
        Some("a".into())
    );
    assert_eq!(list(r#"{"data": [{"id": "a"}], "has_more": false}"#).expect("a list").next(), None);
    for bad in [r#"{"data": []}"#, r#"{"has_more": false}"#, r#"{"data": {}, "has_more": false}"#] {
        assert!(matches!(list(bad), Err(ProcessorError::BadAnswer { .. })), "{bad}");
    }
}

#[test]
fn why_a_refund_failed_is_no_code() {
    let body = br#"{"id": "re_1", "status": "failed", "failure_reason": "expired_or_canceled_card"}"#;
    let failure = refund(body).expect("a refund").failure;
    assert_eq!(failure, Some("expired or canceled card".into()));
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["open", "paid", "usd", "isk", "https://x.org/", "..", "\u{1b}[2J"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let names = prop::sample::select(vec![
            "id",
            "status",
            "payment_status",
            "payment_intent",
            "amount_total",
            "amount",
            "currency",
            "url",
            "metadata",
            "payment_id",
            "refund_id",
            "expires_at",
            "last_payment_error",
            "message",
            "error",
            "data",
            "has_more",
            "type",
            "code",
            "failure_reason",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..12).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_of_any_shape_is_too_much(value in anything()) {
        let body = value.to_string();
        let _ = (refund(body.as_bytes()), complaint(body.as_bytes()), List::read(body.as_bytes()));
        if let Ok(report) = session(body.as_bytes(), &base()) {
            let shown = [report.id, report.declined, report.payment_intent, report.payment];
            for text in shown.into_iter().flatten() {
                prop_assert!(!text.as_str().contains(char::is_control));
            }
        }
    }

    #[test]
    fn no_bytes_of_any_kind_are_too_much(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (session(&bytes, &base()), refund(&bytes), complaint(&bytes));
        let _ = List::read(&bytes);
    }
}
