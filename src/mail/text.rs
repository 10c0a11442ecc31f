//! What the messages say. Never a one-time link: mail is kept, forwarded and read by others.

use crate::domain::enrollment::Status;
use crate::domain::money::Money;
use crate::domain::payment::RefundView;
use crate::domain::person::Student;
use crate::domain::proof::{Proof, ProofStatus};
use crate::domain::provider::{LoginAddress, Protocol};
use crate::domain::time::day;
use crate::domain::views::{CourseView, Offer};
use crate::domain::waitlist::WaitlistView;
use crate::mail::Message;
use std::fmt::Write;

/// The widest line, in characters.
const WIDTH: usize = 72;

/// The confirmation of an enrollment; `None` when the student has no address. `key` is the
/// job's idempotency key: the same key makes the same message.
pub fn enrollment_confirmed(view: &CourseView, key: &str) -> Option<Message> {
    let to = view.student.email.clone()?;
    let title = view.program_title.as_str();
    let subject = match &view.partner {
        Some(offer) => format!("You are enrolled in {title} via {}", offer.provider.name),
        None => format!("You are enrolled in {title}"),
    };
    let mut body = greeting(&view.student);
    if let Some(offer) = &view.partner {
        paragraph(&mut body, "", &format!("You are enrolled in {title}. Here is all you need to begin."));
        with_partner(&mut body, view, offer, "");
        paragraph(&mut body, "", "Enjoy the course.");
    } else {
        paragraph(&mut body, "", &format!("You are enrolled in {title}. Your place is kept."));
        taught_here(&mut body, view);
    }
    Some(Message {
        id: key.to_owned(),
        to,
        to_name: view.student.name.clone(),
        subject,
        body: format!("{}\n", body.trim_end()),
    })
}

/// What a switch changed, for the student of `view`, which replaced `old`; `None` and `key` as above.
pub fn switched(view: &CourseView, old: &CourseView, key: &str) -> Option<Message> {
    let (to, offer) = (view.student.email.clone()?, view.partner.as_ref()?);
    let (title, partner) = (view.program_title.as_str(), offer.provider.name.as_str());
    let before = old.provider().map(|provider| provider.name.to_string()).unwrap_or_default();
    let mut body = greeting(&view.student);
    let words = format!("You switched from {before} to {partner}. Here is all you need to begin.");
    paragraph(&mut body, "", &words);
    let difference = view.money.payments.first().filter(|first| first.enrollment_id == view.enrollment.id);
    let mut changed = format!("Your place at {before} is given up.");
    if let Some(difference) = difference {
        let _ = write!(changed, " You paid the difference of {}.", difference.amount);
    }
    if let Some(back) =
        sum(view.money.refunds.iter().filter(|refund| refund.enrollment_id == view.enrollment.id))
    {
        let _ = write!(changed, " {back} goes back to the card you paid with. {TAKES_DAYS}");
    }
    with_partner(&mut body, view, offer, &changed);
    Some(Message {
        id: key.to_owned(),
        to,
        to_name: view.student.name.clone(),
        subject: format!("You are with {partner} now in {title}"),
        body: format!("{}\n", body.trim_end()),
    })
}

/// Money is on its way back; `None` where there is none, or no address. `key` as above.
pub fn refund_requested(view: &CourseView, refunds: &[RefundView], key: &str) -> Option<Message> {
    let (to, back) = (view.student.email.clone()?, sum(refunds.iter())?);
    let title = view.program_title.as_str();
    let mut body = greeting(&view.student);
    paragraph(
        &mut body,
        "",
        &format!("{back} of what you paid for {title} goes back to the card you paid with. {TAKES_DAYS}"),
    );
    fact(&mut body, "Program", title);
    if let Some(provider) = view.provider() {
        fact(&mut body, "Partner", provider.name.as_str());
    }
    fact(&mut body, "Back", &back.to_string());
    body.push('\n');
    let stands = match view.enrollment.status {
        Status::Cancelled => "The place it paid for is given up.",
        _ => "You stay in this course.",
    };
    paragraph(&mut body, "", stands);
    heading(&mut body, "Questions");
    paragraph(&mut body, "  ", "Ask your advisor.");
    Some(Message {
        id: key.to_owned(),
        to,
        to_name: view.student.name.clone(),
        subject: format!("{back} is on its way back to you"),
        body: format!("{}\n", body.trim_end()),
    })
}

/// An advisor has decided about a report that the course is finished; `None` while nobody has, or where
/// there is no address. `key` as above.
pub fn proof_decided(view: &CourseView, proof: &Proof, key: &str) -> Option<Message> {
    let (to, _) = (view.student.email.clone()?, proof.decided_at?);
    let accepted = proof.status == ProofStatus::Accepted;
    let title = view.program_title.as_str();
    let mut body = greeting(&view.student);
    let words = if accepted {
        format!("Your advisor accepted your report: you have completed {title}.")
    } else {
        format!("Your advisor looked at your report about {title} and could not accept it yet.")
    };
    paragraph(&mut body, "", &words);
    fact(&mut body, "Program", title);
    if let Some(provider) = view.provider() {
        fact(&mut body, "Partner", provider.name.as_str());
    }
    fact(&mut body, "Finished", &day(proof.finished_on));
    body.push('\n');
    if let Some(note) = &proof.decision_note {
        heading(&mut body, if accepted { "What your advisor says" } else { "Why" });
        paragraph(&mut body, "  ", note.as_str());
    }
    if !accepted && view.enrollment.status == Status::Active {
        heading(&mut body, "What to do next");
        paragraph(&mut body, "  ", "Send another report, with a link or a file that shows it:");
        line(&mut body, &format!("coursevia proof send {} --file FILE", view.program_slug));
    }
    heading(&mut body, "Questions");
    paragraph(&mut body, "  ", "Ask your advisor.");
    let subject = if accepted {
        format!("You have completed {title}")
    } else {
        format!("Your report about {title} was not accepted yet")
    };
    Some(Message {
        id: key.to_owned(),
        to,
        to_name: view.student.name.clone(),
        subject,
        body: format!("{}\n", body.trim_end()),
    })
}

/// A certificate runs out; `None` where it does not, or there is no address. `key` as above.
pub fn certificate_expires(view: &CourseView, key: &str) -> Option<Message> {
    let (to, certificate) = (view.student.email.clone()?, view.certificate.as_ref()?);
    let title = view.program_title.as_str();
    let ends = certificate.expires_at?.date_naive().format("%-d %B %Y").to_string();
    let mut body = greeting(&view.student);
    paragraph(&mut body, "", &format!("Your certificate of {title} expires on {ends}."));
    fact(&mut body, "Program", title);
    if let Some(provider) = view.provider() {
        fact(&mut body, "Partner", provider.name.as_str());
    }
    if let Some(number) = &certificate.external_certificate_id {
        fact(&mut body, "Number", number.as_str());
    }
    if let Some(issued) = certificate.issued_at {
        fact(&mut body, "Issued", &issued.date_naive().format("%-d %B %Y").to_string());
    }
    fact(&mut body, "Expires", &ends);
    if let Some(url) = &certificate.url {
        fact(&mut body, "See it", url.as_str());
    }
    if let Some(url) = &certificate.verify_url {
        fact(&mut body, "Check it", url.as_str());
    }
    body.push('\n');
    heading(&mut body, "How to keep it");
    let contact = view.provider().and_then(|provider| provider.support.contact());
    let ask = contact.map_or_else(
        || "Ask your advisor how to renew it.".to_owned(),
        |contact| format!("Ask {contact} how to renew it, or your advisor."),
    );
    paragraph(&mut body, "  ", &ask);
    Some(Message {
        id: key.to_owned(),
        to,
        to_name: view.student.name.clone(),
        subject: format!("Your certificate of {title} expires on {ends}"),
        body: format!("{}\n", body.trim_end()),
    })
}

/// A partner is back; `None` when the course has none, or the student no address. `key` as above.
pub fn partner_back(view: &CourseView, key: &str) -> Option<Message> {
    let (to, offer) = (view.student.email.clone()?, view.partner.as_ref()?);
    let (title, partner) = (view.program_title.as_str(), offer.provider.name.as_str());
    let mut body = greeting(&view.student);
    paragraph(&mut body, "", &format!("{partner} is back, and so is your course {title}."));
    if view.enrollment.progress.percent.get() > 0 {
        let words = format!("You go on where you stopped: {} complete.", view.enrollment.progress.percent);
        paragraph(&mut body, "", &words);
    }
    heading(&mut body, "How to go on");
    paragraph(&mut body, "  ", "Open coursevia and look under My courses, or type:");
    command(&mut body, view);
    heading(&mut body, "Questions");
    let words = match offer.provider.support.contact() {
        Some(contact) => format!("Ask {partner}: {contact}"),
        None => "Ask your advisor.".to_owned(),
    };
    paragraph(&mut body, "  ", &words);
    Some(Message {
        id: key.to_owned(),
        to,
        to_name: view.student.name.clone(),
        subject: format!("{partner} is back: {title}"),
        body: format!("{}\n", body.trim_end()),
    })
}

/// What banks need.
const TAKES_DAYS: &str = "It can take up to ten days until your bank shows it.";

fn sum<'a>(refunds: impl Iterator<Item = &'a RefundView>) -> Option<Money> {
    let amounts = refunds.map(|refund| refund.amount);
    amounts.reduce(|sum, one| Money { cents: sum.cents + one.cents, ..sum })
}

/// The offer of a seat; `None` when the student has no address. `key` as above.
pub fn seat_offered(entry: &WaitlistView, student: &Student, key: &str) -> Option<Message> {
    let to = student.email.clone()?;
    let (title, partner, cohort) = (&entry.program_title, &entry.partner, &entry.cohort);
    let until = entry.offer_until?.with_timezone(&cohort.time_zone);
    let mut body = greeting(student);
    paragraph(
        &mut body,
        "",
        &format!(
            "A seat is free in {title}. It is kept for you until {}.",
            until.format("%A %-d %B %Y, %H:%M %Z")
        ),
    );
    fact(&mut body, "Program", title.as_str());
    fact(&mut body, "Partner", partner.as_str());
    fact(&mut body, "Starts", &day(cohort.starts_on));
    if let Some(schedule) = &cohort.schedule {
        fact(&mut body, "When", schedule.as_str());
    }
    if let Some(location) = &cohort.location {
        fact(&mut body, "Where", location.as_str());
    }
    fact(&mut body, "Price", &entry.price.to_string());
    body.push('\n');
    heading(&mut body, "How to take it");
    paragraph(&mut body, "  ", "Open coursevia and look under My courses, or type:");
    line(&mut body, &format!("coursevia waitlist accept {}", entry.program_slug));
    heading(&mut body, "If you don't want it");
    paragraph(&mut body, "  ", "Decline it, and the next one who waits is asked:");
    line(&mut body, &format!("coursevia waitlist decline {}", entry.program_slug));
    paragraph(&mut body, "  ", "Without an answer the seat goes to the next one when the time is over.");
    Some(Message {
        id: key.to_owned(),
        to,
        to_name: student.name.clone(),
        subject: format!("A seat is kept for you in {title}"),
        body: format!("{}\n", body.trim_end()),
    })
}

fn greeting(student: &Student) -> String {
    let mut body = String::new();
    let words = student.name.as_ref().map_or_else(
        || "Hello,".to_owned(),
        |name| format!("Hello {},", name.as_str().split(' ').next().unwrap_or_default()),
    );
    paragraph(&mut body, "", &words);
    body
}

/// `changed` is what a switch changed.
fn with_partner(body: &mut String, view: &CourseView, offer: &Offer, changed: &str) {
    let (course, partner) = (&offer.course, offer.provider.name.as_str());
    fact(body, "Program", view.program_title.as_str());
    fact(body, "Partner", partner);
    if course.name != view.program_title {
        fact(body, "Course", course.name.as_str());
    }
    fact(body, "Format", &format!("{}, {}", course.format.label(), course.pacing.label()));
    if let Some(cohort) = &view.cohort {
        fact(body, "Starts", &day(cohort.starts_on));
        let time = cohort.schedule.as_ref().map(|schedule| format!("{schedule} ({})", cohort.time_zone));
        let facts = [("When", time), ("Where", cohort.location.as_ref().map(ToString::to_string))];
        for (name, words) in facts {
            if let Some(words) = words {
                fact(body, name, &words);
            }
        }
    }
    let paid = view.money.paid().filter(|paid| !paid.is_zero());
    if let Some(paid) = paid {
        fact(body, "Paid", &paid.to_string());
    }
    body.push('\n');
    if !changed.is_empty() {
        heading(body, "What changed");
        paragraph(body, "  ", changed);
    }
    match &offer.provider.protocol {
        Protocol::Link(access) => {
            heading(body, "How to start");
            if let LoginAddress::Url(url) = &access.login_url {
                paragraph(
                    body,
                    "  ",
                    &format!("{partner} keeps the courses on its own site. Sign in there:"),
                );
                line(body, url.as_str());
            } else {
                paragraph(body, "  ", &format!("{partner} keeps the courses on its own site."));
            }
            if let Some(instructions) = &access.instructions {
                paragraph(body, "  ", instructions.as_str());
            }
            for (number, step) in (1..).zip(&access.steps) {
                wrap(body, &format!("  {number}. "), "     ", step.as_str());
            }
            if !access.steps.is_empty() {
                body.push('\n');
            }
            paragraph(body, "  ", "This opens the same page from your terminal:");
            command(body, view);
        }
        Protocol::Unknown => {
            heading(body, "How to start");
            paragraph(body, "  ", &format!("{partner} tells you how to begin."));
        }
        Protocol::Rest(_) | Protocol::Lti13(_) => {
            start_here(body, view);
            paragraph(body, "  ", "It signs you in every time. You need no password.");
        }
    }
    if !matches!(offer.provider.protocol, Protocol::Unknown) && !offer.provider.capabilities().progress {
        heading(body, "When you have finished");
        let words = format!("{partner} does not report progress. Tell us, and your advisor looks at it:");
        paragraph(body, "  ", &words);
        line(body, &format!("coursevia proof send {}", view.program_slug));
    }
    if let (Some(_), Some(payment)) = (paid, view.money.payments.first()) {
        heading(body, "If you change your mind");
        paragraph(body, "  ", &payment.policy.sentence());
    }
    heading(body, "Questions");
    let words = match offer.provider.support.contact() {
        Some(contact) => format!("Ask {partner}: {contact}"),
        None => "Ask your advisor.".to_owned(),
    };
    paragraph(body, "  ", &words);
}

fn taught_here(body: &mut String, view: &CourseView) {
    fact(body, "Program", view.program_title.as_str());
    fact(body, "Format", "Taught here, at your own pace");
    body.push('\n');
    heading(body, "How to start");
    if view.taught.is_none() {
        paragraph(body, "  ", "The lessons are coming soon. Once they are there, this opens them:");
    } else {
        paragraph(body, "  ", "Open a terminal and type:");
    }
    line(body, "coursevia");
    let words = format!("Press Enter on {} under My courses. You learn right there.", view.program_title);
    paragraph(body, "  ", &words);
    heading(body, "Questions");
    paragraph(body, "  ", "Ask your advisor.");
}

fn start_here(body: &mut String, view: &CourseView) {
    heading(body, "How to start");
    paragraph(body, "  ", "Open a terminal and type:");
    command(body, view);
}

fn command(body: &mut String, view: &CourseView) {
    line(body, &format!("coursevia launch {}", view.program_slug));
}

fn heading(body: &mut String, words: &str) {
    let _ = writeln!(body, "{words}\n");
}

/// A line that must stay whole: a command, an address.
fn line(body: &mut String, words: &str) {
    let _ = writeln!(body, "      {words}\n");
}

fn fact(body: &mut String, name: &str, value: &str) {
    wrap(body, &format!("  {name:<9}"), "           ", value);
}

fn paragraph(body: &mut String, indent: &str, words: &str) {
    wrap(body, indent, indent, words);
    body.push('\n');
}

/// Breaks between words only: an address longer than a line stays whole.
fn wrap(body: &mut String, first: &str, indent: &str, words: &str) {
    body.push_str(first);
    let mut used = first.chars().count();
    let mut fresh = true;
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if !fresh && used + 1 + length > WIDTH {
            body.push('\n');
            body.push_str(indent);
            (used, fresh) = (indent.chars().count(), true);
        }
        if !fresh {
            body.push(' ');
            used += 1;
        }
        body.push_str(word);
        (used, fresh) = (used + length, false);
    }
    body.push('\n');
}
