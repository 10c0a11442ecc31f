//! What is said of money: before paying, while it is awaited, when it goes back, and of switching.

use super::{day, start_day, time, via, via_words};
use crate::domain::cohort::Cohort;
use crate::domain::decide::{CancelDecision, SwitchQuote};
use crate::domain::enrollment::Status;
use crate::domain::money::Money;
use crate::domain::payment::{PaymentStatus, PaymentView};
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::ui::keymap::{Action, Keymap};
use chrono::{FixedOffset, NaiveDate};

/// While another payment page is asked for.
pub const PAYING: &str = "Asking for a payment page…";
/// While a switch is made.
pub const SWITCHING: &str = "Switching…";
/// While it is looked up what a switch would change.
pub const QUOTING: &str = "Looking at what changes…";
/// The page is not there yet.
pub const OPENING_PAGE: &str = "The payment page is being opened…";
/// A payment that moves no money.
pub const PLAY_MONEY: &str = "Play money: no card is charged.";
/// Where it is paid.
pub const WHERE_PAID: &str = "On the payment page in your browser. No card number is typed here.";
/// What happens when it is paid.
pub const THEN: &str = "As soon as it is paid, this goes on by itself to My courses.";
/// The wait can be left.
pub const MAY_LEAVE: &str = "You can leave: it waits under My courses.";
/// The page was opened in the browser.
pub const PAGE_OPENED: &str = "The page is open in your browser. This is its address:";
/// An advisor overrules: why?
pub const WHY_SWITCH: &str =
    "The partner does not say whether the course was started. Write down why you switch it all the same.";
/// An advisor gave no reason.
pub const NO_REASON: &str = "Write a few words: the reason is kept with the switch.";

/// What was paid does not fit, in a few words: the details say more.
pub const PARKED: &str = "An advisor looks at your payment";
/// The state of a course whose payment does not fit.
pub const WAITS_FOR_ADVISOR: &str = "Waiting for an advisor";
/// What holds until an advisor has decided.
pub const KEPT_MEANWHILE: &str = "Nothing is lost: your place is kept until then.";

/// What Enter does at the checkout.
pub fn pay_in_browser(price: Money) -> String {
    format!("Pay {price} in your browser")
}

/// "Waiting for your payment of $59.00".
pub fn awaiting(amount: Money) -> String {
    format!("Waiting for your payment of {amount}")
}

/// The same where there is no room for that: the price is never cut.
pub fn awaiting_short(amount: Money) -> String {
    format!("Waiting for {amount}")
}

/// "held 24 min".
pub fn held(until: Option<Instant>, now: Instant) -> String {
    let left = until.map_or(0, |until| (until - now).num_seconds().max(0));
    match (left + 59) / 60 {
        0 => "still held".to_owned(),
        minutes @ 1..=119 => format!("held {minutes} min"),
        minutes => format!("held {} h", minutes / 60),
    }
}

/// "18:24 (24 min left)".
pub fn held_until(until: Option<Instant>, now: Instant, offset: FixedOffset) -> String {
    match until {
        Some(at) if at > now => {
            format!("{} ({} left)", time(at, offset), held(until, now).replace("held ", ""))
        }
        _ => "It is still held; the payment page is about to close.".to_owned(),
    }
}

/// The card was declined, in the processor's words: another one may work.
pub fn declined(payment: &PaymentView) -> Option<String> {
    let why = payment.note.as_ref()?.as_str().trim_end_matches('.');
    Some(format!("{}. Try again, or another card.", super::upper_first(why)))
}

/// Its payment ended without money, on its card and on the screen that waits.
pub fn not_paid(course: &CourseView, keys: &Keymap) -> String {
    let failed = course.money.payments.first().filter(|payment| payment.status == PaymentStatus::Failed);
    let why = failed.and_then(|payment| payment.note.as_ref());
    let head = match why {
        Some(why) => format!("Not paid: {}.", why.as_str().trim_end_matches('.')),
        None => "Not paid in time.".to_owned(),
    };
    let (go, cancel) = (keys.word(Action::Go), keys.word(Action::Cancel));
    format!("{head} {go} pays again · {cancel} gives the place back")
}

/// What was paid does not fit.
pub fn parked(payment: &PaymentView) -> String {
    let why = payment.note.as_ref().map_or("it is not what was asked for", |why| why.as_str());
    format!("What was paid does not fit: {}; an advisor looks at it.", why.trim_end_matches('.'))
}

/// The same where there is little room: beside what Enter does on a card.
pub fn not_paid_short(keys: &Keymap) -> String {
    format!("Not paid in time · {} gives the place back", keys.word(Action::Cancel))
}

/// The same as [`parked`] on a card that says already that an advisor is needed.
pub fn parked_short(payment: &PaymentView) -> String {
    let why = payment.note.as_ref().map_or("it is not what was asked for", |why| why.as_str());
    super::upper_first(&format!("{}; an advisor looks at it", why.trim_end_matches('.')))
}

/// The place was given back, because nobody paid.
pub fn lapsed(keys: &Keymap) -> String {
    format!("Not paid in time; your place was given back. {} enrolls again.", keys.word(Action::Go))
}

/// A switch waits for its payment: what holds until then.
pub fn keeps_old(old: Option<&CourseView>) -> String {
    format!("{} until then", keeps(old))
}

/// The same where it is said already until when.
pub fn keeps(old: Option<&CourseView>) -> String {
    let old = old.and_then(|old| old.provider()).map_or("your partner", |provider| provider.name.as_str());
    format!("you keep {old}")
}

/// It is paid, and the student waited for it.
pub fn paid(course: &CourseView, keys: &Keymap) -> String {
    format!("Paid. Enrolled{}. {} starts it", via(course), keys.word(Action::Go))
}

/// It is paid while something else is on screen.
pub fn paid_elsewhere(course: &CourseView) -> String {
    format!("Paid. You are enrolled in {}{}. It is under My courses.", course.program_title, via(course))
}

/// A switch is done.
pub fn switched(course: &CourseView, back: Option<Money>) -> String {
    let partner = course.provider().map_or("your new partner", |provider| provider.name.as_str());
    let back = back.map(|back| format!(" {back} goes back to your card.")).unwrap_or_default();
    format!("You are with {partner} now.{back}")
}

/// A place is held while something else is on screen.
pub fn held_elsewhere(course: &CourseView) -> String {
    format!(
        "Your place in {}{} is held. It waits for your payment under My courses.",
        course.program_title,
        via(course)
    )
}

/// The payment page is on screen because there is no browser here.
pub fn use_page(loopback: bool, scanned: bool) -> &'static str {
    if loopback {
        "Open this address in a browser on the machine coursevia runs on:"
    } else if scanned {
        "Scan the code with your phone, or open this address in a browser:"
    } else {
        "Open this address in a browser:"
    }
}

/// "$59.00 on Sun 22 Nov".
pub fn paid_on(payment: &PaymentView, now: Instant, offset: FixedOffset) -> Option<String> {
    Some(format!("{} on {}", payment.amount, day(payment.paid_at?, now, offset)))
}

/// Which part of the price it was, after a switch.
pub fn part_of_switch(course: &CourseView, payment: &PaymentView) -> Option<&'static str> {
    course.enrollment.switched_from?;
    let here = payment.enrollment_id == course.enrollment.id;
    Some(if here { "the difference of the switch" } else { "before the switch" })
}

/// Where the refunds of a course stand, the one that needs somebody first.
pub fn refunds(course: &CourseView) -> Vec<(String, bool)> {
    let money = &course.money;
    let failed = money.failed_refund().map(|refund| {
        let why = refund.note.as_ref().map_or("the payment processor could not do it", |note| note.as_str());
        let why = why.trim_end_matches('.');
        (format!("refund of {} could not be made: {why}; ask your advisor", refund.amount), true)
    });
    let way = money.on_its_way_back().map(|back| (format!("refund of {back} on its way"), false));
    let back = money.back().map(|back| (format!("refunded {back}"), false));
    failed.into_iter().chain(way).chain(back).collect()
}

/// What is new of a cancelled course, for its one line; whether it needs somebody.
pub fn cancelled_news(course: &CourseView) -> Option<(String, bool)> {
    if let Some(refund) = course.money.failed_refund() {
        return Some((format!("{} not refunded", refund.amount), true));
    }
    let news = refunds(course).into_iter().next();
    news.or_else(|| course.lapsed().then(|| ("not paid in time".to_owned(), false)))
}

/// What of the money goes back, before a course is cancelled.
pub fn goes_back(course: &CourseView, decision: &CancelDecision) -> Option<String> {
    let paid = course.money.paid().filter(|paid| !paid.is_zero());
    let policy =
        || course.money.payments.first().map(|payment| payment.policy.sentence()).unwrap_or_default();
    match (decision, paid) {
        (CancelDecision::ClosePayment(_), _) => {
            Some("The payment page is closed. Nothing is charged.".to_owned())
        }
        (_, None) => None,
        (CancelDecision::Cancel { back, .. }, Some(paid)) => {
            let cents: i64 = back.iter().map(|(_, money)| money.cents).sum();
            let back = Money { cents, ..paid };
            Some(match () {
                () if back.is_zero() => format!("Nothing of the {paid} you paid goes back. {}", policy()),
                () if back == paid => format!("{back} goes back to your card."),
                () => format!("{back} of the {paid} you paid goes back to your card. {}", policy()),
            })
        }
        (CancelDecision::AskPartner, Some(paid)) => {
            Some(format!("How much of {paid} goes back depends on what the partner reports. {}", policy()))
        }
    }
}

/// What ending a switch means, before it is done.
pub fn ending_switch(old: Option<&CourseView>) -> String {
    format!("The switch ends and nothing is charged: {}.", keeps(old))
}

/// The start that a checkout is about.
pub fn starts(cohort: Option<&Cohort>, today: NaiveDate) -> String {
    match cohort {
        Some(cohort) => super::start_lines(cohort, today)[1].clone(),
        None => "any time, at your own pace".to_owned(),
    }
}

/// What Enter does where a switch is decided.
pub fn decide_switch(quote: &SwitchQuote) -> String {
    let to = &quote.to;
    match (quote.due.is_zero(), quote.refund.is_zero()) {
        (false, _) => format!("Switch to {to} and pay {}", quote.due),
        (true, false) => format!("Switch to {to}; {} goes back", quote.refund),
        (true, true) => format!("Switch to {to}"),
    }
}

/// What changes, in the order of the screen: a name, a value, and whether it is the money that moves.
pub fn changes(quote: &SwitchQuote, today: NaiveDate) -> Vec<(&'static str, String, bool)> {
    let start = |day: Option<NaiveDate>| day.map(|day| start_day(day, today));
    let mut out = vec![
        ("Paid so far", quote.paid.to_string().replace("Free", "nothing"), false),
        ("New price", quote.price.to_string(), false),
    ];
    match (quote.due.is_zero(), quote.refund.is_zero()) {
        (false, _) => out.push(("You pay", quote.due.to_string(), true)),
        (true, false) => out.push(("You get back", quote.refund.to_string(), true)),
        (true, true) => out.push(("You pay", "nothing".to_owned(), true)),
    }
    if let Some(failed) = &quote.failed {
        out.push(("Free", failed.because(&quote.from), false));
        out.push(("Progress", failed.progress_words(quote), false));
    }
    match (start(quote.old_start), start(quote.new_start)) {
        (None, None) => {}
        (Some(old), None) => out.push(("Start", format!("{old} is given up"), false)),
        (None, Some(new)) => out.push(("Start", format!("{new} instead of any time"), false)),
        (Some(old), Some(new)) => out.push(("Start", format!("{new}; {old} is given up"), false)),
    }
    if let Some(seats) = quote.seats_left {
        out.push(("Seats there", format!("{seats} free"), false));
    }
    if !quote.price.is_zero() {
        out.push(("Refunds", quote.policy.clone(), false));
    }
    out
}

/// Where a course that waits for money stands, in one sentence; `None` where it does not.
pub fn standing_of(course: &CourseView, keys: &Keymap) -> Option<String> {
    match course.enrollment.status {
        Status::Pending => Some(match (course.awaited(), course.money.parked()) {
            (Some(payment), _) => awaiting(payment.amount),
            (None, Some(payment)) => parked(payment),
            (None, None) if course.unpaid() => not_paid(course, keys),
            (None, None) => "Waiting for payment".to_owned(),
        }),
        Status::Cancelled if course.lapsed() => Some(lapsed(keys)),
        _ => None,
    }
}

/// Above the partners of a program somebody is about to pay for.
pub fn awaiting_with(course: &CourseView) -> String {
    format!("Waiting for your payment {}", via_words(course))
}
