//! The lines every screen has: header, banner, message, footer.

use super::Line;
use super::paint::Paint;
use crate::ui::app::{App, Screen};
use crate::ui::fit;
use crate::ui::keymap::Action;
use crate::ui::layout::{self, Areas, Size};
use crate::ui::msg::{Level, Who};
use crate::ui::text;
use crate::ui::theme::{Role, Skin};
use ratatui::layout::Rect;

const BRAND: &str = "coursevia";

/// A tab of the header.
pub(in crate::ui) struct TabPlace {
    pub x: u16,
    pub width: u16,
    pub action: Action,
    pub label: &'static str,
}

/// The tabs, where they are; below a tab, only the one that leads back to it.
pub(in crate::ui) fn tabs(app: &App) -> Vec<TabPlace> {
    let below = app.stack.len() > 1;
    let root = match app.stack.first() {
        Some(Screen::Courses) => Action::Courses,
        Some(Screen::Reports) => Action::Reports,
        _ => Action::Programs,
    };
    let mut x = 1 + if brand(app) { fit::cells(BRAND.len()) + 2 } else { 0 };
    [(Action::Programs, "Programs"), (Action::Courses, "My courses"), (Action::Reports, "Reports")]
        .into_iter()
        .filter(|(action, _)| !below || *action == root)
        .filter(|(action, _)| app.is_desk() || *action != Action::Reports)
        .map(|(action, label)| {
            let width = fit::cells(label.len());
            let place = TabPlace { x, width, action, label };
            x += width + 3;
            place
        })
        .collect()
}

fn brand(app: &App) -> bool {
    app.size.0 >= 60
}

/// Who sits here.
fn who(app: &App) -> String {
    match &app.who {
        Who::Nobody => String::new(),
        Who::Student(student) => student.display(),
        Who::Advisor { advisor, .. } => {
            advisor.name.as_ref().map_or_else(|| advisor.email.to_string(), ToString::to_string)
        }
    }
}

pub(super) fn header(app: &App, paint: &mut Paint, areas: &Areas) {
    let area = layout::inset(areas.header, 1, 1);
    let mut left: Line = Vec::new();
    if brand(app) {
        left.push(paint.span(BRAND, Role::Accent));
        left.push(paint.span("  ", Role::Plain));
    }
    let root = app.stack.first();
    let crumb = match app.screen() {
        Screen::Program { id, .. } => app.title_of(*id),
        Screen::Compare(screen) => app.title_of(screen.id).map(|title| format!("{title} › Compare")),
        Screen::Reviews(reviews) => {
            app.title_of(reviews.query.program).map(|title| format!("{title} › Reviews"))
        }
        Screen::Course { id, .. } => app.course(*id).map(|course| course.program_title.to_string()),
        Screen::Dates { program, .. } => app.title_of(*program).map(|title| format!("{title} › Dates")),
        Screen::Checkout { program, .. } => app.title_of(*program).map(|title| format!("{title} › Checkout")),
        Screen::Pay { id } => app.course(*id).map(|course| format!("{} › Payment", course.program_title)),
        Screen::Switch(screen) => {
            app.course(screen.enrollment).map(|course| format!("{} › Switch", course.program_title))
        }
        Screen::Player(player) => text::player_crumb(app, player),
        Screen::Statement(screen) => Some(screen.partner.to_string()),
        Screen::Programs | Screen::Courses | Screen::Reports => None,
    };
    let (from, tab) = match root {
        Some(Screen::Courses) => ("My courses", Action::Courses),
        Some(Screen::Reports) => ("Reports", Action::Reports),
        _ => ("Programs", Action::Programs),
    };
    if let Some(title) = crumb {
        left.push(paint.span(&format!("{from} › "), Role::Muted));
        left.push(paint.span(&title, Role::Strong));
    } else {
        for place in tabs(app) {
            left.push(paint.span(place.label, if place.action == tab { Role::Tab } else { Role::Muted }));
            left.push(paint.span("   ", Role::Plain));
        }
        left.pop();
    }
    // The name gives way before the place does.
    let room = usize::from(area.width).saturating_sub(fit::width_of(&left) + 3);
    let name = if room >= 8 { fit::cut(&who(app), room, app.skin.ellipsis()) } else { String::new() };
    let right = vec![paint.span(&name, Role::Muted)];
    paint.row(area, left, right);
    paint.rule(areas.top_rule);
    banner(app, paint, areas.banner);
}

fn banner(app: &App, paint: &mut Paint, area: Rect) {
    if area.is_empty() {
        return;
    }
    let words = text::banner(app.student(), &app.keymap);
    let area = layout::inset(area, 1, 1);
    let left = vec![paint.span(&words, Role::Warn)];
    let right = vec![paint.span(&text::banner_keys(&app.keymap), Role::Muted)];
    // For whom it is matters more than the keys, which the help shows too.
    let fits = fit::width_of(&left) + 2 + fit::width_of(&right) <= usize::from(area.width);
    let right = if app.student().is_some() && fits { right } else { Vec::new() };
    paint.row(area, left, right);
}

/// The sign and the role of a level.
pub(super) fn level(level: Level) -> (&'static str, Role) {
    match level {
        Level::Good => ("✓", Role::Good),
        Level::Info => ("i", Role::Accent),
        Level::Warn => ("!", Role::Warn),
        Level::Bad => ("✗", Role::Bad),
    }
}

/// The lines above the footer: what was said last, then what is under way.
pub(in crate::ui) fn message_lines(app: &App, width: u16) -> Vec<Line> {
    let skin = app.skin;
    let room = usize::from(width.saturating_sub(4)).max(8);
    let sign = || match app.asking() {
        Some((done, total)) => bar(skin, done, total),
        None => skin.spinner(app.ticks).to_owned(),
    };
    let busy = app.busy().map(|words| format!("{} {words}", sign()));
    let Some(notice) = app.message() else {
        return busy.map(|words| vec![skin.span(&words, Role::Muted)]).into_iter().collect();
    };
    let (sign, role) = level(notice.level);
    let rows = usize::from(layout::message_rows(app));
    let ink = skin.ink(&notice.text).into_owned();
    let mut lines: Vec<Line> = fit::wrap(&ink, room, rows, skin.ellipsis())
        .into_iter()
        .enumerate()
        .map(|(index, line)| {
            let sign = if index == 0 { sign } else { " " };
            vec![skin.span(sign, role), skin.span(" ", Role::Plain), skin.span(&line, Role::Plain)]
        })
        .collect();
    if let Some(words) = busy {
        append_busy(&mut lines, &words, room, skin);
    }
    lines
}

/// A bar for what has an end: as full as `done` of `total`.
fn bar(skin: Skin, done: usize, total: usize) -> String {
    const CELLS: usize = 8;
    let full = done.min(total) * CELLS / total.max(1);
    format!("{}{}", skin.full().repeat(full), skin.open().repeat(CELLS - full))
}

/// What is under way stands at the right edge of the last line, where there is room.
fn append_busy(lines: &mut [Line], words: &str, room: usize, skin: Skin) {
    let Some(last) = lines.last_mut() else {
        return;
    };
    let words = skin.ink(words).into_owned();
    let free = (room + 2).saturating_sub(fit::width_of(last));
    if free >= fit::width(&words) + 2 {
        let gap = free - fit::width(&words);
        last.push(skin.span(&format!("{}{words}", " ".repeat(gap)), Role::Muted));
    }
}

pub(super) fn bottom(app: &App, paint: &mut Paint, areas: &Areas) {
    let lines = message_lines(app, areas.message.width);
    for (row, line) in (0..).zip(lines) {
        paint.spans(layout::inset(layout::line(areas.message, row), 1, 1), line);
    }
    paint.rule(areas.bottom_rule);
    for (x, width, hint) in layout::footer_places(app, areas.footer.width) {
        let spans = vec![
            paint.span(&hint.sign, Role::Strong),
            paint.span(" ", Role::Plain),
            paint.span(hint.label, Role::Muted),
        ];
        paint.spans(Rect { x, width, ..areas.footer }, spans);
    }
    if app.size_class() >= Size::Regular && !app.database.is_empty() {
        database(app, paint, areas.footer);
    }
}

/// Which database this is, where the keys leave room.
fn database(app: &App, paint: &mut Paint, area: Rect) {
    let used = layout::footer_places(app, area.width).last().map_or(0, |(x, width, _)| x + width);
    let wide = fit::cells(fit::width(&app.database));
    if used + wide + 4 <= area.width {
        let place = Rect { x: area.width - wide - 1, width: wide, ..area };
        paint.text(place, &app.database, Role::Muted);
    }
}
