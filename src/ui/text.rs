//! Every sentence the app says: short, present tense, what happened and what to do next.
//! Refusals have theirs in [`crate::domain::refusal`].

use crate::domain::enrollment::{Enrollment, Status};
use crate::domain::job::{JobKind, JobState};
use crate::domain::person::Student;
use crate::domain::program::{PartnerCourse, Program};
use crate::domain::provider::{Availability, Protocol, Provider};
use crate::domain::text::Text;
use crate::domain::time::{Instant, ago};
use crate::domain::views::{CourseView, Offer, PriceLabel, ProgramView, Unavailable};
use crate::domain::web::{LaunchUrl, WebUrl};
use crate::ui::card::{Next, next};
use crate::ui::fit;
use chrono::{Datelike, FixedOffset, NaiveDate};

/// While programs are read for the first time.
pub const LOADING_PROGRAMS: &str = "Reading the programs…";
/// While courses are read for the first time.
pub const LOADING_COURSES: &str = "Reading your courses…";
/// While a course is cancelled.
pub const CANCELLING: &str = "Cancelling…";
/// While the profile is saved.
pub const SAVING: &str = "Saving…";
/// While a student is picked.
pub const PICKING: &str = "Getting the student's courses…";
/// While partners are asked for progress.
pub const ASKING_PARTNERS: &str = "Asking partners…";
/// Esc while a course waits to be opened.
pub const STOPPED_WAITING: &str = "Stopped waiting. Your place is still being prepared.";
/// What was typed is no address.
pub const NO_EMAIL: &str = "This is not an e-mail address. Write it like maya@example.org";
/// The catalogue is empty.
pub const NO_PROGRAMS: &str = "There are no programs here yet.";
/// How to fill it.
pub const NO_PROGRAMS_NEXT: &str = "Import a catalogue with: coursevia catalog import FILE. Then press r.";
/// Nothing was said yet.
pub const NO_MESSAGES: &str = "Nothing has happened yet.";
/// The heading over several partners.
pub const CHOOSE: &str = "Choose your learning format";
/// The heading over the partners when there is nothing to choose.
pub const NO_CHOICE: &str = "One partner delivers this program";
/// A program or course that is gone from the list.
pub const GONE: &str = "This is no longer here. esc goes back.";
/// The label of a catalogue that is made up.
pub const DEMO: &str = "demo catalogue";
/// No figure has come yet.
pub const NOT_REPORTED: &str = "not reported yet";
/// The keys of an advisor's banner.
pub const BANNER_KEYS: &str = "S another student · L leaves";
/// Before an advisor has picked somebody.
pub const NO_STUDENT: &str = "No student picked. S picks one.";
/// A lesson-less program of our own.
pub const LESSONS_COMING: &str = "The lessons are coming. Your place is kept.";
/// The link is on the clipboard, where the terminal allows it.
pub const COPIED: &str = "Copied, where your terminal allows it.";
/// The certificate's link is on the clipboard.
pub const COPIED_CERTIFICATE: &str = "The certificate's link is copied, where your terminal allows it.";
/// How a link that is shown is left.
pub const LEAVE_LINK: &str = "esc closes · y copies";
/// The same where the address is longer than the screen.
pub const LEAVE_CUT_LINK: &str = "esc closes · y copies all of it";
/// The lessons of a program of our own.
pub const TAUGHT_HERE: &str = "Lessons in this app, at your own pace";
/// After a course was given up.
pub const ENROLL_AGAIN: &str = "Cancelled. Press 1 to choose a program again.";

/// Ctrl-z where nobody waits behind the app.
pub const NO_SHELL: &str = "There is no shell to go back to here. q ends the app.";

/// "22 programs", "1 program".
pub fn count(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {one}{plural}")
}

/// The line of a terminal that is too small.
pub fn too_small(width: u16, height: u16, min: (u16, u16)) -> String {
    format!("Make the terminal a little larger (now {width}×{height}, needs {}×{}). q quits.", min.0, min.1)
}

/// While an enrollment is made.
pub fn enrolling(partner: Option<&str>) -> String {
    partner.map_or_else(|| "Enrolling…".to_owned(), |partner| format!("Enrolling via {partner}…"))
}

/// While a course is opened.
pub fn opening(partner: Option<&str>) -> String {
    partner.map_or_else(|| "Opening…".to_owned(), |partner| format!("Opening {partner}…"))
}

/// While a partner is asked once more.
pub fn retrying(partner: Option<&str>) -> String {
    partner.map_or_else(|| "Trying again…".to_owned(), |partner| format!("Asking {partner} again…"))
}

/// A course is open in the browser.
pub fn opened(partner: Option<&str>) -> String {
    format!("Opened {} in your browser. y shows the link.", partner.unwrap_or("your course"))
}

fn via(course: &CourseView) -> String {
    course.provider().map(|provider| format!(" via {}", provider.name)).unwrap_or_default()
}

/// Just enrolled, on My courses.
pub fn enrolled(course: &CourseView) -> String {
    let then = match next(course) {
        Next::Details => "Your place is kept".to_owned(),
        Next::OpenSignIn => "Enter opens the sign-in page".to_owned(),
        _ => "Enter starts it".to_owned(),
    };
    format!("Enrolled{}. {then} · u undoes", via(course))
}

/// Just enrolled, while something else is on screen.
pub fn enrolled_elsewhere(course: &CourseView) -> String {
    format!("Enrolled in {}{}. It is under My courses.", course.program_title, via(course))
}

/// A course was given up.
pub fn cancelled(course: &CourseView) -> String {
    let then = match course.provider() {
        Some(_) => "You can choose another format.",
        None => "You can enroll again at any time.",
    };
    format!("{}{} is cancelled. {then}", course.program_title, via(course))
}

/// The partner says that a course is done.
pub fn completed(course: &CourseView) -> String {
    let certificate = if course.certificate.is_some() { " Its details show the certificate." } else { "" };
    format!("You have completed {}{}.{certificate}", course.program_title, via(course))
}

/// What cancelling means, before it is done.
pub fn cancelling_means(course: &CourseView) -> String {
    match course.provider() {
        Some(provider) => format!(
            "Your place is given back and {} is told. You can enroll again, with any partner, at any time.",
            provider.name
        ),
        None => "Your place is given back. You can enroll again at any time.".to_owned(),
    }
}

/// How a link is used: by hand, or with the phone.
pub fn use_link(address: &WebUrl, scanned: bool) -> &'static str {
    if address.is_loopback() {
        "Open this address in a browser on the machine coursevia runs on:"
    } else if scanned {
        "Scan the code with your phone, or open this address in a browser:"
    } else {
        "Open this address in a browser:"
    }
}

/// How long a link works, and that it is on the clipboard.
pub fn link_note(url: &LaunchUrl, copied: bool, offset: FixedOffset) -> String {
    let works = url
        .expires_at()
        .map(|at| format!("It works once, until {}; Enter on the course gives a new one.", time(at, offset)));
    let copied = copied.then(|| COPIED.to_owned());
    works.into_iter().chain(copied).collect::<Vec<_>>().join(" ")
}

/// How many items are hidden above and below; `None` when all are shown.
pub fn more(above: usize, below: usize) -> Option<String> {
    match (above, below) {
        (0, 0) => None,
        (above, 0) => Some(format!("↑ {above} more")),
        (0, below) => Some(format!("↓ {below} more")),
        (above, below) => Some(format!("↑ {above} · ↓ {below} more")),
    }
}

/// The partners with their prices in one line of `room` cells: a price never loses a digit,
/// rather a partner is left out or its name is cut.
pub fn offers_line(offers: &[&Offer], room: usize, ellipsis: &str) -> String {
    let price = |offer: &Offer| match offer.unavailable() {
        None => offer.course.price.to_string(),
        Some(_) => "not available".to_owned(),
    };
    let each: Vec<String> =
        offers.iter().map(|offer| format!("{} {}", offer.provider.name, price(offer))).collect();
    for shown in (1..=each.len()).rev() {
        let rest = if shown < each.len() { format!(" · {ellipsis}") } else { String::new() };
        let line = format!("{}{rest}", each[..shown].join(" · "));
        if fit::width(&line) <= room {
            return line;
        }
    }
    offers.first().map_or_else(String::new, |offer| {
        let price = price(offer);
        let name = room.saturating_sub(fit::width(&price) + 1);
        format!("{} {price}", fit::cut(offer.provider.name.as_str(), name, ellipsis))
    })
}

/// A partner is asked once more.
pub fn retried(course: &CourseView) -> String {
    match course.provider() {
        Some(provider) if course.untold().is_some() => format!("{} is told again.", provider.name),
        _ if course.undone().is_some() => "It is tried again.".to_owned(),
        Some(provider) => format!("{} is asked again. Your place is being prepared.", provider.name),
        None => "It is tried again.".to_owned(),
    }
}

/// A course was cancelled, but the partner still counts it.
pub fn untold(provider: &Provider, job: &JobState) -> String {
    let why = job.last_error.as_ref().map_or("it does not answer", |error| error.as_str());
    format!(
        "{} could not be told that you cancelled: {}. Enter tries again{}.",
        provider.name,
        why.trim_end_matches('.'),
        or_ask(Some(provider))
    )
}

/// The confirmation or the certificate was given up.
pub fn undone(course: &CourseView, job: &JobState) -> String {
    let (what, ask) = match job.kind {
        JobKind::Certificate => ("Your certificate could not be fetched", or_ask(course.provider())),
        _ => ("Your confirmation could not be sent", String::new()),
    };
    let why = job.last_error.as_ref().map(|error| format!(": {}", error.as_str().trim_end_matches('.')));
    format!("{what}{}. t tries again{ask}.", why.unwrap_or_default())
}

/// Enter while the place is prepared.
pub fn waits(course: &CourseView) -> String {
    match course.provider() {
        Some(provider) => {
            format!("{} is still preparing your place; it opens by itself. esc stops waiting.", provider.name)
        }
        None => "It opens by itself when it is ready. esc stops waiting.".to_owned(),
    }
}

/// The place that was waited for could not be prepared.
pub fn not_prepared(course: &CourseView) -> String {
    let partner = course.provider().map_or("The partner", |provider| provider.name.as_str());
    format!("{partner} could not prepare your place{}. t tries again.", or_ask(course.provider()))
}

/// The third line of a course the partner could not prepare; its name stands above.
pub fn could_not_prepare(error: &str) -> String {
    format!("Could not prepare your place: {error}")
}

fn or_ask(provider: Option<&Provider>) -> String {
    provider.and_then(|p| p.support.contact()).map(|c| format!("; ask {c}")).unwrap_or_default()
}

/// What the address is for.
pub fn why_email(partner: Option<&str>) -> String {
    let what =
        partner.map_or_else(|| "For your place".to_owned(), |name| format!("For your account at {name}"));
    format!("{what} and the confirmation. Asked only once.")
}

/// An advisor has picked somebody.
pub fn acting_for(student: &Student) -> String {
    format!("You act for {} now. L leaves and clears the screen.", student.short())
}

/// The banner of an advisor.
pub fn banner(student: Option<&Student>) -> String {
    student.map_or_else(|| NO_STUDENT.to_owned(), |student| format!("Acting for {}", student.short()))
}

/// All partners answered.
pub fn synced(checked: usize) -> String {
    match checked {
        0 => "There is nothing to ask about.".to_owned(),
        _ => format!("Up to date: asked about {}.", count(checked, "course")),
    }
}

/// Some partners did not answer. What they have in common is said once.
pub fn sync_failed(failed: &[(Text, String)]) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (title, why) in failed {
        match reasons.iter_mut().find(|(reason, _)| reason == why) {
            Some((_, titles)) => titles.push(title.as_str()),
            None => reasons.push((why, vec![title.as_str()])),
        }
    }
    let each: Vec<String> = reasons
        .into_iter()
        .map(|(why, titles)| format!("No new figure for {}. {}", titles.join(", "), upper_first(why)))
        .collect();
    format!("{} r asks again.", each.join(" "))
}

/// The database does not answer.
pub fn database_down(seconds: i64) -> String {
    format!("The database can't be reached. Trying again in {seconds} s · r tries now")
}

/// How many partners have answered so far.
pub fn asking_partners(done: usize, total: usize) -> String {
    format!("Asking partners {done} of {total}")
}

/// Nothing matches the search.
pub fn no_match(query: &str) -> String {
    format!("Nothing matches “{query}”.")
}

/// "3 partners", "Milady", "taught here", "paused".
pub fn who_delivers(view: &ProgramView) -> String {
    match view.offers.as_slice() {
        [] => "taught here".to_owned(),
        _ if view.available().next().is_none() => "paused".to_owned(),
        [only] => only.provider.name.to_string(),
        many => format!("{} partners", many.len()),
    }
}

/// "Free", "$119.00", "from $35.00", "Free and up", "—".
pub fn price(view: &ProgramView) -> String {
    match view.price() {
        PriceLabel::Exactly(money) => money.to_string(),
        PriceLabel::From(money) if money.is_zero() => "Free and up".to_owned(),
        PriceLabel::From(money) => format!("from {money}"),
        PriceLabel::NotAvailable => "—".to_owned(),
    }
}

/// "Healthcare · 6 weeks · 120 hours · Certificate".
pub fn program_facts(program: &Program) -> String {
    let facts = [
        Some(program.category.to_string()),
        program.length.as_ref().map(ToString::to_string),
        program.hours.map(hours_words).filter(|_| !tells_hours(program)),
        program.credential.as_ref().map(ToString::to_string),
    ];
    join(facts)
}

/// A length such as "10 hours" already says what `hours` says.
fn tells_hours(program: &Program) -> bool {
    let length = program.length.as_ref().map(Text::as_str).unwrap_or_default();
    program.hours.is_some_and(|hours| length == format!("{hours} h") || length == hours_words(hours))
}

fn hours_words(hours: u32) -> String {
    let plural = if hours == 1 { "" } else { "s" };
    let plain = hours.to_string();
    let grouped = if plain.len() > 3 {
        let (thousands, rest) = plain.split_at(plain.len() - 3);
        format!("{thousands},{rest}")
    } else {
        plain
    };
    format!("{grouped} hour{plural}")
}

fn join<const N: usize>(facts: [Option<String>; N]) -> String {
    facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// "Online, self-paced".
pub fn format_and_pacing(course: &PartnerCourse) -> String {
    format!("{}, {}", course.format.label(), course.pacing.label())
}

/// "Hybrid, instructor-led", where there is little room.
pub fn short_format(course: &PartnerCourse) -> String {
    let format = course.format.label();
    format!("{}, {}", format.split(" (").next().unwrap_or(format), course.pacing.label())
}

/// The third line of a partner's card: what its second line does not say yet.
pub fn offer_facts(program: &Program, offer: &Offer) -> String {
    let course = &offer.course;
    let said = offer.provider.description.as_str().to_lowercase().replace('-', " ");
    let format = course.format.label();
    let new = |label: &str, word: &str| {
        (!said.contains(&word.to_lowercase().replace('-', " "))).then(|| label.to_owned())
    };
    let can = offer.provider.protocol.capabilities();
    upper_first(&join([
        new(format, format.split(" (").next().unwrap_or(format)),
        new(course.pacing.label(), course.pacing.label()),
        course.hours.or(program.hours).map(hours_words),
        course.credential.as_ref().map(ToString::to_string),
        Some(opens(can.launch)),
        can.progress.then(|| "progress shown here".to_owned()),
    ]))
}

fn opens(from_here: bool) -> String {
    if from_here { "opens from here" } else { "you sign in at the partner" }.to_owned()
}

/// The third line of the card of the only partner: its format is said above.
pub fn single_facts(program: &Program, offer: &Offer) -> String {
    let can = offer.provider.protocol.capabilities();
    upper_first(&join([
        Some(offer.course.pacing.label().to_owned()),
        offer.course.hours.or(program.hours).map(hours_words),
        offer.course.credential.as_ref().map(ToString::to_string),
        Some(opens(can.launch)),
    ]))
}

/// `words` with a capital at the beginning.
pub fn upper_first(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Why an offer can't be taken: what happened, and what to do.
pub fn why_unavailable(offer: &Offer, why: Unavailable) -> (String, String) {
    let ask = offer
        .provider
        .support
        .contact()
        .map_or_else(|| "Choose another partner.".to_owned(), |contact| format!("Ask {contact}"));
    match why {
        Unavailable::PartnerPaused => {
            let (head, note) = paused(&offer.provider);
            (head, note.map_or_else(|| ask.clone(), |note| format!("{note}. {ask}")))
        }
        Unavailable::CourseInactive => ("Takes no new enrollments now.".to_owned(), ask),
        Unavailable::NotConfigured => ("Not set up here yet.".to_owned(), ask),
    }
}

/// "Paused until 1 March:" and the reason without its full stop.
pub fn paused(provider: &Provider) -> (String, Option<String>) {
    let Availability::Paused { note, until } = &provider.availability else {
        return (String::new(), None);
    };
    let until = until.map(|day| format!(" until {}", day.format("%-d %B"))).unwrap_or_default();
    let note = note.as_ref().map(|note| note.as_str().trim_end_matches('.').to_owned());
    let end = if note.is_some() { ":" } else { "." };
    (format!("Paused{until}{end}"), note)
}

/// "via Certiport", "taught here".
pub fn via_words(course: &CourseView) -> String {
    course.provider().map_or_else(|| "taught here".to_owned(), |provider| format!("via {}", provider.name))
}

/// How old the figure is and who says so.
pub fn progress_source(course: &CourseView, now: Instant) -> String {
    let Some(provider) = course.provider() else {
        return course
            .enrollment
            .progress
            .as_of
            .map(|at| format!("counted here {}", ago(now, at)))
            .unwrap_or_default();
    };
    match course.enrollment.progress.as_of {
        Some(at) => format!("reported by {} {}", provider.name, ago(now, at)),
        None if provider.protocol.capabilities().progress => NOT_REPORTED.to_owned(),
        None => format!("progress is kept by {}", provider.name),
    }
}

/// What stands for a bar before the first figure.
pub fn no_figure(course: &CourseView) -> &'static str {
    if course.launched { "Opened. Your progress appears here." } else { "Your place is ready." }
}

/// "was 60% before".
pub fn fell(enrollment: &Enrollment) -> Option<String> {
    enrollment.progress.fell_from.map(|before| format!("was {before} before"))
}

/// Where a course at a link partner stands.
pub fn you_sign_in(provider: &Provider) -> String {
    format!("You sign in at {}", provider.name)
}

/// Where a student signs in at a link partner.
pub fn sign_in_at(course: &CourseView) -> Option<String> {
    match &course.provider()?.protocol {
        Protocol::Link(access) => Some(access.login_url.to_string()),
        _ => None,
    }
}

/// "Sun 4 Jan", with the year when it is another one than today's.
pub fn day(at: Instant, now: Instant, offset: FixedOffset) -> String {
    let (day, today) = (at.with_timezone(&offset).date_naive(), now.with_timezone(&offset).date_naive());
    let format = if day.year() == today.year() { "%a %-d %b" } else { "%-d %b %Y" };
    day.format(format).to_string()
}

/// "Sun 4 Jan 2026, 10:11".
pub fn moment(at: Instant, offset: FixedOffset) -> String {
    at.with_timezone(&offset).format("%a %-d %b %Y, %H:%M").to_string()
}

/// The database holds something that has not happened yet by this machine's clock.
pub fn clock_wrong(now: Instant, newest: Instant, offset: FixedOffset) -> String {
    format!(
        "A clock is wrong: here it is {}, but the database was last written at {}. Set the clock of this machine, or of the one that wrote, and start again.",
        moment(now, offset),
        moment(newest, offset)
    )
}

/// "10:11".
pub fn time(at: Instant, offset: FixedOffset) -> String {
    at.with_timezone(&offset).format("%H:%M").to_string()
}

/// "1 March 2026".
pub fn date(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The state of an enrollment in one word.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Pending => "waiting for payment",
        Status::Active => "enrolled",
        Status::Completed => "completed",
        Status::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{link_offer, rest_offer};
    use crate::domain::money::{Currency, Money};

    #[test]
    fn a_price_never_loses_a_digit() {
        let (mut dear, free) = (link_offer("A Partner With A Long Name"), rest_offer("Certiport"));
        dear.course.price = Money::parse("12345678.90", Currency::USD).unwrap();
        let both = [&dear, &free];
        let whole = "A Partner With A Long Name $12,345,678.90 · Certiport Free";
        assert_eq!(offers_line(&both, 80, "…"), whole);
        assert_eq!(offers_line(&both, 50, "…"), "A Partner With A Long Name $12,345,678.90 · …");
        assert_eq!(offers_line(&both, 30, "…"), "A Partner With… $12,345,678.90");
        assert_eq!(offers_line(&[], 30, "…"), "");
    }

    #[test]
    fn partners_that_did_not_answer_are_named_once() {
        let failed = |title: &str, why: &str| (Text::from(title), why.to_owned());
        let all =
            [failed("CNA", "HSI is down."), failed("HVAC", "HSI is down."), failed("OSHA", "it is slow.")];
        assert_eq!(
            sync_failed(&all),
            "No new figure for CNA, HVAC. HSI is down. No new figure for OSHA. It is slow. r asks again."
        );
    }
}
