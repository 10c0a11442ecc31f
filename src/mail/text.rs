//! What the messages say. Never a one-time link: mail is kept, forwarded and read by others.

use crate::domain::provider::Protocol;
use crate::domain::views::{CourseView, Offer};
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
    let mut body = String::new();
    let greeting = view.student.name.as_ref().map_or_else(
        || "Hello,".to_owned(),
        |name| format!("Hello {},", name.as_str().split(' ').next().unwrap_or_default()),
    );
    paragraph(&mut body, "", &greeting);
    if let Some(offer) = &view.partner {
        paragraph(&mut body, "", &format!("You are enrolled in {title}. Here is all you need to begin."));
        with_partner(&mut body, view, offer);
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

fn with_partner(body: &mut String, view: &CourseView, offer: &Offer) {
    let (course, partner) = (&offer.course, offer.provider.name.as_str());
    fact(body, "Program", view.program_title.as_str());
    fact(body, "Partner", partner);
    if course.name != view.program_title {
        fact(body, "Course", course.name.as_str());
    }
    fact(body, "Format", &format!("{}, {}", course.format.label(), course.pacing.label()));
    body.push('\n');
    match &offer.provider.protocol {
        Protocol::Link(access) => {
            heading(body, "How to start");
            paragraph(body, "  ", &format!("{partner} keeps the courses on its own site. Sign in there:"));
            line(body, access.login_url.as_str());
            if let Some(instructions) = &access.instructions {
                paragraph(body, "  ", instructions.as_str());
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
    paragraph(body, "  ", "The lessons are coming soon. Once they are there, this opens them:");
    command(body, view);
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
