//! `[[partner]]`: who delivers programs, and whether they take enrollments.

use super::access;
use super::names::Names;
use super::problem::quoted;
use super::refunds;
use super::report::Report;
use super::section::{Kind, Section};
use crate::domain::catalog::CatalogPartner;
use crate::domain::provider::{Availability, Retirement, Support};
use crate::domain::text::Text;

const PARTNER: Kind = Kind {
    name: "partner",
    keys: &[
        "name",
        "type",
        "active",
        "note",
        "until",
        "closes_on",
        "ends_on",
        "retirement_note",
        "icon",
        "description",
        "api",
        "support",
        "refunds",
    ],
};

const SUPPORT: Kind = Kind { name: "support contact", keys: &["email", "url"] };

/// The longest name of a partner or a course, in characters.
pub(super) const MAX_NAME: usize = 80;

/// Reads one partner and notes its name, even when the rest of it has errors.
pub(super) fn read(
    report: &mut Report<'_>,
    section: Section<'_>,
    demo: bool,
    names: &mut Names,
) -> Option<CatalogPartner> {
    let section = section.of(&PARTNER);
    let name = section.filled(report, "name", MAX_NAME, "\"Certiport\"");
    if let Some(name) = &name {
        note_name(report, section.at("name"), name, names);
    }
    let provider_type = section.filled_exact(report, "type", 40, "\"certiport\"");
    let icon = icon(report, section);
    let description = section.text(report, "description", 300).unwrap_or_default();
    let availability = availability(report, section);
    let retirement = retirement(report, section);
    let access = access::read(report, section, demo);
    let support = support(report, section);
    let refunds = refunds::read(report, section);
    section.finish(report);
    let (protocol, declares) = access?;
    Some(CatalogPartner {
        name: name?,
        provider_type: provider_type?,
        icon,
        description,
        availability,
        retirement,
        declares,
        protocol,
        support,
        refunds,
    })
}

fn note_name(report: &mut Report<'_>, at: usize, name: &Text, names: &mut Names) {
    if let Some(first) = names.add(name.as_str(), at) {
        let what =
            format!("the partner {} is there already, on line {}", quoted(name.as_str()), report.line(first));
        report.error(at, what, "Give this one another name, or remove it.");
    }
}

fn icon(report: &mut Report<'_>, section: Section<'_>) -> Option<Text> {
    let icon = section.text(report, "icon", 16)?.non_empty()?;
    if icon.as_str().chars().count() > 1 {
        report.error(
            section.at("icon"),
            "the icon is more than one character",
            "Write one character, such as \"◆\".",
        );
        return None;
    }
    Some(icon)
}

fn availability(report: &mut Report<'_>, section: Section<'_>) -> Availability {
    let note = section.text(report, "note", 300).and_then(Text::non_empty);
    let until = section.date(report, "until");
    if !section.flag(report, "active", true) {
        return Availability::paused(note, until);
    }
    for key in ["note", "until"].into_iter().filter(|key| section.has(key)) {
        let what = format!("{key} is not shown, because the partner is active");
        report.warn(section.at(key), what, format!("Write active = false to pause it, or remove {key}."));
    }
    Availability::Active
}

/// An announced end: no new students from the first day on, nothing opens from the second.
fn retirement(report: &mut Report<'_>, section: Section<'_>) -> Option<Retirement> {
    let note = section.text(report, "retirement_note", 300).and_then(Text::non_empty);
    let (closes_on, ends_on) = (section.date(report, "closes_on"), section.date(report, "ends_on"));
    if !section.has("closes_on") {
        for key in ["ends_on", "retirement_note"].into_iter().filter(|key| section.has(key)) {
            let what = format!("{key} needs closes_on");
            report.error(
                section.at(key),
                what,
                "Add the day from which on nobody enrolls: closes_on = 2026-11-30.",
            );
        }
        return None;
    }
    let closes_on = closes_on?;
    if ends_on.is_some_and(|ends_on| ends_on < closes_on) {
        report.error(
            section.at("ends_on"),
            "ends_on lies before closes_on",
            "Write the same day or a later one.",
        );
        return None;
    }
    Some(Retirement { closes_on, ends_on, note })
}

fn support(report: &mut Report<'_>, section: Section<'_>) -> Support {
    let Some(support) = section.table(report, "support", &SUPPORT) else {
        return Support::default();
    };
    let email = support.exact(report, "email", 254).and_then(Text::non_empty);
    let plausible = |email: &Text| {
        let (mailbox, host) = email.as_str().split_once('@').unwrap_or_default();
        !mailbox.is_empty() && !host.is_empty() && !email.as_str().contains([' ', ',', '<', '>'])
    };
    if email.as_ref().is_some_and(|email| !plausible(email)) {
        let mend = "Write one address, such as \"support@example.org\".";
        report.error(support.at("email"), "the email is not an e-mail address", mend);
    }
    let url = support.url(report, "url");
    support.finish(report);
    Support { email, url }
}
