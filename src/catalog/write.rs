//! A catalogue as a file again.

use super::price::percent;
use crate::domain::catalog::{Catalog, CatalogCohort, CatalogCourse, CatalogPartner, CatalogProgram, Day};
use crate::domain::money::{Money, Terms};
use crate::domain::provider::{
    Availability, Capabilities, LtiAccess, LtiTool, Protocol, SecretName, Support,
};
use crate::domain::refund::{RefundPolicy, RefundStep, RefundWhen};
use crate::domain::text::Text;
use crate::domain::web::{HostName, WebUrl};
use chrono::{Datelike, NaiveDate};
use toml_edit::{Array, ArrayOfTables, Date, Datetime, DocumentMut, InlineTable, Item, Table, Value, value};

/// Writes a catalogue in the format that [`parse`](super::parse) reads. What has its default is left out.
pub fn write(catalog: &Catalog) -> String {
    let mut document = DocumentMut::new();
    if catalog.demo {
        document.insert("demo", value(true));
    }
    entries(document.as_table_mut(), "partner", catalog.partners.iter().map(partner));
    entries(document.as_table_mut(), "program", catalog.programs.iter().map(program));
    document.to_string()
}

fn partner(partner: &CatalogPartner) -> Table {
    let mut table = Table::new();
    text(&mut table, "name", Some(&partner.name));
    text(&mut table, "type", Some(&partner.provider_type));
    if let Availability::Paused { note, until, .. } = &partner.availability {
        table.insert("active", value(false));
        text(&mut table, "note", note.as_ref());
        if let Some(until) = until.and_then(day) {
            table.insert("until", value(until));
        }
    }
    if let Some(end) = &partner.retirement {
        for (key, date) in [("closes_on", Some(end.closes_on)), ("ends_on", end.ends_on)] {
            if let Some(date) = date.and_then(day) {
                table.insert(key, value(date));
            }
        }
        text(&mut table, "retirement_note", end.note.as_ref());
    }
    text(&mut table, "icon", partner.icon.as_ref());
    text(&mut table, "description", Some(&partner.description).filter(|description| !description.is_empty()));
    table.insert("api", value(api(&partner.protocol, partner.declares)));
    if partner.support != Support::default() {
        let email = partner.support.email.as_ref().map(Text::as_str);
        let url = partner.support.url.as_ref().map(WebUrl::as_str);
        table.insert("support", value(inline([("email", email), ("url", url)])));
    }
    if partner.refunds != RefundPolicy::default() {
        table
            .insert("refunds", value(partner.refunds.steps().iter().copied().map(refund).collect::<Array>()));
    }
    table
}

fn refund(step: RefundStep) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("percent", i64::from(step.percent.get()).into());
    match step.when {
        RefundWhen::BeforeStart => table.insert("before_start", true.into()),
        RefundWhen::ProgressUpTo(progress) => {
            table.insert("progress_up_to", i64::from(progress.get()).into())
        }
        RefundWhen::DaysAfterEnrolling(days) => table.insert("days_after_enrolling", i64::from(days).into()),
    };
    table
}

fn api(protocol: &Protocol, declares: Option<Capabilities>) -> InlineTable {
    let mut api = match protocol {
        Protocol::Rest(access) => {
            let mut api = inline([
                ("protocol", Some("rest")),
                ("profile", Some(access.profile.as_str())),
                ("base_url", Some(access.base_url.as_str())),
                ("secret_env", access.secret_env.as_ref().map(SecretName::as_str)),
                (
                    "organization",
                    Some(access.organization.as_str()).filter(|organization| !organization.is_empty()),
                ),
            ]);
            list(&mut api, "launch_hosts", access.launch_hosts.iter().map(HostName::as_str));
            api
        }
        Protocol::Link(access) => {
            let mut api = inline([
                ("protocol", Some("link")),
                ("login_url", Some(access.login_url.as_str())),
                ("instructions", access.instructions.as_ref().map(Text::as_str)),
            ]);
            list(&mut api, "steps", access.steps.iter().map(Text::as_str));
            api
        }
        Protocol::Lti13(access) => tool(access),
        Protocol::Unknown => inline([("protocol", Some("unknown"))]),
    };
    // What its protocol can't is no use to anybody, and no good file.
    if let Some(declares) = declares.map(|declares| declares.and(protocol.capabilities())) {
        api.insert("capabilities", declares.names().collect::<Array>().into());
    }
    api
}

fn tool(access: &LtiAccess) -> InlineTable {
    let mut api = match &access.tool {
        LtiTool::Sandbox => inline([("protocol", Some("lti13")), ("tool", Some("sandbox"))]),
        LtiTool::Registered { login_url, redirect_urls, target_link_url } => {
            let mut api = inline([("protocol", Some("lti13")), ("login_url", Some(login_url.as_str()))]);
            list(&mut api, "redirect_urls", redirect_urls.iter().map(WebUrl::as_str));
            if let Some(url) = target_link_url {
                api.insert("target_link_url", url.as_str().into());
            }
            api
        }
    };
    api.insert("client_id", access.client_id.as_str().into());
    api.insert("deployment_id", access.deployment_id.as_str().into());
    list(&mut api, "discloses", access.discloses.words());
    api
}

/// A list that has something in it.
fn list<'a>(table: &mut InlineTable, key: &str, words: impl Iterator<Item = &'a str>) {
    let words: Array = words.collect();
    if !words.is_empty() {
        table.insert(key, words.into());
    }
}

fn program(program: &CatalogProgram) -> Table {
    let mut table = Table::new();
    table.insert("slug", value(program.slug.as_str()));
    text(&mut table, "title", Some(&program.title));
    if !program.aliases.is_empty() {
        table.insert("aliases", value(program.aliases.iter().map(Text::as_str).collect::<Array>()));
    }
    text(&mut table, "category", Some(&program.category));
    text(&mut table, "summary", Some(&program.summary));
    text(&mut table, "length", program.length.as_ref());
    hours(&mut table, program.hours);
    text(&mut table, "credential", program.credential.as_ref());
    entries(&mut table, "course", program.courses.iter().map(course));
    table
}

fn course(course: &CatalogCourse) -> Table {
    let mut table = Table::new();
    text(&mut table, "partner", Some(&course.partner));
    text(&mut table, "name", Some(&course.name));
    text(&mut table, "code", Some(&course.code));
    if !course.active {
        table.insert("active", value(false));
    }
    table.insert("format", value(course.format.code()));
    table.insert("pacing", value(course.pacing.code()));
    hours(&mut table, course.hours);
    text(&mut table, "credential", course.credential.as_ref());
    table.insert("price", value(course.price.decimal()));
    table.insert("currency", value(course.price.currency.code()));
    let terms = match course.terms {
        Terms::Wholesale(cents) => {
            let wholesale = Money { cents, ..course.price };
            Some(("wholesale", wholesale.decimal()))
        }
        Terms::Share(points) => Some(("share_percent", percent(points))),
        Terms::None => None,
    };
    if let Some((key, agreed)) = terms.filter(|_| !course.price.is_zero()) {
        table.insert("terms", value(inline([(key, Some(agreed.as_str()))])));
    }
    entries(&mut table, "cohort", course.cohorts.iter().map(cohort));
    table
}

fn cohort(cohort: &CatalogCohort) -> Table {
    let mut table = Table::new();
    days(&mut table, "starts", Some(cohort.starts));
    days(&mut table, "ends", cohort.ends);
    text(&mut table, "schedule", cohort.schedule.as_ref());
    table.insert("time_zone", value(cohort.time_zone.name()));
    text(&mut table, "location", cohort.location.as_ref());
    table.insert("seats", value(i64::from(cohort.seats)));
    table
}

fn days(table: &mut Table, key: &str, days: Option<Day>) {
    match days {
        Some(Day::On(date)) => {
            if let Some(date) = day(date) {
                table.insert(key, value(date));
            }
        }
        Some(Day::After(days)) => {
            table.insert(key, value(format!("+{days}d")));
        }
        None => {}
    }
}

fn entries(table: &mut Table, key: &str, rows: impl ExactSizeIterator<Item = Table>) {
    if rows.len() > 0 {
        let list: ArrayOfTables = rows.collect();
        table.insert(key, Item::ArrayOfTables(list));
    }
}

fn text(table: &mut Table, key: &str, text: Option<&Text>) {
    if let Some(text) = text {
        table.insert(key, value(text.as_str()));
    }
}

fn hours(table: &mut Table, hours: Option<u32>) {
    if let Some(hours) = hours {
        table.insert("hours", value(i64::from(hours)));
    }
}

fn inline<const N: usize>(pairs: [(&str, Option<&str>); N]) -> InlineTable {
    pairs.into_iter().filter_map(|(key, text)| text.map(|text| (key, Value::from(text)))).collect()
}

/// TOML has the years 0 to 9999 (RFC 3339).
fn day(date: NaiveDate) -> Option<Datetime> {
    let year = u16::try_from(date.year()).ok().filter(|year| *year <= 9_999)?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    Some(Datetime { date: Some(Date { year, month, day }), time: None, offset: None })
}
