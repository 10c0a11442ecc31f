//! Tab 2: every enrollment, live ones as cards.

use super::paint::Paint;
use super::program::more_below;
use super::{Line, failure_words, in_focus, instead_of_list};
use crate::domain::enrollment::{Link, Status};
use crate::domain::job::{JobKind, JobState};
use crate::domain::program::DeliveryFormat;
use crate::domain::views::CourseView;
use crate::ui::app::{App, DashId, Group};
use crate::ui::card::{Next, next};
use crate::ui::fit;
use crate::ui::keymap::Action;
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

/// How wide the names of the groups of lines are.
const LABEL: u16 = 11;

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect) {
    let inner = layout::inset(body, 2, 2);
    let unread = app.student().is_some() || app.courses.failure.is_some();
    if app.courses.items.is_none() && unread {
        let mut used = 1;
        for (line, role) in
            instead_of_list(app, app.courses.failure.as_ref(), app.courses.retry_at, text::LOADING_COURSES)
        {
            used += paint.paragraph(layout::below(inner, used), &line, role);
        }
        return;
    }
    if let Some(failure) = app.courses.failure.as_ref().filter(|_| app.courses.items.is_some()) {
        let words = failure_words(app, failure, app.courses.retry_at);
        paint.text(layout::line(inner, 0), &words, Role::Bad);
    }
    let items = app.dash_items();
    if items.is_empty() {
        empty(app, paint, layout::below(inner, 1));
        return;
    }
    let dash = layout::dash(app, body);
    for (place, area) in dash.places(app.dash.first) {
        let Some(item) = items.get(place) else {
            continue;
        };
        let focused = app.dash.selected == Some(item.id) && in_focus(app);
        let id = match item.id {
            DashId::Course(id) => id,
            DashId::Place(id) => {
                if let Some(entry) = app.place(id) {
                    super::waiting::card(app, paint, area, entry, focused);
                }
                continue;
            }
        };
        let Some(course) = app.course(id) else {
            continue;
        };
        if item.group == Group::Live {
            card(app, paint, area, course, focused);
        } else {
            let area = layout::below(area, area.height - 1);
            let label = match item.group {
                Group::Cancelled => "Cancelled",
                _ => "Completed",
            };
            let leads = item.leads || place == app.dash.first;
            line(app, paint, area, course, if leads { label } else { "" }, focused);
        }
    }
    more_below(paint, &dash, app.dash.first);
}

fn empty(app: &App, paint: &mut Paint, area: Rect) {
    let (head, next) = if matches!(app.who, crate::ui::msg::Who::Advisor { student: None, .. }) {
        ("Nobody is picked, so there are no courses to show.", text::pick_somebody(&app.keymap))
    } else if app.courses.all().is_empty() {
        ("You have no courses yet.", text::no_courses(&app.keymap))
    } else {
        ("You have no courses now.", text::no_courses_now(&app.keymap))
    };
    let mut used = paint.paragraph(area, head, Role::Strong) + 1;
    used += paint.paragraph(layout::below(area, used), &next, Role::Plain) + 1;
    if let Some(words) = text::reports_wait(app.proofs, app.now) {
        paint.paragraph(layout::below(area, used), &words, Role::Warn);
    }
}

/// What stands in a card's place for progress.
enum Third {
    Bar(u8),
    Note(String, Role),
}

impl From<(String, Role)> for Third {
    fn from((words, role): (String, Role)) -> Self {
        Self::Note(words, role)
    }
}

/// What a card says.
struct Words {
    /// The right edge of the first line, and a shorter one.
    age: (String, Role),
    /// Beside the partner.
    note: Option<(String, Role)>,
    third: Third,
}

fn card(app: &App, paint: &mut Paint, area: Rect, course: &CourseView, focused: bool) {
    let inner = paint.frame(area, focused);
    let tall = inner.height >= 3;
    let words = with_dates(app, course, words(app, course, tall), tall);
    let (doing, role) = action(app, course, focused);
    let action = paint.span(&doing, role);
    let title = paint.span(course.program_title.as_str(), Role::Strong);
    let via = paint.span(&text::via_words(course), Role::Plain);
    let note = words.note.map(|(note, role)| paint.span(&format!(" · {note}"), role));
    if inner.height >= 3 {
        let age = paint.span(&words.age.0, words.age.1);
        paint.row(layout::line(inner, 0), vec![title], vec![age]);
        paint.spans(layout::line(inner, 1), [via].into_iter().chain(note).collect());
    } else {
        paint.row(layout::line(inner, 0), vec![title], vec![via]);
    }
    let room = inner.width.saturating_sub(fit::cells(fit::width(&action.content)) + 3);
    let third = match words.third {
        Third::Bar(percent) => progress(paint, percent, room),
        Third::Note(words, role) => vec![paint.span(&words, role)],
    };
    let last = layout::line(inner, inner.height.saturating_sub(1));
    paint.row(last, third, vec![action]);
}

/// "████░░░░ 45% complete", as wide as there is room.
pub(super) fn progress(paint: &Paint, percent: u8, room: u16) -> Line {
    let words = format!("  {percent}% complete");
    let cells = room.saturating_sub(fit::cells(words.len())).min(60);
    let mut spans = if cells >= 5 { paint.bar(percent, cells) } else { Vec::new() };
    spans.push(paint.span(if cells >= 5 { &words } else { words.trim_start() }, Role::Plain));
    spans
}

/// What Enter does, written into every card; loud only in the one in focus.
fn action(app: &App, course: &CourseView, focused: bool) -> (String, Role) {
    let id = course.enrollment.id;
    let spinner = app.skin.spinner(app.ticks);
    let doing = |doing: Option<crate::ui::app::Doing>| doing.is_some_and(|doing| doing.enrollment == id);
    let under_way = if doing(app.work.launching) {
        Some("Opening…")
    } else if doing(app.work.cancelling) {
        Some("Cancelling…")
    } else if doing(app.work.retrying) || doing(app.work.paying) {
        Some("Asking…")
    } else {
        None
    };
    if let Some(words) = under_way {
        return (format!("{spinner} {words}"), Role::Accent);
    }
    if app.work.waiting == Some(id) {
        return ("Opens by itself".to_owned(), if focused { Role::Accent } else { Role::Muted });
    }
    let label = next(course, app.now).label();
    if focused {
        (format!("{label} {}", app.keymap.sign(Action::Go)), Role::Accent)
    } else {
        (label.to_owned(), Role::Muted)
    }
}

fn words(app: &App, course: &CourseView, tall: bool) -> Words {
    let enrollment = &course.enrollment;
    let percent = enrollment.progress.percent.get();
    let failed = text::exam_failed_short(course, app.now, app.utc_offset).map(|words| (words, Role::Bad));
    let fell = failed.clone().or_else(|| text::fell(course).map(|words| (words, Role::Warn)));
    let quiet = |words: String| (words, Role::Muted);
    let quiet_source = quiet(text::progress_source(course, app.now));
    let live = enrollment.status == Status::Active;
    let partner = course.provider().filter(|_| live);
    let trouble = partner.and_then(|partner| text::troubled(partner, app.now, app.utc_offset));
    let closing = partner.and_then(|partner| text::closing_soon(partner, app.now));
    // What goes wrong now comes before what is to come, and both before where a figure is from.
    let source = trouble.or(closing).map_or(quiet_source, |words| (words, Role::Warn));
    if enrollment.status == Status::Pending && !course.money.payments.is_empty() {
        return pending(app, course, tall);
    }
    if enrollment.status == Status::Pending {
        let price = course.partner.as_ref().map(|offer| quiet(offer.course.price.to_string()));
        return Words {
            age: ("waiting for payment".to_owned(), Role::Warn),
            note: price,
            third: Third::Note("Nothing has been charged yet.".to_owned(), Role::Muted),
        };
    }
    let Some(provider) = course.provider() else {
        let Some(read) = text::lessons_read(course) else {
            return Words {
                age: source,
                note: None,
                third: Third::Note(text::LESSONS_COMING.to_owned(), Role::Muted),
            };
        };
        // Where there is no room beside "taught here", the bar says how far it is.
        return Words { age: source, note: tall.then(|| quiet(read)), third: Third::Bar(percent) };
    };
    if !provider.stage(app.now).opens() {
        let (head, note) = text::closed(provider, app.now);
        let ask = provider.support.contact().map(|contact| format!("Ask {contact}"));
        let reason: Vec<String> = note.into_iter().chain(ask).collect();
        let done = enrollment.progress.as_of.map(|_| quiet(format!("{percent}% complete")));
        return Words {
            age: (head.trim_end_matches([':', '.']).to_lowercase_first(), Role::Warn),
            note: done,
            third: Third::Note(reason.join(". "), Role::Muted),
        };
    }
    let name = &provider.name;
    match enrollment.link {
        Link::Requested => Words {
            age: quiet(format!("asked {}", crate::domain::time::ago(app.now, enrollment.enrolled_at))),
            note: None,
            third: Third::from(preparing(app, course, name.as_str())),
        },
        Link::Failed => Words {
            age: ("needs you".to_owned(), Role::Bad),
            note: provider.support.contact().map(|contact| quiet(format!("ask {contact}"))),
            third: Third::Note(text::could_not_prepare(&last_error(course)), Role::Bad),
        },
        _ if course.open_proof().is_some() => Words {
            age: (text::WAITS_FOR_REPORT.to_owned(), Role::Accent),
            note: None,
            third: Third::Note(course.open_proof().map(text::report_sent).unwrap_or_default(), Role::Plain),
        },
        _ if course.declined_proof().is_some() => Words {
            age: (text::REPORT_DECLINED.to_owned(), Role::Bad),
            note: None,
            third: Third::Note(report_words(app, course), Role::Warn),
        },
        _ if next(course, app.now) == Next::OpenSignIn => Words {
            age: source,
            note: None,
            third: Third::Note(
                text::sign_in_at(course).map(|url| format!("Sign in at {url}")).unwrap_or_default(),
                Role::Plain,
            ),
        },
        _ if !provider.capabilities().progress => {
            Words { age: source, note: None, third: Third::Note("Opens from here.".to_owned(), Role::Muted) }
        }
        // Without a report the bar is empty, and the right edge says that nothing was reported.
        // Where there is no room beside the partner, it takes the place of the bar.
        _ => match failed.filter(|_| !tall) {
            Some((words, role)) => {
                let third = Third::Note(format!("{percent}% · {words}"), role);
                Words { age: source, note: None, third }
            }
            None => Words { age: source, note: fell, third: Third::Bar(percent) },
        },
    }
}

/// Where a report that the course is finished stands.
pub(super) fn report_words(app: &App, course: &CourseView) -> String {
    if let Some(proof) = course.open_proof() {
        let sent_on = proof.sent_at.with_timezone(&app.utc_offset()).date_naive();
        return text::report_waits(proof, sent_on);
    }
    course.declined_proof().map(text::report_declined).unwrap_or_default()
}

/// A course that waits for money.
fn pending(app: &App, course: &CourseView, tall: bool) -> Words {
    if let Some(provider) = course.provider().filter(|_| course.unpayable(app.now)) {
        let (head, _) = text::shut(provider, app.now);
        return Words {
            age: (head.trim_end_matches([':', '.']).to_lowercase_first(), Role::Warn),
            note: None,
            third: Third::Note(text::given_back_by(&app.keymap), Role::Plain),
        };
    }
    let old = course.enrollment.replaces_id.and_then(|old| app.course(old));
    let from = old.and_then(|old| old.provider()).map(|old| format!("instead of {}", old.name));
    let starts = course.cohort.as_ref().filter(|_| tall).map(|cohort| {
        let today = text::today_there(cohort, app.now);
        (format!("from {}", text::start_day(cohort.starts_on, today)), Role::Plain)
    });
    let note = from.map(|words| (words, Role::Muted)).or(starts);
    if let Some(payment) = course.awaited() {
        let held = text::held(course.enrollment.hold_until, app.now);
        let switches = course.enrollment.replaces_id.is_some();
        let third = match (switches, tall) {
            (false, true) => text::awaiting(payment.amount),
            (false, false) => format!("Waiting for {} · {held}", payment.amount),
            (true, true) => format!("{}; {}", text::awaiting(payment.amount), text::keeps_old(old)),
            (true, false) => format!("{} to pay; {}", payment.amount, text::keeps_old(old)),
        };
        return Words { age: (held, Role::Warn), note, third: Third::Note(third, Role::Plain) };
    }
    let words = match course.money.parked() {
        Some(_) if !tall => text::PARKED.to_owned(),
        Some(payment) => text::parked_short(payment),
        None if !tall => text::not_paid_short(&app.keymap),
        None => text::standing_of(course, &app.keymap).unwrap_or_default(),
    };
    let (age, role) = match course.money.parked() {
        Some(_) => ("needs your advisor", Role::Bad),
        None => ("not paid", Role::Warn),
    };
    Words { age: (age.to_owned(), role), note, third: Third::Note(words, role) }
}

/// Before it begins a dated course says when and where; one that takes place in a room, always.
fn with_dates(app: &App, course: &CourseView, words: Words, tall: bool) -> Words {
    let enrollment = &course.enrollment;
    let fine =
        enrollment.status == Status::Active && !matches!(enrollment.link, Link::Requested | Link::Failed);
    let (Some(cohort), Some(offer)) = (&course.cohort, &course.partner) else {
        return words;
    };
    if !fine || !offer.provider.stage(app.now).opens() || offer.provider.troubled(app.now).is_some() {
        return words;
    }
    let today = text::today_there(cohort, app.now);
    let meets = text::meets(cohort, app.now, app.utc_offset);
    if today < cohort.starts_on {
        let age = format!("starts {}", text::from_today(cohort.starts_on, today));
        let first = text::start_day(cohort.starts_on, today);
        // What has no line of its own leads the last one.
        let note = tall.then(|| (format!("from {first}"), Role::Plain));
        let third = match (tall, meets.is_empty()) {
            (true, _) => meets,
            (false, true) => first,
            (false, false) => format!("{first} · {meets}"),
        };
        return Words { age: (age, Role::Accent), note, third: Third::Note(third, Role::Plain) };
    }
    let in_a_room =
        offer.course.format == DeliveryFormat::InPerson || !offer.provider.capabilities().progress;
    if in_a_room && !meets.is_empty() {
        return Words { third: Third::Note(meets, Role::Plain), ..words };
    }
    words
}

fn provision(course: &CourseView) -> Option<&JobState> {
    course.jobs.iter().find(|job| job.kind == JobKind::Provision)
}

/// Why the partner could not prepare the place, without a full stop.
pub(super) fn last_error(course: &CourseView) -> String {
    let error = provision(course).and_then(|job| job.last_error.as_ref());
    let words = error.map_or("it does not answer", |error| error.as_str());
    words.trim_end_matches('.').to_owned()
}

/// What the partner is being asked, or when it is asked again.
pub(super) fn preparing(app: &App, course: &CourseView, partner: &str) -> (String, Role) {
    let spinner = app.skin.spinner(app.ticks);
    let failed = provision(course).filter(|job| job.last_error.is_some() && job.run_at > app.now);
    match failed {
        Some(job) => {
            let left = (job.run_at - app.now).num_seconds().max(1);
            (format!("{spinner} {partner} did not answer; trying again in {left} s"), Role::Warn)
        }
        None => (format!("{spinner} {partner} is preparing your place"), Role::Plain),
    }
}

/// A course that is over, in one line.
fn line(app: &App, paint: &mut Paint, area: Rect, course: &CourseView, label: &str, focused: bool) {
    let enrollment = &course.enrollment;
    paint.text(layout::inset(Rect { width: LABEL, ..area }, 1, 0), label, Role::Muted);
    let rest = layout::inset(area, LABEL, 1);
    if app.dash.selected == Some(DashId::Course(enrollment.id)) {
        let before = paint.cursor;
        paint.marker(Rect { width: 1, ..rest });
        if !focused {
            paint.cursor = before;
        }
    }
    let done = enrollment.status == Status::Completed;
    let (sign, role) = if done { ("✓ ", Role::Good) } else { ("✗ ", Role::Muted) };
    let at = enrollment.completed_at.filter(|_| done).unwrap_or(enrollment.enrolled_at);
    let day = text::day(at, app.now, app.utc_offset);
    let mut facts = vec![text::via_words(course)];
    let news = text::cancelled_news(course).filter(|_| !done);
    let certificate = course.certificate.as_ref().filter(|_| done);
    let ends = certificate.and_then(|certificate| text::expiry(certificate, app.now, app.utc_offset));
    if done {
        facts.push(day);
        if course.certificate.is_some() && ends.is_none() {
            facts.push("certificate".to_owned());
        }
    } else if course.untold().is_some() {
        facts.push("the partner could not be told".to_owned());
    } else if news.is_none() {
        facts.push(format!("enrolled {day}"));
    }
    let mut left = vec![
        paint.span(sign, role),
        paint.span(course.program_title.as_str(), if focused { Role::Selected } else { Role::Plain }),
    ];
    // Where the money is comes before whom it was with.
    if let Some((words, bad)) = news {
        left.push(paint.span(&format!(" {words} ·"), if bad { Role::Bad } else { Role::Warn }));
    }
    if let Some(words) = ends {
        left.push(paint.span(&format!(" certificate {words} ·"), Role::Warn));
    }
    left.push(paint.span(&format!(" {}", facts.join(" · ")), Role::Muted));
    let (words, role) = action(app, course, focused);
    let right = if focused { vec![paint.span(&words, role)] } else { Vec::new() };
    paint.row(layout::inset(rest, 2, 0), left, right);
}

trait LowerFirst {
    fn to_lowercase_first(&self) -> String;
}

impl LowerFirst for str {
    fn to_lowercase_first(&self) -> String {
        let mut chars = self.chars();
        chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
    }
}
