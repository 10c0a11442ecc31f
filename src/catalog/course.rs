//! `[[program.course]]`: one partner's way to deliver a program.

use super::cohort::{self, Taken};
use super::names::Names;
use super::partner::MAX_NAME;
use super::price;
use super::problem::quoted;
use super::report::Report;
use super::section::{Kind, Section};
use crate::domain::catalog::CatalogCourse;
use crate::domain::program::{DeliveryFormat, Pacing};
use crate::domain::text::Text;

const COURSE: Kind = Kind {
    name: "course",
    keys: &[
        "partner",
        "name",
        "code",
        "active",
        "format",
        "pacing",
        "hours",
        "credential",
        "price",
        "currency",
        "terms",
        "cohort",
    ],
};

/// Reads one course; `taken` holds the partners this program has already.
pub(super) fn read(
    report: &mut Report<'_>,
    section: Section<'_>,
    partners: &Names,
    taken: &mut Names,
) -> Option<CatalogCourse> {
    let section = section.of(&COURSE);
    let partner = section.filled(report, "partner", MAX_NAME, "\"Certiport\"");
    if let Some(partner) = &partner {
        check_partner(report, section.at("partner"), partner, partners, taken);
    }
    let name = section.filled(report, "name", 120, "\"CNA Training\"");
    let code = section.filled_exact(report, "code", 80, "\"CNA-101\"");
    let active = section.flag(report, "active", true);
    section.require(report, "format", "\"online\"");
    let formats: Vec<_> = DeliveryFormat::ALL.iter().map(|format| format.code()).collect();
    let format = section.one_of(report, "format", &formats, DeliveryFormat::parse);
    section.require(report, "pacing", "\"self_paced\"");
    let pacings: Vec<_> = Pacing::ALL.iter().map(|pacing| pacing.code()).collect();
    let pacing = section.one_of(report, "pacing", &pacings, Pacing::parse);
    let hours = section.hours(report);
    let credential = section.text(report, "credential", 120).and_then(Text::non_empty);
    let price = price::read(report, section);
    let terms = price::terms(report, section, price);
    let (mut taken, mut cohorts) = (Taken::new(), Vec::new());
    for entry in section.list(report, "cohort") {
        cohorts.extend(cohort::read(report, entry, format, &mut taken));
    }
    section.finish(report);
    Some(CatalogCourse {
        partner: partner?,
        name: name?,
        code: code?,
        active,
        format: format?,
        pacing: pacing?,
        hours,
        credential,
        price: price?,
        terms,
        cohorts,
    })
}

fn check_partner(report: &mut Report<'_>, at: usize, partner: &Text, partners: &Names, taken: &mut Names) {
    let name = partner.as_str();
    if !partners.contains(name) {
        let mend = match partners.closest(name) {
            Some(meant) => {
                format!("Did you mean {}? Otherwise add a [[partner]] with this name.", quoted(meant))
            }
            None => "Add a [[partner]] with this name, or correct it.".to_owned(),
        };
        report.error(at, format!("the partner {} is not in this file", quoted(name)), mend);
    } else if let Some(first) = taken.add(name, at) {
        let what = format!("{} delivers this program already, on line {}", quoted(name), report.line(first));
        report.error(at, what, "Remove one of the two courses.");
    }
}
