//! The player of a course taught here.

mod completed;
mod links;
mod outline;
mod quiz;

pub(super) use links::draw as draw_links;
pub(in crate::ui) use quiz::{QuizLine, lines as quiz_lines};

use super::paint::Paint;
use super::{Line, in_focus};
use crate::ui::app::{App, Mode, Player};
use crate::ui::fit;
use crate::ui::layout::{self, PlayerAreas};
use crate::ui::page::Marks;
use crate::ui::text;
use crate::ui::theme::{Role, Skin};
use ratatui::layout::{Position, Rect};

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect, player: &Player) {
    let parts = layout::player(app, body);
    if player.opened.is_none() {
        // The line above the footer says what is waited for.
        return;
    }
    if !parts.outline.is_empty() {
        outline::draw(app, paint, parts.outline, player);
    }
    if !parts.divider.is_empty() {
        paint.fill(parts.divider, paint.skin.divider(), paint.skin.style(Role::Muted));
    }
    let beside = !parts.divider.is_empty();
    match &player.mode {
        Mode::Outline { .. } if !beside => {}
        Mode::Reading | Mode::Outline { .. } => reading(app, paint, &parts, player),
        Mode::Quiz(quiz) => quiz::draw(app, paint, &parts, player, quiz),
        Mode::Completed => completed::draw(app, paint, parts.text, player),
    }
}

/// The lines of the lesson that are in sight.
fn reading(app: &App, paint: &mut Paint, parts: &PlayerAreas, player: &Player) {
    let area = parts.text;
    let (head, foot) = (lesson_head(app, player, area.width), lesson_foot(app, player, area.width));
    let (above, text) = (head.len(), player.page.height());
    // The last lines say what Enter does.
    let acts = foot.len().saturating_sub(1);
    let (first, last) = (player.top, player.top + usize::from(area.height));
    let window = first.saturating_sub(above).min(text)..last.saturating_sub(above).min(text);
    let marks = Marks { hits: &player.finding.hits, current: Some(player.finding.current) };
    let body = player.page.lines(window, paint.skin, marks).into_iter().map(|line| line.spans);
    let foot_first = first.saturating_sub(above + text);
    let lines = head.into_iter().skip(first).chain(body).chain(foot.into_iter().skip(foot_first));
    let mut used = 0;
    for (row, line) in (0..area.height).zip(lines) {
        paint.spans(layout::line(area, row), line);
        used = row + 1;
    }
    if matches!(player.mode, Mode::Reading) && in_focus(app) {
        let rows = usize::from(used.min(area.height));
        let acts = app.at_lesson_end().then_some(acts);
        let row = acts.map_or(0, |acts| rows.saturating_sub(acts));
        paint.cursor = Some(Position::new(area.x, area.y + fit::cells(row)));
    }
    status(app, paint, parts.status, player);
}

/// The title, the facts and what one can do afterwards: above the text, and scrolled away with it.
pub(in crate::ui) fn lesson_head(app: &App, player: &Player, width: u16) -> Vec<Line> {
    let mut out = Vec::new();
    let (Some(outline), Some(number), Some(lesson)) = (player.outline(), player.number(), player.lesson())
    else {
        return out;
    };
    paragraph(app.skin, lesson.title.as_str(), width, Role::Strong, &mut out);
    paragraph(app.skin, &text::lesson_facts(outline, number), width, Role::Muted, &mut out);
    if !lesson.objectives.is_empty() {
        out.push(Vec::new());
        paragraph(app.skin, text::AFTERWARDS, width, Role::Muted, &mut out);
        for objective in &lesson.objectives {
            hanging(app.skin, ("– ", Role::Muted), (objective.as_str(), Role::Plain), width, &mut out);
        }
    }
    out.push(Vec::new());
    out
}

/// What follows at the end of the text.
pub(in crate::ui) fn lesson_foot(app: &App, player: &Player, width: u16) -> Vec<Line> {
    let mut out = vec![Vec::new()];
    if let Some(words) = text::next_step(player, &app.keymap, app.now) {
        let bar = format!("{} ", app.skin.marker());
        hanging(app.skin, (&bar, Role::Accent), (&words, Role::Accent), width, &mut out);
    }
    out
}

/// Where one is, or what is searched for; how far at the right edge.
fn status(app: &App, paint: &mut Paint, area: Rect, player: &Player) {
    let rows = layout::lesson_rows(app);
    let all = rows.head + rows.text + rows.foot;
    let seen = (player.top + usize::from(layout::player(app, layout::areas(app).body).text.height)).min(all);
    let percent = (seen * 100).checked_div(all).unwrap_or(100);
    let right = vec![paint.span(&format!("{percent}%"), Role::Muted)];
    let finding = &player.finding;
    if finding.typing {
        let (before, after) = (2, if finding.field.is_empty() { 0 } else { 30.min(area.width / 2) });
        let field = layout::inset(area, before, after);
        paint.text(area, "/ ", Role::Accent);
        let (words, at) = finding.field.visible(usize::from(field.width));
        if finding.field.is_empty() {
            paint.text(field, text::SEARCH_LESSON, Role::Muted);
        } else {
            paint.text(field, &words, Role::Plain);
            let words = match finding.hits.len() {
                0 => text::NOT_FOUND.to_owned(),
                count => format!("{} of {count}", finding.current + 1),
            };
            let right =
                vec![paint.span(&words, if finding.hits.is_empty() { Role::Warn } else { Role::Muted })];
            paint.row(Rect { x: field.right(), width: after, ..area }, Vec::new(), right);
        }
        if in_focus(app) {
            paint.cursor = Some(Position::new(field.x + at, field.y));
        }
        return;
    }
    let left = if finding.is_active() {
        let words = text::found(finding.field.text(), finding.current, finding.hits.len());
        vec![paint.span(&words, Role::Warn)]
    } else {
        let title = player.lesson().map(|lesson| lesson.title.as_str()).unwrap_or_default();
        // The title stands above the text already while its beginning is in sight.
        vec![paint.span(if player.top > 0 { title } else { "" }, Role::Muted)]
    };
    paint.row(area, left, right);
}

/// A text over several lines.
fn paragraph(skin: Skin, words: &str, width: u16, role: Role, out: &mut Vec<Line>) {
    let ink = skin.ink(words).into_owned();
    let lines = fit::wrap(&ink, usize::from(width), usize::MAX, skin.ellipsis());
    out.extend(lines.into_iter().map(|line| vec![skin.span(&line, role)]));
}

/// A text after a sign; its further lines begin under its first word.
fn hanging(skin: Skin, sign: (&str, Role), words: (&str, Role), width: u16, out: &mut Vec<Line>) {
    let before = skin.ink(sign.0).into_owned();
    let indent = fit::width(&before);
    let ink = skin.ink(words.0).into_owned();
    let room = usize::from(width).saturating_sub(indent).max(1);
    for (row, line) in fit::wrap(&ink, room, usize::MAX, skin.ellipsis()).into_iter().enumerate() {
        let first = if row == 0 { before.clone() } else { " ".repeat(indent) };
        out.push(vec![skin.span(&first, sign.1), skin.span(&line, words.1)]);
    }
}
