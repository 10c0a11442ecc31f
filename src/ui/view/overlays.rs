//! What lies over a screen: help, messages, questions, links.

mod away;
mod finish;
mod fits;
mod help;
mod palette;
mod review;

pub(in crate::ui) use away::away_lines;
pub(in crate::ui) use help::help_lines;

use super::Line;
use super::chrome::level;
use super::paint::Paint;
use crate::domain::actor::Actor;
use crate::domain::decide::decide_cancel;
use crate::domain::enrollment::Status;
use crate::domain::ids::EnrollmentId;
use crate::domain::views::CourseView;
use crate::domain::web::LaunchUrl;
use crate::ui::app::{App, DashId, Overlay, Picker};
use crate::ui::fit;
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use ratatui::widgets::Widget;
use tui_qrcode::{Colors, QrCodeWidget};

pub(super) fn draw(app: &App, paint: &mut Paint) {
    let (Some(overlay), Some(area)) = (app.overlays.last(), layout::overlay(app)) else {
        return;
    };
    // The footer speaks for the box: it stays as it is.
    let footer = layout::areas(app).footer;
    paint.dim(Rect { x: 0, y: 0, width: app.size.0, height: footer.y });
    paint.clear(area);
    let inner = paint.frame(area, true);
    match overlay {
        Overlay::Help { scroll, field, typing } => {
            help::field(app, paint, inner, field, *typing);
            scrolled(app, paint, area, "Keys", *scroll);
            if *typing {
                paint.cursor = Some(help::cursor(app, inner, field));
            }
        }
        Overlay::Messages { scroll } => scrolled(app, paint, area, "Messages", *scroll),
        Overlay::Palette(palette) => palette::draw(app, paint, area, inner, palette),
        Overlay::Confirm { what: DashId::Course(id) } => confirm(app, paint, area, inner, *id),
        Overlay::Confirm { what: DashId::Place(id) } => {
            if let Some(entry) = app.place(*id) {
                super::waiting::confirm(app, paint, area, inner, entry);
            }
        }
        Overlay::Join { wish } => super::waiting::question(app, paint, area, inner, *wish),
        Overlay::Email { field, error } => {
            title(paint, area, "Your e-mail address");
            let words = text::why_email(wanted_partner(app).as_deref());
            let used = paint.paragraph(layout::top(inner, 2), &words, Role::Plain);
            let line = layout::line(inner, used + 1);
            let (typed, cursor) = field.visible(usize::from(line.width.saturating_sub(2)));
            input(paint, line, &typed, cursor);
            let under = layout::below(inner, used + 2);
            if let Some(error) = error {
                paint.paragraph(under, error, Role::Bad);
            }
            let word = if app.work.saving.is_some() {
                format!("{} {}", app.skin.spinner(app.ticks), text::SAVING)
            } else {
                format!("Go on {}", sign_here(app, Action::Go))
            };
            bottom(paint, inner, &format!("{} closes", sign_here(app, Action::Close)), &word);
        }
        Overlay::Reason { field, error } => {
            title(paint, area, "Your reason");
            let used = paint.paragraph(layout::top(inner, 3), text::WHY_SWITCH, Role::Plain);
            let line = layout::line(inner, used + 1);
            let (typed, cursor) = field.visible(usize::from(line.width.saturating_sub(2)));
            input(paint, line, &typed, cursor);
            if let Some(error) = error {
                paint.paragraph(layout::below(inner, used + 2), error, Role::Bad);
            }
            let close = format!("{} closes", sign_here(app, Action::Close));
            bottom(paint, inner, &close, &format!("Switch {}", sign_here(app, Action::Go)));
        }
        Overlay::Away(away) => away::draw(app, paint, area, inner, away),
        Overlay::Review(review) => review::draw(app, paint, area, review),
        Overlay::Finish(asked) => finish::draw(app, paint, area, inner, asked),
        Overlay::Withdraw => review::withdraw(app, paint, area, inner),
        Overlay::Filter(filter) => super::filter::draw(app, paint, area, inner, filter),
        Overlay::Fits(asked) => fits::draw(app, paint, area, inner, *asked),
        Overlay::Picker(picker) => self::picker(app, paint, area, inner, picker),
        Overlay::Links(links) => super::player::draw_links(app, paint, area, inner, links),
        Overlay::Link { enrollment, url, copied } => {
            link(app, paint, area, inner, *enrollment, url, *copied);
        }
    }
}

/// The partner of the enrollment that waits for the address.
fn wanted_partner(app: &App) -> Option<String> {
    app.work.wish.map(|asked| asked.wish).and_then(|(program, choice)| app.partner_of(program, choice))
}

/// The heading in the upper edge of a box.
pub(super) fn title(paint: &mut Paint, area: Rect, words: &str) {
    let words = format!(" {words} ");
    let width = fit::cells(fit::width(&words)).min(area.width.saturating_sub(4));
    paint.text(Rect { x: area.x + 2, width, height: 1, ..area }, &words, Role::Accent);
}

/// The last row of a box: how to leave, and what Enter does.
pub(super) fn bottom(paint: &mut Paint, inner: Rect, leave: &str, go: &str) {
    let line = layout::line(inner, inner.height.saturating_sub(1));
    let left = vec![paint.span(leave, Role::Muted)];
    let right = vec![paint.span(go, Role::Accent)];
    paint.row(line, left, right);
}

/// A text field with its cursor.
pub(super) fn input(paint: &mut Paint, line: Rect, typed: &str, cursor: u16) {
    let spans = vec![paint.span("› ", Role::Accent), paint.span(typed, Role::Plain)];
    paint.spans(line, spans);
    paint.cursor = Some(Position::new((line.x + 2 + cursor).min(line.right().saturating_sub(1)), line.y));
}

/// The lines of help and messages.
pub(in crate::ui) fn overlay_lines(app: &App, overlay: &Overlay) -> Vec<Line> {
    match overlay {
        Overlay::Help { field, .. } => help_lines(app, field.text()),
        Overlay::Messages { .. } => message_history(app),
        _ => Vec::new(),
    }
}

fn message_history(app: &App) -> Vec<Line> {
    if app.said.all.is_empty() {
        return vec![vec![app.skin.span(text::NO_MESSAGES, Role::Muted)]];
    }
    let room = usize::from(layout::scrolled_width(app)).saturating_sub(8);
    let mut out: Vec<Line> = Vec::new();
    for (at, notice) in app.said.all.iter().rev() {
        let (sign, role) = level(notice.level);
        let ink = app.skin.ink(&notice.text).into_owned();
        for (index, line) in fit::wrap(&ink, room, 6, app.skin.ellipsis()).into_iter().enumerate() {
            let first = index == 0;
            let time = if first { text::time(*at, app.utc_offset) } else { "     ".to_owned() };
            out.push(vec![
                app.skin.span(&format!("{time} "), Role::Muted),
                app.skin.span(if first { sign } else { " " }, role),
                app.skin.span(&format!(" {line}"), Role::Plain),
            ]);
        }
    }
    out
}

fn scrolled(app: &App, paint: &mut Paint, area: Rect, heading: &str, scroll: usize) {
    title(paint, area, heading);
    let Some(overlay) = app.overlays.last() else {
        return;
    };
    let inner = layout::scrolled(overlay, area);
    let lines = overlay_lines(app, overlay);
    let rows = usize::from(inner.height);
    let below = lines.len().saturating_sub(scroll + rows);
    for (row, line) in (0..).zip(lines.into_iter().skip(scroll).take(rows)) {
        paint.spans(layout::line(inner, row), line);
    }
    more(paint, area, scroll, below);
}

/// In the lower edge of a box: how many of its lines are hidden.
pub(super) fn more(paint: &mut Paint, area: Rect, above: usize, below: usize) {
    let Some(words) = text::more(above, below).map(|words| format!(" {words} ")) else {
        return;
    };
    let width = fit::cells(fit::width(&paint.skin.ink(&words)));
    let edge = Rect {
        x: area.right().saturating_sub(width + 2),
        y: area.bottom().saturating_sub(1),
        width,
        height: 1,
    };
    paint.text(edge, &words, Role::Muted);
}

fn confirm(app: &App, paint: &mut Paint, area: Rect, inner: Rect, enrollment: EnrollmentId) {
    let candidate = app.course(enrollment).is_some_and(|course| course.enrollment.replaces_id.is_some());
    let (head, go) = match app.course(enrollment) {
        Some(_) if candidate => ("End the switch", "End the switch"),
        Some(course) if course.enrollment.status == Status::Pending => {
            ("Give the place back", "Give the place back")
        }
        _ => ("Cancel this course", "Cancel the course"),
    };
    title(paint, area, head);
    let Some(course) = app.course(enrollment) else {
        paint.text(inner, &text::gone(&app.keymap), Role::Plain);
        return;
    };
    let name = vec![
        paint.span(course.program_title.as_str(), Role::Strong),
        paint.span(&format!(" {}", text::via_words(course)), Role::Muted),
    ];
    paint.spans(layout::line(inner, 0), name);
    let old = course.enrollment.replaces_id.and_then(|old| app.course(old));
    let back = money_back(app, course);
    let words = if candidate { text::ending_switch(old) } else { text::cancelling_means(course) };
    let words = match back.filter(|_| !candidate) {
        Some(back) => format!("{back} {words}"),
        None => words,
    };
    let under = layout::below(inner, 2);
    paint.paragraph(layout::top(under, under.height.saturating_sub(1)), &words, Role::Plain);
    let keep = format!("{} keeps it", sign_here(app, Action::Close));
    bottom(paint, inner, &keep, &format!("{go} {}", sign_here(app, Action::Go)));
}

/// What of the money goes back with a cancellation, as far as it is known here.
fn money_back(app: &App, course: &CourseView) -> Option<String> {
    let owner = Actor::Student(course.enrollment.student_id);
    let decision = decide_cancel(course, owner, &course.start_facts(app.now)).ok()?;
    text::goes_back(course, &decision)
}

/// Whether the question whether to cancel speaks of money too.
pub(in crate::ui) fn confirm_is_long(app: &App) -> bool {
    let Some(Overlay::Confirm { what: DashId::Course(id) }) = app.overlays.last() else {
        return false;
    };
    app.course(*id).is_some_and(|course| money_back(app, course).is_some())
}

fn picker(app: &App, paint: &mut Paint, area: Rect, inner: Rect, picker: &Picker) {
    title(paint, area, "Whom do you act for?");
    let line = layout::line(inner, 0);
    let (typed, cursor) = picker.field.visible(usize::from(line.width.saturating_sub(2)));
    let marker = Position::new(line.x, line.y);
    input(paint, line, &typed, cursor);
    let cursor = paint.cursor.unwrap_or(marker);
    let note = picker_note(app, picker);
    paint.paragraph(layout::top(layout::below(inner, 2), 1), &note.0, note.1);
    let rows = layout::picker_rows(area);
    let found = picker.found.as_deref().unwrap_or_default();
    let mut entries: Vec<(String, String)> = found
        .iter()
        .map(|student| {
            let email = student.email.as_ref().filter(|_| student.name.is_some());
            (student.display(), email.map(ToString::to_string).unwrap_or_default())
        })
        .collect();
    if let Some(email) = picker.newcomer() {
        entries.push((format!("Add {email} as a new student"), String::new()));
    }
    let visible = usize::from(rows.height).max(1);
    let first = layout::picker_first(picker.selected, rows);
    for (row, (place, (name, email))) in (0..).zip(entries.iter().enumerate().skip(first).take(visible)) {
        let line = layout::line(rows, row);
        let chosen = place == picker.selected;
        if chosen {
            paint.marker(Rect { width: 1, ..line });
        }
        let left = vec![paint.span(name, if chosen { Role::Selected } else { Role::Plain })];
        let right = vec![paint.span(email, Role::Muted)];
        paint.row(layout::inset(line, 2, 0), left, right);
    }
    let go = match picker.pick() {
        _ if app.work.acting.is_some() => format!("{} One moment…", app.skin.spinner(app.ticks)),
        Some(_) => format!("Act for {}", sign_here(app, Action::Go)),
        None => String::new(),
    };
    bottom(paint, inner, &format!("{} closes", sign_here(app, Action::Close)), &go);
    paint.cursor = Some(cursor);
}

fn picker_note(app: &App, picker: &Picker) -> (String, Role) {
    if let Some(error) = &picker.error {
        return (error.clone(), Role::Bad);
    }
    match &picker.found {
        _ if picker.request.is_some() => (format!("{} Looking…", app.skin.spinner(app.ticks)), Role::Muted),
        None => ("Type a name or an e-mail address.".to_owned(), Role::Muted),
        Some(found) if found.is_empty() && picker.newcomer().is_none() => {
            ("Nobody matches. A whole e-mail address adds a new student.".to_owned(), Role::Plain)
        }
        Some(found) if found.is_empty() => ("Nobody has this address yet.".to_owned(), Role::Muted),
        Some(found) => (text::count(found.len(), "student"), Role::Muted),
    }
}

/// What the box of a link says, in lines.
pub(in crate::ui) struct LinkParts {
    /// What to do with it.
    pub how: Vec<String>,
    /// The address, whole.
    pub address: Vec<String>,
    /// How long it works, and whether it was copied.
    pub note: Vec<String>,
    note_words: String,
}

/// The lines of the box of a link, `width` cells wide.
pub(in crate::ui) fn link_parts(
    app: &App,
    url: &LaunchUrl,
    copied: bool,
    scanned: bool,
    width: u16,
) -> LinkParts {
    let all = |words: &str| lines(app, words, width, usize::MAX);
    let note_words = text::link_note(url, copied, app.utc_offset, &app.keymap);
    LinkParts {
        how: all(text::use_link(url.expose(), scanned)),
        address: all(url.expose().as_str()),
        note: all(&note_words),
        note_words,
    }
}

fn lines(app: &App, words: &str, width: u16, most: usize) -> Vec<String> {
    fit::wrap(&app.skin.ink(words), usize::from(width), most, app.skin.ellipsis())
}

fn link(
    app: &App,
    paint: &mut Paint,
    area: Rect,
    inner: Rect,
    enrollment: EnrollmentId,
    url: &LaunchUrl,
    copied: bool,
) {
    title(paint, area, "Your link");
    let (width, height) = app.size;
    let qr = layout::qr_code(app.skin.ascii, url.expose(), width, height);
    let words = match &qr {
        Some(qr) => Rect { width: inner.width.saturating_sub(qr.width + 3), ..inner },
        None => inner,
    };
    let parts = link_parts(app, url, copied, qr.is_some(), words.width);
    let rows = usize::from(words.height).saturating_sub(1);
    // The address first: what is left of the room goes to the rest, then to the air between.
    let mut free = rows.saturating_sub(parts.address.len());
    let take = |wanted: usize, free: &mut usize| {
        let taken = if wanted <= *free { wanted } else { 0 };
        *free -= taken;
        taken
    };
    let how = take(parts.how.len(), &mut free);
    // A note that does not fit whole is cut, and says so.
    let note = lines(app, &parts.note_words, words.width, free.min(parts.note.len()));
    free -= note.len();
    let name = take(1, &mut free);
    let air = take(2, &mut free) / 2;
    let blank = |count: usize| vec![(String::new(), Role::Plain); count];
    let line_of = |lines: Vec<String>, role: Role| lines.into_iter().map(move |line| (line, role));
    let course = app.course(enrollment).map(|course| course.program_title.to_string()).unwrap_or_default();
    let whole = parts.address.len() <= rows;
    let shown: Vec<(String, Role)> = line_of(vec![course], Role::Strong)
        .take(name)
        .chain(line_of(parts.how, Role::Plain).take(how))
        .chain(blank(air))
        .chain(line_of(parts.address, Role::Accent).take(rows))
        .chain(blank(air))
        .chain(line_of(note, Role::Muted))
        .collect();
    for (row, (line, role)) in (0..).zip(shown) {
        paint.text(layout::line(words, row), &line, role);
    }
    let (close, copy) = (sign_here(app, Action::Close), sign_here(app, Action::CopyLink));
    let leave = text::leave_link(&close, &copy, whole);
    paint.text(layout::line(words, words.height.saturating_sub(1)), &leave, Role::Muted);
    if let Some(qr) = qr {
        let place = Rect {
            x: inner.right().saturating_sub(qr.width),
            y: area.y + area.height.saturating_sub(qr.height) / 2,
            width: qr.width,
            height: qr.height,
        };
        code(app, paint, qr, place);
    }
}

/// A QR code. A scanner needs black on white, whatever the terminal's own colours are.
pub(super) fn code(app: &App, paint: &mut Paint, qr: layout::Qr, place: Rect) {
    let style = match app.skin.theme {
        crate::ui::Theme::None => Style::new(),
        _ => Style::new().fg(Color::White).bg(Color::Black),
    };
    QrCodeWidget::new(qr.code).colors(Colors::Inverted).style(style).render(place, paint.buf);
}
