//! What is said where the partner reports nothing, and about reports that a course is finished.

use crate::domain::proof::{Proof, ProofQueue};
use crate::domain::provider::{Protocol, Provider};
use crate::domain::time::{Instant, day};
use crate::domain::views::CourseView;
use crate::ui::app::FinishField;
use crate::ui::keymap::{Action, Keymap};
use chrono::NaiveDate;

/// No day is written, or none that can be read.
pub const NO_DAY: &str = "Write the day as year-month-day, such as 2026-12-01.";
/// The box was closed before it was sent.
pub const FINISH_KEPT: &str =
    "Your report is not sent yet. What you wrote is kept until you leave coursevia.";
/// While it is sent.
pub const SENDING: &str = "Sending…";
/// At the right edge of a card.
pub const WAITS_FOR_REPORT: &str = "waiting for an advisor";
/// At the right edge of a card.
pub const REPORT_DECLINED: &str = "report declined";

/// Said in advance, where nobody else will tell.
pub fn tell_us(provider: &Provider, keys: &Keymap) -> String {
    format!(
        "{} does not report progress; tell us when you finish: {}",
        provider.name,
        keys.sign(Action::Finish)
    )
}

/// Before it is sent.
pub fn finish_means(course: &CourseView) -> String {
    let partner = course.provider().map(|provider| provider.name.to_string()).unwrap_or_default();
    format!(
        "{partner} does not report progress. An advisor looks at what you write and completes the course."
    )
}

/// What a field of the box is called.
pub(in crate::ui) fn finish_label(field: FinishField) -> &'static str {
    match field {
        FinishField::Date => "Finished",
        FinishField::Note => "Note",
        FinishField::Proof => "Proof",
    }
}

/// What belongs into a field of the box.
pub(in crate::ui) fn finish_hint(field: FinishField, named: Option<NaiveDate>, today: NaiveDate) -> String {
    match (field, named) {
        (FinishField::Date, Some(named)) if named == today => format!("{}, today", day(named)),
        (FinishField::Date, Some(named)) => day(named),
        (FinishField::Date, None) => NO_DAY.to_owned(),
        (FinishField::Note, _) => "What your advisor should know. You may leave this empty.".to_owned(),
        (FinishField::Proof, _) => {
            "A link (https://…) or a file of at most 2 MB. You may leave this empty.".to_owned()
        }
    }
}

/// It is on its way to an advisor.
pub fn finish_sent(course: &CourseView) -> String {
    format!("Your report about {} is sent. An advisor looks at it; you get a mail.", course.program_title)
}

/// Where a report stands that nobody has decided about.
pub fn report_waits(proof: &Proof, sent_on: NaiveDate) -> String {
    format!("Waiting for an advisor since {}. You finished on {}.", day(sent_on), day(proof.finished_on))
}

/// The same where there is little room.
pub fn report_sent(proof: &Proof) -> String {
    format!("You finished on {}.", day(proof.finished_on))
}

/// Why a report was not believed.
pub fn report_declined(proof: &Proof) -> String {
    let reason = proof.decision_note.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("Report declined: {}.", reason.trim_end_matches('.'))
}

/// The same, with what to do next.
pub fn report_declined_here(proof: &Proof, keys: &Keymap) -> String {
    format!("{} {} sends another one.", report_declined(proof), keys.word(Action::Finish))
}

/// Who says that it is completed, where the partner says nothing.
pub fn confirmed_by_advisor(ago: &str) -> String {
    format!("confirmed by your advisor {ago}")
}

/// For advisors: what waits for a decision.
pub fn reports_wait(queue: ProofQueue, now: Instant) -> Option<String> {
    let since = queue.since.map(|since| crate::domain::time::ago(now, since))?;
    let count = match queue.open {
        0 => return None,
        1 => "1 report of a finished course waits".to_owned(),
        many => format!("{many} reports of finished courses wait"),
    };
    Some(format!("{count} for an advisor, the oldest sent {since}. Look at them with: coursevia proof list"))
}

/// What to do at a partner where students sign in by themselves: the steps with their numbers, or what is
/// said in one piece, without one.
pub fn how_to_begin(course: &CourseView) -> Vec<String> {
    let Some(Protocol::Link(access)) = course.provider().map(|provider| &provider.protocol) else {
        return Vec::new();
    };
    if access.steps.is_empty() {
        return access.instructions.iter().map(ToString::to_string).collect();
    }
    (1..).zip(&access.steps).map(|(number, step): (usize, _)| format!("{number}. {step}")).collect()
}
