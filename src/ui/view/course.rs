//! One enrollment in detail.

use super::courses::{last_error, preparing, progress, report_words};
use super::paint::Paint;
use super::{Line, in_focus};
use crate::domain::enrollment::{Link, Status};
use crate::domain::ids::EnrollmentId;
use crate::domain::pace;
use crate::domain::provider::Protocol;
use crate::domain::time::{Instant, ago};
use crate::domain::views::{Certificate, CourseView};
use crate::ui::app::{App, Screen};
use crate::ui::card::{Next, next};
use crate::ui::fit;
use crate::ui::keymap::Action;
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

/// How wide the names of the facts are.
const LABEL: usize = 14;
/// How many changes of progress are told.
const CHANGES: usize = 5;
/// More lines than any honest fact has: an address is shown whole.
const MOST_LINES: usize = 60;

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect, id: EnrollmentId, scroll: usize) {
    let Some(course) = app.course(id) else {
        paint.text(layout::line(layout::inset(body, 2, 2), 1), &text::gone(&app.keymap), Role::Plain);
        return;
    };
    head(app, paint, layout::inset(body, 2, 2), course);
    let area = layout::course_scroll(body);
    let lines = course_lines(app, course, body.width);
    let rows = usize::from(area.height);
    let hidden = lines.len().saturating_sub(scroll + rows);
    for (row, line) in (0..).zip(lines.into_iter().skip(scroll).take(rows)) {
        paint.spans(layout::line(area, row), line);
    }
    if hidden > 0 {
        let last = layout::line(layout::below(body, body.height.saturating_sub(1)), 0);
        let last = layout::inset(last, 2, 2);
        let more = vec![paint.span(&format!("↓ {hidden} more"), Role::Muted)];
        paint.row(last, Vec::new(), more);
    }
}

/// What it is and what Enter does.
fn head(app: &App, paint: &mut Paint, area: Rect, course: &CourseView) {
    let title = vec![
        paint.span(course.program_title.as_str(), Role::Strong),
        paint.span(&format!(" {}", text::via_words(course)), Role::Muted),
    ];
    let tall = area.height >= 12;
    paint.spans(layout::line(area, u16::from(tall)), title);
    let next = next(course, app.now);
    let action = if app.work.launching.is_some() {
        format!("{} Opening…", app.skin.spinner(app.ticks))
    } else if app.work.waiting == Some(course.enrollment.id) {
        "Opens by itself".to_owned()
    } else if next == Next::Details {
        String::new()
    } else {
        format!("{} {}", next.label(), app.keymap.sign(Action::Go))
    };
    let line = layout::line(area, 1 + u16::from(tall));
    if next != Next::Details {
        let before = paint.cursor;
        paint.marker(Rect { x: line.x.saturating_sub(1), width: 1, ..line });
        if !in_focus(app) {
            paint.cursor = before;
        }
    }
    let right = vec![paint.span(&action, Role::Accent)];
    let room = line.width.saturating_sub(fit::cells(fit::width_of(&right)) + 3);
    let left = if shows_bar(course) {
        progress(paint, course.enrollment.progress.percent.get(), room)
    } else {
        vec![paint.span(&text::upper_first(&state(app, course)), Role::Plain)]
    };
    paint.row(line, left, right);
}

fn shows_bar(course: &CourseView) -> bool {
    course.enrollment.progress.as_of.is_some() || course.taught.is_some()
}

fn waits_for_an_advisor(course: &CourseView) -> bool {
    course.enrollment.status == Status::Pending && course.money.parked().is_some()
}

fn status(course: &CourseView) -> String {
    if waits_for_an_advisor(course) {
        return text::WAITS_FOR_ADVISOR.to_owned();
    }
    text::upper_first(text::status(course.enrollment.status))
}

/// What the day it began with is called: nobody is enrolled before it is paid.
fn since(course: &CourseView) -> &'static str {
    if course.enrollment.status == Status::Pending { "Chosen" } else { "Enrolled" }
}

/// Where the enrollment stands, in words.
fn state(app: &App, course: &CourseView) -> String {
    let enrollment = &course.enrollment;
    if enrollment.status == Status::Cancelled {
        return text::standing_of(course, &app.keymap).unwrap_or_else(|| text::enroll_again(&app.keymap));
    }
    // The sentence with what came stands below, whole.
    if waits_for_an_advisor(course) {
        return text::PARKED.to_owned();
    }
    if enrollment.status != Status::Active {
        let money = text::unpayable(course, app.now).or_else(|| text::standing_of(course, &app.keymap));
        return money.unwrap_or_else(|| text::status(enrollment.status).to_owned());
    }
    let Some(provider) = course.provider() else {
        return match text::lessons_read(course) {
            Some(read) => text::upper_first(&read),
            None => text::LESSONS_COMING.to_owned(),
        };
    };
    if course.open_proof().or(course.declined_proof()).is_some() {
        return report_words(app, course);
    }
    match enrollment.link {
        Link::Requested => preparing(app, course, provider.name.as_str()).0,
        Link::Failed => format!("{} could not prepare your place", provider.name),
        Link::Confirmed if provider.capabilities().progress => text::no_figure(course).to_owned(),
        Link::Manual if matches!(provider.protocol, Protocol::Lti13(_)) => "Opens from here".to_owned(),
        Link::Manual => text::you_sign_in(provider),
        Link::None | Link::Confirmed => text::progress_source(course, app.now),
    }
}

/// What stands at the partner, and what it can't do from here.
fn at_partner(app: &App, course: &CourseView) -> Vec<(&'static str, String, Role)> {
    let mut facts = Vec::new();
    let Some(provider) = course.provider() else {
        return facts;
    };
    if !provider.stage(app.now).opens() {
        let (head, note) = text::closed(provider, app.now);
        let words = format!("{head} {}", note.unwrap_or_default()).trim().to_owned();
        facts.push(("Partner", words, Role::Warn));
    }
    if let Some(words) = text::troubled(provider, app.now, app.utc_offset) {
        facts.push(("Partner", text::upper_first(&words), Role::Warn));
    }
    if let Some(words) = text::closing(provider, app.now) {
        facts.push(("Partner", words, Role::Warn));
    }
    if let Some(words) = text::place(course, app.now) {
        facts.push(("Place", words, Role::Plain));
    }
    if course.enrollment.link == Link::Failed {
        let words = text::not_prepared_here(&last_error(course), &app.keymap);
        facts.push(("Needs you", words, Role::Bad));
    }
    if let Some(job) = course.untold() {
        facts.push(("Needs you", text::untold(provider, job, &app.keymap), Role::Bad));
    }
    facts
}

/// The facts and the history: what scrolls.
pub(in crate::ui) fn course_lines(app: &App, course: &CourseView, width: u16) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let room = usize::from(width.saturating_sub(4)).saturating_sub(LABEL).max(10);
    let mut fact = |label: &str, value: &str, role: Role| {
        let ink = app.skin.ink(value).into_owned();
        for (index, line) in fit::wrap(&ink, room, MOST_LINES, app.skin.ellipsis()).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            out.push(vec![
                app.skin.span(&format!("{label:<LABEL$}"), Role::Muted),
                app.skin.span(&line, role),
            ]);
        }
    };
    let enrollment = &course.enrollment;
    let moment = |at| text::moment(at, app.utc_offset);
    fact("Status", &status(course), Role::Plain);
    if let Some(at) = enrollment.completed_at {
        fact("Completed", &moment(at), Role::Good);
    }
    for (name, words, role) in at_partner(app, course) {
        fact(name, &words, role);
    }
    for (name, words, role) in super::money::facts(app, course) {
        fact(name, &words, role);
    }
    for (name, words, role) in how_far(app, course) {
        fact(name, &words, role);
    }
    if let Some(words) = text::exam_failed(course, app.now, app.utc_offset) {
        fact("Exam", &words, Role::Bad);
    }
    for (name, words) in how_it_goes(app) {
        fact(name, &words, Role::Plain);
    }
    fact(since(course), &moment(enrollment.enrolled_at), Role::Plain);
    if let Some(at) = enrollment.last_accessed_at {
        fact("Opened", &format!("{} ({})", moment(at), ago(app.now, at)), Role::Plain);
    }
    if let Some(offer) = &course.partner {
        fact("Format", &text::format_and_pacing(&offer.course), Role::Plain);
        let code = format!("{} ({})", offer.course.name, offer.course.code);
        fact("Course", &code, Role::Plain);
    }
    if let Some(cohort) = &course.cohort {
        let today = text::today_there(cohort, app.now);
        let starts = if cohort.starts_on < today { "Started" } else { "Starts" };
        fact(starts, &text::start_in_full(cohort.starts_on, today), Role::Plain);
        if let Some(last) = cohort.ends_on {
            fact("Until", &crate::domain::time::day(last), Role::Plain);
        }
        if let Some(times) = text::meeting_times(cohort, app.now, app.utc_offset) {
            fact("When", &times, Role::Plain);
        }
        if let Some(location) = &cohort.location {
            fact("Where", location.as_str(), Role::Plain);
        }
    }
    if let Some(account) = &course.account {
        let name = account.username.as_ref().unwrap_or(&account.external_account_id);
        let at = course.provider().map(|provider| format!(" at {}", provider.name)).unwrap_or_default();
        fact("Account", &format!("{name}{at}"), Role::Plain);
    }
    if let Some(url) = text::sign_in_at(course) {
        fact("Sign-in page", &url, Role::Plain);
    }
    for (place, step) in text::how_to_begin(course).into_iter().enumerate() {
        fact(if place == 0 { "How to begin" } else { "" }, &step, Role::Plain);
    }
    if let Some(contact) = course.provider().and_then(|provider| provider.support.contact()) {
        fact("Support", &contact, Role::Plain);
    }
    if let Some(certificate) = &course.certificate {
        for (name, words, role) in certificate_facts(app, certificate) {
            fact(name, &words, role);
        }
    } else if enrollment.status == Status::Completed && fetches_certificate(course) {
        fact("Certificate", "not here yet; it is fetched as soon as it is issued", Role::Muted);
    }
    if let Some(job) = course.undone() {
        fact("Needs you", &text::undone(course, job, &app.keymap), Role::Bad);
    }
    history(app, &mut out);
    out
}

/// The number, the days and the addresses of a certificate.
fn certificate_facts(app: &App, certificate: &Certificate) -> Vec<(&'static str, String, Role)> {
    let day = |at: Instant| text::date(at.with_timezone(&app.utc_offset).date_naive());
    let number = certificate.external_certificate_id.as_ref().map(|number| format!("number {number}"));
    let issued = certificate.issued_at.map(|at| format!("issued {}", day(at)));
    let said: Vec<String> = number.into_iter().chain(issued).collect();
    let received = if said.is_empty() { "received".to_owned() } else { said.join(" · ") };
    let mut out = vec![("Certificate", received, Role::Good)];
    match (text::expiry(certificate, app.now, app.utc_offset), certificate.expires_at) {
        (Some(words), _) => out.push(("", format!("Your certificate {words}."), Role::Warn)),
        (None, Some(at)) => out.push(("", format!("good until {}", day(at)), Role::Plain)),
        (None, None) => {}
    }
    if let Some(code) = &certificate.code {
        out.push(("Code", code.to_string(), Role::Plain));
        out.push(("", text::how_to_check(&code.to_string()), Role::Muted));
        let (save, copy) =
            (app.keymap.word(Action::SaveCertificate), app.keymap.word(Action::CopyCertificate));
        out.push(("", text::certificate_keys(&save, &copy), Role::Muted));
    }
    out.extend(certificate.url.as_ref().map(|url| ("", url.to_string(), Role::Plain)));
    let verify = certificate.verify_url.as_ref().filter(|verify| certificate.url.as_ref() != Some(*verify));
    out.extend(verify.map(|url| ("Checked at", url.to_string(), Role::Plain)));
    out
}

/// The last changes of progress, and what they lead to.
fn how_it_goes(app: &App) -> Vec<(&'static str, String)> {
    let Screen::Course { history: Some(history), .. } = app.screen() else {
        return Vec::new();
    };
    let mut out = Vec::new();
    if let Some(pace) = pace::pace(&history.samples, app.now, &app.utc_offset) {
        out.push(("Pace", text::pace(&pace, app.now.with_timezone(&app.utc_offset).date_naive())));
    }
    let changes = pace::changes(&history.samples);
    // One figure is what stands above.
    if changes.len() > 1 {
        let said = changes
            .iter()
            .take(CHANGES)
            .map(|one| format!("{} {}", text::day(one.at, app.now, app.utc_offset), text::sample(one)));
        out.push(("Lately", said.collect::<Vec<_>>().join(" · ")));
    }
    out
}

/// How far it is, who says so, and where a report that it is finished stands.
fn how_far(app: &App, course: &CourseView) -> Vec<(&'static str, String, Role)> {
    let mut facts = Vec::new();
    let progress = &course.enrollment.progress;
    let source = text::progress_source(course, app.now);
    if let Some(at) = progress.as_of {
        let words = format!("{} on {}", progress.percent, text::moment(at, app.utc_offset));
        facts.extend([("Progress", words, Role::Plain), ("", source, Role::Muted)]);
    } else if let Some(provider) = course.provider().filter(|_| app.why_not_finished(course).is_none()) {
        facts.push(("Progress", text::tell_us(provider, &app.keymap), Role::Plain));
    } else if course.taught.is_none() {
        facts.push(("Progress", text::upper_first(&source), Role::Plain));
    }
    if course.open_proof().is_some() {
        facts.push(("Report", report_words(app, course), Role::Plain));
    } else if let Some(proof) = course.declined_proof() {
        facts.push(("Needs you", text::report_declined_here(proof, &app.keymap), Role::Bad));
    }
    facts.extend(text::lessons_read(course).map(|read| ("Lessons", read, Role::Plain)));
    facts.extend(text::fell(course).map(|words| ("", words, Role::Warn)));
    facts
}

/// Whether the partner issues certificates we can fetch.
fn fetches_certificate(course: &CourseView) -> bool {
    course.provider().is_some_and(|provider| provider.capabilities().certificate)
}

fn history(app: &App, out: &mut Vec<Line>) {
    let Screen::Course { history, request, .. } = app.screen() else {
        return;
    };
    out.push(Vec::new());
    out.push(vec![app.skin.span("History", Role::Strong)]);
    let Some(entries) = history else {
        let words = if request.is_some() { "Reading…" } else { "The history can't be read now." };
        out.push(vec![app.skin.span(words, Role::Muted)]);
        return;
    };
    for entry in &entries.entries {
        let at = text::moment(entry.at, app.utc_offset);
        let by = if entry.by_advisor { " by your advisor" } else { "" };
        out.push(vec![
            app.skin.span(&format!("{at:<24}"), Role::Muted),
            app.skin.span(entry.kind.label(), Role::Plain),
            app.skin.span(by, Role::Muted),
        ]);
    }
}
