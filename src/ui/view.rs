//! The model as a picture. Nothing in here changes anything.

mod chrome;
mod compare;
mod course;
mod courses;
mod dates;
mod filter;
mod money;
mod overlays;
mod paint;
mod player;
mod program;
mod programs;
mod reports;
mod reviews;
mod switch;
mod waiting;

pub(super) use chrome::{message_lines, tabs};
pub(super) use course::course_lines;
pub(super) use overlays::{away_lines, confirm_is_long, help_lines, link_parts, overlay_lines};
pub(super) use player::{QuizLine, lesson_foot, lesson_head, quiz_lines};
pub(super) use program::program_intro;
pub(super) use reports::statement_lines;
pub(super) use reviews::review_lines;
pub(super) use switch::decision as switch_decision;

use crate::domain::failure::Failure;
use crate::domain::time::Instant;
use crate::ui::app::{App, Screen};
use crate::ui::layout::{self, Size};
use crate::ui::text;
use crate::ui::theme::Role;
use paint::Paint;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

/// A line that was put together before it is known where it goes.
pub(super) type Line = Vec<Span<'static>>;

/// Draws everything.
pub(super) fn draw(app: &App, frame: &mut Frame) {
    let mut paint = Paint { skin: app.skin, buf: frame.buffer_mut(), cursor: None };
    if app.size_class() == Size::TooSmall {
        too_small(app, &mut paint);
    } else {
        screen(app, &mut paint);
    }
    if let Some(position) = paint.cursor {
        frame.set_cursor_position(position);
    }
}

fn too_small(app: &App, paint: &mut Paint) {
    let (width, height) = app.size;
    let words = text::too_small(width, height, (layout::MIN_WIDTH, layout::MIN_HEIGHT), &app.keymap);
    paint.paragraph(Rect::new(0, 0, width, height), &words, Role::Plain);
}

fn screen(app: &App, paint: &mut Paint) {
    let areas = layout::areas(app);
    chrome::header(app, paint, &areas);
    match app.screen() {
        Screen::Programs => programs::draw(app, paint, areas.body),
        Screen::Program { id, focus, first } => {
            program::draw(app, paint, areas.body, *id, *focus, *first);
        }
        Screen::Dates { program, .. } => dates::draw(app, paint, areas.body, *program),
        Screen::Compare(screen) => compare::draw(app, paint, areas.body, screen),
        Screen::Courses => courses::draw(app, paint, areas.body),
        Screen::Reviews(reviews) => reviews::draw(app, paint, areas.body, reviews),
        Screen::Checkout { program, .. } => money::checkout(app, paint, areas.body, *program),
        Screen::Pay { id } => money::wait(app, paint, areas.body, *id),
        Screen::Switch(screen) => switch::draw(app, paint, areas.body, screen),
        Screen::Player(player) => player::draw(app, paint, areas.body, player),
        Screen::Reports => reports::draw(app, paint, areas.body),
        Screen::Statement(screen) => reports::draw_statement(app, paint, areas.body, screen),
        Screen::Course { id, scroll, .. } => course::draw(app, paint, areas.body, *id, *scroll),
    }
    chrome::bottom(app, paint, &areas);
    overlays::draw(app, paint);
}

/// Nothing lies over the screen: its element in focus may carry the accent.
fn in_focus(app: &App) -> bool {
    app.overlays.is_empty()
}

/// What stands where a list would be: reading, or why it can't be read.
fn instead_of_list(
    app: &App,
    failure: Option<&Failure>,
    retry_at: Option<Instant>,
    reading: &str,
) -> Vec<(String, Role)> {
    match failure {
        Some(failure) => vec![(failure_words(app, failure, retry_at), Role::Bad)],
        None => vec![(format!("{} {reading}", app.skin.spinner(app.ticks)), Role::Muted)],
    }
}

/// A failed read, with its countdown.
fn failure_words(app: &App, failure: &Failure, retry_at: Option<Instant>) -> String {
    match retry_at {
        Some(at) => {
            let left = (at - app.now).num_milliseconds().max(0);
            text::database_down((left + 999) / 1_000, &app.keymap)
        }
        None => text::read_failed(&failure.message, &app.keymap),
    }
}
