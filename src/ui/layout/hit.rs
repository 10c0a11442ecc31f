//! What stands where somebody clicks.

use super::{
    Size, areas, away_rows, compare, dash, dates, filter_rows, fits_questions, footer_places, inside, line,
    overlay, palette_rows, picker_first, picker_rows, player, program, programs, review, switch,
};
use crate::domain::review::Rating;
use crate::ui::app::{App, DashId, Overlay, Screen};
use crate::ui::keymap::{self, Action};
use crate::ui::{palette, view};
use chrono::NaiveDate;
use ratatui::layout::{Position, Rect};

/// What can be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A tab, or a key of the footer.
    Action(Action),
    /// A row of tab 1.
    Program(usize),
    /// A partner's card.
    Offer(usize),
    /// A partner's column.
    Column(usize),
    /// A partner to switch to.
    Partner(usize),
    /// A question about what the student needs.
    Question(usize),
    /// A card or line of tab 2.
    Course(DashId),
    /// A day of the month.
    Day(NaiveDate),
    /// A start of the day in focus.
    Start(usize),
    /// A row of the filters.
    Filter(usize),
    /// A way out where a course does not open.
    Way(usize),
    /// A star of one's own review.
    Star(Rating),
    /// The text of one's own review.
    ReviewText,
    /// A row of the student switcher.
    Student(usize),
    /// A row of the list of actions.
    Entry(usize),
    /// A lesson, in the outline of its course.
    Lesson(usize),
    /// An option of a quiz.
    Choice(usize),
    /// What follows at the end of a lesson.
    NextStep,
    /// A link in the text of a lesson.
    Link(usize),
    /// A row of the links of a lesson.
    LinkRow(usize),
}

/// What is at a cell.
pub fn hit(app: &App, column: u16, row: u16) -> Option<Hit> {
    let at = Position::new(column, row);
    let areas = areas(app);
    if app.size_class() == Size::TooSmall {
        return None;
    }
    if areas.footer.contains(at) {
        let hints = footer_places(app, areas.footer.width);
        return hints
            .into_iter()
            .find(|(x, width, _)| (*x..x + width).contains(&column))
            .filter(|(.., hint)| hint.action != Action::Move)
            .map(|(.., hint)| Hit::Action(hint.action));
    }
    if let Some(area) = overlay(app) {
        return match app.overlays.last()? {
            Overlay::Filter(filter) => {
                let rows = filter_rows(area);
                let first = picker_first(filter.selected, rows);
                let index = rows.contains(at).then(|| usize::from(row - rows.y) + first)?;
                (index < filter.wishes().len()).then_some(Hit::Filter(index))
            }
            Overlay::Fits(_) => {
                let rows = fits_questions(area);
                rows.contains(at).then(|| Hit::Question(usize::from(row - rows.y)))
            }
            Overlay::Picker(picker) => {
                let rows = picker_rows(area);
                let first = picker_first(picker.selected, rows);
                let index = rows.contains(at).then(|| usize::from(row - rows.y) + first)?;
                (index < picker.rows()).then_some(Hit::Student(index))
            }
            Overlay::Away(away) => {
                let rows = away_rows(app, area);
                let first = picker_first(away.selected, rows);
                rows.contains(at).then(|| Hit::Way(usize::from(row - rows.y) + first))
            }
            Overlay::Review(_) => {
                let parts = review(area);
                if parts.text.contains(at) {
                    return Some(Hit::ReviewText);
                }
                let star = parts.stars.contains(at).then(|| i64::from(column - parts.stars.x) + 1)?;
                Rating::new(star).map(Hit::Star)
            }
            Overlay::Palette(palette) => {
                let rows = palette_rows(area);
                let first = picker_first(palette.selected, rows);
                let index = rows.contains(at).then(|| usize::from(row - rows.y) + first)?;
                (index < palette::entries(app).len()).then_some(Hit::Entry(index))
            }
            Overlay::Links(links) => player::link_row(app, area, links.selected, at),
            Overlay::Help { .. } if line(inside(area), 0).contains(at) => {
                keymap::label(app, Action::Search).map(|_| Hit::Action(Action::Search))
            }
            _ => None,
        };
    }
    if areas.header.contains(at) {
        let tab = view::tabs(app).into_iter().find(|tab| (tab.x..tab.x + tab.width).contains(&column))?;
        return keymap::label(app, tab.action).map(|_| Hit::Action(tab.action));
    }
    on_screen(app, areas.body, at)
}

/// What of the screen is at a cell.
fn on_screen(app: &App, body: Rect, at: Position) -> Option<Hit> {
    let row = at.y;
    match app.screen() {
        Screen::Programs => {
            let parts = programs(app, body);
            if parts.search.contains(at) {
                return keymap::label(app, Action::Search).map(|_| Hit::Action(Action::Search));
            }
            let index = parts.list.contains(at).then(|| usize::from(row - parts.list.y) + app.list.first)?;
            (index < app.hits()).then_some(Hit::Program(index))
        }
        Screen::Program { id, first, .. } => {
            let cards = program(app, *id, body).cards;
            let place = cards.places(*first).into_iter().find(|(_, place)| place.contains(at))?;
            Some(Hit::Offer(place.0))
        }
        Screen::Compare(screen) => {
            let comparison = app.comparison(screen)?;
            let columns = compare(app, screen, &comparison, body).columns;
            columns.into_iter().find(|(_, area)| area.contains(at)).map(|(place, _)| Hit::Column(place))
        }
        Screen::Courses => {
            let items = app.dash_items();
            let place =
                dash(app, body).places(app.dash.first).into_iter().find(|(_, place)| place.contains(at))?;
            items.get(place.0).map(|item| Hit::Course(item.id))
        }
        Screen::Player(player) => player::hit(app, player, body, at),
        Screen::Dates { .. } => dates::hit(app, body, at),
        Screen::Switch(screen) => {
            let parts = switch(app, screen, body);
            let place = parts.list.contains(at).then(|| usize::from(row - parts.list.y) + parts.first)?;
            (place < app.switch_offers(screen).len()).then_some(Hit::Partner(place))
        }
        Screen::Course { .. }
        | Screen::Reviews(_)
        | Screen::Checkout { .. }
        | Screen::Pay { .. }
        | Screen::Reports
        | Screen::Statement(_) => None,
    }
}
