//! The payment page and what it becomes.

use super::{escaped, framed};
use crate::domain::time::Instant;
use std::fmt::Write;

const FOOTER: &str = "A practice payment on this machine, played by the coursevia sandbox. No card is asked for and no \
                      money moves.";

/// What the payment page shows.
pub(in crate::sandbox) struct PaymentPage<'a> {
    pub what: &'a str,
    pub amount: String,
    pub email: Option<&'a str>,
    /// Whether the card was declined last.
    pub declined: bool,
    /// When the page ends by itself.
    pub until: Instant,
    /// The page to come back to, if there is one.
    pub return_to: Option<&'a str>,
}

/// It can be paid.
pub(in crate::sandbox) fn open(page: &PaymentPage<'_>) -> String {
    let mut html = head(page, "Pay with play money");
    if page.declined {
        html.push_str(
            "<p class=\"note\"><strong>Your card was declined.</strong> Nothing was paid. Try again.</p>",
        );
    }
    let amount = escaped(&page.amount);
    let _ = write!(
        html,
        "<form method=\"post\" class=\"ways\"><button class=\"first\" name=\"do\" value=\"pay\">Pay {amount}</button>\
         <button name=\"do\" value=\"decline\">Decline the card</button>\
         <button name=\"do\" value=\"close\">Close without paying</button></form></div>\
         <p class=\"how\">This page is open until {} UTC.</p>",
        page.until.format("%H:%M")
    );
    whole("Pay with play money", &html)
}

/// It is paid.
pub(in crate::sandbox) fn paid(page: &PaymentPage<'_>) -> String {
    let words = "Thank you: it is paid, with play money. You can close this page and go back to coursevia.";
    said(page, "Paid", words)
}

/// It was left without paying.
pub(in crate::sandbox) fn closed(page: &PaymentPage<'_>) -> String {
    let until = page.until.format("%H:%M");
    let words = format!(
        "You can close this page and go back to coursevia. From there it can be paid until {until} UTC."
    );
    said(page, "Nothing was paid", &words)
}

/// It can't be paid any more.
pub(in crate::sandbox) fn over(page: &PaymentPage<'_>) -> String {
    let words = "This payment page has expired. Nothing was paid. Go back to coursevia to start a new one.";
    said(page, "This payment is over", words)
}

/// There is no such payment.
pub(in crate::sandbox) fn nowhere() -> String {
    let html =
        "<div class=\"card\"><h1>There is no such payment</h1><p>Open it again from coursevia.</p></div>";
    whole("There is no such payment", html)
}

fn said(page: &PaymentPage<'_>, title: &str, words: &str) -> String {
    let mut html = head(page, title);
    let _ = write!(html, "<p>{}</p>", escaped(words));
    if let Some(address) = page.return_to {
        let _ = write!(html, "<p><a href=\"{}\">Go on</a></p>", escaped(address));
    }
    html.push_str("</div>");
    whole(title, &html)
}

fn head(page: &PaymentPage<'_>, title: &str) -> String {
    let mut html = format!(
        "<header><p>Play money</p><h1>{title}</h1></header><div class=\"card\"><p>{}</p><p class=\"amount\">{}</p>",
        escaped(page.what),
        escaped(&page.amount)
    );
    if let Some(email) = page.email {
        let _ = write!(html, "<p>For {}</p>", escaped(email));
    }
    html
}

fn whole(title: &str, html: &str) -> String {
    framed(title, html, FOOTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_stays_text_and_every_page_says_play_money() {
        let page = PaymentPage {
            what: "<script>alert(1)</script>",
            amount: "$5.00 <b>".to_owned(),
            email: Some("\"><i>@example.org"),
            declined: true,
            until: Instant::default(),
            return_to: Some("https://example.org/?a=1&b=\"2\""),
        };
        for html in [open(&page), paid(&page), closed(&page), over(&page)] {
            assert!(!html.contains("<script>") && !html.contains("<b>") && !html.contains("<i>"), "{html}");
            assert!(html.contains("Play money"), "{html}");
        }
        assert!(open(&page).contains("declined") && paid(&page).contains("go back to coursevia"));
        assert!(paid(&page).contains("a=1&amp;b=&quot;2&quot;"));
    }
}
