//! The exact bodies of requests, as forms. They are kept and sent again byte by byte.

use crate::domain::money::Money;
use crate::domain::payment::{CheckoutRequest, RefundRequest};
use crate::domain::units::to_units;
use url::form_urlencoded::Serializer;

/// The longest name of what is bought, in characters.
const MAX_NAME: usize = 250;

pub(super) fn checkout(request: &CheckoutRequest<'_>, return_url: &str) -> String {
    let what: String = request.what.chars().take(MAX_NAME).collect();
    let mut form = Serializer::new(String::new());
    form.append_pair("mode", "payment")
        .append_pair("client_reference_id", &request.enrollment.to_string())
        .append_pair("metadata[payment_id]", &request.payment.to_string())
        .append_pair("expires_at", &request.expires_at.timestamp().to_string())
        .append_pair("success_url", return_url)
        .append_pair("cancel_url", return_url)
        // No way of paying whose money comes days later.
        .append_pair("payment_method_types[0]", "card")
        // What is paid must be what was asked for, in its currency.
        .append_pair("adaptive_pricing[enabled]", "false")
        .append_pair("line_items[0][quantity]", "1")
        .append_pair("line_items[0][price_data][currency]", &currency(request.amount))
        .append_pair("line_items[0][price_data][unit_amount]", &amount(request.amount))
        .append_pair("line_items[0][price_data][product_data][name]", &what);
    if let Some(email) = request.email {
        form.append_pair("customer_email", email.as_str());
    }
    form.finish()
}

pub(super) fn refund(request: &RefundRequest<'_>) -> String {
    Serializer::new(String::new())
        .append_pair("payment_intent", request.payment_intent)
        .append_pair("amount", &amount(request.amount))
        .append_pair("reason", "requested_by_customer")
        .append_pair("metadata[refund_id]", &request.refund.to_string())
        .finish()
}

fn currency(money: Money) -> String {
    money.currency.code().to_lowercase()
}

/// An amount that the processor can't count is no whole number here: it refuses that. Left out, it
/// would mean everything there is to give back.
fn amount(money: Money) -> String {
    to_units(money).map_or_else(|| format!("{money} can't be counted"), |units| units.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;
    use crate::domain::person::Email;
    use chrono::DateTime;
    use uuid::Uuid;

    fn money(cents: i64, code: &str) -> Money {
        Money { cents, currency: Currency::parse(code).expect("a currency") }
    }

    #[test]
    fn a_session_is_asked_for_in_exactly_these_words() {
        let email = Email::parse("maya+x@example.org").expect("an address");
        let request = CheckoutRequest {
            payment: Uuid::from_u128(1).into(),
            enrollment: Uuid::from_u128(2).into(),
            amount: money(17_995, "USD"),
            what: "CNA Training via Milady & Söhne",
            email: Some(&email),
            expires_at: DateTime::from_timestamp(1_768_464_000, 999_000_000).expect("a moment"),
        };
        assert_eq!(
            checkout(&request, "https://college.example/done?x=1"),
            "mode=payment\
             &client_reference_id=00000000-0000-0000-0000-000000000002\
             &metadata%5Bpayment_id%5D=00000000-0000-0000-0000-000000000001\
             &expires_at=1768464000\
             &success_url=https%3A%2F%2Fcollege.example%2Fdone%3Fx%3D1\
             &cancel_url=https%3A%2F%2Fcollege.example%2Fdone%3Fx%3D1\
             &payment_method_types%5B0%5D=card\
             &adaptive_pricing%5Benabled%5D=false\
             &line_items%5B0%5D%5Bquantity%5D=1\
             &line_items%5B0%5D%5Bprice_data%5D%5Bcurrency%5D=usd\
             &line_items%5B0%5D%5Bprice_data%5D%5Bunit_amount%5D=17995\
             &line_items%5B0%5D%5Bprice_data%5D%5Bproduct_data%5D%5Bname%5D=CNA+Training+via+Milady+%26+S%C3%B6hne\
             &customer_email=maya%2Bx%40example.org"
        );
        let nobody = CheckoutRequest { email: None, what: &"ä".repeat(400), ..request };
        let body = checkout(&nobody, "https://college.example/");
        assert!(!body.contains("customer_email"));
        assert_eq!(body.matches("%C3%A4").count(), MAX_NAME);
    }

    #[test]
    fn a_refund_is_asked_for_in_exactly_these_words() {
        let mut request = RefundRequest {
            refund: Uuid::from_u128(3).into(),
            payment_intent: "pi_1&amount=9",
            amount: money(500, "ISK"),
        };
        assert_eq!(
            refund(&request),
            "payment_intent=pi_1%26amount%3D9&amount=50000&reason=requested_by_customer\
             &metadata%5Brefund_id%5D=00000000-0000-0000-0000-000000000003"
        );
        request.amount = money(5_124, "KWD");
        let body = refund(&request);
        let sent = url::form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "amount");
        assert!(sent.is_some_and(|(_, amount)| amount.parse::<i64>().is_err()), "{body}");
    }
}
