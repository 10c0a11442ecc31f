//! Every sentence the app says: short, present tense, what happened and what to do next.
//! Refusals have theirs in [`crate::domain::refusal`].

mod away;
mod compare;
mod dates;
mod facts;
mod finish;
mod listing;
mod money;
mod place;
mod player;
mod progress;
mod reports;
mod reviews;
mod waiting;

pub use away::*;
pub use compare::*;
pub use dates::*;
pub use facts::{
    format_and_pacing, offer_facts, program_facts, short_format, single_facts, upper_first, why_unavailable,
};
pub use finish::*;
pub use listing::*;
pub use money::*;
pub use place::*;
pub use player::*;
pub use progress::*;
pub use reports::*;
pub use reviews::*;
pub use waiting::*;

use crate::domain::enrollment::Status;
use crate::domain::job::{JobKind, JobState};
use crate::domain::person::Student;
use crate::domain::provider::{LoginAddress, Protocol, Provider};
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, Offer};
use crate::domain::web::{LaunchUrl, WebUrl};
use crate::ui::card::{Next, next};
use crate::ui::field::MAX_CHARS;
use crate::ui::fit;
use crate::ui::keymap::{Action, Keymap};
use chrono::{Datelike, FixedOffset, NaiveDate};

/// A course that opens through this machine, where the browser is on another one.
pub fn opens_on_this_machine(port: u16) -> String {
    format!(
        "This course opens through this machine, and your browser is on another one. Connect with ssh -L \
         {port}:127.0.0.1:{port} and launch it with --print-url, or have public_base_url set under [lti]."
    )
}

/// While one program is read.
pub const LOADING_PROGRAM: &str = "Reading the program…";
/// While the list of programs is read.
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
/// Nothing was said yet.
pub const NO_MESSAGES: &str = "Nothing has happened yet.";
/// The heading over several partners.
pub const CHOOSE: &str = "Choose your learning format";
/// The heading over the partners when there is nothing to choose.
pub const NO_CHOICE: &str = "One partner delivers this program";
/// The label of a catalogue that is made up.
pub const DEMO: &str = "demo catalogue";
/// A lesson-less program of our own.
pub const LESSONS_COMING: &str = "The lessons are coming. Your place is kept.";
/// The link is on the clipboard, where the terminal allows it.
pub const COPIED: &str = "Copied, where your terminal allows it.";
/// The certificate's page was opened.
pub const CERTIFICATE_OPENED: &str = "Your certificate opens in your browser.";

/// The certificate's link is on the clipboard.
pub const COPIED_CERTIFICATE: &str = "The certificate's link is copied, where your terminal allows it.";
/// A paste where there is no field.
pub const NO_FIELD: &str = "There is no field here to paste into.";
/// The list of actions has no such line.
pub const NO_ACTION: &str = "No action matches. Type less, or other words.";
/// In the help's field, before anything is typed.
pub const SEARCH_KEYS: &str = "search the keys";
/// In the field of the filters, before anything is typed.
pub const SEARCH_FILTERS: &str = "format, price, start, rating or order";
/// In the field of the list of actions, before anything is typed.
pub const SEARCH_ACTIONS: &str = "what do you want to do?";
/// The lessons of a program of our own.
pub const TAUGHT_HERE: &str = "Lessons in this app, at your own pace";
/// How they go.
pub const HOW_IT_IS_TAUGHT: &str = "Read, take the quizzes, earn a certificate. No partner is needed.";

/// How to fill an empty catalogue.
pub fn no_programs_next(keys: &Keymap) -> String {
    let again = keys.word(Action::Refresh);
    format!("Import a catalogue with: coursevia catalog import FILE. Then press {again}.")
}

/// A program or course that is gone from the list.
pub fn gone(keys: &Keymap) -> String {
    format!("This is no longer here. {} goes back.", keys.word(Action::Back))
}

/// The key of an advisor's banner.
pub fn banner_keys(keys: &Keymap) -> String {
    format!("{} another student · {} leaves", keys.word(Action::PickStudent), keys.word(Action::LeaveStudent))
}

/// After a course was given up.
pub fn enroll_again(keys: &Keymap) -> String {
    format!("Cancelled. Press {} to choose a program again.", keys.word(Action::Programs))
}

/// How a link that is shown is left.
pub fn leave_link(close: &str, copy: &str, whole: bool) -> String {
    let all = if whole { "" } else { " all of it" };
    format!("{close} closes · {copy} copies{all}")
}

/// Before an advisor has picked somebody, on My courses.
pub fn pick_somebody(keys: &Keymap) -> String {
    format!("Press {} and type a name or an e-mail address.", keys.word(Action::PickStudent))
}

/// How the first course gets here.
pub fn no_courses(keys: &Keymap) -> String {
    let programs = keys.word(Action::Programs);
    format!("Press {programs}, choose a program and enroll. It appears here at once.")
}

/// The same where all courses were cancelled.
pub fn no_courses_now(keys: &Keymap) -> String {
    let (programs, cancelled) = (keys.word(Action::Programs), keys.word(Action::Cancelled));
    format!("Press {programs} to choose a program · {cancelled} shows the cancelled ones")
}

/// What the mouse does from now on.
pub fn mouse(ours: bool, keys: &Keymap) -> String {
    let key = keys.word(Action::Mouse);
    if ours {
        format!("Click and wheel work here again. {key} leaves the mouse to the terminal.")
    } else {
        format!("The mouse is the terminal's again: mark text with it. {key} takes it back.")
    }
}

/// More text than a field takes.
pub fn too_long() -> String {
    format!("This is too long: the field takes {MAX_CHARS} characters. It stays as it was.")
}

/// Several lines of the configuration name keys that can't be used.
pub fn key_problems(number: usize, messages: &str) -> String {
    format!("{number} keys of your configuration are not used. {messages} shows why.")
}

/// A reason as a sentence.
pub fn sentence(reason: &str) -> String {
    format!("{}.", upper_first(reason))
}

/// Ctrl-z where nobody waits behind the app.
pub const NO_SHELL: &str = "There is no shell to go back to here. Quit the app instead.";

/// "22 programs", "1 program".
pub fn count(number: usize, one: &str) -> String {
    crate::domain::money::counted(number as u64, one)
}

/// A number as a person reads it: "10,000".
pub fn grouped(number: usize) -> String {
    crate::domain::money::grouped(number as u64)
}

/// The line of a terminal that is too small.
pub fn too_small(width: u16, height: u16, min: (u16, u16), keys: &Keymap) -> String {
    let quit = keys.word(Action::Quit);
    let (columns, rows) = min;
    format!("Make the terminal a little larger (now {width}×{height}, needs {columns}×{rows}). {quit} quits.")
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
pub fn opened(partner: Option<&str>, keys: &Keymap) -> String {
    let show = keys.word(Action::ShowLink);
    format!("Opened {} in your browser. {show} shows the link.", partner.unwrap_or("your course"))
}

fn via(course: &CourseView) -> String {
    course.provider().map(|provider| format!(" via {}", provider.name)).unwrap_or_default()
}

/// Just enrolled, on My courses.
pub fn enrolled(course: &CourseView, keys: &Keymap, now: Instant) -> String {
    let (go, undo) = (keys.word(Action::Go), keys.word(Action::Undo));
    let then = match next(course, now) {
        Next::Details => "Your place is kept".to_owned(),
        Next::OpenSignIn => format!("{go} opens the sign-in page"),
        _ => format!("{go} starts it"),
    };
    format!("Enrolled{}. {then} · {undo} undoes", via(course))
}

/// Just enrolled, while something else is on screen.
pub fn enrolled_elsewhere(course: &CourseView) -> String {
    format!("Enrolled in {}{}. It is under My courses.", course.program_title, via(course))
}

/// A course was given up.
pub fn cancelled(course: &CourseView) -> String {
    if course.enrollment.status == Status::Pending && course.enrollment.replaces_id.is_none() {
        return format!("Your place in {}{} is given back.", course.program_title, via(course));
    }
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
        // A partner hears of an enrollment only when it is paid.
        Some(_) if course.enrollment.status == Status::Pending => {
            "Your place is given back. You can enroll again, with any partner, at any time.".to_owned()
        }
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
pub fn link_note(url: &LaunchUrl, copied: bool, offset: FixedOffset, keys: &Keymap) -> String {
    let go = keys.word(Action::Go);
    let works = url
        .expires_at()
        .map(|at| format!("It works once, until {}; {go} on the course gives a new one.", time(at, offset)));
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
pub fn offers_line(offers: &[&Offer], room: usize, ellipsis: &str, now: Instant) -> String {
    let price = |offer: &Offer| match offer.unavailable(now) {
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
        _ if course.unreturned().is_some() => "The refund is asked for again.".to_owned(),
        _ if course.undone().is_some() => "It is tried again.".to_owned(),
        // Read anew before the answer came: nobody prepares a place that was given back.
        _ if course.enrollment.status == Status::Cancelled => "It is tried again.".to_owned(),
        Some(provider) => format!("{} is asked again. Your place is being prepared.", provider.name),
        None => "It is tried again.".to_owned(),
    }
}

/// A course was cancelled, but the partner still counts it.
pub fn untold(provider: &Provider, job: &JobState, keys: &Keymap) -> String {
    let why = job.last_error.as_ref().map_or("it does not answer", |error| error.as_str());
    format!(
        "{} could not be told that you cancelled: {}. {} tries again{}.",
        provider.name,
        why.trim_end_matches('.'),
        keys.word(Action::Go),
        or_ask(Some(provider))
    )
}

/// The confirmation or the certificate was given up.
pub fn undone(course: &CourseView, job: &JobState, keys: &Keymap) -> String {
    let again = keys.word(Action::TryAgain);
    let (what, ask) = match job.kind {
        JobKind::Certificate => ("Your certificate could not be fetched", or_ask(course.provider())),
        _ => ("Your confirmation could not be sent", String::new()),
    };
    let why = job.last_error.as_ref().map(|error| format!(": {}", error.as_str().trim_end_matches('.')));
    format!("{what}{}. {again} tries again{ask}.", why.unwrap_or_default())
}

/// Enter while the place is prepared.
pub fn waits(course: &CourseView, keys: &Keymap) -> String {
    let stop = format!("{} stops waiting.", keys.word(Action::Back));
    match course.provider() {
        Some(provider) => {
            format!("{} is still preparing your place; it opens by itself. {stop}", provider.name)
        }
        None => format!("It opens by itself when it is ready. {stop}"),
    }
}

/// The place that was waited for could not be prepared.
pub fn not_prepared(course: &CourseView, keys: &Keymap) -> String {
    let again = keys.word(Action::TryAgain);
    let partner = course.provider().map_or("The partner", |provider| provider.name.as_str());
    format!("{partner} could not prepare your place{}. {again} tries again.", or_ask(course.provider()))
}

/// The third line of a course the partner could not prepare; its name stands above.
pub fn could_not_prepare(error: &str) -> String {
    format!("Could not prepare your place: {error}")
}

/// The same on the course's own screen, with what to do.
pub fn not_prepared_here(error: &str, keys: &Keymap) -> String {
    format!("{}. {} tries again.", could_not_prepare(error), keys.word(Action::Go))
}

fn or_ask(provider: Option<&Provider>) -> String {
    provider.and_then(|p| p.support.contact()).map(|c| format!("; ask {c}")).unwrap_or_default()
}

/// What the address is for.
pub fn why_email(partner: Option<&str>) -> String {
    let what =
        partner.map_or_else(|| "For your place".to_owned(), |name| format!("For your account at {name}"));
    format!("{what} and the confirmation. Asked once.")
}

/// An advisor has picked somebody.
pub fn acting_for(student: &Student, keys: &Keymap) -> String {
    let leave = keys.word(Action::LeaveStudent);
    format!("You act for {} now. {leave} leaves and clears the screen.", student.short())
}

/// The banner of an advisor.
pub fn banner(student: Option<&Student>, keys: &Keymap) -> String {
    match student {
        Some(student) => format!("Acting for {}", student.short()),
        None => format!("No student picked. {} picks one.", keys.word(Action::PickStudent)),
    }
}

/// All partners answered.
pub fn synced(checked: usize, payments: usize) -> String {
    match (checked, payments) {
        (0, 0) => "There is no progress to ask a partner for.".to_owned(),
        (0, _) => "The payment page is asked whether you have paid.".to_owned(),
        _ => format!("Up to date: asked about {}.", count(checked, "course")),
    }
}

/// The database does not answer.
pub fn database_down(seconds: i64, keys: &Keymap) -> String {
    let now = keys.word(Action::Refresh);
    format!("The database can't be reached. Trying again in {seconds} s · {now} tries now")
}

/// A list can't be read, and is not tried again by itself.
pub fn read_failed(why: &str, keys: &Keymap) -> String {
    format!("{why} {} tries again.", keys.word(Action::Refresh))
}

/// How many partners have answered so far.
pub fn asking_partners(done: usize, total: usize) -> String {
    format!("Asking partners {done} of {total}")
}

/// Nothing matches the search.
pub fn no_match(query: &str) -> String {
    format!("Nothing matches “{query}”.")
}

/// What takes away all that narrows the list.
pub fn shows_all(keys: &Keymap) -> String {
    format!("{} shows all", keys.word(Action::Back))
}

/// "via Certiport", "taught here".
pub fn via_words(course: &CourseView) -> String {
    course.provider().map_or_else(|| "taught here".to_owned(), |provider| format!("via {}", provider.name))
}

/// "You are enrolled via Certiport", "You are enrolled. It is taught here".
pub fn enrolled_with(course: &CourseView) -> String {
    match course.provider() {
        Some(provider) => format!("You are enrolled via {}", provider.name),
        None => "You are enrolled. It is taught here".to_owned(),
    }
}

/// The same in a list: "enrolled via Certiport", "enrolled".
pub fn enrolled_short(course: &CourseView) -> String {
    course
        .provider()
        .map_or_else(|| "enrolled".to_owned(), |provider| format!("enrolled via {}", provider.name))
}

/// What stands for a bar before the first figure.
pub fn no_figure(course: &CourseView) -> &'static str {
    if course.launched { "Opened. Your progress appears here." } else { "Your place is ready." }
}

/// Where a course at a link partner stands.
pub fn you_sign_in(provider: &Provider) -> String {
    format!("You sign in at {}", provider.name)
}

/// Where a student signs in at a link partner.
pub fn sign_in_at(course: &CourseView) -> Option<String> {
    match &course.provider()?.protocol {
        Protocol::Link(access) => match &access.login_url {
            LoginAddress::Url(url) => Some(url.to_string()),
            // Played on this machine, and not there now.
            LoginAddress::Sandbox => None,
        },
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
        assert_eq!(offers_line(&both, 80, "…", Instant::default()), whole);
        assert_eq!(
            offers_line(&both, 50, "…", Instant::default()),
            "A Partner With A Long Name $12,345,678.90 · …"
        );
        assert_eq!(offers_line(&both, 30, "…", Instant::default()), "A Partner With… $12,345,678.90");
        assert_eq!(offers_line(&[], 30, "…", Instant::default()), "");
    }
}
