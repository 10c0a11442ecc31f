//! `[[program]]`: what can be learned.

use super::course;
use super::names::Names;
use super::problem::quoted;
use super::report::Report;
use super::section::{Kind, Section};
use crate::domain::catalog::CatalogProgram;
use crate::domain::program::Slug;
use crate::domain::text::Text;

const PROGRAM: Kind = Kind {
    name: "program",
    keys: &["slug", "title", "aliases", "category", "summary", "length", "hours", "credential", "course"],
};

/// Reads one program with its courses, and notes its slug.
pub(super) fn read(
    report: &mut Report<'_>,
    section: Section<'_>,
    partners: &Names,
    slugs: &mut Names,
) -> Option<CatalogProgram> {
    let section = section.of(&PROGRAM);
    let slug = slug(report, section, slugs);
    let title = section.filled(report, "title", 120, "\"CNA Training\"");
    let aliases = section.texts(report, "aliases", (30, 60), "\"nurse\", \"nursing assistant\"");
    let category = section.filled(report, "category", 60, "\"Healthcare\"");
    let summary = section.filled(report, "summary", 1_000, "\"…\"");
    let length = section.text(report, "length", 60).and_then(Text::non_empty);
    let hours = section.hours(report);
    let credential = section.text(report, "credential", 120).and_then(Text::non_empty);
    let mut taken = Names::default();
    let mut courses = Vec::new();
    for entry in section.list(report, "course") {
        courses.extend(course::read(report, entry, partners, &mut taken));
    }
    section.finish(report);
    Some(CatalogProgram {
        slug: slug?,
        title: title?,
        aliases,
        category: category?,
        summary: summary?,
        length,
        hours,
        credential,
        courses,
    })
}

fn slug(report: &mut Report<'_>, section: Section<'_>, slugs: &mut Names) -> Option<Slug> {
    section.require(report, "slug", "\"cna-training\"");
    let raw = section.raw(report, "slug")?;
    let Ok(slug) = Slug::parse(raw.value) else {
        let mend = "Use a-z, 0-9 and single hyphens, at most 80, such as \"cna-training\".";
        report.error(raw.at, format!("the slug {} can't be used", quoted(raw.value)), mend);
        return None;
    };
    if let Some(first) = slugs.add(slug.as_str(), raw.at) {
        let what =
            format!("the slug {} is there already, on line {}", quoted(slug.as_str()), report.line(first));
        report.error(raw.at, what, "Give this program another slug, or remove it.");
    }
    Some(slug)
}
