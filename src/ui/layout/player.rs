//! Where things are in the player of a course taught here.

use super::{Hit, Size, areas, below, inset, inside, line, picker_first, top};
use crate::ui::app::{App, Mode, Player};
use crate::ui::fit;
use crate::ui::view;
use ratatui::layout::{Position, Rect};

/// The widest lines of a lesson: longer ones are hard to read.
const MEASURE: u16 = 80;
/// How wide the lessons are beside the text.
const SIDE: u16 = 36;
/// How many rows say more of the chosen lesson.
const TOLD: u16 = 4;

/// The parts of the player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlayerAreas {
    /// The lessons; empty where the text has all the room.
    pub outline: Rect,
    /// The line between lessons and text; empty where they are not side by side.
    pub divider: Rect,
    /// The text, the quiz or the certificate.
    pub text: Rect,
    /// Where one is, and how far.
    pub status: Rect,
}

/// Divides the player: the lessons beside the text where there is room, else in its place.
pub fn player(app: &App, body: Rect) -> PlayerAreas {
    let none = Rect { width: 0, height: 0, ..body };
    let air = u16::from(body.height >= 14);
    let edge = if app.size.0 >= 60 { 2 } else { 1 };
    let beside = app.size_class() == Size::Wide;
    let side = if beside { SIDE } else { 0 };
    let room = if beside { inset(body, side + 3, 2) } else { inset(body, edge, edge) };
    let measured = Rect { width: room.width.min(MEASURE), ..room };
    let rows = measured.height.saturating_sub(1 + air);
    let text = Rect { y: measured.y + air, height: rows, ..measured };
    let status = line(measured, measured.height.saturating_sub(1));
    let in_place = app.player().is_some_and(|player| matches!(player.mode, Mode::Outline { .. }));
    let (outline, divider) = if beside {
        (Rect { width: side, ..below(body, air) }, Rect { x: body.x + side, width: 1, ..body })
    } else if in_place {
        (below(inset(body, edge - 1, edge), air), none)
    } else {
        (none, none)
    };
    PlayerAreas { outline, divider, text, status }
}

/// How many lines a lesson has, above its text, in it and below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LessonRows {
    /// What it is about.
    pub head: usize,
    /// Its text.
    pub text: usize,
    /// What follows.
    pub foot: usize,
}

/// The lines of the lesson on screen, as they were counted last.
pub fn lesson_rows(app: &App) -> LessonRows {
    app.player().map(|player| player.rows).unwrap_or_default()
}

/// Counts the lines of the lesson on screen.
pub fn measured_lesson(app: &App) -> LessonRows {
    let Some(player) = app.player() else {
        return LessonRows::default();
    };
    let width = player_text(app).width;
    LessonRows {
        head: view::lesson_head(app, player, width).len(),
        text: player.page.height(),
        foot: view::lesson_foot(app, player, width).len(),
    }
}

fn player_text(app: &App) -> Rect {
    player(app, areas(app).body).text
}

/// How many lines of the lesson are hidden.
pub fn lesson_scroll_room(app: &App) -> usize {
    let rows = lesson_rows(app);
    (rows.head + rows.text + rows.foot).saturating_sub(usize::from(player_text(app).height))
}

/// How many lines are hidden of what is looked at.
pub fn player_scroll_room(app: &App) -> usize {
    let Some(player) = app.player() else {
        return 0;
    };
    match player.mode {
        Mode::Reading => lesson_scroll_room(app),
        Mode::Quiz(_) => {
            let area = player_text(app);
            view::quiz_lines(app, player, area.width).len().saturating_sub(usize::from(area.height))
        }
        Mode::Outline { .. } | Mode::Completed => 0,
    }
}

/// The first and the last line of the option in focus.
pub fn quiz_focus(app: &App) -> (usize, usize) {
    let Some((player, quiz)) = app.player().and_then(|player| Some((player, player.quiz()?))) else {
        return (0, 0);
    };
    let lines = view::quiz_lines(app, player, player_text(app).width);
    let mine = |line: &view::QuizLine| line.choice == Some(quiz.focus.unwrap_or(0));
    let first = lines.iter().position(mine).unwrap_or(0);
    (first, lines.iter().rposition(mine).unwrap_or(first))
}

/// The lessons and, under them, what is said of the chosen one.
pub fn outline_parts(outline: Rect, count: usize) -> (Rect, Rect) {
    let told = if outline.height >= 12 { TOLD } else { 2.min(outline.height / 3) };
    let rows = outline.height.saturating_sub(told).min(fit::cells(count));
    (top(outline, rows), below(outline, rows))
}

/// The first lesson that is shown, so that `selected` is.
pub fn outline_first(selected: usize, count: usize, rows: u16) -> usize {
    let rows = usize::from(rows).max(1);
    // The chosen one stands in the middle, where there is something on both sides.
    selected.saturating_sub(rows / 2).min(count.saturating_sub(rows))
}

/// The rows of the links of a lesson.
pub fn links_rows(area: Rect) -> Rect {
    let inner = inside(area);
    top(inner, inner.height.saturating_sub(2))
}

/// What is at a cell of the player.
pub(super) fn hit(app: &App, player: &Player, body: Rect, at: Position) -> Option<Hit> {
    let parts = self::player(app, body);
    let outline = player.outline()?;
    if parts.outline.contains(at) {
        let (rows, _) = outline_parts(parts.outline, outline.lessons.len());
        let selected = match player.mode {
            Mode::Outline { selected } => selected,
            _ => player.number()?,
        };
        let first = outline_first(selected, outline.lessons.len(), rows.height);
        let number = rows.contains(at).then(|| first + usize::from(at.y - rows.y))?;
        return (number < outline.lessons.len()).then_some(Hit::Lesson(number));
    }
    let row = parts.text.contains(at).then(|| usize::from(at.y - parts.text.y))?;
    match &player.mode {
        Mode::Reading => {
            let rows = lesson_rows(app);
            let line = player.top + row;
            if line >= rows.head + rows.text {
                return (line < rows.head + rows.text + rows.foot && app.at_lesson_end())
                    .then_some(Hit::NextStep);
            }
            let column = usize::from(at.x - parts.text.x);
            player.page.link_at(line.checked_sub(rows.head)?, column).map(Hit::Link)
        }
        Mode::Quiz(quiz) => {
            let lines = view::quiz_lines(app, player, parts.text.width);
            lines.get(quiz.scroll + row)?.choice.map(Hit::Choice)
        }
        Mode::Outline { .. } | Mode::Completed => None,
    }
}

/// The row of the links at a cell.
pub(super) fn link_row(app: &App, area: Rect, selected: usize, at: Position) -> Option<Hit> {
    let rows = links_rows(area);
    let row = rows.contains(at).then(|| usize::from(at.y - rows.y) + picker_first(selected, rows))?;
    (row < app.lesson_links().len()).then_some(Hit::LinkRow(row))
}

/// How high the box of the links is.
pub(super) fn links_height(app: &App) -> u16 {
    fit::cells(app.lesson_links().len()) + 4
}
