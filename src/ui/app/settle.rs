//! After every message: the selection exists, and it is on screen.

use super::{App, DashId, Overlay, Screen};
use crate::domain::enrollment::Status;
use crate::domain::ids::EnrollmentId;
use crate::domain::views::CourseView;
use crate::ui::{layout, palette};

impl App {
    pub(super) fn settle(&mut self) {
        self.list.selected = self.list.selected.min(self.hits().saturating_sub(1));
        self.settle_dash();
        let areas = layout::areas(self);
        let rows = usize::from(layout::programs(self, areas.body).list.height);
        self.list.first = follow(self.list.first, self.list.selected, self.hits(), |_| rows);
        let dash = layout::dash(self, areas.body);
        let place = self.dash_place().unwrap_or(0);
        self.dash.first = follow(self.dash.first, place, dash.heights.len(), |first| dash.fits(first));
        self.settle_program(areas.body);
        self.settle_comparison(areas.body);
        self.settle_scrolls(areas.body);
        self.settle_palette();
        self.settle_review();
        self.settle_player();
    }

    fn settle_dash(&mut self) {
        let items = self.dash_items();
        let selected = self.dash.selected.filter(|id| items.iter().any(|item| item.id == *id));
        self.dash.selected =
            selected.or_else(|| self.last_used().map(DashId::Course)).or_else(|| items.first().map(|i| i.id));
    }

    fn settle_program(&mut self, body: ratatui::layout::Rect) {
        let Some(Screen::Program { id, focus, first }) = self.stack.last() else {
            return;
        };
        let (id, focus, first) = (*id, *focus, *first);
        let count = self.program(id).map_or(1, |view| view.offers.len().max(1));
        let focus = focus.min(count - 1);
        let cards = layout::program(self, id, body).cards;
        let first = follow(first, focus, count, |first| cards.fits(first));
        if let Some(screen) = self.stack.last_mut() {
            *screen = Screen::Program { id, focus, first };
        }
    }

    fn settle_comparison(&mut self, body: ratatui::layout::Rect) {
        let Some(screen) = self.compare_screen() else {
            return;
        };
        let Some(comparison) = self.comparison(screen) else {
            return;
        };
        let count = comparison.columns.len();
        let focus = screen.focus.min(count.saturating_sub(1));
        let fits = layout::columns_that_fit(body, count);
        let first = follow(screen.first, focus, count, |_| fits);
        let last = layout::compare(self, screen, &comparison, body).last_scroll();
        let scroll = screen.scroll.min(last);
        if let Some(screen) = self.compare_screen_mut() {
            (screen.focus, screen.first, screen.scroll) = (focus, first, scroll);
        }
    }

    fn settle_scrolls(&mut self, body: ratatui::layout::Rect) {
        let most = layout::scroll_room(self, &self.overlays, body);
        if let Some(Overlay::Help { scroll, .. } | Overlay::Messages { scroll }) = self.overlays.last_mut() {
            *scroll = (*scroll).min(most);
        } else if let Some(Screen::Course { scroll, .. }) = self.stack.last_mut() {
            *scroll = (*scroll).min(most);
        } else if let Some(Screen::Reviews(reviews)) = self.stack.last_mut() {
            reviews.scroll = reviews.scroll.min(most);
        } else if let Some(Screen::Statement(screen)) = self.stack.last_mut() {
            screen.scroll = screen.scroll.min(most);
        }
    }

    fn settle_palette(&mut self) {
        if matches!(self.overlays.last(), Some(Overlay::Palette(_))) {
            let last = palette::entries(self).len().saturating_sub(1);
            if let Some(palette) = self.palette_mut() {
                palette.selected = palette.selected.min(last);
            }
        }
    }

    /// The live enrollment that was opened last; else the newest live one.
    pub(super) fn last_used(&self) -> Option<EnrollmentId> {
        let live = |course: &&CourseView| course.enrollment.status == Status::Active;
        let newest_first = self.courses.all().iter().filter(live);
        let opened = newest_first
            .clone()
            .filter(|course| course.enrollment.last_accessed_at.is_some())
            .max_by_key(|course| course.enrollment.last_accessed_at);
        opened.or_else(|| newest_first.clone().next()).map(|course| course.enrollment.id)
    }
}

/// The first item to show, so that `selected` is on screen and nothing jumps needlessly.
/// `fits` tells how many items fit when the list starts at one of them.
fn follow(first: usize, selected: usize, count: usize, fits: impl Fn(usize) -> usize) -> usize {
    let mut first = first.min(selected).min(count.saturating_sub(1));
    while first < selected && first + fits(first).max(1) <= selected {
        first += 1;
    }
    // Never leave empty room at the end while something is hidden above.
    while first > 0 && first - 1 + fits(first - 1) >= count {
        first -= 1;
    }
    first
}

#[cfg(test)]
mod tests {
    use super::follow;

    #[test]
    fn follows_the_selection_without_jumping() {
        let fits = |_| 5;
        assert_eq!(follow(0, 4, 20, fits), 0);
        assert_eq!(follow(0, 5, 20, fits), 1);
        assert_eq!(follow(10, 12, 20, fits), 10);
        assert_eq!(follow(10, 3, 20, fits), 3);
        assert_eq!(follow(18, 19, 20, fits), 15);
        assert_eq!(follow(3, 0, 0, fits), 0);
    }
}
