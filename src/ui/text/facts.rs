//! What is said of programs and of the partners that deliver them.

use crate::domain::money::counted;
use crate::domain::program::{PartnerCourse, Program};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{Offer, Unavailable};

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
    counted(hours.into(), "hour")
}

pub(super) fn join<const N: usize>(facts: [Option<String>; N]) -> String {
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
    let can = offer.provider.capabilities();
    upper_first(&join([
        super::rated(&offer.rating),
        new(format, format.split(" (").next().unwrap_or(format)),
        new(course.pacing.label(), course.pacing.label()),
        course.hours.or(program.hours).map(hours_words),
        course.credential.as_ref().map(ToString::to_string),
        Some(opens(can.launch)),
        Some(if can.progress { "progress shown here" } else { "reports no progress" }.to_owned()),
    ]))
}

fn opens(from_here: bool) -> String {
    if from_here { "opens from here" } else { "you sign in at the partner" }.to_owned()
}

/// The third line of the card of the only partner: its format is said above.
pub fn single_facts(program: &Program, offer: &Offer) -> String {
    let can = offer.provider.capabilities();
    upper_first(&join([
        super::rated(&offer.rating),
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
pub fn why_unavailable(offer: &Offer, why: Unavailable, now: Instant) -> (String, String) {
    let ask = offer
        .provider
        .support
        .contact()
        .map_or_else(|| "Choose another partner.".to_owned(), |contact| format!("Ask {contact}"));
    match why {
        Unavailable::PartnerPaused | Unavailable::PartnerRetiring | Unavailable::PartnerRetired => {
            let (head, note) = super::shut(&offer.provider, now);
            (head, note.map_or_else(|| ask.clone(), |note| format!("{note}. {ask}")))
        }
        Unavailable::CourseInactive => ("Takes no new enrollments now.".to_owned(), ask),
        Unavailable::NotConfigured => ("Not set up here yet.".to_owned(), ask),
    }
}
